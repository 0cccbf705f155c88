//! `_io.StringIO`.

use std::cell::Cell;
use std::collections::TryReserveError;
use std::ops::Range;

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{Grow, OrMemoryError, PyResult, ValueError, with_room};
use objects::gc::{Traverse, Visitor};
use objects::int::Int;
use objects::method::{FromArgument, Position};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Guarded, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Type;
use text::builder::{StrBuilder, StrData};
use text::view::StrView;

use super::abstract_::TextIoBase;
use super::base::{self, Size, deallocate};
use super::newline::{NewlineMode, Newlines, replace_line_feeds};

/// The text, in the form that suits what was done with it so far.
enum Contents {
    /// Only appended to.
    Growing(StrBuilder),
    /// Only read.
    Fixed(Py<Str>),
    /// Anything.
    Points(Vec<u32>),
}

impl Default for Contents {
    fn default() -> Self {
        Self::Growing(StrBuilder::new())
    }
}

impl Traverse for Contents {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl Contents {
    fn view(&self) -> StrView<'_> {
        match self {
            Self::Growing(builder) => builder.view(),
            Self::Fixed(text) => text.view(),
            Self::Points(points) => StrView::Ucs4(points),
        }
    }

    /// The text for changing it anywhere.
    fn points_mut(&mut self) -> Result<&mut Vec<u32>, TryReserveError> {
        if !matches!(self, Self::Points(_)) {
            let mut points = with_room(self.view().len())?;
            points.extend(self.view().iter());
            *self = Self::Points(points);
        }
        match self {
            Self::Points(points) => Ok(points),
            _ => unreachable!("it has just been made so"),
        }
    }
}

/// Puts a text where others may lie already, behind zeros where the contents end before.
fn overwrite(contents: &mut Contents, range: Range<usize>, text: StrView<'_>) -> Result<(), TryReserveError> {
    let points = contents.points_mut()?;
    if range.end > points.len() {
        points.try_resize(range.end, 0)?;
    }
    points[range].iter_mut().zip(text.iter()).for_each(|(slot, point)| *slot = point);
    Ok(())
}

/// A position, or None for the current one.
struct OptionalPosition(Option<isize>);

impl FromArgument<'_> for OptionalPosition {
    fn from_argument(value: &Object, position: Position, thread: &mut Thread) -> PyResult<Self> {
        if value.is_none() {
            return Ok(Self(None));
        }
        Size::from_argument(value, position, thread).map(|it| Self(Some(it.0)))
    }
}

/// A text file in memory.
#[derive(Instance)]
#[repr(C)]
pub struct StringIo {
    base: TextIoBase,
    contents: Guarded<Contents>,
    position: Cell<usize>,
    closed: Cell<bool>,
    initialized: Cell<bool>,
    mode: Cell<NewlineMode>,
    newlines: Newlines,
    /// The `newline` argument, for pickling.
    newline: Field,
}

impl StringIo {
    fn check_open(&self, thread: &mut Thread) -> PyResult<()> {
        if !self.initialized.get() {
            return Err(raise!(thread, ValueError, "I/O operation on uninitialized object"));
        }
        if self.closed.get() {
            return Err(raise!(thread, ValueError, "I/O operation on closed file"));
        }
        Ok(())
    }

    /// A part of the text as an object.
    fn part(&self, range: std::ops::Range<usize>, thread: &mut Thread) -> PyResult<Py<Str>> {
        if let Contents::Fixed(text) = self.contents.get(thread) {
            let text = text.clone();
            return text.substring(range, thread);
        }
        let part = match self.contents.get(thread) {
            // The points of a narrow text need not be wide.
            Contents::Points(points) => StrData::from_points(points[range].iter().copied()),
            contents => StrData::from_view(contents.view().slice(range)),
        };
        Str::try_from_view(part.view(), thread)
    }

    fn length(&self, thread: &Thread) -> usize {
        self.contents.get(thread).view().len()
    }

