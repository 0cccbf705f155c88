//! The scheduler: policies, priorities, and the processors that a process may use.

use macros::python_module;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::struct_sequence;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::tuple::struct_sequence::{self, Construct, StructSequence};
use objects::types::Type;
use system::call;
use system::clock;

struct_sequence! {
    /// sched_param(sched_priority)
    /// --
    ///
    /// Currently has only one field: sched_priority
    ///
    ///   sched_priority
    ///     A scheduling parameter.
    pub struct SchedParam = "posix.sched_param", 1 visible of 1, custom, HEAPTYPE;
    "sched_priority": "the scheduling priority";
}

impl Construct for SchedParam {
    fn construct(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let named = keywords.map_or_else(Vec::new, |it| it.items_snapshot(thread));
        let given = arguments.items().len() + named.len();
        let value = match (arguments.items(), &named[..]) {
            ([value], []) => Some(value.clone()),
            ([], [(name, value)]) => {
                let name = protocol::str(name, thread)?.to_string_lossy();
                if name != "sched_priority" {
                    return Err(raise!(thread, TypeError, "sched_param() got an unexpected keyword argument '{name}'"));
                }
                Some(value.clone())
            }
            _ => None,
        };
        match value {
            Some(value) => struct_sequence::make_in(class, Self::LAYOUT, vec![value], thread),
            None if given == 0 => {
                Err(raise!(thread, TypeError, "sched_param() missing required argument 'sched_priority' (pos 1)"))
            }
            None => Err(raise!(thread, TypeError, "sched_param() takes at most 1 argument ({given} given)")),
        }
    }

    /// The constructor takes the field itself, not a sequence of fields.
    fn reduce(object: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let fields = object.downcast::<Tuple>().map_or_else(Vec::new, |it| it.items().to_vec());
        let arguments = Tuple::new(fields, thread)?;
        Tuple::new(vec![Py::from_ref(object.class()).into_object(), arguments.into_object()], thread)
    }
}

impl SchedParam {
    /// An argument as the system takes it.
    pub(super) fn read(value: &Object, thread: &mut Thread) -> PyResult<libc::sched_param> {
        if !value.is_exactly::<SchedParam>() {
            return Err(raise!(thread, TypeError, "must have a sched_param object"));
        }
        let priority = struct_sequence::field_value(value, Self::LAYOUT, 0);
        let priority = protocol::index(&priority, thread)?;
        match priority.to_i128().and_then(|it| i32::try_from(it).ok()) {
            Some(sched_priority) => Ok(libc::sched_param { sched_priority }),
            None => Err(raise!(thread, OverflowError, "sched_priority out of range")),
        }
    }
}

/// The processors of a set, as words of bits that grow with what is asked of them.
struct Processors(Vec<u64>);

impl Processors {
    fn pointer(&self) -> *const libc::cpu_set_t {
        self.0.as_ptr().cast()
    }

    fn size(&self) -> usize {
        self.0.len() * size_of::<u64>()
    }

    fn read(iterable: &Object, thread: &mut Thread) -> PyResult<Self> {
        let mut words = vec![0u64; 16];
        let iterator = protocol::iter(iterable, thread)?;
        while let Some(item) = protocol::next(&iterator, thread)? {
            let Some(number) = item.downcast::<Int>() else {
                let class = Py::from_ref(item.class()).into_object();
                let class = protocol::repr(&class, thread)?.to_string_lossy();
                return Err(raise!(thread, TypeError, "expected an iterator of ints, but iterator yielded {class}"));
            };
            let number = match number.to_i128() {
                Some(..=-1) => return Err(raise!(thread, ValueError, "negative CPU number")),
                Some(number) if number <= MOST_PROCESSORS => number as usize,
                _ => return Err(raise!(thread, OverflowError, "CPU number too large")),
            };
            if words.len() <= number / 64 {
                words.resize(number / 64 + 1, 0);
            }
            words[number / 64] |= 1 << (number % 64);
        }
        Ok(Self(words))
    }
}

