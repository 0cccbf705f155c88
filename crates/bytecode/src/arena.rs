//! `Arena`: the memory of one compilation.
//!
//! Trees, constants and code units refer to what lies in an arena and own nothing: to copy one is to copy words, and all of them go together, at
//! no cost, when the arena does. The parser and the compiler put there what they make; whoever calls them keeps the arena (and the source, whose
//! text names and strings may be) until there are objects instead. The invariant: nothing in it needs to be dropped.

use std::ops::{Deref, DerefMut};

use bumpalo::Bump;
use numeric::integer::{DIGIT_BITS, Integer};
use numeric::signed::Signed;
use text::wtf8::Wtf8;

/// How many bytes a compilation takes for each byte of its source, about.
const BYTES_FOR_EACH: usize = 8;

/// How many bytes it takes besides.
const BYTES_BESIDES: usize = 1024;

/// Memory that is given out piece by piece and taken back at once.
#[derive(Debug, Default)]
pub struct Arena {
    bump: Bump,
}

impl Arena {
    pub fn new() -> Self {
        Self::default()
    }

    /// An arena with room for what compiling a source of this length takes, if there is as much memory in one piece.
    pub fn for_source(length: usize) -> Self {
        let room = length.saturating_mul(BYTES_FOR_EACH).saturating_add(BYTES_BESIDES);
        Self { bump: Bump::try_with_capacity(room).unwrap_or_default() }
    }

    /// Makes a place for a value.
    #[inline(always)]
    pub fn put<T>(&self, value: T) -> &mut T {
        const { assert!(!std::mem::needs_drop::<T>(), "nothing in an arena is dropped") };
        self.bump.alloc(value)
    }

    /// The items in one place, where they can be changed.
    #[inline]
    pub fn list<T, I: IntoIterator<Item = T, IntoIter: ExactSizeIterator>>(&self, items: I) -> ArenaList<'_, T> {
        const { assert!(!std::mem::needs_drop::<T>(), "nothing in an arena is dropped") };
        ArenaList(self.bump.alloc_slice_fill_iter(items))
    }

    /// The items in one place.
    #[inline]
    pub fn slice<T: Copy, I: IntoIterator<Item = T, IntoIter: ExactSizeIterator>>(&self, items: I) -> &[T] {
        self.bump.alloc_slice_fill_iter(items)
    }

    /// Copies of the items in one place.
    #[inline]
    pub fn copies<T: Copy>(&self, items: &[T]) -> &[T] {
        if items.is_empty() { &[] } else { self.bump.alloc_slice_copy(items) }
    }

    /// A copy of an integer.
    pub fn integer<'t>(&'t self, value: Signed<'_>) -> Signed<'t> {
        Signed::new(value.is_negative(), self.copies(value.digits()))
    }

    /// A small integer, below 2**30.
    #[inline]
    pub fn small_integer(&self, value: u32) -> Signed<'_> {
        debug_assert!(value < 1 << DIGIT_BITS);
        Signed::new(false, if value == 0 { &[] } else { self.put([value]) })
    }

    /// An integer of this value.
    pub fn integer_of(&self, value: i64) -> Signed<'_> {
        match u32::try_from(value) {
            Ok(small) if small < 1 << DIGIT_BITS => self.small_integer(small),
            _ => self.integer(Integer::from(value).view()),
        }
    }

    /// A copy of a text.
    #[inline]
    pub fn text<'t>(&'t self, text: Wtf8<'_>) -> Wtf8<'t> {
        text.moved_to(|bytes| self.copies(bytes))
    }

    /// A copy of a string, as a text.
    #[inline]
    pub fn text_of(&self, text: &str) -> Wtf8<'_> {
        self.text(Wtf8::of(text))
    }
}

/// Items in an arena, which belong to whoever has the list.
#[derive(Debug)]
pub struct ArenaList<'t, T>(&'t mut [T]);

impl<T> Default for ArenaList<'_, T> {
    fn default() -> Self {
        Self(&mut [])
    }
}

impl<'t, T> ArenaList<'t, T> {
    /// The items, which are not changed any more.
    pub fn into_slice(self) -> &'t [T] {
        self.0
    }

    /// Takes the first item out.
    pub fn remove_first(&mut self) {
        if let [_, rest @ ..] = std::mem::take(&mut self.0) {
            self.0 = rest;
        }
    }
}

impl<T> Deref for ArenaList<'_, T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.0
    }
}

impl<T> DerefMut for ArenaList<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        self.0
    }
}

impl<'a, T> IntoIterator for &'a ArenaList<'_, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut ArenaList<'_, T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_the_digits_of_their_values() {
        let arena = Arena::new();
        for value in [0, 1, -1, (1 << 30) - 1, 1 << 30, -(1 << 30), i64::MAX, i64::MIN] {
            assert_eq!(arena.integer_of(value), Integer::from(value).view(), "{value}");
        }
    }

    #[test]
    fn lists_lose_their_first_item_and_change() {
        let arena = Arena::for_source(0);
        let mut list = arena.list(vec![1, 2, 3]);
        list.remove_first();
        list[0] = 5;
        assert_eq!(list.into_slice(), [5, 3]);
        let mut empty: ArenaList<'_, u8> = ArenaList::default();
        empty.remove_first();
        assert!(empty.is_empty());
    }

    #[test]
    fn texts_are_copies() {
        let arena = Arena::new();
        let text = arena.text_of(&String::from("ä"));
        assert_eq!(text, "ä");
        assert_eq!(arena.text(Wtf8::of("")).len(), 0);
    }
}
