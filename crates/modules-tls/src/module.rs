//! The functions and constants of `_ssl`.

use std::path::PathBuf;

use builtins::bytes::Bytes;
use macros::python_module;
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::module::Module;
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;
use rustls::crypto::ring;

use crate::bio::MemoryBio;
use crate::certificate_object::{CertificateObject, SslSession, decode};
use crate::constants;
use crate::context::SslContext;
use crate::credentials;
use crate::errors::{self, Failure, raise_plain};
use crate::oids::{self, Known};
use crate::socket::SslSocket;

/// The places where Linux systems keep the authorities that they trust, in the order in which they are looked for.
const FILES: &[&str] = &[
    "/usr/lib/ssl/cert.pem",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/cert.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
const FOLDERS: &[&str] = &["/usr/lib/ssl/certs", "/etc/ssl/certs", "/etc/pki/tls/certs"];
const FILE_VARIABLE: &str = "SSL_CERT_FILE";
const FOLDER_VARIABLE: &str = "SSL_CERT_DIR";

/// Where trusted authorities are.
pub struct DefaultPaths {
    pub file: PathBuf,
    pub folder: PathBuf,
}

impl DefaultPaths {
    /// What this system has.
    fn of_system() -> Self {
        let first =
            |list: &[&str]| list.iter().map(PathBuf::from).find(|it| it.exists()).unwrap_or_else(|| list[0].into());
        Self { file: first(FILES), folder: first(FOLDERS) }
    }

    /// What the environment says, or else what the system has.
    pub fn of_environment() -> Self {
        let Self { file, folder } = Self::of_system();
        let variable = |name: &str, other: PathBuf| std::env::var_os(name).map_or(other, PathBuf::from);
        Self { file: variable(FILE_VARIABLE, file), folder: variable(FOLDER_VARIABLE, folder) }
    }
}

/// An object identifier as a tuple.
fn known_tuple(known: &Known, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let number = make_int(i128::from(known.number), thread);
    let mut items = vec![number];
    items.extend([known.short, known.long, known.oid].map(|it| Str::from_str(it, thread).into_object()));
    Tuple::new(items, thread)
}

fn version_tuple(numbers: [i128; 5], thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let numbers = numbers.map(|it| make_int(it, thread)).to_vec();
    Tuple::new(numbers, thread)
}

pub struct SslModule;

/// Implementation module for SSL socket operations.  See the socket module
/// for documentation.
#[python_module(name = "_ssl")]
impl SslModule {
    /// RAND_add($module, string, entropy, /)
    /// --
    ///
    /// Mix string into the OpenSSL PRNG state.
    ///
    /// entropy (a float) is a lower bound on the entropy contained in
    /// string.  See RFC 4086.
    #[function]
    #[allow(non_snake_case, reason = "OpenSSL's name")]
    fn RAND_add(string: &Object, entropy: f64, thread: &mut Thread) -> PyResult<()> {
        // The system's generator, which is the only one, needs nothing mixed in.
        let _ = entropy;
        if string.downcast::<Str>().is_none() {
            protocol::buffer::BytesLike::of(string, thread)?;
        }
        Ok(())
    }

    /// RAND_bytes($module, n, /)
    /// --
    ///
    /// Generate n cryptographically strong pseudo-random bytes.
    #[function]
    #[allow(non_snake_case, reason = "OpenSSL's name")]
    fn RAND_bytes(n: i32, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let Ok(count) = usize::try_from(n) else {
            return Err(raise!(thread, ValueError, "num must be positive"));
        };
        let mut bytes = Vec::new();
        if bytes.try_reserve_exact(count).is_err() {
            return Err(thread.raise_memory_error());
        }
        bytes.resize(count, 0);
        match ring::default_provider().secure_random.fill(&mut bytes) {
            Ok(()) => Bytes::try_from_slice(&bytes, thread),
            Err(_) => Err(Failure::new("INTERNAL_ERROR", "no random numbers").raise(thread)),
        }
    }

    /// RAND_status($module, /)
    /// --
    ///
    /// Returns True if the OpenSSL PRNG has been seeded with enough data and False if not.
    ///
    /// It is necessary to seed the PRNG with RAND_add() on some platforms before
    /// using the ssl() function.
    #[function]
    #[allow(non_snake_case, reason = "OpenSSL's name")]
    fn RAND_status() -> bool {
        true
    }

    /// get_default_verify_paths($module, /)
    /// --
    ///
    /// Return search paths and environment vars that are used by SSLContext's set_default_verify_paths() to load default CAs.
    ///
    /// The values are 'cert_file_env', 'cert_file', 'cert_dir_env', 'cert_dir'.
    #[function]
    fn get_default_verify_paths(thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let paths = DefaultPaths::of_system();
        let (file, folder) = (paths.file.to_string_lossy(), paths.folder.to_string_lossy());
        let texts = [FILE_VARIABLE, &file, FOLDER_VARIABLE, &folder];
        let texts = texts.map(|it| Str::from_str(it, thread).into_object()).to_vec();
        Tuple::new(texts, thread)
    }

    /// txt2obj($module, /, txt, name=False)
    /// --
    ///
    /// Lookup NID, short name, long name and OID of an ASN1_OBJECT.
    ///
    /// By default objects are looked up by OID. With name=True short and
    /// long name are also matched.
    #[function]
    fn txt2obj(txt: &Str, #[default(false)] name: bool, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let text = txt.to_string_lossy();
        let found = oids::by_oid(&text).or_else(|| if name { oids::by_name(&text) } else { None });
        match found {
            Some(known) => known_tuple(known, thread),
            None => {
                let start: String = text.chars().take(100).collect();
                Err(raise!(thread, ValueError, "unknown object '{start}'"))
            }
        }
    }

    /// nid2obj($module, nid, /)
    /// --
    ///
    /// Lookup NID, short name, long name and OID of an ASN1_OBJECT by NID.
    #[function]
    fn nid2obj(nid: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if nid < 0 {
            return Err(raise!(thread, ValueError, "NID must be positive"));
        }
        match oids::by_number(nid) {
            Some(known) => known_tuple(known, thread),
            None => Err(raise!(thread, ValueError, "unknown NID {nid}")),
        }
    }

    /// _test_decode_cert($module, path, /)
    /// --
    ///
    ///
    #[function]
    fn _test_decode_cert(path: system::path::SystemText, thread: &mut Thread) -> PyResult<Py<Dict>> {
        use std::os::unix::ffi::OsStrExt;
        let path = PathBuf::from(std::ffi::OsStr::from_bytes(path.0.as_bytes()));
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(_) => return Err(raise_plain("Can't open file", thread)),
        };
        match credentials::certificates(&text).unwrap_or_default().first() {
            Some(der) => decode(der, thread),
            None => Err(raise_plain("Error decoding PEM-encoded file", thread)),
        }
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        errors::prepare(module, thread)?;
        system::constants::add(module, constants::NAMED, thread)?;
        for (name, has) in constants::FEATURES {
            let has = Bool::new(*has);
            module.set(name, &has, thread)?;
        }
        module.set("_SSLContext", SslContext::class(), thread)?;
        module.set("_SSLSocket", SslSocket::class(), thread)?;
        module.set("MemoryBIO", MemoryBio::class(), thread)?;
        module.set("SSLSession", SslSession::class(), thread)?;
        module.set("Certificate", CertificateObject::class(), thread)?;
        for (name, text) in [("OPENSSL_VERSION", constants::VERSION_TEXT), ("_DEFAULT_CIPHERS", "DEFAULT")] {
            let text = Str::from_str(text, thread);
            module.set(name, &text, thread)?;
        }
        let [major, minor, fix, ..] = constants::INTERFACE_VERSION;
        let number = make_int(major << 28 | minor << 20 | fix << 4, thread);
        module.set("OPENSSL_VERSION_NUMBER", &number, thread)?;
        for name in ["OPENSSL_VERSION_INFO", "_OPENSSL_API_VERSION"] {
            let numbers = version_tuple(constants::INTERFACE_VERSION, thread)?;
            module.set(name, &numbers, thread)?;
        }
        Ok(())
    }
}
