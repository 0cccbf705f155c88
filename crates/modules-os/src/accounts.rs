//! `pwd` and `grp`: the databases of users and groups.

use std::ffi::{CStr, c_char};

use macros::python_module;
use objects::errors::{KeyError, OverflowError, PyResult, Raised};
use objects::list::List;
use objects::module::Module;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::struct_sequence;
use objects::thread::Thread;
use objects::tuple::struct_sequence;
use objects::types::{Instance, TypeDeclaration};
use system::path;
use system::zeroed::Zeroed;

use crate::posix::{GroupId, UserId, identifier_object};

struct_sequence! {
    /// pwd.struct_passwd: Results from getpw*() routines.
    ///
    /// This object may be accessed either as a tuple of
    ///   (pw_name,pw_passwd,pw_uid,pw_gid,pw_gecos,pw_dir,pw_shell)
    /// or via the object attributes as named in the above tuple.
    pub struct User = "pwd.struct_passwd", 7 visible of 7, constructible, HEAPTYPE;
    "pw_name": "user name";
    "pw_passwd": "password";
    "pw_uid": "user id";
    "pw_gid": "group id";
    "pw_gecos": "real name";
    "pw_dir": "home directory";
    "pw_shell": "shell program";
}

struct_sequence! {
    /// grp.struct_group: Results from getgr*() routines.
    ///
    /// This object may be accessed either as a tuple of
    ///   (gr_name,gr_passwd,gr_gid,gr_mem)
    /// or via the object attributes as named in the above tuple.
    ///
    pub struct Group = "grp.struct_group", 4 visible of 4, constructible, HEAPTYPE;
    "gr_name": "group name";
    "gr_passwd": "password";
    "gr_gid": "group id";
    "gr_mem": "group members";
}

/// The types of both modules.
pub const TYPES: &[&TypeDeclaration] = &[User::DECLARATION, Group::DECLARATION];

/// A name of a database entry, None for null.
///
/// # Safety
/// The pointer is null or to a C string.
unsafe fn text(pointer: *const c_char, thread: &mut Thread) -> PyResult<Py<Object>> {
    if pointer.is_null() {
        return Ok(thread.none());
    }
    // SAFETY: passed on to the caller.
    let bytes = unsafe { CStr::from_ptr(pointer) }.to_bytes().to_vec();
    path::decode(&bytes, thread).map(Py::into_object)
}

fn user_object(user: &libc::passwd, thread: &mut Thread) -> PyResult<Py<Object>> {
    // SAFETY: the C library fills in strings that live as long as the buffer.
    let values = unsafe {
        vec![
            text(user.pw_name, thread)?,
            text(user.pw_passwd, thread)?,
            identifier_object(user.pw_uid, thread),
            identifier_object(user.pw_gid, thread),
            text(user.pw_gecos, thread)?,
            text(user.pw_dir, thread)?,
            text(user.pw_shell, thread)?,
        ]
    };
    struct_sequence::make::<User>(values, thread)
}

fn group_object(group: &libc::group, thread: &mut Thread) -> PyResult<Py<Object>> {
    let members = List::empty(thread);
    let mut next = group.gr_mem;
    // SAFETY: a table of C strings that ends in null, or null.
    while !next.is_null() && unsafe { !(*next).is_null() } {
        // SAFETY: as above.
        let member = unsafe { text(*next, thread)? };
        members.push(member, thread)?;
        // SAFETY: the table goes on after an entry that is not null.
        next = unsafe { next.add(1) };
    }
    // SAFETY: the C library fills in strings that live as long as the buffer.
    let values = unsafe {
        vec![
            text(group.gr_name, thread)?,
            text(group.gr_passwd, thread)?,
            identifier_object(group.gr_gid, thread),
            members.into_object(),
        ]
    };
    struct_sequence::make::<Group>(values, thread)
}

