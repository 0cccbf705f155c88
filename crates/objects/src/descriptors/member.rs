//! `member_descriptor`: attributes that are fields of the object's struct, `__slots__` included.
#![allow(non_upper_case_globals, reason = "the constants have C's names")]

use std::cell::Cell;
use std::ffi::{c_char, c_int};

use layout::*;
use macros::{Instance, python_type};

use super::doc::text_of;
use super::head::DescriptorHead;
use crate::audit;
use crate::bool::Bool;
use crate::errors::PyResult;
use crate::float::Float;
use crate::int::Int;
use crate::protocol;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::types::{Instance as _, Type};

/// An attribute that is a field.
#[derive(Instance)]
#[repr(C)]
pub struct MemberDescriptor {
    head: DescriptorHead,
    definition: Cell<*mut PyMemberDef>,
}

const _: () = assert!(size_of::<MemberDescriptor>() == size_of::<PyMemberDescrObject>());

impl MemberDescriptor {
    /// A descriptor for an entry of `owner`'s table.
    ///
    /// # Safety
    /// The definition lives as long as the owner.
    pub unsafe fn new(owner: &Type, definition: *mut PyMemberDef, thread: &mut Thread) -> Py<MemberDescriptor> {
        // SAFETY: passed on to the caller.
        let name = unsafe { text_of((*definition).name) };
        let name = thread.intern_text(&name);
        // SAFETY: passed on to the caller.
        unsafe { Self::named(owner, name, definition, thread) }
    }

    /// As [`MemberDescriptor::new`], with the name at hand.
    ///
    /// # Safety
    /// The definition lives as long as the owner.
    pub unsafe fn named(
        owner: &Type,
        name: Py<Str>,
        definition: *mut PyMemberDef,
        thread: &mut Thread,
    ) -> Py<MemberDescriptor> {
        let head = DescriptorHead::new(Self::class(), owner, name);
        Py::new(Self { head, definition: Cell::new(definition) }, thread)
    }

    pub fn head(&self) -> &DescriptorHead {
        &self.head
    }

    /// The field that this describes.
    pub fn definition(&self) -> &PyMemberDef {
        // SAFETY: the definition lives as long as the owner, which this keeps alive.
        unsafe { &*self.definition.get() }
    }
}

#[python_type(name = "member_descriptor", symbol = "PyMemberDescr_Type", base = crate::object::BaseObject)]
impl MemberDescriptor {
    #[slot(tp_repr)]
    fn repr(&self) -> String {
        format!("<member '{}' of '{}' objects>", self.head.name_text(), self.head.owner_name())
    }

    #[slot(tp_descr_get)]
    fn get(&self, instance: Option<&Object>, _: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(instance) = instance else { return Ok(Py::from_ref(self).into_object()) };
        self.head.check_instance(instance, thread)?;
        if self.definition().flags & Py_AUDIT_READ != 0 {
            audit!(thread, "object.__getattr__", instance, Py::from_ref(self.head.name()))?;
        }
        // SAFETY: the instance is one of the owner's, whose struct the definition describes.
        unsafe { read_member(instance, self.definition(), thread) }
    }

    #[slot(tp_descr_set)]
    fn set(&self, instance: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.head.check_instance(instance, thread)?;
        // SAFETY: the instance is one of the owner's, whose struct the definition describes.
        unsafe { write_member(instance, self.definition(), value, thread) }
    }

    /// __reduce__($self, /)
    /// --
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.head.reduce(thread)
    }

    #[getter]
    fn __objclass__(&self) -> Py<Type> {
        Py::from_ref(self.head.owner())
    }

    #[getter]
    fn __name__(&self) -> Py<Str> {
        Py::from_ref(self.head.name())
    }

    #[getter]
    fn __doc__(&self) -> Option<String> {
        let doc = self.definition().doc;
        // SAFETY: a definition's texts are C strings.
        (!doc.is_null()).then(|| unsafe { text_of(doc) })
    }

    #[getter]
    fn __qualname__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.head.qualname(thread)
    }
}

/// The field's address.
///
/// # Safety
/// The object has the struct that the definition describes.
unsafe fn field<T>(object: &Object, definition: &PyMemberDef) -> *mut T {
    // SAFETY: passed on to the caller.
    unsafe { object.as_pointer().cast::<u8>().offset(definition.offset).cast::<T>() }
}

