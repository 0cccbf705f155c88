//! The functions of `sys`.

use interpreter::frame::{self, FrameObject};
use interpreter::generator::{async_hooks, set_async_hooks};
use interpreter::traceback;
use macros::python_module;
use objects::dict::Dict;
use objects::errors::{BaseException, PyResult};
use objects::module::Module;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::{Tuple, struct_sequence};
use objects::types::Type;

use super::info::{AsyncGeneratorHooks, LEAST_DIGIT_LIMIT};
use super::{audit, breakpoint, settings, sizes, tracing};

pub struct SysModule;

/// This module provides access to some objects used or maintained by the
/// interpreter and to functions that interact strongly with the interpreter.
///
/// Dynamic objects:
///
/// argv -- command line arguments; argv[0] is the script pathname if known
/// path -- module search path; path[0] is the script directory, else ''
/// modules -- dictionary of loaded modules
///
/// displayhook -- called to show results in an interactive session
/// excepthook -- called to handle any uncaught exception other than SystemExit
///   To customize printing in an interactive session or to install a custom
///   top-level exception handler, assign other functions to replace these.
///
/// stdin -- standard input file object; used by input()
/// stdout -- standard output file object; used by print()
/// stderr -- standard error object; used for error messages
///   By assigning other file objects (or objects that behave like files)
///   to these, it is possible to redirect all of the interpreter's I/O.
///
/// last_exc - the last uncaught exception
///   Only available in an interactive session after a
///   traceback has been printed.
/// last_type -- type of last uncaught exception
/// last_value -- value of last uncaught exception
/// last_traceback -- traceback of last uncaught exception
///   These three are the (deprecated) legacy representation of last_exc.
///
/// Static objects:
///
/// builtin_module_names -- tuple of module names built into this interpreter
/// copyright -- copyright notice pertaining to this interpreter
/// exec_prefix -- prefix used to find the machine-specific Python library
/// executable -- absolute path of the executable binary of the Python interpreter
/// float_info -- a named tuple with information about the float implementation.
/// float_repr_style -- string indicating the style of repr() output for floats
/// hash_info -- a named tuple with information about the hash algorithm.
/// hexversion -- version information encoded as a single integer
/// implementation -- Python implementation information.
/// int_info -- a named tuple with information about the int implementation.
/// maxsize -- the largest supported length of containers.
/// maxunicode -- the value of the largest Unicode code point
/// platform -- platform identifier
/// prefix -- prefix used to find the Python library
/// thread_info -- a named tuple with information about the thread implementation.
/// version -- the version of this interpreter as a string
/// version_info -- version information as a named tuple
/// __stdin__ -- the original stdin; don't touch!
/// __stdout__ -- the original stdout; don't touch!
/// __stderr__ -- the original stderr; don't touch!
/// __displayhook__ -- the original displayhook; don't touch!
/// __excepthook__ -- the original excepthook; don't touch!
///
/// Functions:
///
/// displayhook() -- print an object to the screen, and save it in builtins._
/// excepthook() -- print an exception and its traceback to sys.stderr
/// exception() -- return the current thread's active exception
/// exc_info() -- return information about the current thread's active exception
/// exit() -- exit the interpreter by raising SystemExit
/// getdlopenflags() -- returns flags to be used for dlopen() calls
/// getprofile() -- get the global profiling function
/// getrefcount() -- return the reference count for an object (plus one :-)
/// getrecursionlimit() -- return the max recursion depth for the interpreter
/// getsizeof() -- return the size of an object in bytes
/// gettrace() -- get the global debug tracing function
/// setdlopenflags() -- set the flags to be used for dlopen() calls
/// setprofile() -- set the global profiling function
/// setrecursionlimit() -- set the max recursion depth for the interpreter
/// settrace() -- set the global debug tracing function
#[python_module(name = "sys")]
impl SysModule {
    /// addaudithook($module, /, hook)
    /// --
    ///
    /// Adds a new audit hook callback.
    #[function]
    fn addaudithook(hook: &Object, thread: &mut Thread) -> PyResult<()> {
        audit::add(hook, thread)
    }

