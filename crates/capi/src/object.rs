//! `object.h`, `refcount.h`, `objimpl.h`: reference counts, making and freeing objects, the collector.

use std::ffi::{c_int, c_void};

use layout::{PyObject, PyTypeObject};
use objects::gc;
use objects::raise;
use objects::refs::{Object, Py, allocate_variable, release_now};
use objects::thread::Thread;
use objects::types::Type;

use crate::entry::{Flag, Nothing, export};

/// `Py_IncRef`: adds a reference; null is allowed.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_IncRef(object: *mut PyObject) {
    // SAFETY: the caller passes a live object or null.
    if let Some(object) = unsafe { Object::from_pointer(object) } {
        object.increment();
    }
}

/// `Py_DecRef`: gives a reference back; null is allowed.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_DecRef(object: *mut PyObject) {
    if !object.is_null() {
        // SAFETY: the caller is attached, and owns a reference.
        release_now(object, &mut unsafe { Thread::current() });
    }
}

/// `_Py_IncRef`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _Py_IncRef(object: *mut PyObject) {
    // SAFETY: passed on to the caller.
    unsafe { Py_IncRef(object) }
}

/// `_Py_DecRef`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _Py_DecRef(object: *mut PyObject) {
    // SAFETY: passed on to the caller.
    unsafe { Py_DecRef(object) }
}

/// `Py_NewRef`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_NewRef(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: passed on to the caller.
    unsafe { Py_IncRef(object) }
    object
}

/// `Py_XNewRef`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_XNewRef(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: passed on to the caller.
    unsafe { Py_IncRef(object) }
    object
}

/// `Py_REFCNT`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_REFCNT(object: *mut PyObject) -> isize {
    // SAFETY: the caller passes a live object.
    unsafe { (*object).ob_refcnt.get() as isize }
}

/// `Py_TYPE`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_TYPE(object: *mut PyObject) -> *mut PyTypeObject {
    // SAFETY: the caller passes a live object.
    unsafe { (*object).ob_type.get() }
}

/// `Py_Is` and the questions for singletons.
macro_rules! questions {
    ($(fn $name:ident($other:expr);)*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C-unwind" fn $name(object: *mut PyObject) -> c_int {
            c_int::from(object == $other)
        }
    )*};
}

questions! {
    fn Py_IsNone(objects::none::NoneType::get().as_pointer());
    fn Py_IsTrue(objects::bool::Bool::get(true).as_pointer());
    fn Py_IsFalse(objects::bool::Bool::get(false).as_pointer());
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn Py_Is(left: *mut PyObject, right: *mut PyObject) -> c_int {
    c_int::from(left == right)
}

/// `_Py_Dealloc`: what `Py_DECREF`, which C code has inlined, calls when the count has become zero.
///
/// # Safety
/// The object's count is zero.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _Py_Dealloc(object: *mut PyObject) {
    // SAFETY: the caller is attached, and passes an object that nobody refers to.
    unsafe {
        let mut thread = Thread::current();
        objects::refs::deallocate_now(object, &mut thread);
    }
}

/// `_Py_NewReference`: the count of memory that C code has made an object.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _Py_NewReference(object: *mut PyObject) {
    // SAFETY: the caller passes memory with room for a header.
    unsafe {
        (*object).ob_refcnt.set(1);
        (*object).ob_overflow.set(0);
        (*object).ob_flags.set(0);
    }
}

/// `_Py_ResurrectReference`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _Py_ResurrectReference(object: *mut PyObject) {
    // SAFETY: passed on to the caller.
    unsafe { _Py_NewReference(object) }
}

/// `_Py_SetImmortal`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _Py_SetImmortal(object: *mut PyObject) {
    // SAFETY: the caller passes a live object.
    if let Some(object) = unsafe { Object::from_pointer(object) } {
        object.make_immortal();
    }
}

/// `PyObject_GC_Del`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyObject_GC_Del(object: *mut c_void) {
    // SAFETY: the caller passes a collectable object whose fields are gone, which may still be tracked.
    unsafe {
        if gc::is_tracked(object.cast()) {
            gc::untrack(object.cast());
        }
        objects::types::free_collectable(object);
    }
}

