//! The lock of a buffered stream: one thread at a time, and not twice by the same.
//!
//! All fields are only touched under the interpreter's lock, but for what a waiting thread sleeps on.

use std::cell::Cell;
use std::sync::{Condvar, Mutex, PoisonError};

use objects::gc::{Traverse, Visitor};
use objects::thread::Thread;

#[derive(Default)]
pub struct Lock {
    /// The thread that holds it, by the address of its state; zero for none.
    owner: Cell<usize>,
    waiting: Cell<usize>,
    /// Counts how often the lock became free while somebody waited.
    releases: Mutex<u64>,
    released: Condvar,
}

/// The thread holds the lock already.
pub struct Reentered;

impl Lock {
    /// Takes the lock; waits without the interpreter's lock while another thread has it.
    pub fn acquire(&self, thread: &mut Thread) -> Result<(), Reentered> {
        let own = std::ptr::from_ref(thread.state()) as usize;
        loop {
            match self.owner.get() {
                0 => {
                    self.owner.set(own);
                    return Ok(());
                }
                owner if owner == own => return Err(Reentered),
                _ => self.wait(thread),
            }
        }
    }

    fn wait(&self, thread: &mut Thread) {
        self.waiting.set(self.waiting.get() + 1);
        let seen = *self.releases.lock().unwrap_or_else(PoisonError::into_inner);
        thread.without_lock(|| {
            let mut count = self.releases.lock().unwrap_or_else(PoisonError::into_inner);
            while *count == seen {
                count = self.released.wait(count).unwrap_or_else(PoisonError::into_inner);
            }
        });
        self.waiting.set(self.waiting.get() - 1);
    }

    /// Gives the lock back.
    pub fn release(&self) {
        self.owner.set(0);
        if self.waiting.get() > 0 {
            *self.releases.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            self.released.notify_all();
        }
    }
}

impl Traverse for Lock {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}
