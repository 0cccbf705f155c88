//! The type `array.array` as Python code sees it.

use std::ops::Range;

use builtins::bytearray::ByteArray;
use builtins::bytes::Bytes;
use layout::{Py_buffer, PyBUF_FORMAT, PyBUF_ND, PyBUF_STRIDES};
use macros::python_type;
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{DeprecationWarning, Grow, IndexError, OrMemoryError, PyResult, Raised, TryToVec, with_room};
use objects::list::List;
use objects::names;
use objects::object::BaseObject;
use objects::protocol::buffer::{self, BytesLike};
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py, VarHeader};
use objects::slice::{Selection, Slice, SliceIndex};
use objects::str::Str;
use objects::str::codecs;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};
use text::codecs::ByteOrder;
use text::codecs::utf32::Utf32;

use super::code::Code;
use super::iterator::ArrayIterator;
use super::object::Array;

/// Bytes that `tofile` writes at once.
const BLOCK: usize = 64 * 1024;

/// A new array of a code, with the items of an initializer.
pub fn make(class: &Type, code: Code, initial: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Array>> {
    let array = Array::empty_in(class, code, thread)?;
    let Some(initial) = initial else { return Ok(array) };
    if let Some(bytes) = contents_of(initial, thread)? {
        array.append_items_of(&bytes, thread)?;
    } else if let Some(text) = initial.downcast::<Str>() {
        array.append_text(text, thread)?;
    } else if initial.downcast::<Array>().is_some_and(|it| it.code() == code) {
        array.extend_with(initial, thread)?;
    } else {
        // As in CPython, which extends by the iterator, that is asked for one again.
        let iterator = protocol::iter(initial, thread)?;
        array.extend_with(&iterator, thread)?;
    }
    Ok(array)
}

/// The contents of bytes and bytearrays.
fn contents_of(object: &Object, thread: &mut Thread) -> PyResult<Option<Vec<u8>>> {
    if object.downcast::<Bytes>().is_none() && object.downcast::<ByteArray>().is_none() {
        return Ok(None);
    }
    Ok(Some(BytesLike::of(object, thread)?.as_slice(thread).try_to_vec().or_memory_error(thread)?))
}

/// The arguments of `array()`: the code as a character, and the initializer.
fn parse<'a>(
    class: &Type,
    arguments: &'a Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<(u32, Option<&'a Object>)> {
    if class.is(Array::class()) && keywords.is_some_and(|it| !it.is_empty()) {
        return Err(raise!(thread, TypeError, "array.array() takes no keyword arguments"));
    }
    let (code, initial): (&Object, Option<&Object>) = match arguments.items() {
        [code] => (code, None),
        [code, initial] => (code, Some(initial)),
        items => {
            let (how, limit, plural) = if items.is_empty() { ("least", 1, "") } else { ("most", 2, "s") };
            let given = items.len();
            let message = format_args!("array() takes at {how} {limit} argument{plural} ({given} given)");
            return Err(raise!(thread, TypeError, "{message}"));
        }
    };
    let text = code.downcast::<Str>();
    match text.map(|it| (it.length(), it.code_point(0))) {
        Some((1, Some(point))) => Ok((point, initial)),
        Some((length, _)) => {
            let message = "array() argument 1 must be a unicode character, not a string of length";
            Err(raise!(thread, TypeError, "{message} {length}"))
        }
        None => {
            let class = code.class().full_name();
            Err(raise!(thread, TypeError, "array() argument 1 must be a unicode character, not {class}"))
        }
    }
}

#[cold]
fn raise_other_kind(thread: &mut Thread) -> Raised {
    raise!(thread, TypeError, "bad argument type for built-in operation")
}

#[cold]
fn raise_not_text(method: &str, thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "{method}() may only be called on unicode type arrays ('u' or 'w')")
}

