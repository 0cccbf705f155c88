//! `modsupport.h`: `Py_BuildValue`, which makes objects of C values by a format, and the functions that call objects with such arguments.

use std::ffi::{CStr, c_char, c_int};

use builtins::bytes::Bytes;
use builtins::complex::Complex;
use layout::PyObject;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::list::List;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::entry::{enter, text};
use crate::floatobject::PyComplexValue;
use crate::variadic::{VaList, variadic};

type Converter = unsafe extern "C-unwind" fn(*mut std::ffi::c_void) -> *mut PyObject;

/// A format that is being worked off. After an error the other units are still read, so that the references of `N` are not lost.
struct Builder<'a, 'l> {
    rest: &'a [u8],
    list: &'l mut VaList,
}

/// All values of a format.
///
/// # Safety
/// The arguments fit the format.
pub unsafe fn build_all(format: &[u8], list: &mut VaList, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    let mut builder = Builder { rest: format, list };
    // SAFETY: passed on to the caller.
    unsafe { builder.items(None, thread) }
}

/// One value: None for an empty format, a tuple for more than one unit.
///
/// # Safety
/// The arguments fit the format.
unsafe fn build(format: &[u8], list: &mut VaList, thread: &mut Thread) -> PyResult<Py<Object>> {
    // SAFETY: passed on to the caller.
    let mut items = unsafe { build_all(format, list, thread)? };
    match items.len() {
        0 => Ok(thread.none()),
        1 => Ok(items.remove(0)),
        _ => Tuple::new(items, thread).map(Py::into_object),
    }
}

/// The arguments of a call: all values, or the items of the one value that is a tuple.
///
/// # Safety
/// The arguments fit the format.
unsafe fn call_arguments(format: *const c_char, list: &mut VaList, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    if format.is_null() {
        return Ok(Vec::new());
    }
    // SAFETY: passed on to the caller.
    let items = unsafe { build_all(CStr::from_ptr(format).to_bytes(), list, thread)? };
    if let [only] = &items[..]
        && let Some(tuple) = only.downcast::<Tuple>()
    {
        return Ok(tuple.items().to_vec());
    }
    Ok(items)
}

impl Builder<'_, '_> {
    /// Units up to a closing bracket, or to the end.
    ///
    /// # Safety
    /// The arguments fit the format.
    unsafe fn items(&mut self, end: Option<u8>, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
        let mut items = Vec::new();
        let mut failed = None;
        loop {
            match self.rest.first() {
                None if end.is_none() => break,
                None => return Err(raise!(thread, SystemError, "unmatched paren in format")),
                Some(closing) if Some(*closing) == end => {
                    self.rest = &self.rest[1..];
                    break;
                }
                Some(b',' | b':' | b' ' | b'\t') => self.rest = &self.rest[1..],
                // SAFETY: passed on to the caller.
                Some(_) => match unsafe { self.unit(thread) } {
                    Ok(item) => items.push(item),
                    Err(raised) if failed.is_none() => failed = Some(thread.catch(raised)),
                    Err(raised) => drop(thread.catch(raised)),
                },
            }
        }
        match failed {
            None => Ok(items),
            Some(exception) => Err(thread.set_exception(exception)),
        }
    }

