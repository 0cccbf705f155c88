//! `abstract.h`, the number protocol.

use std::ffi::c_int;

use layout::PyObject;
use objects::errors::PyResult;
use objects::float::Float;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Type;

use crate::entry::{Flag, export};

/// Functions of one or two operands that have the protocol's function as it is.
macro_rules! operations {
    ($($(fn $binary:ident = $operation:ident)? $(unary fn $unary:ident = $of_one:ident)?;)*) => {$(
        $(export! { thread;
            fn $binary(left: &Object, right: &Object) -> Py<Object> { protocol::$operation(left, right, thread) }
        })?
        $(export! { thread;
            fn $unary(operand: &Object) -> Py<Object> { protocol::$of_one(operand, thread) }
        })?
    )*};
}

operations! {
    fn PyNumber_Add = add;
    fn PyNumber_Subtract = subtract;
    fn PyNumber_Multiply = multiply;
    fn PyNumber_MatrixMultiply = matrix_multiply;
    fn PyNumber_FloorDivide = floor_divide;
    fn PyNumber_TrueDivide = true_divide;
    fn PyNumber_Remainder = remainder;
    fn PyNumber_Divmod = divmod;
    fn PyNumber_Lshift = lshift;
    fn PyNumber_Rshift = rshift;
    fn PyNumber_And = and;
    fn PyNumber_Xor = xor;
    fn PyNumber_Or = or;
    fn PyNumber_InPlaceAdd = inplace_add;
    fn PyNumber_InPlaceSubtract = inplace_subtract;
    fn PyNumber_InPlaceMultiply = inplace_multiply;
    fn PyNumber_InPlaceMatrixMultiply = inplace_matrix_multiply;
    fn PyNumber_InPlaceFloorDivide = inplace_floor_divide;
    fn PyNumber_InPlaceTrueDivide = inplace_true_divide;
    fn PyNumber_InPlaceRemainder = inplace_remainder;
    fn PyNumber_InPlaceLshift = inplace_lshift;
    fn PyNumber_InPlaceRshift = inplace_rshift;
    fn PyNumber_InPlaceAnd = inplace_and;
    fn PyNumber_InPlaceXor = inplace_xor;
    fn PyNumber_InPlaceOr = inplace_or;
    unary fn PyNumber_Negative = negative;
    unary fn PyNumber_Positive = positive;
    unary fn PyNumber_Absolute = absolute;
    unary fn PyNumber_Invert = invert;
}

export! { thread;
    fn PyNumber_Power(base: &Object, exponent: &Object, modulus: &Object) -> Py<Object> {
        protocol::power(base, exponent, modulus, thread)
    }

    fn PyNumber_InPlacePower(base: &Object, exponent: &Object, modulus: &Object) -> Py<Object> {
        protocol::inplace_power(base, exponent, modulus, thread)
    }

    fn PyNumber_Check(object: Option<&Object>) -> Flag {
        let _ = &thread;
        Ok(Flag(object.is_some_and(|it| {
            // SAFETY: a type's method suites live as long as the type.
            let methods = unsafe { it.class().slots().tp_as_number.get().as_ref() };
            let has = methods.is_some_and(|it| it.nb_index.get().is_some() || it.nb_int.get().is_some() || it.nb_float.get().is_some());
            has || builtins::complex::Complex::of(it).is_some()
        })))
    }

    fn PyIndex_Check(object: &Object) -> Flag {
        let _ = &thread;
        Ok(Flag(protocol::is_index(object)))
    }

    fn PyNumber_Index(object: &Object) -> Py<Object> {
        let index = protocol::index(object, thread)?;
        index.to_exact(thread).map(Py::into_object)
    }

    fn _PyNumber_Index(object: &Object) -> Py<Object> {
        protocol::index(object, thread).map(Py::into_object)
    }

    fn PyNumber_Long(object: &Object) -> Py<Object> {
        objects::int::from_object(object, thread).map(Py::into_object)
    }

    fn PyNumber_Float(object: &Object) -> Py<Object> {
        if let Some(float) = object.downcast_exact::<Float>() {
            return Ok(Py::from_ref(float).into_object());
        }
        let class: &Object = float_class();
        protocol::call_one(class, object, thread)
    }

    fn PyNumber_AsSsize_t(object: &Object, error: *mut PyObject) -> isize {
        let index = protocol::index(object, thread)?;
        if let Some(value) = index.to_i64() {
            return Ok(value as isize);
        }
        // SAFETY: an exception class, or null.
        let Some(class) = (unsafe { Object::from_pointer(error) }) else {
            return Ok(if index.is_negative() { isize::MIN } else { isize::MAX });
        };
        let found = object.class().full_name();
        let message = Str::from_str(&format!("cannot fit '{found}' into an index-sized integer"), thread);
        Err(crate::pyerrors::set_object(class, Some(&message), thread))
    }

    fn PyNumber_ToBase(object: &Object, base: i32) -> Py<Str> {
        let Some(base) = u32::try_from(base).ok().filter(|it| matches!(it, 2 | 8 | 10 | 16)) else {
            return Err(raise!(thread, SystemError, "PyNumber_ToBase: base must be 2, 8, 10 or 16"));
        };
        let index = protocol::index(object, thread)?;
        index.to_text(base, base != 10, thread)
    }
}

fn float_class() -> &'static Type {
    <Float as objects::types::Instance>::class()
}

/// An index that is cut to what fits, as slices want it; false for None, which leaves `result` alone.
fn slice_index(
    value: Option<&Object>,
    result: crate::entry::Out<isize>,
    allow_none: bool,
    thread: &mut Thread,
) -> PyResult<bool> {
    match value {
        None => Ok(true),
        Some(value) if allow_none && value.is_none() => Ok(true),
        Some(value) => {
            if !protocol::is_index(value) {
                let tail =
                    if allow_none { " or None or have an __index__ method" } else { " or have an __index__ method" };
                return Err(raise!(thread, TypeError, "slice indices must be integers{tail}"));
            }
            result.set(protocol::index_clipped(value, thread)?);
            Ok(true)
        }
    }
}

export! { thread;
    fn _PyEval_SliceIndex(value: Option<&Object>, result: crate::entry::Out<isize>) -> Converted {
        slice_index(value, result, true, thread).map(Converted)
    }

    fn _PyEval_SliceIndexNotNone(value: Option<&Object>, result: crate::entry::Out<isize>) -> Converted {
        slice_index(value, result, false, thread).map(Converted)
    }

    fn _Py_convert_optional_to_ssize_t(value: &Object, result: crate::entry::Out<isize>) -> Converted {
        if !value.is_none() {
            if !protocol::is_index(value) {
                let found = value.class().full_name();
                return Err(raise!(thread, TypeError, "argument should be integer or None, not {found}"));
            }
            result.set(protocol::index_as_isize(value, thread)?);
        }
        Ok(Converted(true))
    }
}

/// What converters for argument parsing give: 1, or 0 with an exception set.
pub struct Converted(pub bool);

impl crate::entry::Output for Converted {
    type C = c_int;

    fn into_c(self) -> c_int {
        c_int::from(self.0)
    }

    fn error() -> c_int {
        0
    }
}
