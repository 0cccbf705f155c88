//! The functions that go into a class's slots when it defines special methods: each calls the method.
//!
//! They are reached through slots only, and [`super::slot_table`] is the one place that names them.
//!
//! # Safety
//! All functions here are called by the slots' C protocols: live objects, null where the protocol allows it, an attached thread.
#![allow(clippy::missing_safety_doc, reason = "one contract for the whole file, above")]

use std::ffi::c_int;
use std::ptr;

use layout::*;

use super::handle::Type;
use super::slot_calls;
use crate::bool::Bool;
use crate::errors::PyResult;
use crate::names;
use crate::protocol::{self, Comparison, call_special, call_special_required, lookup_special};
use crate::raise;
use crate::refs::{Object, Py};
use crate::slots::enter;
use crate::str::Str;
use crate::thread::Thread;

type Word = *mut PyObject;

/// Methods without arguments that must be there.
macro_rules! unary_methods {
    ($($function:ident $name:ident;)*) => {$(
        pub unsafe extern "C-unwind" fn $function(receiver: Word) -> Word {
            // SAFETY: this file's contract.
            unsafe {
                enter::unary(receiver, |receiver: &Object, thread: &mut Thread| {
                    call_special_required(receiver, &names::$name, &[], thread)
                })
            }
        }
    )*};
}

unary_methods! {
    str __str__;
    next __next__;
    negative __neg__;
    positive __pos__;
    absolute __abs__;
    invert __invert__;
    int __int__;
    float __float__;
    index __index__;
}

/// Methods with one argument that must be there.
macro_rules! binary_methods {
    ($($function:ident $name:ident;)*) => {$(
        pub unsafe extern "C-unwind" fn $function(receiver: Word, other: Word) -> Word {
            // SAFETY: this file's contract.
            unsafe {
                enter::binary(receiver, other, |receiver: &Object, other: &Object, thread: &mut Thread| {
                    call_special_required(receiver, &names::$name, &[other], thread)
                })
            }
        }
    )*};
}

binary_methods! {
    subscript __getitem__;
    inplace_add __iadd__;
    inplace_subtract __isub__;
    inplace_multiply __imul__;
    inplace_remainder __imod__;
    inplace_lshift __ilshift__;
    inplace_rshift __irshift__;
    inplace_and __iand__;
    inplace_xor __ixor__;
    inplace_or __ior__;
    inplace_floor_divide __ifloordiv__;
    inplace_true_divide __itruediv__;
    inplace_matrix_multiply __imatmul__;
}

/// Operators that the right operand may answer, too.
macro_rules! operators {
    ($($function:ident $slot:ident $name:ident $reflected:ident;)*) => {$(
        pub unsafe extern "C-unwind" fn $function(left: Word, right: Word) -> Word {
            fn is_own(class: &Type) -> bool {
                // SAFETY: a type's number methods live as long as the type.
                let methods = unsafe { class.slots().tp_as_number.get().as_ref() };
                methods.and_then(|it| it.$slot.get()).is_some_and(|it| ptr::fn_addr_eq(it, $function as binaryfunc))
            }
            // SAFETY: this file's contract.
            unsafe {
                enter::binary(left, right, |left: &Object, right: &Object, thread: &mut Thread| {
                    let operator = Operator { is_own, name: &names::$name, reflected: &names::$reflected };
                    operator.apply(left, right, None, thread)
                })
            }
        }
    )*};
}

operators! {
    add nb_add __add__ __radd__;
    subtract nb_subtract __sub__ __rsub__;
    multiply nb_multiply __mul__ __rmul__;
    remainder nb_remainder __mod__ __rmod__;
    divmod nb_divmod __divmod__ __rdivmod__;
    lshift nb_lshift __lshift__ __rlshift__;
    rshift nb_rshift __rshift__ __rrshift__;
    and nb_and __and__ __rand__;
    xor nb_xor __xor__ __rxor__;
    or nb_or __or__ __ror__;
    floor_divide nb_floor_divide __floordiv__ __rfloordiv__;
    true_divide nb_true_divide __truediv__ __rtruediv__;
    matrix_multiply nb_matrix_multiply __matmul__ __rmatmul__;
}

