//! Settings of interpreters as `types.SimpleNamespace`, as `_interpreters.new_config` gives them.

use builtins::namespace::SimpleNamespace;
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::{Str, arguments::c_text};
use objects::thread::Thread;
use objects::thread::runtime::{LockChoice, Settings};

/// The settings that are true or false, in the order in which they are shown.
type Flag = (&'static str, fn(&mut Settings) -> &mut bool);
const FLAGS: [Flag; 6] = [
    ("use_main_obmalloc", |it| &mut it.use_main_obmalloc),
    ("allow_fork", |it| &mut it.allow_fork),
    ("allow_exec", |it| &mut it.allow_exec),
    ("allow_threads", |it| &mut it.allow_threads),
    ("allow_daemon_threads", |it| &mut it.allow_daemon_threads),
    ("check_multi_interp_extensions", |it| &mut it.check_multi_interp_extensions),
];

const LOCK: &str = "gil";
const LOCKS: [(&str, LockChoice); 3] =
    [("default", LockChoice::Default), ("shared", LockChoice::Shared), ("own", LockChoice::Own)];

/// The settings of a name.
pub fn named(name: &str, thread: &mut Thread) -> PyResult<Settings> {
    match name {
        "" | "default" | "isolated" => Ok(Settings::ISOLATED),
        "legacy" => Ok(Settings::LEGACY),
        "empty" => Ok(Settings::default()),
        _ => Err(raise!(thread, ValueError, "unsupported config name '{name}'")),
    }
}

/// Changes settings to what a dict says of some of them.
pub fn update(settings: &mut Settings, changes: &Dict, thread: &mut Thread) -> PyResult<()> {
    apply(settings, changes, false, thread)
}

/// Takes the keys of a dict as settings; all must be there if `is_complete`.
fn apply(settings: &mut Settings, dict: &Dict, is_complete: bool, thread: &mut Thread) -> PyResult<()> {
    let rest = Dict::new(thread);
    for (key, value) in dict.items_snapshot(thread) {
        rest.set(&key, &value, thread)?;
    }
    for (name, place) in FLAGS {
        let Some(value) = take(&rest, name, is_complete, thread)? else { continue };
        if !value.is_exactly::<Bool>() {
            return Err(raise!(thread, TypeError, "invalid config type: {name}"));
        }
        *place(settings) = value.is(Bool::get(true));
    }
    if let Some(value) = take(&rest, LOCK, is_complete, thread)? {
        let Some(value) = value.downcast::<Str>() else {
            return Err(raise!(thread, TypeError, "invalid config type: {LOCK}"));
        };
        let value = value.to_string_lossy();
        let Some(choice) = LOCKS.iter().find(|it| it.0 == value) else {
            return Err(raise!(thread, ValueError, "unsupported interpreter config .gil value '{value}'"));
        };
        settings.lock = choice.1;
    }
    match rest.length() {
        0 => Ok(()),
        count => {
            let shown = protocol::repr(&rest, thread)?.to_string_lossy();
            let plural = if count == 1 { "" } else { "s" };
            Err(raise!(thread, ValueError, "config dict has {count} extra item{plural} ({shown})"))
        }
    }
}

fn take(dict: &Dict, name: &str, is_needed: bool, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let key = thread.intern_text(name);
    let value = dict.pop(&key, thread)?;
    if value.is_none() && is_needed {
        return Err(raise!(thread, ValueError, "missing config key: {name}"));
    }
    Ok(value)
}

/// The settings that an argument of `create` means: nothing, a name, or a namespace with all of them.
pub fn of_argument(config: Option<&Object>, thread: &mut Thread) -> PyResult<Settings> {
    let Some(config) = config.filter(|it| !it.is_none()) else { return Ok(Settings::ISOLATED) };
    if let Some(name) = config.downcast::<Str>() {
        return named(&c_text(name, thread)?, thread);
    }
    let dict = protocol::lookup_attribute(config, &names::__dict__, thread)?;
    let Some(dict) = dict.and_then(|it| it.downcast_into::<Dict>().ok()) else {
        let shown = protocol::repr(config, thread)?.to_string_lossy();
        return Err(raise!(thread, TypeError, "bad config {shown}"));
    };
    let mut settings = Settings::default();
    apply(&mut settings, &dict, true, thread)?;
    Ok(settings)
}

/// True for settings with which no interpreter can be: a memory of its own, and modules that were made for one interpreter.
pub fn are_contradictory(settings: &Settings) -> bool {
    !settings.use_main_obmalloc && !settings.check_multi_interp_extensions
}

/// The namespace that shows settings.
pub fn object(settings: Settings, thread: &mut Thread) -> PyResult<Py<Object>> {
    let mut settings = settings;
    let dict = Dict::new(thread);
    for (name, place) in FLAGS {
        let name = thread.intern_text(name);
        dict.set_str(&name, Bool::get(*place(&mut settings)), thread)?;
    }
    let lock = LOCKS.iter().find(|it| it.1 == settings.lock).map_or("default", |it| it.0);
    let (name, lock) = (thread.intern_text(LOCK), thread.intern_text(lock));
    dict.set_str(&name, &lock, thread)?;
    Ok(SimpleNamespace::new(dict, thread).into_object())
}
