//! `.pyc` files: a header of 16 bytes before marshal data (PEP 552).
//!
//! The import system reads and writes them; either Python loads the other's, so the magic number is CPython 3.14's.

mod siphash;

/// CPython 3.14's number for its bytecode.
pub const MAGIC: u16 = 3627;
/// The first four bytes of a `.pyc` file.
pub const MAGIC_NUMBER: [u8; 4] = [MAGIC.to_le_bytes()[0], MAGIC.to_le_bytes()[1], b'\r', b'\n'];
/// `_imp.pyc_magic_number_token`: the magic number as an integer, and the key of [`source_hash`].
pub const MAGIC_NUMBER_TOKEN: u32 = u32::from_le_bytes(MAGIC_NUMBER);
pub const HEADER_SIZE: usize = 16;

const FLAG_HASH: u32 = 1;
const FLAG_CHECK_SOURCE: u32 = 2;

/// How a `.pyc` file is known to be up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validation {
    /// By the source's modification time and size, each modulo 2**32.
    Timestamp { modified: u32, size: u32 },
    /// By the hash of the source, which is compared only if `check_source` says so.
    Hash { hash: [u8; 8], check_source: bool },
}

/// Why a header is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// `bad magic number`.
    BadMagic,
    /// `reached EOF while reading pyc header`.
    TooShort,
    /// `invalid flags`.
    InvalidFlags(u32),
}

/// Reads a header; the marshal data is what follows it.
pub fn read_header(file: &[u8]) -> Result<(Validation, &[u8]), HeaderError> {
    if file.first_chunk() != Some(&MAGIC_NUMBER) {
        return Err(HeaderError::BadMagic);
    }
    let (header, data) = file.split_at_checked(HEADER_SIZE).ok_or(HeaderError::TooShort)?;
    let word = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let flags = word(4);
    if flags & !(FLAG_HASH | FLAG_CHECK_SOURCE) != 0 {
        return Err(HeaderError::InvalidFlags(flags));
    }
    let validation = if flags & FLAG_HASH == 0 {
        Validation::Timestamp { modified: word(8), size: word(12) }
    } else {
        let hash = header.last_chunk().copied().unwrap_or_default();
        Validation::Hash { hash, check_source: flags & FLAG_CHECK_SOURCE != 0 }
    };
    Ok((validation, data))
}

/// The header that `validation` asks for.
pub fn header(validation: Validation) -> [u8; HEADER_SIZE] {
    let (flags, rest) = match validation {
        Validation::Timestamp { modified, size } => (0, u64::from(size) << 32 | u64::from(modified)),
        Validation::Hash { hash, check_source } => {
            (if check_source { FLAG_HASH | FLAG_CHECK_SOURCE } else { FLAG_HASH }, u64::from_le_bytes(hash))
        }
    };
    let mut header = [0; HEADER_SIZE];
    header[..4].copy_from_slice(&MAGIC_NUMBER);
    header[4..8].copy_from_slice(&u32::to_le_bytes(flags));
    header[8..].copy_from_slice(&rest.to_le_bytes());
    header
}

/// `_imp.source_hash(_imp.pyc_magic_number_token, source)`.
pub fn source_hash(source: &[u8]) -> [u8; 8] {
    siphash::siphash13(u64::from(MAGIC_NUMBER_TOKEN), 0, source).to_le_bytes()
}

#[cfg(test)]
mod tests;
