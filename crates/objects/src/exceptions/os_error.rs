//! `OSError`: errors that the operating system reports, and the subclass that each error number means.

use std::cell::Cell;
use std::io;
use std::mem::offset_of;

use macros::{Instance, python_type};

use super::base::{BaseException, refuse_keywords};
use super::hierarchy::*;
use crate::dict::Dict;
use crate::errors::{ExceptionKind, PyResult, Raised};
use crate::int::Int;
use crate::protocol;
use crate::raise;
use crate::refs::{Field, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Member, MemberKind, Type};

/// Base class for I/O related errors.
#[derive(Instance)]
#[repr(C)]
pub struct OSError {
    base: Exception,
    /// The error number.
    pub errno: Field,
    strerror: Field,
    filename: Field,
    filename2: Field,
    /// Of BlockingIOError; −1 in all others.
    written: Cell<isize>,
}

const _: () = {
    assert!(size_of::<OSError>() == size_of::<layout::PyOSErrorObject>());
    assert!(offset_of!(OSError, written) == offset_of!(layout::PyOSErrorObject, written));
};

const MEMBERS: &[Member] = &[
    Member::writable(c"errno", MemberKind::Object, offset_of!(OSError, errno), Some(c"POSIX exception code")),
    Member::writable(c"strerror", MemberKind::Object, offset_of!(OSError, strerror), Some(c"exception strerror")),
    Member::writable(c"filename", MemberKind::Object, offset_of!(OSError, filename), Some(c"exception filename")),
    Member::writable(
        c"filename2",
        MemberKind::Object,
        offset_of!(OSError, filename2),
        Some(c"second exception filename"),
    ),
];

/// Which subclass an error number means. The numbers are those of Linux on x86-64.
const KINDS: &[(i32, ExceptionKind)] = &[
    (1, PermissionError),
    (2, FileNotFoundError),
    (3, ProcessLookupError),
    (4, InterruptedError),
    (10, ChildProcessError),
    (11, BlockingIOError),
    (13, PermissionError),
    (17, FileExistsError),
    (20, NotADirectoryError),
    (21, IsADirectoryError),
    (32, BrokenPipeError),
    (103, ConnectionAbortedError),
    (104, ConnectionResetError),
    (108, BrokenPipeError),
    (110, TimeoutError),
    (111, ConnectionRefusedError),
    (114, BlockingIOError),
    (115, BlockingIOError),
];

/// `os.strerror(number)`.
pub fn os_error_text(number: i32) -> String {
    let text = io::Error::from_raw_os_error(number).to_string();
    match text.rsplit_once(" (os error") {
        Some((text, _)) => text.to_owned(),
        None => text,
    }
}

impl Thread {
    /// Sets the OSError, or the subclass of it, that an error number means.
    #[cold]
    pub fn raise_os_error(&mut self, number: i32, filename: Option<&Object>) -> Raised {
        let text = os_error_text(number);
        self.raise_os_error_with_text(number, &text, filename, None)
    }

    /// As [`Thread::raise_os_error`], for calls with two file names.
    #[cold]
    pub fn raise_os_error_of_two(&mut self, number: i32, filename: &Object, filename2: &Object) -> Raised {
        let text = os_error_text(number);
        self.raise_os_error_with_text(number, &text, Some(filename), Some(filename2))
    }

    /// As [`Thread::raise_os_error`], from what the standard library of Rust reports.
    #[cold]
    pub fn raise_io_error(&mut self, error: &io::Error, filename: Option<&Object>) -> Raised {
        match error.raw_os_error() {
            Some(number) => self.raise_os_error(number, filename),
            None => raise!(self, OSError, "{error}"),
        }
    }

    /// As [`Thread::raise_os_error`], with a text that the caller knows better.
    #[cold]
    pub fn raise_os_error_with_text(
        &mut self,
        number: i32,
        text: &str,
        filename: Option<&Object>,
        filename2: Option<&Object>,
    ) -> Raised {
        let number = Int::from_i128(i128::from(number), self);
        let text = Str::from_str(text, self);
        let none = self.none();
        let mut arguments: Vec<&Object> = vec![&number, &text];
        arguments.extend(filename);
        if let Some(filename2) = filename2 {
            arguments.extend([&*none, filename2]);
        }
        match protocol::call(OSError.as_type(), &arguments, self) {
            Ok(exception) => self.raise(exception),
            Err(raised) => raised,
        }
    }
}

/// The meaning of the arguments, if there are as many as have one.
struct Parts {
    errno: Option<Py<Object>>,
    strerror: Option<Py<Object>>,
    filename: Option<Py<Object>>,
    filename2: Option<Py<Object>>,
}

impl Parts {
    fn of(arguments: &Tuple) -> Self {
        let items = arguments.items();
        let known = if (2..=5).contains(&items.len()) { items } else { &[] };
        let part = |index: usize| known.get(index).cloned();
        Self { errno: part(0), strerror: part(1), filename: part(2), filename2: part(4) }
    }

    /// The subclass that the error number means.
    fn kind(&self) -> Option<ExceptionKind> {
        let number = self.errno.as_ref()?.downcast::<Int>()?.to_i128()?;
        KINDS.iter().find(|(it, _)| i128::from(*it) == number).map(|(_, kind)| *kind)
    }
}