    /// audit($module, event, /, *args)
    /// --
    ///
    /// Passes the event to any audit hooks that are attached.
    #[function]
    fn audit(event: &Str, args: &[&Object], thread: &mut Thread) -> PyResult<()> {
        audit::audit_from_program(event, args, thread)
    }

    /// _baserepl($module, /)
    /// --
    ///
    /// Private function for getting the base REPL
    #[function]
    fn _baserepl(thread: &mut Thread) -> PyResult<Py<Object>> {
        crate::main_module::run_base_prompt(thread)
    }

    /// breakpointhook($module, /, *args, **kwargs)
    /// --
    ///
    /// This hook function is called by built-in breakpoint().
    #[function]
    fn breakpointhook(args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<Object>> {
        breakpoint::run(args, kwargs, thread)
    }

    /// _clear_internal_caches($module, /)
    /// --
    ///
    /// Clear all internal performance-related caches.
    #[function]
    fn _clear_internal_caches() {}

    /// _clear_type_cache($module, /)
    /// --
    ///
    /// Clear the internal type lookup cache.
    #[function]
    fn _clear_type_cache(thread: &mut Thread) {
        thread.clear_type_cache();
    }

    /// _clear_type_descriptors($module, type, /)
    /// --
    ///
    /// Private function for clearing certain descriptors from a type's dictionary.
    ///
    /// See gh-135228 for context.
    #[function]
    fn _clear_type_descriptors(class: &Type, thread: &mut Thread) -> PyResult<()> {
        if !class.is_heap_type() {
            return Err(raise!(thread, TypeError, "argument is immutable"));
        }
        let dict = class.dict(thread);
        for name in [&names::__dict__ as &Str, &names::__weakref__] {
            dict.delete(name, thread)?;
        }
        class.modified(thread);
        Ok(())
    }

    /// _current_frames($module, /)
    /// --
    ///
    /// Return a dict mapping each thread's thread id to its current stack frame.
    ///
    /// This function should be used for specialized purposes only.
    #[function]
    fn _current_frames(thread: &mut Thread) -> PyResult<Py<Dict>> {
        thread.audit("sys._current_frames", &[])?;
        settings::current_frames(thread)
    }

    /// _current_exceptions($module, /)
    /// --
    ///
    /// Return a dict mapping each thread's identifier to its current raised exception.
    ///
    /// This function should be used for specialized purposes only.
    #[function]
    fn _current_exceptions(thread: &mut Thread) -> PyResult<Py<Dict>> {
        thread.audit("sys._current_exceptions", &[])?;
        settings::current_exceptions(thread)
    }

    /// displayhook($module, object, /)
    /// --
    ///
    /// Print an object to sys.stdout and also save it in builtins._
    #[function]
    fn displayhook(object: &Object, thread: &mut Thread) -> PyResult<()> {
        settings::display(object, thread)
    }

    /// exception($module, /)
    /// --
    ///
    /// Return the current exception.
    ///
    /// Return the most recent exception caught by an except clause
    /// in the current stack frame or in an older stack frame, or None
    /// if no such exception exists.
    #[function]
    fn exception(thread: &mut Thread) -> Option<Py<BaseException>> {
        thread.handled_exception()
    }

    /// exc_info($module, /)
    /// --
    ///
    /// Return current exception information: (type, value, traceback).
    ///
    /// Return information about the most recent exception caught by an except
    /// clause in the current stack frame or in an older stack frame.
    #[function]
    fn exc_info(thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let none = thread.none();
        let items = match thread.handled_exception() {
            Some(exception) => {
                let traceback = exception.traceback().unwrap_or(none);
                vec![Py::from_ref(exception.class()).into_object(), exception.into_object(), traceback]
            }
            None => vec![none.clone(), none.clone(), none],
        };
        Tuple::new(items, thread)
    }

    /// excepthook($module, exctype, value, traceback, /)
    /// --
    ///
    /// Handle an exception by displaying it with a traceback on sys.stderr.
    #[function]
    fn excepthook(exctype: &Object, value: &Object, trace: &Object, thread: &mut Thread) {
        let _ = exctype;
        traceback::display(value, Some(trace), thread);
    }

    /// exit($module, status=None, /)
    /// --
    ///
    /// Exit the interpreter by raising SystemExit(status).
    ///
    /// If the status is omitted or None, it defaults to zero (i.e., success).
    /// If the status is an integer, it will be used as the system exit status.
    /// If it is another kind of object, it will be printed and the system
    /// exit status will be one (i.e., failure).
    #[function]
    fn exit(status: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let status = status.map_or_else(|| thread.none(), Py::from_ref);
        // A tuple is the arguments of the exception, as CPython has it.
        let exception = match status.downcast_exact::<Tuple>() {
            Some(arguments) => protocol::call_tuple(objects::errors::SystemExit.as_type(), arguments, None, thread)?,
            None if status.is_none() => protocol::call(objects::errors::SystemExit.as_type(), &[], thread)?,
            None => protocol::call_one(objects::errors::SystemExit.as_type(), &status, thread)?,
        };
        Err(thread.raise(exception))
    }

    /// getdefaultencoding($module, /)
    /// --
    ///
    /// Return the current default encoding used by the Unicode implementation.
    #[function]
    fn getdefaultencoding() -> &'static str {
        "utf-8"
    }

