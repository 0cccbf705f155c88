//! The memos: what a pickler has written already, by identity, and what an unpickler has read, by number.
//!
//! Both own references to the objects they know. The pickler's table has open addressing and grows as CPython's does, since
//! `__sizeof__` shows it.

use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::refs::{Object, Py};
use objects::thread::Thread;

/// Slots of a new table.
const SMALLEST_TABLE: usize = 8;
/// From so many objects on, the table doubles instead of growing fourfold.
const MANY_OBJECTS: usize = 50_000;

/// A slot of the table.
#[derive(Default)]
struct Slot {
    object: Option<Py<Object>>,
    number: usize,
}

impl Traverse for Slot {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.object.traverse(visitor);
    }

    fn clear(&self) {}
}

/// Objects with the numbers they got, by identity.
#[derive(Default)]
pub struct PicklerMemo {
    /// As many as a power of two, or none.
    slots: Box<[Slot]>,
    used: usize,
}

impl Traverse for PicklerMemo {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.slots.traverse(visitor);
    }

    fn clear(&self) {}
}

fn empty_slots(count: usize) -> Box<[Slot]> {
    std::iter::repeat_with(Slot::default).take(count).collect()
}

impl PicklerMemo {
    /// A table with room from the start, for one run: growing costs more than the memory.
    pub fn with_room() -> Self {
        const ROOM: usize = 64;
        Self { slots: empty_slots(ROOM), used: 0 }
    }

    #[inline(always)]
    pub fn length(&self) -> usize {
        self.used
    }

    /// Slots of the table, for `__sizeof__`.
    pub fn allocated(&self) -> usize {
        self.slots.len().max(SMALLEST_TABLE)
    }

    /// The slot that has the object, or the free one where it would go.
    #[inline(always)]
    fn place(slots: &[Slot], address: usize) -> usize {
        let mask = slots.len() - 1;
        // Addresses are multiples of 16, and neighbours are often looked up together.
        let mut index = address >> 4 & mask;
        loop {
            match &slots[index & mask].object {
                Some(object) if object.address() != address => index += 1,
                _ => return index & mask,
            }
        }
    }

    /// The number of an object.
    #[inline(always)]
    pub fn get(&self, object: &Object) -> Option<usize> {
        if self.used == 0 {
            return None;
        }
        let slot = &self.slots[Self::place(&self.slots, object.address())];
        slot.object.as_ref().map(|_| slot.number)
    }

    /// Notes the number of an object. Gives back the reference that the table had to it before, if any.
    #[inline]
    pub fn set(&mut self, object: Py<Object>, number: usize) -> Option<Py<Object>> {
        if self.slots.is_empty() {
            self.slots = empty_slots(SMALLEST_TABLE);
        }
        let place = Self::place(&self.slots, object.address());
        let slot = &mut self.slots[place];
        slot.number = number;
        let old = slot.object.replace(object);
        if old.is_none() {
            self.used += 1;
            if self.used * 3 >= self.slots.len() * 2 {
                self.grow();
            }
        }
        old
    }

    #[cold]
    fn grow(&mut self) {
        let factor = if self.used > MANY_OBJECTS { 2 } else { 4 };
        let new = empty_slots((self.used * factor).next_power_of_two().max(SMALLEST_TABLE));
        let old = std::mem::replace(&mut self.slots, new);
        for slot in old {
            if let Some(object) = &slot.object {
                let place = Self::place(&self.slots, object.address());
                self.slots[place] = slot;
            }
        }
    }

    /// New references to all objects, with their numbers.
    pub fn snapshot(&self) -> Vec<(Py<Object>, usize)> {
        self.slots.iter().filter_map(|it| it.object.clone().map(|object| (object, it.number))).collect()
    }

    /// A table with the same objects.
    pub fn duplicate(&self) -> PicklerMemo {
        let slots = self.slots.iter().map(|it| Slot { object: it.object.clone(), number: it.number }).collect();
        PicklerMemo { slots, used: self.used }
    }
}

/// Places of a new list.
const SMALLEST_LIST: usize = 32;

/// Objects by number.
#[derive(Default)]
pub struct UnpicklerMemo {
    items: Vec<Option<Py<Object>>>,
    used: usize,
}

impl Traverse for UnpicklerMemo {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.items.traverse(visitor);
    }

    fn clear(&self) {}
}

impl UnpicklerMemo {
    /// How many objects there are: the number that the next one gets.
    #[inline(always)]
    pub fn length(&self) -> usize {
        self.used
    }

    /// Places of the list, for `__sizeof__`.
    pub fn allocated(&self) -> usize {
        self.items.len().max(SMALLEST_LIST)
    }

    #[inline(always)]
    pub fn get(&self, number: usize) -> Option<&Py<Object>> {
        self.items.get(number)?.as_ref()
    }

    /// Puts an object in a place, and gives back what was there.
    #[inline(always)]
    pub fn set(&mut self, number: usize, object: Py<Object>) -> Result<Option<Py<Object>>, OutOfMemory> {
        if number >= self.items.len() {
            self.grow(number)?;
        }
        let old = self.items[number].replace(object);
        self.used += usize::from(old.is_none());
        Ok(old)
    }

    #[cold]
    fn grow(&mut self, number: usize) -> Result<(), OutOfMemory> {
        let length = if number < SMALLEST_LIST { SMALLEST_LIST } else { number.checked_mul(2).ok_or(OutOfMemory)? };
        let more = length - self.items.len();
        self.items.try_reserve_exact(more).map_err(|_| OutOfMemory)?;
        self.items.resize_with(length, || None);
        Ok(())
    }

    /// New references to all objects, with their numbers.
    pub fn snapshot(&self) -> Vec<(usize, Py<Object>)> {
        self.items.iter().enumerate().filter_map(|(number, it)| it.clone().map(|object| (number, object))).collect()
    }
}

/// There is no memory for a place of that number.
pub struct OutOfMemory;

impl OutOfMemory {
    /// As an exception.
    #[cold]
    pub fn raise<T>(self, thread: &mut Thread) -> PyResult<T> {
        Err(thread.raise_memory_error())
    }
}
