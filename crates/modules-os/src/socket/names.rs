//! The resolver and other tables of names: what host, service, protocol and interface names mean.
//!
//! Part of module `_socket`.

use std::ffi::{CStr, CString};

use macros::python_module;
use objects::audit;
use objects::errors::PyResult;
use objects::int::Int;
use objects::list::List;
use objects::protocol::buffer::bytes_contents;
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::str::arguments::TextName;
use objects::thread::Thread;
use objects::tuple::Tuple;
use system::call;
use system::path::{self, SystemText};
use system::zeroed::Zeroed;

use super::address::{Address, Found, entry_address, host_text, numeric_host, raise_resolver, resolve};

/// The functions of this file.
pub struct Names;

/// Text from the C library.
fn text_of(pointer: *const libc::c_char, thread: &mut Thread) -> PyResult<Py<Object>> {
    // SAFETY: a string of the C library that stays until its next call; the lock is held meanwhile.
    path::decode(unsafe { CStr::from_ptr(pointer) }.to_bytes(), thread).map(Py::into_object)
}

fn c_string(text: &TextName) -> CString {
    // The argument has been found to have no zeros.
    CString::new(text.0.as_str()).unwrap_or_default()
}

fn port_of(port: i32, function: &str, thread: &mut Thread) -> PyResult<u16> {
    u16::try_from(port).map_err(|_| raise!(thread, OverflowError, "{function}: port must be 0-65535."))
}

/// The service argument of `getaddrinfo`: a number or a name.
fn service_text(port: &Object, thread: &mut Thread) -> PyResult<Option<CString>> {
    let bytes = if port.is_none() {
        return Ok(None);
    } else if port.downcast::<Int>().is_some() {
        protocol::str(port, thread)?.to_string_lossy().into_bytes()
    } else if let Some(text) = port.downcast::<Str>() {
        text.utf8(thread)?.to_vec()
    } else if let Some(bytes) = bytes_contents(port) {
        bytes.to_vec()
    } else {
        return Err(raise!(thread, OSError, "Int or String expected"));
    };
    match CString::new(bytes) {
        Ok(text) => Ok(Some(text)),
        Err(_) => Err(raise_resolver(libc::EAI_SERVICE, 0, thread)),
    }
}

/// The host argument of `getaddrinfo`.
fn host_or_none(host: &Object, thread: &mut Thread) -> PyResult<Option<CString>> {
    if host.is_none() {
        return Ok(None);
    }
    if host.downcast::<Str>().is_none() && bytes_contents(host).is_none() {
        return Err(raise!(thread, TypeError, "getaddrinfo() argument 1 must be string or None"));
    }
    host_text(host, thread).map(Some)
}

/// `(name, aliases, addresses)`. The resolver that knows of address families doesn't tell aliases, so there are none.
fn host_entry(name: Py<Object>, addresses: Vec<Py<Object>>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let aliases = List::empty(thread);
    let addresses = List::new(addresses, thread)?;
    Tuple::new(vec![name, aliases.into_object(), addresses.into_object()], thread)
}

/// The name of an address, by the resolver.
fn name_of(address: &Address, flags: i32, thread: &mut Thread) -> PyResult<(Py<Object>, Py<Object>)> {
    let mut host = [0 as libc::c_char; libc::NI_MAXHOST as usize];
    let mut service = [0 as libc::c_char; 32];
    let (code, number) = thread.without_lock(|| {
        // SAFETY: an address of its length, and room for two texts of the given lengths.
        let code = unsafe {
            let (host, service) = (host.as_mut_ptr(), service.as_mut_ptr());
            libc::getnameinfo(address.pointer(), address.length, host, libc::NI_MAXHOST, service, 32, flags)
        };
        (code, call::last_error())
    });
    if code != 0 {
        return Err(raise_resolver(code, number, thread));
    }
    Ok((text_of(host.as_ptr(), thread)?, text_of(service.as_ptr(), thread)?))
}

