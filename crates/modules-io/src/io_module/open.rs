//! `_io.open` and its kin: raw stream, buffer and text layer, one upon the other.

use objects::errors::{PyResult, RuntimeWarning};
use objects::method::{FromArgument, Position, raise_bad_argument};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;
use system::path;

use super::DEFAULT_BUFFER_SIZE;
use super::base;
use super::buffered::{BufferedRandom, BufferedReader, BufferedWriter};
use super::file::FileIo;
use super::text::TextIoWrapper;

/// Blocks larger than this are not worth a buffer of their size.
const MOST_BLOCK_SIZE: isize = 8192 * 1024;

/// The mode of a file, taken apart.
#[derive(Default)]
struct Mode {
    creating: bool,
    reading: bool,
    writing: bool,
    appending: bool,
    updating: bool,
    text: bool,
    binary: bool,
}

impl Mode {
    fn parse(text: &str, thread: &mut Thread) -> PyResult<Self> {
        let mut mode = Self::default();
        for (place, letter) in text.char_indices() {
            let flag = match letter {
                'x' => &mut mode.creating,
                'r' => &mut mode.reading,
                'w' => &mut mode.writing,
                'a' => &mut mode.appending,
                '+' => &mut mode.updating,
                't' => &mut mode.text,
                'b' => &mut mode.binary,
                _ => return Err(raise!(thread, ValueError, "invalid mode: '{text}'")),
            };
            *flag = true;
            if text[..place].contains(letter) {
                return Err(raise!(thread, ValueError, "invalid mode: '{text}'"));
            }
        }
        Ok(mode)
    }

    /// The mode of the raw stream.
    fn raw(&self) -> String {
        let letters = [
            (self.creating, 'x'),
            (self.reading, 'r'),
            (self.writing, 'w'),
            (self.appending, 'a'),
            (self.updating, '+'),
        ];
        letters.iter().filter(|it| it.0).map(|it| it.1).collect()
    }

    fn check(&self, arguments: &Arguments<'_>, thread: &mut Thread) -> PyResult<()> {
        if self.text && self.binary {
            return Err(raise!(thread, ValueError, "can't have text and binary mode at once"));
        }
        let kinds = [self.creating, self.reading, self.writing, self.appending];
        if kinds.iter().filter(|it| **it).count() > 1 {
            return Err(raise!(thread, ValueError, "must have exactly one of create/read/write/append mode"));
        }
        if self.binary {
            let given = [
                (arguments.encoding.is_some(), "an encoding"),
                (arguments.errors.is_some(), "an errors"),
                (arguments.newline.is_some(), "a newline"),
            ];
            if let Some((_, what)) = given.iter().find(|it| it.0) {
                return Err(raise!(thread, ValueError, "binary mode doesn't take {what} argument"));
            }
            if arguments.buffering == 1 {
                thread.warn(
                    RuntimeWarning,
                    1,
                    format_args!(
                        "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used"
                    ),
                )?;
            }
        }
        Ok(())
    }
}

/// The arguments that decide about the layers.
struct Arguments<'a> {
    buffering: i32,
    encoding: Option<&'a Str>,
    errors: Option<&'a Str>,
    newline: Option<&'a Str>,
}

/// A text argument, not None.
pub struct ModeText<'a>(pub Option<&'a Str>);

impl<'a> FromArgument<'a> for ModeText<'a> {
    fn from_argument(value: &'a Object, position: Position, thread: &mut Thread) -> PyResult<Self> {
        match value.downcast::<Str>() {
            Some(text) => Ok(Self(Some(text))),
            None => Err(raise_bad_argument(position, "str", value, thread)),
        }
    }
}

/// The path, or the number, that is to be opened.
fn path_or_number(file: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    // SAFETY: a type's method suites live as long as the type.
    let numbers = unsafe { file.class().slots().tp_as_number.get().as_ref() };
    let is_number = numbers.is_some_and(|it| it.nb_index.get().is_some() || it.nb_int.get().is_some());
    if is_number && protocol::is_index(file) { Ok(Py::from_ref(file)) } else { path::fspath(file, thread) }
}

/// Everything that `open` takes.
pub struct Request<'a> {
    pub file: &'a Object,
    pub mode: Option<&'a Str>,
    pub buffering: i32,
    pub encoding: Option<&'a Str>,
    pub errors: Option<&'a Str>,
    pub newline: Option<&'a Str>,
    pub close_descriptor: bool,
    pub opener: Option<&'a Object>,
}

