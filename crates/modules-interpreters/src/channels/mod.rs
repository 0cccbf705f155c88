//! `_interpchannels`: channels between interpreters, with an end for sending and one for receiving.

pub mod identifier;
pub mod information;
mod state;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossing::data::{self, Data};
use crossing::lifetime;
use macros::python_module;
use objects::errors::{BaseException, PyResult, Raised, RuntimeError};
use objects::list::List;
use objects::module::Module;
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Field, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::thread::runtime::runtime;
use objects::tuple::{Tuple, struct_sequence};
use objects::types::{Instance, Type};
use system::clock::{self, Rounding};
use system::exception;

use crate::queues::derive;
use crate::unbound::Defaults;

use identifier::{ChannelId, of_argument};
use state::{Channels, End, Item, Problem, Waiting};

const MODULE: &str = "_interpchannels";

/// What an interpreter knows of the module's and the library's classes.
#[derive(Default)]
struct Classes {
    error: Field,
    not_found: Field,
    closed: Field,
    empty: Field,
    not_empty: Field,
    send: Field,
    receive: Field,
}

/// Raises what is wrong with a channel.
fn raise_problem(problem: Problem, number: i64, thread: &mut Thread) -> Raised {
    let classes = thread.interpreter().extension::<Classes>();
    let (class, message) = match problem {
        Problem::NotFound => (&classes.not_found, format!("channel {number} not found")),
        Problem::Closed => (&classes.closed, format!("channel {number} is closed")),
        Problem::ClosedWaiting => (&classes.closed, format!("channel {number} has closed")),
        Problem::EndClosed => (&classes.closed, format!("channel {number} is already closed")),
        Problem::Empty => (&classes.empty, format!("channel {number} is empty")),
        Problem::NotEmpty => {
            (&classes.not_empty, format!("channel {number} may not be closed if not empty (try force=True)"))
        }
    };
    let Some(class) = class.get() else { return raise!(thread, RuntimeError, "{message}") };
    let message = Str::from_str(&message, thread);
    match protocol::call(&class, &[&message], thread) {
        Ok(exception) if exception.downcast::<BaseException>().is_some() => thread.raise(exception),
        Ok(_) => raise!(thread, TypeError, "exceptions must derive from BaseException"),
        Err(raised) => raised,
    }
}

/// The library's class for an end: as registered, or where the library has it.
fn end_class(end: End, thread: &mut Thread) -> PyResult<Py<Object>> {
    let classes = thread.interpreter().extension::<Classes>();
    let known = if end == End::Receive { classes.receive.get() } else { classes.send.get() };
    match known {
        Some(class) => Ok(class),
        None => identifier::library_class(end, thread),
    }
}

fn own_number(thread: &Thread) -> i64 {
    thread.interpreter().record().number()
}

/// `(…, unboundop, fallback)`
fn with_defaults(mut first: Vec<Py<Object>>, defaults: Defaults, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    first.push(make_int(defaults.unbound as i128, thread));
    first.push(make_int(i128::from(defaults.fallback.number()), thread));
    Tuple::new(first, thread)
}

/// How long a sender waits; None: for ever.
fn patience(timeout: Option<&Object>, blocking: bool, thread: &mut Thread) -> PyResult<Option<Duration>> {
    let Some(timeout) = timeout.filter(|it| !it.is_none()) else { return Ok(None) };
    if !blocking {
        return Err(raise!(thread, ValueError, "can't specify a timeout for a non-blocking call"));
    }
    let nanoseconds = clock::nanoseconds(timeout, Rounding::Up, thread)?;
    match u64::try_from(nanoseconds) {
        Ok(nanoseconds) => Ok(Some(Duration::from_nanos(nanoseconds))),
        Err(_) => Err(raise!(thread, ValueError, "timeout value must be a non-negative number")),
    }
}

/// How long a waiting sender looks away from signals.
const LOOK: Duration = Duration::from_millis(50);

