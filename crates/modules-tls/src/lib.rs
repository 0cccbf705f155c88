//! TLS: `_ssl`, over the crate `rustls`.
//!
//! The binary registers [`TYPES`] and [`MODULES`]. `context` keeps what a program wants of its connections, `session` is one side of a
//! connection without a transport, `socket` joins it to a socket or to two queues of bytes; `verify` decides about certificates, which
//! `certificate` reads. What `rustls` leaves out on purpose (versions before TLS 1.2, renegotiation, pre-shared keys) is refused by name.

mod bio;
mod certificate;
mod certificate_object;
mod ciphers;
mod constants;
mod context;
mod credentials;
mod der;
mod errors;
mod module;
mod oids;
mod session;
mod settings;
mod socket;
mod verify;

use objects::module::Definition;
use objects::types::{Instance, TypeDeclaration, concatenate_declarations, count_declarations};

/// The lists of types of this crate.
const LISTS: &[&[&TypeDeclaration]] = &[
    errors::TYPES,
    &[
        bio::MemoryBio::DECLARATION,
        certificate_object::CertificateObject::DECLARATION,
        certificate_object::SslSession::DECLARATION,
        context::SslContext::DECLARATION,
        socket::SslSocket::DECLARATION,
    ],
];

/// The types of this crate, bases first.
pub const TYPES: &[&TypeDeclaration] = &concatenate_declarations::<{ count_declarations(LISTS) }>(LISTS);

/// The modules of this crate.
pub const MODULES: &[&Definition] = &[&module::SslModule::DEFINITION];
