//! `_functools`: `partial`, `reduce`, `cmp_to_key` and the cache behind `lru_cache`.

mod cache;
mod key;
mod partial;

use macros::python_module;
use objects::errors::PyResult;
use objects::module::Module;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, TypeDeclaration};

pub use partial::Partial;

pub const TYPES: &[&TypeDeclaration] = &[
    cache::CacheWrapper::DECLARATION,
    key::KeyWrapper::DECLARATION,
    partial::Partial::DECLARATION,
    partial::PlaceholderType::DECLARATION,
];

/// What an interpreter keeps for this module.
#[derive(Default)]
pub(crate) struct State {
    placeholder: std::cell::RefCell<Option<Py<Object>>>,
    keyword_mark: std::cell::RefCell<Option<Py<Object>>>,
}

/// The one `Placeholder`.
pub(crate) fn placeholder(thread: &mut Thread) -> Py<Object> {
    let state = thread.interpreter().extension::<State>();
    if let Some(known) = &*state.placeholder.borrow() {
        return known.clone();
    }
    let made = Py::new(partial::PlaceholderType::new(), thread).into_object();
    state.placeholder.replace(Some(made.clone()));
    made
}

/// What separates positional arguments from those by name in the key of a cache.
pub(crate) fn keyword_mark(thread: &mut Thread) -> PyResult<Py<Object>> {
    let state = thread.interpreter().extension::<State>();
    if let Some(known) = &*state.keyword_mark.borrow() {
        return Ok(known.clone());
    }
    let made = protocol::call(objects::object::BaseObject::class(), &[], thread)?;
    state.keyword_mark.replace(Some(made.clone()));
    Ok(made)
}

pub struct FunctoolsModule;

/// Tools that operate on functions.
#[python_module(name = "_functools")]
impl FunctoolsModule {
    /// reduce($module, function, iterable, /, initial=<unrepresentable>)
    /// --
    ///
    /// Apply a function of two arguments cumulatively to the items of an iterable, from left to right.
    ///
    /// This effectively reduces the iterable to a single value.  If initial is
    /// present, it is placed before the items of the iterable in the
    /// calculation, and serves as a default when the iterable is empty.
    ///
    /// For example, reduce(lambda x, y: x+y, [1, 2, 3, 4, 5])
    /// calculates ((((1 + 2) + 3) + 4) + 5).
    #[function]
    fn reduce(
        function: &Object,
        iterable: &Object,
        initial: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let iterator = match protocol::iter(iterable, thread) {
            Ok(iterator) => iterator,
            Err(raised) if thread.raised_is(objects::errors::TypeError) => {
                drop(thread.catch(raised));
                return Err(raise!(thread, TypeError, "reduce() arg 2 must support iteration"));
            }
            Err(raised) => return Err(raised),
        };
        let mut total = initial.map(Py::from_ref);
        while let Some(item) = protocol::next(&iterator, thread)? {
            total = Some(match total {
                Some(total) => protocol::call(function, &[&total, &item], thread)?,
                None => item,
            });
        }
        match total {
            Some(total) => Ok(total),
            None => Err(raise!(thread, TypeError, "reduce() of empty iterable with no initial value")),
        }
    }

    /// cmp_to_key($module, /, mycmp)
    /// --
    ///
    /// Convert a cmp= function into a key= function.
    ///
    ///   mycmp
    ///     Function that compares two objects.
    #[function]
    fn cmp_to_key(mycmp: &Object, thread: &mut Thread) -> Py<key::KeyWrapper> {
        let header = Header::new(key::KeyWrapper::class());
        Py::new(key::KeyWrapper::new(header, Py::from_ref(mycmp), None), thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        module.set("_PlaceholderType", partial::PlaceholderType::class(), thread)?;
        let placeholder = placeholder(thread);
        module.set("Placeholder", &placeholder, thread)?;
        module.set("partial", Partial::class(), thread)?;
        module.set("_lru_cache_wrapper", cache::CacheWrapper::class(), thread)
    }
}
