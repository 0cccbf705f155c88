//! Addresses of sockets: from Python's tuples, strings and bytes to the system's structs and back.
//!
//! An [`Address`] is always as long as its family wants, and its struct is filled by this file or by the system.

use std::ffi::{CStr, CString};
use std::mem::offset_of;

use builtins::bytes::Bytes;
use objects::errors::{OSError, OrMemoryError, PyResult, Raised, TryToVec};
use objects::protocol::buffer::BytesLike;
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::{Str, codec_registry};
use objects::thread::Thread;
use objects::tuple::Tuple;
use system::call;
use system::exception::Place;
use system::path;
use system::zeroed::Zeroed;

/// What an interpreter keeps for the module.
#[derive(Default)]
pub struct State {
    pub gaierror: Place,
    pub herror: Place,
    /// In nanoseconds; negative: none.
    pub default_timeout: std::cell::Cell<Option<i64>>,
}

pub fn gaierror(thread: &mut Thread) -> PyResult<Py<Object>> {
    let state = thread.interpreter().extension::<State>();
    state.gaierror.class("socket", "gaierror", &[OSError], thread)
}

/// Raises what the resolver says.
#[cold]
pub fn raise_resolver(code: i32, number: i32, thread: &mut Thread) -> Raised {
    if code == libc::EAI_SYSTEM {
        return call::raise(number, None, thread);
    }
    // SAFETY: a constant string.
    let text = unsafe { CStr::from_ptr(libc::gai_strerror(code)) }.to_string_lossy().into_owned();
    let text = Str::from_str(&text, thread);
    let code = make_int(i128::from(code), thread);
    let made = gaierror(thread).and_then(|class| protocol::call(&class, &[&code, &text], thread));
    match made {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

/// An address of any family.
#[derive(Clone)]
pub struct Address {
    pub storage: libc::sockaddr_storage,
    pub length: libc::socklen_t,
}

/// The longest path of a local socket.
const PATH_ROOM: usize = size_of::<libc::sockaddr_un>() - offset_of!(libc::sockaddr_un, sun_path);
const PATH_OFFSET: usize = offset_of!(libc::sockaddr_un, sun_path);

impl Address {
    /// Room for an address that the system fills in.
    pub fn room() -> Address {
        Address { storage: Zeroed::zeroed(), length: size_of::<libc::sockaddr_storage>() as libc::socklen_t }
    }

    pub fn pointer(&self) -> *const libc::sockaddr {
        (&raw const self.storage).cast()
    }

    pub fn pointer_mut(&mut self) -> *mut libc::sockaddr {
        (&raw mut self.storage).cast()
    }

    fn of<T: Copy>(value: T, length: usize) -> Address {
        let mut address = Address { storage: Zeroed::zeroed(), length: length as libc::socklen_t };
        // SAFETY: each family's struct fits into the storage, which is aligned for all of them.
        unsafe { (&raw mut address.storage).cast::<T>().write(value) };
        address
    }

    pub fn family(&self) -> i32 {
        i32::from(self.storage.ss_family)
    }

    pub fn inet(&self) -> Option<&libc::sockaddr_in> {
        // SAFETY: the family says which struct the storage holds.
        (self.family() == libc::AF_INET).then(|| unsafe { &*(&raw const self.storage).cast() })
    }

    pub fn inet6(&self) -> Option<&libc::sockaddr_in6> {
        // SAFETY: as above.
        (self.family() == libc::AF_INET6).then(|| unsafe { &*(&raw const self.storage).cast() })
    }

    /// The bytes of the struct.
    fn bytes(&self) -> &[u8] {
        let length = (self.length as usize).min(size_of::<libc::sockaddr_storage>());
        // SAFETY: plain bytes of a struct that is filled to its end.
        unsafe { std::slice::from_raw_parts((&raw const self.storage).cast(), length) }
    }

    /// The address as Python code sees it.
    pub fn to_object(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        if self.length == 0 {
            return Ok(thread.none());
        }
        if let Some(inet) = self.inet() {
            let host = Str::from_str(&std::net::Ipv4Addr::from(inet.sin_addr.s_addr.to_ne_bytes()).to_string(), thread);
            let port = make_int(i128::from(u16::from_be(inet.sin_port)), thread);
            return Ok(Tuple::new(vec![host.into_object(), port], thread)?.into_object());
        }
        if let Some(inet) = self.inet6() {
            // The scope is a number of its own.
            let host = numeric_host(self, thread)?.to_string_lossy();
            let host = Str::from_str(host.split('%').next().unwrap_or_default(), thread);
            let numbers =
                [u32::from(u16::from_be(inet.sin6_port)), u32::from_be(inet.sin6_flowinfo), inet.sin6_scope_id];
            let mut items = vec![host.into_object()];
            items.extend(numbers.map(|it| make_int(i128::from(it), thread)));
            return Ok(Tuple::new(items, thread)?.into_object());
        }
        match self.family() {
            libc::AF_UNIX => {
                let path = self.bytes().get(PATH_OFFSET..).unwrap_or_default();
                // A name that begins with a zero is Linux's own kind, which may have any bytes.
                if path.first() == Some(&0) {
                    return Bytes::try_from_slice(path, thread).map(Py::into_object);
                }
                let end = path.iter().position(|it| *it == 0).unwrap_or(path.len());
                path::decode(&path[..end], thread).map(Py::into_object)
            }
            libc::AF_NETLINK => {
                // SAFETY: the family says which struct the storage holds.
                let netlink: &libc::sockaddr_nl = unsafe { &*(&raw const self.storage).cast() };
                let numbers = [netlink.nl_pid, netlink.nl_groups].map(|it| make_int(i128::from(it), thread));
                Ok(Tuple::new(numbers.to_vec(), thread)?.into_object())
            }
            family => {
                let rest = self.bytes().get(2..).unwrap_or_default().to_vec();
                let family = make_int(i128::from(family), thread);
                let rest = Bytes::try_from_slice(&rest, thread)?.into_object();
                Ok(Tuple::new(vec![family, rest], thread)?.into_object())
            }
        }
    }

    /// The address that an argument means for a socket of a family; `function` is who complains.
    pub fn read(family: i32, value: &Object, function: &str, thread: &mut Thread) -> PyResult<Address> {
        match family {
            libc::AF_UNIX => local(value, thread),
            libc::AF_INET => {
                let items = tuple_of(value, "AF_INET", function, thread)?;
                let [host, port] = items.items() else {
                    return Err(raise!(thread, TypeError, "AF_INET address must be a pair (host, port)"));
                };
                let host = host_text(host, thread)?;
                let port = port_number(port, function, thread)?;
                let mut address = resolve(&host, libc::AF_INET, thread)?;
                address.set_port(port);
                Ok(address)
            }
            libc::AF_INET6 => internet6(value, function, thread),
            libc::AF_NETLINK => {
                let items = tuple_of(value, "AF_NETLINK", function, thread)?;
                let [pid, groups] = items.items() else {
                    return Err(raise!(thread, TypeError, "AF_NETLINK address must be a pair (pid, groups)"));
                };
                let mut netlink: libc::sockaddr_nl = Zeroed::zeroed();
                netlink.nl_family = libc::AF_NETLINK as libc::sa_family_t;
                netlink.nl_pid = protocol::index(pid, thread)?.signed().wrapping_u64() as u32;
                netlink.nl_groups = protocol::index(groups, thread)?.signed().wrapping_u64() as u32;
                Ok(Address::of(netlink, size_of::<libc::sockaddr_nl>()))
            }
            _ => Err(raise!(thread, OSError, "{function}(): bad family")),
        }
    }

    pub fn set_port(&mut self, port: u16) {
        let port = port.to_be();
        match self.family() {
            // SAFETY: the family says which struct the storage holds.
            libc::AF_INET => unsafe { (*(&raw mut self.storage).cast::<libc::sockaddr_in>()).sin_port = port },
            // SAFETY: as above.
            libc::AF_INET6 => unsafe { (*(&raw mut self.storage).cast::<libc::sockaddr_in6>()).sin6_port = port },
            _ => {}
        }
    }

    pub fn set_scope(&mut self, flow: u32, scope: u32) {
        if self.family() == libc::AF_INET6 {
            // SAFETY: the family says which struct the storage holds.
            let inet = unsafe { &mut *(&raw mut self.storage).cast::<libc::sockaddr_in6>() };
            inet.sin6_flowinfo = flow.to_be();
            inet.sin6_scope_id = scope;
        }
    }
}

fn tuple_of<'a>(value: &'a Object, family: &str, function: &str, thread: &mut Thread) -> PyResult<&'a Tuple> {
    value.downcast::<Tuple>().ok_or_else(|| {
        let found = value.class().short_name();
        raise!(thread, TypeError, "{function}(): {family} address must be tuple, not {found}")
    })
}

