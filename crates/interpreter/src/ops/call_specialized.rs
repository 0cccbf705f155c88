//! `CALL` as the specializer writes it for functions of C's calling conventions, classes, and a few functions that every program calls.

use std::hint::cold_path;

use layout::{METH_FASTCALL, METH_KEYWORDS, METH_METHOD, METH_NOARGS, METH_O, PyMethodDef};
use objects::bool::Bool;
use objects::descriptors::{BoundMethod, BuiltinFunction, MethodDescriptor};
use objects::errors::PyResult;
use objects::int::Int;
use objects::list::List;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

use super::call::{CALL_CACHES, generic_call, go_into};
use crate::evaluate::State;
use crate::frame::{Frame, push_frame_memory};
use crate::function::{Call, Function, enter_function};
use crate::specialize;
use crate::stack_ref::StackRef;

#[inline(always)]
fn missed(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    cold_path();
    if state.misses(CALL_CACHES, oparg) {
        return Ok(());
    }
    generic_call(state, thread, oparg)
}

/// Takes callable, receiver and arguments off and pushes the result.
#[inline(always)]
fn finish(state: &mut State, count: usize, result: PyResult<Py<Object>>, thread: &mut Thread) -> PyResult<()> {
    let result = result?;
    for _ in 0..count {
        state.drop_top(thread);
    }
    let (receiver, callable) = (state.pop(), state.pop());
    receiver.close(thread);
    callable.close(thread);
    state.push_owned(result);
    super::jump::check_eval_breaker(thread)
}

/// The arguments of a call, the receiver first if there is one, as words.
#[inline(always)]
fn arguments(state: &State, count: usize) -> &'static [StackRef] {
    let absent = usize::from(state.peek(count + 1).is_null());
    state.top(count + 1 - absent)
}

/// Calls a C function of the fast conventions with the arguments as words without tags.
#[inline(always)]
fn call_fast(
    definition: &PyMethodDef,
    receiver: *mut layout::PyObject,
    arguments: &[StackRef],
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    call_fast_of(definition, receiver, std::ptr::null_mut(), arguments, thread)
}

/// The same, also of methods that are told their class.
#[inline(always)]
fn call_fast_of(
    definition: &PyMethodDef,
    receiver: *mut layout::PyObject,
    class: *mut layout::PyTypeObject,
    arguments: &[StackRef],
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    /// Arguments that are passed on the native stack; more go to the heap.
    const FEW: usize = 8;
    let mut few = [std::ptr::null_mut(); FEW];
    let many: Vec<*mut layout::PyObject>;
    let words = if arguments.len() <= FEW {
        for (word, argument) in few.iter_mut().zip(arguments) {
            *word = argument.object().as_pointer();
        }
        few.as_ptr()
    } else {
        many = arguments.iter().map(|it| it.object().as_pointer()).collect();
        many.as_ptr()
    };
    let count = arguments.len() as isize;
    // SAFETY: the definition's flags say which of the conventions the function has; the words are live objects.
    let result = unsafe {
        if !class.is_null() {
            (definition.ml_meth.PyCMethod)(receiver, class, words, arguments.len(), std::ptr::null_mut())
        } else if definition.ml_flags & METH_KEYWORDS != 0 {
            (definition.ml_meth.PyCFunctionFastWithKeywords)(receiver, words, count, std::ptr::null_mut())
        } else {
            (definition.ml_meth.PyCFunctionFast)(receiver, words, count)
        }
    };
    protocol::result_from_c(result, thread)
}

/// True for a function of this convention that is not told its class.
#[inline(always)]
fn has_convention(definition: &PyMethodDef, convention: i32) -> bool {
    definition.ml_flags & (convention | METH_METHOD) == convention
}

/// The method descriptor that is called, if it has this convention and the receiver is an instance of its owner.
#[inline(always)]
fn method_called(
    state: &State,
    count: usize,
    convention: i32,
) -> Option<(&'static MethodDescriptor, &'static [StackRef])> {
    let method = state.peek(count + 2).object().downcast_exact::<MethodDescriptor>()?;
    let all = arguments(state, count);
    let (receiver, has_convention) = (all.first()?, has_convention(method.definition(), convention));
    (has_convention && receiver.object().class().is_subtype(method.head().owner())).then_some((method, all))
}

#[inline(always)]
pub(crate) fn call_method_descriptor_noargs(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let count = oparg as usize;
    let Some((method, [receiver])) = method_called(state, count, METH_NOARGS) else {
        return missed(state, thread, oparg);
    };
    // SAFETY: the convention was checked, and the receiver's type.
    let result =
        unsafe { (method.definition().ml_meth.PyCFunction)(receiver.object().as_pointer(), std::ptr::null_mut()) };
    let result = protocol::result_from_c(result, thread);
    finish(state, count, result, thread)
}

#[inline(always)]
pub(crate) fn call_method_descriptor_o(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let count = oparg as usize;
    let Some((method, [receiver, argument])) = method_called(state, count, METH_O) else {
        return missed(state, thread, oparg);
    };
    // SAFETY: the convention was checked, and the receiver's type.
    let result = unsafe {
        (method.definition().ml_meth.PyCFunction)(receiver.object().as_pointer(), argument.object().as_pointer())
    };
    let result = protocol::result_from_c(result, thread);
    finish(state, count, result, thread)
}

