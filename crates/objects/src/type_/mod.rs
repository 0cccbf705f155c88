//! `type`, the class of classes.
//!
//! How classes are made, laid out and kept in step is in `types`; here is what Python code sees of them: calling a class, its attributes,
//! its methods.

pub(crate) mod accessors;
mod annotations;
mod attributes;
mod construct;
mod members;

use std::ffi::c_int;

use layout::PyObject;
use macros::python_type;

use crate::dict::Dict;
use crate::errors::PyResult;
use crate::list::List;
use crate::object::attribute_name;
use crate::protocol;
use crate::refs::{Object, Py, cast};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{self, Type};

pub use attributes::{get_type_attribute, has_type_getattribute, lookup_type_attribute, set_type_attribute};
pub use construct::{call_type, class_of_new_wrapper, hide_new, new_wrapper, vectorcall};
pub use members::add_class_names;

/// `tp_is_gc` of type objects: static ones have no collector's head.
///
/// # Safety
/// By the slot's protocol.
pub unsafe extern "C-unwind" fn is_collectable(class: *mut PyObject) -> c_int {
    // SAFETY: passed on to the caller: a type object.
    c_int::from(unsafe { cast::<Type>(&*class.cast::<Object>()) }.is_heap_type())
}

/// `tp_iternext` of classes without `__next__`.
///
/// # Safety
/// By the slot's protocol.
pub unsafe extern "C-unwind" fn next_not_implemented(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: passed on to the caller.
    unsafe {
        crate::slots::enter::unary(object, |object: &Object, thread: &mut Thread| {
            let name = object.class().full_name();
            Err(crate::raise!(thread, TypeError, "'{name}' object is not iterable")) as PyResult<Py<Object>>
        })
    }
}

/// type(object) -> the object's type
/// type(name, bases, dict, **kwds) -> a new type
#[python_type(
    name = "type", symbol = "PyType_Type", base = crate::object::BaseObject,
    flags(BASETYPE, TYPE_SUBCLASS, HAVE_GC, HAVE_VECTORCALL, ITEMS_AT_END),
    basic_size = size_of::<layout::PyHeapTypeObject>(), item_size = size_of::<layout::PyMemberDef>(),
    vectorcall_offset = std::mem::offset_of!(layout::PyTypeObject, tp_vectorcall),
    dict_offset = std::mem::offset_of!(layout::PyTypeObject, tp_dict),
    weaklist_offset = std::mem::offset_of!(layout::PyTypeObject, tp_weaklist),
    dealloc = crate::types::deallocate_type
)]
impl Type {
    #[slot(tp_new)]
    fn new(class: &Type, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        types::new_type(class, arguments, keywords, thread)
    }

    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        construct::check_init_arguments(arguments, keywords, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> Py<Str> {
        members::repr(self, thread)
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        call_type(self, arguments, keywords, thread)
    }

    #[slot(tp_getattro)]
    fn get_attribute(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = attribute_name(name, thread)?;
        get_type_attribute(self, name, thread)
    }

    #[slot(tp_setattro)]
    fn set_attribute(&self, name: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        set_type_attribute(self, name, value, thread)
    }

    #[slot(nb_or)]
    fn or(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::union(left, right, thread)
    }

    /// mro($self, /)
    /// --
    ///
    /// Return a type's method resolution order.
    #[method(name = "mro")]
    fn mro_list(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let order = types::linearize(self, thread)?;
        List::new(order, thread)
    }

    /// __subclasses__($self, /)
    /// --
    ///
    /// Return a list of immediate subclasses.
    #[method]
    fn __subclasses__(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let mut all = Vec::new();
        self.for_each_subclass(thread, &mut |subclass| all.push(Py::from_ref(subclass).into_object()));
        List::new(all, thread)
    }

    /// __prepare__($cls, name, bases, /, **kwds)
    /// --
    ///
    /// Create the namespace for the class statement
    #[classmethod]
    #[signature("(*args, **kwds)")]
    fn __prepare__(_arguments: &[&Object], _keywords: Option<Py<Dict>>, thread: &mut Thread) -> Py<Dict> {
        Dict::new(thread)
    }

    /// __instancecheck__($self, instance, /)
    /// --
    ///
    /// Check if an object is an instance.
    #[method]
    fn __instancecheck__(&self, instance: &Object, thread: &mut Thread) -> PyResult<bool> {
        protocol::is_instance_without_hook(instance, self, thread)
    }

    /// __subclasscheck__($self, subclass, /)
    /// --
    ///
    /// Check if a class is a subclass.
    #[method]
    fn __subclasscheck__(&self, subclass: &Object, thread: &mut Thread) -> PyResult<bool> {
        protocol::is_subclass_without_hook(subclass, self, thread)
    }

    /// __dir__($self, /)
    /// --
    ///
    /// Specialized __dir__ implementation for types.
    #[method]
    fn __dir__(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let all = Dict::new(thread);
        add_class_names(self, &all, thread)?;
        let names = all.keys_snapshot(thread);
        List::new(names, thread)
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// Return memory consumption of the type object.
    #[method]
    fn __sizeof__(&self) -> usize {
        members::size(self)
    }

    #[getter]
    fn __basicsize__(&self) -> isize {
        self.slots().tp_basicsize.get()
    }

    #[getter]
    fn __itemsize__(&self) -> isize {
        self.slots().tp_itemsize.get()
    }

    #[getter]
    fn __flags__(&self) -> u64 {
        accessors::shown_flags(self)
    }

    #[getter]
    fn __weakrefoffset__(&self) -> isize {
        self.slots().tp_weaklistoffset.get()
    }

    #[getter]
    fn __base__(&self) -> Option<Py<Type>> {
        self.base().map(Py::from_ref)
    }

    #[getter]
    fn __dictoffset__(&self) -> isize {
        self.slots().tp_dictoffset.get()
    }

    #[getter]
    fn __name__(&self, thread: &mut Thread) -> Py<Object> {
        accessors::name(self, thread)
    }

    #[setter(name = "__name__")]
    fn set_name(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        accessors::set_name(self, value, thread)
    }

    #[getter]
    fn __qualname__(&self, thread: &mut Thread) -> Py<Object> {
        accessors::qualname(self, thread)
    }

    #[setter(name = "__qualname__")]
    fn set_qualname(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        accessors::set_qualname(self, value, thread)
    }

    #[getter]
    fn __bases__(&self) -> Option<Py<Tuple>> {
        self.bases()
    }

    #[setter(name = "__bases__")]
    fn set_bases(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let value = accessors::check_audited(self, "__bases__", value, thread)?;
        types::assign_bases(self, value, thread)
    }

    #[getter]
    fn __mro__(&self) -> Option<Py<Tuple>> {
        self.mro().map(Py::from_ref)
    }

    #[getter]
    fn __module__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        accessors::module(self, thread)
    }

    #[setter(name = "__module__")]
    fn set_module(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        accessors::set_module(self, value, thread)
    }

    #[getter]
    fn __abstractmethods__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        accessors::abstract_methods(self, thread)
    }

