//! `_interpqueues`: queues that all interpreters of the process see.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crossing::data::{self, Crossing, Data};
use crossing::{import, lifetime};
use macros::python_module;
use objects::errors::{BaseException, PyResult, Raised, RuntimeError};
use objects::list::List;
use objects::module::Module;
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Field, Object, Py};
use objects::thread::Thread;
use objects::thread::runtime::runtime;
use objects::tuple::Tuple;
use objects::types::Type;
use system::exception;

use crate::unbound::{Defaults, Item, clear_interpreter};

struct Queue {
    /// No limit if it is not above zero.
    maximum: isize,
    items: VecDeque<Item<()>>,
    defaults: Defaults,
    references: usize,
}

impl Queue {
    fn is_full(&self) -> bool {
        self.maximum > 0 && self.items.len() >= self.maximum as usize
    }
}

/// The queues of the process, by number. What leaves them is dropped after the mutex is free.
#[derive(Default)]
struct Queues(Mutex<Listed>);

#[derive(Default)]
struct Listed {
    last: i64,
    queues: BTreeMap<i64, Queue>,
}

impl Queues {
    fn of_process() -> Arc<Self> {
        runtime().shared::<Self>()
    }

    fn lock(&self) -> MutexGuard<'_, Listed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with a queue; QueueNotFoundError if there is none of this number.
    fn with<R>(&self, number: i64, thread: &mut Thread, work: impl FnOnce(&mut Queue) -> R) -> PyResult<R> {
        let mut listed = self.lock();
        let result = listed.queues.get_mut(&number).map(work);
        drop(listed);
        match result {
            Some(result) => Ok(result),
            None => Err(raise_not_found(number, thread)),
        }
    }
}

/// Takes a reference away, and the queue with the last one. None: there is no such queue; false: nobody has a reference.
fn unbind(number: i64) -> Option<bool> {
    let queues = Queues::of_process();
    let mut listed = queues.lock();
    let queue = listed.queues.get_mut(&number)?;
    if queue.references == 0 {
        return Some(false);
    }
    queue.references -= 1;
    let gone = if queue.references == 0 { listed.queues.remove(&number) } else { None };
    drop(listed);
    drop(gone);
    Some(true)
}

fn forget_interpreter(number: i64) {
    let queues = Queues::of_process();
    let mut listed = queues.lock();
    let gone: Vec<_> = listed.queues.values_mut().map(|it| clear_interpreter(&mut it.items, number)).collect();
    drop(listed);
    drop(gone);
}

/// What an interpreter knows of the module's classes.
#[derive(Default)]
struct Classes {
    error: Field,
    not_found: Field,
    queue: Field,
    empty: Field,
    full: Field,
}

fn raise_class(class: Option<Py<Object>>, message: String, thread: &mut Thread) -> Raised {
    let Some(class) = class else { return raise!(thread, RuntimeError, "{message}") };
    let message = objects::str::Str::from_str(&message, thread);
    match protocol::call(&class, &[&message], thread) {
        Ok(exception) if exception.downcast::<BaseException>().is_some() => thread.raise(exception),
        Ok(_) => raise!(thread, TypeError, "exceptions must derive from BaseException"),
        Err(raised) => raised,
    }
}

fn raise_not_found(number: i64, thread: &mut Thread) -> Raised {
    let class = thread.interpreter().extension::<Classes>().not_found.get();
    raise_class(class, format!("queue {number} not found"), thread)
}

/// The library's module registers its classes when it is imported.
const LIBRARY: &str = "concurrent.interpreters._queues";

/// A class that the library has registered, or registers now.
fn library_class(pick: fn(&Classes) -> &Field, name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let classes = thread.interpreter().extension::<Classes>();
    if let Some(class) = pick(&classes).get() {
        return Ok(class);
    }
    let imported = import::function(LIBRARY, name, thread)?;
    Ok(pick(&classes).get().unwrap_or(imported))
}

/// A queue on its way to another interpreter: it holds a reference.
struct QueueCrossing(i64);

impl Crossing for QueueCrossing {
    fn object(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let class = library_class(|it| &it.queue, "Queue", thread)?;
        let number = make_int(i128::from(self.0), thread);
        protocol::call(&class, &[&number], thread)
    }
}

impl Drop for QueueCrossing {
    fn drop(&mut self) {
        unbind(self.0);
    }
}

fn cross(queue: &Object, thread: &mut Thread) -> PyResult<Box<dyn Crossing>> {
    let name = thread.intern_text("_id");
    let id = protocol::get_attribute(queue, &name, thread)?;
    let number = queue_number(&id, thread)?;
    Queues::of_process().with(number, thread, |it| it.references += 1)?;
    Ok(Box::new(QueueCrossing(number)))
}

