//! What a type object refers to.

use super::handle::Type;
use crate::gc::{Traverse, Visitor};
use crate::refs::Object;

impl Traverse for Type {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        let slots = self.slots();
        for pointer in [slots.tp_dict.get(), slots.tp_mro.get(), slots.tp_bases.get(), slots.tp_cache.get()] {
            // SAFETY: these fields own what they point to.
            if let Some(object) = unsafe { Object::from_pointer(pointer) } {
                visitor.visit(object);
            }
        }
        if let Some(base) = self.base() {
            visitor.visit(base);
        }
    }

    fn clear(&self) {}
}
