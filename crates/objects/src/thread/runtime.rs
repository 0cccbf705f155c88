//! The process's runtime: the list of its interpreters, what each of them may do, and what the modules of all of them share.
//!
//! Nothing here is an object, and nothing belongs to one interpreter's lock: numbers are atomic, lists have a mutex that is never held while
//! Python code runs. A record outlives its interpreter, so a number that was kept can always be asked about.

use std::any::{Any, TypeId};
use std::cell::Cell;
use std::collections::HashMap;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicPtr, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::Thread;
use super::calls::Calls;
use super::interpreter::Interpreter;

/// Which lock an interpreter has (`PyInterpreterConfig.gil`): the first interpreter's, unless it is to have its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LockChoice {
    #[default]
    Default = 0,
    Shared = 1,
    Own = 2,
}

/// What an interpreter was made with (`PyInterpreterConfig`, PEP 684).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub use_main_obmalloc: bool,
    pub allow_fork: bool,
    pub allow_exec: bool,
    pub allow_threads: bool,
    pub allow_daemon_threads: bool,
    pub check_multi_interp_extensions: bool,
    pub lock: LockChoice,
}

impl Settings {
    /// Everything is allowed: the process's first interpreter, and those that are to be like it.
    pub const LEGACY: Self = Self {
        use_main_obmalloc: true,
        allow_fork: true,
        allow_exec: true,
        allow_threads: true,
        allow_daemon_threads: true,
        check_multi_interp_extensions: false,
        lock: LockChoice::Shared,
    };

    pub const ISOLATED: Self = Self {
        use_main_obmalloc: false,
        allow_fork: false,
        allow_exec: false,
        allow_threads: true,
        allow_daemon_threads: false,
        check_multi_interp_extensions: true,
        lock: LockChoice::Own,
    };

    /// The first interpreter's: its lock is its own.
    pub const FIRST: Self = Self { lock: LockChoice::Own, ..Self::LEGACY };
}

/// What an interpreter may do, by its own settings and by what tests override.
#[derive(Default)]
pub struct Isolation {
    settings: Cell<Settings>,
    /// `_imp._override_multi_interp_extensions_check`: below zero never, above always.
    pub check_override: Cell<i32>,
}

/// Where an interpreter is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Stage {
    Starting,
    Ready,
    Ending,
    Ended,
}

/// Who made an interpreter: the numbers that `_interpreters` and `PyInterpreterState` have for it.
pub mod origin {
    pub const UNKNOWN: i64 = 0;
    pub const RUNTIME: i64 = 1;
    pub const LEGACY_C: i64 = 2;
    pub const C: i64 = 3;
    pub const CROSSING: i64 = 4;
    pub const LIBRARY: i64 = 5;
}

/// What other interpreters may know of one.
pub struct Record {
    number: i64,
    interpreter: AtomicPtr<Interpreter>,
    stage: AtomicU8,
    settings: OnceLock<Settings>,
    origin: AtomicI64,
    /// References by number (`_interpreters.incref`), and whether losing the last one ends the interpreter.
    references: AtomicI64,
    ends_without_references: AtomicBool,
    /// The thread state that runs `__main__`, zero for none.
    runner: AtomicUsize,
    /// What other interpreters want done here, oldest first.
    errands: Mutex<Vec<Errand>>,
    /// What is to be done between instructions.
    pub(super) calls: Calls,
}

/// Something that is to be done with an interpreter's objects by a thread that has its lock.
type Errand = Box<dyn FnOnce(&mut Thread) + Send>;

impl Record {
    fn new(number: i64) -> Self {
        Self {
            number,
            interpreter: AtomicPtr::new(ptr::null_mut()),
            stage: AtomicU8::new(Stage::Starting as u8),
            settings: OnceLock::new(),
            origin: AtomicI64::new(origin::UNKNOWN),
            references: AtomicI64::new(0),
            ends_without_references: AtomicBool::new(false),
            runner: AtomicUsize::new(0),
            errands: Mutex::default(),
            calls: Calls::default(),
        }
    }

    /// The interpreter's number; no other one of the process has or gets it.
    pub fn number(&self) -> i64 {
        self.number
    }