    /// # Safety
    /// The arguments fit the format.
    unsafe fn unit(&mut self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let code = self.rest[0];
        self.rest = &self.rest[1..];
        // SAFETY (of all blocks below): the arguments fit the format.
        match code {
            // SAFETY: as above.
            b'(' => unsafe {
                let items = self.items(Some(b')'), thread)?;
                Tuple::new(items, thread).map(Py::into_object)
            },
            // SAFETY: as above.
            b'[' => unsafe {
                let items = self.items(Some(b']'), thread)?;
                List::new(items, thread).map(Py::into_object)
            },
            // SAFETY: as above.
            b'{' => unsafe {
                let items = self.items(Some(b'}'), thread)?;
                let dict = Dict::new(thread);
                for pair in items.chunks(2) {
                    let [key, value] = pair else {
                        return Err(raise!(thread, SystemError, "Bad dict format"));
                    };
                    dict.set(key, value, thread)?;
                }
                Ok(dict.into_object())
            },
            b'b' | b'B' | b'h' | b'i' => {
                // SAFETY: as above.
                let value = unsafe { self.list.int() };
                Ok(Int::from_i64(i64::from(value), thread).into_object())
            }
            b'H' => {
                // SAFETY: as above.
                let value = unsafe { self.list.int() } as u32;
                Ok(Int::from_i64(i64::from(value), thread).into_object())
            }
            b'I' => {
                // SAFETY: as above.
                let value = unsafe { self.list.int() } as u32;
                Ok(Int::from_u64(u64::from(value), thread).into_object())
            }
            b'p' => {
                // SAFETY: as above.
                let value = unsafe { self.list.int() };
                Ok(objects::bool::Bool::new(value != 0))
            }
            b'n' | b'l' | b'L' => {
                // SAFETY: as above.
                let value = unsafe { self.list.long() };
                Ok(Int::from_i64(value, thread).into_object())
            }
            b'k' | b'K' => {
                // SAFETY: as above.
                let value = unsafe { self.list.long() } as u64;
                Ok(Int::from_u64(value, thread).into_object())
            }
            b'f' | b'd' => {
                // SAFETY: as above.
                let value = unsafe { self.list.double() };
                Ok(Float::new(value, thread).into_object())
            }
            b'D' => {
                // SAFETY: as above: a pointer to a complex number.
                let value = unsafe { self.list.pointer::<PyComplexValue>().read() };
                Ok(Complex::new(value.real, value.imag, thread).into_object())
            }
            b'c' => {
                // SAFETY: as above.
                let byte = unsafe { self.list.int() } as u8;
                Bytes::try_from_slice(&[byte], thread).map(Py::into_object)
            }
            b'C' => {
                // SAFETY: as above.
                let point = unsafe { self.list.int() };
                crate::unicodeobject::from_ordinal(point, thread).map(Py::into_object)
            }
            b's' | b'z' | b'U' | b'y' | b'u' => {
                // SAFETY: as above.
                unsafe { self.text(code, thread) }
            }
            b'N' | b'S' | b'O' => {
                // SAFETY: as above.
                unsafe { self.object(code, thread) }
            }
            _ => Err(raise!(thread, SystemError, "bad format char passed to Py_BuildValue")),
        }
    }

    /// Text or bytes, with a length behind it where the format says so.
    ///
    /// # Safety
    /// The arguments fit the format.
    unsafe fn text(&mut self, code: u8, thread: &mut Thread) -> PyResult<Py<Object>> {
        // SAFETY: the arguments fit the format.
        let pointer: *const c_char = unsafe { self.list.pointer() };
        let counted = self.rest.first() == Some(&b'#');
        let mut length = -1;
        if counted {
            self.rest = &self.rest[1..];
            // SAFETY: as above.
            length = unsafe { self.list.long() };
        }
        if pointer.is_null() {
            return Ok(thread.none());
        }
        if code == b'u' {
            let points: *const u32 = pointer.cast();
            let count = match usize::try_from(length) {
                Ok(count) => count,
                // SAFETY: wide characters that end with zero.
                Err(_) => (0..).take_while(|at| unsafe { *points.add(*at) != 0 }).count(),
            };
            // SAFETY: so many wide characters.
            let points = unsafe { std::slice::from_raw_parts(points, count) };
            return crate::unicodeobject::from_points(points, thread).map(Py::into_object);
        }
        let bytes = match usize::try_from(length) {
            // SAFETY: so many bytes.
            Ok(length) => unsafe { std::slice::from_raw_parts(pointer.cast::<u8>(), length) },
            // SAFETY: a C string.
            Err(_) => unsafe { CStr::from_ptr(pointer) }.to_bytes(),
        };
        if code == b'y' {
            return Bytes::try_from_slice(bytes, thread).map(Py::into_object);
        }
        objects::str::codecs::decode(bytes, None, None, thread).map(Py::into_object)
    }

