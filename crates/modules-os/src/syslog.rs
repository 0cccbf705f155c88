//! `syslog`: messages to the system's log.
//!
//! The C library keeps the address of the program's name as long as the log is open, so the name lives in the interpreter's state.

use std::cell::{Cell, RefCell};
use std::ffi::CString;

use macros::python_module;
use objects::errors::PyResult;
use objects::list::List;
use objects::module::Module;
use objects::protocol::make_int;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::str::arguments::c_text;
use objects::thread::Thread;
use system::constants::{self, Constant};
use system::descriptor::as_c_int;
use system::libc_constants;

const CONSTANTS: &[Constant] = libc_constants![
    LOG_ALERT LOG_AUTH LOG_AUTHPRIV LOG_CONS LOG_CRIT LOG_CRON LOG_DAEMON LOG_DEBUG LOG_EMERG LOG_ERR LOG_FTP LOG_INFO LOG_KERN
    LOG_LOCAL0 LOG_LOCAL1 LOG_LOCAL2 LOG_LOCAL3 LOG_LOCAL4 LOG_LOCAL5 LOG_LOCAL6 LOG_LOCAL7 LOG_LPR LOG_MAIL LOG_NDELAY
    LOG_NEWS LOG_NOTICE LOG_NOWAIT LOG_ODELAY LOG_PERROR LOG_PID LOG_SYSLOG LOG_USER LOG_UUCP LOG_WARNING
];

/// What the interpreter keeps for the C library.
#[derive(Default)]
struct State {
    is_open: Cell<bool>,
    name: RefCell<Option<CString>>,
}

/// A C string; it ends at the first zero, as C's do.
fn until_zero(text: &str) -> CString {
    CString::new(text.split('\0').next().unwrap_or_default()).unwrap_or_default()
}

/// The program's name without folders, as `sys.argv` has it.
fn program_name(thread: &mut Thread) -> Option<Py<Str>> {
    let name = thread.intern_text("argv");
    let arguments = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&name, thread))?;
    let first = arguments.downcast::<List>()?.snapshot(thread).into_iter().next()?;
    let text = first.downcast::<Str>()?.to_string_lossy();
    let name = text.rsplit('/').next().unwrap_or_default();
    (!name.is_empty()).then(|| Str::from_str(name, thread))
}

fn open(identity: Option<&Str>, option: i64, facility: i64, thread: &mut Thread) -> PyResult<()> {
    let identity = match identity {
        Some(identity) => Some(Py::from_ref(identity)),
        None => program_name(thread),
    };
    let audited = [
        identity.clone().map_or_else(|| thread.none(), Py::into_object),
        make_int(i128::from(option), thread),
        make_int(i128::from(facility), thread),
    ];
    thread.audit("syslog.openlog", &audited.each_ref().map(|it| &**it))?;
    let name = match &identity {
        Some(text) => Some(until_zero(std::str::from_utf8(text.utf8(thread)?).unwrap_or_default())),
        None => None,
    };
    let state = thread.interpreter().extension::<State>();
    let pointer = name.as_ref().map_or(std::ptr::null(), |it| it.as_ptr());
    // SAFETY: a C string, or null, that stays until the log is closed or another name takes its place below.
    unsafe { libc::openlog(pointer, option as i32, facility as i32) };
    // What the name pointed to before goes away only now that the C library does not know it any more.
    *state.name.borrow_mut() = name;
    state.is_open.set(true);
    Ok(())
}

/// The arguments of `syslog.syslog`: `[priority,] message`.
fn priority_and_message<'a>(arguments: &[&'a Object], thread: &mut Thread) -> PyResult<(i32, &'a Str)> {
    let (priority, message) = match *arguments {
        [message] => (libc::LOG_INFO, message),
        [priority, message] => (as_c_int(priority, thread)?, message),
        _ => return Err(raise!(thread, TypeError, "syslog.syslog requires 1 to 2 arguments")),
    };
    match message.downcast::<Str>() {
        Some(text) => Ok((priority, text)),
        None => {
            let (place, class) = (arguments.len(), message.class().short_name());
            Err(raise!(thread, TypeError, "syslog() argument {place} must be str, not {class}"))
        }
    }
}

pub struct SyslogModule;

#[python_module(name = "syslog")]
impl SyslogModule {
    /// openlog($module, /, ident=<unrepresentable>, logoption=0,
    ///         facility=LOG_USER)
    /// --
    ///
    /// Set logging options of subsequent syslog() calls.
    #[function]
    fn openlog(
        ident: Option<&Str>,
        logoption: Option<i64>,
        facility: Option<i64>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        open(ident, logoption.unwrap_or(0), facility.unwrap_or(i64::from(libc::LOG_USER)), thread)
    }

    /// syslog([priority=LOG_INFO,] message)
    /// Send the string message to the system logger.
    #[function]
    #[signature("(*arguments)")]
    fn syslog(arguments: &[&Object], thread: &mut Thread) -> PyResult<()> {
        let (priority, message) = priority_and_message(arguments, thread)?;
        let number = make_int(i128::from(priority), thread);
        thread.audit("syslog.syslog", &[&number, message])?;
        let text = CString::new(c_text(message, thread)?).unwrap_or_default();
        if !thread.interpreter().extension::<State>().is_open.get() {
            open(None, 0, i64::from(libc::LOG_USER), thread)?;
        }
        // SAFETY: C strings, and a format that takes one.
        thread.without_lock(|| unsafe { libc::syslog(priority, c"%s".as_ptr(), text.as_ptr()) });
        Ok(())
    }

    /// closelog($module, /)
    /// --
    ///
    /// Reset the syslog module values and call the system library closelog().
    #[function]
    fn closelog(thread: &mut Thread) -> PyResult<()> {
        thread.audit("syslog.closelog", &[])?;
        let state = thread.interpreter().extension::<State>();
        if state.is_open.replace(false) {
            // SAFETY: no arguments. The C library forgets the name.
            unsafe { libc::closelog() };
            *state.name.borrow_mut() = None;
        }
        Ok(())
    }

    /// setlogmask($module, maskpri, /)
    /// --
    ///
    /// Set the priority mask to maskpri and return the previous mask value.
    #[function]
    fn setlogmask(maskpri: i64, thread: &mut Thread) -> PyResult<i32> {
        let number = make_int(i128::from(maskpri), thread);
        thread.audit("syslog.setlogmask", &[&number])?;
        // SAFETY: a number.
        Ok(unsafe { libc::setlogmask(maskpri as i32) })
    }

    /// LOG_MASK($module, pri, /)
    /// --
    ///
    /// Calculates the mask for the individual priority pri.
    #[function(name = "LOG_MASK")]
    fn log_mask(pri: i64) -> i32 {
        1i32.wrapping_shl(pri as u32)
    }

    /// LOG_UPTO($module, pri, /)
    /// --
    ///
    /// Calculates the mask for all priorities up to and including pri.
    #[function(name = "LOG_UPTO")]
    fn log_up_to(pri: i64) -> i32 {
        1i32.wrapping_shl((pri as u32).wrapping_add(1)).wrapping_sub(1)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        constants::add(module, CONSTANTS, thread)
    }
}
