//! Building containers: `BUILD_LIST`, `LIST_APPEND`, `DICT_MERGE` and the like.

use builtins::set::Set;
use objects::dict::{Dict, Duplicates};
use objects::errors::{PyResult, Raised};
use objects::list::List;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py, cast};
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::evaluate::State;
use crate::stack_ref::StackRef;

#[inline(always)]
pub(crate) fn build_tuple(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let tuple = tuple_of(state.top(oparg as usize), thread)?;
    state.forget(oparg as usize);
    state.push_owned(tuple);
    Ok(())
}

/// A tuple that takes over the references of the values, unless it fails.
#[inline(never)]
fn tuple_of(values: &[StackRef], thread: &mut Thread) -> PyResult<Py<Tuple>> {
    Tuple::from_iterator(values.iter().map(|it| it.into_py()), thread)
}

/// A list that takes over the references of the values, unless it fails.
#[inline(never)]
fn list_of(values: &[StackRef], thread: &mut Thread) -> PyResult<Py<List>> {
    List::from_iterator(values.iter().map(|it| it.into_py()), thread)
}

#[inline(always)]
pub(crate) fn build_list(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let list = list_of(state.top(oparg as usize), thread)?;
    state.forget(oparg as usize);
    state.push_owned(list);
    Ok(())
}

#[inline(always)]
pub(crate) fn build_set(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let set = Set::new(thread)?;
    for item in state.top(oparg as usize) {
        set.view().add(item.object(), thread)?;
    }
    state.drop_many(oparg as usize, thread);
    state.push_owned(set);
    Ok(())
}

#[inline(always)]
pub(crate) fn build_map(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let dict = Dict::new(thread);
    for pair in state.top(oparg as usize * 2).chunks_exact(2) {
        dict.set(pair[0].object(), pair[1].object(), thread)?;
    }
    state.drop_many(oparg as usize * 2, thread);
    state.push_owned(dict);
    Ok(())
}

/// The container `depth` places below the end.
#[inline(always)]
fn container<'a, T>(state: &State, depth: u32) -> &'a T {
    // SAFETY: the compiler uses these instructions on containers that it has just built.
    unsafe { cast(state.peek(depth as usize).object()) }
}

#[inline(always)]
pub(crate) fn list_append(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.pop().into_py();
    container::<List>(state, oparg).push(value, thread)
}

#[inline(always)]
pub(crate) fn list_extend(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let iterable = state.peek(1).object();
    extend_list(container::<List>(state, oparg + 1), iterable, thread)?;
    state.drop_top(thread);
    Ok(())
}

#[inline(never)]
fn extend_list(list: &List, iterable: &Object, thread: &mut Thread) -> PyResult<()> {
    let slots = iterable.class().slots();
    if slots.tp_iter.get().is_none() && !protocol::is_sequence(iterable) {
        let name = iterable.class().full_name();
        return Err(raise!(thread, TypeError, "Value after * must be an iterable, not {name}"));
    }
    list.extend(iterable, thread)
}

#[inline(always)]
pub(crate) fn set_add(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    // The set is the compiler's own, except for `__conditional_annotations__`, which a program may bind to anything.
    let target = state.peek(oparg as usize + 1).object();
    let Some(set) = target.downcast::<Set>() else { return Err(not_a_set(target, thread)) };
    set.view().add(state.peek(1).object(), thread)?;
    state.drop_top(thread);
    Ok(())
}

#[cold]
fn not_a_set(object: &Object, thread: &mut Thread) -> Raised {
    let class = object.class().full_name();
    raise!(thread, TypeError, "'{class}' object is not a set")
}

#[inline(always)]
pub(crate) fn set_update(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    container::<Set>(state, oparg + 1).view().update(state.peek(1).object(), thread)?;
    state.drop_top(thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn map_add(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    container::<Dict>(state, oparg + 2).set(state.peek(2).object(), state.peek(1).object(), thread)?;
    state.drop_many(2, thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn dict_update(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    update_dict(container::<Dict>(state, oparg + 1), state.peek(1).object(), thread)?;
    state.drop_top(thread);
    Ok(())
}

#[inline(never)]
fn update_dict(dict: &Dict, other: &Object, thread: &mut Thread) -> PyResult<()> {
    let result = dict.update(other, thread);
    if result.is_err() && thread.raised_is(objects::errors::AttributeError) {
        drop(thread.take_exception());
        let name = other.class().full_name();
        return Err(raise!(thread, TypeError, "'{name}' object is not a mapping"));
    }
    result
}

/// `f(**mapping)`: as an update, but a key that is there already is an error of the call.
#[inline(always)]
pub(crate) fn dict_merge(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let callable = state.peek(oparg as usize + 4).object();
    merge_keywords(container::<Dict>(state, oparg + 1), state.peek(1).object(), callable, thread)?;
    state.drop_top(thread);
    Ok(())
}

#[inline(never)]
fn merge_keywords(dict: &Dict, other: &Object, callable: &Object, thread: &mut Thread) -> PyResult<()> {
    let Err(raised) = dict.merge(other, Duplicates::Forbid, thread) else { return Ok(()) };
    if thread.raised_is(objects::errors::AttributeError) {
        drop(thread.catch(raised));
        let (function, name) = (function_text(callable, thread)?, other.class().full_name());
        return Err(raise!(thread, TypeError, "{function} argument after ** must be a mapping, not {name}"));
    }
    if !thread.raised_is(objects::errors::KeyError) {
        return Err(raised);
    }
    let exception = thread.catch(raised);
    let key = exception.args().and_then(|it| it.items().first().cloned());
    match key {
        Some(key) if key.downcast::<objects::str::Str>().is_some() => {
            let function = function_text(callable, thread)?;
            let key = protocol::str(&key, thread)?.to_string_lossy();
            Err(raise!(thread, TypeError, "{function} got multiple values for keyword argument '{key}'"))
        }
        Some(_) => {
            let function = function_text(callable, thread)?;
            Err(raise!(thread, TypeError, "{function} keywords must be strings"))
        }
        None => Err(thread.set_exception(exception)),
    }
}

/// How messages about a call name the callable: `module.function()`.
pub(super) fn function_text(callable: &Object, thread: &mut Thread) -> PyResult<String> {
    use objects::names;
    let Some(name) = protocol::lookup_attribute(callable, &names::__qualname__, thread)? else {
        return Ok(protocol::str(callable, thread)?.to_string_lossy());
    };
    let name = protocol::str(&name, thread)?.to_string_lossy();
    let module = protocol::lookup_attribute(callable, &names::__module__, thread)?;
    match module {
        Some(module) if !module.is_none() => {
            let module = protocol::str(&module, thread)?.to_string_lossy();
            Ok(if module == "builtins" { format!("{name}()") } else { format!("{module}.{name}()") })
        }
        _ => Ok(format!("{name}()")),
    }
}
