//! `partial` and `Placeholder`.

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyObject;
use macros::{Instance, python_type};
use objects::descriptors::BoundMethod;
use objects::dict::{Dict, Duplicates};
use objects::errors::{PyResult, Raised};
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type, instance_dict};

use super::placeholder;

#[derive(Instance)]
#[repr(C)]
pub struct PlaceholderType {
    header: Header,
}

impl PlaceholderType {
    pub fn new() -> Self {
        PlaceholderType { header: Header::new(PlaceholderType::class()) }
    }
}

/// The type of the Placeholder singleton.
///
/// Used as a placeholder for partial arguments.
#[python_type(name = "functools._PlaceholderType", base = BaseObject, flags(HEAPTYPE))]
impl PlaceholderType {
    #[slot(tp_new)]
    fn new_placeholder(
        _class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        if arguments.length() > 0 || keywords.is_some_and(|it| it.length() > 0) {
            return Err(raise!(thread, TypeError, "_PlaceholderType takes no arguments"));
        }
        Ok(placeholder(thread))
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> Py<Str> {
        Str::from_str("Placeholder", thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self) -> &'static str {
        "Placeholder"
    }
}

/// A callable with some of its arguments given.
#[derive(Instance)]
#[repr(C)]
pub struct Partial {
    header: Header,
    function: Field,
    arguments: Field<Tuple>,
    keywords: Field<Dict>,
    dict: Field<Dict>,
    weak_references: Cell<*mut PyObject>,
    /// How many of the arguments are placeholders.
    placeholders: Cell<usize>,
}

/// The parts of a partial: its function, arguments, and arguments by name.
type Parts = (Py<Object>, Py<Tuple>, Py<Dict>);

impl Partial {
    fn parts(&self, thread: &mut Thread) -> PyResult<Parts> {
        match (self.function.get(), self.arguments.get(), self.keywords.get()) {
            (Some(function), Some(arguments), Some(keywords)) => Ok((function, arguments, keywords)),
            _ => Err(raise!(thread, SystemError, "a partial object was cleared")),
        }
    }

    /// The arguments of a partial of a partial: the placeholders are filled, the others follow.
    fn joined(&self, inner: &Tuple, outer: &[Py<Object>], thread: &mut Thread) -> Vec<Py<Object>> {
        let mut outer = outer.iter().cloned();
        let mark = placeholder(thread);
        let mut all: Vec<_> = inner
            .items()
            .iter()
            .map(|it| if it.is(&mark) { outer.next().unwrap_or_else(|| mark.clone()) } else { it.clone() })
            .collect();
        all.extend(outer);
        all
    }

