//! What a type takes over from its bases: sizes, flags, slots.
//!
//! The rules are CPython's (`inherit_special`, `inherit_slots`, `type_ready_inherit`): a slot is inherited from the first base in the method
//! resolution order that has it and has not itself taken it from its own base; some slots only come together.

use layout::*;

use super::handle::Type;
use super::slot_table::{Group, Place, rows_by_place, same_function};
use crate::refs::cast;

/// Flags that say «a subclass of this built-in type», and other marks that go from base to derived type.
const INHERITED_FLAGS: std::ffi::c_ulong = Py_TPFLAGS_LONG_SUBCLASS
    | Py_TPFLAGS_LIST_SUBCLASS
    | Py_TPFLAGS_TUPLE_SUBCLASS
    | Py_TPFLAGS_BYTES_SUBCLASS
    | Py_TPFLAGS_UNICODE_SUBCLASS
    | Py_TPFLAGS_DICT_SUBCLASS
    | Py_TPFLAGS_BASE_EXC_SUBCLASS
    | Py_TPFLAGS_TYPE_SUBCLASS
    | _Py_TPFLAGS_MATCH_SELF
    | Py_TPFLAGS_ITEMS_AT_END;

const PATTERN_FLAGS: std::ffi::c_ulong = Py_TPFLAGS_SEQUENCE | Py_TPFLAGS_MAPPING;

impl Type {
    /// Takes over everything from the bases; base and method resolution order are set. `overrides_hash` is true if the type's
    /// own dictionary has `__eq__` or `__hash__`.
    pub(super) fn inherit(&self, overrides_hash: bool) {
        let Some(base) = self.base() else { return };
        self.inherit_special(base);
        let Some(mro) = self.mro() else { return };
        for ancestor in mro.items().iter().skip(1) {
            // SAFETY: a method resolution order holds types only.
            self.inherit_slots(unsafe { cast::<Type>(ancestor) }, overrides_hash);
        }
        self.inherit_groups(base);
        self.inherit_pattern_flags();
    }

    /// Sizes, offsets and flags, from the one base that decides the layout.
    fn inherit_special(&self, base: &Type) {
        let (ours, theirs) = (self.slots(), base.slots());
        let lacks_traversal = ours.tp_traverse.get().is_none() && ours.tp_clear.get().is_none();
        if !self.is_collectable() && base.is_collectable() && lacks_traversal {
            self.add_flags(Py_TPFLAGS_HAVE_GC);
            ours.tp_traverse.set(theirs.tp_traverse.get());
            ours.tp_clear.set(theirs.tp_clear.get());
        }
        self.add_flags(theirs.tp_flags.get() & (Py_TPFLAGS_PREHEADER | INHERITED_FLAGS));
        if ours.tp_basicsize.get() == 0 {
            ours.tp_basicsize.set(theirs.tp_basicsize.get());
        }
        if ours.tp_itemsize.get() == 0 {
            ours.tp_itemsize.set(theirs.tp_itemsize.get());
        }
        if ours.tp_weaklistoffset.get() == 0 {
            ours.tp_weaklistoffset.set(theirs.tp_weaklistoffset.get());
        }
        if ours.tp_dictoffset.get() == 0 {
            ours.tp_dictoffset.set(theirs.tp_dictoffset.get());
        }
    }

    /// Slots of the groups, and of the type object itself.
    fn inherit_slots(&self, base: &Type, overrides_hash: bool) {
        for rows in rows_by_place() {
            if rows[0].place.group != Group::Type {
                self.inherit_slot(rows[0].place, base);
            }
        }
        self.inherit_slot(Place::AM_SEND, base);
        self.inherit_type_slots(base, overrides_hash);
    }

    /// One slot, if this type lacks it and the base defines it.
    fn inherit_slot(&self, place: Place, base: &Type) {
        let Some(cell) = self.slot_cell(place) else { return };
        let theirs = base.slot_function(place);
        let grand = base.base().and_then(|it| it.slot_function(place));
        if cell.get().is_none() && theirs.is_some() && !same_function(theirs, grand) {
            cell.set(theirs);
        }
    }

