//! `unicodedata`: the Unicode character database, of today and of version 3.2. The tables are in `text::unicode_data`.

use macros::{Instance, python_module, python_type};
use objects::errors::{KeyError, OrMemoryError, PyResult};
use objects::method::{FromArgument, Position, raise_bad_argument};
use objects::module::Module;
use objects::object::BaseObject;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;
use text::unicode_data::names;
use text::unicode_data::normalize::{self, Form};
use text::unicode_data::properties::Database;

/// The longest name that is looked up, in bytes.
const LONGEST_NAME: usize = 256;

/// An argument that is a string of one character, surrogates included.
struct CodePoint(u32);

impl FromArgument<'_> for CodePoint {
    fn from_argument(value: &Object, position: Position, thread: &mut Thread) -> PyResult<Self> {
        let Some(text) = value.downcast::<Str>() else {
            return Err(raise_bad_argument(position, "a unicode character", value, thread));
        };
        match (text.length(), text.code_point(0)) {
            (1, Some(point)) => Ok(Self(point)),
            (length, _) => Err(raise!(
                thread,
                TypeError,
                "{}(): {} must be a unicode character, not a string of length {length}",
                position.method(),
                position.describe()
            )),
        }
    }
}

/// A value, or the default that was given, or a ValueError.
fn or_default<T: IntoValue>(
    value: Option<T>,
    default: Option<&Object>,
    message: &str,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    match (value, default) {
        (Some(value), _) => Ok(value.into_value(thread)),
        (None, Some(default)) => Ok(Py::from_ref(default)),
        (None, None) => Err(raise!(thread, ValueError, "{message}")),
    }
}

/// What the functions with a default give.
trait IntoValue {
    fn into_value(self, thread: &mut Thread) -> Py<Object>;
}

impl IntoValue for u8 {
    fn into_value(self, thread: &mut Thread) -> Py<Object> {
        objects::protocol::make_int(i128::from(self), thread)
    }
}

impl IntoValue for f64 {
    fn into_value(self, thread: &mut Thread) -> Py<Object> {
        objects::float::Float::new(self, thread).into_object()
    }
}

impl IntoValue for String {
    fn into_value(self, thread: &mut Thread) -> Py<Object> {
        Str::from_str(&self, thread).into_object()
    }
}

fn look_up(database: Database, name: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
    let name = match name.downcast::<Str>() {
        Some(text) => String::from_utf8_lossy(text.utf8(thread)?).into_owned(),
        None => {
            let bytes = BytesLike::of(name, thread)?;
            String::from_utf8_lossy(bytes.as_slice(thread)).into_owned()
        }
    };
    if name.len() > LONGEST_NAME {
        return Err(raise!(thread, KeyError, "name too long"));
    }
    if let Some(point) = names::lookup(&name) {
        // Aliases are younger than version 3.2.
        let is_alias = || !names::name(point).is_some_and(|it| it.eq_ignore_ascii_case(&name));
        if database == Database::Current || !is_alias() {
            return Ok(Str::from_code_point(point, thread));
        }
    }
    if database == Database::Current
        && let Some(points) = names::lookup_sequence(&name)
    {
        let text: String = points.into_iter().filter_map(char::from_u32).collect();
        return Ok(Str::from_str(&text, thread));
    }
    let message = Str::from_str(&format!("undefined character name '{name}'"), thread);
    Err(thread.raise_with_argument(KeyError, message.into_object()))
}

fn form_named(name: &Str, thread: &mut Thread) -> PyResult<Form> {
    match name.to_text().and_then(|it| Form::by_name(&it)) {
        Some(form) => Ok(form),
        None => Err(raise!(thread, ValueError, "invalid normalization form")),
    }
}

fn has_form(database: Database, form: &Str, text: &Str, thread: &mut Thread) -> PyResult<bool> {
    if text.length() == 0 {
        return Ok(true);
    }
    let form = form_named(form, thread)?;
    normalize::is_normalized(database, form, text.view()).or_memory_error(thread)
}

fn to_form(database: Database, form: &Str, text: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
    if text.length() == 0 {
        return text.to_exact(thread);
    }
    let form = form_named(form, thread)?;
    match normalize::normalize(database, form, text.view()).or_memory_error(thread)? {
        Some(normal) => Str::try_from_view(normal.view(), thread),
        None => text.to_exact(thread),
    }
}

/// The database of another version.
#[derive(Instance)]
#[repr(C)]
pub struct PreviousVersion {
    header: Header,
    version: Py<Object>,
}

#[python_type(name = "unicodedata.UCD", base = BaseObject, flags(HEAPTYPE), members(unidata_version(version): Object))]
impl PreviousVersion {
    /// decimal($self, chr, default=<unrepresentable>, /)
    /// --
    ///
    /// Converts a Unicode character into its equivalent decimal value.
    ///
    /// Returns the decimal value assigned to the character chr as integer.
    /// If no such value is defined, default is returned, or, if not given,
    /// ValueError is raised.
    #[method]
    fn decimal(&self, chr: CodePoint, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        or_default(Database::Old.decimal(chr.0), default, "not a decimal", thread)
    }