/// A queue's number as an argument.
fn queue_number(id: &Object, thread: &mut Thread) -> PyResult<i64> {
    if !protocol::is_index(id) {
        let class = id.class().short_name();
        return Err(raise!(thread, TypeError, "queue ID must be an int, got {class}"));
    }
    let number = protocol::index(id, thread)?;
    match number.to_i128() {
        Some(it) if it < 0 => {
            let shown = protocol::repr(id, thread)?.to_string_lossy();
            Err(raise!(thread, ValueError, "queue ID must be a non-negative int, got {shown}"))
        }
        Some(it) if i64::try_from(it).is_ok() => Ok(it as i64),
        _ => {
            let shown = protocol::repr(id, thread)?.to_string_lossy();
            Err(raise!(thread, OverflowError, "max queue ID is {}, got {shown}", i64::MAX))
        }
    }
}

fn class_argument<'a>(value: &'a Object, message: &str, thread: &mut Thread) -> PyResult<&'a Type> {
    match value.downcast::<Type>() {
        Some(class) => Ok(class),
        None => Err(raise!(thread, TypeError, "expected {message}")),
    }
}

fn exception_argument<'a>(value: &'a Object, message: &str, thread: &mut Thread) -> PyResult<&'a Type> {
    match value.downcast::<Type>() {
        Some(class) if class.is_subtype(objects::errors::Exception.as_type()) => Ok(class),
        _ => Err(raise!(thread, TypeError, "expected {message}")),
    }
}

/// `(unboundop, fallback)` behind what comes first.
fn with_defaults(mut first: Vec<Py<Object>>, defaults: Defaults, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    first.push(make_int(defaults.unbound as i128, thread));
    first.push(make_int(i128::from(defaults.fallback.number()), thread));
    Tuple::new(first, thread)
}

pub struct QueuesModule;

/// This module provides primitive operations to manage Python interpreters.
/// The 'interpreters' module provides a more convenient interface.
#[python_module(name = "_interpqueues")]
impl QueuesModule {
    /// create(maxsize, unboundop, fallback) -> qid
    ///
    /// Create a new cross-interpreter queue and return its unique generated ID.
    /// It is a new reference as though bind() had been called on the queue.
    /// The caller is responsible for calling destroy() for the new queue
    /// before the runtime is finalized.
    #[function]
    #[signature("(maxsize, unboundop=-1, fallback=-1)")]
    fn create(
        maxsize: isize,
        #[default(-1)] unboundop: i32,
        #[default(-1)] fallback: i32,
        thread: &mut Thread,
    ) -> PyResult<i64> {
        let defaults = Defaults::of_arguments(unboundop, fallback, thread)?;
        let queues = Queues::of_process();
        let mut listed = queues.lock();
        listed.last += 1;
        let number = listed.last;
        let queue = Queue { maximum: maxsize, items: VecDeque::new(), defaults, references: 0 };
        listed.queues.insert(number, queue);
        Ok(number)
    }

    /// destroy(qid)
    ///
    /// Clear and destroy the queue.  Afterward attempts to use the queue
    /// will behave as though it never existed.
    #[function]
    #[signature("(qid)")]
    fn destroy(qid: &Object, thread: &mut Thread) -> PyResult<()> {
        let number = queue_number(qid, thread)?;
        let gone = Queues::of_process().lock().queues.remove(&number);
        match gone {
            Some(gone) => {
                drop(gone);
                Ok(())
            }
            None => Err(raise_not_found(number, thread)),
        }
    }

    /// list_all() -> [(qid, unboundop, fallback)]
    ///
    /// Return the list of IDs for all queues.
    /// Each corresponding default unbound op and fallback is also included.
    #[function]
    #[signature("()")]
    fn list_all(thread: &mut Thread) -> PyResult<Py<List>> {
        let all: Vec<_> = Queues::of_process().lock().queues.iter().map(|it| (*it.0, it.1.defaults)).collect();
        let list = List::empty(thread);
        for (number, defaults) in all {
            let number = make_int(i128::from(number), thread);
            let entry = with_defaults(vec![number], defaults, thread)?;
            list.push(entry.into_object(), thread)?;
        }
        Ok(list)
    }

    /// put(qid, obj)
    ///
    /// Add the object's data to the queue.
    #[function]
    #[signature("(qid, obj, unboundop=-1, fallback=-1)")]
    fn put(
        qid: &Object,
        obj: &Object,
        #[default(-1)] unboundop: i32,
        #[default(-1)] fallback: i32,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let number = queue_number(qid, thread)?;
        let queues = Queues::of_process();
        let defaults = queues.with(number, thread, |it| it.defaults)?;
        let chosen = defaults.changed(unboundop, fallback, thread)?;
        let data = Data::of(obj, chosen.fallback, thread)?;
        let owner = data.owner();
        let item = Item { data: Some(data), owner, unbound: chosen.unbound, waiting: None };
        let refused = queues.with(number, thread, |it| {
            if it.is_full() {
                return Some(item);
            }
            it.items.push_back(item);
            None
        })?;
        if refused.is_none() {
            return Ok(());
        }
        drop(refused);
        let class = library_class(|it| &it.full, "QueueFull", thread)?;
        Err(raise_class(Some(class), format!("queue {number} is full"), thread))
    }

