//! Instrumented calls: tools are told before, and for what is not written in Python also after.

use bytecode::instruction::Opcode;
use objects::descriptors::BoundMethod;
use objects::errors::PyResult;
use objects::protocol;
use objects::refs::{Object, Py, cast};
use objects::thread::Thread;
use objects::tuple::Tuple;

use super::events::Event;
use super::instructions::{Next, Site};
use super::tell::Detail;
use crate::function::Function;
use crate::ops;
use crate::stack_ref::StackRef;

/// `CALL` and `CALL_KW`.
pub(super) fn call(site: &Site<'_>, thread: &mut Thread) -> PyResult<Next> {
    let count = site.argument as usize;
    let mut state = site.state();
    let names = match site.opcode {
        Opcode::CallKw => Some(state.pop()),
        _ => None,
    };
    ops::expand_bound_method(&mut state, count, thread);
    let (callable, receiver) = (state.peek(count + 2), state.peek(count + 1));
    let total = count + usize::from(!receiver.is_null());
    // The stack keeps both while the call runs: more references would be seen by `sys.getrefcount`.
    let missing = site.tools.missing(thread)?;
    let (callable, first) = (callable.object(), state.top(total).first().map_or(&*missing, |it| it.object()));
    site.tell(Event::Call, Detail::Call(callable, first), thread)?;
    if callable.downcast_exact::<Function>().is_some_and(Function::is_plain) {
        // The stack has changed, but for the names.
        return Ok(Next::run(site.opcode));
    }
    // SAFETY: the compiler puts a tuple of names on top.
    let names_tuple = names.as_ref().map(|it| unsafe { cast::<Tuple>(it.object()) });
    let result = ops::call_native(callable, state.top(total), names_tuple, thread);
    let result = tell_result(result, callable, first, site, thread);
    if let Some(names) = names {
        names.close(thread);
    }
    state.drop_many(count, thread);
    let (receiver, callable) = (state.pop(), state.pop());
    receiver.close(thread);
    callable.close(thread);
    state.save();
    state.push_owned(result?);
    state.save();
    ops::check_eval_breaker(thread)?;
    site.go_on(state)
}

/// `CALL_FUNCTION_EX`. While it is watched, it calls functions of Python as it calls others, so that what they raise comes from this instruction.
pub(super) fn call_function_ex(site: &Site<'_>, thread: &mut Thread) -> PyResult<Next> {
    let mut state = site.state();
    let keywords = state.peek(1).as_option();
    let (given, callable) = (state.peek(2), state.peek(4).object());
    let (arguments, keywords) = ops::spread_arguments(callable, given.object(), keywords, thread)?;
    state.poke(2, StackRef::from_owned(arguments.clone()));
    given.close(thread);
    let missing = site.tools.missing(thread)?;
    let first = arguments.items().first().map_or(&*missing, |it| &**it);
    site.tell(Event::Call, Detail::Call(callable, first), thread)?;
    let result = protocol::call_tuple_or_vector(callable, &arguments, keywords.as_deref(), thread);
    let result = match callable.is_exactly::<Function>() || callable.is_exactly::<BoundMethod>() {
        true => result,
        false => tell_result(result, callable, first, site, thread),
    };
    arguments.release(thread);
    if let Some(keywords) = keywords {
        keywords.release(thread);
    }
    let result = result?;
    state.drop_many(4, thread);
    state.push_owned(result);
    state.save();
    ops::check_eval_breaker(thread)?;
    site.go_on(state)
}

/// `LOAD_SUPER_ATTR`, which calls `super`: here really, so that there is something to tell of.
pub(super) fn load_super_attr(site: &Site<'_>, thread: &mut Thread) -> PyResult<Next> {
    let mut state = site.state();
    let name = site.frame().code().name_at((site.argument >> 2) as usize);
    let [function, class, receiver] = [3, 2, 1].map(|depth| state.peek(depth).object());
    let arguments: &[&Object] = if site.argument & 2 != 0 { &[class, receiver] } else { &[] };
    let missing = site.tools.missing(thread)?;
    let first = arguments.first().copied().unwrap_or(&missing);
    site.tell(Event::Call, Detail::Call(function, first), thread)?;
    let result = protocol::call(function, arguments, thread);
    let object = tell_result(result, function, first, site, thread)?;
    let value = protocol::get_attribute(&object, name, thread)?;
    object.release(thread);
    state.drop_many(3, thread);
    state.push_owned(value);
    if site.argument & 1 != 0 {
        state.push(StackRef::NULL);
    }
    site.go_on(state)
}

/// Tells of what a call of something that is not written in Python gave.
fn tell_result(
    result: PyResult<Py<Object>>,
    callable: &Object,
    first: &Object,
    site: &Site<'_>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let detail = Detail::Call(callable, first);
    match result {
        Ok(value) => {
            site.tell(Event::CReturn, detail, thread)?;
            Ok(value)
        }
        Err(raised) => {
            let exception = thread.catch(raised);
            site.tell(Event::CRaise, detail, thread)?;
            Err(thread.set_exception(exception))
        }
    }
}
