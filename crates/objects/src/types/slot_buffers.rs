//! Buffers of classes that define `__buffer__` and `__release_buffer__` (PEP 688), and these methods of built-in types.
//!
//! The steps are CPython's (`slot_bf_getbuffer`, `bufferwrapper_releasebuf`, `wrap_buffer`).

use std::ffi::c_int;
use std::ptr;

use layout::{Py_buffer, PyBufferProcs, PyObject, getbufferproc, releasebufferproc};
use macros::{Instance, python_type};

use crate::errors::{OverflowError, PyResult};
use crate::names;
use crate::protocol::{self, buffer, call_special_required};
use crate::raise;
use crate::refs::{Field, Header, Object, Py};
use crate::slots::enter;
use crate::thread::Thread;
use crate::types::Instance as _;

type Word = *mut PyObject;

/// The exporter that a view of such a class has: keeps the memoryview that `__buffer__` gave, and the instance.
#[derive(Instance)]
#[repr(C)]
pub(crate) struct BufferWrapper {
    header: Header,
    view: Field,
    object: Field,
}

#[python_type(name = "_buffer_wrapper", base = crate::object::BaseObject)]
impl BufferWrapper {
    #[slot(bf_releasebuffer)]
    fn release(&self, view: *mut Py_buffer, thread: &mut Thread) {
        let (Some(memory), Some(object)) = (self.view.take(), self.object.take()) else { return };
        if let Some(function) = release_slot(&memory) {
            // SAFETY: the slot's protocol: the view is one of this memoryview.
            unsafe { function(memory.as_pointer(), view) };
        }
        // A slot of Rust or C is called when the memoryview is released.
        static RELEASE: releasebufferproc = release_buffer;
        if release_slot(&object).is_some_and(|it| ptr::fn_addr_eq(it, RELEASE)) {
            // SAFETY: the slot's protocol.
            call_python_release(&object, unsafe { &*view }, thread);
        }
    }
}

fn release_slot(object: &Object) -> Option<releasebufferproc> {
    // SAFETY: a type's method suites live as long as the type.
    let methods: Option<&PyBufferProcs> = unsafe { object.class().slots().tp_as_buffer.get().as_ref() };
    methods.and_then(|it| it.bf_releasebuffer.get())
}

/// `bf_getbuffer` of classes: what `__buffer__` gives, exported by a wrapper.
///
/// # Safety
/// By the slot's protocol: a live object, a view to fill, an attached thread.
pub unsafe extern "C-unwind" fn get_buffer(receiver: Word, view: *mut Py_buffer, flags: c_int) -> c_int {
    // SAFETY: this function's contract.
    unsafe {
        enter::get_buffer(receiver, view, flags, |receiver, view, flags, thread| {
            let number = protocol::make_int(i128::from(flags), thread);
            let memory = call_special_required(receiver, &names::__buffer__, &[&number], thread)?;
            let views = thread.memory_views()?;
            if !memory.class().is_subtype(views.class) {
                return Err(raise!(thread, TypeError, "__buffer__ returned non-memoryview object"));
            }
            buffer::get_into(&memory, view, flags, thread)?;
            let header = Header::new(BufferWrapper::class());
            let object = Py::from_ref(receiver).into();
            let wrapper = Py::new(BufferWrapper { header, view: memory.into(), object }, thread);
            let exporter = (*view).obj.replace(wrapper.into_pointer());
            drop(Py::<Object>::steal_pointer(exporter));
            Ok(())
        })
    }
}

/// `bf_releasebuffer` of classes that define `__release_buffer__`.
///
/// # Safety
/// By the slot's protocol: a live object, a view of it, an attached thread.
pub unsafe extern "C-unwind" fn release_buffer(receiver: Word, view: *mut Py_buffer) {
    // SAFETY: this function's contract.
    unsafe {
        enter::release_buffer(receiver, view, |receiver, view, thread| call_python_release(receiver, &*view, thread));
    }
}

/// Calls `__release_buffer__` with a memoryview of which no other can be made. Whatever it raises nobody can catch.
fn call_python_release(object: &Object, view: &Py_buffer, thread: &mut Thread) {
    let raised = thread.take_exception();
    let class = object.class().full_name();
    let memory = thread.memory_views().and_then(|views| (views.of_view)(view, thread));
    match memory {
        Ok(memory) => {
            let result = call_special_required(object, &names::__release_buffer__, &[&memory], thread);
            if let Err(raised) = result {
                let message = format!("Exception ignored in __release_buffer__ of {class}");
                thread.report_unraisable(raised, &message, Some(object));
            }
            let name = thread.intern_text("release");
            if let Err(raised) = protocol::call_method(&memory, &name, &[], thread) {
                let message = format!("Exception ignored in bf_releasebuffer of {class}");
                thread.report_unraisable(raised, &message, Some(object));
            }
        }
        Err(raised) => {
            let message = format!("Exception ignored in bf_releasebuffer of {class}");
            thread.report_unraisable(raised, &message, Some(object));
        }
    }
    thread.restore_exception(raised);
}

/// `type.__buffer__(object, flags)` of a built-in type: a memoryview.
pub(super) fn call_get_buffer(
    function: getbufferproc,
    receiver: &Object,
    flags: &Object,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let flags = protocol::index_or_raise(flags, OverflowError, thread)?;
    let Ok(flags) = c_int::try_from(flags) else {
        return Err(raise!(thread, OverflowError, "buffer flags out of range"));
    };
    let views = thread.memory_views()?;
    (views.of_slot)(receiver, flags, function, thread)
}

/// `type.__release_buffer__(object, memoryview)` of a built-in type.
pub(super) fn call_release_buffer(receiver: &Object, memory: &Object, thread: &mut Thread) -> PyResult<()> {
    let views = thread.memory_views()?;
    if !memory.class().is_subtype(views.class) {
        return Err(raise!(thread, TypeError, "expected a memoryview object"));
    }
    let (exporter, release) = (thread.intern_text("obj"), thread.intern_text("release"));
    let exporter = protocol::get_attribute(memory, &exporter, thread)?;
    if !exporter.is(receiver) {
        return Err(raise!(thread, ValueError, "memoryview's buffer is not this object"));
    }
    protocol::call_method(memory, &release, &[], thread)?;
    Ok(())
}
