//! Headers there and back, and the hash against the reference's.

use super::{HeaderError, MAGIC_NUMBER, MAGIC_NUMBER_TOKEN, Validation, header, read_header, source_hash};
use crate::test_support::from_hex;

const RECORDED: &str = include_str!("../../tests/data/marshal.tsv");

#[test]
fn magic_number_is_the_reference_s() {
    assert_eq!(&MAGIC_NUMBER, b"+\x0e\r\n");
    assert_eq!(MAGIC_NUMBER_TOKEN, 0x0A0D_0E2B);
}

#[test]
fn headers_survive() {
    for validation in [
        Validation::Timestamp { modified: 0x1234_5678, size: 42 },
        Validation::Hash { hash: *b"12345678", check_source: true },
        Validation::Hash { hash: *b"12345678", check_source: false },
    ] {
        let mut file = header(validation).to_vec();
        file.push(b'N');
        assert_eq!(read_header(&file), Ok((validation, &b"N"[..])));
        assert_eq!(read_header(&file[..15]), Err(HeaderError::TooShort));
    }
    assert_eq!(read_header(b"\x00\x0e\r\n"), Err(HeaderError::BadMagic));
    assert_eq!(read_header(b"+\x0e\r\n\x04\0\0\0\0\0\0\0\0\0\0\0"), Err(HeaderError::InvalidFlags(4)));
}

#[test]
fn source_hash_is_the_reference_s() {
    let hashes = RECORDED.lines().filter_map(|line| line.strip_prefix("hash\t")?.split_once('\t'));
    let mut seen = 0;
    for (source, hash) in hashes {
        assert_eq!(source_hash(&from_hex(source)).to_vec(), from_hex(hash));
        seen += 1;
    }
    assert!(seen >= 4);
}