/// Sets of processors do not grow beyond this.
const MOST_PROCESSORS: i128 = i32::MAX as i128 - 1;

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// sched_get_priority_max($module, /, policy)
    /// --
    ///
    /// Get the maximum scheduling priority for policy.
    #[function]
    fn sched_get_priority_max(policy: i32, thread: &mut Thread) -> PyResult<i32> {
        // SAFETY: a number.
        call::checked(|| unsafe { libc::sched_get_priority_max(policy) }, thread)
    }

    /// sched_get_priority_min($module, /, policy)
    /// --
    ///
    /// Get the minimum scheduling priority for policy.
    #[function]
    fn sched_get_priority_min(policy: i32, thread: &mut Thread) -> PyResult<i32> {
        // SAFETY: a number.
        call::checked(|| unsafe { libc::sched_get_priority_min(policy) }, thread)
    }

    /// sched_getscheduler($module, pid, /)
    /// --
    ///
    /// Get the scheduling policy for the process identified by pid.
    ///
    /// Passing 0 for pid returns the scheduling policy for the calling process.
    #[function]
    fn sched_getscheduler(pid: i32, thread: &mut Thread) -> PyResult<i32> {
        // SAFETY: a number.
        call::checked(|| unsafe { libc::sched_getscheduler(pid) }, thread)
    }

    /// sched_setscheduler($module, pid, policy, param, /)
    /// --
    ///
    /// Set the scheduling policy for the process identified by pid.
    ///
    /// If pid is 0, the calling process is changed.
    /// param is an instance of sched_param.
    #[function]
    fn sched_setscheduler(pid: i32, policy: i32, param: &Object, thread: &mut Thread) -> PyResult<()> {
        let param = SchedParam::read(param, thread)?;
        // SAFETY: a local to read.
        call::checked(|| unsafe { libc::sched_setscheduler(pid, policy, &param) }, thread).map(drop)
    }

    /// sched_getparam($module, pid, /)
    /// --
    ///
    /// Returns scheduling parameters for the process identified by pid.
    ///
    /// If pid is 0, returns parameters for the calling process.
    /// Return value is an instance of sched_param.
    #[function]
    fn sched_getparam(pid: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut param = libc::sched_param { sched_priority: 0 };
        // SAFETY: a local to write to.
        call::checked(|| unsafe { libc::sched_getparam(pid, &mut param) }, thread)?;
        let priority = make_int(i128::from(param.sched_priority), thread);
        struct_sequence::make::<SchedParam>(vec![priority], thread)
    }

    /// sched_setparam($module, pid, param, /)
    /// --
    ///
    /// Set scheduling parameters for the process identified by pid.
    ///
    /// If pid is 0, sets parameters for the calling process.
    /// param should be an instance of sched_param.
    #[function]
    fn sched_setparam(pid: i32, param: &Object, thread: &mut Thread) -> PyResult<()> {
        let param = SchedParam::read(param, thread)?;
        // SAFETY: a local to read.
        call::checked(|| unsafe { libc::sched_setparam(pid, &param) }, thread).map(drop)
    }

    /// sched_rr_get_interval($module, pid, /)
    /// --
    ///
    /// Return the round-robin quantum for the process identified by pid, in seconds.
    ///
    /// Value returned is a float.
    #[function]
    fn sched_rr_get_interval(pid: i32, thread: &mut Thread) -> PyResult<Py<Float>> {
        let mut interval = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: a local to write to.
        call::checked(|| unsafe { libc::sched_rr_get_interval(pid, &mut interval) }, thread)?;
        Ok(Float::new(clock::to_seconds(clock::from_timespec(&interval)), thread))
    }

    /// sched_yield($module, /)
    /// --
    ///
    /// Voluntarily relinquish the CPU.
    #[function]
    fn sched_yield(thread: &mut Thread) -> PyResult<()> {
        // SAFETY: no arguments.
        call::checked(|| unsafe { libc::sched_yield() }, thread).map(drop)
    }

    /// sched_getaffinity($module, pid, /)
    /// --
    ///
    /// Return the affinity of the process identified by pid (or the current process if zero).
    ///
    /// The affinity is returned as a set of CPU identifiers.
    #[function]
    fn sched_getaffinity(pid: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut processors = Processors(vec![0; 16]);
        loop {
            let (size, words) = (processors.size(), processors.0.as_mut_ptr());
            // SAFETY: a set of the given size.
            match call::plain(|| unsafe { libc::sched_getaffinity(pid, size, words.cast()) }, thread) {
                Ok(_) => break,
                Err(libc::EINVAL) if processors.0.len() < 1 << 16 => {
                    let longer = processors.0.len() * 2;
                    processors.0.resize(longer, 0);
                }
                Err(number) => return Err(thread.raise_os_error(number, None)),
            }
        }
        let list = objects::list::List::empty(thread);
        for (index, word) in processors.0.iter().enumerate() {
            for bit in (0..64).filter(|bit| word >> bit & 1 != 0) {
                let number = make_int((index * 64 + bit) as i128, thread);
                list.push(number, thread)?;
            }
        }
        let name = Str::from_str("set", thread);
        let class = protocol::builtin(&name, thread)?;
        protocol::call_one(&class, &list, thread)
    }

    /// sched_setaffinity($module, pid, mask, /)
    /// --
    ///
    /// Set the CPU affinity of the process identified by pid to mask.
    ///
    /// mask should be an iterable of integers identifying CPUs.
    #[function]
    fn sched_setaffinity(pid: i32, mask: &Object, thread: &mut Thread) -> PyResult<()> {
        let processors = Processors::read(mask, thread)?;
        // SAFETY: a set of the given size.
        call::checked(|| unsafe { libc::sched_setaffinity(pid, processors.size(), processors.pointer()) }, thread)
            .map(drop)
    }
}
