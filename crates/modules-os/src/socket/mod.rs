//! `_socket`: the socket type, the resolver, and the functions of the module.

mod address;
mod ancillary;
mod connection;
mod constants;
mod exchange;
mod names;
mod object;
mod options;
mod transfer;

use builtins::bytes::Bytes;
use macros::python_module;
use objects::errors::{OSError, PyResult, TimeoutError};
use objects::float::Float;
use objects::method::Method;
use objects::module::{Definition, Module};
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::str::arguments::TextName;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, TypeDeclaration};
use system::call;
use system::clock;
use system::module::{concatenate_functions, count_functions};

use address::State;
use object::Socket;

/// The type of the module.
pub const TYPES: &[&TypeDeclaration] = &[Socket::DECLARATION];

const FUNCTIONS: &[&[&Method]] = &[SocketModule::DEFINITION.functions, names::Names::DEFINITION.functions];
const ALL: [&Method; count_functions(FUNCTIONS)] = concatenate_functions(FUNCTIONS);

/// The module, of this file's functions and those of `names`.
pub const DEFINITION: Definition = Definition {
    name: SocketModule::DEFINITION.name,
    doc: SocketModule::DEFINITION.doc,
    functions: &ALL,
    exec: SocketModule::DEFINITION.exec,
};

/// An int without a sign that fits into a C type.
fn unsigned(value: &Object, most: u64, typ: &str, thread: &mut Thread) -> PyResult<u64> {
    let int = protocol::index(value, thread)?;
    if int.is_negative() {
        return Err(raise!(thread, ValueError, "Cannot convert negative int"));
    }
    match int.to_i128().and_then(|it| u64::try_from(it).ok()).filter(|it| *it <= most) {
        Some(value) => Ok(value),
        None => Err(raise!(thread, OverflowError, "Python int too large for C {typ}")),
    }
}

fn unsigned16(value: &Object, thread: &mut Thread) -> PyResult<u16> {
    unsigned(value, u64::from(u16::MAX), "uint16_t", thread).map(|it| it as u16)
}

fn unsigned32(value: &Object, thread: &mut Thread) -> PyResult<u32> {
    unsigned(value, u64::from(u32::MAX), "uint32_t", thread).map(|it| it as u32)
}

/// The size of a control message, by `measure` of its data's length, if that fits into what the system calls a length.
fn control_size(length: isize, function: &str, measure: fn(u64) -> u64, thread: &mut Thread) -> PyResult<u32> {
    let size = u32::try_from(length).ok().map(|it| measure(u64::from(it)));
    size.filter(|it| *it <= i32::MAX as u64)
        .map(|it| it as u32)
        .ok_or_else(|| raise!(thread, OverflowError, "{function}() argument out of range"))
}

/// A control message's head.
fn control_head() -> u64 {
    // SAFETY: arithmetic.
    u64::from(unsafe { libc::CMSG_LEN(0) })
}

pub struct SocketModule;

/// Implementation module for socket operations.
///
/// See the socket module for documentation.
#[python_module(name = "_socket")]
impl SocketModule {
    /// close($self, object, /)
    /// --
    ///
    /// close(integer) -> None
    ///
    /// Close an integer socket file descriptor.  This is like os.close(), but for
    /// sockets; on some platforms os.close() won't work for socket file descriptors.
    #[function]
    fn close(object: &Object, thread: &mut Thread) -> PyResult<()> {
        let number = protocol::index_as_isize(object, thread)? as i32;
        // SAFETY: a number.
        match call::plain(|| unsafe { libc::close(number) }, thread) {
            Ok(_) | Err(libc::ECONNRESET) => Ok(()),
            Err(number) => Err(call::raise(number, None, thread)),
        }
    }

    /// dup($self, object, /)
    /// --
    ///
    /// dup(integer) -> integer
    ///
    /// Duplicate an integer socket file descriptor.  This is like os.dup(), but for
    /// sockets; on some platforms os.dup() won't work for socket file descriptors.
    #[function]
    fn dup(object: &Object, thread: &mut Thread) -> PyResult<i32> {
        let number = protocol::index_as_isize(object, thread)? as i32;
        // SAFETY: numbers.
        call::checked(|| unsafe { libc::fcntl(number, libc::F_DUPFD_CLOEXEC, 0) }, thread)
    }

