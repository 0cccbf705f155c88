//! `Database`: an open connection of SQLite's, who is in it, and the Python functions that it may call.
//!
//! Whatever belongs to a connection (statements, blobs, calls that are going on) holds a [`DatabaseRef`], so it is closed when the last of
//! them lets go: nothing that SQLite has can outlive its connection, whatever callbacks do.
//!
//! The interpreter's lock is given up while SQLite works ([`Database::run`]). SQLite has a lock for each connection too, and a thread may
//! hold that one while a callback waits for the interpreter's. So nobody may wait for SQLite's lock while he holds the interpreter's:
//! calls that are too short to give it up are made after [`Database::settle`].

use std::cell::{Cell, RefCell};
use std::ffi::{CStr, c_int, c_void};
use std::ops::Deref;
use std::ptr;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use libsqlite3_sys as sqlite;
use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::refs::{Field, Object, Py};
use objects::thread::{Interpreter, Thread, ThreadState};

use crate::errors::{ErrorClass, Failure};
use crate::usage::{PutOff, Usage, Work};

/// When SQLite calls a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Functions and aggregates, while a statement runs.
    Function,
    Collation,
    Authorizer,
    Progress,
    Trace,
}

/// The callbacks of which a connection has one each.
const HOOKS: [Kind; 3] = [Kind::Authorizer, Kind::Progress, Kind::Trace];

/// A Python function that SQLite calls. SQLite has its address.
pub struct Context {
    pub callable: Field<Object>,
    pub interpreter: *const Interpreter,
    kind: Kind,
    usage: Rc<Usage>,
    /// Not zero once SQLite will not call it again: its place in the order in which SQLite let go. Set without the interpreter's lock.
    released: AtomicUsize,
    /// How many of its connection SQLite has let go.
    releases: Arc<AtomicUsize>,
}

impl Context {
    fn new(callable: &Object, kind: Kind, database: &Database) -> Rc<Self> {
        Rc::new(Self {
            callable: Field::new(Some(Py::from_ref(callable))),
            interpreter: database.interpreter,
            kind,
            usage: database.usage.clone(),
            released: AtomicUsize::new(0),
            releases: database.releases.clone(),
        })
    }

    /// Runs a callback: where it must not use the connection, it cannot.
    pub fn guard<R>(&self, thread: &mut Thread, callback: impl FnOnce(&mut Thread) -> R) -> R {
        let may_use = match self.kind {
            Kind::Function | Kind::Trace => true,
            Kind::Progress => self.usage.is_running(thread),
            Kind::Collation | Kind::Authorizer => false,
        };
        if may_use { callback(thread) } else { self.usage.refusing(thread, callback) }
    }

    fn note_release(&self) {
        let place = self.releases.fetch_add(1, Ordering::AcqRel) + 1;
        self.released.store(place, Ordering::Release);
    }

    fn place(&self) -> usize {
        self.released.load(Ordering::Acquire)
    }

    /// What SQLite keeps of it.
    pub fn address(self: &Rc<Self>) -> *mut c_void {
        Rc::as_ptr(self).cast_mut().cast()
    }
}

/// What SQLite calls when it lets go of a function: it may be dropped once the interpreter's lock is there again.
///
/// # Safety
/// The address is that of a context that the database still has.
pub unsafe extern "C" fn release(address: *mut c_void) {
    // SAFETY: passed on.
    unsafe { (*address.cast::<Context>()).note_release() };
}

/// An open blob.
pub struct BlobHandle {
    /// Null once it is closed.
    pub raw: Cell<*mut sqlite::sqlite3_blob>,
    /// Calls that are going on. Only after the last one it can be closed.
    pub users: Cell<u32>,
    pub is_to_close: Cell<bool>,
}

impl BlobHandle {
    pub fn new(raw: *mut sqlite::sqlite3_blob) -> Self {
        Self { raw: Cell::new(raw), users: Cell::new(0), is_to_close: Cell::new(false) }
    }
}

pub struct Database {
    /// Null once it is closed, which is when nobody else has it any more.
    raw: Cell<*mut sqlite::sqlite3>,
    /// Who opened it.
    interpreter: *const Interpreter,
    usage: Rc<Usage>,
    /// Functions, aggregates and collations. SQLite says when it lets go of one.
    contexts: RefCell<Vec<Rc<Context>>>,
    releases: Arc<AtomicUsize>,
    hooks: RefCell<[Option<Rc<Context>>; 3]>,
    blobs: RefCell<Vec<Weak<BlobHandle>>>,
    /// A backup goes there: SQLite leaves it to us that nobody else does anything with it.
    pub is_backup_target: Cell<bool>,
}

