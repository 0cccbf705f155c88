//! What Python programs see of `bytearray`: slots and methods, most of them a line over what `bytes` and `bytearray` share.

use layout::Py_buffer;
use macros::python_type;
use objects::bool::Bool;
use objects::errors::{BytesWarning, IndexError, OrMemoryError, PyResult, TryToVec};
use objects::int::Int;
use objects::object::{BaseObject, default_state};
use objects::protocol::buffer::{self, BytesLike, has_buffer};
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py};
use objects::slice::Slice;
use objects::str::Str;
use objects::str::arguments::TextName;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};
use text::view::StrView;

use super::{ByteArray, ByteArrayIterator, change};
use crate::bytes::Bytes;
use crate::bytes::shared::transform::{self};
use crate::bytes::shared::{ByteString as _, byte_value, percent, search, text_form};

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
#[python_type(name = "bytearray", symbol = "PyByteArray_Type", base = BaseObject, flags(BASETYPE, MATCH_SELF), unhashable, groups(super::list_methods::METHODS, super::search_methods::METHODS, super::text_methods::METHODS))]
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
        let text = text::bytes::repr::repr_bytearray(&class, self.contents(thread)).or_memory_error(thread)?;
        match StrView::ascii(&text) {
            Some(view) => Str::try_from_view(view, thread),
            None => Str::try_from_str(&String::from_utf8_lossy(&text), thread),
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
        let contents = format.contents(thread).try_to_vec().or_memory_error(thread)?;
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
            let contents = self.contents(thread).try_to_vec().or_memory_error(thread)?;
            let text = text::builder::StrData::from_view(StrView::Latin1(&contents));
            let text = Str::try_from_view(text.view(), thread)?;
            vec![text.into_object(), Str::from_str("latin-1", thread).into_object()]
        } else {
            let contents = self.contents(thread).try_to_vec().or_memory_error(thread)?;
            vec![Bytes::try_from_slice(&contents, thread)?.into_object()]
        };
        let arguments = Tuple::new(arguments, thread)?.into_object();
        let state = default_state(self, false, thread)?;
        Tuple::new(vec![Py::from_ref(self.class()).into_object(), arguments, state], thread)
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
        let contents = self.contents(thread).try_to_vec().or_memory_error(thread)?;
        text_form::decode(&contents, encoding, errors, thread)
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