    /// digit($self, chr, default=<unrepresentable>, /)
    /// --
    ///
    /// Converts a Unicode character into its equivalent digit value.
    ///
    /// Returns the digit value assigned to the character chr as integer.
    /// If no such value is defined, default is returned, or, if not given,
    /// ValueError is raised.
    #[method]
    fn digit(&self, chr: CodePoint, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        or_default(Database::Old.digit(chr.0), default, "not a digit", thread)
    }

    /// numeric($self, chr, default=<unrepresentable>, /)
    /// --
    ///
    /// Converts a Unicode character into its equivalent numeric value.
    ///
    /// Returns the numeric value assigned to the character chr as float.
    /// If no such value is defined, default is returned, or, if not given,
    /// ValueError is raised.
    #[method]
    fn numeric(&self, chr: CodePoint, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        or_default(Database::Old.numeric(chr.0), default, "not a numeric character", thread)
    }

    /// category($self, chr, /)
    /// --
    ///
    /// Returns the general category assigned to the character chr as string.
    #[method]
    fn category(&self, chr: CodePoint) -> &'static str {
        Database::Old.category(chr.0)
    }

    /// bidirectional($self, chr, /)
    /// --
    ///
    /// Returns the bidirectional class assigned to the character chr as string.
    ///
    /// If no such value is defined, an empty string is returned.
    #[method]
    fn bidirectional(&self, chr: CodePoint) -> &'static str {
        Database::Old.bidirectional(chr.0)
    }

    /// combining($self, chr, /)
    /// --
    ///
    /// Returns the canonical combining class assigned to the character chr as integer.
    ///
    /// Returns 0 if no combining class is defined.
    #[method]
    fn combining(&self, chr: CodePoint) -> i32 {
        i32::from(Database::Old.combining(chr.0))
    }

    /// mirrored($self, chr, /)
    /// --
    ///
    /// Returns the mirrored property assigned to the character chr as integer.
    ///
    /// Returns 1 if the character has been identified as a "mirrored"
    /// character in bidirectional text, 0 otherwise.
    #[method]
    fn mirrored(&self, chr: CodePoint) -> i32 {
        i32::from(Database::Old.is_mirrored(chr.0))
    }

    /// east_asian_width($self, chr, /)
    /// --
    ///
    /// Returns the east asian width assigned to the character chr as string.
    #[method]
    fn east_asian_width(&self, chr: CodePoint) -> &'static str {
        Database::Old.east_asian_width(chr.0)
    }

    /// decomposition($self, chr, /)
    /// --
    ///
    /// Returns the character decomposition mapping assigned to the character chr as string.
    ///
    /// An empty string is returned in case no such mapping is defined.
    #[method]
    fn decomposition(&self, chr: CodePoint) -> String {
        Database::Old.decomposition(chr.0)
    }

    /// name($self, chr, default=<unrepresentable>, /)
    /// --
    ///
    /// Returns the name assigned to the character chr as a string.
    ///
    /// If no name is defined, default is returned, or, if not given,
    /// ValueError is raised.
    #[method]
    fn name(&self, chr: CodePoint, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        or_default(Database::Old.name(chr.0), default, "no such name", thread)
    }

    /// lookup($self, name, /)
    /// --
    ///
    /// Look up character by name.
    ///
    /// If a character with the given name is found, return the
    /// corresponding character.  If not found, KeyError is raised.
    #[method]
    fn lookup(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
        look_up(Database::Old, name, thread)
    }

    /// is_normalized($self, form, unistr, /)
    /// --
    ///
    /// Return whether the Unicode string unistr is in the normal form 'form'.
    ///
    /// Valid values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'.
    #[method]
    fn is_normalized(&self, form: &Str, unistr: &Str, thread: &mut Thread) -> PyResult<bool> {
        has_form(Database::Old, form, unistr, thread)
    }

    /// normalize($self, form, unistr, /)
    /// --
    ///
    /// Return the normal form 'form' for the Unicode string unistr.
    ///
    /// Valid values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'.
    #[method]
    fn normalize(&self, form: &Str, unistr: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
        to_form(Database::Old, form, unistr, thread)
    }
}

pub struct UnicodeDataModule;

/// This module provides access to the Unicode Character Database which
/// defines character properties for all Unicode characters. The data in
/// this database is based on the UnicodeData.txt file version
/// 16.0.0 which is publicly available from ftp://ftp.unicode.org/.
///
/// The module uses the same names and symbols as defined by the
/// UnicodeData File Format 16.0.0.
#[python_module(name = "unicodedata")]
impl UnicodeDataModule {
    /// decimal($self, chr, default=<unrepresentable>, /)
    /// --
    ///
    /// Converts a Unicode character into its equivalent decimal value.
    ///
    /// Returns the decimal value assigned to the character chr as integer.
    /// If no such value is defined, default is returned, or, if not given,
    /// ValueError is raised.
    #[function]
    fn decimal(chr: CodePoint, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        or_default(Database::Current.decimal(chr.0), default, "not a decimal", thread)
    }

