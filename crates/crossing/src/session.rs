//! Entering another interpreter on the thread that runs here, and what comes back from there.
//!
//! ```text
//! caller's interpreter          target interpreter
//! objects → Data  ───────────▶  Data → objects, run, result → Data
//! Data → objects  ◀───────────  an exception → Snapshot
//! ```
//! While a thread is in the target, it has the target's lock and not the caller's.

use interpreter::code::Code;
use objects::dict::Dict;
use objects::errors::{BaseException, PyResult, Raised};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::{Str, arguments::c_text};
use objects::thread::Thread;
use objects::thread::runtime::{Record, Stage};
use objects::tuple::Tuple;
use objects::types::Instance as _;

use crate::data::{Data, Fallback};
use crate::errors::{NotShareableError, raise_interpreter_error, raise_not_shareable};
use crate::main_script;
use crate::snapshot::Snapshot;

/// A state of this thread in another interpreter; it ends with this, also when a panic goes by.
struct Visit(Option<Thread>);

impl Drop for Visit {
    fn drop(&mut self) {
        if let Some(thread) = self.0.take() {
            thread.end();
        }
    }
}

/// Does something in an interpreter with a thread that has its lock. Nothing of the caller's interpreter may be touched there, unless it is
/// the same.
pub fn visit<R>(record: &'static Record, thread: &mut Thread, work: impl FnOnce(&mut Thread) -> R) -> Option<R> {
    if std::ptr::eq(thread.interpreter().record(), record) {
        return Some(work(thread));
    }
    let interpreter = record.interpreter()?;
    let bounds = (thread.state().c.c_stack_soft_limit.get(), thread.state().c.c_stack_top.get());
    let base = thread.state().base();
    let identity = (base.thread_id.get(), base.native_thread_id.get());
    Some(thread.without_lock(|| {
        // SAFETY: no state is current in this thread now, and interpreters live as long as the process.
        let mut visit = Visit(Some(unsafe { interpreter.new_thread() }));
        let Some(other) = &mut visit.0 else { unreachable!("it has just been put there") };
        other.set_stack_bounds(bounds.0, bounds.1);
        other.set_identity(identity.0, identity.1);
        other.do_errands();
        let result = work(other);
        other.reap();
        result
    }))
}

/// What is to be done in another interpreter's `__main__`.
pub enum Job {
    /// Nothing but setting names.
    Prepare,
    /// Code without a result.
    Script(Data),
    Call(Box<Call>),
}

/// A call.
pub struct Call {
    function: Data,
    arguments: Option<Data>,
    keywords: Option<Data>,
}

