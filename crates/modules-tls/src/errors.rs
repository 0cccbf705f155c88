//! The exceptions of `ssl`, and how what fails below becomes one of them.
//!
//! `SSLError` is a type of this crate, because its text is that of its last argument alone; the others are made when the module is. All
//! files of the crate raise by the functions here, which alone know the error numbers of `SSL_ERROR_*`.

use macros::{Instance, python_type};
use objects::errors::{OSError, PyResult, Raised, ValueError};
use objects::module::Module;
use objects::protocol;
use objects::refs::{Field, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, TypeDeclaration};
use system::exception;

/// An error in the SSL implementation.
#[derive(Instance)]
#[repr(C)]
pub struct SslError {
    base: OSError,
}

/// An error occurred in the SSL implementation.
#[python_type(name = "ssl.SSLError", base = OSError, flags(HEAPTYPE, BASETYPE, BASE_EXC_SUBCLASS))]
impl SslError {
    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let name = thread.intern_text("strerror");
        let text = protocol::get_attribute(self, &name, thread)?;
        if text.downcast::<Str>().is_some() {
            return protocol::str(&text, thread);
        }
        let name = thread.intern_text("args");
        let arguments = protocol::get_attribute(self, &name, thread)?;
        protocol::str(&arguments, thread)
    }
}

pub const TYPES: &[&TypeDeclaration] = &[SslError::DECLARATION];

/// The classes that are made when the module is.
#[derive(Default)]
struct State {
    verification: Field,
    zero_return: Field,
    want_read: Field,
    want_write: Field,
    syscall: Field,
    eof: Field,
}

/// Which exception a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Ssl,
    Verification,
    ZeroReturn,
    WantRead,
    WantWrite,
    Eof,
}

impl Kind {
    /// The `SSL_ERROR_*` that is the exception's `errno`.
    fn number(self) -> i32 {
        match self {
            Self::Ssl | Self::Verification => 1,
            Self::WantRead => 2,
            Self::WantWrite => 3,
            Self::ZeroReturn => 6,
            Self::Eof => 8,
        }
    }

    fn class(self, thread: &Thread) -> Option<Py<Object>> {
        let state = thread.interpreter().extension::<State>();
        match self {
            Self::Ssl => Some(Py::from_ref(SslError::class()).into_object()),
            Self::Verification => state.verification.get(),
            Self::ZeroReturn => state.zero_return.get(),
            Self::WantRead => state.want_read.get(),
            Self::WantWrite => state.want_write.get(),
            Self::Eof => state.eof.get(),
        }
    }
}

/// Why the peer's certificate is refused, in OpenSSL's numbers and words.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub code: i64,
    pub message: String,
}

/// A failure, before it becomes an exception.
#[derive(Clone, Debug)]
pub struct Failure {
    pub kind: Kind,
    /// OpenSSL's name of the reason, such as `WRONG_VERSION_NUMBER`.
    pub reason: Option<&'static str>,
    pub message: String,
    pub refusal: Option<Refusal>,
}

impl Failure {
    pub fn new(reason: &'static str, message: impl Into<String>) -> Self {
        Self { kind: Kind::Ssl, reason: Some(reason), message: message.into(), refusal: None }
    }

    pub fn eof() -> Self {
        let message = "EOF occurred in violation of protocol".to_owned();
        Self { kind: Kind::Eof, reason: Some("UNEXPECTED_EOF_WHILE_READING"), message, refusal: None }
    }

    /// A failure whose exception has no reason.
    pub fn plain(kind: Kind, message: &str) -> Self {
        Self { kind, reason: None, message: message.to_owned(), refusal: None }
    }

    pub fn want_read() -> Self {
        Self::plain(Kind::WantRead, "The operation did not complete (read)")
    }

    pub fn want_write() -> Self {
        Self::plain(Kind::WantWrite, "The operation did not complete (write)")
    }

    pub fn zero_return() -> Self {
        Self::plain(Kind::ZeroReturn, "TLS/SSL connection has been closed (EOF)")
    }

    fn text(&self) -> String {
        match (self.reason, &self.refusal) {
            (Some(reason), Some(refusal)) => format!("[SSL: {reason}] {}: {}", self.message, refusal.message),
            (Some(reason), None) => format!("[SSL: {reason}] {}", self.message),
            (None, _) => self.message.clone(),
        }
    }

    fn exception(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let class = self.kind.class(thread).unwrap_or_else(|| Py::from_ref(SslError::class()).into_object());
        let number = protocol::make_int(i128::from(self.kind.number()), thread);
        let text = Str::from_str(&self.text(), thread);
        let exception = protocol::call(&class, &[&number, &text], thread)?;
        let none = thread.none();
        let (library, reason) = match self.reason {
            Some(reason) => {
                let library = Str::from_str("SSL", thread).into_object();
                (library, Str::from_str(reason, thread).into_object())
            }
            None => (none.clone(), none),
        };
        set(&exception, "library", &library, thread)?;
        set(&exception, "reason", &reason, thread)?;
        if let Some(refusal) = &self.refusal {
            let code = protocol::make_int(i128::from(refusal.code), thread);
            let message = Str::from_str(&refusal.message, thread);
            set(&exception, "verify_code", &code, thread)?;
            set(&exception, "verify_message", &message, thread)?;
        }
        Ok(exception)
    }

    #[cold]
    pub fn raise(&self, thread: &mut Thread) -> Raised {
        match self.exception(thread) {
            Ok(exception) => thread.raise(exception),
            Err(raised) => raised,
        }
    }
}

fn set(exception: &Object, name: &str, value: &Object, thread: &mut Thread) -> PyResult<()> {
    let name = thread.intern_text(name);
    protocol::set_attribute(exception, &name, Some(value), thread)
}

/// Raises SSLError with a message and no reason.
#[cold]
pub fn raise_plain(message: &str, thread: &mut Thread) -> Raised {
    Failure::plain(Kind::Ssl, message).raise(thread)
}

/// Makes the classes, and adds them to the module.
pub fn prepare(module: &Module, thread: &mut Thread) -> PyResult<()> {
    let state = thread.interpreter().extension::<State>();
    module.set("SSLError", SslError::class(), thread)?;
    let verification_bases = [SslError::DECLARATION, ValueError];
    let classes: [(&str, &[_], &Field); 6] = [
        ("SSLCertVerificationError", &verification_bases, &state.verification),
        ("SSLZeroReturnError", &verification_bases[..1], &state.zero_return),
        ("SSLWantReadError", &verification_bases[..1], &state.want_read),
        ("SSLWantWriteError", &verification_bases[..1], &state.want_write),
        ("SSLSyscallError", &verification_bases[..1], &state.syscall),
        ("SSLEOFError", &verification_bases[..1], &state.eof),
    ];
    for (name, bases, place) in classes {
        let class = exception::new_exception("ssl", name, bases, thread)?;
        module.set(name, &class, thread)?;
        place.set(Some(class));
    }
    Ok(())
}
