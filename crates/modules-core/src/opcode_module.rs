//! `_opcode`: what `opcode` and `dis` ask about instructions. It reads the instruction table.

use bytecode::instruction::operands::{BinaryIntrinsic, BinaryOperator, SpecialMethod, UnaryIntrinsic};
use bytecode::instruction::{CompilerOpcode, InstructionFlags};
use interpreter::code::Code;
use macros::python_module;
use objects::bool::Bool;
use objects::errors::{PyResult, Raised};
use objects::list::List;
use objects::module::Module;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

pub struct OpcodeModule;

/// Opcode support module.
#[python_module(name = "_opcode")]
impl OpcodeModule {
    /// stack_effect($module, opcode, oparg=None, /, *, jump=None)
    /// --
    ///
    /// Compute the stack effect of the opcode.
    #[function]
    fn stack_effect(opcode: i32, oparg: Option<&Object>, jump: Option<&Object>, thread: &mut Thread) -> PyResult<i64> {
        let argument = match oparg.filter(|it| !it.is_none()) {
            Some(oparg) => protocol::index_as_isize(oparg, thread)? as i32,
            None => 0,
        };
        let jump = match jump.filter(|it| !it.is_none()) {
            None => None,
            Some(jump) if jump.is(Bool::get(true)) => Some(true),
            Some(jump) if jump.is(Bool::get(false)) => Some(false),
            Some(_) => return Err(raise!(thread, ValueError, "stack_effect: jump must be False, True or None")),
        };
        let Some(opcode) = find(opcode) else { return Err(raise_invalid(thread)) };
        let Ok(argument) = u32::try_from(if opcode.has_argument() { argument } else { 0 }) else {
            return Err(raise_invalid(thread));
        };
        let effect = match jump {
            Some(jump) => opcode.stack_effect(argument, jump),
            None => opcode.stack_effect(argument, false).max(opcode.stack_effect(argument, true)),
        };
        effect.ok_or_else(|| raise_invalid(thread))
    }

    /// is_valid($module, /, opcode)
    /// --
    ///
    /// Return True if opcode is valid, False otherwise.
    #[function]
    fn is_valid(opcode: i32) -> bool {
        find(opcode).is_some()
    }

    /// has_arg($module, /, opcode)
    /// --
    ///
    /// Return True if the opcode uses its oparg, False otherwise.
    #[function]
    fn has_arg(opcode: i32) -> bool {
        has_flag(opcode, InstructionFlags::ARG)
    }

    /// has_const($module, /, opcode)
    /// --
    ///
    /// Return True if the opcode accesses a constant, False otherwise.
    #[function]
    fn has_const(opcode: i32) -> bool {
        has_flag(opcode, InstructionFlags::CONST)
    }

    /// has_name($module, /, opcode)
    /// --
    ///
    /// Return True if the opcode accesses an attribute by name, False otherwise.
    #[function]
    fn has_name(opcode: i32) -> bool {
        has_flag(opcode, InstructionFlags::NAME)
    }

    /// has_jump($module, /, opcode)
    /// --
    ///
    /// Return True if the opcode has a jump target, False otherwise.
    #[function]
    fn has_jump(opcode: i32) -> bool {
        has_flag(opcode, InstructionFlags::JUMP)
    }

    /// has_free($module, /, opcode)
    /// --
    ///
    /// Return True if the opcode accesses a free variable, False otherwise.
    ///
    /// Note that 'free' in this context refers to names in the current scope
    /// that are referenced by inner scopes or names in outer scopes that are
    /// referenced from this scope. It does not include references to global
    /// or builtin scopes.
    #[function]
    fn has_free(opcode: i32) -> bool {
        has_flag(opcode, InstructionFlags::FREE)
    }

    /// has_local($module, /, opcode)
    /// --
    ///
    /// Return True if the opcode accesses a local variable, False otherwise.
    #[function]
    fn has_local(opcode: i32) -> bool {
        has_flag(opcode, InstructionFlags::LOCAL)
    }

    /// has_exc($module, /, opcode)
    /// --
    ///
    /// Return True if the opcode sets an exception handler, False otherwise.
    #[function]
    fn has_exc(opcode: i32) -> bool {
        find(opcode).is_some_and(CompilerOpcode::is_block_push)
    }

    /// get_specialization_stats($module, /)
    /// --
    ///
    /// Return the specialization stats
    #[function]
    fn get_specialization_stats(thread: &mut Thread) -> Py<Object> {
        // The reference counts them only in a build made for that.
        thread.none()
    }

    /// get_nb_ops($module, /)
    /// --
    ///
    /// Return array of symbols of binary ops.
    ///
    /// Indexed by the BINARY_OP oparg value.
    #[function]
    fn get_nb_ops(thread: &mut Thread) -> PyResult<Py<List>> {
        let rows = BinaryOperator::ALL.iter().map(|operator| {
            let pair = [number_slot_name(*operator), operator.symbol()];
            let pair = pair.map(|text| Str::from_str(text, thread).into_object());
            Tuple::new(pair.into(), thread).map(Py::into_object)
        });
        let rows = rows.collect::<PyResult<_>>()?;
        List::new(rows, thread)
    }

