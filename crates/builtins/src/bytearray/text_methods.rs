//! Methods of `bytearray` that treat it as text: strips, fills, cases, classes of characters.

use macros::python_methods;
use objects::errors::PyResult;
use objects::protocol::buffer::BytesLike;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use text::bytes::case;
use text::strings::strip::Ends;

use super::ByteArray;
use crate::bytes::Bytes;
use crate::bytes::shared::transform::{self, Side};
use crate::bytes::shared::{ByteString as _, FillByte, split};

#[python_methods(METHODS)]
impl ByteArray {
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
}
