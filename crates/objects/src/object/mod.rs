//! `object`, the base of all classes.
//!
//! `attributes` has how ordinary instances get and set attributes, `reduce` how they are pickled; this file what remains of `object`'s
//! own methods.

mod attributes;
mod reduce;

use macros::python_type;

use crate::audit;
use crate::bool::Bool;
use crate::dict::Dict;
use crate::errors::{PyResult, Raised};
use crate::list::List;
use crate::names;
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Header, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{self, Instance as _, Type};

pub use attributes::{
    Method, attribute_name, get_attribute_generic, get_method, has_generic_getattribute, has_generic_new,
    has_generic_setattr, lookup_attribute_generic, set_attribute_generic,
};
pub use reduce::default_state;

/// An instance of exactly `object`, or the part of any object that `object` accounts for.
#[derive(macros::Instance)]
#[repr(C)]
pub struct BaseObject {
    header: Header,
}

/// The hash of an address: objects lie at multiples of 16, so the low bits go to the top.
#[inline]
pub fn hash_of_address(address: usize) -> isize {
    match address.rotate_right(4) as isize {
        -1 => -2,
        hash => hash,
    }
}

/// `<module.Class object at 0x7f…>`.
pub fn default_repr(object: &Object, thread: &mut Thread) -> Py<Str> {
    let class = Py::from_ref(object.class());
    let module = class.dict(thread).get_str(&names::__module__, thread).filter(|_| class.is_heap_type());
    let name = class.qualified_name();
    let text = match module.as_ref().and_then(|it| it.downcast::<Str>()) {
        Some(module) if !module.equals_text("builtins") => {
            format!("<{}.{name} object at {:#x}>", module.to_string_lossy(), object.address())
        }
        _ => format!("<{} object at {:#x}>", class.full_name(), object.address()),
    };
    Str::from_str(&text, thread)
}

/// `unhashable type: 'list'`.
#[cold]
pub fn raise_unhashable(object: &Object, thread: &mut Thread) -> Raised {
    raise!(thread, TypeError, "unhashable type: '{}'", object.class().full_name())
}

fn has_arguments(arguments: &Tuple, keywords: Option<&Dict>) -> bool {
    arguments.length() > 0 || keywords.is_some_and(|it| it.length() > 0)
}

/// True if the class has what `object` has in this slot.
macro_rules! has_plain_slot {
    ($class:expr, $slot:ident) => {{
        let (ours, plain) = ($class.slots().$slot.get(), BaseObject::class().slots().$slot.get());
        ours.zip(plain).is_some_and(|(ours, plain)| std::ptr::fn_addr_eq(ours, plain))
    }};
}

/// `Can't instantiate abstract class …`.
#[cold]
fn raise_abstract(class: &Type, thread: &mut Thread) -> Raised {
    let methods = class.dict(thread).get_str(&names::__abstractmethods__, thread);
    let methods = match methods.map(|it| protocol::collect(&it, thread)) {
        Some(Ok(methods)) => methods,
        Some(Err(raised)) => return raised,
        None => Vec::new(),
    };
    let mut texts: Vec<String> =
        methods.iter().filter_map(|it| it.downcast::<Str>()).map(Str::to_string_lossy).collect();
    texts.sort();
    let plural = if texts.len() == 1 { "" } else { "s" };
    let list = texts.join("', '");
    let name = class.full_name();
    raise!(
        thread,
        TypeError,
        "Can't instantiate abstract class {name} without an implementation for abstract method{plural} '{list}'"
    )
}

