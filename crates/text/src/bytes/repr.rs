//! `repr()` of bytes and bytearrays.

use crate::strings::repr::quote_for;

/// `repr` of a `bytes` object.
pub fn repr(bytes: &[u8]) -> Vec<u8> {
    let quote = quote_for(bytes.iter().map(|byte| u32::from(*byte)));
    let mut out = vec![b'b', quote];
    push_escaped(&mut out, bytes, quote);
    out.push(quote);
    out
}

/// `repr` of a `bytearray` object, whose type may be a subclass of another name.
pub fn repr_bytearray(class_name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = format!("{class_name}(").into_bytes();
    out.extend(repr(bytes));
    out.push(b')');
    out
}

/// Appends the inside of a literal between `quote`s.
pub(crate) fn push_escaped(out: &mut Vec<u8>, bytes: &[u8], quote: u8) {
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
