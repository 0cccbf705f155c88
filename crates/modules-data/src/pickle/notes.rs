//! Notes on exceptions that say what was being pickled.

use objects::errors::Raised;
use objects::protocol;
use objects::refs::Object;
use objects::str::Str;
use objects::thread::Thread;

/// The name of an object's type as messages give it in full.
pub fn type_name(object: &Object, thread: &mut Thread) -> String {
    protocol::qualified_name(object.class(), thread)
}

/// Adds a note to the exception that is raised.
#[cold]
#[inline(never)]
pub fn add(raised: Raised, note: &str, thread: &mut Thread) -> Raised {
    let exception = thread.catch(raised);
    let note = Str::from_str(note, thread);
    if let Err(second) = protocol::call_method(&exception, &objects::names::add_note, &[&note], thread) {
        drop(thread.catch(second));
    }
    thread.reraise(exception)
}

/// Notes which part of an object was being written: `when serializing list item 3`.
#[cold]
#[inline(never)]
pub fn add_part(raised: Raised, owner: &Object, part: &str, thread: &mut Thread) -> Raised {
    let note = format!("when serializing {} {part}", type_name(owner, thread));
    add(raised, &note, thread)
}

/// Notes the key of the item that was being written. If the key cannot be shown, that is the exception.
#[cold]
#[inline(never)]
pub fn add_key(raised: Raised, owner: &Object, key: &Object, thread: &mut Thread) -> Raised {
    let exception = thread.catch(raised);
    match protocol::repr(key, thread) {
        Ok(key) => {
            let raised = thread.reraise(exception);
            add_part(raised, owner, &format!("item {}", key.to_string_lossy()), thread)
        }
        Err(second) => {
            let second = thread.catch(second);
            second.set_context(Some(exception));
            thread.reraise(second)
        }
    }
}
