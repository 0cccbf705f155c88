//! `_warnings`: issuing warnings. `warnings` has the rest: showing them, and changing the filters.

mod filter;
mod show;
mod source_place;

use std::cell::Cell;

use builtins::context::ContextVar;
use macros::python_module;
use objects::dict::Dict;
use objects::errors::{self, BaseException, PyResult, UserWarning};
use objects::int::Int;
use objects::list::List;
use objects::method::OrNone;
use objects::module::Module;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Type;

use crate::thread_module::Lock;
use filter::{already_warned, find_action};
use source_place::Place;

/// What the module keeps for an interpreter.
#[derive(Default)]
struct State {
    filters: Field<List>,
    once_registry: Field<Dict>,
    default_action: Field<Str>,
    context: Field<ContextVar>,
    /// Counts changes of the filters, so that registries of warnings that were issued know when they are out of date.
    filters_version: Cell<i64>,
    lock: Field<Lock>,
    lock_depth: Cell<u32>,
    lock_owner: Cell<u64>,
}

impl State {
    /// The state, with the filters that a program starts with.
    fn of(thread: &mut Thread) -> PyResult<std::rc::Rc<State>> {
        let state = thread.interpreter().extension::<State>();
        if state.filters.is_empty() {
            let filters = filter::default_filters(thread)?;
            state.filters.set(Some(filters));
            state.once_registry.set(Some(Dict::new(thread)));
            state.default_action.set(Some(Str::from_str("default", thread)));
            let name = Str::from_str("_warnings_context", thread);
            let context = ContextVar::new(&name, None, thread)?;
            state.context.set(Some(context));
            state.lock.set(Some(Lock::new(thread)));
        }
        Ok(state)
    }
}

/// Lets Rust code issue warnings in this interpreter.
pub fn install(thread: &Thread) {
    thread.interpreter().hooks.warn.set(Some(|message, category, stack_level, source, thread| {
        let message = Str::from_str(message, thread);
        let place = Place::of_caller(stack_level, &[], thread)?;
        issue(&message, category, &place, None, source, thread)
    }));
}

