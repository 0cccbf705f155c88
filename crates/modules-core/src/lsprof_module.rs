//! `_lsprof`, on which `cProfile` stands: a tool of `sys.monitoring` that adds up how often functions were called, and for how long.
//!
//! Calls that have not returned yet are a stack. What a call took is counted for its function, and with `subcalls` also for the pair of its
//! caller and it; for a recursive function the total counts the outermost call alone. The invariant: nothing of this is borrowed while the timer,
//! which may be a Python function, runs.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Instant;

use interpreter::monitoring::{Event, Tools, UNGROUPED_EVENTS};
use macros::{Instance, python_module, python_type};
use objects::descriptors::{BuiltinFunction, MethodDescriptor};
use objects::errors::PyResult;
use objects::float::Float;
use objects::gc::{Traverse, Visitor};
use objects::list::List;
use objects::module::Module;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, HasHeader, Header, Object, Py};
use objects::str::Str;
use objects::struct_sequence;
use objects::thread::Thread;
use objects::tuple::struct_sequence;
use objects::types::{Instance as _, Type, TypeDeclaration};

/// The types of the module.
pub const TYPES: &[&TypeDeclaration] = &[Profiler::DECLARATION, Entry::DECLARATION, Subentry::DECLARATION];

/// `sys.monitoring.PROFILER_ID`.
const TOOL: usize = 2;
const TOOL_NAME: &str = "cProfile";
const NANOSECOND: f64 = 1e-9;

/// What is called for each event.
const CALLBACKS: [(Event, &str); 9] = [
    (Event::PyStart, "_pystart_callback"),
    (Event::PyResume, "_pystart_callback"),
    (Event::PyThrow, "_pythrow_callback"),
    (Event::PyReturn, "_pyreturn_callback"),
    (Event::PyYield, "_pyreturn_callback"),
    (Event::PyUnwind, "_pyreturn_callback"),
    (Event::Call, "_ccall_callback"),
    (Event::CReturn, "_creturn_callback"),
    (Event::CRaise, "_creturn_callback"),
];

struct_sequence! {
    pub struct Entry = "_lsprof.profiler_entry", 6 visible of 6, constructible, HEAPTYPE;
    "code": "code object or built-in function name";
    "callcount": "how many times this was called";
    "reccallcount": "how many times called recursively";
    "totaltime": "total time in this entry";
    "inlinetime": "inline time in this entry (not in subcalls)";
    "calls": "details of the calls";
}

struct_sequence! {
    pub struct Subentry = "_lsprof.profiler_subentry", 5 visible of 5, constructible, HEAPTYPE;
    "code": "called code object or built-in function name";
    "callcount": "how many times this is called";
    "reccallcount": "how many times this is called recursively";
    "totaltime": "total time spent in this call";
    "inlinetime": "inline time (not in further subcalls)";
}

/// What was counted for a function, or for a function called by another.
#[derive(Clone, Copy, Default)]
struct Counts {
    total: i64,
    inline: i64,
    calls: i64,
    recursive_calls: i64,
    /// How many calls have not returned yet.
    level: i64,
}

impl Counts {
    /// Counts a call that has ended.
    fn end(&mut self, total: i64, inline: i64) {
        self.level -= 1;
        if self.level == 0 {
            self.total += total;
        } else {
            self.recursive_calls += 1;
        }
        self.inline += inline;
        self.calls += 1;
    }
}

/// A function: its code, or the name of one that is not Python code.
struct Profiled {
    function: Py<Object>,
    counts: Counts,
    /// Of the functions that it called, by their key.
    subcalls: HashMap<usize, Counts>,
}

/// A call that has not returned yet.
struct Call {
    key: usize,
    start: i64,
    /// Time spent in what it called.
    elsewhere: i64,
}

/// What has been collected. Functions are told apart by the address of their code or definition.
#[derive(Default)]
struct Collected {
    functions: HashMap<usize, Profiled>,
    calls: Vec<Call>,
}

#[derive(Default)]
struct Statistics(RefCell<Collected>);