    /// socketpair([family[, type [, proto]]]) -> (socket object, socket object)
    ///
    /// Create a pair of socket objects from the sockets returned by the platform
    /// socketpair() function.
    /// The arguments are the same as for socket() except the default family is
    /// AF_UNIX if defined on the platform; otherwise, the default is AF_INET.
    #[function]
    #[signature("(family=1, type=1, proto=0, /)")]
    fn socketpair(family: i32, kind: i32, proto: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let mut pair = [-1; 2];
        // SAFETY: room for two descriptors.
        let make = || unsafe { libc::socketpair(family, kind | libc::SOCK_CLOEXEC, proto, pair.as_mut_ptr()) };
        call::checked(make, thread)?;
        let first = Socket::adopt(pair[0], family, kind, proto, thread);
        let second = Socket::adopt(pair[1], family, kind, proto, thread)?;
        Tuple::new(vec![first?.into_object(), second.into_object()], thread)
    }

    /// ntohs($module, integer, /)
    /// --
    ///
    /// Convert a 16-bit unsigned integer from network to host byte order.
    #[function]
    fn ntohs(integer: &Object, thread: &mut Thread) -> PyResult<u16> {
        unsigned16(integer, thread).map(u16::from_be)
    }

    /// ntohl($module, integer, /)
    /// --
    ///
    /// Convert a 32-bit unsigned integer from network to host byte order.
    #[function]
    fn ntohl(integer: &Object, thread: &mut Thread) -> PyResult<u32> {
        unsigned32(integer, thread).map(u32::from_be)
    }

    /// htons($module, integer, /)
    /// --
    ///
    /// Convert a 16-bit unsigned integer from host to network byte order.
    #[function]
    fn htons(integer: &Object, thread: &mut Thread) -> PyResult<u16> {
        unsigned16(integer, thread).map(u16::to_be)
    }

    /// htonl($module, integer, /)
    /// --
    ///
    /// Convert a 32-bit unsigned integer from host to network byte order.
    #[function]
    fn htonl(integer: &Object, thread: &mut Thread) -> PyResult<u32> {
        unsigned32(integer, thread).map(u32::to_be)
    }

    /// inet_aton($module, ip_addr, /)
    /// --
    ///
    /// Convert an IP address in string format (123.45.67.89) to the 32-bit packed binary format used in low-level network functions.
    #[function]
    fn inet_aton(ip_addr: TextName, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        match inet_aton(&ip_addr.0) {
            Some(bytes) => Ok(Bytes::from_slice(&bytes, thread)),
            None => Err(raise!(thread, OSError, "illegal IP address string passed to inet_aton")),
        }
    }

    /// inet_ntoa($module, packed_ip, /)
    /// --
    ///
    /// Convert an IP address from 32-bit packed binary format to string format.
    #[function]
    fn inet_ntoa(packed_ip: BytesLike<'_>, thread: &mut Thread) -> PyResult<String> {
        match <[u8; 4]>::try_from(packed_ip.as_slice(thread)) {
            Ok(bytes) => Ok(std::net::Ipv4Addr::from(bytes).to_string()),
            Err(_) => Err(raise!(thread, OSError, "packed IP wrong length for inet_ntoa")),
        }
    }

    /// inet_pton(af, ip) -> packed IP address string
    ///
    /// Convert an IP address from string format to a packed string suitable
    /// for use with low-level network functions.
    #[function]
    #[signature("(af, ip, /)")]
    fn inet_pton(af: i32, ip: TextName, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let text = std::ffi::CString::new(ip.0).unwrap_or_default();
        let mut packed = [0u8; 16];
        // SAFETY: a string, and room for the longest address.
        match unsafe { inet_pton(af, text.as_ptr(), packed.as_mut_ptr().cast()) } {
            -1 => Err(call::raise_last(thread)),
            0 => Err(raise!(thread, OSError, "illegal IP address string passed to inet_pton")),
            _ => Ok(Bytes::from_slice(if af == libc::AF_INET { &packed[..4] } else { &packed }, thread)),
        }
    }

    /// inet_ntop(af, packed_ip) -> string formatted IP address
    ///
    /// Convert a packed IP address of the given family to string format.
    #[function]
    #[signature("(af, packed_ip, /)")]
    fn inet_ntop(af: i32, packed_ip: BytesLike<'_>, thread: &mut Thread) -> PyResult<String> {
        let packed = packed_ip.as_slice(thread);
        let expected = match af {
            libc::AF_INET => 4,
            libc::AF_INET6 => 16,
            _ => return Err(raise!(thread, ValueError, "unknown address family {af}")),
        };
        if packed.len() != expected {
            return Err(raise!(thread, ValueError, "invalid length of packed IP address string"));
        }
        let mut text = [0 as libc::c_char; 64];
        // SAFETY: as many bytes as the family wants, and room for its text.
        let written = unsafe { inet_ntop(af, packed.as_ptr().cast(), text.as_mut_ptr(), 64) };
        if written.is_null() {
            return Err(call::raise_last(thread));
        }
        // SAFETY: the call has written a string.
        Ok(unsafe { std::ffi::CStr::from_ptr(text.as_ptr()) }.to_string_lossy().into_owned())
    }

