//! Fields that hold ints: the collector need not know of them, as an int is part of no cycle.

use objects::gc::{Traverse, Visitor};
use objects::int::Int;
use objects::refs::{Field, Py};

/// An int that stays.
#[repr(transparent)]
pub struct IntRef(pub Py<Int>);

/// An int that changes.
#[repr(transparent)]
pub struct IntField(pub Field<Int>);

impl Traverse for IntRef {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl Traverse for IntField {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl std::ops::Deref for IntRef {
    type Target = Int;

    #[inline(always)]
    fn deref(&self) -> &Int {
        &self.0
    }
}
