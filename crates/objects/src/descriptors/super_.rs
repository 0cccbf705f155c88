//! `super`.

use macros::{Instance, python_type};

use crate::dict::Dict;
use crate::errors::{PyResult, Raised};
use crate::names;
use crate::object::{Method, get_attribute_generic};
use crate::protocol::{self, result_from_c};
use crate::raise;
use crate::refs::{Field, Header, Object, Py, cast};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{self, Instance as _, Type};

/// A view of an object that begins its search for attributes behind a class.
#[derive(Instance)]
#[repr(C)]
pub struct Super {
    header: Header,
    class: Field<Type>,
    receiver: Field,
    /// The class whose resolution order is searched.
    receiver_class: Field<Type>,
}

impl Super {
    /// `super(class, receiver)`.
    pub fn new(class: &Type, receiver: &Object, thread: &mut Thread) -> PyResult<Py<Super>> {
        let receiver_class = receiver_class(class, receiver, thread)?;
        let value = Self {
            header: Header::new(Self::class()),
            class: Py::from_ref(class).into(),
            receiver: Py::from_ref(receiver).into(),
            receiver_class: receiver_class.into(),
        };
        Ok(Py::new(value, thread))
    }
}

/// The class whose resolution order `super(class, receiver)` searches: the receiver's, or the receiver itself if it is a class.
fn receiver_class(class: &Type, receiver: &Object, thread: &mut Thread) -> PyResult<Py<Type>> {
    if let Some(it) = receiver.downcast::<Type>()
        && it.is_subtype(class)
        && (!std::ptr::eq(it, class) || is_in_own_order(class))
    {
        return Ok(Py::from_ref(it));
    }
    if receiver.class().is_subtype(class) {
        return Ok(Py::from_ref(receiver.class()));
    }
    // A proxy may claim to be of another class.
    if let Some(claimed) = protocol::lookup_attribute(receiver, &names::__class__, thread)?
        && let Some(claimed) = claimed.downcast::<Type>()
        && !std::ptr::eq(claimed, receiver.class())
        && claimed.is_subtype(class)
    {
        return Ok(Py::from_ref(claimed));
    }
    Err(raise_unrelated(class, receiver, thread))
}

/// False if the metaclass's `mro()` has left the class out.
fn is_in_own_order(class: &Type) -> bool {
    class.mro().is_none_or(|mro| mro.items().iter().any(|it| it.is(class)))
}

#[cold]
fn raise_unrelated(class: &Type, receiver: &Object, thread: &mut Thread) -> Raised {
    let shown = match receiver.downcast::<Type>() {
        Some(it) => format!("type {}", it.full_name()),
        None => format!("instance of {}", receiver.class().full_name()),
    };
    let class = class.full_name();
    raise!(thread, TypeError, "super(type, obj): obj ({shown}) is not an instance or subtype of type ({class}).")
}

/// What the classes behind `class` in the resolution order of `start` have under a name.
fn search(class: &Type, start: &Type, name: &Str, thread: &Thread) -> Option<Py<Object>> {
    let mro = Py::from_ref(start.mro()?);
    let behind = mro.items().iter().position(|it| it.is(class))? + 1;
    // SAFETY: a resolution order holds types only.
    mro.items()[behind..].iter().find_map(|it| unsafe { cast::<Type>(it) }.dict(thread).get_str(name, thread))
}

/// `super(class, receiver).name`, without the `super` object and without a bound method where a function will do: what
/// `LOAD_SUPER_ATTR` needs.
pub fn super_method(class: &Type, receiver: &Object, name: &Str, thread: &mut Thread) -> PyResult<Method> {
    let start = receiver_class(class, receiver, thread)?;
    if !name.equals(&names::__class__)
        && let Some(found) = search(class, &start, name, thread)
    {
        let is_instance = !receiver.is(&start);
        if is_instance && found.class().has_flag(layout::Py_TPFLAGS_METHOD_DESCRIPTOR) {
            return Ok(Method::Unbound(found));
        }
        return bind(found, receiver, &start, thread).map(Method::Attribute);
    }
    let view = Super::new(class, receiver, thread)?;
    protocol::get_attribute(&view, name, thread).map(Method::Attribute)
}

