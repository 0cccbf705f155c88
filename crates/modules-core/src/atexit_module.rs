//! `atexit`: functions that are called when the interpreter ends, the last one registered first.

use std::cell::RefCell;

use macros::python_module;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;

/// A function and what it is called with.
#[derive(Clone)]
struct Callback {
    function: Py<Object>,
    arguments: Py<Tuple>,
    keywords: Option<Py<Dict>>,
}

/// The functions of an interpreter, in the order in which they were registered.
#[derive(Default)]
struct Callbacks(RefCell<Vec<Callback>>);

pub struct AtexitModule;

/// allow programmer to define multiple exit functions to be executed
/// upon normal program termination.
///
/// Two public functions, register and unregister, are defined.
#[python_module(name = "atexit")]
impl AtexitModule {
    /// register($module, func, /, *args, **kwargs)
    /// --
    ///
    /// Register a function to be executed upon normal program termination
    ///
    ///     func - function to be called at exit
    ///     args - optional arguments to pass to func
    ///     kwargs - optional keyword arguments to pass to func
    ///
    ///     func is returned to facilitate usage as a decorator.
    #[function]
    #[signature("(*args, **kwargs)")]
    fn register(args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let [function, arguments @ ..] = args else {
            return Err(raise!(thread, TypeError, "register() takes at least 1 argument (0 given)"));
        };
        if function.class().slots().tp_call.get().is_none() {
            return Err(raise!(thread, TypeError, "the first argument must be callable"));
        }
        let function = Py::from_ref(*function);
        let arguments = Tuple::from_slice(arguments, thread)?;
        let callback = Callback { function: function.clone(), arguments, keywords: kwargs };
        thread.interpreter().extension::<Callbacks>().0.borrow_mut().push(callback);
        Ok(function)
    }

    /// _clear($module, /)
    /// --
    ///
    /// Clear the list of previously registered exit functions.
    #[function]
    fn _clear(thread: &mut Thread) {
        let callbacks = thread.interpreter().extension::<Callbacks>().0.take();
        drop(callbacks);
        thread.reap();
    }

    /// unregister($module, func, /)
    /// --
    ///
    /// Unregister an exit function which was previously registered using
    /// atexit.register
    ///
    ///     func - function to be unregistered
    #[function]
    fn unregister(func: &Object, thread: &mut Thread) -> PyResult<()> {
        let callbacks = thread.interpreter().extension::<Callbacks>();
        let known = callbacks.0.borrow().clone();
        for callback in known {
            if protocol::equals(&callback.function, func, thread)? {
                // The comparison may have changed the list: what goes is this very callback.
                let same = |it: &Callback| it.arguments.is(&callback.arguments) && it.function.is(&callback.function);
                callbacks.0.borrow_mut().retain(|it| !same(it));
            }
        }
        Ok(())
    }

    /// _run_exitfuncs($module, /)
    /// --
    ///
    /// Run all registered exit functions.
    ///
    /// If a callback raises an exception, it is logged with sys.unraisablehook.
    #[function]
    fn _run_exitfuncs(thread: &mut Thread) {
        run_all(thread);
    }

    /// _ncallbacks($module, /)
    /// --
    ///
    /// Return the number of registered exit functions.
    #[function]
    fn _ncallbacks(thread: &mut Thread) -> usize {
        thread.interpreter().extension::<Callbacks>().0.borrow().len()
    }
}

/// Calls the functions, and forgets them. What one raises is reported, and the others are called all the same. Those that are registered
/// meanwhile are not called.
pub fn run_all(thread: &mut Thread) {
    let callbacks = thread.interpreter().extension::<Callbacks>();
    let known = callbacks.0.borrow().clone();
    for callback in known.into_iter().rev() {
        let result =
            protocol::call_tuple(&callback.function, &callback.arguments, callback.keywords.as_deref(), thread);
        if let Err(raised) = result {
            thread.report_unraisable(raised, "Exception ignored in atexit callback", Some(&callback.function));
        }
    }
    drop(callbacks.0.take());
    thread.reap();
}
