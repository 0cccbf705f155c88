//! Certificates and keys from files: PEM with any text between its sections, or DER.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, server};

use crate::certificate::Certificate;

/// Why something cannot be loaded.
pub enum Trouble {
    /// The system's error number.
    System(i32),
    /// What the file lacks or has wrong, in the words of the exception.
    Contents(&'static str),
    Mismatch,
    Encrypted,
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        let number = error.raw_os_error();
        Self::System(number.unwrap_or(if error.kind() == ErrorKind::NotFound { libc::ENOENT } else { libc::EIO }))
    }
}

const PEM_LIBRARY: Trouble = Trouble::Contents("[SSL] PEM lib");

/// The certificates of a PEM text; None if a section is broken.
pub fn certificates(text: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    // Sections are read by their own kinds, so that keys and lists in between do no harm; `TRUSTED CERTIFICATE` is not one of them.
    let found: Vec<_> = CertificateDer::pem_slice_iter(text).collect::<Result<_, _>>().ok()?;
    found.iter().all(|it| Certificate::read(it).is_some()).then_some(found)
}

/// A chain of certificates with its key.
pub fn load_chain(
    certificates_path: &Path,
    key_path: &Path,
    provider: &CryptoProvider,
) -> Result<CertifiedKey, Trouble> {
    let text = std::fs::read(certificates_path)?;
    let key_text = if key_path == certificates_path { text.clone() } else { std::fs::read(key_path)? };
    let chain = certificates(&text).filter(|it| !it.is_empty()).ok_or(PEM_LIBRARY)?;
    let is_encrypted = |part: &[u8]| key_text.windows(part.len()).any(|it| it == part);
    if is_encrypted(b"-----BEGIN ENCRYPTED PRIVATE KEY-----") || is_encrypted(b"Proc-Type: 4,ENCRYPTED") {
        return Err(Trouble::Encrypted);
    }
    let key = PrivateKeyDer::from_pem_slice(&key_text).map_err(|_| PEM_LIBRARY)?;
    let key = provider.key_provider.load_private_key(key).map_err(|_| PEM_LIBRARY)?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        Ok(()) | Err(Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => Ok(certified),
        Err(Error::InconsistentKeys(_)) => Err(Trouble::Mismatch),
        Err(_) => Err(PEM_LIBRARY),
    }
}

/// The certificates of a file.
pub fn load_authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, Trouble> {
    let found = certificates(&std::fs::read(path)?).ok_or(Trouble::Contents("[X509] PEM lib"))?;
    if found.is_empty() {
        return Err(Trouble::Contents("[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found"));
    }
    Ok(found)
}

/// The certificates of all files of a folder that have any.
pub fn load_folder(path: &Path) -> Vec<CertificateDer<'static>> {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let is_certificate_name = |path: &Path| {
        // OpenSSL looks for names that are hashes of subjects: eight digits and a number.
        let stem = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
        let number = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
        stem.len() == 8 && stem.bytes().all(|it| it.is_ascii_hexdigit()) && number.parse::<u32>().is_ok()
    };
    let paths = entries.map(|it| it.path()).filter(|it| is_certificate_name(it));
    paths.filter_map(|it| load_authorities(&it).ok()).flatten().collect()
}

/// The keys of a context: for each handshake the last loaded one that the peer can check.
#[derive(Debug)]
pub struct Keys(pub Vec<Arc<CertifiedKey>>);

impl Keys {
    fn choose(&self, schemes: &[rustls::SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.iter().rev().find(|it| it.key.choose_scheme(schemes).is_some()).cloned()
    }
}

impl server::ResolvesServerCert for Keys {
    fn resolve(&self, hello: server::ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.choose(hello.signature_schemes())
    }
}

impl rustls::client::ResolvesClientCert for Keys {
    fn resolve(&self, _: &[&[u8]], schemes: &[rustls::SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.choose(schemes)
    }

    fn has_certs(&self) -> bool {
        !self.0.is_empty()
    }
}

/// A certificate as PEM text.
pub fn to_pem(der: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in der.chunks(48) {
        for group in line.chunks(3) {
            let bits = group.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
            for place in 0..4 {
                let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
                text.push(if place <= group.len() { char::from(digit) } else { '=' });
            }
        }
        text.push('\n');
    }
    text.push_str("-----END CERTIFICATE-----\n");
    text
}
