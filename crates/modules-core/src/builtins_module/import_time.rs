//! `-X importtime`: how long each import took, itself and with the imports inside it.
//!
//! `importing` calls this around what it loads. The lines go to standard error, in CPython's form.

use std::cell::Cell;
use std::time::{Duration, Instant};

use objects::errors::PyResult;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::sys_module;

/// How deep imports are nested, and what the current one's inner imports have taken so far.
#[derive(Default)]
struct Nesting {
    has_head: Cell<bool>,
    depth: Cell<usize>,
    inner: Cell<Duration>,
}

/// Loads a module, and prints how long that took if `-X importtime` asks for it.
pub fn measured(
    name: &Str,
    load: impl FnOnce(&mut Thread) -> PyResult<Py<Object>>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    if sys_module::settings(thread).import_time.get() == 0 {
        return load(thread);
    }
    let nesting = thread.interpreter().extension::<Nesting>();
    print_head(&nesting);
    let outer = nesting.inner.replace(Duration::ZERO);
    nesting.depth.set(nesting.depth.get() + 1);
    let start = Instant::now();
    let module = load(thread);
    let taken = start.elapsed();
    let depth = nesting.depth.get() - 1;
    nesting.depth.set(depth);
    let own = taken.saturating_sub(nesting.inner.get()).as_micros();
    nesting.inner.set(outer + taken);
    objects::error_line!(
        "import time: {own:9} | {:10} | {:indent$}{}",
        taken.as_micros(),
        "",
        escaped(name),
        indent = depth * 2
    );
    module
}

/// Prints that a module was loaded already, under `-X importtime=2`.
pub fn note_cached(name: &Str, thread: &Thread) {
    if sys_module::settings(thread).import_time.get() < 2 {
        return;
    }
    let nesting = thread.interpreter().extension::<Nesting>();
    print_head(&nesting);
    objects::error_line!(
        "import time: cached    | cached     | {:>width$}",
        escaped(name),
        width = nesting.depth.get() * 2
    );
}

fn print_head(nesting: &Nesting) {
    if !nesting.has_head.replace(true) {
        objects::error_line!("import time: self [us] | cumulative | imported package");
    }
}

/// The name, with lone surrogates as escapes.
fn escaped(name: &Str) -> String {
    name.view()
        .iter()
        .map(|point| char::from_u32(point).map_or_else(|| format!("\\u{point:04x}"), String::from))
        .collect()
}
