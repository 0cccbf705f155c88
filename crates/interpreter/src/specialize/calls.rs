//! Specializing `CALL` by what is called.

use bytecode::code_flags::{CO_OPTIMIZED, CO_VARARGS, CO_VARKEYWORDS};
use bytecode::instruction::Opcode;
use objects::descriptors::BoundMethod;
use objects::refs::{Object, cast};
use objects::thread::Thread;

use super::{give_up, specialize, write_u32};
use crate::code::CodeUnitPointer;
use crate::function::Function;
use crate::stack_ref::StackRef;

/// Specializes a call with `count` arguments besides the receiver.
#[inline(never)]
pub(crate) fn call(
    caches: CodeUnitPointer,
    callable: &Object,
    receiver: StackRef,
    count: usize,
    _: &mut Thread,
) -> bool {
    if let Some(function) = callable.downcast_exact::<Function>() {
        let total = count + usize::from(!receiver.is_null());
        return python_function(caches, function, total, Opcode::CallPyExactArgs);
    }
    if let Some(method) = callable.downcast_exact::<BoundMethod>()
        && receiver.is_null()
    {
        let function = method.function();
        if function.is_exactly::<Function>() {
            // SAFETY: its type has just been checked.
            return python_function(caches, unsafe { cast(&function) }, count + 1, Opcode::CallBoundMethodExactArgs);
        }
    }
    give_up(caches)
}

fn python_function(caches: CodeUnitPointer, function: &Function, total: usize, opcode: Opcode) -> bool {
    let code = function.code();
    let simple = code.has_flag(CO_OPTIMIZED)
        && !code.has_flag(CO_VARARGS | CO_VARKEYWORDS)
        && code.keyword_only_count() == 0
        && code.argument_count() == total;
    if !simple || function.version() == 0 || !function.is_plain() {
        return give_up(caches);
    }
    write_u32(caches, 1, function.version());
    specialize(caches, opcode)
}
