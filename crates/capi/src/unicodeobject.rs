//! `unicodeobject.h`: strings: made, read, written by C code before anybody else sees them, and what their methods do.

use std::ffi::{CStr, c_char, c_int, c_void};

use layout::PyObject;
use objects::errors::PyResult;
use objects::list::List;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::{Str, StrFiller};
use objects::thread::Thread;
use text::builder::StrBuilder;
use text::view::StrView;

use crate::abstract_object::FromC as _;
use crate::entry::{Array, Flag, Nothing, Out, Stolen, bad_internal_call, enter, export};
use crate::variadic::{VaList, variadic};

/// Bytes of a file name as text (`PyUnicode_DecodeFSDefault`).
pub fn decode_file_name(bytes: &[u8], thread: &mut Thread) -> PyResult<Py<Str>> {
    system::path::decode(bytes, thread)
}

/// Text of code points, in the narrowest form.
pub fn from_points(points: &[u32], thread: &mut Thread) -> PyResult<Py<Str>> {
    if let Some(point) = points.iter().find(|it| **it > 0x10_FFFF) {
        let point = *point;
        return Err(raise!(thread, ValueError, "character U+{point:x} is not in range [U+0000; U+10ffff]"));
    }
    let mut builder = StrBuilder::with_capacity(points.len());
    points.iter().for_each(|it| builder.push(*it));
    Str::from_builder(builder, thread)
}

/// `chr(number)`.
pub fn from_ordinal(number: c_int, thread: &mut Thread) -> PyResult<Py<Str>> {
    match u32::try_from(number).ok().filter(|it| *it <= 0x10_FFFF) {
        Some(point) => Ok(Str::from_code_point(point, thread)),
        None => Err(raise!(thread, ValueError, "chr() arg not in range(0x110000)")),
    }
}

/// The object as text, or TypeError in the words of `str` methods.
fn expect<'a>(object: &'a Object, thread: &mut Thread) -> PyResult<&'a Str> {
    match object.downcast::<Str>() {
        Some(text) => Ok(text),
        None => {
            let found = object.class().full_name();
            Err(raise!(thread, TypeError, "must be str, not {found}"))
        }
    }
}

/// The object as text, or TypeError for a bad argument.
fn argument<'a>(object: Option<&'a Object>, thread: &mut Thread) -> PyResult<&'a Str> {
    match object.and_then(|it| it.downcast::<Str>()) {
        Some(text) => Ok(text),
        None => Err(raise!(thread, TypeError, "bad argument type for built-in operation")),
    }
}

/// A string that C code may write to: exact, nobody else's, not interned, not hashed.
fn writable<'a>(object: &'a Object, thread: &mut Thread) -> PyResult<&'a Str> {
    let usable = object.downcast_exact::<Str>().filter(|it| it.reference_count() == 1 && !it.is_interned());
    match usable {
        Some(text) => Ok(text),
        None if object.downcast::<Str>().is_none() => bad_internal_call(thread),
        None => Err(raise!(thread, SystemError, "Cannot modify a string currently used")),
    }
}

/// Writes a character of a string that is being made.
fn write_point(text: &Str, index: usize, point: u32) {
    let data = text.data().cast_mut();
    // SAFETY: the caller has checked the index, and that the form has room for the character; nobody else has the string.
    unsafe {
        match text.kind() {
            1 => data.add(index).write(point as u8),
            2 => data.cast::<u16>().add(index).write(point as u16),
            _ => data.cast::<u32>().add(index).write(point),
        }
    }
}

/// The greatest character that a string's form holds.
fn limit(text: &Str) -> u32 {
    match text.kind() {
        1 if text.is_ascii() => 0x7F,
        1 => 0xFF,
        2 => 0xFFFF,
        _ => 0x10_FFFF,
    }
}

/// A method of a string by its name.
fn method(text: &Object, name: &str, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
    let class: &Object = <Str as objects::types::Instance>::class();
    let name = thread.intern_text(name);
    let function = protocol::get_attribute(class, &name, thread)?;
    let mut all = vec![text];
    all.extend_from_slice(arguments);
    protocol::call(&function, &all, thread)
}

