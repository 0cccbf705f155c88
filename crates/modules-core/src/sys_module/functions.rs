//! The functions of `sys`.

use interpreter::frame::{self, FrameObject};
use macros::python_module;
use objects::errors::{BaseException, PyResult};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

pub struct SysModule;

#[python_module(name = "sys")]
impl SysModule {
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
        Err(thread.raise_with_argument(objects::errors::SystemExit, status))
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
        let mut found = frame::first_complete(thread.state().base().current_frame.get().cast());
        for _ in 0..depth {
            // SAFETY: a chain of frames is live as long as its first is current.
            found = found.and_then(|it| frame::first_complete(unsafe { (*it).previous() }));
        }
        match found {
            Some(frame) => FrameObject::of(frame, thread),
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
    fn _getframemodulename(depth: i32, thread: &mut Thread) -> Option<Py<Object>> {
        let mut found = frame::first_complete(thread.state().base().current_frame.get().cast());
        for _ in 0..depth {
            // SAFETY: a chain of frames is live as long as its first is current.
            found = found.and_then(|it| frame::first_complete(unsafe { (*it).previous() }));
        }
        // SAFETY: as above.
        let globals = unsafe { &*found? }.globals();
        globals.downcast::<objects::dict::Dict>()?.get_str(&names::__name__, thread)
    }

    /// getdefaultencoding($module, /)
    /// --
    ///
    /// Return the current default encoding used by the Unicode implementation.
    #[function]
    fn getdefaultencoding() -> &'static str {
        "utf-8"
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
    /// Return the error mode used for Unicode to OS filename conversion.
    #[function]
    fn getfilesystemencodeerrors() -> &'static str {
        "surrogateescape"
    }

    /// exception($module, /)
    /// --
    ///
    /// Return the current exception.
    ///
    /// Return the most recent exception caught by an except clause
    /// in the current stack frame or in an older stack frame, or None
    /// if no such clause exists.
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

    /// displayhook($module, object, /)
    /// --
    ///
    /// Print an object to sys.stdout and also save it in builtins._
    #[function]
    fn displayhook(object: &Object, thread: &mut Thread) -> PyResult<()> {
        if object.is_none() {
            return Ok(());
        }
        let builtins = thread.interpreter().builtins.get();
        let underscore = thread.intern_text("_");
        if let Some(builtins) = &builtins {
            let none = thread.none();
            builtins.set_str(&underscore, &none, thread)?;
        }
        let text = protocol::repr(object, thread)?;
        let stdout = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&names::stdout, thread));
        let Some(stdout) = stdout else { return Err(raise!(thread, RuntimeError, "lost sys.stdout")) };
        protocol::call_method(&stdout, &names::write, &[&text], thread)?;
        let newline = Str::from_str("\n", thread);
        protocol::call_method(&stdout, &names::write, &[&newline], thread)?;
        if let Some(builtins) = builtins {
            builtins.set_str(&underscore, object, thread)?;
        }
        Ok(())
    }

    /// audit($module, event, /, *args)
    /// --
    ///
    /// Passes the event to any hooks that are attached.
    #[function]
    fn audit(event: &Str, args: &[&Object]) {
        // No hook can be attached yet: `addaudithook` is absent.
        let _ = (event, args);
    }

    /// is_finalizing($module, /)
    /// --
    ///
    /// Return True if Python is exiting.
    #[function]
    fn is_finalizing() -> bool {
        false
    }

    #[exec]
    fn exec(module: &objects::module::Module, thread: &mut Thread) -> PyResult<()> {
        super::streams::set_printers(module, thread)
    }
}