pub unsafe extern "C-unwind" fn power(left: Word, right: Word, modulus: Word) -> Word {
    fn is_own(class: &Type) -> bool {
        // SAFETY: a type's number methods live as long as the type.
        let methods = unsafe { class.slots().tp_as_number.get().as_ref() };
        methods.and_then(|it| it.nb_power.get()).is_some_and(|it| ptr::fn_addr_eq(it, power as ternaryfunc))
    }
    // SAFETY: this file's contract.
    unsafe {
        enter::ternary(left, right, modulus, |left: &Object, right: &Object, modulus: &Object, thread: &mut Thread| {
            let operator = Operator { is_own, name: &names::__pow__, reflected: &names::__rpow__ };
            operator.apply(left, right, Some(modulus).filter(|it| !it.is_none()), thread)
        })
    }
}

pub unsafe extern "C-unwind" fn inplace_power(receiver: Word, other: Word, modulus: Word) -> Word {
    let _ = modulus;
    // SAFETY: this file's contract.
    unsafe {
        enter::binary(receiver, other, |receiver: &Object, other: &Object, thread: &mut Thread| {
            call_special_required(receiver, &names::__ipow__, &[other], thread)
        })
    }
}

/// An operator and its reflected form.
struct Operator {
    /// True if a type's slot for the operator calls methods of Python classes.
    is_own: fn(&Type) -> bool,
    name: &'static Str,
    reflected: &'static Str,
}

impl Operator {
    /// Asks the left operand and then the right one, or the right one first if its class refines the left one's and overrides
    /// the reflected method (the language reference, «Emulating numeric types»).
    fn apply(
        &self,
        left: &Object,
        right: &Object,
        third: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let (left_class, right_class) = (Py::from_ref(left.class()), Py::from_ref(right.class()));
        let same_class = left_class.is(&right_class);
        let mut ask_right = !same_class && (self.is_own)(&right_class);
        if (self.is_own)(&left_class) {
            if ask_right && right_class.is_subtype(&left_class) && self.overrides(left, right, thread)? {
                let result = ask(right, self.reflected, left, third, thread)?;
                if !result.is_not_implemented() {
                    return Ok(result);
                }
                ask_right = false;
            }
            let result = ask(left, self.name, right, third, thread)?;
            if !result.is_not_implemented() || same_class {
                return Ok(result);
            }
        }
        if ask_right {
            return ask(right, self.reflected, left, third, thread);
        }
        Ok(thread.not_implemented())
    }

    /// True if the right operand's class has a reflected method of its own.
    fn overrides(&self, left: &Object, right: &Object, thread: &mut Thread) -> PyResult<bool> {
        let Some(theirs) = protocol::lookup_attribute(right.class(), self.reflected, thread)? else { return Ok(false) };
        let Some(ours) = protocol::lookup_attribute(left.class(), self.reflected, thread)? else { return Ok(true) };
        if theirs.is(&ours) {
            return Ok(false);
        }
        protocol::equals(&ours, &theirs, thread).map(|equal| !equal)
    }
}

/// Calls a special method; NotImplemented if the type has none.
fn ask(
    receiver: &Object,
    name: &Str,
    other: &Object,
    third: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let result = match third {
        None => call_special(receiver, name, &[other], thread)?,
        Some(third) => call_special(receiver, name, &[other, third], thread)?,
    };
    Ok(result.unwrap_or_else(|| thread.not_implemented()))
}

pub unsafe extern "C-unwind" fn repr(receiver: Word) -> Word {
    // SAFETY: this file's contract.
    unsafe {
        enter::unary(receiver, |receiver: &Object, thread: &mut Thread| {
            match call_special(receiver, &names::__repr__, &[], thread)? {
                Some(text) => Ok(text),
                None => Ok(crate::object::default_repr(receiver, thread).into_object()),
            }
        })
    }
}

pub unsafe extern "C-unwind" fn hash(receiver: Word) -> isize {
    // SAFETY: this file's contract.
    unsafe {
        enter::hash(receiver, |receiver, thread| {
            let method = lookup_special(receiver, &names::__hash__, thread)?.filter(|it| !it.is_none());
            let Some(method) = method else { return Err(crate::object::raise_unhashable(receiver, thread)) };
            let result = method.call(receiver, &[], thread)?;
            slot_calls::hash_from_int(&result, thread)
        })
    }
}

pub unsafe extern "C-unwind" fn call(receiver: Word, arguments: Word, keywords: Word) -> Word {
    // SAFETY: this file's contract.
    unsafe {
        enter::call(receiver, arguments, keywords, |receiver, arguments, keywords, thread: &mut Thread| {
            slot_calls::call_with_tuple(receiver, &names::__call__, arguments, keywords, thread)
        })
    }
}

