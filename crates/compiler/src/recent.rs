//! `RecentNames`: what was found out about a name last, so that it need not be looked up again.

use syntax::interner::Symbol;

/// What was found out last about each name, in a context, which is a number above zero that the user gives.
#[derive(Clone, Debug)]
pub(crate) struct RecentNames<T> {
    /// By the names' places in the interner.
    entries: Vec<(u32, T)>,
}

impl<T: Copy + Default> RecentNames<T> {
    /// For an interner that has so many names.
    pub(crate) fn new(count: usize) -> Self {
        Self { entries: vec![(0, T::default()); count] }
    }

    #[inline]
    pub(crate) fn get(&self, name: Symbol, context: u32) -> Option<T> {
        let (known, value) = *self.entries.get(name.index())?;
        (known == context).then_some(value)
    }

    #[inline]
    pub(crate) fn put(&mut self, name: Symbol, context: u32, value: T) {
        match self.entries.get_mut(name.index()) {
            Some(entry) => *entry = (context, value),
            None => self.put_new(name, context, value),
        }
    }

    /// For a name that has come to the interner since.
    #[cold]
    fn put_new(&mut self, name: Symbol, context: u32, value: T) {
        self.entries.resize(name.index() + 1, (0, T::default()));
        self.entries[name.index()] = (context, value);
    }
}