/// A counted reference to an open connection.
#[derive(Clone)]
pub struct DatabaseRef(Rc<Database>);

impl Deref for DatabaseRef {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.0
    }
}

/// Its functions are reported by the `Connection`.
impl Traverse for DatabaseRef {
    const MAY_REFER: bool = false;

    fn traverse(&self, _: &mut Visitor<'_>) {}

    fn clear(&self) {}
}

impl DatabaseRef {
    pub fn open(path: &CStr, flags: c_int, timeout: c_int, thread: &mut Thread) -> Result<Self, Failure> {
        let (raw, code) = thread.without_lock(|| {
            let mut raw = ptr::null_mut();
            // SAFETY: the path ends with a zero byte; the connection is used only if it could be opened.
            unsafe {
                let code = sqlite::sqlite3_open_v2(path.as_ptr(), &mut raw, flags, ptr::null());
                if code == sqlite::SQLITE_OK {
                    sqlite::sqlite3_extended_result_codes(raw, 1);
                    sqlite::sqlite3_busy_timeout(raw, timeout);
                    // SQLite's own default, whatever the crate was compiled with.
                    let (option, nowhere) = (sqlite::SQLITE_DBCONFIG_ENABLE_FKEY, ptr::null_mut::<c_int>());
                    sqlite::sqlite3_db_config(raw, option, 0 as c_int, nowhere);
                }
                (raw, code)
            }
        });
        if code != sqlite::SQLITE_OK || raw.is_null() {
            // SAFETY: what could not be opened tells why, and is closed like any other.
            let failure = unsafe { Failure::of(raw, code) };
            // SAFETY: as above.
            unsafe { sqlite::sqlite3_close(raw) };
            return Err(failure);
        }
        Ok(Self(Rc::new(Database {
            raw: Cell::new(raw),
            interpreter: ptr::from_ref(thread.interpreter()),
            usage: Rc::default(),
            contexts: RefCell::default(),
            releases: Arc::default(),
            hooks: RefCell::default(),
            blobs: RefCell::default(),
            is_backup_target: Cell::new(false),
        })))
    }

    /// Lets go of the connection, without the interpreter's lock if that closes it.
    pub fn close(self, thread: &mut Thread) {
        self.close_blobs(thread);
        if Rc::strong_count(&self.0) > 1 {
            return;
        }
        // Nobody else can get at it any more. SQLite lets go of its functions here, which is noted only.
        let raw = self.raw.replace(ptr::null_mut());
        // SAFETY: nothing of the connection is left but its functions, which live on in `self`.
        thread.without_lock(|| unsafe { sqlite::sqlite3_close(raw) });
    }
}

impl Database {
    pub fn raw(&self) -> *mut sqlite::sqlite3 {
        self.raw.get()
    }

    /// Calls SQLite without the interpreter's lock. Whoever calls holds a [`DatabaseRef`], and what the block uses stays meanwhile.
    pub fn run<R>(&self, thread: &mut Thread, block: impl FnOnce(*mut sqlite::sqlite3) -> R) -> R {
        self.run_for(Work::Other, thread, block)
    }

    pub fn run_for<R>(&self, work: Work, thread: &mut Thread, block: impl FnOnce(*mut sqlite::sqlite3) -> R) -> R {
        self.usage.enter(work, thread);
        let left = ThreadState::left_by_c();
        ThreadState::set_left_by_c(thread.state());
        let result = thread.without_lock(|| block(self.raw()));
        ThreadState::set_left_by_c(left);
        self.usage.leave(thread);
        for what in self.usage.take_put_off(thread) {
            self.make_up_for(what, thread);
        }
        result
    }

    /// Does what a callback had to leave.
    #[cold]
    fn make_up_for(&self, what: PutOff, thread: &mut Thread) {
        let pending = thread.take_exception();
        match what {
            PutOff::Reset(statement) => statement.reset(thread),
            // SAFETY: it was prepared once, and its object has forgotten it.
            PutOff::Finalize(statement) => drop(self.run(thread, |_| unsafe { sqlite::sqlite3_finalize(statement) })),
            // SAFETY: it was opened once, and its object has forgotten it.
            PutOff::CloseBlob(blob) => drop(self.run(thread, |_| unsafe { sqlite::sqlite3_blob_close(blob) })),
        }
        thread.restore_exception(pending);
    }

