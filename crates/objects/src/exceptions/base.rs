//! `BaseException`: what every exception carries, and what all of them can do.

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyBaseExceptionObject;
use macros::{Instance, python_type};

use crate::dict::Dict;
use crate::errors::PyResult;
use crate::list::List;
use crate::names;
use crate::protocol;
use crate::raise;
use crate::refs::{Field, Header, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::instance_dict;
use crate::types::{Member, MemberKind, Type};

/// An exception without fields of its own.
#[derive(Instance)]
#[repr(C)]
pub struct BaseException {
    header: Header,
    dict: Field<Dict>,
    args: Field<Tuple>,
    notes: Field,
    traceback: Field,
    context: Field<BaseException>,
    cause: Field<BaseException>,
    suppress_context: Cell<bool>,
}

const _: () = {
    assert!(size_of::<BaseException>() == size_of::<PyBaseExceptionObject>());
    assert!(offset_of!(BaseException, traceback) == offset_of!(PyBaseExceptionObject, traceback));
    assert!(offset_of!(BaseException, suppress_context) == offset_of!(PyBaseExceptionObject, suppress_context));
};

const MEMBERS: &[Member] =
    &[Member::writable(c"__suppress_context__", MemberKind::Bool, offset_of!(BaseException, suppress_context), None)];

impl BaseException {
    /// A new exception's fields, before arguments are set.
    pub fn fields(class: &Type, args: Option<Py<Tuple>>) -> Self {
        Self {
            header: Header::new(class),
            dict: Field::EMPTY,
            args: Field::new(args),
            notes: Field::EMPTY,
            traceback: Field::EMPTY,
            context: Field::EMPTY,
            cause: Field::EMPTY,
            suppress_context: Cell::new(false),
        }
    }

    /// `__new__` of all exceptions whose fields start empty: their memory is zeroed.
    pub(super) fn make(class: &Type, arguments: &Tuple, thread: &mut Thread) -> PyResult<Py<BaseException>> {
        Py::allocate_in(class, 0, Self::fields(class, Some(Py::from_ref(arguments))), thread)
    }

    /// `BaseException.__init__`, which those of derived classes begin with.
    pub(super) fn initialize(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        self.refuse_keywords(keywords, thread)?;
        self.set_args(Py::from_ref(arguments));
        Ok(())
    }

    /// Raises if there are keyword arguments.
    pub(super) fn refuse_keywords(&self, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        refuse_keywords(self.class(), keywords, thread)
    }

    /// `__context__`: what was being handled when this was raised.
    pub fn context(&self) -> Option<Py<BaseException>> {
        self.context.get()
    }

    pub fn set_context(&self, context: Option<Py<BaseException>>) {
        self.context.set(context);
    }

    /// `__cause__`: what `raise … from …` named.
    pub fn cause(&self) -> Option<Py<BaseException>> {
        self.cause.get()
    }

    /// Sets `__cause__`, and with it `__suppress_context__`.
    pub fn set_cause(&self, cause: Option<Py<BaseException>>) {
        self.suppress_context.set(true);
        self.cause.set(cause);
    }

    /// `__suppress_context__`: the context is not worth printing.
    pub fn suppresses_context(&self) -> bool {
        self.suppress_context.get()
    }

    /// `__traceback__`.
    pub fn traceback(&self) -> Option<Py<Object>> {
        self.traceback.get()
    }

    pub fn set_traceback(&self, traceback: Option<Py<Object>>) {
        self.traceback.set(traceback);
    }

    /// `args`.
    pub fn args(&self) -> Option<Py<Tuple>> {
        self.args.get()
    }

    pub(super) fn set_args(&self, args: Py<Tuple>) {
        self.args.set(Some(args));
    }

    /// The instance's dictionary, if it has one yet.
    pub(super) fn existing_dict(&self) -> Option<Py<Dict>> {
        self.dict.get()
    }

    /// `str(exception)` by its arguments: none, the only one, or all of them as a tuple.
    pub(super) fn message(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let args = self.args_or_empty(thread);
        match args.items() {
            [] => Ok(Str::from_str("", thread)),
            [only] => protocol::str(only, thread),
            _ => protocol::str(&args, thread),
        }
    }

    /// A tuple for `copyreg`: the class, the arguments, and the state if there is one.
    pub(super) fn reduced(
        &self,
        args: Py<Tuple>,
        state: Option<Py<Object>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let mut parts = vec![Py::from_ref(self.class()).into_object(), args.into_object()];
        parts.extend(state);
        Tuple::new(parts, thread)
    }

    /// `args`, or an empty tuple before they are set.
    pub(super) fn args_or_empty(&self, thread: &mut Thread) -> Py<Tuple> {
        self.args().unwrap_or_else(|| Tuple::empty(thread))
    }
}

/// `X() takes no keyword arguments`, if there are any.
pub(super) fn refuse_keywords(class: &Type, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
    if keywords.is_some_and(|it| !it.is_empty()) {
        let name = class.full_name();
        return Err(raise!(thread, TypeError, "{name}() takes no keyword arguments"));
    }
    Ok(())
}

/// An exception or None, as `__context__` and `__cause__` take them.
fn exception_or_none(
    value: Option<&Object>,
    name: &str,
    role: &str,
    thread: &mut Thread,
) -> PyResult<Option<Py<BaseException>>> {
    match value {
        None => Err(raise!(thread, TypeError, "{name} may not be deleted")),
        Some(value) if value.is_none() => Ok(None),
        Some(value) => match value.downcast::<BaseException>() {
            Some(exception) => Ok(Some(Py::from_ref(exception))),
            None => Err(raise!(thread, TypeError, "exception {role} must be None or derive from BaseException")),
        },
    }
}

/// True for tracebacks, whose type a higher layer declares.
fn is_traceback(object: &Object) -> bool {
    object.class().has_flag(layout::_Py_TPFLAGS_STATIC_BUILTIN) && object.class().full_name() == "traceback"
}

/// Common base class for all exceptions
#[python_type(
    base = crate::object::BaseObject, flags(BASETYPE, BASE_EXC_SUBCLASS), member_table = MEMBERS,
    dict_offset = offset_of!(BaseException, dict)
)]
impl BaseException {
    #[slot(tp_new)]
    fn new(
        class: &Type,
        arguments: &Tuple,
        _keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<BaseException>> {
        Self::make(class, arguments, thread)
    }

    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        self.initialize(arguments, keywords, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let args = self.args_or_empty(thread);
        let mut text = protocol::ContainerRepr::open(&self.class().short_name());
        match args.items() {
            [only] => {
                text.push("(");
                text.push_repr(only, thread)?;
                text.push(")");
            }
            _ => text.push_repr(&args, thread)?,
        }
        text.finish(thread)
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        self.message(thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let args = self.args_or_empty(thread);
        let state = self.existing_dict().map(Py::into_object);
        self.reduced(args, state, thread)
    }

    /// __setstate__($self, state, /)
    /// --
    ///
    ///
    #[method]
    fn __setstate__(&self, state: &Object, thread: &mut Thread) -> PyResult<()> {
        if state.is_none() {
            return Ok(());
        }
        let Some(state) = state.downcast::<Dict>() else {
            return Err(raise!(thread, TypeError, "state is not a dictionary"));
        };
        for (name, value) in state.items_snapshot(thread) {
            let name = crate::object::attribute_name(&name, thread)?;
            protocol::set_attribute(self, name, Some(&value), thread)?;
        }
        Ok(())
    }

    /// with_traceback($self, tb, /)
    /// --
    ///
    /// Set self.__traceback__ to tb and return self.
    #[method]
    fn with_traceback(&self, tb: &Object, thread: &mut Thread) -> PyResult<Py<BaseException>> {
        self.set_traceback_attribute(Some(tb), thread)?;
        Ok(Py::from_ref(self))
    }

    /// add_note($self, note, /)
    /// --
    ///
    /// Add a note to the exception
    #[method]
    fn add_note(&self, note: &Str, thread: &mut Thread) -> PyResult<()> {
        let notes = match protocol::lookup_attribute(self, &names::__notes__, thread)? {
            Some(notes) => notes,
            None => {
                let notes = List::empty(thread).into_object();
                protocol::set_attribute(self, &names::__notes__, Some(&notes), thread)?;
                notes
            }
        };
        match notes.downcast::<List>() {
            Some(notes) => notes.push(Py::from_ref(note).into_object(), thread),
            None => Err(raise!(thread, TypeError, "Cannot add note: __notes__ is not a list")),
        }
    }

    #[getter]
    fn __dict__(&self, thread: &mut Thread) -> Option<Py<Dict>> {
        instance_dict::dict(self, thread)
    }

    #[setter(name = "__dict__")]
    fn set_dict(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        instance_dict::set_dict(self, value, thread)
    }

    #[getter(name = "args")]
    fn get_args(&self) -> Option<Py<Tuple>> {
        self.args()
    }

    #[setter(name = "args")]
    fn set_args_attribute(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else { return Err(raise!(thread, TypeError, "args may not be deleted")) };
        let args = protocol::to_tuple(value, thread)?;
        self.set_args(args);
        Ok(())
    }

    #[getter]
    fn __traceback__(&self) -> Option<Py<Object>> {
        self.traceback()
    }

    #[setter(name = "__traceback__")]
    fn set_traceback_attribute(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else { return Err(raise!(thread, TypeError, "__traceback__ may not be deleted")) };
        if !value.is_none() && !is_traceback(value) {
            return Err(raise!(thread, TypeError, "__traceback__ must be a traceback or None"));
        }
        self.set_traceback(Some(value).filter(|it| !it.is_none()).map(Py::from_ref));
        Ok(())
    }

    #[getter]
    fn __context__(&self) -> Option<Py<BaseException>> {
        self.context()
    }

    #[setter(name = "__context__")]
    fn set_context_attribute(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let context = exception_or_none(value, "__context__", "context", thread)?;
        self.set_context(context);
        Ok(())
    }

    #[getter]
    fn __cause__(&self) -> Option<Py<BaseException>> {
        self.cause()
    }

    #[setter(name = "__cause__")]
    fn set_cause_attribute(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let cause = exception_or_none(value, "__cause__", "cause", thread)?;
        self.set_cause(cause);
        Ok(())
    }
}
