//! Audit hooks (PEP 578): functions that are told of what a program does.

use std::cell::RefCell;

use objects::errors::{Exception, PyResult};
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

/// The hooks of an interpreter, in the order in which they were added.
#[derive(Default)]
struct AuditHooks(RefCell<Vec<Py<Object>>>);

/// Tells the hooks of an event. What a hook raises ends what was to be done.
pub fn audit(event: &str, arguments: &[&Object], thread: &mut Thread) -> PyResult<()> {
    if thread.interpreter().hooks.audit.get().is_none() {
        return thread.audit_natively(event, arguments);
    }
    let event = Str::from_str(event, thread);
    tell(&event, arguments, thread)
}

fn tell(event: &Str, arguments: &[&Object], thread: &mut Thread) -> PyResult<()> {
    thread.audit_natively(&event.to_string_lossy(), arguments)?;
    let hooks = thread.interpreter().extension::<AuditHooks>();
    let arguments = Tuple::from_slice(arguments, thread)?;
    let mut index = 0;
    while let Some(hook) = { hooks.0.borrow().get(index).cloned() } {
        call_hook(&hook, event, &arguments, thread)?;
        index += 1;
    }
    Ok(())
}

/// Calls a hook; unless it has a true `__cantrace__`, it is not traced.
fn call_hook(hook: &Object, event: &Str, arguments: &Tuple, thread: &mut Thread) -> PyResult<()> {
    let traced = match protocol::lookup_attribute(hook, &names::__cantrace__, thread)? {
        Some(value) => protocol::is_true(&value, thread)?,
        None => false,
    };
    let tracing = thread.state().base().tracing.get();
    if !traced {
        thread.state().base().tracing.set(tracing + 1);
    }
    let result = protocol::call(hook, &[event, arguments], thread);
    thread.state().base().tracing.set(tracing);
    result.map(drop)
}

/// `sys.addaudithook`: hooks that are there already may refuse by raising.
pub fn add(hook: &Object, thread: &mut Thread) -> PyResult<()> {
    let refused = audit("sys.addaudithook", &[], thread);
    if thread.suppress(refused, Exception)?.is_none() {
        return Ok(());
    }
    let hooks = thread.interpreter().extension::<AuditHooks>();
    hooks.0.borrow_mut().push(Py::from_ref(hook));
    thread.interpreter().hooks.audit.set(Some(audit));
    Ok(())
}

/// `sys.audit`.
pub fn audit_from_program(event: &Str, arguments: &[&Object], thread: &mut Thread) -> PyResult<()> {
    if !thread.is_audited() {
        return Ok(());
    }
    tell(event, arguments, thread)
}