    /// The slots of the type object itself, and those that no special method names.
    fn inherit_type_slots(&self, base: &Type, overrides_hash: bool) {
        let (ours, theirs) = (self.slots(), base.slots());
        let grand = base.base().map(Type::slots);
        macro_rules! copy {
            ($($slot:ident)*) => {$(
                if ours.$slot.get().is_none()
                    && let Some(function) = theirs.$slot.get()
                    && !grand.and_then(|it| it.$slot.get()).is_some_and(|it| std::ptr::fn_addr_eq(it, function))
                {
                    ours.$slot.set(Some(function));
                }
            )*};
        }
        copy!(tp_dealloc);
        if ours.tp_getattr.get().is_none() && ours.tp_getattro.get().is_none() {
            ours.tp_getattr.set(theirs.tp_getattr.get());
            ours.tp_getattro.set(theirs.tp_getattro.get());
        }
        if ours.tp_setattr.get().is_none() && ours.tp_setattro.get().is_none() {
            ours.tp_setattr.set(theirs.tp_setattr.get());
            ours.tp_setattro.set(theirs.tp_setattro.get());
        }
        copy!(tp_repr);
        if ours.tp_vectorcall_offset.get() == 0 {
            ours.tp_vectorcall_offset.set(theirs.tp_vectorcall_offset.get());
        }
        if ours.tp_call.get().is_none() && base.has_flag(Py_TPFLAGS_HAVE_VECTORCALL) {
            // The vectorcall function does what `tp_call` does, so they come together.
            self.add_flags(Py_TPFLAGS_HAVE_VECTORCALL);
        }
        copy!(tp_call tp_str);
        let compares = ours.tp_richcompare.get().is_some() || ours.tp_hash.get().is_some();
        if !compares && !overrides_hash {
            ours.tp_richcompare.set(theirs.tp_richcompare.get());
            ours.tp_hash.set(theirs.tp_hash.get());
        }
        copy!(tp_iter tp_iternext tp_descr_get);
        if base.has_flag(Py_TPFLAGS_METHOD_DESCRIPTOR)
            && self.has_flag(Py_TPFLAGS_IMMUTABLETYPE)
            && ours.tp_descr_get.get().zip(theirs.tp_descr_get.get()).is_some_and(|(a, b)| std::ptr::fn_addr_eq(a, b))
        {
            self.add_flags(Py_TPFLAGS_METHOD_DESCRIPTOR);
        }
        if ours.tp_descr_set.get().is_none() {
            ours.tp_descr_set.set(theirs.tp_descr_set.get());
        }
        copy!(tp_init tp_alloc tp_is_gc tp_finalize tp_del);
        if self.is_collectable() == base.is_collectable() {
            copy!(tp_free);
        } else if self.is_collectable() && ours.tp_free.get().is_none() {
            // The base frees memory without a collector's head.
            ours.tp_free.set(Some(super::instance::free_collectable));
        }
    }

    /// Groups that the type has nothing to put into are the base's.
    fn inherit_groups(&self, base: &Type) {
        let (ours, theirs) = (self.slots(), base.slots());
        macro_rules! share {
            ($($group:ident)*) => {$(
                if ours.$group.get().is_null() {
                    ours.$group.set(theirs.$group.get());
                }
            )*};
        }
        share!(tp_as_async tp_as_number tp_as_sequence tp_as_mapping tp_as_buffer);
    }

    /// How `match` sees instances: as the first base in the resolution order says.
    fn inherit_pattern_flags(&self) {
        if self.has_flag(PATTERN_FLAGS) {
            return;
        }
        let Some(mro) = self.mro() else { return };
        for ancestor in mro.items().iter().skip(1) {
            // SAFETY: a method resolution order holds types only.
            let flags = unsafe { cast::<Type>(ancestor) }.slots().tp_flags.get() & PATTERN_FLAGS;
            if flags != 0 {
                self.add_flags(flags);
                return;
            }
        }
    }
}