impl Call {
    pub fn new(
        function: &Object,
        arguments: Option<&Tuple>,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Self> {
        let function = Data::of_callable(function, thread);
        let function = function.map_err(|raised| not_shareable_part("func", raised, thread))?;
        let arguments = arguments.filter(|it| !it.items().is_empty());
        let arguments = arguments.map(|it| Data::of(it, Fallback::Full, thread));
        let arguments = arguments.transpose().map_err(|raised| not_shareable_part("args", raised, thread))?;
        let keywords = keywords.filter(|it| !it.is_empty());
        let keywords = keywords.map(|it| Data::of(it, Fallback::Full, thread));
        let keywords = keywords.transpose().map_err(|raised| not_shareable_part("kwargs", raised, thread))?;
        Ok(Self { function, arguments, keywords })
    }
}

/// Other exceptions than NotShareableError become the cause of one.
fn not_shareable_part(part: &str, raised: Raised, thread: &mut Thread) -> Raised {
    let exception = thread.catch(raised);
    if exception.class().is_subtype(NotShareableError::class()) {
        return thread.set_exception(exception);
    }
    raise_not_shareable(format_args!("{part} not shareable"), Some(exception), thread)
}

/// What came of a job.
enum Outcome {
    Done(Option<Data>),
    /// An exception that nobody caught.
    Raised(Snapshot),
    AlreadyRunning,
    /// A part of the call or its result cannot cross: the message, and why.
    NotShareable(&'static str, Snapshot),
    /// The names for `__main__` could not be set.
    NoNames(&'static str),
}

/// The result of a job, or the exception that ended it.
pub struct Ended {
    pub result: Option<Py<Object>>,
    pub exception: Option<Snapshot>,
}

/// The data of names and values that are to be set in `__main__`.
pub fn name_data(names: &Dict, thread: &mut Thread) -> PyResult<Vec<(String, Data)>> {
    let mut found = Vec::new();
    for (name, value) in names.items_snapshot(thread) {
        let Some(name) = name.downcast::<Str>() else {
            return Err(raise!(thread, TypeError, "bad argument type for built-in operation"));
        };
        let name = c_text(name, thread)?;
        found.push((name, Data::of(&value, Fallback::Refuse, thread)?));
    }
    Ok(found)
}

/// Does a job in an interpreter's `__main__`, in which these names are set first.
pub fn run(record: &'static Record, names: Vec<(String, Data)>, job: Job, thread: &mut Thread) -> PyResult<Ended> {
    if record.stage() != Stage::Ready {
        return Err(raise_interpreter_error(format_args!("interpreter is not ready"), thread));
    }
    let outcome = visit(record, thread, |thread| {
        let state = std::ptr::from_ref(thread.state()).addr();
        if !record.start_running(state) {
            return Outcome::AlreadyRunning;
        }
        let outcome = do_job(names, job, thread);
        record.stop_running(state);
        outcome
    });
    let nothing = Ended { result: None, exception: None };
    match outcome {
        None => Err(raise_interpreter_error(format_args!("interpreter is not ready"), thread)),
        Some(Outcome::Done(None)) => Ok(nothing),
        Some(Outcome::Done(Some(data))) => {
            let result = data.object(thread);
            let result = result.map_err(|raised| not_shareable_part("resobj", raised, thread))?;
            Ok(Ended { result: Some(result), exception: None })
        }
        Some(Outcome::Raised(snapshot)) => Ok(Ended { result: None, exception: Some(snapshot) }),
        Some(Outcome::AlreadyRunning) => {
            Err(raise_interpreter_error(format_args!("interpreter already running"), thread))
        }
        Some(Outcome::NotShareable(message, snapshot)) => {
            let told = raise!(thread, Exception, "{}", snapshot.displayed());
            let cause = thread.catch(told);
            Err(raise_not_shareable(format_args!("{message}"), Some(cause), thread))
        }
        Some(Outcome::NoNames(message)) => Err(raise_interpreter_error(format_args!("{message}"), thread)),
    }
}

fn do_job(names: Vec<(String, Data)>, job: Job, thread: &mut Thread) -> Outcome {
    let main = match main_script::namespace(thread) {
        Ok(main) => main,
        Err(raised) => {
            drop(thread.catch(raised));
            return Outcome::NoNames("failed to get __main__ namespace");
        }
    };
    for (name, value) in names {
        let name = thread.intern_text(&name);
        let set = value.object(thread).and_then(|it| main.set_str(&name, &it, thread));
        if let Err(raised) = set {
            drop(thread.catch(raised));
            return Outcome::NoNames("failed to apply namespace to __main__");
        }
    }
    match job {
        Job::Prepare => Outcome::Done(None),
        Job::Script(code) => match run_script(&code, main, thread) {
            Ok(()) => Outcome::Done(None),
            Err(raised) => Outcome::Raised(take_snapshot(raised, thread)),
        },
        Job::Call(call) => make_call(&call, thread),
    }
}

fn take_snapshot(raised: Raised, thread: &mut Thread) -> Snapshot {
    let exception: Py<BaseException> = thread.catch(raised);
    let snapshot = Snapshot::of(&exception, thread);
    Py::into_object(exception).release(thread);
    snapshot
}

fn run_script(code: &Data, main: Py<Dict>, thread: &mut Thread) -> PyResult<()> {
    let code = code.object(thread)?;
    let Ok(code) = code.downcast_into::<Code>() else {
        return Err(raise!(thread, TypeError, "a code object is needed"));
    };
    interpreter::execute::provide_builtins(&main, thread)?;
    let locals = main.clone().into_object();
    interpreter::execute::run_code(code, main, locals, None, thread)?.release(thread);
    Ok(())
}

fn make_call(call: &Call, thread: &mut Thread) -> Outcome {
    let function = match call.function.object(thread) {
        Ok(function) => function,
        Err(raised) => return Outcome::NotShareable("func not shareable", take_snapshot(raised, thread)),
    };
    let arguments = match call.arguments.as_ref().map(|it| it.object(thread)).transpose() {
        Ok(arguments) => arguments.and_then(|it| it.downcast_into::<Tuple>().ok()),
        Err(raised) => return Outcome::NotShareable("args not shareable", take_snapshot(raised, thread)),
    };
    let keywords = match call.keywords.as_ref().map(|it| it.object(thread)).transpose() {
        Ok(keywords) => keywords.and_then(|it| it.downcast_into::<Dict>().ok()),
        Err(raised) => return Outcome::NotShareable("kwargs not shareable", take_snapshot(raised, thread)),
    };
    let called = match arguments {
        Some(arguments) => protocol::call_tuple(&function, &arguments, keywords.as_deref(), thread),
        None => Tuple::new(Vec::new(), thread)
            .and_then(|none| protocol::call_tuple(&function, &none, keywords.as_deref(), thread)),
    };
    let result = match called {
        Ok(result) => result,
        Err(raised) => return Outcome::Raised(take_snapshot(raised, thread)),
    };
    let data = Data::of(&result, Fallback::Full, thread);
    result.release(thread);
    match data {
        Ok(data) => Outcome::Done(Some(data)),
        Err(raised) => {
            let message = "object does not support cross-interpreter data";
            Outcome::NotShareable(message, take_snapshot(raised, thread))
        }
    }
}
