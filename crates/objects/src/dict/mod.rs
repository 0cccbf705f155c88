//! `dict`.
//!
//! `table` is the hash table, `object` what a dict does with it, `split` the form in which instances keep attributes, `merge` the ways to fill one
//! dict from another object; `methods`, `iterators` and `views` are what Python programs see.

mod object;
pub mod split;
mod table;

mod iterators;
mod merge;
mod methods;
mod proxy;
mod views;
mod watching;

pub use iterators::{
    ItemIterator, KeyIterator, ReverseItemIterator, ReverseKeyIterator, ReverseValueIterator, ValueIterator,
};
pub use merge::Duplicates;
pub use object::Dict;
pub use proxy::MappingProxy;
pub use views::{DictItems, DictKeys, DictValues};

use crate::types::{Instance, TypeDeclaration};

pub const TYPES: &[&TypeDeclaration] = &[
    Dict::DECLARATION,
    MappingProxy::DECLARATION,
    DictKeys::DECLARATION,
    DictValues::DECLARATION,
    DictItems::DECLARATION,
    KeyIterator::DECLARATION,
    ValueIterator::DECLARATION,
    ItemIterator::DECLARATION,
    ReverseKeyIterator::DECLARATION,
    ReverseValueIterator::DECLARATION,
    ReverseItemIterator::DECLARATION,
];

#[cfg(test)]
mod tests;
