//! One side of a TLS connection, without its transport: bytes come in by `feed` and wait in `outgoing`.
//!
//! `_SSLSocket` owns a session and carries its bytes. Nothing here runs Python code or blocks; each step says what it needs to go on, and is
//! simply repeated when that is there.

use std::io::{ErrorKind, Read, Write};
use std::sync::PoisonError;

use objects::gc::{Traverse, Visitor};
use rustls::server::{Accepted, Acceptor};
use rustls::{
    AlertDescription, CipherSuite, Connection, Error, InvalidMessage, PeerIncompatible, PeerMisbehaved, ServerConfig,
};

use crate::bio::Queue;
use crate::errors::{Failure, Kind};
use crate::verify::Place;

/// How far a step came.
pub enum Progress<T> {
    Done(T),
    /// Bytes of the peer are needed, after `outgoing` has been sent.
    NeedsInput,
    /// The client has said what it wants, and the server chooses a configuration.
    NeedsConfiguration,
    Failed(Failure),
}

enum Link {
    /// A server that waits for the client's first message.
    Accepting(Acceptor),
    Choosing(Accepted),
    Open(Connection),
    Broken,
}

/// What a client's first message asks for.
pub struct Wish {
    pub server_name: Option<String>,
    pub protocols: Vec<Vec<u8>>,
}

pub struct Session {
    link: Link,
    incoming: Queue,
    pub outgoing: Queue,
    /// Plain bytes that were taken by a `write` which could not be sent whole, and which the caller therefore repeats.
    pub owed: Option<usize>,
    pub refusal: Place,
    /// The cipher suites that a client offers.
    pub offered_suites: Vec<CipherSuite>,
    failure: Option<Failure>,
    /// The transport has no more bytes.
    ended: bool,
    closing: bool,
}

impl Default for Session {
    fn default() -> Self {
        Self::of(Link::Broken, Place::default())
    }
}

impl Traverse for Session {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// How much one `write` encrypts: some records.
pub const LARGEST_WRITE: usize = 64 * 1024;

impl Session {
    fn of(link: Link, refusal: Place) -> Self {
        Self {
            link,
            incoming: Queue::default(),
            outgoing: Queue::default(),
            owed: None,
            refusal,
            offered_suites: Vec::new(),
            failure: None,
            ended: false,
            closing: false,
        }
    }

    pub fn server(refusal: Place) -> Self {
        Self::of(Link::Accepting(Acceptor::default()), refusal)
    }

    pub fn client(connection: Connection, refusal: Place) -> Self {
        Self::of(Link::Open(connection), refusal)
    }

    /// The connection, once its configuration is known.
    pub fn connection(&self) -> Option<&Connection> {
        match &self.link {
            Link::Open(connection) => Some(connection),
            _ => None,
        }
    }

    /// The connection, once the handshake is over.
    pub fn established(&self) -> Option<&Connection> {
        self.connection().filter(|it| !it.is_handshaking())
    }

    /// What the client asks for, while a configuration is chosen.
    pub fn wish(&self) -> Option<Wish> {
        let Link::Choosing(accepted) = &self.link else { return None };
        let hello = accepted.client_hello();
        let protocols = hello.alpn().map(|it| it.map(<[u8]>::to_vec).collect()).unwrap_or_default();
        Some(Wish { server_name: hello.server_name().map(str::to_owned), protocols })
    }

    /// Goes on with the chosen configuration.
    pub fn configure(&mut self, configuration: std::sync::Arc<ServerConfig>) {
        match std::mem::replace(&mut self.link, Link::Broken) {
            Link::Choosing(accepted) => match accepted.into_connection(configuration) {
                Ok(mut connection) => {
                    connection.set_buffer_limit(None);
                    self.link = Link::Open(Connection::Server(connection));
                    self.drain();
                }
                Err((error, mut alert)) => {
                    let mut bytes = Vec::new();
                    let _ = alert.write_all(&mut bytes);
                    self.outgoing.push(&bytes);
                    self.fail(&error);
                }
            },
            link => self.link = link,
        }
    }