fn number(value: isize, thread: &mut Thread) -> Py<Object> {
    protocol::make_int(value as i128, thread)
}

fn to_isize(value: &Object) -> isize {
    value.downcast::<objects::int::Int>().and_then(|it| it.to_i64()).unwrap_or(-1) as isize
}

/// The first (or last) place of a character; -1 if there is none.
fn find_point(text: &Str, point: u32, start: isize, end: isize, forward: bool) -> isize {
    let range = clip(start, end, text.length());
    let view = text.view().slice(range.clone());
    let mut points = view.iter();
    let found = if forward { points.position(|it| it == point) } else { points.rposition_of(point, view.len()) };
    found.map_or(-1, |it| (it + range.start) as isize)
}

/// Searching from the end.
trait LastPosition {
    fn rposition_of(&mut self, point: u32, length: usize) -> Option<usize>;
}

impl<T: DoubleEndedIterator<Item = u32>> LastPosition for T {
    fn rposition_of(&mut self, point: u32, length: usize) -> Option<usize> {
        self.rev().position(|it| it == point).map(|it| length - 1 - it)
    }
}

/// Bounds as slices have them, cut to the text.
fn clip(start: isize, end: isize, length: usize) -> std::ops::Range<usize> {
    let length = length as isize;
    let adjusted = |it: isize| if it < 0 { (it + length).max(0) } else { it.min(length) };
    let (start, end) = (adjusted(start), adjusted(end));
    start as usize..end.max(start) as usize
}

/// A string, or the errors for nothing at all and for another object.
fn text_of<'o>(text: Option<&'o Object>, thread: &mut Thread) -> PyResult<&'o Str> {
    let Some(text) = text else { return bad_internal_call(thread) };
    text.downcast::<Str>().ok_or_else(|| raise!(thread, TypeError, "bad argument type for built-in operation"))
}