    #[setter(name = "__abstractmethods__")]
    fn set_abstractmethods(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        accessors::set_abstract_methods(self, value, thread)
    }

    #[getter]
    fn __dict__(&self, thread: &mut Thread) -> Py<Object> {
        let dict = self.dict(thread);
        crate::dict::MappingProxy::new(&dict, thread).into_object()
    }

    #[getter]
    fn __doc__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        accessors::doc(self, thread)
    }

    #[setter(name = "__doc__")]
    fn set_doc(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let value = accessors::check_audited(self, "__doc__", value, thread)?;
        accessors::set_in_dict(self, &crate::names::__doc__, value, thread)
    }

    #[getter]
    fn __text_signature__(&self) -> Option<String> {
        accessors::text_signature(self)
    }

    #[getter]
    fn __annotations__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        annotations::annotations(self, thread)
    }

    #[setter(name = "__annotations__")]
    fn set_annotations(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        annotations::set_annotations(self, value, thread)
    }

    #[getter]
    fn __annotate__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        annotations::annotate(self, thread)
    }

    #[setter(name = "__annotate__")]
    fn set_annotate(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        annotations::set_annotate(self, value, thread)
    }

    #[getter]
    fn __type_params__(&self, thread: &mut Thread) -> Py<Object> {
        let own = self.dict(thread).get_str(&crate::names::__type_params__, thread);
        let own = own.filter(|it| it.downcast::<Tuple>().is_some() || self.is_heap_type());
        own.unwrap_or_else(|| Tuple::empty(thread).into_object())
    }

    #[setter(name = "__type_params__")]
    fn set_type_params(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let value = accessors::check_audited(self, "__type_params__", value, thread)?;
        accessors::set_in_dict(self, &crate::names::__type_params__, value, thread)
    }
}