    /// Ends a handshake that has not chosen a configuration, with a fatal alert (RFC 8446, section 6).
    pub fn abort(&mut self, alert: u8, failure: Failure) {
        self.outgoing.push(&[21, 3, 3, 0, 2, 2, alert]);
        self.link = Link::Broken;
        self.failure = Some(failure);
    }

    fn fail(&mut self, error: &Error) {
        if self.failure.is_none() {
            self.failure = Some(self.failure_of(error));
        }
    }

    /// Takes bytes of the peer; none at all say that there will be no more.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.ended |= bytes.is_empty();
        self.incoming.push(bytes);
        self.pump();
    }

    /// Decrypts as much as there is room for.
    fn pump(&mut self) {
        while self.failure.is_none() && (self.ended || !self.incoming.is_empty()) {
            let mut rest = self.incoming.rest();
            let read = match &mut self.link {
                Link::Accepting(acceptor) => acceptor.read_tls(&mut rest),
                Link::Open(connection) => connection.read_tls(&mut rest),
                _ => return,
            };
            // An error says that decrypted bytes have to be taken first.
            let Ok(read) = read else { return };
            self.incoming.consume(read);
            if let Link::Open(connection) = &mut self.link
                && let Err(error) = connection.process_new_packets()
            {
                self.fail(&error);
            }
            self.drain();
            if read == 0 {
                return;
            }
        }
    }

    /// Moves what the connection has to send to `outgoing`.
    fn drain(&mut self) {
        let Link::Open(connection) = &mut self.link else { return };
        let mut bytes = Vec::new();
        while connection.wants_write() {
            if !matches!(connection.write_tls(&mut bytes), Ok(1..)) {
                break;
            }
        }
        self.outgoing.push(&bytes);
    }

    pub fn handshake(&mut self) -> Progress<()> {
        if let Link::Accepting(acceptor) = &mut self.link {
            match acceptor.accept() {
                Ok(Some(accepted)) => {
                    self.offered_suites = accepted.client_hello().cipher_suites().to_vec();
                    self.link = Link::Choosing(accepted);
                }
                Ok(None) if self.ended => return Progress::Failed(Failure::eof()),
                Ok(None) => return Progress::NeedsInput,
                Err((error, mut alert)) => {
                    let mut bytes = Vec::new();
                    let _ = alert.write_all(&mut bytes);
                    self.outgoing.push(&bytes);
                    self.link = Link::Broken;
                    self.fail(&error);
                }
            }
        }
        if let Some(failure) = &self.failure {
            return Progress::Failed(failure.clone());
        }
        self.drain();
        match &self.link {
            Link::Open(connection) if !connection.is_handshaking() => Progress::Done(()),
            Link::Open(connection) if self.ended || !connection.wants_read() && !connection.wants_write() => {
                Progress::Failed(Failure::eof())
            }
            Link::Choosing(_) => Progress::NeedsConfiguration,
            Link::Accepting(_) | Link::Open(_) => Progress::NeedsInput,
            Link::Broken => Progress::Failed(Failure::new("UNINITIALIZED", "uninitialized")),
        }
    }

    /// As `handshake`, for reading and writing, which go on where it is over.
    fn ready(&mut self) -> Progress<()> {
        if self.established().is_some() { Progress::Done(()) } else { self.handshake() }
    }

    pub fn read(&mut self, room: &mut [u8]) -> Progress<usize> {
        match self.ready() {
            Progress::Done(()) => {}
            other => return other.without_value(),
        }
        loop {
            let Link::Open(connection) = &mut self.link else { return Progress::Failed(Failure::eof()) };
            match connection.reader().read(room) {
                // An end that the peer announced is one; after both sides have, nothing may be read.
                Ok(0) if self.closing && !room.is_empty() => return Progress::Failed(Failure::zero_return()),
                Ok(count) => return Progress::Done(count),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return Progress::Failed(self.failure.clone().unwrap_or_else(Failure::eof)),
            }
            if let Some(failure) = &self.failure {
                return Progress::Failed(failure.clone());
            }
            if self.incoming.is_empty() {
                return Progress::NeedsInput;
            }
            self.pump();
        }
    }

