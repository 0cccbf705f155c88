//! `resource`: what a process has used, and its limits.

use macros::python_module;
use objects::audit;
use objects::errors::PyResult;
use objects::float::Float;
use objects::method::OrNone;
use objects::module::Module;
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Object, Py};
use objects::struct_sequence;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::tuple::struct_sequence;
use objects::types::{Instance, TypeDeclaration};
use system::call;
use system::constants::{self, Constant};
use system::libc_constants;
use system::zeroed::Zeroed;

struct_sequence! {
    /// struct_rusage: Result from getrusage.
    ///
    /// This object may be accessed either as a tuple of
    ///     (utime,stime,maxrss,ixrss,idrss,isrss,minflt,majflt,
    ///     nswap,inblock,oublock,msgsnd,msgrcv,nsignals,nvcsw,nivcsw)
    /// or via the attributes ru_utime, ru_stime, ru_maxrss, and so on.
    pub struct Usage = "resource.struct_rusage", 16 visible of 16, constructible, HEAPTYPE;
    "ru_utime": "user time used";
    "ru_stime": "system time used";
    "ru_maxrss": "max. resident set size";
    "ru_ixrss": "shared memory size";
    "ru_idrss": "unshared data size";
    "ru_isrss": "unshared stack size";
    "ru_minflt": "page faults not requiring I/O";
    "ru_majflt": "page faults requiring I/O";
    "ru_nswap": "number of swap outs";
    "ru_inblock": "block input operations";
    "ru_oublock": "block output operations";
    "ru_msgsnd": "IPC messages sent";
    "ru_msgrcv": "IPC messages received";
    "ru_nsignals": "signals received";
    "ru_nvcsw": "voluntary context switches";
    "ru_nivcsw": "involuntary context switches";
}

/// The types of the module.
pub const TYPES: &[&TypeDeclaration] = &[Usage::DECLARATION];

const CONSTANTS: &[Constant] = libc_constants![
    RLIMIT_CPU RLIMIT_FSIZE RLIMIT_DATA RLIMIT_STACK RLIMIT_CORE RLIMIT_NOFILE RLIMIT_AS RLIMIT_RSS RLIMIT_NPROC
    RLIMIT_MEMLOCK RLIMIT_MSGQUEUE RLIMIT_NICE RLIMIT_RTPRIO RLIMIT_RTTIME RLIMIT_SIGPENDING
    RUSAGE_SELF RUSAGE_CHILDREN RUSAGE_THREAD
];

/// Limits that the system knows.
const LIMIT_COUNT: u32 = 16;

/// A `resource.struct_rusage`.
pub fn usage_object(usage: &libc::rusage, thread: &mut Thread) -> PyResult<Py<Object>> {
    let mut values = Vec::new();
    for time in [usage.ru_utime, usage.ru_stime] {
        let seconds = time.tv_sec as f64 + time.tv_usec as f64 * 1e-6;
        values.push(Float::new(seconds, thread).into_object());
    }
    let counts = [
        usage.ru_maxrss,
        usage.ru_ixrss,
        usage.ru_idrss,
        usage.ru_isrss,
        usage.ru_minflt,
        usage.ru_majflt,
        usage.ru_nswap,
        usage.ru_inblock,
        usage.ru_oublock,
        usage.ru_msgsnd,
        usage.ru_msgrcv,
        usage.ru_nsignals,
        usage.ru_nvcsw,
        usage.ru_nivcsw,
    ];
    values.extend(counts.iter().map(|it| make_int(i128::from(*it), thread)));
    struct_sequence::make::<Usage>(values, thread)
}

/// One limit: −1 is none.
fn limit(value: &Object, thread: &mut Thread) -> PyResult<libc::rlim_t> {
    let int = protocol::index(value, thread)?;
    match int.to_i128() {
        Some(-1) => Ok(libc::RLIM_INFINITY),
        _ if int.is_negative() => Err(raise!(thread, ValueError, "Cannot convert negative int")),
        Some(value) if u64::try_from(value).is_ok() => Ok(value as u64),
        _ => Err(raise!(thread, OverflowError, "Python int too large to convert to C rlim_t")),
    }
}

