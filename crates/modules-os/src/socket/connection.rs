//! Methods of `socket` that name both ends of a connection, make it and end it.

use macros::python_methods;
use objects::errors::PyResult;
use objects::protocol::{self, make_int};
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use system::call;
use system::clock::Deadline;

use super::address::Address;
use super::object::Socket;
use super::transfer::{Ready, raise_timeout, wait};

impl Socket {
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
}

#[python_methods(METHODS)]
impl Socket {
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
}