fn port_number(port: &Object, function: &str, thread: &mut Thread) -> PyResult<u16> {
    let port = protocol::index(port, thread)?;
    match port.to_i128().and_then(|it| u16::try_from(it).ok()) {
        Some(port) => Ok(port),
        None => Err(raise!(thread, OverflowError, "{function}(): port must be 0-65535.")),
    }
}

fn internet6(value: &Object, function: &str, thread: &mut Thread) -> PyResult<Address> {
    let items = tuple_of(value, "AF_INET6", function, thread)?;
    let (host, port, rest) = match items.items() {
        [host, port, rest @ ..] if rest.len() <= 2 => (host, port, rest),
        _ => {
            let words = "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])";
            return Err(raise!(thread, TypeError, "{words}"));
        }
    };
    let host = host_text(host, thread)?;
    let port = port_number(port, function, thread)?;
    let mut numbers = [0, 0];
    for (number, item) in numbers.iter_mut().zip(rest) {
        *number = u32::from_argument_value(item, thread)?;
    }
    if numbers[0] > 0xf_ffff {
        return Err(raise!(thread, OverflowError, "{function}(): flowinfo must be 0-1048575."));
    }
    let mut address = resolve(&host, libc::AF_INET6, thread)?;
    address.set_port(port);
    address.set_scope(numbers[0], numbers[1]);
    Ok(address)
}

