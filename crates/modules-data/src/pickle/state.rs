//! What the module keeps for an interpreter: its exception classes, and what it uses of other modules.

use std::cell::OnceCell;
use std::rc::Rc;

use objects::dict::Dict;
use objects::errors::{Exception, PyResult, Raised};
use objects::list::List;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

/// The place in the interpreter's state.
#[derive(Default)]
struct Place(OnceCell<Rc<State>>);

/// What the module knows.
pub struct State {
    pub pickle_error: Py<Object>,
    pub pickling_error: Py<Object>,
    pub unpickling_error: Py<Object>,
    pub dispatch_table: Py<Dict>,
    pub extension_registry: Py<Dict>,
    pub inverted_registry: Py<Dict>,
    pub extension_cache: Py<Dict>,
    pub names_from_2: Py<Dict>,
    pub imports_from_2: Py<Dict>,
    pub names_to_2: Py<Dict>,
    pub imports_to_2: Py<Dict>,
    pub encode: Py<Object>,
    pub getattr: Py<Object>,
    pub partial: Py<Object>,
}

/// Imports a module with a name that may have dots, and gives that very module.
pub fn import_module(name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let import = protocol::builtin(&objects::names::__import__, thread)?;
    let none = thread.none();
    let nothing = List::empty(thread);
    let level = protocol::make_int(0, thread);
    let module = protocol::call(&import, &[name, &none, &none, &nothing, &level], thread)?;
    let modules = thread.interpreter().modules.get();
    let known = match modules {
        Some(modules) => modules.get(name, thread)?,
        None => None,
    };
    Ok(known.unwrap_or(module))
}

struct Library<'a> {
    name: &'a str,
    module: Py<Object>,
}

impl<'a> Library<'a> {
    fn import(name: &'a str, thread: &mut Thread) -> PyResult<Self> {
        let text = thread.intern_text(name);
        Ok(Self { name, module: import_module(&text, thread)? })
    }

    fn attribute(&self, name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = thread.intern_text(name);
        protocol::get_attribute(&self.module, &name, thread)
    }

    fn dict(&self, name: &str, thread: &mut Thread) -> PyResult<Py<Dict>> {
        let value = self.attribute(name, thread)?;
        if let Some(dict) = value.downcast_exact::<Dict>() {
            return Ok(Py::from_ref(dict));
        }
        let class = value.class().full_name();
        Err(raise!(thread, RuntimeError, "{}.{name} should be a dict, not {class}", self.name))
    }
}

fn make_exception(name: &str, base: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = Str::from_str(name, thread);
    let bases = Tuple::from_slice(&[base], thread)?;
    let body = Dict::new(thread);
    let module = thread.intern_text("_pickle");
    body.set_str(&objects::names::__module__, &module, thread)?;
    protocol::call(Type::class(), &[&name, &bases, &body], thread)
}

impl State {
    fn make(thread: &mut Thread) -> PyResult<State> {
        let copyreg = Library::import("copyreg", thread)?;
        let compatibility = Library::import("_compat_pickle", thread)?;
        let codecs = Library::import("codecs", thread)?;
        let functools = Library::import("functools", thread)?;
        let pickle_error = make_exception("PickleError", Exception.as_type(), thread)?;
        let getattr = thread.intern_text("getattr");
        Ok(State {
            pickling_error: make_exception("PicklingError", &pickle_error, thread)?,
            unpickling_error: make_exception("UnpicklingError", &pickle_error, thread)?,
            pickle_error,
            dispatch_table: copyreg.dict("dispatch_table", thread)?,
            extension_registry: copyreg.dict("_extension_registry", thread)?,
            inverted_registry: copyreg.dict("_inverted_registry", thread)?,
            extension_cache: copyreg.dict("_extension_cache", thread)?,
            names_from_2: compatibility.dict("NAME_MAPPING", thread)?,
            imports_from_2: compatibility.dict("IMPORT_MAPPING", thread)?,
            names_to_2: compatibility.dict("REVERSE_NAME_MAPPING", thread)?,
            imports_to_2: compatibility.dict("REVERSE_IMPORT_MAPPING", thread)?,
            encode: codecs.attribute("encode", thread)?,
            getattr: protocol::builtin(&getattr, thread)?,
            partial: functools.attribute("partial", thread)?,
        })
    }

    /// The interpreter's state, which is made at the first call.
    pub fn of(thread: &mut Thread) -> PyResult<Rc<State>> {
        let place = thread.interpreter().extension::<Place>();
        if let Some(state) = place.0.get() {
            return Ok(state.clone());
        }
        let state = Rc::new(State::make(thread)?);
        Ok(place.0.get_or_init(|| state).clone())
    }
}

#[cold]
fn raise(class: &Object, message: &str, thread: &mut Thread) -> Raised {
    let text = Str::from_str(message, thread);
    match protocol::call_one(class, &text, thread) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

/// PicklingError.
#[cold]
pub fn raise_pickling_error(message: &str, thread: &mut Thread) -> Raised {
    match State::of(thread) {
        Ok(state) => raise(&state.pickling_error, message, thread),
        Err(raised) => raised,
    }
}

/// As [`raise_pickling_error`], and the exception that led to it becomes the context.
#[cold]
pub fn raise_pickling_error_from(raised: Raised, message: &str, thread: &mut Thread) -> Raised {
    let context = thread.catch(raised);
    let raised = raise_pickling_error(message, thread);
    let exception = thread.catch(raised);
    exception.set_context(Some(context));
    thread.reraise(exception)
}

/// UnpicklingError.
#[cold]
pub fn raise_unpickling_error(message: &str, thread: &mut Thread) -> Raised {
    match State::of(thread) {
        Ok(state) => raise(&state.unpickling_error, message, thread),
        Err(raised) => raised,
    }
}
