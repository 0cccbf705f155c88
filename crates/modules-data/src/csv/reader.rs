//! `reader`: a state machine that turns lines into rows. A record may span several lines.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::{Grow, OrMemoryError, PyResult, Raised};
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;
use text::builder::StrBuilder;
use text::view::StrView;

use super::dialect::{Dialect, Quoting};
use super::{field_limit, raise_error};

#[derive(Instance)]
#[repr(C)]
pub struct Reader {
    header: Header,
    lines: Py<Object>,
    dialect: Py<Dialect>,
    /// Lines read so far.
    line_number: Cell<isize>,
    /// Rows that were begun, so that one notices another that its own iterator began.
    rows_begun: Cell<usize>,
}

impl Reader {
    pub fn new(lines: Py<Object>, dialect: Py<Dialect>, thread: &mut Thread) -> Py<Reader> {
        let header = Header::new(Self::class());
        Py::new(Reader { header, lines, dialect, line_number: Cell::new(0), rows_begun: Cell::new(0) }, thread)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    StartRecord,
    StartField,
    EscapedCharacter,
    InField,
    InQuotedField,
    EscapeInQuotedField,
    QuoteInQuotedField,
    /// After a record's end, before the line's.
    EatLineBreak,
    AfterEscapedLineBreak,
}

/// A row that is being read.
struct Row<'a> {
    dialect: &'a Dialect,
    state: State,
    fields: Vec<Py<Object>>,
    field: StrBuilder,
    is_quoted: bool,
    limit: usize,
}

/// The end of a line, where a character is expected.
const END: u32 = u32::MAX;

fn is_break(point: u32) -> bool {
    point == u32::from(b'\n') || point == u32::from(b'\r')
}