    /// As below, and also while another thread is in SQLite with the connection. That one will do it.
    pub fn put_off_if_busy(&self, thread: &Thread, what: impl FnOnce() -> PutOff) -> bool {
        let busy = self.usage.is_refused(thread) || self.usage.is_used_elsewhere(thread);
        if busy {
            self.usage.put_off(what());
        }
        busy
    }

    /// Has something done once that is possible: at once, unless a callback asks that must not use the connection.
    pub fn put_off_if_refused(&self, thread: &Thread, what: impl FnOnce() -> PutOff) -> bool {
        let refused = self.usage.is_refused(thread);
        if refused {
            self.usage.put_off(what());
        }
        refused
    }

    /// Waits until no other thread is in SQLite with this connection, so that calls need not wait for it.
    pub fn settle(&self, thread: &mut Thread) {
        while self.usage.is_used_elsewhere(thread) {
            let raw = self.raw();
            // SAFETY: the connection is open, and so is its lock there.
            thread.without_lock(|| unsafe {
                let lock = sqlite::sqlite3_db_mutex(raw);
                sqlite::sqlite3_mutex_enter(lock);
                sqlite::sqlite3_mutex_leave(lock);
            });
        }
    }

    /// A short call of SQLite's, with the interpreter's lock.
    pub fn look<R>(&self, thread: &mut Thread, block: impl FnOnce(*mut sqlite::sqlite3) -> R) -> R {
        self.settle(thread);
        block(self.raw())
    }

    /// What SQLite says about the last call, which had this result.
    #[cold]
    pub fn failure(&self, code: c_int, thread: &mut Thread) -> Failure {
        // SAFETY: the connection is open.
        self.look(thread, |raw| unsafe { Failure::of(raw, code) })
    }

    /// The exception that a collation has left, if SQLite has gone on nevertheless. If it has not, it has told what happened.
    pub fn pass_exception(&self, code: c_int, thread: &mut Thread) -> PyResult<()> {
        if !thread.is_raised() {
            return Ok(());
        }
        if matches!(code, sqlite::SQLITE_OK | sqlite::SQLITE_ROW | sqlite::SQLITE_DONE) {
            return Err(thread.raised_elsewhere());
        }
        drop(thread.take_exception());
        Ok(())
    }

    /// A result code as an exception, unless it says that all is well.
    pub fn check(&self, code: c_int, thread: &mut Thread) -> PyResult<()> {
        self.pass_exception(code, thread)?;
        if code == sqlite::SQLITE_OK { Ok(()) } else { Err(self.failure(code, thread).raise(thread)) }
    }

    /// True outside of transactions.
    pub fn is_autocommit(&self) -> bool {
        // SAFETY: the connection is open; this reads a byte.
        unsafe { sqlite::sqlite3_get_autocommit(self.raw()) != 0 }
    }

    pub fn limit(&self, category: c_int, value: c_int, thread: &mut Thread) -> c_int {
        // SAFETY: the connection is open.
        self.look(thread, |raw| unsafe { sqlite::sqlite3_limit(raw, category, value) })
    }

    /// Runs a statement without parameters and results.
    pub fn execute(&self, sql: &CStr, thread: &mut Thread) -> PyResult<()> {
        self.check_usable(thread)?;
        let code = self.run(thread, |raw| {
            // SAFETY: the connection is open, and the text ends with a zero byte.
            unsafe { run_first(raw, sql.as_ptr()).0 }
        });
        self.check(code, thread)
    }

    /// Runs all statements of a script; the text ends with a zero byte.
    pub fn execute_script(&self, script: &CStr, thread: &mut Thread) -> PyResult<()> {
        self.check_usable(thread)?;
        let code = self.run(thread, |raw| {
            let mut rest = script.as_ptr();
            // SAFETY: the connection is open, and what is left ends with a zero byte, where it is empty at the latest.
            unsafe {
                loop {
                    let (code, tail) = run_first(raw, rest);
                    if code != sqlite::SQLITE_OK || tail.is_null() || *tail == 0 {
                        return code;
                    }
                    rest = tail;
                }
            }
        });
        self.check(code, thread)
    }

