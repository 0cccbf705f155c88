//! Data structures and formats: itertools, _functools, _collections, _struct, _json, math and their kin.
//!
//! The binary registers [`TYPES`] and [`MODULES`].

pub mod array;
pub mod binascii;
pub mod bisect;
pub mod cmath;
pub mod collections;
pub mod csv;
pub mod datetime;
pub mod decimal;
mod exception_class;
pub mod functools;
pub mod heapq;
pub mod itertools;
pub mod json;
pub mod math;
pub mod operator;
pub mod pickle;
pub mod queue;
pub mod random;
pub mod statistics;
pub mod struct_;
pub mod zoneinfo;

use objects::module::Definition;
use objects::types::{TypeDeclaration, concatenate_declarations, count_declarations};

/// The lists of types of this crate's modules.
const LISTS: &[&[&TypeDeclaration]] = &[
    array::TYPES,
    collections::TYPES,
    csv::TYPES,
    datetime::TYPES,
    decimal::TYPES,
    functools::TYPES,
    itertools::TYPES,
    json::TYPES,
    operator::TYPES,
    pickle::TYPES,
    queue::TYPES,
    random::TYPES,
    struct_::TYPES,
    zoneinfo::TYPES,
];

/// The types of this crate's modules, bases first.
pub const TYPES: &[&TypeDeclaration] = &concatenate_declarations::<{ count_declarations(LISTS) }>(LISTS);

/// The modules of this crate.
pub const MODULES: &[&Definition] = &[
    &array::ArrayModule::DEFINITION,
    &binascii::BinasciiModule::DEFINITION,
    &bisect::BisectModule::DEFINITION,
    &cmath::CmathModule::DEFINITION,
    &collections::CollectionsModule::DEFINITION,
    &csv::CsvModule::DEFINITION,
    &datetime::DatetimeModule::DEFINITION,
    &decimal::DecimalModule::DEFINITION,
    &functools::FunctoolsModule::DEFINITION,
    &heapq::HeapqModule::DEFINITION,
    &itertools::ItertoolsModule::DEFINITION,
    &json::JsonModule::DEFINITION,
    &math::MathModule::DEFINITION,
    &operator::OperatorModule::DEFINITION,
    &pickle::PickleModule::DEFINITION,
    &queue::QueueModule::DEFINITION,
    &random::RandomModule::DEFINITION,
    &statistics::StatisticsModule::DEFINITION,
    &struct_::StructModule::DEFINITION,
    &zoneinfo::ZoneinfoModule::DEFINITION,
];
