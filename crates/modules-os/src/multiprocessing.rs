//! `_multiprocessing`: the semaphores that processes share.
//!
//! A `SemLock` holds a POSIX semaphore by an address of this process. Objects can be made of such an address, which the parent of a fork has
//! passed on; so the addresses that are open here are kept in a table, and others are not accepted. A semaphore is closed with the last
//! object that holds it.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::CString;
use std::rc::{Rc, Weak};

use macros::{Instance, python_module, python_type};
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::gc::{Traverse, Visitor};
use objects::method::OrNone;
use objects::module::Module;
use objects::object::BaseObject;
use objects::protocol::make_int;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::str::arguments::TextName;
use objects::thread::Thread;
use objects::types::{Instance as _, Type, TypeDeclaration};
use system::call;

/// The types of the module.
pub const TYPES: &[&TypeDeclaration] = &[SemLock::DECLARATION];

/// Belongs to a thread, which may take it several times.
const RECURSIVE_MUTEX: i32 = 0;
const SEMAPHORE: i32 = 1;

/// An open semaphore.
#[derive(Debug)]
struct Semaphore(*mut libc::sem_t);

impl Drop for Semaphore {
    fn drop(&mut self) {
        // SAFETY: open, and nobody else holds it.
        unsafe { libc::sem_close(self.0) };
    }
}

/// The semaphores that are open in this process, by address.
#[derive(Default)]
struct Open(RefCell<HashMap<usize, Weak<Semaphore>>>);

/// Notes a semaphore that was opened, and gives the holder of its address: the C library gives the same one for the same name.
fn hold(address: *mut libc::sem_t, thread: &Thread) -> Rc<Semaphore> {
    let open = thread.interpreter().extension::<Open>();
    let mut open = open.0.borrow_mut();
    if let Some(known) = open.get(&address.addr()).and_then(Weak::upgrade) {
        // SAFETY: opened twice, held once. The C library counts.
        unsafe { libc::sem_close(address) };
        return known;
    }
    open.retain(|_, it| it.strong_count() > 0);
    let semaphore = Rc::new(Semaphore(address));
    open.insert(address.addr(), Rc::downgrade(&semaphore));
    semaphore
}

#[derive(Debug)]
struct Held(Rc<Semaphore>);

impl Traverse for Held {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// A name, or none for semaphores that have lost it.
#[derive(Debug)]
struct Name(Option<String>);

impl Traverse for Name {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// An object of type `_multiprocessing.SemLock`.
#[derive(Instance)]
#[repr(C)]
pub struct SemLock {
    header: Header,
    semaphore: Held,
    name: Name,
    /// The thread that has taken it last.
    last_thread: Cell<libc::pthread_t>,
    /// How often this process has taken it, less how often it has released it.
    count: Cell<i32>,
    maximum: i32,
    kind: i32,
}

/// What a semaphore is opened by; it has no zero inside.
fn c_name(name: &str) -> CString {
    CString::new(name).unwrap_or_default()
}

fn this_thread() -> libc::pthread_t {
    // SAFETY: a number.
    unsafe { libc::pthread_self() }
}

#[cold]
fn raise_too_often(thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "semaphore or lock released too many times")
}

/// A time so many seconds from now, by the clock that semaphores go by.
fn deadline(seconds: f64) -> libc::timespec {
    let now = system::clock::read(libc::CLOCK_REALTIME).unwrap_or(libc::timespec { tv_sec: 0, tv_nsec: 0 });
    let seconds = seconds.max(0.0);
    // More than this is for ever.
    let whole = (seconds as i64).min(i64::MAX / 4);
    let nanoseconds = now.tv_nsec + (seconds.fract() * 1e9 + 0.5) as i64;
    libc::timespec { tv_sec: now.tv_sec + whole + nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000 }
}

impl SemLock {
    fn make(
        class: &Type,
        semaphore: Rc<Semaphore>,
        kind: i32,
        maximum: i32,
        name: Option<String>,
        thread: &mut Thread,
    ) -> PyResult<Py<SemLock>> {
        let value = SemLock {
            header: Header::new(class),
            semaphore: Held(semaphore),
            name: Name(name),
            last_thread: Cell::new(0),
            count: Cell::new(0),
            maximum,
            kind,
        };
        Py::new_in(class, value, thread)
    }

