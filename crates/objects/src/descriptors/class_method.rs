//! `classmethod` and `staticmethod`.

use std::mem::offset_of;

use macros::{Instance, python_type};

use super::bound_method::BoundMethod;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::names;
use crate::protocol;
use crate::raise;
use crate::refs::{Field, Header, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{self, Instance as _, Type, instance_dict};

/// What both kinds wrap.
#[derive(Instance)]
#[repr(C)]
pub struct Wrapped {
    header: Header,
    callable: Field,
    dict: Field<Dict>,
}

impl Wrapped {
    fn new(class: &Type, callable: &Object) -> Self {
        Self { header: Header::new(class), callable: Py::from_ref(callable).into(), dict: Field::EMPTY }
    }

    /// Takes the callable, and its names and documentation as attributes.
    fn initialize(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        let callable = single_argument(self, arguments, keywords, thread)?;
        self.callable.set(Some(callable.clone()));
        let copied: [&Str; 4] = [&names::__module__, &names::__name__, &names::__qualname__, &names::__doc__];
        for name in copied {
            if let Some(value) = protocol::lookup_attribute(&callable, name, thread)? {
                instance_dict::set(self, name, Some(&value), thread)?;
            }
        }
        Ok(())
    }

    fn callable(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.callable.get() {
            Some(callable) => Ok(callable),
            None => Err(raise!(thread, RuntimeError, "uninitialized {} object", self.class().full_name())),
        }
    }

    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        let shown = match self.callable.get() {
            Some(callable) => protocol::repr(&callable, thread)?.to_string_lossy(),
            None => "None".to_owned(),
        };
        Ok(format!("<{}({shown})>", built_in_name(self)))
    }

    /// An attribute of the callable that is kept here once it was asked for.
    fn forwarded(&self, name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some(known) = instance_dict::get(self, name, thread)? {
            return Ok(known);
        }
        let callable = self.callable(thread)?;
        let value = protocol::get_attribute(&callable, name, thread)?;
        instance_dict::set(self, name, Some(&value), thread)?;
        Ok(value)
    }

    fn set_forwarded(&self, name: &Str, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        match instance_dict::set(self, name, value, thread)? {
            instance_dict::Outcome::Done => Ok(()),
            _ => Err(protocol::raise_no_attribute(self, &name.to_string_lossy(), thread)),
        }
    }

    fn dict(&self, thread: &mut Thread) -> Option<Py<Dict>> {
        instance_dict::dict(self, thread)
    }
}

/// The name of the built-in type, which texts have also for subclasses.
fn built_in_name(object: &Object) -> &'static str {
    if object.downcast::<ClassMethod>().is_some() { "classmethod" } else { "staticmethod" }
}

fn single_argument(
    receiver: &Object,
    arguments: &Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let name = built_in_name(receiver);
    if keywords.is_some_and(|it| it.length() > 0) {
        return Err(raise!(thread, TypeError, "{name}() takes no keyword arguments"));
    }
    match arguments.items() {
        [callable] => Ok(callable.clone()),
        other => Err(raise!(thread, TypeError, "{name} expected 1 argument, got {}", other.len())),
    }
}

/// `__isabstractmethod__` of what a descriptor wraps.
pub(super) fn is_abstract(object: Option<&Object>, thread: &mut Thread) -> PyResult<bool> {
    let Some(object) = object else { return Ok(false) };
    match protocol::lookup_attribute(object, &names::__isabstractmethod__, thread)? {
        Some(answer) => protocol::is_true(&answer, thread),
        None => Ok(false),
    }
}

/// A function that is bound to the class.
#[derive(Instance)]
#[repr(C)]
pub struct ClassMethod {
    base: Wrapped,
}

impl ClassMethod {
    pub fn new(callable: &Object, thread: &mut Thread) -> Py<ClassMethod> {
        Py::new(Self { base: Wrapped::new(Self::class(), callable) }, thread)
    }
}

/// classmethod(function, /)
/// --
///
/// Convert a function to be a class method.
///
/// A class method receives the class as implicit first argument,
/// just like an instance method receives the instance.
/// To declare a class method, use this idiom:
///
///   class C:
///       @classmethod
///       def f(cls, arg1, arg2, argN):
///           ...
///
/// It can be called either on the class (e.g. C.f()) or on an instance
/// (e.g. C().f()).  The instance is ignored except for its class.
/// If a class method is called for a derived class, the derived class
/// object is passed as the implied first argument.
///
/// Class methods are different than C++ or Java static methods.
/// If you want those, see the staticmethod builtin.
#[python_type(
    name = "classmethod", symbol = "PyClassMethod_Type", base = crate::object::BaseObject, flags(BASETYPE),
    dict_offset = offset_of!(Wrapped, dict)
)]
impl ClassMethod {
    #[slot(tp_new)]
    fn new_empty(class: &Type, _: &Tuple, _: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        types::new_instance(class, thread)
    }

    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        self.base.initialize(arguments, keywords, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        self.base.repr(thread)
    }

