//! What the module takes from the library, and how it calls the event loop.

use std::cell::RefCell;

use objects::errors::{PyResult, Raised};
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::builtins_module::import_module;

/// Functions and classes of the library that the types here rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Library {
    CancelledError,
    InvalidStateError,
    FutureRepr,
    TaskRepr,
    TaskGetStack,
    TaskPrintStack,
    IsCoroutine,
    GetEventLoopPolicy,
    ExtractStack,
    WeakSet,
}

impl Library {
    const COUNT: usize = Self::WeakSet as usize + 1;

    fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::CancelledError => ("asyncio.exceptions", "CancelledError"),
            Self::InvalidStateError => ("asyncio.exceptions", "InvalidStateError"),
            Self::FutureRepr => ("asyncio.base_futures", "_future_repr"),
            Self::TaskRepr => ("asyncio.base_tasks", "_task_repr"),
            Self::TaskGetStack => ("asyncio.base_tasks", "_task_get_stack"),
            Self::TaskPrintStack => ("asyncio.base_tasks", "_task_print_stack"),
            Self::IsCoroutine => ("asyncio.coroutines", "iscoroutine"),
            Self::GetEventLoopPolicy => ("asyncio.events", "_get_event_loop_policy"),
            Self::ExtractStack => ("traceback", "extract_stack"),
            Self::WeakSet => ("weakref", "WeakSet"),
        }
    }

    /// The object, which the interpreter remembers.
    pub fn get(self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let state = thread.interpreter().extension::<Found>();
        if let Some(known) = &state.objects.borrow()[self as usize] {
            return Ok(known.clone());
        }
        let (module, attribute) = self.place();
        let module = import_module(module, thread)?;
        let name = thread.intern_text(attribute);
        let found = protocol::get_attribute(&module, &name, thread)?;
        state.objects.borrow_mut()[self as usize] = Some(found.clone());
        Ok(found)
    }
}

/// What was found in the library; and the name `context` as calls take it.
#[derive(Default)]
struct Found {
    objects: RefCell<[Option<Py<Object>>; Library::COUNT]>,
    context_name: RefCell<Option<Py<Tuple>>>,
}

/// The names of the arguments of a call of which the last is `context`.
fn context_name(thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let state = thread.interpreter().extension::<Found>();
    if let Some(known) = &*state.context_name.borrow() {
        return Ok(known.clone());
    }
    let name: &Str = &names::context;
    let names = Tuple::new(vec![Py::from_ref(name).into_object()], thread)?;
    state.context_name.replace(Some(names.clone()));
    Ok(names)
}

/// Calls a method with a context as the argument of that name.
pub fn call_in_context(
    receiver: &Object,
    method: &Str,
    arguments: &[&Object],
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let names = context_name(thread)?;
    protocol::call_method_vector(receiver, method, arguments, Some(&names), thread)
}

/// `loop.call_soon(callback, argument, context=context)`
pub fn call_soon(
    event_loop: &Object,
    callback: &Object,
    argument: Option<&Object>,
    context: &Object,
    thread: &mut Thread,
) -> PyResult<()> {
    let result = match argument {
        Some(argument) => call_in_context(event_loop, &names::call_soon, &[callback, argument, context], thread),
        None => call_in_context(event_loop, &names::call_soon, &[callback, context], thread),
    };
    result.map(drop)
}

/// Raises an exception of a class of the library.
#[cold]
pub fn raise_of(class: Library, message: &str, thread: &mut Thread) -> Raised {
    let made = class.get(thread).and_then(|class| {
        let message = Str::from_str(message, thread);
        protocol::call_one(&class, &message, thread)
    });
    match made {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

/// The text of an object, for messages.
pub fn shown(object: &Object, thread: &mut Thread) -> PyResult<String> {
    Ok(protocol::repr(object, thread)?.to_string_lossy())
}

/// The loop that a future-like object belongs to.
pub fn loop_of(future: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    if let Some(method) = protocol::lookup_attribute(future, &names::get_loop, thread)? {
        return protocol::call(&method, &[], thread);
    }
    protocol::get_attribute(future, &names::_loop, thread)
}
