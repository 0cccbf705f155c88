//! Setting, taking and examining the current exception.

use std::fmt;
use std::ptr;

use super::{BaseException, MemoryError, PyResult, Raised, RecursionError, SystemError, TypeError};
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::{Thread, ThreadState};
use crate::types::{Type, TypeDeclaration};

impl Thread {
    /// Sets a new exception of `kind` with a text as its one argument.
    #[cold]
    #[inline(never)]
    pub fn raise_message(&mut self, kind: ExceptionKind, message: fmt::Arguments<'_>) -> Raised {
        let text = match message.as_str() {
            Some(text) => Str::from_str(text, self),
            None => Str::from_str(&message.to_string(), self),
        };
        self.raise_with_argument(kind, text.into_object())
    }

    /// Sets a new exception of `kind` with one argument (`KeyError(key)`, `StopIteration(value)`).
    #[cold]
    #[inline(never)]
    pub fn raise_with_argument(&mut self, kind: ExceptionKind, argument: Py<Object>) -> Raised {
        // C code may raise while an exception is set: the new one takes its place.
        drop(self.take_exception());
        match crate::protocol::call_one(kind.as_type(), &argument, self) {
            Ok(exception) => self.raise(exception),
            Err(raised) => raised,
        }
    }

    /// Sets a new exception of `kind` without arguments.
    #[cold]
    #[inline(never)]
    pub fn raise_kind(&mut self, kind: ExceptionKind) -> Raised {
        // C code may raise while an exception is set: the new one takes its place.
        drop(self.take_exception());
        match crate::protocol::call(kind.as_type(), &[], self) {
            Ok(exception) => self.raise(exception),
            Err(raised) => raised,
        }
    }

    /// Sets an exception object; the exception that is being handled becomes its context (PEP 3134).
    pub fn raise(&mut self, exception: Py<Object>) -> Raised {
        match exception.downcast_into::<BaseException>() {
            Ok(exception) => {
                self.chain_context(&exception);
                self.set_exception(exception)
            }
            Err(_) => self.raise_message(TypeError, format_args!("exceptions must derive from BaseException")),
        }
    }

    /// Sets an exception object as it is, without touching its context.
    pub fn set_exception(&mut self, exception: Py<BaseException>) -> Raised {
        let old = self.state().base().current_exception.replace(exception.into_pointer());
        // SAFETY: the thread state owned the exception that was set before, and gives it up.
        drop(unsafe { Py::<Object>::steal_pointer(old) });
        Raised
    }

    /// Sets an exception again that was caught: neither its context nor its traceback is touched.
    pub fn reraise(&mut self, exception: Py<BaseException>) -> Raised {
        self.set_exception(exception)
    }

    /// As [`Thread::reraise`], by an instruction: the loop does not add the frame to the traceback again.
    pub fn reraise_here(&mut self, exception: Py<BaseException>) -> Raised {
        self.state().set_reraising(true);
        self.set_exception(exception)
    }

    /// Makes the exception that is being handled the context of a new one, without making a cycle.
    fn chain_context(&mut self, exception: &Py<BaseException>) {
        let Some(handled) = self.handled_exception() else { return };
        if handled.is(exception) {
            return;
        }
        break_context_cycle(&handled, exception);
        exception.set_context(Some(handled));
    }

    /// The innermost exception that is being handled (`sys.exception()`).
    pub fn handled_exception(&self) -> Option<Py<BaseException>> {
        self.state().handled_exception()
    }

    /// True if an exception is set.
    #[inline(always)]
    pub fn is_raised(&self) -> bool {
        !self.state().base().current_exception.get().is_null()
    }

    /// The token for an exception that C code, or a hook, has set.
    pub fn raised_elsewhere(&mut self) -> Raised {
        if !self.is_raised() {
            return self.raise_message(SystemError, format_args!("error return without exception set"));
        }
        Raised
    }

