//! `_posixsubprocess`: forks and starts a program in the child, for `subprocess`.
//!
//! Between the fork and the program's start the child is a copy of one thread of a process that may have had many, so it calls the system only, and
//! allocates nothing: all that it needs is made ready in a [`Plan`] before. With a `preexec_fn` all bets are off, as in CPython.

use std::ffi::CString;
use std::fmt::Write as _;

use builtins::bytes::Bytes;
use macros::python_module;
use objects::audit;
use objects::errors::PyResult;
use objects::int::Int;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use system::call;
use system::descriptor::as_c_int;
use system::path;

use crate::posix::{
    GroupId, StringTable, UserId, after_fork_in_child, after_fork_in_parent, before_fork, check_fork_allowed,
};

/// The most groups that the system lets a process be in (`NGROUPS_MAX`).
const MOST_GROUPS: usize = 65536;

/// What the child does.
struct Plan {
    programs: Vec<CString>,
    arguments: StringTable,
    variables: Option<StringTable>,
    close_descriptors: bool,
    /// In order.
    kept_descriptors: Vec<i32>,
    folder: Option<CString>,
    streams: Streams,
    restore_signals: bool,
    new_session: bool,
    process_group: i32,
    groups: Option<Vec<u32>>,
    group: Option<u32>,
    user: Option<u32>,
    file_mode_mask: i32,
}

/// Descriptors: the pipes' ends of the child's standard streams, and of the parent.
struct Streams {
    child_in: i32,
    parent_in: i32,
    parent_out: i32,
    child_out: i32,
    parent_error: i32,
    child_error: i32,
    report_read: i32,
    report_write: i32,
}