/// `PyMember_GetOne`.
///
/// # Safety
/// The object has the struct that the definition describes.
pub unsafe fn read_member(object: &Object, definition: &PyMemberDef, thread: &mut Thread) -> PyResult<Py<Object>> {
    macro_rules! integer {
        ($typ:ty) => {{
            // SAFETY: this function's contract.
            let value = unsafe { field::<$typ>(object, definition).read_unaligned() };
            Int::from_i128(i128::from(value), thread).into_object()
        }};
    }
    Ok(match definition.r#type {
        Py_T_BOOL => {
            // SAFETY: this function's contract.
            Bool::new(unsafe { field::<c_char>(object, definition).read() } != 0)
        }
        Py_T_BYTE => integer!(i8),
        Py_T_UBYTE => integer!(u8),
        Py_T_SHORT => integer!(i16),
        Py_T_USHORT => integer!(u16),
        Py_T_INT => integer!(i32),
        Py_T_UINT => integer!(u32),
        Py_T_LONG | Py_T_LONGLONG => integer!(i64),
        Py_T_ULONG | Py_T_ULONGLONG => integer!(u64),
        Py_T_PYSSIZET => {
            // SAFETY: this function's contract.
            let value = unsafe { field::<isize>(object, definition).read() };
            Int::from_i128(value as i128, thread).into_object()
        }
        Py_T_FLOAT => {
            // SAFETY: this function's contract.
            Float::new(f64::from(unsafe { field::<f32>(object, definition).read() }), thread).into_object()
        }
        Py_T_DOUBLE => {
            // SAFETY: this function's contract.
            Float::new(unsafe { field::<f64>(object, definition).read() }, thread).into_object()
        }
        Py_T_STRING | Py_T_STRING_INPLACE | Py_T_CHAR => {
            // SAFETY: this function's contract.
            unsafe { read_text(object, definition, thread) }
        }
        _Py_T_OBJECT | Py_T_OBJECT_EX => {
            // SAFETY: this function's contract: a live object or null.
            match unsafe { Object::from_pointer(field::<*mut PyObject>(object, definition).read()) } {
                Some(value) => Py::from_ref(value),
                None if definition.r#type == _Py_T_OBJECT => thread.none(),
                None => {
                    // SAFETY: a definition's name is a C string.
                    let name = unsafe { text_of(definition.name) };
                    let class = protocol::qualified_name(object.class(), thread);
                    let message = format!("'{class}' object has no attribute '{name}'");
                    return Err(protocol::raise_attribute_error(object, &name, &message, thread));
                }
            }
        }
        _Py_T_NONE => thread.none(),
        _ => return Err(raise!(thread, SystemError, "bad memberdescr type")),
    })
}

/// # Safety
/// The object has the struct that the definition describes.
unsafe fn read_text(object: &Object, definition: &PyMemberDef, thread: &mut Thread) -> Py<Object> {
    // SAFETY: this function's contract.
    unsafe {
        let start: *const c_char = match definition.r#type {
            Py_T_STRING => field::<*const c_char>(object, definition).read(),
            Py_T_STRING_INPLACE => field::<c_char>(object, definition),
            _ => {
                let point = field::<u8>(object, definition).read();
                return Str::from_str(&char::from(point).to_string(), thread).into_object();
            }
        };
        if start.is_null() { thread.none() } else { Str::from_str(&text_of(start), thread).into_object() }
    }
}