/// The text of items of four bytes.
pub fn decode_characters(
    bytes: &[u8],
    order: ByteOrder,
    errors: Option<&str>,
    thread: &mut Thread,
) -> PyResult<Py<Str>> {
    codecs::decode_with(&Utf32 { order, marked: false }, bytes, true, errors, thread).map(|(text, _)| text)
}

impl Array {
    /// Appends items given as their bytes.
    fn append_items_of(&self, bytes: &[u8], thread: &mut Thread) -> PyResult<()> {
        if !bytes.len().is_multiple_of(self.code().size()) {
            return Err(raise!(thread, ValueError, "bytes length not a multiple of item size"));
        }
        self.push_bytes(bytes, thread)
    }

    fn append_text(&self, text: &Str, thread: &mut Thread) -> PyResult<()> {
        let mut bytes = with_room(text.length().saturating_mul(size_of::<u32>())).or_memory_error(thread)?;
        text.view().iter().for_each(|point| bytes.extend(point.to_le_bytes()));
        self.push_bytes(&bytes, thread)
    }

    fn items(&self, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
        let mut items = with_room(self.length()).or_memory_error(thread)?;
        for index in 0..self.length() {
            thread.check_memory()?;
            if let Some(item) = self.item(index, thread)? {
                items.try_push(item).or_memory_error(thread)?;
            }
        }
        Ok(items)
    }

    fn text(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let bytes = self.bytes(thread).try_to_vec().or_memory_error(thread)?;
        if self.code().letter() == 'w' {
            return decode_characters(&bytes, ByteOrder::Little, None, thread);
        }
        let mut points = bytes
            .chunks_exact(size_of::<u32>())
            .map(|it| it.iter().rev().fold(0, |all, byte| all << 8 | u32::from(*byte)));
        if let Some(beyond) = points.find(|it| *it > 0x10_FFFF) {
            let message = format_args!("character U+{beyond:x} is not in range [U+0000; U+10ffff]");
            return Err(raise!(thread, ValueError, "{message}"));
        }
        decode_characters(&bytes, ByteOrder::Little, Some("surrogatepass"), thread)
    }

    fn selected(&self, selection: Selection, thread: &mut Thread) -> PyResult<Py<Array>> {
        let size = self.code().size();
        let bytes = self.bytes(thread);
        let chosen: Vec<u8> = if selection.step == 1 {
            let start = selection.start as usize * size;
            bytes[start..start + selection.count * size].to_vec()
        } else {
            selection.indices().flat_map(|it| bytes[it * size..(it + 1) * size].iter().copied()).collect()
        };
        Array::from_bytes(self.code(), chosen, thread)
    }

    fn repeated(&self, count: isize, thread: &mut Thread) -> PyResult<Vec<u8>> {
        let count = usize::try_from(count).unwrap_or(0);
        let bytes = self.bytes(thread);
        let mut out = Vec::new();
        let room = bytes.len().checked_mul(count);
        if room.is_none_or(|room| out.try_reserve_exact(room).is_err()) {
            return Err(thread.raise_memory_error());
        }
        (0..count).for_each(|_| out.extend_from_slice(bytes));
        Ok(out)
    }

    fn assign_slice(&self, slice: &Slice, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let bounds = slice.unpack(thread)?;
        let selection = bounds.select(self.length());
        let new = match value {
            None => Vec::new(),
            Some(value) => match value.downcast::<Array>() {
                Some(other) if other.code() == self.code() => {
                    other.bytes(thread).try_to_vec().or_memory_error(thread)?
                }
                Some(_) => return Err(raise_other_kind(thread)),
                None => {
                    let class = value.class().full_name();
                    return Err(raise!(thread, TypeError, "can only assign array (not \"{class}\") to array slice"));
                }
            },
        };
        let size = self.code().size();
        if selection.step == 1 {
            let start = selection.start as usize;
            return self.splice(start..start + selection.count, &new, thread);
        }
        if new.is_empty() {
            return self.delete_selected(selection, thread);
        }
        if new.len() / size != selection.count {
            let (given, count) = (new.len() / size, selection.count);
            let message = "attempt to assign array of size";
            return Err(raise!(thread, ValueError, "{message} {given} to extended slice of size {count}"));
        }
        let bytes = self.bytes_mut(thread);
        for (index, item) in selection.indices().zip(new.chunks_exact(size)) {
            bytes[index * size..(index + 1) * size].copy_from_slice(item);
        }
        Ok(())
    }