    /// An object, what a converter makes of an argument (`O&`), or an object whose reference is taken over (`N`).
    ///
    /// # Safety
    /// The arguments fit the format.
    unsafe fn object(&mut self, code: u8, thread: &mut Thread) -> PyResult<Py<Object>> {
        if self.rest.first() == Some(&b'&') {
            self.rest = &self.rest[1..];
            // SAFETY: the arguments fit the format: a converter, and what it converts.
            return unsafe {
                let converter = std::mem::transmute::<*mut std::ffi::c_void, Converter>(self.list.pointer());
                let argument = self.list.pointer();
                protocol::result_from_c(converter(argument), thread)
            };
        }
        // SAFETY: the arguments fit the format.
        let pointer = unsafe { self.list.pointer::<PyObject>() };
        // SAFETY: as above: an object or null, whose reference comes with it for `N`.
        let object = unsafe {
            match code {
                b'N' => Py::steal_pointer(pointer),
                _ => Object::from_pointer(pointer).map(Py::from_ref),
            }
        };
        match object {
            Some(object) => Ok(object),
            None if thread.is_raised() => Err(thread.raised_elsewhere()),
            None => Err(raise!(thread, SystemError, "NULL object passed to Py_BuildValue")),
        }
    }
}

/// `Py_VaBuildValue`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_VaBuildValue(format: *const c_char, list: *mut VaList) -> *mut PyObject {
    // SAFETY: C's caller passes a format, and a list of arguments that fits it.
    enter(|thread| unsafe { build(CStr::from_ptr(format).to_bytes(), &mut *list, thread) })
}

/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn call_function(
    callable: *mut PyObject,
    format: *const c_char,
    list: *mut VaList,
) -> *mut PyObject {
    enter(|thread| {
        // SAFETY: C's caller passes an object or null.
        let Some(callable) = (unsafe { Object::from_pointer(callable) }) else { return null(thread) };
        // SAFETY: C's caller passes a format, and a list of arguments that fits it.
        let arguments = unsafe { call_arguments(format, &mut *list, thread)? };
        let arguments: Vec<&Object> = arguments.iter().map(|it| &**it).collect();
        protocol::call(callable, &arguments, thread)
    })
}

fn null<T>(thread: &mut Thread) -> PyResult<T> {
    Err(raise!(thread, SystemError, "null argument to internal routine"))
}

/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn call_method(
    receiver: *mut PyObject,
    name: *const c_char,
    format: *const c_char,
    list: *mut VaList,
) -> *mut PyObject {
    enter(|thread| {
        // SAFETY: C's caller passes an object or null, and a C string or null.
        let Some(receiver) = (unsafe { Object::from_pointer(receiver) }) else { return null(thread) };
        if name.is_null() {
            return null(thread);
        }
        // SAFETY: as above.
        let name = thread.intern_text(&text(unsafe { CStr::from_ptr(name) }));
        let method = protocol::get_attribute(receiver, &name, thread)?;
        if method.class().slots().tp_call.get().is_none() {
            let class = method.class().full_name();
            return Err(raise!(thread, TypeError, "attribute of type '{class}' is not callable"));
        }
        // SAFETY: C's caller passes a format, and a list of arguments that fits it.
        let arguments = unsafe { call_arguments(format, &mut *list, thread)? };
        let arguments: Vec<&Object> = arguments.iter().map(|it| &**it).collect();
        protocol::call(&method, &arguments, thread)
    })
}

/// C's `_Py_Identifier`: a name whose text is its first field.
#[repr(C)]
struct Identifier {
    string: *const c_char,
}

/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn call_method_identifier(
    receiver: *mut PyObject,
    name: *const Identifier,
    format: *const c_char,
    list: *mut VaList,
) -> *mut PyObject {
    // SAFETY: C's caller passes a name.
    unsafe { call_method(receiver, (*name).string, format, list) }
}

/// Objects up to null.
///
/// # Safety
/// The arguments are objects that end with null.
unsafe fn objects_to_null<'a>(list: &mut VaList) -> Vec<&'a Object> {
    let mut arguments = Vec::new();
    // SAFETY: passed on to the caller.
    while let Some(argument) = unsafe { Object::from_pointer(list.pointer()) } {
        arguments.push(argument);
    }
    arguments
}

/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn call_function_objects(callable: *mut PyObject, list: *mut VaList) -> *mut PyObject {
    enter(|thread| {
        // SAFETY: C's caller passes an object or null.
        let Some(callable) = (unsafe { Object::from_pointer(callable) }) else { return null(thread) };
        // SAFETY: C's caller passes objects that end with null.
        let arguments = unsafe { objects_to_null(&mut *list) };
        protocol::call(callable, &arguments, thread)
    })
}

