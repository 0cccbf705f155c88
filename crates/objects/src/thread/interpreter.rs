//! `Interpreter`: what threads of one interpreter share under its lock.

use std::any::{Any, TypeId};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::ptr;
use std::rc::Rc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, Ordering};

use layout::PyInterpreterState;
use text::hash::HashSecret;

use crate::dict::Dict;
use crate::errors::PyResult;
use crate::gc::GcState;
use crate::module::{Definition, ExtensionLoader};
use crate::refs::{Field, Object, Py};
use crate::str::CodecRegistry;
use crate::thread::Thread;
use crate::thread::hooks::Hooks;
use crate::thread::intern::InternedStrings;
use crate::thread::lock::InterpreterLock;
use crate::thread::pending::PendingHandlers;
use crate::thread::runtime::{Isolation, LockChoice, Record, Runtime, Settings, runtime};
use crate::thread::state::ThreadState;
use crate::tuple::Tuple;
use crate::types::{Type, TypeCache, TypeDeclaration};
use crate::weakref::WeakLists;

/// The state of an interpreter. Everything that changes and is not an object's own hangs here, or off a thread.
pub struct Interpreter {
    allocator: memory::Allocator,
    /// The cycle collector's.
    pub gc: GcState,
    pub(crate) type_cache: TypeCache,
    /// Dictionaries of static types, by the type's index.
    pub(crate) static_type_dicts: RefCell<Vec<Field<Dict>>>,
    /// Addresses of direct subclasses, in order of creation, by the base's address.
    pub(crate) subclasses: RefCell<HashMap<usize, Vec<*const Type>>>,
    pub(crate) empty_tuple: Field<Tuple>,
    /// The last version that was given to the keys of a dict.
    pub(crate) next_keys_version: Cell<u32>,
    /// `ExceptionGroup`, once somebody has asked for it.
    pub(crate) exception_group: Field<Type>,
    /// The namespace of the `builtins` module.
    pub builtins: Field<Dict>,
    /// `all` and `any` as they are when the interpreter starts, for code that has tested that its own are these.
    pub original_all: Field<Object>,
    pub original_any: Field<Object>,
    /// `set` and `frozenset`, which live in a higher layer.
    pub set_types: Cell<Option<(&'static Type, &'static Type)>>,
    /// The built-in modules of all crates.
    pub builtin_modules: RefCell<Vec<&'static Definition>>,
    /// How often the import lock is held.
    pub import_lock_depth: Cell<u32>,
    /// `-O`: what `compile()` uses unless told otherwise.
    pub optimize: Cell<u8>,
    /// `-b`: whether comparing bytes with text gives a BytesWarning.
    pub bytes_warning: Cell<u8>,
    /// `-X dev`: whether names of encodings and error handlers are checked even where they don't matter.
    pub development_mode: Cell<bool>,
    /// `-X cpu_count`: how many processors the program is to see; -1: as many as there are.
    pub processor_count: Cell<i32>,
    /// Who is told of changes.
    pub watchers: crate::watchers::Watchers,
    /// How extension modules are loaded; None: they are not.
    pub extension_loader: Cell<Option<ExtensionLoader>>,
    /// What the interpreter may do.
    pub isolation: Isolation,
    pub(super) record: &'static Record,
    /// What C code has for the interpreter; null while there is no C code.
    pub c_state: AtomicPtr<PyInterpreterState>,
    /// `importlib._bootstrap`, whatever `sys.modules` has under its names.
    pub importlib: Field<Object>,
    /// `sys.path[0]` as it was when the program started (empty: the current folder); None where programs are isolated from it.
    pub first_search_path: RefCell<Option<Vec<u8>>>,
    /// `sys.modules`.
    pub modules: Field<Dict>,
    /// The namespace of the `sys` module.
    pub sys_dict: Field<Dict>,
    /// What is done when the eval breaker asks for it.
    pub pending_handlers: Cell<PendingHandlers>,
    /// The next number for the specializer to tell functions by.
    next_function_version: Cell<u32>,
    /// `sys.set_int_max_str_digits()`: the most decimal digits of an integer that is converted to or from text; 0 for no limit.
    pub maximum_integer_digits: Cell<usize>,
    /// Makes `types.GenericAlias(origin, arguments)`, whose type lives in a higher layer.
    pub generic_alias: Cell<Option<GenericAliasMaker>>,
    /// Codecs and error handlers that programs registered.
    pub codecs: CodecRegistry,
    /// What higher layers provide.
    pub hooks: Hooks,
    /// What the modules of higher layers keep for an interpreter, by its type.
    extensions: RefCell<HashMap<TypeId, Rc<dyn Any>>>,
    /// The same for modules that ask at nearly every call.
    residents: [OnceCell<Rc<dyn Any>>; ResidentPlace::COUNT],
    /// The lists of weak references to static types, which are shared by interpreters and so can't carry them.
    pub(crate) static_weak_references: WeakLists,
    pub(super) interned: InternedStrings,
    pub(super) lock: InterpreterLock,
    /// The states of the interpreter's threads, the main thread's first. Each is freed when its thread ends.
    pub(super) threads: RefCell<Vec<&'static ThreadState>>,
    /// Whether tools watch: threads that come are told so.
    pub(super) is_monitored: Cell<bool>,
    /// `sys.setrecursionlimit()`: what threads that come begin with.
    pub(super) recursion_limit: Cell<i32>,
    /// `PyThreadState.id` of the next thread.
    pub(super) next_thread_number: Cell<u64>,
    /// What modules do in the child of a fork.
    pub(super) fork_handlers: RefCell<Vec<fn(&mut Thread)>>,
}