    fn is_mine(&self) -> bool {
        self.count.get() > 0 && self.last_thread.get() == this_thread()
    }

    fn value(&self, thread: &mut Thread) -> PyResult<i32> {
        let (semaphore, mut value) = (self.semaphore.0.0, 0);
        // SAFETY: an open semaphore, and a local to write to.
        call::checked(|| unsafe { libc::sem_getvalue(semaphore, &mut value) }, thread)?;
        Ok(value.max(0))
    }

    /// Takes it; false if it was not free in time.
    fn take(&self, block: bool, timeout: Option<f64>, thread: &mut Thread) -> PyResult<bool> {
        if self.kind == RECURSIVE_MUTEX && self.is_mine() {
            self.count.set(self.count.get() + 1);
            return Ok(true);
        }
        // Keeps it open, whatever happens to this object meanwhile.
        let semaphore = self.semaphore.0.clone();
        let pointer = semaphore.0;
        let deadline = timeout.map(deadline);
        // SAFETY: an open semaphore.
        let mut outcome = match unsafe { libc::sem_trywait(pointer) } {
            0 => Ok(0),
            _ => Err(call::last_error()),
        };
        if block && matches!(outcome, Err(libc::EAGAIN | libc::EINTR)) {
            outcome = call::interruptible(
                || match &deadline {
                    // SAFETY: an open semaphore, and a local to read.
                    Some(deadline) => unsafe { libc::sem_timedwait(pointer, deadline) },
                    // SAFETY: an open semaphore.
                    None => unsafe { libc::sem_wait(pointer) },
                },
                thread,
            )?;
        }
        match outcome {
            Ok(_) => {
                self.count.set(self.count.get() + 1);
                self.last_thread.set(this_thread());
                Ok(true)
            }
            Err(libc::EAGAIN | libc::ETIMEDOUT) => Ok(false),
            Err(number) => Err(thread.raise_os_error(number, None)),
        }
    }