export! { thread;
    fn PyUnicode_DATA(string: &Str) -> *const u8 { let _ = &thread; Ok(string.data()) }

    fn PyUnicode_KIND(string: &Str) -> u32 { let _ = &thread; Ok(string.kind()) }

    fn PyUnicode_GetSize(string: &Str) -> isize { let _ = &thread; Ok(string.length() as isize) }

    fn PyUnicode_New(size: isize, maxchar: u32) -> Py<Str> {
        let Ok(length) = usize::try_from(size) else {
            return Err(raise!(thread, SystemError, "Negative size passed to PyUnicode_New"));
        };
        if length == 0 {
            return Ok(Str::empty());
        }
        if maxchar > 0x10_FFFF {
            return Err(raise!(thread, SystemError, "invalid maximum character passed to PyUnicode_New"));
        }
        let mut filler = StrFiller::new(maxchar, length, thread)?;
        filler.push_repeated(0, length);
        Ok(filler.finish())
    }

    fn PyUnicode_FromString(text: &CStr) -> Py<Str> { Str::from_c(text, thread) }

    fn PyUnicode_FromStringAndSize(content: Array<u8>, length: isize) -> Py<Str> {
        let Ok(length) = usize::try_from(length) else {
            return Err(raise!(thread, SystemError, "Negative size passed to PyUnicode_FromStringAndSize"));
        };
        if content.is_null() && length > 0 {
            return Err(raise!(thread, SystemError, "NULL string with positive size with NULL passed to PyUnicode_FromStringAndSize"));
        }
        objects::str::codecs::decode(content.first(length), None, None, thread)
    }

    fn PyUnicode_FromKindAndData(kind: i32, data: Array<u8>, length: isize) -> Py<Str> {
        let Ok(length) = usize::try_from(length) else {
            return Err(raise!(thread, ValueError, "size must be positive"));
        };
        let pointer = data.pointer();
        let points: Vec<u32> = match kind {
            1 => data.first(length).iter().map(|it| u32::from(*it)).collect(),
            // SAFETY: C's caller says that there are so many characters of this size; so too below.
            2 => (0..length).map(|at| u32::from(unsafe { pointer.cast::<u16>().add(at).read_unaligned() })).collect(),
            // SAFETY: as above.
            4 => (0..length).map(|at| unsafe { pointer.cast::<u32>().add(at).read_unaligned() }).collect(),
            _ => return Err(raise!(thread, SystemError, "invalid kind")),
        };
        from_points(&points, thread)
    }

    fn PyUnicode_FromWideChar(content: Array<u32>, length: isize) -> Py<Str> {
        let count = match usize::try_from(length) {
            Ok(count) => count,
            // SAFETY: a wide string that ends with zero.
            Err(_) => (0..).take_while(|at| unsafe { *content.pointer().add(*at) != 0 }).count(),
        };
        if content.is_null() && count > 0 {
            return bad_internal_call(thread);
        }
        from_points(content.first(count), thread)
    }

    fn PyUnicode_FromOrdinal(ordinal: i32) -> Py<Str> { from_ordinal(ordinal, thread) }

    fn PyUnicode_FromObject(object: &Object) -> Py<Str> {
        match object.downcast::<Str>() {
            Some(text) => text.to_exact(thread),
            None => {
                let found = object.class().full_name();
                Err(raise!(thread, TypeError, "Can't convert '{found}' object to str implicitly"))
            }
        }
    }

    fn PyUnicode_InternFromString(text: &CStr) -> Py<Str> {
        let text = Str::from_c(text, thread)?;
        Ok(thread.intern(&text))
    }

    fn PyUnicode_InternInPlace(place: Out<*mut PyObject>) -> Nothing { intern_in_place(place, thread) }
    fn PyUnicode_InternImmortal(place: Out<*mut PyObject>) -> Nothing { intern_in_place(place, thread) }
    fn _PyUnicode_InternMortal(state: *mut c_void, place: Out<*mut PyObject>) -> Nothing { let _ = state; intern_in_place(place, thread) }
    fn _PyUnicode_InternImmortal(state: *mut c_void, place: Out<*mut PyObject>) -> Nothing { let _ = state; intern_in_place(place, thread) }

    fn PyUnicode_GetLength(text: Option<&Object>) -> isize { Ok(argument(text, thread)?.length() as isize) }

    fn PyUnicode_AsUTF8AndSize(text: Option<&Object>, size: Out<isize>) -> *const c_char {
        let result = argument(text, thread).and_then(|it| it.utf8(thread));
        match result {
            Ok(bytes) => {
                size.set(bytes.len() as isize);
                Ok(bytes.as_ptr().cast())
            }
            Err(raised) => {
                size.set(-1);
                Err(raised)
            }
        }
    }

    fn PyUnicode_AsUTF8(text: Option<&Object>) -> *const c_char {
        let bytes = argument(text, thread)?.utf8(thread)?;
        Ok(bytes.as_ptr().cast())
    }

    fn _PyUnicode_AsUTF8NoNUL(text: Option<&Object>) -> *const c_char {
        let bytes = argument(text, thread)?.utf8(thread)?;
        if bytes.contains(&0) {
            return Err(raise!(thread, ValueError, "embedded null character"));
        }
        Ok(bytes.as_ptr().cast())
    }

    fn PyUnicode_ReadChar(text: Option<&Object>, index: isize) -> u32 {
        let text = argument(text, thread)?;
        match usize::try_from(index).ok().and_then(|it| text.code_point(it)) {
            Some(point) => Ok(point),
            None => Err(raise!(thread, IndexError, "string index out of range")),
        }
    }

    fn PyUnicode_WriteChar(text: Option<&Object>, index: isize, point: u32) -> () {
        let found = argument(text, thread)?;
        let Some(index) = usize::try_from(index).ok().filter(|it| *it < found.length()) else {
            return Err(raise!(thread, IndexError, "string index out of range"));
        };
        let found = writable(found, thread)?;
        if point > limit(found) {
            return Err(raise!(thread, ValueError, "character out of range"));
        }
        write_point(found, index, point);
        Ok(())
    }

    fn PyUnicode_Fill(text: Option<&Object>, start: isize, length: isize, point: u32) -> isize {
        let Some(text) = text.and_then(|it| it.downcast::<Str>()) else { return bad_internal_call(thread) };
        let text = writable(text, thread)?;
        if point > limit(text) {
            return Err(raise!(thread, ValueError, "fill character is bigger than the string maximum character"));
        }
        let Ok(start) = usize::try_from(start) else {
            return Err(raise!(thread, IndexError, "string index out of range"));
        };
        let count = (text.length() as isize - start as isize).min(length).max(0);
        for index in start..start + count as usize {
            write_point(text, index, point);
        }
        Ok(count)
    }

    fn PyUnicode_CopyCharacters(target: &Object, target_start: isize, source: &Object, source_start: isize, count: isize) -> isize {
        let (Some(target), Some(source)) = (target.downcast::<Str>(), source.downcast::<Str>()) else {
            return bad_internal_call(thread);
        };
        copy_characters(target, target_start, source, source_start, count, thread)
    }

    fn PyUnicode_Resize(place: Out<*mut PyObject>, length: isize) -> () { resize(place, length, thread) }

    fn PyUnicode_Substring(text: Option<&Object>, start: isize, end: isize) -> Py<Str> {
        let text = argument(text, thread)?;
        if start < 0 || end < 0 {
            return Err(raise!(thread, IndexError, "string index out of range"));
        }
        let (start, end) = (start as usize, (end as usize).min(text.length()));
        text.substring(start.min(end)..end, thread)
    }

    fn PyUnicode_AsUCS4(text: &Object, buffer: *mut u32, size: isize, add_zero: i32) -> *mut u32 {
        let Some(text) = text.downcast::<Str>() else { return bad_internal_call(thread) };
        let needed = text.length() + usize::from(add_zero != 0);
        if buffer.is_null() || size < 0 {
            return bad_internal_call(thread);
        }
        if (size as usize) < needed {
            return Err(raise!(thread, SystemError, "string is longer than the buffer"));
        }
        copy_points(text, buffer, add_zero != 0);
        Ok(buffer)
    }

    fn PyUnicode_AsUCS4Copy(text: &Object) -> *mut u32 {
        let text = expect_internal(text, thread)?;
        let buffer = crate::pymem::PyMem_Malloc((text.length() + 1) * 4).cast::<u32>();
        if buffer.is_null() {
            return Err(thread.raise_memory_error());
        }
        copy_points(text, buffer, true);
        Ok(buffer)
    }

    fn PyUnicode_AsWideChar(text: Option<&Object>, buffer: *mut u32, size: isize) -> isize {
        let text = text_of(text, thread)?;
        if buffer.is_null() {
            return Ok(text.length() as isize + 1);
        }
        let count = text.length().min(size.max(0) as usize);
        for (index, point) in text.view().iter().take(count).enumerate() {
            // SAFETY: the buffer has room for `size` characters; so too below.
            unsafe { buffer.add(index).write(point) };
        }
        if size.max(0) as usize > count {
            // SAFETY: as above.
            unsafe { buffer.add(count).write(0) };
        }
        Ok(count as isize)
    }

    fn PyUnicode_AsWideCharString(text: Option<&Object>, size: Out<isize>) -> *mut u32 {
        let text = text_of(text, thread)?;
        if size.is_null() && text.view().iter().any(|it| it == 0) {
            return Err(raise!(thread, ValueError, "embedded null character"));
        }
        let buffer = crate::pymem::PyMem_Malloc((text.length() + 1) * 4).cast::<u32>();
        if buffer.is_null() {
            return Err(thread.raise_memory_error());
        }
        copy_points(text, buffer, true);
        size.set(text.length() as isize);
        Ok(buffer)
    }

    fn PyUnicode_Concat(left: &Object, right: &Object) -> Py<Str> {
        let left_text = expect(left, thread)?;
        match right.downcast::<Str>() {
            Some(right) => left_text.concatenate(right, thread),
            None => {
                let found = right.class().full_name();
                Err(raise!(thread, TypeError, "must be str, not {found}"))
            }
        }
    }

    fn PyUnicode_Append(place: Out<*mut PyObject>, right: Option<&Object>) -> Nothing { append(place, right, thread) }

    fn PyUnicode_AppendAndDel(place: Out<*mut PyObject>, right: Stolen) -> Nothing {
        let right = right.get();
        append(place, right.as_deref(), thread)
    }

    fn PyUnicode_Split(text: &Object, separator: Option<&Object>, most: isize) -> Py<Object> {
        expect(text, thread)?;
        if let Some(separator) = separator {
            expect(separator, thread)?;
        }
        let (most, none) = (number(most, thread), thread.none());
        method(text, "split", &[separator.unwrap_or(&none), &most], thread)
    }

    fn PyUnicode_RSplit(text: &Object, separator: Option<&Object>, most: isize) -> Py<Object> {
        expect(text, thread)?;
        if let Some(separator) = separator {
            expect(separator, thread)?;
        }
        let (most, none) = (number(most, thread), thread.none());
        method(text, "rsplit", &[separator.unwrap_or(&none), &most], thread)
    }

    fn PyUnicode_Splitlines(text: &Object, keep_ends: i32) -> Py<Object> {
        expect(text, thread)?;
        let keep = objects::bool::Bool::new(keep_ends != 0);
        method(text, "splitlines", &[&keep], thread)
    }

    fn PyUnicode_Partition(text: &Object, separator: &Object) -> Py<Object> {
        expect(text, thread)?;
        expect(separator, thread)?;
        method(text, "partition", &[separator], thread)
    }

    fn PyUnicode_RPartition(text: &Object, separator: &Object) -> Py<Object> {
        expect(text, thread)?;
        expect(separator, thread)?;
        method(text, "rpartition", &[separator], thread)
    }

    fn PyUnicode_Join(separator: Option<&Object>, items: &Object) -> Py<Object> {
        let space = Str::from_str(" ", thread);
        let separator = match separator {
            Some(separator) => {
                if separator.downcast::<Str>().is_none() {
                    let found = separator.class().full_name();
                    return Err(raise!(thread, TypeError, "separator: expected str instance, {found} found"));
                }
                separator
            }
            None => &space,
        };
        method(separator, "join", &[items], thread)
    }

    fn _PyUnicode_JoinArray(separator: &Object, items: Array<&'static Object>, count: isize) -> Py<Object> {
        let items = items.counted(count, thread)?;
        let items = items.iter().map(|it| Py::from_ref(*it)).collect();
        let list = List::new(items, thread)?;
        method(separator, "join", &[&list], thread)
    }

    fn PyUnicode_Replace(text: &Object, old: &Object, new: &Object, most: isize) -> Py<Object> {
        for it in [text, old, new] {
            expect(it, thread)?;
        }
        let most = number(most, thread);
        method(text, "replace", &[old, new, &most], thread)
    }

    fn PyUnicode_Count(text: &Object, part: &Object, start: isize, end: isize) -> isize {
        expect(text, thread)?;
        expect(part, thread)?;
        let (start, end) = (number(start, thread), number(end, thread));
        Ok(to_isize(&*method(text, "count", &[part, &start, &end], thread)?))
    }

    fn PyUnicode_Find(text: &Object, part: &Object, start: isize, end: isize, direction: i32) -> Place {
        if expect(text, thread).is_err() || expect(part, thread).is_err() {
            return Err(thread.raised_elsewhere());
        }
        let (start, end) = (number(start, thread), number(end, thread));
        let name = if direction > 0 { "find" } else { "rfind" };
        Ok(Place(to_isize(&*method(text, name, &[part, &start, &end], thread)?)))
    }

    fn PyUnicode_FindChar(text: &Str, point: u32, start: isize, end: isize, direction: i32) -> Place {
        let _ = &thread;
        Ok(Place(find_point(text, point, start, end, direction > 0)))
    }

    fn PyUnicode_Tailmatch(text: &Object, part: &Object, start: isize, end: isize, direction: i32) -> isize {
        expect(text, thread)?;
        expect(part, thread)?;
        let (start, end) = (number(start, thread), number(end, thread));
        let name = if direction > 0 { "endswith" } else { "startswith" };
        let answer = method(text, name, &[part, &start, &end], thread)?;
        Ok(isize::from(protocol::is_true(&answer, thread)?))
    }

    fn PyUnicode_Contains(text: &Object, part: &Object) -> bool {
        if part.downcast::<Str>().is_none() {
            let found = part.class().full_name();
            return Err(raise!(thread, TypeError, "'in <string>' requires string as left operand, not {found}"));
        }
        expect(text, thread)?;
        protocol::contains(text, part, thread)
    }

    fn PyUnicode_Translate(text: &Object, mapping: &Object, errors: Option<&CStr>) -> Py<Object> {
        let _ = errors;
        expect(text, thread)?;
        method(text, "translate", &[mapping], thread)
    }

    fn PyUnicode_Format(format: &Object, arguments: &Object) -> Py<Object> {
        expect(format, thread)?;
        method(format, "__mod__", &[arguments], thread)
    }

    fn PyUnicode_Compare(left: &Object, right: &Object) -> i32 {
        match (left.downcast::<Str>(), right.downcast::<Str>()) {
            (Some(left), Some(right)) => Ok(ordering(left.view(), right.view())),
            _ => {
                let (left, right) = (left.class().full_name(), right.class().full_name());
                Err(raise!(thread, TypeError, "Can't compare {left} and {right}"))
            }
        }
    }

    fn PyUnicode_CompareWithASCIIString(text: &Str, other: &CStr) -> i32 {
        let _ = &thread;
        Ok(match text.view().iter().cmp(other.to_bytes().iter().map(|it| u32::from(*it))) {
            std::cmp::Ordering::Less => -1,
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => 1,
        })
    }

    fn PyUnicode_EqualToUTF8AndSize(text: &Str, other: Array<u8>, length: isize) -> Flag {
        let _ = &thread;
        Ok(Flag(equals_utf8(text, other.first(length.max(0) as usize))))
    }

    fn PyUnicode_EqualToUTF8(text: &Str, other: &CStr) -> Flag {
        let _ = &thread;
        Ok(Flag(equals_utf8(text, other.to_bytes())))
    }

    fn PyUnicode_Equal(left: &Object, right: &Object) -> bool {
        for it in [left, right] {
            if it.downcast::<Str>().is_none() {
                let found = it.class().full_name();
                let which = if std::ptr::eq(it, left) { "first" } else { "second" };
                return Err(raise!(thread, TypeError, "{which} argument must be str, not {found}"));
            }
        }
        match (left.downcast::<Str>(), right.downcast::<Str>()) {
            (Some(left), Some(right)) => Ok(left.equals(right)),
            _ => bad_internal_call(thread),
        }
    }

    fn _PyUnicode_Equal(left: &Str, right: &Str) -> Flag { let _ = &thread; Ok(Flag(left.equals(right))) }

    fn _PyUnicode_EqualToASCIIString(text: &Str, other: &CStr) -> Flag {
        let _ = &thread;
        Ok(Flag(equals_utf8(text, other.to_bytes())))
    }

    fn PyUnicode_RichCompare(left: &Object, right: &Object, operation: i32) -> Py<Object> {
        match (left.downcast::<Str>(), right.downcast::<Str>()) {
            (Some(left), Some(right)) => {
                let order = left.view().iter().cmp(right.view().iter());
                Ok(objects::bool::Bool::new(Comparison::from_code(operation).holds(order)))
            }
            _ => Ok(thread.not_implemented()),
        }
    }

    fn PyUnicode_IsIdentifier(text: &Object) -> Flag {
        let answer = method(text, "isidentifier", &[], thread)?;
        Ok(Flag(protocol::is_true(&answer, thread)?))
    }

    fn PyUnicode_FSConverter(path: Option<&Object>, result: Out<*mut PyObject>) -> Cleanup {
        converted(path, result, true, thread)
    }

    fn PyUnicode_FSDecoder(path: Option<&Object>, result: Out<*mut PyObject>) -> Cleanup {
        converted(path, result, false, thread)
    }

    fn PyOS_FSPath(path: &Object) -> Py<Object> { system::path::fspath(path, thread) }

    fn _PyUnicode_TransformDecimalAndSpaceToASCII(text: &Str) -> Py<Object> {
        if text.is_ascii() {
            return Ok(Py::<Str>::from_ref(text).into_object());
        }
        let ascii = objects::int::ascii_text(text.view()).into_owned();
        let shown: String = ascii.iter().map(|it| char::from(*it)).collect();
        Ok(Str::from_str(&shown, thread).into_object())
    }

    fn _PyUnicode_Copy(text: &Str) -> Py<Str> { Str::try_from_view(text.view(), thread) }

    fn PyUnicode_GetDefaultEncoding() -> *const c_char { let _ = &thread; Ok(c"utf-8".as_ptr()) }

    fn _PyUnicode_EqualToASCIIId(text: &Str, name: *const c_void) -> Flag {
        let _ = &thread;
        // SAFETY: C's caller passes a name, whose text is its first field.
        let other = unsafe { CStr::from_ptr(name.cast::<*const c_char>().read()) };
        Ok(Flag(equals_utf8(text, other.to_bytes())))
    }
}