/// The places for what modules ask for at nearly every call, so that it is found by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResidentPlace {
    Decimal,
}

impl ResidentPlace {
    const COUNT: usize = 1;
}

/// What a module keeps for an interpreter at a place of its own.
pub trait Resident: Default + 'static {
    const PLACE: ResidentPlace;
}

/// `sys.int_info.default_max_str_digits`.
pub const DEFAULT_MAXIMUM_INTEGER_DIGITS: usize = 4300;

/// What [`Interpreter::generic_alias`] holds.
pub type GenericAliasMaker = fn(&Object, &Object, &mut Thread) -> PyResult<Py<Object>>;

/// The secret that string hashes are keyed with: one a process, so that static strings hash the same in all interpreters.
static HASH_SECRET: OnceLock<HashSecret> = OnceLock::new();

/// The secret, random unless [`set_hash_secret`] came first.
pub fn hash_secret() -> &'static HashSecret {
    HASH_SECRET.get_or_init(|| HashSecret::from_seed(0))
}

/// Sets the secret (`PYTHONHASHSEED`); too late once a string was hashed.
pub fn set_hash_secret(secret: HashSecret) -> Result<(), HashSecret> {
    HASH_SECRET.set(secret)
}

impl Interpreter {
    /// An interpreter without types; `types::ready_static_types` fills it.
    pub fn new() -> Box<Self> {
        Box::new(Self {
            allocator: memory::Allocator::new(),
            gc: GcState::default(),
            type_cache: TypeCache::default(),
            static_type_dicts: RefCell::default(),
            subclasses: RefCell::default(),
            empty_tuple: Field::EMPTY,
            next_keys_version: Cell::new(0),
            exception_group: Field::EMPTY,
            builtins: Field::EMPTY,
            original_all: Field::EMPTY,
            original_any: Field::EMPTY,
            set_types: Cell::new(None),
            builtin_modules: RefCell::default(),
            import_lock_depth: Cell::new(0),
            optimize: Cell::new(0),
            bytes_warning: Cell::new(0),
            development_mode: Cell::new(false),
            processor_count: Cell::new(-1),
            watchers: crate::watchers::Watchers::default(),
            extension_loader: Cell::new(None),
            isolation: Isolation::default(),
            record: Runtime::register(),
            c_state: AtomicPtr::new(ptr::null_mut()),
            importlib: Field::EMPTY,
            first_search_path: RefCell::default(),
            modules: Field::EMPTY,
            sys_dict: Field::EMPTY,
            pending_handlers: Cell::new(PendingHandlers {
                collect: Some(crate::gc::collect_when_due),
                ..PendingHandlers::default()
            }),
            next_function_version: Cell::new(1),
            maximum_integer_digits: Cell::new(DEFAULT_MAXIMUM_INTEGER_DIGITS),
            generic_alias: Cell::new(None),
            codecs: CodecRegistry::default(),
            hooks: Hooks::default(),
            extensions: RefCell::default(),
            residents: Default::default(),
            static_weak_references: WeakLists::default(),
            interned: InternedStrings::with_names(),
            lock: InterpreterLock::new(),
            threads: RefCell::default(),
            is_monitored: Cell::new(false),
            recursion_limit: Cell::new(super::recursion::DEFAULT_RECURSION_LIMIT),
            next_thread_number: Cell::new(1),
            fork_handlers: RefCell::default(),
        })
    }

