//! Methods of `socket` that receive and send.

use builtins::bytes::Bytes;
use macros::python_methods;
use objects::audit;
use objects::errors::PyResult;
use objects::protocol::buffer::{Buffer, BytesLike, WritableBytesLike};
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use system::zeroed::Zeroed;

use super::address::Address;
use super::ancillary::{Control, collect, pieces};
use super::object::Socket;
use super::transfer::{Ready, raise_timeout, until_done};

/// What a message came with.
type Message = (usize, Py<objects::list::List>, i32, Py<Object>);

impl Socket {
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
        let told = address;
        let address = Address::read(self.family.get(), address, "sendto", thread)?;
        audit!(thread, "socket.sendto", &**self, told)?;
        let (data, length) = start_and_length(data, thread);
        let descriptor = self.descriptor.get();
        let send = || {
            // SAFETY: the exporter keeps the memory; an address of its length.
            unsafe { libc::sendto(descriptor, data.cast(), length, flags, address.pointer(), address.length) }
        };
        self.done(Ready::Write, send, thread)
    }
}

#[python_methods(METHODS)]
impl Socket {
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
        let told = address;
        let mut address = match address.filter(|it| !it.is_none()) {
            Some(address) => Some(Address::read(self.family.get(), address, "sendmsg", thread)?),
            None => None,
        };
        audit!(thread, "socket.sendmsg", &**self, told)?;
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
}

/// Where the bytes of an argument lie, for a call without the lock.
pub(super) fn start_and_length(data: &BytesLike<'_>, thread: &Thread) -> (*const u8, usize) {
    let bytes = data.as_slice(thread);
    (bytes.as_ptr(), bytes.len())
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
