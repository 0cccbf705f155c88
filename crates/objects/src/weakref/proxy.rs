//! `weakref.proxy`: objects that act for another as long as it lives.

use macros::{Instance, python_type};

use super::lists;
use super::reference::WeakReference;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::float::Float;
use crate::int::Int;
use crate::names;
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Instance as _;

/// The object that an operand acts for, if it is a proxy; otherwise the operand.
fn unwrapped(object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    match as_proxy(object) {
        Some(proxy) => target(proxy, thread),
        None => Ok(Py::from_ref(object)),
    }
}

/// The reference behind a proxy of either kind.
pub(super) fn as_proxy(object: &Object) -> Option<&WeakReference> {
    if let Some(proxy) = object.downcast_exact::<Proxy>() {
        return Some(&proxy.base);
    }
    object.downcast_exact::<CallableProxy>().map(|it| &it.base)
}

fn target(proxy: &WeakReference, thread: &mut Thread) -> PyResult<Py<Object>> {
    match proxy.get() {
        Some(target) => Ok(target),
        None => Err(raise!(thread, ReferenceError, "weakly-referenced object no longer exists")),
    }
}

/// `weakref.proxy(object, callback)`.
pub fn new_proxy(object: &Object, callback: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let callable = object.class().slots().tp_call.get().is_some();
    let class = if callable { CallableProxy::class() } else { Proxy::class() };
    let callback = callback.filter(|it| !it.is_none());
    if callback.is_none()
        && let Some(shared) = lists::shared_proxy(object, class)
    {
        return Ok(shared);
    }
    let head = WeakReference::head_for(object, thread)?;
    let base = WeakReference::fields(class, callback);
    let proxy = if callable {
        Py::new(CallableProxy { base }, thread).into_object()
    } else {
        Py::new(Proxy { base }, thread).into_object()
    };
    if let Some(reference) = as_proxy(&proxy) {
        reference.attach(object, head);
    }
    Ok(proxy)
}

/// Declares a proxy type: every operation is passed on to the target. The operations come as lists, since `#[python_type]` must see all methods.
macro_rules! proxy_type {
    (
        $(#[doc = $doc:literal])* $name:ident $python:literal $symbol:literal { $($own:tt)* }
        binary { $($binary:ident $binary_operation:ident,)* }
        inplace { $($inplace:ident $inplace_operation:ident,)* }
        unary { $($unary:ident $unary_operation:ident,)* }
    ) => {
        $(#[doc = $doc])*
        #[derive(Instance)]
        #[repr(C)]
        pub struct $name {
            base: WeakReference,
        }

        #[python_type(name = $python, symbol = $symbol, base = crate::object::BaseObject)]
        impl $name {
            #[slot(tp_repr)]
            fn repr(&self, thread: &mut Thread) -> String {
                let own = format!("<weakproxy at {:#x};", self.address());
                let Some(target) = self.base.get() else { return format!("{own} dead>") };
                let class = Py::from_ref(target.class());
                format!("{own} to '{}' at {:#x}>", protocol::qualified_name(&class, thread), target.address())
            }

            #[slot(tp_str)]
            fn str(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
                let target = target(&self.base, thread)?;
                protocol::str(&target, thread)
            }

            #[slot(tp_getattro)]
            fn get_attribute(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
                let name = crate::object::attribute_name(name, thread)?;
                let target = target(&self.base, thread)?;
                protocol::get_attribute(&target, name, thread)
            }

            #[slot(tp_setattro)]
            fn set_attribute(&self, name: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
                let name = crate::object::attribute_name(name, thread)?;
                let target = target(&self.base, thread)?;
                protocol::set_attribute(&target, name, value, thread)
            }

            #[slot(tp_richcompare)]
            fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
                let (target, other) = (target(&self.base, thread)?, unwrapped(other, thread)?);
                protocol::compare(&target, &other, comparison, thread)
            }

            #[slot(tp_iter)]
            fn iter(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
                let target = target(&self.base, thread)?;
                protocol::iter(&target, thread)
            }

            #[slot(tp_iternext)]
            fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
                let target = target(&self.base, thread)?;
                if !protocol::is_iterator(&target) {
                    let name = target.class().full_name();
                    return Err(raise!(thread, TypeError, "Weakref proxy referenced a non-iterator '{name}' object"));
                }
                protocol::next(&target, thread)
            }

            $(
                #[slot($binary)]
                fn $binary_operation(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
                    let (left, right) = (unwrapped(left, thread)?, unwrapped(right, thread)?);
                    protocol::$binary_operation(&left, &right, thread)
                }
            )*

            $(
                #[slot($inplace)]
                fn $inplace_operation(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
                    let (target, other) = (target(&self.base, thread)?, unwrapped(other, thread)?);
                    protocol::$inplace_operation(&target, &other, thread)
                }
            )*

            $(
                #[slot($unary)]
                fn $unary_operation(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
                    let target = target(&self.base, thread)?;
                    protocol::$unary_operation(&target, thread)
                }
            )*

            #[slot(nb_power)]
            fn power(
                left: &Object,
                right: &Object,
                modulus: &Object,
                thread: &mut Thread,
            ) -> PyResult<Py<Object>> {
                let (left, right) = (unwrapped(left, thread)?, unwrapped(right, thread)?);
                let modulus = unwrapped(modulus, thread)?;
                protocol::power(&left, &right, &modulus, thread)
            }

            #[slot(nb_inplace_power)]
            fn inplace_power(
                left: &Object,
                right: &Object,
                modulus: &Object,
                thread: &mut Thread,
            ) -> PyResult<Py<Object>> {
                let (left, right) = (unwrapped(left, thread)?, unwrapped(right, thread)?);
                let modulus = unwrapped(modulus, thread)?;
                protocol::inplace_power(&left, &right, &modulus, thread)
            }

            #[slot(nb_bool)]
            fn bool(&self, thread: &mut Thread) -> PyResult<bool> {
                let target = target(&self.base, thread)?;
                protocol::is_true(&target, thread)
            }

            #[slot(nb_int)]
            fn int(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
                let target = target(&self.base, thread)?;
                protocol::call_one(Int::class(), &target, thread)
            }

            #[slot(nb_float)]
            fn float(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
                let target = target(&self.base, thread)?;
                protocol::call_one(Float::class(), &target, thread)
            }

            #[slot(nb_index)]
            fn index(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
                let target = target(&self.base, thread)?;
                protocol::index(&target, thread).map(Py::into_object)
            }

            #[slot(mp_length)]
            fn len(&self, thread: &mut Thread) -> PyResult<usize> {
                let target = target(&self.base, thread)?;
                protocol::length(&target, thread)
            }

            #[slot(mp_subscript)]
            fn subscript(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
                let (target, key) = (target(&self.base, thread)?, unwrapped(key, thread)?);
                protocol::get_item(&target, &key, thread)
            }

            #[slot(mp_ass_subscript)]
            fn assign(&self, key: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
                let target = target(&self.base, thread)?;
                match value {
                    Some(value) => protocol::set_item(&target, key, value, thread),
                    None => protocol::delete_item(&target, key, thread),
                }
            }

            #[slot(sq_contains)]
            fn contains(&self, value: &Object, thread: &mut Thread) -> PyResult<bool> {
                let target = target(&self.base, thread)?;
                protocol::contains(&target, value, thread)
            }

            $($own)*
        }
    };
}

