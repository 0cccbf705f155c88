//! Clocks and sleeping.

use builtins::namespace::SimpleNamespace;
use macros::python_module;
use objects::audit;
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{PyResult, TypeError};
use objects::float::Float;
use objects::int::Int;
use objects::method::{FromArgument, Position};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use system::call;
use system::clock::{self, Deadline, Rounding};

/// The number of a clock.
struct Clock(libc::clockid_t);

impl FromArgument<'_> for Clock {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        let number = system::descriptor::as_c_int(value, thread);
        match thread.suppress(number, TypeError)? {
            Some(number) => Ok(Self(number)),
            None => {
                let class = value.class().full_name();
                Err(raise!(thread, TypeError, "clk_id should be integer, not {class}"))
            }
        }
    }
}

impl Clock {
    fn read(&self, thread: &mut Thread) -> PyResult<libc::timespec> {
        clock::read(self.0).ok_or_else(|| call::raise_last(thread))
    }

    fn set(&self, nanoseconds: i64, thread: &mut Thread) -> PyResult<()> {
        let time = clock::to_timespec(nanoseconds);
        // SAFETY: a local to read.
        call::checked(|| unsafe { libc::clock_settime(self.0, &time) }, thread).map(drop)
    }

    fn resolution(&self) -> Result<f64, i32> {
        let mut step = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: a local to write to.
        if unsafe { libc::clock_getres(self.0, &mut step) } < 0 {
            return Err(call::last_error());
        }
        Ok(step.tv_sec as f64 + step.tv_nsec as f64 * 1e-9)
    }
}

/// A clock that the module's own functions read.
fn nanoseconds(clock: libc::clockid_t) -> i64 {
    clock::read(clock).map_or(0, |it| clock::from_timespec(&it))
}

fn seconds(clock: libc::clockid_t) -> f64 {
    clock::to_seconds(nanoseconds(clock))
}

/// What `get_clock_info` tells: the clock, and whether it is monotonic.
const NAMED_CLOCKS: &[(&str, libc::clockid_t, &str, bool)] = &[
    ("time", libc::CLOCK_REALTIME, "clock_gettime(CLOCK_REALTIME)", false),
    ("monotonic", libc::CLOCK_MONOTONIC, "clock_gettime(CLOCK_MONOTONIC)", true),
    ("perf_counter", libc::CLOCK_MONOTONIC, "clock_gettime(CLOCK_MONOTONIC)", true),
    ("process_time", libc::CLOCK_PROCESS_CPUTIME_ID, "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", true),
    ("thread_time", libc::CLOCK_THREAD_CPUTIME_ID, "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", true),
];

/// Sleeps until a moment of the monotonic clock, however many signals arrive.
fn sleep_until(deadline: Deadline, thread: &mut Thread) -> PyResult<()> {
    loop {
        let rest = clock::to_timespec(deadline.remaining().unwrap_or(0));
        let number = thread.without_lock(|| {
            // SAFETY: a local to read, and null.
            unsafe { libc::clock_nanosleep(libc::CLOCK_MONOTONIC, 0, &rest, std::ptr::null_mut()) }
        });
        match number {
            0 => return Ok(()),
            libc::EINTR => thread.check_signals()?,
            number => return Err(thread.raise_os_error(number, None)),
        }
    }
}

unsafe extern "C" {
    /// The clock of a thread's processor time.
    fn pthread_getcpuclockid(thread: libc::pthread_t, clock: *mut libc::clockid_t) -> libc::c_int;
}

pub struct Part;

#[python_module(name = "time")]
impl Part {
    /// time($self, /)
    /// --
    ///
    /// time() -> floating-point number
    ///
    /// Return the current time in seconds since the Epoch.
    /// Fractions of a second may be present if the system clock provides them.
    #[function]
    fn time() -> f64 {
        seconds(libc::CLOCK_REALTIME)
    }

    /// time_ns($self, /)
    /// --
    ///
    /// time_ns() -> int
    ///
    /// Return the current time in nanoseconds since the Epoch.
    #[function]
    fn time_ns() -> i64 {
        nanoseconds(libc::CLOCK_REALTIME)
    }

    /// monotonic($self, /)
    /// --
    ///
    /// monotonic() -> float
    ///
    /// Monotonic clock, cannot go backward.
    #[function]
    fn monotonic() -> f64 {
        seconds(libc::CLOCK_MONOTONIC)
    }

    /// monotonic_ns($self, /)
    /// --
    ///
    /// monotonic_ns() -> int
    ///
    /// Monotonic clock, cannot go backward, as nanoseconds.
    #[function]
    fn monotonic_ns() -> i64 {
        nanoseconds(libc::CLOCK_MONOTONIC)
    }

    /// perf_counter($self, /)
    /// --
    ///
    /// perf_counter() -> float
    ///
    /// Performance counter for benchmarking.
    #[function]
    fn perf_counter() -> f64 {
        seconds(libc::CLOCK_MONOTONIC)
    }

    /// perf_counter_ns($self, /)
    /// --
    ///
    /// perf_counter_ns() -> int
    ///
    /// Performance counter for benchmarking as nanoseconds.
    #[function]
    fn perf_counter_ns() -> i64 {
        nanoseconds(libc::CLOCK_MONOTONIC)
    }

    /// process_time($self, /)
    /// --
    ///
    /// process_time() -> float
    ///
    /// Process time for profiling: sum of the kernel and user-space CPU time.
    #[function]
    fn process_time() -> f64 {
        seconds(libc::CLOCK_PROCESS_CPUTIME_ID)
    }

