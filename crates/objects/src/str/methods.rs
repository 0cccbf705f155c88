//! What Python programs see of `str`: slots and methods, each a few lines over the algorithms of crate `text` and the files beside.

use macros::python_type;

use layout::PyUnicodeObject;
use text::strings::{case, classify, find, make, split, strip};

use super::arguments::{
    FillCharacter, SliceBound, TextName, any_affix, expect_str, limit_of, raise_not_str, search_range,
};
use super::{Str, StrIterator, codecs, construct, format, parts, percent, translate};
use crate::bool::Bool;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::list::List;
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Object, Py};
use crate::slice::Slice;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Type;

/// str(object='') -> str
/// str(bytes_or_buffer[, encoding[, errors]]) -> str
///
/// Create a new string object from the given object. If encoding or
/// errors is specified, then the object must expose a data buffer
/// that will be decoded using the given encoding and error handler.
/// Otherwise, returns the result of object.__str__() (if defined)
/// or repr(object).
/// encoding defaults to 'utf-8'.
/// errors defaults to 'strict'.
#[python_type(
    name = "str", symbol = "PyUnicode_Type", base = crate::object::BaseObject, flags(BASETYPE, UNICODE_SUBCLASS, MATCH_SELF),
    basic_size = size_of::<PyUnicodeObject>()
)]
impl Str {
    #[new]
    #[signature("(object='', encoding='utf-8', errors='strict')")]
    fn __new__(
        class: &Type,
        object: Option<&Object>,
        encoding: Option<TextName>,
        errors: Option<TextName>,
        thread: &mut Thread,
    ) -> PyResult<Py<Str>> {
        construct::new_str(class, object, encoding, errors, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        Str::from_made(text::strings::repr::repr(self.view()), "string is too long", thread)
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        self.to_exact(thread)
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        Ok(self.hash_value())
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(other) = other.downcast::<Str>() else { return Ok(thread.not_implemented()) };
        Ok(Bool::new(match operation {
            Comparison::Equal => self.equals(other),
            Comparison::NotEqual => !self.equals(other),
            _ if std::ptr::eq(self, other) => operation.holds(std::cmp::Ordering::Equal),
            _ => operation.holds(self.view().cmp(&other.view())),
        }))
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> Py<Object> {
        StrIterator::over(self, thread)
    }

    #[slot(sq_length, mp_length)]
    fn len(&self) -> PyResult<usize> {
        Ok(self.length())
    }

    #[slot(sq_concat)]
    fn concat(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
        match other.downcast::<Str>() {
            Some(other) => self.concatenate(other, thread),
            None => {
                let class = other.class().full_name();
                Err(raise!(thread, TypeError, "can only concatenate str (not \"{class}\") to str"))
            }
        }
    }

    #[slot(sq_repeat)]
    fn repeated(&self, count: isize, thread: &mut Thread) -> PyResult<Py<Str>> {
        self.repeat(count, thread)
    }

    #[slot(sq_item)]
    fn item(&self, index: isize, thread: &mut Thread) -> PyResult<Py<Str>> {
        match usize::try_from(index).ok().and_then(|index| self.code_point(index)) {
            Some(point) => Ok(Str::from_code_point(point, thread)),
            None => Err(raise!(thread, IndexError, "string index out of range")),
        }
    }

    #[slot(sq_contains)]
    fn contains(&self, value: &Object, thread: &mut Thread) -> PyResult<bool> {
        match value.downcast::<Str>() {
            Some(needle) => Ok(find::contains(self.view(), needle.view())),
            None => Err(raise_not_str(value, "'in <string>' requires string as left operand", thread)),
        }
    }

    #[slot(mp_subscript)]
    fn subscript(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
        if let Some(slice) = key.downcast_exact::<Slice>() {
            let bounds = slice.unpack(thread)?;
            return parts::select(self, bounds.select(self.length()), thread);
        }
        if !protocol::is_index(key) {
            let class = key.class().full_name();
            return Err(raise!(thread, TypeError, "string indices must be integers, not '{class}'"));
        }
        let index = protocol::index_or_raise(key, crate::errors::IndexError, thread)?;
        self.item(if index < 0 { index + self.length() as isize } else { index }, thread)
    }

    #[slot(nb_remainder)]
    fn remainder(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        match left.downcast::<Str>() {
            Some(format) => percent::format(format, right, thread).map(Py::into_object),
            None => Ok(thread.not_implemented()),
        }
    }

    /// __format__($self, format_spec, /)
    /// --
    ///
    /// Return a formatted version of the string as described by format_spec.
    #[method]
    fn __format__(&self, format_spec: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
        format::format_str(self, format_spec, thread)
    }

    /// __getnewargs__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __getnewargs__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let copy = Str::try_from_view(self.view(), thread)?;
        Tuple::new(vec![copy.into_object()], thread)
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// Return the size of the string in memory, in bytes.
    #[method]
    fn __sizeof__(&self) -> usize {
        self.size_in_memory()
    }

    /// encode($self, /, encoding='utf-8', errors='strict')
    /// --
    ///
    /// Encode the string using the codec registered for encoding.
    ///
    ///   encoding
    ///     The encoding in which to encode the string.
    ///   errors
    ///     The error handling scheme to use for encoding errors.
    ///     The default is 'strict' meaning that encoding errors raise a
    ///     UnicodeEncodeError.  Other possible values are 'ignore', 'replace'
    ///     and 'xmlcharrefreplace' as well as any other name registered with
    ///     codecs.register_error that can handle UnicodeEncodeErrors.
    #[method]
    fn encode(
        &self,
        encoding: Option<TextName>,
        errors: Option<TextName>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        codecs::encode(self, encoding.as_ref().map(|it| &*it.0), errors.as_ref().map(|it| &*it.0), thread)
    }

    /// replace($self, old, new, /, count=-1)
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
    fn replace(&self, old: &Str, new: &Str, count: isize, thread: &mut Thread) -> PyResult<Py<Str>> {
        match make::replace(self.view(), old.view(), new.view(), limit_of(count)).transpose() {
            None => self.to_exact(thread),
            Some(made) => Str::from_made(made, "replace string is too long", thread),
        }
    }

    /// split($self, /, sep=None, maxsplit=-1)
    /// --
    ///
    /// Return a list of the substrings in the string, using sep as the separator string.
    ///
    ///   sep
    ///     The separator used to split the string.
    ///
    ///     When set to None (the default value), will split on any
    ///     whitespace character (including \n \r \t \f and spaces) and
    ///     will discard empty strings from the result.
    ///   maxsplit
    ///     Maximum number of splits.
    ///     -1 (the default value) means no limit.
    ///
    /// Splitting starts at the front of the string and works to the end.
    ///
    /// Note, str.split() is mainly useful for data that has been
    /// intentionally delimited.  With natural text that includes
    /// punctuation, consider using the regular expression module.
    #[method]
    fn split(&self, sep: Option<&Object>, maxsplit: isize, thread: &mut Thread) -> PyResult<Py<List>> {
        let limit = limit_of(maxsplit);
        let ranges = match parts::separator(sep, thread)? {
            None => split::split_whitespace(self.view(), limit),
            Some(separator) => split::split(self.view(), separator.view(), limit),
        };
        parts::list(self, ranges, thread)
    }

    /// rsplit($self, /, sep=None, maxsplit=-1)
    /// --
    ///
    /// Return a list of the substrings in the string, using sep as the separator string.
    ///
    ///   sep
    ///     The separator used to split the string.
    ///
    ///     When set to None (the default value), will split on any
    ///     whitespace character (including \n \r \t \f and spaces) and
    ///     will discard empty strings from the result.
    ///   maxsplit
    ///     Maximum number of splits.
    ///     -1 (the default value) means no limit.
    ///
    /// Splitting starts at the end of the string and works to the front.
    #[method]
    fn rsplit(&self, sep: Option<&Object>, maxsplit: isize, thread: &mut Thread) -> PyResult<Py<List>> {
        let limit = limit_of(maxsplit);
        let ranges = match parts::separator(sep, thread)? {
            None => split::rsplit_whitespace(self.view(), limit),
            Some(separator) => split::rsplit(self.view(), separator.view(), limit),
        };
        parts::list(self, ranges, thread)
    }

    /// join($self, iterable, /)
    /// --
    ///
    /// Concatenate any number of strings.
    ///
    /// The string whose method is called is inserted in between each given
    /// string.  The result is returned as a new string.
    ///
    /// Example: '.'.join(['ab', 'pq', 'rs']) -> 'ab.pq.rs'
    #[method]
    fn join(&self, iterable: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
        parts::join(self, iterable, thread)
    }

    /// capitalize($self, /)
    /// --
    ///
    /// Return a capitalized version of the string.
    ///
    /// More specifically, make the first character have upper case and the
    /// rest lower case.
    #[method]
    fn capitalize(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        Str::from_made(case::capitalize(self.view()), "string is too long", thread)
    }

    /// casefold($self, /)
    /// --
    ///
    /// Return a version of the string suitable for caseless comparisons.
    #[method]
    fn casefold(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        Str::from_made(case::casefold(self.view()), "string is too long", thread)
    }

    /// title($self, /)
    /// --
    ///
    /// Return a version of the string where each word is titlecased.
    ///
    /// More specifically, words start with uppercased characters and all
    /// remaining cased characters have lower case.
    #[method]
    fn title(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        Str::from_made(case::title(self.view()), "string is too long", thread)
    }

    /// center($self, width, fillchar=' ', /)
    /// --
    ///
    /// Return a centered string of length width.
    ///
    /// Padding is done using the specified fill character (default is
    /// a space).
    #[method]
    fn center(
        &self,
        width: isize,
        #[default(FillCharacter(0x20))] fillchar: FillCharacter,
        thread: &mut Thread,
    ) -> PyResult<Py<Str>> {
        let (left, right) = make::center_margins(self.length(), usize::try_from(width).unwrap_or(0));
        parts::pad(self, left, right, fillchar.0, thread)
    }

    /// count($self, sub[, start[, end]], /)
    /// --
    ///
    /// Return the number of non-overlapping occurrences of substring sub in string S[start:end].
    ///
    /// Optional arguments start and end are interpreted as in slice
    /// notation.
    #[method]
    #[signature("(sub, start=None, end=None, /)")]
    fn count(&self, sub: &Str, start: Option<SliceBound>, end: Option<SliceBound>) -> usize {
        let range = search_range(start, end, self.length());
        range.map_or(0, |range| find::count(self.view().slice(range), sub.view()))
    }

    /// expandtabs($self, /, tabsize=8)
    /// --
    ///
    /// Return a copy where all tab characters are expanded using spaces.
    ///
    /// If tabsize is not given, a tab size of 8 characters is assumed.
    #[method]
    fn expandtabs(&self, tabsize: i32, thread: &mut Thread) -> PyResult<Py<Str>> {
        match make::expand_tabs(self.view(), usize::try_from(tabsize).unwrap_or(0)).transpose() {
            None => self.to_exact(thread),
            Some(made) => Str::from_made(made, "new string is too long", thread),
        }
    }

    /// find($self, sub[, start[, end]], /)
    /// --
    ///
    /// Return the lowest index in S where substring sub is found, such that sub is contained within S[start:end].
    ///
    /// Optional arguments start and end are interpreted as in slice
    /// notation.  Return -1 on failure.
    #[method]
    #[signature("(sub, start=None, end=None, /)")]
    fn find(&self, sub: &Str, start: Option<SliceBound>, end: Option<SliceBound>) -> isize {
        parts::position(self, sub, start, end, find::find).map_or(-1, |at| at as isize)
    }

    /// partition($self, sep, /)
    /// --
    ///
    /// Partition the string into three parts using the given separator.
    ///
    /// This will search for the separator in the string.  If the separator
    /// is found, returns a 3-tuple containing the part before the
    /// separator, the separator itself, and the part after it.
    ///
    /// If the separator is not found, returns a 3-tuple containing
    /// the original string and two empty strings.
    #[method]
    fn partition(&self, sep: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        parts::partition(self, expect_str(sep, thread)?, false, thread)
    }

    /// index($self, sub[, start[, end]], /)
    /// --
    ///
    /// Return the lowest index in S where substring sub is found, such that sub is contained within S[start:end].
    ///
    /// Optional arguments start and end are interpreted as in slice
    /// notation.  Raises ValueError when the substring is not found.
    #[method]
    #[signature("(sub, start=None, end=None, /)")]
    fn index(
        &self,
        sub: &Str,
        start: Option<SliceBound>,
        end: Option<SliceBound>,
        thread: &mut Thread,
    ) -> PyResult<usize> {
        let position = parts::position(self, sub, start, end, find::find);
        position.ok_or_else(|| raise!(thread, ValueError, "substring not found"))
    }

    /// ljust($self, width, fillchar=' ', /)
    /// --
    ///
    /// Return a left-justified string of length width.
    ///
    /// Padding is done using the specified fill character (default is
    /// a space).
    #[method]
    fn ljust(
        &self,
        width: isize,
        #[default(FillCharacter(0x20))] fillchar: FillCharacter,
        thread: &mut Thread,
    ) -> PyResult<Py<Str>> {
        let margin = usize::try_from(width).unwrap_or(0).saturating_sub(self.length());
        parts::pad(self, 0, margin, fillchar.0, thread)
    }

    /// lower($self, /)
    /// --
    ///
    /// Return a copy of the string converted to lowercase.
    #[method]
    fn lower(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        Str::from_made(case::lower(self.view()), "string is too long", thread)
    }

    /// lstrip($self, chars=None, /)
    /// --
    ///
    /// Return a copy of the string with leading whitespace removed.
    ///
    /// If chars is given and not None, remove characters in chars instead.
    #[method]
    #[signature("(chars=None, /)")]
    fn lstrip(&self, chars: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Str>> {
        parts::strip(self, chars, strip::Ends::Left, thread)
    }

    /// rfind($self, sub[, start[, end]], /)
    /// --
    ///
    /// Return the highest index in S where substring sub is found, such that sub is contained within S[start:end].
    ///
    /// Optional arguments start and end are interpreted as in slice
    /// notation.  Return -1 on failure.
    #[method]
    #[signature("(sub, start=None, end=None, /)")]
    fn rfind(&self, sub: &Str, start: Option<SliceBound>, end: Option<SliceBound>) -> isize {
        parts::position(self, sub, start, end, find::rfind).map_or(-1, |at| at as isize)
    }

    /// rindex($self, sub[, start[, end]], /)
    /// --
    ///
    /// Return the highest index in S where substring sub is found, such that sub is contained within S[start:end].
    ///
    /// Optional arguments start and end are interpreted as in slice
    /// notation.  Raises ValueError when the substring is not found.
    #[method]
    #[signature("(sub, start=None, end=None, /)")]
    fn rindex(
        &self,
        sub: &Str,
        start: Option<SliceBound>,
        end: Option<SliceBound>,
        thread: &mut Thread,
    ) -> PyResult<usize> {
        let position = parts::position(self, sub, start, end, find::rfind);
        position.ok_or_else(|| raise!(thread, ValueError, "substring not found"))
    }

    /// rjust($self, width, fillchar=' ', /)
    /// --
    ///
    /// Return a right-justified string of length width.
    ///
    /// Padding is done using the specified fill character (default is
    /// a space).
    #[method]
    fn rjust(
        &self,
        width: isize,
        #[default(FillCharacter(0x20))] fillchar: FillCharacter,
        thread: &mut Thread,
    ) -> PyResult<Py<Str>> {
        let margin = usize::try_from(width).unwrap_or(0).saturating_sub(self.length());
        parts::pad(self, margin, 0, fillchar.0, thread)
    }

    /// rstrip($self, chars=None, /)
    /// --
    ///
    /// Return a copy of the string with trailing whitespace removed.
    ///
    /// If chars is given and not None, remove characters in chars instead.
    #[method]
    #[signature("(chars=None, /)")]
    fn rstrip(&self, chars: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Str>> {
        parts::strip(self, chars, strip::Ends::Right, thread)
    }

    /// rpartition($self, sep, /)
    /// --
    ///
    /// Partition the string into three parts using the given separator.
    ///
    /// This will search for the separator in the string, starting at the
    /// end.  If the separator is found, returns a 3-tuple containing the
    /// part before the separator, the separator itself, and the part after
    /// it.
    ///
    /// If the separator is not found, returns a 3-tuple containing two
    /// empty strings and the original string.
    #[method]
    fn rpartition(&self, sep: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        parts::partition(self, expect_str(sep, thread)?, true, thread)
    }

    /// splitlines($self, /, keepends=False)
    /// --
    ///
    /// Return a list of the lines in the string, breaking at line boundaries.
    ///
    /// Line breaks are not included in the resulting list unless keepends
    /// is given and true.
    #[method]
    fn splitlines(&self, keepends: bool, thread: &mut Thread) -> PyResult<Py<List>> {
        parts::list(self, split::split_lines(self.view(), keepends), thread)
    }

    /// strip($self, chars=None, /)
    /// --
    ///
    /// Return a copy of the string with leading and trailing whitespace removed.
    ///
    /// If chars is given and not None, remove characters in chars instead.
    #[method]
    #[signature("(chars=None, /)")]
    fn strip(&self, chars: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Str>> {
        parts::strip(self, chars, strip::Ends::Both, thread)
    }

    /// swapcase($self, /)
    /// --
    ///
    /// Convert uppercase characters to lowercase and lowercase characters to uppercase.
    #[method]
    fn swapcase(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        Str::from_made(case::swapcase(self.view()), "string is too long", thread)
    }

    /// translate($self, table, /)
    /// --
    ///
    /// Replace each character in the string using the given translation table.
    ///
    ///   table
    ///     Translation table, which must be a mapping of Unicode ordinals
    ///     to Unicode ordinals, strings, or None.
    ///
    /// The table must implement lookup/indexing via __getitem__, for
    /// instance a dictionary or list.  If this operation raises
    /// LookupError, the character is left untouched.  Characters mapped to
    /// None are deleted.
    #[method]
    fn translate(&self, table: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
        translate::translate(self, table, thread)
    }

    /// upper($self, /)
    /// --
    ///
    /// Return a copy of the string converted to uppercase.
    #[method]
    fn upper(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        Str::from_made(case::upper(self.view()), "string is too long", thread)
    }

    /// startswith($self, prefix[, start[, end]], /)
    /// --
    ///
    /// Return True if the string starts with the specified prefix, False otherwise.
    ///
    ///   prefix
    ///     A string or a tuple of strings to try.
    ///   start
    ///     Optional start position. Default: start of the string.
    ///   end
    ///     Optional stop position. Default: end of the string.
    #[method]
    #[signature("(prefix, start=None, end=None, /)")]
    fn startswith(
        &self,
        prefix: &Object,
        start: Option<SliceBound>,
        end: Option<SliceBound>,
        thread: &mut Thread,
    ) -> PyResult<bool> {
        let part = search_range(start, end, self.length()).map(|range| self.view().slice(range));
        any_affix(prefix, "startswith", thread, |it| part.is_some_and(|part| find::starts_with(part, it.view())))
    }

    /// endswith($self, suffix[, start[, end]], /)
    /// --
    ///
    /// Return True if the string ends with the specified suffix, False otherwise.
    ///
    ///   suffix
    ///     A string or a tuple of strings to try.
    ///   start
    ///     Optional start position. Default: start of the string.
    ///   end
    ///     Optional stop position. Default: end of the string.
    #[method]
    #[signature("(suffix, start=None, end=None, /)")]
    fn endswith(
        &self,
        suffix: &Object,
        start: Option<SliceBound>,
        end: Option<SliceBound>,
        thread: &mut Thread,
    ) -> PyResult<bool> {
        let part = search_range(start, end, self.length()).map(|range| self.view().slice(range));
        any_affix(suffix, "endswith", thread, |it| part.is_some_and(|part| find::ends_with(part, it.view())))
    }

    /// removeprefix($self, prefix, /)
    /// --
    ///
    /// Return a str with the given prefix string removed if present.
    ///
    /// If the string starts with the prefix string, return
    /// string[len(prefix):].  Otherwise, return a copy of the original
    /// string.
    #[method]
    fn removeprefix(&self, prefix: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
        let cut = if find::starts_with(self.view(), prefix.view()) { prefix.length() } else { 0 };
        self.substring(cut..self.length(), thread)
    }

    /// removesuffix($self, suffix, /)
    /// --
    ///
    /// Return a str with the given suffix string removed if present.
    ///
    /// If the string ends with the suffix string and that suffix is not
    /// empty, return string[:-len(suffix)].  Otherwise, return a copy of
    /// the original string.
    #[method]
    fn removesuffix(&self, suffix: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
        let cut = if find::ends_with(self.view(), suffix.view()) { suffix.length() } else { 0 };
        self.substring(0..self.length() - cut, thread)
    }

    /// isascii($self, /)
    /// --
    ///
    /// Return True if all characters in the string are ASCII, False otherwise.
    ///
    /// ASCII characters have code points in the range U+0000-U+007F.
    /// Empty string is ASCII too.
    #[method]
    fn isascii(&self) -> bool {
        self.is_ascii()
    }

    /// islower($self, /)
    /// --
    ///
    /// Return True if the string is a lowercase string, False otherwise.
    ///
    /// A string is lowercase if all cased characters in the string are
    /// lowercase and there is at least one cased character in the string.
    #[method]
    fn islower(&self) -> bool {
        classify::is_lower(self.view())
    }

    /// isupper($self, /)
    /// --
    ///
    /// Return True if the string is an uppercase string, False otherwise.
    ///
    /// A string is uppercase if all cased characters in the string are
    /// uppercase and there is at least one cased character in the string.
    #[method]
    fn isupper(&self) -> bool {
        classify::is_upper(self.view())
    }

    /// istitle($self, /)
    /// --
    ///
    /// Return True if the string is a title-cased string, False otherwise.
    ///
    /// In a title-cased string, upper- and title-case characters may only
    /// follow uncased characters and lowercase characters only cased ones.
    #[method]
    fn istitle(&self) -> bool {
        classify::is_title(self.view())
    }

    /// isspace($self, /)
    /// --
    ///
    /// Return True if the string is a whitespace string, False otherwise.
    ///
    /// A string is whitespace if all characters in the string are
    /// whitespace and there is at least one character in the string.
    #[method]
    fn isspace(&self) -> bool {
        classify::is_space(self.view())
    }

    /// isdecimal($self, /)
    /// --
    ///
    /// Return True if the string is a decimal string, False otherwise.
    ///
    /// A string is a decimal string if all characters in the string are
    /// decimal and there is at least one character in the string.
    #[method]
    fn isdecimal(&self) -> bool {
        classify::is_decimal(self.view())
    }

    /// isdigit($self, /)
    /// --
    ///
    /// Return True if the string is a digit string, False otherwise.
    ///
    /// A string is a digit string if all characters in the string are
    /// digits and there is at least one character in the string.
    #[method]
    fn isdigit(&self) -> bool {
        classify::is_digit(self.view())
    }

    /// isnumeric($self, /)
    /// --
    ///
    /// Return True if the string is a numeric string, False otherwise.
    ///
    /// A string is numeric if all characters in the string are numeric and
    /// there is at least one character in the string.
    #[method]
    fn isnumeric(&self) -> bool {
        classify::is_numeric(self.view())
    }

    /// isalpha($self, /)
    /// --
    ///
    /// Return True if the string is an alphabetic string, False otherwise.
    ///
    /// A string is alphabetic if all characters in the string are
    /// alphabetic and there is at least one character in the string.
    #[method]
    fn isalpha(&self) -> bool {
        classify::is_alpha(self.view())
    }

    /// isalnum($self, /)
    /// --
    ///
    /// Return True if the string is an alpha-numeric string, False otherwise.
    ///
    /// A string is alpha-numeric if all characters in the string are
    /// alpha-numeric and there is at least one character in the string.
    #[method]
    fn isalnum(&self) -> bool {
        classify::is_alnum(self.view())
    }

    /// isidentifier($self, /)
    /// --
    ///
    /// Return True if the string is a valid Python identifier, False otherwise.
    ///
    /// Call keyword.iskeyword(s) to test whether string s is a reserved
    /// identifier, such as "def" or "class".
    #[method]
    fn isidentifier(&self) -> bool {
        classify::is_identifier(self.view())
    }

    /// isprintable($self, /)
    /// --
    ///
    /// Return True if all characters in the string are printable, False otherwise.
    ///
    /// A character is printable if repr() may use it in its output.
    #[method]
    fn isprintable(&self) -> bool {
        classify::is_printable(self.view())
    }

    /// zfill($self, width, /)
    /// --
    ///
    /// Pad a numeric string with zeros on the left, to fill a field of the given width.
    ///
    /// The string is never truncated.
    #[method]
    fn zfill(&self, width: isize, thread: &mut Thread) -> PyResult<Py<Str>> {
        match make::zfill(self.view(), usize::try_from(width).unwrap_or(0)).transpose() {
            None => self.to_exact(thread),
            Some(made) => Str::from_made(made, "padded string is too long", thread),
        }
    }

    /// format($self, /, *args, **kwargs)
    /// --
    ///
    /// Return a formatted version of the string, using substitutions from args and kwargs.
    /// The substitutions are identified by braces ('{' and '}').
    #[method]
    #[any_names]
    fn format(&self, args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<Str>> {
        format::format_with_arguments(self, args, kwargs.as_deref(), thread)
    }

    /// format_map($self, mapping, /)
    /// --
    ///
    /// Return a formatted version of the string, using substitutions from mapping.
    /// The substitutions are identified by braces ('{' and '}').
    #[method]
    fn format_map(&self, mapping: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
        format::format_with_mapping(self, mapping, thread)
    }

    /// maketrans(x, y=<unrepresentable>, z=<unrepresentable>, /)
    /// --
    ///
    /// Return a translation table usable for str.translate().
    ///
    /// If there is only one argument, it must be a dictionary mapping
    /// Unicode ordinals (integers) or characters to Unicode ordinals,
    /// strings or None.  Character keys will be then converted to ordinals.
    /// If there are two arguments, they must be strings of equal length,
    /// and in the resulting dictionary, each character in x will be mapped
    /// to the character at the same position in y.  If there is a third
    /// argument, it must be a string, whose characters will be mapped to
    /// None in the result.
    #[staticmethod]
    #[signature("(x, y=None, z=None, /)")]
    fn maketrans(x: &Object, y: Option<&Str>, z: Option<&Str>, thread: &mut Thread) -> PyResult<Py<Dict>> {
        translate::make_table(x, y, z, thread)
    }
}