    /// The interpreter. Most of it is for threads that have its lock.
    pub fn interpreter(&self) -> Option<&'static Interpreter> {
        // SAFETY: null until the interpreter is there, and interpreters live as long as the process.
        unsafe { self.interpreter.load(Ordering::Acquire).as_ref() }
    }

    pub fn stage(&self) -> Stage {
        match self.stage.load(Ordering::Acquire) {
            0 => Stage::Starting,
            1 => Stage::Ready,
            2 => Stage::Ending,
            _ => Stage::Ended,
        }
    }

    /// What the interpreter was made with.
    pub fn settings(&self) -> Settings {
        self.settings.get().copied().unwrap_or_default()
    }

    /// Goes on to a later stage; an interpreter that has ended leaves the list.
    pub fn enter(&self, stage: Stage) {
        self.stage.store(stage as u8, Ordering::Release);
        if stage == Stage::Ended {
            lock(&RUNTIME.list).records.retain(|it| !ptr::eq(*it, self));
        }
    }

    /// Takes it upon the caller to end the interpreter; false if somebody else does already.
    pub fn claim_end(&self) -> bool {
        let change = |from: Stage| {
            self.stage.compare_exchange(from as u8, Stage::Ending as u8, Ordering::AcqRel, Ordering::Acquire).is_ok()
        };
        change(Stage::Ready) || change(Stage::Starting)
    }

    pub fn origin(&self) -> i64 {
        self.origin.load(Ordering::Relaxed)
    }

    pub fn set_origin(&self, origin: i64) {
        self.origin.store(origin, Ordering::Relaxed);
    }

    /// True for the process's first interpreter.
    pub fn is_first(&self) -> bool {
        self.number == 0
    }

    pub fn references(&self) -> i64 {
        self.references.load(Ordering::Acquire)
    }

    pub fn add_reference(&self) {
        self.references.fetch_add(1, Ordering::AcqRel);
    }

    /// Takes a reference away; true if that was the last, and the interpreter is to end with it.
    pub fn remove_reference(&self) -> bool {
        let change = |it| (it > 0).then(|| it - 1);
        let before = self.references.fetch_update(Ordering::AcqRel, Ordering::Acquire, change);
        before == Ok(1) && self.ends_without_references.load(Ordering::Acquire)
    }

    pub fn ends_without_references(&self) -> bool {
        self.ends_without_references.load(Ordering::Acquire)
    }

    pub fn set_ends_without_references(&self, ends: bool) {
        self.ends_without_references.store(ends, Ordering::Release);
    }

    /// True while a thread runs `__main__`. The first interpreter's always runs.
    pub fn is_running(&self) -> bool {
        self.is_first() && self.stage() == Stage::Ready || self.runner.load(Ordering::Acquire) != 0
    }

    /// The thread state that runs `__main__` is this one; false if another one does.
    pub fn start_running(&self, state: usize) -> bool {
        !self.is_first() && self.runner.compare_exchange(0, state, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    pub fn stop_running(&self, state: usize) {
        let _ = self.runner.compare_exchange(state, 0, Ordering::AcqRel, Ordering::Acquire);
    }

    /// Has something done by the next thread that comes by with the interpreter's lock ([`Thread::do_errands`]).
    pub fn ask(&self, errand: Errand) {
        lock(&self.errands).push(errand);
    }
}

impl Thread {
    /// Does what other interpreters have asked this one for.
    pub fn do_errands(&mut self) {
        loop {
            let errands = std::mem::take(&mut *lock(&self.interpreter().record().errands));
            if errands.is_empty() {
                return;
            }
            for errand in errands {
                errand(self);
            }
        }
    }
}

#[derive(Default)]
struct List {
    next: i64,
    records: Vec<&'static Record>,
}

/// How another interpreter is started and ended: both need all crates, so the command gives them.
pub struct OtherInterpreters {
    /// Starts one with these settings on the thread that runs here, whose current state the new one becomes. The old state has left. None
    /// if that failed, which was reported.
    pub start: Box<dyn Fn(Settings) -> Option<Thread> + Send + Sync>,
    /// Ends the interpreter of the thread that runs here: its threads, its functions for the exit, its modules.
    pub end: fn(&mut Thread),
}

/// What the process has one of.
pub struct Runtime {
    list: Mutex<List>,
    others: OnceLock<OtherInterpreters>,
    shared: OnceLock<Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>>,
}

static RUNTIME: Runtime = Runtime {
    list: Mutex::new(List { next: 0, records: Vec::new() }),
    others: OnceLock::new(),
    shared: OnceLock::new(),
};

/// The process's runtime.
pub fn runtime() -> &'static Runtime {
    &RUNTIME
}

impl Runtime {
    /// A record for a new interpreter.
    pub(super) fn register() -> &'static Record {
        let mut list = lock(&RUNTIME.list);
        let record: &'static Record = Box::leak(Box::new(Record::new(list.next)));
        list.next += 1;
        list.records.push(record);
        record
    }

    /// All interpreters that have not ended, the oldest first.
    pub fn records(&self) -> Vec<&'static Record> {
        lock(&self.list).records.clone()
    }

    pub fn record(&self, number: i64) -> Option<&'static Record> {
        lock(&self.list).records.iter().find(|it| it.number == number).copied()
    }

    /// The process's first interpreter's; None before it starts.
    pub fn first(&self) -> Option<&'static Record> {
        self.record(0)
    }

    /// How further interpreters are started and ended; only the first call counts.
    pub fn set_others(&self, others: OtherInterpreters) {
        let _ = self.others.set(others);
    }

    pub fn others(&self) -> Option<&OtherInterpreters> {
        self.others.get()
    }

    /// The value of this type that a module keeps for the whole process, made when it is first asked for.
    pub fn shared<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut shared = lock(self.shared.get_or_init(Mutex::default));
        let value = shared.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        drop(shared);
        value.downcast().unwrap_or_else(|_| unreachable!("the table is indexed by the type"))
    }

    /// In the child of a fork there are only the interpreter that forked and the first, which has no thread any more.
    pub(super) fn after_fork_in_child(&self, own: &Record) {
        lock(&self.list).records.retain(|it| it.is_first() || ptr::eq(*it, own));
    }
}

impl Isolation {
    /// What the interpreter was made with.
    pub fn settings(&self) -> Settings {
        self.settings.get()
    }
}

impl Interpreter {
    /// Notes what the interpreter is made with, once, before it runs anything.
    pub(super) fn set_settings(&self, settings: Settings) {
        self.isolation.settings.set(settings);
        let _ = self.record.settings.set(settings);
    }

    /// What other interpreters may know of this one.
    pub fn record(&self) -> &'static Record {
        self.record
    }

    /// True for the process's first interpreter.
    pub fn is_first(&self) -> bool {
        self.record.is_first()
    }

    /// True if only extension modules that say that they can be used by several interpreters may be imported.
    pub fn refuses_unprepared_modules(&self) -> bool {
        !self.is_first()
            && match self.isolation.check_override.get() {
                0 => self.isolation.settings.get().check_multi_interp_extensions,
                always => always > 0,
            }
    }

    pub(super) fn note_in_record(&'static self) {
        self.record.interpreter.store(ptr::from_ref(self).cast_mut(), Ordering::Release);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
