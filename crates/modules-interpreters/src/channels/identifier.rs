//! `ChannelID`: a channel's number, and which end is meant. The channel lives as long as an identifier of it does.

use std::cell::Cell;

use crossing::data::Crossing;
use crossing::import;
use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::int::Int;
use objects::protocol::{self, Comparison, make_int};
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance;

use super::raise_problem;
use super::state::{Channels, End, Problem};

/// A channel's number and end.
#[derive(Instance)]
#[repr(C)]
pub struct ChannelId {
    header: Header,
    number: i64,
    end: Cell<End>,
    /// Becomes an object of the library's classes when it crosses.
    resolve: bool,
    counted: Cell<Counted>,
}

/// Takes the identifier off the channel's count when it goes.
#[derive(Default)]
struct Counted(Option<i64>);

impl Drop for Counted {
    fn drop(&mut self) {
        if let Some(number) = self.0 {
            Channels::of_process().remove_identifier(number);
        }
    }
}

impl ChannelId {
    /// An identifier of a channel. `force`: also of one that does not exist.
    pub fn make(number: i64, end: End, force: bool, resolve: bool, thread: &mut Thread) -> PyResult<Py<ChannelId>> {
        let counted = match Channels::of_process().add_identifier(number) {
            Ok(()) => Some(number),
            Err(Problem::NotFound) if force => None,
            Err(problem) => return Err(raise_problem(problem, number, thread)),
        };
        let counted = Cell::new(Counted(counted));
        let value = ChannelId { header: Header::new(Self::class()), number, end: Cell::new(end), resolve, counted };
        Ok(Py::new(value, thread))
    }
}

/// The number and end that an argument means.
pub fn of_argument(id: &Object, thread: &mut Thread) -> PyResult<(i64, End)> {
    if let Some(id) = id.downcast::<ChannelId>() {
        return Ok((id.number, id.end.get()));
    }
    if !protocol::is_index(id) {
        let class = id.class().short_name();
        return Err(raise!(thread, TypeError, "channel ID must be an int, got {class}"));
    }
    let number: Py<Int> = protocol::index(id, thread)?;
    match number.to_i128() {
        Some(it) if it < 0 => {
            let shown = protocol::repr(id, thread)?.to_string_lossy();
            Err(raise!(thread, ValueError, "channel ID must be a non-negative int, got {shown}"))
        }
        Some(it) if i64::try_from(it).is_ok() => Ok((it as i64, End::Both)),
        _ => Err(raise!(thread, OverflowError, "int too big to convert")),
    }
}

/// An identifier on its way to another interpreter; it counts meanwhile.
struct IdCrossing {
    number: i64,
    end: End,
    resolve: bool,
    _counted: Counted,
}

/// Where the classes of channel ends are: the library has them for its tests alone.
const LIBRARIES: [&str; 2] = ["concurrent.interpreters._channels", "test.support.channels"];

/// `SendChannel` or `RecvChannel`.
pub fn library_class(end: End, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = if end == End::Receive { "RecvChannel" } else { "SendChannel" };
    match import::function(LIBRARIES[0], name, thread) {
        Ok(class) => Ok(class),
        Err(raised) => {
            drop(thread.catch(raised));
            import::function(LIBRARIES[1], name, thread)
        }
    }
}

impl Crossing for IdCrossing {
    fn object(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let id = ChannelId::make(self.number, self.end, false, false, thread)?;
        if !self.resolve {
            return Ok(id.into_object());
        }
        let made = library_class(self.end, thread).and_then(|class| protocol::call(&class, &[&id], thread));
        match made {
            Ok(channel) => Ok(channel),
            Err(raised) => {
                drop(thread.catch(raised));
                Ok(id.into_object())
            }
        }
    }
}

/// An end, as the library's classes have it, on its way to another interpreter.
struct EndCrossing(IdCrossing);

impl Crossing for EndCrossing {
    fn object(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let id = ChannelId::make(self.0.number, self.0.end, false, false, thread)?;
        let class = super::end_class(self.0.end, thread)?;
        protocol::call(&class, &[&id], thread)
    }
}

