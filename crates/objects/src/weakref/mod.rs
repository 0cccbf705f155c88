//! Weak references: the type `weakref.ref`, the lists that objects carry, and what happens to them when the object goes.
//!
//! `lists` has the linked list of references that begins in each object, and owns the invariant that a reference is in its object's list
//! as long as both live; `reference` and `proxy` the types that Python code sees.

mod lists;
mod proxy;
mod reference;

use crate::types::{Instance, TypeDeclaration};

pub use lists::{
    MANAGED_OFFSET, WeakLists, clear_references, clear_without_callbacks, first_reference, references_to, supports,
};
pub(crate) use lists::{clear_and_list_callbacks, has_callbacks};
pub use proxy::{CallableProxy, Proxy, new_proxy};
pub use reference::WeakReference;

use crate::refs::Object;

/// The object as a weak reference, if it is one or a proxy.
pub(crate) fn as_reference(object: &Object) -> Option<&WeakReference> {
    object.downcast::<WeakReference>().or_else(|| proxy::as_proxy(object))
}

/// The types of this module.
pub const TYPES: &[&TypeDeclaration] = &[WeakReference::DECLARATION, Proxy::DECLARATION, CallableProxy::DECLARATION];
