//! Which tasks there are, for `all_tasks`: ours are known by their addresses, which keep nothing alive; others by a `WeakSet`.
//!
//! The invariant: an address is in the registry from when its task is registered until it is done or gone.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use builtins::set::SetObject;
use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::support::{Library, loop_of};
use super::task::Task;

/// What an interpreter knows of its tasks.
#[derive(Default)]
pub struct Registry {
    own: Rc<Slots>,
    /// A `WeakSet` of tasks of other types.
    scheduled: RefCell<Option<Py<Object>>>,
    /// Those that are at their first, eager step.
    eager: RefCell<Option<Py<Object>>>,
}

/// Addresses of tasks, with the free places between them.
#[derive(Default)]
struct Slots {
    addresses: RefCell<Vec<Option<*const Task>>>,
    free: RefCell<Vec<usize>>,
}

/// A task's place in the registry; it is given up with the task.
#[derive(Default)]
pub struct Registration(RefCell<Option<(Rc<Slots>, usize)>>);

impl Traverse for Registration {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl Registration {
    pub fn give_up(&self) {
        if let Some((slots, index)) = self.0.take() {
            slots.addresses.borrow_mut()[index] = None;
            slots.free.borrow_mut().push(index);
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// Notes a task of ours.
pub fn add(task: &Task, thread: &mut Thread) {
    let slots = thread.interpreter().extension::<Registry>().own.clone();
    let mut place = task.registration().0.borrow_mut();
    if place.is_some() {
        return;
    }
    let index = match slots.free.borrow_mut().pop() {
        Some(index) => index,
        None => {
            slots.addresses.borrow_mut().push(None);
            slots.addresses.borrow().len() - 1
        }
    };
    slots.addresses.borrow_mut()[index] = Some(task);
    *place = Some((slots, index));
}

impl Registry {
    fn scheduled(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some(known) = &*self.scheduled.borrow() {
            return Ok(known.clone());
        }
        let class = Library::WeakSet.get(thread)?;
        let made = protocol::call(&class, &[], thread)?;
        self.scheduled.replace(Some(made.clone()));
        Ok(made)
    }

    fn eager(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some(known) = &*self.eager.borrow() {
            return Ok(known.clone());
        }
        let made = new_set(thread)?;
        self.eager.replace(Some(made.clone()));
        Ok(made)
    }
}

/// An empty `set`.
pub fn new_set(thread: &mut Thread) -> PyResult<Py<Object>> {
    let class = thread.intern_text("set");
    let class = protocol::builtin(&class, thread)?;
    protocol::call(&class, &[], thread)
}

/// The two collections of tasks that are not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    Scheduled,
    Eager,
}

/// Notes any task, or forgets it: `method` is `add` or `discard`.
pub fn change(task: &Object, others: Others, method: &str, thread: &mut Thread) -> PyResult<()> {
    if let Some(task) = task.downcast::<Task>() {
        if method == "add" {
            add(task, thread);
        } else if others == Others::Scheduled {
            task.registration().give_up();
        }
        return Ok(());
    }
    let registry = thread.interpreter().extension::<Registry>();
    let collection = match others {
        Others::Scheduled => registry.scheduled(thread)?,
        Others::Eager => registry.eager(thread)?,
    };
    let method = thread.intern_text(method);
    protocol::call_method(&collection, &method, &[task], thread).map(drop)
}

/// The tasks of a loop that are not done, as a set.
pub fn all(event_loop: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let tasks = new_set(thread)?;
    let Some(set) = SetObject::of(&tasks) else { return Ok(tasks) };
    let registry = thread.interpreter().extension::<Registry>();
    for collection in [registry.eager(thread)?, registry.scheduled(thread)?] {
        let list = protocol::collect(&collection, thread)?;
        for task in list {
            let is_done = protocol::call_method(&task, &names::done, &[], thread)?;
            if !protocol::is_true(&is_done, thread)? && loop_of(&task, thread)?.is(event_loop) {
                set.add(&task, thread)?;
            }
        }
    }
    // Strong references first: adding to a set may run Python code.
    let addresses = registry.own.addresses.borrow();
    let own: Vec<Py<Task>> = addresses
        .iter()
        .flatten()
        // SAFETY: a registered task is alive, or at most waits for its deallocation, which its count tells.
        .map(|task| unsafe { &**task })
        .filter(|task| task.reference_count() > 0 && task.is_pending_in(event_loop))
        .map(Py::from_ref)
        .collect();
    drop(addresses);
    for task in own {
        set.add(&task, thread)?;
    }
    Ok(tasks)
}

/// Numbers for the names of tasks.
#[derive(Default)]
pub struct Names(Cell<u64>);

/// The number of the next task without a name.
pub fn next_number(thread: &mut Thread) -> u64 {
    let names = thread.interpreter().extension::<Names>();
    let number = names.0.get() + 1;
    names.0.set(number);
    number
}
