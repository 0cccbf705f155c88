//! Adapters, which turn objects into what SQLite has, and converters, which turn columns into objects.

use std::cell::{Cell, RefCell};

use builtins::bytearray::ByteArray;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::str::codecs;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use crate::errors::ErrorClass;
use crate::names::Name;

/// What an interpreter keeps for this: the dicts that the module shows.
#[derive(Default)]
pub struct Registries {
    adapters: RefCell<Option<Py<Dict>>>,
    converters: RefCell<Option<Py<Dict>>>,
    /// Objects of built-in types may have an adapter too.
    adapts_basic: Cell<bool>,
    /// Errors of callbacks are told, not only that there was one.
    pub tells_callback_errors: Cell<bool>,
}

fn made(place: &RefCell<Option<Py<Dict>>>, thread: &mut Thread) -> Py<Dict> {
    if let Some(dict) = &*place.borrow() {
        return dict.clone();
    }
    let dict = Dict::new(thread);
    place.replace(Some(dict.clone()));
    dict
}

pub fn adapters(thread: &mut Thread) -> Py<Dict> {
    let registries = thread.interpreter().extension::<Registries>();
    made(&registries.adapters, thread)
}

pub fn converters(thread: &mut Thread) -> Py<Dict> {
    let registries = thread.interpreter().extension::<Registries>();
    made(&registries.converters, thread)
}

#[derive(Instance)]
#[repr(C)]
pub struct PrepareProtocol {
    header: Header,
}

/// PEP 246 style object adaption protocol type.
#[python_type(name = "sqlite3.PrepareProtocol", base = BaseObject, flags(HEAPTYPE))]
impl PrepareProtocol {
    #[new]
    #[signature("(*args, **kwargs)")]
    fn new_protocol(
        class: &Type,
        args: &[&Object],
        kwargs: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<PrepareProtocol>> {
        // They mean nothing.
        let _ = (args, kwargs);
        Py::new_in(class, PrepareProtocol { header: Header::new(PrepareProtocol::class()) }, thread)
    }
}

fn is_basic_type(class: &Object) -> bool {
    let basic: [&Type; 4] = [Int::class(), Float::class(), Str::class(), ByteArray::class()];
    basic.iter().any(|it| class.is(it))
}

/// `register_adapter`.
pub fn register_adapter(class: &Object, adapter: &Object, thread: &mut Thread) -> PyResult<()> {
    if is_basic_type(class) {
        thread.interpreter().extension::<Registries>().adapts_basic.set(true);
    }
    let key = Tuple::from_slice(&[class, PrepareProtocol::class()], thread)?;
    adapters(thread).set(&key, adapter, thread)
}

/// `register_converter`: names are kept in upper case.
pub fn register_converter(name: &Str, converter: &Object, thread: &mut Thread) -> PyResult<()> {
    let upper = Name::Upper.get(thread);
    let name = protocol::call_method(name, &upper, &[], thread)?;
    converters(thread).set(&name, converter, thread)
}

/// The converter for a column of this type.
pub fn converter(name: &[u8], thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let name = codecs::decode(name, None, None, thread)?;
    let upper = Name::Upper.get(thread);
    let name = protocol::call_method(&name, &upper, &[], thread)?;
    converters(thread).get(&name, thread)
}

/// An object as one that SQLite has: by an adapter, or by what the protocol or the object does.
pub fn adapt(
    object: &Object,
    protocol: &Object,
    otherwise: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let key = Tuple::from_slice(&[object.class(), protocol], thread)?;
    if let Some(adapter) = adapters(thread).get(&key, thread)? {
        return protocol::call_one(&adapter, object, thread);
    }
    for (receiver, method, argument) in [(protocol, Name::Adapt, object), (object, Name::Conform, protocol)] {
        let name = method.get(thread);
        let Some(method) = protocol::lookup_attribute(receiver, &name, thread)? else { continue };
        let adapted = protocol::call_one(&method, argument, thread);
        if let Some(adapted) = thread.suppress(adapted, objects::errors::TypeError)?.filter(|it| !it.is_none()) {
            return Ok(adapted);
        }
    }
    match otherwise {
        Some(otherwise) => Ok(Py::from_ref(otherwise)),
        None => Err(ErrorClass::Programming.raise("can't adapt", thread)),
    }
}

/// A parameter as SQLite gets it.
pub fn adapt_parameter(parameter: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let basic = is_basic_type(parameter.class());
    if basic && !thread.interpreter().extension::<Registries>().adapts_basic.get() {
        return Ok(Py::from_ref(parameter));
    }
    adapt(parameter, PrepareProtocol::class(), Some(parameter), thread)
}