/// `PyObject_GC_Track`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyObject_GC_Track(object: *mut c_void) {
    // SAFETY: the caller is attached, and passes a collectable object that is whole.
    unsafe {
        if !gc::is_tracked(object.cast()) {
            gc::track(object.cast(), &Thread::current());
        }
    }
}

/// `PyObject_GC_UnTrack`: may be called more than once.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyObject_GC_UnTrack(object: *mut c_void) {
    // SAFETY: the caller passes a collectable object.
    unsafe {
        if gc::is_tracked(object.cast()) {
            gc::untrack(object.cast());
        }
    }
}

/// `PyObject_GC_IsTracked`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyObject_GC_IsTracked(object: *mut PyObject) -> c_int {
    // SAFETY: the caller passes an object.
    unsafe {
        let is_collectable = Object::from_pointer(object).is_some_and(gc::is_collectable);
        c_int::from(is_collectable && gc::is_tracked(object))
    }
}

/// `PyObject_GC_IsFinalized`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyObject_GC_IsFinalized(object: *mut PyObject) -> c_int {
    // SAFETY: the caller passes an object.
    unsafe {
        let is_collectable = Object::from_pointer(object).is_some_and(gc::is_collectable);
        c_int::from(is_collectable && gc::is_finalized(object))
    }
}

export! { thread;
    fn _PyObject_New(class: &Type) -> Py<Object> { allocate_variable(class, 0, thread) }

    fn _PyObject_NewVar(class: &Type, items: isize) -> Py<Object> { allocate_variable(class, items, thread) }

    fn _PyObject_GC_New(class: &Type) -> Py<Object> { allocate_variable(class, 0, thread) }

    fn _PyObject_GC_NewVar(class: &Type, items: isize) -> Py<Object> {
        if items < 0 {
            return crate::entry::bad_internal_call(thread);
        }
        allocate_variable(class, items, thread)
    }

    fn PyUnstable_Object_GC_NewWithExtraData(class: &Type, extra: usize) -> Py<Object> {
        let object = objects::refs::allocate_with_extra(class, extra, thread)?;
        if class.item_size() > 0 {
            // SAFETY: types with items start with a head that has their number.
            unsafe { objects::refs::cast::<objects::refs::VarHeader>(&object) }.set_size(0);
        }
        Ok(object)
    }

    fn PyObject_Init(object: *mut PyObject, class: &Type) -> *mut PyObject {
        if object.is_null() {
            return Err(thread.raise_memory_error());
        }
        initialize(object, class);
        Ok(object)
    }

    fn PyObject_InitVar(object: *mut PyObject, class: &Type, size: isize) -> *mut PyObject {
        if object.is_null() {
            return Err(thread.raise_memory_error());
        }
        initialize(object, class);
        // SAFETY: C's caller passes memory of an object that has a size.
        unsafe { (*object.cast::<layout::PyVarObject>()).ob_size.set(size) };
        Ok(object)
    }

    fn _PyObject_GC_Resize(object: *mut PyObject, items: isize) -> *mut PyObject { resize(object, items, thread) }

    fn PyObject_IS_GC(object: &Object) -> Flag { let _ = &thread; Ok(Flag(gc::is_collectable(object))) }

    fn PyObject_CallFinalizer(object: &Object) -> Nothing {
        if let Some(function) = object.class().slots().tp_finalize.get() {
            let collectable = gc::is_collectable(object);
            // SAFETY: the object is collectable where that is asked for.
            unsafe {
                if collectable && gc::is_finalized(object.as_pointer()) {
                    return Ok(Nothing);
                }
                function(object.as_pointer());
                if collectable {
                    gc::set_finalized(object.as_pointer());
                }
            }
        }
        let _ = thread;
        Ok(Nothing)
    }

    fn PyObject_CallFinalizerFromDealloc(object: *mut PyObject) -> i32 {
        // SAFETY: C's caller passes an object whose count is zero; its memory and type are intact.
        let revived = unsafe {
            let class = &*(*object).ob_type.get().cast::<Type>();
            objects::types::finalize(object, class, thread)
        };
        Ok(if revived { -1 } else { 0 })
    }

    fn PyGC_Collect() -> isize {
        if !thread.interpreter().gc.is_enabled() {
            return Ok(0);
        }
        Ok(gc::collect(2, gc::Reason::Asked, thread) as isize)
    }

    fn PyGC_Enable() -> Flag { Ok(Flag(switch_collector(true, thread))) }

    fn PyGC_Disable() -> Flag { Ok(Flag(switch_collector(false, thread))) }

    fn PyGC_IsEnabled() -> Flag { Ok(Flag(thread.interpreter().gc.is_enabled())) }

    fn PyUnstable_GC_VisitObjects(callback: *mut c_void, argument: *mut c_void) -> Nothing {
        type Callback = unsafe extern "C-unwind" fn(*mut PyObject, *mut c_void) -> c_int;
        // SAFETY: C's caller passes a function of this type.
        let callback = unsafe { std::mem::transmute::<*mut c_void, Callback>(callback) };
        for object in gc::tracked_objects(None, thread) {
            // SAFETY: the callback's protocol.
            if unsafe { callback(object.as_pointer(), argument) } == 0 {
                break;
            }
        }
        Ok(Nothing)
    }

    fn PyUnstable_Object_IsUniquelyReferenced(object: &Object) -> Flag {
        let _ = &thread;
        Ok(Flag(object.reference_count() == 1))
    }

    fn PyUnstable_IsImmortal(object: &Object) -> Flag { let _ = &thread; Ok(Flag(object.is_immortal())) }

    fn PyUnstable_TryIncRef(object: &Object) -> Flag {
        let _ = &thread;
        // In its deallocator an object has none any more.
        let is_alive = object.reference_count() > 0;
        if is_alive {
            object.increment();
        }
        Ok(Flag(is_alive))
    }

    fn PyUnstable_EnableTryIncRef(object: &Object) -> Nothing { let _ = (&thread, object); Ok(Nothing) }

    fn PyUnstable_Object_EnableDeferredRefcount(object: &Object) -> Flag { let _ = (&thread, object); Ok(Flag(false)) }

    fn _PyObject_GetState(object: &Object) -> Py<Object> {
        let name = thread.intern_text("__getstate__");
        objects::protocol::call_method(object, &name, &[], thread)
    }
}