/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn call_method_objects(
    receiver: *mut PyObject,
    name: *mut PyObject,
    list: *mut VaList,
) -> *mut PyObject {
    enter(|thread| {
        // SAFETY: C's caller passes objects or null.
        let (receiver, name) = unsafe { (Object::from_pointer(receiver), Object::from_pointer(name)) };
        let (Some(receiver), Some(name)) = (receiver, name) else { return null(thread) };
        let name = objects::object::attribute_name(name, thread)?;
        // SAFETY: C's caller passes objects that end with null.
        let arguments = unsafe { objects_to_null(&mut *list) };
        protocol::call_method(receiver, name, &arguments, thread)
    })
}

/// `_PyObject_GetAttrId`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyObject_GetAttrId(
    object: *mut PyObject,
    name: *const std::ffi::c_void,
) -> *mut PyObject {
    enter(|thread| {
        // SAFETY: C's caller passes an object and a name.
        let (object, name) =
            unsafe { (Object::from_pointer(object), CStr::from_ptr((*name.cast::<Identifier>()).string)) };
        let Some(object) = object else { return null(thread) };
        let name = thread.intern_text(&text(name));
        protocol::get_attribute(object, &name, thread)
    })
}

/// `_PyUnicode_FromId`: borrowed, since interned names of this kind live as long as the interpreter.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _PyUnicode_FromId(name: *const std::ffi::c_void) -> *mut PyObject {
    enter(|thread| {
        // SAFETY: C's caller passes a name.
        let name = unsafe { CStr::from_ptr((*name.cast::<Identifier>()).string) };
        let name: Py<Str> = Str::from_str(&text(name), thread);
        Ok(thread.intern_for_ever(&name).as_pointer())
    })
}

/// `PyArg_UnpackTuple`'s inner part.
///
/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn unpack_tuple(
    arguments: *mut PyObject,
    name: *const c_char,
    least: isize,
    most: isize,
    list: *mut VaList,
) -> c_int {
    enter(|thread| {
        // SAFETY: C's caller passes a tuple, and a C string or null.
        let arguments = unsafe { Object::from_pointer(arguments) };
        let Some(arguments) = arguments.and_then(|it| it.downcast::<Tuple>()) else {
            return Err(raise!(thread, SystemError, "PyArg_UnpackTuple() argument list is not a tuple"));
        };
        // SAFETY: as above.
        let name = (!name.is_null()).then(|| text(unsafe { CStr::from_ptr(name) }));
        check_positional(name.as_deref(), arguments.length() as isize, least, most, thread)?;
        for argument in arguments.items() {
            // SAFETY: C's caller passes as many places as there may be arguments.
            unsafe { (*list).pointer::<*mut PyObject>().write(argument.as_pointer()) };
        }
        Ok(crate::abstract_number::Converted(true))
    })
}

/// TypeError unless there are as many positional arguments as there should be.
pub fn check_positional(
    name: Option<&str>,
    count: isize,
    least: isize,
    most: isize,
    thread: &mut Thread,
) -> PyResult<()> {
    let (limit, bound) = if count < least {
        (least, if least < most { "at least " } else { "" })
    } else if count > most {
        (most, if least < most { "at most " } else { "" })
    } else {
        return Ok(());
    };
    let plural = if limit == 1 { "" } else { "s" };
    Err(match name {
        Some(name) => raise!(thread, TypeError, "{name} expected {bound}{limit} argument{plural}, got {count}"),
        None => {
            let message = "unpacked tuple should have";
            raise!(thread, TypeError, "{message} {bound}{limit} element{plural}, but has {count}")
        }
    })
}

variadic! {
    fn Py_BuildValue = Py_VaBuildValue, 1;
    fn _Py_BuildValue_SizeT = Py_VaBuildValue, 1;
    fn PyObject_CallFunction = call_function, 2;
    fn _PyObject_CallFunction_SizeT = call_function, 2;
    fn PyEval_CallFunction = call_function, 2;
    fn PyObject_CallMethod = call_method, 3;
    fn _PyObject_CallMethod_SizeT = call_method, 3;
    fn PyEval_CallMethod = call_method, 3;
    fn _PyObject_CallMethodId = call_method_identifier, 3;
    fn PyObject_CallFunctionObjArgs = call_function_objects, 1;
    fn PyObject_CallMethodObjArgs = call_method_objects, 2;
    fn PyArg_UnpackTuple = unpack_tuple, 4;
}
