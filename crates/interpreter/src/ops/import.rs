//! Imports: `IMPORT_NAME`, `IMPORT_FROM`.

use objects::errors::PyResult;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use crate::evaluate::State;
use crate::frame::Frame;
use crate::import;

#[inline(always)]
pub(crate) fn import_name(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let (level, names) = (state.peek(2).object(), state.peek(1).object());
    let module = import_module(state.frame(), oparg as usize, names, level, thread)?;
    state.drop_many(2, thread);
    state.push_owned(module);
    Ok(())
}

/// Calls the `__import__` that the builtins have.
#[inline(never)]
fn import_module(
    frame: &Frame,
    name: usize,
    from_list: &Object,
    level: &Object,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let name = Py::from_ref(frame.code().name_at(name));
    let Some(function) = super::name::get_from_mapping(frame.builtins(), &names::__import__, thread)? else {
        return Err(raise!(thread, ImportError, "__import__ not found"));
    };
    let locals = frame.name_mapping().map_or_else(|| thread.none(), Py::from_ref);
    protocol::call(&function, &[&name, frame.globals(), &locals, from_list, level], thread)
}

#[inline(always)]
pub(crate) fn import_from(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let name = state.frame().code().name_at(oparg as usize);
    let value = import::import_from(state.peek(1).object(), name, thread)?;
    state.push_owned(value);
    Ok(())
}