/// What searching gives: a place, -1 for none, -2 for an exception.
pub struct Place(isize);

impl crate::entry::Output for Place {
    type C = isize;

    fn into_c(self) -> isize {
        self.0
    }

    fn error() -> isize {
        -2
    }
}

impl<T> crate::entry::Argument for *const T {
    type C = Self;

    unsafe fn from_c(value: Self, _: &mut Thread) -> PyResult<Self> {
        Ok(value)
    }
}

fn expect_internal<'a>(object: &'a Object, thread: &mut Thread) -> PyResult<&'a Str> {
    match object.downcast::<Str>() {
        Some(text) => Ok(text),
        None => bad_internal_call(thread),
    }
}

fn ordering(left: StrView<'_>, right: StrView<'_>) -> c_int {
    match left.iter().cmp(right.iter()) {
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
    }
}

fn equals_utf8(text: &Str, other: &[u8]) -> bool {
    match std::str::from_utf8(other) {
        Ok(other) => text.view().iter().eq(other.chars().map(u32::from)),
        Err(_) => false,
    }
}

fn copy_points(text: &Str, buffer: *mut u32, add_zero: bool) {
    for (index, point) in text.view().iter().chain(add_zero.then_some(0)).enumerate() {
        // SAFETY: the caller has checked that the buffer has room for so many characters.
        unsafe { buffer.add(index).write(point) };
    }
}