fn crossing_of(id: &ChannelId) -> IdCrossing {
    let counted = Channels::of_process().add_identifier(id.number).is_ok();
    let counted = Counted(counted.then_some(id.number));
    IdCrossing { number: id.number, end: id.end.get(), resolve: id.resolve, _counted: counted }
}

/// Lets an identifier cross.
pub fn cross(id: &Object, thread: &mut Thread) -> PyResult<Box<dyn Crossing>> {
    match id.downcast::<ChannelId>() {
        Some(id) => Ok(Box::new(crossing_of(id))),
        None => Err(raise!(thread, TypeError, "a channel ID is needed")),
    }
}

/// Lets an end cross, by its identifier.
pub fn cross_end(end: &Object, thread: &mut Thread) -> PyResult<Box<dyn Crossing>> {
    let name = thread.intern_text("_id");
    let id = protocol::get_attribute(end, &name, thread)?;
    match id.downcast::<ChannelId>() {
        Some(id) => Ok(Box::new(EndCrossing(crossing_of(id)))),
        None => {
            let class = id.class().full_name();
            Err(raise!(thread, TypeError, "'_id' attribute must be an _interpchannels.ChannelID object, not {class}"))
        }
    }
}

/// True for what `int` or `float` takes as a number.
fn is_number(object: &Object) -> bool {
    // SAFETY: a type's method suites live as long as the type.
    let slots = unsafe { object.class().slots().tp_as_number.get().as_ref() };
    slots.is_some_and(|it| it.nb_index.get().is_some() || it.nb_int.get().is_some() || it.nb_float.get().is_some())
}

/// A channel ID identifies a channel and may be used as an int.
#[python_type(name = "_interpchannels.ChannelID", flags(HEAPTYPE))]
impl ChannelId {
    #[slot(tp_repr)]
    fn repr(&self) -> String {
        match self.end.get() {
            End::Send => format!("ChannelID({}, send=True)", self.number),
            End::Receive => format!("ChannelID({}, recv=True)", self.number),
            End::Both => format!("ChannelID({})", self.number),
        }
    }

    #[slot(tp_str)]
    fn str(&self) -> String {
        self.number.to_string()
    }

    #[slot(nb_int)]
    fn int(&self, thread: &mut Thread) -> Py<Object> {
        make_int(i128::from(self.number), thread)
    }

    #[slot(nb_index)]
    fn index(&self, thread: &mut Thread) -> Py<Object> {
        make_int(i128::from(self.number), thread)
    }

    #[slot(tp_hash)]
    fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
        let number = make_int(i128::from(self.number), thread);
        protocol::hash(&number, thread)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let negated = match operation {
            Comparison::Equal => false,
            Comparison::NotEqual => true,
            _ => return Ok(thread.not_implemented()),
        };
        let equal = if let Some(other) = other.downcast::<ChannelId>() {
            self.end.get() == other.end.get() && self.number == other.number
        } else if let Some(other) = other.downcast::<Int>() {
            other.to_i128() == Some(i128::from(self.number))
        } else if is_number(other) {
            let own = make_int(i128::from(self.number), thread);
            return protocol::compare(&own, other, operation, thread);
        } else {
            return Ok(thread.not_implemented());
        };
        Ok(objects::bool::Bool::new(equal != negated))
    }

    /// 'send', 'recv', or 'both'
    #[getter]
    fn end(&self, thread: &mut Thread) -> Py<Str> {
        let name = match self.end.get() {
            End::Send => "send",
            End::Receive => "recv",
            End::Both => "both",
        };
        thread.intern_text(name)
    }

    /// the 'send' end of the channel
    #[getter]
    fn send(&self, thread: &mut Thread) -> PyResult<Py<ChannelId>> {
        ChannelId::make(self.number, End::Send, false, self.resolve, thread)
    }

    /// the 'recv' end of the channel
    #[getter]
    fn recv(&self, thread: &mut Thread) -> PyResult<Py<ChannelId>> {
        ChannelId::make(self.number, End::Receive, false, self.resolve, thread)
    }
}
