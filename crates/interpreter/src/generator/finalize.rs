//! What happens when a generator goes before it has finished: it is closed, or somebody is told that nobody awaited it.

use objects::errors::{PyResult, RuntimeWarning};
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::object::{Generator, GeneratorState};
use super::throw::close;

/// `__del__` of generators, coroutines and asynchronous generators.
pub fn finalize(generator: &Generator, thread: &mut Thread) {
    if generator.state().is_finished() {
        return;
    }
    let raised = thread.take_exception();
    if let Some(finalizer) = hook(generator) {
        // The event loop arranges for it to be closed.
        let result = protocol::call_one(&finalizer, generator, thread);
        report(result, "Exception ignored while calling finalizer", &finalizer, thread);
    } else if generator.is_coroutine() && generator.state() == GeneratorState::Created {
        warn_never_awaited(generator, thread);
    } else {
        let result = close(generator, thread);
        report(result, "Exception ignored while closing generator", generator, thread);
    }
    thread.restore_exception(raised);
}

/// The finalizer hook of an asynchronous generator that was not closed.
fn hook(generator: &Generator) -> Option<Py<Object>> {
    if !generator.is_async_generator() || generator.is_closed.get() {
        return None;
    }
    generator.origin_or_finalizer.get()
}

fn report(result: PyResult<Py<Object>>, doing: &str, object: &Object, thread: &mut Thread) {
    let raised = match result {
        Ok(value) => return value.release(thread),
        Err(raised) => raised,
    };
    let exception = thread.catch(raised);
    let message = match protocol::repr(object, thread) {
        Ok(shown) => format!("{doing} {}", shown.to_string_lossy()),
        Err(other) => {
            drop(thread.catch(other));
            doing.to_owned()
        }
    };
    let raised = thread.set_exception(exception);
    thread.report_unraisable(raised, &message, None);
}

/// `coroutine 'f' was never awaited`, with where it was made if that was tracked: the library's text, if the library is there.
fn warn_never_awaited(generator: &Generator, thread: &mut Thread) {
    const IGNORED: &str = "Exception ignored while finalizing coroutine";
    if let Some(warn) = library_warning(thread) {
        let result = protocol::call_one(&warn, generator, thread);
        let is_warned = result.is_ok() || thread.raised_is(RuntimeWarning);
        if let Err(raised) = result {
            report(Err(raised), IGNORED, generator, thread);
        }
        if is_warned {
            return;
        }
    }
    let name = generator.qualified_name(thread).to_string_lossy();
    if let Err(raised) = thread.warn(RuntimeWarning, 1, format_args!("coroutine '{name}' was never awaited")) {
        report(Err(raised), IGNORED, generator, thread);
    }
}

/// `warnings._warn_unawaited_coroutine`.
fn library_warning(thread: &mut Thread) -> Option<Py<Object>> {
    let found = find_library_warning(thread);
    match found {
        Ok(function) => Some(function),
        Err(raised) => {
            drop(thread.catch(raised));
            None
        }
    }
}

fn find_library_warning(thread: &mut Thread) -> PyResult<Py<Object>> {
    let import = protocol::builtin(&names::__import__, thread)?;
    let warnings = protocol::call_one(&import, &names::warnings, thread)?;
    let name = thread.intern_text("_warn_unawaited_coroutine");
    protocol::get_attribute(&warnings, &name, thread)
}
