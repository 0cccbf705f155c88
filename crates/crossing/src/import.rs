//! Modules of the library that crossing needs: `pickle`, `marshal`, `traceback`, `runpy`.

use objects::errors::PyResult;
use objects::list::List;
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::thread::Thread;

/// A function of a module, which is imported if need be.
pub fn function(module: &str, name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let module = thread.intern_text(module);
    let import = protocol::builtin(&names::__import__, thread)?;
    let none = thread.none();
    let nothing = List::empty(thread);
    let level = protocol::make_int(0, thread);
    let imported = protocol::call(&import, &[&module, &none, &none, &nothing, &level], thread)?;
    let modules = thread.interpreter().modules.get();
    // The import gives the package of a module with dots in its name.
    let imported = modules.and_then(|it| it.get_str(&module, thread)).unwrap_or(imported);
    let name = thread.intern_text(name);
    protocol::get_attribute(&imported, &name, thread)
}