fn limits(value: &Object, thread: &mut Thread) -> PyResult<libc::rlimit> {
    let parts = protocol::to_tuple(value, thread)?;
    let [current, most] = parts.items() else {
        return Err(raise!(thread, ValueError, "expected a tuple of 2 integers"));
    };
    Ok(libc::rlimit { rlim_cur: limit(current, thread)?, rlim_max: limit(most, thread)? })
}

fn limits_object(limits: &libc::rlimit, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let items = [limits.rlim_cur, limits.rlim_max].map(|it| make_int(i128::from(it as i64), thread));
    Tuple::new(items.into(), thread)
}

fn check_resource(resource: i32, thread: &mut Thread) -> PyResult<u32> {
    match u32::try_from(resource) {
        Ok(resource) if resource < LIMIT_COUNT => Ok(resource),
        _ => Err(raise!(thread, ValueError, "invalid resource specified")),
    }
}

/// The error of a call that changes limits.
fn raise_refused(number: i32, thread: &mut Thread) -> objects::errors::Raised {
    match number {
        libc::EINVAL => raise!(thread, ValueError, "current limit exceeds maximum limit"),
        libc::EPERM => raise!(thread, ValueError, "not allowed to raise maximum limit"),
        number => thread.raise_os_error(number, None),
    }
}

pub struct ResourceModule;

#[python_module(name = "resource")]
impl ResourceModule {
    /// getrusage($module, who, /)
    /// --
    ///
    ///
    #[function]
    fn getrusage(who: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut usage = libc::rusage::zeroed();
        // SAFETY: a local to write to.
        match call::plain(|| unsafe { libc::getrusage(who, &mut usage) }, thread) {
            Ok(_) => usage_object(&usage, thread),
            Err(libc::EINVAL) => Err(raise!(thread, ValueError, "invalid who parameter")),
            Err(number) => Err(thread.raise_os_error(number, None)),
        }
    }

    /// getrlimit($module, resource, /)
    /// --
    ///
    ///
    #[function]
    fn getrlimit(resource: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let resource = check_resource(resource, thread)?;
        let mut limits = libc::rlimit::zeroed();
        // SAFETY: a local to write to.
        call::checked(|| unsafe { libc::getrlimit(resource, &mut limits) }, thread)?;
        limits_object(&limits, thread)
    }

    /// setrlimit($module, resource, limits, /)
    /// --
    ///
    ///
    #[function(name = "setrlimit")]
    fn setrlimit_(resource: i32, limits: &Object, thread: &mut Thread) -> PyResult<()> {
        let resource = check_resource(resource, thread)?;
        audit!(thread, "resource.setrlimit", resource as i32, limits)?;
        let limits = self::limits(limits, thread)?;
        // SAFETY: a local to read.
        let outcome = call::plain(|| unsafe { libc::setrlimit(resource, &limits) }, thread);
        outcome.map(drop).map_err(|number| raise_refused(number, thread))
    }

    /// prlimit($module, pid, resource, limits=None, /)
    /// --
    ///
    ///
    #[function]
    fn prlimit(pid: i32, resource: i32, limits: OrNone<&Object>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let resource = check_resource(resource, thread)?;
        audit!(thread, "resource.prlimit", pid, resource as i32, limits.0)?;
        let new = match limits.0 {
            Some(limits) => Some(self::limits(limits, thread)?),
            None => None,
        };
        let mut old = libc::rlimit::zeroed();
        let new = new.as_ref().map_or(std::ptr::null(), |it| it);
        // SAFETY: locals to read and to write, or null.
        match call::plain(|| unsafe { libc::prlimit(pid, resource, new, &mut old) }, thread) {
            Ok(_) => limits_object(&old, thread),
            Err(libc::EINVAL) => Err(raise!(thread, ValueError, "current limit exceeds maximum limit")),
            Err(number) => Err(thread.raise_os_error(number, None)),
        }
    }

    /// getpagesize($module, /)
    /// --
    ///
    ///
    #[function]
    fn getpagesize() -> i64 {
        // SAFETY: a number.
        unsafe { libc::sysconf(libc::_SC_PAGESIZE) }
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        constants::add(module, CONSTANTS, thread)?;
        constants::add(module, &[("RLIMIT_OFILE", libc::RLIMIT_NOFILE as i64), ("RLIM_INFINITY", -1)], thread)?;
        let usage = struct_sequence::prepare::<Usage>(thread)?;
        module.set("struct_rusage", &usage, thread)?;
        module.set("error", objects::errors::OSError.as_type(), thread)
    }
}
