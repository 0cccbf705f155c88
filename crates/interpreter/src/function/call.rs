//! Calling functions from native code: a new run of the loop. (Calls from Python code push a frame and stay in the loop.)

use bytecode::code_flags::{CO_VARARGS, CO_VARKEYWORDS};
use layout::{PY_VECTORCALL_ARGUMENTS_OFFSET, PyObject};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::refs::{Object, Py, cast};
use objects::thread::Thread;
use objects::tuple::Tuple;

use super::arguments::{Call, bind_arguments};
use super::object::Function;
use crate::evaluate::evaluate_frame;
use crate::frame::{Frame, pop_frame_memory, push_frame_memory};
use crate::stack_ref::StackRef;

/// A new frame for a call of `function`, with the arguments bound. The references in `call` are used up, also on an error.
pub fn enter_function(
    function: Py<Function>,
    locals: Option<Py<Dict>>,
    call: Call<'_>,
    previous: *mut Frame,
    thread: &mut Thread,
) -> PyResult<*mut Frame> {
    // Code that is no function's own, as of a module, has its names in the globals.
    // SAFETY: nothing sets the function's code meanwhile.
    let is_function_code = unsafe { function.borrow_code() }.has_flag(bytecode::code_flags::CO_OPTIMIZED);
    let locals = locals.or_else(|| (!is_function_code).then(|| function.globals()));
    if call.names.is_none()
        && let Some(defaults) = defaults_for(&function, call.arguments.len())
    {
        // SAFETY: nothing sets the function's code before the frame holds its own reference.
        let size = unsafe { function.borrow_code() }.frame_size();
        let frame = push_frame_memory(size, thread);
        let given = call.arguments.len();
        // SAFETY: the memory has room for the function's frame, whose first variables are its parameters.
        unsafe {
            let variables = (*frame).locals();
            for (index, argument) in call.arguments.iter().enumerate() {
                variables.add(index).write(*argument);
            }
            for (index, default) in defaults.iter().enumerate() {
                variables.add(given + index).write(StackRef::from_new(default));
            }
            let bound = given + defaults.len();
            Frame::initialize(frame, function, locals, previous, bound);
        }
        return Ok(frame);
    }
    let frame = push_frame_memory(function.code().frame_size(), thread);
    // SAFETY: the memory has room for the function's frame.
    let bound = unsafe { bind_arguments(&function, (*frame).locals(), call, thread) };
    match bound {
        Ok(()) => {
            let count = function.code().local_count();
            // SAFETY: as above; all variables have been written.
            unsafe { Frame::initialize(frame, function, locals, previous, count) };
            Ok(frame)
        }
        Err(raised) => {
            // SAFETY: the frame is the topmost and holds nothing.
            unsafe { pop_frame_memory(frame, thread) };
            Err(raised)
        }
    }
}

/// The defaults that a call with so many positional arguments and none by name takes; None where binding is more than that.
#[inline(always)]
fn defaults_for(function: &Function, given: usize) -> Option<&[Py<Object>]> {
    // SAFETY: nothing sets the function's code or defaults while they are looked at.
    let (code, defaults) = unsafe { (function.borrow_code(), function.borrow_defaults()) };
    if code.has_flag(CO_VARARGS | CO_VARKEYWORDS) || code.keyword_only_count() > 0 {
        return None;
    }
    let missing = code.argument_count().checked_sub(given)?;
    let defaults = defaults.map_or(&[][..], Tuple::items);
    defaults.get(defaults.len().checked_sub(missing)?..)
}

/// `vectorcall` of functions.
///
/// # Safety
/// By the vectorcall protocol, on a function.
pub unsafe extern "C-unwind" fn function_vectorcall(
    callable: *mut PyObject,
    arguments: *const *mut PyObject,
    count_and_flags: usize,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: the protocol's promises.
    let result = unsafe {
        let mut thread = Thread::current();
        let names = Object::from_pointer(names).map(|it| cast::<Tuple>(it));
        let total = (count_and_flags & !PY_VECTORCALL_ARGUMENTS_OFFSET) + names.map_or(0, Tuple::length);
        let arguments: &[&Object] =
            if total == 0 { &[] } else { std::slice::from_raw_parts(arguments.cast::<&Object>(), total) };
        call_with_vector(cast(&*callable.cast::<Object>()), arguments, names, &mut thread)
    };
    result.map_or(std::ptr::null_mut(), Py::into_pointer)
}

fn call_with_vector(
    function: &Function,
    arguments: &[&Object],
    names: Option<&Tuple>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    /// Arguments that are passed on the native stack; more go to the heap.
    const FEW: usize = 6;
    let mut few = [StackRef::NULL; FEW];
    let many: Vec<StackRef>;
    let references = if arguments.len() <= FEW {
        for (reference, argument) in few.iter_mut().zip(arguments) {
            *reference = StackRef::from_new(argument);
        }
        &few[..arguments.len()]
    } else {
        many = arguments.iter().map(|it| StackRef::from_new(it)).collect();
        &many
    };
    let call = Call { arguments: references, names };
    let frame = enter_function(Py::from_ref(function), None, call, std::ptr::null_mut(), thread)?;
    evaluate_frame(frame, thread)
}

/// `tp_call` of functions.
pub fn call_with_tuple(
    function: &Function,
    arguments: &Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let mut vector: Vec<Py<Object>> = arguments.items().to_vec();
    let mut names = Vec::new();
    for (name, value) in keywords.map_or_else(Vec::new, |it| it.items_snapshot(thread)) {
        names.push(name);
        vector.push(value);
    }
    let names = if names.is_empty() { None } else { Some(Tuple::new(names, thread)?) };
    let references: Vec<StackRef> = vector.into_iter().map(StackRef::from_owned).collect();
    let call = Call { arguments: &references, names: names.as_deref() };
    let frame = enter_function(Py::from_ref(function), None, call, std::ptr::null_mut(), thread)?;
    evaluate_frame(frame, thread)
}