    /// getdlopenflags($module, /)
    /// --
    ///
    /// Return the current value of the flags that are used for dlopen calls.
    ///
    /// The flag constants are defined in the os module.
    #[function]
    fn getdlopenflags(thread: &mut Thread) -> i32 {
        settings::of(thread).library_flags.get()
    }

    /// getallocatedblocks($module, /)
    /// --
    ///
    /// Return the number of memory blocks currently allocated.
    #[function]
    fn getallocatedblocks(thread: &mut Thread) -> usize {
        thread.allocator().count_blocks()
    }

    /// getunicodeinternedsize($module, /, *, _only_immortal=False)
    /// --
    ///
    /// Return the number of elements of the unicode interned dictionary
    #[function]
    fn getunicodeinternedsize(_only_immortal: bool, thread: &mut Thread) -> usize {
        let _ = _only_immortal;
        thread.interpreter().interned_count()
    }

    /// getfilesystemencoding($module, /)
    /// --
    ///
    /// Return the encoding used to convert Unicode filenames to OS filenames.
    #[function]
    fn getfilesystemencoding() -> &'static str {
        "utf-8"
    }

    /// getfilesystemencodeerrors($module, /)
    /// --
    ///
    /// Return the error mode used Unicode to OS filename conversion.
    #[function]
    fn getfilesystemencodeerrors() -> &'static str {
        "surrogateescape"
    }

    /// getrefcount($module, object, /)
    /// --
    ///
    /// Return the reference count of object.
    ///
    /// The count returned is generally one higher than you might expect,
    /// because it includes the (temporary) reference as an argument to
    /// getrefcount().
    #[function]
    fn getrefcount(object: &Object) -> u32 {
        object.reference_count()
    }

    /// getrecursionlimit($module, /)
    /// --
    ///
    /// Return the current value of the recursion limit.
    ///
    /// The recursion limit is the maximum depth of the Python interpreter
    /// stack.  This limit prevents infinite recursion from causing an overflow
    /// of the C stack and crashing Python.
    #[function]
    fn getrecursionlimit(thread: &mut Thread) -> i32 {
        thread.state().base().py_recursion_limit.get()
    }

    /// getsizeof(object [, default]) -> int
    ///
    /// Return the size of object in bytes.
    #[function]
    #[signature("(object, default=None)")]
    fn getsizeof(object: &Object, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        sizes::size_with_head(object, default, thread)
    }

    /// _getframe($module, depth=0, /)
    /// --
    ///
    /// Return a frame object from the call stack.
    ///
    /// If optional integer depth is given, return the frame object that many
    /// calls below the top of the stack.  If that is deeper than the call
    /// stack, ValueError is raised.  The default for depth is zero, returning
    /// the frame at the top of the call stack.
    ///
    /// This function should be used for internal and specialized purposes
    /// only.
    #[function]
    fn _getframe(depth: i32, thread: &mut Thread) -> PyResult<Py<FrameObject>> {
        match frame_at(depth, thread) {
            Some(frame) => {
                let frame = FrameObject::of(frame, thread)?;
                audit::audit("sys._getframe", &[&frame], thread)?;
                Ok(frame)
            }
            None => Err(raise!(thread, ValueError, "call stack is not deep enough")),
        }
    }

    /// _getframemodulename($module, /, depth=0)
    /// --
    ///
    /// Return the name of the module for a calling frame.
    ///
    /// The default depth returns the module containing the call to this API.
    /// A more typical use in a library will pass a depth of 1 to get the user's
    /// module rather than the library module.
    ///
    /// If no frame, module, or name can be found, returns None.
    #[function]
    fn _getframemodulename(depth: i32, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let shown = protocol::make_int(depth.into(), thread);
        audit::audit("sys._getframemodulename", &[&shown], thread)?;
        let Some(found) = frame_at(depth, thread) else { return Ok(None) };
        // SAFETY: a chain of frames is live as long as its first is current.
        let function = unsafe { &*found }.function();
        protocol::lookup_attribute(function, &names::__module__, thread)
    }

    /// getswitchinterval($module, /)
    /// --
    ///
    /// Return the current thread switch interval; see sys.setswitchinterval().
    #[function]
    fn getswitchinterval(thread: &mut Thread) -> f64 {
        thread.interpreter().lock().interval() as f64 * 1e-6
    }

    /// setswitchinterval($module, interval, /)
    /// --
    ///
    /// Set the ideal thread switching delay inside the Python interpreter.
    ///
    /// The actual frequency of switching threads can be lower if the
    /// interpreter executes long sequences of uninterruptible code
    /// (this is implementation-specific and workload-dependent).
    ///
    /// The parameter must represent the desired switching delay in seconds
    /// A typical value is 0.005 (5 milliseconds).
    #[function]
    fn setswitchinterval(interval: f64, thread: &mut Thread) -> PyResult<()> {
        if interval <= 0.0 {
            return Err(raise!(thread, ValueError, "switch interval must be strictly positive"));
        }
        thread.interpreter().lock().set_interval((interval * 1e6) as u64);
        Ok(())
    }

    /// intern($module, string, /)
    /// --
    ///
    /// ``Intern'' the given string.
    ///
    /// This enters the string in the (global) table of interned strings whose
    /// purpose is to speed up dictionary lookups. Return the string itself or
    /// the previously interned string object with the same value.
    #[function]
    fn intern(string: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
        if !string.is_exactly::<Str>() {
            let found = string.class().short_name();
            return Err(raise!(thread, TypeError, "can't intern {found}"));
        }
        Ok(thread.intern(string))
    }

    /// _is_interned($module, string, /)
    /// --
    ///
    /// Return True if the given string is "interned".
    #[function]
    fn _is_interned(string: &Str) -> bool {
        string.is_interned()
    }

    /// _is_immortal($module, op, /)
    /// --
    ///
    /// Return True if the given object is "immortal" per PEP 683.
    ///
    /// This function should be used for specialized purposes only.
    #[function]
    fn _is_immortal(op: &Object) -> bool {
        op.is_immortal()
    }

    /// is_finalizing($module, /)
    /// --
    ///
    /// Return True if Python is exiting.
    #[function]
    fn is_finalizing(thread: &mut Thread) -> bool {
        settings::of(thread).finalizing.get()
    }

    /// setdlopenflags($module, flags, /)
    /// --
    ///
    /// Set the flags used by the interpreter for dlopen calls.
    ///
    /// This is used, for example, when the interpreter loads extension
    /// modules. Among other things, this will enable a lazy resolving of
    /// symbols when importing a module, if called as sys.setdlopenflags(0).
    /// To share symbols across extension modules, call as
    /// sys.setdlopenflags(os.RTLD_GLOBAL).  Symbolic names for the flag
    /// modules can be found in the os module (RTLD_xxx constants, e.g.
    /// os.RTLD_LAZY).
    #[function]
    fn setdlopenflags(flags: i32, thread: &mut Thread) {
        settings::of(thread).library_flags.set(flags);
    }

    /// setprofile($module, function, /)
    /// --
    ///
    /// Set the profiling function.
    ///
    /// It will be called on each function call and return.  See the profiler
    /// chapter in the library manual.
    #[function]
    fn setprofile(function: &Object, thread: &mut Thread) -> PyResult<()> {
        tracing::set_profile(function, thread)
    }

    /// _setprofileallthreads($module, function, /)
    /// --
    ///
    /// Set the profiling function in all running threads belonging to the current interpreter.
    ///
    /// It will be called on each function call and return.  See the profiler
    /// chapter in the library manual.
    #[function]
    fn _setprofileallthreads(function: &Object, thread: &mut Thread) -> PyResult<()> {
        tracing::set_profile_in_all_threads(function, thread)
    }

    /// getprofile($module, /)
    /// --
    ///
    /// Return the profiling function set with sys.setprofile.
    ///
    /// See the profiler chapter in the library manual.
    #[function]
    fn getprofile(thread: &mut Thread) -> Option<Py<Object>> {
        tracing::profile(thread)
    }

    /// settrace($module, function, /)
    /// --
    ///
    /// Set the global debug tracing function.
    ///
    /// It will be called on each function call.  See the debugger chapter
    /// in the library manual.
    #[function]
    fn settrace(function: &Object, thread: &mut Thread) -> PyResult<()> {
        tracing::set_trace(function, thread)
    }

    /// _settraceallthreads($module, function, /)
    /// --
    ///
    /// Set the global debug tracing function in all running threads belonging to the current interpreter.
    ///
    /// It will be called on each function call. See the debugger chapter
    /// in the library manual.
    #[function]
    fn _settraceallthreads(function: &Object, thread: &mut Thread) -> PyResult<()> {
        tracing::set_trace_in_all_threads(function, thread)
    }

    /// gettrace($module, /)
    /// --
    ///
    /// Return the global debug tracing function set with sys.settrace.
    ///
    /// See the debugger chapter in the library manual.
    #[function]
    fn gettrace(thread: &mut Thread) -> Option<Py<Object>> {
        tracing::trace(thread)
    }

    /// call_tracing($module, func, args, /)
    /// --
    ///
    /// Call func(*args), while tracing is enabled.
    ///
    /// The tracing state is saved, and restored afterwards.  This is intended
    /// to be called from a debugger from a checkpoint, to recursively debug
    /// some other code.
    #[function]
    fn call_tracing(func: &Object, args: &Tuple, thread: &mut Thread) -> PyResult<Py<Object>> {
        tracing::call_traced(func, args, thread)
    }

    /// setrecursionlimit($module, limit, /)
    /// --
    ///
    /// Set the maximum depth of the Python interpreter stack to n.
    ///
    /// This limit prevents infinite recursion from causing an overflow of the C
    /// stack and crashing Python.  The highest possible limit is platform-
    /// dependent.
    #[function]
    fn setrecursionlimit(limit: i32, thread: &mut Thread) -> PyResult<()> {
        if limit < 1 {
            return Err(raise!(thread, ValueError, "recursion limit must be greater or equal than 1"));
        }
        let depth = thread.recursion_depth();
        if depth >= limit {
            return Err(raise!(
                thread,
                RecursionError,
                "cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low"
            ));
        }
        thread.set_recursion_limit(limit);
        Ok(())
    }

    /// set_coroutine_origin_tracking_depth($module, /, depth)
    /// --
    ///
    /// Enable or disable origin tracking for coroutine objects in this thread.
    ///
    /// Coroutine objects will track 'depth' frames of traceback information
    /// about where they came from, available in their cr_origin attribute.
    ///
    /// Set a depth of 0 to disable.
    #[function]
    fn set_coroutine_origin_tracking_depth(depth: i32, thread: &mut Thread) -> PyResult<()> {
        if depth < 0 {
            return Err(raise!(thread, ValueError, "depth must be >= 0"));
        }
        thread.state().base().coroutine_origin_tracking_depth.set(depth);
        Ok(())
    }

    /// get_coroutine_origin_tracking_depth($module, /)
    /// --
    ///
    /// Check status of origin tracking for coroutine objects in this thread.
    #[function]
    fn get_coroutine_origin_tracking_depth(thread: &mut Thread) -> i32 {
        thread.state().base().coroutine_origin_tracking_depth.get()
    }

    /// set_asyncgen_hooks([firstiter] [, finalizer])
    ///
    /// Set a finalizer for async generators objects.
    #[function]
    #[signature("(firstiter=None, finalizer=None)")]
    fn set_asyncgen_hooks(firstiter: Option<&Object>, finalizer: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let (mut first, mut last) = async_hooks(thread);
        for (hook, given, name) in [(&mut last, finalizer, "finalizer"), (&mut first, firstiter, "firstiter")] {
            let Some(given) = given else { continue };
            let callable = given.class().slots().tp_call.get().is_some();
            if !callable && !given.is_none() {
                let found = given.class().full_name();
                return Err(raise!(thread, TypeError, "callable {name} expected, got {found}"));
            }
            let event = format!("sys.set_asyncgen_hook_{name}");
            audit::audit(&event, &[], thread)?;
            *hook = (!given.is_none()).then(|| Py::from_ref(given));
        }
        set_async_hooks(first, last, thread);
        Ok(())
    }

    /// get_asyncgen_hooks($module, /)
    /// --
    ///
    /// Return the installed asynchronous generators hooks.
    ///
    /// This returns a namedtuple of the form (firstiter, finalizer).
    #[function]
    fn get_asyncgen_hooks(thread: &mut Thread) -> PyResult<Py<Object>> {
        let (first, last) = async_hooks(thread);
        let none = thread.none();
        let values = vec![first.unwrap_or_else(|| none.clone()), last.unwrap_or(none)];
        struct_sequence::make::<AsyncGeneratorHooks>(values, thread)
    }

    /// unraisablehook($module, unraisable, /)
    /// --
    ///
    /// Handle an unraisable exception.
    ///
    /// The unraisable argument has the following attributes:
    ///
    /// * exc_type: Exception type.
    /// * exc_value: Exception value, can be None.
    /// * exc_traceback: Exception traceback, can be None.
    /// * err_msg: Error message, can be None.
    /// * object: Object causing the exception, can be None.
    #[function]
    fn unraisablehook(unraisable: &Object, thread: &mut Thread) -> PyResult<()> {
        traceback::unraisable_hook(unraisable, thread)
    }

    /// get_int_max_str_digits($module, /)
    /// --
    ///
    /// Return the maximum string digits limit for non-binary int<->str conversions.
    #[function]
    fn get_int_max_str_digits(thread: &mut Thread) -> usize {
        thread.interpreter().maximum_integer_digits.get()
    }

    /// set_int_max_str_digits($module, /, maxdigits)
    /// --
    ///
    /// Set the maximum string digits limit for non-binary int<->str conversions.
    #[function]
    fn set_int_max_str_digits(maxdigits: i32, thread: &mut Thread) -> PyResult<()> {
        match usize::try_from(maxdigits) {
            Ok(digits) if digits == 0 || digits >= LEAST_DIGIT_LIMIT => {
                thread.interpreter().maximum_integer_digits.set(digits);
                Ok(())
            }
            _ => Err(raise!(thread, ValueError, "maxdigits must be >= {LEAST_DIGIT_LIMIT} or 0 for unlimited")),
        }
    }

    /// _get_cpu_count_config($module, /)
    /// --
    ///
    /// Private function for getting PyConfig.cpu_count
    #[function]
    fn _get_cpu_count_config(thread: &mut Thread) -> i32 {
        thread.interpreter().processor_count.get()
    }

    /// _is_gil_enabled($module, /)
    /// --
    ///
    /// Return True if the GIL is currently enabled and False otherwise.
    #[function]
    fn _is_gil_enabled() -> bool {
        true
    }

    /// _debugmallocstats($module, /)
    /// --
    ///
    /// Print summary info to stderr about the state of pymalloc's structures.
    ///
    /// In Py_DEBUG mode, also perform some expensive internal consistency
    /// checks.
    #[function]
    fn _debugmallocstats(thread: &mut Thread) {
        sizes::print_statistics(thread);
    }

    /// activate_stack_trampoline($module, backend, /)
    /// --
    ///
    /// Activate stack profiler trampoline *backend*.
    #[function]
    fn activate_stack_trampoline(backend: &Str, thread: &mut Thread) -> PyResult<()> {
        let backend = backend.to_string_lossy();
        if matches!(backend.as_str(), "perf" | "perf_jit") {
            return Err(raise!(thread, ValueError, "{backend} trampoline not available"));
        }
        Err(raise!(thread, ValueError, "invalid backend: {backend}"))
    }

    /// deactivate_stack_trampoline($module, /)
    /// --
    ///
    /// Deactivate the current stack profiler trampoline backend.
    ///
    /// If no stack profiler is activated, this function has no effect.
    #[function]
    fn deactivate_stack_trampoline() {}

    /// is_stack_trampoline_active($module, /)
    /// --
    ///
    /// Return *True* if a stack profiler trampoline is active.
    #[function]
    fn is_stack_trampoline_active() -> bool {
        false
    }

    /// is_remote_debug_enabled($module, /)
    /// --
    ///
    /// Return True if remote debugging is enabled, False otherwise.
    #[function]
    fn is_remote_debug_enabled() -> bool {
        false
    }

    /// remote_exec($module, /, pid, script)
    /// --
    ///
    /// Executes a file containing Python code in a given remote Python process.
    ///
    /// This function returns immediately, and the code will be executed by the
    /// target process's main thread at the next available opportunity,
    /// similarly to how signals are handled.  There is no interface to
    /// determine when the code has been executed.  The caller is responsible
    /// for making sure that the file still exists whenever the remote process
    /// tries to read it and that it hasn't been overwritten.
    ///
    /// The remote process must be running a CPython interpreter of the same
    /// major and minor version as the local process.  If either the local or
    /// remote interpreter is pre-release (alpha, beta, or release candidate)
    /// then the local and remote interpreters must be the same exact version.
    ///
    /// Args:
    ///      pid (int): The process ID of the target Python process.
    ///      script (str|bytes): The path to a file containing
    ///          the Python code to be executed.
    #[function]
    fn remote_exec(pid: i32, script: &Object, thread: &mut Thread) -> PyResult<()> {
        let _ = (pid, script);
        Err(raise!(thread, RuntimeError, "Remote debugging is not enabled"))
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let dict = module.dict();
        for name in ["displayhook", "excepthook", "unraisablehook", "breakpointhook"] {
            let function = thread.intern_text(name);
            if let Some(function) = dict.get_str(&function, thread) {
                module.set(&format!("__{name}__"), &function, thread)?;
            }
        }
        super::streams::set_printers(module, thread)
    }
}

/// The frame so many calls up.
fn frame_at(depth: i32, thread: &Thread) -> Option<*mut frame::Frame> {
    let mut found = frame::first_complete(thread.state().base().current_frame.get().cast());
    for _ in 0..depth {
        // SAFETY: a chain of frames is live as long as its first is current.
        found = found.and_then(|it| frame::first_complete(unsafe { (*it).previous() }));
    }
    found
}
