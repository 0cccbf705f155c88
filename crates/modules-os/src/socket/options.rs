//! Methods of `socket` about its options, timeout and way of blocking.

use builtins::bytes::Bytes;
use macros::python_methods;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::protocol::buffer::BytesLike;
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use system::call;
use system::clock::{self, Rounding};

use super::exchange::start_and_length;
use super::object::Socket;

impl Socket {
    pub(super) fn make_blocking(&self, blocking: bool, thread: &mut Thread) -> PyResult<()> {
        let descriptor = self.descriptor.get();
        let mut flag = i32::from(!blocking);
        // SAFETY: a descriptor and an int to read.
        call::checked(|| unsafe { libc::ioctl(descriptor, libc::FIONBIO, &mut flag) }, thread).map(drop)
    }

    pub(super) fn option(&self, level: i32, name: i32, thread: &mut Thread) -> PyResult<i32> {
        option_of(self.descriptor.get(), level, name).map_err(|it| call::raise(it, None, thread))
    }
}

#[python_methods(METHODS)]
impl Socket {
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
    pub(super) fn gettimeout(&self, thread: &mut Thread) -> Option<Py<Float>> {
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
}

/// An option whose value is an int; or the error number.
pub(super) fn option_of(descriptor: i32, level: i32, name: i32) -> Result<i32, i32> {
    let mut value = 0i32;
    let mut length = size_of::<i32>() as libc::socklen_t;
    // SAFETY: room for an int, and its size.
    let status = unsafe { libc::getsockopt(descriptor, level, name, (&raw mut value).cast(), &mut length) };
    if status < 0 { Err(call::last_error()) } else { Ok(value) }
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
