//! The sets of descriptors that `select` takes.

use objects::errors::{PyResult, TypeError};
use objects::list::List;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use system::descriptor;

/// Objects, their descriptors, and the set that the system works on.
pub struct DescriptorSet {
    members: Vec<(i32, Py<Object>)>,
    set: libc::fd_set,
}

fn empty() -> libc::fd_set {
    let mut set = std::mem::MaybeUninit::uninit();
    // SAFETY: the call makes the set whole.
    unsafe {
        libc::FD_ZERO(set.as_mut_ptr());
        set.assume_init()
    }
}

impl DescriptorSet {
    pub fn read(sequence: &Object, thread: &mut Thread) -> PyResult<Self> {
        // A list is read as it is when its turn comes: a `fileno` method may change it meanwhile.
        let items = match sequence.downcast::<List>() {
            Some(list) => Py::from_ref(list),
            None => {
                let items = protocol::collect_by_list(sequence, thread);
                let Some(items) = thread.suppress(items, TypeError)? else {
                    return Err(raise!(thread, TypeError, "arguments 1-3 must be sequences"));
                };
                List::new(items, thread)?
            }
        };
        let mut members = Vec::with_capacity(items.length());
        while let Some(item) = items.get(members.len(), thread) {
            let number = descriptor::from_object(&item, thread)?;
            if number as usize >= libc::FD_SETSIZE {
                return Err(raise!(thread, ValueError, "filedescriptor out of range in select()"));
            }
            members.push((number, item));
        }
        let mut set = Self { members, set: empty() };
        set.restore();
        Ok(set)
    }

    /// Puts all members in again, after a call that was interrupted.
    pub fn restore(&mut self) {
        self.clear();
        for (number, _) in &self.members {
            // SAFETY: the number was checked against the set's size.
            unsafe { libc::FD_SET(*number, &mut self.set) };
        }
    }

    pub fn clear(&mut self) {
        self.set = empty();
    }

    pub fn greatest(&self) -> i32 {
        self.members.iter().map(|it| it.0).max().unwrap_or(-1)
    }

    pub fn pointer(&mut self) -> *mut libc::fd_set {
        if self.members.is_empty() { std::ptr::null_mut() } else { &mut self.set }
    }

    /// The objects whose descriptors are left in the set.
    pub fn ready(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        // SAFETY: the numbers were checked against the set's size.
        let left = self.members.iter().filter(|it| unsafe { libc::FD_ISSET(it.0, &self.set) });
        let objects = left.map(|it| it.1.clone()).collect();
        List::new(objects, thread)
    }
}