/// Ints that stand inside an address.
trait FromItem: Sized {
    fn from_argument_value(value: &Object, thread: &mut Thread) -> PyResult<Self>;
}

impl FromItem for u32 {
    fn from_argument_value(value: &Object, thread: &mut Thread) -> PyResult<u32> {
        Ok(protocol::index(value, thread)?.signed().wrapping_u64() as u32)
    }
}

fn local(value: &Object, thread: &mut Thread) -> PyResult<Address> {
    let bytes = match value.downcast::<Str>() {
        Some(text) => path::encode(text, thread)?,
        None => BytesLike::of(value, thread)?.as_slice(thread).try_to_vec().or_memory_error(thread)?,
    };
    // A path needs a zero at its end, a name of Linux's own kind does not.
    let is_path = bytes.first().is_some_and(|it| *it != 0);
    if bytes.len() + usize::from(is_path) > PATH_ROOM {
        return Err(raise!(thread, OSError, "AF_UNIX path too long"));
    }
    let mut address: libc::sockaddr_un = Zeroed::zeroed();
    address.sun_family = libc::AF_UNIX as libc::sa_family_t;
    for (place, byte) in address.sun_path.iter_mut().zip(&bytes) {
        *place = *byte as libc::c_char;
    }
    Ok(Address::of(address, PATH_OFFSET + bytes.len() + usize::from(is_path)))
}

/// The name of a host: text in IDNA, or bytes.
pub fn host_text(value: &Object, thread: &mut Thread) -> PyResult<CString> {
    let bytes = match value.downcast::<Str>() {
        Some(text) => match text.view().as_ascii() {
            Some(bytes) => bytes.to_vec(),
            None => {
                let encoded = codec_registry::encode_text(text, "idna", None, thread)?;
                BytesLike::of(&encoded, thread)?.as_slice(thread).try_to_vec().or_memory_error(thread)?
            }
        },
        None if value.class().short_name() == "bytes" || value.class().short_name() == "bytearray" => {
            BytesLike::of(value, thread)?.as_slice(thread).try_to_vec().or_memory_error(thread)?
        }
        None => {
            let found = value.class().short_name();
            return Err(raise!(thread, TypeError, "str, bytes or bytearray expected, not {found}"));
        }
    };
    CString::new(bytes).map_err(|_| raise!(thread, TypeError, "host name must not contain null character"))
}

/// What the resolver gave.
pub struct Found(*mut libc::addrinfo);

impl Drop for Found {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: the resolver's list, freed once.
            unsafe { libc::freeaddrinfo(self.0) };
        }
    }
}

