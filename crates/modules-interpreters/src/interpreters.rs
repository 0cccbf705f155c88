//! `_interpreters`: making interpreters, running code in them, asking about them.

use crossing::data::Data;
use crossing::errors::{InterpreterError, InterpreterNotFoundError, NotShareableError, raise_interpreter_error};
use crossing::identifier::find;
use crossing::session::{self, Call, Job};
use crossing::snapshot::Snapshot;
use crossing::{buffer, data, lifetime, script};
use macros::python_module;
use objects::dict::Dict;
use objects::errors::{BaseException, PyResult};
use objects::list::List;
use objects::module::Module;
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::{Str, arguments::c_text};
use objects::thread::Thread;
use objects::thread::runtime::{Record, Stage, origin, runtime};
use objects::tuple::Tuple;
use objects::types::Instance;

use crate::identifier::{Demand, resolve};
use crate::settings;

/// `(ID, whence)`
fn pair(record: &Record, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let number = make_int(i128::from(record.number()), thread);
    let whence = make_int(i128::from(record.origin()), thread);
    Tuple::new(vec![number, whence], thread)
}

/// What an exception that ended a job is told as; None if none did.
fn told(snapshot: Option<Snapshot>, thread: &mut Thread) -> PyResult<Py<Object>> {
    match snapshot {
        Some(snapshot) => snapshot.object(thread),
        None => Ok(thread.none()),
    }
}

/// Runs code in `__main__` of another interpreter.
fn run_code(record: &'static Record, code: Data, shared: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let names = names_of(shared, thread)?;
    let ended = session::run(record, names, Job::Script(code), thread)?;
    told(ended.exception, thread)
}

fn names_of(shared: Option<&Dict>, thread: &mut Thread) -> PyResult<Vec<(String, Data)>> {
    match shared {
        Some(shared) => session::name_data(shared, thread),
        None => Ok(Vec::new()),
    }
}

/// The dict that an argument is to be; None for nothing.
fn optional_dict<'a>(
    value: Option<&'a Object>,
    function: &str,
    position: usize,
    thread: &mut Thread,
) -> PyResult<Option<&'a Dict>> {
    let Some(value) = value else { return Ok(None) };
    match value.downcast::<Dict>() {
        Some(dict) => Ok(Some(dict)),
        None => {
            let class = if value.is_none() { "None".to_owned() } else { value.class().short_name().to_string() };
            let name = format!("_interpreters.{function}() argument {position}");
            Err(raise!(thread, TypeError, "{name} must be dict, not {class}"))
        }
    }
}

pub struct InterpretersModule;

/// This module provides primitive operations to manage Python interpreters.
/// The 'interpreters' module provides a more convenient interface.
#[python_module(name = "_interpreters")]
impl InterpretersModule {
    /// new_config(name='isolated', /, **overrides) -> type.SimpleNamespace
    ///
    /// Return a representation of a new PyInterpreterConfig.
    ///
    /// The name determines the initial values of the config.  Supported named
    /// configs are: default, isolated, legacy, and empty.
    ///
    /// Any keyword arguments are set on the corresponding config fields,
    /// overriding the initial values.
    #[function]
    #[signature("(name='isolated', /, **overrides)")]
    fn new_config(name: Option<&Str>, overrides: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = match name {
            Some(name) => c_text(name, thread)?,
            None => "isolated".to_owned(),
        };
        let mut chosen = settings::named(&name, thread)?;
        if let Some(overrides) = overrides.filter(|it| !it.is_empty()) {
            settings::update(&mut chosen, &overrides, thread)?;
        }
        settings::object(chosen, thread)
    }

