//! `format % arguments` of bytes.

use layout::PyBUF_FULL_RO;
use numeric::percent::{Directive, PercentParser, Piece};
use objects::errors::{OrMemoryError, PyResult, TryToVec, TypeError};
use objects::protocol;
use objects::protocol::buffer::{Buffer, bytes_contents, has_buffer};
use objects::raise;
use objects::refs::Object;
use objects::str::Str;
use objects::str::percent::{Arguments, answer_star, format_float, format_integer, raise_percent_error};
use objects::thread::Thread;

use super::ByteString as _;
use crate::bytearray::ByteArray;
use crate::bytes::Bytes;

const KIND: &str = "bytes";

/// The formatted bytes. `format` must not change meanwhile.
pub fn format(format: &[u8], arguments: &Object, thread: &mut Thread) -> PyResult<Vec<u8>> {
    let is_text = arguments.downcast::<Str>().is_some()
        || bytes_contents(arguments).is_some()
        || arguments.downcast::<ByteArray>().is_some();
    let mut arguments = Arguments::new(arguments, is_text);
    let mut parser = PercentParser::new(format, true, arguments.has_mapping());
    let mut out = Vec::with_capacity(format.len() + 100);
    while let Some(piece) = parser.next_piece().map_err(|error| raise_percent_error(error, thread))? {
        match piece {
            Piece::Literal(range) => out.extend_from_slice(&format[range]),
            Piece::Key(range) => {
                let key = Bytes::try_from_slice(&format[range], thread)?;
                arguments.look_up(&key, thread)?;
            }
            Piece::StarWidth => answer_star(&mut parser, &mut arguments, true, thread)?,
            Piece::StarPrecision => answer_star(&mut parser, &mut arguments, false, thread)?,
            Piece::Directive(directive) => {
                convert(&directive, &mut arguments, &mut out, thread)?;
                arguments.end_conversion(KIND, thread)?;
            }
        }
    }
    arguments.finish(KIND, thread)?;
    Ok(out)
}

/// Writes one argument.
fn convert(
    directive: &Directive,
    arguments: &mut Arguments<'_>,
    out: &mut Vec<u8>,
    thread: &mut Thread,
) -> PyResult<()> {
    let conversion = char::from_u32(directive.conversion).unwrap_or('\0');
    if conversion == '%' {
        out.push(b'%');
        return Ok(());
    }
    let wanted = directive.width.unwrap_or(0).saturating_add(directive.precision.unwrap_or(0));
    // The text is made, padded and copied.
    thread.check_room(wanted.saturating_mul(3))?;
    let value = arguments.next(thread)?;
    let contents = match conversion {
        's' | 'b' => contents_of(&value, thread)?,
        'r' | 'a' => protocol::ascii(&value, thread)?.to_string_lossy().into_bytes(),
        'c' => vec![byte(&value, thread)?],
        'd' | 'i' | 'u' | 'o' | 'x' | 'X' => {
            out.extend_from_slice(format_integer(directive, &value, thread)?.as_bytes());
            return Ok(());
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let text = format_float(directive, &value, thread);
            let Some(text) = thread.suppress(text, TypeError)? else {
                let class = value.class().full_name();
                return Err(raise!(thread, TypeError, "float argument required, not {class}"));
            };
            out.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        _ => return Err(raise_percent_error(directive.unsupported(true), thread)),
    };
    // A single byte is never cut.
    let directive = Directive { precision: directive.precision.filter(|_| conversion != 'c'), ..*directive };
    let layout = directive.layout_text(contents.len());
    if out.try_reserve(layout.left.saturating_add(layout.taken).saturating_add(layout.right)).is_err() {
        return Err(thread.raise_memory_error());
    }
    out.resize(out.len() + layout.left, b' ');
    out.extend_from_slice(&contents[..layout.taken]);
    out.resize(out.len() + layout.right, b' ');
    Ok(())
}

/// `%b`: a bytes-like object, or one with `__bytes__`.
fn contents_of(value: &Object, thread: &mut Thread) -> PyResult<Vec<u8>> {
    if let Some(bytes) = value.downcast_exact::<Bytes>() {
        return Ok(bytes.as_slice().to_vec());
    }
    if let Some(array) = value.downcast_exact::<ByteArray>() {
        return array.contents(thread).try_to_vec().or_memory_error(thread);
    }
    if let Some(result) = super::super::construct::call_bytes(value, thread)? {
        return Ok(result.as_slice().to_vec());
    }
    if has_buffer(value) {
        let buffer = Buffer::get(value, PyBUF_FULL_RO, thread)?;
        return buffer.to_vec(thread);
    }
    let class = value.class().full_name();
    let message = "%b requires a bytes-like object, or an object that implements __bytes__";
    Err(raise!(thread, TypeError, "{message}, not '{class}'"))
}

/// `%c`: a single byte, or an integer.
fn byte(value: &Object, thread: &mut Thread) -> PyResult<u8> {
    let message = "%c requires an integer in range(256) or a single byte";
    let single = match (bytes_contents(value), value.downcast::<ByteArray>()) {
        (Some(contents), _) => Some((contents.to_vec(), "bytes")),
        (None, Some(array)) => Some((array.contents(thread).try_to_vec().or_memory_error(thread)?, "bytearray")),
        (None, None) => None,
    };
    if let Some((contents, kind)) = single {
        return match *contents {
            [byte] => Ok(byte),
            _ => {
                let length = contents.len();
                Err(raise!(thread, TypeError, "{message}, not a {kind} object of length {length}"))
            }
        };
    }
    if !protocol::is_index(value) {
        let class = value.class().full_name();
        return Err(raise!(thread, TypeError, "{message}, not {class}"));
    }
    let value = protocol::index_clipped(value, thread)?;
    u8::try_from(value).map_err(|_| raise!(thread, OverflowError, "%c arg not in range(256)"))
}
