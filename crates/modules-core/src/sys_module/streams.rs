//! The standard streams: first plain printers, then, as soon as the module `io` can be imported, text streams.

use std::io::Write;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;

use crate::config::Config;

/// A stream that only writes, for the time before `io` is there (CPython's `stderrprinter`).
#[derive(Instance)]
#[repr(C)]
pub struct Printer {
    header: Header,
    descriptor: i32,
}

impl Printer {
    fn new(descriptor: i32, thread: &mut Thread) -> Py<Printer> {
        Py::new(Printer { header: Header::new(Printer::class()), descriptor }, thread)
    }
}

#[python_type(name = "stderrprinter", base = BaseObject)]
impl Printer {
    #[method]
    #[signature("(text, /)")]
    fn write(&self, text: &Str, thread: &mut Thread) -> PyResult<usize> {
        let bytes = text.to_string_lossy().into_bytes();
        let written = if self.descriptor == 1 {
            std::io::stdout().write_all(&bytes)
        } else {
            std::io::stderr().write_all(&bytes)
        };
        match written {
            Ok(()) => Ok(text.length()),
            Err(error) => Err(raise!(thread, OSError, "{error}")),
        }
    }

    #[method]
    fn flush(&self) {
        // Standard error is not buffered, and a failure to write is reported by the next write.
        let _ = std::io::stdout().flush();
    }

    #[method]
    fn fileno(&self) -> i32 {
        self.descriptor
    }

    #[method]
    fn isatty(&self) -> bool {
        std::io::IsTerminal::is_terminal(&std::io::stderr())
    }

    #[method]
    fn close(&self) {}

    #[getter]
    fn encoding(&self, thread: &mut Thread) -> Py<Object> {
        thread.none()
    }

    #[getter]
    fn mode(&self) -> &'static str {
        "w"
    }

    #[getter]
    fn closed(&self) -> bool {
        false
    }
}

/// Puts printers into `sys`, for messages during the start.
pub fn set_printers(sys: &objects::module::Module, thread: &mut Thread) -> PyResult<()> {
    for (name, descriptor) in [("stdout", 1), ("stderr", 2)] {
        let printer = Printer::new(descriptor, thread);
        sys.set(name, &printer, thread)?;
        sys.set(&format!("__{name}__"), &printer, thread)?;
    }
    let none = thread.none();
    sys.set("stdin", &none, thread)?;
    sys.set("__stdin__", &none, thread)
}

/// Makes `sys.stdin`, `sys.stdout` and `sys.stderr` with `io.open`.
pub fn open_standard_streams(config: &Config, thread: &mut Thread) -> PyResult<()> {
    let Some(io) = import_io(thread)? else { return Ok(()) };
    let Some(sys) = thread.interpreter().sys_dict.get() else { return Ok(()) };
    let (encoding, errors) = stream_encoding(config, thread)?;
    for (name, descriptor, mode, errors) in
        [("stdin", 0, "r", &*errors), ("stdout", 1, "w", &*errors), ("stderr", 2, "w", "backslashreplace")]
    {
        let stream = if system::descriptor::is_open(descriptor) {
            open_stream(&io, name, i64::from(descriptor), mode, (&encoding, errors), config, thread)?
        } else {
            thread.none()
        };
        for name in [name.to_owned(), format!("__{name}__")] {
            let name = thread.intern_text(&name);
            sys.set_str(&name, &stream, thread)?;
        }
    }
    let open = thread.intern_text("open");
    let function = protocol::get_attribute(&io, &open, thread)?;
    if let Some(builtins) = thread.interpreter().builtins.get() {
        builtins.set_str(&open, &function, thread)?;
    }
    Ok(())
}

/// Encoding and error handler of standard input and output: what `PYTHONIOENCODING` says, and the locale.
fn stream_encoding(config: &Config, thread: &mut Thread) -> PyResult<(String, String)> {
    let (encoding, errors) = config.stream_encoding.clone().unwrap_or_default();
    let errors = match () {
        () if !errors.is_empty() => errors,
        () if encoding.is_empty() && config.escapes_streams => "surrogateescape".to_owned(),
        () => "strict".to_owned(),
    };
    let own = match () {
        () if !encoding.is_empty() => encoding,
        () if config.utf8_mode => "utf-8".to_owned(),
        () => config.locale_encoding.clone(),
    };
    if own.eq_ignore_ascii_case("utf-8") {
        return Ok(("utf-8".to_owned(), errors));
    }
    // The name as Python spells it: `ANSI_X3.4-1968` is `ascii`, `latin-1` is `iso8859-1`.
    let codecs = crate::builtins_module::import_module("codecs", thread)?;
    let (lookup, name) = (thread.intern_text("lookup"), thread.intern_text("name"));
    let own = Str::from_str(&own, thread);
    let codec = protocol::call_method(&codecs, &lookup, &[&own], thread)?;
    let name = protocol::get_attribute(&codec, &name, thread)?;
    let name = protocol::str(&name, thread)?;
    Ok((name.to_string_lossy(), errors))
}

fn import_io(thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let name = thread.intern_text("io");
    let import = thread.interpreter().builtins.get().and_then(|it| it.get_str(&objects::names::__import__, thread));
    let Some(import) = import else { return Ok(None) };
    let module = protocol::call(&import, &[&name], thread);
    thread.suppress(module, objects::errors::ImportError)
}

/// As CPython's `create_stdio`: a raw file, a buffer, and text over it.
fn open_stream(
    io: &Object,
    name: &str,
    descriptor: i64,
    mode: &str,
    (encoding, errors): (&str, &str),
    config: &Config,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let open = thread.intern_text("open");
    let open = protocol::get_attribute(io, &open, thread)?;
    let text = |text: &str, thread: &mut Thread| Str::from_str(text, thread).into_object();
    let number = objects::int::Int::from_i64(descriptor, thread);
    let unbuffered_raw = config.unbuffered && mode == "w";
    let buffering = objects::int::Int::from_i64(if unbuffered_raw { 0 } else { -1 }, thread);
    let binary = text(&format!("{mode}b"), thread);
    let (none, closefd) = (thread.none(), objects::bool::Bool::new(false));
    let raw = protocol::call(&open, &[&number, &binary, &buffering, &none, &none, &none, &closefd], thread);
    let Some(buffer) = thread.suppress(raw, objects::errors::OSError)? else { return Ok(thread.none()) };
    let title = text(&format!("<{name}>"), thread);
    let attribute = thread.intern_text("name");
    let raw_attribute = thread.intern_text("raw");
    let raw = protocol::lookup_attribute(&buffer, &raw_attribute, thread)?.unwrap_or_else(|| buffer.clone());
    protocol::set_attribute(&raw, &attribute, Some(&title), thread)?;
    let isatty = thread.intern_text("isatty");
    let terminal = protocol::call_method(&raw, &isatty, &[], thread)?;
    let line_buffering = objects::bool::Bool::new(protocol::is_true(&terminal, thread)? || name == "stderr");
    let write_through = objects::bool::Bool::new(unbuffered_raw);
    let wrapper = thread.intern_text("TextIOWrapper");
    let wrapper = protocol::get_attribute(io, &wrapper, thread)?;
    let (encoding, errors, newline) = (text(encoding, thread), text(errors, thread), text("\n", thread));
    let stream =
        protocol::call(&wrapper, &[&buffer, &encoding, &errors, &newline, &line_buffering, &write_through], thread)?;
    let attribute = thread.intern_text("mode");
    let mode = text(mode, thread);
    protocol::set_attribute(&stream, &attribute, Some(&mode), thread)?;
    Ok(stream)
}
