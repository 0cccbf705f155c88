//! The channels of the process: what is in them, which interpreters use which end, how they close.
//!
//! Nothing here is an object. What leaves a channel is dropped, and who waits is woken, after the mutex is free.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use objects::thread::runtime::runtime;

use crate::unbound::{self, Defaults};

/// An end of a channel, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    Receive = -1,
    Both = 0,
    Send = 1,
}

impl End {
    /// What the arguments `send` and `recv` of a function mean together.
    pub fn of_flags(send: bool, receive: bool) -> Self {
        match (send, receive) {
            (true, false) => End::Send,
            (false, true) => End::Receive,
            _ => End::Both,
        }
    }

    fn has(self, end: End) -> bool {
        self == End::Both || self == end
    }
}

/// What is wrong with a channel; each is an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    NotFound,
    Closed,
    /// While somebody waited.
    ClosedWaiting,
    /// By this interpreter.
    EndClosed,
    Empty,
    NotEmpty,
}

/// Somebody waits until an item is taken: None, then whether it was (false: the channel closed).
#[derive(Default)]
pub struct Waiting {
    outcome: Mutex<Option<bool>>,
    changed: Condvar,
}

impl Waiting {
    pub fn finish(&self, received: bool) {
        let mut outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        outcome.get_or_insert(received);
        drop(outcome);
        self.changed.notify_all();
    }