    fn delete_selected(&self, selection: Selection, thread: &mut Thread) -> PyResult<()> {
        if selection.count == 0 {
            return Ok(());
        }
        self.check_resizable(thread)?;
        let mut selected = selection.ascending().indices().peekable();
        let size = self.code().size();
        let kept: Vec<u8> = self
            .bytes(thread)
            .chunks_exact(size)
            .enumerate()
            .filter(|(index, _)| selected.next_if_eq(index).is_none())
            .flat_map(|(_, item)| item.iter().copied())
            .collect();
        self.splice(0..self.length(), &kept, thread)
    }

    fn delete(&self, range: Range<usize>, thread: &mut Thread) -> PyResult<()> {
        self.splice(range, &[], thread)
    }

    fn index_of_key(&self, key: &Object, thread: &mut Thread) -> PyResult<isize> {
        if !protocol::is_index(key) {
            return Err(raise!(thread, TypeError, "array indices must be integers"));
        }
        let index = protocol::index_or_raise(key, IndexError, thread)?;
        Ok(if index < 0 { index + self.length() as isize } else { index })
    }
}

/// array(typecode [, initializer]) -> array
///
/// Return a new array whose items are restricted by typecode, and
/// initialized from the optional initializer value, which must be a list,
/// string or iterable over elements of the appropriate type.
///
/// Arrays represent basic values and behave very much like lists, except
/// the type of objects stored in them is constrained. The type is specified
/// at object creation time by using a type code, which is a single character.
/// The following type codes are defined:
///
///     Type code   C Type             Minimum size in bytes
///     'b'         signed integer     1
///     'B'         unsigned integer   1
///     'u'         Unicode character  2 (see note)
///     'w'         Py_UCS4            4
///     'h'         signed integer     2
///     'H'         unsigned integer   2
///     'i'         signed integer     2
///     'I'         unsigned integer   2
///     'l'         signed integer     4
///     'L'         unsigned integer   4
///     'q'         signed integer     8 (see note)
///     'Q'         unsigned integer   8 (see note)
///     'f'         floating-point     4
///     'd'         floating-point     8
///
/// NOTE: The 'u' typecode corresponds to Python's unicode character. On
/// narrow builds this is 2-bytes on wide builds this is 4-bytes.
///
/// NOTE: The 'q' and 'Q' type codes are only available if the platform
/// C compiler used to build Python supports 'long long', or, on Windows,
/// '__int64'.
///
/// Methods:
///
/// append() -- append a new item to the end of the array
/// buffer_info() -- return information giving the current memory info
/// byteswap() -- byteswap all the items of the array
/// count() -- return number of occurrences of an object
/// extend() -- extend array by appending multiple elements from an iterable
/// fromfile() -- read items from a file object
/// fromlist() -- append items from the list
/// frombytes() -- append items from the string
/// index() -- return index of first occurrence of an object
/// insert() -- insert a new item into the array at a provided position
/// pop() -- remove and return item (default last)
/// remove() -- remove first occurrence of an object
/// reverse() -- reverse the order of the items in the array
/// tofile() -- write all items to a file object
/// tolist() -- return the array converted to an ordinary list
/// tobytes() -- return the array converted to a string
///
/// Attributes:
///
/// typecode -- the typecode character used to create the array
/// itemsize -- the length in bytes of one array item
///
#[python_type(
    name = "array.array", base = BaseObject, flags(HEAPTYPE, BASETYPE, SEQUENCE), unhashable,
    weaklist_offset = std::mem::offset_of!(Array, weak_references)
)]
impl Array {
    #[slot(tp_new)]
    fn new_array(class: &Type, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Array>> {
        let (point, initial) = parse(class, arguments, keywords, thread)?;
        let letter = Str::from_code_point(point, thread);
        let none = thread.none();
        thread.audit("array.__new__", &[&letter, initial.unwrap_or(&none)])?;
        let code = Code::new(point);
        if point == u32::from(b'u') {
            let message = "The 'u' type code is deprecated and will be removed in Python 3.16";
            thread.warn(DeprecationWarning, 1, format_args!("{message}"))?;
        }
        if let Some(initial) = initial.filter(|_| !code.is_some_and(Code::is_text)) {
            let kind = if initial.downcast::<Str>().is_some() {
                Some("a str")
            } else if initial.downcast::<Array>().is_some_and(|it| it.code().is_text()) {
                Some("a unicode array")
            } else {
                None
            };
            if let Some(kind) = kind {
                let letter = letter.to_string_lossy();
                let message = format_args!("cannot use {kind} to initialize an array with typecode '{letter}'");
                return Err(raise!(thread, TypeError, "{message}"));
            }
        }
        match code {
            Some(code) => make(class, code, initial, thread),
            None => {
                let codes = "b, B, u, w, h, H, i, I, l, L, q, Q, f or d";
                Err(raise!(thread, ValueError, "bad typecode (must be {codes})"))
            }
        }
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> Py<ArrayIterator> {
        ArrayIterator::new(self, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        let (name, letter) = (self.class().short_name(), self.code().letter());
        if self.length() == 0 {
            return Ok(format!("{name}('{letter}')"));
        }
        let items = if self.code().is_text() {
            self.text(thread)?.into_object()
        } else {
            List::new(self.items(thread)?, thread)?.into_object()
        };
        let items = protocol::repr(&items, thread)?;
        Ok(format!("{name}('{letter}', {})", items.to_string_lossy()))
    }

    #[slot(tp_richcompare)]
    fn compare(left: &Object, right: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (Some(left), Some(right)) = (left.downcast::<Array>(), right.downcast::<Array>()) else {
            return Ok(thread.not_implemented());
        };
        let is_equality = matches!(operation, Comparison::Equal | Comparison::NotEqual);
        if is_equality && left.length() != right.length() {
            return Ok(Bool::new(operation == Comparison::NotEqual));
        }
        if left.code() == right.code() && !left.code().is_float() && left.bytes(thread) == right.bytes(thread) {
            return Ok(Bool::new(operation.holds(std::cmp::Ordering::Equal)));
        }
        for index in 0..left.length().min(right.length()) {
            let (Some(x), Some(y)) = (left.item(index, thread)?, right.item(index, thread)?) else { break };
            if protocol::compare_bool(&x, &y, Comparison::Equal, thread)? {
                continue;
            }
            return match operation {
                Comparison::Equal => Ok(Bool::new(false)),
                Comparison::NotEqual => Ok(Bool::new(true)),
                _ => protocol::compare(&x, &y, operation, thread),
            };
        }
        Ok(Bool::new(operation.holds(left.length().cmp(&right.length()))))
    }

    #[slot(sq_length, mp_length)]
    fn len(&self) -> PyResult<usize> {
        Ok(self.length())
    }

    #[slot(sq_item)]
    fn get_item(&self, index: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        let item = match usize::try_from(index) {
            Ok(index) => self.item(index, thread)?,
            Err(_) => None,
        };
        item.ok_or_else(|| raise!(thread, IndexError, "array index out of range"))
    }

    #[slot(sq_ass_item)]
    fn assign_item(&self, index: isize, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let length = self.length();
        let Some(place) = usize::try_from(index).ok().filter(|it| *it < length) else {
            return Err(raise!(thread, IndexError, "array assignment index out of range"));
        };
        match value {
            None => self.delete(place..place + 1, thread),
            Some(value) if self.set(index, value, thread)? => Ok(()),
            // The conversion has shortened the array.
            Some(_) => Err(raise!(thread, IndexError, "array assignment index out of range")),
        }
    }

    #[slot(sq_contains)]
    fn has(&self, value: &Object, thread: &mut Thread) -> PyResult<bool> {
        self.find(value, 0, self.length(), thread).map(|it| it.is_some())
    }

    #[slot(sq_concat)]
    fn concat(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<Array>> {
        let Some(other) = other.downcast::<Array>() else {
            let class = other.class().full_name();
            return Err(raise!(thread, TypeError, "can only append array (not \"{class}\") to array"));
        };
        if other.code() != self.code() {
            return Err(raise_other_kind(thread));
        }
        let bytes = [self.bytes(thread), other.bytes(thread)].concat();
        Array::from_bytes(self.code(), bytes, thread)
    }

    #[slot(sq_inplace_concat)]
    fn concat_in_place(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<Array>> {
        if other.downcast::<Array>().is_none() {
            let class = other.class().full_name();
            return Err(raise!(thread, TypeError, "can only extend array with array (not \"{class}\")"));
        }
        self.extend_with(other, thread)?;
        Ok(Py::from_ref(self))
    }

    #[slot(sq_repeat)]
    fn repeat(&self, count: isize, thread: &mut Thread) -> PyResult<Py<Array>> {
        let bytes = self.repeated(count, thread)?;
        Array::from_bytes(self.code(), bytes, thread)
    }

    #[slot(sq_inplace_repeat)]
    fn repeat_in_place(&self, count: isize, thread: &mut Thread) -> PyResult<Py<Array>> {
        if count != 1 && self.length() > 0 {
            let bytes = self.repeated(count, thread)?;
            self.splice(0..self.length(), &bytes, thread)?;
        }
        Ok(Py::from_ref(self))
    }

    #[slot(mp_subscript)]
    fn subscript(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some(slice) = key.downcast_exact::<Slice>() {
            let bounds = slice.unpack(thread)?;
            return self.selected(bounds.select(self.length()), thread).map(Py::into_object);
        }
        let index = self.index_of_key(key, thread)?;
        self.get_item(index, thread)
    }

    #[slot(mp_ass_subscript)]
    fn assign_subscript(&self, key: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        if let Some(slice) = key.downcast_exact::<Slice>() {
            return self.assign_slice(slice, value, thread);
        }
        let index = self.index_of_key(key, thread)?;
        self.assign_item(index, value, thread)
    }

    #[slot(bf_getbuffer)]
    fn get_buffer(&self, view: *mut Py_buffer, flags: i32, thread: &mut Thread) -> PyResult<()> {
        let (data, length) = (self.bytes(thread).as_ptr().cast_mut(), self.bytes(thread).len());
        // SAFETY: the caller passes a view to fill; the bytes stay where they are while buffers are exported.
        unsafe { buffer::fill(view, self, data, length, false, flags, thread)? };
        // SAFETY: as above.
        let view = unsafe { &*view };
        view.itemsize.set(self.code().size() as isize);
        if flags & PyBUF_ND == PyBUF_ND {
            let size = std::mem::offset_of!(layout::PyVarObject, ob_size);
            // The header's size is the number of items, and does not change while buffers are exported.
            view.shape
                .set(std::ptr::from_ref::<VarHeader>(&self.header).cast::<u8>().wrapping_add(size).cast_mut().cast());
        }
        if flags & PyBUF_STRIDES == PyBUF_STRIDES {
            view.strides.set(view.itemsize.as_ptr());
        }
        if flags & PyBUF_FORMAT == PyBUF_FORMAT {
            view.format.set(self.code().format().as_ptr().cast_mut());
        }
        self.add_export();
        Ok(())
    }

    #[slot(bf_releasebuffer)]
    fn release_buffer(&self, _view: *mut Py_buffer) {
        self.remove_export();
    }

    /// append($self, v, /)
    /// --
    ///
    /// Append new value v to the end of the array.
    #[method]
    fn append(&self, v: &Object, thread: &mut Thread) -> PyResult<()> {
        self.push(v, thread)
    }

    /// buffer_info($self, /)
    /// --
    ///
    /// Return a tuple (address, length) giving the current memory address and the length in items of the buffer used to hold array's contents.
    ///
    /// The length should be multiplied by the itemsize attribute to
    /// calculate the buffer length in bytes.
    #[method]
    fn buffer_info(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let address = protocol::make_int(self.data(thread) as i128, thread);
        let length = protocol::make_int(self.length() as i128, thread);
        Tuple::new(vec![address, length], thread)
    }

    /// byteswap($self, /)
    /// --
    ///
    /// Byteswap all items of the array.
    ///
    /// If the items in the array are not 1, 2, 4, or 8 bytes in size,
    /// RuntimeError is raised.
    #[method]
    fn byteswap(&self, thread: &mut Thread) {
        let size = self.code().size();
        self.bytes_mut(thread).chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }

    /// clear($self, /)
    /// --
    ///
    /// Remove all items from the array.
    #[method]
    fn clear(&self, thread: &mut Thread) -> PyResult<()> {
        self.resize(0, thread)
    }

    /// __copy__($self, /)
    /// --
    ///
    /// Return a copy of the array.
    #[method]
    fn __copy__(&self, thread: &mut Thread) -> PyResult<Py<Array>> {
        let bytes = self.bytes(thread).try_to_vec().or_memory_error(thread)?;
        Array::from_bytes(self.code(), bytes, thread)
    }

    /// count($self, v, /)
    /// --
    ///
    /// Return number of occurrences of v in the array.
    #[method]
    fn count(&self, v: &Object, thread: &mut Thread) -> PyResult<usize> {
        let mut count = 0;
        for index in 0..self.length() {
            let Some(item) = self.item(index, thread)? else { break };
            count += usize::from(protocol::equals(&item, v, thread)?);
        }
        Ok(count)
    }

    /// __deepcopy__($self, unused, /)
    /// --
    ///
    /// Return a copy of the array.
    #[method]
    fn __deepcopy__(&self, unused: &Object, thread: &mut Thread) -> PyResult<Py<Array>> {
        let _ = unused;
        self.__copy__(thread)
    }

    /// extend($self, bb, /)
    /// --
    ///
    /// Append items to the end of the array.
    #[defining_class]
    #[method]
    fn extend(&self, bb: &Object, thread: &mut Thread) -> PyResult<()> {
        self.extend_with(bb, thread)
    }

    /// fromfile($self, f, n, /)
    /// --
    ///
    /// Read n objects from the file object f and append them to the end of the array.
    #[defining_class]
    #[method]
    fn fromfile(&self, f: &Object, n: isize, thread: &mut Thread) -> PyResult<()> {
        let Ok(count) = usize::try_from(n) else {
            return Err(raise!(thread, ValueError, "negative count"));
        };
        let Some(wanted) = count.checked_mul(self.code().size()).filter(|it| *it <= isize::MAX as usize) else {
            return Err(thread.raise_memory_error());
        };
        let name = thread.intern_text("read");
        let size = protocol::make_int(wanted as i128, thread);
        let read = protocol::call_method(f, &name, &[&size], thread)?;
        let Some(bytes) = read.downcast::<Bytes>() else {
            return Err(raise!(thread, TypeError, "read() didn't return bytes"));
        };
        let is_short = bytes.length() != wanted;
        self.append_items_of(bytes.as_slice(), thread)?;
        if is_short {
            return Err(raise!(thread, EOFError, "read() didn't return enough bytes"));
        }
        Ok(())
    }

    /// fromlist($self, list, /)
    /// --
    ///
    /// Append items to array from list.
    #[method]
    fn fromlist(&self, list: &Object, thread: &mut Thread) -> PyResult<()> {
        let Some(list) = list.downcast::<List>() else {
            return Err(raise!(thread, TypeError, "arg must be list"));
        };
        let (old, count) = (self.length(), list.length());
        self.resize(old + count, thread)?;
        for index in 0..count {
            let item = list.get(index, thread);
            let set = match item {
                Some(item) => self.set((old + index) as isize, &item, thread),
                None => Err(raise!(thread, RuntimeError, "list changed size during iteration")),
            };
            let changed = list.length() != count;
            let set = match set {
                Ok(_) if changed => Err(raise!(thread, RuntimeError, "list changed size during iteration")),
                other => other,
            };
            if let Err(raised) = set {
                let exception = thread.catch(raised);
                self.resize(old, thread)?;
                return Err(thread.reraise(exception));
            }
        }
        Ok(())
    }

    /// frombytes($self, buffer, /)
    /// --
    ///
    /// Appends items from the string, interpreting it as an array of machine values, as if it had been read from a file using the fromfile() method.
    #[method]
    fn frombytes(&self, buffer: BytesLike<'_>, thread: &mut Thread) -> PyResult<()> {
        if let BytesLike::Buffer(view) = &buffer
            && view.raw().itemsize.get() != 1
        {
            return Err(raise!(thread, TypeError, "a bytes-like object is required"));
        }
        let bytes = buffer.as_slice(thread).try_to_vec().or_memory_error(thread)?;
        self.append_items_of(&bytes, thread)
    }

    /// fromunicode($self, ustr, /)
    /// --
    ///
    /// Extends this array with data from the unicode string ustr.
    ///
    /// The array must be a unicode type array; otherwise a ValueError is
    /// raised.  Use array.frombytes(ustr.encode(...)) to append Unicode
    /// data to an array of some other type.
    #[method]
    fn fromunicode(&self, ustr: &Str, thread: &mut Thread) -> PyResult<()> {
        if !self.code().is_text() {
            return Err(raise_not_text("fromunicode", thread));
        }
        self.append_text(ustr, thread)
    }

    /// index($self, v, start=0, stop=sys.maxsize, /)
    /// --
    ///
    /// Return index of first occurrence of v in the array.
    ///
    /// Raise ValueError if the value is not present.
    #[method]
    fn index(
        &self,
        v: &Object,
        #[default(SliceIndex(0))] start: SliceIndex,
        #[default(SliceIndex(isize::MAX))] stop: SliceIndex,
        thread: &mut Thread,
    ) -> PyResult<usize> {
        let length = self.length();
        let found = self.find(v, start.from_start(length), stop.from_start(length), thread)?;
        found.ok_or_else(|| raise!(thread, ValueError, "array.index(x): x not in array"))
    }

    /// insert($self, i, v, /)
    /// --
    ///
    /// Insert a new item v into the array before position i.
    #[method]
    fn insert(&self, i: isize, v: &Object, thread: &mut Thread) -> PyResult<()> {
        let code = self.code();
        let word = code.pack(v, thread)?;
        let length = self.length() as isize;
        let place = if i < 0 { (i + length).max(0) } else { i.min(length) } as usize;
        self.splice(place..place, &word.to_le_bytes()[..code.size()], thread)
    }

    /// pop($self, i=-1, /)
    /// --
    ///
    /// Return the i-th element and delete it from the array.
    ///
    /// i defaults to -1.
    #[method]
    fn pop(&self, i: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        let length = self.length();
        if length == 0 {
            return Err(raise!(thread, IndexError, "pop from empty array"));
        }
        let place = if i < 0 { i + length as isize } else { i };
        let Some(place) = usize::try_from(place).ok().filter(|it| *it < length) else {
            return Err(raise!(thread, IndexError, "pop index out of range"));
        };
        let item = self.get_item(place as isize, thread)?;
        self.delete(place..place + 1, thread)?;
        Ok(item)
    }

    /// __reduce_ex__($self, value, /)
    /// --
    ///
    /// Return state information for pickling.
    #[defining_class]
    #[method]
    fn __reduce_ex__(&self, value: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let version = protocol::index(value, thread)?.to_i64();
        let dict = protocol::lookup_attribute(self, &names::__dict__, thread)?;
        let dict = dict.unwrap_or_else(|| thread.none());
        let class = Py::from_ref(self.class()).into_object();
        let code = Str::from_code_point(u32::from(self.code().letter()), thread).into_object();
        if version.is_some_and(|it| it < 3) {
            let items = List::new(self.items(thread)?, thread)?.into_object();
            let arguments = Tuple::new(vec![code, items], thread)?.into_object();
            return Tuple::new(vec![class, arguments, dict], thread);
        }
        let format = protocol::make_int(i128::from(self.code().machine_format()), thread);
        let bytes = self.tobytes(thread)?.into_object();
        let arguments = Tuple::new(vec![class, code, format, bytes], thread)?.into_object();
        let function = super::reconstructor(thread)?;
        Tuple::new(vec![function, arguments, dict], thread)
    }

    /// remove($self, v, /)
    /// --
    ///
    /// Remove the first occurrence of v in the array.
    #[method]
    fn remove(&self, v: &Object, thread: &mut Thread) -> PyResult<()> {
        match self.find(v, 0, self.length(), thread)? {
            Some(index) if index < self.length() => self.delete(index..index + 1, thread),
            _ => Err(raise!(thread, ValueError, "array.remove(x): x not in array")),
        }
    }

    /// reverse($self, /)
    /// --
    ///
    /// Reverse the order of the items in the array.
    #[method]
    fn reverse(&self, thread: &mut Thread) {
        let size = self.code().size();
        let bytes = self.bytes_mut(thread);
        // All bytes backwards, and then those of each item once more.
        bytes.reverse();
        bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }

    /// tofile($self, f, /)
    /// --
    ///
    /// Write all items (as machine values) to the file object f.
    #[defining_class]
    #[method]
    fn tofile(&self, f: &Object, thread: &mut Thread) -> PyResult<()> {
        let name = thread.intern_text("write");
        let mut start = 0;
        loop {
            let block = match self.bytes(thread).get(start..) {
                Some(rest) if !rest.is_empty() => rest[..rest.len().min(BLOCK)].to_vec(),
                _ => return Ok(()),
            };
            start += block.len();
            let block = Bytes::try_from_slice(&block, thread)?;
            protocol::call_method(f, &name, &[&block], thread)?;
        }
    }

    /// tolist($self, /)
    /// --
    ///
    /// Convert array to an ordinary list with the same items.
    #[method]
    fn tolist(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let items = self.items(thread)?;
        List::new(items, thread)
    }

    /// tobytes($self, /)
    /// --
    ///
    /// Convert the array to an array of machine values and return the bytes representation.
    #[method]
    fn tobytes(&self, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let bytes = self.bytes(thread).try_to_vec().or_memory_error(thread)?;
        Bytes::try_from_slice(&bytes, thread)
    }

    /// tounicode($self, /)
    /// --
    ///
    /// Extends this array with data from the unicode string ustr.
    ///
    /// Convert the array to a unicode string.  The array must be a unicode
    /// type array; otherwise a ValueError is raised.  Use
    /// array.tobytes().decode() to obtain a unicode string from an array of
    /// some other type.
    #[method]
    fn tounicode(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        if !self.code().is_text() {
            return Err(raise_not_text("tounicode", thread));
        }
        self.text(thread)
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// Size of the array in memory, in bytes.
    #[method]
    fn __sizeof__(&self, thread: &mut Thread) -> usize {
        self.class().basic_size() + self.allocated(thread)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// Arrays are generic over the type of their elements
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    /// the typecode character used to create the array
    #[getter]
    fn typecode(&self, thread: &mut Thread) -> Py<Str> {
        Str::from_code_point(u32::from(self.code().letter()), thread)
    }

    /// the size, in bytes, of one array item
    #[getter]
    fn itemsize(&self) -> usize {
        self.code().size()
    }
}
