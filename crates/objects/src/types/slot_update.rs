//! Keeping a class's slots in step with its special methods, when it is made and whenever an attribute of it or of a base changes.
//!
//! The rules are CPython's (`update_one_slot`): a slot gets the generic function that calls the method; but where the method is the
//! wrapper of some base's slot, the class gets that slot's function itself, so that nothing is lost by inheriting.

use layout::{Py_TPFLAGS_HAVE_VECTORCALL, iternextfunc};

use super::handle::Type;
use super::slot_table::{SLOT_ROWS, SlotFunction, SlotRow, Wrapper, rows_by_place, rows_named, same_function};
use crate::descriptors::{BuiltinFunction, WrapperDescriptor};
use crate::names;
use crate::refs::Object;
use crate::str::Str;
use crate::thread::Thread;

/// Sets all slots of a new class.
pub fn fix_all_slots(class: &Type, thread: &Thread) {
    for rows in rows_by_place() {
        update_slot(class, rows, thread);
    }
}

/// Sets the slots behind a special method in a class and in its subclasses, after the attribute has changed.
pub fn update_slots_named(class: &Type, name: &Str, thread: &Thread) {
    let places: Vec<_> = rows_named(name).map(|row| row.place).collect();
    if places.is_empty() {
        return;
    }
    update_below(class, name, &places, thread);
}

fn update_below(class: &Type, name: &Str, places: &[super::slot_table::Place], thread: &Thread) {
    for rows in rows_by_place().filter(|rows| places.contains(&rows[0].place)) {
        update_slot(class, rows, thread);
    }
    class.for_each_subclass(thread, &mut |subclass| {
        // What a subclass defines itself hides the change.
        if subclass.dict(thread).get_str(name, thread).is_none() {
            update_below(subclass, name, places, thread);
        }
    });
}

/// Sets all slots of a class and its subclasses anew, after its bases have changed.
pub fn update_all_slots(class: &Type, thread: &Thread) {
    class.modified(thread);
    fix_all_slots(class, thread);
    class.for_each_subclass(thread, &mut |subclass| update_all_slots(subclass, thread));
}

/// What the methods of one slot ask for.
#[derive(Default)]
struct Choice {
    specific: Option<SlotFunction>,
    generic: Option<SlotFunction>,
    use_generic: bool,
}

/// Sets one slot by the methods that the rows name.
fn update_slot(class: &Type, rows: &'static [SlotRow], thread: &Thread) {
    let Some(cell) = class.slot_cell(rows[0].place) else { return };
    let mut choice = Choice::default();
    for row in rows {
        match class.search_mro(row.name(), thread) {
            Some(method) => choice.consider(class, row, &method),
            None if row.name().is(&names::__next__) => {
                let function: iternextfunc = crate::type_::next_not_implemented;
                // SAFETY: the signature is restored before the slot is called.
                choice.specific = Some(unsafe { std::mem::transmute::<iternextfunc, SlotFunction>(function) });
            }
            None => {}
        }
    }
    let function = if choice.specific.is_some() && !choice.use_generic { choice.specific } else { choice.generic };
    cell.set(function);
}

impl Choice {
    fn consider(&mut self, class: &Type, row: &'static SlotRow, method: &Object) {
        if let Some(wrapper) = method.downcast_exact::<WrapperDescriptor>()
            && wrapper.row().name().is(row.name())
        {
            return self.consider_wrapper(class, row, wrapper);
        }
        if row.name().is(&names::__new__)
            && method
                .downcast_exact::<BuiltinFunction>()
                .is_some_and(|it| crate::type_::class_of_new_wrapper(it).is_some())
        {
            // Whichever type's `__new__` this is: only what the class inherits makes instances of its layout.
            self.specific = class.slot_function(row.place);
            return;
        }
        if row.name().is(&names::__hash__) && method.is_none() {
            let function: layout::hashfunc = crate::protocol::hash_not_implemented;
            // SAFETY: the signature is restored before the slot is called.
            self.specific = Some(unsafe { std::mem::transmute::<layout::hashfunc, SlotFunction>(function) });
            return;
        }
        self.use_generic = true;
        self.generic = row.generic;
        if row.wrapper == Wrapper::Call {
            class.remove_flags(Py_TPFLAGS_HAVE_VECTORCALL);
        }
    }

    /// A method that is some type's slot: the slot's function will do, unless the rows of this slot disagree.
    fn consider_wrapper(&mut self, class: &Type, row: &'static SlotRow, wrapper: &WrapperDescriptor) {
        if only_filled_slot(class, row.name()).is_none_or(|filled| filled.place == row.place) {
            self.generic = row.generic;
        }
        let agrees = self.specific.is_none() || same_function(self.specific, Some(wrapper.function()));
        if agrees && wrapper.row().wrapper == row.wrapper && class.is_subtype(wrapper.owner()) {
            self.specific = Some(wrapper.function());
        } else {
            self.use_generic = true;
        }
    }
}

/// The one slot of those behind a name that the class has filled; None if it has filled none or several.
fn only_filled_slot(class: &Type, name: &Str) -> Option<&'static SlotRow> {
    let mut found = None;
    for row in SLOT_ROWS.iter().filter(|row| row.name().is(name)) {
        if class.slot_function(row.place).is_some() {
            if found.is_some() {
                return None;
            }
            found = Some(row);
        }
    }
    found
}

/// True if names of this form are special methods, which slots may depend on.
pub fn is_dunder(name: &Str) -> bool {
    let view = name.view();
    let length = view.len();
    let underscore = u32::from(b'_');
    length > 4 && [0, 1, length - 2, length - 1].iter().all(|at| view.get(*at) == Some(underscore))
}