/// Issues a warning about a place in a source text: what the compiler has to say.
pub fn warn_about_source(
    message: &str,
    category: &Type,
    filename: &Str,
    line: i32,
    module: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<()> {
    let message = Str::from_str(message, thread);
    let place = Place::of_source(filename, line, module, None, thread)?;
    issue(&message, category, &place, None, None, thread)
}

/// Issues a warning: shows it, raises it, or does nothing, as the filters say.
fn issue(
    message: &Object,
    category: &Type,
    place: &Place,
    source_line: Option<&Object>,
    source: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<()> {
    let is_warning = message.class().is_subtype(errors::Warning.as_type());
    let (text, message, category) = if is_warning {
        let text = protocol::str(message, thread)?.into_object();
        (text, Py::from_ref(message), Py::from_ref(message.class()))
    } else {
        let instance = protocol::call_one(category, message, thread)?;
        (Py::from_ref(message), instance, Py::from_ref(category))
    };
    let line = Int::from_i64(place.line.into(), thread).into_object();
    let key = Tuple::new(vec![text.clone(), category.clone().into_object(), line], thread)?;
    let state = State::of(thread)?;
    if let Some(registry) = &place.registry
        && already_warned(&state, registry, &key, false, thread)?
    {
        return Ok(());
    }
    let (action, filter) = find_action(&state, &category, &text, place, thread)?;
    match action.to_string_lossy().as_str() {
        "error" => return Err(raise_warning(message, thread)),
        "ignore" => return Ok(()),
        "always" | "all" => {}
        other => {
            if let Some(registry) = &place.registry {
                registry.set(&key, objects::bool::Bool::get(true), thread)?;
            }
            let registry = match other {
                "once" => Some(match &place.registry {
                    Some(registry) => registry.clone(),
                    None => filter::once_registry(&state, thread)?,
                }),
                "module" => place.registry.clone(),
                "default" => None,
                _ => {
                    let (action, filter) = (protocol::repr(&action, thread)?, protocol::repr(&filter, thread)?);
                    let (action, filter) = (action.to_string_lossy(), filter.to_string_lossy());
                    return Err(raise!(
                        thread,
                        RuntimeError,
                        "Unrecognized action ({action}) in warnings.filters:\n {filter}"
                    ));
                }
            };
            if let Some(registry) = registry {
                let key = Tuple::new(vec![text.clone(), category.clone().into_object()], thread)?;
                if already_warned(&state, &registry, &key, true, thread)? {
                    return Ok(());
                }
            }
        }
    }
    show::show(&show::Warning { text, message, category, source_line, source }, place, thread)
}

/// Raises a warning as an exception.
#[cold]
fn raise_warning(message: Py<Object>, thread: &mut Thread) -> errors::Raised {
    if message.downcast::<BaseException>().is_none() {
        return raise!(thread, TypeError, "exceptions must derive from BaseException");
    }
    thread.raise(message)
}

/// The category of a warning: that of the message if it is a warning itself.
fn category_of(message: &Object, category: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Type>> {
    if message.class().is_subtype(errors::Warning.as_type()) {
        return Ok(Py::from_ref(message.class()));
    }
    let Some(category) = category.filter(|it| !it.is_none()) else { return Ok(Py::from_ref(UserWarning.as_type())) };
    let class = category.downcast::<Type>().filter(|it| it.is_subtype(errors::Warning.as_type()));
    match class {
        Some(class) => Ok(Py::from_ref(class)),
        None => {
            let found = category.class().full_name();
            Err(raise!(thread, TypeError, "category must be a Warning subclass, not '{found}'"))
        }
    }
}

pub(crate) use show::line_of_file;

pub struct WarningsModule;

/// _warnings provides basic warning filtering support.
/// It is a helper module to speed up interpreter start-up.
#[python_module(name = "_warnings")]
impl WarningsModule {
    /// warn($module, /, message, category=None, stacklevel=1, source=None, *,
    ///      skip_file_prefixes=())
    /// --
    ///
    /// Issue a warning, or maybe ignore it or raise an exception.
    ///
    ///   message
    ///     Text of the warning message.
    ///   category
    ///     The Warning category subclass. Defaults to UserWarning.
    ///   stacklevel
    ///     How far up the call stack to make this warning appear. A value of 2 for
    ///     example attributes the warning to the caller of the code calling warn().
    ///   source
    ///     If supplied, the destroyed object which emitted a ResourceWarning
    ///   skip_file_prefixes
    ///     An optional tuple of module filename prefixes indicating frames to skip
    ///     during stacklevel computations for stack frame attribution.
    #[function]
    fn warn(
        message: &Object,
        category: Option<&Object>,
        #[default(1)] stacklevel: isize,
        source: Option<&Object>,
        skip_file_prefixes: Option<&Tuple>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let category = category_of(message, category, thread)?;
        let mut prefixes = Vec::new();
        for prefix in skip_file_prefixes.map_or(&[] as &[Py<Object>], Tuple::items) {
            let Some(prefix) = prefix.downcast::<Str>() else {
                let found = prefix.class().full_name();
                return Err(raise!(thread, TypeError, "Found non-str '{found}' in skip_file_prefixes."));
            };
            prefixes.push(prefix.to_string_lossy());
        }
        let stacklevel = if prefixes.is_empty() { stacklevel } else { stacklevel.max(2) };
        let place = Place::of_caller(stacklevel, &prefixes, thread)?;
        issue(message, &category, &place, None, source.filter(|it| !it.is_none()), thread)
    }

    /// warn_explicit($module, /, message, category, filename, lineno,
    ///               module=<unrepresentable>, registry=None,
    ///               module_globals=None, source=None)
    /// --
    ///
    /// Issue a warning, or maybe ignore it or raise an exception.
    #[function]
    #[signature("(message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None)")]
    #[expect(clippy::too_many_arguments, reason = "the function has that many")]
    fn warn_explicit(
        message: &Object,
        category: &Object,
        filename: &Str,
        lineno: i32,
        module_: Option<&Object>,
        registry: OrNone<&Object>,
        module_globals: OrNone<&Object>,
        source: OrNone<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let category = category_of(message, Some(category), thread)?;
        let registry = match registry.0.map(|it| (it, it.downcast::<Dict>())) {
            None => None,
            Some((_, Some(registry))) => Some(Py::from_ref(registry)),
            Some((_, None)) => return Err(raise!(thread, TypeError, "'registry' must be a dict or None")),
        };
        let line = match module_globals.0 {
            None => None,
            Some(globals) => match globals.downcast::<Dict>() {
                Some(globals) => source_place::line_from_loader(globals, lineno, thread)?,
                None => {
                    let found = globals.class().full_name();
                    return Err(raise!(thread, TypeError, "module_globals must be a dict, not '{found}'"));
                }
            },
        };
        let place = Place::of_source(filename, lineno, module_, registry, thread)?;
        issue(message, &category, &place, line.as_deref(), source.0, thread)
    }

    /// _filters_mutated_lock_held($module, /)
    /// --
    #[function]
    fn _filters_mutated_lock_held(thread: &mut Thread) -> PyResult<()> {
        let state = State::of(thread)?;
        if state.lock_depth.get() == 0 || state.lock_owner.get() != crate::thread_module::identity() {
            return Err(raise!(thread, RuntimeError, "warnings lock is not held"));
        }
        state.filters_version.set(state.filters_version.get() + 1);
        Ok(())
    }

    /// _acquire_lock($module, /)
    /// --
    #[function]
    fn _acquire_lock(thread: &mut Thread) -> PyResult<()> {
        let state = State::of(thread)?;
        let here = crate::thread_module::identity();
        if state.lock_depth.get() == 0 || state.lock_owner.get() != here {
            let lock = state.lock.get().expect("made with the state");
            lock.acquire_endlessly(thread)?;
            state.lock_owner.set(here);
        }
        state.lock_depth.set(state.lock_depth.get() + 1);
        Ok(())
    }

    /// _release_lock($module, /)
    /// --
    #[function]
    fn _release_lock(thread: &mut Thread) -> PyResult<()> {
        let state = State::of(thread)?;
        let depth = state.lock_depth.get();
        if depth == 0 || state.lock_owner.get() != crate::thread_module::identity() {
            return Err(raise!(thread, RuntimeError, "cannot release un-acquired lock"));
        }
        state.lock_depth.set(depth - 1);
        if depth == 1
            && let Some(lock) = state.lock.get()
        {
            state.lock_owner.set(0);
            lock.free();
        }
        Ok(())
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let state = State::of(thread)?;
        let values = [
            ("filters", state.filters.get().map(Py::into_object)),
            ("_onceregistry", state.once_registry.get().map(Py::into_object)),
            ("_defaultaction", state.default_action.get().map(Py::into_object)),
            ("_warnings_context", state.context.get().map(Py::into_object)),
        ];
        for (name, value) in values {
            if let Some(value) = value {
                module.set(name, &value, thread)?;
            }
        }
        Ok(())
    }
}
