//! `weakref.ref`.

use std::cell::Cell;
use std::mem::offset_of;

use layout::{PyObject, PyWeakReference, vectorcallfunc};
use macros::{Instance, python_type};

use super::lists::{self, Head};
use crate::bool::Bool;
use crate::descriptors::convention::vector_arguments;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::names;
use crate::none::NoneType;
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Field, Header, Object, Py, cast};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type};

/// A reference to an object that does not keep it alive.
#[derive(Instance)]
#[repr(C)]
pub struct WeakReference {
    header: Header,
    /// Not counted; None once the object is gone. Null while the reference is in no list.
    object: Cell<*mut PyObject>,
    callback: Field,
    hash: Cell<isize>,
    previous: Cell<*mut PyWeakReference>,
    next: Cell<*mut PyWeakReference>,
    vectorcall: Cell<Option<vectorcallfunc>>,
}

const _: () = {
    assert!(size_of::<WeakReference>() == size_of::<PyWeakReference>());
    assert!(offset_of!(WeakReference, vectorcall) == offset_of!(PyWeakReference, vectorcall));
    assert!(offset_of!(WeakReference, next) == offset_of!(PyWeakReference, wr_next));
};

impl WeakReference {
    /// `weakref.ref(object, callback)`: the shared one where that will do.
    pub fn new(object: &Object, callback: Option<&Object>, thread: &mut Thread) -> PyResult<Py<WeakReference>> {
        Self::new_in(Self::class(), object, callback, thread)
    }

    fn new_in(
        class: &Type,
        object: &Object,
        callback: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<WeakReference>> {
        let head = Self::head_for(object, thread)?;
        let callback = callback.filter(|it| !it.is_none());
        if callback.is_none()
            && std::ptr::eq(class, Self::class())
            && let Some(shared) = lists::shared_reference(object)
        {
            return Ok(shared);
        }
        let reference = Py::new_in(class, Self::fields(class, callback), thread)?;
        reference.attach(object, head);
        Ok(reference)
    }

    /// The head of an object's list; TypeError if its type has none.
    pub(super) fn head_for<'a>(object: &'a Object, thread: &mut Thread) -> PyResult<&'a Head> {
        match lists::head(object) {
            Some(head) => Ok(head),
            None => {
                let name = object.class().full_name();
                Err(raise!(thread, TypeError, "cannot create weak reference to '{name}' object"))
            }
        }
    }

    /// The fields of a reference that refers to nothing yet.
    pub(super) fn fields(class: &Type, callback: Option<&Object>) -> Self {
        Self {
            header: Header::new(class),
            object: Cell::new(std::ptr::null_mut()),
            callback: Field::new(callback.map(Py::from_ref)),
            hash: Cell::new(-1),
            previous: Cell::new(std::ptr::null_mut()),
            next: Cell::new(std::ptr::null_mut()),
            vectorcall: Cell::new(Some(call_reference)),
        }
    }

    /// Makes a new reference refer to an object.
    pub(super) fn attach(&self, object: &Object, head: &Head) {
        self.object.set(object.as_pointer());
        lists::insert(self, head);
    }

    /// The object, if it is still there. One that is about to be freed is gone already.
    pub fn get(&self) -> Option<Py<Object>> {
        // SAFETY: an object takes itself out of its references before it goes.
        let object = unsafe { Object::from_pointer(self.object.get()) }?;
        (!object.is_none() && object.reference_count() > 0).then(|| Py::from_ref(object))
    }

    pub fn has_callback(&self) -> bool {
        !self.callback.is_empty()
    }

    /// A call of the reference: the object, or None.
    fn called_with(&self, arguments: usize, has_keywords: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
        if has_keywords {
            return Err(raise!(thread, TypeError, "weakref() takes no keyword arguments"));
        }
        if arguments > 0 {
            return Err(raise!(thread, TypeError, "weakref expected 0 arguments, got {arguments}"));
        }
        Ok(self.get().unwrap_or_else(|| thread.none()))
    }

    /// The callback, if there is one.
    pub(crate) fn callback(&self) -> Option<Py<Object>> {
        self.callback.get()
    }

    /// The callback, which the reference forgets.
    pub fn take_callback(&self) -> Option<Py<Object>> {
        self.callback.take()
    }

    pub(super) fn is_of_subclass(&self) -> bool {
        self.class().is_heap_type()
    }

    pub(super) fn next(&self) -> Option<&WeakReference> {
        // SAFETY: the members of a list are live references.
        unsafe { self.next.get().cast::<WeakReference>().as_ref() }
    }

    fn as_member(&self) -> *mut PyWeakReference {
        self.as_pointer().cast()
    }

    /// Puts the reference into a list, behind a member or at the front.
    pub(super) fn link(&self, before: Option<&WeakReference>, head: &Head) {
        let next = match before {
            Some(before) => before.next.replace(self.as_member()),
            None => head.replace(self.as_member()),
        };
        self.previous.set(before.map_or(std::ptr::null_mut(), Self::as_member));
        self.next.set(next);
        if let Some(next) = self.next() {
            next.previous.set(self.as_member());
        }
    }

    /// Takes the reference out of its list: from now on it refers to nothing.
    pub fn unlink(&self) {
        // SAFETY: an object takes itself out of its references before it goes.
        let Some(object) = (unsafe { Object::from_pointer(self.object.get()) }) else { return };
        if object.is_none() {
            return;
        }
        let (previous, next) = (self.previous.get(), self.next.get());
        // SAFETY: the members of a list are live references.
        match unsafe { previous.cast::<WeakReference>().as_ref() } {
            Some(previous) => previous.next.set(next),
            None => {
                if let Some(head) = lists::head(object) {
                    head.set(next);
                }
            }
        }
        if let Some(next) = self.next() {
            next.previous.set(previous);
        }
        self.previous.set(std::ptr::null_mut());
        self.next.set(std::ptr::null_mut());
        self.object.set(NoneType::get().as_pointer());
    }
}

