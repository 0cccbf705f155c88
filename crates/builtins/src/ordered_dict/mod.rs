//! `collections.OrderedDict`: a dict whose items have an order of their own, which programs can change.
//!
//! `order` has the order of the keys, `object` keeps it in step with the dict, `update` the ways to fill an ordered dict; `methods`, `iterator`
//! and `views` are what programs see. `_collections` gives the type its name in a module.

mod iterator;
mod methods;
mod object;
mod order;
mod update;
mod views;

pub use iterator::OrderedIterator;
pub use object::OrderedDict;
pub use views::{OrderedItems, OrderedKeys, OrderedValues};

use objects::types::{Instance, TypeDeclaration};

pub const TYPES: &[&TypeDeclaration] = &[
    OrderedDict::DECLARATION,
    OrderedKeys::DECLARATION,
    OrderedValues::DECLARATION,
    OrderedItems::DECLARATION,
    OrderedIterator::DECLARATION,
];
