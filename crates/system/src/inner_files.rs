//! Files that lie inside the program: its library seems to be a folder where the program's own file is.
//!
//! Whoever embeds the library says here how to list and read it ([`provide`]); `os.listdir` and `open` ask when the system answers that the program is
//! no folder. So what lists or reads the library beside `os.__file__` goes on working. Nothing can be written there.

use std::cell::Cell;
use std::os::fd::IntoRawFd as _;

use objects::errors::{NotADirectoryError, Raised};
use objects::thread::Thread;

type List = fn(&str, &Thread) -> Option<Vec<&'static str>>;
type Read = fn(&str, &Thread) -> Option<Vec<u8>>;

/// How the interpreter's program is looked into.
#[derive(Default)]
struct InnerFiles(Cell<Option<(List, Read)>>);

/// Says how to look into the program: `list` gives the names in a folder, `read` what a file holds; None for other paths.
pub fn provide(list: List, read: Read, thread: &Thread) {
    thread.interpreter().extension::<InnerFiles>().0.set(Some((list, read)));
}

/// The names in a folder that the system does not know as one; otherwise what was raised.
#[cold]
pub fn list(path: &[u8], raised: Raised, thread: &mut Thread) -> Result<Vec<&'static str>, Raised> {
    ask(path, raised, |(list, _), path, thread| list(path, thread), thread)
}

/// A descriptor from which a file can be read that the system does not know; otherwise what was raised.
#[cold]
pub fn open(path: &[u8], raised: Raised, thread: &mut Thread) -> Result<i32, Raised> {
    ask(path, raised, |(_, read), path, thread| in_memory(&read(path, thread)?), thread)
}

fn ask<T>(
    path: &[u8],
    raised: Raised,
    look: impl FnOnce((List, Read), &str, &Thread) -> Option<T>,
    thread: &mut Thread,
) -> Result<T, Raised> {
    if !thread.raised_is(NotADirectoryError) {
        return Err(raised);
    }
    let provided = thread.interpreter().extension::<InnerFiles>().0.get();
    match provided.zip(std::str::from_utf8(path).ok()).and_then(|(provided, path)| look(provided, path, thread)) {
        Some(found) => {
            drop(thread.catch(raised));
            Ok(found)
        }
        None => Err(raised),
    }
}

/// A file of the memory's with these contents.
fn in_memory(contents: &[u8]) -> Option<i32> {
    use std::io::{Seek as _, Write as _};
    use std::os::fd::FromRawFd as _;
    // SAFETY: a C string and flags.
    let number = unsafe { libc::memfd_create(c"library".as_ptr(), libc::MFD_CLOEXEC) };
    if number < 0 {
        return None;
    }
    // SAFETY: the descriptor is new.
    let mut file = unsafe { std::fs::File::from_raw_fd(number) };
    file.write_all(contents).ok()?;
    file.rewind().ok()?;
    Some(file.into_raw_fd())
}