/// What `object.__new__` checks, for built-in types whose structs need a `__new__` of their own where CPython's have none: `own` is the type
/// that has it.
pub fn check_new(
    class: &Type,
    own: &Type,
    arguments: &Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<()> {
    if has_arguments(arguments, keywords) {
        let (theirs, ours) = (class.slots().tp_new.get(), own.slots().tp_new.get());
        if !theirs.zip(ours).is_some_and(|(theirs, ours)| std::ptr::fn_addr_eq(theirs, ours)) {
            let message = "object.__new__() takes exactly one argument (the type to instantiate)";
            return Err(raise!(thread, TypeError, "{message}"));
        }
        if has_plain_slot!(class, tp_init) {
            return Err(raise!(thread, TypeError, "{}() takes no arguments", class.full_name()));
        }
    }
    if class.has_flag(layout::Py_TPFLAGS_IS_ABSTRACT) {
        return Err(raise_abstract(class, thread));
    }
    Ok(())
}

/// object()
/// --
///
/// The base class of the class hierarchy.
///
/// When called, it accepts no arguments and returns a new featureless
/// instance that has no instance attributes and cannot be given any.
///
#[python_type(name = "object", symbol = "PyBaseObject_Type", flags(BASETYPE))]
impl BaseObject {
    #[slot(tp_new)]
    fn new(class: &Type, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        check_new(class, BaseObject::class(), arguments, keywords, thread)?;
        types::new_instance(class, thread)
    }

    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        if !has_arguments(arguments, keywords) {
            return Ok(());
        }
        let class = self.class();
        if !has_plain_slot!(class, tp_init) {
            let message = "object.__init__() takes exactly one argument (the instance to initialize)";
            return Err(raise!(thread, TypeError, "{message}"));
        }
        if has_plain_slot!(class, tp_new) {
            let name = class.full_name();
            let message = "takes exactly one argument (the instance to initialize)";
            return Err(raise!(thread, TypeError, "{name}.__init__() {message}"));
        }
        Ok(())
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> Py<Str> {
        default_repr(self, thread)
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        Ok(hash_of_address(self.address()))
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(repr) = self.class().slots().tp_repr.get() else {
            return Ok(default_repr(self, thread).into_object());
        };
        // SAFETY: the slot's protocol.
        protocol::result_from_c(unsafe { repr(self.as_pointer()) }, thread)
    }

    #[slot(tp_getattro)]
    fn get_attribute(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = attribute_name(name, thread)?;
        get_attribute_generic(self, name, thread)
    }

    #[slot(tp_setattro)]
    fn set_attribute(&self, name: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let name = attribute_name(name, thread)?;
        set_attribute_generic(self, name, value, thread)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        match comparison {
            Comparison::Equal if self.is(other) => Ok(Bool::new(true)),
            Comparison::NotEqual => {
                let Some(compare) = self.class().slots().tp_richcompare.get() else {
                    return Ok(thread.not_implemented());
                };
                // SAFETY: the slot's protocol.
                let result = unsafe { compare(self.as_pointer(), other.as_pointer(), layout::Py_EQ) };
                let equal = protocol::result_from_c(result, thread)?;
                if equal.is_not_implemented() {
                    return Ok(equal);
                }
                protocol::is_true(&equal, thread).map(|equal| Bool::new(!equal))
            }
            _ => Ok(thread.not_implemented()),
        }
    }

    /// __reduce_ex__($self, protocol, /)
    /// --
    ///
    /// Helper for pickle.
    #[method]
    fn __reduce_ex__(&self, protocol: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        reduce::reduce_ex(self, protocol, thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Helper for pickle.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        reduce::reduce(self, 0, thread)
    }

    /// __getstate__($self, /)
    /// --
    ///
    /// Helper for pickle.
    #[method]
    fn __getstate__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        reduce::default_state(self, false, thread)
    }

    /// __subclasshook__($type, object, /)
    /// --
    ///
    /// Abstract classes can override this to customize issubclass().
    ///
    /// This is invoked early on by abc.ABCMeta.__subclasscheck__().
    /// It should return True, False or NotImplemented.  If it returns
    /// NotImplemented, the normal algorithm is used.  Otherwise, it
    /// overrides the normal algorithm (and the outcome is cached).
    ///
    #[classmethod]
    fn __subclasshook__(_object: &Object, thread: &mut Thread) -> Py<Object> {
        thread.not_implemented()
    }

    /// __init_subclass__($type, /)
    /// --
    ///
    /// This method is called when a class is subclassed.
    ///
    /// The default implementation does nothing. It may be
    /// overridden to extend subclasses.
    ///
    #[classmethod]
    fn __init_subclass__() {}

    /// __format__($self, format_spec, /)
    /// --
    ///
    /// Default object formatter.
    ///
    /// Return str(self) if format_spec is empty. Raise TypeError otherwise.
    #[method]
    fn __format__(&self, specification: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
        protocol::format_as_str(self, specification, thread)
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// Size of object in memory, in bytes.
    #[method]
    fn __sizeof__(&self) -> usize {
        reduce::size_of_object(self)
    }

    /// __dir__($self, /)
    /// --
    ///
    /// Default dir() implementation.
    #[method]
    fn __dir__(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let all = Dict::new(thread);
        let own = protocol::lookup_attribute(self, &names::__dict__, thread)?;
        if let Some(own) = own.as_ref().and_then(|it| it.downcast::<Dict>()) {
            for (name, value) in own.items_snapshot(thread) {
                all.set(&name, &value, thread)?;
            }
        }
        if let Some(class) = protocol::lookup_attribute(self, &names::__class__, thread)? {
            crate::type_::add_class_names(&class, &all, thread)?;
        }
        let names = all.keys_snapshot(thread);
        List::new(names, thread)
    }

    /// the object's class
    #[getter]
    fn __class__(&self) -> Py<Type> {
        Py::from_ref(self.class())
    }

    #[setter(name = "__class__")]
    fn set_class(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else {
            return Err(raise!(thread, TypeError, "can't delete __class__ attribute"));
        };
        let Some(class) = value.downcast::<Type>() else {
            let found = value.class().full_name();
            return Err(raise!(thread, TypeError, "__class__ must be set to a class, not '{found}' object"));
        };
        audit!(thread, "object.__setattr__", &**self, "__class__", value)?;
        types::assign_class(self, class, thread)
    }
}