#[inline(always)]
pub(crate) fn call_method_descriptor_fast(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let count = oparg as usize;
    let Some((method, [receiver, rest @ ..])) = method_called(state, count, METH_FASTCALL) else {
        return missed(state, thread, oparg);
    };
    let result = call_fast(method.definition(), receiver.object().as_pointer(), rest, thread);
    finish(state, count, result, thread)
}

#[inline(always)]
pub(crate) fn call_method_descriptor_fast_with_keywords(
    state: &mut State,
    thread: &mut Thread,
    oparg: u32,
) -> PyResult<()> {
    call_method_descriptor_fast(state, thread, oparg)
}

/// The built-in function that is called, if it has this convention.
#[inline(always)]
fn function_called(
    state: &State,
    count: usize,
    convention: i32,
) -> Option<(&'static BuiltinFunction, &'static [StackRef])> {
    let function = state.peek(count + 2).object().downcast_exact::<BuiltinFunction>()?;
    has_convention(function.definition(), convention).then(|| (function, arguments(state, count)))
}

#[inline(always)]
pub(crate) fn call_builtin_o(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let count = oparg as usize;
    let Some((function, [argument])) = function_called(state, count, METH_O) else {
        return missed(state, thread, oparg);
    };
    // SAFETY: the convention was checked.
    let result = unsafe {
        (function.definition().ml_meth.PyCFunction)(function.receiver_pointer(), argument.object().as_pointer())
    };
    let result = protocol::result_from_c(result, thread);
    finish(state, count, result, thread)
}

#[inline(always)]
pub(crate) fn call_builtin_fast(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let count = oparg as usize;
    let Some((function, all)) = function_called(state, count, METH_FASTCALL) else {
        return missed(state, thread, oparg);
    };
    let result = call_fast(function.definition(), function.receiver_pointer(), all, thread);
    finish(state, count, result, thread)
}

#[inline(always)]
pub(crate) fn call_builtin_fast_with_keywords(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    call_builtin_fast(state, thread, oparg)
}

/// True if the definition is the one that the instruction was specialized for.
#[inline(always)]
fn is_cached(state: &State, definition: &PyMethodDef) -> bool {
    specialize::definition_tag(definition) == specialize::cached_u32(state.caches(CALL_CACHES), 1)
}