fn intern_in_place(place: Out<*mut PyObject>, thread: &mut Thread) -> PyResult<Nothing> {
    let Some(old) = place.get() else { return Ok(Nothing) };
    // SAFETY: the place holds a string.
    if let Some(text) = unsafe { Object::from_pointer(old) }.and_then(|it| it.downcast_exact::<Str>()) {
        let interned = thread.intern(text);
        place.set(interned.into_pointer());
        objects::refs::release_now(old, thread);
    }
    Ok(Nothing)
}

fn copy_characters(
    target: &Str,
    target_start: isize,
    source: &Str,
    source_start: isize,
    count: isize,
    thread: &mut Thread,
) -> PyResult<isize> {
    let (Ok(from), Ok(to)) = (usize::try_from(source_start), usize::try_from(target_start)) else {
        return Err(raise!(thread, IndexError, "string index out of range"));
    };
    if from > source.length() || to > target.length() {
        return Err(raise!(thread, IndexError, "string index out of range"));
    }
    let Ok(wanted) = usize::try_from(count) else {
        return Err(raise!(thread, SystemError, "how_many cannot be negative"));
    };
    let count = wanted.min(source.length() - from);
    if to + count > target.length() {
        let room = target.length() - to;
        let message = format_args!("Cannot write {count} characters at {to} in a string of {room} characters");
        return Err(thread.raise_message(objects::errors::SystemError, message));
    }
    if count == 0 {
        return Ok(0);
    }
    let target = writable(target, thread)?;
    let most = limit(target);
    let points: Vec<u32> = source.view().slice(from..from + count).iter().collect();
    if points.iter().any(|it| *it > most) {
        let (source, target) = (source.kind(), target.kind());
        let message = format_args!("Cannot copy UCS{source} characters into a string of UCS{target} characters");
        return Err(thread.raise_message(objects::errors::SystemError, message));
    }
    for (index, point) in points.into_iter().enumerate() {
        write_point(target, to + index, point);
    }
    Ok(count as isize)
}

