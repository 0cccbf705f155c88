//! What the object core needs of higher layers: functions that the crates above fill in when an interpreter starts.

use std::cell::{Cell, RefCell};
use std::ffi::{CString, c_char, c_int, c_void};
use std::fmt;

use layout::{Py_buffer, getbufferproc};

use crate::dict::Dict;
use crate::errors::{ExceptionKind, PyResult, ResourceWarning};
use crate::exceptions::BaseException;
use crate::raise;
use crate::refs::{Object, Py};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Type;

/// `super()` without arguments: the class and the first argument of the function that runs now.
pub type SuperArguments = fn(&mut Thread) -> PyResult<(Py<Object>, Py<Object>)>;
/// The globals of the function that runs now.
pub type CurrentGlobals = fn(&Thread) -> Option<Py<Dict>>;
/// The built-in names of the function that runs now: a dict or another mapping.
pub type CurrentBuiltins = fn(&Thread) -> Option<Py<Object>>;
/// `left | right` of classes.
pub type UnionMaker = fn(&Object, &Object, &mut Thread) -> PyResult<Py<Object>>;
/// `sys.unraisablehook`: an exception that nobody can catch, what to say of it, the object it concerns.
pub type Unraisable = fn(Py<BaseException>, &str, Option<&Object>, &mut Thread);
/// `warnings.warn(message, category, stack_level, source)`.
pub type Warn = fn(&str, &Type, isize, Option<&Object>, &mut Thread) -> PyResult<()>;
/// New `bytes` with these contents, or MemoryError.
pub type BytesMaker = fn(&[u8], &mut Thread) -> PyResult<Py<Object>>;
/// `base ** exponent` of floats, whose value is complex.
pub type ComplexPower = fn(f64, f64, &mut Thread) -> PyResult<Py<Object>>;
/// `sys.audit(event, *arguments)`; there only while somebody listens.
pub type Audit = fn(&str, &[&Object], &mut Thread) -> PyResult<()>;
/// Lets a signal arrive in the main thread, unless the system's own action is set for it; false if there is no such signal.
pub type SimulateSignal = fn(i32, &mut Thread) -> bool;
/// A traceback of the frame that runs now alone.
pub type TracebackHere = fn(&mut Thread) -> PyResult<Option<Py<Object>>>;

/// What the core needs of `memoryview`.
#[derive(Clone, Copy)]
pub struct MemoryViews {
    pub class: &'static Type,
    /// A memoryview of what a type's `bf_getbuffer` gives for an object.
    pub of_slot: fn(&Object, c_int, getbufferproc, &mut Thread) -> PyResult<Py<Object>>,
    /// A memoryview of a C view that is about to be released, of which no other view can be made.
    pub of_view: fn(&Py_buffer, &mut Thread) -> PyResult<Py<Object>>,
}

/// The functions; None until the layer that has them fills them in.
#[derive(Default)]
pub struct Hooks {
    pub super_arguments: Cell<Option<SuperArguments>>,
    pub current_globals: Cell<Option<CurrentGlobals>>,
    pub current_builtins: Cell<Option<CurrentBuiltins>>,
    pub union: Cell<Option<UnionMaker>>,
    pub unraisable: Cell<Option<Unraisable>>,
    pub traceback_here: Cell<Option<TracebackHere>>,
    pub warn: Cell<Option<Warn>>,
    pub make_bytes: Cell<Option<BytesMaker>>,
    pub memory_views: Cell<Option<MemoryViews>>,
    pub audit: Cell<Option<Audit>>,
    /// The audit hooks of C code, with what each of them asked to be given.
    pub native_audit: RefCell<Vec<(NativeAudit, *mut c_void)>>,
    pub simulate_signal: Cell<Option<SimulateSignal>>,
    pub complex_power: Cell<Option<ComplexPower>>,
}

/// `Py_AuditHookFunction`
pub type NativeAudit = unsafe extern "C-unwind" fn(*const c_char, *mut layout::PyObject, *mut c_void) -> c_int;