pub unsafe extern "C-unwind" fn init(receiver: Word, arguments: Word, keywords: Word) -> c_int {
    // SAFETY: this file's contract.
    unsafe {
        enter::init(receiver, arguments, keywords, |receiver, arguments, keywords, thread| {
            let result = slot_calls::call_with_tuple(receiver, &names::__init__, arguments, keywords, thread)?;
            if !result.is_none() {
                let name = result.class().full_name();
                return Err(raise!(thread, TypeError, "__init__() should return None, not '{name}'"));
            }
            Ok(())
        })
    }
}

pub unsafe extern "C-unwind" fn new(class: *mut PyTypeObject, arguments: Word, keywords: Word) -> Word {
    // SAFETY: this file's contract.
    unsafe {
        enter::new(class, arguments, keywords, |class, arguments, keywords, thread: &mut Thread| {
            let function = protocol::get_attribute(class, &names::__new__, thread)?;
            slot_calls::call_prepended(&function, class, arguments, keywords, thread)
        })
    }
}

/// `tp_getattro` of classes with `__getattr__`, or with `__getattribute__` of their own.
pub unsafe extern "C-unwind" fn getattr_hook(receiver: Word, name: Word) -> Word {
    // SAFETY: this file's contract.
    unsafe { enter::binary(receiver, name, slot_calls::get_attribute_hooked) }
}

pub unsafe extern "C-unwind" fn setattr(receiver: Word, name: Word, value: Word) -> c_int {
    // SAFETY: this file's contract.
    unsafe {
        enter::assign_object(receiver, name, value, |receiver, name, value, thread| {
            match value {
                Some(value) => call_special_required(receiver, &names::__setattr__, &[name, value], thread)?,
                None => call_special_required(receiver, &names::__delattr__, &[name], thread)?,
            };
            Ok(())
        })
    }
}

pub unsafe extern "C-unwind" fn compare(receiver: Word, other: Word, operation: c_int) -> Word {
    // SAFETY: this file's contract.
    unsafe {
        enter::compare(receiver, other, operation, |receiver, other, comparison, thread: &mut Thread| {
            let name: &Str = match comparison {
                Comparison::Less => &names::__lt__,
                Comparison::LessEqual => &names::__le__,
                Comparison::Equal => &names::__eq__,
                Comparison::NotEqual => &names::__ne__,
                Comparison::Greater => &names::__gt__,
                Comparison::GreaterEqual => &names::__ge__,
            };
            ask(receiver, name, other, None, thread)
        })
    }
}

pub unsafe extern "C-unwind" fn iter(receiver: Word) -> Word {
    // SAFETY: this file's contract.
    unsafe {
        enter::unary(receiver, |receiver: &Object, thread: &mut Thread| {
            match lookup_special(receiver, &names::__iter__, thread)?.filter(|it| !it.is_none()) {
                Some(method) => method.call(receiver, &[], thread),
                None => {
                    let name = receiver.class().full_name();
                    Err(raise!(thread, TypeError, "'{name}' object is not iterable"))
                }
            }
        })
    }
}

pub unsafe extern "C-unwind" fn descriptor_get(receiver: Word, instance: Word, owner: Word) -> Word {
    // SAFETY: this file's contract.
    unsafe {
        enter::descriptor_get(receiver, instance, owner, |receiver, instance, owner, thread: &mut Thread| {
            let none = thread.none();
            let (instance, owner) = (instance.unwrap_or(&none), owner.unwrap_or(&none));
            match receiver.class().lookup(&names::__get__, thread) {
                Some(get) => protocol::call(&get, &[receiver, instance, owner], thread),
                None => Ok(Py::from_ref(receiver)),
            }
        })
    }
}

pub unsafe extern "C-unwind" fn descriptor_set(receiver: Word, instance: Word, value: Word) -> c_int {
    // SAFETY: this file's contract.
    unsafe {
        enter::assign_object(receiver, instance, value, |receiver, instance, value, thread| {
            match value {
                Some(value) => call_special_required(receiver, &names::__set__, &[instance, value], thread)?,
                None => call_special_required(receiver, &names::__delete__, &[instance], thread)?,
            };
            Ok(())
        })
    }
}

