//! Dicts that are watched: telling the watchers before something changes ([`crate::watchers`]). Whoever changes a dict calls these where
//! [`Dict::watchers`] has bits, which C code sets.

use layout::PyObject;

use super::object::Dict;
use crate::errors::PyResult;
use crate::refs::{Object, deallocate_instance};
use crate::thread::Thread;
use crate::types::Instance as _;
use crate::watchers::{DictEvent, put_off, tell_of_dict};

impl Dict {
    /// Tells the watchers of an event.
    #[cold]
    #[inline(never)]
    pub(super) fn tell(&self, event: DictEvent, key: Option<&Object>, value: Option<&Object>, thread: &mut Thread) {
        tell_of_dict(event, self, self.watchers(), key, value, thread);
    }

    /// `dict[key] = value` is about to happen.
    #[cold]
    #[inline(never)]
    pub(super) fn tell_of_setting(
        &self,
        key: &Object,
        hash: isize,
        value: &Object,
        thread: &mut Thread,
    ) -> PyResult<()> {
        match self.get_with_hash(key, hash, thread)? {
            Some(old) if old.is(value) && !self.is_watched_as_of_instance() => {}
            Some(_) => self.tell(DictEvent::Modified, Some(key), Some(value), thread),
            None => self.tell(DictEvent::Added, Some(key), Some(value), thread),
        }
        Ok(())
    }

    /// A key is about to be deleted, if it is there.
    #[cold]
    #[inline(never)]
    pub(super) fn tell_of_deleting(&self, key: &Object, hash: isize, thread: &mut Thread) -> PyResult<()> {
        if self.get_with_hash(key, hash, thread)?.is_some() {
            self.tell(DictEvent::Deleted, Some(key), None, thread);
        }
        Ok(())
    }

    /// The last pair is about to be deleted.
    #[cold]
    #[inline(never)]
    pub(super) fn tell_of_last(&self, thread: &mut Thread) {
        let mut position = self.end_position(thread);
        let last = self.previous_entry(&mut position, thread).and_then(|index| self.key_of_entry(index, thread));
        if let Some(key) = last {
            self.tell(DictEvent::Deleted, Some(&key), None, thread);
        }
    }

    /// Lets a watcher watch this dict. Its pairs move into a table of its own: the values of an instance change without asking its dict.
    pub fn watch(&self, watcher: usize, thread: &mut Thread) -> PyResult<()> {
        if self.shape_is_shared() {
            self.resize(self.table(thread).log2_size(), true, thread)?;
            self.note_instance();
        }
        self.set_watchers(self.watchers() | 1 << watcher);
        Ok(())
    }

    pub fn unwatch(&self, watcher: usize) {
        self.set_watchers(self.watchers() & !(1 << watcher));
    }
}

/// The deallocator of dicts: watchers are told first.
///
/// # Safety
/// Called as `tp_dealloc` of `dict` or of a subtype.
pub unsafe extern "C-unwind" fn deallocate(object: *mut PyObject) {
    // SAFETY: the memory is intact, and it is a dict.
    let dict = unsafe { &*object.cast::<Dict>() };
    // The deallocators of subtypes cannot wait.
    if dict.watchers() != 0 && std::ptr::eq(dict.class(), Dict::class()) {
        // SAFETY: objects only exist while their thread is attached.
        let mut thread = unsafe { Thread::current() };
        let tell = |it: &Object, thread: &mut Thread| {
            tell_of_dict(DictEvent::Deallocated, it, dict.watchers(), None, None, thread);
        };
        // SAFETY: the count is zero.
        if unsafe { put_off(object, &mut thread, tell) } {
            return;
        }
        dict.set_watchers(0);
    }
    // SAFETY: passed on.
    unsafe { deallocate_instance::<Dict>(object) }
}