    /// create([config], *, reqrefs=False) -> ID
    ///
    /// Create a new interpreter and return a unique generated ID.
    ///
    /// The caller is responsible for destroying the interpreter before exiting,
    /// typically by using _interpreters.destroy().  This can be managed
    /// automatically by passing "reqrefs=True" and then using _incref() and
    /// _decref() appropriately.
    ///
    /// "config" must be a valid interpreter config or the name of a
    /// predefined config ("isolated" or "legacy").  The default
    /// is "isolated".
    #[function]
    #[signature("(config=None, *, reqrefs=False)")]
    fn create(config: Option<&Object>, reqrefs: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
        let chosen = settings::of_argument(config, thread)?;
        if settings::are_contradictory(&chosen) {
            let first = raise_interpreter_error(format_args!("sub-interpreter creation failed"), thread);
            let first = thread.catch(first);
            let raised = raise_interpreter_error(format_args!("interpreter creation failed"), thread);
            let second = thread.catch(raised);
            second.set_context(Some(first));
            return Err(thread.set_exception(second));
        }
        let record = lifetime::create(chosen, origin::LIBRARY, thread)?;
        record.set_ends_without_references(reqrefs);
        Ok(make_int(i128::from(record.number()), thread))
    }

    /// destroy(id, *, restrict=False)
    ///
    /// Destroy the identified interpreter.
    ///
    /// Attempting to destroy the current interpreter raises InterpreterError.
    /// So does an unrecognized ID.
    #[function]
    #[signature("(id, *, restrict=False)")]
    fn destroy(id: &Object, restrict: bool, thread: &mut Thread) -> PyResult<()> {
        let record = resolve(id, Demand { operation: "destroy", restrict }, thread)?;
        if std::ptr::eq(record, thread.interpreter().record()) {
            let message = format_args!("cannot destroy the current interpreter");
            return Err(raise_interpreter_error(message, thread));
        }
        if record.is_running() {
            return Err(raise_interpreter_error(format_args!("interpreter running"), thread));
        }
        lifetime::end(record, thread);
        Ok(())
    }

    /// list_all() -> [(ID, whence)]
    ///
    /// Return a list containing the ID of every existing interpreter.
    #[function]
    #[signature("(*, require_ready=False)")]
    fn list_all(require_ready: bool, thread: &mut Thread) -> PyResult<Py<List>> {
        let list = List::empty(thread);
        for record in runtime().records() {
            if require_ready && record.stage() < Stage::Ready {
                continue;
            }
            let pair = pair(record, thread)?;
            list.push(pair.into_object(), thread)?;
        }
        Ok(list)
    }

    /// get_current() -> (ID, whence)
    ///
    /// Return the ID of current interpreter.
    #[function]
    #[signature("()")]
    fn get_current(thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let record = thread.interpreter().record();
        pair(record, thread)
    }

    /// get_main() -> (ID, whence)
    ///
    /// Return the ID of main interpreter.
    #[function]
    #[signature("()")]
    fn get_main(thread: &mut Thread) -> PyResult<Py<Tuple>> {
        match runtime().first() {
            Some(record) => pair(record, thread),
            None => Err(raise!(thread, RuntimeError, "missing main interpreter")),
        }
    }

    /// is_running(id, *, restrict=False) -> bool
    ///
    /// Return whether or not the identified interpreter is running.
    #[function]
    #[signature("(id, *, restrict=False)")]
    fn is_running(id: &Object, restrict: bool, thread: &mut Thread) -> PyResult<bool> {
        Ok(resolve(id, Demand { operation: "check if running for", restrict }, thread)?.is_running())
    }

    /// get_config(id, *, restrict=False) -> types.SimpleNamespace
    ///
    /// Return a representation of the config used to initialize the interpreter.
    #[function]
    #[signature("(id, *, restrict=False)")]
    fn get_config(id: &Object, restrict: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
        let record = resolve(id, Demand { operation: "get the config of", restrict }, thread)?;
        settings::object(record.settings(), thread)
    }

    /// whence(id) -> int
    ///
    /// Return an identifier for where the interpreter was created.
    #[function]
    #[signature("(id)")]
    fn whence(id: &Object, thread: &mut Thread) -> PyResult<i64> {
        Ok(find(id, thread)?.origin())
    }

