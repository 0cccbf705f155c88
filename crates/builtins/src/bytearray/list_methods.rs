//! Methods of `bytearray` that change it as a list is changed.

use macros::python_methods;
use objects::errors::PyResult;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use text::bytes::find;

use super::{ByteArray, change};
use crate::bytes::shared::{ByteString as _, byte_value};

#[python_methods(METHODS)]
impl ByteArray {
    /// append($self, item, /)
    /// --
    ///
    /// Append a single item to the end of the bytearray.
    ///
    ///   item
    ///     The item to be appended.
    #[method]
    fn append(&self, item: &Object, thread: &mut Thread) -> PyResult<()> {
        let byte = byte_value(item, thread)?;
        let length = self.length();
        self.resize(length + 1, thread)?;
        self.contents_mut(thread)[length] = byte;
        Ok(())
    }

    /// clear($self, /)
    /// --
    ///
    /// Remove all items from the bytearray.
    #[method]
    fn clear(&self, thread: &mut Thread) -> PyResult<()> {
        self.resize(0, thread)
    }

    /// copy($self, /)
    /// --
    ///
    /// Return a copy of B.
    #[method]
    fn copy(&self, thread: &mut Thread) -> PyResult<Py<ByteArray>> {
        self.unchanged(thread)
    }

    /// extend($self, iterable_of_ints, /)
    /// --
    ///
    /// Append all the items from the iterator or sequence to the end of the bytearray.
    ///
    ///   iterable_of_ints
    ///     The iterable of items to append.
    #[method]
    fn extend(&self, iterable_of_ints: &Object, thread: &mut Thread) -> PyResult<()> {
        change::extend(self, iterable_of_ints, thread)
    }

    /// insert($self, index, item, /)
    /// --
    ///
    /// Insert a single item into the bytearray before the given index.
    ///
    ///   index
    ///     The index where the value is to be inserted.
    ///   item
    ///     The item to be inserted.
    #[method]
    fn insert(&self, index: isize, item: &Object, thread: &mut Thread) -> PyResult<()> {
        let byte = byte_value(item, thread)?;
        let length = self.length() as isize;
        let place = if index < 0 { index.saturating_add(length) } else { index }.clamp(0, length) as usize;
        self.splice(place..place, &[byte], thread)
    }

    /// pop($self, index=-1, /)
    /// --
    ///
    /// Remove and return a single item from B.
    ///
    ///   index
    ///     The index from where to remove the item.
    ///     -1 (the default value) means remove the last item.
    ///
    /// If no index argument is given, will pop the last item.
    #[method]
    fn pop(&self, index: isize, thread: &mut Thread) -> PyResult<u8> {
        if self.length() == 0 {
            return Err(raise!(thread, IndexError, "pop from empty bytearray"));
        }
        let place = if index < 0 { index + self.length() as isize } else { index };
        let byte = usize::try_from(place).ok().and_then(|place| self.contents(thread).get(place).copied());
        let Some(byte) = byte else { return Err(raise!(thread, IndexError, "pop index out of range")) };
        self.splice(place as usize..place as usize + 1, &[], thread)?;
        Ok(byte)
    }

    /// remove($self, value, /)
    /// --
    ///
    /// Remove the first occurrence of a value in the bytearray.
    ///
    ///   value
    ///     The value to remove.
    #[method]
    fn remove(&self, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let byte = byte_value(value, thread)?;
        match find::find(self.contents(thread), &[byte]) {
            Some(place) => self.splice(place..place + 1, &[], thread),
            None => Err(raise!(thread, ValueError, "value not found in bytearray")),
        }
    }

    /// reverse($self, /)
    /// --
    ///
    /// Reverse the order of the values in B in place.
    #[method]
    fn reverse(&self, thread: &mut Thread) {
        self.contents_mut(thread).reverse();
    }
}