    /// get_intrinsic1_descs($module, /)
    /// --
    ///
    /// Return a list of names of the unary intrinsics.
    #[function]
    fn get_intrinsic1_descs(thread: &mut Thread) -> PyResult<Py<List>> {
        texts(UnaryIntrinsic::ALL.iter().map(|it| it.name()), thread)
    }

    /// get_intrinsic2_descs($module, /)
    /// --
    ///
    /// Return a list of names of the binary intrinsics.
    #[function]
    fn get_intrinsic2_descs(thread: &mut Thread) -> PyResult<Py<List>> {
        texts(BinaryIntrinsic::ALL.iter().map(|it| it.name()), thread)
    }

    /// get_special_method_names($module, /)
    /// --
    ///
    /// Return a list of special method names.
    #[function]
    fn get_special_method_names(thread: &mut Thread) -> PyResult<Py<List>> {
        texts(SpecialMethod::ALL.iter().map(|it| it.name()), thread)
    }

    /// get_executor($module, /, code, offset)
    /// --
    ///
    /// Return the executor object at offset in code if exists, None otherwise.
    #[function]
    fn get_executor(code: &Object, offset: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        let _ = offset;
        if code.downcast::<Code>().is_none() {
            let found = code.class().full_name();
            return Err(raise!(thread, TypeError, "expected a code object, not '{found}'"));
        }
        // Executors are the reference's own second tier; code here never has one.
        Err(raise!(thread, ValueError, "no executor at given byte offset"))
    }

    #[exec]
    fn fill(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let one = objects::int::Int::from_i64(1, thread);
        module.set("ENABLE_SPECIALIZATION", &one, thread)?;
        module.set("ENABLE_SPECIALIZATION_FT", &one, thread)
    }
}

fn find(opcode: i32) -> Option<CompilerOpcode> {
    u16::try_from(opcode).ok().and_then(CompilerOpcode::from_number)
}

fn has_flag(opcode: i32, flag: InstructionFlags) -> bool {
    find(opcode).is_some_and(|it| it.flags().contains(flag))
}

#[cold]
fn raise_invalid(thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "invalid opcode or oparg")
}

fn texts(names: impl Iterator<Item = &'static str>, thread: &mut Thread) -> PyResult<Py<List>> {
    let names = names.map(|name| Str::from_str(name, thread).into_object()).collect();
    List::new(names, thread)
}

/// The name that C's headers give the operator of `BINARY_OP`.
fn number_slot_name(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Add => "NB_ADD",
        BinaryOperator::And => "NB_AND",
        BinaryOperator::FloorDivide => "NB_FLOOR_DIVIDE",
        BinaryOperator::LeftShift => "NB_LSHIFT",
        BinaryOperator::MatrixMultiply => "NB_MATRIX_MULTIPLY",
        BinaryOperator::Multiply => "NB_MULTIPLY",
        BinaryOperator::Remainder => "NB_REMAINDER",
        BinaryOperator::Or => "NB_OR",
        BinaryOperator::Power => "NB_POWER",
        BinaryOperator::RightShift => "NB_RSHIFT",
        BinaryOperator::Subtract => "NB_SUBTRACT",
        BinaryOperator::TrueDivide => "NB_TRUE_DIVIDE",
        BinaryOperator::Xor => "NB_XOR",
        BinaryOperator::InplaceAdd => "NB_INPLACE_ADD",
        BinaryOperator::InplaceAnd => "NB_INPLACE_AND",
        BinaryOperator::InplaceFloorDivide => "NB_INPLACE_FLOOR_DIVIDE",
        BinaryOperator::InplaceLeftShift => "NB_INPLACE_LSHIFT",
        BinaryOperator::InplaceMatrixMultiply => "NB_INPLACE_MATRIX_MULTIPLY",
        BinaryOperator::InplaceMultiply => "NB_INPLACE_MULTIPLY",
        BinaryOperator::InplaceRemainder => "NB_INPLACE_REMAINDER",
        BinaryOperator::InplaceOr => "NB_INPLACE_OR",
        BinaryOperator::InplacePower => "NB_INPLACE_POWER",
        BinaryOperator::InplaceRightShift => "NB_INPLACE_RSHIFT",
        BinaryOperator::InplaceSubtract => "NB_INPLACE_SUBTRACT",
        BinaryOperator::InplaceTrueDivide => "NB_INPLACE_TRUE_DIVIDE",
        BinaryOperator::InplaceXor => "NB_INPLACE_XOR",
        BinaryOperator::Subscript => "NB_SUBSCR",
    }
}
