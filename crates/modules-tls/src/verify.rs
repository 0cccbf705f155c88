//! Whether a peer's certificate is trusted, and whether it is for the host that was asked for.
//!
//! `rustls` calls a [`Verifier`] within a handshake, which runs no Python code; why a certificate was refused waits in the verifier's place until
//! the connection raises. Chains are built by `webpki`; what OpenSSL accepts beyond that (a trusted certificate that the peer itself uses, names
//! in the subject) is decided here.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ParsedCertificate, WebPkiClientVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, SignatureScheme};

use crate::certificate::{Certificate, Name};
use crate::errors::Refusal;

/// The certificates that a context trusts.
#[derive(Clone, Debug)]
pub struct Trust {
    pub certificates: Vec<CertificateDer<'static>>,
    anchors: Arc<RootCertStore>,
}

impl Default for Trust {
    fn default() -> Self {
        Self { certificates: Vec::new(), anchors: Arc::new(RootCertStore::empty()) }
    }
}

impl Trust {
    /// Adds certificates that are not there yet.
    pub fn add(&mut self, certificates: Vec<CertificateDer<'static>>) {
        let anchors = Arc::make_mut(&mut self.anchors);
        let mut known: std::collections::HashSet<Vec<u8>> = self.certificates.iter().map(|it| it.to_vec()).collect();
        for certificate in certificates {
            if known.insert(certificate.to_vec()) {
                // What cannot be an anchor of a chain can still be the peer's own certificate.
                let _ = anchors.add(certificate.clone());
                self.certificates.push(certificate);
            }
        }
    }
}

/// Where a verifier leaves the reason for refusing.
pub type Place = Arc<Mutex<Option<Refusal>>>;

/// What a peer has to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    Nothing,
    /// A client may come without a certificate.
    Optional,
    Required,
}

pub struct Verifier {
    pub trust: Trust,
    pub demand: Demand,
    /// A trusted certificate ends a chain even if another one has signed it.
    pub accepts_partial_chains: bool,
    /// The host that the certificate has to be for.
    pub host: Option<String>,
    /// The subject's name counts where there are no other names.
    pub common_name_counts: bool,
    pub provider: Arc<CryptoProvider>,
    pub refusal: Place,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Verifier")
            .field("demand", &self.demand)
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}

fn refused(error: CertificateError) -> Error {
    Error::InvalidCertificate(error)
}

impl Verifier {
    fn refuse(&self, code: i64, message: impl Into<String>) {
        let refusal = Refusal { code, message: message.into() };
        *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = Some(refusal);
    }

    /// True if the peer's certificate is itself a trusted one that ends a chain.
    fn is_trusted_itself(&self, der: &CertificateDer<'_>, certificate: &Certificate<'_>) -> bool {
        (self.accepts_partial_chains || certificate.is_self_issued()) && self.trust.certificates.contains(der)
    }

    /// Checks the chain; `build` is what `webpki` says of it.
    fn check_chain(
        &self,
        der: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
        build: impl FnOnce() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Some(certificate) = Certificate::read(der) else {
            return Err(refused(CertificateError::BadEncoding));
        };
        let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        let outcome = if !self.is_trusted_itself(der, &certificate) {
            build()
        } else if now > certificate.not_after.seconds() {
            Err(refused(CertificateError::Expired))
        } else if now < certificate.not_before.seconds() {
            Err(refused(CertificateError::NotValidYet))
        } else {
            Ok(())
        };
        if let Err(Error::InvalidCertificate(error)) = &outcome {
            let (code, message) = reason(error, &certificate, intermediates);
            self.refuse(code, message);
        }
        outcome
    }

