//! Users and groups of the process.

use macros::python_module;
use objects::errors::{PyResult, TypeError};
use objects::list::List;
use objects::method::{FromArgument, Position};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use system::call;
use system::path::SystemText;

/// The most groups that the system lets a process be in (`NGROUPS_MAX`).
const MOST_GROUPS: usize = 65536;

/// A user's number; −1 means "unchanged" to the system.
#[derive(Clone, Copy)]
pub struct UserId(pub u32);

/// A group's number.
#[derive(Clone, Copy)]
pub struct GroupId(pub u32);

/// A number of 32 bits, or −1.
fn identifier(value: &Object, what: &str, thread: &mut Thread) -> PyResult<u32> {
    let int = protocol::index(value, thread);
    let Some(int) = thread.suppress(int, TypeError)? else {
        let class = value.class().short_name();
        return Err(raise!(thread, TypeError, "{what} should be integer, not {class}"));
    };
    match int.to_i128() {
        Some(-1) => Ok(u32::MAX),
        Some(number @ 0..) if u32::try_from(number).is_ok() => Ok(number as u32),
        _ if int.is_negative() => Err(raise!(thread, OverflowError, "{what} is less than minimum")),
        _ => Err(raise!(thread, OverflowError, "{what} is greater than maximum")),
    }
}

impl UserId {
    /// The user that an object names.
    pub fn of(value: &Object, thread: &mut Thread) -> PyResult<Self> {
        identifier(value, "uid", thread).map(Self)
    }
}

impl FromArgument<'_> for UserId {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        identifier(value, "uid", thread).map(Self)
    }
}

impl GroupId {
    /// The group that an object names.
    pub fn of(value: &Object, thread: &mut Thread) -> PyResult<Self> {
        identifier(value, "gid", thread).map(Self)
    }
}

impl FromArgument<'_> for GroupId {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        identifier(value, "gid", thread).map(Self)
    }
}

/// A user's or group's number as Python shows it: the number that means "none" is −1.
pub fn identifier_object(number: u32, thread: &mut Thread) -> Py<Object> {
    let number = if number == u32::MAX { -1 } else { i128::from(number) };
    protocol::make_int(number, thread)
}

fn identifiers(numbers: &[u32], thread: &mut Thread) -> PyResult<Py<List>> {
    let items = numbers.iter().map(|it| identifier_object(*it, thread)).collect();
    List::new(items, thread)
}

/// The groups that a sequence lists.
pub fn group_list(groups: &Object, function: &str, thread: &mut Thread) -> PyResult<Vec<u32>> {
    if !protocol::is_sequence(groups) {
        return Err(raise!(thread, TypeError, "{function} argument must be a sequence"));
    }
    let items = protocol::collect(groups, thread)?;
    if items.len() > MOST_GROUPS {
        return Err(raise!(thread, ValueError, "too many groups"));
    }
    let mut numbers = Vec::with_capacity(items.len());
    for item in &items {
        if item.downcast::<objects::int::Int>().is_none() {
            return Err(raise!(thread, TypeError, "groups must be integers"));
        }
        numbers.push(identifier(item, "gid", thread)?);
    }
    Ok(numbers)
}

/// Makes a call that changes an identity.
fn change(call: impl FnOnce() -> i32, thread: &mut Thread) -> PyResult<()> {
    call::checked(call, thread).map(drop)
}