/// `PyUnicode_Resize`: a string of another length, that begins with the same characters.
fn resize(place: Out<*mut PyObject>, length: isize, thread: &mut Thread) -> PyResult<()> {
    let old = place.get().unwrap_or(std::ptr::null_mut());
    // SAFETY: the place holds an object or null.
    let object = unsafe { Object::from_pointer(old) };
    let (Some(text), Ok(length)) = (object.and_then(|it| it.downcast::<Str>()), usize::try_from(length)) else {
        return bad_internal_call(thread);
    };
    if text.length() == length {
        return Ok(());
    }
    let new = if length == 0 {
        Str::empty()
    } else {
        let kept = text.length().min(length);
        let mut filler = StrFiller::new(limit(text), length, thread)?;
        filler.push(text.view().slice(0..kept));
        filler.push_repeated(0, length - kept);
        filler.finish()
    };
    place.set(new.into_pointer());
    objects::refs::release_now(old, thread);
    Ok(())
}

/// `*place += right`; null where something goes wrong.
fn append(place: Out<*mut PyObject>, right: Option<&Object>, thread: &mut Thread) -> PyResult<Nothing> {
    let Some(old) = place.get() else {
        if !thread.is_raised() {
            return bad_internal_call(thread);
        }
        return Ok(Nothing);
    };
    // SAFETY: the place owns a reference, or holds null.
    let left = unsafe { Py::<Object>::steal_pointer(old) };
    place.set(std::ptr::null_mut());
    let (Some(left), Some(right)) = (left, right) else {
        return if thread.is_raised() { Ok(Nothing) } else { bad_internal_call(thread) };
    };
    let (Ok(left), Some(right)) = (left.downcast_into::<Str>(), right.downcast::<Str>()) else {
        return bad_internal_call(thread);
    };
    let result = Str::append(left, right, thread)?;
    place.set(result.into_pointer());
    Ok(Nothing)
}