    /// get(qid) -> (obj, unboundop)
    ///
    /// Return a new object from the data at the front of the queue.
    /// The unbound op is also returned.
    ///
    /// If there is nothing to receive then raise QueueEmpty.
    #[function]
    #[signature("(qid)")]
    fn get(qid: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let number = queue_number(qid, thread)?;
        let Some(item) = Queues::of_process().with(number, thread, |it| it.items.pop_front())? else {
            let class = library_class(|it| &it.empty, "QueueEmpty", thread)?;
            return Err(raise_class(Some(class), format!("queue {number} is empty"), thread));
        };
        let (object, unbound) = match item.data {
            Some(data) => (data.object(thread)?, thread.none()),
            None => (thread.none(), make_int(item.unbound as i128, thread)),
        };
        Tuple::new(vec![object, unbound], thread)
    }

    /// bind(qid)
    ///
    /// Take a reference to the identified queue.
    /// The queue is not destroyed until there are no references left.
    #[function]
    #[signature("(qid)")]
    fn bind(qid: &Object, thread: &mut Thread) -> PyResult<()> {
        let number = queue_number(qid, thread)?;
        Queues::of_process().with(number, thread, |it| it.references += 1)
    }

    /// release(qid)
    ///
    /// Release a reference to the queue.
    /// The queue is destroyed once there are no references left.
    #[function]
    #[signature("(qid)")]
    fn release(qid: &Object, thread: &mut Thread) -> PyResult<()> {
        let number = queue_number(qid, thread)?;
        match unbind(number) {
            Some(true) => Ok(()),
            Some(false) => {
                let class = thread.interpreter().extension::<Classes>().error.get();
                Err(raise_class(class, format!("queue {number} never bound"), thread))
            }
            None => Err(raise_not_found(number, thread)),
        }
    }

    /// get_maxsize(qid)
    ///
    /// Return the maximum number of items in the queue.
    #[function]
    #[signature("(qid)")]
    fn get_maxsize(qid: &Object, thread: &mut Thread) -> PyResult<isize> {
        let number = queue_number(qid, thread)?;
        Queues::of_process().with(number, thread, |it| it.maximum)
    }

    /// get_queue_defaults(qid)
    ///
    /// Return the queue's default values, set when it was created.
    #[function]
    #[signature("(qid)")]
    fn get_queue_defaults(qid: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let number = queue_number(qid, thread)?;
        let defaults = Queues::of_process().with(number, thread, |it| it.defaults)?;
        with_defaults(Vec::new(), defaults, thread)
    }

    /// is_full(qid)
    ///
    /// Return true if the queue has a maxsize and has reached it.
    #[function]
    #[signature("(qid)")]
    fn is_full(qid: &Object, thread: &mut Thread) -> PyResult<bool> {
        let number = queue_number(qid, thread)?;
        Queues::of_process().with(number, thread, |it| it.is_full())
    }

    /// get_count(qid)
    ///
    /// Return the number of items in the queue.
    #[function]
    #[signature("(qid)")]
    fn get_count(qid: &Object, thread: &mut Thread) -> PyResult<usize> {
        let number = queue_number(qid, thread)?;
        Queues::of_process().with(number, thread, |it| it.items.len())
    }

    #[function]
    #[signature("(queuetype, emptyerror, fullerror)")]
    fn _register_heap_types(
        queuetype: &Object,
        emptyerror: &Object,
        fullerror: &Object,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let queue = class_argument(queuetype, "a type for 'queuetype'", thread)?;
        let empty = exception_argument(emptyerror, "an exception type for 'emptyerror'", thread)?;
        let full = exception_argument(fullerror, "an exception type for 'fullerror'", thread)?;
        let classes = thread.interpreter().extension::<Classes>();
        classes.queue.set(Some(Py::from_ref(queue).into_object()));
        classes.empty.set(Some(Py::from_ref(empty).into_object()));
        classes.full.set(Some(Py::from_ref(full).into_object()));
        data::register(queue, cross, thread);
        Ok(())
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        lifetime::on_end(forget_interpreter);
        let error = exception::new_exception("concurrent.interpreters", "QueueError", &[RuntimeError], thread)?;
        let doc = objects::str::Str::from_str("Indicates that a queue-related error happened.", thread);
        protocol::set_attribute(&error, &objects::names::__doc__, Some(&doc), thread)?;
        let not_found = derive(&error, "concurrent.interpreters", "QueueNotFoundError", thread)?;
        module.set("QueueError", &error, thread)?;
        module.set("QueueNotFoundError", &not_found, thread)?;
        let classes = thread.interpreter().extension::<Classes>();
        classes.error.set(Some(error));
        classes.not_found.set(Some(not_found));
        Ok(())
    }
}

/// A new exception below a class of Python's making.
pub fn derive(base: &Object, module: &str, name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let bases = Tuple::new(vec![Py::from_ref(base)], thread)?;
    let names_of_class = objects::dict::Dict::new(thread);
    let module = objects::str::Str::from_str(module, thread);
    names_of_class.set_str(&objects::names::__module__, &module, thread)?;
    let name = objects::str::Str::from_str(name, thread);
    use objects::types::Instance;
    protocol::call(Type::class(), &[&name, &bases, &names_of_class], thread)
}
