//! `_socket.socket`: the type under `socket.socket`.
//!
//! The object owns its descriptor, −1 once it is closed or detached. With a timeout the descriptor is non-blocking, and calls wait by `poll`.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::audit;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::float::Float;
use objects::object::BaseObject;
use objects::protocol::{self};
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};
use system::call;
use system::clock::Deadline;

use super::address::{Address, State};
use super::options::option_of;
use super::transfer::{Ready, until_done};

/// A socket.
#[derive(Instance)]
#[repr(C)]
pub struct Socket {
    header: Header,
    pub(super) descriptor: Cell<i32>,
    pub(super) family: Cell<i32>,
    pub(super) kind: Cell<i32>,
    pub(super) protocol: Cell<i32>,
    /// In nanoseconds; None: calls block.
    pub(super) timeout: Cell<Option<i64>>,
}

impl Socket {
    fn blank(class: &Type) -> Socket {
        Socket {
            header: Header::new(class),
            descriptor: Cell::new(-1),
            family: Cell::new(0),
            kind: Cell::new(0),
            protocol: Cell::new(0),
            timeout: Cell::new(None),
        }
    }

    /// A socket object of a descriptor that it owns from now on.
    pub fn adopt(descriptor: i32, family: i32, kind: i32, protocol: i32, thread: &mut Thread) -> PyResult<Py<Socket>> {
        let socket = Py::new(Socket::blank(Socket::class()), thread);
        socket.set_up(descriptor, family, kind, protocol, thread)?;
        Ok(socket)
    }

    fn set_up(&self, descriptor: i32, family: i32, kind: i32, protocol: i32, thread: &mut Thread) -> PyResult<()> {
        self.descriptor.set(descriptor);
        self.family.set(family);
        self.kind.set(kind & !(libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC));
        self.protocol.set(protocol);
        if kind & libc::SOCK_NONBLOCK != 0 {
            self.timeout.set(Some(0));
            return Ok(());
        }
        let default = thread.interpreter().extension::<State>().default_timeout.get();
        self.timeout.set(default);
        if default.is_some() {
            self.make_blocking(false, thread)?;
        }
        Ok(())
    }

    /// Until when a call that begins now may wait; None: the call itself blocks, or nothing waits.
    pub(super) fn deadline(&self) -> Option<Deadline> {
        self.timeout.get().filter(|it| *it > 0).map(|it| Deadline::after(Some(it)))
    }

    pub(super) fn done<T: call::Outcome>(
        &self,
        ready: Ready,
        call: impl FnMut() -> T,
        thread: &mut Thread,
    ) -> PyResult<T> {
        until_done(self.descriptor.get(), ready, self.deadline(), call, thread)
    }

    pub(super) fn close_descriptor(&self, thread: &mut Thread) -> PyResult<()> {
        let descriptor = self.descriptor.replace(-1);
        if descriptor == -1 {
            return Ok(());
        }
        // SAFETY: the object owns the descriptor, and forgets it.
        match call::plain(|| unsafe { libc::close(descriptor) }, thread) {
            Ok(_) | Err(libc::ECONNRESET) => Ok(()),
            Err(number) => Err(call::raise(number, None, thread)),
        }
    }

    /// What `fileno` means: the socket that it is, as far as the other arguments don't say.
    fn adopt_number(
        &self,
        number: &Object,
        given: (i32, i32, i32),
        thread: &mut Thread,
    ) -> PyResult<(i32, i32, i32, i32)> {
        let number = protocol::index(number, thread)?;
        if number.is_negative() {
            return Err(raise!(thread, ValueError, "negative file descriptor"));
        }
        let Some(descriptor) = number.to_i128().and_then(|it| i32::try_from(it).ok()) else {
            return Err(raise!(thread, OverflowError, "Python int too large to convert to C int"));
        };
        let (mut family, mut kind, mut protocol) = given;
        let mut address = Address::room();
        let pointer = address.pointer_mut();
        // SAFETY: room for an address.
        match call::plain(|| unsafe { libc::getsockname(descriptor, pointer, &mut address.length) }, thread) {
            Ok(_) if family == -1 => family = address.family(),
            Ok(_) => {}
            Err(number @ (libc::EBADF | libc::ENOTSOCK)) => return Err(call::raise(number, None, thread)),
            Err(number) if family == -1 => return Err(call::raise(number, None, thread)),
            Err(_) => {}
        }
        let raise = |number, thread: &mut Thread| call::raise(number, None, thread);
        if kind == -1 {
            kind = option_of(descriptor, libc::SOL_SOCKET, libc::SO_TYPE).map_err(|it| raise(it, thread))?;
        }
        if protocol == -1 {
            protocol = option_of(descriptor, libc::SOL_SOCKET, libc::SO_PROTOCOL).map_err(|it| raise(it, thread))?;
        }
        Ok((descriptor, family, kind, protocol))
    }
}

/// socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object
/// socket(family=-1, type=-1, proto=-1, fileno=None) -> socket object
///
/// Open a socket of the given type.  The family argument specifies the
/// address family; it defaults to AF_INET.  The type argument specifies
/// whether this is a stream (SOCK_STREAM, this is the default)
/// or datagram (SOCK_DGRAM) socket.  The protocol argument defaults to 0,
/// specifying the default protocol.  Keyword arguments are accepted.
/// The socket is created as non-inheritable.
///
/// When a fileno is passed in, family, type and proto are auto-detected,
/// unless they are explicitly set.
///
/// A socket object represents one endpoint of a network connection.
///
/// Methods of socket objects (keyword arguments not allowed):
///
/// _accept() -- accept connection, returning new socket fd and client address
/// bind(addr) -- bind the socket to a local address
/// close() -- close the socket
/// connect(addr) -- connect the socket to a remote address
/// connect_ex(addr) -- connect, return an error code instead of an exception
/// dup() -- return a new socket fd duplicated from fileno()
/// fileno() -- return underlying file descriptor
/// getpeername() -- return remote address [*]
/// getsockname() -- return local address
/// getsockopt(level, optname[, buflen]) -- get socket options
/// gettimeout() -- return timeout or None
/// listen([n]) -- start listening for incoming connections
/// recv(buflen[, flags]) -- receive data
/// recv_into(buffer[, nbytes[, flags]]) -- receive data (into a buffer)
/// recvfrom(buflen[, flags]) -- receive data and sender's address
/// recvfrom_into(buffer[, nbytes, [, flags]])
///   -- receive data and sender's address (into a buffer)
/// sendall(data[, flags]) -- send all data
/// send(data[, flags]) -- send data, may not send all of it
/// sendto(data[, flags], addr) -- send data to a given address
/// setblocking(bool) -- set or clear the blocking I/O flag
/// getblocking() -- return True if socket is blocking, False if non-blocking
/// setsockopt(level, optname, value[, optlen]) -- set socket options
/// settimeout(None | float) -- set or clear the timeout
/// shutdown(how) -- shut down traffic in one or both directions
///
///  [*] not available on all platforms!
#[python_type(
    name = "_socket.socket", base = BaseObject, flags(HEAPTYPE, BASETYPE),
    groups(super::connection::METHODS, super::options::METHODS, super::exchange::METHODS)
)]
impl Socket {
    #[slot(tp_new)]
    fn new_instance(
        class: &Type,
        _arguments: &Tuple,
        _keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<Socket>> {
        Py::new_in(class, Socket::blank(class), thread)
    }

    #[init]
    #[signature("(family=-1, type=-1, proto=-1, fileno=None)")]
    fn init(
        &self,
        #[default(-1)] family: i32,
        #[default(-1)] kind: i32,
        #[default(-1)] proto: i32,
        fileno: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        audit!(thread, "socket.__new__", &**self, family, kind, proto)?;
        if let Some(fileno) = fileno.filter(|it| !it.is_none()) {
            let (descriptor, family, kind, proto) = self.adopt_number(fileno, (family, kind, proto), thread)?;
            return self.set_up(descriptor, family, kind, proto, thread);
        }
        let family = if family == -1 { libc::AF_INET } else { family };
        let kind = if kind == -1 { libc::SOCK_STREAM } else { kind };
        let proto = if proto == -1 { 0 } else { proto };
        // SAFETY: numbers.
        let descriptor = call::checked(|| unsafe { libc::socket(family, kind | libc::SOCK_CLOEXEC, proto) }, thread)?;
        self.set_up(descriptor, family, kind, proto, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self) -> String {
        let (descriptor, family) = (self.descriptor.get(), self.family.get());
        let (kind, protocol) = (self.kind.get(), self.protocol.get());
        format!("<socket object, fd={descriptor}, family={family}, type={kind}, proto={protocol}>")
    }

    #[slot(tp_finalize)]
    fn finalize(&self, thread: &mut Thread) {
        if self.descriptor.get() == -1 {
            return;
        }
        let pending = thread.take_exception();
        let warned = protocol::repr(self, thread)
            .and_then(|it| thread.warn_of_resource(self, format_args!("unclosed {}", it.to_string_lossy())));
        if let Err(raised) = warned {
            thread.report_unraisable(raised, "Exception ignored while finalizing socket", Some(self));
        }
        if self.close_descriptor(thread).is_err() {
            drop(thread.take_exception());
        }
        thread.restore_exception(pending);
    }

    /// close($self, /)
    /// --
    ///
    /// close()
    ///
    /// Close the socket.  It cannot be used after this call.
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<()> {
        self.close_descriptor(thread)
    }

    /// detach($self, /)
    /// --
    ///
    /// detach()
    ///
    /// Close the socket object without closing the underlying file descriptor.
    /// The object cannot be used after this call, but the file descriptor
    /// can be reused for other purposes.  The file descriptor is returned.
    #[method]
    fn detach(&self) -> i32 {
        self.descriptor.replace(-1)
    }

    /// fileno($self, /)
    /// --
    ///
    /// fileno() -> integer
    ///
    /// Return the integer file descriptor of the socket.
    #[method]
    fn fileno(&self) -> i32 {
        self.descriptor.get()
    }

    /// the socket family
    #[getter]
    fn family(&self) -> i32 {
        self.family.get()
    }

    /// the socket type
    #[getter]
    fn r#type(&self) -> i32 {
        self.kind.get()
    }

    /// the socket protocol
    #[getter]
    fn proto(&self) -> i32 {
        self.protocol.get()
    }

    /// the socket timeout
    #[getter]
    fn timeout(&self, thread: &mut Thread) -> Option<Py<Float>> {
        self.gettimeout(thread)
    }
}