/// Three numbers that the system writes.
fn triple(read: impl FnOnce(&mut [u32; 3]) -> i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let mut numbers = [0; 3];
    call::checked(|| read(&mut numbers), thread)?;
    let items = numbers.iter().map(|it| identifier_object(*it, thread)).collect();
    Tuple::new(items, thread)
}

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// getuid($module, /)
    /// --
    ///
    /// Return the current process's user id.
    #[function]
    fn getuid(thread: &mut Thread) -> Py<Object> {
        // SAFETY: no arguments.
        identifier_object(unsafe { libc::getuid() }, thread)
    }

    /// geteuid($module, /)
    /// --
    ///
    /// Return the current process's effective user id.
    #[function]
    fn geteuid(thread: &mut Thread) -> Py<Object> {
        // SAFETY: no arguments.
        identifier_object(unsafe { libc::geteuid() }, thread)
    }

    /// getgid($module, /)
    /// --
    ///
    /// Return the current process's group id.
    #[function]
    fn getgid(thread: &mut Thread) -> Py<Object> {
        // SAFETY: no arguments.
        identifier_object(unsafe { libc::getgid() }, thread)
    }

    /// getegid($module, /)
    /// --
    ///
    /// Return the current process's effective group id.
    #[function]
    fn getegid(thread: &mut Thread) -> Py<Object> {
        // SAFETY: no arguments.
        identifier_object(unsafe { libc::getegid() }, thread)
    }

    /// setuid($module, uid, /)
    /// --
    ///
    /// Set the current process's user id.
    #[function]
    fn setuid(uid: UserId, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: a number.
        change(|| unsafe { libc::setuid(uid.0) }, thread)
    }

    /// seteuid($module, euid, /)
    /// --
    ///
    /// Set the current process's effective user id.
    #[function]
    fn seteuid(euid: UserId, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: a number.
        change(|| unsafe { libc::seteuid(euid.0) }, thread)
    }

    /// setgid($module, gid, /)
    /// --
    ///
    /// Set the current process's group id.
    #[function]
    fn setgid(gid: GroupId, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: a number.
        change(|| unsafe { libc::setgid(gid.0) }, thread)
    }

    /// setegid($module, egid, /)
    /// --
    ///
    /// Set the current process's effective group id.
    #[function]
    fn setegid(egid: GroupId, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: a number.
        change(|| unsafe { libc::setegid(egid.0) }, thread)
    }

    /// setreuid($module, ruid, euid, /)
    /// --
    ///
    /// Set the current process's real and effective user ids.
    #[function]
    fn setreuid(ruid: UserId, euid: UserId, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: numbers.
        change(|| unsafe { libc::setreuid(ruid.0, euid.0) }, thread)
    }

    /// setregid($module, rgid, egid, /)
    /// --
    ///
    /// Set the current process's real and effective group ids.
    #[function]
    fn setregid(rgid: GroupId, egid: GroupId, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: numbers.
        change(|| unsafe { libc::setregid(rgid.0, egid.0) }, thread)
    }

    /// setresuid($module, ruid, euid, suid, /)
    /// --
    ///
    /// Set the current process's real, effective, and saved user ids.
    #[function]
    fn setresuid(ruid: UserId, euid: UserId, suid: UserId, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: numbers.
        change(|| unsafe { libc::setresuid(ruid.0, euid.0, suid.0) }, thread)
    }

    /// setresgid($module, rgid, egid, sgid, /)
    /// --
    ///
    /// Set the current process's real, effective, and saved group ids.
    #[function]
    fn setresgid(rgid: GroupId, egid: GroupId, sgid: GroupId, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: numbers.
        change(|| unsafe { libc::setresgid(rgid.0, egid.0, sgid.0) }, thread)
    }

    /// getresuid($module, /)
    /// --
    ///
    /// Return a tuple of the current process's real, effective, and saved user ids.
    #[function]
    fn getresuid(thread: &mut Thread) -> PyResult<Py<Tuple>> {
        // SAFETY: three locals to write to.
        triple(|[real, effective, saved]| unsafe { libc::getresuid(real, effective, saved) }, thread)
    }

    /// getresgid($module, /)
    /// --
    ///
    /// Return a tuple of the current process's real, effective, and saved group ids.
    #[function]
    fn getresgid(thread: &mut Thread) -> PyResult<Py<Tuple>> {
        // SAFETY: three locals to write to.
        triple(|[real, effective, saved]| unsafe { libc::getresgid(real, effective, saved) }, thread)
    }

    /// getgroups($module, /)
    /// --
    ///
    /// Return list of supplemental group IDs for the process.
    #[function]
    fn getgroups(thread: &mut Thread) -> PyResult<Py<List>> {
        // SAFETY: a size of zero asks for the number.
        let count = call::checked(|| unsafe { libc::getgroups(0, std::ptr::null_mut()) }, thread)?;
        let mut groups = vec![0; count as usize];
        // SAFETY: the buffer has the given size.
        let count = call::checked(|| unsafe { libc::getgroups(count, groups.as_mut_ptr()) }, thread)?;
        identifiers(&groups[..count as usize], thread)
    }

    /// setgroups($module, groups, /)
    /// --
    ///
    /// Set the groups of the current process to list.
    #[function]
    fn setgroups(groups: &Object, thread: &mut Thread) -> PyResult<()> {
        let groups = group_list(groups, "setgroups", thread)?;
        // SAFETY: so many numbers.
        change(|| unsafe { libc::setgroups(groups.len(), groups.as_ptr()) }, thread)
    }

    /// initgroups($module, username, gid, /)
    /// --
    ///
    /// Initialize the group access list.
    ///
    /// Call the system initgroups() to initialize the group access list with
    /// all of the groups of which the specified username is a member, plus the
    /// specified group id.
    #[function]
    fn initgroups(username: SystemText, gid: GroupId, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: a C string.
        change(|| unsafe { libc::initgroups(username.0.as_ptr(), gid.0) }, thread)
    }

    /// getgrouplist($module, user, group, /)
    /// --
    ///
    /// Returns a list of groups to which a user belongs.
    ///
    ///   user
    ///     username to lookup
    ///   group
    ///     base group id of the user
    #[function]
    fn getgrouplist(user: &objects::str::Str, group: GroupId, thread: &mut Thread) -> PyResult<Py<List>> {
        let user = system::path::fsencode(user, thread)?;
        let mut count: i32 = 64;
        loop {
            let mut groups = vec![0; count as usize];
            let room = count;
            // SAFETY: a C string, and a buffer of the given size.
            let status = thread.without_lock(|| unsafe {
                libc::getgrouplist(user.as_ptr(), group.0, groups.as_mut_ptr(), &mut count)
            });
            if status >= 0 {
                return identifiers(&groups[..count as usize], thread);
            }
            // The system tells how much room it needs, or at least not less than before.
            count = count.max(room.saturating_mul(2));
            if count > 1 << 24 {
                return Err(thread.raise_memory_error());
            }
        }
    }
}