    /// process_time_ns($self, /)
    /// --
    ///
    /// process_time() -> int
    ///
    /// Process time for profiling as nanoseconds:
    /// sum of the kernel and user-space CPU time.
    #[function]
    fn process_time_ns() -> i64 {
        nanoseconds(libc::CLOCK_PROCESS_CPUTIME_ID)
    }

    /// thread_time($self, /)
    /// --
    ///
    /// thread_time() -> float
    ///
    /// Thread time for profiling: sum of the kernel and user-space CPU time.
    #[function]
    fn thread_time() -> f64 {
        seconds(libc::CLOCK_THREAD_CPUTIME_ID)
    }

    /// thread_time_ns($self, /)
    /// --
    ///
    /// thread_time() -> int
    ///
    /// Thread time for profiling as nanoseconds:
    /// sum of the kernel and user-space CPU time.
    #[function]
    fn thread_time_ns() -> i64 {
        nanoseconds(libc::CLOCK_THREAD_CPUTIME_ID)
    }

    /// clock_gettime($module, clk_id, /)
    /// --
    ///
    /// Return the time of the specified clock clk_id as a float.
    #[function]
    fn clock_gettime(clk_id: Clock, thread: &mut Thread) -> PyResult<f64> {
        let time = clk_id.read(thread)?;
        Ok(clock::to_seconds(clock::from_timespec(&time)))
    }

    /// clock_gettime_ns($module, clk_id, /)
    /// --
    ///
    /// Return the time of the specified clock clk_id as nanoseconds (int).
    #[function]
    fn clock_gettime_ns(clk_id: Clock, thread: &mut Thread) -> PyResult<i64> {
        let time = clk_id.read(thread)?;
        Ok(clock::from_timespec(&time))
    }

    /// clock_settime(clk_id, time)
    ///
    /// Set the time of the specified clock clk_id.
    #[function]
    #[signature("(clk_id, time, /)")]
    fn clock_settime(clk_id: Clock, time: &Object, thread: &mut Thread) -> PyResult<()> {
        let time = clock::nanoseconds(time, Rounding::Floor, thread)?;
        clk_id.set(time, thread)
    }

    /// clock_settime_ns(clk_id, time)
    ///
    /// Set the time of the specified clock clk_id with nanoseconds.
    #[function]
    #[signature("(clk_id, time, /)")]
    fn clock_settime_ns(clk_id: Clock, time: &Object, thread: &mut Thread) -> PyResult<()> {
        let Some(time) = time.downcast::<Int>() else {
            let class = time.class().full_name();
            return Err(raise!(thread, TypeError, "expect int, got {class}"));
        };
        match time.to_i128().and_then(|it| i64::try_from(it).ok()) {
            Some(time) => clk_id.set(time, thread),
            None => Err(clock::raise_out_of_range(thread)),
        }
    }

    /// clock_getres(clk_id) -> floating-point number
    ///
    /// Return the resolution (precision) of the specified clock clk_id.
    #[function]
    #[signature("(clk_id, /)")]
    fn clock_getres(clk_id: Clock, thread: &mut Thread) -> PyResult<f64> {
        clk_id.resolution().map_err(|number| thread.raise_os_error(number, None))
    }

    /// pthread_getcpuclockid(thread_id) -> int
    ///
    /// Return the clk_id of a thread's CPU time clock.
    #[function]
    #[signature("(thread_id, /)")]
    fn pthread_getcpuclockid(thread_id: u64, thread: &mut Thread) -> PyResult<i32> {
        let mut clock = 0;
        // SAFETY: the number of a thread, which the caller must know to be alive, as in C; a local to write to.
        match unsafe { pthread_getcpuclockid(thread_id, &mut clock) } {
            0 => Ok(clock),
            number => Err(thread.raise_os_error(number, None)),
        }
    }

    /// sleep($self, object, /)
    /// --
    ///
    /// sleep(seconds)
    ///
    /// Delay execution for a given number of seconds.  The argument may be
    /// a floating-point number for subsecond precision.
    #[function]
    fn sleep(seconds: &Object, thread: &mut Thread) -> PyResult<()> {
        audit!(thread, "time.sleep", seconds)?;
        let length = clock::nanoseconds(seconds, Rounding::Up, thread)?;
        if length < 0 {
            return Err(raise!(thread, ValueError, "sleep length must be non-negative"));
        }
        sleep_until(Deadline::after(Some(length)), thread)
    }

    /// get_clock_info(name: str) -> dict
    ///
    /// Get information of the specified clock.
    #[function]
    #[signature("(name, /)")]
    fn get_clock_info(name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(name) = name.downcast::<Str>() else {
            let class = name.class().short_name();
            return Err(raise!(thread, TypeError, "get_clock_info() argument 1 must be str, not {class}"));
        };
        let Some((_, clock, implementation, monotonic)) = NAMED_CLOCKS.iter().find(|it| name.equals_text(it.0)) else {
            return Err(raise!(thread, ValueError, "unknown clock"));
        };
        let resolution = Clock(*clock).resolution().map_err(|number| thread.raise_os_error(number, None))?;
        let fields = Dict::new(thread);
        let values = [
            ("implementation", Str::from_str(implementation, thread).into_object()),
            ("monotonic", Bool::new(*monotonic)),
            ("adjustable", Bool::new(*clock == libc::CLOCK_REALTIME)),
            ("resolution", Float::new(resolution, thread).into_object()),
        ];
        for (name, value) in values {
            let name = thread.intern_text(name);
            fields.set_str(&name, &value, thread)?;
        }
        Ok(SimpleNamespace::new(fields, thread).into_object())
    }
}
