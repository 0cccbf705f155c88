//! `__main__` as others see it: its names, its script, and the script run again where a pickle refers to what is in it.

use std::cell::RefCell;

use objects::dict::Dict;
use objects::errors::{AttributeError, BaseException, PyResult};
use objects::module::Module;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::errors::raise_not_shareable;
use crate::import;

/// The name under which another interpreter's main script runs here.
const BORROWED_NAME: &str = "<fake __main__>";

/// Scripts of other interpreters that have been run here, with the module that they made.
#[derive(Default)]
struct Borrowed(RefCell<Vec<(String, Py<Module>)>>);

fn main(thread: &mut Thread) -> Option<Py<Object>> {
    let name = thread.intern_text("__main__");
    thread.interpreter().modules.get().and_then(|it| it.get_str(&name, thread))
}

/// The names of `__main__`.
pub fn namespace(thread: &mut Thread) -> PyResult<Py<Dict>> {
    let main = main(thread).and_then(|it| it.downcast_into::<Module>().ok());
    match main {
        Some(main) => Ok(main.dict()),
        None => Err(raise!(thread, RuntimeError, "interpreter has no __main__ module")),
    }
}

/// The file of this interpreter's main script, if it runs one.
pub fn file(thread: &mut Thread) -> Option<String> {
    let main = main(thread)?.downcast_into::<Module>().ok()?;
    let name = thread.intern_text("__file__");
    let file = main.dict().get_str(&name, thread)?;
    file.downcast::<Str>().and_then(|it| it.to_text())
}

/// `pickle.loads`. What is missing in `__main__` is looked for in the script that the sender ran.
pub fn unpickle(written: &[u8], script: Option<&str>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let first = match load(written, thread) {
        Ok(object) => return Ok(object),
        Err(raised) => thread.catch(raised),
    };
    let cause = match script {
        Some(script) if misses_main(&first, thread) => match with_script(written, script, thread) {
            Ok(object) => return Ok(object),
            Err(raised) => thread.catch(raised),
        },
        _ => first,
    };
    Err(raise_not_shareable(format_args!("object could not be unpickled"), Some(cause), thread))
}

fn load(written: &[u8], thread: &mut Thread) -> PyResult<Py<Object>> {
    let loads = import::function("pickle", "loads", thread)?;
    let written = thread.make_bytes(written)?;
    protocol::call(&loads, &[&written], thread)
}

/// True for what `pickle` raises where `__main__` has no such attribute.
fn misses_main(exception: &BaseException, thread: &mut Thread) -> bool {
    if !exception.class().is_subtype(AttributeError.as_type()) {
        return false;
    }
    match protocol::str(exception, thread) {
        Ok(text) => text.to_string_lossy().contains("__main__"),
        Err(raised) => {
            drop(thread.catch(raised));
            false
        }
    }
}

/// Loads with the script's module in the place of `__main__`.
fn with_script(written: &[u8], script: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let module = borrowed(script, thread)?;
    let Some(modules) = thread.interpreter().modules.get() else { return load(written, thread) };
    let name = thread.intern_text("__main__");
    let own = modules.get_str(&name, thread);
    modules.set_str(&name, &module, thread)?;
    let loaded = load(written, thread);
    let restored = match own {
        Some(own) => modules.set_str(&name, &own, thread),
        None => modules.delete(&name, thread).map(|_| ()),
    };
    let object = loaded?;
    restored?;
    Ok(object)
}

/// The module that a script of another interpreter makes when it runs here under another name than `__main__`.
fn borrowed(script: &str, thread: &mut Thread) -> PyResult<Py<Module>> {
    let known = thread.interpreter().extension::<Borrowed>();
    let found = known.0.borrow().iter().find(|it| it.0 == script).map(|it| it.1.clone());
    if let Some(module) = found {
        return Ok(module);
    }
    let name = Str::from_str(BORROWED_NAME, thread);
    let module = Module::new(&name, thread)?;
    let run = import::function("runpy", "run_path", thread)?;
    let path = Str::from_str(script, thread);
    let none = thread.none();
    let names_of_script = protocol::call(&run, &[&path, &none, &name], thread)?;
    let Some(names_of_script) = names_of_script.downcast::<Dict>() else {
        return Err(raise!(thread, SystemError, "runpy.run_path() gave something else than a dict"));
    };
    let target = module.dict();
    for (key, value) in names_of_script.items_snapshot(thread) {
        target.set(&key, &value, thread)?;
    }
    target.set_str(&names::__name__, &name, thread)?;
    known.0.borrow_mut().push((script.to_owned(), module.clone()));
    Ok(module)
}
