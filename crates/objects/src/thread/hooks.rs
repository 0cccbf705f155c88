//! What the object core needs of higher layers: functions that the crates above fill in when an interpreter starts.

use std::cell::Cell;

use crate::dict::Dict;
use crate::errors::PyResult;
use crate::exceptions::BaseException;
use crate::raise;
use crate::refs::{Object, Py};
use crate::thread::Thread;

/// `super()` without arguments: the class and the first argument of the function that runs now.
pub type SuperArguments = fn(&mut Thread) -> PyResult<(Py<Object>, Py<Object>)>;
/// The globals of the function that runs now.
pub type CurrentGlobals = fn(&Thread) -> Option<Py<Dict>>;
/// `left | right` of classes.
pub type UnionMaker = fn(&Object, &Object, &mut Thread) -> PyResult<Py<Object>>;
/// `sys.unraisablehook`: an exception that nobody can catch, what to say of it, the object it concerns.
pub type Unraisable = fn(Py<BaseException>, &str, Option<&Object>, &mut Thread);

/// The functions; None until the layer that has them fills them in.
#[derive(Default)]
pub struct Hooks {
    pub super_arguments: Cell<Option<SuperArguments>>,
    pub current_globals: Cell<Option<CurrentGlobals>>,
    pub union: Cell<Option<UnionMaker>>,
    pub unraisable: Cell<Option<Unraisable>>,
}

impl Thread {
    /// The class and the receiver that `super()` means here.
    pub fn super_arguments(&mut self) -> PyResult<(Py<Object>, Py<Object>)> {
        match self.interpreter().hooks.super_arguments.get() {
            Some(find) => find(self),
            None => Err(raise!(self, RuntimeError, "super(): no current frame")),
        }
    }

    /// The globals of the function that runs now, if one does.
    pub fn current_globals(&self) -> Option<Py<Dict>> {
        self.interpreter().hooks.current_globals.get().and_then(|find| find(self))
    }

    /// Reports an exception that cannot be passed on: one raised by `__del__`, or by a weak reference's callback.
    pub fn report_unraisable(&mut self, raised: crate::errors::Raised, message: &str, object: Option<&Object>) {
        let exception = self.catch(raised);
        match self.interpreter().hooks.unraisable.get() {
            Some(report) => report(exception, message, object, self),
            None => {
                let kind = exception.class().full_name();
                let shown = crate::protocol::str(&exception, self).map(|it| it.to_string_lossy());
                drop(self.take_exception());
                eprintln!("{message}\n{kind}: {}", shown.unwrap_or_default());
            }
        }
    }
}