/// A converter for argument parsing: a path as bytes or as text. Called with null, it gives back what it gave before.
fn converted(
    path: Option<&Object>,
    result: Out<*mut PyObject>,
    as_bytes: bool,
    thread: &mut Thread,
) -> PyResult<Cleanup> {
    let Some(path) = path else {
        // SAFETY: the place owns a reference, or holds null.
        drop(unsafe { Py::<Object>::steal_pointer(result.get().unwrap_or(std::ptr::null_mut())) });
        result.set(std::ptr::null_mut());
        return Ok(Cleanup);
    };
    let path = system::path::fspath(path, thread)?;
    let found = match (path.downcast::<Str>(), as_bytes) {
        (Some(text), true) => {
            let bytes = system::path::encode(text, thread)?;
            thread.make_bytes(&bytes)?
        }
        (None, false) => {
            let bytes = protocol::buffer::bytes_contents(&path).unwrap_or_default().to_vec();
            decode_file_name(&bytes, thread)?.into_object()
        }
        _ => path,
    };
    let has_null = match found.downcast::<Str>() {
        Some(text) => text.view().iter().any(|it| it == 0),
        None => protocol::buffer::bytes_contents(&found).is_some_and(|it| it.contains(&0)),
    };
    if has_null {
        let what = if as_bytes { "byte" } else { "character" };
        return Err(raise!(thread, ValueError, "embedded null {what}"));
    }
    result.set(found.into_pointer());
    Ok(Cleanup)
}

/// What converters give that want to be called again if the parse fails later: to give back what they have made.
pub struct Cleanup;

impl crate::entry::Output for Cleanup {
    type C = c_int;

    fn into_c(self) -> c_int {
        0x20000
    }

    fn error() -> c_int {
        0
    }
}

/// `PyUnicode_FromFormatV`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyUnicode_FromFormatV(format: *const c_char, list: *mut VaList) -> *mut PyObject {
    // SAFETY: C's caller passes a format, and a list of arguments that fits it.
    enter(|thread| unsafe { crate::format::format_text(CStr::from_ptr(format).to_bytes(), &mut *list, thread) })
}

variadic! {
    fn PyUnicode_FromFormat = PyUnicode_FromFormatV, 1;
}
