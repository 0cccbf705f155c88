//! `_ssl._SSLSocket`: a TLS connection over a socket, or over two queues of bytes.
//!
//! The object owns a `Session` and carries its bytes. Waiting for a socket is done without the lock; moving bytes never blocks and is done with
//! it, so that bytes of one direction stay in order even where several threads use one connection.

use std::cell::Cell;

use builtins::bytes::Bytes;
use macros::{Instance, python_type};
use objects::errors::{PyResult, Raised};
use objects::list::List;
use objects::method::OrNone;
use objects::object::BaseObject;
use objects::protocol::buffer::{BytesLike, WritableBytesLike};
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Field, Guarded, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;
use objects::weakref::WeakReference;
use system::call;
use system::clock::{self, Deadline, Rounding};

use crate::bio::MemoryBio;
use crate::certificate_object::{CertificateObject, decode};
use crate::ciphers;
use crate::context::{SslContext, expect_value};
use crate::errors::{Failure, raise_plain};
use crate::session::{Progress, Session};
use crate::verify::Place;

/// Bytes that are taken from the transport at once.
const CHUNK: usize = 16 * 1024;
/// Alerts of a server that refuses a client's wish (RFC 8446, section 6).
const HANDSHAKE_FAILURE: u8 = 40;
const INTERNAL_ERROR: u8 = 80;

/// Where the bytes come from and go to.
pub enum Transport {
    Socket(Py<WeakReference>),
    Queues(Py<MemoryBio>, Py<MemoryBio>),
}

impl Transport {
    pub fn socket(socket: &Object, thread: &mut Thread) -> PyResult<Transport> {
        WeakReference::new(socket, None, thread).map(Transport::Socket)
    }

