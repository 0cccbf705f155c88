//! `writer`: turns rows into lines.

use macros::{Instance, python_type};
use objects::errors::{PyResult, TypeError};
use objects::object::BaseObject;
use objects::protocol;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;
use text::builder::StrBuilder;
use text::view::StrView;

use super::dialect::{Dialect, Quoting};
use super::raise_error;

#[derive(Instance)]
#[repr(C)]
pub struct Writer {
    header: Header,
    write: Py<Object>,
    dialect: Py<Dialect>,
}

/// A record that is being built.
struct Record<'a> {
    dialect: &'a Dialect,
    text: StrBuilder,
    fields: usize,
}

fn is_number(value: &Object) -> bool {
    // SAFETY: a type's method suites live as long as the type.
    let suite = unsafe { value.class().slots().tp_as_number.get().as_ref() };
    suite.is_some_and(|it| it.nb_int.get().is_some() || it.nb_float.get().is_some() || it.nb_index.get().is_some())
        || value.downcast::<builtins::complex::Complex>().is_some()
}

impl Record<'_> {
    /// True if an empty field can only be written with quotes, which the dialect forbids.
    fn forbids_quotes(&self, is_null: bool) -> bool {
        let quoting = self.dialect.quoting.get();
        quoting == Quoting::None || is_null && matches!(quoting, Quoting::Strings | Quoting::NotNull)
    }

    fn push(&mut self, field: Option<&Str>, mut quoted: bool, thread: &mut Thread) -> PyResult<()> {
        let is_empty = field.is_none_or(|it| it.length() == 0);
        let delimiter = self.dialect.delimiter.get();
        if is_empty && delimiter == u32::from(b' ') && self.dialect.skips_initial_space() {
            if self.forbids_quotes(field.is_none()) {
                let message = "empty field must be quoted if delimiter is a space and skipinitialspace is true";
                return Err(raise_error(message, thread));
            }
            quoted = true;
        }
        if self.fields > 0 {
            self.text.push(delimiter);
        }
        self.fields += 1;
        let escaped = match field {
            Some(field) => self.escaped(field, &mut quoted, thread)?,
            None => None,
        };
        let quote = self.dialect.quote.get().filter(|_| quoted);
        quote.into_iter().for_each(|it| self.text.push(it));
        match (&escaped, field) {
            (Some(escaped), _) => self.text.push_view(escaped.view()),
            (None, Some(field)) => self.text.push_view(field.view()),
            (None, None) => {}
        }
        quote.into_iter().for_each(|it| self.text.push(it));
        Ok(())
    }

    /// The field as it stands between quotes; None if it needs no escapes. Notes that the field needs quotes.
    fn escaped(&self, field: &Str, quoted: &mut bool, thread: &mut Thread) -> PyResult<Option<StrBuilder>> {
        let dialect = self.dialect;
        let (delimiter, quote, escape) = (dialect.delimiter.get(), dialect.quote.get(), dialect.escape.get());
        let never_quotes = dialect.quoting.get() == Quoting::None;
        let mut out: Option<StrBuilder> = None;
        let view = field.view();
        for (index, point) in view.iter().enumerate() {
            let is_special = point == delimiter
                || Some(point) == escape
                || Some(point) == quote
                || point == u32::from(b'\n')
                || point == u32::from(b'\r')
                || dialect.ends_line(point);
            let mut before = None;
            if is_special {
                let mut wants_escape = never_quotes;
                if !never_quotes {
                    if Some(point) == quote {
                        if dialect.doubles_quotes() {
                            before = quote;
                        } else {
                            wants_escape = true;
                        }
                    } else if Some(point) == escape {
                        wants_escape = true;
                    }
                    *quoted |= !wants_escape;
                }
                if wants_escape {
                    let Some(escape) = escape else {
                        return Err(raise_error("need to escape, but no escapechar set", thread));
                    };
                    before = Some(escape);
                }
            }
            if let Some(before) = before {
                let out = out.get_or_insert_with(|| prefix(view.slice(0..index)));
                out.push(before);
            }
            if let Some(out) = &mut out {
                out.push(point);
            }
        }
        Ok(out)
    }
}

fn prefix(view: StrView<'_>) -> StrBuilder {
    let mut builder = StrBuilder::new();
    builder.push_view(view);
    builder
}

impl Writer {
    pub fn new(write: Py<Object>, dialect: Py<Dialect>, thread: &mut Thread) -> Py<Writer> {
        Py::new(Writer { header: Header::new(Self::class()), write, dialect }, thread)
    }

    fn write_row(&self, row: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let iterator = protocol::iter(row, thread);
        let Some(iterator) = thread.suppress(iterator, TypeError)? else {
            let class = row.class().full_name();
            return Err(raise_error(&format!("iterable expected, not {class}"), thread));
        };
        let dialect = self.dialect.clone();
        let mut record = Record { dialect: &dialect, text: StrBuilder::new(), fields: 0 };
        let mut is_null = false;
        while let Some(field) = protocol::next(&iterator, thread)? {
            let quoted = match dialect.quoting.get() {
                Quoting::NonNumeric => !is_number(&field),
                Quoting::All => true,
                Quoting::Strings => field.downcast::<Str>().is_some(),
                Quoting::NotNull => !field.is_none(),
                Quoting::Minimal | Quoting::None => false,
            };
            is_null = field.is_none();
            if let Some(text) = field.downcast::<Str>() {
                record.push(Some(text), quoted, thread)?;
            } else if is_null {
                record.push(None, quoted, thread)?;
            } else {
                let text = protocol::str(&field, thread)?;
                record.push(Some(&text), quoted, thread)?;
            }
        }
        if record.fields > 0 && record.text.is_empty() {
            if record.forbids_quotes(is_null) {
                return Err(raise_error("single empty field record must be quoted", thread));
            }
            record.fields -= 1;
            record.push(None, true, thread)?;
        }
        record.text.push_view(dialect.line_terminator.view());
        let line = Str::from_builder(record.text, thread)?;
        protocol::call_one(&self.write, &line, thread)
    }
}

/// CSV writer
///
/// Writer objects are responsible for generating tabular data
/// in CSV format from sequence input.
///
#[python_type(name = "_csv.writer", base = BaseObject, flags(HEAPTYPE), members(dialect: Object))]
impl Writer {
    /// writerow($self, row, /)
    /// --
    ///
    /// Construct and write a CSV record from an iterable of fields.
    ///
    /// Non-string elements will be converted to string.
    #[method]
    fn writerow(&self, row: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.write_row(row, thread)
    }

    /// writerows($self, rows, /)
    /// --
    ///
    /// Construct and write a series of iterables to a csv file.
    ///
    /// Non-string elements will be converted to string.
    #[method]
    fn writerows(&self, rows: &Object, thread: &mut Thread) -> PyResult<()> {
        let iterator = protocol::iter(rows, thread)?;
        while let Some(row) = protocol::next(&iterator, thread)? {
            self.write_row(&row, thread)?;
        }
        Ok(())
    }
}
