//! Calls: `CALL`, `CALL_KW`, `CALL_FUNCTION_EX`.
//!
//! The stack before a call is: callable, receiver or nothing, arguments. A Python function gets a frame on the data stack, and the loop goes on
//! in it; everything else is called through vectorcall with the arguments where they lie.

use std::hint::cold_path;

use objects::descriptors::BoundMethod;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py, cast};
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::evaluate::State;
use crate::frame::{Frame, push_frame_memory};
use crate::function::{Call, Function, enter_function};
use crate::specialize;
use crate::stack_ref::StackRef;

pub(super) const CALL_CACHES: usize = 3;

#[inline(always)]
pub(crate) fn call(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let count = oparg as usize;
    let caches = state.caches(CALL_CACHES);
    if specialize::is_due(caches) {
        let (callable, receiver) = (state.peek(count + 2), state.peek(count + 1));
        specialize::call(caches, callable.object(), receiver, count, thread);
        if state.runs_specialized(CALL_CACHES, oparg) {
            return Ok(());
        }
    }
    generic_call(state, thread, oparg)
}

#[inline(always)]
pub(super) fn generic_call(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    expand_bound_method(state, oparg as usize, thread);
    call_any(state, oparg as usize, None, 1 + CALL_CACHES, thread)
}

/// A bound method becomes its function and its receiver.
#[inline(always)]
pub(crate) fn expand_bound_method(state: &mut State, count: usize, thread: &mut Thread) {
    let (callable, receiver) = (state.peek(count + 2), state.peek(count + 1));
    if receiver.is_null()
        && let Some(method) = callable.object().downcast_exact::<BoundMethod>()
    {
        state.poke(count + 1, StackRef::from_owned(method.receiver()));
        state.poke(count + 2, StackRef::from_owned(method.function()));
        callable.close(thread);
    }
}

/// Calls what is on the stack; `names` is the tuple of keyword names. The instruction is `size` code units long.
#[inline(always)]
fn call_any(state: &mut State, count: usize, names: Option<&Tuple>, size: usize, thread: &mut Thread) -> PyResult<()> {
    let (callable, receiver) = (state.peek(count + 2), state.peek(count + 1));
    let total = count + usize::from(!receiver.is_null());
    if let Some(function) = callable.object().downcast_exact::<Function>()
        && function.is_plain()
    {
        return enter(state, total, usize::from(receiver.is_null()), names, size, thread);
    }
    let result = call_native(callable.object(), state.top(total), names, thread);
    state.drop_many(count, thread);
    let (receiver, callable) = (state.pop(), state.pop());
    receiver.close(thread);
    callable.close(thread);
    state.push_owned(result?);
    super::jump::check_eval_breaker(thread)
}

/// Pushes a frame for a Python function whose `total` arguments are topmost, and goes on in it. Between the callable and
/// the arguments lie `absent` places without a receiver.
#[inline(always)]
fn enter(
    state: &mut State,
    total: usize,
    absent: usize,
    names: Option<&Tuple>,
    size: usize,
    thread: &mut Thread,
) -> PyResult<()> {
    let arguments = state.top(total);
    state.forget(total + absent);
    let callable = state.pop().into_py();
    // SAFETY: the caller has found the callable to be a function.
    let function = unsafe { callable.cast_into::<Function>() };
    let call = Call { arguments, names };
    let frame = enter_function(function, None, call, state.frame_pointer(), thread)?;
    go_into(state, frame, size, thread)
}

/// Makes a new frame the current one.
#[inline(always)]
pub(super) fn go_into(state: &mut State, frame: *mut Frame, size: usize, thread: &mut Thread) -> PyResult<()> {
    state.save();
    state.frame().set_return_offset(size);
    state.switch_to(frame, thread);
    thread.enter_python_call().inspect_err(|_| leave_no_traceback(thread))
}

/// A call that is too deep ends before the function's first line, so that no traceback shows the function.
#[cold]
#[inline(never)]
fn leave_no_traceback(thread: &Thread) {
    thread.state().set_reraising(true);
}

