//! What Python programs see of `bytearray`: slots and methods, most of them a line over what `bytes` and `bytearray` share.

use layout::Py_buffer;
use macros::python_type;
use objects::bool::Bool;
use objects::errors::{BytesWarning, IndexError, PyResult};
use objects::int::Int;
use objects::list::List;
use objects::object::{BaseObject, default_state};
use objects::protocol::buffer::{self, BytesLike, has_buffer};
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py};
use objects::slice::Slice;
use objects::str::Str;
use objects::str::arguments::{SliceBound, TextName};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};
use text::bytes::{case, find};
use text::strings::strip::Ends;
use text::view::StrView;

use super::{ByteArray, ByteArrayIterator, change};
use crate::bytes::Bytes;
use crate::bytes::shared::transform::{self, Side};
use crate::bytes::shared::{ByteString as _, FillByte, Needle, byte_value, percent, search, split, text_form};

/// bytearray(iterable_of_ints) -> bytearray
/// bytearray(string, encoding[, errors]) -> bytearray
/// bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer
/// bytearray(int) -> bytes array of size given by the parameter initialized with null bytes
/// bytearray() -> empty bytes array
///
/// Construct a mutable bytearray object from:
///   - an iterable yielding integers in range(256)
///   - a text string encoded using the specified encoding
///   - a bytes or a buffer object
///   - any object implementing the buffer API.
///   - an integer
#[python_type(name = "bytearray", symbol = "PyByteArray_Type", base = BaseObject, flags(BASETYPE, MATCH_SELF), unhashable)]
impl ByteArray {
    #[slot(tp_new)]
    fn new(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&objects::dict::Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<ByteArray>> {
        let _ = (arguments, keywords);
        ByteArray::empty(class, thread)
    }

    #[init]
    #[signature("(source=b'', encoding='utf-8', errors='strict')")]
    fn init(
        &self,
        source: Option<&Object>,
        encoding: Option<TextName>,
        errors: Option<TextName>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let (encoding, errors) = (encoding.as_ref().map(|it| &*it.0), errors.as_ref().map(|it| &*it.0));
        change::initialize(self, source, encoding, errors, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let class = self.class().short_name();
        let text = text::bytes::repr::repr_bytearray(&class, self.contents(thread));
        match StrView::ascii(&text) {
            Some(view) => Str::try_from_view(view, thread),
            None => Ok(Str::from_str(&String::from_utf8_lossy(&text), thread)),
        }
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        if thread.interpreter().bytes_warning.get() > 0 {
            thread.warn(BytesWarning, 1, format_args!("str() on a bytearray instance"))?;
        }
        self.repr(thread)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        if !has_buffer(other) {
            search::warn_of_comparison("bytearray", other, operation, thread)?;
            return Ok(thread.not_implemented());
        }
        let other = BytesLike::of(other, thread);
        let Some(other) = thread.suppress(other, objects::errors::Exception)? else {
            return Ok(thread.not_implemented());
        };
        Ok(Bool::new(operation.holds(self.contents(thread).cmp(other.as_slice(thread)))))
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> Py<ByteArrayIterator> {
        ByteArrayIterator::new(self, thread)
    }

    #[slot(sq_length, mp_length)]
    fn len(&self) -> PyResult<usize> {
        Ok(self.length())
    }

    #[slot(sq_concat)]
    fn concat(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<ByteArray>> {
        transform::concatenate(self, other, thread)
    }

    #[slot(sq_inplace_concat)]
    fn concat_in_place(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<ByteArray>> {
        change::concatenate_in_place(self, other, thread)?;
        Ok(Py::from_ref(self))
    }

    #[slot(sq_repeat)]
    fn repeat(&self, count: isize, thread: &mut Thread) -> PyResult<Py<ByteArray>> {
        transform::repeat(self, count, thread)
    }

    #[slot(sq_inplace_repeat)]
    fn repeat_in_place(&self, count: isize, thread: &mut Thread) -> PyResult<Py<ByteArray>> {
        change::repeat_in_place(self, count, thread)?;
        Ok(Py::from_ref(self))
    }

    #[slot(sq_item)]
    fn item(&self, index: isize, thread: &mut Thread) -> PyResult<Py<Int>> {
        let byte = usize::try_from(index).ok().and_then(|index| self.contents(thread).get(index).copied());
        match byte {
            Some(byte) => Ok(Py::from_ref(Int::small(i32::from(byte)))),
            None => Err(raise!(thread, IndexError, "bytearray index out of range")),
        }
    }

    #[slot(sq_ass_item)]
    fn assign_item(&self, index: isize, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let byte = match value {
            Some(value) => Some(byte_value(value, thread)?),
            None => None,
        };
        change::assign_byte(self, index, byte, thread)
    }

    #[slot(sq_contains)]
    fn has(&self, value: &Object, thread: &mut Thread) -> PyResult<bool> {
        search::contains(self, value, thread)
    }

    #[slot(mp_subscript)]
    fn subscript(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some(slice) = key.downcast_exact::<Slice>() {
            let bounds = slice.unpack(thread)?;
            return transform::select(self, bounds.select(self.length()), thread).map(Py::into_object);
        }
        if !protocol::is_index(key) {
            let class = key.class().full_name();
            return Err(raise!(thread, TypeError, "bytearray indices must be integers or slices, not {class}"));
        }
        let index = protocol::index_or_raise(key, IndexError, thread)?;
        let index = if index < 0 { index + self.length() as isize } else { index };
        self.item(index, thread).map(Py::into_object)
    }

    #[slot(mp_ass_subscript)]
    fn assign_subscript(&self, key: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        change::assign(self, key, value, thread)
    }

    #[slot(nb_remainder)]
    fn remainder(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(format) = left.downcast::<ByteArray>() else { return Ok(thread.not_implemented()) };
        let contents = format.contents(thread).to_vec();
        let formatted = percent::format(&contents, right, thread)?;
        ByteArray::from_slice(&formatted, thread).map(Py::into_object)
    }

    #[slot(bf_getbuffer)]
    fn get_buffer(&self, view: *mut Py_buffer, flags: i32, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: the caller passes a view to fill; the block stays where it is while buffers are exported.
        unsafe { buffer::fill(view, self, self.data(), self.length(), false, flags, thread)? };
        self.add_export();
        Ok(())
    }

    #[slot(bf_releasebuffer)]
    fn release_buffer(&self, _view: *mut Py_buffer) {
        self.remove_export();
    }

    /// __alloc__($self, /)
    /// --
    ///
    /// B.__alloc__() -> int
    ///
    /// Return the number of bytes actually allocated.
    #[method]
    fn __alloc__(&self) -> usize {
        self.allocated()
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// Returns the size of the bytearray object in memory, in bytes.
    #[method]
    fn __sizeof__(&self) -> usize {
        self.class().basic_size() + self.allocated()
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.__reduce_ex__(2, thread)
    }

    /// __reduce_ex__($self, proto=0, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce_ex__(&self, proto: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let arguments = if proto < 3 {
            let contents = self.contents(thread).to_vec();
            let text = text::builder::StrData::from_view(StrView::Latin1(&contents));
            let text = Str::try_from_view(text.view(), thread)?;
            vec![text.into_object(), Str::from_str("latin-1", thread).into_object()]
        } else {
            let contents = self.contents(thread).to_vec();
            vec![Bytes::try_from_slice(&contents, thread)?.into_object()]
        };
        let arguments = Tuple::new(arguments, thread)?.into_object();
        let state = default_state(self, false, thread)?;
        Tuple::new(vec![Py::from_ref(self.class()).into_object(), arguments, state], thread)
    }

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

    /// resize($self, size, /)
    /// --
    ///
    /// Resize the internal buffer of bytearray to len.
    ///
    ///   size
    ///     New size to resize to.
    #[method(name = "resize")]
    #[signature("(size, /)")]
    fn resize_to(&self, size: isize, thread: &mut Thread) -> PyResult<()> {
        let Ok(length) = usize::try_from(size) else {
            return Err(raise!(thread, ValueError, "Can only resize to positive sizes, got {size}"));
        };
        let old = self.length();
        self.resize(length, thread)?;
        if let Some(new) = self.contents_mut(thread).get_mut(old..) {
            new.fill(0);
        }
        Ok(())
    }

    /// reverse($self, /)
    /// --
    ///
    /// Reverse the order of the values in B in place.
    #[method]
    fn reverse(&self, thread: &mut Thread) {
        self.contents_mut(thread).reverse();
    }

    /// decode($self, /, encoding='utf-8', errors='strict')
    /// --
    ///
    /// Decode the bytearray using the codec registered for encoding.
    ///
    ///   encoding
    ///     The encoding with which to decode the bytearray.
    ///   errors
    ///     The error handling scheme to use for the handling of decoding
    ///     errors.  The default is 'strict' meaning that decoding errors
    ///     raise a UnicodeDecodeError.  Other possible values are 'ignore'
    ///     and 'replace' as well as any other name registered with
    ///     codecs.register_error that can handle UnicodeDecodeErrors.
    #[method]
    fn decode(&self, encoding: Option<TextName>, errors: Option<TextName>, thread: &mut Thread) -> PyResult<Py<Str>> {
        let contents = self.contents(thread).to_vec();
        text_form::decode(&contents, encoding, errors, thread)
    }

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

    /// join($self, iterable_of_bytes, /)
    /// --
    ///
    /// Concatenate any number of bytes/bytearray objects.
    ///
    /// The bytearray whose method is called is inserted in between each
    /// pair.
    ///
    /// The result is returned as a new bytearray object.
    #[method]
    fn join(&self, iterable_of_bytes: &Object, thread: &mut Thread) -> PyResult<Py<Self>> {
        split::join(self, iterable_of_bytes, thread)
    }

    /// strip($self, bytes=None, /)
    /// --
    ///
    /// Strip leading and trailing bytes contained in the argument.
    ///
    /// If the argument is omitted or None, strip leading and trailing ASCII
    /// whitespace.
    #[method]
    #[signature("(bytes=None, /)")]
    fn strip(&self, bytes: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Self>> {
        transform::strip(self, bytes, Ends::Both, thread)
    }

    /// lstrip($self, bytes=None, /)
    /// --
    ///
    /// Strip leading bytes contained in the argument.
    ///
    /// If the argument is omitted or None, strip leading ASCII whitespace.
    #[method]
    #[signature("(bytes=None, /)")]
    fn lstrip(&self, bytes: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Self>> {
        transform::strip(self, bytes, Ends::Left, thread)
    }

    /// rstrip($self, bytes=None, /)
    /// --
    ///
    /// Strip trailing bytes contained in the argument.
    ///
    /// If the argument is omitted or None, strip trailing ASCII whitespace.
    #[method]
    #[signature("(bytes=None, /)")]
    fn rstrip(&self, bytes: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Self>> {
        transform::strip(self, bytes, Ends::Right, thread)
    }

    /// removeprefix($self, prefix, /)
    /// --
    ///
    /// Return a bytearray with the given prefix string removed if present.
    ///
    /// If the bytearray starts with the prefix string, return
    /// bytearray[len(prefix):].  Otherwise, return a copy of the original
    /// bytearray.
    #[method]
    fn removeprefix(&self, prefix: BytesLike<'_>, thread: &mut Thread) -> PyResult<Py<Self>> {
        transform::remove_prefix(self, &prefix, thread)
    }

    /// removesuffix($self, suffix, /)
    /// --
    ///
    /// Return a bytearray with the given suffix string removed if present.
    ///
    /// If the bytearray ends with the suffix string and that suffix is not
    /// empty, return bytearray[:-len(suffix)].  Otherwise, return a copy of
    /// the original bytearray.
    #[method]
    fn removesuffix(&self, suffix: BytesLike<'_>, thread: &mut Thread) -> PyResult<Py<Self>> {
        transform::remove_suffix(self, &suffix, thread)
    }

    /// replace($self, old, new, count=-1, /)
    /// --
    ///
    /// Return a copy with all occurrences of substring old replaced by new.
    ///
    ///   count
    ///     Maximum number of occurrences to replace.
    ///     -1 (the default value) means replace all occurrences.
    ///
    /// If the optional argument count is given, only the first count occurrences are
    /// replaced.
    #[method]
    fn replace(&self, old: BytesLike<'_>, new: BytesLike<'_>, count: isize, thread: &mut Thread) -> PyResult<Py<Self>> {
        transform::replace(self, &old, &new, count, thread)
    }

    /// center($self, width, fillchar=b' ', /)
    /// --
    ///
    /// Return a centered string of length width.
    ///
    /// Padding is done using the specified fill character.
    #[method]
    fn center(
        &self,
        width: isize,
        #[default(FillByte(b' '))] fillchar: FillByte,
        thread: &mut Thread,
    ) -> PyResult<Py<Self>> {
        transform::pad(self, width, fillchar.0, Side::Both, thread)
    }

    /// ljust($self, width, fillchar=b' ', /)
    /// --
    ///
    /// Return a left-justified string of length width.
    ///
    /// Padding is done using the specified fill character.
    #[method]
    fn ljust(
        &self,
        width: isize,
        #[default(FillByte(b' '))] fillchar: FillByte,
        thread: &mut Thread,
    ) -> PyResult<Py<Self>> {
        transform::pad(self, width, fillchar.0, Side::Right, thread)
    }

    /// rjust($self, width, fillchar=b' ', /)
    /// --
    ///
    /// Return a right-justified string of length width.
    ///
    /// Padding is done using the specified fill character.
    #[method]
    fn rjust(
        &self,
        width: isize,
        #[default(FillByte(b' '))] fillchar: FillByte,
        thread: &mut Thread,
    ) -> PyResult<Py<Self>> {
        transform::pad(self, width, fillchar.0, Side::Left, thread)
    }

    /// zfill($self, width, /)
    /// --
    ///
    /// Pad a numeric string with zeros on the left, to fill a field of the given width.
    ///
    /// The original string is never truncated.
    #[method]
    fn zfill(&self, width: isize, thread: &mut Thread) -> PyResult<Py<Self>> {
        transform::zfill(self, width, thread)
    }

    /// expandtabs($self, /, tabsize=8)
    /// --
    ///
    /// Return a copy where all tab characters are expanded using spaces.
    ///
    /// If tabsize is not given, a tab size of 8 characters is assumed.
    #[method]
    fn expandtabs(&self, tabsize: i32, thread: &mut Thread) -> PyResult<Py<Self>> {
        transform::expand_tabs(self, tabsize, thread)
    }

    /// translate($self, table, /, delete=b'')
    /// --
    ///
    /// Return a copy with each character mapped by the given translation table.
    ///
    ///   table
    ///     Translation table, which must be a bytes object of length 256.
    ///
    /// All characters occurring in the optional argument delete are
    /// removed.  The remaining characters are mapped through the given
    /// translation table.
    #[method]
    fn translate(&self, table: &Object, delete: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Self>> {
        transform::translate(self, table, delete, thread)
    }

    /// maketrans(frm, to, /)
    /// --
    ///
    /// Return a translation table usable for the bytes or bytearray translate method.
    ///
    /// The returned table will be one where each byte in frm is mapped to
    /// the byte at the same position in to.
    ///
    /// The bytes objects frm and to must be of the same length.
    #[staticmethod]
    fn maketrans(frm: BytesLike<'_>, to: BytesLike<'_>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        transform::make_table(&frm, &to, thread)
    }

    /// lower($self, /)
    /// --
    ///
    /// B.lower() -> copy of B
    ///
    /// Return a copy of B with all ASCII characters converted to lowercase.
    #[method]
    fn lower(&self, thread: &mut Thread) -> PyResult<Py<Self>> {
        transform::map(self, <[u8]>::to_ascii_lowercase, thread)
    }

    /// upper($self, /)
    /// --
    ///
    /// B.upper() -> copy of B
    ///
    /// Return a copy of B with all ASCII characters converted to uppercase.
    #[method]
    fn upper(&self, thread: &mut Thread) -> PyResult<Py<Self>> {
        transform::map(self, <[u8]>::to_ascii_uppercase, thread)
    }

    /// capitalize($self, /)
    /// --
    ///
    /// B.capitalize() -> copy of B
    ///
    /// Return a copy of B with only its first character capitalized (ASCII)
    /// and the rest lower-cased.
    #[method]
    fn capitalize(&self, thread: &mut Thread) -> PyResult<Py<Self>> {
        transform::map(self, case::capitalize, thread)
    }

    /// title($self, /)
    /// --
    ///
    /// B.title() -> copy of B
    ///
    /// Return a titlecased version of B, i.e. ASCII words start with
    /// uppercase characters, all remaining cased characters have lowercase.
    #[method]
    fn title(&self, thread: &mut Thread) -> PyResult<Py<Self>> {
        transform::map(self, case::title, thread)
    }

    /// swapcase($self, /)
    /// --
    ///
    /// B.swapcase() -> copy of B
    ///
    /// Return a copy of B with uppercase ASCII characters converted
    /// to lowercase ASCII and vice versa.
    #[method]
    fn swapcase(&self, thread: &mut Thread) -> PyResult<Py<Self>> {
        transform::map(self, case::swapcase, thread)
    }

    /// isalpha($self, /)
    /// --
    ///
    /// B.isalpha() -> bool
    ///
    /// Return True if all characters in B are alphabetic
    /// and there is at least one character in B, False otherwise.
    #[method]
    fn isalpha(&self, thread: &mut Thread) -> bool {
        case::is_alpha(self.contents(thread))
    }

    /// isalnum($self, /)
    /// --
    ///
    /// B.isalnum() -> bool
    ///
    /// Return True if all characters in B are alphanumeric
    /// and there is at least one character in B, False otherwise.
    #[method]
    fn isalnum(&self, thread: &mut Thread) -> bool {
        case::is_alnum(self.contents(thread))
    }

    /// isascii($self, /)
    /// --
    ///
    /// B.isascii() -> bool
    ///
    /// Return True if B is empty or all characters in B are ASCII,
    /// False otherwise.
    #[method]
    fn isascii(&self, thread: &mut Thread) -> bool {
        self.contents(thread).is_ascii()
    }

    /// isdigit($self, /)
    /// --
    ///
    /// B.isdigit() -> bool
    ///
    /// Return True if all characters in B are digits
    /// and there is at least one character in B, False otherwise.
    #[method]
    fn isdigit(&self, thread: &mut Thread) -> bool {
        case::is_digit(self.contents(thread))
    }

    /// isspace($self, /)
    /// --
    ///
    /// B.isspace() -> bool
    ///
    /// Return True if all characters in B are whitespace
    /// and there is at least one character in B, False otherwise.
    #[method]
    fn isspace(&self, thread: &mut Thread) -> bool {
        case::is_space_all(self.contents(thread))
    }

    /// islower($self, /)
    /// --
    ///
    /// B.islower() -> bool
    ///
    /// Return True if all cased characters in B are lowercase and there is
    /// at least one cased character in B, False otherwise.
    #[method]
    fn islower(&self, thread: &mut Thread) -> bool {
        case::is_lower(self.contents(thread))
    }

    /// isupper($self, /)
    /// --
    ///
    /// B.isupper() -> bool
    ///
    /// Return True if all cased characters in B are uppercase and there is
    /// at least one cased character in B, False otherwise.
    #[method]
    fn isupper(&self, thread: &mut Thread) -> bool {
        case::is_upper(self.contents(thread))
    }

    /// istitle($self, /)
    /// --
    ///
    /// B.istitle() -> bool
    ///
    /// Return True if B is a titlecased string and there is at least one
    /// character in B, i.e. uppercase characters may only follow uncased
    /// characters and lowercase characters only cased ones. Return False
    /// otherwise.
    #[method]
    fn istitle(&self, thread: &mut Thread) -> bool {
        case::is_title(self.contents(thread))
    }

    /// hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)
    /// --
    ///
    /// Create a string of hexadecimal numbers from a bytearray object.
    ///
    ///   sep
    ///     An optional single character or byte to separate hex bytes.
    ///   bytes_per_sep
    ///     How many bytes between separators.  Positive values count from
    ///     the right, negative values count from the left.
    ///
    /// Example:
    /// >>> value = bytearray([0xb9, 0x01, 0xef])
    /// >>> value.hex()
    /// 'b901ef'
    /// >>> value.hex(':')
    /// 'b9:01:ef'
    /// >>> value.hex(':', 2)
    /// 'b9:01ef'
    /// >>> value.hex(':', -2)
    /// 'b901:ef'
    #[method]
    fn hex(&self, sep: Option<&Object>, bytes_per_sep: i32, thread: &mut Thread) -> PyResult<Py<Str>> {
        text_form::to_hex(|thread| self.contents(thread).to_vec(), sep, bytes_per_sep, thread)
    }

    /// fromhex($type, string, /)
    /// --
    ///
    /// Create a bytearray object from a string of hexadecimal numbers.
    ///
    /// Spaces between two numbers are accepted.
    /// Example:
    ///     bytearray.fromhex('B9 01EF') -> bytearray(b'\\xb9\\x01\\xef')
    #[classmethod]
    fn fromhex(class: &Type, string: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let contents = text_form::read_hex(string, thread)?;
        let made = ByteArray::make(&contents, thread)?;
        if std::ptr::eq(class, ByteArray::class()) {
            return Ok(made.into_object());
        }
        protocol::call_one(class, &made, thread)
    }
}