    /// ProgrammingError in callbacks that must not use the connection.
    #[inline]
    pub fn check_usable(&self, thread: &mut Thread) -> PyResult<()> {
        if self.usage.is_refused(thread) {
            let message = "Cannot operate on the connection in its authorizer, collation or progress handler.";
            return Err(ErrorClass::Programming.raise(message, thread));
        }
        Ok(())
    }
}

/// Runs the first statement of a text: its result, and what follows it.
///
/// # Safety
/// The connection is open, and the text ends with a zero byte.
unsafe fn run_first(raw: *mut sqlite::sqlite3, sql: *const std::ffi::c_char) -> (c_int, *const std::ffi::c_char) {
    let (mut statement, mut tail) = (ptr::null_mut(), ptr::null());
    // SAFETY: passed on; the statement is finalized once. An empty one is null, which is not stepped.
    unsafe {
        let code = sqlite::sqlite3_prepare_v2(raw, sql, -1, &mut statement, &mut tail);
        if code != sqlite::SQLITE_OK || statement.is_null() {
            return (code, tail);
        }
        while sqlite::sqlite3_step(statement) == sqlite::SQLITE_ROW {}
        (sqlite::sqlite3_finalize(statement), tail)
    }
}

/// Python functions.
impl Database {
    /// Gives SQLite a function, or takes it away. `set` is handed the address, null in that case.
    pub fn register(
        &self,
        kind: Kind,
        callable: Option<&Object>,
        thread: &mut Thread,
        set: impl FnOnce(*mut sqlite::sqlite3, *mut c_void) -> c_int,
    ) -> c_int {
        let context = callable.map(|it| Context::new(it, kind, self));
        let address = context.as_ref().map_or(ptr::null_mut(), Context::address);
        self.contexts.borrow_mut().extend(context.clone());
        let code = self.run(thread, |raw| set(raw, address));
        if let Some(context) = context.filter(|_| code != sqlite::SQLITE_OK) {
            // Collations are not released in this case.
            if context.place() == 0 {
                context.note_release();
            }
        }
        self.drop_released();
        code
    }

    /// Drops the functions that SQLite has let go, in its order.
    fn drop_released(&self) {
        let mut released: Vec<_> = self.contexts.borrow_mut().extract_if(.., |it| it.place() > 0).collect();
        released.sort_by_key(|it| it.place());
        for context in released {
            drop(context);
        }
    }

    /// Sets one of the callbacks of which there is one, or takes it away: None.
    pub fn register_hook(
        &self,
        kind: Kind,
        callable: &Object,
        thread: &mut Thread,
        set: impl FnOnce(*mut sqlite::sqlite3, *mut c_void) -> c_int,
    ) -> c_int {
        let context = (!callable.is_none()).then(|| Context::new(callable, kind, self));
        let address = context.as_ref().map_or(ptr::null_mut(), Context::address);
        let code = self.run(thread, |raw| set(raw, address));
        let old = HOOKS.iter().position(|it| *it == kind).and_then(|at| {
            let mut hooks = self.hooks.borrow_mut();
            std::mem::replace(&mut hooks[at], context)
        });
        drop(old);
        code
    }

    /// Reports them to the collector: they belong to the connection.
    pub fn visit_functions(&self, visitor: &mut Visitor<'_>) {
        self.contexts.borrow().iter().for_each(|it| it.callable.traverse(visitor));
        self.hooks.borrow().iter().flatten().for_each(|it| it.callable.traverse(visitor));
    }

    /// Takes the functions away from SQLite's contexts, which stay.
    pub fn drop_functions(&self) {
        let mut callables = Vec::new();
        callables.extend(self.contexts.borrow().iter().map(|it| it.callable.take()));
        callables.extend(self.hooks.borrow().iter().flatten().map(|it| it.callable.take()));
        drop(callables);
    }
}

/// Blobs.
impl Database {
    pub fn keep_blob(&self, blob: &Rc<BlobHandle>) {
        let mut blobs = self.blobs.borrow_mut();
        blobs.retain(|it| it.strong_count() > 0);
        blobs.push(Rc::downgrade(blob));
    }

    /// Closes a blob, unless it is closed; while another thread is in it, that thread does when it is done.
    pub fn close_blob(&self, blob: &BlobHandle, thread: &mut Thread) {
        if blob.users.get() > 0 {
            return blob.is_to_close.set(true);
        }
        let raw = blob.raw.replace(ptr::null_mut());
        if !raw.is_null() && !self.put_off_if_refused(thread, || PutOff::CloseBlob(raw)) {
            // SAFETY: it was opened once, and is forgotten.
            self.run(thread, |_| unsafe { sqlite::sqlite3_blob_close(raw) });
        }
    }

    fn close_blobs(&self, thread: &mut Thread) {
        let blobs = self.blobs.take();
        for blob in blobs.iter().filter_map(Weak::upgrade) {
            self.close_blob(&blob, thread);
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // SAFETY: it was opened once, or is null; whatever could use it held a reference. SQLite may release functions here, which are
        // dropped after this.
        unsafe { sqlite::sqlite3_close(self.raw()) };
        self.drop_released();
    }
}