/// `len(object)`: the slot alone, without a call.
#[inline(always)]
pub(crate) fn call_len(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let count = oparg as usize;
    if let Some((function, [object])) = function_called(state, count, METH_O)
        && is_cached(state, function.definition())
    {
        let length = protocol::length(object.object(), thread)?;
        let length = Int::from_i64(length as i64, thread).into_object();
        return finish(state, count, Ok(length), thread);
    }
    missed(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn call_isinstance(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let count = oparg as usize;
    if let Some((function, [object, class])) = function_called(state, count, METH_FASTCALL)
        && is_cached(state, function.definition())
    {
        // An exact match needs no protocol.
        let answer = object.object().class().is(class.object())
            || protocol::is_instance(object.object(), class.object(), thread)?;
        return finish(state, count, Ok(Bool::new(answer)), thread);
    }
    missed(state, thread, oparg)
}

/// `list.append(item)`: no call at all, and nothing is pushed, since the `POP_TOP` that follows is jumped over.
#[inline(always)]
pub(crate) fn call_list_append(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    // Only then is the third place the method: below two arguments there may be nothing.
    if oparg != 1 {
        return missed(state, thread, oparg);
    }
    let receiver = state.peek(2);
    let method = state.peek(3).object().downcast_exact::<MethodDescriptor>();
    let is_append = method.is_some_and(|it| is_cached(state, it.definition()));
    let pops = bytecode::instruction::Opcode::PopTop as u8;
    // SAFETY: an instruction follows every call.
    let next_pops = unsafe { state.pc().read() } as u8 == pops;
    if is_append
        && next_pops
        && !receiver.is_null()
        && let Some(list) = receiver.object().downcast::<List>()
    {
        let item = state.pop().into_py();
        list.push(item, thread)?;
        state.drop_many(2, thread);
        state.jump(1);
        return Ok(());
    }
    missed(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn call_type_1(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    if oparg == 1 && state.peek(3).is(Type::class()) && state.peek(2).is_null() {
        let class = Py::from_ref(state.peek(1).object().class()).into_object();
        return finish(state, 1, Ok(class), thread);
    }
    missed(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn call_str_1(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    if oparg == 1 && state.peek(3).is(Str::class()) && state.peek(2).is_null() {
        let text = protocol::str(state.peek(1).object(), thread).map(Py::into_object);
        return finish(state, 1, text, thread);
    }
    missed(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn call_tuple_1(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    if oparg == 1 && state.peek(3).is(objects::tuple::Tuple::class()) && state.peek(2).is_null() {
        let tuple = protocol::to_tuple(state.peek(1).object(), thread).map(Py::into_object);
        return finish(state, 1, tuple, thread);
    }
    missed(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn call_builtin_class(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let class = state.peek(oparg as usize + 2).object().downcast::<Type>();
    if class.is_none_or(Type::is_heap_type) {
        return missed(state, thread, oparg);
    }
    generic_call(state, thread, oparg)
}

/// The method descriptor that is called, if it is told its class.
#[inline(always)]
fn method_told_class(state: &State, count: usize) -> Option<(&'static MethodDescriptor, &'static [StackRef])> {
    let method = state.peek(count + 2).object().downcast_exact::<MethodDescriptor>()?;
    let all = arguments(state, count);
    let is_told = method.definition().ml_flags & METH_METHOD != 0;
    let receiver = all.first().filter(|_| is_told)?;
    receiver.object().class().is_subtype(method.head().owner()).then_some((method, all))
}

/// What has no instruction of its own: our functions may have a quick convention all the same.
#[inline(always)]
pub(crate) fn call_non_py_general(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let count = oparg as usize;
    if let Some((method, [receiver, rest @ ..])) = method_called(state, count, METH_FASTCALL) {
        let result = call_fast(method.definition(), receiver.object().as_pointer(), rest, thread);
        return finish(state, count, result, thread);
    }
    if let Some((method, [receiver, rest @ ..])) = method_told_class(state, count) {
        let class = method.head().owner().as_pointer();
        let result = call_fast_of(method.definition(), receiver.object().as_pointer(), class, rest, thread);
        return finish(state, count, result, thread);
    }
    let callable = state.peek(count + 2).object();
    if callable.is_exactly::<Function>() || callable.is_exactly::<BoundMethod>() {
        return missed(state, thread, oparg);
    }
    generic_call(state, thread, oparg)
}

/// A class whose instances need nothing but memory and a Python `__init__`: the instance is made, and `__init__` runs in this run of the
/// loop, above a frame that checks that it returned None.
#[inline(always)]
pub(crate) fn call_alloc_and_enter_init(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let count = oparg as usize;
    let caches = state.caches(CALL_CACHES);
    let callable = state.peek(count + 2);
    if !state.peek(count + 1).is_null() || !callable.object().class().has_flag(layout::Py_TPFLAGS_TYPE_SUBCLASS) {
        return missed(state, thread, oparg);
    }
    // SAFETY: instances of `type` are type objects.
    let class: &Type = unsafe { objects::refs::cast(callable.object()) };
    if class.slots().tp_version_tag.get() != specialize::cached_u32(caches, 1) {
        return missed(state, thread, oparg);
    }
    let Some((init, instance)) = prepare_instance(class, thread)? else { return missed(state, thread, oparg) };
    if !specialize::is_simple(&init, count + 1) {
        return enter_init(state, init, instance, count, thread);
    }
    let frame = push_frame_memory(init.code().frame_size(), thread);
    let arguments = state.top(count);
    state.forget(count);
    // What is left is the class and the absent receiver: the instance takes the class's place, and is the result.
    state.forget(2);
    state.push_owned(instance.clone());
    callable.close(thread);
    // SAFETY: the memory has room for the function's frame, whose code takes these arguments.
    unsafe {
        let locals = (*frame).locals();
        locals.write(StackRef::from_owned(instance));
        std::ptr::copy_nonoverlapping(arguments.as_ptr(), locals.add(1), count);
        Frame::initialize(frame, init, None, state.frame_pointer(), count + 1);
        (*frame).set_is_init(true);
    }
    go_into(state, frame, 1 + CALL_CACHES, thread)
}

/// As above, where arguments have to be bound.
#[inline(always)]
fn enter_init(
    state: &mut State,
    init: Py<Function>,
    instance: Py<Object>,
    count: usize,
    thread: &mut Thread,
) -> PyResult<()> {
    let mut arguments = vec![StackRef::from_owned(instance.clone())];
    arguments.extend_from_slice(state.top(count));
    state.forget(count + 1);
    let callable = state.pop();
    state.push_owned(instance);
    callable.close(thread);
    let call = Call { arguments: &arguments, names: None };
    let frame = enter_function(init, None, call, state.frame_pointer(), thread)?;
    // SAFETY: the frame was just made.
    unsafe { (*frame).set_is_init(true) };
    go_into(state, frame, 1 + CALL_CACHES, thread)
}

#[inline(never)]
fn prepare_instance(class: &Type, thread: &mut Thread) -> PyResult<Option<(Py<Function>, Py<Object>)>> {
    let Some(init) = class.lookup(&names::__init__, thread).and_then(|it| it.downcast_into::<Function>().ok()) else {
        return Ok(None);
    };
    let instance = objects::types::new_instance(class, thread)?;
    Ok(Some((init, instance)))
}

/// What `__init__` returned must be None: checked where its frame is left.
#[cold]
#[inline(never)]
pub(super) fn raise_init_returned(value: &Object, thread: &mut Thread) -> objects::errors::Raised {
    let name = value.class().full_name();
    raise!(thread, TypeError, "__init__() should return None, not '{name}'")
}
