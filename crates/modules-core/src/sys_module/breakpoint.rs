//! `sys.breakpointhook`: calls what `PYTHONBREAKPOINT` names.

use objects::dict::Dict;
use objects::errors::{AttributeError, ImportError, PyResult, RuntimeWarning};
use objects::protocol;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;

/// Calls the function that the environment names, by default `pdb.set_trace`.
pub fn run(arguments: &[&Object], keywords: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let named =
        std::env::var("PYTHONBREAKPOINT").ok().filter(|it| !it.is_empty() && !super::ignores_environment(thread));
    let path = named.unwrap_or_else(|| "pdb.set_trace".to_owned());
    if path == "0" {
        return Ok(thread.none());
    }
    let (module, attribute) = path.rsplit_once('.').unwrap_or(("builtins", path.as_str()));
    let module = crate::builtins_module::import_module(module, thread);
    let Some(module) = thread.suppress(module, ImportError)? else { return unimportable(&path, thread) };
    let attribute = thread.intern_text(attribute);
    let function = protocol::get_attribute(&module, &attribute, thread);
    let Some(function) = thread.suppress(function, AttributeError)? else { return unimportable(&path, thread) };
    let arguments = Tuple::from_slice(arguments, thread)?;
    protocol::call_tuple(&function, &arguments, keywords.as_deref(), thread)
}

fn unimportable(path: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    thread.warn(RuntimeWarning, 1, format_args!("Ignoring unimportable $PYTHONBREAKPOINT: \"{path}\""))?;
    Ok(thread.none())
}
