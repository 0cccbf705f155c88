//! `RecentNames`: what was found out about names of the tree a moment ago, so that it need not be looked up again.
//!
//! A name is known by its address: the nodes of a tree keep their names where they are while the tree is compiled. So only
//! names of the tree may be asked for, none that a pass has made for itself.

use text::wtf8::Wtf8Buf;

/// How many names are remembered; each has one place where it can be. A power of two.
const PLACES: usize = 64;

/// What was found out last, for names in contexts, which are numbers that the user gives.
#[derive(Clone, Debug)]
pub(crate) struct RecentNames<T> {
    places: [(usize, u32, T); PLACES],
}

impl<T: Copy + Default> Default for RecentNames<T> {
    fn default() -> Self {
        Self { places: [(0, 0, T::default()); PLACES] }
    }
}

impl<T: Copy> RecentNames<T> {
    #[inline]
    fn place(name: &Wtf8Buf, context: u32) -> (usize, usize) {
        let address = name.as_bytes().as_ptr().addr();
        // Allocations are at multiples of 16.
        (address, ((address >> 4) ^ (address >> 10) ^ context as usize) % PLACES)
    }

    #[inline]
    pub(crate) fn get(&self, name: &Wtf8Buf, context: u32) -> Option<T> {
        let (address, place) = Self::place(name, context);
        let (known_address, known_context, value) = self.places[place];
        (known_address == address && known_context == context).then_some(value)
    }

    #[inline]
    pub(crate) fn put(&mut self, name: &Wtf8Buf, context: u32, value: T) {
        let (address, place) = Self::place(name, context);
        self.places[place] = (address, context, value);
    }
}
