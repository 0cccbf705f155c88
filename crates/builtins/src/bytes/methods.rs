//! What Python programs see of `bytes`: slots and methods, each a line over what `bytes` and `bytearray` share.

use layout::Py_buffer;
use macros::python_type;
use objects::bool::Bool;
use objects::errors::{BytesWarning, IndexError, OrMemoryError, PyResult, TryToVec};
use objects::int::Int;
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol::buffer::{self, BytesLike};
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

use super::shared::transform::{self, Side};
use super::shared::{ByteString as _, FillByte, Needle, percent, search, split, text_form};
use super::{Bytes, BytesIterator, construct};

/// bytes(iterable_of_ints) -> bytes
/// bytes(string, encoding[, errors]) -> bytes
/// bytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer
/// bytes(int) -> bytes object of size given by the parameter initialized with null bytes
/// bytes() -> empty bytes object
///
/// Construct an immutable array of bytes from:
///   - an iterable yielding integers in range(256)
///   - a text string encoded using the specified encoding
///   - any object implementing the buffer API.
///   - an integer
#[python_type(
    name = "bytes", symbol = "PyBytes_Type", base = BaseObject, flags(BASETYPE, BYTES_SUBCLASS, MATCH_SELF), item_size = 1,
    basic_size = super::object::BASIC_SIZE
)]
impl Bytes {
    #[new]
    #[signature("(source=b'', encoding='utf-8', errors='strict')")]
    fn __new__(
        class: &Type,
        source: Option<&Object>,
        encoding: Option<TextName>,
        errors: Option<TextName>,
        thread: &mut Thread,
    ) -> PyResult<Py<Bytes>> {
        let (encoding, errors) = (encoding.as_ref().map(|it| &*it.0), errors.as_ref().map(|it| &*it.0));
        construct::new_bytes(class, source, encoding, errors, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let text = text::bytes::repr::repr(self.as_slice()).or_memory_error(thread)?;
        Str::try_from_view(StrView::Ascii(&text), thread)
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        if thread.interpreter().bytes_warning.get() > 0 {
            thread.warn(BytesWarning, 1, format_args!("str() on a bytes instance"))?;
        }
        self.repr(thread)
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        Ok(self.hash_value())
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(other) = other.downcast::<Bytes>() else {
            search::warn_of_comparison("bytes", other, operation, thread)?;
            return Ok(thread.not_implemented());
        };
        Ok(Bool::new(match operation {
            Comparison::Equal => self.as_slice() == other.as_slice(),
            Comparison::NotEqual => self.as_slice() != other.as_slice(),
            _ => operation.holds(self.as_slice().cmp(other.as_slice())),
        }))
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> Py<BytesIterator> {
        BytesIterator::new(self, thread)
    }

    #[slot(sq_length, mp_length)]
    fn len(&self) -> PyResult<usize> {
        Ok(self.length())
    }

    #[slot(sq_concat)]
    fn concat(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        // Nothing added to bytes gives the very same object.
        match (self.as_slice(), other.downcast_exact::<Bytes>()) {
            ([], Some(other)) => Ok(Py::from_ref(other)),
            (_, Some(other)) if other.length() == 0 && self.is_exactly::<Bytes>() => Ok(Py::from_ref(self)),
            _ => transform::concatenate(self, other, thread),
        }
    }

    #[slot(sq_repeat)]
    fn repeat(&self, count: isize, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        match count {
            1 => self.unchanged(thread),
            // Of something that is not empty, this is not the one empty object.
            ..=0 if self.length() > 0 => Bytes::unfilled(0, thread),
            _ => transform::repeat(self, count, thread),
        }
    }

    #[slot(sq_item)]
    fn item(&self, index: isize, thread: &mut Thread) -> PyResult<Py<Int>> {
        match usize::try_from(index).ok().and_then(|index| self.as_slice().get(index)) {
            Some(byte) => Ok(Py::from_ref(Int::small(i32::from(*byte)))),
            None => Err(raise!(thread, IndexError, "index out of range")),
        }
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
            return Err(raise!(thread, TypeError, "byte indices must be integers or slices, not {class}"));
        }
        let index = protocol::index_or_raise(key, IndexError, thread)?;
        let index = if index < 0 { index + self.length() as isize } else { index };
        self.item(index, thread).map(Py::into_object)
    }

    #[slot(nb_remainder)]
    fn remainder(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(format) = left.downcast::<Bytes>() else { return Ok(thread.not_implemented()) };
        let formatted = percent::format(format.as_slice(), right, thread)?;
        Bytes::try_from_slice(&formatted, thread).map(Py::into_object)
    }

    #[slot(bf_getbuffer)]
    fn get_buffer(&self, view: *mut Py_buffer, flags: i32, thread: &mut Thread) -> PyResult<()> {
        let contents = self.as_slice();
        // SAFETY: the caller passes a view to fill; the contents stay as long as the object, which the view refers to.
        unsafe { buffer::fill(view, self, contents.as_ptr().cast_mut(), contents.len(), true, flags, thread) }
    }

    /// __getnewargs__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __getnewargs__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let copy = Bytes::try_from_slice(self.as_slice(), thread)?;
        Tuple::new(vec![copy.into_object()], thread)
    }

