//! The names of methods that are called again and again, interned once for each interpreter.

use std::cell::RefCell;

use objects::refs::Py;
use objects::str::Str;
use objects::thread::Thread;

#[derive(Clone, Copy, Debug)]
pub enum Name {
    Cursor,
    Execute,
    ExecuteMany,
    ExecuteScript,
    Step,
    Inverse,
    Value,
    Finalize,
    Upper,
    Adapt,
    Conform,
}

/// Their texts, in this order.
const TEXTS: [&str; 11] = [
    "cursor",
    "execute",
    "executemany",
    "executescript",
    "step",
    "inverse",
    "value",
    "finalize",
    "upper",
    "__adapt__",
    "__conform__",
];

/// What an interpreter keeps for this.
#[derive(Default)]
struct Names(RefCell<[Option<Py<Str>>; TEXTS.len()]>);

impl Name {
    pub fn text(self) -> &'static str {
        TEXTS[self as usize]
    }

    pub fn get(self, thread: &mut Thread) -> Py<Str> {
        let names = thread.interpreter().extension::<Names>();
        if let Some(known) = &names.0.borrow()[self as usize] {
            return known.clone();
        }
        let made = thread.intern_text(self.text());
        names.0.borrow_mut()[self as usize] = Some(made.clone());
        made
    }
}