/// Calls a function of the C library that writes an entry and its strings into a buffer, which grows as needed: the entry, or None.
fn look_up<T: Zeroed>(
    mut ask: impl FnMut(&mut T, &mut [u8], &mut *mut T) -> i32,
    convert: fn(&T, &mut Thread) -> PyResult<Py<Object>>,
    thread: &mut Thread,
) -> PyResult<Option<Py<Object>>> {
    let mut room = 1024;
    loop {
        let mut buffer = vec![0u8; room];
        let (mut entry, mut found) = (T::zeroed(), std::ptr::null_mut());
        let number = thread.without_lock(|| ask(&mut entry, &mut buffer, &mut found));
        if number == libc::ERANGE && room < 1 << 24 {
            room *= 2;
            continue;
        }
        if found.is_null() {
            return Ok(None);
        }
        return convert(&entry, thread).map(Some);
    }
}

#[cold]
fn raise_not_found(what: &str, thread: &mut Thread) -> Raised {
    let message = Str::from_str(what, thread).into_object();
    thread.raise_with_argument(KeyError, message)
}

pub struct PwdModule;

/// This module provides access to the Unix password database.
/// It is available on all Unix versions.
///
/// Password database entries are reported as 7-tuples containing the following
/// items from the password database (see `<pwd.h>'), in order:
/// pw_name, pw_passwd, pw_uid, pw_gid, pw_gecos, pw_dir, pw_shell.
/// The uid and gid items are integers, all others are strings. An
/// exception is raised if the entry asked for cannot be found.
#[python_module(name = "pwd")]
impl PwdModule {
    /// getpwuid($module, uidobj, /)
    /// --
    ///
    /// Return the password database entry for the given numeric user ID.
    ///
    /// See `help(pwd)` for more on password database entries.
    #[function]
    fn getpwuid(uidobj: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let user = UserId::of(uidobj, thread);
        let Some(user) = thread.suppress(user, OverflowError)? else {
            return Err(raise_not_found("getpwuid(): uid not found", thread));
        };
        // SAFETY: a local, a buffer of the given size, and a pointer to write to.
        let ask = |entry: &mut libc::passwd, buffer: &mut [u8], found: &mut *mut libc::passwd| unsafe {
            libc::getpwuid_r(user.0, entry, buffer.as_mut_ptr().cast(), buffer.len(), found)
        };
        match look_up(ask, user_object, thread)? {
            Some(entry) => Ok(entry),
            None => {
                let number = if user.0 == u32::MAX { -1 } else { i64::from(user.0) };
                Err(raise_not_found(&format!("getpwuid(): uid not found: {number}"), thread))
            }
        }
    }

    /// getpwnam($module, name, /)
    /// --
    ///
    /// Return the password database entry for the given user name.
    ///
    /// See `help(pwd)` for more on password database entries.
    #[function]
    fn getpwnam(name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
        let text = path::fsencode(name, thread)?;
        // SAFETY: a C string, a local, a buffer of the given size, and a pointer to write to.
        let ask = |entry: &mut libc::passwd, buffer: &mut [u8], found: &mut *mut libc::passwd| unsafe {
            libc::getpwnam_r(text.as_ptr(), entry, buffer.as_mut_ptr().cast(), buffer.len(), found)
        };
        match look_up(ask, user_object, thread)? {
            Some(entry) => Ok(entry),
            None => {
                let shown = protocol::repr(name, thread)?.to_string_lossy();
                Err(raise_not_found(&format!("getpwnam(): name not found: {shown}"), thread))
            }
        }
    }

