//! `posix_spawn`: a new program without a copy of this process.

use std::ffi::CString;

use macros::python_module;
use objects::audit;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use system::descriptor::as_c_int;
use system::path::{self, Path};

use super::exec::{StringTable, arguments, environment, is_mapping};
use super::schedule::SchedParam;
use crate::signal::signal_set;

/// What the child does with its files before the program starts.
struct FileActions {
    actions: libc::posix_spawn_file_actions_t,
    /// Paths that the actions name.
    _paths: Vec<CString>,
}

impl Drop for FileActions {
    fn drop(&mut self) {
        // SAFETY: initialized when it was made.
        unsafe { libc::posix_spawn_file_actions_destroy(&mut self.actions) };
    }
}

const OPEN: i32 = 0;
const CLOSE: i32 = 1;
const DUP2: i32 = 2;
const CLOSE_FROM: i32 = 3;

fn check(number: i32, thread: &mut Thread) -> PyResult<()> {
    if number == 0 { Ok(()) } else { Err(thread.raise_os_error(number, None)) }
}

impl FileActions {
    fn new(list: &Object, thread: &mut Thread) -> PyResult<Option<Self>> {
        if list.is_none() {
            return Ok(None);
        }
        if !protocol::is_sequence(list) {
            return Err(raise!(thread, TypeError, "file_actions must be a sequence or None"));
        }
        let items = protocol::collect(list, thread)?;
        let mut actions = std::mem::MaybeUninit::uninit();
        // SAFETY: a local to write to.
        check(unsafe { libc::posix_spawn_file_actions_init(actions.as_mut_ptr()) }, thread)?;
        // SAFETY: it has just been initialized.
        let mut made = Self { actions: unsafe { actions.assume_init() }, _paths: Vec::new() };
        for item in &items {
            let Some(parts) = item.downcast::<Tuple>().map(Tuple::items).filter(|it| !it.is_empty()) else {
                return Err(raise!(thread, TypeError, "Each file_actions element must be a non-empty tuple"));
            };
            made.add(parts, thread)?;
        }
        Ok(Some(made))
    }

    fn add(&mut self, parts: &[Py<Object>], thread: &mut Thread) -> PyResult<()> {
        let actions = &raw mut self.actions;
        match (as_c_int(&parts[0], thread)?, &parts[1..]) {
            (OPEN, [number, path, flags, mode]) => {
                let (number, path) = (as_c_int(number, thread)?, path::fsencode(path, thread)?);
                let (flags, mode) = (as_c_int(flags, thread)?, as_c_int(mode, thread)? as libc::mode_t);
                // SAFETY: initialized actions and a C string that is kept.
                let status =
                    unsafe { libc::posix_spawn_file_actions_addopen(actions, number, path.as_ptr(), flags, mode) };
                self._paths.push(path);
                check(status, thread)
            }
            (CLOSE, [number]) => {
                let number = as_c_int(number, thread)?;
                // SAFETY: initialized actions.
                check(unsafe { libc::posix_spawn_file_actions_addclose(actions, number) }, thread)
            }
            (DUP2, [number, copy]) => {
                let (number, copy) = (as_c_int(number, thread)?, as_c_int(copy, thread)?);
                // SAFETY: initialized actions.
                check(unsafe { libc::posix_spawn_file_actions_adddup2(actions, number, copy) }, thread)
            }
            (CLOSE_FROM, [number]) => {
                let number = as_c_int(number, thread)?;
                // SAFETY: initialized actions.
                check(unsafe { libc::posix_spawn_file_actions_addclosefrom_np(actions, number) }, thread)
            }
            (OPEN, _) => Err(raise!(thread, TypeError, "A open file_action tuple must have 5 elements")),
            (CLOSE, _) => Err(raise!(thread, TypeError, "A close file_action tuple must have 2 elements")),
            (DUP2, _) => Err(raise!(thread, TypeError, "A dup2 file_action tuple must have 3 elements")),
            (CLOSE_FROM, _) => Err(raise!(thread, TypeError, "A closefrom file_action tuple must have 2 elements")),
            _ => Err(raise!(thread, TypeError, "Unknown file_actions identifier")),
        }
    }
}

/// What else is different about the child.
struct Attributes(libc::posix_spawnattr_t);

impl Drop for Attributes {
    fn drop(&mut self) {
        // SAFETY: initialized when it was made.
        unsafe { libc::posix_spawnattr_destroy(&mut self.0) };
    }
}

