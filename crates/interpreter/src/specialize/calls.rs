//! Specializing `CALL` by what is called.
//!
//! The caches: counter, function version (2).

use bytecode::code_flags::{CO_OPTIMIZED, CO_VARARGS, CO_VARKEYWORDS};
use bytecode::instruction::Opcode;
use layout::{METH_FASTCALL, METH_KEYWORDS, METH_NOARGS, METH_O};
use objects::descriptors::{BoundMethod, BuiltinFunction, MethodDescriptor};
use objects::names;
use objects::refs::{Object, cast};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

use super::{give_up, specialize, write_u32};
use crate::code::CodeUnitPointer;
use crate::function::Function;
use crate::stack_ref::StackRef;

/// Bits of a definition's flags that say how it is called.
const CONVENTION: i32 =
    layout::METH_VARARGS | METH_FASTCALL | METH_NOARGS | METH_O | METH_KEYWORDS | layout::METH_METHOD;

/// Specializes a call with `count` arguments besides the receiver.
#[inline(never)]
pub(crate) fn call(caches: CodeUnitPointer, callable: &Object, receiver: StackRef, count: usize, thread: &mut Thread) {
    let total = count + usize::from(!receiver.is_null());
    let opcode = if let Some(function) = callable.downcast_exact::<Function>() {
        python_function(caches, function, total, [Opcode::CallPyExactArgs, Opcode::CallPyGeneral])
    } else if let Some(method) = callable.downcast_exact::<BoundMethod>() {
        bound_method(caches, method, receiver, count)
    } else if let Some(method) = callable.downcast_exact::<MethodDescriptor>() {
        method_descriptor(caches, method, count, total)
    } else if let Some(function) = callable.downcast_exact::<BuiltinFunction>() {
        builtin_function(caches, function, total)
    } else if let Some(class) = callable.downcast::<Type>() {
        class_call(caches, class, receiver, count, thread)
    } else {
        None
    };
    match opcode {
        Some(opcode) => specialize(caches, opcode),
        None => give_up(caches),
    }
}

/// True if a call with `total` arguments needs no binding: all are positional, and none has to be filled in.
#[inline]
pub(crate) fn is_simple(function: &Function, total: usize) -> bool {
    // SAFETY: nothing sets the function's code meanwhile.
    let code = unsafe { function.borrow_code() };
    code.has_flag(CO_OPTIMIZED)
        && !code.has_flag(CO_VARARGS | CO_VARKEYWORDS)
        && code.keyword_only_count() == 0
        && code.argument_count() == total
        && function.is_plain()
}

/// The first opcode if no argument has to be bound, else the second.
fn python_function(
    caches: CodeUnitPointer,
    function: &Function,
    total: usize,
    [exact, general]: [Opcode; 2],
) -> Option<Opcode> {
    if function.version() == 0 {
        return None;
    }
    write_u32(caches, 1, function.version());
    Some(if is_simple(function, total) { exact } else { general })
}

fn bound_method(caches: CodeUnitPointer, method: &BoundMethod, receiver: StackRef, count: usize) -> Option<Opcode> {
    let function = method.function();
    if !receiver.is_null() || !function.is_exactly::<Function>() {
        return None;
    }
    // SAFETY: its type has just been checked.
    let function: &Function = unsafe { cast(&function) };
    let opcodes = [Opcode::CallBoundMethodExactArgs, Opcode::CallBoundMethodGeneral];
    python_function(caches, function, count + 1, opcodes)
}

/// `total` arguments with the receiver, `count` of them written after the method's name.
fn method_descriptor(caches: CodeUnitPointer, method: &MethodDescriptor, count: usize, total: usize) -> Option<Opcode> {
    let definition = method.definition();
    if is_list_append(method) && count == 1 && total == 2 {
        write_u32(caches, 1, definition_tag(definition));
        return Some(Opcode::CallListAppend);
    }
    match definition.ml_flags & CONVENTION {
        METH_NOARGS if total == 1 => Some(Opcode::CallMethodDescriptorNoargs),
        METH_O if total == 2 => Some(Opcode::CallMethodDescriptorO),
        METH_FASTCALL => Some(Opcode::CallMethodDescriptorFast),
        flags if flags == METH_FASTCALL | METH_KEYWORDS => Some(Opcode::CallMethodDescriptorFastWithKeywords),
        _ => None,
    }
}

/// What the cache keeps of a definition to know it again: the half of its address that two definitions cannot share, unless they lie
/// exactly 4 GiB apart. Those that are compared with it are in the executable, which is smaller.
#[inline(always)]
pub(crate) fn definition_tag(definition: &layout::PyMethodDef) -> u32 {
    std::ptr::from_ref(definition) as usize as u32
}

/// True for `list.append` itself.
fn is_list_append(method: &MethodDescriptor) -> bool {
    std::ptr::eq(method.head().owner(), objects::list::List::class()) && method.head().name().equals_text("append")
}

fn builtin_function(caches: CodeUnitPointer, function: &BuiltinFunction, total: usize) -> Option<Opcode> {
    let definition = function.definition();
    let known = match definition.ml_flags & CONVENTION {
        METH_O if total == 1 && is_builtin(function, "len") => Some(Opcode::CallLen),
        METH_FASTCALL if total == 2 && is_builtin(function, "isinstance") => Some(Opcode::CallIsinstance),
        _ => None,
    };
    if known.is_some() {
        write_u32(caches, 1, definition_tag(definition));
        return known;
    }
    match definition.ml_flags & CONVENTION {
        METH_O if total == 1 => Some(Opcode::CallBuiltinO),
        METH_FASTCALL => Some(Opcode::CallBuiltinFast),
        flags if flags == METH_FASTCALL | METH_KEYWORDS => Some(Opcode::CallBuiltinFastWithKeywords),
        _ => None,
    }
}

/// True for the function of this name in the module `builtins`.
fn is_builtin(function: &BuiltinFunction, name: &str) -> bool {
    let in_builtins = function.receiver().is_some_and(|it| it.is_exactly::<objects::module::Module>());
    in_builtins && function.name_text() == name
}

/// Calling a class: its `__init__` in Python is entered without leaving the loop, where nothing else has to be done.
fn class_call(
    caches: CodeUnitPointer,
    class: &Type,
    receiver: StackRef,
    count: usize,
    thread: &mut Thread,
) -> Option<Opcode> {
    if !receiver.is_null() {
        return None;
    }
    if !class.is_heap_type() {
        return match count {
            1 if std::ptr::eq(class, Type::class()) => Some(Opcode::CallType1),
            1 if std::ptr::eq(class, objects::str::Str::class()) => Some(Opcode::CallStr1),
            1 if std::ptr::eq(class, objects::tuple::Tuple::class()) => Some(Opcode::CallTuple1),
            _ if class.slots().tp_vectorcall.get().is_some() => Some(Opcode::CallBuiltinClass),
            _ => None,
        };
    }
    if !std::ptr::eq(class.class(), Type::class()) || !objects::object::has_generic_new(class) {
        return None;
    }
    let init = class.lookup(&names::__init__, thread)?;
    let init = init.downcast_exact::<Function>()?;
    if init.version() == 0 || !is_simple(init, count + 1) || !class.assign_version(thread) {
        return None;
    }
    write_u32(caches, 1, class.slots().tp_version_tag.get());
    Some(Opcode::CallAllocAndEnterInit)
}