impl Traverse for Statistics {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.0.borrow().functions.values().for_each(|it| it.function.traverse(visitor));
    }

    fn clear(&self) {
        drop(self.0.take());
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct Profiler {
    header: Header,
    statistics: Statistics,
    timer: Field,
    time_unit: Cell<f64>,
    enabled: Cell<bool>,
    with_subcalls: Cell<bool>,
    with_builtins: Cell<bool>,
    in_timer: Cell<bool>,
}

impl Profiler {
    /// What the clock says, in its unit. What a timer raises is reported, and counts as no time.
    fn now(&self, thread: &mut Thread) -> i64 {
        let Some(timer) = self.timer.get() else {
            let start = thread.interpreter().extension::<Clock>();
            return start.0.elapsed().as_nanos() as i64;
        };
        let nested = self.in_timer.replace(true);
        let result = protocol::call(&timer, &[], thread);
        self.in_timer.set(nested);
        match result.and_then(|value| self.ticks(&value, thread)) {
            Ok(ticks) => ticks,
            Err(raised) => {
                let exception = thread.catch(raised);
                let message = match protocol::repr(&timer, thread) {
                    Ok(shown) => format!("Exception ignored while calling _lsprof timer {}", shown.to_string_lossy()),
                    Err(other) => {
                        drop(thread.catch(other));
                        "Exception ignored while calling _lsprof timer".to_owned()
                    }
                };
                let raised = thread.set_exception(exception);
                thread.report_unraisable(raised, &message, None);
                0
            }
        }
    }

    /// What a timer gave: a number of units, or of seconds, which are counted in nanoseconds.
    fn ticks(&self, value: &Object, thread: &mut Thread) -> PyResult<i64> {
        if self.time_unit.get() > 0.0 {
            let ticks = protocol::index(value, thread)?;
            return match ticks.to_i64() {
                Some(ticks) => Ok(ticks),
                None => Err(raise!(thread, OverflowError, "Python int too large to convert to C long")),
            };
        }
        system::clock::nanoseconds(value, system::clock::Rounding::Floor, thread)
    }

    /// Seconds in a unit of the counts.
    fn factor(&self) -> f64 {
        match self.timer.get().is_some() && self.time_unit.get() > 0.0 {
            true => self.time_unit.get(),
            false => NANOSECOND,
        }
    }

    fn enter(&self, key: usize, function: impl FnOnce(&mut Thread) -> Py<Object>, thread: &mut Thread) {
        if !self.statistics.0.borrow().functions.contains_key(&key) {
            let function = function(thread);
            let new = Profiled { function, counts: Counts::default(), subcalls: HashMap::new() };
            self.statistics.0.borrow_mut().functions.entry(key).or_insert(new);
        }
        let mut collected = self.statistics.0.borrow_mut();
        let Collected { functions, calls } = &mut *collected;
        if let Some(function) = functions.get_mut(&key) {
            function.counts.level += 1;
        }
        if self.with_subcalls.get()
            && let Some(caller) = calls.last().and_then(|it| functions.get_mut(&it.key))
        {
            caller.subcalls.entry(key).or_default().level += 1;
        }
        calls.push(Call { key, start: 0, elsewhere: 0 });
        let depth = calls.len();
        drop(collected);
        let start = self.now(thread);
        if let Some(call) = self.statistics.0.borrow_mut().calls.get_mut(depth - 1) {
            call.start = start;
        }
    }

    /// The innermost call returns, if it is one of this function. Functions that were called before the profiler was enabled are not known.
    fn leave(&self, key: usize, thread: &mut Thread) {
        if self.statistics.0.borrow().calls.is_empty() {
            return;
        }
        if self.statistics.0.borrow().functions.contains_key(&key) {
            self.stop(key, thread);
        } else {
            self.statistics.0.borrow_mut().calls.pop();
        }
    }

    /// Ends the innermost call, for this function.
    fn stop(&self, key: usize, thread: &mut Thread) {
        let now = self.now(thread);
        let mut collected = self.statistics.0.borrow_mut();
        let Collected { functions, calls } = &mut *collected;
        let Some(call) = calls.pop() else { return };
        let total = now.wrapping_sub(call.start);
        let inline = total.wrapping_sub(call.elsewhere);
        if let Some(function) = functions.get_mut(&key) {
            function.counts.end(total, inline);
        }
        let Some(caller) = calls.last_mut() else { return };
        caller.elsewhere = caller.elsewhere.wrapping_add(total);
        if self.with_subcalls.get()
            && let Some(counts) = functions.get_mut(&caller.key).and_then(|it| it.subcalls.get_mut(&key))
        {
            counts.end(total, inline);
        }
    }

    /// Ends all calls that have not returned.
    fn stop_all(&self, thread: &mut Thread) {
        loop {
            let innermost = self.statistics.0.borrow().calls.last().map(|it| it.key);
            let Some(key) = innermost else { return };
            self.stop(key, thread);
        }
    }

    /// The key of a function that is not Python code, and the function with its receiver; None for other callables.
    fn built_in(callable: &Object, first: &Object, thread: &mut Thread) -> PyResult<Option<(usize, Py<Object>)>> {
        if let Some(function) = callable.downcast::<BuiltinFunction>() {
            return Ok(Some((std::ptr::from_ref(function.definition()) as usize, Py::from_ref(callable))));
        }
        let Some(method) = callable.downcast_exact::<MethodDescriptor>() else { return Ok(None) };
        let missing = Tools::of(thread).missing(thread)?;
        if first.is(&missing) {
            return Ok(None);
        }
        let Some(bind) = callable.class().slots().tp_descr_get.get() else { return Ok(None) };
        // SAFETY: the slot's protocol.
        let bound = unsafe { bind(callable.as_pointer(), first.as_pointer(), first.class().as_object().as_pointer()) };
        let bound = protocol::result_from_c(bound, thread)?;
        Ok(Some((std::ptr::from_ref(method.definition()) as usize, bound)))
    }

    fn check_not_in_timer(&self, doing: &str, thread: &mut Thread) -> PyResult<()> {
        match self.in_timer.get() {
            true => Err(raise!(thread, RuntimeError, "cannot {doing} profiler in external timer")),
            false => Ok(()),
        }
    }
}

/// When the interpreter's first profiler was made: the clock counts from then on.
struct Clock(Instant);

impl Default for Clock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

/// The name of a function that is not Python code, as `pstats` shows it.
fn built_in_name(function: &Object, thread: &mut Thread) -> Py<Object> {
    let shown = describe(function, thread);
    match shown {
        Ok(shown) => shown,
        Err(raised) => {
            drop(thread.catch(raised));
            Str::from_str("<built-in method>", thread).into_object()
        }
    }
}

fn describe(function: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(it) = function.downcast::<BuiltinFunction>() else {
        return protocol::repr(function, thread).map(Py::into_object);
    };
    let name = thread.intern_text(&it.name_text());
    let receiver = it.receiver();
    if let Some(receiver) = &receiver
        && let Some(found) = receiver.class().lookup(&name, thread)
    {
        return protocol::repr(&found, thread).map(Py::into_object);
    }
    let module = protocol::lookup_attribute(function, &objects::names::__module__, thread)?;
    let module = module.and_then(|it| it.downcast::<Str>().map(Str::to_string_lossy));
    let name = name.to_string_lossy();
    let text = match module {
        Some(module) => format!("<built-in method {module}.{name}>"),
        None => format!("<built-in method {name}>"),
    };
    Ok(Str::from_str(&text, thread).into_object())
}

/// Profiler(timer=None, timeunit=0.0, subcalls=True, builtins=True)
/// --
///
/// Build a profiler object using the specified timer function.
///
/// The default timer is a fast built-in one based on real time.
/// For custom timer functions returning integers, 'timeunit' can
/// be a float specifying a scale (that is, how long each integer unit
/// is, in seconds).
#[python_type(name = "_lsprof.Profiler", base = BaseObject, flags(HEAPTYPE, BASETYPE, IMMUTABLETYPE))]
impl Profiler {
    #[new]
    #[signature("(timer=None, timeunit=0.0, subcalls=True, builtins=True)")]
    fn new(
        class: &Type,
        timer: Option<&Object>,
        timeunit: Option<f64>,
        subcalls: Option<bool>,
        builtins: Option<bool>,
        thread: &mut Thread,
    ) -> PyResult<Py<Profiler>> {
        let value = Profiler {
            header: Header::new(Profiler::class()),
            statistics: Statistics::default(),
            timer: Field::EMPTY,
            time_unit: Cell::new(timeunit.unwrap_or(0.0)),
            enabled: Cell::new(false),
            with_subcalls: Cell::new(subcalls.unwrap_or(true)),
            with_builtins: Cell::new(builtins.unwrap_or(true)),
            in_timer: Cell::new(false),
        };
        value.timer.set(timer.filter(|it| !it.is_none()).map(Py::from_ref));
        Py::new_in(class, value, thread)
    }

    /// getstats($self, /)
    /// --
    ///
    /// list of profiler_entry objects.
    ///
    /// getstats() -> list of profiler_entry objects
    ///
    /// Return all information collected by the profiler.
    /// Each profiler_entry is a tuple-like object with the
    /// following attributes:
    ///
    ///     code          code object
    ///     callcount     how many times this was called
    ///     reccallcount  how many times called recursively
    ///     totaltime     total time in this entry
    ///     inlinetime    inline time in this entry (not in subcalls)
    ///     calls         details of the calls
    ///
    /// The calls attribute is either None or a list of
    /// profiler_subentry objects:
    ///
    ///     code          called code object
    ///     callcount     how many times this is called
    ///     reccallcount  how many times this is called recursively
    ///     totaltime     total time spent in this call
    ///     inlinetime    inline time (not in further subcalls)
    #[defining_class]
    #[method]
    fn getstats(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let factor = self.factor();
        let list = List::empty(thread);
        for (function, counts, subcalls) in self.snapshot() {
            let mut values = row(function, counts, factor, thread);
            let details = if subcalls.is_empty() {
                thread.none()
            } else {
                let details = List::empty(thread);
                for (function, counts) in subcalls {
                    let values = row(function, counts, factor, thread);
                    let subentry = struct_sequence::make::<Subentry>(values, thread)?;
                    details.push(subentry, thread)?;
                }
                details.into_object()
            };
            values.push(details);
            let entry = struct_sequence::make::<Entry>(values, thread)?;
            list.push(entry, thread)?;
        }
        Ok(list)
    }

    /// _pystart_callback($self, code, instruction_offset, /)
    /// --
    ///
    #[method]
    fn _pystart_callback(&self, code: &Object, instruction_offset: &Object, thread: &mut Thread) {
        let _ = instruction_offset;
        self.enter(code.address(), |_| Py::from_ref(code), thread);
    }

    /// _pythrow_callback($self, code, instruction_offset, exception, /)
    /// --
    ///
    #[method]
    fn _pythrow_callback(&self, code: &Object, instruction_offset: &Object, exception: &Object, thread: &mut Thread) {
        let _ = (instruction_offset, exception);
        self.enter(code.address(), |_| Py::from_ref(code), thread);
    }

    /// _pyreturn_callback($self, code, instruction_offset, retval, /)
    /// --
    ///
    #[method]
    fn _pyreturn_callback(&self, code: &Object, instruction_offset: &Object, retval: &Object, thread: &mut Thread) {
        let _ = (instruction_offset, retval);
        self.leave(code.address(), thread);
    }

    /// _ccall_callback($self, code, instruction_offset, callable, self_arg, /)
    /// --
    ///
    #[method]
    fn _ccall_callback(
        &self,
        code: &Object,
        instruction_offset: &Object,
        callable: &Object,
        self_arg: &Object,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let _ = (code, instruction_offset);
        if self.with_builtins.get()
            && let Some((key, function)) = Self::built_in(callable, self_arg, thread)?
        {
            self.enter(key, |thread| built_in_name(&function, thread), thread);
        }
        Ok(())
    }

    /// _creturn_callback($self, code, instruction_offset, callable, self_arg,
    ///                   /)
    /// --
    ///
    #[method]
    fn _creturn_callback(
        &self,
        code: &Object,
        instruction_offset: &Object,
        callable: &Object,
        self_arg: &Object,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let _ = (code, instruction_offset);
        if self.with_builtins.get()
            && let Some((key, _)) = Self::built_in(callable, self_arg, thread)?
        {
            self.leave(key, thread);
        }
        Ok(())
    }

    /// enable($self, /, subcalls=True, builtins=True)
    /// --
    ///
    /// Start collecting profiling information.
    ///
    ///   subcalls
    ///     If True, also records for each function
    ///     statistics separated according to its current caller.
    ///   builtins
    ///     If True, records the time spent in
    ///     built-in functions separately from their caller.
    #[method]
    fn enable(&self, subcalls: Option<bool>, builtins: Option<bool>, thread: &mut Thread) -> PyResult<()> {
        let tools = Tools::of(thread);
        if tools.name(TOOL).is_some() {
            return Err(raise!(thread, ValueError, "tool {TOOL} is already in use"));
        }
        tools.set_name(TOOL, Some(Str::from_str(TOOL_NAME, thread).into_object()));
        self.with_subcalls.set(subcalls.unwrap_or(true));
        self.with_builtins.set(builtins.unwrap_or(true));
        for (event, name) in CALLBACKS {
            let name = thread.intern_text(name);
            let callback = protocol::get_attribute(self, &name, thread)?;
            drop(tools.set_callback(TOOL, event, Some(callback)));
        }
        let all = CALLBACKS.iter().map(|(event, _)| *event).filter(|it| (*it as usize) < UNGROUPED_EVENTS);
        let events = all.fold(0, |events, event| events | event.bit());
        tools.set_events(TOOL, events, thread)?;
        self.enabled.set(true);
        Ok(())
    }

    /// disable($self, /)
    /// --
    ///
    /// Stop collecting profiling information.
    #[method]
    fn disable(&self, thread: &mut Thread) -> PyResult<()> {
        self.check_not_in_timer("disable", thread)?;
        if self.enabled.replace(false) {
            Tools::of(thread).free(TOOL, thread);
            self.stop_all(thread);
        }
        Ok(())
    }

    /// clear($self, /)
    /// --
    ///
    /// Clear all profiling information collected so far.
    #[method]
    fn clear(&self, thread: &mut Thread) -> PyResult<()> {
        self.check_not_in_timer("clear", thread)?;
        let before = self.statistics.0.take();
        drop(before);
        Ok(())
    }
}

/// A function with its counts, and those of the functions that it called.
type Row = (Py<Object>, Counts, Vec<(Py<Object>, Counts)>);

impl Profiler {
    /// What has been collected for the functions that have returned, the addresses in order.
    fn snapshot(&self) -> Vec<Row> {
        let collected = self.statistics.0.borrow();
        let mut keys: Vec<usize> = collected.functions.keys().copied().collect();
        keys.sort_unstable();
        let returned = keys.iter().map(|key| &collected.functions[key]).filter(|it| it.counts.calls > 0);
        let rows = returned.map(|it| {
            let mut keys: Vec<&usize> = it.subcalls.keys().collect();
            keys.sort_unstable();
            let subcalls = keys.into_iter().map(|key| (key, it.subcalls[key])).filter(|(_, counts)| counts.calls > 0);
            let subcalls = subcalls.filter_map(|(key, counts)| {
                collected.functions.get(key).map(|callee| (callee.function.clone(), counts))
            });
            (it.function.clone(), it.counts, subcalls.collect())
        });
        rows.collect()
    }
}

fn row(function: Py<Object>, counts: Counts, factor: f64, thread: &mut Thread) -> Vec<Py<Object>> {
    let seconds = |ticks: i64, thread: &mut Thread| Float::new(factor * ticks as f64, thread).into_object();
    vec![
        function,
        protocol::make_int(counts.calls.into(), thread),
        protocol::make_int(counts.recursive_calls.into(), thread),
        seconds(counts.total, thread),
        seconds(counts.inline, thread),
    ]
}

pub struct LsprofModule;

/// Fast profiler
#[python_module(name = "_lsprof")]
impl LsprofModule {
    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let entry = struct_sequence::prepare::<Entry>(thread)?;
        let subentry = struct_sequence::prepare::<Subentry>(thread)?;
        module.set("profiler_entry", &entry, thread)?;
        module.set("profiler_subentry", &subentry, thread)?;
        module.set("Profiler", Profiler::class(), thread)
    }
}