impl Drop for WeakReference {
    fn drop(&mut self) {
        self.unlink();
    }
}

/// The vectorcall function of references: the object, or None.
///
/// # Safety
/// By the vectorcall protocol.
unsafe extern "C-unwind" fn call_reference(
    callable: *mut PyObject,
    arguments: *const *mut PyObject,
    count_and_flags: usize,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: this function's contract.
    let (reference, (arguments, names), mut thread) = unsafe {
        let reference = cast::<WeakReference>(&*callable.cast::<Object>());
        (reference, vector_arguments(arguments, count_and_flags, names), Thread::current())
    };
    let has_keywords = names.is_some_and(|it| it.length() > 0);
    match reference.called_with(arguments.len(), has_keywords, &mut thread) {
        Ok(object) => object.into_pointer(),
        Err(crate::errors::Raised) => std::ptr::null_mut(),
    }
}

#[python_type(
    name = "weakref.ReferenceType", symbol = "_PyWeakref_RefType", base = crate::object::BaseObject,
    flags(BASETYPE, HAVE_VECTORCALL), vectorcall_offset = offset_of!(WeakReference, vectorcall)
)]
impl WeakReference {
    #[slot(tp_new)]
    fn new_reference(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<WeakReference>> {
        // A subclass may take keywords of its own; `__init__` refuses them otherwise.
        let _ = keywords;
        let (object, callback) = match arguments.items() {
            [object] => (object, None),
            [object, callback] => (object, Some(callback)),
            [] => return Err(raise!(thread, TypeError, "__new__ expected at least 1 argument, got 0")),
            more => {
                return Err(raise!(thread, TypeError, "__new__ expected at most 2 arguments, got {}", more.len()));
            }
        };
        Self::new_in(class, object, callback.map(|it| &**it), thread)
    }

    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        if keywords.is_some_and(|it| it.length() > 0) {
            return Err(raise!(thread, TypeError, "ref() takes no keyword arguments"));
        }
        match arguments.length() {
            1 | 2 => Ok(()),
            0 => Err(raise!(thread, TypeError, "__init__ expected at least 1 argument, got 0")),
            given => Err(raise!(thread, TypeError, "__init__ expected at most 2 arguments, got {given}")),
        }
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        let own = format!("<weakref at {:#x};", self.address());
        let Some(object) = self.get() else { return Ok(format!("{own} dead>")) };
        let class = Py::from_ref(object.class());
        let target = format!("to '{}' at {:#x}", protocol::qualified_name(&class, thread), object.address());
        // Not by the object's own means: `__getattr__` may do anything.
        let name = protocol::lookup_special(&object, &names::__name__, thread)?.map(|it| it.into_parts().0);
        match name.as_ref().and_then(|it| it.downcast::<Str>()) {
            Some(name) => Ok(format!("{own} {target} ({})>", name.to_string_lossy())),
            None => Ok(format!("{own} {target}>")),
        }
    }

    #[slot(tp_hash)]
    fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
        if self.hash.get() == -1 {
            let Some(object) = self.get() else {
                return Err(raise!(thread, TypeError, "weak object has gone away"));
            };
            self.hash.set(protocol::hash(&object, thread)?);
        }
        Ok(self.hash.get())
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.called_with(arguments.length(), keywords.is_some_and(|it| it.length() > 0), thread)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (Some(other), Comparison::Equal | Comparison::NotEqual) = (other.downcast::<Self>(), comparison) else {
            return Ok(thread.not_implemented());
        };
        match (self.get(), other.get()) {
            (Some(left), Some(right)) => protocol::compare(&left, &right, comparison, thread),
            _ => Ok(Bool::new(self.is(other) == (comparison == Comparison::Equal))),
        }
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// Weakrefs are generic over the type of the referenced object.
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    #[getter]
    fn __callback__(&self) -> Option<Py<Object>> {
        self.callback.get()
    }
}
