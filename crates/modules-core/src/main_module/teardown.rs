//! Taking a finished program apart: the steps and their order are CPython's, since `__del__` and weak references' callbacks can watch them.
//!
//! `sys` forgets what could keep a program's objects, all modules leave `sys.modules`, a collection takes those that nothing needs any
//! more, and the rest have their names set to None, the last imported first, `sys` and `builtins` at the very end.

use objects::dict::Dict;
use objects::errors::PyResult;
use objects::gc::{self, GENERATIONS, Reason};
use objects::module::Module;
use objects::refs::{Field, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::weakref::WeakReference;

/// What `sys` has of the program.
const SPECIAL: [&str; 11] = [
    "path",
    "argv",
    "ps1",
    "ps2",
    "last_exc",
    "last_type",
    "last_value",
    "last_traceback",
    "path_importer_cache",
    "meta_path",
    "path_hooks",
];

const OLDEST: usize = GENERATIONS - 1;

/// Runs what is to run when a program's objects go. The standard streams are to be written out afterwards.
pub fn take_apart(thread: &mut Thread) {
    if thread.interpreter().gc.is_enabled() {
        gc::collect(OLDEST, Reason::Asked, thread);
    }
    let interpreter = thread.interpreter();
    let (Some(builtins), Some(sys)) = (interpreter.builtins.get(), interpreter.sys_dict.get()) else { return };
    let modules = interpreter.modules.get();
    forget_special(&sys, &builtins, thread);
    let left = modules.as_ref().map_or_else(Vec::new, |it| remove_modules(it, thread));
    restore_builtins(&builtins, thread);
    gc::collect(OLDEST, Reason::Shutdown, thread);
    for reference in left.iter().rev() {
        let Some(module) = reference.get() else { continue };
        let Some(dict) = module.downcast::<Module>().map(Module::dict) else { continue };
        if !dict.is(&sys) && !dict.is(&builtins) {
            clear_names(&dict, thread);
        }
        drop(dict);
        module.release(thread);
    }
    clear_names(&sys, thread);
    clear_names(&builtins, thread);
    gc::collect(OLDEST, Reason::Shutdown, thread);
}

/// Sets what `sys` has of the program to None, and gives it the standard streams that it started with.
fn forget_special(sys: &Dict, builtins: &Dict, thread: &mut Thread) {
    let underscore = thread.intern_text("_");
    set_none(builtins, &underscore, thread);
    for name in SPECIAL {
        let name = thread.intern_text(name);
        set_none(sys, &name, thread);
    }
    for (name, original) in [("stdin", "__stdin__"), ("stdout", "__stdout__"), ("stderr", "__stderr__")] {
        let (name, original) = (thread.intern_text(name), thread.intern_text(original));
        let stream = sys.get_str(&original, thread).unwrap_or_else(|| thread.none());
        set(sys, &name, &stream, thread);
    }
}

/// The names of `builtins` as the program found them.
#[derive(Default)]
struct OriginalBuiltins(Field<Dict>);

/// Notes the names of `builtins` before the program runs.
pub fn note_builtins(thread: &mut Thread) -> PyResult<()> {
    if let Some(builtins) = thread.interpreter().builtins.get() {
        let copy = builtins.copy(thread)?;
        thread.interpreter().extension::<OriginalBuiltins>().0.set(Some(copy));
    }
    Ok(())
}

/// Undoes what the program did to `builtins`, so that what it put there goes now.
fn restore_builtins(builtins: &Dict, thread: &mut Thread) {
    let Some(original) = thread.interpreter().extension::<OriginalBuiltins>().0.take() else { return };
    let changed = builtins.items_snapshot(thread);
    for (key, _) in &changed {
        if matches!(original.get(key, thread), Ok(None)) && builtins.delete(key, thread).is_err() {
            drop(thread.take_exception());
        }
    }
    for (key, value) in original.items_snapshot(thread) {
        set(builtins, &key, &value, thread);
    }
    drop(changed);
    thread.reap();
}

/// Empties `sys.modules`; weak references to the modules that were in it, in order.
fn remove_modules(modules: &Dict, thread: &mut Thread) -> Vec<Py<WeakReference>> {
    let mut left = Vec::new();
    for name in keys(modules, thread) {
        let Ok(Some(module)) = modules.get(&name, thread) else {
            drop(thread.take_exception());
            continue;
        };
        if module.downcast::<Module>().is_some() {
            match WeakReference::new(&module, None, thread) {
                Ok(reference) => left.push(reference),
                Err(raised) => drop(thread.catch(raised)),
            }
        }
        drop(module);
        set_none(modules, &name, thread);
    }
    modules.clear(thread);
    thread.reap();
    left
}

/// Sets the names of a module to None: first those that begin with one underscore, then all but `__builtins__`.
fn clear_names(dict: &Dict, thread: &mut Thread) {
    let is_private = |name: &str| name.starts_with('_') && !name.starts_with("__");
    for private in [true, false] {
        for key in keys(dict, thread) {
            let Some(name) = key.downcast::<Str>().map(Str::to_string_lossy) else { continue };
            if is_private(&name) == private && name != "__builtins__" {
                set_none(dict, &key, thread);
            }
        }
    }
}

fn keys(dict: &Dict, thread: &Thread) -> Vec<Py<Object>> {
    dict.items_snapshot(thread).into_iter().map(|(key, _)| key).collect()
}

fn set_none(dict: &Dict, key: &Object, thread: &mut Thread) {
    let none = thread.none();
    set(dict, key, &none, thread);
}

/// Sets a name, and lets the old value go at once.
fn set(dict: &Dict, key: &Object, value: &Object, thread: &mut Thread) {
    if let Err(raised) = dict.set(key, value, thread) {
        drop(thread.catch(raised));
    }
    thread.reap();
}

/// The standard streams that the program started with, to be written out when all else has gone.
pub fn streams(thread: &mut Thread) -> Vec<Py<Object>> {
    let Some(sys) = thread.interpreter().sys_dict.get() else { return Vec::new() };
    let all = ["__stdout__", "__stderr__"].map(|name| sys.get_str(&thread.intern_text(name), thread));
    all.into_iter().flatten().filter(|it| !it.is_none()).collect()
}