/// Sends an item, and waits until it is received where that is wanted.
fn send(number: i64, item: Item, patience: Option<Duration>, thread: &mut Thread) -> PyResult<()> {
    let channels = Channels::of_process();
    let waiting = item.waiting.clone();
    if let Err((problem, item)) = channels.send(number, own_number(thread), item) {
        drop(item);
        return Err(raise_problem(problem, number, thread));
    }
    let Some(waiting) = waiting else { return Ok(()) };
    let end = patience.map(|it| Instant::now() + it);
    loop {
        let left = end.map_or(LOOK, |it| it.saturating_duration_since(Instant::now()).min(LOOK));
        match thread.without_lock(|| waiting.wait(left)) {
            Some(true) => return Ok(()),
            Some(false) => return Err(raise_problem(Problem::ClosedWaiting, number, thread)),
            None => {}
        }
        if let Err(raised) = thread.check_signals() {
            drop(channels.take_back(number, &waiting));
            return Err(raised);
        }
        if end.is_some_and(|it| Instant::now() >= it) {
            // Whoever has taken it just now has received it.
            return match channels.take_back(number, &waiting) {
                Some(item) => {
                    drop(item);
                    Err(raise!(thread, TimeoutError, "timed out"))
                }
                None if waiting.wait(LOOK) == Some(true) => Ok(()),
                None => Err(raise_problem(Problem::ClosedWaiting, number, thread)),
            };
        }
    }
}

/// The item for an object's data.
fn item(data: Data, chosen: Defaults, blocking: bool) -> Item {
    let owner = data.owner();
    let waiting = blocking.then(|| Arc::new(Waiting::default()));
    Item { data: Some(data), owner, unbound: chosen.unbound, waiting }
}

pub struct ChannelsModule;

/// This module provides primitive operations to manage Python interpreters.
/// The 'interpreters' module provides a more convenient interface.
#[python_module(name = "_interpchannels")]
impl ChannelsModule {
    /// channel_create(unboundop) -> cid
    ///
    /// Create a new cross-interpreter channel and return a unique generated ID.
    #[function]
    #[signature("(unboundop=-1, fallback=-1)")]
    fn create(
        #[default(-1)] unboundop: i32,
        #[default(-1)] fallback: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<ChannelId>> {
        let defaults = Defaults::of_arguments(unboundop, fallback, thread)?;
        let number = Channels::of_process().create(defaults);
        ChannelId::make(number, End::Both, false, false, thread)
    }

    /// channel_destroy(cid)
    ///
    /// Close and finalize the channel.  Afterward attempts to use the channel
    /// will behave as though it never existed.
    #[function]
    #[signature("(cid)")]
    fn destroy(cid: &Object, thread: &mut Thread) -> PyResult<()> {
        let (number, _) = of_argument(cid, thread)?;
        let destroyed = Channels::of_process().destroy(number);
        destroyed.map_err(|problem| raise_problem(problem, number, thread))
    }

    /// channel_list_all() -> [cid]
    ///
    /// Return the list of all IDs for active channels.
    #[function]
    #[signature("()")]
    fn list_all(thread: &mut Thread) -> PyResult<Py<List>> {
        let list = List::empty(thread);
        for (number, defaults) in Channels::of_process().list() {
            let id = ChannelId::make(number, End::Both, true, false, thread)?.into_object();
            let entry = with_defaults(vec![id], defaults, thread)?;
            list.push(entry.into_object(), thread)?;
        }
        Ok(list)
    }

    /// channel_list_interpreters(cid, *, send) -> [id]
    ///
    /// Return the list of all interpreter IDs associated with an end of the channel.
    ///
    /// The 'send' argument should be a boolean indicating whether to use the send or
    /// receive end.
    #[function]
    #[signature("(cid, *, send)")]
    fn list_interpreters(cid: &Object, send: bool, thread: &mut Thread) -> PyResult<Py<List>> {
        let (number, _) = of_argument(cid, thread)?;
        let channels = Channels::of_process();
        let list = List::empty(thread);
        for record in runtime().records() {
            let associated = channels.is_associated(number, record.number(), send);
            if associated.map_err(|problem| raise_problem(problem, number, thread))? {
                let id = make_int(i128::from(record.number()), thread);
                list.push(id, thread)?;
            }
        }
        Ok(list)
    }

