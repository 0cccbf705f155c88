//! The C functions that `ctypes` calls by address: `string_at` and its like, which take and give objects.
//!
//! They are called like any function of C, with the interpreter's lock held, and raise by returning null with the exception set.

use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use text::builder::StrBuilder;

use layout::PyObject;
use objects::str::Str;

use crate::memory::place;

/// Names and addresses, as `_ctypes` has them.
pub fn addresses() -> [(&'static str, usize); 6] {
    [
        ("_memmove_addr", (libc::memmove as *const ()).addr()),
        ("_memset_addr", (libc::memset as *const ()).addr()),
        ("_string_at_addr", (string_at as *const ()).addr()),
        ("_wstring_at_addr", (wide_string_at as *const ()).addr()),
        ("_cast_addr", (cast as *const ()).addr()),
        ("_memoryview_at_addr", (memoryview_at as *const ()).addr()),
    ]
}

/// Runs with the thread that is current; null if that raises.
fn with_thread(run: impl FnOnce(&mut Thread) -> PyResult<Py<Object>>) -> *mut PyObject {
    // SAFETY: these functions are called with the lock held, by threads that are attached.
    let thread = &mut unsafe { Thread::current() };
    run(thread).map_or(std::ptr::null_mut(), Py::into_pointer)
}

/// Takes over a count of the object at an address.
pub fn take_object(address: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
    // SAFETY: the caller got the address from a function that returns a new reference, or null with an exception set.
    match unsafe { Py::<Object>::steal_pointer(std::ptr::with_exposed_provenance_mut(address)) } {
        Some(object) => Ok(object),
        None if thread.is_raised() => Err(thread.raised_elsewhere()),
        None => Err(raise!(thread, ValueError, "PyObject is NULL")),
    }
}

/// Adds a count that nobody owns, or takes one away that the program says nobody owns.
pub fn change_count(object: &Object, change: i32) {
    if change > 0 {
        std::mem::forget(Py::from_ref(object));
    } else {
        // SAFETY: the program says that there is such a count.
        drop(unsafe { Py::<Object>::steal_pointer(object.as_pointer()) });
    }
}

extern "C" fn string_at(address: usize, size: i32) -> *mut PyObject {
    with_thread(|thread| {
        let arguments = [protocol::make_int(address as i128, thread), protocol::make_int(i128::from(size), thread)];
        audit("ctypes.string_at", &arguments, thread)?;
        check_size(size, thread)?;
        let length = match usize::try_from(size) {
            Ok(length) => length,
            // SAFETY: the program says that a C string lies there.
            Err(_) => unsafe { libc::strlen(place(address).cast()) },
        };
        // SAFETY: the program says that so many bytes can be read there.
        thread.make_bytes(unsafe { std::slice::from_raw_parts(place(address), length) })
    })
}

extern "C" fn wide_string_at(address: usize, size: i32) -> *mut PyObject {
    with_thread(|thread| {
        let arguments = [protocol::make_int(address as i128, thread), protocol::make_int(i128::from(size), thread)];
        audit("ctypes.wstring_at", &arguments, thread)?;
        check_size(size, thread)?;
        // SAFETY: the program says that so many characters can be read there, or that there is a zero.
        unsafe { wide_text(place(address), usize::try_from(size).ok(), thread) }
    })
}

/// Only −1 stands for «up to the zero».
fn check_size(size: i32, thread: &mut Thread) -> PyResult<()> {
    if size < -1 {
        return Err(raise!(thread, SystemError, "Negative size passed to PyBytes_FromStringAndSize"));
    }
    Ok(())
}

fn audit(event: &str, arguments: &[Py<Object>], thread: &mut Thread) -> PyResult<()> {
    let arguments: Vec<&Object> = arguments.iter().map(|it| &**it).collect();
    thread.audit(event, &arguments)
}

/// Text of four bytes a character, of a length or up to the first zero.
///
/// # Safety
/// So many characters can be read there.
pub unsafe fn wide_text(start: *const u8, length: Option<usize>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let mut builder = StrBuilder::default();
    let mut index = 0;
    while length.is_none_or(|it| index < it) {
        // SAFETY: passed on to the caller.
        let point = unsafe { start.add(index * 4).cast::<u32>().read_unaligned() };
        if length.is_none() && point == 0 {
            break;
        }
        if point > 0x10FFFF {
            return Err(raise!(thread, ValueError, "character U+{point:x} is not in range [U+0000; U+10ffff]"));
        }
        builder.push(point);
        index += 1;
    }
    Str::from_builder(builder, thread).map(Py::into_object)
}

extern "C" fn cast(address: usize, source: *mut PyObject, class: *mut PyObject) -> *mut PyObject {
    with_thread(|thread| {
        // SAFETY: the caller passes objects, of which it keeps counts.
        let (source, class) = unsafe { (Object::from_pointer(source), Object::from_pointer(class)) };
        let (Some(source), Some(class)) = (source, class) else {
            return Err(raise!(thread, ValueError, "PyObject is NULL"));
        };
        let address = protocol::make_int(address as i128, thread);
        call_own("_cast", &[&address, source, class], thread)
    })
}

extern "C" fn memoryview_at(address: usize, size: isize, readonly: i32) -> *mut PyObject {
    with_thread(|thread| {
        let arguments = [address as i128, size as i128, i128::from(readonly)].map(|it| protocol::make_int(it, thread));
        let arguments: Vec<&Object> = arguments.iter().map(|it| &**it).collect();
        call_own("_memoryview_at", &arguments, thread)
    })
}

/// Calls a function of the Python text of `_ctypes`.
pub fn call_own(name: &str, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
    let import = thread.intern_text("__import__");
    let import = protocol::builtin(&import, thread)?;
    let module = thread.intern_text("_ctypes");
    let module = protocol::call_one(&import, &module, thread)?;
    let name = thread.intern_text(name);
    protocol::call_method(&module, &name, arguments, thread)
}
