//! `RecentNames`: what was found out about a name last, so that it need not be looked up again.

use syntax::interner::Symbol;

/// What was found out last about each name, in a context, which is a number that the user gives.
#[derive(Clone, Debug)]
pub(crate) struct RecentNames<T> {
    /// By the names' places in the interner.
    entries: Vec<Option<(u32, T)>>,
}

impl<T: Copy> RecentNames<T> {
    /// For an interner that has so many names; what comes later is forgotten at once.
    pub(crate) fn new(count: usize) -> Self {
        Self { entries: vec![None; count] }
    }

    #[inline]
    pub(crate) fn get(&self, name: Symbol, context: u32) -> Option<T> {
        let (known, value) = (*self.entries.get(name.index())?)?;
        (known == context).then_some(value)
    }

    #[inline]
    pub(crate) fn put(&mut self, name: Symbol, context: u32, value: T) {
        if let Some(entry) = self.entries.get_mut(name.index()) {
            *entry = Some((context, value));
        }
    }
}