    /// Writes a text that is as it shall be kept.
    fn write_plain(&self, text: &Str, thread: &mut Thread) -> PyResult<()> {
        let (start, length) = (self.position.get(), text.length());
        let Some(end) = start.checked_add(length).filter(|it| *it <= isize::MAX as usize / 4) else {
            return Err(raise!(thread, OverflowError, "new position too large"));
        };
        let contents = self.contents.get_mut(thread);
        if let Contents::Growing(builder) = contents
            && builder.len() == start
        {
            builder.try_push_view(text.view()).or_memory_error(thread)?;
            self.position.set(end);
            return Ok(());
        }
        overwrite(contents, start..end, text.view()).or_memory_error(thread)?;
        self.position.set(end);
        Ok(())
    }

    /// `write`, with line ends translated.
    fn write_text(&self, text: &Str, thread: &mut Thread) -> PyResult<()> {
        let mut text = Py::from_ref(text);
        if self.mode.get().is_universal() {
            text = self.newlines.decode(&text, true, thread)?;
        }
        if let Some(written) = self.mode.get().written() {
            text = replace_line_feeds(&text, written, thread)?;
        }
        self.write_plain(&text, thread)
    }

    /// The next line, of at most `limit` characters.
    fn next_line(&self, limit: Option<usize>, thread: &mut Thread) -> PyResult<Py<Str>> {
        let view = self.contents.get(thread).view();
        let start = self.position.get().min(view.len());
        let end = limit.map_or(view.len(), |limit| view.len().min(start.saturating_add(limit)));
        let rest = view.slice(start..end);
        let length = self.mode.get().line_end().find(rest).unwrap_or(rest.len());
        if length > 0 {
            self.position.set(start + length);
        }
        self.part(start..start + length, thread)
    }

    /// Starts anew with a text.
    fn reset(&self, newline: Option<&Object>, mode: NewlineMode, thread: &mut Thread) {
        *self.contents.get_mut(thread) = Contents::default();
        self.position.set(0);
        self.closed.set(false);
        self.mode.set(mode);
        self.newline.set(newline.map(Py::from_ref));
        self.newlines.restart(mode.translates_reading());
        self.initialized.set(true);
    }
}