    /// digit($self, chr, default=<unrepresentable>, /)
    /// --
    ///
    /// Converts a Unicode character into its equivalent digit value.
    ///
    /// Returns the digit value assigned to the character chr as integer.
    /// If no such value is defined, default is returned, or, if not given,
    /// ValueError is raised.
    #[function]
    fn digit(chr: CodePoint, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        or_default(Database::Current.digit(chr.0), default, "not a digit", thread)
    }

    /// numeric($self, chr, default=<unrepresentable>, /)
    /// --
    ///
    /// Converts a Unicode character into its equivalent numeric value.
    ///
    /// Returns the numeric value assigned to the character chr as float.
    /// If no such value is defined, default is returned, or, if not given,
    /// ValueError is raised.
    #[function]
    fn numeric(chr: CodePoint, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        or_default(Database::Current.numeric(chr.0), default, "not a numeric character", thread)
    }

    /// category($self, chr, /)
    /// --
    ///
    /// Returns the general category assigned to the character chr as string.
    #[function]
    fn category(chr: CodePoint) -> &'static str {
        Database::Current.category(chr.0)
    }

    /// bidirectional($self, chr, /)
    /// --
    ///
    /// Returns the bidirectional class assigned to the character chr as string.
    ///
    /// If no such value is defined, an empty string is returned.
    #[function]
    fn bidirectional(chr: CodePoint) -> &'static str {
        Database::Current.bidirectional(chr.0)
    }

    /// combining($self, chr, /)
    /// --
    ///
    /// Returns the canonical combining class assigned to the character chr as integer.
    ///
    /// Returns 0 if no combining class is defined.
    #[function]
    fn combining(chr: CodePoint) -> i32 {
        i32::from(Database::Current.combining(chr.0))
    }

    /// mirrored($self, chr, /)
    /// --
    ///
    /// Returns the mirrored property assigned to the character chr as integer.
    ///
    /// Returns 1 if the character has been identified as a "mirrored"
    /// character in bidirectional text, 0 otherwise.
    #[function]
    fn mirrored(chr: CodePoint) -> i32 {
        i32::from(Database::Current.is_mirrored(chr.0))
    }

    /// east_asian_width($self, chr, /)
    /// --
    ///
    /// Returns the east asian width assigned to the character chr as string.
    #[function]
    fn east_asian_width(chr: CodePoint) -> &'static str {
        Database::Current.east_asian_width(chr.0)
    }

    /// decomposition($self, chr, /)
    /// --
    ///
    /// Returns the character decomposition mapping assigned to the character chr as string.
    ///
    /// An empty string is returned in case no such mapping is defined.
    #[function]
    fn decomposition(chr: CodePoint) -> String {
        Database::Current.decomposition(chr.0)
    }

    /// name($self, chr, default=<unrepresentable>, /)
    /// --
    ///
    /// Returns the name assigned to the character chr as a string.
    ///
    /// If no name is defined, default is returned, or, if not given,
    /// ValueError is raised.
    #[function]
    fn name(chr: CodePoint, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        or_default(Database::Current.name(chr.0), default, "no such name", thread)
    }

    /// lookup($self, name, /)
    /// --
    ///
    /// Look up character by name.
    ///
    /// If a character with the given name is found, return the
    /// corresponding character.  If not found, KeyError is raised.
    #[function]
    fn lookup(name: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
        look_up(Database::Current, name, thread)
    }

    /// is_normalized($self, form, unistr, /)
    /// --
    ///
    /// Return whether the Unicode string unistr is in the normal form 'form'.
    ///
    /// Valid values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'.
    #[function]
    fn is_normalized(form: &Str, unistr: &Str, thread: &mut Thread) -> PyResult<bool> {
        has_form(Database::Current, form, unistr, thread)
    }

    /// normalize($self, form, unistr, /)
    /// --
    ///
    /// Return the normal form 'form' for the Unicode string unistr.
    ///
    /// Valid values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'.
    #[function]
    fn normalize(form: &Str, unistr: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
        to_form(Database::Current, form, unistr, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let version = Str::from_str("16.0.0", thread);
        module.set("unidata_version", &version, thread)?;
        module.set("UCD", PreviousVersion::class(), thread)?;
        let version = Str::from_str("3.2.0", thread).into_object();
        let old = Py::new(PreviousVersion { header: Header::new(PreviousVersion::class()), version }, thread);
        module.set("ucd_3_2_0", &old, thread)
    }
}
