//! `_socket.socket`: the type under `socket.socket`.
//!
//! The object owns its descriptor, −1 once it is closed or detached. With a timeout the descriptor is non-blocking, and calls wait by `poll`.

use std::cell::Cell;

use builtins::bytes::Bytes;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{PyResult, ResourceWarning};
use objects::float::Float;
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol::buffer::{Buffer, BytesLike, WritableBytesLike};
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};
use system::call;
use system::clock::{self, Deadline, Rounding};
use system::zeroed::Zeroed;

use super::address::{Address, State};
use super::ancillary::{Control, collect, pieces};
use super::transfer::{Ready, raise_timeout, until_done, wait};

/// A socket.
#[derive(Instance)]
#[repr(C)]
pub struct Socket {
    header: Header,
    descriptor: Cell<i32>,
    family: Cell<i32>,
    kind: Cell<i32>,
    protocol: Cell<i32>,
    /// In nanoseconds; None: calls block.
    timeout: Cell<Option<i64>>,
}

/// What a message came with.
type Message = (usize, Py<objects::list::List>, i32, Py<Object>);

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

    fn make_blocking(&self, blocking: bool, thread: &mut Thread) -> PyResult<()> {
        let descriptor = self.descriptor.get();
        let mut flag = i32::from(!blocking);
        // SAFETY: a descriptor and an int to read.
        call::checked(|| unsafe { libc::ioctl(descriptor, libc::FIONBIO, &mut flag) }, thread).map(drop)
    }

    /// Until when a call that begins now may wait; None: the call itself blocks, or nothing waits.
    fn deadline(&self) -> Option<Deadline> {
        self.timeout.get().filter(|it| *it > 0).map(|it| Deadline::after(Some(it)))
    }

    fn done<T: call::Outcome>(&self, ready: Ready, call: impl FnMut() -> T, thread: &mut Thread) -> PyResult<T> {
        until_done(self.descriptor.get(), ready, self.deadline(), call, thread)
    }

    fn close_descriptor(&self, thread: &mut Thread) -> PyResult<()> {
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

    /// Connects: zero, or the error number.
    fn connect_to(&self, address: &Address, raises: bool, thread: &mut Thread) -> PyResult<i32> {
        let descriptor = self.descriptor.get();
        // SAFETY: an address of its length.
        let number =
            match call::plain(|| unsafe { libc::connect(descriptor, address.pointer(), address.length) }, thread) {
                Ok(_) => return Ok(0),
                Err(number) => number,
            };
        let timeout = self.timeout.get();
        let waits = match number {
            libc::EINTR => {
                thread.check_signals()?;
                timeout != Some(0)
            }
            libc::EINPROGRESS => timeout.is_some_and(|it| it > 0),
            _ => false,
        };
        if !waits {
            return Ok(number);
        }
        match wait(descriptor, Ready::Connect, Deadline::after(timeout), thread)? {
            Ok(true) => {}
            Ok(false) if raises => return Err(raise_timeout(thread)),
            Ok(false) => return Ok(libc::EAGAIN),
            Err(number) => return Ok(number),
        }
        let error = self.option(libc::SOL_SOCKET, libc::SO_ERROR, thread)?;
        Ok(if error == libc::EISCONN { 0 } else { error })
    }

    fn option(&self, level: i32, name: i32, thread: &mut Thread) -> PyResult<i32> {
        option_of(self.descriptor.get(), level, name).map_err(|it| call::raise(it, None, thread))
    }

    /// Receives at most so many bytes to an address in memory.
    ///
    /// The memory stays as long as the call takes.
    fn receive(&self, data: *mut u8, length: usize, flags: i32, thread: &mut Thread) -> PyResult<usize> {
        if length == 0 {
            return Ok(0);
        }
        let descriptor = self.descriptor.get();
        // SAFETY: memory of the given length, which its owner keeps.
        let count = self.done(Ready::Read, || unsafe { libc::recv(descriptor, data.cast(), length, flags) }, thread)?;
        Ok(count as usize)
    }

    fn receive_from(
        &self,
        data: *mut u8,
        length: usize,
        flags: i32,
        thread: &mut Thread,
    ) -> PyResult<(usize, Py<Object>)> {
        let descriptor = self.descriptor.get();
        let mut address = Address::room();
        let room = address.length;
        let receive = || {
            address.length = room;
            let pointer = address.pointer_mut();
            // SAFETY: memory of the given length, which its owner keeps, and room for an address.
            unsafe { libc::recvfrom(descriptor, data.cast(), length, flags, pointer, &mut address.length) }
        };
        let count = self.done(Ready::Read, receive, thread)?;
        let address = address.to_object(thread)?;
        Ok((count as usize, address))
    }

    fn receive_message(
        &self,
        mut parts: Vec<libc::iovec>,
        control_length: isize,
        flags: i32,
        thread: &mut Thread,
    ) -> PyResult<Message> {
        let Some(room) = usize::try_from(control_length).ok().filter(|it| *it <= i32::MAX as usize) else {
            return Err(raise!(thread, ValueError, "invalid ancillary data buffer length"));
        };
        let descriptor = self.descriptor.get();
        let mut control = Control::room(room);
        let mut address = Address::room();
        let mut message: libc::msghdr = Zeroed::zeroed();
        let receive = || {
            message = Zeroed::zeroed();
            message.msg_name = address.pointer_mut().cast();
            message.msg_namelen = size_of::<libc::sockaddr_storage>() as libc::socklen_t;
            message.msg_iov = parts.as_mut_ptr();
            message.msg_iovlen = parts.len();
            control.attach(&mut message);
            // SAFETY: the message points at an address, pieces and a control block that live here.
            unsafe { libc::recvmsg(descriptor, &mut message, flags) }
        };
        let count = self.done(Ready::Read, receive, thread)?;
        let messages = control.to_list(&message, thread)?;
        address.length = message.msg_namelen;
        let address = address.to_object(thread)?;
        Ok((count as usize, messages, message.msg_flags, address))
    }

    fn send_to(&self, data: &BytesLike<'_>, flags: i32, address: &Object, thread: &mut Thread) -> PyResult<isize> {
        let address = Address::read(self.family.get(), address, "sendto", thread)?;
        let (data, length) = start_and_length(data, thread);
        let descriptor = self.descriptor.get();
        let send = || {
            // SAFETY: the exporter keeps the memory; an address of its length.
            unsafe { libc::sendto(descriptor, data.cast(), length, flags, address.pointer(), address.length) }
        };
        self.done(Ready::Write, send, thread)
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

/// An option whose value is an int; or the error number.
fn option_of(descriptor: i32, level: i32, name: i32) -> Result<i32, i32> {
    let mut value = 0i32;
    let mut length = size_of::<i32>() as libc::socklen_t;
    // SAFETY: room for an int, and its size.
    let status = unsafe { libc::getsockopt(descriptor, level, name, (&raw mut value).cast(), &mut length) };
    if status < 0 { Err(call::last_error()) } else { Ok(value) }
}

/// Where the bytes of an argument lie, for a call without the lock.
fn start_and_length(data: &BytesLike<'_>, thread: &Thread) -> (*const u8, usize) {
    let bytes = data.as_slice(thread);
    (bytes.as_ptr(), bytes.len())
}

/// A timeout in nanoseconds; None: none.
pub fn timeout_of(value: &Object, thread: &mut Thread) -> PyResult<Option<i64>> {
    if value.is_none() {
        return Ok(None);
    }
    let timeout = clock::nanoseconds(value, Rounding::Up, thread)?;
    // It has to fit into the milliseconds that `poll` takes.
    if timeout < 0 {
        return Err(raise!(thread, ValueError, "Timeout value out of range"));
    }
    if Rounding::Ceiling.divide(timeout, 1_000_000) > i64::from(i32::MAX) {
        return Err(raise!(thread, OverflowError, "timeout doesn't fit into C timeval"));
    }
    Ok(Some(timeout))
}

/// Room for bytes that are received.
fn room(length: isize, function: &str, thread: &mut Thread) -> PyResult<Vec<u8>> {
    let Ok(length) = usize::try_from(length) else {
        return Err(raise!(thread, ValueError, "negative buffersize in {function}"));
    };
    let mut room = Vec::new();
    if room.try_reserve_exact(length).is_err() {
        return Err(thread.raise_memory_error());
    }
    room.resize(length, 0);
    Ok(room)
}

/// How many bytes of a buffer are to be filled: all if none are asked for.
fn checked_count(buffer: &WritableBytesLike, count: isize, function: &str, thread: &mut Thread) -> PyResult<usize> {
    let Ok(count) = usize::try_from(count) else {
        return Err(raise!(thread, ValueError, "negative buffersize in {function}"));
    };
    if count > buffer.length() {
        return Err(raise!(thread, ValueError, "buffer too small for requested bytes"));
    }
    Ok(if count == 0 { buffer.length() } else { count })
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
#[python_type(name = "_socket.socket", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
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
            .and_then(|it| thread.warn(ResourceWarning, 1, format_args!("unclosed {}", it.to_string_lossy())));
        if let Err(raised) = warned {
            thread.report_unraisable(raised, "Exception ignored while finalizing socket", Some(self));
        }
        if self.close_descriptor(thread).is_err() {
            drop(thread.take_exception());
        }
        thread.restore_exception(pending);
    }

    /// _accept($self, /)
    /// --
    ///
    /// _accept() -> (integer, address info)
    ///
    /// Wait for an incoming connection.  Return a new socket file descriptor
    /// representing the connection, and the address of the client.
    /// For IP sockets, the address info is a pair (hostaddr, port).
    #[method]
    fn _accept(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let descriptor = self.descriptor.get();
        let mut address = Address::room();
        let room = address.length;
        let accept = || {
            address.length = room;
            let pointer = address.pointer_mut();
            // SAFETY: room for an address.
            unsafe { libc::accept4(descriptor, pointer, &mut address.length, libc::SOCK_CLOEXEC) }
        };
        let number = self.done(Ready::Read, accept, thread)?;
        match address.to_object(thread) {
            Ok(address) => {
                let number = make_int(i128::from(number), thread);
                Tuple::new(vec![number, address], thread)
            }
            Err(raised) => {
                // SAFETY: a descriptor that nobody knows of.
                unsafe { libc::close(number) };
                Err(raised)
            }
        }
    }

    /// bind($self, object, /)
    /// --
    ///
    /// bind(address)
    ///
    /// Bind the socket to a local address.  For IP sockets, the address is a
    /// pair (host, port); the host must refer to the local host. For raw packet
    /// sockets the address is a tuple (ifname, proto [,pkttype [,hatype [,addr]]])
    #[method]
    fn bind(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        let address = Address::read(self.family.get(), object, "bind", thread)?;
        thread.audit("socket.bind", &[self, object])?;
        let descriptor = self.descriptor.get();
        // SAFETY: an address of its length.
        call::checked(|| unsafe { libc::bind(descriptor, address.pointer(), address.length) }, thread).map(drop)
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

    /// connect($self, object, /)
    /// --
    ///
    /// connect(address)
    ///
    /// Connect the socket to a remote address.  For IP sockets, the address
    /// is a pair (host, port).
    #[method]
    fn connect(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        let address = Address::read(self.family.get(), object, "connect", thread)?;
        thread.audit("socket.connect", &[self, object])?;
        match self.connect_to(&address, true, thread)? {
            0 => Ok(()),
            number => Err(call::raise(number, None, thread)),
        }
    }

    /// connect_ex($self, object, /)
    /// --
    ///
    /// connect_ex(address) -> errno
    ///
    /// This is like connect(address), but returns an error code (the errno value)
    /// instead of raising an exception when an error occurs.
    #[method]
    fn connect_ex(&self, object: &Object, thread: &mut Thread) -> PyResult<i32> {
        let address = Address::read(self.family.get(), object, "connect_ex", thread)?;
        thread.audit("socket.connect", &[self, object])?;
        self.connect_to(&address, false, thread)
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

    /// getpeername($self, /)
    /// --
    ///
    /// getpeername() -> address info
    ///
    /// Return the address of the remote endpoint.  For IP sockets, the address
    /// info is a pair (hostaddr, port).
    #[method]
    fn getpeername(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let descriptor = self.descriptor.get();
        let mut address = Address::room();
        let pointer = address.pointer_mut();
        // SAFETY: room for an address.
        call::checked(|| unsafe { libc::getpeername(descriptor, pointer, &mut address.length) }, thread)?;
        address.to_object(thread)
    }

    /// getsockname($self, /)
    /// --
    ///
    /// getsockname() -> address info
    ///
    /// Return the address of the local endpoint. The format depends on the
    /// address family. For IPv4 sockets, the address info is a pair
    /// (hostaddr, port). For IPv6 sockets, the address info is a 4-tuple
    /// (hostaddr, port, flowinfo, scope_id).
    #[method]
    fn getsockname(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let descriptor = self.descriptor.get();
        let mut address = Address::room();
        let pointer = address.pointer_mut();
        // SAFETY: room for an address.
        call::checked(|| unsafe { libc::getsockname(descriptor, pointer, &mut address.length) }, thread)?;
        address.to_object(thread)
    }

    /// getsockopt(level, option[, buffersize]) -> value
    ///
    /// Get a socket option.  See the Unix manual for level and option.
    /// If a nonzero buffersize argument is given, the return value is a
    /// string of that length; otherwise it is an integer.
    #[method]
    #[signature("(level, option, buffersize=0, /)")]
    fn getsockopt(&self, level: i32, option: i32, buffersize: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        if buffersize == 0 {
            let value = self.option(level, option, thread)?;
            return Ok(make_int(i128::from(value), thread));
        }
        if !(1..=1024).contains(&buffersize) {
            return Err(raise!(thread, OSError, "getsockopt buflen out of range"));
        }
        let mut value = vec![0u8; buffersize as usize];
        let mut length = buffersize as libc::socklen_t;
        let (descriptor, data) = (self.descriptor.get(), value.as_mut_ptr());
        // SAFETY: room of the given length.
        call::checked(|| unsafe { libc::getsockopt(descriptor, level, option, data.cast(), &mut length) }, thread)?;
        value.truncate(length as usize);
        Bytes::try_from_slice(&value, thread).map(Py::into_object)
    }

    /// listen([backlog])
    ///
    /// Enable a server to accept connections.  If backlog is specified, it must be
    /// at least 0 (if it is lower, it is set to 0); it specifies the number of
    /// unaccepted connections that the system will allow before refusing new
    /// connections. If not specified, a default reasonable value is chosen.
    #[method]
    #[signature("(backlog=128, /)")]
    fn listen(&self, backlog: i32, thread: &mut Thread) -> PyResult<()> {
        let descriptor = self.descriptor.get();
        // SAFETY: numbers.
        call::checked(|| unsafe { libc::listen(descriptor, backlog.max(0)) }, thread).map(drop)
    }

    /// recv(buffersize[, flags]) -> data
    ///
    /// Receive up to buffersize bytes from the socket.  For the optional flags
    /// argument, see the Unix manual.  When no data is available, block until
    /// at least one byte is available or until the remote end is closed.  When
    /// the remote end is closed and all data is read, return the empty string.
    #[method]
    #[signature("(buffersize, flags=0, /)")]
    fn recv(&self, buffersize: isize, flags: i32, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let mut room = room(buffersize, "recv", thread)?;
        let count = self.receive(room.as_mut_ptr(), room.len(), flags, thread)?;
        Bytes::try_from_slice(&room[..count.min(room.len())], thread)
    }

    /// recv_into(buffer, [nbytes[, flags]]) -> nbytes_read
    ///
    /// A version of recv() that stores its data into a buffer rather than creating
    /// a new string.  Receive up to buffersize bytes from the socket.  If buffersize
    /// is not specified (or 0), receive up to the size available in the given buffer.
    ///
    /// See recv() for documentation about the flags.
    #[method]
    #[signature("(buffer, nbytes=0, flags=0)")]
    fn recv_into(&self, buffer: WritableBytesLike, nbytes: isize, flags: i32, thread: &mut Thread) -> PyResult<usize> {
        let count = checked_count(&buffer, nbytes, "recv_into", thread)?;
        self.receive(buffer.as_pointer(), count, flags, thread)
    }

    /// recvfrom(buffersize[, flags]) -> (data, address info)
    ///
    /// Like recv(buffersize, flags) but also return the sender's address info.
    #[method]
    #[signature("(buffersize, flags=0, /)")]
    fn recvfrom(&self, buffersize: isize, flags: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let mut room = room(buffersize, "recvfrom", thread)?;
        let (count, address) = self.receive_from(room.as_mut_ptr(), room.len(), flags, thread)?;
        let data = Bytes::try_from_slice(&room[..count.min(room.len())], thread)?;
        Tuple::new(vec![data.into_object(), address], thread)
    }

    /// recvfrom_into(buffer[, nbytes[, flags]]) -> (nbytes, address info)
    ///
    /// Like recv_into(buffer[, nbytes[, flags]]) but also return the sender's address info.
    #[method]
    #[signature("(buffer, nbytes=0, flags=0)")]
    fn recvfrom_into(
        &self,
        buffer: WritableBytesLike,
        nbytes: isize,
        flags: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let count = checked_count(&buffer, nbytes, "recvfrom_into", thread)?;
        let (count, address) = self.receive_from(buffer.as_pointer(), count, flags, thread)?;
        let count = make_int(count as i128, thread);
        Tuple::new(vec![count, address], thread)
    }

    /// send(data[, flags]) -> count
    ///
    /// Send a data string to the socket.  For the optional flags
    /// argument, see the Unix manual.  Return the number of bytes
    /// sent; this may be less than len(data) if the network is busy.
    #[method]
    #[signature("(data, flags=0, /)")]
    fn send(&self, data: BytesLike<'_>, flags: i32, thread: &mut Thread) -> PyResult<isize> {
        let (data, length) = start_and_length(&data, thread);
        let descriptor = self.descriptor.get();
        // SAFETY: the exporter keeps the memory as long as the argument is held.
        self.done(Ready::Write, || unsafe { libc::send(descriptor, data.cast(), length, flags) }, thread)
    }

    /// sendall(data[, flags])
    ///
    /// Send a data string to the socket.  For the optional flags
    /// argument, see the Unix manual.  This calls send() repeatedly
    /// until all data is sent.  If an error occurs, it's impossible
    /// to tell how much data has been sent.
    #[method]
    #[signature("(data, flags=0, /)")]
    fn sendall(&self, data: BytesLike<'_>, flags: i32, thread: &mut Thread) -> PyResult<()> {
        let (data, length) = start_and_length(&data, thread);
        let descriptor = self.descriptor.get();
        // One deadline for all the pieces.
        let deadline = self.deadline();
        let mut sent = 0;
        while sent < length {
            if deadline.is_some_and(|it| it.remaining() == Some(0)) {
                return Err(raise_timeout(thread));
            }
            // SAFETY: the exporter keeps the memory as long as the argument is held.
            let send = || unsafe { libc::send(descriptor, data.add(sent).cast(), length - sent, flags) };
            sent += until_done(descriptor, Ready::Write, deadline, send, thread)? as usize;
            // So that a handler runs even if the call was never interrupted.
            thread.check_signals()?;
        }
        Ok(())
    }

    /// sendto(data[, flags], address) -> count
    ///
    /// Like send(data, flags) but allows specifying the destination address.
    /// For IP sockets, the address is a pair (hostaddr, port).
    #[method]
    #[signature("(*args)")]
    fn sendto(&self, args: &[&Object], thread: &mut Thread) -> PyResult<isize> {
        let (data, flags, address) = match args {
            [data, address] => (data, None, address),
            [data, flags, address] => (data, Some(flags), address),
            _ => {
                let given = args.len();
                return Err(raise!(thread, TypeError, "sendto() takes 2 or 3 arguments ({given} given)"));
            }
        };
        let data = BytesLike::of(data, thread)?;
        let flags = match flags {
            Some(flags) => protocol::index_as_isize(flags, thread)? as i32,
            None => 0,
        };
        self.send_to(&data, flags, address, thread)
    }

    /// setblocking($self, object, /)
    /// --
    ///
    /// setblocking(flag)
    ///
    /// Set the socket to blocking (flag is true) or non-blocking (false).
    /// setblocking(True) is equivalent to settimeout(None);
    /// setblocking(False) is equivalent to settimeout(0.0).
    #[method]
    fn setblocking(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        let blocking = protocol::is_true(object, thread)?;
        self.timeout.set(if blocking { None } else { Some(0) });
        self.make_blocking(blocking, thread)
    }

    /// getblocking($self, /)
    /// --
    ///
    /// getblocking()
    ///
    /// Returns True if socket is in blocking mode, or False if it
    /// is in non-blocking mode.
    #[method]
    fn getblocking(&self) -> bool {
        self.timeout.get() != Some(0)
    }

    /// settimeout($self, object, /)
    /// --
    ///
    /// settimeout(timeout)
    ///
    /// Set a timeout on socket operations.  'timeout' can be a float,
    /// giving in seconds, or None.  Setting a timeout of None disables
    /// the timeout feature and is equivalent to setblocking(1).
    /// Setting a timeout of zero is the same as setblocking(0).
    #[method]
    fn settimeout(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        let timeout = timeout_of(object, thread)?;
        self.timeout.set(timeout);
        self.make_blocking(timeout.is_none(), thread)
    }

    /// gettimeout($self, /)
    /// --
    ///
    /// gettimeout() -> timeout
    ///
    /// Returns the timeout in seconds (float) associated with socket
    /// operations. A timeout of None indicates that timeouts on socket
    /// operations are disabled.
    #[method]
    fn gettimeout(&self, thread: &mut Thread) -> Option<Py<Float>> {
        self.timeout.get().map(|it| Float::new(clock::to_seconds(it), thread))
    }

    /// setsockopt(level, option, value: int)
    /// setsockopt(level, option, value: buffer)
    /// setsockopt(level, option, None, optlen: int)
    ///
    /// Set a socket option.  See the Unix manual for level and option.
    /// The value argument can either be an integer, a string buffer, or
    /// None, optlen.
    #[method]
    #[signature("(level, option, value, optlen=None, /)")]
    fn setsockopt(
        &self,
        level: i32,
        option: i32,
        value: &Object,
        optlen: Option<u32>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let descriptor = self.descriptor.get();
        let number;
        let held;
        let (data, length): (*const u8, usize) = match optlen {
            Some(length) if value.is_none() => (std::ptr::null(), length as usize),
            Some(_) => {
                let found = value.class().short_name();
                return Err(raise!(thread, TypeError, "setsockopt() argument 3 must be None, not {found}"));
            }
            None if value.downcast::<Int>().is_some() => {
                let value = protocol::index(value, thread)?;
                match value
                    .to_i128()
                    .and_then(|it| i32::try_from(it).ok().or(u32::try_from(it).ok().map(|it| it as i32)))
                {
                    Some(value) => number = value,
                    None => return Err(raise!(thread, OverflowError, "Python int too large to convert to C int")),
                }
                ((&raw const number).cast(), size_of::<i32>())
            }
            None => {
                held = BytesLike::of(value, thread)?;
                start_and_length(&held, thread)
            }
        };
        let length = length as libc::socklen_t;
        // SAFETY: a value of the given length, or null.
        call::checked(|| unsafe { libc::setsockopt(descriptor, level, option, data.cast(), length) }, thread).map(drop)
    }

    /// shutdown($self, object, /)
    /// --
    ///
    /// shutdown(flag)
    ///
    /// Shut down the reading side of the socket (flag == SHUT_RD), the writing side
    /// of the socket (flag == SHUT_WR), or both ends (flag == SHUT_RDWR).
    #[method]
    fn shutdown(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        let how = protocol::index_as_isize(object, thread)? as i32;
        let descriptor = self.descriptor.get();
        // SAFETY: numbers.
        call::checked(|| unsafe { libc::shutdown(descriptor, how) }, thread).map(drop)
    }

    /// recvmsg(bufsize[, ancbufsize[, flags]]) -> (data, ancdata, msg_flags, address)
    ///
    /// Receive normal data (up to bufsize bytes) and ancillary data from the
    /// socket.  The ancbufsize argument sets the size in bytes of the
    /// internal buffer used to receive the ancillary data; it defaults to 0,
    /// meaning that no ancillary data will be received.  Appropriate buffer
    /// sizes for ancillary data can be calculated using CMSG_SPACE() or
    /// CMSG_LEN(), and items which do not fit into the buffer might be
    /// truncated or discarded.  The flags argument defaults to 0 and has the
    /// same meaning as for recv().
    ///
    /// The return value is a 4-tuple: (data, ancdata, msg_flags, address).
    /// The data item is a bytes object holding the non-ancillary data
    /// received.  The ancdata item is a list of zero or more tuples
    /// (cmsg_level, cmsg_type, cmsg_data) representing the ancillary data
    /// (control messages) received: cmsg_level and cmsg_type are integers
    /// specifying the protocol level and protocol-specific type respectively,
    /// and cmsg_data is a bytes object holding the associated data.  The
    /// msg_flags item is the bitwise OR of various flags indicating
    /// conditions on the received message; see your system documentation for
    /// details.  If the receiving socket is unconnected, address is the
    /// address of the sending socket, if available; otherwise, its value is
    /// unspecified.
    ///
    /// If recvmsg() raises an exception after the system call returns, it
    /// will first attempt to close any file descriptors received via the
    /// SCM_RIGHTS mechanism.
    #[method]
    #[signature("(bufsize, ancbufsize=0, flags=0, /)")]
    fn recvmsg(&self, bufsize: isize, ancbufsize: isize, flags: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if bufsize < 0 {
            return Err(raise!(thread, ValueError, "negative buffer size in recvmsg()"));
        }
        let mut room = room(bufsize, "recvmsg", thread)?;
        let piece = libc::iovec { iov_base: room.as_mut_ptr().cast(), iov_len: room.len() };
        let (count, messages, flags, address) = self.receive_message(vec![piece], ancbufsize, flags, thread)?;
        let data = Bytes::try_from_slice(&room[..count.min(room.len())], thread)?;
        let flags = make_int(i128::from(flags), thread);
        Tuple::new(vec![data.into_object(), messages.into_object(), flags, address], thread)
    }

    /// recvmsg_into(buffers[, ancbufsize[, flags]]) -> (nbytes, ancdata, msg_flags, address)
    ///
    /// Receive normal data and ancillary data from the socket, scattering the
    /// non-ancillary data into a series of buffers.  The buffers argument
    /// must be an iterable of objects that export writable buffers
    /// (e.g. bytearray objects); these will be filled with successive chunks
    /// of the non-ancillary data until it has all been written or there are
    /// no more buffers.  The ancbufsize argument sets the size in bytes of
    /// the internal buffer used to receive the ancillary data; it defaults to
    /// 0, meaning that no ancillary data will be received.  Appropriate
    /// buffer sizes for ancillary data can be calculated using CMSG_SPACE()
    /// or CMSG_LEN(), and items which do not fit into the buffer might be
    /// truncated or discarded.  The flags argument defaults to 0 and has the
    /// same meaning as for recv().
    ///
    /// The return value is a 4-tuple: (nbytes, ancdata, msg_flags, address).
    /// The nbytes item is the total number of bytes of non-ancillary data
    /// written into the buffers.  The ancdata item is a list of zero or more
    /// tuples (cmsg_level, cmsg_type, cmsg_data) representing the ancillary
    /// data (control messages) received: cmsg_level and cmsg_type are
    /// integers specifying the protocol level and protocol-specific type
    /// respectively, and cmsg_data is a bytes object holding the associated
    /// data.  The msg_flags item is the bitwise OR of various flags
    /// indicating conditions on the received message; see your system
    /// documentation for details.  If the receiving socket is unconnected,
    /// address is the address of the sending socket, if available; otherwise,
    /// its value is unspecified.
    ///
    /// If recvmsg_into() raises an exception after the system call returns,
    /// it will first attempt to close any file descriptors received via the
    /// SCM_RIGHTS mechanism.
    #[method]
    #[signature("(buffers, ancbufsize=0, flags=0, /)")]
    fn recvmsg_into(
        &self,
        buffers: &Object,
        ancbufsize: isize,
        flags: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let items = collect(buffers, "recvmsg_into() argument 1 must be an iterable", thread)?;
        let mut views = Vec::new();
        for item in &items {
            match Buffer::get(item, layout::PyBUF_WRITABLE, thread) {
                Ok(view) => views.push(view),
                Err(raised) => {
                    drop(thread.catch(raised));
                    let words = "recvmsg_into() argument 1 must be an iterable of single-segment read-write buffers";
                    return Err(raise!(thread, TypeError, "{words}"));
                }
            }
        }
        let (count, messages, flags, address) = self.receive_message(pieces(&views), ancbufsize, flags, thread)?;
        let count = make_int(count as i128, thread);
        let flags = make_int(i128::from(flags), thread);
        Tuple::new(vec![count, messages.into_object(), flags, address], thread)
    }

    /// sendmsg(buffers[, ancdata[, flags[, address]]]) -> count
    ///
    /// Send normal and ancillary data to the socket, gathering the
    /// non-ancillary data from a series of buffers and concatenating it into
    /// a single message.  The buffers argument specifies the non-ancillary
    /// data as an iterable of bytes-like objects (e.g. bytes objects).
    /// The ancdata argument specifies the ancillary data (control messages)
    /// as an iterable of zero or more tuples (cmsg_level, cmsg_type,
    /// cmsg_data), where cmsg_level and cmsg_type are integers specifying the
    /// protocol level and protocol-specific type respectively, and cmsg_data
    /// is a bytes-like object holding the associated data.  The flags
    /// argument defaults to 0 and has the same meaning as for send().  If
    /// address is supplied and not None, it sets a destination address for
    /// the message.  The return value is the number of bytes of non-ancillary
    /// data sent.
    #[method]
    #[signature("(buffers, ancdata=None, flags=0, address=None, /)")]
    fn sendmsg(
        &self,
        buffers: &Object,
        ancdata: Option<&Object>,
        flags: i32,
        address: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<isize> {
        let items = collect(buffers, "sendmsg() argument 1 must be an iterable", thread)?;
        let mut views = Vec::new();
        for item in &items {
            views.push(Buffer::get(item, layout::PyBUF_SIMPLE, thread)?);
        }
        let mut control = match ancdata {
            Some(items) => Control::read(items, thread)?,
            None => Control::room(0),
        };
        let mut address = match address.filter(|it| !it.is_none()) {
            Some(address) => Some(Address::read(self.family.get(), address, "sendmsg", thread)?),
            None => None,
        };
        let mut parts = pieces(&views);
        let mut message: libc::msghdr = Zeroed::zeroed();
        if let Some(address) = &mut address {
            message.msg_name = address.pointer_mut().cast();
            message.msg_namelen = address.length;
        }
        message.msg_iov = parts.as_mut_ptr();
        message.msg_iovlen = parts.len();
        control.attach(&mut message);
        let descriptor = self.descriptor.get();
        // SAFETY: the message points at an address, pieces and a control block that live here.
        self.done(Ready::Write, || unsafe { libc::sendmsg(descriptor, &message, flags) }, thread)
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