    /// exec(id, code, shared=None, *, restrict=False)
    ///
    /// Execute the provided code in the identified interpreter.
    /// This is equivalent to running the builtin exec() under the target
    /// interpreter, using the __dict__ of its __main__ module as both
    /// globals and locals.
    ///
    /// "code" may be a string containing the text of a Python script.
    ///
    /// Functions (and code objects) are also supported, with some restrictions.
    /// The code/function must not take any arguments or be a closure
    /// (i.e. have cell vars).  Methods and other callables are not supported.
    ///
    /// If a function is provided, its code object is used and all its state
    /// is ignored, including its __globals__ dict.
    #[function]
    #[signature("(id, code, shared=None, *, restrict=False)")]
    fn exec(
        id: &Object,
        code: &Object,
        shared: Option<&Object>,
        restrict: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let shared = optional_dict(shared, "exec", 3, thread)?;
        let record = resolve(id, Demand { operation: "exec code for", restrict }, thread)?;
        let code = script::data(code, false, thread)?;
        run_code(record, code, shared, thread)
    }

    /// run_string(id, script, shared=None, *, restrict=False)
    ///
    /// Execute the provided string in the identified interpreter.
    ///
    /// (See _interpreters.exec().
    #[function]
    #[signature("(id, script, shared=None, *, restrict=False)")]
    fn run_string(
        id: &Object,
        script: &Object,
        shared: Option<&Object>,
        restrict: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        if script.downcast::<Str>().is_none() {
            return Err(raise_wrong_argument("run_string", "str", script, thread));
        }
        let shared = optional_dict(shared, "run_string", 3, thread)?;
        let record = resolve(id, Demand { operation: "run a string in", restrict }, thread)?;
        let code = script::data(script, false, thread)?;
        run_code(record, code, shared, thread)
    }

    /// run_func(id, func, shared=None, *, restrict=False)
    ///
    /// Execute the body of the provided function in the identified interpreter.
    /// Code objects are also supported.  In both cases, closures and args
    /// are not supported.  Methods and other callables are not supported either.
    ///
    /// (See _interpreters.exec().
    #[function]
    #[signature("(id, func, shared=None, *, restrict=False)")]
    fn run_func(
        id: &Object,
        func: &Object,
        shared: Option<&Object>,
        restrict: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let shared = optional_dict(shared, "run_func", 3, thread)?;
        let record = resolve(id, Demand { operation: "run a function in", restrict }, thread)?;
        let is_function = func.downcast::<interpreter::function::Function>().is_some()
            || func.downcast::<interpreter::code::Code>().is_some();
        if !is_function {
            return Err(raise_wrong_argument("run_func", "a function", func, thread));
        }
        let code = script::data(func, false, thread)?;
        run_code(record, code, shared, thread)
    }

    /// call(id, callable, args=None, kwargs=None, *, restrict=False)
    ///
    /// Call the provided object in the identified interpreter.
    /// Pass the given args and kwargs, if possible.
    #[function]
    #[signature("(id, callable, args=None, kwargs=None, *, preserve_exc=False, restrict=False)")]
    fn call(
        id: &Object,
        callable: &Object,
        args: Option<&Object>,
        kwargs: Option<&Object>,
        preserve_exc: bool,
        restrict: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        // The exception itself stays where it was raised, whatever is asked for.
        let _ = preserve_exc;
        let arguments = match args {
            None => None,
            Some(args) => match args.downcast::<Tuple>() {
                Some(args) => Some(args),
                None => {
                    let class = if args.is_none() { "None".into() } else { args.class().short_name().to_string() };
                    let message = "_interpreters.call() argument 3 must be tuple";
                    return Err(raise!(thread, TypeError, "{message}, not {class}"));
                }
            },
        };
        let keywords = optional_dict(kwargs, "call", 4, thread)?;
        let record = resolve(id, Demand { operation: "make a call in", restrict }, thread)?;
        if callable.class().slots().tp_call.get().is_none() {
            let shown = protocol::repr(callable, thread)?.to_string_lossy();
            return Err(raise!(thread, TypeError, "expected a callable, got {shown}"));
        }
        let call = Call::new(callable, arguments, keywords, thread)?;
        let ended = session::run(record, Vec::new(), Job::Call(Box::new(call)), thread)?;
        let exception = told(ended.exception, thread)?;
        let result = ended.result.unwrap_or_else(|| thread.none());
        Tuple::new(vec![result, exception], thread)
    }