/// `tp_finalize`: `__del__`, whose exceptions nobody can catch.
pub unsafe extern "C-unwind" fn finalize(receiver: Word) {
    // SAFETY: this file's contract.
    unsafe {
        enter::finalize(receiver, |receiver, thread| {
            let raised = thread.take_exception();
            if let Err(error) = slot_calls::call_finalizer(receiver, thread) {
                let function = receiver.class().lookup(&names::__del__, thread);
                thread.report_unraisable(error, "Exception ignored while calling deallocator", function.as_deref());
            }
            thread.restore_exception(raised);
        });
    }
}

/// Methods of asynchronous protocols.
macro_rules! asynchronous_methods {
    ($($function:ident $name:ident;)*) => {$(
        pub unsafe extern "C-unwind" fn $function(receiver: Word) -> Word {
            // SAFETY: this file's contract.
            unsafe {
                enter::unary(receiver, |receiver: &Object, thread: &mut Thread| {
                    if let Some(result) = call_special(receiver, &names::$name, &[], thread)? {
                        return Ok(result);
                    }
                    let (class, method) = (receiver.class().full_name(), stringify!($name));
                    Err(raise!(thread, AttributeError, "object {class} does not have {method} method"))
                })
            }
        }
    )*};
}

asynchronous_methods! {
    r#await __await__;
    aiter __aiter__;
    anext __anext__;
}

pub unsafe extern "C-unwind" fn bool(receiver: Word) -> c_int {
    // SAFETY: this file's contract.
    unsafe {
        enter::inquiry(receiver, |receiver, thread| {
            if let Some(method) = lookup_special(receiver, &names::__bool__, thread)? {
                if method.is_none() {
                    let name = receiver.class().full_name();
                    return Err(raise!(thread, TypeError, "'{name}' cannot be interpreted as a boolean"));
                }
                let result = method.call(receiver, &[], thread)?;
                if !result.is_exactly::<Bool>() {
                    let name = result.class().full_name();
                    return Err(raise!(thread, TypeError, "__bool__ should return bool, returned {name}"));
                }
                return Ok(result.is(Bool::get(true)));
            }
            match call_special(receiver, &names::__len__, &[], thread)? {
                Some(length) => slot_calls::length_from(&length, thread).map(|it| it != 0),
                None => Ok(true),
            }
        })
    }
}

pub unsafe extern "C-unwind" fn length(receiver: Word) -> isize {
    // SAFETY: this file's contract.
    unsafe {
        enter::length(receiver, |receiver, thread| {
            let result = call_special_required(receiver, &names::__len__, &[], thread)?;
            slot_calls::length_from(&result, thread)
        })
    }
}

pub unsafe extern "C-unwind" fn assign_subscript(receiver: Word, key: Word, value: Word) -> c_int {
    // SAFETY: this file's contract.
    unsafe {
        enter::assign_object(receiver, key, value, |receiver, key, value, thread| {
            match value {
                Some(value) => call_special_required(receiver, &names::__setitem__, &[key, value], thread)?,
                None => call_special_required(receiver, &names::__delitem__, &[key], thread)?,
            };
            Ok(())
        })
    }
}

pub unsafe extern "C-unwind" fn item(receiver: Word, index: isize) -> Word {
    // SAFETY: this file's contract.
    unsafe {
        enter::index_argument(receiver, index, |receiver, index, thread: &mut Thread| {
            let index = crate::int::Int::from_i128(index as i128, thread);
            call_special_required(receiver, &names::__getitem__, &[&index], thread)
        })
    }
}

pub unsafe extern "C-unwind" fn assign_item(receiver: Word, index: isize, value: Word) -> c_int {
    // SAFETY: this file's contract.
    unsafe {
        enter::assign_index(receiver, index, value, |receiver, index, value, thread| {
            let index = crate::int::Int::from_i128(index as i128, thread);
            match value {
                Some(value) => call_special_required(receiver, &names::__setitem__, &[&index, value], thread)?,
                None => call_special_required(receiver, &names::__delitem__, &[&index], thread)?,
            };
            Ok(())
        })
    }
}

pub unsafe extern "C-unwind" fn contains(receiver: Word, value: Word) -> c_int {
    // SAFETY: this file's contract.
    unsafe {
        enter::contains(receiver, value, |receiver, value, thread| {
            let Some(method) = lookup_special(receiver, &names::__contains__, thread)? else {
                return slot_calls::contains_by_iteration(receiver, value, thread);
            };
            if method.is_none() {
                let name = receiver.class().full_name();
                return Err(raise!(thread, TypeError, "'{name}' object is not a container"));
            }
            let result = method.call(receiver, &[value], thread)?;
            protocol::is_true(&result, thread)
        })
    }
}