    /// __bytes__($self, /)
    /// --
    ///
    /// Convert this value to exact type bytes.
    #[method]
    fn __bytes__(&self, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        self.to_exact(thread)
    }

    /// decode($self, /, encoding='utf-8', errors='strict')
    /// --
    ///
    /// Decode the bytes using the codec registered for encoding.
    ///
    ///   encoding
    ///     The encoding with which to decode the bytes.
    ///   errors
    ///     The error handling scheme to use for the handling of decoding
    ///     errors.  The default is 'strict' meaning that decoding errors
    ///     raise a UnicodeDecodeError.  Other possible values are 'ignore'
    ///     and 'replace' as well as any other name registered with
    ///     codecs.register_error that can handle UnicodeDecodeErrors.
    #[method]
    fn decode(&self, encoding: Option<TextName>, errors: Option<TextName>, thread: &mut Thread) -> PyResult<Py<Str>> {
        text_form::decode(self.as_slice(), encoding, errors, thread)
    }

    /// find($self, sub[, start[, end]], /)
    /// --
    ///
    /// Return the lowest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].
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
    /// Return the highest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].
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
    /// Return the lowest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].
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
    /// Return the highest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].
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
    /// Return True if the bytes starts with the specified prefix, False otherwise.
    ///
    ///   prefix
    ///     A bytes or a tuple of bytes to try.
    ///   start
    ///     Optional start position. Default: start of the bytes.
    ///   end
    ///     Optional stop position. Default: end of the bytes.
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
    /// Return True if the bytes ends with the specified suffix, False otherwise.
    ///
    ///   suffix
    ///     A bytes or a tuple of bytes to try.
    ///   start
    ///     Optional start position. Default: start of the bytes.
    ///   end
    ///     Optional stop position. Default: end of the bytes.
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
    /// Return a list of the sections in the bytes, using sep as the delimiter.
    ///
    ///   sep
    ///     The delimiter according which to split the bytes.
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
    /// Return a list of the sections in the bytes, using sep as the delimiter.
    ///
    ///   sep
    ///     The delimiter according which to split the bytes.
    ///     None (the default value) means split on ASCII whitespace
    ///     characters (space, tab, return, newline, formfeed, vertical tab).
    ///   maxsplit
    ///     Maximum number of splits to do.
    ///     -1 (the default value) means no limit.
    ///
    /// Splitting is done starting at the end of the bytes and working to
    /// the front.
    #[method]
    fn rsplit(&self, sep: Option<&Object>, maxsplit: isize, thread: &mut Thread) -> PyResult<Py<List>> {
        split::split_by(self, sep, maxsplit, split::FROM_RIGHT, thread)
    }