    pub fn queues(incoming: &MemoryBio, outgoing: &MemoryBio) -> Transport {
        Transport::Queues(Py::from_ref(incoming), Py::from_ref(outgoing))
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct SslSocket {
    header: Header,
    context: Field<SslContext>,
    /// The socket, or nothing where there are queues.
    socket: Field<WeakReference>,
    incoming: Field<MemoryBio>,
    outgoing: Field<MemoryBio>,
    owner: Field<WeakReference>,
    host: Field<Str>,
    server_side: Cell<bool>,
    session: Guarded<Session>,
}

/// The transport during one call.
enum Carrier {
    /// The descriptor, the timeout in nanoseconds, and until when the call may wait.
    Socket(i32, Option<i64>, Deadline),
    Queues(Py<MemoryBio>, Py<MemoryBio>),
}

impl SslSocket {
    pub fn make(
        context: &SslContext,
        transport: Transport,
        server_side: bool,
        host: Option<String>,
        owner: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<SslSocket>> {
        let refusal = Place::default();
        let session = if server_side {
            Session::server(refusal)
        } else {
            match context.settings.get(thread).connect(host.as_deref(), &refusal) {
                Ok(connection) => Session::client(connection, refusal),
                Err(_) => {
                    return Err(Failure::new("NO_PROTOCOLS_AVAILABLE", "no protocols available").raise(thread));
                }
            }
        };
        let owner = match owner {
            Some(owner) => Some(WeakReference::new(owner, None, thread)?),
            None => None,
        };
        let (socket, incoming, outgoing) = match transport {
            Transport::Socket(socket) => (Some(socket), None, None),
            Transport::Queues(incoming, outgoing) => (None, Some(incoming), Some(outgoing)),
        };
        let host = host.map(|it| Str::from_str(&it, thread));
        let value = SslSocket {
            header: Header::new(SslSocket::class()),
            context: Field::new(Some(Py::from_ref(context))),
            socket: Field::new(socket),
            incoming: Field::new(incoming),
            outgoing: Field::new(outgoing),
            owner: Field::new(owner),
            host: Field::new(host),
            server_side: Cell::new(server_side),
            session: Guarded::new(session),
        };
        Ok(Py::new(value, thread))
    }

    /// The transport, for one call.
    fn carrier(&self, thread: &mut Thread) -> PyResult<Carrier> {
        if let (Some(incoming), Some(outgoing)) = (self.incoming.get(), self.outgoing.get()) {
            return Ok(Carrier::Queues(incoming, outgoing));
        }
        let Some(socket) = self.socket.get().and_then(|it| it.get()) else {
            return Err(raise_plain("Underlying socket connection gone", thread));
        };
        let name = thread.intern_text("fileno");
        let number = protocol::call_method(&socket, &name, &[], thread)?;
        let descriptor = protocol::index_as_isize(&number, thread)? as i32;
        if descriptor < 0 {
            return Err(raise_plain("Underlying socket has been closed.", thread));
        }
        let name = thread.intern_text("gettimeout");
        let timeout = protocol::call_method(&socket, &name, &[], thread)?;
        let timeout = match timeout.is_none() {
            true => None,
            false => Some(clock::nanoseconds(&timeout, Rounding::Up, thread)?),
        };
        Ok(Carrier::Socket(descriptor, timeout, Deadline::after(timeout)))
    }

    /// Sends what waits. If that cannot be done now, it is no matter where the call does not insist.
    fn flush(&self, carrier: &Carrier, insists: bool, action: &str, thread: &mut Thread) -> PyResult<()> {
        let descriptor = match carrier {
            Carrier::Socket(descriptor, ..) => *descriptor,
            Carrier::Queues(_, outgoing) => {
                let queue = &mut self.session.get_mut(thread).outgoing;
                let bytes = queue.rest().to_vec();
                queue.consume(bytes.len());
                outgoing.append(&bytes, thread);
                return Ok(());
            }
        };
        loop {
            let queue = &mut self.session.get_mut(thread).outgoing;
            let rest = queue.rest();
            if rest.is_empty() {
                return Ok(());
            }
            let flags = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
            // SAFETY: the bytes of a slice, and their number.
            let sent = unsafe { libc::send(descriptor, rest.as_ptr().cast(), rest.len(), flags) };
            if let Ok(sent) = usize::try_from(sent) {
                queue.consume(sent);
                continue;
            }
            match call::last_error() {
                libc::EAGAIN | libc::EINTR if !insists => return Ok(()),
                libc::EINTR => thread.check_signals()?,
                libc::EAGAIN => carrier.wait(libc::POLLOUT, action, thread)?,
                _ if !insists => return Ok(()),
                number => return Err(call::raise(number, None, thread)),
            }
        }
    }

    /// Takes bytes of the peer, which there have to be.
    fn fill(&self, carrier: &Carrier, action: &str, thread: &mut Thread) -> PyResult<()> {
        let descriptor = match carrier {
            Carrier::Socket(descriptor, ..) => *descriptor,
            Carrier::Queues(incoming, _) => {
                let bytes = incoming.take(CHUNK, thread);
                if bytes.is_empty() && !incoming.has_ended() {
                    return Err(Failure::want_read().raise(thread));
                }
                self.session.get_mut(thread).feed(&bytes);
                return Ok(());
            }
        };
        let mut room = [0u8; CHUNK];
        loop {
            // SAFETY: room for so many bytes.
            let received = unsafe { libc::recv(descriptor, room.as_mut_ptr().cast(), CHUNK, libc::MSG_DONTWAIT) };
            if let Ok(received) = usize::try_from(received) {
                self.session.get_mut(thread).feed(&room[..received]);
                return Ok(());
            }
            match call::last_error() {
                libc::EINTR => thread.check_signals()?,
                libc::EAGAIN => carrier.wait(libc::POLLIN, action, thread)?,
                number => return Err(call::raise(number, None, thread)),
            }
        }
    }

    /// Repeats a step until it is done, and carries bytes in between.
    fn advance<T>(
        &self,
        carrier: &Carrier,
        action: &str,
        mut step: impl FnMut(&mut Session) -> Progress<T>,
        thread: &mut Thread,
    ) -> PyResult<T> {
        loop {
            match step(self.session.get_mut(thread)) {
                Progress::Done(value) => return Ok(value),
                Progress::NeedsInput => {
                    self.flush(carrier, true, action, thread)?;
                    self.fill(carrier, action, thread)?;
                }
                Progress::NeedsConfiguration => self.choose(thread)?,
                Progress::Failed(failure) => {
                    // The peer is told why, if it still listens.
                    self.flush(carrier, false, action, thread)?;
                    return Err(failure.raise(thread));
                }
            }
        }
    }

    /// Answers a client's first message: the callback may change the context, which then configures the connection.
    fn choose(&self, thread: &mut Thread) -> PyResult<()> {
        let (Some(wish), Some(context)) = (self.session.get(thread).wish(), self.context.get()) else {
            return Ok(());
        };
        if let Some(callback) = context.sni_callback.get()
            && let Some(alert) = self.ask(&callback, &context, wish.server_name.as_deref(), thread)?
        {
            let failure = Failure::new("CALLBACK_FAILED", "callback failed");
            self.session.get_mut(thread).abort(alert, failure);
            return Ok(());
        }
        let Some(context) = self.context.get() else { return Ok(()) };
        let refusal = self.session.get(thread).refusal.clone();
        match context.settings.get(thread).serve(&wish.protocols, &refusal) {
            Ok(configuration) => self.session.get_mut(thread).configure(configuration),
            Err(_) => {
                let failure = Failure::new("NO_PROTOCOLS_AVAILABLE", "no protocols available");
                self.session.get_mut(thread).abort(INTERNAL_ERROR, failure);
            }
        }
        Ok(())
    }

    /// Calls the callback for the name that a client asks for: the alert that refuses it, if it does.
    fn ask(
        &self,
        callback: &Object,
        context: &SslContext,
        name: Option<&str>,
        thread: &mut Thread,
    ) -> PyResult<Option<u8>> {
        let owner = match self.owner.get().or_else(|| self.socket.get()) {
            Some(reference) => reference.get(),
            None => Some(Py::from_ref(self).into_object()),
        };
        // Nobody is left whom the callback could be about.
        let Some(owner) = owner else { return Ok(Some(INTERNAL_ERROR)) };
        let name = match name {
            Some(name) => Str::from_str(name, thread).into_object(),
            None => thread.none(),
        };
        match protocol::call(callback, &[&owner, &name, context], thread) {
            Ok(answer) if answer.is_none() => Ok(None),
            Ok(answer) => match protocol::index_as_isize(&answer, thread) {
                Ok(number) => Ok(Some(number as u8)),
                Err(raised) => {
                    thread.report_unraisable(
                        raised,
                        "Exception ignored while calling ssl servername callback",
                        Some(&answer),
                    );
                    Ok(Some(INTERNAL_ERROR))
                }
            },
            Err(raised) => {
                thread.report_unraisable(raised, "Exception ignored in ssl servername callback", Some(callback));
                Ok(Some(HANDSHAKE_FAILURE))
            }
        }
    }

    fn read_into(&self, room: &mut [u8], thread: &mut Thread) -> PyResult<usize> {
        let carrier = self.carrier(thread)?;
        // What was written earlier and did not fit goes first, if it can.
        self.flush(&carrier, false, "read", thread)?;
        let count = self.advance(&carrier, "read", |session| session.read(room), thread)?;
        self.flush(&carrier, false, "read", thread)?;
        Ok(count)
    }

    /// The certificates that the peer has shown; its own is the first.
    fn peer_chain(&self, thread: &Thread) -> Vec<Vec<u8>> {
        let connection = self.session.get(thread).connection();
        let chain = connection.and_then(|it| it.peer_certificates()).unwrap_or_default();
        chain.iter().map(|it| it.to_vec()).collect()
    }

    fn suite(&self, thread: &Thread) -> Option<ciphers::Description> {
        let connection = self.session.get(thread).established()?;
        ciphers::describe(connection.negotiated_cipher_suite()?)
    }
}

impl Carrier {
    /// Waits without the lock until the socket is ready.
    fn wait(&self, events: i16, action: &str, thread: &mut Thread) -> PyResult<()> {
        let Carrier::Socket(descriptor, timeout, deadline) = self else { return Ok(()) };
        if *timeout == Some(0) {
            let failure = if events == libc::POLLIN { Failure::want_read() } else { Failure::want_write() };
            return Err(failure.raise(thread));
        }
        loop {
            let mut entry = libc::pollfd { fd: *descriptor, events, revents: 0 };
            let rest = deadline.remaining_milliseconds();
            // SAFETY: one entry.
            match call::plain(|| unsafe { libc::poll(&mut entry, 1, rest) }, thread) {
                Ok(0) => return Err(raise!(thread, TimeoutError, "The {action} operation timed out")),
                Ok(_) => return Ok(()),
                Err(libc::EINTR) => thread.check_signals()?,
                Err(number) => return Err(call::raise(number, None, thread)),
            }
        }
    }
}

/// A list of certificates.
fn certificate_list(chain: &[Vec<u8>], thread: &mut Thread) -> PyResult<Py<List>> {
    let list = List::empty(thread);
    for der in chain {
        let certificate = CertificateObject::make(der, thread);
        list.push(certificate.into_object(), thread)?;
    }
    Ok(list)
}

#[cold]
fn raise_not_done(thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "handshake not done yet")
}

fn suite_tuple(suite: &ciphers::Description, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let name = Str::from_str(suite.name, thread).into_object();
    let version = Str::from_str(suite.version, thread).into_object();
    let bits = make_int(i128::from(suite.bits), thread);
    Tuple::new(vec![name, version, bits], thread)
}

#[python_type(name = "_ssl._SSLSocket", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION))]
impl SslSocket {
    /// do_handshake($self, /)
    /// --
    ///
    ///
    #[method]
    fn do_handshake(&self, thread: &mut Thread) -> PyResult<()> {
        let carrier = self.carrier(thread)?;
        self.advance(&carrier, "handshake", Session::handshake, thread)?;
        self.flush(&carrier, true, "handshake", thread)
    }

    /// write($self, b, /)
    /// --
    ///
    /// Writes the bytes-like object b into the SSL object.
    ///
    /// Returns the number of bytes written.
    #[method]
    fn write(&self, b: BytesLike<'_>, thread: &mut Thread) -> PyResult<usize> {
        let carrier = self.carrier(thread)?;
        // A call that is repeated because its bytes could not be sent has had them encrypted already.
        if let Some(owed) = self.session.get(thread).owed {
            self.flush(&carrier, true, "write", thread)?;
            self.session.get_mut(thread).owed = None;
            return Ok(owed);
        }
        let bytes = b.as_slice(thread);
        if bytes.is_empty() {
            return Ok(0);
        }
        let bytes = bytes[..bytes.len().min(crate::session::LARGEST_WRITE)].to_vec();
        let written = self.advance(&carrier, "write", |session| session.write(&bytes), thread)?;
        self.session.get_mut(thread).owed = Some(written);
        self.flush(&carrier, true, "write", thread)?;
        self.session.get_mut(thread).owed = None;
        Ok(written)
    }

    /// read(size, [buffer])
    /// Read up to size bytes from the SSL socket.
    #[method]
    #[signature("($self, size, buffer=None, /)")]
    fn read(
        &self,
        size: isize,
        buffer: Option<OrNone<WritableBytesLike>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let buffer = buffer.and_then(|it| it.0);
        let size = match (&buffer, usize::try_from(size)) {
            (None, Err(_)) => return Err(raise!(thread, ValueError, "size should not be negative")),
            (None, Ok(size)) => size,
            (Some(buffer), Ok(size)) if size > 0 => size.min(buffer.length()),
            (Some(buffer), _) => buffer.length(),
        };
        // No more than this comes at once; a caller may ask for far more.
        let mut room = vec![0u8; size.min(4 * CHUNK)];
        let count = if size == 0 { 0 } else { self.read_into(&mut room, thread)? };
        match buffer {
            None => Ok(Bytes::try_from_slice(&room[..count], thread)?.into_object()),
            Some(buffer) => {
                buffer.as_mut_slice(thread)[..count].copy_from_slice(&room[..count]);
                Ok(make_int(count as i128, thread))
            }
        }
    }

    /// pending($self, /)
    /// --
    ///
    /// Returns the number of already decrypted bytes available for read, pending on the connection.
    #[method]
    fn pending(&self, thread: &mut Thread) -> usize {
        self.session.get_mut(thread).pending()
    }

    /// shutdown($self, /)
    /// --
    ///
    /// Does the SSL shutdown handshake with the remote end.
    #[method]
    fn shutdown(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let carrier = self.carrier(thread)?;
        self.advance(&carrier, "read", Session::shutdown, thread)?;
        self.flush(&carrier, true, "write", thread)?;
        Ok(self.socket.get().and_then(|it| it.get()))
    }

    /// getpeercert($self, der=False, /)
    /// --
    ///
    /// Returns the certificate for the peer.
    ///
    /// If no certificate was provided, returns None.  If a certificate was
    /// provided, but not validated, returns an empty dictionary.  Otherwise
    /// returns a dict containing information about the peer certificate.
    ///
    /// If the optional argument is True, returns a DER-encoded copy of the
    /// peer certificate, or None if no certificate was provided.  This will
    /// return the certificate even if it wasn't validated.
    #[method]
    fn getpeercert(&self, #[default(false)] der: bool, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        if self.session.get(thread).established().is_none() {
            return Err(raise_not_done(thread));
        }
        let Some(certificate) = self.peer_chain(thread).into_iter().next() else { return Ok(None) };
        if der {
            return Ok(Some(Bytes::from_slice(&certificate, thread).into_object()));
        }
        let context = self.context.get();
        let is_checked = context.is_some_and(|it| it.settings.get(thread).demand != crate::verify::Demand::Nothing);
        if is_checked {
            return Ok(Some(decode(&certificate, thread)?.into_object()));
        }
        Ok(Some(objects::dict::Dict::new(thread).into_object()))
    }

    /// get_unverified_chain($self, /)
    /// --
    ///
    ///
    #[method]
    fn get_unverified_chain(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let chain = self.peer_chain(thread);
        certificate_list(&chain, thread)
    }

    /// get_verified_chain($self, /)
    /// --
    ///
    ///
    #[method]
    fn get_verified_chain(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        Err(raise!(thread, NotImplementedError, "the chain that was built is not kept"))
    }

    /// get_channel_binding($self, /, cb_type='tls-unique')
    /// --
    ///
    /// Get channel binding data for current connection.
    ///
    /// Raise ValueError if the requested `cb_type` is not supported.  Return bytes
    /// of the data or None if the data is not available (e.g. before the handshake).
    /// Only 'tls-unique' channel binding data from RFC 5929 is supported.
    #[method]
    fn get_channel_binding(&self, cb_type: Option<&Str>, thread: &mut Thread) -> PyResult<()> {
        let kind = cb_type.map_or_else(|| "tls-unique".to_owned(), Str::to_string_lossy);
        match kind.as_str() {
            "tls-unique" => Err(raise!(thread, NotImplementedError, "'tls-unique' channel binding data is not kept")),
            _ => Err(raise!(thread, ValueError, "'{kind}' channel binding type not implemented")),
        }
    }

    /// cipher($self, /)
    /// --
    ///
    ///
    #[method]
    fn cipher(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        match self.suite(thread) {
            Some(suite) => suite_tuple(&suite, thread).map(Some),
            None => Ok(None),
        }
    }

    /// shared_ciphers($self, /)
    /// --
    ///
    ///
    #[method]
    fn shared_ciphers(&self, thread: &mut Thread) -> PyResult<Option<Py<List>>> {
        if !self.server_side.get() || self.session.get(thread).established().is_none() {
            return Ok(None);
        }
        let Some(context) = self.context.get() else { return Ok(None) };
        let own = context.settings.get(thread).provider.cipher_suites.clone();
        let offered = self.session.get(thread).offered_suites.clone();
        let list = List::empty(thread);
        for suite in own.into_iter().filter(|it| offered.contains(&it.suite())).filter_map(ciphers::describe) {
            list.push(suite_tuple(&suite, thread)?.into_object(), thread)?;
        }
        Ok(Some(list))
    }

    /// version($self, /)
    /// --
    ///
    ///
    #[method]
    fn version(&self, thread: &mut Thread) -> Option<Py<Str>> {
        let version = self.session.get(thread).established()?.protocol_version()?;
        Some(Str::from_str(ciphers::version_name(version), thread))
    }

    /// selected_alpn_protocol($self, /)
    /// --
    ///
    ///
    #[method]
    fn selected_alpn_protocol(&self, thread: &mut Thread) -> Option<Py<Str>> {
        let protocol = self.session.get(thread).connection()?.alpn_protocol()?;
        let protocol = String::from_utf8_lossy(protocol).into_owned();
        Some(Str::from_str(&protocol, thread))
    }

    /// compression($self, /)
    /// --
    ///
    ///
    #[method]
    fn compression(&self) -> Option<bool> {
        None
    }

    /// verify_client_post_handshake($self, /)
    /// --
    ///
    /// Initiate TLS 1.3 post-handshake authentication
    #[method]
    fn verify_client_post_handshake(&self, thread: &mut Thread) -> PyResult<()> {
        Err(raise!(thread, NotImplementedError, "Post-handshake auth is not supported by the TLS library."))
    }

    /// This changes the context associated with the SSLSocket.
    ///
    /// This is typically used from within a callback function set by the sni_callback
    /// on the SSLContext to change the certificate information associated with the
    /// SSLSocket before the cryptographic exchange handshake messages.
    #[getter]
    fn context(&self) -> Option<Py<SslContext>> {
        self.context.get()
    }

    #[setter]
    fn set_context(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        match expect_value(value, thread)?.downcast::<SslContext>() {
            Some(context) => self.context.set(Some(Py::from_ref(context))),
            None => return Err(raise!(thread, TypeError, "The value must be a SSLContext")),
        }
        Ok(())
    }

    /// Whether this is a server-side socket.
    #[getter]
    fn server_side(&self) -> bool {
        self.server_side.get()
    }

    /// The currently set server hostname (for SNI).
    #[getter]
    fn server_hostname(&self) -> Option<Py<Str>> {
        self.host.get()
    }

    /// The Python-level owner of this object.
    ///
    /// Passed as "self" in servername callback.
    #[getter]
    fn owner(&self) -> Option<Py<Object>> {
        self.owner.get().and_then(|it| it.get())
    }

    #[setter]
    fn set_owner(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let value = expect_value(value, thread)?;
        let owner = if value.is_none() { None } else { Some(WeakReference::new(value, None, thread)?) };
        self.owner.set(owner);
        Ok(())
    }

    /// The underlying SSLSession object.
    #[getter]
    fn session(&self) -> Option<bool> {
        None
    }

    #[setter]
    fn set_session(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        expect_value(value, thread)?;
        Err(raise!(thread, NotImplementedError, "sessions cannot be resumed by hand"))
    }

    /// Was the client session reused during handshake?
    #[getter]
    fn session_reused(&self) -> bool {
        false
    }
}
