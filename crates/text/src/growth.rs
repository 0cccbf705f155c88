//! Vectors that grow as far as a program says, and say so when there is no memory for more.
//!
//! The growth of Rust's containers ends the process where the system refuses it. What is as long as a Python program says is therefore collected
//! through [`Grow`], and the refusal becomes a MemoryError in the object layer. Small things need not ask: the executable keeps memory for them.

use std::collections::TryReserveError;

/// Whether there is memory for so many bytes just now.
pub fn can_be_had(bytes: usize) -> bool {
    let mut room = Vec::<u8>::new();
    // Memory that nobody looks at need not be asked for at all, as far as the compiler is concerned: then there would always be enough.
    let outcome = std::hint::black_box(&mut room).try_reserve_exact(bytes);
    std::hint::black_box(&room);
    outcome.is_ok()
}

/// Growth that may be refused.
pub trait Grow<T> {
    /// `push`.
    ///
    /// # Errors
    ///
    /// There is no memory for a larger vector; nothing was added.
    fn try_push(&mut self, item: T) -> Result<(), TryReserveError>;

    /// `extend_from_slice`.
    ///
    /// # Errors
    ///
    /// As of [`Grow::try_push`].
    fn try_append(&mut self, items: &[T]) -> Result<(), TryReserveError>
    where
        T: Clone;

    /// `resize` to a greater length.
    ///
    /// # Errors
    ///
    /// As of [`Grow::try_push`].
    fn try_resize(&mut self, length: usize, item: T) -> Result<(), TryReserveError>
    where
        T: Clone;
}

impl<T> Grow<T> for Vec<T> {
    #[inline]
    fn try_push(&mut self, item: T) -> Result<(), TryReserveError> {
        if self.len() == self.capacity() {
            make_room(self, 1)?;
        }
        self.push(item);
        Ok(())
    }

    #[inline]
    fn try_append(&mut self, items: &[T]) -> Result<(), TryReserveError>
    where
        T: Clone,
    {
        if self.capacity() - self.len() < items.len() {
            make_room(self, items.len())?;
        }
        self.extend_from_slice(items);
        Ok(())
    }

    fn try_resize(&mut self, length: usize, item: T) -> Result<(), TryReserveError>
    where
        T: Clone,
    {
        make_room(self, length.saturating_sub(self.len()))?;
        self.resize(length, item);
        Ok(())
    }
}

/// Twice as much as before; where that is too much to ask, an eighth more, so that the last memory is not asked for item by item; or what is
/// needed.
#[cold]
pub(crate) fn make_room<T>(items: &mut Vec<T>, count: usize) -> Result<(), TryReserveError> {
    const LEAST: usize = 1 << 16;
    let part = (items.len() / 8).max(LEAST / size_of::<T>().max(1)).max(count);
    items.try_reserve(count).or_else(|_| items.try_reserve_exact(part)).or_else(|_| items.try_reserve_exact(count))
}

/// A vector with room for so many items.
///
/// # Errors
///
/// As of [`Grow::try_push`].
pub fn with_room<T>(length: usize) -> Result<Vec<T>, TryReserveError> {
    let mut items = Vec::new();
    items.try_reserve_exact(length)?;
    Ok(items)
}

/// `collect`.
///
/// # Errors
///
/// As of [`Grow::try_push`].
pub fn collect<T>(items: impl IntoIterator<Item = T>) -> Result<Vec<T>, TryReserveError> {
    let items = items.into_iter();
    let mut all = with_room(items.size_hint().0)?;
    for item in items {
        all.try_push(item)?;
    }
    Ok(all)
}

/// Copies that may be refused.
pub trait TryToVec<T> {
    /// `to_vec`.
    ///
    /// # Errors
    ///
    /// As of [`Grow::try_push`].
    fn try_to_vec(&self) -> Result<Vec<T>, TryReserveError>;
}

impl<T: Clone> TryToVec<T> for [T] {
    #[inline]
    fn try_to_vec(&self) -> Result<Vec<T>, TryReserveError> {
        let mut copy = with_room(self.len())?;
        copy.extend_from_slice(self);
        Ok(copy)
    }
}

#[cfg(test)]
mod tests {
    use super::can_be_had;

    #[test]
    fn what_no_process_has_room_for_cannot_be_had() {
        assert!(can_be_had(1 << 16));
        // The addresses of a process have as many bits.
        assert!(!can_be_had(1 << 47));
        assert!(!can_be_had(usize::MAX));
    }
}