    /// channel_send(cid, obj, *, blocking=True, timeout=None)
    ///
    /// Add the object's data to the channel's queue.
    /// By default this waits for the object to be received.
    #[function]
    #[signature("(cid, obj, unboundop=-1, fallback=-1, *, blocking=True, timeout=None)")]
    fn send(
        cid: &Object,
        obj: &Object,
        #[default(-1)] unboundop: i32,
        #[default(-1)] fallback: i32,
        #[default(true)] blocking: bool,
        timeout: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let (number, _) = of_argument(cid, thread)?;
        let patience = patience(timeout, blocking, thread)?;
        let defaults = Channels::of_process().check_sending(number);
        let defaults = defaults.map_err(|problem| raise_problem(problem, number, thread))?;
        let chosen = defaults.changed(unboundop, fallback, thread)?;
        let data = Data::of(obj, chosen.fallback, thread)?;
        send(number, item(data, chosen, blocking), patience, thread)
    }

    /// channel_send_buffer(cid, obj, *, blocking=True, timeout=None)
    ///
    /// Add the object's buffer to the channel's queue.
    /// By default this waits for the object to be received.
    #[function]
    #[signature("(cid, obj, unboundop=-1, fallback=-1, *, blocking=True, timeout=None)")]
    fn send_buffer(
        cid: &Object,
        obj: &Object,
        #[default(-1)] unboundop: i32,
        #[default(-1)] fallback: i32,
        #[default(true)] blocking: bool,
        timeout: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let (number, _) = of_argument(cid, thread)?;
        let patience = patience(timeout, blocking, thread)?;
        let view = builtins::memoryview::MemoryView::of(obj, layout::PyBUF_FULL_RO, thread)?;
        let defaults = Channels::of_process().check_sending(number);
        let defaults = defaults.map_err(|problem| raise_problem(problem, number, thread))?;
        let chosen = defaults.changed(unboundop, fallback, thread)?;
        let data = Data::of(&view, chosen.fallback, thread)?;
        send(number, item(data, chosen, blocking), patience, thread)
    }

    /// channel_recv(cid, [default]) -> (obj, unboundop)
    ///
    /// Return a new object from the data at the front of the channel's queue.
    ///
    /// If there is nothing to receive then raise ChannelEmptyError, unless
    /// a default value is provided.  In that case return it.
    #[function]
    #[signature("(cid, default=<unrepresentable>)")]
    fn recv(cid: &Object, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let (number, _) = of_argument(cid, thread)?;
        let received = Channels::of_process().receive(number, own_number(thread));
        let item = match (received, default) {
            (Ok(item), _) => item,
            (Err(Problem::Empty), Some(default)) => {
                return Tuple::new(vec![Py::from_ref(default), thread.none()], thread);
            }
            (Err(problem), _) => return Err(raise_problem(problem, number, thread)),
        };
        let (object, unbound) = match &item.data {
            Some(data) => (data.object(thread), thread.none()),
            None => (Ok(thread.none()), make_int(item.unbound as i128, thread)),
        };
        if let Some(waiting) = &item.waiting {
            waiting.finish(true);
        }
        Tuple::new(vec![object?, unbound], thread)
    }

    /// channel_close(cid, *, send=None, recv=None, force=False)
    ///
    /// Close the channel for all interpreters.
    ///
    /// If the channel is empty then the keyword args are ignored and both
    /// ends are immediately closed.  Otherwise, if 'force' is True then
    /// all queued items are released and both ends are immediately
    /// closed.
    ///
    /// If the channel is not empty *and* 'force' is False then following
    /// happens:
    ///
    ///  * recv is True (regardless of send):
    ///    - raise ChannelNotEmptyError
    ///  * recv is None and send is None:
    ///    - raise ChannelNotEmptyError
    ///  * send is True and recv is not True:
    ///    - fully close the 'send' end
    ///    - close the 'recv' end to interpreters not already receiving
    ///    - fully close it once empty
    ///
    /// Closing an already closed channel results in a ChannelClosedError.
    ///
    /// Once the channel's ID has no more ref counts in any interpreter
    /// the channel will be destroyed.
    #[function]
    #[signature("(cid, *, send=False, recv=False, force=False)")]
    fn close(cid: &Object, send: bool, recv: bool, force: bool, thread: &mut Thread) -> PyResult<()> {
        let (number, _) = of_argument(cid, thread)?;
        let closed = Channels::of_process().close(number, End::of_flags(send, recv), force);
        closed.map_err(|problem| raise_problem(problem, number, thread))
    }