    /// An interpreter that nothing can run in. It lives as long as the process.
    pub fn unready() -> &'static Self {
        let interpreter: &'static Interpreter = Box::leak(Self::new());
        interpreter.note_in_record();
        interpreter
    }

    /// Starts an interpreter on the thread that runs here, which becomes its main thread, and makes its types ready. The interpreter lives
    /// as long as the process.
    pub fn start(types: &[&'static TypeDeclaration], settings: Settings) -> Thread {
        let interpreter = Self::unready();
        interpreter.set_settings(settings);
        let first = if settings.lock == LockChoice::Own { None } else { runtime().first() };
        if let Some(first) = first.and_then(|it| it.interpreter()).filter(|it| !ptr::eq(*it, interpreter)) {
            interpreter.lock.share(&first.lock);
        }
        // SAFETY: the interpreter is new, and lives for ever.
        let mut thread = unsafe { interpreter.new_thread() };
        let types = &crate::types::bases_first(types)[..];
        crate::types::prepare_static_types(types);
        let empty = Tuple::without_items(&mut thread);
        interpreter.empty_tuple.set(Some(empty));
        let ready: PyResult<()> = crate::types::ready_static_types(types, &mut thread);
        ready.expect("the declarations of static types are complete and in order");
        thread
    }

    /// Gives the memory of the interpreter's small objects to the system: it has ended.
    ///
    /// # Safety
    /// No thread has a state in the interpreter, or will have one; nobody, C code included, has a pointer to one of its objects.
    pub unsafe fn release_memory(&self) {
        self.interned.forget_all();
        // SAFETY: the caller answers for it.
        unsafe { self.allocator.forget_small_blocks() };
    }

    /// The value of this type that a module keeps for the interpreter, made when it is first asked for.
    pub fn extension<T: Default + 'static>(&self) -> Rc<T> {
        let known = self.extensions.borrow().get(&TypeId::of::<T>()).cloned();
        let value = known.unwrap_or_else(|| {
            let value: Rc<dyn Any> = Rc::new(T::default());
            self.extensions.borrow_mut().insert(TypeId::of::<T>(), value.clone());
            value
        });
        value.downcast().unwrap_or_else(|_| unreachable!("the table is indexed by the type"))
    }

    /// As [`Interpreter::extension`], without a search.
    #[inline]
    pub fn resident<T: Resident>(&self) -> Rc<T> {
        let value = self.residents[T::PLACE as usize].get_or_init(|| Rc::new(T::default()));
        value.clone().downcast().unwrap_or_else(|_| unreachable!("each place has one type"))
    }

    #[inline(always)]
    pub fn allocator(&self) -> &memory::Allocator {
        &self.allocator
    }

    /// The dictionary of a static type in this interpreter.
    pub(crate) fn static_type_dict(&self, declaration: &'static TypeDeclaration) -> Py<Dict> {
        let dicts = self.static_type_dicts.borrow();
        dicts.get(declaration.index.get()).and_then(Field::get).expect("static types are ready before they are used")
    }

    /// Gives a static type its dictionary in this interpreter.
    pub(crate) fn set_static_type_dict(&self, declaration: &'static TypeDeclaration, dict: Py<Dict>) {
        let mut dicts = self.static_type_dicts.borrow_mut();
        let index = declaration.index.get();
        if dicts.len() <= index {
            dicts.resize_with(index + 1, || Field::EMPTY);
        }
        dicts[index].set(Some(dict));
    }

    /// `()`.
    pub(crate) fn empty_tuple(&self) -> Py<Tuple> {
        self.empty_tuple.get().expect("the empty tuple is made first of all")
    }

    /// A number for a new code object, which its functions carry; zero when they have run out.
    pub fn next_function_version(&self) -> u32 {
        let version = self.next_function_version.get();
        if version != 0 {
            self.next_function_version.set(version.wrapping_add(1));
        }
        version
    }

    /// The interpreter as C code names it.
    pub fn as_pointer(&self) -> *mut PyInterpreterState {
        self.c_state.load(Ordering::Acquire)
    }
}
