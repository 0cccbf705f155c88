//! `Context`.

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyObject;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Field, Header, Object, Py, cast};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::iterators::{Items, Keys, Values};
use super::variable::ContextVar;

/// A mapping of context variables to values, and whether code runs in it.
#[derive(Instance)]
#[repr(C)]
pub struct Context {
    header: Header,
    /// The context that goes on when this one is left.
    previous: Field<Context>,
    values: Field<Dict>,
    weak_references: Cell<*mut PyObject>,
    /// True if a copy may have the same dict.
    shared: Cell<bool>,
    entered: Cell<bool>,
}

/// The context that the thread runs in, made if there is none yet.
pub fn current(thread: &mut Thread) -> Py<Context> {
    // SAFETY: the thread state's context is null or a context that the state owns.
    if let Some(context) = unsafe { Object::from_pointer(thread.state().base().context.get()) } {
        // SAFETY: as above.
        return Py::from_ref(unsafe { cast::<Context>(context) });
    }
    let context = Context::new(thread);
    set_current(Some(context.clone()), thread);
    context
}

/// `copy_context()`.
pub fn copy_current(thread: &mut Thread) -> Py<Context> {
    let context = current(thread);
    context.duplicate(thread)
}

fn set_current(context: Option<Py<Context>>, thread: &mut Thread) {
    let base = thread.state().base();
    let old = base.context.replace(context.map_or(std::ptr::null_mut(), Py::into_pointer));
    base.context_ver.set(base.context_ver.get().wrapping_add(1));
    // SAFETY: the state owned the old one.
    drop(unsafe { Py::<Object>::steal_pointer(old) });
}

/// Tells watchers, if there are any, that another context is the current one.
fn tell_watchers(thread: &mut Thread) {
    if thread.interpreter().watchers.contexts.active() == 0 {
        return;
    }
    // SAFETY: the thread state's context is null or a context, which the new reference keeps.
    let context = unsafe { Object::from_pointer(thread.state().base().context.get()) }.map(Py::from_ref);
    let context = context.unwrap_or_else(|| thread.none());
    objects::watchers::tell_of_context(&context, thread);
}

impl Context {
    /// An empty context.
    pub fn new(thread: &mut Thread) -> Py<Context> {
        let values = Dict::new(thread);
        Self::with(values, false, thread)
    }

    fn with(values: Py<Dict>, shared: bool, thread: &mut Thread) -> Py<Context> {
        let value = Context {
            header: Header::new(Context::class()),
            previous: Field::EMPTY,
            values: values.into(),
            weak_references: Cell::new(std::ptr::null_mut()),
            shared: Cell::new(shared),
            entered: Cell::new(false),
        };
        Py::new(value, thread)
    }

    fn duplicate(&self, thread: &mut Thread) -> Py<Context> {
        self.shared.set(true);
        let values = self.values(thread);
        Self::with(values, true, thread)
    }

    fn values(&self, thread: &mut Thread) -> Py<Dict> {
        match self.values.get() {
            Some(values) => values,
            // Only a context that the collector has cleared has none.
            None => Dict::new(thread),
        }
    }

    /// The value of a variable.
    pub fn get_value(&self, variable: &ContextVar, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let values = self.values(thread);
        values.get(variable, thread)
    }

    /// Sets or deletes the value of a variable.
    pub(super) fn set_value(&self, variable: &ContextVar, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let mut values = self.values(thread);
        if self.shared.replace(false) {
            values = values.copy(thread)?;
            self.values.set(Some(values.clone()));
        }
        match value {
            Some(value) => values.set(variable, value, thread),
            None => values.delete(variable, thread).map(drop),
        }
    }

    /// Makes the context the thread's.
    pub fn enter(&self, thread: &mut Thread) -> PyResult<()> {
        if self.entered.replace(true) {
            let shown = protocol::repr(self, thread)?.to_string_lossy();
            return Err(raise!(thread, RuntimeError, "cannot enter context: {shown} is already entered"));
        }
        // SAFETY: the thread state's context is null or a context.
        let previous = unsafe { Object::from_pointer(thread.state().base().context.get()) };
        // SAFETY: as above.
        self.previous.set(previous.map(|it| Py::from_ref(unsafe { cast::<Context>(it) })));
        set_current(Some(Py::from_ref(self)), thread);
        tell_watchers(thread);
        Ok(())
    }

