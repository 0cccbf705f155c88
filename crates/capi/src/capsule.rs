//! `pycapsule.h`: a C pointer as an object, by which modules hand tables of functions to one another.

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_void};

use layout::PyObject;
use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;

use crate::entry::{Flag, export, text};

type Destructor = unsafe extern "C-unwind" fn(*mut PyObject);

/// A C pointer with a name.
#[derive(Instance)]
#[repr(C)]
pub struct Capsule {
    header: Header,
    contents: Contents,
}

/// What a capsule holds; its destructor is called when the capsule goes.
#[repr(C)]
struct Contents {
    pointer: Cell<*mut c_void>,
    name: Cell<*const c_char>,
    context: Cell<*mut c_void>,
    destructor: Cell<Option<Destructor>>,
}

impl Traverse for Contents {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl Drop for Contents {
    fn drop(&mut self) {
        if let Some(destructor) = self.destructor.get() {
            let offset = std::mem::offset_of!(Capsule, contents);
            let capsule = std::ptr::from_ref(self).cast::<u8>().wrapping_sub(offset).cast_mut().cast();
            // SAFETY: the destructor's protocol: it gets the capsule, which is whole as yet.
            unsafe { destructor(capsule) };
        }
    }
}

#[python_type(name = "PyCapsule", symbol = "PyCapsule_Type", base = BaseObject, flags(DISALLOW_INSTANTIATION))]
impl Capsule {
    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> Py<Str> {
        let address = self.address();
        let shown = match self.name() {
            Some(name) => format!("<capsule object \"{}\" at {address:#x}>", text(name)),
            None => format!("<capsule object NULL at {address:#x}>"),
        };
        Str::from_str(&shown, thread)
    }
}

impl Capsule {
    fn name(&self) -> Option<&CStr> {
        let name = self.contents.name.get();
        // SAFETY: a capsule's name outlives it.
        (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) })
    }
}

/// A capsule that holds something, or an error that says which function was called with something else.
fn valid<'a>(object: Option<&'a Object>, function: &str, thread: &mut Thread) -> PyResult<&'a Capsule> {
    let capsule = object.and_then(|it| it.downcast_exact::<Capsule>());
    match capsule.filter(|it| !it.contents.pointer.get().is_null()) {
        Some(capsule) => Ok(capsule),
        None => Err(raise!(thread, ValueError, "{function} called with invalid PyCapsule object")),
    }
}

fn same_name(capsule: &Capsule, name: Option<&CStr>) -> bool {
    capsule.name() == name
}

export! { thread;
    fn PyCapsule_New(pointer: *mut c_void, name: *const c_char, destructor: Option<Destructor>) -> Py<Capsule> {
        if pointer.is_null() {
            return Err(raise!(thread, ValueError, "PyCapsule_New called with null pointer"));
        }
        let contents = Contents {
            pointer: Cell::new(pointer),
            name: Cell::new(name),
            context: Cell::new(std::ptr::null_mut()),
            destructor: Cell::new(destructor),
        };
        Ok(Py::new(Capsule { header: Header::new(Capsule::class()), contents }, thread))
    }

    fn PyCapsule_IsValid(capsule: Option<&Object>, name: Option<&CStr>) -> Flag {
        let _ = &thread;
        let capsule = capsule.and_then(|it| it.downcast_exact::<Capsule>());
        Ok(Flag(capsule.is_some_and(|it| !it.contents.pointer.get().is_null() && same_name(it, name))))
    }

    fn PyCapsule_GetPointer(capsule: Option<&Object>, name: Option<&CStr>) -> *mut c_void {
        let capsule = valid(capsule, "PyCapsule_GetPointer", thread)?;
        if !same_name(capsule, name) {
            return Err(raise!(thread, ValueError, "PyCapsule_GetPointer called with incorrect name"));
        }
        Ok(capsule.contents.pointer.get())
    }

    fn PyCapsule_GetName(capsule: Option<&Object>) -> *const c_char {
        Ok(valid(capsule, "PyCapsule_GetName", thread)?.contents.name.get())
    }

    fn PyCapsule_GetContext(capsule: Option<&Object>) -> *mut c_void {
        Ok(valid(capsule, "PyCapsule_GetContext", thread)?.contents.context.get())
    }

    fn PyCapsule_GetDestructor(capsule: Option<&Object>) -> *mut c_void {
        let destructor = valid(capsule, "PyCapsule_GetDestructor", thread)?.contents.destructor.get();
        Ok(destructor.map_or(std::ptr::null_mut(), |it| it as *mut c_void))
    }

    fn PyCapsule_SetPointer(capsule: Option<&Object>, pointer: *mut c_void) -> () {
        let capsule = valid(capsule, "PyCapsule_SetPointer", thread)?;
        if pointer.is_null() {
            return Err(raise!(thread, ValueError, "PyCapsule_SetPointer called with null pointer"));
        }
        capsule.contents.pointer.set(pointer);
        Ok(())
    }

    fn PyCapsule_SetName(capsule: Option<&Object>, name: *const c_char) -> () {
        valid(capsule, "PyCapsule_SetName", thread)?.contents.name.set(name);
        Ok(())
    }

    fn PyCapsule_SetContext(capsule: Option<&Object>, context: *mut c_void) -> () {
        valid(capsule, "PyCapsule_SetContext", thread)?.contents.context.set(context);
        Ok(())
    }

    fn PyCapsule_SetDestructor(capsule: Option<&Object>, destructor: Option<Destructor>) -> () {
        valid(capsule, "PyCapsule_SetDestructor", thread)?.contents.destructor.set(destructor);
        Ok(())
    }

    fn PyCapsule_Import(name: &CStr, no_block: i32) -> *mut c_void {
        let _ = no_block;
        let full = text(name);
        if full == crate::datetime::CAPSULE {
            return crate::datetime::table(thread);
        }
        let mut parts = full.split('.');
        let first = parts.next().unwrap_or_default();
        let module = thread.intern_text(first);
        let mut object = match crate::import::import(&module, thread) {
            Ok(module) => module,
            Err(raised) => {
                drop(thread.catch(raised));
                return Err(raise!(thread, ImportError, "PyCapsule_Import could not import module \"{first}\""));
            }
        };
        for part in parts {
            let part = thread.intern_text(part);
            object = match protocol::lookup_attribute(&object, &part, thread)? {
                Some(object) => object,
                None => {
                    let missing = protocol::get_attribute(&object, &part, thread);
                    return Err(missing.err().unwrap_or_else(|| thread.raised_elsewhere()));
                }
            };
        }
        match object.downcast_exact::<Capsule>().filter(|it| same_name(it, Some(name))) {
            Some(capsule) => Ok(capsule.contents.pointer.get()),
            None => Err(raise!(thread, AttributeError, "PyCapsule_Import \"{full}\" is not valid")),
        }
    }
}
