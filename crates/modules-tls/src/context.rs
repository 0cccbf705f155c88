//! `_ssl._SSLContext`: what connections are to be like.

use std::cell::Cell;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use builtins::bytes::Bytes;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{DeprecationWarning, OrMemoryError, PyResult, Raised, TryToVec};
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol::buffer::BytesLike;
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Field, Guarded, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Type;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;

use crate::bio::MemoryBio;
use crate::certificate::Certificate;
use crate::certificate_object::decode;
use crate::ciphers;
use crate::credentials::{self, Trouble};
use crate::errors::{Failure, raise_plain};
use crate::module::DefaultPaths;
use crate::settings::{
    MAXIMUM_SUPPORTED, MINIMUM_SUPPORTED, OP_NO_TLS_1_2, OP_NO_TLS_1_3, PROTOCOL_TLS, PROTOCOL_TLS_CLIENT,
    PROTOCOL_TLS_SERVER, Settings, TLS_1_2, TLS_1_3,
};
use crate::socket::{SslSocket, Transport};
use crate::verify::Demand;

/// Options by which versions are refused; deprecated in favour of the least and the greatest version.
const OP_NO_VERSIONS: u64 = 0x0200_0000 | 0x0400_0000 | 0x1000_0000 | OP_NO_TLS_1_2 | OP_NO_TLS_1_3;

#[derive(Instance)]
#[repr(C)]
pub struct SslContext {
    header: Header,
    protocol: Cell<i32>,
    pub settings: Guarded<Settings>,
    /// What is called with the name that a client asks for.
    pub sni_callback: Field,
}

impl SslContext {
    pub fn is_only_for(&self, server_side: bool) -> bool {
        self.protocol.get() == if server_side { PROTOCOL_TLS_SERVER } else { PROTOCOL_TLS_CLIENT }
    }

    fn check_side(&self, server_side: bool, thread: &mut Thread) -> PyResult<()> {
        if !self.is_only_for(!server_side) {
            return Ok(());
        }
        let message = if server_side {
            "Cannot create a server socket with a PROTOCOL_TLS_CLIENT context"
        } else {
            "Cannot create a client socket with a PROTOCOL_TLS_SERVER context"
        };
        Err(raise_plain(message, thread))
    }