/// A call through vectorcall or `tp_call`, with borrowed arguments.
#[inline(never)]
pub(crate) fn call_native(
    callable: &Object,
    arguments: &[StackRef],
    names: Option<&Tuple>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    /// Arguments that are passed on the native stack; more go to the heap.
    const FEW: usize = 8;
    let Some(first) = arguments.first() else { return protocol::call(callable, &[], thread) };
    if arguments.len() <= FEW {
        let mut objects = [first.object(); FEW];
        for (object, argument) in objects.iter_mut().zip(arguments) {
            *object = argument.object();
        }
        return protocol::call_vector(callable, &objects[..arguments.len()], names, thread);
    }
    let objects: Vec<&Object> = arguments.iter().map(|it| it.object()).collect();
    protocol::call_vector(callable, &objects, names, thread)
}

#[inline(always)]
pub(crate) fn call_kw(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(CALL_CACHES);
    if specialize::is_due(caches) {
        specialize::call_kw(caches, state.peek(oparg as usize + 3).object());
    }
    generic_call_kw(state, thread, oparg)
}

#[inline(always)]
fn generic_call_kw(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let names = state.pop().into_py();
    expand_bound_method(state, oparg as usize, thread);
    // SAFETY: the compiler puts a tuple of names on top.
    let result = call_any(state, oparg as usize, Some(unsafe { cast::<Tuple>(&names) }), 1 + CALL_CACHES, thread);
    names.release(thread);
    result
}

/// A call with keywords of the Python function that the instruction was specialized for.
#[inline(always)]
pub(crate) fn call_kw_py(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let callable = state.peek(oparg as usize + 3).object();
    call_kw_of(callable.downcast_exact::<Function>(), state, thread, oparg)
}

/// The same of a bound method's function.
#[inline(always)]
pub(crate) fn call_kw_bound_method(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let function = state.peek(oparg as usize + 3).object().downcast_exact::<BoundMethod>().map(BoundMethod::function);
    call_kw_of(function.as_ref().and_then(|it| it.downcast_exact::<Function>()), state, thread, oparg)
}

#[inline(always)]
fn call_kw_of(function: Option<&Function>, state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(CALL_CACHES);
    if function.is_none_or(|it| it.version() != specialize::cached_u32(caches, 1)) {
        cold_path();
        if state.misses(CALL_CACHES, oparg) {
            return Ok(());
        }
    }
    generic_call_kw(state, thread, oparg)
}

/// A call with keywords of what is no Python function.
#[inline(always)]
pub(crate) fn call_kw_non_py(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let callable = state.peek(oparg as usize + 3).object();
    if callable.is_exactly::<Function>() || callable.is_exactly::<BoundMethod>() {
        cold_path();
        if state.misses(CALL_CACHES, oparg) {
            return Ok(());
        }
    }
    generic_call_kw(state, thread, oparg)
}

/// `f(*args, **kwargs)`: callable, nothing, tuple or iterable, dict or nothing.
#[inline(always)]
pub(crate) fn call_function_ex(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let keywords = state.peek(1).as_option();
    let (arguments, callable) = (state.peek(2).object(), state.peek(4).object());
    let (arguments, keywords) = spread_arguments(callable, arguments, keywords, thread)?;
    if let Some(function) = callable.downcast_exact::<Function>()
        && function.is_plain()
    {
        let function = Py::from_ref(function);
        let frame = frame_for_spread(function, &arguments, keywords.as_deref(), state.frame_pointer(), thread)?;
        state.drop_many(4, thread);
        return go_into(state, frame, 1, thread);
    }
    if let Some(keywords) = &keywords
        && !keywords.has_only_strings()
    {
        crate::specialize::check_odd_names(callable, keywords, thread)?;
    }
    let result = protocol::call_tuple_or_vector(callable, &arguments, keywords.as_deref(), thread)?;
    state.drop_many(4, thread);
    state.push_owned(result);
    super::jump::check_eval_breaker(thread)
}

/// What the tuple and the dict of `f(*args, **kwargs)` are.
pub(crate) type Spread = (Py<Tuple>, Option<Py<Dict>>);