/// StringIO(initial_value='', newline='\n')
/// --
///
/// Text I/O implementation using an in-memory buffer.
///
/// The initial_value argument sets the value of object.  The newline
/// argument is like the one of TextIOWrapper's constructor.
#[python_type(name = "_io.StringIO", base = TextIoBase, flags(HEAPTYPE, BASETYPE), dealloc = deallocate::<StringIo>)]
impl StringIo {
    #[slot(tp_new)]
    fn new_instance(
        class: &Type,
        _arguments: &Tuple,
        _keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<StringIo>> {
        let value = StringIo {
            base: TextIoBase::fields(class),
            contents: Guarded::new(Contents::default()),
            position: Cell::new(0),
            closed: Cell::new(false),
            initialized: Cell::new(false),
            mode: Cell::new(NewlineMode::LineFeed),
            newlines: Newlines::default(),
            newline: Field::EMPTY,
        };
        Py::new_in(class, value, thread)
    }

    #[init]
    fn init(&self, initial_value: Option<&Object>, newline: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let line_feed = Str::from_str("\n", thread);
        let newline = newline.unwrap_or(&line_feed);
        let mode = NewlineMode::of_object(Some(newline), thread)?;
        let initial = match initial_value.filter(|it| !it.is_none()) {
            None => None,
            Some(value) => match value.downcast::<Str>() {
                Some(text) => Some(text),
                None => {
                    let class = value.class().full_name();
                    return Err(raise!(thread, TypeError, "initial_value must be str or None, not {class}"));
                }
            },
        };
        self.initialized.set(false);
        self.reset(Some(newline), mode, thread);
        let Some(initial) = initial.filter(|it| it.length() > 0) else { return Ok(()) };
        if mode == NewlineMode::LineFeed && initial.is_exactly::<Str>() {
            *self.contents.get_mut(thread) = Contents::Fixed(Py::from_ref(initial));
            return Ok(());
        }
        self.write_text(initial, thread)?;
        self.position.set(0);
        Ok(())
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Str>>> {
        self.check_open(thread)?;
        let line = if self.is_exactly::<StringIo>() {
            self.next_line(None, thread)?
        } else {
            let line = protocol::call_method(self, &names::readline, &[], thread)?;
            match line.downcast_into::<Str>() {
                Ok(line) => line,
                Err(other) => {
                    let class = other.class().full_name();
                    return Err(raise!(thread, OSError, "readline() should have returned a str object, not '{class}'"));
                }
            }
        };
        Ok((line.length() > 0).then_some(line))
    }

    /// close($self, /)
    /// --
    ///
    /// Close the IO object.
    ///
    /// Attempting any further operation after the object is closed
    /// will raise a ValueError.
    ///
    /// This method has no effect if the file is already closed.
    #[method]
    fn close(&self, thread: &mut Thread) {
        self.closed.set(true);
        drop(std::mem::take(self.contents.get_mut(thread)));
    }

    /// getvalue($self, /)
    /// --
    ///
    /// Retrieve the entire contents of the object.
    #[method]
    fn getvalue(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        self.check_open(thread)?;
        let length = self.length(thread);
        self.part(0..length, thread)
    }

    /// read($self, size=-1, /)
    /// --
    ///
    /// Read at most size characters, returned as a string.
    ///
    /// If the argument is negative or omitted, read until EOF
    /// is reached. Return an empty string at EOF.
    #[method]
    fn read(&self, #[default(Size(-1))] size: Size, thread: &mut Thread) -> PyResult<Py<Str>> {
        self.check_open(thread)?;
        let length = self.length(thread);
        let start = self.position.get().min(length);
        let count = usize::try_from(size.0).unwrap_or(usize::MAX).min(length - start);
        if count > 0 {
            self.position.set(start + count);
        }
        self.part(start..start + count, thread)
    }

    /// readline($self, size=-1, /)
    /// --
    ///
    /// Read until newline or EOF.
    ///
    /// Returns an empty string if EOF is hit immediately.
    #[method]
    fn readline(&self, #[default(Size(-1))] size: Size, thread: &mut Thread) -> PyResult<Py<Str>> {
        self.check_open(thread)?;
        self.next_line(usize::try_from(size.0).ok(), thread)
    }

    /// tell($self, /)
    /// --
    ///
    /// Tell the current file position.
    #[method]
    fn tell(&self, thread: &mut Thread) -> PyResult<usize> {
        self.check_open(thread)?;
        Ok(self.position.get())
    }

    /// truncate($self, pos=None, /)
    /// --
    ///
    /// Truncate size to pos.
    ///
    /// The pos argument defaults to the current file position, as
    /// returned by tell().  The current file position is unchanged.
    /// Returns the new absolute position.
    #[method]
    fn truncate(
        &self,
        #[default(OptionalPosition(None))] pos: OptionalPosition,
        thread: &mut Thread,
    ) -> PyResult<usize> {
        self.check_open(thread)?;
        let size = pos.0.unwrap_or(self.position.get() as isize);
        let Ok(length) = usize::try_from(size) else {
            return Err(raise!(thread, ValueError, "Negative size value {size}"));
        };
        if length < self.length(thread) {
            let points = self.contents.get_mut(thread).points_mut();
            points.map(|points| points.truncate(length)).or_memory_error(thread)?;
        }
        Ok(length)
    }

    /// seek($self, pos, whence=0, /)
    /// --
    ///
    /// Change stream position.
    ///
    /// Seek to character offset pos relative to position indicated by
    /// whence:
    ///     0  Start of stream (the default).  pos should be >= 0;
    ///     1  Current position - pos must be 0;
    ///     2  End of stream - pos must be 0.
    /// Returns the new absolute position.
    #[method]
    fn seek(&self, pos: isize, whence: i32, thread: &mut Thread) -> PyResult<usize> {
        self.check_open(thread)?;
        if !(0..=2).contains(&whence) {
            return Err(raise!(thread, ValueError, "Invalid whence ({whence}, should be 0, 1 or 2)"));
        }
        if whence == 0 && pos < 0 {
            return Err(raise!(thread, ValueError, "Negative seek position {pos}"));
        }
        if whence != 0 && pos != 0 {
            return Err(raise!(thread, OSError, "Can't do nonzero cur-relative seeks"));
        }
        match whence {
            0 => self.position.set(pos as usize),
            2 => self.position.set(self.length(thread)),
            _ => {}
        }
        Ok(self.position.get())
    }

    /// write($self, s, /)
    /// --
    ///
    /// Write string to file.
    ///
    /// Returns the number of characters written, which is always equal to
    /// the length of the string.
    #[method]
    fn write(&self, s: &Object, thread: &mut Thread) -> PyResult<usize> {
        let Some(text) = s.downcast::<Str>() else {
            let class = s.class().full_name();
            return Err(raise!(thread, TypeError, "string argument expected, got '{class}'"));
        };
        self.check_open(thread)?;
        if text.length() > 0 {
            self.write_text(text, thread)?;
        }
        Ok(text.length())
    }

    /// seekable($self, /)
    /// --
    ///
    /// Returns True if the IO object can be seeked.
    #[method]
    fn seekable(&self, thread: &mut Thread) -> PyResult<bool> {
        self.check_open(thread)?;
        Ok(true)
    }

    /// readable($self, /)
    /// --
    ///
    /// Returns True if the IO object can be read.
    #[method]
    fn readable(&self, thread: &mut Thread) -> PyResult<bool> {
        self.check_open(thread)?;
        Ok(true)
    }

    /// writable($self, /)
    /// --
    ///
    /// Returns True if the IO object can be written.
    #[method]
    fn writable(&self, thread: &mut Thread) -> PyResult<bool> {
        self.check_open(thread)?;
        Ok(true)
    }

    /// __getstate__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __getstate__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let value = self.getvalue(thread)?.into_object();
        let newline = self.newline.get().unwrap_or_else(|| thread.none());
        let position = protocol::make_int(self.position.get() as i128, thread);
        let dict = base::copy_of_attributes(self, thread)?;
        Tuple::new(vec![value, newline, position, dict], thread)
    }

    /// __setstate__($self, state, /)
    /// --
    ///
    ///
    #[method]
    fn __setstate__(&self, state: &Object, thread: &mut Thread) -> PyResult<()> {
        if self.closed.get() {
            return Err(raise!(thread, ValueError, "I/O operation on closed file"));
        }
        let items = state.downcast::<Tuple>().map(Tuple::items).filter(|it| it.len() >= 4);
        let Some([value, newline, position, dict, ..]) = items else {
            let (own, class) = (self.class().full_name(), state.class().full_name());
            return Err(raise!(thread, TypeError, "{own}.__setstate__ argument should be 4-tuple, got {class}"));
        };
        let Some(value) = value.downcast::<Str>() else {
            let class = value.class().full_name();
            return Err(raise!(thread, TypeError, "initial_value must be str or None, not {class}"));
        };
        let mode = NewlineMode::of_object(Some(newline), thread)?;
        self.reset(Some(newline), mode, thread);
        // The value was translated before.
        self.write_plain(value, thread)?;
        self.position.set(0);
        if position.downcast::<Int>().is_none() {
            let class = position.class().full_name();
            return Err(raise!(thread, TypeError, "third item of state must be an integer, got {class}"));
        }
        let position = protocol::index_or_raise(position, ValueError, thread)?;
        if position < 0 {
            return Err(raise!(thread, ValueError, "position value cannot be negative"));
        }
        self.position.set(position as usize);
        base::set_attributes(self, dict, "fourth", thread)
    }

    #[getter]
    fn closed(&self, thread: &mut Thread) -> PyResult<bool> {
        if !self.initialized.get() {
            return Err(raise!(thread, ValueError, "I/O operation on uninitialized object"));
        }
        Ok(self.closed.get())
    }

    #[getter(name = "newlines")]
    fn get_newlines(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.check_open(thread)?;
        if self.mode.get().is_universal() { self.newlines.seen_object(thread) } else { Ok(thread.none()) }
    }

    #[getter]
    fn line_buffering(&self, thread: &mut Thread) -> PyResult<bool> {
        self.check_open(thread)?;
        Ok(false)
    }
}
