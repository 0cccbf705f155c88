//! Specializing `CALL` and `CALL_KW` by what is called.
//!
//! The caches: counter, function version (2). What is no Python function and has no instruction of its own has `CALL_NON_PY_GENERAL`; which these
//! are follows CPython's declarations of its functions ([`super::conventions`]), because `dis` shows it.

use bytecode::code_flags::{CO_OPTIMIZED, CO_VARARGS, CO_VARKEYWORDS};
use bytecode::instruction::Opcode;
use layout::{METH_FASTCALL, METH_KEYWORDS, METH_NOARGS, METH_O};
use objects::descriptors::{BoundMethod, BuiltinFunction, MethodDescriptor};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::module::Module;
use objects::names;
use objects::raise;
use objects::refs::{Object, Py, cast};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::conventions::{GENERAL, WITH_VECTORCALL};
use super::{give_up, specialize, write_u32};
use crate::code::CodeUnitPointer;
use crate::function::Function;
use crate::stack_ref::StackRef;

const CACHES: usize = 3;

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
        builtin_function(caches, function, total, thread)
    } else if let Some(class) = callable.downcast::<Type>() {
        class_call(caches, class, count, total, thread)
    } else {
        Some(Opcode::CallNonPyGeneral)
    };
    match opcode {
        Some(opcode) => specialize(caches, opcode),
        None => give_up(caches),
    }
}

/// Specializes a call with keywords: whether it goes to Python code is all that matters.
#[inline(never)]
pub(crate) fn call_kw(caches: CodeUnitPointer, callable: &Object) {
    let bound = callable.downcast_exact::<BoundMethod>().map(BoundMethod::function);
    let (function, opcode) = match &bound {
        Some(function) => (&**function, Opcode::CallKwBoundMethod),
        None => (callable, Opcode::CallKwPy),
    };
    let Some(function) = function.downcast_exact::<Function>() else {
        return specialize(caches, Opcode::CallKwNonPy);
    };
    // SAFETY: nothing sets the function's code meanwhile.
    if function.version() == 0 || !unsafe { function.borrow_code() }.has_flag(CO_OPTIMIZED) {
        return give_up(caches);
    }
    write_u32(caches, 1, function.version());
    specialize(caches, opcode)
}

/// True if a call with `total` arguments needs no binding: all are positional, and none has to be filled in.
#[inline]
pub(crate) fn is_simple(function: &Function, total: usize) -> bool {
    // SAFETY: nothing sets the function's code meanwhile.
    let code = unsafe { function.borrow_code() };
    has_plain_parameters(function) && code.argument_count() == total
}

/// True if a function has neither variable nor keyword-only parameters.
fn has_plain_parameters(function: &Function) -> bool {
    // SAFETY: nothing sets the function's code meanwhile.
    let code = unsafe { function.borrow_code() };
    code.has_flag(CO_OPTIMIZED)
        && !code.has_flag(CO_VARARGS | CO_VARKEYWORDS)
        && code.keyword_only_count() == 0
        && function.is_plain()
}

/// The first opcode if no argument has to be bound, else the second.
fn python_function(
    caches: CodeUnitPointer,
    function: &Function,
    total: usize,
    [exact, general]: [Opcode; 2],
) -> Option<Opcode> {
    // SAFETY: nothing sets the function's code meanwhile.
    if function.version() == 0 || !unsafe { function.borrow_code() }.has_flag(CO_OPTIMIZED) {
        return None;
    }
    write_u32(caches, 1, function.version());
    Some(if is_simple(function, total) { exact } else { general })
}