    /// Encrypts some of the bytes into `outgoing`.
    pub fn write(&mut self, bytes: &[u8]) -> Progress<usize> {
        match self.ready() {
            Progress::Done(()) => {}
            other => return other.without_value(),
        }
        if let Some(failure) = &self.failure {
            return Progress::Failed(failure.clone());
        }
        if self.closing {
            return Progress::Failed(Failure::new("PROTOCOL_IS_SHUTDOWN", "protocol is shutdown"));
        }
        let Link::Open(connection) = &mut self.link else { return Progress::Failed(Failure::eof()) };
        let part = &bytes[..bytes.len().min(LARGEST_WRITE)];
        let written = connection.writer().write(part).unwrap_or(0);
        self.drain();
        Progress::Done(written)
    }

    /// Says that nothing more will be sent, and waits until the peer has said so.
    pub fn shutdown(&mut self) -> Progress<()> {
        if self.established().is_none() {
            return Progress::Failed(Failure::new("SHUTDOWN_WHILE_IN_INIT", "shutdown while in init"));
        }
        if let Link::Open(connection) = &mut self.link
            && !std::mem::replace(&mut self.closing, true)
        {
            connection.send_close_notify();
        }
        self.drain();
        if let Some(failure) = &self.failure {
            return Progress::Failed(failure.clone());
        }
        let Link::Open(connection) = &mut self.link else { return Progress::Failed(Failure::eof()) };
        match connection.process_new_packets() {
            Ok(state) if state.plaintext_bytes_to_read() > 0 => {
                let message = "application data after close notify";
                Progress::Failed(Failure::new("APPLICATION_DATA_AFTER_CLOSE_NOTIFY", message))
            }
            Ok(state) if state.peer_has_closed() => Progress::Done(()),
            Ok(_) if self.ended => Progress::Failed(Failure::eof()),
            Ok(_) => Progress::NeedsInput,
            Err(error) => Progress::Failed(self.failure_of(&error)),
        }
    }

    /// How many decrypted bytes wait.
    pub fn pending(&mut self) -> usize {
        match &mut self.link {
            Link::Open(connection) => connection.process_new_packets().map_or(0, |it| it.plaintext_bytes_to_read()),
            _ => 0,
        }
    }

    fn failure_of(&self, error: &Error) -> Failure {
        match error {
            Error::InvalidCertificate(_) => {
                let refusal = self.refusal.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let failure = Failure::new("CERTIFICATE_VERIFY_FAILED", "certificate verify failed");
                Failure { kind: Kind::Verification, refusal, ..failure }
            }
            Error::NoCertificatesPresented => {
                Failure::new("PEER_DID_NOT_RETURN_A_CERTIFICATE", "peer did not return a certificate")
            }
            Error::AlertReceived(alert) => alert_failure(*alert),
            Error::DecryptError => {
                Failure::new("DECRYPTION_FAILED_OR_BAD_RECORD_MAC", "decryption failed or bad record mac")
            }
            Error::InvalidMessage(
                InvalidMessage::InvalidContentType
                | InvalidMessage::UnknownProtocolVersion
                | InvalidMessage::MessageTooLarge,
            ) => Failure::new("WRONG_VERSION_NUMBER", "wrong version number"),
            Error::NoApplicationProtocol => Failure::new("NO_APPLICATION_PROTOCOL", "no application protocol"),
            Error::PeerIncompatible(incompatible) => incompatible_failure(incompatible),
            Error::PeerMisbehaved(PeerMisbehaved::SelectedUnofferedCipherSuite) => {
                Failure::new("WRONG_CIPHER_RETURNED", "wrong cipher returned")
            }
            Error::PeerSentOversizedRecord => Failure::new("PACKET_LENGTH_TOO_LONG", "packet length too long"),
            other => Failure::new("INTERNAL_ERROR", other.to_string()),
        }
    }
}

impl<T> Progress<T> {
    /// What is not done has no value.
    fn without_value<U>(self) -> Progress<U> {
        match self {
            Self::Done(_) | Self::NeedsInput => Progress::NeedsInput,
            Self::NeedsConfiguration => Progress::NeedsConfiguration,
            Self::Failed(failure) => Progress::Failed(failure),
        }
    }
}