    #[slot(tp_descr_get)]
    fn get(&self, instance: Option<&Object>, owner: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let callable = self.base.callable(thread)?;
        let class = match (owner, instance) {
            (Some(owner), _) => Py::from_ref(owner),
            (None, Some(instance)) => Py::from_ref(instance.class()).into_object(),
            (None, None) => return Ok(callable),
        };
        Ok(BoundMethod::new(&callable, &class, thread).into_object())
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    #[getter]
    fn __func__(&self) -> Option<Py<Object>> {
        self.base.callable.get()
    }

    #[getter]
    fn __wrapped__(&self) -> Option<Py<Object>> {
        self.base.callable.get()
    }

    #[getter]
    fn __isabstractmethod__(&self, thread: &mut Thread) -> PyResult<bool> {
        is_abstract(self.base.callable.get().as_deref(), thread)
    }

    #[getter]
    fn __dict__(&self, thread: &mut Thread) -> Option<Py<Dict>> {
        self.base.dict(thread)
    }

    #[setter(name = "__dict__")]
    fn set_dict(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        instance_dict::set_dict(self, value, thread)
    }

    #[getter]
    fn __annotations__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.base.forwarded(&names::__annotations__, thread)
    }

    #[setter(name = "__annotations__")]
    fn set_annotations(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.base.set_forwarded(&names::__annotations__, value, thread)
    }

    #[getter]
    fn __annotate__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.base.forwarded(&names::__annotate__, thread)
    }

    #[setter(name = "__annotate__")]
    fn set_annotate(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.base.set_forwarded(&names::__annotate__, value, thread)
    }
}

/// A function that is bound to nothing.
#[derive(Instance)]
#[repr(C)]
pub struct StaticMethod {
    base: Wrapped,
}

impl StaticMethod {
    pub fn new(callable: &Object, thread: &mut Thread) -> Py<StaticMethod> {
        Py::new(Self { base: Wrapped::new(Self::class(), callable) }, thread)
    }

    /// The function itself.
    pub fn callable(&self) -> Option<Py<Object>> {
        self.base.callable.get()
    }
}

/// staticmethod(function, /)
/// --
///
/// Convert a function to be a static method.
///
/// A static method does not receive an implicit first argument.
/// To declare a static method, use this idiom:
///
///      class C:
///          @staticmethod
///          def f(arg1, arg2, argN):
///              ...
///
/// It can be called either on the class (e.g. C.f()) or on an instance
/// (e.g. C().f()). Both the class and the instance are ignored, and
/// neither is passed implicitly as the first argument to the method.
///
/// Static methods in Python are similar to those found in Java or C++.
/// For a more advanced concept, see the classmethod builtin.
#[python_type(
    name = "staticmethod", symbol = "PyStaticMethod_Type", base = crate::object::BaseObject, flags(BASETYPE),
    dict_offset = offset_of!(Wrapped, dict)
)]
impl StaticMethod {
    #[slot(tp_new)]
    fn new_empty(class: &Type, _: &Tuple, _: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        types::new_instance(class, thread)
    }

    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        self.base.initialize(arguments, keywords, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        self.base.repr(thread)
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let callable = self.base.callable(thread)?;
        protocol::call_tuple(&callable, arguments, keywords, thread)
    }

    #[slot(tp_descr_get)]
    fn get(&self, _: Option<&Object>, _: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.base.callable(thread)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    #[getter]
    fn __func__(&self) -> Option<Py<Object>> {
        self.base.callable.get()
    }

    #[getter]
    fn __wrapped__(&self) -> Option<Py<Object>> {
        self.base.callable.get()
    }

    #[getter]
    fn __isabstractmethod__(&self, thread: &mut Thread) -> PyResult<bool> {
        is_abstract(self.base.callable.get().as_deref(), thread)
    }

    #[getter]
    fn __dict__(&self, thread: &mut Thread) -> Option<Py<Dict>> {
        self.base.dict(thread)
    }

    #[setter(name = "__dict__")]
    fn set_dict(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        instance_dict::set_dict(self, value, thread)
    }

    #[getter]
    fn __annotations__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.base.forwarded(&names::__annotations__, thread)
    }

    #[setter(name = "__annotations__")]
    fn set_annotations(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.base.set_forwarded(&names::__annotations__, value, thread)
    }

    #[getter]
    fn __annotate__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.base.forwarded(&names::__annotate__, thread)
    }

    #[setter(name = "__annotate__")]
    fn set_annotate(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.base.set_forwarded(&names::__annotate__, value, thread)
    }
}