    /// Takes the exception off the thread, whether or not one is set.
    pub fn take_exception(&mut self) -> Option<Py<BaseException>> {
        let exception = self.state().base().current_exception.replace(ptr::null_mut());
        // SAFETY: the thread state owned the exception and gives it up; what is set is an exception.
        unsafe { Py::steal_pointer(exception) }
    }

    /// Puts back what [`Thread::take_exception`] took.
    pub fn restore_exception(&mut self, exception: Option<Py<BaseException>>) {
        if let Some(exception) = exception {
            let Raised = self.set_exception(exception);
        }
    }

    /// The exception behind a token, taken off the thread.
    pub fn catch(&mut self, raised: Raised) -> Py<BaseException> {
        let Raised = raised;
        self.take_exception().expect("a Raised token exists only while an exception is set")
    }

    /// True if the exception behind the token is an instance of `kind`.
    pub fn raised_is(&self, kind: ExceptionKind) -> bool {
        // SAFETY: the thread state owns the exception that is set.
        let exception = unsafe { Object::from_pointer(self.state().base().current_exception.get()) };
        exception.is_some_and(|it| it.class().is_subtype(kind.as_type()))
    }

    /// Turns an exception of `kind` into None, and passes others on.
    pub fn suppress<T>(&mut self, result: PyResult<T>, kind: ExceptionKind) -> PyResult<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(raised) if self.raised_is(kind) => {
                drop(self.catch(raised));
                Ok(None)
            }
            Err(raised) => Err(raised),
        }
    }

    #[cold]
    pub fn raise_memory_error(&mut self) -> Raised {
        // An allocator of C code's that refuses everything must not refuse this.
        let passed = self.allocator().set_passed(true);
        let raised = self.raise_kind(MemoryError);
        self.allocator().set_passed(passed);
        raised
    }

    #[cold]
    pub fn raise_recursion_error(&mut self, used: usize, doing: &str) -> Raised {
        // The limit leaves room below it for making this exception; while that happens the limit is lowered.
        let limit = self.state().stack_limit();
        self.set_stack_limit(limit.saturating_sub(STACK_FOR_ERRORS));
        let used = used / 1024;
        let raised = self.raise_message(RecursionError, format_args!("Stack overflow (used {used} kB){doing}"));
        self.set_stack_limit(limit);
        raised
    }
}

impl ThreadState {
    /// The innermost exception that is being handled (`sys.exception()`).
    pub fn handled_exception(&self) -> Option<Py<BaseException>> {
        let mut item = self.base().exc_info.get();
        // SAFETY: `exc_info` is never null, and its items live in the thread state or in running generators.
        while let Some(level) = unsafe { item.as_ref() } {
            // SAFETY: a level owns a reference to its exception, or holds null or None.
            if let Some(object) = unsafe { Object::from_pointer(level.exc_value.get()) }
                && let Some(exception) = object.downcast::<BaseException>()
            {
                return Some(Py::from_ref(exception));
            }
            item = level.previous_item.get();
        }
        None
    }
}

/// Bytes of native stack, below the limit, that are kept for making a RecursionError.
const STACK_FOR_ERRORS: usize = 64 * 1024;

/// A kind of exception that Rust code raises: the declaration of its type.
pub type ExceptionKind = &'static TypeDeclaration;

/// Cuts `exception` out of the chain of contexts that starts at `from`, so that making `from` its context makes no cycle.
fn break_context_cycle(from: &Py<BaseException>, exception: &Py<BaseException>) {
    let (mut fast, mut slow) = (from.clone(), from.clone());
    let mut advance_slow = false;
    while let Some(context) = fast.context() {
        if context.is(exception) {
            fast.set_context(None);
            return;
        }
        fast = context;
        if std::ptr::eq(&*fast, &*slow) {
            return;
        }
        advance_slow = !advance_slow;
        if !advance_slow && let Some(next) = slow.context() {
            slow = next;
        }
    }
}

/// The name of a type as messages print it.
pub fn type_name(object: &Object) -> String {
    Type::short_name(object.class())
}
