//! `repr()` of bytes and bytearrays.

use crate::builder::SizeError;
use crate::byte_builder::ByteBuilder;
use crate::strings::repr::quote_for;

/// `repr` of a `bytes` object.
pub fn repr(bytes: &[u8]) -> Result<Vec<u8>, SizeError> {
    let mut out = ByteBuilder::new();
    push_literal(&mut out, bytes);
    out.finish()
}

/// [`repr`] of bytes in a source, for the front end, whose trees are no larger than Rust's memory.
pub fn repr_small(bytes: &[u8]) -> Vec<u8> {
    let mut out = ByteBuilder::new();
    push_literal(&mut out, bytes);
    out.finish_small()
}

fn push_literal(out: &mut ByteBuilder, bytes: &[u8]) {
    let quote = quote_for(bytes.iter().map(|byte| u32::from(*byte)));
    out.extend_from_slice(&[b'b', quote]);
    push_escaped(out, bytes, quote);
    out.push(quote);
}

/// `repr` of a `bytearray` object, whose type may be a subclass of another name.
pub fn repr_bytearray(class_name: &str, bytes: &[u8]) -> Result<Vec<u8>, SizeError> {
    let mut out = ByteBuilder::new();
    out.extend_from_slice(class_name.as_bytes());
    out.push(b'(');
    push_literal(&mut out, bytes);
    out.push(b')');
    out.finish()
}

/// Appends the inside of a literal between `quote`s.
pub(crate) fn push_escaped(out: &mut ByteBuilder, bytes: &[u8], quote: u8) {
    out.reserve(bytes.len() + 1);
    for byte in bytes {
        match *byte {
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            byte if byte == quote || byte == b'\\' => out.extend([b'\\', byte]),
            byte @ 0x20..0x7F => out.push(byte),
            byte => out.extend_from_slice(format!("\\x{byte:02x}").as_bytes()),
        }
    }
}
