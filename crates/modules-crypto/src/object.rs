//! What the hash objects of all modules have in common: arguments, and a message that is being hashed.

use builtins::bytes::Bytes;
use objects::errors::PyResult;
use objects::method::{FromArgument, Position};
use objects::protocol::buffer::{BytesLike, has_buffer};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use system::exclusive::{Exclusive, stable};

use crate::digest::{Digester, hex};

/// An argument that is to be hashed: any bytes-like object.
pub struct Message<'a>(pub BytesLike<'a>);

impl<'a> FromArgument<'a> for Message<'a> {
    fn from_argument(value: &'a Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        if value.downcast::<Str>().is_some() {
            return Err(raise!(thread, TypeError, "Strings must be encoded before hashing"));
        }
        if !has_buffer(value) {
            return Err(raise!(thread, TypeError, "object supporting the buffer API required"));
        }
        BytesLike::of(value, thread).map(Message)
    }
}

/// The message that a constructor's arguments `data` and `string` give.
pub fn initial<'a>(
    data: Option<Message<'a>>,
    string: Option<Message<'a>>,
    thread: &mut Thread,
) -> PyResult<Option<Message<'a>>> {
    match (data, string) {
        (Some(_), Some(_)) => Err(raise!(
            thread,
            TypeError,
            "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for removal \
             in a future version."
        )),
        (data, string) => Ok(data.or(string)),
    }
}

/// Something that takes a message piece by piece.
pub trait Absorb: Send {
    fn absorb(&mut self, data: &[u8]);
}

impl Absorb for Digester {
    fn absorb(&mut self, data: &[u8]) {
        self.update(data);
    }
}

/// Hashes more of a message.
pub fn update<T: Absorb>(state: &Exclusive<T>, message: &Message<'_>, thread: &mut Thread) -> PyResult<()> {
    let data = stable(&message.0, thread)?;
    state.compute(data.len(), thread, |it| it.absorb(&data));
    Ok(())
}

/// A message that starts with an argument.
pub fn started<T: Absorb>(mut state: T, message: Option<Message<'_>>, thread: &mut Thread) -> PyResult<Exclusive<T>> {
    if let Some(message) = message {
        let data = stable(&message.0, thread)?;
        if data.len() < system::exclusive::LONG {
            state.absorb(&data);
        } else {
            thread.without_lock(|| state.absorb(&data));
        }
    }
    Ok(Exclusive::new(state))
}

pub fn copy<T: Clone + Send>(state: &Exclusive<T>, thread: &mut Thread) -> Exclusive<T> {
    Exclusive::new(state.with(thread, |it| it.clone()))
}

pub fn digest(state: &Exclusive<Digester>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
    let digest = state.with(thread, |it| it.digest());
    Bytes::try_from_slice(&digest, thread)
}

pub fn hex_digest(state: &Exclusive<Digester>, thread: &mut Thread) -> String {
    hex(&state.with(thread, |it| it.digest()))
}