    /// set___main___attrs(id, ns, *, restrict=False)
    ///
    /// Bind the given attributes in the interpreter's __main__ module.
    #[function]
    #[signature("(id, updates, *, restrict=False)")]
    #[expect(non_snake_case, reason = "the name is CPython's")]
    fn set___main___attrs(id: &Object, updates: &Object, restrict: bool, thread: &mut Thread) -> PyResult<()> {
        let updates = optional_dict(Some(updates), "set___main___attrs", 2, thread)?;
        let record = resolve(id, Demand { operation: "update __main__ for", restrict }, thread)?;
        let Some(updates) = updates.filter(|it| !it.is_empty()) else {
            return Err(raise!(thread, ValueError, "arg 2 must be a non-empty dict"));
        };
        let names = session::name_data(updates, thread)?;
        session::run(record, names, Job::Prepare, thread)?;
        Ok(())
    }

    #[function]
    #[signature("(id, *, implieslink=False, restrict=False)")]
    fn incref(id: &Object, implieslink: bool, restrict: bool, thread: &mut Thread) -> PyResult<()> {
        let record = resolve(id, Demand { operation: "incref", restrict }, thread)?;
        if implieslink {
            record.set_ends_without_references(true);
        }
        record.add_reference();
        Ok(())
    }

    #[function]
    #[signature("(id, *, restrict=False)")]
    fn decref(id: &Object, restrict: bool, thread: &mut Thread) -> PyResult<()> {
        let record = resolve(id, Demand { operation: "decref", restrict }, thread)?;
        lifetime::remove_reference(record, thread);
        Ok(())
    }

    /// is_shareable(obj) -> bool
    ///
    /// Return True if the object's data may be shared between interpreters and
    /// False otherwise.
    #[function]
    #[signature("(obj)")]
    fn is_shareable(obj: &Object, thread: &mut Thread) -> bool {
        data::is_supported(obj, thread)
    }

    /// capture_exception(exc=None) -> types.SimpleNamespace
    ///
    /// Return a snapshot of an exception.  If "exc" is None
    /// then the current exception, if any, is used (but not cleared).
    ///
    /// The returned snapshot is the same as what _interpreters.exec() returns.
    #[function]
    #[signature("(exc=None)")]
    fn capture_exception(exc: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let exception = match exc.filter(|it| !it.is_none()) {
            Some(given) => match given.downcast::<BaseException>() {
                Some(exception) => Py::from_ref(exception),
                None => {
                    let shown = protocol::repr(given, thread)?.to_string_lossy();
                    return Err(raise!(thread, TypeError, "expected exception, got {shown}"));
                }
            },
            None => match thread.state().handled_exception() {
                Some(exception) => exception,
                None => return Ok(thread.none()),
            },
        };
        Snapshot::of(&exception, thread).object(thread)
    }

    #[exec]
    fn exec_module(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let numbers = [
            ("WHENCE_UNKNOWN", origin::UNKNOWN),
            ("WHENCE_RUNTIME", origin::RUNTIME),
            ("WHENCE_LEGACY_CAPI", origin::LEGACY_C),
            ("WHENCE_CAPI", origin::C),
            ("WHENCE_XI", origin::CROSSING),
            ("WHENCE_STDLIB", origin::LIBRARY),
        ];
        for (name, number) in numbers {
            let number = make_int(i128::from(number), thread);
            module.set(name, &number, thread)?;
        }
        module.set("InterpreterError", InterpreterError::class(), thread)?;
        module.set("InterpreterNotFoundError", InterpreterNotFoundError::class(), thread)?;
        module.set("NotShareableError", NotShareableError::class(), thread)?;
        module.set("CrossInterpreterBufferView", buffer::BufferView::class(), thread)
    }
}

fn raise_wrong_argument(
    function: &str,
    expected: &str,
    found: &Object,
    thread: &mut Thread,
) -> objects::errors::Raised {
    let class = if found.is_none() { "None".to_owned() } else { found.class().short_name().to_string() };
    raise!(thread, TypeError, "_interpreters.{function}() argument 2 must be {expected}, not {class}")
}
