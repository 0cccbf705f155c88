//! `BaseExceptionGroup` and `ExceptionGroup`: several exceptions raised as one (PEP 654).
//!
//! `ExceptionGroup` has two bases, so it is a class made when it is first asked for, as CPython makes it at start. What `except*` needs is
//! in `except_star`.

use std::mem::offset_of;

use layout::PyBaseExceptionGroupObject;
use macros::{Instance, python_type};
use text::builder::StrBuilder;

use super::base::BaseException;
use super::matching::exception_matches;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::list::List;
use crate::names;
use crate::protocol;
use crate::raise;
use crate::refs::{Field, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{self, Instance as _, Member, MemberKind, Type};

/// A group of exceptions.
#[derive(Instance)]
#[repr(C)]
pub struct BaseExceptionGroup {
    base: BaseException,
    message: Field<Str>,
    exceptions: Field<Tuple>,
    /// `repr` of what the exceptions were given as, if that was not a tuple: it may change later.
    exceptions_text: Field<Str>,
}

const _: () = {
    assert!(size_of::<BaseExceptionGroup>() == size_of::<PyBaseExceptionGroupObject>());
    assert!(offset_of!(BaseExceptionGroup, exceptions_text) == offset_of!(PyBaseExceptionGroupObject, excs_str));
};

const MEMBERS: &[Member] = &[
    Member::new(c"message", MemberKind::Object, offset_of!(BaseExceptionGroup, message), Some(c"exception message")),
    Member::new(
        c"exceptions",
        MemberKind::Object,
        offset_of!(BaseExceptionGroup, exceptions),
        Some(c"nested exceptions"),
    ),
];

/// `ExceptionGroup`.
pub fn exception_group_type(thread: &mut Thread) -> PyResult<Py<Type>> {
    if let Some(class) = thread.interpreter().exception_group.get() {
        return Ok(class);
    }
    let name = thread.intern_text("ExceptionGroup");
    let bases: Vec<Py<Object>> =
        [BaseExceptionGroup::class(), super::Exception.as_type()].map(|it| Py::from_ref(it).into_object()).into();
    let bases = Tuple::new(bases, thread)?;
    let namespace = Dict::new(thread);
    namespace.set_str(&names::__module__, &names::builtins, thread)?;
    let arguments = Tuple::from_slice(&[&name, &bases, &namespace], thread)?;
    let class = types::new_type(Type::class(), &arguments, None, thread)?;
    let class = class.downcast_into::<Type>().map_err(|_| raise!(thread, SystemError, "type() made no type"))?;
    thread.interpreter().exception_group.set(Some(class.clone()));
    Ok(class)
}

/// A new group without a message, of the exceptions in a list or tuple.
pub(super) fn make_group(exceptions: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let message = Str::from_str("", thread);
    protocol::call(BaseExceptionGroup::class(), &[&message, exceptions], thread)
}

/// How the parts of a split are told apart.
pub(super) enum Matcher<'a> {
    /// A class or a tuple of classes.
    Kinds(&'a Object),
    /// A function that says yes or no.
    Predicate(&'a Object),
    /// Addresses of the exceptions to keep.
    Identities(&'a [usize]),
}

impl<'a> Matcher<'a> {
    fn of(value: &'a Object, thread: &mut Thread) -> PyResult<Self> {
        let is_callable = value.class().slots().tp_call.get().is_some();
        if is_callable && value.downcast::<Type>().is_none() {
            return Ok(Self::Predicate(value));
        }
        let is_kind = |it: &Object| it.downcast::<Type>().is_some_and(|it| it.is_subtype(BaseException::class()));
        let are_kinds = value.downcast_exact::<Tuple>().is_some_and(|it| it.items().iter().all(|it| is_kind(it)));
        if is_kind(value) || are_kinds {
            return Ok(Self::Kinds(value));
        }
        let expected = "an exception type, a tuple of exception types, or a callable (other than a class)";
        Err(raise!(thread, TypeError, "expected {expected}"))
    }

    fn matches(&self, exception: &Object, thread: &mut Thread) -> PyResult<bool> {
        match self {
            Self::Kinds(kinds) => exception_matches(exception, kinds, thread),
            Self::Predicate(predicate) => {
                let answer = protocol::call_one(predicate, exception, thread)?;
                protocol::is_true(&answer, thread)
            }
            Self::Identities(addresses) => Ok(addresses.contains(&exception.address())),
        }
    }
}

/// What matches, and the rest; either may be nothing.
pub(super) type Parts = (Option<Py<Object>>, Option<Py<Object>>);

/// Splits an exception, and a group at all its depths.
pub(super) fn split(exception: &Object, matcher: &Matcher<'_>, thread: &mut Thread) -> PyResult<Parts> {
    if matcher.matches(exception, thread)? {
        return Ok((Some(Py::from_ref(exception)), None));
    }
    let Some(group) = exception.downcast::<BaseExceptionGroup>() else {
        return Ok((None, Some(Py::from_ref(exception))));
    };
    thread.check_stack(" in exceptiongroup_split_recursive")?;
    let members = group.exceptions(thread);
    let (mut matching, mut rest) = (Vec::new(), Vec::new());
    for member in members.items() {
        let (inner, other) = split(member, matcher, thread)?;
        matching.extend(inner);
        rest.extend(other);
    }
    let matching = group.subset(matching, thread)?;
    // The rest is not looked at when exceptions are picked by identity: making it would call `derive` for nothing.
    let rest = if matches!(matcher, Matcher::Identities(_)) { None } else { group.subset(rest, thread)? };
    Ok((matching, rest))
}

impl BaseExceptionGroup {
    /// The nested exceptions.
    pub fn exceptions(&self, thread: &mut Thread) -> Py<Tuple> {
        self.exceptions.get().unwrap_or_else(|| Tuple::empty(thread))
    }

    fn message(&self, thread: &mut Thread) -> Py<Str> {
        self.message.get().unwrap_or_else(|| Str::from_str("", thread))
    }

    /// A group of some of the exceptions, with this group's traceback, context, cause and notes; None if there are none.
    fn subset(&self, exceptions: Vec<Py<Object>>, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        if exceptions.is_empty() {
            return Ok(None);
        }
        let exceptions = List::new(exceptions, thread)?;
        let derived = protocol::call_method(self, &names::derive, &[&exceptions], thread)?;
        let Some(group) = derived.downcast::<BaseExceptionGroup>() else {
            return Err(raise!(thread, TypeError, "derive must return an instance of BaseExceptionGroup"));
        };
        let (from, to) = (self.as_base(), group.as_base());
        if let Some(traceback) = from.traceback() {
            to.set_traceback(Some(traceback));
        }
        to.set_context(from.context());
        to.set_cause(from.cause());
        let notes = protocol::lookup_attribute(self, &names::__notes__, thread)?;
        // Notes that are no sequence are somebody's mistake, of which this is not the place to speak.
        if let Some(notes) = notes.filter(|it| protocol::is_sequence(it)) {
            let copy = protocol::to_list(&notes, thread)?;
            protocol::set_attribute(group, &names::__notes__, Some(&copy), thread)?;
        }
        Ok(Some(derived))
    }

    /// Checks what the exceptions of a new group are; true if all of them derive from `Exception`.
    fn check_members(exceptions: &Tuple, thread: &mut Thread) -> PyResult<bool> {
        if exceptions.length() == 0 {
            return Err(raise!(thread, ValueError, "second argument (exceptions) must be a non-empty sequence"));
        }
        let mut all_ordinary = true;
        for (index, exception) in exceptions.items().iter().enumerate() {
            if exception.downcast::<BaseException>().is_none() {
                let message = "of second argument (exceptions) is not an exception";
                return Err(raise!(thread, ValueError, "Item {index} {message}"));
            }
            all_ordinary &= protocol::is_instance(exception, super::Exception.as_type(), thread)?;
        }
        Ok(all_ordinary)
    }

    /// The class that the new group gets: a group of ordinary exceptions is one itself.
    fn class_for(class: &Type, all_ordinary: bool, thread: &mut Thread) -> PyResult<Py<Type>> {
        let ordinary_group = exception_group_type(thread)?;
        if std::ptr::eq(class, &*ordinary_group) {
            if !all_ordinary {
                return Err(raise!(thread, TypeError, "Cannot nest BaseExceptions in an ExceptionGroup"));
            }
        } else if std::ptr::eq(class, BaseExceptionGroup::class()) {
            if all_ordinary {
                return Ok(ordinary_group);
            }
        } else if !all_ordinary && protocol::is_subclass(class, super::Exception.as_type(), thread)? {
            let name = class.full_name();
            return Err(raise!(thread, TypeError, "Cannot nest BaseExceptions in '{name}'"));
        }
        Ok(Py::from_ref(class))
    }
}

/// A combination of multiple unrelated exceptions.
#[python_type(base = BaseException, flags(BASETYPE, BASE_EXC_SUBCLASS), member_table = MEMBERS)]
impl BaseExceptionGroup {
    #[slot(tp_new)]
    fn new(
        class: &Type,
        arguments: &Tuple,
        _keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<BaseException>> {
        let [message, given] = arguments.items() else {
            let count = arguments.length();
            let takes = "BaseExceptionGroup.__new__() takes exactly 2 arguments";
            return Err(raise!(thread, TypeError, "{takes} ({count} given)"));
        };
        let Some(message) = message.downcast::<Str>() else {
            let found = if message.is_none() { "None".to_owned() } else { message.class().full_name() };
            let place = "BaseExceptionGroup.__new__() argument 1";
            return Err(raise!(thread, TypeError, "{place} must be str, not {found}"));
        };
        if !protocol::is_sequence(given) {
            return Err(raise!(thread, TypeError, "second argument (exceptions) must be a sequence"));
        }
        let is_builtin = given.is_exactly::<Tuple>() || given.is_exactly::<List>();
        let text = if is_builtin { None } else { Some(protocol::repr(given, thread)?) };
        let exceptions = protocol::to_tuple(given, thread)?;
        let all_ordinary = Self::check_members(&exceptions, thread)?;
        let class = Self::class_for(class, all_ordinary, thread)?;
        let exception = BaseException::make(&class, arguments, thread)?;
        if let Some(group) = exception.downcast::<BaseExceptionGroup>() {
            group.message.set(Some(Py::from_ref(message)));
            group.exceptions.set(Some(exceptions));
            group.exceptions_text.set(text);
        }
        Ok(exception)
    }

    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        self.as_base().initialize(arguments, keywords, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let exceptions = self.exceptions(thread);
        let given = self.as_base().args_or_empty(thread);
        let shown: Py<Str> = match self.exceptions_text.get() {
            Some(text) => text,
            // A list is shown as one, with what it had in it when the group was made.
            None if given.items().get(1).is_some_and(|it| it.is_exactly::<List>()) => {
                let list = List::new(exceptions.items().to_vec(), thread)?;
                protocol::repr(&list, thread)?
            }
            None => protocol::repr(&exceptions, thread)?,
        };
        let message = protocol::repr(&self.message(thread), thread)?;
        let mut text = StrBuilder::new();
        text.push_str(&self.class().short_name());
        text.push_str("(");
        text.push_view(message.view());
        text.push_str(", ");
        text.push_view(shown.view());
        text.push_str(")");
        Str::from_builder(text, thread)
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let count = self.exceptions(thread).length();
        let plural = if count > 1 { "s" } else { "" };
        let message = protocol::str(&self.message(thread), thread)?;
        let mut text = StrBuilder::new();
        text.push_view(message.view());
        text.push_str(&format!(" ({count} sub-exception{plural})"));
        Str::from_builder(text, thread)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// Exception groups are generic over the type of their contained exceptions
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    /// derive($self, excs, /)
    /// --
    ///
    ///
    #[method]
    fn derive(&self, excs: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let message = self.message(thread);
        protocol::call(BaseExceptionGroup::class(), &[&message, excs], thread)
    }

    /// split($self, matcher_value, /)
    /// --
    ///
    ///
    #[method]
    fn split(&self, matcher_value: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let matcher = Matcher::of(matcher_value, thread)?;
        let (matching, rest) = split(self, &matcher, thread)?;
        let parts = [matching, rest].map(|it| it.unwrap_or_else(|| thread.none()));
        Tuple::new(parts.into(), thread)
    }

    /// subgroup($self, matcher_value, /)
    /// --
    ///
    ///
    #[method]
    fn subgroup(&self, matcher_value: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let matcher = Matcher::of(matcher_value, thread)?;
        Ok(split(self, &matcher, thread)?.0)
    }
}
