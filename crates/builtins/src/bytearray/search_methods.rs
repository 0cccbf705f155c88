//! Methods of `bytearray` that look for parts, and take it apart there.

use macros::python_methods;
use objects::errors::PyResult;
use objects::list::List;
use objects::refs::{Object, Py};
use objects::str::arguments::SliceBound;
use objects::thread::Thread;
use objects::tuple::Tuple;
use text::bytes::find;

use super::ByteArray;
use crate::bytes::shared::{Needle, search, split};

#[python_methods(METHODS)]
impl ByteArray {
    /// find($self, sub[, start[, end]], /)
    /// --
    ///
    /// Return the lowest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start:end].
    ///
    ///   start
    ///     Optional start position. Default: start of the bytes.
    ///   end
    ///     Optional stop position. Default: end of the bytes.
    ///
    /// Return -1 on failure.
    #[method]
    #[signature("(sub, start=None, end=None, /)")]
    fn find(&self, sub: Needle<'_>, start: Option<SliceBound>, end: Option<SliceBound>, thread: &mut Thread) -> isize {
        search::find_or_minus_one(self, &sub, (start, end), find::find, thread)
    }

    /// rfind($self, sub[, start[, end]], /)
    /// --
    ///
    /// Return the highest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start:end].
    ///
    ///   start
    ///     Optional start position. Default: start of the bytes.
    ///   end
    ///     Optional stop position. Default: end of the bytes.
    ///
    /// Return -1 on failure.
    #[method]
    #[signature("(sub, start=None, end=None, /)")]
    fn rfind(&self, sub: Needle<'_>, start: Option<SliceBound>, end: Option<SliceBound>, thread: &mut Thread) -> isize {
        search::find_or_minus_one(self, &sub, (start, end), find::rfind, thread)
    }

    /// index($self, sub[, start[, end]], /)
    /// --
    ///
    /// Return the lowest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start:end].
    ///
    ///   start
    ///     Optional start position. Default: start of the bytes.
    ///   end
    ///     Optional stop position. Default: end of the bytes.
    ///
    /// Raise ValueError if the subsection is not found.
    #[method]
    #[signature("(sub, start=None, end=None, /)")]
    fn index(
        &self,
        sub: Needle<'_>,
        start: Option<SliceBound>,
        end: Option<SliceBound>,
        thread: &mut Thread,
    ) -> PyResult<usize> {
        search::find_or_raise(self, &sub, (start, end), find::find, thread)
    }

    /// rindex($self, sub[, start[, end]], /)
    /// --
    ///
    /// Return the highest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start:end].
    ///
    ///   start
    ///     Optional start position. Default: start of the bytes.
    ///   end
    ///     Optional stop position. Default: end of the bytes.
    ///
    /// Raise ValueError if the subsection is not found.
    #[method]
    #[signature("(sub, start=None, end=None, /)")]
    fn rindex(
        &self,
        sub: Needle<'_>,
        start: Option<SliceBound>,
        end: Option<SliceBound>,
        thread: &mut Thread,
    ) -> PyResult<usize> {
        search::find_or_raise(self, &sub, (start, end), find::rfind, thread)
    }

    /// count($self, sub[, start[, end]], /)
    /// --
    ///
    /// Return the number of non-overlapping occurrences of subsection 'sub' in bytes B[start:end].
    ///
    ///   start
    ///     Optional start position. Default: start of the bytes.
    ///   end
    ///     Optional stop position. Default: end of the bytes.
    #[method]
    #[signature("(sub, start=None, end=None, /)")]
    fn count(&self, sub: Needle<'_>, start: Option<SliceBound>, end: Option<SliceBound>, thread: &mut Thread) -> usize {
        search::count(self, &sub, start, end, thread)
    }

    /// startswith($self, prefix[, start[, end]], /)
    /// --
    ///
    /// Return True if the bytearray starts with the specified prefix, False otherwise.
    ///
    ///   prefix
    ///     A bytes or a tuple of bytes to try.
    ///   start
    ///     Optional start position. Default: start of the bytearray.
    ///   end
    ///     Optional stop position. Default: end of the bytearray.
    #[method]
    #[signature("(prefix, start=None, end=None, /)")]
    fn startswith(
        &self,
        prefix: &Object,
        start: Option<SliceBound>,
        end: Option<SliceBound>,
        thread: &mut Thread,
    ) -> PyResult<bool> {
        search::has_affix(self, prefix, (start, end), "startswith", <[u8]>::starts_with, thread)
    }