    fn give_back(&self, thread: &mut Thread) -> PyResult<()> {
        if self.kind == RECURSIVE_MUTEX {
            if !self.is_mine() {
                return Err(raise!(thread, AssertionError, "attempt to release recursive lock not owned by thread"));
            }
            if self.count.get() > 1 {
                self.count.set(self.count.get() - 1);
                return Ok(());
            }
        } else if self.value(thread)? >= self.maximum {
            return Err(raise_too_often(thread));
        }
        // SAFETY: an open semaphore.
        if unsafe { libc::sem_post(self.semaphore.0.0) } < 0 {
            return Err(call::raise_last(thread));
        }
        self.count.set(self.count.get() - 1);
        Ok(())
    }
}

/// Semaphore/Mutex type
#[python_type(name = "_multiprocessing.SemLock", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl SemLock {
    #[new]
    #[signature("(kind, value, maxvalue, name, unlink)")]
    fn new(
        class: &Type,
        kind: i32,
        value: i32,
        maxvalue: i32,
        name: TextName,
        unlink: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<SemLock>> {
        if kind != RECURSIVE_MUTEX && kind != SEMAPHORE {
            return Err(raise!(thread, ValueError, "unrecognized kind"));
        }
        let text = c_name(&name.0);
        // SAFETY: a C string and numbers.
        let pointer =
            unsafe { libc::sem_open(text.as_ptr(), libc::O_CREAT | libc::O_EXCL, 0o600 as libc::c_uint, value) };
        if pointer == libc::SEM_FAILED {
            return Err(call::raise_last(thread));
        }
        let semaphore = hold(pointer, thread);
        // SAFETY: a C string.
        if unlink && unsafe { libc::sem_unlink(text.as_ptr()) } < 0 {
            return Err(call::raise_last(thread));
        }
        Self::make(class, semaphore, kind, maxvalue, (!unlink).then_some(name.0), thread)
    }

    /// acquire($self, /, block=True, timeout=None)
    /// --
    ///
    /// Acquire the semaphore/lock.
    #[method]
    fn acquire(&self, block: Option<bool>, timeout: Option<OrNone<f64>>, thread: &mut Thread) -> PyResult<bool> {
        self.take(block.unwrap_or(true), timeout.and_then(|it| it.0), thread)
    }

    /// release($self, /)
    /// --
    ///
    /// Release the semaphore/lock.
    #[method]
    fn release(&self, thread: &mut Thread) -> PyResult<()> {
        self.give_back(thread)
    }

    /// __enter__($self, /)
    /// --
    ///
    /// Enter the semaphore/lock.
    #[method]
    fn __enter__(&self, thread: &mut Thread) -> PyResult<bool> {
        self.take(true, None, thread)
    }

    /// __exit__($self, exc_type=None, exc_value=None, exc_tb=None, /)
    /// --
    ///
    /// Exit the semaphore/lock.
    #[method]
    fn __exit__(
        &self,
        exc_type: Option<&Object>,
        exc_value: Option<&Object>,
        exc_tb: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let _ = (exc_type, exc_value, exc_tb);
        self.give_back(thread)
    }

    /// _count($self, /)
    /// --
    ///
    /// Num of `acquire()`s minus num of `release()`s for this process.
    #[method]
    fn _count(&self) -> i32 {
        self.count.get()
    }

    /// _is_mine($self, /)
    /// --
    ///
    /// Whether the lock is owned by this thread.
    #[method]
    fn _is_mine(&self) -> bool {
        self.is_mine()
    }

    /// _get_value($self, /)
    /// --
    ///
    /// Get the value of the semaphore.
    #[method]
    fn _get_value(&self, thread: &mut Thread) -> PyResult<i32> {
        self.value(thread)
    }

    /// _is_zero($self, /)
    /// --
    ///
    /// Return whether semaphore has value zero.
    #[method]
    fn _is_zero(&self, thread: &mut Thread) -> PyResult<bool> {
        Ok(self.value(thread)? == 0)
    }

    /// _rebuild($type, handle, kind, maxvalue, name, /)
    /// --
    ///
    ///
    #[classmethod]
    fn _rebuild(
        class: &Type,
        handle: usize,
        kind: i32,
        maxvalue: i32,
        name: OrNone<TextName>,
        thread: &mut Thread,
    ) -> PyResult<Py<SemLock>> {
        let Some(name) = name.0 else {
            let open = thread.interpreter().extension::<Open>();
            let known = open.0.borrow().get(&handle).and_then(Weak::upgrade);
            return match known {
                Some(semaphore) => Self::make(class, semaphore, kind, maxvalue, None, thread),
                None => Err(raise!(thread, ValueError, "no semaphore is open at this address")),
            };
        };
        // SAFETY: a C string.
        let pointer = unsafe { libc::sem_open(c_name(&name.0).as_ptr(), 0) };
        if pointer == libc::SEM_FAILED {
            return Err(call::raise_last(thread));
        }
        let semaphore = hold(pointer, thread);
        Self::make(class, semaphore, kind, maxvalue, Some(name.0), thread)
    }

    /// _after_fork($self, /)
    /// --
    ///
    /// Rezero the net acquisition count after fork().
    #[method]
    fn _after_fork(&self) {
        self.count.set(0);
    }

    #[getter]
    fn handle(&self) -> usize {
        self.semaphore.0.0.addr()
    }

    #[getter]
    fn kind(&self) -> i32 {
        self.kind
    }

    #[getter]
    fn maxvalue(&self) -> i32 {
        self.maximum
    }

    #[getter]
    fn name(&self, thread: &mut Thread) -> Py<Object> {
        match &self.name.0 {
            Some(name) => Str::from_str(name, thread).into_object(),
            None => thread.none(),
        }
    }
}

pub struct MultiprocessingModule;

#[python_module(name = "_multiprocessing")]
impl MultiprocessingModule {
    /// sem_unlink($module, name, /)
    /// --
    ///
    ///
    #[function]
    fn sem_unlink(name: TextName, thread: &mut Thread) -> PyResult<()> {
        let name = c_name(&name.0);
        // SAFETY: a C string.
        call::checked(|| unsafe { libc::sem_unlink(name.as_ptr()) }, thread).map(drop)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let class = SemLock::class();
        let maximum = make_int(i128::from(i32::MAX), thread);
        let name = thread.intern_text("SEM_VALUE_MAX");
        class.dict(thread).set_str(&name, &maximum, thread)?;
        module.set("SemLock", class, thread)?;
        let flags = Dict::new(thread);
        let one = make_int(1, thread);
        for name in ["HAVE_SEM_OPEN", "HAVE_SEM_TIMEDWAIT"] {
            let name = thread.intern_text(name);
            flags.set_str(&name, &one, thread)?;
        }
        module.set("flags", &flags, thread)
    }
}