#[python_module(name = "_socket")]
impl Names {
    /// getaddrinfo(host, port [, family, type, proto, flags])
    ///     -> list of (family, type, proto, canonname, sockaddr)
    ///
    /// Resolve host and port into addrinfo struct.
    #[function]
    #[signature("(host, port, family=0, type=0, proto=0, flags=0)")]
    fn getaddrinfo(
        host: &Object,
        port: &Object,
        family: i32,
        kind: i32,
        proto: i32,
        flags: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<List>> {
        let name = host_or_none(host, thread)?;
        let service = service_text(port, thread)?;
        audit!(thread, "socket.getaddrinfo", host, port, family, kind, proto)?;
        let mut hints: libc::addrinfo = Zeroed::zeroed();
        hints.ai_family = family;
        hints.ai_socktype = kind;
        hints.ai_protocol = proto;
        hints.ai_flags = flags;
        let found = Found::ask(name.as_deref(), service.as_deref(), &hints, thread)?;
        let list = List::empty(thread);
        for entry in found.entries() {
            let address = entry_address(entry).to_object(thread)?;
            let numbers = [entry.ai_family, entry.ai_socktype, entry.ai_protocol];
            let mut items: Vec<_> = numbers.map(|it| make_int(i128::from(it), thread)).to_vec();
            items.push(if entry.ai_canonname.is_null() {
                Str::empty().into_object()
            } else {
                text_of(entry.ai_canonname, thread)?
            });
            items.push(address);
            let item = Tuple::new(items, thread)?;
            list.push(item.into_object(), thread)?;
        }
        Ok(list)
    }

    /// getnameinfo(sockaddr, flags) --> (host, port)
    ///
    /// Get host and port for a sockaddr.
    #[function]
    #[signature("(sockaddr, flags, /)")]
    fn getnameinfo(sockaddr: &Object, flags: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let Some(items) = sockaddr.downcast::<Tuple>() else {
            return Err(raise!(thread, TypeError, "getnameinfo() argument 1 must be a tuple"));
        };
        let illegal = "getnameinfo(): illegal sockaddr argument";
        let (host, port, rest) = match items.items() {
            [host, port, rest @ ..] if rest.len() <= 2 => (host, port, rest),
            _ => return Err(raise!(thread, TypeError, "{illegal}")),
        };
        if host.downcast::<Str>().is_none() {
            return Err(raise!(thread, TypeError, "{illegal}"));
        }
        let host = host_text(host, thread)?;
        let port = protocol::index_as_isize(port, thread)?;
        let mut numbers = [0u32; 2];
        for (number, item) in numbers.iter_mut().zip(rest) {
            *number = protocol::index(item, thread)?.signed().wrapping_u64() as u32;
        }
        if numbers[0] > 0xf_ffff {
            return Err(raise!(thread, OverflowError, "getnameinfo(): flowinfo must be 0-1048575."));
        }
        thread.audit("socket.getnameinfo", &[sockaddr])?;
        let service = CString::new(port.to_string()).unwrap_or_default();
        let mut hints: libc::addrinfo = Zeroed::zeroed();
        hints.ai_family = libc::AF_UNSPEC;
        hints.ai_socktype = libc::SOCK_DGRAM;
        hints.ai_flags = libc::AI_NUMERICHOST;
        let found = Found::ask(Some(&host), Some(&service), &hints, thread)?;
        let mut entries = found.entries();
        let (Some(entry), None) = (entries.next(), entries.next()) else {
            return Err(raise!(thread, OSError, "sockaddr resolved to multiple addresses"));
        };
        let mut address = entry_address(entry);
        if address.inet().is_some() && !rest.is_empty() {
            return Err(raise!(thread, OSError, "IPv4 sockaddr must be 2 tuple"));
        }
        address.set_scope(numbers[0], numbers[1]);
        let (host, service) = name_of(&address, flags, thread)?;
        Tuple::new(vec![host, service], thread)
    }

    /// gethostbyname(host) -> address
    ///
    /// Return the IP address (a string of the form '255.255.255.255') for a host.
    #[function]
    #[signature("(host, /)")]
    fn gethostbyname(host: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
        let name = host_text(host, thread)?;
        thread.audit("socket.gethostbyname", &[host])?;
        let address = resolve(&name, libc::AF_INET, thread)?;
        numeric_host(&address, thread)
    }

    /// gethostbyname_ex(host) -> (name, aliaslist, addresslist)
    ///
    /// Return the true host name, a list of aliases, and a list of IP addresses,
    /// for a host.  The host argument is a string giving a host name or IP number.
    #[function]
    #[signature("(host, /)")]
    fn gethostbyname_ex(host: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let name = host_text(host, thread)?;
        thread.audit("socket.gethostbyname", &[host])?;
        let mut hints: libc::addrinfo = Zeroed::zeroed();
        hints.ai_family = libc::AF_INET;
        hints.ai_socktype = libc::SOCK_STREAM;
        hints.ai_flags = libc::AI_CANONNAME;
        let found = Found::ask(Some(&name), None, &hints, thread)?;
        let mut addresses = Vec::new();
        let mut canonical = None;
        for entry in found.entries() {
            if !entry.ai_canonname.is_null() && canonical.is_none() {
                canonical = Some(text_of(entry.ai_canonname, thread)?);
            }
            addresses.push(numeric_host(&entry_address(entry), thread)?.into_object());
        }
        let canonical = match canonical {
            Some(name) => name,
            None => text_of(name.as_ptr(), thread)?,
        };
        host_entry(canonical, addresses, thread)
    }

    /// gethostbyaddr(host) -> (name, aliaslist, addresslist)
    ///
    /// Return the true host name, a list of aliases, and a list of IP addresses,
    /// for a host.  The host argument is a string giving a host name or IP number.
    #[function]
    #[signature("(host, /)")]
    fn gethostbyaddr(host: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let name = host_text(host, thread)?;
        thread.audit("socket.gethostbyaddr", &[host])?;
        let address = resolve(&name, libc::AF_UNSPEC, thread)?;
        let (name, _) = name_of(&address, libc::NI_NAMEREQD, thread)?;
        let address = numeric_host(&address, thread)?;
        host_entry(name, vec![address.into_object()], thread)
    }

    /// gethostname($self, /)
    /// --
    ///
    /// gethostname() -> string
    ///
    /// Return the current host name.
    #[function]
    fn gethostname(thread: &mut Thread) -> PyResult<Py<Object>> {
        thread.audit("socket.gethostname", &[])?;
        let mut name = [0 as libc::c_char; 1024];
        // SAFETY: room for all but the last zero.
        call::checked(|| unsafe { libc::gethostname(name.as_mut_ptr(), name.len() - 1) }, thread)?;
        text_of(name.as_ptr(), thread)
    }

    /// sethostname(name)
    ///
    /// Sets the hostname to name.
    #[function]
    #[signature("(name, /)")]
    fn sethostname(name: SystemText, thread: &mut Thread) -> PyResult<()> {
        if thread.is_audited() {
            let told = thread.make_bytes(name.0.as_bytes())?;
            thread.audit("socket.sethostname", &[&told])?;
        }
        let bytes = name.0.as_bytes();
        // SAFETY: bytes of the given length.
        call::checked(|| unsafe { libc::sethostname(bytes.as_ptr().cast(), bytes.len()) }, thread).map(drop)
    }

    /// getservbyname(servicename[, protocolname]) -> integer
    ///
    /// Return a port number from a service name and protocol name.
    /// The optional protocol name, if given, should be 'tcp' or 'udp',
    /// otherwise any protocol will match.
    #[function]
    #[signature("(servicename, protocolname=None, /)")]
    fn getservbyname(servicename: TextName, protocolname: Option<TextName>, thread: &mut Thread) -> PyResult<i32> {
        audit!(thread, "socket.getservbyname", servicename.0.as_str(), protocolname.as_ref().map(|it| it.0.as_str()))?;
        let (name, protocol) = (c_string(&servicename), protocolname.as_ref().map(c_string));
        let protocol = protocol.as_deref().map_or(std::ptr::null(), CStr::as_ptr);
        // SAFETY: strings; the entry stays until the next call, and the lock is held meanwhile.
        match unsafe { libc::getservbyname(name.as_ptr(), protocol).as_ref() } {
            Some(entry) => Ok(i32::from(u16::from_be(entry.s_port as u16))),
            None => Err(raise!(thread, OSError, "service/proto not found")),
        }
    }

    /// getservbyport(port[, protocolname]) -> string
    ///
    /// Return the service name from a port number and protocol name.
    /// The optional protocol name, if given, should be 'tcp' or 'udp',
    /// otherwise any protocol will match.
    #[function]
    #[signature("(port, protocolname=None, /)")]
    fn getservbyport(port: i32, protocolname: Option<TextName>, thread: &mut Thread) -> PyResult<Py<Object>> {
        audit!(thread, "socket.getservbyport", port, protocolname.as_ref().map(|it| it.0.as_str()))?;
        let port = port_of(port, "getservbyport", thread)?;
        let protocol = protocolname.as_ref().map(c_string);
        let protocol = protocol.as_deref().map_or(std::ptr::null(), CStr::as_ptr);
        // SAFETY: a string or null; the entry stays until the next call, and the lock is held meanwhile.
        match unsafe { libc::getservbyport(i32::from(port.to_be()), protocol).as_ref() } {
            Some(entry) => text_of(entry.s_name, thread),
            None => Err(raise!(thread, OSError, "port/proto not found")),
        }
    }

    /// getprotobyname(name) -> integer
    ///
    /// Return the protocol number for the named protocol.  (Rarely used.)
    #[function]
    #[signature("(name, /)")]
    fn getprotobyname(name: TextName, thread: &mut Thread) -> PyResult<i32> {
        let name = c_string(&name);
        // SAFETY: a string; the entry stays until the next call, and the lock is held meanwhile.
        match unsafe { libc::getprotobyname(name.as_ptr()).as_ref() } {
            Some(entry) => Ok(entry.p_proto),
            None => Err(raise!(thread, OSError, "protocol not found")),
        }
    }

    /// if_nameindex($self, /)
    /// --
    ///
    /// if_nameindex()
    ///
    /// Returns a list of network interface information (index, name) tuples.
    #[function]
    fn if_nameindex(thread: &mut Thread) -> PyResult<Py<List>> {
        // SAFETY: no arguments.
        let table = unsafe { libc::if_nameindex() };
        if table.is_null() {
            return Err(call::raise_last(thread));
        }
        let mut entries = Vec::new();
        // SAFETY: the table ends at an entry of zeros, and is freed once.
        unsafe {
            let mut entry = table;
            while (*entry).if_index != 0 && !(*entry).if_name.is_null() {
                entries.push(((*entry).if_index, CStr::from_ptr((*entry).if_name).to_bytes().to_vec()));
                entry = entry.add(1);
            }
            libc::if_freenameindex(table);
        }
        let list = List::empty(thread);
        for (index, name) in entries {
            let index = make_int(i128::from(index), thread);
            let name = path::decode(&name, thread)?.into_object();
            let pair = Tuple::new(vec![index, name], thread)?;
            list.push(pair.into_object(), thread)?;
        }
        Ok(list)
    }

    /// if_nametoindex($module, oname, /)
    /// --
    ///
    /// Returns the interface index corresponding to the interface name if_name.
    #[function]
    fn if_nametoindex(oname: SystemText, thread: &mut Thread) -> PyResult<u32> {
        // SAFETY: a string.
        match unsafe { libc::if_nametoindex(oname.0.as_ptr()) } {
            0 => Err(call::raise_last(thread)),
            index => Ok(index),
        }
    }

    /// if_indextoname($module, if_index, /)
    /// --
    ///
    /// Returns the interface name corresponding to the interface index if_index.
    #[function]
    fn if_indextoname(if_index: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let index = protocol::index(if_index, thread)?;
        if index.is_negative() {
            return Err(raise!(thread, ValueError, "Cannot convert negative int"));
        }
        let Some(index) = index.to_i128().and_then(|it| u32::try_from(it).ok()) else {
            return Err(raise!(thread, OverflowError, "index is too large"));
        };
        let mut name = [0 as libc::c_char; libc::IF_NAMESIZE];
        // SAFETY: room for a name.
        if unsafe { libc::if_indextoname(index, name.as_mut_ptr()) }.is_null() {
            return Err(call::raise_last(thread));
        }
        text_of(name.as_ptr(), thread)
    }
}