/// A step of the child that failed: the error's number, and what `subprocess` is told of the step.
struct Failure(i32, &'static str);

/// Checks what the system returned.
fn check(status: i32, step: &'static str) -> Result<i32, Failure> {
    if status < 0 { Err(Failure(call::last_error(), step)) } else { Ok(status) }
}

/// What `subprocess` is told when something failed that has to do neither with the folder nor with the program.
const BEFORE_EXEC: &str = "noexec";

fn close(descriptor: i32) -> Result<(), Failure> {
    if descriptor < 0 {
        return Ok(());
    }
    // SAFETY: closing a number touches no memory.
    check(unsafe { libc::close(descriptor) }, BEFORE_EXEC).map(drop)
}

fn set_inheritable(descriptor: i32) -> Result<(), Failure> {
    // SAFETY: these calls touch no memory.
    let flags = check(unsafe { libc::fcntl(descriptor, libc::F_GETFD) }, BEFORE_EXEC)?;
    // SAFETY: as above.
    check(unsafe { libc::fcntl(descriptor, libc::F_SETFD, flags & !libc::FD_CLOEXEC) }, BEFORE_EXEC).map(drop)
}

impl Streams {
    /// Makes the pipes' ends the standard streams.
    fn arrange(&self) -> Result<(), Failure> {
        for unused in [self.parent_in, self.parent_out, self.parent_error, self.report_read] {
            close(unused)?;
        }
        let (mut child_out, mut child_error) = (self.child_out, self.child_error);
        // A pipe's end that has a stream's number already must not be overwritten by another.
        if child_out == 0 {
            // SAFETY: duplicating a number touches no memory.
            child_out = check(unsafe { libc::fcntl(child_out, libc::F_DUPFD_CLOEXEC, 3) }, BEFORE_EXEC)?;
        }
        while child_error == 0 || child_error == 1 {
            // SAFETY: as above.
            child_error = check(unsafe { libc::fcntl(child_error, libc::F_DUPFD_CLOEXEC, 3) }, BEFORE_EXEC)?;
        }
        for (end, stream) in [(self.child_in, 0), (child_out, 1), (child_error, 2)] {
            if end == stream {
                set_inheritable(end)?;
            } else if end != -1 {
                // SAFETY: as above.
                check(unsafe { libc::dup2(end, stream) }, BEFORE_EXEC)?;
            }
        }
        Ok(())
    }
}

impl Plan {
    /// Runs in the child until the program starts. What is returned says why it did not.
    fn run(&self, preparation: impl FnOnce() -> Result<(), ChildError>) -> ChildError {
        if let Err(error) = self.prepare() {
            return ChildError::System(error);
        }
        if let Err(error) = preparation() {
            return error;
        }
        if self.close_descriptors {
            self.close_others();
        }
        ChildError::System(self.start_program())
    }

    fn prepare(&self) -> Result<(), Failure> {
        for kept in &self.kept_descriptors {
            // The report's end closes when the program starts, which is how the parent learns of that.
            if *kept != self.streams.report_write {
                set_inheritable(*kept)?;
            }
        }
        self.streams.arrange()?;
        if let Some(folder) = &self.folder {
            // SAFETY: a C string.
            check(unsafe { libc::chdir(folder.as_ptr()) }, "noexec:chdir")?;
        }
        if self.file_mode_mask >= 0 {
            // SAFETY: the call touches no memory.
            unsafe { libc::umask(self.file_mode_mask as libc::mode_t) };
        }
        if self.restore_signals {
            for signal in [libc::SIGPIPE, libc::SIGXFSZ] {
                // SAFETY: the default action needs no function.
                unsafe { libc::signal(signal, libc::SIG_DFL) };
            }
        }
        self.change_identity()
    }

    fn change_identity(&self) -> Result<(), Failure> {
        // SAFETY: these calls take numbers, and a slice with its length.
        unsafe {
            if self.new_session {
                check(libc::setsid(), BEFORE_EXEC)?;
            }
            if self.process_group >= 0 {
                check(libc::setpgid(0, self.process_group), BEFORE_EXEC)?;
            }
            if let Some(groups) = &self.groups {
                check(libc::setgroups(groups.len(), groups.as_ptr()), BEFORE_EXEC)?;
            }
            if let Some(group) = self.group {
                check(libc::setregid(group, group), BEFORE_EXEC)?;
            }
            if let Some(user) = self.user {
                check(libc::setreuid(user, user), BEFORE_EXEC)?;
            }
        }
        Ok(())
    }

    /// Closes what is neither a standard stream nor to be kept.
    fn close_others(&self) {
        let mut first: u32 = 3;
        for kept in &self.kept_descriptors {
            let kept = kept.unsigned_abs();
            if kept > first {
                close_range(first, kept - 1);
            }
            first = first.max(kept.saturating_add(1));
        }
        close_range(first, u32::MAX);
    }

    /// Starts the first program that is there.
    fn start_program(&self) -> Failure {
        let mut found = 0;
        for program in &self.programs {
            // SAFETY: a C string, and tables of such that end in null.
            unsafe {
                match &self.variables {
                    Some(variables) => {
                        libc::execve(program.as_ptr(), self.arguments.as_pointer(), variables.as_pointer())
                    }
                    None => libc::execv(program.as_ptr(), self.arguments.as_pointer()),
                };
            }
            let error = call::last_error();
            if found == 0 && error != libc::ENOENT && error != libc::ENOTDIR {
                found = error;
            }
        }
        Failure(if found == 0 { call::last_error() } else { found }, "")
    }
}

/// Closes the descriptors from `first` to `last`.
fn close_range(first: u32, last: u32) {
    // SAFETY: closing numbers touches no memory.
    if unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) } == 0 {
        return;
    }
    // SAFETY: the call touches no memory.
    let most = unsafe { libc::sysconf(libc::_SC_OPEN_MAX) }.clamp(256, 1 << 20) as u32;
    for descriptor in first..=last.min(most) {
        // SAFETY: as above.
        unsafe { libc::close(descriptor as i32) };
    }
}

/// Why the child does not run a program.
enum ChildError {
    System(Failure),
    /// `preexec_fn` raised.
    Preparation,
}

impl ChildError {
    /// Tells the parent, in the form that `subprocess` reads: `kind:number:step`.
    fn report(&self, descriptor: i32) {
        let mut text = Text::default();
        let written = match self {
            ChildError::System(Failure(number, step)) => write!(text, "OSError:{number:X}:{step}"),
            ChildError::Preparation => write!(text, "SubprocessError:0:Exception occurred in preexec_fn."),
        };
        if written.is_ok() {
            // SAFETY: the bytes of a local.
            unsafe { libc::write(descriptor, text.bytes.as_ptr().cast(), text.length) };
        }
    }
}

