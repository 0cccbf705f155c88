//! Who is in SQLite with a connection, and who must not be.
//!
//! SQLite wants nothing to be done with a connection by its authorizer, which is asked while a statement is read, nor by its collations,
//! which are asked in the middle of a search; and by its progress handler only while a statement runs. It does not check that. What Python
//! code asks for then is refused; what it lets go of then is put off until SQLite has come back.

use std::cell::RefCell;
use std::ptr;

use libsqlite3_sys as sqlite;
use objects::refs::Py;
use objects::thread::{Thread, ThreadState};

use crate::statement::Statement;

/// What a thread is in SQLite for.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// Running this statement, which SQLite may have to read again first.
    Running(*mut sqlite::sqlite3_stmt),
    Other,
}

/// What is put off.
pub enum PutOff {
    Reset(Py<Statement>),
    Finalize(*mut sqlite::sqlite3_stmt),
    CloseBlob(*mut sqlite::sqlite3_blob),
}

/// Threads are named by the addresses of their states.
#[derive(Default)]
pub struct Usage {
    /// One entry for each call, the innermost of a thread last.
    inside: RefCell<Vec<(*const ThreadState, Work)>>,
    /// The threads that are in a callback that must not use the connection.
    refused: RefCell<Vec<*const ThreadState>>,
    put_off: RefCell<Vec<PutOff>>,
}

fn name_of(thread: &Thread) -> *const ThreadState {
    ptr::from_ref(thread.state())
}

/// Takes the last entry of a thread away.
fn remove_last<T>(entries: &RefCell<Vec<T>>, is_its: impl Fn(&T) -> bool) {
    let mut entries = entries.borrow_mut();
    if let Some(at) = entries.iter().rposition(is_its) {
        entries.remove(at);
    }
}

impl Usage {
    pub fn enter(&self, work: Work, thread: &Thread) {
        self.inside.borrow_mut().push((name_of(thread), work));
    }

    pub fn leave(&self, thread: &Thread) {
        let own = name_of(thread);
        remove_last(&self.inside, |it| it.0 == own);
    }

    #[inline]
    pub fn is_used_elsewhere(&self, thread: &Thread) -> bool {
        let own = name_of(thread);
        self.inside.borrow().iter().any(|it| it.0 != own)
    }

    /// True if the statement that the thread is in SQLite for runs. It does not while SQLite reads it.
    pub fn is_running(&self, thread: &Thread) -> bool {
        let own = name_of(thread);
        let work = self.inside.borrow().iter().rev().find(|it| it.0 == own).map(|it| it.1);
        match work {
            // SAFETY: the statement is valid, since its step has not come back.
            Some(Work::Running(statement)) => unsafe { sqlite::sqlite3_stmt_busy(statement) != 0 },
            _ => false,
        }
    }

    /// Runs a callback that must not use the connection.
    pub fn refusing<R>(&self, thread: &mut Thread, callback: impl FnOnce(&mut Thread) -> R) -> R {
        let own = name_of(thread);
        self.refused.borrow_mut().push(own);
        let result = callback(thread);
        remove_last(&self.refused, |it| *it == own);
        result
    }

    #[inline]
    pub fn is_refused(&self, thread: &Thread) -> bool {
        self.refused.borrow().contains(&name_of(thread))
    }

    pub fn put_off(&self, what: PutOff) {
        self.put_off.borrow_mut().push(what);
    }

    /// What has been put off, once it can be done.
    #[inline]
    pub fn take_put_off(&self, thread: &Thread) -> Vec<PutOff> {
        if self.put_off.borrow().is_empty() || self.is_refused(thread) {
            return Vec::new();
        }
        self.put_off.take()
    }
}