    /// What came of it, after at most this time.
    pub fn wait(&self, patience: Duration) -> Option<bool> {
        let outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        if outcome.is_some() {
            return *outcome;
        }
        let waited = self.changed.wait_timeout(outcome, patience);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

pub type Item = unbound::Item<Waiting>;

/// Tells those who wait for items that these will not be received.
pub fn abandon(items: impl IntoIterator<Item = Item>) {
    for item in items {
        if let Some(waiting) = &item.waiting {
            waiting.finish(false);
        }
    }
}

/// Which interpreters use an end, by number, and whether they still do.
type Users = Vec<(i64, bool)>;

pub struct Channel {
    items: VecDeque<Item>,
    pub defaults: Defaults,
    senders: Users,
    receivers: Users,
    open: bool,
    /// Nothing more is sent; closed once it is empty.
    closing: bool,
}

fn user(users: &Users, number: i64) -> Option<bool> {
    users.iter().find(|it| it.0 == number).map(|it| it.1)
}

fn associate(users: &mut Users, number: i64) -> Result<(), Problem> {
    match user(users, number) {
        Some(true) => Ok(()),
        Some(false) => Err(Problem::EndClosed),
        None => {
            users.push((number, true));
            Ok(())
        }
    }
}

fn release(users: &mut Users, number: i64) {
    match users.iter_mut().find(|it| it.0 == number) {
        Some(user) => user.1 = false,
        None => users.push((number, false)),
    }
}

impl Channel {
    fn new(defaults: Defaults) -> Self {
        let (senders, receivers) = (Vec::new(), Vec::new());
        Self { items: VecDeque::new(), defaults, senders, receivers, open: true, closing: false }
    }

    fn has_open_end(&self) -> bool {
        let all = || self.senders.iter().chain(&self.receivers);
        all().next().is_none() || all().any(|it| it.1)
    }
}

/// What `get_info` tells.
#[derive(Default)]
pub struct Information {
    pub open: bool,
    pub closing: bool,
    pub closed: bool,
    pub count: usize,
    pub sending: usize,
    pub sending_released: usize,
    pub receiving: usize,
    pub receiving_released: usize,
    pub both: usize,
    pub both_released: usize,
    pub both_send_released: usize,
    pub both_receive_released: usize,
    /// Whether the asking interpreter sends, and has stopped; the same for receiving.
    pub own_send: Option<bool>,
    pub own_receive: Option<bool>,
}

/// A number's channel, None once it has closed, and how many identifiers there are of it.
struct Entry {
    channel: Option<Channel>,
    identifiers: usize,
}

#[derive(Default)]
pub struct Listed {
    last: i64,
    entries: BTreeMap<i64, Entry>,
}

/// The channels of the process.
#[derive(Default)]
pub struct Channels(Mutex<Listed>);

impl Channels {
    pub fn of_process() -> Arc<Self> {
        runtime().shared::<Self>()
    }

    fn lock(&self) -> MutexGuard<'_, Listed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn create(&self, defaults: Defaults) -> i64 {
        let mut listed = self.lock();
        let number = listed.last;
        listed.last += 1;
        listed.entries.insert(number, Entry { channel: Some(Channel::new(defaults)), identifiers: 0 });
        number
    }

    pub fn destroy(&self, number: i64) -> Result<(), Problem> {
        let gone = self.lock().entries.remove(&number);
        let gone = gone.ok_or(Problem::NotFound)?;
        abandon(gone.channel.into_iter().flat_map(|it| it.items));
        Ok(())
    }

    /// Notes an identifier of a channel.
    pub fn add_identifier(&self, number: i64) -> Result<(), Problem> {
        let mut listed = self.lock();
        let entry = listed.entries.get_mut(&number).ok_or(Problem::NotFound)?;
        entry.identifiers += 1;
        Ok(())
    }

    /// An identifier goes, and the channel with the last one.
    pub fn remove_identifier(&self, number: i64) {
        let mut listed = self.lock();
        let Some(entry) = listed.entries.get_mut(&number) else { return };
        entry.identifiers = entry.identifiers.saturating_sub(1);
        let gone = if entry.identifiers == 0 { listed.entries.remove(&number) } else { None };
        drop(listed);
        abandon(gone.into_iter().filter_map(|it| it.channel).flat_map(|it| it.items));
    }

    pub fn list(&self) -> Vec<(i64, Defaults)> {
        let listed = self.lock();
        let open = listed.entries.iter().filter_map(|it| Some((*it.0, it.1.channel.as_ref()?.defaults)));
        open.collect()
    }

    /// Does something with an open channel.
    pub fn with<R>(&self, number: i64, work: impl FnOnce(&mut Channel) -> Result<R, Problem>) -> Result<R, Problem> {
        let mut listed = self.lock();
        let entry = listed.entries.get_mut(&number).ok_or(Problem::NotFound)?;
        let channel = entry.channel.as_mut().filter(|it| it.open).ok_or(Problem::Closed)?;
        work(channel)
    }

    /// Problem unless somebody may send.
    pub fn check_sending(&self, number: i64) -> Result<Defaults, Problem> {
        self.with(number, |it| if it.closing { Err(Problem::Closed) } else { Ok(it.defaults) })
    }

    /// Adds an item. One that cannot be sent comes back with the reason.
    pub fn send(&self, number: i64, interpreter: i64, item: Item) -> Result<(), (Problem, Item)> {
        let mut item = Some(item);
        let sent = self.with(number, |it| {
            if it.closing {
                return Err(Problem::Closed);
            }
            associate(&mut it.senders, interpreter)?;
            it.items.extend(item.take());
            Ok(())
        });
        match (sent, item) {
            (Err(problem), Some(item)) => Err((problem, item)),
            _ => Ok(()),
        }
    }

    /// Takes back an item that nobody has received, by who waits for it.
    pub fn take_back(&self, number: i64, waiting: &Arc<Waiting>) -> Option<Item> {
        let taken = self.with(number, |it| {
            let own = |it: &Item| it.waiting.as_ref().is_some_and(|it| Arc::ptr_eq(it, waiting));
            Ok(it.items.iter().position(own).and_then(|at| it.items.remove(at)))
        });
        taken.ok().flatten()
    }

    /// The next item.
    pub fn receive(&self, number: i64, interpreter: i64) -> Result<Item, Problem> {
        let mut listed = self.lock();
        let entry = listed.entries.get_mut(&number).ok_or(Problem::NotFound)?;
        let channel = entry.channel.as_mut().filter(|it| it.open).ok_or(Problem::Closed)?;
        associate(&mut channel.receivers, interpreter)?;
        let item = channel.items.pop_front().ok_or(Problem::Empty);
        if channel.items.is_empty() && channel.closing {
            entry.channel = None;
        }
        item
    }

    /// Closes a channel for all interpreters.
    pub fn close(&self, number: i64, end: End, force: bool) -> Result<(), Problem> {
        let mut listed = self.lock();
        let entry = listed.entries.get_mut(&number).ok_or(Problem::NotFound)?;
        let channel = entry.channel.as_mut().ok_or(Problem::Closed)?;
        if !channel.open || !force && end == End::Send && channel.closing {
            return Err(Problem::Closed);
        }
        if !force && !channel.items.is_empty() {
            if end != End::Send {
                return Err(Problem::NotEmpty);
            }
            channel.closing = true;
            return Ok(());
        }
        let gone = entry.channel.take();
        drop(listed);
        abandon(gone.into_iter().flat_map(|it| it.items));
        Ok(())
    }

    /// Closes ends of a channel for one interpreter.
    pub fn release(&self, number: i64, interpreter: i64, end: End) -> Result<(), Problem> {
        self.with(number, |it| {
            if end.has(End::Send) {
                release(&mut it.senders, interpreter);
            }
            if end.has(End::Receive) {
                release(&mut it.receivers, interpreter);
            }
            it.open = it.has_open_end();
            Ok(())
        })
    }

    /// True if the interpreter uses the end.
    pub fn is_associated(&self, number: i64, interpreter: i64, send: bool) -> Result<bool, Problem> {
        self.with(number, |it| {
            if send && it.closing {
                return Err(Problem::Closed);
            }
            Ok(user(if send { &it.senders } else { &it.receivers }, interpreter) == Some(true))
        })
    }

    pub fn count(&self, number: i64) -> Result<usize, Problem> {
        self.with(number, |it| Ok(it.items.len()))
    }

    pub fn information(&self, number: i64, interpreter: i64) -> Result<Information, Problem> {
        let listed = self.lock();
        let entry = listed.entries.get(&number).ok_or(Problem::NotFound)?;
        let Some(channel) = entry.channel.as_ref().filter(|it| it.open) else {
            return Ok(Information { closed: true, ..Information::default() });
        };
        let mut found = Information {
            open: !channel.closing,
            closing: channel.closing,
            count: channel.items.len(),
            own_send: user(&channel.senders, interpreter),
            own_receive: user(&channel.receivers, interpreter),
            ..Information::default()
        };
        for (number, sends) in &channel.senders {
            match (sends, user(&channel.receivers, *number)) {
                (true, None) => found.sending += 1,
                (false, None) => found.sending_released += 1,
                (true, Some(true)) => found.both += 1,
                (true, Some(false)) => found.both_receive_released += 1,
                (false, Some(true)) => found.both_send_released += 1,
                (false, Some(false)) => found.both_released += 1,
            }
        }
        for (number, receives) in &channel.receivers {
            match (receives, user(&channel.senders, *number)) {
                (true, None) => found.receiving += 1,
                (false, None) => found.receiving_released += 1,
                _ => {}
            }
        }
        Ok(found)
    }

    /// An interpreter has ended: its ends close, and its items become what their senders chose.
    pub fn forget_interpreter(&self, number: i64) {
        let mut listed = self.lock();
        let mut gone = Vec::new();
        for channel in listed.entries.values_mut().filter_map(|it| it.channel.as_mut()) {
            gone.extend(unbound::clear_interpreter(&mut channel.items, number));
            for users in [&mut channel.senders, &mut channel.receivers] {
                for user in users.iter_mut().filter(|it| it.0 == number) {
                    user.1 = false;
                }
            }
            channel.open = channel.has_open_end();
        }
        drop(listed);
        abandon(gone);
    }
}