#[inline(never)]
pub(crate) fn spread_arguments(
    callable: &Object,
    arguments: &Object,
    keywords: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Spread> {
    let arguments = match arguments.downcast_exact::<Tuple>() {
        Some(tuple) => Py::from_ref(tuple),
        None => {
            let slots = arguments.class().slots();
            if slots.tp_iter.get().is_none() && !protocol::is_sequence(arguments) {
                let function = super::build::function_text(callable, thread)?;
                let name = arguments.class().full_name();
                return Err(raise!(thread, TypeError, "{function} argument after * must be an iterable, not {name}"));
            }
            protocol::to_tuple(arguments, thread)?
        }
    };
    let keywords = match keywords {
        // SAFETY: the compiler builds a dict for `**`.
        Some(keywords) => Some(Py::from_ref(unsafe { cast::<Dict>(keywords) })),
        None => None,
    };
    Ok((arguments, keywords.filter(|it| it.length() > 0)))
}

#[inline(never)]
fn frame_for_spread(
    function: Py<Function>,
    arguments: &Tuple,
    keywords: Option<&Dict>,
    previous: *mut Frame,
    thread: &mut Thread,
) -> PyResult<*mut Frame> {
    const FEW: usize = 8;
    let items = arguments.items();
    if keywords.is_none() && items.len() <= FEW {
        let mut few = [StackRef::NULL; FEW];
        for (reference, item) in few.iter_mut().zip(items) {
            *reference = StackRef::from_new(item);
        }
        let call = Call { arguments: &few[..items.len()], names: None };
        return enter_function(function, None, call, previous, thread);
    }
    let mut vector: Vec<StackRef> = items.iter().map(|it| StackRef::from_new(it)).collect();
    let mut names = Vec::new();
    for (name, value) in keywords.map_or_else(Vec::new, |it| it.items_snapshot(thread)) {
        names.push(name);
        vector.push(StackRef::from_owned(value));
    }
    let names = if names.is_empty() { None } else { Some(Tuple::new(names, thread)?) };
    enter_function(function, None, Call { arguments: &vector, names: names.as_deref() }, previous, thread)
}

/// A Python function with exactly the arguments that it has parameters: no binding is needed.
#[inline(always)]
pub(crate) fn call_py_exact_args(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let count = oparg as usize;
    let caches = state.caches(CALL_CACHES);
    let (callable, receiver) = (state.peek(count + 2), state.peek(count + 1));
    if let Some(function) = callable.object().downcast_exact::<Function>()
        && function.version() == specialize::cached_u32(caches, 1)
    {
        // SAFETY: nothing sets the function's code before the frame holds its own reference.
        let code = unsafe { function.borrow_code() };
        let absent = usize::from(receiver.is_null());
        let total = count + 1 - absent;
        if code.argument_count() == total {
            let frame = push_frame_memory(code.frame_size(), thread);
            let arguments = state.top(total);
            state.forget(total + absent);
            // SAFETY: the callable is a function, and the memory has room for its frame.
            unsafe {
                let locals = (*frame).locals();
                // Few words: a loop is faster than a call of `memcpy`.
                for (index, argument) in arguments.iter().enumerate() {
                    locals.add(index).write_volatile(*argument);
                }
                let function = state.pop().into_py().cast_into::<Function>();
                Frame::initialize(frame, function, None, state.frame_pointer(), total);
            }
            return go_into(state, frame, 1 + CALL_CACHES, thread);
        }
    }
    cold_path();
    if state.misses(CALL_CACHES, oparg) {
        return Ok(());
    }
    generic_call(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn call_bound_method_exact_args(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    expand_bound_method(state, oparg as usize, thread);
    call_py_exact_args(state, thread, oparg)
}

/// A Python function whose arguments have to be bound.
#[inline(always)]
pub(crate) fn call_py_general(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(CALL_CACHES);
    let callable = state.peek(oparg as usize + 2).object();
    let is_known = |it: &Function| it.version() == specialize::cached_u32(caches, 1);
    let is_known = callable.downcast_exact::<Function>().is_some_and(is_known);
    if !is_known && state.misses(CALL_CACHES, oparg) {
        return Ok(());
    }
    generic_call(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn call_bound_method_general(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    expand_bound_method(state, oparg as usize, thread);
    call_py_general(state, thread, oparg)
}
