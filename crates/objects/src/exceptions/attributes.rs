//! `ImportError`, `NameError` and `AttributeError`: exceptions that know what was looked for.

use std::mem::offset_of;

use macros::{Instance, python_type};

use super::hierarchy::Exception;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::names;
use crate::raise;
use crate::refs::{Field, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Member, MemberKind};

/// Puts keyword arguments into the fields of their names; those that are not given become empty.
fn take_keywords(class: &str, keywords: Option<&Dict>, fields: &[(&Str, &Field)], thread: &mut Thread) -> PyResult<()> {
    let given = keywords.map_or_else(Vec::new, |it| it.items_snapshot(thread));
    for (name, _) in &given {
        let Some(name) = name.downcast::<Str>() else {
            return Err(raise!(thread, TypeError, "keywords must be strings"));
        };
        if !fields.iter().any(|(it, _)| it.equals(name)) {
            let name = name.to_string_lossy();
            return Err(raise!(thread, TypeError, "{class}() got an unexpected keyword argument '{name}'"));
        }
    }
    for (name, field) in fields {
        field.set(keywords.and_then(|it| it.get_str(name, thread)));
    }
    Ok(())
}

/// The instance's dictionary with the fields that are set added to a copy; None if there is nothing.
fn state_with(
    dict: Option<Py<Dict>>,
    fields: &[(&Str, Option<Py<Object>>)],
    thread: &mut Thread,
) -> PyResult<Option<Py<Object>>> {
    if fields.iter().all(|(_, value)| value.is_none()) {
        return Ok(dict.map(Py::into_object));
    }
    let state = Dict::new(thread);
    for (name, value) in dict.map_or_else(Vec::new, |it| it.items_snapshot(thread)) {
        state.set(&name, &value, thread)?;
    }
    for (name, value) in fields {
        if let Some(value) = value {
            state.set_str(name, value, thread)?;
        }
    }
    Ok(Some(state.into_object()))
}

/// Import can't find module, or can't find name in module.
#[derive(Instance)]
#[repr(C)]
pub struct ImportError {
    base: Exception,
    msg: Field,
    /// The module that was to be imported.
    pub name: Field,
    /// Where it was found, if it was.
    pub path: Field,
    /// What `from … import …` was to take from it.
    pub name_from: Field,
}

const _: () = assert!(size_of::<ImportError>() == size_of::<layout::PyImportErrorObject>());

const IMPORT_MEMBERS: &[Member] = &[
    Member::writable(c"msg", MemberKind::Object, offset_of!(ImportError, msg), Some(c"exception message")),
    Member::writable(c"name", MemberKind::Object, offset_of!(ImportError, name), Some(c"module name")),
    Member::writable(c"path", MemberKind::Object, offset_of!(ImportError, path), Some(c"module path")),
    Member::writable(
        c"name_from",
        MemberKind::Object,
        offset_of!(ImportError, name_from),
        Some(c"name imported from module"),
    ),
];

/// Import can't find module, or can't find name in module.
#[python_type(base = Exception, flags(BASETYPE, BASE_EXC_SUBCLASS), member_table = IMPORT_MEMBERS)]
impl ImportError {
    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        self.as_base().initialize(arguments, None, thread)?;
        let fields: &[(&Str, &Field)] =
            &[(&names::name, &self.name), (&names::path, &self.path), (&names::name_from, &self.name_from)];
        take_keywords("ImportError", keywords, fields, thread)?;
        self.msg.set(match arguments.items() {
            [message] => Some(message.clone()),
            _ => None,
        });
        Ok(())
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        match self.msg.get().filter(|it| it.is_exactly::<Str>()).map(Py::downcast_into::<Str>) {
            Some(Ok(message)) => Ok(message),
            _ => self.as_base().message(thread),
        }
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let fields: &[(&Str, Option<Py<Object>>)] = &[
            (&names::name, self.name.get()),
            (&names::path, self.path.get()),
            (&names::name_from, self.name_from.get()),
        ];
        let state = state_with(self.as_base().existing_dict(), fields, thread)?;
        let args = self.as_base().args_or_empty(thread);
        self.as_base().reduced(args, state, thread)
    }
}

/// Name not found globally.
#[derive(Instance)]
#[repr(C)]
pub struct NameError {
    base: Exception,
    /// The name that was looked for.
    pub name: Field,
}

const _: () = assert!(size_of::<NameError>() == size_of::<layout::PyNameErrorObject>());

const NAME_MEMBERS: &[Member] =
    &[Member::writable(c"name", MemberKind::Object, offset_of!(NameError, name), Some(c"name"))];

/// Name not found globally.
#[python_type(base = Exception, flags(BASETYPE, BASE_EXC_SUBCLASS), member_table = NAME_MEMBERS)]
impl NameError {
    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        self.as_base().initialize(arguments, None, thread)?;
        take_keywords("NameError", keywords, &[(&names::name, &self.name)], thread)
    }
}

/// Attribute not found.
#[derive(Instance)]
#[repr(C)]
pub struct AttributeError {
    base: Exception,
    /// The object that lacks the attribute.
    pub obj: Field,
    /// The attribute's name.
    pub name: Field,
}

const _: () = assert!(size_of::<AttributeError>() == size_of::<layout::PyAttributeErrorObject>());

const ATTRIBUTE_MEMBERS: &[Member] = &[
    Member::writable(c"name", MemberKind::Object, offset_of!(AttributeError, name), Some(c"attribute name")),
    Member::writable(c"obj", MemberKind::Object, offset_of!(AttributeError, obj), Some(c"object")),
];

impl AttributeError {
    /// What is pickled: not the object, which might be anything.
    fn state(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let args = self.as_base().args().map(Py::into_object);
        let fields: &[(&Str, Option<Py<Object>>)] = &[(&names::name, self.name.get()), (&names::args, args)];
        state_with(self.as_base().existing_dict(), fields, thread)
    }
}

/// Attribute not found.
#[python_type(base = Exception, flags(BASETYPE, BASE_EXC_SUBCLASS), member_table = ATTRIBUTE_MEMBERS)]
impl AttributeError {
    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        self.as_base().initialize(arguments, None, thread)?;
        let fields: &[(&Str, &Field)] = &[(&names::name, &self.name), (&names::obj, &self.obj)];
        take_keywords("AttributeError", keywords, fields, thread)
    }

    /// __getstate__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __getstate__(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        self.state(thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let state = self.state(thread)?.unwrap_or_else(|| thread.none());
        let args = self.as_base().args_or_empty(thread);
        self.as_base().reduced(args, Some(state), thread)
    }
}
