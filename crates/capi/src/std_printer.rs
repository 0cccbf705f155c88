//! `stderrprinter`: the simple stream that `PyFile_NewStdPrinter` gives, for standard output and error while there is no `io`. What is written goes out at
//! once, in UTF-8.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;

use crate::entry::export;

/// A stream that only writes.
#[derive(Instance)]
#[repr(C)]
pub struct StandardPrinter {
    header: Header,
    descriptor: Cell<i32>,
}

#[python_type(name = "stderrprinter", symbol = "PyStdPrinter_Type", base = BaseObject, flags(DISALLOW_INSTANTIATION))]
impl StandardPrinter {
    #[slot(tp_repr)]
    fn repr(&self) -> String {
        format!("<stdprinter(fd={}) object at {:#x}>", self.descriptor.get(), self.address())
    }

    #[method]
    #[signature("()")]
    fn close(&self) {}

    #[method]
    #[signature("()")]
    fn flush(&self) {}

    #[method]
    #[signature("()")]
    fn fileno(&self) -> i32 {
        self.descriptor.get()
    }

    #[method]
    #[signature("()")]
    fn isatty(&self) -> bool {
        // SAFETY: a number.
        unsafe { libc::isatty(self.descriptor.get()) != 0 }
    }

    #[method]
    #[signature("(*args)")]
    fn write(&self, args: &[&Object], thread: &mut Thread) -> PyResult<Option<isize>> {
        let [text] = args else {
            let given = args.len();
            return Err(raise!(thread, TypeError, "function takes exactly 1 argument ({given} given)"));
        };
        let Some(text) = text.downcast::<Str>() else {
            let found = text.class().short_name();
            return Err(raise!(thread, TypeError, "argument 1 must be str, not {found}"));
        };
        let bytes = escaped(text);
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let descriptor = self.descriptor.get();
            let (written, problem) = thread.without_lock(|| {
                // SAFETY: bytes of the given length, of a local.
                let written = unsafe { libc::write(descriptor, rest.as_ptr().cast(), rest.len()) };
                (written, std::io::Error::last_os_error())
            });
            match usize::try_from(written) {
                Ok(written) => rest = &rest[written..],
                Err(_) if problem.kind() == std::io::ErrorKind::Interrupted => thread.check_signals()?,
                Err(_) if problem.kind() == std::io::ErrorKind::WouldBlock => return Ok(None),
                Err(_) => return Err(thread.raise_io_error(&problem, None)),
            }
        }
        Ok(Some(bytes.len() as isize))
    }

    /// True if the file is closed
    #[getter]
    fn closed(&self) -> bool {
        false
    }

    /// Encoding of the file
    #[getter]
    fn encoding(&self) -> Option<Py<Str>> {
        None
    }

    /// String giving the file mode
    #[getter]
    fn mode(&self) -> &'static str {
        "w"
    }
}

/// Text in UTF-8, with an escape for what that cannot say.
fn escaped(text: &Str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for code in text.view().iter() {
        match char::from_u32(code) {
            Some(character) => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            None => bytes.extend_from_slice(format!("\\u{code:04x}").as_bytes()),
        }
    }
    bytes
}

export! { thread;
    fn PyFile_NewStdPrinter(descriptor: i32) -> Option<Py<StandardPrinter>> {
        if descriptor != libc::STDOUT_FILENO && descriptor != libc::STDERR_FILENO {
            return Ok(None);
        }
        let printer = StandardPrinter { header: Header::new(StandardPrinter::class()), descriptor: Cell::new(descriptor) };
        Ok(Some(Py::new(printer, thread)))
    }
}