    /// endswith($self, suffix[, start[, end]], /)
    /// --
    ///
    /// Return True if the bytearray ends with the specified suffix, False otherwise.
    ///
    ///   suffix
    ///     A bytes or a tuple of bytes to try.
    ///   start
    ///     Optional start position. Default: start of the bytearray.
    ///   end
    ///     Optional stop position. Default: end of the bytearray.
    #[method]
    #[signature("(suffix, start=None, end=None, /)")]
    fn endswith(
        &self,
        suffix: &Object,
        start: Option<SliceBound>,
        end: Option<SliceBound>,
        thread: &mut Thread,
    ) -> PyResult<bool> {
        search::has_affix(self, suffix, (start, end), "endswith", <[u8]>::ends_with, thread)
    }

    /// split($self, /, sep=None, maxsplit=-1)
    /// --
    ///
    /// Return a list of the sections in the bytearray, using sep as the delimiter.
    ///
    ///   sep
    ///     The delimiter according which to split the bytearray.
    ///     None (the default value) means split on ASCII whitespace
    ///     characters (space, tab, return, newline, formfeed, vertical tab).
    ///   maxsplit
    ///     Maximum number of splits to do.
    ///     -1 (the default value) means no limit.
    #[method]
    fn split(&self, sep: Option<&Object>, maxsplit: isize, thread: &mut Thread) -> PyResult<Py<List>> {
        split::split_by(self, sep, maxsplit, split::FROM_LEFT, thread)
    }

    /// rsplit($self, /, sep=None, maxsplit=-1)
    /// --
    ///
    /// Return a list of the sections in the bytearray, using sep as the delimiter.
    ///
    ///   sep
    ///     The delimiter according which to split the bytearray.
    ///     None (the default value) means split on ASCII whitespace
    ///     characters (space, tab, return, newline, formfeed, vertical tab).
    ///   maxsplit
    ///     Maximum number of splits to do.
    ///     -1 (the default value) means no limit.
    ///
    /// Splitting is done starting at the end of the bytearray and working
    /// to the front.
    #[method]
    fn rsplit(&self, sep: Option<&Object>, maxsplit: isize, thread: &mut Thread) -> PyResult<Py<List>> {
        split::split_by(self, sep, maxsplit, split::FROM_RIGHT, thread)
    }

    /// splitlines($self, /, keepends=False)
    /// --
    ///
    /// Return a list of the lines in the bytearray, breaking at line boundaries.
    ///
    /// Line breaks are not included in the resulting list unless keepends
    /// is given and true.
    #[method]
    fn splitlines(&self, keepends: bool, thread: &mut Thread) -> PyResult<Py<List>> {
        split::split_lines(self, keepends, thread)
    }

    /// partition($self, sep, /)
    /// --
    ///
    /// Partition the bytearray into three parts using the given separator.
    ///
    /// This will search for the separator sep in the bytearray.  If the
    /// separator is found, returns a 3-tuple containing the part before the
    /// separator, the separator itself, and the part after it as new
    /// bytearray objects.
    ///
    /// If the separator is not found, returns a 3-tuple containing the copy
    /// of the original bytearray object and two empty bytearray objects.
    #[method]
    fn partition(&self, sep: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        split::partition(self, sep, false, |thread| ByteArray::copy_of(sep, thread), thread)
    }

    /// rpartition($self, sep, /)
    /// --
    ///
    /// Partition the bytearray into three parts using the given separator.
    ///
    /// This will search for the separator sep in the bytearray, starting at
    /// the end.  If the separator is found, returns a 3-tuple containing
    /// the part before the separator, the separator itself, and the part
    /// after it as new bytearray objects.
    ///
    /// If the separator is not found, returns a 3-tuple containing two
    /// empty bytearray objects and the copy of the original bytearray
    /// object.
    #[method]
    fn rpartition(&self, sep: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        split::partition(self, sep, true, |thread| ByteArray::copy_of(sep, thread), thread)
    }
}
