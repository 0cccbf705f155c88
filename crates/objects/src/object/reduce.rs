//! How ordinary objects are pickled and copied: `object.__reduce_ex__`, `__reduce__`, `__getstate__`.
//!
//! The steps are CPython's (`object___reduce_ex__`, `reduce_newobj`, `object_getstate_default`); the rest of the protocol is Python code in `copyreg`.

use layout::{Py_TPFLAGS_DICT_SUBCLASS, Py_TPFLAGS_LIST_SUBCLASS, Py_TPFLAGS_MANAGED_DICT};

use crate::descriptors::BuiltinFunction;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::names;
use crate::protocol::{self, lookup_attribute};
use crate::raise;
use crate::refs::{Object, Py, VarHeader, cast};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type, instance_dict};

use super::BaseObject;
use super::attributes::{Method, get_method};

/// The module `copyreg`.
fn copyreg(thread: &mut Thread) -> PyResult<Py<Object>> {
    let modules = thread.interpreter().modules.get();
    if let Some(module) = modules.and_then(|it| it.get_str(&names::copyreg, thread)) {
        return Ok(module);
    }
    let import = protocol::builtin(&names::__import__, thread)?;
    protocol::call_one(&import, &names::copyreg, thread)
}

fn call_copyreg(name: &Str, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
    let module = copyreg(thread)?;
    let function = protocol::get_attribute(&module, name, thread)?;
    protocol::call(&function, arguments, thread)
}

/// `object.__reduce_ex__(protocol)`.
pub fn reduce_ex(object: &Object, version: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
    if inherits(object, &names::__reduce__, thread) && object.class().class().is(Type::class()) {
        return reduce(object, version, thread);
    }
    if let Some(reduce) = lookup_attribute(object, &names::__reduce__, thread)? {
        let class = protocol::get_attribute(object, &names::__class__, thread)?;
        let theirs = protocol::get_attribute(&class, &names::__reduce__, thread)?;
        let plain = BaseObject::class().dict(thread).get_str(&names::__reduce__, thread);
        if !plain.is_some_and(|plain| plain.is(&theirs)) {
            return protocol::call(&reduce, &[], thread);
        }
    }
    reduce(object, version, thread)
}

/// True if an object's class has a method from `object`.
fn inherits(object: &Object, name: &Str, thread: &Thread) -> bool {
    let plain = BaseObject::class().dict(thread).get_str(name, thread);
    let found = object.class().lookup(name, thread);
    plain.zip(found).is_some_and(|(plain, found)| plain.is(&found))
}

/// What `object.__reduce__` gives for a version of the pickle protocol.
pub fn reduce(object: &Object, version: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
    if version >= 2 {
        return reduce_new_object(object, thread);
    }
    let version = crate::int::Int::from_i128(i128::from(version), thread);
    call_copyreg(&names::_reduce_ex, &[object, &version], thread)
}

fn reduce_new_object(object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    if object.class().slots().tp_new.get().is_none() {
        let class = object.class().full_name();
        return Err(raise!(thread, TypeError, "cannot pickle '{class}' object"));
    }
    let (arguments, keywords) = new_arguments(object, thread)?;
    let class = Py::from_ref(object.class()).into_object();
    let module = copyreg(thread)?;
    let has_arguments = arguments.is_some();
    let (maker, arguments) = match (arguments, keywords.filter(|it| it.length() > 0)) {
        (arguments, None) => {
            let maker = protocol::get_attribute(&module, &names::__newobj__, thread)?;
            let mut all = vec![class];
            all.extend(arguments.iter().flat_map(|it| it.items().iter().cloned()));
            (maker, Tuple::new(all, thread)?)
        }
        (arguments, Some(keywords)) => {
            let maker = protocol::get_attribute(&module, &names::__newobj_ex__, thread)?;
            let arguments = arguments.unwrap_or_else(|| Tuple::empty(thread));
            (maker, Tuple::new(vec![class, arguments.into_object(), keywords.into_object()], thread)?)
        }
    };
    let is_list = object.class().has_flag(Py_TPFLAGS_LIST_SUBCLASS);
    let is_dict = object.class().has_flag(Py_TPFLAGS_DICT_SUBCLASS);
    let state = get_state(object, !(has_arguments || is_list || is_dict), thread)?;
    let list_items = if is_list { protocol::iter(object, thread)? } else { thread.none() };
    let dict_items = if is_dict {
        let items = protocol::call_method(object, &names::items, &[], thread)?;
        protocol::iter(&items, thread)?
    } else {
        thread.none()
    };
    Tuple::new(vec![maker, arguments.into_object(), state, list_items, dict_items], thread).map(Py::into_object)
}

type NewArguments = (Option<Py<Tuple>>, Option<Py<Dict>>);

