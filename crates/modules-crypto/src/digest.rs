//! The hash algorithms behind one type, so that objects and HMAC need not know which one they have.

use md5::{Digest as _, Md5};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use crate::sponge::Sponge;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha3_224,
    Sha3_256,
    Sha3_384,
    Sha3_512,
    Shake128,
    Shake256,
    Blake2b,
    Blake2s,
}

/// What is known of each algorithm: its name, the size of its blocks and of its digest in bytes.
const FACTS: &[(Algorithm, &str, usize, usize)] = &[
    (Algorithm::Md5, "md5", 64, 16),
    (Algorithm::Sha1, "sha1", 64, 20),
    (Algorithm::Sha224, "sha224", 64, 28),
    (Algorithm::Sha256, "sha256", 64, 32),
    (Algorithm::Sha384, "sha384", 128, 48),
    (Algorithm::Sha512, "sha512", 128, 64),
    (Algorithm::Sha3_224, "sha3_224", 144, 28),
    (Algorithm::Sha3_256, "sha3_256", 136, 32),
    (Algorithm::Sha3_384, "sha3_384", 104, 48),
    (Algorithm::Sha3_512, "sha3_512", 72, 64),
    (Algorithm::Shake128, "shake_128", 168, 0),
    (Algorithm::Shake256, "shake_256", 136, 0),
    (Algorithm::Blake2b, "blake2b", 128, 64),
    (Algorithm::Blake2s, "blake2s", 64, 32),
];

impl Algorithm {
    fn facts(self) -> &'static (Algorithm, &'static str, usize, usize) {
        &FACTS[self as usize]
    }

    pub fn name(self) -> &'static str {
        self.facts().1
    }

    pub fn block_size(self) -> usize {
        self.facts().2
    }

    /// Zero where the caller chooses the size.
    pub fn digest_size(self) -> usize {
        self.facts().3
    }

    pub fn has_chosen_size(self) -> bool {
        self.digest_size() == 0
    }

    /// The algorithm of this name, in capitals or small letters.
    pub fn named(name: &str) -> Option<Algorithm> {
        FACTS.iter().find(|it| it.1 == name || it.1.to_uppercase() == name).map(|it| it.0)
    }

    pub fn start(self) -> Digester {
        match self {
            Self::Md5 => Digester::Md5(Md5::new()),
            Self::Sha1 => Digester::Sha1(Sha1::new()),
            Self::Sha224 => Digester::Sha224(Sha224::new()),
            Self::Sha256 => Digester::Sha256(Sha256::new()),
            Self::Sha384 => Digester::Sha384(Sha384::new()),
            Self::Sha512 => Digester::Sha512(Sha512::new()),
            Self::Sha3_224 | Self::Sha3_256 | Self::Sha3_384 | Self::Sha3_512 => {
                Digester::Keccak(Sponge::new(self.block_size(), SHA3_SUFFIX), self.digest_size())
            }
            Self::Shake128 | Self::Shake256 => Digester::Keccak(Sponge::new(self.block_size(), SHAKE_SUFFIX), 0),
            Self::Blake2b => Digester::Blake2b(Box::new(blake2b_simd::State::new())),
            Self::Blake2s => Digester::Blake2s(Box::new(blake2s_simd::State::new())),
        }
    }

    /// The bits that follow the message in the Keccak algorithms (FIPS 202).
    pub fn suffix(self) -> u8 {
        if self.has_chosen_size() { SHAKE_SUFFIX } else { SHA3_SUFFIX }
    }
}

const SHA3_SUFFIX: u8 = 0x06;
const SHAKE_SUFFIX: u8 = 0x1F;

/// A message that is being hashed.
#[derive(Clone)]
pub enum Digester {
    Md5(Md5),
    Sha1(Sha1),
    Sha224(Sha224),
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
    /// With the size of the digest.
    Keccak(Sponge, usize),
    Blake2b(Box<blake2b_simd::State>),
    Blake2s(Box<blake2s_simd::State>),
}

impl Digester {
    pub fn update(&mut self, data: &[u8]) {
        match self {
            Self::Md5(state) => state.update(data),
            Self::Sha1(state) => state.update(data),
            Self::Sha224(state) => state.update(data),
            Self::Sha256(state) => state.update(data),
            Self::Sha384(state) => state.update(data),
            Self::Sha512(state) => state.update(data),
            Self::Keccak(state, _) => state.absorb(data),
            Self::Blake2b(state) => {
                state.update(data);
            }
            Self::Blake2s(state) => {
                state.update(data);
            }
        }
    }

    /// The digest of what came so far.
    pub fn digest(&self) -> Vec<u8> {
        match self {
            Self::Md5(state) => state.clone().finalize().to_vec(),
            Self::Sha1(state) => state.clone().finalize().to_vec(),
            Self::Sha224(state) => state.clone().finalize().to_vec(),
            Self::Sha256(state) => state.clone().finalize().to_vec(),
            Self::Sha384(state) => state.clone().finalize().to_vec(),
            Self::Sha512(state) => state.clone().finalize().to_vec(),
            Self::Keccak(state, size) => state.squeeze(*size),
            Self::Blake2b(state) => state.finalize().as_bytes().to_vec(),
            Self::Blake2s(state) => state.finalize().as_bytes().to_vec(),
        }
    }

    /// A digest of a size that the caller chooses, where the algorithm has such.
    pub fn digest_of_size(&self, size: usize) -> Vec<u8> {
        match self {
            Self::Keccak(state, _) => state.squeeze(size),
            _ => self.digest(),
        }
    }
}

/// Lowercase hexadecimal digits.
pub fn hex(digest: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
    digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