/// The keyword arguments about the child.
struct Options<'a> {
    process_group: Option<&'a Object>,
    reset_ids: bool,
    new_session: bool,
    signal_mask: Option<&'a Object>,
    default_signals: Option<&'a Object>,
    scheduler: Option<&'a Object>,
}

impl Attributes {
    fn new(function: &str, options: &Options<'_>, thread: &mut Thread) -> PyResult<Self> {
        let mut attributes = std::mem::MaybeUninit::uninit();
        // SAFETY: a local to write to.
        check(unsafe { libc::posix_spawnattr_init(attributes.as_mut_ptr()) }, thread)?;
        // SAFETY: it has just been initialized.
        let mut made = Self(unsafe { attributes.assume_init() });
        let mut flags = 0;
        if let Some(group) = options.process_group.filter(|it| !it.is_none()) {
            let group = as_c_int(group, thread)?;
            // SAFETY: initialized attributes.
            check(unsafe { libc::posix_spawnattr_setpgroup(&mut made.0, group) }, thread)?;
            flags |= libc::POSIX_SPAWN_SETPGROUP;
        }
        if options.reset_ids {
            flags |= libc::POSIX_SPAWN_RESETIDS;
        }
        if options.new_session {
            flags |= i32::from(libc::POSIX_SPAWN_SETSID);
        }
        if let Some(mask) = options.signal_mask {
            let mask = signal_set(mask, thread)?;
            // SAFETY: initialized attributes and a set.
            check(unsafe { libc::posix_spawnattr_setsigmask(&mut made.0, &mask) }, thread)?;
            flags |= libc::POSIX_SPAWN_SETSIGMASK;
        }
        if let Some(signals) = options.default_signals {
            let signals = signal_set(signals, thread)?;
            // SAFETY: initialized attributes and a set.
            check(unsafe { libc::posix_spawnattr_setsigdefault(&mut made.0, &signals) }, thread)?;
            flags |= libc::POSIX_SPAWN_SETSIGDEF;
        }
        flags |= made.set_scheduler(function, options.scheduler, thread)?;
        // SAFETY: initialized attributes.
        check(unsafe { libc::posix_spawnattr_setflags(&mut made.0, flags as libc::c_short) }, thread)?;
        Ok(made)
    }

    fn set_scheduler(&mut self, function: &str, value: Option<&Object>, thread: &mut Thread) -> PyResult<i32> {
        let Some(value) = value.filter(|it| !it.is_none()) else { return Ok(0) };
        let Some(parts) = value.downcast::<Tuple>() else {
            return Err(raise!(thread, TypeError, "{function}: scheduler must be a tuple or None"));
        };
        let [policy, param] = parts.items() else {
            return Err(raise!(thread, TypeError, "{function}: scheduler must be a tuple of two items"));
        };
        let param = SchedParam::read(param, thread)?;
        let mut flags = libc::POSIX_SPAWN_SETSCHEDPARAM;
        if !policy.is_none() {
            let policy = as_c_int(policy, thread)?;
            // SAFETY: initialized attributes.
            check(unsafe { libc::posix_spawnattr_setschedpolicy(&mut self.0, policy) }, thread)?;
            flags |= libc::POSIX_SPAWN_SETSCHEDULER;
        }
        // SAFETY: initialized attributes and a local.
        check(unsafe { libc::posix_spawnattr_setschedparam(&mut self.0, &param) }, thread)?;
        Ok(flags)
    }
}

fn spawn(
    use_path: bool,
    path: &Path,
    argv: &Object,
    env: &Object,
    file_actions: Option<&Object>,
    options: &Options<'_>,
    thread: &mut Thread,
) -> PyResult<i32> {
    let function = if use_path { "posix_spawnp" } else { "posix_spawn" };
    let arguments = arguments(argv, &format!("{function}: argv"), thread)?;
    if !env.is_none() && !is_mapping(env) {
        return Err(raise!(thread, TypeError, "{function}: environment must be a mapping object or None"));
    }
    audit!(thread, "os.posix_spawn", path.object(), argv, env)?;
    let variables = if env.is_none() { own_environment() } else { environment(env, thread)? };
    let actions = match file_actions {
        Some(list) => FileActions::new(list, thread)?,
        None => None,
    };
    let attributes = Attributes::new(function, options, thread)?;
    let actions = actions.as_ref().map_or(std::ptr::null(), |it| &raw const it.actions);
    let start = if use_path { libc::posix_spawnp } else { libc::posix_spawn };
    let mut process = 0;
    let number = thread.without_lock(|| {
        // SAFETY: a C string, initialized actions and attributes, and tables of C strings that end in null.
        unsafe {
            start(
                &mut process,
                path.name().as_ptr(),
                actions,
                &attributes.0,
                arguments.as_pointer().cast(),
                variables.as_pointer().cast(),
            )
        }
    });
    if number == 0 { Ok(process) } else { Err(path.raise(number, thread)) }
}