    fn set_state(&self, state: &Object, thread: &mut Thread) -> PyResult<()> {
        let parts = state.downcast::<Tuple>().map(Tuple::items);
        let Some([function, arguments, keywords, dict]) = parts else { return Err(raise_invalid_state(thread)) };
        let valid_keywords = [keywords, dict].iter().all(|it| it.is_none() || it.downcast::<Dict>().is_some());
        let Some(arguments) = arguments.downcast::<Tuple>() else { return Err(raise_invalid_state(thread)) };
        if function.class().slots().tp_call.get().is_none() || !valid_keywords {
            return Err(raise_invalid_state(thread));
        }
        let placeholders = count_placeholders(arguments.items(), thread)?;
        let arguments = protocol::to_tuple(arguments, thread)?;
        let keywords = match keywords.downcast::<Dict>() {
            None => Dict::new(thread),
            Some(keywords) if keywords.is_exactly::<Dict>() => Py::from_ref(keywords),
            Some(keywords) => keywords.copy(thread)?,
        };
        self.function.set(Some(function.clone()));
        self.arguments.set(Some(arguments));
        self.keywords.set(Some(keywords));
        self.placeholders.set(placeholders);
        self.dict.set(dict.downcast::<Dict>().map(Py::from_ref));
        Ok(())
    }
}

#[cold]
fn raise_invalid_state(thread: &mut Thread) -> Raised {
    raise!(thread, TypeError, "invalid partial state")
}

/// How many placeholders there are; TypeError if the last argument is one.
fn count_placeholders(arguments: &[Py<Object>], thread: &mut Thread) -> PyResult<usize> {
    let mark = placeholder(thread);
    if arguments.last().is_some_and(|it| it.is(&mark)) {
        return Err(raise!(thread, TypeError, "trailing Placeholders are not allowed"));
    }
    Ok(arguments.iter().filter(|it| it.is(&mark)).count())
}

/// partial(func, /, *args, **keywords)
/// --
///
/// Create a new function with partial application of the given arguments
/// and keywords.
#[python_type(
    name = "functools.partial", base = BaseObject, flags(HEAPTYPE, BASETYPE, METHOD_DESCRIPTOR),
    members(
        func(function): Object = "function object to use in future partial calls",
        args(arguments): Object = "tuple of arguments to future partial calls",
        keywords: Object = "dictionary of keyword arguments to future partial calls"
    ),
    dict_offset = offset_of!(Partial, dict), weaklist_offset = offset_of!(Partial, weak_references)
)]
impl Partial {
    #[slot(tp_new)]
    fn new_partial(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<Partial>> {
        let [function, given @ ..] = arguments.items() else {
            return Err(raise!(thread, TypeError, "type 'partial' takes at least one argument"));
        };
        if function.class().slots().tp_call.get().is_none() {
            return Err(raise!(thread, TypeError, "the first argument must be callable"));
        }
        count_placeholders(given, thread)?;
        let mark = placeholder(thread);
        let pairs = keywords.map_or_else(Vec::new, |it| it.items_snapshot(thread));
        if pairs.iter().any(|pair| pair.1.is(&mark)) {
            return Err(raise!(thread, TypeError, "Placeholder cannot be passed as a keyword argument"));
        }
        let inner = function
            .downcast::<Partial>()
            .filter(|it| it.class().slots().tp_call.get().is_some() && it.dict.is_empty());
        let (function, all, all_keywords) = match inner {
            Some(partial) => {
                let (function, inner, inner_keywords) = partial.parts(thread)?;
                let all = partial.joined(&inner, given, thread);
                (function, all, inner_keywords.copy(thread)?)
            }
            None => (function.clone(), given.to_vec(), Dict::new(thread)),
        };
        if let Some(keywords) = keywords {
            all_keywords.merge(keywords, Duplicates::Replace, thread)?;
        }
        let placeholders = all.iter().filter(|it| it.is(&mark)).count();
        let partial = Partial {
            header: Header::new(Partial::class()),
            function: function.into(),
            arguments: Tuple::new(all, thread)?.into(),
            keywords: all_keywords.into(),
            dict: Field::EMPTY,
            weak_references: Cell::new(std::ptr::null_mut()),
            placeholders: Cell::new(placeholders),
        };
        Py::new_in(class, partial, thread)
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (function, own, own_keywords) = self.parts(thread)?;
        let (least, given) = (self.placeholders.get(), arguments.length());
        if given < least {
            return Err(raise!(
                thread,
                TypeError,
                "missing positional arguments in 'partial' call; expected at least {least}, got {given}"
            ));
        }
        let all = if own.length() == 0 {
            Py::from_ref(arguments)
        } else {
            let all = self.joined(&own, arguments.items(), thread);
            Tuple::new(all, thread)?
        };
        let keywords = keywords.filter(|it| !it.is_empty());
        let merged = match (own_keywords.is_empty(), keywords) {
            (true, given) => given.map(Py::from_ref),
            (false, given) => {
                let merged = own_keywords.copy(thread)?;
                if let Some(given) = given {
                    merged.merge(given, Duplicates::Replace, thread)?;
                }
                Some(merged)
            }
        };
        protocol::call_tuple_or_vector(&function, &all, merged.as_deref(), thread)
    }

    #[slot(tp_descr_get)]
    fn bind(&self, instance: Option<&Object>, _owner: Option<&Object>, thread: &mut Thread) -> Py<Object> {
        match instance.filter(|it| !it.is_none()) {
            Some(instance) => BoundMethod::new(self, instance, thread).into_object(),
            None => Py::from_ref(self).into_object(),
        }
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        protocol::repr_guarded(self, "...", thread, |thread| {
            let (function, arguments, keywords) = self.parts(thread)?;
            let class = Py::from_ref(self.class());
            let mut text = protocol::ContainerRepr::open(&protocol::qualified_name(&class, thread));
            text.push("(");
            text.push_repr(&function, thread)?;
            for argument in arguments.items() {
                text.push(", ");
                text.push_repr(argument, thread)?;
            }
            for (name, value) in keywords.items_snapshot(thread) {
                text.push(", ");
                let name = protocol::str(&name, thread)?;
                text.push(&name.to_string_lossy());
                text.push("=");
                text.push_repr(&value, thread)?;
            }
            text.push(")");
            text.finish(thread)
        })
    }

    #[getter]
    fn __dict__(&self, thread: &mut Thread) -> Option<Py<Dict>> {
        instance_dict::dict(self, thread)
    }

    #[setter(name = "__dict__")]
    fn set_dict(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        instance_dict::set_dict(self, value, thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let (function, arguments, keywords) = self.parts(thread)?;
        let dict = self.dict.get().map_or_else(|| thread.none(), Py::into_object);
        let initial = Tuple::new(vec![function.clone()], thread)?.into_object();
        let state = vec![function, arguments.into_object(), keywords.into_object(), dict];
        let state = Tuple::new(state, thread)?.into_object();
        Tuple::new(vec![Py::from_ref(self.class()).into_object(), initial, state], thread)
    }

    /// __setstate__($self, object, /)
    /// --
    ///
    ///
    #[method]
    fn __setstate__(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        self.set_state(object, thread)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// partial is generic over the wrapped function's return type
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }
}
