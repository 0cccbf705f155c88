//! Items of queues and channels, and what becomes of those whose interpreter has ended.

use std::collections::VecDeque;
use std::sync::Arc;

use crossing::data::{Data, Fallback};
use objects::errors::PyResult;
use objects::raise;
use objects::thread::Thread;

/// What takes an item's place when its interpreter ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unbound {
    Remove = 1,
    Error = 2,
    Replace = 3,
}

/// What is done with items unless their sender says otherwise.
#[derive(Clone, Copy)]
pub struct Defaults {
    pub unbound: Unbound,
    pub fallback: Fallback,
}

impl Defaults {
    const START: Self = Self { unbound: Unbound::Replace, fallback: Fallback::Full };

    /// What the arguments of `create` mean.
    pub fn of_arguments(unbound: i32, fallback: i32, thread: &mut Thread) -> PyResult<Self> {
        Self::START.changed(unbound, fallback, thread)
    }

    /// These, but for what the arguments of a sender choose; negative numbers leave the choice.
    pub fn changed(self, unbound: i32, fallback: i32, thread: &mut Thread) -> PyResult<Self> {
        let chosen = match unbound {
            1 => Unbound::Remove,
            2 => Unbound::Error,
            3 => Unbound::Replace,
            negative if negative < 0 => self.unbound,
            _ => return Err(raise!(thread, ValueError, "unsupported unboundop {unbound}")),
        };
        let fallback = match Fallback::from_number(fallback) {
            Some(fallback) => fallback,
            None if fallback < 0 => self.fallback,
            None => return Err(raise!(thread, ValueError, "unsupported fallback {fallback}")),
        };
        Ok(Self { unbound: chosen, fallback })
    }
}

/// Something in a queue.
pub struct Item<W> {
    /// None once the interpreter that it came from has ended.
    pub data: Option<Data>,
    pub owner: i64,
    pub unbound: Unbound,
    /// Who waits for the item to be taken.
    pub waiting: Option<Arc<W>>,
}

/// Does with the items of an interpreter that has ended what their senders chose; what goes is given back, to be dropped without locks.
pub fn clear_interpreter<W>(items: &mut VecDeque<Item<W>>, number: i64) -> Vec<Item<W>> {
    let mut gone = Vec::new();
    let mut kept = VecDeque::with_capacity(items.len());
    for mut item in items.drain(..) {
        if item.owner != number {
            kept.push_back(item);
        } else if item.unbound == Unbound::Remove {
            gone.push(item);
        } else {
            let data = item.data.take();
            gone.push(Item { data, owner: number, unbound: item.unbound, waiting: None });
            kept.push_back(item);
        }
    }
    *items = kept;
    gone
}