/// Calls [`proxy_type`] with the lists of operations.
macro_rules! proxy_with_operations {
    ($($declaration:tt)*) => {
        proxy_type! {
            $($declaration)*
            binary {
                nb_add add, nb_subtract subtract, nb_multiply multiply, nb_remainder remainder, nb_divmod divmod,
                nb_lshift lshift, nb_rshift rshift, nb_and and, nb_xor xor, nb_or or, nb_floor_divide floor_divide,
                nb_true_divide true_divide, nb_matrix_multiply matrix_multiply,
            }
            inplace {
                nb_inplace_add inplace_add, nb_inplace_subtract inplace_subtract, nb_inplace_multiply inplace_multiply,
                nb_inplace_remainder inplace_remainder, nb_inplace_lshift inplace_lshift,
                nb_inplace_rshift inplace_rshift, nb_inplace_and inplace_and, nb_inplace_xor inplace_xor,
                nb_inplace_or inplace_or, nb_inplace_floor_divide inplace_floor_divide,
                nb_inplace_true_divide inplace_true_divide, nb_inplace_matrix_multiply inplace_matrix_multiply,
            }
            unary { nb_negative negative, nb_positive positive, nb_absolute absolute, nb_invert invert, }
        }
    };
}

proxy_with_operations! {
    #[doc = "A proxy for an object that can't be called."]
    Proxy "weakref.ProxyType" "_PyWeakref_ProxyType" {
        /// __bytes__($self, /)
        /// --
        #[method]
        fn __bytes__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
            let target = target(&self.base, thread)?;
            protocol::call_method(&target, &names::__bytes__, &[], thread)
        }

        /// __reversed__($self, /)
        /// --
        #[method]
        fn __reversed__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
            let target = target(&self.base, thread)?;
            protocol::call_method(&target, &names::__reversed__, &[], thread)
        }
    }
}

proxy_with_operations! {
    #[doc = "A proxy for an object that can be called."]
    CallableProxy "weakref.CallableProxyType" "_PyWeakref_CallableProxyType" {
        #[slot(tp_call)]
        fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
            let target = target(&self.base, thread)?;
            let mut all = Vec::with_capacity(arguments.length());
            for argument in arguments.items() {
                all.push(unwrapped(argument, thread)?);
            }
            let arguments = Tuple::new(all, thread)?;
            protocol::call_tuple(&target, &arguments, keywords, thread)
        }
    }
}
