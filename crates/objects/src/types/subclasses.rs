//! Which classes a class has as direct subclasses: kept in the interpreter, so that static types stay shared.

use super::handle::Type;
use crate::thread::Thread;

impl Type {
    /// Notes this type with each of its bases.
    pub(super) fn add_to_bases(&self, bases: &[&Type], thread: &Thread) {
        let mut all = thread.interpreter().subclasses.borrow_mut();
        for base in bases {
            all.entry(base.address()).or_default().push(self);
        }
    }

    /// Forgets this type with each of its bases, before it is freed or gets other bases.
    pub(super) fn remove_from_bases(&self, bases: &[&Type], thread: &Thread) {
        let mut all = thread.interpreter().subclasses.borrow_mut();
        for base in bases {
            if let Some(list) = all.get_mut(&base.address()) {
                list.retain(|it| !std::ptr::eq(*it, self));
            }
        }
    }

    /// Forgets the list of a type that is being freed, which has no subclasses any more.
    pub(super) fn forget_subclasses(&self, thread: &Thread) {
        thread.interpreter().subclasses.borrow_mut().remove(&self.address());
    }

    /// Calls `visit` for each direct subclass, in order of creation.
    pub fn for_each_subclass(&self, thread: &Thread, visit: &mut dyn FnMut(&Type)) {
        let list = thread.interpreter().subclasses.borrow().get(&self.address()).cloned().unwrap_or_default();
        for subclass in list {
            // SAFETY: a type takes itself off the list before it is freed.
            let subclass = unsafe { &*subclass };
            // One without references waits to be freed, and must not be revived.
            if subclass.reference_count() > 0 {
                visit(subclass);
            }
        }
    }
}
