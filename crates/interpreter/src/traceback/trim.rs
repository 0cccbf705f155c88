//! Taking the import system's own frames out of a traceback: nobody wants to read how `import` works where an import failed.
//!
//! `__import__` comes here with what an import raised. The rule is that of CPython's `import.c`: a run of frames of `importlib` goes if the
//! exception is an ImportError, otherwise the part of it up to `_call_with_frames_removed`, below which a module's own code runs.

use objects::errors::{BaseException, ImportError, PyResult};
use objects::refs::Py;
use objects::thread::Thread;

use super::Traceback;

const FILES: [&str; 2] = ["<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>"];
const MARK: &str = "_call_with_frames_removed";

/// Takes the frames out of an exception's traceback.
pub fn trim_import_frames(exception: &BaseException, thread: &mut Thread) -> PyResult<()> {
    let always = exception.class().is_subtype(ImportError.as_type());
    let mut entries = Vec::new();
    let mut next = exception.traceback().and_then(|it| it.downcast_into::<Traceback>().ok());
    while let Some(entry) = next {
        next = entry.next();
        entries.push(entry);
    }
    let mut kept: Vec<Py<Traceback>> = Vec::with_capacity(entries.len());
    // How many were kept when the run of importlib's frames began.
    let mut run_start = None;
    let mut changed = false;
    for entry in entries {
        let (is_importlib, is_mark) = describe(&entry, thread)?;
        if !is_importlib {
            run_start = None;
            kept.push(entry);
            continue;
        }
        let start = *run_start.get_or_insert(kept.len());
        if always || is_mark {
            kept.truncate(start);
            changed = true;
        } else {
            kept.push(entry);
        }
    }
    if changed {
        relink(exception, &kept);
    }
    Ok(())
}

/// Whether a frame is of importlib, and whether it is the one that calls what is not.
fn describe(entry: &Traceback, thread: &mut Thread) -> PyResult<(bool, bool)> {
    let Some(frame) = entry.frame() else { return Ok((false, false)) };
    let code = frame.code(thread)?;
    let file = code.filename().to_string_lossy();
    let is_importlib = FILES.contains(&&*file);
    Ok((is_importlib, is_importlib && code.name().to_string_lossy() == MARK))
}

fn relink(exception: &BaseException, kept: &[Py<Traceback>]) {
    for (index, entry) in kept.iter().enumerate() {
        entry.next.set(kept.get(index + 1).cloned());
    }
    exception.set_traceback(kept.first().map(|it| it.clone().into_object()));
}