/// Tells audit hooks what is about to be done, with values that are made objects of only if somebody listens:
/// `audit!(thread, "os.chdir", path)?`.
#[macro_export]
macro_rules! audit {
    ($thread:expr, $event:expr $(, $value:expr)* $(,)?) => {
        if $thread.is_audited() {
            let values: &[$crate::refs::Py<$crate::refs::Object>] =
                &[$($crate::method::IntoObject::into_object($value, $thread)),*];
            let values: ::std::vec::Vec<&$crate::refs::Object> = values.iter().map(|it| &**it).collect();
            $thread.audit($event, &values)
        } else {
            Ok(())
        }
    };
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

    /// The built-in names that the function that runs now sees; those of the interpreter where none runs.
    pub fn current_builtins(&self) -> Option<Py<Object>> {
        let current = self.interpreter().hooks.current_builtins.get().and_then(|find| find(self));
        current.or_else(|| self.interpreter().builtins.get().map(Py::into_object))
    }

    /// Issues a warning, which becomes an exception where the filters say so. Before the machinery of warnings is there, nobody hears it.
    pub fn warn(&mut self, category: ExceptionKind, stack_level: isize, message: fmt::Arguments<'_>) -> PyResult<()> {
        match self.interpreter().hooks.warn.get() {
            Some(warn) => warn(&message.to_string(), category.as_type(), stack_level, None, self),
            None => Ok(()),
        }
    }

    /// Issues the warning that an object was left behind; what it is shows where it was allocated, if that is traced.
    pub fn warn_of_resource(&mut self, source: &Object, message: fmt::Arguments<'_>) -> PyResult<()> {
        match self.interpreter().hooks.warn.get() {
            Some(warn) => warn(&message.to_string(), ResourceWarning.as_type(), 1, Some(source), self),
            None => Ok(()),
        }
    }

    /// Whether audit hooks are there.
    #[inline(always)]
    pub fn is_audited(&self) -> bool {
        let hooks = &self.interpreter().hooks;
        hooks.audit.get().is_some() || !hooks.native_audit.borrow().is_empty()
    }

    /// Tells the audit hooks of C code alone.
    #[cold]
    #[inline(never)]
    pub fn audit_natively(&mut self, event: &str, arguments: &[&Object]) -> PyResult<()> {
        if self.interpreter().hooks.native_audit.borrow().is_empty() {
            return Ok(());
        }
        let name = CString::new(event).unwrap_or_default();
        let arguments = Tuple::from_slice(arguments, self)?;
        let mut index = 0;
        while let Some((hook, data)) = { self.interpreter().hooks.native_audit.borrow().get(index).copied() } {
            // SAFETY: a hook gets a C string, a tuple, and what it asked for.
            if unsafe { hook(name.as_ptr(), arguments.as_pointer(), data) } < 0 {
                return Err(self.raised_elsewhere());
            }
            index += 1;
        }
        Ok(())
    }

    /// Tells audit hooks what is about to be done (PEP 578). One that raises forbids it.
    #[inline]
    pub fn audit(&mut self, event: &str, arguments: &[&Object]) -> PyResult<()> {
        match self.interpreter().hooks.audit.get() {
            Some(audit) => audit(event, arguments, self),
            None if self.is_audited() => self.audit_natively(event, arguments),
            None => Ok(()),
        }
    }

    /// New `bytes` with these contents.
    pub fn make_bytes(&mut self, contents: &[u8]) -> PyResult<Py<Object>> {
        match self.interpreter().hooks.make_bytes.get() {
            Some(make) => make(contents, self),
            None => Err(raise!(self, SystemError, "this interpreter has no bytes")),
        }
    }

    /// A traceback of the frame that runs now, if one does.
    pub fn traceback_here(&mut self) -> PyResult<Option<Py<Object>>> {
        match self.interpreter().hooks.traceback_here.get() {
            Some(make) => make(self),
            None => Ok(None),
        }
    }

    /// What there is of `memoryview`.
    pub fn memory_views(&mut self) -> PyResult<MemoryViews> {
        match self.interpreter().hooks.memory_views.get() {
            Some(views) => Ok(views),
            None => Err(raise!(self, SystemError, "this interpreter has no memoryview")),
        }
    }

    /// Reports an exception that cannot be passed on: one raised by `__del__`, or by a weak reference's callback. The message ends with
    /// the representation of `culprit`.
    pub fn report_unraisable(&mut self, raised: crate::errors::Raised, message: &str, culprit: Option<&Object>) {
        let exception = self.catch(raised);
        let mut message = message.to_owned();
        if let Some(culprit) = culprit {
            match crate::protocol::repr(culprit, self) {
                Ok(shown) => message.push_str(&format!(" {}", shown.to_string_lossy())),
                Err(raised) => drop(self.catch(raised)),
            }
        }
        match self.interpreter().hooks.unraisable.get() {
            Some(report) => report(exception, &message, None, self),
            None => {
                let kind = exception.class().full_name();
                let shown = crate::protocol::str(&exception, self).map(|it| it.to_string_lossy());
                drop(self.take_exception());
                objects::error_line!("{message}:\n{kind}: {}", shown.unwrap_or_default());
            }
        }
    }
}
