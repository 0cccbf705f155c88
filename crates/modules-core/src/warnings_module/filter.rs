//! Which action the filters have for a warning, and whether it was issued before.

use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{self, ExceptionKind, PyResult};
use objects::int::Int;
use objects::list::List;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Type;

use super::State;
use super::source_place::Place;

/// The filters of a release build of CPython.
pub fn default_filters(thread: &mut Thread) -> PyResult<Py<List>> {
    let rows: [(&str, ExceptionKind, Option<&str>); 5] = [
        ("default", errors::DeprecationWarning, Some("__main__")),
        ("ignore", errors::DeprecationWarning, None),
        ("ignore", errors::PendingDeprecationWarning, None),
        ("ignore", errors::ImportWarning, None),
        ("ignore", errors::ResourceWarning, None),
    ];
    let mut filters = Vec::with_capacity(rows.len());
    for (action, category, module) in rows {
        let module = match module {
            Some(module) => thread.intern_text(module).into_object(),
            None => thread.none(),
        };
        let items = vec![
            thread.intern_text(action).into_object(),
            thread.none(),
            Py::from_ref(category.as_type()).into_object(),
            module,
            Int::from_i64(0, thread).into_object(),
        ];
        filters.push(Tuple::new(items, thread)?.into_object());
    }
    List::new(filters, thread)
}

/// An attribute of `warnings`, if that module is imported and has it.
pub fn warnings_attribute(name: &str, import: bool, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let module_name = thread.intern_text("warnings");
    let modules = thread.interpreter().modules.get();
    let mut module = modules.and_then(|it| it.get_str(&module_name, thread));
    if module.is_none() && import {
        let imported = crate::builtins_module::import_module("warnings", thread);
        module = thread.suppress(imported, errors::ImportError)?;
    }
    let Some(module) = module else { return Ok(None) };
    let name = thread.intern_text(name);
    protocol::lookup_attribute(&module, &name, thread)
}

/// The registry of actions `once`.
pub fn once_registry(state: &State, thread: &mut Thread) -> PyResult<Py<Dict>> {
    if let Some(registry) = warnings_attribute("onceregistry", false, thread)? {
        match registry.downcast_into::<Dict>() {
            Ok(registry) => state.once_registry.set(Some(registry)),
            Err(other) => {
                let found = other.class().full_name();
                return Err(raise!(thread, TypeError, "_warnings.onceregistry must be a dict, not '{found}'"));
            }
        }
    }
    Ok(state.once_registry.get().expect("set when the module starts"))
}

fn default_action(state: &State, thread: &mut Thread) -> PyResult<Py<Str>> {
    if let Some(action) = warnings_attribute("defaultaction", false, thread)? {
        match action.downcast_into::<Str>() {
            Ok(action) => state.default_action.set(Some(action)),
            Err(other) => {
                let found = other.class().full_name();
                return Err(raise!(thread, TypeError, "_warnings.defaultaction must be a string, not '{found}'"));
            }
        }
    }
    Ok(state.default_action.get().expect("set when the module starts"))
}

/// The action for a warning, and the filter that has it (None for the default action).
pub fn find_action(
    state: &State,
    category: &Type,
    text: &Object,
    place: &Place,
    thread: &mut Thread,
) -> PyResult<(Py<Str>, Py<Object>)> {
    let filters = match context_filters(state, thread)? {
        Some(filters) => filters,
        None => global_filters(state, thread)?,
    };
    let mut index = 0;
    while let Some(item) = filters.get(index, thread) {
        if let Some(action) = matching_action(&item, index, category, text, place, thread)? {
            return Ok((action, item));
        }
        index += 1;
    }
    Ok((default_action(state, thread)?, thread.none()))
}

/// The filters of the running context, where `catch_warnings` put some there.
fn context_filters(state: &State, thread: &mut Thread) -> PyResult<Option<Py<List>>> {
    let Some(variable) = state.context.get() else { return Ok(None) };
    let Some(context) = variable.value(thread)? else { return Ok(None) };
    let name = thread.intern_text("_filters");
    let filters = protocol::get_attribute(&context, &name, thread)?;
    match filters.downcast_into::<List>() {
        Ok(filters) => Ok(Some(filters)),
        Err(_) => Err(raise!(thread, ValueError, "_filters of warnings._warnings_context must be a list")),
    }
}

fn global_filters(state: &State, thread: &mut Thread) -> PyResult<Py<List>> {
    if let Some(filters) = warnings_attribute("filters", false, thread)? {
        match filters.downcast_into::<List>() {
            Ok(filters) => state.filters.set(Some(filters)),
            Err(_) => return Err(raise!(thread, ValueError, "_warnings.filters must be a list")),
        }
    }
    Ok(state.filters.get().expect("set when the module starts"))
}

/// The action of a filter if it fits the warning.
fn matching_action(
    item: &Object,
    index: usize,
    category: &Type,
    text: &Object,
    place: &Place,
    thread: &mut Thread,
) -> PyResult<Option<Py<Str>>> {
    let parts = item.downcast::<Tuple>().map(|it| it.items().to_vec()).unwrap_or_default();
    let [action, message, wanted, module, line] = &parts[..] else {
        return Err(raise!(thread, ValueError, "warnings.filters item {index} isn't a 5-tuple"));
    };
    let Some(action) = action.downcast::<Str>() else {
        let found = action.class().full_name();
        return Err(raise!(thread, TypeError, "action must be a string, not '{found}'"));
    };
    let fits = matches(message, text, thread)?
        && matches(module, &place.module, thread)?
        && protocol::is_subclass(category, wanted, thread)?;
    let line = protocol::index_as_isize(line, thread)?;
    Ok((fits && (line == 0 || line == place.line as isize)).then(|| Py::from_ref(action)))
}

/// True if a pattern fits: None, an equal string, or a regular expression that matches.
fn matches(pattern: &Object, text: &Object, thread: &mut Thread) -> PyResult<bool> {
    if pattern.is_none() {
        return Ok(true);
    }
    if let (Some(pattern), Some(text)) = (pattern.downcast_exact::<Str>(), text.downcast::<Str>()) {
        return Ok(pattern.equals(text));
    }
    let name = thread.intern_text("match");
    let found = protocol::call_method(pattern, &name, &[text], thread)?;
    protocol::is_true(&found, thread)
}

/// True if a registry has the key of a warning, so that it was issued since the filters last changed.
pub fn already_warned(state: &State, registry: &Dict, key: &Object, add: bool, thread: &mut Thread) -> PyResult<bool> {
    let version_name = thread.intern_text("version");
    let version = registry.get(&version_name, thread)?;
    let version = version.and_then(|it| it.downcast_exact::<Int>().and_then(Int::to_i64));
    if version == Some(state.filters_version.get()) {
        if let Some(known) = registry.get(key, thread)?
            && protocol::is_true(&known, thread)?
        {
            return Ok(true);
        }
    } else {
        registry.clear(thread);
        let version = Int::from_i64(state.filters_version.get(), thread);
        registry.set(&version_name, &version, thread)?;
    }
    if add {
        registry.set(key, Bool::get(true), thread)?;
    }
    Ok(false)
}