/// `PyMember_SetOne`.
///
/// # Safety
/// The object has the struct that the definition describes.
pub unsafe fn write_member(
    object: &Object,
    definition: &PyMemberDef,
    value: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<()> {
    if definition.flags & Py_READONLY != 0 {
        return Err(raise!(thread, AttributeError, "readonly attribute"));
    }
    let kind = definition.r#type;
    if kind == _Py_T_OBJECT || kind == Py_T_OBJECT_EX {
        // SAFETY: this function's contract: the field owns a reference or is null.
        let old = unsafe {
            let field = field::<*mut PyObject>(object, definition);
            if value.is_none() && kind == Py_T_OBJECT_EX && field.read().is_null() {
                let name = text_of(definition.name);
                return Err(raise!(thread, AttributeError, "{name}"));
            }
            let new = value.map_or(std::ptr::null_mut(), |it| Py::from_ref(it).into_pointer());
            Py::<Object>::steal_pointer(field.replace(new))
        };
        if let Some(old) = old {
            old.release(thread);
        }
        return Ok(());
    }
    let Some(value) = value else {
        return Err(raise!(thread, TypeError, "can't delete numeric/char attribute"));
    };
    // SAFETY: this function's contract.
    unsafe { write_number(object, definition, value, thread) }
}

/// An integer for a field of C's: not less than a `long` can be, not more than `most`.
fn c_integer(value: &Object, most: i128, too_large: &str, thread: &mut Thread) -> PyResult<i128> {
    let value = protocol::index(value, thread)?;
    match value.to_i128() {
        Some(number) if (i128::from(i64::MIN)..=most).contains(&number) => Ok(number),
        _ if value.is_negative() && most > i128::from(i64::MAX) => {
            Err(raise!(thread, OverflowError, "Python int too large to convert to C long"))
        }
        _ => Err(raise!(thread, OverflowError, "{too_large}")),
    }
}

#[cold]
fn warn_of_loss(message: &str, thread: &mut Thread) -> PyResult<()> {
    thread.warn(crate::errors::RuntimeWarning, 1, format_args!("{message}"))
}

/// # Safety
/// The object has the struct that the definition describes.
unsafe fn write_number(object: &Object, definition: &PyMemberDef, value: &Object, thread: &mut Thread) -> PyResult<()> {
    macro_rules! integer {
        ($typ:ty, $too_large:literal, $truncated:literal) => {{
            let number = c_integer(value, i64::MAX as i128, $too_large, thread)?;
            // SAFETY: this function's contract.
            unsafe { field::<$typ>(object, definition).write(number as $typ) };
            if <$typ>::try_from(number).is_err() {
                return warn_of_loss(concat!("Truncation of value to ", $truncated), thread);
            }
        }};
    }
    // These take negative numbers, too, since they always have.
    macro_rules! unsigned {
        ($typ:ty, $too_large:literal, $truncated:literal) => {{
            let number = c_integer(value, u64::MAX as i128, $too_large, thread)?;
            // SAFETY: this function's contract.
            unsafe { field::<$typ>(object, definition).write(number as $typ) };
            if number < 0 {
                return warn_of_loss("Writing negative value into unsigned field", thread);
            }
            if <$typ>::try_from(number).is_err() {
                return warn_of_loss(concat!("Truncation of value to ", $truncated), thread);
            }
        }};
    }
    match definition.r#type {
        Py_T_BOOL => {
            if !value.is_exactly::<Bool>() {
                return Err(raise!(thread, TypeError, "attribute value type must be bool"));
            }
            // SAFETY: this function's contract.
            unsafe { field::<c_char>(object, definition).write(c_char::from(value.is(Bool::get(true)))) };
        }
        Py_T_BYTE => integer!(i8, "Python int too large to convert to C long", "char"),
        Py_T_UBYTE => integer!(u8, "Python int too large to convert to C long", "unsigned char"),
        Py_T_SHORT => integer!(i16, "Python int too large to convert to C long", "short"),
        Py_T_USHORT => integer!(u16, "Python int too large to convert to C long", "unsigned short"),
        Py_T_INT => integer!(c_int, "Python int too large to convert to C long", "int"),
        Py_T_UINT => unsigned!(u32, "Python int too large to convert to C unsigned long", "unsigned int"),
        Py_T_LONG => integer!(i64, "Python int too large to convert to C long", "long"),
        Py_T_LONGLONG => integer!(i64, "int too big to convert", "long long"),
        Py_T_ULONG => unsigned!(u64, "Python int too large to convert to C unsigned long", "unsigned long"),
        Py_T_ULONGLONG => unsigned!(u64, "int too big to convert", "unsigned long long"),
        Py_T_PYSSIZET => {
            if value.downcast::<Int>().is_none() {
                return Err(raise!(thread, TypeError, "an integer is required"));
            }
            integer!(isize, "Python int too large to convert to C ssize_t", "ssize_t");
        }
        Py_T_FLOAT => {
            let value = protocol::as_f64(value, thread)?;
            // SAFETY: this function's contract.
            unsafe { field::<f32>(object, definition).write(value as f32) };
        }
        Py_T_DOUBLE => {
            let value = protocol::as_f64(value, thread)?;
            // SAFETY: this function's contract.
            unsafe { field::<f64>(object, definition).write(value) };
        }
        Py_T_CHAR => {
            let point = value.downcast::<Str>().filter(|it| it.length() == 1).and_then(|it| it.code_point(0));
            let Some(point) = point.and_then(|it| u8::try_from(it).ok()) else {
                return Err(raise!(thread, TypeError, "a single character is required"));
            };
            // SAFETY: this function's contract.
            unsafe { field::<u8>(object, definition).write(point) };
        }
        Py_T_STRING | Py_T_STRING_INPLACE => return Err(raise!(thread, TypeError, "readonly attribute")),
        _ => return Err(raise!(thread, SystemError, "bad memberdescr type for {}", definition.r#type)),
    }
    Ok(())
}