    /// splitlines($self, /, keepends=False)
    /// --
    ///
    /// Return a list of the lines in the bytes, breaking at line boundaries.
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
    /// Partition the bytes into three parts using the given separator.
    ///
    /// This will search for the separator sep in the bytes.  If the
    /// separator is found, returns a 3-tuple containing the part before the
    /// separator, the separator itself, and the part after it.
    ///
    /// If the separator is not found, returns a 3-tuple containing the
    /// original bytes object and two empty bytes objects.
    #[method]
    fn partition(&self, sep: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        split::partition(self, sep, false, |_| Ok(Py::from_ref(sep)), thread)
    }

    /// rpartition($self, sep, /)
    /// --
    ///
    /// Partition the bytes into three parts using the given separator.
    ///
    /// This will search for the separator sep in the bytes, starting at the
    /// end.  If the separator is found, returns a 3-tuple containing the
    /// part before the separator, the separator itself, and the part after
    /// it.
    ///
    /// If the separator is not found, returns a 3-tuple containing two
    /// empty bytes objects and the original bytes object.
    #[method]
    fn rpartition(&self, sep: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        split::partition(self, sep, true, |_| Ok(Py::from_ref(sep)), thread)
    }

    /// join($self, iterable_of_bytes, /)
    /// --
    ///
    /// Concatenate any number of bytes objects.
    ///
    /// The bytes whose method is called is inserted in between each pair.
    ///
    /// The result is returned as a new bytes object.
    ///
    /// Example: b'.'.join([b'ab', b'pq', b'rs']) -> b'ab.pq.rs'.
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
    /// If the argument is omitted or None, strip leading  ASCII whitespace.
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
    /// Return a bytes object with the given prefix string removed if present.
    ///
    /// If the bytes starts with the prefix string, return
    /// bytes[len(prefix):].  Otherwise, return a copy of the original
    /// bytes.
    #[method]
    fn removeprefix(&self, prefix: BytesLike<'_>, thread: &mut Thread) -> PyResult<Py<Self>> {
        transform::remove_prefix(self, &prefix, thread)
    }

    /// removesuffix($self, suffix, /)
    /// --
    ///
    /// Return a bytes object with the given suffix string removed if present.
    ///
    /// If the bytes ends with the suffix string and that suffix is not
    /// empty, return bytes[:-len(prefix)].  Otherwise, return a copy of the
    /// original bytes.
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
        transform::map(self, |bytes| case::mapped(bytes, u8::to_ascii_lowercase), thread)
    }

    /// upper($self, /)
    /// --
    ///
    /// B.upper() -> copy of B
    ///
    /// Return a copy of B with all ASCII characters converted to uppercase.
    #[method]
    fn upper(&self, thread: &mut Thread) -> PyResult<Py<Self>> {
        transform::map(self, |bytes| case::mapped(bytes, u8::to_ascii_uppercase), thread)
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
    /// Create a string of hexadecimal numbers from a bytes object.
    ///
    ///   sep
    ///     An optional single character or byte to separate hex bytes.
    ///   bytes_per_sep
    ///     How many bytes between separators.  Positive values count from
    ///     the right, negative values count from the left.
    ///
    /// Example:
    /// >>> value = b'\xb9\x01\xef'
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
        text_form::to_hex(
            |thread| self.contents(thread).try_to_vec().or_memory_error(thread),
            sep,
            bytes_per_sep,
            thread,
        )
    }

    /// fromhex($type, string, /)
    /// --
    ///
    /// Create a bytes object from a string of hexadecimal numbers.
    ///
    /// Spaces between two numbers are accepted.
    /// Example: bytes.fromhex('B9 01EF') -> b'\\xb9\\x01\\xef'.
    #[classmethod]
    fn fromhex(class: &Type, string: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let contents = text_form::read_hex(string, thread)?;
        let made = Bytes::make(&contents, thread)?;
        if std::ptr::eq(class, Bytes::class()) {
            return Ok(made.into_object());
        }
        protocol::call_one(class, &made, thread)
    }
}
