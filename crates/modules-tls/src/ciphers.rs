//! Cipher suites: their names in OpenSSL, and lists of them as `set_ciphers` takes.

use rustls::crypto::CryptoProvider;
use rustls::{CipherSuite, ProtocolVersion, SupportedCipherSuite};

/// A suite's identifier, OpenSSL's name for it, its strength in bits, and the words that select it in a list.
struct Named {
    suite: CipherSuite,
    name: &'static str,
    bits: i32,
    words: &'static [&'static str],
}

const SUITES: &[Named] = &[
    Named { suite: CipherSuite::TLS13_AES_256_GCM_SHA384, name: "TLS_AES_256_GCM_SHA384", bits: 256, words: &[] },
    Named {
        suite: CipherSuite::TLS13_CHACHA20_POLY1305_SHA256,
        name: "TLS_CHACHA20_POLY1305_SHA256",
        bits: 256,
        words: &[],
    },
    Named { suite: CipherSuite::TLS13_AES_128_GCM_SHA256, name: "TLS_AES_128_GCM_SHA256", bits: 128, words: &[] },
    Named {
        suite: CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        name: "ECDHE-ECDSA-AES256-GCM-SHA384",
        bits: 256,
        words: &["ECDSA", "aECDSA", "AES", "AES256", "AESGCM", "SHA384"],
    },
    Named {
        suite: CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        name: "ECDHE-RSA-AES256-GCM-SHA384",
        bits: 256,
        words: &["RSA", "aRSA", "AES", "AES256", "AESGCM", "SHA384"],
    },
    Named {
        suite: CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        name: "ECDHE-ECDSA-AES128-GCM-SHA256",
        bits: 128,
        words: &["ECDSA", "aECDSA", "AES", "AES128", "AESGCM", "SHA256"],
    },
    Named {
        suite: CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        name: "ECDHE-RSA-AES128-GCM-SHA256",
        bits: 128,
        words: &["RSA", "aRSA", "AES", "AES128", "AESGCM", "SHA256"],
    },
    Named {
        suite: CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        name: "ECDHE-ECDSA-CHACHA20-POLY1305",
        bits: 256,
        words: &["ECDSA", "aECDSA", "CHACHA20"],
    },
    Named {
        suite: CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        name: "ECDHE-RSA-CHACHA20-POLY1305",
        bits: 256,
        words: &["RSA", "aRSA", "CHACHA20"],
    },
];

/// Words that every suite before TLS 1.3 answers to, since all agree on keys by elliptic curves and authenticate their data.
const COMMON: &[&str] =
    &["ALL", "DEFAULT", "HIGH", "ECDHE", "EECDH", "kECDHE", "kEECDH", "ECDH", "TLSv1.2", "COMPLEMENTOFDEFAULT"];

/// A suite as Python sees it: its name, the version it belongs to, its strength.
pub struct Description {
    pub name: &'static str,
    pub version: &'static str,
    pub bits: i32,
    pub identifier: u16,
}

pub fn version_name(version: ProtocolVersion) -> &'static str {
    match version {
        ProtocolVersion::TLSv1_3 => "TLSv1.3",
        _ => "TLSv1.2",
    }
}

pub fn describe(suite: SupportedCipherSuite) -> Option<Description> {
    let named = SUITES.iter().find(|it| it.suite == suite.suite())?;
    let version = version_name(suite.version().version);
    Some(Description { name: named.name, version, bits: named.bits, identifier: u16::from(named.suite) })
}

impl Named {
    fn answers(&self, word: &str) -> bool {
        self.name == word || !self.words.is_empty() && (COMMON.contains(&word) || self.words.contains(&word))
    }
}

/// The provider with the suites that a list selects, or None if it selects none. Those of TLS 1.3 are not for lists to choose.
pub fn select(all: &CryptoProvider, list: &str) -> Option<CryptoProvider> {
    let mut chosen: Vec<&Named> = Vec::new();
    let mut banned: Vec<&'static str> = Vec::new();
    for item in list.split([':', ',', ' ']).filter(|it| !it.is_empty() && !it.starts_with('@')) {
        let (sign, words) = match item.as_bytes()[0] {
            sign @ (b'!' | b'-' | b'+') => (sign, &item[1..]),
            _ => (b' ', item),
        };
        let answering = SUITES.iter().filter(|suite| words.split('+').all(|word| suite.answers(word)));
        for suite in answering {
            match sign {
                b'!' => {
                    banned.push(suite.name);
                    chosen.retain(|it| it.name != suite.name);
                }
                b'-' => chosen.retain(|it| it.name != suite.name),
                b'+' => {}
                _ if banned.contains(&suite.name) || chosen.iter().any(|it| it.name == suite.name) => {}
                _ => chosen.push(suite),
            }
        }
    }
    let find = |named: &&Named| all.cipher_suites.iter().find(|it| it.suite() == named.suite).copied();
    let old: Vec<SupportedCipherSuite> = chosen.iter().filter(|it| !it.words.is_empty()).filter_map(find).collect();
    if chosen.is_empty() {
        return None;
    }
    let new = all.cipher_suites.iter().filter(|it| it.tls13().is_some()).copied();
    Some(CryptoProvider { cipher_suites: new.chain(old).collect(), ..all.clone() })
}
