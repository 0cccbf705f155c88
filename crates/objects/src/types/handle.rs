//! `Type`: any type object, static or made by a `class` statement or by C code.

use std::ffi::{CStr, c_ulong};
use std::ops::Deref;

use layout::{PyObject, PyTypeObject};

use super::declaration::TypeDeclaration;
use crate::dict::Dict;
use crate::refs::{HasHeader, Object, Py, cast};
use crate::thread::Thread;
use crate::tuple::Tuple;

/// A type object.
#[repr(transparent)]
pub struct Type(PyTypeObject);

// SAFETY: a type object starts with an object header.
unsafe impl HasHeader for Type {}

impl Deref for Type {
    type Target = Object;

    #[inline(always)]
    fn deref(&self) -> &Object {
        self.as_object()
    }
}

impl Type {
    #[inline(always)]
    pub fn as_pointer(&self) -> *mut PyTypeObject {
        std::ptr::from_ref(self).cast_mut().cast()
    }

    /// The C struct: every slot is a cell in it.
    #[inline(always)]
    pub fn slots(&self) -> &PyTypeObject {
        &self.0
    }

    #[inline(always)]
    pub fn has_flag(&self, flag: c_ulong) -> bool {
        self.0.tp_flags.get() & flag != 0
    }

    pub fn add_flags(&self, flags: c_ulong) {
        self.0.tp_flags.set(self.0.tp_flags.get() | flags);
    }

    pub fn remove_flags(&self, flags: c_ulong) {
        self.0.tp_flags.set(self.0.tp_flags.get() & !flags);
    }

    #[inline(always)]
    pub fn is_heap_type(&self) -> bool {
        self.has_flag(layout::Py_TPFLAGS_HEAPTYPE)
    }

    /// True if instances are tracked by the cycle collector.
    #[inline(always)]
    pub fn is_collectable(&self) -> bool {
        self.has_flag(layout::Py_TPFLAGS_HAVE_GC)
    }

    /// `tp_basicsize`: bytes of an instance without items.
    pub fn basic_size(&self) -> usize {
        self.0.tp_basicsize.get() as usize
    }

    /// `tp_itemsize`: bytes of one item.
    pub fn item_size(&self) -> usize {
        self.0.tp_itemsize.get() as usize
    }

    /// `tp_name`: with the module's name before it, for static types outside `builtins`.
    pub fn full_name(&self) -> String {
        // SAFETY: `tp_name` is a C string that lives as long as the type.
        unsafe { CStr::from_ptr(self.0.tp_name.get()) }.to_string_lossy().into_owned()
    }

    /// `type.__name__`.
    pub fn short_name(&self) -> String {
        let name = self.heap().map(|it| it.ht_name.get());
        // SAFETY: a heap type owns its name.
        match name.and_then(|it| unsafe { Object::from_pointer(it) }).and_then(|it| it.downcast::<crate::str::Str>()) {
            Some(name) => name.to_string_lossy(),
            None => self.full_name().rsplit('.').next().unwrap_or_default().to_owned(),
        }
    }

    /// `type.__qualname__`.
    pub fn qualified_name(&self) -> String {
        let qualname = self.heap().map(|it| it.ht_qualname.get());
        // SAFETY: a heap type owns its qualified name.
        let qualname = qualname.and_then(|it| unsafe { Object::from_pointer(it) });
        match qualname.and_then(|it| it.downcast::<crate::str::Str>()) {
            Some(name) => name.to_string_lossy(),
            None => self.short_name(),
        }
    }

    /// `tp_bases`.
    pub fn bases(&self) -> Option<Py<Tuple>> {
        // SAFETY: `tp_bases` is null or a tuple that the type owns.
        unsafe { Object::from_pointer(self.0.tp_bases.get()).map(|it| Py::from_ref(cast::<Tuple>(it))) }
    }

    /// `tp_base`.
    #[inline(always)]
    pub fn base(&self) -> Option<&Type> {
        // SAFETY: a type keeps its base alive.
        unsafe { self.0.tp_base.get().cast::<Type>().as_ref() }
    }

    /// The method resolution order; None while the type is not ready.
    #[inline(always)]
    pub fn mro(&self) -> Option<&Tuple> {
        // SAFETY: `tp_mro` is null or a tuple that the type keeps alive; assigning `__bases__` keeps the old one
        // alive until the next safe point.
        unsafe { Object::from_pointer(self.0.tp_mro.get()).map(|it| cast::<Tuple>(it)) }
    }

    /// `issubclass` by the method resolution order alone.
    #[inline]
    pub fn is_subtype(&self, other: &Type) -> bool {
        if std::ptr::eq(self, other) {
            return true;
        }
        match self.mro() {
            Some(mro) => mro.items().iter().any(|it| std::ptr::eq(it.as_pointer(), other.as_object().as_pointer())),
            None => std::iter::successors(self.base(), |it| it.base()).any(|it| std::ptr::eq(it, other)),
        }
    }

    /// The type's own dictionary: in the interpreter for static types, in the type for others.
    pub fn dict(&self, thread: &Thread) -> Py<Dict> {
        let pointer = match TypeDeclaration::of(self) {
            Some(declaration) => return thread.interpreter().static_type_dict(declaration),
            None => self.0.tp_dict.get(),
        };
        // SAFETY: a ready type's dictionary is a dict that the type owns.
        let object = unsafe { Object::from_pointer(pointer) };
        // SAFETY: as above.
        object.map(|it| Py::from_ref(unsafe { cast::<Dict>(it) })).expect("a type has a dictionary from creation on")
    }

    /// True if freeing this instance may run Python code (a finalizer, a weak reference's callback, a deallocator of C code).
    pub(crate) fn deallocation_runs_python(&self, object: &Object) -> bool {
        let slots = self.slots();
        slots.tp_finalize.get().is_some()
            || slots.tp_del.get().is_some()
            || self.deallocator_is_foreign()
            || crate::weakref::has_callbacks(object)
    }

    /// True if the deallocator is not one of ours.
    fn deallocator_is_foreign(&self) -> bool {
        let known = layout::_Py_TPFLAGS_STATIC_BUILTIN;
        !self.has_flag(known) && !crate::types::deallocating_base(self).has_flag(known)
    }
}

impl TypeDeclaration {
    /// The type object as C links to it.
    pub fn as_pointer(&'static self) -> *mut PyObject {
        self.as_type().as_object().as_pointer()
    }
}
