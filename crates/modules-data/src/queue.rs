//! `_queue`: `SimpleQueue`, an unbounded queue for threads.
//!
//! A thread that finds the queue empty puts a lock of its own, which is held, among the queue's waiters and waits for it; whoever puts an item frees the
//! first. A waiter that was called but takes nothing calls the next, so that no item lies there while a thread waits.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::mem::offset_of;
use std::sync::Arc;

use layout::PyObject;
use macros::{Instance, python_module, python_type};
use objects::errors::{Exception, PyResult, Raised};
use objects::gc::{Traverse, Visitor};
use objects::module::Module;
use objects::names;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, Type, TypeDeclaration};
use system::clock::{self, Rounding};
use system::futex::{Futex, Outcome};

use crate::exception_class::Place;

/// The types of the module.
pub const TYPES: &[&TypeDeclaration] = &[SimpleQueue::DECLARATION];

/// What the module keeps for an interpreter.
#[derive(Default)]
struct State {
    /// `Empty`.
    empty: Place,
}

/// The items.
#[derive(Default)]
struct Items(RefCell<VecDeque<Py<Object>>>);

impl Traverse for Items {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.0.borrow().iter().for_each(|item| item.traverse(visitor));
    }

    fn clear(&self) {
        drop(self.0.take());
    }
}

/// The locks that threads wait for, the longest waiting first.
#[derive(Default)]
struct Waiters(RefCell<VecDeque<Arc<Futex>>>);

impl Traverse for Waiters {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

#[derive(Instance)]
#[repr(C)]
pub struct SimpleQueue {
    header: Header,
    items: Items,
    waiters: Waiters,
    weak_references: Cell<*mut PyObject>,
}

impl SimpleQueue {
    fn push(&self, item: &Object) {
        self.items.0.borrow_mut().push_back(Py::from_ref(item));
        self.call_next();
    }

    /// Wakes the thread that has waited longest.
    fn call_next(&self) {
        if let Some(waiter) = self.waiters.0.borrow_mut().pop_front() {
            waiter.release();
        }
    }

    fn pop(&self) -> Option<Py<Object>> {
        self.items.0.borrow_mut().pop_front()
    }

    /// Waits until somebody puts an item, or the deadline passes; true if this thread was called.
    fn wait(&self, deadline: Option<std::time::Instant>, thread: &mut Thread) -> PyResult<bool> {
        let waiter = Arc::new(Futex::default());
        waiter.try_acquire();
        self.waiters.0.borrow_mut().push_back(waiter.clone());
        loop {
            let outcome = match thread.without_lock(|| waiter.acquire(deadline)) {
                Outcome::Acquired => return Ok(true),
                Outcome::TimedOut => Ok(false),
                Outcome::Interrupted => match thread.check_signals() {
                    Ok(()) => continue,
                    Err(raised) => Err(raised),
                },
            };
            self.give_up(&waiter);
            return outcome;
        }
    }

    /// Stops waiting. If this thread has been called meanwhile, another is called instead.
    fn give_up(&self, waiter: &Arc<Futex>) {
        let mut waiters = self.waiters.0.borrow_mut();
        let at = waiters.iter().position(|it| Arc::ptr_eq(it, waiter));
        match at {
            Some(at) => drop(waiters.remove(at)),
            None => {
                drop(waiters);
                if !self.items.0.borrow().is_empty() {
                    self.call_next();
                }
            }
        }
    }

