//! What comes in: data of calls and of files, and the loop that tells of what is in it.

use builtins::bytearray::ByteArray;
use builtins::bytes::Bytes;
use objects::errors::PyResult;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::Object;
use objects::str::Str;
use objects::thread::Thread;

use crate::decoder::{self, Decoded};
use crate::expat::errors::Code;
use crate::raise_failure;
use crate::xml_parser::XmlParser;

/// So much is read from a file at once, in bytes.
const PIECE: usize = 2048;

/// `Parse()`
pub fn parse(parser: &XmlParser, data: &Object, is_final: bool, thread: &mut Thread) -> PyResult<()> {
    let bytes = match data.downcast::<Str>() {
        Some(text) => {
            let has_started = parser.reading.parser.borrow().has_started();
            parser.reading.decoder.borrow_mut().expect_utf8(has_started);
            text::builder::to_wtf8(text.view()).as_bytes().to_vec()
        }
        None => {
            let bytes = BytesLike::of(data, thread)?;
            bytes.as_slice(thread).to_vec()
        }
    };
    if parser.reading.parser.borrow().is_finished() {
        let failure = parser.reading.parser.borrow_mut().fail(Code::Finished, None);
        return Err(raise_failure(failure, thread));
    }
    check_outside(parser, "Parse", thread)?;
    parser.is_in_callback.set(true);
    let result = read(parser, &bytes, is_final, thread);
    parser.is_in_callback.set(false);
    result
}

fn check_outside(parser: &XmlParser, method: &str, thread: &mut Thread) -> PyResult<()> {
    match parser.is_in_callback.get() {
        true => Err(raise!(thread, RuntimeError, "cannot call {method}() from within a handler")),
        false => Ok(()),
    }
}

fn read(parser: &XmlParser, bytes: &[u8], is_final: bool, thread: &mut Thread) -> PyResult<()> {
    let Decoded { text, wrong } = decoder::decode(&parser.reading.decoder, bytes, is_final, thread)?;
    let is_last = is_final || wrong.is_some();
    let (width, mark) = parser.reading.decoder.borrow_mut().take_width();
    parser.reading.parser.borrow_mut().count_bytes(width, mark);
    parser.reading.parser.borrow_mut().push_text(&text, bytes.len(), is_last);
    parser.reading.parser.borrow_mut().begin(is_final && wrong.is_none());
    tell_all(parser, thread)?;
    if let Some(code) = wrong {
        let failure = parser.reading.parser.borrow_mut().fail(code, None);
        return Err(raise_failure(failure, thread));
    }
    parser.flush(thread)
}

/// Tells of all events that there are.
fn tell_all(parser: &XmlParser, thread: &mut Thread) -> PyResult<()> {
    loop {
        let wants = parser.wants();
        let next = parser.reading.parser.borrow_mut().next(wants);
        let told = match next {
            Ok(Some(told)) => told,
            Ok(None) => return Ok(()),
            Err(failure) => return Err(raise_failure(failure, thread)),
        };
        if let Err(raised) = parser.tell(told, thread) {
            parser.reading.parser.borrow_mut().abandon();
            parser.clear_handlers();
            return Err(raised);
        }
    }
}

/// `ParseFile()`
pub fn parse_file(parser: &XmlParser, file: &Object, thread: &mut Thread) -> PyResult<()> {
    check_outside(parser, "ParseFile", thread)?;
    let (name, piece) = (thread.intern_text("read"), protocol::make_int(PIECE as i128, thread));
    let Some(read) = protocol::lookup_attribute(file, &name, thread)? else {
        return Err(raise!(thread, TypeError, "argument must have 'read' attribute"));
    };
    loop {
        let data = protocol::call_one(&read, &piece, thread)?;
        let length = match (data.downcast::<Bytes>(), data.downcast::<ByteArray>(), data.downcast::<Str>()) {
            (Some(bytes), _, _) => bytes.as_slice().len(),
            (_, Some(bytes), _) => bytes.length(),
            (_, _, Some(text)) => text.length(),
            _ => {
                let found = data.class().full_name();
                return Err(raise!(thread, TypeError, "read() did not return a bytes object (type={found})"));
            }
        };
        if length > PIECE {
            let message = format!("read() returned too much data: {PIECE} bytes requested, {length} returned");
            return Err(raise!(thread, ValueError, "{message}"));
        }
        parse(parser, &data, length == 0, thread)?;
        if length == 0 {
            return Ok(());
        }
    }
}
