//! `ContextVar`.

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyObject;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{LookupError, PyResult};
use objects::object::{BaseObject, hash_of_address};
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::object;
use super::token::Token;

/// A variable that has a value of its own in each context.
#[derive(Instance)]
#[repr(C)]
pub struct ContextVar {
    header: Header,
    name: Field<Str>,
    default: Field,
    /// The value when it was last asked for or set, borrowed from the context, and by which thread in which context.
    cached: Cell<*mut PyObject>,
    cached_thread: Cell<u64>,
    cached_version: Cell<u64>,
    hash: Cell<isize>,
}

impl ContextVar {
    pub fn new(name: &Str, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<ContextVar>> {
        let value = ContextVar {
            header: Header::new(ContextVar::class()),
            name: Py::from_ref(name).into(),
            default: Field::new(default.map(Py::from_ref)),
            cached: Cell::new(std::ptr::null_mut()),
            cached_thread: Cell::new(0),
            cached_version: Cell::new(0),
            hash: Cell::new(0),
        };
        let variable = Py::new(value, thread);
        variable.hash.set(hash_of_address(variable.address()) ^ protocol::hash(name, thread)?);
        Ok(variable)
    }

    /// The value in the running context; None if it has none there.
    #[inline]
    pub fn value(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let base = thread.state().base();
        if self.cached_version.get() == base.context_ver.get() && self.cached_thread.get() == base.id.get() {
            // SAFETY: the thread runs in the context in which this was the value. Only the variable itself changes that, and then what is
            // cached too.
            if let Some(value) = unsafe { Object::from_pointer(self.cached.get()) } {
                return Ok(Some(Py::from_ref(value)));
            }
        }
        self.value_from_context(thread)
    }

    fn value_from_context(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        // Without a context nothing was set.
        if thread.state().base().context.get().is_null() {
            return Ok(None);
        }
        let value = object::current(thread).get_value(self, thread)?;
        self.cache(value.as_deref(), thread);
        Ok(value)
    }

    /// Notes the value in the running context.
    fn cache(&self, value: Option<&Object>, thread: &Thread) {
        let base = thread.state().base();
        self.cached.set(value.map_or(std::ptr::null_mut(), Object::as_pointer));
        self.cached_thread.set(base.id.get());
        self.cached_version.set(base.context_ver.get());
    }

    /// Sets the value in the running context; the token can take that back.
    pub fn set_value(&self, value: &Object, thread: &mut Thread) -> PyResult<Py<Token>> {
        let context = object::current(thread);
        let old = context.get_value(self, thread)?;
        let token = Token::new(&context, self, old, thread);
        self.cached.set(std::ptr::null_mut());
        context.set_value(self, Some(value), thread)?;
        self.cache(Some(value), thread);
        Ok(token)
    }

    /// Takes back what [`ContextVar::set_value`] did.
    pub fn reset_to(&self, token: &Token, thread: &mut Thread) -> PyResult<()> {
        if token.is_used() {
            let shown = protocol::repr(token, thread)?.to_string_lossy();
            return Err(raise!(thread, RuntimeError, "{shown} has already been used once"));
        }
        if !token.is_of_variable(self) {
            let shown = protocol::repr(token, thread)?.to_string_lossy();
            return Err(raise!(thread, ValueError, "{shown} was created by a different ContextVar"));
        }
        let context = object::current(thread);
        if !token.is_of_context(&context) {
            let shown = protocol::repr(token, thread)?.to_string_lossy();
            return Err(raise!(thread, ValueError, "{shown} was created in a different Context"));
        }
        token.use_up();
        self.cached.set(std::ptr::null_mut());
        context.set_value(self, token.old().as_deref(), thread)
    }
}

#[python_type(
    name = "_contextvars.ContextVar", symbol = "PyContextVar_Type", base = BaseObject,
    members(name: Object)
)]
impl ContextVar {
    #[slot(tp_new)]
    fn new_variable(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<ContextVar>> {
        let _ = class;
        let [name] = arguments.items() else {
            let (bound, given) = match arguments.length() {
                0 => ("exactly", 0),
                given => ("at most", given),
            };
            return Err(raise!(thread, TypeError, "ContextVar() takes {bound} 1 positional argument ({given} given)"));
        };
        let mut default = None;
        for (keyword, value) in keywords.map_or_else(Vec::new, |it| it.items_snapshot(thread)) {
            if !keyword.downcast::<Str>().is_some_and(|it| it.equals_text("default")) {
                let keyword = protocol::str(&keyword, thread)?.to_string_lossy();
                return Err(raise!(thread, TypeError, "ContextVar() got an unexpected keyword argument '{keyword}'"));
            }
            default = Some(value);
        }
        match name.downcast::<Str>() {
            Some(name) => Self::new(name, default.as_deref(), thread),
            None => Err(raise!(thread, TypeError, "context variable name must be a str")),
        }
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        Ok(self.hash.get())
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        let name = match self.name.get() {
            Some(name) => protocol::repr(&name, thread)?.to_string_lossy(),
            None => String::new(),
        };
        let default = match self.default.get() {
            Some(default) => format!(" default={}", protocol::repr(&default, thread)?.to_string_lossy()),
            None => String::new(),
        };
        Ok(format!("<ContextVar name={name}{default} at {:#x}>", self.address()))
    }

    /// get($self, default=<unrepresentable>, /)
    /// --
    ///
    /// Return a value for the context variable for the current context.
    ///
    /// If there is no value for the variable in the current context, the
    /// method will:
    ///  * return the value of the default argument of the method, if
    ///    provided; or
    ///  * return the default value for the context variable, if it was
    ///    created with one; or
    ///  * raise a LookupError.
    #[method]
    fn get(&self, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let value = self.value(thread)?;
        match value.or_else(|| default.map(Py::from_ref)).or_else(|| self.default.get()) {
            Some(value) => Ok(value),
            None => Err(thread.raise_with_argument(LookupError, Py::from_ref(self).into_object())),
        }
    }

    /// set($self, value, /)
    /// --
    ///
    /// Call to set a new value for the context variable in the current context.
    ///
    /// The required value argument is the new value for the context
    /// variable.
    ///
    /// Returns a Token object that can be used to restore the variable to
    /// its previous value via the `ContextVar.reset()` method.
    #[method]
    fn set(&self, value: &Object, thread: &mut Thread) -> PyResult<Py<Token>> {
        self.set_value(value, thread)
    }

    /// reset($self, token, /)
    /// --
    ///
    /// Reset the context variable.
    ///
    /// The variable is reset to the value it had before the
    /// `ContextVar.set()` that created the token was used.
    #[method]
    fn reset(&self, token: &Object, thread: &mut Thread) -> PyResult<()> {
        match token.downcast::<Token>() {
            Some(token) => self.reset_to(token, thread),
            None => {
                let shown = protocol::repr(token, thread)?.to_string_lossy();
                Err(raise!(thread, TypeError, "expected an instance of Token, got {shown}"))
            }
        }
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// ContextVars are generic over the type of their contained values
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }
}

const _: () = assert!(offset_of!(ContextVar, name) == size_of::<Header>());