impl Found {
    /// Asks the resolver, without the lock.
    pub fn ask(
        host: Option<&CStr>,
        service: Option<&CStr>,
        hints: &libc::addrinfo,
        thread: &mut Thread,
    ) -> PyResult<Found> {
        let pointer = |text: Option<&CStr>| text.map_or(std::ptr::null(), CStr::as_ptr);
        let (host, service) = (pointer(host), pointer(service));
        let mut found = Found(std::ptr::null_mut());
        let (code, number) = thread.without_lock(|| {
            // SAFETY: strings or null, hints, and a place for the list.
            let code = unsafe { libc::getaddrinfo(host, service, hints, &mut found.0) };
            (code, call::last_error())
        });
        if code == 0 { Ok(found) } else { Err(raise_resolver(code, number, thread)) }
    }

    pub fn entries(&self) -> impl Iterator<Item = &libc::addrinfo> {
        // SAFETY: the list and what it points at live until it is freed.
        std::iter::successors(unsafe { self.0.as_ref() }, |it| unsafe { it.ai_next.as_ref() })
    }
}

/// The address of an entry.
pub fn entry_address(entry: &libc::addrinfo) -> Address {
    let mut address = Address { storage: Zeroed::zeroed(), length: entry.ai_addrlen };
    let length = (entry.ai_addrlen as usize).min(size_of::<libc::sockaddr_storage>());
    // SAFETY: an entry's address has so many bytes, and the storage room for them.
    unsafe { std::ptr::copy_nonoverlapping(entry.ai_addr.cast::<u8>(), (&raw mut address.storage).cast(), length) };
    address
}

fn hints(family: i32, kind: i32, flags: i32) -> libc::addrinfo {
    let mut hints: libc::addrinfo = Zeroed::zeroed();
    hints.ai_family = family;
    hints.ai_socktype = kind;
    hints.ai_flags = flags;
    hints
}

/// The first address of a host in a family; an empty name is any address, `<broadcast>` all hosts.
pub fn resolve(host: &CStr, family: i32, thread: &mut Thread) -> PyResult<Address> {
    let name = host.to_bytes();
    let internet = |bytes: [u8; 4]| {
        let mut inet: libc::sockaddr_in = Zeroed::zeroed();
        inet.sin_family = libc::AF_INET as libc::sa_family_t;
        inet.sin_addr.s_addr = u32::from_ne_bytes(bytes);
        Address::of(inet, size_of::<libc::sockaddr_in>())
    };
    if name == b"<broadcast>" || name == b"255.255.255.255" {
        if family == libc::AF_INET6 {
            return Err(raise!(thread, OSError, "address family mismatched"));
        }
        return Ok(internet([255; 4]));
    }
    let text = std::str::from_utf8(name).unwrap_or_default();
    if family != libc::AF_INET6
        && let Ok(address) = text.parse::<std::net::Ipv4Addr>()
    {
        return Ok(internet(address.octets()));
    }
    let found = if name.is_empty() {
        Found::ask(None, Some(c"0"), &hints(family, libc::SOCK_DGRAM, libc::AI_PASSIVE), thread)?
    } else {
        Found::ask(Some(host), None, &hints(family, 0, 0), thread)?
    };
    let mut entries = found.entries();
    match (entries.next(), entries.next()) {
        (Some(_), Some(_)) if name.is_empty() => Err(raise!(thread, OSError, "wildcard resolved to multiple address")),
        (Some(entry), _) => Ok(entry_address(entry)),
        (None, _) => Err(raise_resolver(libc::EAI_NONAME, 0, thread)),
    }
}

/// The numbers of an address as text.
pub fn numeric_host(address: &Address, thread: &mut Thread) -> PyResult<Py<Str>> {
    let mut text = [0 as libc::c_char; libc::NI_MAXHOST as usize];
    // SAFETY: an address of its length, and room for text of the given length.
    let code = unsafe {
        libc::getnameinfo(
            address.pointer(),
            address.length,
            text.as_mut_ptr(),
            libc::NI_MAXHOST,
            std::ptr::null_mut(),
            0,
            libc::NI_NUMERICHOST,
        )
    };
    if code != 0 {
        return Err(raise_resolver(code, call::last_error(), thread));
    }
    // SAFETY: the call has written a string.
    let text = unsafe { CStr::from_ptr(text.as_ptr()) }.to_string_lossy().into_owned();
    // The scope is a number of its own in an address.
    let host = text.split('%').next().unwrap_or_default();
    Ok(Str::from_str(host, thread))
}
