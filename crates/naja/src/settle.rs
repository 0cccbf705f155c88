//! What is done once a program has outgrown its start. Called by `run` for the process's interpreter, not for further ones.

use std::cell::Cell;

use objects::thread::Thread;

/// Collections after which a program is no trifle, and its start is over.
const COLLECTIONS_OF_START: u32 = 8;

/// How many collections there were so far, up to [`COLLECTIONS_OF_START`].
#[derive(Default)]
struct Collections(Cell<u32>);

/// Has [`give_back_memory`] called when the program has allocated so much that the start is over.
pub fn settle_after_start(thread: &Thread) {
    let mut handlers = thread.interpreter().pending_handlers.get();
    handlers.collect = Some(|thread| {
        let collections = thread.interpreter().extension::<Collections>();
        collections.0.set(collections.0.get() + 1);
        if collections.0.get() == COLLECTIONS_OF_START {
            let mut handlers = thread.interpreter().pending_handlers.get();
            handlers.collect = Some(objects::gc::collect_when_due);
            thread.interpreter().pending_handlers.set(handlers);
            give_back_memory();
        }
        objects::gc::collect_when_due(thread)
    });
    thread.interpreter().pending_handlers.set(handlers);
}

/// Lets go of the pages of the executable that the start has touched: most are of code and tables that nothing else needs, megabytes of
/// them. Those that are needed again come from the system's cache.
fn give_back_memory() {
    #[cfg(all(target_os = "linux", not(debug_assertions)))]
    {
        unsafe extern "C" {
            // Where the linker puts the executable's first byte, and the end of its code. Neither is read.
            static __executable_start: u8;
            static etext: u8;
        }
        const PAGE: usize = 4096;
        let (start, end) = (&raw const __executable_start, &raw const etext);
        let start = start.with_addr(start.addr().next_multiple_of(PAGE));
        let length = end.addr().saturating_sub(start.addr()) & !(PAGE - 1);
        // SAFETY: what lies between the two is mapped from the file and never written, so dropping its pages loses nothing.
        unsafe {
            libc::madvise(start.cast_mut().cast(), length, libc::MADV_DONTNEED);
        }
    }
}