    fn wrap(
        &self,
        transport: Transport,
        server_side: bool,
        server_hostname: Option<&Object>,
        owner: Option<&Object>,
        session: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<SslSocket>> {
        self.check_side(server_side, thread)?;
        if session.is_some_and(|it| !it.is_none()) {
            return Err(raise!(thread, NotImplementedError, "sessions cannot be resumed by hand"));
        }
        let host = match server_hostname.filter(|it| !it.is_none()) {
            Some(host) => Some(host_name(host, thread)?),
            None => None,
        };
        if !server_side && host.is_none() && self.settings.get(thread).checks_host {
            return Err(raise!(thread, ValueError, "check_hostname requires server_hostname"));
        }
        SslSocket::make(self, transport, server_side, host, owner.filter(|it| !it.is_none()), thread)
    }

    fn set_version(&self, value: Option<&Object>, is_minimum: bool, thread: &mut Thread) -> PyResult<()> {
        let version = expect_int(value, thread)?;
        let is_known =
            (0x300..=TLS_1_3).contains(&version) || [MINIMUM_SUPPORTED, MAXIMUM_SUPPORTED].contains(&version);
        if !is_known {
            return Err(raise!(thread, ValueError, "Unsupported TLS/SSL version {version:#x}"));
        }
        if (0x300..TLS_1_2).contains(&version) {
            if !is_minimum {
                return Err(raise!(thread, ValueError, "Unsupported TLS/SSL version {version:#x}"));
            }
            let stack_level = 2;
            let name = ["SSLv3", "TLSv1", "TLSv1_1"][(version - 0x300) as usize];
            thread.warn(DeprecationWarning, stack_level, format_args!("ssl.TLSVersion.{name} is deprecated"))?;
        }
        let settings = self.settings.get_mut(thread);
        *(if is_minimum { &mut settings.minimum } else { &mut settings.maximum }) = version;
        Ok(())
    }

    fn add_data(&self, data: &Object, thread: &mut Thread) -> PyResult<()> {
        let (found, complaint) = match data.downcast::<Str>() {
            Some(text) => {
                let text = text.to_string_lossy();
                if !text.is_ascii() {
                    return Err(raise!(thread, TypeError, "cadata should be an ASCII string or a bytes-like object"));
                }
                if text.is_empty() {
                    return Err(raise!(thread, ValueError, "Empty certificate data"));
                }
                (credentials::certificates(text.as_bytes()), "no start line: cadata does not contain a certificate")
            }
            None if protocol::buffer::has_buffer(data) => {
                let bytes = BytesLike::of(data, thread)?;
                let bytes = bytes.as_slice(thread).try_to_vec().or_memory_error(thread)?;
                if bytes.is_empty() {
                    return Err(raise!(thread, ValueError, "Empty certificate data"));
                }
                (split_der(&bytes), "not enough data: cadata does not contain a certificate")
            }
            None => {
                return Err(raise!(thread, TypeError, "cadata should be an ASCII string or a bytes-like object"));
            }
        };
        match found.filter(|it| !it.is_empty()) {
            Some(found) => self.settings.get_mut(thread).trust.add(found),
            None => return Err(raise_plain(complaint, thread)),
        }
        Ok(())
    }

    /// A description of the trusted authorities.
    fn authorities(&self, thread: &mut Thread) -> Vec<Vec<u8>> {
        let certificates = &self.settings.get(thread).trust.certificates;
        let is_authority = |it: &&CertificateDer<'_>| Certificate::read(it).is_some_and(|it| it.is_authority());
        certificates.iter().filter(is_authority).map(|it| it.to_vec()).collect()
    }
}

/// Certificates in DER, one after the other; None if something else is between them.
fn split_der(bytes: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let mut rest = bytes;
    let mut found = Vec::new();
    while !rest.is_empty() {
        let value = crate::der::Reader::new(rest).expect(crate::der::SEQUENCE)?;
        Certificate::read(value.whole)?;
        found.push(CertificateDer::from(value.whole.to_vec()));
        rest = &rest[value.whole.len()..];
    }
    Some(found)
}

fn host_name(value: &Object, thread: &mut Thread) -> PyResult<String> {
    let host = match value.downcast::<Str>() {
        Some(text) => text.to_string_lossy(),
        None => {
            let bytes = BytesLike::of(value, thread)?;
            String::from_utf8_lossy(bytes.as_slice(thread)).into_owned()
        }
    };
    if host.is_empty() || host.starts_with('.') {
        let message = "server_hostname cannot be an empty string or start with a leading dot.";
        return Err(raise!(thread, ValueError, "{message}"));
    }
    if host.contains('\0') {
        return Err(raise!(thread, TypeError, "embedded null character"));
    }
    Ok(host)
}

fn expect_int(value: Option<&Object>, thread: &mut Thread) -> PyResult<i64> {
    match value {
        Some(value) => protocol::index_as_isize(value, thread).map(|it| it as i64),
        None => Err(raise!(thread, AttributeError, "cannot delete attribute")),
    }
}

pub fn expect_value<'a>(value: Option<&'a Object>, thread: &mut Thread) -> PyResult<&'a Object> {
    match value {
        Some(value) => Ok(value),
        None => Err(raise!(thread, AttributeError, "cannot delete attribute")),
    }
}

/// A path argument, or None.
fn path_of(value: Option<&Object>, complaint: &str, thread: &mut Thread) -> PyResult<Option<PathBuf>> {
    let Some(value) = value.filter(|it| !it.is_none()) else { return Ok(None) };
    match system::path::fsencode(value, thread) {
        Ok(text) => Ok(Some(Path::new(OsStr::from_bytes(text.as_bytes())).to_owned())),
        Err(_) if thread.raised_is(objects::errors::TypeError) => {
            drop(thread.take_exception());
            Err(raise!(thread, TypeError, "{complaint}"))
        }
        Err(raised) => Err(raised),
    }
}