/// `open(…)`.
pub fn open(request: &Request<'_>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let path = path_or_number(request.file, thread)?;
    let mode_text = match request.mode {
        Some(mode) => match mode.to_text() {
            Some(text) => text,
            None => return Err(raise_surrogates(mode, thread)),
        },
        None => "r".to_owned(),
    };
    let mode = Mode::parse(&mode_text, thread)?;
    let arguments = Arguments {
        buffering: request.buffering,
        encoding: request.encoding,
        errors: request.errors,
        newline: request.newline,
    };
    mode.check(&arguments, thread)?;
    let raw_mode = Str::from_str(&mode.raw(), thread);
    let closes = objects::bool::Bool::new(request.close_descriptor);
    let opener = request.opener.map_or_else(|| thread.none(), Py::from_ref);
    let raw = protocol::call(FileIo::class(), &[&path, &raw_mode, &closes, &opener], thread)?;
    let mut opened = raw.clone();
    match build(&raw, &mut opened, &mode, &mode_text, &arguments, thread) {
        Ok(()) => Ok(opened),
        Err(raised) => {
            // The file is closed, whichever layer was reached.
            let first = thread.catch(raised);
            let closed = protocol::call_method(&opened, &names::close, &[], thread).map(drop);
            match base::chain(Some(first), closed, thread) {
                Ok(()) => Ok(opened),
                Err(raised) => Err(raised),
            }
        }
    }
}

#[cold]
fn raise_surrogates(text: &Str, thread: &mut Thread) -> objects::errors::Raised {
    match objects::str::codecs::encode_with(&text::codecs::utf8::Utf8, text, None, thread) {
        Ok(_) => raise!(thread, ValueError, "invalid mode"),
        Err(raised) => raised,
    }
}

/// Puts the layers over the raw stream; `opened` is the topmost so far.
fn build(
    raw: &Py<Object>,
    opened: &mut Py<Object>,
    mode: &Mode,
    mode_text: &str,
    arguments: &Arguments<'_>,
    thread: &mut Thread,
) -> PyResult<()> {
    let mut buffering = arguments.buffering as isize;
    let is_terminal = buffering < 0 && {
        let name = thread.intern_text("_isatty_open_only");
        let answer = protocol::call_method(raw, &name, &[], thread)?;
        protocol::is_true(&answer, thread)?
    };
    let line_buffering = buffering == 1 || is_terminal;
    if line_buffering {
        buffering = -1;
    }
    if buffering < 0 {
        let name = thread.intern_text("_blksize");
        let block = protocol::get_attribute(raw, &name, thread)?;
        let block = protocol::index_as_isize(&block, thread)?;
        buffering = block.min(MOST_BLOCK_SIZE).max(DEFAULT_BUFFER_SIZE as isize);
    }
    if buffering == 0 {
        if !mode.binary {
            return Err(raise!(thread, ValueError, "can't have unbuffered text I/O"));
        }
        return Ok(());
    }
    let class = if mode.updating {
        BufferedRandom::class()
    } else if mode.creating || mode.writing || mode.appending {
        BufferedWriter::class()
    } else if mode.reading {
        BufferedReader::class()
    } else {
        return Err(raise!(thread, ValueError, "unknown mode: '{mode_text}'"));
    };
    let size = protocol::make_int(buffering as i128, thread);
    *opened = protocol::call(class, &[raw, &size], thread)?;
    if mode.binary {
        return Ok(());
    }
    let none = thread.none();
    let optional = |text: Option<&Str>| text.map_or_else(|| none.clone(), |it| Py::from_ref(it).into_object());
    let (encoding, errors, newline) =
        (optional(arguments.encoding), optional(arguments.errors), optional(arguments.newline));
    let line_buffering = objects::bool::Bool::new(line_buffering);
    let layers: [&Object; 5] = [opened, &encoding, &errors, &newline, &line_buffering];
    let wrapper = protocol::call(TextIoWrapper::class(), &layers, thread)?;
    *opened = wrapper;
    let mode_text = Str::from_str(mode_text, thread);
    protocol::set_attribute(opened, &names::mode, Some(&mode_text), thread)
}

/// `open_code(path)`: as `open(path, 'rb')`.
pub fn open_code(path: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let mode = Str::from_str("rb", thread);
    let request = Request {
        file: path,
        mode: Some(&mode),
        buffering: -1,
        encoding: None,
        errors: None,
        newline: None,
        close_descriptor: true,
        opener: None,
    };
    open(&request, thread)
}