    /// channel_release(cid, *, send=None, recv=None, force=True)
    ///
    /// Close the channel for the current interpreter.  'send' and 'recv'
    /// (bool) may be used to indicate the ends to close.  By default both
    /// ends are closed.  Closing an already closed end is a noop.
    #[function]
    #[signature("(cid, *, send=False, recv=False, force=False)")]
    fn release(cid: &Object, send: bool, recv: bool, force: bool, thread: &mut Thread) -> PyResult<()> {
        // What is in the channel stays, whatever is asked for.
        let _ = force;
        let (number, _) = of_argument(cid, thread)?;
        let released = Channels::of_process().release(number, own_number(thread), End::of_flags(send, recv));
        released.map_err(|problem| raise_problem(problem, number, thread))
    }

    /// get_count(cid)
    ///
    /// Return the number of items in the channel.
    #[function]
    #[signature("(cid)")]
    fn get_count(cid: &Object, thread: &mut Thread) -> PyResult<usize> {
        let (number, _) = of_argument(cid, thread)?;
        Channels::of_process().count(number).map_err(|problem| raise_problem(problem, number, thread))
    }

    /// get_info(cid)
    ///
    /// Return details about the channel.
    #[function]
    #[signature("(cid)")]
    fn get_info(cid: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (number, _) = of_argument(cid, thread)?;
        let found = Channels::of_process().information(number, own_number(thread));
        let found = found.map_err(|problem| raise_problem(problem, number, thread))?;
        information::object(&found, thread)
    }

    /// get_channel_defaults(cid)
    ///
    /// Return the channel's default values, set when it was created.
    #[function]
    #[signature("(cid)")]
    fn get_channel_defaults(cid: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let (number, _) = of_argument(cid, thread)?;
        let defaults = Channels::of_process().with(number, |it| Ok(it.defaults));
        let defaults = defaults.map_err(|problem| raise_problem(problem, number, thread))?;
        with_defaults(Vec::new(), defaults, thread)
    }

    #[function]
    #[signature("(cid, *, send=<unrepresentable>, recv=<unrepresentable>, force=False, _resolve=False)")]
    fn _channel_id(
        cid: &Object,
        send: Option<bool>,
        recv: Option<bool>,
        force: bool,
        _resolve: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<ChannelId>> {
        let (number, end) = of_argument(cid, thread)?;
        let end = match (send, recv) {
            (Some(false), Some(false)) => {
                return Err(raise!(thread, ValueError, "'send' and 'recv' cannot both be False"));
            }
            (None, None) => end,
            _ => End::of_flags(send == Some(true), recv == Some(true)),
        };
        ChannelId::make(number, end, force, _resolve, thread)
    }

    #[function]
    #[signature("(send, recv)")]
    fn _register_end_types(send: &Object, recv: &Object, thread: &mut Thread) -> PyResult<()> {
        let Some(sending) = send.downcast::<Type>() else {
            return Err(raise!(thread, TypeError, "expected a type for 'send'"));
        };
        let Some(receiving) = recv.downcast::<Type>() else {
            return Err(raise!(thread, TypeError, "expected a type for 'recv'"));
        };
        let classes = thread.interpreter().extension::<Classes>();
        classes.send.set(Some(Py::from_ref(send)));
        classes.receive.set(Some(Py::from_ref(recv)));
        data::register(sending, identifier::cross_end, thread);
        data::register(receiving, identifier::cross_end, thread);
        Ok(())
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        lifetime::on_end(|number| Channels::of_process().forget_interpreter(number));
        data::register(ChannelId::class(), identifier::cross, thread);
        let information = struct_sequence::prepare::<information::ChannelInfo>(thread)?;
        module.set("ChannelInfo", &information, thread)?;
        module.set("ChannelID", ChannelId::class(), thread)?;
        let error = exception::new_exception(MODULE, "ChannelError", &[RuntimeError], thread)?;
        let classes = thread.interpreter().extension::<Classes>();
        module.set("ChannelError", &error, thread)?;
        let derived = [
            ("ChannelNotFoundError", &classes.not_found),
            ("ChannelClosedError", &classes.closed),
            ("ChannelEmptyError", &classes.empty),
            ("ChannelNotEmptyError", &classes.not_empty),
        ];
        for (name, place) in derived {
            let class = derive(&error, MODULE, name, thread)?;
            module.set(name, &class, thread)?;
            place.set(Some(class));
        }
        classes.error.set(Some(error));
        Ok(())
    }
}