#[cold]
fn raise_trouble(trouble: Trouble, thread: &mut Thread) -> Raised {
    match trouble {
        Trouble::System(number) => thread.raise_os_error(number, None),
        Trouble::Contents(message) => raise_plain(message, thread),
        Trouble::Mismatch => Failure::new("KEY_VALUES_MISMATCH", "key values mismatch").raise(thread),
        Trouble::Encrypted => raise!(thread, NotImplementedError, "private keys with a password are not supported"),
    }
}

#[python_type(name = "_ssl._SSLContext", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl SslContext {
    #[new]
    #[signature("(protocol, /)")]
    fn new(class: &Type, protocol: i32, thread: &mut Thread) -> PyResult<Py<SslContext>> {
        match protocol {
            PROTOCOL_TLS_CLIENT | PROTOCOL_TLS_SERVER => {}
            PROTOCOL_TLS => {
                thread.warn(DeprecationWarning, 2, format_args!("ssl.PROTOCOL_TLS is deprecated"))?;
            }
            5 => thread.warn(DeprecationWarning, 2, format_args!("ssl.PROTOCOL_TLSv1_2 is deprecated"))?,
            _ => return Err(raise!(thread, ValueError, "invalid or unsupported protocol version {protocol}")),
        }
        let mut settings = Settings::new(protocol);
        if protocol == 5 {
            (settings.minimum, settings.maximum) = (TLS_1_2, TLS_1_2);
        }
        let context = SslContext {
            header: Header::new(class),
            protocol: Cell::new(protocol),
            settings: Guarded::new(settings),
            sni_callback: Field::EMPTY,
        };
        Py::new_in(class, context, thread)
    }

    /// _wrap_socket($self, /, sock, server_side, server_hostname=None, *,
    ///              owner=None, session=None)
    /// --
    ///
    ///
    #[method]
    fn _wrap_socket(
        &self,
        sock: &Object,
        server_side: bool,
        server_hostname: Option<&Object>,
        owner: Option<&Object>,
        session: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<SslSocket>> {
        let transport = Transport::socket(sock, thread)?;
        self.wrap(transport, server_side, server_hostname, owner, session, thread)
    }

    /// _wrap_bio($self, /, incoming, outgoing, server_side,
    ///           server_hostname=None, *, owner=None, session=None)
    /// --
    ///
    ///
    #[method]
    #[expect(clippy::too_many_arguments, reason = "the function has that many")]
    fn _wrap_bio(
        &self,
        incoming: &MemoryBio,
        outgoing: &MemoryBio,
        server_side: bool,
        server_hostname: Option<&Object>,
        owner: Option<&Object>,
        session: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<SslSocket>> {
        let transport = Transport::queues(incoming, outgoing);
        self.wrap(transport, server_side, server_hostname, owner, session, thread)
    }

    /// set_ciphers($self, cipherlist, /)
    /// --
    ///
    ///
    #[method]
    fn set_ciphers(&self, cipherlist: &Str, thread: &mut Thread) -> PyResult<()> {
        match ciphers::select(&ring::default_provider(), &cipherlist.to_string_lossy()) {
            Some(provider) => self.settings.get_mut(thread).provider = Arc::new(provider),
            None => return Err(raise_plain("No cipher can be selected.", thread)),
        }
        Ok(())
    }

    /// get_ciphers($self, /)
    /// --
    ///
    ///
    #[method]
    fn get_ciphers(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let suites: Vec<_> = self.settings.get(thread).provider.cipher_suites.clone();
        let list = List::empty(thread);
        for suite in suites.into_iter().filter_map(ciphers::describe) {
            let dict = Dict::new(thread);
            let texts = [("name", suite.name), ("protocol", suite.version)];
            for (key, text) in texts {
                let key = thread.intern_text(key);
                let text = Str::from_str(text, thread);
                dict.set_str(&key, &text, thread)?;
            }
            // The prefix is that of OpenSSL's numbers for suites since SSL 3.
            let identifier = i128::from(suite.identifier) | 0x0300_0000;
            for (key, number) in
                [("id", identifier), ("strength_bits", i128::from(suite.bits)), ("alg_bits", i128::from(suite.bits))]
            {
                let key = thread.intern_text(key);
                let number = make_int(number, thread);
                dict.set_str(&key, &number, thread)?;
            }
            list.push(dict.into_object(), thread)?;
        }
        Ok(list)
    }

    /// _set_alpn_protocols($self, protos, /)
    /// --
    ///
    ///
    #[method]
    fn _set_alpn_protocols(&self, protos: BytesLike<'_>, thread: &mut Thread) -> PyResult<()> {
        let mut rest = protos.as_slice(thread);
        let mut protocols = Vec::new();
        while let Some((&length, after)) = rest.split_first() {
            let Some((protocol, after)) = after.split_at_checked(usize::from(length)) else { break };
            protocols.push(protocol.to_vec());
            rest = after;
        }
        self.settings.get_mut(thread).protocols = protocols;
        Ok(())
    }

    /// load_cert_chain($self, /, certfile, keyfile=None, password=None)
    /// --
    ///
    ///
    #[method]
    fn load_cert_chain(
        &self,
        certfile: &Object,
        keyfile: Option<&Object>,
        password: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        // A password would be asked for by keys that have one, and those are refused.
        let _ = password;
        let complaint = "certfile should be a valid filesystem path";
        let Some(certificates) = path_of(Some(certfile), complaint, thread)? else {
            return Err(raise!(thread, TypeError, "{complaint}"));
        };
        let key = path_of(keyfile, "keyfile should be a valid filesystem path", thread)?;
        let key = key.unwrap_or_else(|| certificates.clone());
        let provider = ring::default_provider();
        match thread.without_lock(|| credentials::load_chain(&certificates, &key, &provider)) {
            Ok(chain) => self.settings.get_mut(thread).keys.push(Arc::new(chain)),
            Err(trouble) => return Err(raise_trouble(trouble, thread)),
        }
        Ok(())
    }

    /// load_dh_params($self, path, /)
    /// --
    ///
    ///
    #[method]
    fn load_dh_params(&self, path: &Object, thread: &mut Thread) -> PyResult<()> {
        let _ = path;
        Err(raise!(thread, NotImplementedError, "keys are agreed on by elliptic curves only"))
    }

    /// set_ecdh_curve($self, name, /)
    /// --
    ///
    ///
    #[method]
    fn set_ecdh_curve(&self, name: system::path::SystemText, thread: &mut Thread) -> PyResult<()> {
        let name = name.0.to_string_lossy();
        let group = match &*name {
            "prime256v1" | "P-256" | "secp256r1" => rustls::NamedGroup::secp256r1,
            "secp384r1" | "P-384" => rustls::NamedGroup::secp384r1,
            "X25519" => rustls::NamedGroup::X25519,
            _ => return Err(raise!(thread, ValueError, "unknown elliptic curve name '{name}'")),
        };
        let settings = self.settings.get_mut(thread);
        let mut provider = (*settings.provider).clone();
        provider.kx_groups = ring::ALL_KX_GROUPS.iter().copied().filter(|it| it.name() == group).collect();
        settings.provider = Arc::new(provider);
        Ok(())
    }

    /// load_verify_locations($self, /, cafile=None, capath=None, cadata=None)
    /// --
    ///
    ///
    #[method]
    fn load_verify_locations(
        &self,
        cafile: Option<&Object>,
        capath: Option<&Object>,
        cadata: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let data = cadata.filter(|it| !it.is_none());
        let file = path_of(cafile, "cafile should be a valid filesystem path", thread)?;
        let folder = path_of(capath, "capath should be a valid filesystem path", thread)?;
        if file.is_none() && folder.is_none() && data.is_none() {
            return Err(raise!(thread, TypeError, "cafile, capath and cadata cannot be all omitted"));
        }
        if let Some(data) = data {
            self.add_data(data, thread)?;
        }
        if let Some(file) = file {
            match thread.without_lock(|| credentials::load_authorities(&file)) {
                Ok(found) => self.settings.get_mut(thread).trust.add(found),
                Err(trouble) => return Err(raise_trouble(trouble, thread)),
            }
        }
        if let Some(folder) = folder {
            let found = thread.without_lock(|| credentials::load_folder(&folder));
            self.settings.get_mut(thread).trust.add(found);
        }
        Ok(())
    }

    /// set_default_verify_paths($self, /)
    /// --
    ///
    ///
    #[method]
    fn set_default_verify_paths(&self, thread: &mut Thread) {
        let found = thread.without_lock(|| {
            let paths = DefaultPaths::of_environment();
            credentials::load_authorities(&paths.file).unwrap_or_else(|_| credentials::load_folder(&paths.folder))
        });
        self.settings.get_mut(thread).trust.add(found);
    }

    /// cert_store_stats($self, /)
    /// --
    ///
    /// Returns quantities of loaded X.509 certificates.
    ///
    /// X.509 certificates with a CA extension and certificate revocation lists
    /// inside the context's cert store.
    ///
    /// NOTE: Certificates in a capath directory aren't loaded unless they have
    /// been used at least once.
    #[method]
    fn cert_store_stats(&self, thread: &mut Thread) -> PyResult<Py<Dict>> {
        let authorities = self.authorities(thread).len();
        let all = self.settings.get(thread).trust.certificates.len();
        counts(&[("x509", all), ("crl", 0), ("x509_ca", authorities)], thread)
    }

    /// session_stats($self, /)
    /// --
    ///
    ///
    #[method]
    fn session_stats(&self, thread: &mut Thread) -> PyResult<Py<Dict>> {
        Err(raise!(thread, NotImplementedError, "sessions are not counted"))
    }

    /// get_ca_certs($self, /, binary_form=False)
    /// --
    ///
    /// Returns a list of dicts with information of loaded CA certs.
    ///
    /// If the optional argument is True, returns a DER-encoded copy of the CA
    /// certificate.
    ///
    /// NOTE: Certificates in a capath directory aren't loaded unless they have
    /// been used at least once.
    #[method]
    fn get_ca_certs(&self, #[default(false)] binary_form: bool, thread: &mut Thread) -> PyResult<Py<List>> {
        let list = List::empty(thread);
        for der in self.authorities(thread) {
            let item = if binary_form {
                Bytes::from_slice(&der, thread).into_object()
            } else {
                decode(&der, thread)?.into_object()
            };
            list.push(item, thread)?;
        }
        Ok(list)
    }

    #[getter]
    fn protocol(&self) -> i32 {
        self.protocol.get()
    }

    #[getter]
    fn check_hostname(&self, thread: &mut Thread) -> bool {
        self.settings.get(thread).checks_host
    }

    #[setter]
    fn set_check_hostname(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let value = expect_value(value, thread)?;
        let checks = protocol::is_true(value, thread)?;
        let settings = self.settings.get_mut(thread);
        if checks && settings.demand == Demand::Nothing {
            settings.demand = Demand::Required;
        }
        settings.checks_host = checks;
        Ok(())
    }

    #[getter(name = "_host_flags")]
    fn get_host_flags(&self, thread: &mut Thread) -> u32 {
        self.settings.get(thread).host_flags
    }

    #[setter(name = "_host_flags")]
    fn set_host_flags(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.settings.get_mut(thread).host_flags = expect_int(value, thread)? as u32;
        Ok(())
    }

    #[getter]
    fn minimum_version(&self, thread: &mut Thread) -> i64 {
        self.settings.get(thread).minimum
    }

    #[setter]
    fn set_minimum_version(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.set_version(value, true, thread)
    }

    #[getter]
    fn maximum_version(&self, thread: &mut Thread) -> i64 {
        self.settings.get(thread).maximum
    }

    #[setter]
    fn set_maximum_version(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.set_version(value, false, thread)
    }

    #[getter]
    fn options(&self, thread: &mut Thread) -> u64 {
        self.settings.get(thread).options
    }

    #[setter]
    fn set_options(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let options = expect_int(value, thread)?;
        let Ok(options) = u64::try_from(options) else {
            return Err(raise!(thread, ValueError, "Cannot convert negative int"));
        };
        let added = options & !self.settings.get(thread).options;
        if added & OP_NO_VERSIONS != 0 {
            let message = "ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are deprecated";
            thread.warn(DeprecationWarning, 2, format_args!("{message}"))?;
        }
        self.settings.get_mut(thread).options = options;
        Ok(())
    }

    #[getter]
    fn verify_flags(&self, thread: &mut Thread) -> u64 {
        self.settings.get(thread).verify_flags
    }

    #[setter]
    fn set_verify_flags(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.settings.get_mut(thread).verify_flags = expect_int(value, thread)? as u64;
        Ok(())
    }

    #[getter]
    fn verify_mode(&self, thread: &mut Thread) -> i32 {
        match self.settings.get(thread).demand {
            Demand::Nothing => 0,
            Demand::Optional => 1,
            Demand::Required => 2,
        }
    }

    #[setter]
    fn set_verify_mode(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let demand = match expect_int(value, thread)? {
            0 => Demand::Nothing,
            1 => Demand::Optional,
            2 => Demand::Required,
            _ => return Err(raise!(thread, ValueError, "invalid value for verify_mode")),
        };
        if demand == Demand::Nothing && self.settings.get(thread).checks_host {
            let message = "Cannot set verify_mode to CERT_NONE when check_hostname is enabled.";
            return Err(raise!(thread, ValueError, "{message}"));
        }
        self.settings.get_mut(thread).demand = demand;
        Ok(())
    }

    #[getter]
    fn num_tickets(&self, thread: &mut Thread) -> usize {
        self.settings.get(thread).tickets
    }

    #[setter]
    fn set_num_tickets(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let count = expect_int(value, thread)?;
        if self.protocol.get() != PROTOCOL_TLS_SERVER {
            return Err(raise!(thread, ValueError, "SSLContext is not a server context."));
        }
        let Ok(count) = usize::try_from(count) else {
            return Err(raise!(thread, ValueError, "value must be non-negative"));
        };
        self.settings.get_mut(thread).tickets = count;
        Ok(())
    }

    #[getter]
    fn security_level(&self) -> i32 {
        2
    }

    /// None says to callers such as `http.client` that there is no such thing.
    #[getter]
    fn post_handshake_auth(&self) -> Option<bool> {
        None
    }

    #[setter]
    fn set_post_handshake_auth(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let value = expect_value(value, thread)?;
        if protocol::is_true(value, thread)? {
            let message = "clients are not asked for certificates after the handshake";
            return Err(raise!(thread, NotImplementedError, "{message}"));
        }
        Ok(())
    }

    #[getter]
    fn keylog_filename(&self) -> Option<bool> {
        None
    }

    #[setter]
    fn set_keylog_filename(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        match expect_value(value, thread)?.is_none() {
            true => Ok(()),
            false => Err(raise!(thread, NotImplementedError, "keys are not logged")),
        }
    }

    #[getter(name = "_msg_callback")]
    fn get_message_callback(&self) -> Option<bool> {
        None
    }

    #[setter(name = "_msg_callback")]
    fn set_message_callback(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        match expect_value(value, thread)?.is_none() {
            true => Ok(()),
            false => Err(raise!(thread, NotImplementedError, "messages are not reported")),
        }
    }

    /// Set a callback that will be called when a server name is provided by the SSL/TLS client in the SNI extension.
    ///
    /// If the argument is None then the callback is disabled. The method is called
    /// with the SSLSocket, the server name as a string, and the SSLContext object.
    ///
    /// See RFC 6066 for details of the SNI extension.
    #[getter(name = "sni_callback")]
    fn get_sni_callback(&self) -> Option<Py<Object>> {
        self.sni_callback.get()
    }

    #[setter(name = "sni_callback")]
    fn set_sni_callback(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let value = expect_value(value, thread)?;
        if self.protocol.get() == PROTOCOL_TLS_CLIENT {
            let message = "sni_callback cannot be set on TLS_CLIENT context";
            return Err(raise!(thread, ValueError, "{message}"));
        }
        if value.is_none() {
            self.sni_callback.set(None);
            return Ok(());
        }
        if value.class().slots().tp_call.get().is_none() {
            return Err(raise!(thread, TypeError, "not a callable object"));
        }
        self.sni_callback.set(Some(Py::from_ref(value)));
        Ok(())
    }
}

fn counts(counts: &[(&str, usize)], thread: &mut Thread) -> PyResult<Py<Dict>> {
    let dict = Dict::new(thread);
    for (key, count) in counts {
        let key = thread.intern_text(key);
        let count = make_int(*count as i128, thread);
        dict.set_str(&key, &count, thread)?;
    }
    Ok(dict)
}
