//! `Interpreter`: what threads of one interpreter share under its lock.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ptr;
use std::sync::OnceLock;

use layout::PyInterpreterState;
use text::hash::HashSecret;

use crate::dict::Dict;
use crate::errors::PyResult;
use crate::gc::GcState;
use crate::refs::{Field, Object, Py};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Type, TypeCache, TypeDeclaration};

/// The state of an interpreter. Everything that changes and is not an object's own hangs here, or off a thread.
pub struct Interpreter {
    allocator: memory::Allocator,
    pub(crate) gc: GcState,
    pub(crate) type_cache: TypeCache,
    /// Dictionaries of static types, by the type's index.
    pub(crate) static_type_dicts: RefCell<Vec<Field<Dict>>>,
    /// Addresses of direct subclasses, in order of creation, by the base's address.
    pub(crate) subclasses: RefCell<HashMap<usize, Vec<*const Type>>>,
    pub(crate) empty_tuple: Field<Tuple>,
    /// The last version that was given to the keys of a dict.
    pub(crate) next_keys_version: Cell<u32>,
    /// The namespace of the `builtins` module.
    pub builtins: Field<Dict>,
    /// `set` and `frozenset`, which live in a higher layer.
    pub set_types: Cell<Option<(&'static Type, &'static Type)>>,
    /// Makes `types.GenericAlias(origin, arguments)`, whose type lives in a higher layer.
    pub generic_alias: Cell<Option<GenericAliasMaker>>,
}

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
    #[expect(clippy::new_without_default, reason = "an interpreter is made on purpose, and not by chance")]
    pub fn new() -> Box<Self> {
        Box::new(Self {
            allocator: memory::Allocator::new(),
            gc: GcState::default(),
            type_cache: TypeCache::default(),
            static_type_dicts: RefCell::default(),
            subclasses: RefCell::default(),
            empty_tuple: Field::EMPTY,
            next_keys_version: Cell::new(0),
            builtins: Field::EMPTY,
            set_types: Cell::new(None),
            generic_alias: Cell::new(None),
        })
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

    /// `()`.
    pub(crate) fn empty_tuple(&self) -> Py<Tuple> {
        self.empty_tuple.get().expect("the empty tuple is made first of all")
    }

    /// The interpreter as C code names it.
    pub(crate) fn as_pointer(&self) -> *mut PyInterpreterState {
        ptr::null_mut()
    }
}