impl Row<'_> {
    fn push(&mut self, point: u32, thread: &mut Thread) -> PyResult<()> {
        if self.field.len() >= self.limit {
            return Err(self.raise_too_long(thread));
        }
        self.field.push(point);
        Ok(())
    }

    #[cold]
    fn raise_too_long(&self, thread: &mut Thread) -> Raised {
        raise_error(&format!("field larger than field limit ({})", self.limit), thread)
    }

    /// Ends a field.
    fn save(&mut self, thread: &mut Thread) -> PyResult<()> {
        let builder = std::mem::take(&mut self.field);
        let quoting = self.dialect.quoting.get();
        let is_plain = !std::mem::take(&mut self.is_quoted);
        if is_plain && builder.is_empty() && matches!(quoting, Quoting::NotNull | Quoting::Strings) {
            self.fields.try_push(thread.none()).or_memory_error(thread)?;
            return Ok(());
        }
        let is_number = is_plain && !builder.is_empty() && matches!(quoting, Quoting::NonNumeric | Quoting::Strings);
        let field = Str::from_builder(builder, thread)?.into_object();
        let field = if is_number { protocol::call_one(objects::float::Float::class(), &field, thread)? } else { field };
        self.fields.try_push(field).or_memory_error(thread)
    }

    /// Ends a field, and with it the record.
    fn save_last(&mut self, point: u32, thread: &mut Thread) -> PyResult<()> {
        self.save(thread)?;
        self.state = if point == END { State::StartRecord } else { State::EatLineBreak };
        Ok(())
    }

    /// Takes in a line, and its end.
    fn read_line(&mut self, line: StrView<'_>, thread: &mut Thread) -> PyResult<()> {
        match line {
            StrView::Ascii(units) => self.read_units(units, |it| line.slice(it), thread)?,
            StrView::Latin1(units) => self.read_units(units, |it| line.slice(it), thread)?,
            StrView::Ucs2(units) => self.read_units(units, |it| line.slice(it), thread)?,
            StrView::Ucs4(units) => self.read_units(units, |it| line.slice(it), thread)?,
        }
        self.step(END, thread)
    }

    fn read_units<'v, U: Copy + Into<u32>>(
        &mut self,
        units: &[U],
        slice: impl Fn(std::ops::Range<usize>) -> StrView<'v>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let (delimiter, escape) = (self.dialect.delimiter.get(), self.dialect.escape.get());
        let quote = self.dialect.quote.get().filter(|_| self.dialect.quoting.get() != Quoting::None);
        let mut index = 0;
        while index < units.len() {
            // A run of ordinary characters goes to the field at once.
            let run = match self.state {
                State::InField => units[index..]
                    .iter()
                    .position(|it| {
                        let point = (*it).into();
                        is_break(point) || point == delimiter || Some(point) == escape
                    })
                    .unwrap_or(units.len() - index),
                State::InQuotedField => units[index..]
                    .iter()
                    .position(|it| Some((*it).into()) == quote || Some((*it).into()) == escape)
                    .unwrap_or(units.len() - index),
                _ => 0,
            };
            if run > 0 {
                if self.field.len() + run > self.limit {
                    return Err(self.raise_too_long(thread));
                }
                self.field.push_view(slice(index..index + run));
                index += run;
                continue;
            }
            self.step(units[index].into(), thread)?;
            index += 1;
        }
        Ok(())
    }

    /// Takes in a character, or the end of a line.
    fn step(&mut self, point: u32, thread: &mut Thread) -> PyResult<()> {
        let ends = point == END || is_break(point);
        let is_quote = Some(point) == self.dialect.quote.get() && self.dialect.quoting.get() != Quoting::None;
        let is_escape = Some(point) == self.dialect.escape.get();
        let is_delimiter = point == self.dialect.delimiter.get();
        match self.state {
            State::StartRecord if point == END => {}
            State::StartRecord if ends => self.state = State::EatLineBreak,
            State::StartRecord | State::StartField => return self.start_field(point, thread),
            State::EscapedCharacter if point != END && is_break(point) => {
                self.push(point, thread)?;
                self.state = State::AfterEscapedLineBreak;
            }
            State::EscapedCharacter | State::EscapeInQuotedField => {
                self.push(if point == END { u32::from(b'\n') } else { point }, thread)?;
                let quoted = self.state == State::EscapeInQuotedField;
                self.state = if quoted { State::InQuotedField } else { State::InField };
            }
            State::AfterEscapedLineBreak if point == END => {}
            State::InField | State::AfterEscapedLineBreak => {
                if ends {
                    self.save_last(point, thread)?;
                } else if is_escape {
                    self.state = State::EscapedCharacter;
                } else if is_delimiter {
                    self.save(thread)?;
                    self.state = State::StartField;
                } else {
                    self.push(point, thread)?;
                    self.state = State::InField;
                }
            }
            State::InQuotedField if point == END => {}
            State::InQuotedField if is_escape => self.state = State::EscapeInQuotedField,
            State::InQuotedField if is_quote => {
                let doubles = self.dialect.doubles_quotes();
                self.state = if doubles { State::QuoteInQuotedField } else { State::InField };
            }
            State::InQuotedField => self.push(point, thread)?,
            State::QuoteInQuotedField => return self.after_quote(point, thread),
            State::EatLineBreak if point == END => self.state = State::StartRecord,
            State::EatLineBreak if ends => {}
            State::EatLineBreak => {
                let message =
                    "new-line character seen in unquoted field - do you need to open the file with newline=''?";
                return Err(raise_error(message, thread));
            }
        }
        Ok(())
    }

    fn start_field(&mut self, point: u32, thread: &mut Thread) -> PyResult<()> {
        if point == END || is_break(point) {
            return self.save_last(point, thread);
        }
        if Some(point) == self.dialect.quote.get() && self.dialect.quoting.get() != Quoting::None {
            self.is_quoted = true;
            self.state = State::InQuotedField;
        } else if Some(point) == self.dialect.escape.get() {
            self.state = State::EscapedCharacter;
        } else if point == u32::from(b' ') && self.dialect.skips_initial_space() {
            self.state = State::StartField;
        } else if point == self.dialect.delimiter.get() {
            self.save(thread)?;
            self.state = State::StartField;
        } else {
            self.push(point, thread)?;
            self.state = State::InField;
        }
        Ok(())
    }

    /// A character after a quote inside quotes: two quotes stand for one.
    fn after_quote(&mut self, point: u32, thread: &mut Thread) -> PyResult<()> {
        if point == END || is_break(point) {
            return self.save_last(point, thread);
        }
        if Some(point) == self.dialect.quote.get() {
            self.push(point, thread)?;
            self.state = State::InQuotedField;
        } else if point == self.dialect.delimiter.get() {
            self.save(thread)?;
            self.state = State::StartField;
        } else if !self.dialect.is_strict() {
            self.push(point, thread)?;
            self.state = State::InField;
        } else {
            let character = |it: Option<u32>| it.and_then(char::from_u32).unwrap_or('\u{FFFD}');
            let (delimiter, quote) =
                (character(Some(self.dialect.delimiter.get())), character(self.dialect.quote.get()));
            return Err(raise_error(&format!("'{delimiter}' expected after '{quote}'"), thread));
        }
        Ok(())
    }
}

/// CSV reader
///
/// Reader objects are responsible for reading and parsing tabular data
/// in CSV format.
///
#[python_type(
    name = "_csv.reader", base = BaseObject, flags(HEAPTYPE),
    members(dialect: Object, line_num(line_number): SSize)
)]
impl Reader {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<Reader> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<List>>> {
        let dialect = self.dialect.clone();
        let number = self.rows_begun.get().wrapping_add(1);
        self.rows_begun.set(number);
        let mut row = Row {
            dialect: &dialect,
            state: State::StartRecord,
            fields: Vec::new(),
            field: StrBuilder::new(),
            is_quoted: false,
            limit: field_limit(thread),
        };
        loop {
            let Some(line) = protocol::next(&self.lines, thread)? else {
                if row.field.is_empty() && row.state != State::InQuotedField {
                    return Ok(None);
                }
                if dialect.is_strict() {
                    return Err(raise_error("unexpected end of data", thread));
                }
                row.save(thread)?;
                break;
            };
            if self.rows_begun.get() != number {
                return Err(raise_error("iterator has already advanced the reader", thread));
            }
            let Some(text) = line.downcast::<Str>() else {
                let class = line.class().full_name();
                let message =
                    format!("iterator should return strings, not {class} (the file should be opened in text mode)");
                return Err(raise_error(&message, thread));
            };
            self.line_number.set(self.line_number.get() + 1);
            row.read_line(text.view(), thread)?;
            if row.state == State::StartRecord {
                break;
            }
        }
        List::new(row.fields, thread).map(Some)
    }
}