    fn take(&self, block: bool, timeout: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut deadline = None;
        let mut patient = block;
        if block && let Some(timeout) = timeout.filter(|it| !it.is_none()) {
            let length = clock::nanoseconds(timeout, Rounding::Ceiling, thread)?;
            if length < 0 {
                return Err(raise!(thread, ValueError, "'timeout' must be a non-negative number"));
            }
            patient = length > 0;
            deadline = std::time::Instant::now().checked_add(std::time::Duration::from_nanos(length.unsigned_abs()));
        }
        loop {
            if let Some(item) = self.pop() {
                return Ok(item);
            }
            if !patient || !self.wait(deadline, thread)? {
                return match self.pop() {
                    Some(item) => Ok(item),
                    None => Err(raise_empty(thread)),
                };
            }
        }
    }
}

/// `Empty`.
fn empty_class(thread: &mut Thread) -> PyResult<Py<Object>> {
    let state = thread.interpreter().extension::<State>();
    state.empty.class("_queue", "Empty", Exception, thread)
}

#[cold]
fn raise_empty(thread: &mut Thread) -> Raised {
    match empty_class(thread).and_then(|class| protocol::call(&class, &[], thread)) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

/// SimpleQueue()
/// --
///
/// Simple, unbounded, reentrant FIFO queue.
#[python_type(
    name = "_queue.SimpleQueue", base = BaseObject, flags(HEAPTYPE, BASETYPE, IMMUTABLETYPE),
    weaklist_offset = offset_of!(SimpleQueue, weak_references)
)]
impl SimpleQueue {
    #[new]
    #[signature("()")]
    fn new(class: &Type, thread: &mut Thread) -> PyResult<Py<SimpleQueue>> {
        let value = SimpleQueue {
            header: Header::new(SimpleQueue::class()),
            items: Items::default(),
            waiters: Waiters::default(),
            weak_references: Cell::new(std::ptr::null_mut()),
        };
        Py::new_in(class, value, thread)
    }

    /// put($self, /, item, block=True, timeout=None)
    /// --
    ///
    /// Put the item on the queue.
    ///
    /// The optional 'block' and 'timeout' arguments are ignored, as this
    /// method never blocks.  They are provided for compatibility with the
    /// Queue class.
    #[method]
    fn put(&self, item: &Object, block: Option<bool>, timeout: Option<&Object>) {
        let _ = (block, timeout);
        self.push(item);
    }

    /// put_nowait($self, /, item)
    /// --
    ///
    /// Put an item into the queue without blocking.
    ///
    /// This is exactly equivalent to `put(item)` and is only provided
    /// for compatibility with the Queue class.
    #[method]
    fn put_nowait(&self, item: &Object) {
        self.push(item);
    }

    /// get($self, /, block=True, timeout=None)
    /// --
    ///
    /// Remove and return an item from the queue.
    ///
    /// If optional args 'block' is true and 'timeout' is None (the
    /// default), block if necessary until an item is available.  If
    /// 'timeout' is a non-negative number, it blocks at most 'timeout'
    /// seconds and raises the Empty exception if no item was available
    /// within that time.
    /// Otherwise ('block' is false), return an item if one is immediately
    /// available, else raise the Empty exception ('timeout' is ignored
    /// in that case).
    #[defining_class]
    #[method]
    fn get(&self, block: Option<bool>, timeout: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.take(block.unwrap_or(true), timeout, thread)
    }

    /// get_nowait($self, /)
    /// --
    ///
    /// Remove and return an item from the queue without blocking.
    ///
    /// Only get an item if one is immediately available. Otherwise
    /// raise the Empty exception.
    #[defining_class]
    #[method]
    fn get_nowait(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.take(false, None, thread)
    }

    /// empty($self, /)
    /// --
    ///
    /// Return True if the queue is empty, False otherwise (not reliable!).
    #[method]
    fn empty(&self) -> bool {
        self.items.0.borrow().is_empty()
    }

    /// qsize($self, /)
    /// --
    ///
    /// Return the approximate size of the queue (not reliable!).
    #[method]
    fn qsize(&self) -> usize {
        self.items.0.borrow().len()
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// SimpleQueues are generic over the type of their contents
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }
}

pub struct QueueModule;

/// C implementation of the Python queue module.
/// This module is an implementation detail, please do not use it directly.
#[python_module(name = "_queue")]
impl QueueModule {
    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let empty = empty_class(thread)?;
        let doc = Str::from_str("Exception raised by Queue.get(block=0)/get_nowait().", thread);
        protocol::set_attribute(&empty, &names::__doc__, Some(&doc), thread)?;
        module.set("Empty", &empty, thread)?;
        module.set("SimpleQueue", SimpleQueue::class(), thread)
    }
}