fn incompatible_failure(incompatible: &PeerIncompatible) -> Failure {
    match incompatible {
        PeerIncompatible::NoCipherSuitesInCommon => Failure::new("NO_SHARED_CIPHER", "no shared cipher"),
        PeerIncompatible::NoKxGroupsInCommon => Failure::new("NO_SUITABLE_KEY_SHARE", "no suitable key share"),
        PeerIncompatible::NoSignatureSchemesInCommon => {
            Failure::new("NO_SUITABLE_SIGNATURE_ALGORITHM", "no suitable signature algorithm")
        }
        PeerIncompatible::SupportedVersionsExtensionRequired
        | PeerIncompatible::Tls12NotOffered
        | PeerIncompatible::Tls12NotOfferedOrEnabled
        | PeerIncompatible::Tls13RequiredForQuic
        | PeerIncompatible::ServerDoesNotSupportTls12Or13
        | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig => {
            Failure::new("UNSUPPORTED_PROTOCOL", "unsupported protocol")
        }
        other => Failure::new("INTERNAL_ERROR", format!("{other:?}")),
    }
}

/// OpenSSL's words for an alert of the peer.
fn alert_failure(alert: AlertDescription) -> Failure {
    let (reason, message) = match alert {
        AlertDescription::UnexpectedMessage => ("SSLV3_ALERT_UNEXPECTED_MESSAGE", "ssl/tls alert unexpected message"),
        AlertDescription::BadRecordMac => ("SSLV3_ALERT_BAD_RECORD_MAC", "ssl/tls alert bad record mac"),
        AlertDescription::HandshakeFailure => ("SSLV3_ALERT_HANDSHAKE_FAILURE", "ssl/tls alert handshake failure"),
        AlertDescription::BadCertificate => ("SSLV3_ALERT_BAD_CERTIFICATE", "ssl/tls alert bad certificate"),
        AlertDescription::UnsupportedCertificate => {
            ("SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", "ssl/tls alert unsupported certificate")
        }
        AlertDescription::CertificateRevoked => {
            ("SSLV3_ALERT_CERTIFICATE_REVOKED", "ssl/tls alert certificate revoked")
        }
        AlertDescription::CertificateExpired => {
            ("SSLV3_ALERT_CERTIFICATE_EXPIRED", "ssl/tls alert certificate expired")
        }
        AlertDescription::CertificateUnknown => {
            ("SSLV3_ALERT_CERTIFICATE_UNKNOWN", "ssl/tls alert certificate unknown")
        }
        AlertDescription::IllegalParameter => ("SSLV3_ALERT_ILLEGAL_PARAMETER", "ssl/tls alert illegal parameter"),
        AlertDescription::UnknownCA => ("TLSV1_ALERT_UNKNOWN_CA", "tlsv1 alert unknown ca"),
        AlertDescription::AccessDenied => ("TLSV1_ALERT_ACCESS_DENIED", "tlsv1 alert access denied"),
        AlertDescription::DecodeError => ("TLSV1_ALERT_DECODE_ERROR", "tlsv1 alert decode error"),
        AlertDescription::DecryptError => ("TLSV1_ALERT_DECRYPT_ERROR", "tlsv1 alert decrypt error"),
        AlertDescription::ProtocolVersion => ("TLSV1_ALERT_PROTOCOL_VERSION", "tlsv1 alert protocol version"),
        AlertDescription::InsufficientSecurity => {
            ("TLSV1_ALERT_INSUFFICIENT_SECURITY", "tlsv1 alert insufficient security")
        }
        AlertDescription::InternalError => ("TLSV1_ALERT_INTERNAL_ERROR", "tlsv1 alert internal error"),
        AlertDescription::UnrecognisedName => ("TLSV1_UNRECOGNIZED_NAME", "tlsv1 unrecognized name"),
        AlertDescription::CertificateRequired => {
            ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "tlsv13 alert certificate required")
        }
        AlertDescription::NoApplicationProtocol => {
            ("TLSV1_ALERT_NO_APPLICATION_PROTOCOL", "tlsv1 alert no application protocol")
        }
        other => return Failure::new("SSLV3_ALERT", format!("ssl/tls alert {other:?}")),
    };
    Failure::new(reason, message)
}