fn bound_method(caches: CodeUnitPointer, method: &BoundMethod, receiver: StackRef, count: usize) -> Option<Opcode> {
    let function = method.function();
    if !function.is_exactly::<Function>() {
        return Some(Opcode::CallNonPyGeneral);
    }
    if !receiver.is_null() {
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
    // SAFETY: an instruction follows every call.
    let next = unsafe { caches.add(CACHES).read() } as u8;
    if is_list_append(method) && count == 1 && total == 2 && next == Opcode::PopTop as u8 {
        write_u32(caches, 1, definition_tag(definition));
        return Some(Opcode::CallListAppend);
    }
    if is_general(|| method.head().owner_name(), &method.head().name_text()) {
        return Some(Opcode::CallNonPyGeneral);
    }
    match definition.ml_flags & CONVENTION {
        METH_NOARGS => (total == 1).then_some(Opcode::CallMethodDescriptorNoargs),
        METH_O => (total == 2).then_some(Opcode::CallMethodDescriptorO),
        METH_FASTCALL => Some(Opcode::CallMethodDescriptorFast),
        flags if flags == METH_FASTCALL | METH_KEYWORDS => Some(Opcode::CallMethodDescriptorFastWithKeywords),
        _ => Some(Opcode::CallNonPyGeneral),
    }
}

/// True if CPython has a convention without an instruction of its own for the function of this name in a module or type.
fn is_general(owner: impl FnOnce() -> String, name: &str) -> bool {
    if name == "__new__" {
        return true;
    }
    let owner = owner();
    let found = GENERAL.binary_search_by_key(&owner.as_str(), |it| it.0);
    found.is_ok_and(|place| GENERAL[place].1.contains(&name))
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

fn builtin_function(
    caches: CodeUnitPointer,
    function: &BuiltinFunction,
    total: usize,
    thread: &Thread,
) -> Option<Opcode> {
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
    if has_general_convention(function, thread) {
        return Some(Opcode::CallNonPyGeneral);
    }
    match definition.ml_flags & CONVENTION {
        METH_O => (total == 1).then_some(Opcode::CallBuiltinO),
        METH_FASTCALL => Some(Opcode::CallBuiltinFast),
        flags if flags == METH_FASTCALL | METH_KEYWORDS => Some(Opcode::CallBuiltinFastWithKeywords),
        _ => Some(Opcode::CallNonPyGeneral),
    }
}

/// Whether the convention of a function of a module, or of a bound method of a type, is a general one.
fn has_general_convention(function: &BuiltinFunction, thread: &Thread) -> bool {
    let name = function.name_text();
    let Some(receiver) = function.receiver() else { return false };
    if let Some(module) = receiver.downcast::<Module>() {
        let module = module.dict().get_str(&names::__name__, thread);
        let text = |it: Py<Object>| it.downcast::<Str>().map(Str::to_string_lossy);
        return is_general(|| module.and_then(text).unwrap_or_default(), &name);
    }
    let class = receiver.downcast::<Type>().unwrap_or_else(|| receiver.class());
    let mro = class.mro().map_or(&[][..], Tuple::items);
    mro.iter().filter_map(|it| it.downcast::<Type>()).any(|it| is_general(|| it.full_name(), &name))
}

/// TypeError where names that are no strings are refused before the callee sees them: by classes that CPython calls by vector, and by functions that
/// it calls by a tuple alone.
#[cold]
#[inline(never)]
pub(crate) fn check_odd_names(callable: &Object, keywords: &Dict, thread: &mut Thread) -> PyResult<()> {
    if keywords.keys_snapshot(thread).iter().all(|it| it.downcast::<Str>().is_some()) {
        return Ok(());
    }
    if let Some(class) = callable.downcast_exact::<Type>()
        && WITH_VECTORCALL.binary_search(&class.full_name().as_str()).is_ok()
    {
        return Err(raise!(thread, TypeError, "keywords must be strings"));
    }
    if let Some(function) = callable.downcast_exact::<BuiltinFunction>()
        && objects::descriptors::convention::refuses_names(function)
        && has_general_convention(function, thread)
    {
        let name = function.name_text();
        return Err(raise!(thread, TypeError, "{name}() takes no keyword arguments"));
    }
    Ok(())
}

/// True for the function of this name in the module `builtins`.
fn is_builtin(function: &BuiltinFunction, name: &str) -> bool {
    let in_builtins = function.receiver().is_some_and(|it| it.is_exactly::<Module>());
    in_builtins && function.name_text() == name
}

/// Calling a class: its `__init__` in Python is entered without leaving the loop, where nothing else has to be done.
fn class_call(
    caches: CodeUnitPointer,
    class: &Type,
    count: usize,
    total: usize,
    thread: &mut Thread,
) -> Option<Opcode> {
    if !class.is_heap_type() {
        let is_one = count == 1 && total == 1;
        if is_one && std::ptr::eq(class, Type::class()) {
            return Some(Opcode::CallType1);
        }
        if is_one && std::ptr::eq(class, Str::class()) {
            return Some(Opcode::CallStr1);
        }
        if is_one && std::ptr::eq(class, Tuple::class()) {
            return Some(Opcode::CallTuple1);
        }
        let is_quick = WITH_VECTORCALL.binary_search(&class.full_name().as_str()).is_ok();
        return Some(if is_quick { Opcode::CallBuiltinClass } else { Opcode::CallNonPyGeneral });
    }
    Some(match enters_init(class, thread) {
        true => {
            write_u32(caches, 1, class.slots().tp_version_tag.get());
            Opcode::CallAllocAndEnterInit
        }
        false => Opcode::CallNonPyGeneral,
    })
}

/// Whether an instance of a class is made by allocating it and calling a Python function.
fn enters_init(class: &Type, thread: &mut Thread) -> bool {
    if !std::ptr::eq(class.class(), Type::class()) || !objects::object::has_generic_new(class) {
        return false;
    }
    let init = class.lookup(&names::__init__, thread);
    let init = init.as_ref().and_then(|it| it.downcast_exact::<Function>());
    init.is_some_and(|it| it.version() != 0 && has_plain_parameters(it)) && class.assign_version(thread)
}