/// True if a derived class has an `__init__` of its own but not a `__new__`: then the work waits for `__init__`, which may change the
/// arguments.
fn leaves_work_to_init(class: &Type) -> bool {
    let (own, plain) = (class.slots(), OSError::class().slots());
    let same_init = own.tp_init.get().zip(plain.tp_init.get()).is_some_and(|(a, b)| std::ptr::fn_addr_eq(a, b));
    let same_new = own.tp_new.get().zip(plain.tp_new.get()).is_some_and(|(a, b)| std::ptr::fn_addr_eq(a, b));
    !same_init && same_new
}

fn is_given(value: &Option<Py<Object>>) -> bool {
    value.as_ref().is_some_and(|it| !it.is_none())
}

impl OSError {
    fn fill(&self, arguments: &Tuple, parts: Parts, thread: &mut Thread) -> PyResult<()> {
        let mut args = Py::from_ref(arguments);
        if let Some(filename) = parts.filename.filter(|it| !it.is_none()) {
            if self.is_exactly::<BlockingIOError>() && protocol::is_index(&filename) {
                // In the place of a file name: how many characters were written before the call would have blocked.
                self.written.set(protocol::index_or_raise(&filename, ValueError, thread)?);
            } else {
                self.filename.set(Some(filename));
                if is_given(&parts.filename2) {
                    self.filename2.set(parts.filename2);
                }
                args = Tuple::new(arguments.items()[..2].to_vec(), thread)?;
            }
        }
        self.errno.set(parts.errno);
        self.strerror.set(parts.strerror);
        self.as_base().set_args(args);
        Ok(())
    }

    fn part_text(part: &Field, thread: &mut Thread) -> PyResult<String> {
        let value = part.get().unwrap_or_else(|| thread.none());
        Ok(protocol::str(&value, thread)?.to_string_lossy())
    }
}

/// Base class for I/O related errors.
#[python_type(base = Exception, flags(BASETYPE, BASE_EXC_SUBCLASS), member_table = MEMBERS)]
impl OSError {
    #[slot(tp_new)]
    fn new(class: &Type, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<OSError>> {
        let waits = leaves_work_to_init(class);
        let parts = Parts::of(arguments);
        let mut class = class;
        if !waits {
            refuse_keywords(class, keywords, thread)?;
            if std::ptr::eq(class, OSError::class())
                && let Some(kind) = parts.kind()
            {
                class = kind.as_type();
            }
        }
        let empty = Tuple::empty(thread);
        let exception = BaseException::make(class, &empty, thread)?;
        // SAFETY: the class is this one or derived from it, so the new instance starts with its struct.
        let exception: Py<OSError> = unsafe { exception.into_object().cast_into() };
        exception.written.set(-1);
        if !waits {
            exception.fill(arguments, parts, thread)?;
        }
        Ok(exception)
    }

    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        if !leaves_work_to_init(self.class()) {
            return Ok(());
        }
        self.as_base().refuse_keywords(keywords, thread)?;
        self.fill(arguments, Parts::of(arguments), thread)
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let filename = self.filename.get();
        if filename.is_none() && (self.errno.is_empty() || self.strerror.is_empty()) {
            return self.as_base().message(thread);
        }
        let (errno, strerror) = (Self::part_text(&self.errno, thread)?, Self::part_text(&self.strerror, thread)?);
        let mut text = protocol::ContainerRepr::open(&format!("[Errno {errno}] {strerror}"));
        if let Some(filename) = filename {
            text.push(": ");
            text.push_repr(&filename, thread)?;
            if let Some(filename2) = self.filename2.get() {
                text.push(" -> ");
                text.push_repr(&filename2, thread)?;
            }
        }
        text.finish(thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let mut args = self.as_base().args_or_empty(thread);
        if args.length() == 2
            && let Some(filename) = self.filename.get()
        {
            // The arguments lost the file names when the exception was made.
            let mut items = args.items().to_vec();
            items.push(filename);
            if let Some(filename2) = self.filename2.get() {
                items.extend([thread.none(), filename2]);
            }
            args = Tuple::new(items, thread)?;
        }
        let state = self.as_base().existing_dict().map(Py::into_object);
        self.as_base().reduced(args, state, thread)
    }

    #[getter]
    fn characters_written(&self, thread: &mut Thread) -> PyResult<isize> {
        match self.written.get() {
            -1 => Err(raise!(thread, AttributeError, "characters_written")),
            written => Ok(written),
        }
    }

    #[setter]
    fn set_characters_written(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        match value {
            Some(value) => self.written.set(protocol::index_or_raise(value, ValueError, thread)?),
            None if self.written.get() == -1 => return Err(raise!(thread, AttributeError, "characters_written")),
            None => self.written.set(-1),
        }
        Ok(())
    }
}

impl OSError {
    /// The exception's error number, if it is one.
    pub fn number(&self) -> Option<i32> {
        let number = self.errno.get()?.downcast::<Int>()?.to_i128()?;
        i32::try_from(number).ok()
    }
}