/// What `__getnewargs_ex__` or `__getnewargs__` says that `__new__` is to be called with.
fn new_arguments(object: &Object, thread: &mut Thread) -> PyResult<NewArguments> {
    if let Some(result) = protocol::call_special(object, &names::__getnewargs_ex__, &[], thread)? {
        let Some(pair) = result.downcast::<Tuple>() else {
            let class = result.class().full_name();
            return Err(raise!(thread, TypeError, "__getnewargs_ex__ should return a tuple, not '{class}'"));
        };
        let [arguments, keywords] = pair.items() else {
            let length = pair.length();
            return Err(raise!(
                thread,
                ValueError,
                "__getnewargs_ex__ should return a tuple of length 2, not {length}"
            ));
        };
        let Some(arguments) = arguments.downcast::<Tuple>() else {
            let class = arguments.class().full_name();
            let message = "first item of the tuple returned by __getnewargs_ex__ must be a tuple";
            return Err(raise!(thread, TypeError, "{message}, not '{class}'"));
        };
        let Some(keywords) = keywords.downcast::<Dict>() else {
            let class = keywords.class().full_name();
            let message = "second item of the tuple returned by __getnewargs_ex__ must be a dict";
            return Err(raise!(thread, TypeError, "{message}, not '{class}'"));
        };
        return Ok((Some(Py::from_ref(arguments)), Some(Py::from_ref(keywords))));
    }
    let result = protocol::call_special(object, &names::__getnewargs__, &[], thread)?;
    let Some(result) = result else { return Ok((None, None)) };
    match result.downcast::<Tuple>() {
        Some(arguments) => Ok((Some(Py::from_ref(arguments)), None)),
        None => {
            let class = result.class().full_name();
            Err(raise!(thread, TypeError, "__getnewargs__ should return a tuple, not '{class}'"))
        }
    }
}

/// The object's state by `__getstate__`; if that is `object`'s, `required` says whether all of the object must be in it.
fn get_state(object: &Object, required: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
    let get = match get_method(object, &names::__getstate__, thread)? {
        Method::Unbound(_) if inherits(object, &names::__getstate__, thread) => {
            return default_state(object, required, thread);
        }
        method @ Method::Unbound(_) => return protocol::call_found(&method, object, &[], thread),
        Method::Attribute(get) => get,
    };
    if let Some(function) = get.downcast_exact::<BuiltinFunction>()
        && function.receiver().is_some_and(|it| it.is(object))
        && let Some(plain) = BaseObject::class().dict(thread).get_str(&names::__getstate__, thread)
        && let Some(plain) = plain.downcast_exact::<crate::descriptors::MethodDescriptor>()
        && std::ptr::eq(plain.definition(), function.definition())
    {
        return default_state(object, required, thread);
    }
    protocol::call(&get, &[], thread)
}

/// `object.__getstate__`: the dictionary, and with it the values of `__slots__`.
pub fn default_state(object: &Object, required: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
    let class = Py::from_ref(object.class());
    if required && class.item_size() > 0 {
        return Err(raise!(thread, TypeError, "cannot pickle {} objects", class.full_name()));
    }
    let state = match instance_dict::is_empty(object) {
        true => thread.none(),
        false => instance_dict::dict(object, thread).map_or_else(|| thread.none(), Py::into_object),
    };
    let slot_names = slot_names(object, thread)?;
    if required {
        let word = size_of::<usize>();
        let mut accounted = 2 * word + slot_names.len() * word;
        if class.slots().tp_dictoffset.get() != 0 && !class.has_flag(Py_TPFLAGS_MANAGED_DICT) {
            accounted += word;
        }
        if class.slots().tp_weaklistoffset.get() > 0 {
            accounted += word;
        }
        if class.basic_size() > accounted {
            return Err(raise!(thread, TypeError, "cannot pickle '{}' object", class.full_name()));
        }
    }
    if slot_names.is_empty() {
        return Ok(state);
    }
    let values = Dict::new(thread);
    for name in &slot_names {
        let Some(name) = name.downcast::<Str>() else { continue };
        if let Some(value) = lookup_attribute(object, name, thread)? {
            values.set(name, &value, thread)?;
        }
    }
    if values.length() == 0 {
        return Ok(state);
    }
    Tuple::new(vec![state, values.into_object()], thread).map(Py::into_object)
}

/// The names of the class's `__slots__`, which `copyreg` collects and remembers in `__slotnames__`.
fn slot_names(object: &Object, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    let class = Py::from_ref(object.class());
    let known = class.dict(thread).get_str(&names::__slotnames__, thread);
    let names = match known {
        Some(known) => known,
        None => call_copyreg(&names::_slotnames, &[&class], thread)?,
    };
    if names.is_none() {
        return Ok(Vec::new());
    }
    if !names.class().has_flag(Py_TPFLAGS_LIST_SUBCLASS) {
        let (class, found) = (class.full_name(), names.class().full_name());
        return Err(raise!(
            thread,
            TypeError,
            "copyreg._slotnames didn't return a list or None: {class}.__slotnames__ should be a list or None, not {found}"
        ));
    }
    protocol::collect(&names, thread)
}

/// `object.__sizeof__`.
pub fn size_of_object(object: &Object) -> usize {
    let class = object.class();
    let items = match class.item_size() {
        0 => 0,
        // SAFETY: types with items start with a `VarHeader`.
        size => unsafe { cast::<VarHeader>(object) }.size().unsigned_abs() * size,
    };
    class.basic_size() + items
}
