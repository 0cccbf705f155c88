//! What a context wants of its connections, and the configurations of `rustls` that this means.
//!
//! A configuration is made for each connection: its verifier has the connection's own place for reasons. What connections share (trust, keys,
//! remembered sessions) is shared by reference.

use std::sync::Arc;

use objects::gc::{Traverse, Visitor};
use rustls::client::Resumption;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::ServerName;
use rustls::server::{NoClientAuth, ServerSessionMemoryCache, StoresServerSessions};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ClientConnection, Connection, Error, ServerConfig, SupportedProtocolVersion};

use crate::credentials::Keys;
use crate::verify::{Demand, Place, Trust, Verifier};

pub const PROTOCOL_TLS: i32 = 2;
pub const PROTOCOL_TLS_CLIENT: i32 = 16;
pub const PROTOCOL_TLS_SERVER: i32 = 17;

pub const MINIMUM_SUPPORTED: i64 = -2;
pub const MAXIMUM_SUPPORTED: i64 = -1;
pub const TLS_1_2: i64 = 0x303;
pub const TLS_1_3: i64 = 0x304;

pub const OP_NO_TLS_1_2: u64 = 0x0800_0000;
pub const OP_NO_TLS_1_3: u64 = 0x2000_0000;
/// What OpenSSL and CPython set unless they are told otherwise.
const DEFAULT_OPTIONS: u64 = 0x8252_0050;
const VERIFY_X509_TRUSTED_FIRST: u64 = 0x8000;
const VERIFY_X509_PARTIAL_CHAIN: u64 = 0x8_0000;
const HOSTFLAG_NO_PARTIAL_WILDCARDS: u32 = 4;
const HOSTFLAG_NEVER_CHECK_SUBJECT: u32 = 0x20;
/// How many sessions a server remembers.
const REMEMBERED_SESSIONS: usize = 256;

pub struct Settings {
    pub options: u64,
    pub verify_flags: u64,
    pub host_flags: u32,
    pub minimum: i64,
    pub maximum: i64,
    pub demand: Demand,
    pub checks_host: bool,
    pub trust: Trust,
    pub keys: Vec<Arc<CertifiedKey>>,
    pub protocols: Vec<Vec<u8>>,
    pub tickets: usize,
    pub provider: Arc<CryptoProvider>,
    sessions: Arc<dyn StoresServerSessions>,
}

impl Default for Settings {
    fn default() -> Self {
        Self::new(PROTOCOL_TLS)
    }
}

impl Traverse for Settings {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl Settings {
    pub fn new(protocol: i32) -> Self {
        let is_client = protocol == PROTOCOL_TLS_CLIENT;
        Self {
            options: DEFAULT_OPTIONS,
            verify_flags: VERIFY_X509_TRUSTED_FIRST,
            host_flags: HOSTFLAG_NO_PARTIAL_WILDCARDS,
            minimum: MINIMUM_SUPPORTED,
            maximum: MAXIMUM_SUPPORTED,
            demand: if is_client { Demand::Required } else { Demand::Nothing },
            checks_host: is_client,
            trust: Trust::default(),
            keys: Vec::new(),
            protocols: Vec::new(),
            tickets: 2,
            provider: Arc::new(ring::default_provider()),
            sessions: ServerSessionMemoryCache::new(REMEMBERED_SESSIONS),
        }
    }

    /// The versions that may be spoken.
    fn versions(&self) -> Vec<&'static SupportedProtocolVersion> {
        let known = [(TLS_1_2, OP_NO_TLS_1_2, &TLS12), (TLS_1_3, OP_NO_TLS_1_3, &TLS13)];
        let may = |number: i64, option: u64| {
            let below =
                self.maximum != MAXIMUM_SUPPORTED && (self.maximum == MINIMUM_SUPPORTED || self.maximum < number);
            let above = self.minimum == MAXIMUM_SUPPORTED && number != TLS_1_3 || self.minimum > number;
            !below && !above && self.options & option == 0
        };
        known.into_iter().filter(|(number, option, _)| may(*number, *option)).map(|(_, _, version)| version).collect()
    }

    fn verifier(&self, host: Option<&str>, refusal: &Place) -> Verifier {
        Verifier {
            trust: self.trust.clone(),
            demand: self.demand,
            accepts_partial_chains: self.verify_flags & VERIFY_X509_PARTIAL_CHAIN != 0,
            host: host.filter(|_| self.checks_host).map(str::to_owned),
            common_name_counts: self.host_flags & HOSTFLAG_NEVER_CHECK_SUBJECT == 0,
            provider: self.provider.clone(),
            refusal: refusal.clone(),
        }
    }

    /// A connection to a server. Without a host's name none is sent.
    pub fn connect(&self, host: Option<&str>, refusal: &Place) -> Result<Connection, Error> {
        let versions = self.versions();
        let builder = ClientConfig::builder_with_provider(self.provider.clone()).with_protocol_versions(&versions)?;
        let verifier = Arc::new(self.verifier(host, refusal));
        let keys = Arc::new(Keys(self.keys.clone()));
        let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
        let mut configuration = builder.with_client_cert_resolver(keys);
        configuration.alpn_protocols.clone_from(&self.protocols);
        configuration.resumption = Resumption::disabled();
        // A name that the protocol has no form for is not sent; whether the certificate has it is the verifier's matter.
        let name = host.and_then(|it| ServerName::try_from(it.to_owned()).ok());
        configuration.enable_sni = name.is_some();
        let name = match name {
            Some(name) => name,
            None => ServerName::try_from("unnamed.invalid").map_err(|_| Error::UnsupportedNameType)?,
        };
        let mut connection = ClientConnection::new(Arc::new(configuration), name)?;
        connection.set_buffer_limit(None);
        Ok(Connection::Client(connection))
    }

    /// The configuration of a connection to a client that offers these protocols. If none is shared, the handshake goes on without one.
    pub fn serve(&self, offered: &[Vec<u8>], refusal: &Place) -> Result<Arc<ServerConfig>, Error> {
        let versions = self.versions();
        let builder = ServerConfig::builder_with_provider(self.provider.clone()).with_protocol_versions(&versions)?;
        let builder = match self.demand {
            Demand::Nothing => builder.with_client_cert_verifier(Arc::new(NoClientAuth)),
            _ => builder.with_client_cert_verifier(Arc::new(self.verifier(None, refusal))),
        };
        let mut configuration = builder.with_cert_resolver(Arc::new(Keys(self.keys.clone())));
        if self.protocols.iter().any(|it| offered.contains(it)) {
            configuration.alpn_protocols.clone_from(&self.protocols);
        }
        configuration.send_tls13_tickets = self.tickets;
        configuration.session_storage = self.sessions.clone();
        Ok(Arc::new(configuration))
    }
}