fn bind(found: Py<Object>, receiver: &Object, start: &Type, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(get) = found.class().slots().tp_descr_get.get() else { return Ok(found) };
    let instance = if receiver.is(start) { std::ptr::null_mut() } else { receiver.as_pointer() };
    // SAFETY: the slot's protocol: an instance or none, and an owner.
    result_from_c(unsafe { get(found.as_pointer(), instance, start.as_pointer().cast()) }, thread)
}

/// super() -> same as super(__class__, <first argument>)
/// super(type) -> unbound super object
/// super(type, obj) -> bound super object; requires isinstance(obj, type)
/// super(type, type2) -> bound super object; requires
///     issubclass(type2, type)
/// Typical use to call a cooperative superclass method:
/// class C(B):
///     def meth(self, arg):
///         super().meth(arg)
/// This works for class methods too:
/// class C(B):
///     @classmethod
///     def cmeth(cls, arg):
///         super().cmeth(arg)
///
#[python_type(name = "super", symbol = "PySuper_Type", base = crate::object::BaseObject, flags(BASETYPE))]
impl Super {
    #[slot(tp_new)]
    fn new_empty(class: &Type, _: &Tuple, _: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        types::new_instance(class, thread)
    }

    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        if keywords.is_some_and(|it| it.length() > 0) {
            return Err(raise!(thread, TypeError, "super() takes no keyword arguments"));
        }
        let (class, receiver) = match arguments.items() {
            [] => {
                let (class, receiver) = thread.super_arguments()?;
                (class, Some(receiver))
            }
            [class] => (class.clone(), None),
            [class, receiver] => (class.clone(), Some(receiver.clone())),
            more => {
                let given = more.len();
                return Err(raise!(thread, TypeError, "super() expected at most 2 arguments, got {given}"));
            }
        };
        let Some(class) = class.downcast::<Type>() else {
            let found = class.class().full_name();
            return Err(raise!(thread, TypeError, "super() argument 1 must be a type, not {found}"));
        };
        let receiver = receiver.filter(|it| !it.is_none());
        let start = match &receiver {
            Some(receiver) => Some(receiver_class(class, receiver, thread)?),
            None => None,
        };
        self.class.set(Some(Py::from_ref(class)));
        self.receiver.set(receiver);
        self.receiver_class.set(start);
        Ok(())
    }

    #[slot(tp_repr)]
    fn repr(&self) -> String {
        let class = self.class.get().map_or_else(|| "NULL".to_owned(), |it| it.full_name());
        match self.receiver_class.get() {
            Some(start) => format!("<super: <class '{class}'>, <{} object>>", start.full_name()),
            None => format!("<super: <class '{class}'>, NULL>"),
        }
    }

    #[slot(tp_getattro)]
    fn get_attribute(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = crate::object::attribute_name(name, thread)?;
        if let (Some(class), Some(start), Some(receiver)) =
            (self.class.get(), self.receiver_class.get(), self.receiver.get())
            && !name.equals(&names::__class__)
            && let Some(found) = search(&class, &start, name, thread)
        {
            return bind(found, &receiver, &start, thread);
        }
        get_attribute_generic(self, name, thread)
    }

    #[slot(tp_descr_get)]
    fn get(&self, instance: Option<&Object>, _: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let unbound = self.receiver.is_empty();
        let (Some(instance), Some(class), true) = (instance.filter(|it| !it.is_none()), self.class.get(), unbound)
        else {
            return Ok(Py::from_ref(self).into_object());
        };
        if !self.is_exactly::<Super>() {
            let own_class = Py::from_ref(Object::class(self));
            return protocol::call(&own_class, &[&class, instance], thread);
        }
        Self::new(&class, instance, thread).map(Py::into_object)
    }

    /// the class invoking super()
    #[getter]
    fn __thisclass__(&self) -> Option<Py<Type>> {
        self.class.get()
    }

    /// the instance invoking super(); may be None
    #[getter]
    fn __self__(&self) -> Option<Py<Object>> {
        self.receiver.get()
    }

    /// the type of the instance invoking super(); may be None
    #[getter]
    fn __self_class__(&self) -> Option<Py<Type>> {
        self.receiver_class.get()
    }
}