    fn check_host(&self, der: &CertificateDer<'_>) -> Result<(), Error> {
        let (Some(host), Some(certificate)) = (&self.host, Certificate::read(der)) else { return Ok(()) };
        if matches_host(&certificate, host, self.common_name_counts) {
            return Ok(());
        }
        if host.parse::<IpAddr>().is_ok() {
            self.refuse(64, format!("IP address mismatch, certificate is not valid for '{host}'."));
        } else {
            self.refuse(62, format!("Hostname mismatch, certificate is not valid for '{host}'."));
        }
        Err(refused(CertificateError::NotValidForName))
    }
}

/// OpenSSL's number and words for a certificate that is refused.
fn reason(
    error: &CertificateError,
    certificate: &Certificate<'_>,
    intermediates: &[CertificateDer<'_>],
) -> (i64, &'static str) {
    let is_self_issued = |it: &CertificateDer<'_>| Certificate::read(it).is_some_and(|it| it.is_self_issued());
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (10, "certificate has expired"),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            (9, "certificate is not yet valid")
        }
        CertificateError::BadSignature => (7, "certificate signature failure"),
        CertificateError::Revoked => (23, "certificate revoked"),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            (26, "unsuitable certificate purpose")
        }
        _ if certificate.is_self_issued() => (18, "self-signed certificate"),
        _ if intermediates.iter().any(is_self_issued) => (19, "self-signed certificate in certificate chain"),
        CertificateError::UnknownIssuer => (20, "unable to get local issuer certificate"),
        _ => (1, "unspecified certificate verification error"),
    }
}

/// True if the certificate is for the host (RFC 6125): a wildcard stands for one whole label, the first.
fn matches_host(certificate: &Certificate<'_>, host: &str, common_name_counts: bool) -> bool {
    let names = certificate.names();
    if let Ok(address) = host.parse::<IpAddr>() {
        let bytes = match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        return names.contains(&Name::Address(bytes));
    }
    let mut patterns =
        names.iter().filter_map(|it| if let Name::Dns(name) = it { Some(name) } else { None }).peekable();
    if patterns.peek().is_some() {
        return patterns.any(|it| matches_pattern(it, host));
    }
    common_name_counts && certificate.common_name().is_some_and(|it| matches_pattern(&it, host))
}

fn matches_pattern(pattern: &str, host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    match pattern.strip_prefix("*.") {
        Some(rest) if rest.contains('.') => {
            host.split_once('.').is_some_and(|(first, after)| !first.is_empty() && after.eq_ignore_ascii_case(rest))
        }
        _ => pattern.eq_ignore_ascii_case(host),
    }
}

/// Signatures of the handshake, which a peer makes with the key of the certificate that it shows.
macro_rules! signatures {
    () => {
        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signature: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            let algorithms = &self.provider.signature_verification_algorithms;
            verify_tls12_signature(message, certificate, signature, algorithms)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signature: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            let algorithms = &self.provider.signature_verification_algorithms;
            verify_tls13_signature(message, certificate, signature, algorithms)
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.provider.signature_verification_algorithms.supported_schemes()
        }
    };
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.demand != Demand::Nothing {
            self.check_chain(end_entity, intermediates, now, || {
                let parsed = ParsedCertificate::try_from(end_entity)?;
                let algorithms = self.provider.signature_verification_algorithms.all;
                verify_server_cert_signed_by_trust_anchor(&parsed, &self.trust.anchors, intermediates, now, algorithms)
            })?;
            self.check_host(end_entity)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    signatures!();
}

impl ClientCertVerifier for Verifier {
    fn offer_client_auth(&self) -> bool {
        self.demand != Demand::Nothing
    }

    fn client_auth_mandatory(&self) -> bool {
        self.demand == Demand::Required
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.check_chain(end_entity, intermediates, now, || {
            let builder =
                WebPkiClientVerifier::builder_with_provider(self.trust.anchors.clone(), self.provider.clone());
            let Ok(verifier) = builder.build() else { return Err(refused(CertificateError::UnknownIssuer)) };
            verifier.verify_client_cert(end_entity, intermediates, now).map(drop)
        })?;
        Ok(ClientCertVerified::assertion())
    }

    signatures!();
}