/// A header with one reference, of a type, which gets a reference itself if it was made at run time.
fn initialize(object: *mut PyObject, class: &Type) {
    // SAFETY: C's caller passes memory with room for a header.
    unsafe {
        _Py_NewReference(object);
        (*object).ob_type.set(class.as_pointer());
    }
    if class.is_heap_type() {
        class.increment();
    }
}

fn switch_collector(enabled: bool, thread: &mut Thread) -> bool {
    let state = &thread.interpreter().gc;
    let before = state.is_enabled();
    state.set_enabled(enabled);
    before
}

/// `PyObject_GC_Resize`: the object moves to a block of the new size.
fn resize(object: *mut PyObject, items: isize, thread: &mut Thread) -> objects::errors::PyResult<*mut PyObject> {
    // SAFETY: C's caller passes an untracked object of a collectable type, of which it has the only reference.
    unsafe {
        let old = &*object.cast::<Object>();
        let class: Py<Type> = Py::from_ref(old.class());
        if gc::is_tracked(object) {
            return Err(raise!(thread, SystemError, "PyObject_GC_Resize() of a tracked object"));
        }
        let new = allocate_variable(&class, items, thread)?.into_pointer();
        let old_items = (*object.cast::<layout::PyVarObject>()).ob_size.get().max(0).min(items) as usize;
        let head = size_of::<layout::PyVarObject>();
        let size = class.basic_size() + old_items * class.item_size();
        std::ptr::copy_nonoverlapping(object.cast::<u8>().add(head), new.cast::<u8>().add(head), size - head);
        objects::refs::free_memory(object, &class, thread);
        if class.is_heap_type() {
            objects::refs::release_pointer(class.as_object().as_pointer());
        }
        Ok(new)
    }
}

use objects::refs::HasHeader as _;