/// A short text, without allocation.
struct Text {
    bytes: [u8; 80],
    length: usize,
}

impl Default for Text {
    fn default() -> Self {
        Self { bytes: [0; 80], length: 0 }
    }
}

impl std::fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.length + text.len();
        let place = self.bytes.get_mut(self.length..end).ok_or(std::fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// The bytes objects of a sequence.
fn byte_strings(sequence: &Object, thread: &mut Thread) -> PyResult<Vec<CString>> {
    if !protocol::is_sequence(sequence) {
        let class = sequence.class().short_name();
        return Err(raise!(thread, TypeError, "object of type '{class}' has no len()"));
    }
    let items = protocol::collect(sequence, thread)?;
    let mut strings = Vec::with_capacity(items.len());
    for item in &items {
        let Some(bytes) = item.downcast::<Bytes>() else {
            let class = item.class().short_name();
            return Err(raise!(thread, TypeError, "expected bytes, {class} found"));
        };
        let bytes = bytes.as_slice().to_vec();
        strings.push(CString::new(bytes).map_err(|_| raise!(thread, ValueError, "embedded null byte"))?);
    }
    Ok(strings)
}

fn program_arguments(arguments: &Object, thread: &mut Thread) -> PyResult<StringTable> {
    if !protocol::is_sequence(arguments) {
        return Err(raise!(thread, TypeError, "argv must be a tuple"));
    }
    let items = protocol::collect(arguments, thread)?;
    let mut strings = Vec::with_capacity(items.len());
    for item in &items {
        strings.push(path::fsencode(item, thread)?);
    }
    Ok(StringTable::new(strings))
}

/// The descriptors to be kept: positive, and in order.
fn descriptors(tuple: &Tuple, thread: &mut Thread) -> PyResult<Vec<i32>> {
    let mut numbers: Vec<i32> = Vec::with_capacity(tuple.items().len());
    for item in tuple.items() {
        let number = item.downcast::<Int>().and_then(Int::to_i128).and_then(|it| i32::try_from(it).ok());
        let least = numbers.last().map_or(0, |it| it.saturating_add(1));
        match number {
            Some(number) if number >= least => numbers.push(number),
            _ => return Err(raise!(thread, ValueError, "bad value(s) in fds_to_keep")),
        }
    }
    Ok(numbers)
}

fn extra_groups(groups: &Object, thread: &mut Thread) -> PyResult<Option<Vec<u32>>> {
    if groups.is_none() {
        return Ok(None);
    }
    let Some(list) = groups.downcast::<objects::list::List>() else {
        return Err(raise!(thread, TypeError, "setgroups argument must be a list"));
    };
    let items: Vec<Py<Object>> = protocol::collect(list, thread)?;
    if items.len() > MOST_GROUPS {
        return Err(raise!(thread, ValueError, "too many extra_groups"));
    }
    let mut numbers = Vec::with_capacity(items.len());
    for item in &items {
        if item.downcast::<Int>().is_none() {
            return Err(raise!(thread, TypeError, "extra_groups must be integers"));
        }
        numbers.push(GroupId::of(item, thread)?.0);
    }
    Ok(Some(numbers))
}

pub struct PosixSubprocessModule;

/// A POSIX helper for the subprocess module.
#[python_module(name = "_posixsubprocess")]
#[expect(clippy::too_many_arguments, reason = "the function has as many parameters in Python")]
impl PosixSubprocessModule {
    /// fork_exec($module, args, executable_list, close_fds, pass_fds, cwd,
    ///           env, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite,
    ///           errpipe_read, errpipe_write, restore_signals, call_setsid,
    ///           pgid_to_set, gid, extra_groups, uid, child_umask, preexec_fn,
    ///           /)
    /// --
    ///
    /// Spawn a fresh new child process.
    ///
    /// Fork a child process, close parent file descriptors as appropriate in
    /// the child and duplicate the few that are needed before calling exec() in
    /// the child process.
    ///
    /// If close_fds is True, close file descriptors 3 and higher, except those
    /// listed in the sorted tuple pass_fds.
    ///
    /// The preexec_fn, if supplied, will be called immediately before closing
    /// file descriptors and exec.
    ///
    /// WARNING: preexec_fn is NOT SAFE if your application uses threads.
    ///          It may trigger infrequent, difficult to debug deadlocks.
    ///
    /// If an error occurs in the child process before the exec, it is
    /// serialized and written to the errpipe_write fd per subprocess.py.
    ///
    /// Returns: the child process's PID.
    ///
    /// Raises: Only on an error in the parent process.
    #[function]
    fn fork_exec(
        args: &Object,
        executable_list: &Object,
        close_fds: bool,
        pass_fds: &Tuple,
        cwd: &Object,
        env: &Object,
        p2cread: &Object,
        p2cwrite: &Object,
        c2pread: &Object,
        c2pwrite: &Object,
        errread: &Object,
        errwrite: &Object,
        errpipe_read: &Object,
        errpipe_write: &Object,
        restore_signals: bool,
        call_setsid: bool,
        pgid_to_set: &Object,
        gid: &Object,
        extra_groups: &Object,
        uid: &Object,
        child_umask: &Object,
        preexec_fn: &Object,
        thread: &mut Thread,
    ) -> PyResult<i32> {
        if !preexec_fn.is_none() && !thread.interpreter().is_first() {
            return Err(raise!(thread, RuntimeError, "preexec_fn not supported within subinterpreters"));
        }
        check_fork_allowed(thread)?;
        let streams = Streams {
            child_in: as_c_int(p2cread, thread)?,
            parent_in: as_c_int(p2cwrite, thread)?,
            parent_out: as_c_int(c2pread, thread)?,
            child_out: as_c_int(c2pwrite, thread)?,
            parent_error: as_c_int(errread, thread)?,
            child_error: as_c_int(errwrite, thread)?,
            report_read: as_c_int(errpipe_read, thread)?,
            report_write: as_c_int(errpipe_write, thread)?,
        };
        let (process_group, file_mode_mask) = (as_c_int(pgid_to_set, thread)?, as_c_int(child_umask, thread)?);
        if close_fds && streams.report_write < 3 {
            return Err(raise!(thread, ValueError, "errpipe_write must be >= 3"));
        }
        let plan = Plan {
            kept_descriptors: descriptors(pass_fds, thread)?,
            programs: byte_strings(executable_list, thread)?,
            arguments: program_arguments(args, thread)?,
            variables: if env.is_none() { None } else { Some(StringTable::new(byte_strings(env, thread)?)) },
            close_descriptors: close_fds,
            folder: if cwd.is_none() { None } else { Some(path::fsencode(cwd, thread)?) },
            streams,
            restore_signals,
            new_session: call_setsid,
            process_group,
            groups: self::extra_groups(extra_groups, thread)?,
            group: if gid.is_none() { None } else { Some(GroupId::of(gid, thread)?.0) },
            user: if uid.is_none() { None } else { Some(UserId::of(uid, thread)?.0) },
            file_mode_mask,
        };
        audit!(thread, "_posixsubprocess.fork_exec", executable_list, args, env)?;
        let preparation = if preexec_fn.is_none() { None } else { Some(preexec_fn) };
        fork(&plan, preparation, thread)
    }
}

/// Forks; the child's number.
fn fork(plan: &Plan, preparation: Option<&Object>, thread: &mut Thread) -> PyResult<i32> {
    if preparation.is_some() {
        if thread.interpreter().lock().is_closed() {
            let message = "preexec_fn not supported at interpreter shutdown";
            return Err(raise!(thread, PythonFinalizationError, "{message}"));
        }
        before_fork(thread);
    }
    // SAFETY: the child goes on with this thread alone, and leaves without returning from here.
    let process = unsafe { libc::fork() };
    let number = call::last_error();
    if process == 0 {
        let error = plan.run(|| match preparation {
            Some(function) => {
                after_fork_in_child(thread);
                match protocol::call(function, &[], thread) {
                    Ok(_) => Ok(()),
                    Err(_) => Err(ChildError::Preparation),
                }
            }
            None => Ok(()),
        });
        error.report(plan.streams.report_write);
        // SAFETY: ends the process at once: what the parent has buffered or registered is not the child's to write or run.
        unsafe { libc::_exit(255) };
    }
    if preparation.is_some() {
        after_fork_in_parent(thread);
    }
    if process < 0 {
        return Err(thread.raise_os_error(number, None));
    }
    Ok(process)
}