    /// getpwall($module, /)
    /// --
    ///
    /// Return a list of all available password database entries, in arbitrary order.
    ///
    /// See help(pwd) for more on password database entries.
    #[function]
    fn getpwall(thread: &mut Thread) -> PyResult<Py<List>> {
        let list = List::empty(thread);
        // SAFETY: the lock is held from the first entry to the last, and no Python code runs between.
        unsafe { libc::setpwent() };
        let mut outcome = Ok(());
        // SAFETY: as above; an entry lives until the next call.
        while let Some(entry) = unsafe { libc::getpwent().as_ref() } {
            outcome = user_object(entry, thread).and_then(|it| list.push(it, thread));
            if outcome.is_err() {
                break;
            }
        }
        // SAFETY: as above.
        unsafe { libc::endpwent() };
        outcome.map(|()| list)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let class = struct_sequence::prepare::<User>(thread)?;
        module.set("struct_passwd", &class, thread)
    }
}

pub struct GrpModule;

/// Access to the Unix group database.
///
/// Group entries are reported as 4-tuples containing the following fields
/// from the group database, in order:
///
///   name   - name of the group
///   passwd - group password (encrypted); often empty
///   gid    - numeric ID of the group
///   mem    - list of members
///
/// The gid is an integer, name and password are strings.  (Note that most
/// users are not explicitly listed as members of the groups they are in
/// according to the password database.  Check both databases to get
/// complete membership information.)
#[python_module(name = "grp")]
impl GrpModule {
    /// getgrgid($module, /, id)
    /// --
    ///
    /// Return the group database entry for the given numeric group ID.
    ///
    /// If id is not valid, raise KeyError.
    #[function]
    fn getgrgid(id: GroupId, thread: &mut Thread) -> PyResult<Py<Object>> {
        // SAFETY: a local, a buffer of the given size, and a pointer to write to.
        let ask = |entry: &mut libc::group, buffer: &mut [u8], found: &mut *mut libc::group| unsafe {
            libc::getgrgid_r(id.0, entry, buffer.as_mut_ptr().cast(), buffer.len(), found)
        };
        match look_up(ask, group_object, thread)? {
            Some(entry) => Ok(entry),
            None => {
                let number = if id.0 == u32::MAX { -1 } else { i64::from(id.0) };
                Err(raise_not_found(&format!("getgrgid(): gid not found: {number}"), thread))
            }
        }
    }

    /// getgrnam($module, /, name)
    /// --
    ///
    /// Return the group database entry for the given group name.
    ///
    /// If name is not valid, raise KeyError.
    #[function]
    fn getgrnam(name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
        let text = path::fsencode(name, thread)?;
        // SAFETY: a C string, a local, a buffer of the given size, and a pointer to write to.
        let ask = |entry: &mut libc::group, buffer: &mut [u8], found: &mut *mut libc::group| unsafe {
            libc::getgrnam_r(text.as_ptr(), entry, buffer.as_mut_ptr().cast(), buffer.len(), found)
        };
        match look_up(ask, group_object, thread)? {
            Some(entry) => Ok(entry),
            None => {
                let shown = protocol::repr(name, thread)?.to_string_lossy();
                Err(raise_not_found(&format!("getgrnam(): name not found: {shown}"), thread))
            }
        }
    }

    /// getgrall($module, /)
    /// --
    ///
    /// Return a list of all available group entries, in arbitrary order.
    ///
    /// An entry whose name starts with '+' or '-' represents an instruction
    /// to use YP/NIS and may not be accessible via getgrnam or getgrgid.
    #[function]
    fn getgrall(thread: &mut Thread) -> PyResult<Py<List>> {
        let list = List::empty(thread);
        // SAFETY: the lock is held from the first entry to the last, and no Python code runs between.
        unsafe { libc::setgrent() };
        let mut outcome = Ok(());
        // SAFETY: as above; an entry lives until the next call.
        while let Some(entry) = unsafe { libc::getgrent().as_ref() } {
            outcome = group_object(entry, thread).and_then(|it| list.push(it, thread));
            if outcome.is_err() {
                break;
            }
        }
        // SAFETY: as above.
        unsafe { libc::endgrent() };
        outcome.map(|()| list)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let class = struct_sequence::prepare::<Group>(thread)?;
        module.set("struct_group", &class, thread)
    }
}
