//! `_collections`: `deque`, `defaultdict`, the getter of named tuples' fields, and the counting of `Counter`.

mod default_dict;
mod deque;
mod deque_iterator;
mod tuple_getter;

use builtins::ordered_dict::OrderedDict;
use macros::python_module;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::int::Int;
use objects::module::Module;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, TypeDeclaration};

pub const TYPES: &[&TypeDeclaration] = &[
    default_dict::DefaultDict::DECLARATION,
    deque::Deque::DECLARATION,
    deque_iterator::DequeIterator::DECLARATION,
    deque_iterator::DequeReverseIterator::DECLARATION,
    tuple_getter::TupleGetter::DECLARATION,
];

pub struct CollectionsModule;

/// High performance data structures.
/// - deque:        ordered collection accessible from endpoints only
/// - defaultdict:  dict subclass with a default value factory
///
#[python_module(name = "_collections")]
impl CollectionsModule {
    /// _count_elements($module, mapping, iterable, /)
    /// --
    ///
    /// Count elements in the iterable, updating the mapping
    #[function]
    fn _count_elements(mapping: &Object, iterable: &Object, thread: &mut Thread) -> PyResult<()> {
        let iterator = protocol::iter(iterable, thread)?;
        let one = Int::from_i64(1, thread);
        // A subclass may have its own idea of getting and setting.
        let plain = match mapping.downcast::<Dict>() {
            Some(dict) => has_methods_of_dict(dict, thread).then_some(dict),
            None => None,
        };
        if let Some(dict) = plain {
            while let Some(key) = protocol::next(&iterator, thread)? {
                let hash = protocol::hash(&key, thread)?;
                let count: Py<Object> = match dict.get_with_hash(&key, hash, thread)? {
                    Some(count) => protocol::add(&count, &one, thread)?,
                    None => one.clone().into_object(),
                };
                dict.set_with_hash(&key, hash, count, thread)?;
            }
            return Ok(());
        }
        let name = thread.intern_text("get");
        let get = protocol::get_attribute(mapping, &name, thread)?;
        let zero = Int::from_i64(0, thread);
        while let Some(key) = protocol::next(&iterator, thread)? {
            let count = protocol::call(&get, &[&key, &zero], thread)?;
            let count = protocol::add(&count, &one, thread)?;
            protocol::set_item(mapping, &key, &count, thread)?;
        }
        Ok(())
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        for declaration in TYPES {
            let class = declaration.as_type();
            module.set(&class.short_name(), class, thread)?;
        }
        module.set("OrderedDict", OrderedDict::class(), thread)
    }
}

/// True if `get` and `__setitem__` of a dict's class are those of `dict`.
fn has_methods_of_dict(dict: &Dict, thread: &mut Thread) -> bool {
    ["get", "__setitem__"].iter().all(|name| {
        let name = thread.intern_text(name);
        let (own, plain) = (dict.class().lookup(&name, thread), Dict::class().lookup(&name, thread));
        own.zip(plain).is_some_and(|(own, plain)| own.is(&plain))
    })
}