    /// Goes back to the context before.
    pub fn exit(&self, thread: &mut Thread) -> PyResult<()> {
        let shown = "cannot exit context:";
        if !self.entered.get() {
            return Err(raise!(thread, RuntimeError, "{shown} {:#x} has not been entered", self.address()));
        }
        if thread.state().base().context.get() != self.as_pointer() {
            return Err(raise!(thread, RuntimeError, "{shown} thread state references a different context object"));
        }
        self.entered.set(false);
        let previous = self.previous.take();
        set_current(previous, thread);
        tell_watchers(thread);
        Ok(())
    }
}

fn key<'a>(object: &'a Object, thread: &mut Thread) -> PyResult<&'a ContextVar> {
    match object.downcast::<ContextVar>() {
        Some(variable) => Ok(variable),
        None => {
            let shown = protocol::repr(object, thread)?.to_string_lossy();
            Err(raise!(thread, TypeError, "a ContextVar key was expected, got {shown}"))
        }
    }
}

#[python_type(
    name = "_contextvars.Context", symbol = "PyContext_Type", base = BaseObject, unhashable,
    weaklist_offset = offset_of!(Context, weak_references)
)]
impl Context {
    #[slot(tp_new)]
    fn new_context(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<Context>> {
        let _ = class;
        if arguments.length() > 0 || keywords.is_some_and(|it| it.length() > 0) {
            return Err(raise!(thread, TypeError, "Context() does not accept any arguments"));
        }
        Ok(Self::new(thread))
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (Some(other), Comparison::Equal | Comparison::NotEqual) = (other.downcast::<Self>(), comparison) else {
            return Ok(thread.not_implemented());
        };
        let (left, right) = (self.values(thread), other.values(thread));
        let equal = left.equals(&right, thread)?;
        Ok(objects::bool::Bool::new(equal == (comparison == Comparison::Equal)))
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> PyResult<Py<Keys>> {
        Keys::over(&self.values(thread), thread)
    }

    #[slot(mp_length)]
    fn length(&self, thread: &mut Thread) -> PyResult<usize> {
        Ok(self.values(thread).length())
    }

    #[slot(mp_subscript)]
    fn subscript(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let variable = key(name, thread)?;
        match self.get_value(variable, thread)? {
            Some(value) => Ok(value),
            None => Err(thread.raise_with_argument(objects::errors::KeyError, Py::from_ref(name))),
        }
    }

    #[slot(sq_contains)]
    fn contains(&self, name: &Object, thread: &mut Thread) -> PyResult<bool> {
        let variable = key(name, thread)?;
        Ok(self.get_value(variable, thread)?.is_some())
    }

    /// get($self, key, default=None, /)
    /// --
    ///
    /// Return the value for `key` if `key` has the value in the context object.
    ///
    /// If `key` does not exist, return `default`.  If `default` is not
    /// given, return None.
    #[method]
    fn get(&self, name: &Object, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let variable = key(name, thread)?;
        let value = self.get_value(variable, thread)?;
        Ok(value.unwrap_or_else(|| default.map_or_else(|| thread.none(), Py::from_ref)))
    }

    /// items($self, /)
    /// --
    ///
    /// Return all variables and their values in the context object.
    ///
    /// The result is returned as a list of 2-tuples (variable, value).
    #[method]
    fn items(&self, thread: &mut Thread) -> PyResult<Py<Items>> {
        Items::over(&self.values(thread), thread)
    }

    /// keys($self, /)
    /// --
    ///
    /// Return a list of all variables in the context object.
    #[method]
    fn keys(&self, thread: &mut Thread) -> PyResult<Py<Keys>> {
        Keys::over(&self.values(thread), thread)
    }

    /// values($self, /)
    /// --
    ///
    /// Return a list of all variables' values in the context object.
    #[method(name = "values")]
    fn values_method(&self, thread: &mut Thread) -> PyResult<Py<Values>> {
        Values::over(&self.values(thread), thread)
    }

    /// copy($self, /)
    /// --
    ///
    /// Return a shallow copy of the context object.
    #[method]
    fn copy(&self, thread: &mut Thread) -> Py<Context> {
        self.duplicate(thread)
    }

    #[method]
    #[signature("(*args, **kwargs)")]
    fn run(&self, arguments: &[&Object], keywords: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let [callable, arguments @ ..] = arguments else {
            return Err(raise!(thread, TypeError, "run() missing 1 required positional argument"));
        };
        let arguments = Tuple::from_slice(arguments, thread)?;
        self.enter(thread)?;
        let result = protocol::call_tuple(callable, &arguments, keywords.as_deref(), thread);
        match result {
            Ok(value) => self.exit(thread).map(|()| value),
            Err(raised) => {
                let exception = thread.catch(raised);
                self.exit(thread)?;
                Err(thread.reraise(exception))
            }
        }
    }
}