/// The variables of this process.
fn own_environment() -> StringTable {
    use std::os::unix::ffi::OsStrExt;
    let lines = std::env::vars_os()
        .filter_map(|(name, value)| CString::new([name.as_bytes(), b"=", value.as_bytes()].concat()).ok());
    StringTable::new(lines.collect())
}

pub struct Part;

#[python_module(name = "posix")]
#[expect(clippy::too_many_arguments, reason = "the functions have as many parameters in Python")]
impl Part {
    /// posix_spawn($module, path, argv, env, /, *, file_actions=(),
    ///             setpgroup=None, resetids=False, setsid=False,
    ///             setsigmask=(), setsigdef=(), scheduler=None)
    /// --
    ///
    /// Execute the program specified by path in a new process.
    ///
    ///   path
    ///     Path of executable file.
    ///   argv
    ///     Tuple or list of strings.
    ///   env
    ///     Dictionary of strings mapping to strings.
    ///   file_actions
    ///     A sequence of file action tuples.
    ///   setpgroup
    ///     The pgroup to use with the POSIX_SPAWN_SETPGROUP flag.
    ///   resetids
    ///     If the value is `true` the POSIX_SPAWN_RESETIDS will be activated.
    ///   setsid
    ///     If the value is `true` the POSIX_SPAWN_SETSID or POSIX_SPAWN_SETSID_NP
    ///     will be activated.
    ///   setsigmask
    ///     The sigmask to use with the POSIX_SPAWN_SETSIGMASK flag.
    ///   setsigdef
    ///     The sigmask to use with the POSIX_SPAWN_SETSIGDEF flag.
    ///   scheduler
    ///     A tuple with the scheduler policy (optional) and parameters.
    #[function]
    fn posix_spawn(
        path: Path,
        argv: &Object,
        env: &Object,
        file_actions: Option<&Object>,
        setpgroup: Option<&Object>,
        #[default(false)] resetids: bool,
        #[default(false)] setsid: bool,
        setsigmask: Option<&Object>,
        setsigdef: Option<&Object>,
        scheduler: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<i32> {
        let options = Options {
            process_group: setpgroup,
            reset_ids: resetids,
            new_session: setsid,
            signal_mask: setsigmask,
            default_signals: setsigdef,
            scheduler,
        };
        spawn(false, &path, argv, env, file_actions, &options, thread)
    }

    /// posix_spawnp($module, path, argv, env, /, *, file_actions=(),
    ///              setpgroup=None, resetids=False, setsid=False,
    ///              setsigmask=(), setsigdef=(), scheduler=None)
    /// --
    ///
    /// Execute the program specified by path in a new process.
    ///
    ///   path
    ///     Path of executable file.
    ///   argv
    ///     Tuple or list of strings.
    ///   env
    ///     Dictionary of strings mapping to strings.
    ///   file_actions
    ///     A sequence of file action tuples.
    ///   setpgroup
    ///     The pgroup to use with the POSIX_SPAWN_SETPGROUP flag.
    ///   resetids
    ///     If the value is `True` the POSIX_SPAWN_RESETIDS will be activated.
    ///   setsid
    ///     If the value is `True` the POSIX_SPAWN_SETSID or POSIX_SPAWN_SETSID_NP
    ///     will be activated.
    ///   setsigmask
    ///     The sigmask to use with the POSIX_SPAWN_SETSIGMASK flag.
    ///   setsigdef
    ///     The sigmask to use with the POSIX_SPAWN_SETSIGDEF flag.
    ///   scheduler
    ///     A tuple with the scheduler policy (optional) and parameters.
    #[function]
    fn posix_spawnp(
        path: Path,
        argv: &Object,
        env: &Object,
        file_actions: Option<&Object>,
        setpgroup: Option<&Object>,
        #[default(false)] resetids: bool,
        #[default(false)] setsid: bool,
        setsigmask: Option<&Object>,
        setsigdef: Option<&Object>,
        scheduler: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<i32> {
        let options = Options {
            process_group: setpgroup,
            reset_ids: resetids,
            new_session: setsid,
            signal_mask: setsigmask,
            default_signals: setsigdef,
            scheduler,
        };
        spawn(true, &path, argv, env, file_actions, &options, thread)
    }
}