    /// getdefaulttimeout($self, /)
    /// --
    ///
    /// getdefaulttimeout() -> timeout
    ///
    /// Returns the default timeout in seconds (float) for new socket objects.
    /// A value of None indicates that new socket objects have no timeout.
    /// When the socket module is first imported, the default is None.
    #[function]
    fn getdefaulttimeout(thread: &mut Thread) -> Option<Py<Float>> {
        let default = thread.interpreter().extension::<State>().default_timeout.get();
        default.map(|it| Float::new(clock::to_seconds(it), thread))
    }

    /// setdefaulttimeout($self, object, /)
    /// --
    ///
    /// setdefaulttimeout(timeout)
    ///
    /// Set the default timeout in seconds (float) for new socket objects.
    /// A value of None indicates that new socket objects have no timeout.
    /// When the socket module is first imported, the default is None.
    #[function]
    fn setdefaulttimeout(object: &Object, thread: &mut Thread) -> PyResult<()> {
        let timeout = options::timeout_of(object, thread)?;
        thread.interpreter().extension::<State>().default_timeout.set(timeout);
        Ok(())
    }

    /// CMSG_LEN(length) -> control message length
    ///
    /// Return the total length, without trailing padding, of an ancillary
    /// data item with associated data of the given length.  This value can
    /// often be used as the buffer size for recvmsg() to receive a single
    /// item of ancillary data, but RFC 3542 requires portable applications to
    /// use CMSG_SPACE() and thus include space for padding, even when the
    /// item will be the last in the buffer.  Raises OverflowError if length
    /// is outside the permissible range of values.
    #[function]
    #[signature("(length, /)")]
    #[allow(non_snake_case, reason = "the system's name")]
    fn CMSG_LEN(length: isize, thread: &mut Thread) -> PyResult<u32> {
        control_size(length, "CMSG_LEN", |it| it + control_head(), thread)
    }

    /// CMSG_SPACE(length) -> buffer size
    ///
    /// Return the buffer size needed for recvmsg() to receive an ancillary
    /// data item with associated data of the given length, along with any
    /// trailing padding.  The buffer space needed to receive multiple items
    /// is the sum of the CMSG_SPACE() values for their associated data
    /// lengths.  Raises OverflowError if length is outside the permissible
    /// range of values.
    #[function]
    #[signature("(length, /)")]
    #[allow(non_snake_case, reason = "the system's name")]
    fn CMSG_SPACE(length: isize, thread: &mut Thread) -> PyResult<u32> {
        control_size(length, "CMSG_SPACE", |it| it.next_multiple_of(size_of::<usize>() as u64) + control_head(), thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        system::constants::add(module, constants::NAMED, thread)?;
        system::constants::add(module, constants::OTHERS, thread)?;
        for (name, text) in [("BDADDR_ANY", "00:00:00:00:00:00"), ("BDADDR_LOCAL", "00:00:00:FF:FF:FF")] {
            let text = Str::from_str(text, thread);
            module.set(name, &text, thread)?;
        }
        module.set("has_ipv6", objects::bool::Bool::get(true), thread)?;
        module.set("error", OSError.as_type(), thread)?;
        module.set("timeout", TimeoutError.as_type(), thread)?;
        let gaierror = address::gaierror(thread)?;
        module.set("gaierror", &gaierror, thread)?;
        let state = thread.interpreter().extension::<State>();
        let herror = state.herror.class("socket", "herror", &[OSError], thread)?;
        module.set("herror", &herror, thread)?;
        module.set("socket", Socket::class(), thread)?;
        module.set("SocketType", Socket::class(), thread)
    }
}

/// An address in one of the forms that the C library's function of the name takes: one to four numbers, decimal, octal or hexadecimal.
fn inet_aton(text: &str) -> Option<[u8; 4]> {
    let text = std::ffi::CString::new(text).ok()?;
    let mut address = libc::in_addr { s_addr: 0 };
    // SAFETY: a string, and room for an address.
    let fine = unsafe { inet_aton_of_libc(text.as_ptr(), &mut address) } != 0;
    fine.then(|| address.s_addr.to_ne_bytes())
}

unsafe extern "C" {
    fn inet_pton(family: i32, text: *const libc::c_char, address: *mut libc::c_void) -> i32;
    fn inet_ntop(
        family: i32,
        address: *const libc::c_void,
        text: *mut libc::c_char,
        room: libc::socklen_t,
    ) -> *const libc::c_char;
    #[link_name = "inet_aton"]
    fn inet_aton_of_libc(text: *const libc::c_char, address: *mut libc::in_addr) -> i32;
}
