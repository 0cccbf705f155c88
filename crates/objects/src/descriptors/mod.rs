//! Descriptors: methods, computed attributes, fields and slots of built-in types as Python sees them; `property`, `classmethod` and their
//! kin; bound methods; and how C functions are called.

pub mod convention;
mod doc;
mod head;

mod builtin;
mod getset;
mod member;
mod method;
mod wrapper;

mod bound_method;
mod class_method;
mod instance_method;
mod property;
mod super_;

use crate::types::{Instance, TypeDeclaration};

pub use bound_method::BoundMethod;
pub use builtin::{BuiltinFunction, BuiltinMethod};
pub use class_method::{ClassMethod, StaticMethod};
pub use doc::{TableDoc, text_of};
pub use getset::GetSetDescriptor;
pub use head::DescriptorHead;
pub use instance_method::InstanceMethod;
pub use member::{MemberDescriptor, read_member, write_member};
pub use method::{ClassMethodDescriptor, MethodDescriptor};
pub use property::Property;
pub use super_::{Super, super_method};
pub use wrapper::{MethodWrapper, WrapperDescriptor};

/// The types of this module, bases first.
pub const TYPES: &[&TypeDeclaration] = &[
    BuiltinFunction::DECLARATION,
    BuiltinMethod::DECLARATION,
    MethodDescriptor::DECLARATION,
    ClassMethodDescriptor::DECLARATION,
    GetSetDescriptor::DECLARATION,
    MemberDescriptor::DECLARATION,
    WrapperDescriptor::DECLARATION,
    MethodWrapper::DECLARATION,
    BoundMethod::DECLARATION,
    InstanceMethod::DECLARATION,
    ClassMethod::DECLARATION,
    StaticMethod::DECLARATION,
    Property::DECLARATION,
    Super::DECLARATION,
];
