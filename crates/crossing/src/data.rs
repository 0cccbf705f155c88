//! `Data`: what an object says, without the object (CPython's `_PyXIData_t`).
//!
//! Made under the lock of one interpreter, kept anywhere, turned into a new object under the lock of another. The types that can be told so are
//! those below, and those that modules register ([`register`]); for others there is a fallback, by `pickle`.

use std::cell::RefCell;

use builtins::bytes::Bytes;
use builtins::memoryview::MemoryView;
use interpreter::code::Code;
use interpreter::function::Function;
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{OverflowError, PyResult};
use objects::float::Float;
use objects::int::Int;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, Type};
use text::builder::StrData;

use crate::buffer::SharedBuffer;
use crate::errors::{raise_not_shareable, raise_unsupported};
use crate::import;
use crate::main_script;
use crate::stateless;

/// What is done with objects of types that are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fallback {
    Refuse,
    /// Functions without state by their code, everything else by `pickle`.
    Full,
}

impl Fallback {
    /// By the number that C and `_interpqueues` have for it.
    pub fn from_number(number: i32) -> Option<Self> {
        match number {
            0 => Some(Self::Refuse),
            1 => Some(Self::Full),
            _ => None,
        }
    }

    pub fn number(self) -> i32 {
        self as i32
    }
}

/// What modules tell of objects of their own types.
pub trait Crossing: Send {
    /// A new object in the interpreter of the thread.
    fn object(&self, thread: &mut Thread) -> PyResult<Py<Object>>;
}

enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(StrData),
    Bytes(Box<[u8]>),
    Tuple(Vec<Data>),
    Buffer(SharedBuffer),
    /// What `marshal` writes.
    Marshalled(Box<[u8]>),
    /// The code of a function that needs nothing else.
    Function(Box<[u8]>),
    /// What `pickle` writes, and the script in which it finds what is in `__main__`.
    Pickled(Box<[u8]>, Option<String>),
    Other(Box<dyn Crossing>),
}

/// The data of one object.
pub struct Data {
    value: Value,
    owner: i64,
}

/// What makes data of an object of a registered type.
pub type Maker = fn(&Object, &mut Thread) -> PyResult<Box<dyn Crossing>>;

/// The types of an interpreter that modules have registered.
#[derive(Default)]
struct Registry(RefCell<Vec<(Py<Type>, Maker)>>);

/// Lets objects of exactly this type cross.
pub fn register(class: &Type, maker: Maker, thread: &mut Thread) {
    let registry = thread.interpreter().extension::<Registry>();
    let old = registry.0.borrow().iter().position(|it| it.0.is(class));
    let old = old.map(|at| registry.0.borrow_mut().swap_remove(at));
    registry.0.borrow_mut().push((Py::from_ref(class), maker));
    drop(old);
}

fn registered(class: &Type, thread: &mut Thread) -> Option<Maker> {
    let registry = thread.interpreter().extension::<Registry>();
    let types = registry.0.borrow();
    types.iter().find(|it| it.0.is(class)).map(|it| it.1)
}

/// `is_shareable`: whether the type is one that can cross without a fallback.
pub fn is_supported(object: &Object, thread: &mut Thread) -> bool {
    let class = object.class();
    let known = [
        Bool::class(),
        Int::class(),
        Float::class(),
        Str::class(),
        Bytes::class(),
        Tuple::class(),
        MemoryView::class(),
    ];
    object.is_none() || known.iter().any(|it| it.is(class)) || registered(class, thread).is_some()
}

impl Data {
    fn new(value: Value, thread: &Thread) -> Self {
        Self { value, owner: thread.interpreter().record().number() }
    }

    /// Data of a module's own, as if it came from an object.
    pub fn of_crossing(value: Box<dyn Crossing>, thread: &Thread) -> Self {
        Self::new(Value::Other(value), thread)
    }

    /// The number of the interpreter that the object was in.
    pub fn owner(&self) -> i64 {
        self.owner
    }

    /// The data of an object, or NotShareableError.
    pub fn of(object: &Object, fallback: Fallback, thread: &mut Thread) -> PyResult<Data> {
        let raised = match Self::without_fallback(object, fallback, thread) {
            Ok(data) => return Ok(data),
            Err(raised) => raised,
        };
        if fallback == Fallback::Refuse {
            return Err(raised);
        }
        let first = thread.catch(raised);
        if object.downcast::<Function>().is_some() {
            match Self::of_function(object, thread) {
                Ok(data) => return Ok(data),
                Err(raised) => drop(thread.catch(raised)),
            }
        }
        match Self::pickled(object, thread) {
            Ok(data) => Ok(data),
            Err(raised) => {
                drop(thread.catch(raised));
                Err(thread.set_exception(first))
            }
        }
    }

    /// The data of what is to be called: a function by its code if that is all it needs, everything else by `pickle`.
    pub fn of_callable(callable: &Object, thread: &mut Thread) -> PyResult<Data> {
        let first = match Self::of_function(callable, thread) {
            Ok(data) => return Ok(data),
            Err(raised) => thread.catch(raised),
        };
        match Self::pickled(callable, thread) {
            Ok(data) => Ok(data),
            Err(raised) => {
                drop(thread.catch(raised));
                Err(thread.set_exception(first))
            }
        }
    }

    fn without_fallback(object: &Object, fallback: Fallback, thread: &mut Thread) -> PyResult<Data> {
        match Self::plain(object, fallback, thread) {
            Ok(Some(data)) => Ok(data),
            Ok(None) => Err(raise_unsupported(object, None, thread)),
            Err(raised) => {
                let cause = thread.catch(raised);
                Err(raise_unsupported(object, Some(cause), thread))
            }
        }
    }

    /// The data of an object of a known type; None for others.
    fn plain(object: &Object, fallback: Fallback, thread: &mut Thread) -> PyResult<Option<Data>> {
        let value = if object.is_none() {
            Value::None
        } else if object.is_exactly::<Bool>() {
            Value::Bool(object.is(Bool::get(true)))
        } else if let Some(value) = object.downcast_exact::<Int>() {
            match value.to_i128().and_then(|it| i64::try_from(it).ok()) {
                Some(value) => Value::Int(value),
                None => return Err(thread.raise_message(OverflowError, format_args!("try sending as bytes"))),
            }
        } else if let Some(value) = object.downcast_exact::<Float>() {
            Value::Float(value.value())
        } else if let Some(value) = object.downcast_exact::<Str>() {
            Value::Str(StrData::from_view(value.view()))
        } else if let Some(value) = object.downcast_exact::<Bytes>() {
            Value::Bytes(value.as_slice().into())
        } else if let Some(value) = object.downcast_exact::<Tuple>() {
            thread.check_stack(" while sharing a tuple")?;
            let items: PyResult<Vec<Data>> = value.items().iter().map(|it| Self::of(it, fallback, thread)).collect();
            Value::Tuple(items?)
        } else if object.is_exactly::<MemoryView>() {
            Value::Buffer(SharedBuffer::of(object, thread)?)
        } else if let Some(maker) = registered(object.class(), thread) {
            Value::Other(maker(object, thread)?)
        } else {
            return Ok(None);
        };
        Ok(Some(Self::new(value, thread)))
    }

    /// The memory of any object that exports buffers, to be seen as a memoryview (`channel_send_buffer`).
    pub fn of_buffer(object: &Object, thread: &mut Thread) -> PyResult<Data> {
        Ok(Self::new(Value::Buffer(SharedBuffer::of(object, thread)?), thread))
    }

    /// By `pickle`.
    pub fn pickled(object: &Object, thread: &mut Thread) -> PyResult<Data> {
        let written = import::function("pickle", "dumps", thread).and_then(|dumps| {
            let written = protocol::call(&dumps, &[object], thread)?;
            contents(&written, thread)
        });
        match written {
            Ok(written) => {
                let script = main_script::file(thread);
                Ok(Self::new(Value::Pickled(written, script), thread))
            }
            Err(raised) => {
                let cause = thread.catch(raised);
                Err(raise_not_shareable(format_args!("object could not be pickled"), Some(cause), thread))
            }
        }
    }

    /// By `marshal`.
    pub fn marshalled(object: &Object, thread: &mut Thread) -> PyResult<Data> {
        let written = marshal(object, thread)?;
        Ok(Self::new(Value::Marshalled(written), thread))
    }

    /// Of a code object.
    pub fn of_code(object: &Object, thread: &mut Thread) -> PyResult<Data> {
        if object.downcast::<Code>().is_none() {
            let shown = protocol::repr(object, thread)?.to_string_lossy();
            return Err(raise_not_shareable(format_args!("expected code, got {shown}"), None, thread));
        }
        Self::marshalled(object, thread)
    }

    /// Of a function that needs nothing but its code.
    pub fn of_function(object: &Object, thread: &mut Thread) -> PyResult<Data> {
        let Some(function) = object.downcast::<Function>() else {
            let shown = protocol::repr(object, thread)?.to_string_lossy();
            return Err(raise_not_shareable(format_args!("expected a function, got {shown}"), None, thread));
        };
        if let Err(raised) = stateless::check_function(function, thread) {
            let cause = thread.catch(raised);
            let message = format_args!("only stateless functions are shareable");
            return Err(raise_not_shareable(message, Some(cause), thread));
        }
        let written = marshal(&function.code(), thread)?;
        Ok(Self::new(Value::Function(written), thread))
    }

    /// A new object that says the same, in the interpreter of the thread.
    pub fn object(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        Ok(match &self.value {
            Value::None => thread.none(),
            Value::Bool(value) => Py::from_ref(Bool::get(*value)).into_object(),
            Value::Int(value) => protocol::make_int(i128::from(*value), thread),
            Value::Float(value) => Float::new(*value, thread).into_object(),
            Value::Str(value) => Str::try_from_view(value.view(), thread)?.into_object(),
            Value::Bytes(value) => thread.make_bytes(value)?,
            Value::Tuple(items) => {
                let items: PyResult<Vec<_>> = items.iter().map(|it| it.object(thread)).collect();
                Tuple::new(items?, thread)?.into_object()
            }
            Value::Buffer(buffer) => buffer.object(thread)?,
            Value::Marshalled(written) => unmarshal(written, thread)?,
            Value::Function(written) => function_of(written, thread)?,
            Value::Pickled(written, script) => main_script::unpickle(written, script.as_deref(), thread)?,
            Value::Other(value) => value.object(thread)?,
        })
    }
}

/// The bytes of a bytes-like object.
fn contents(object: &Object, thread: &mut Thread) -> PyResult<Box<[u8]>> {
    let view = BytesLike::of(object, thread)?;
    Ok(view.as_slice(thread).into())
}

fn marshal(object: &Object, thread: &mut Thread) -> PyResult<Box<[u8]>> {
    let written = import::function("marshal", "dumps", thread).and_then(|dumps| {
        let written = protocol::call(&dumps, &[object], thread)?;
        contents(&written, thread)
    });
    written.map_err(|raised| {
        let cause = thread.catch(raised);
        raise_not_shareable(format_args!("object could not be marshalled"), Some(cause), thread)
    })
}

fn unmarshal(written: &[u8], thread: &mut Thread) -> PyResult<Py<Object>> {
    let read = import::function("marshal", "loads", thread).and_then(|loads| {
        let written = thread.make_bytes(written)?;
        protocol::call(&loads, &[&written], thread)
    });
    read.map_err(|raised| {
        let cause = thread.catch(raised);
        raise_not_shareable(format_args!("object could not be unmarshalled"), Some(cause), thread)
    })
}

/// A function over the names of `__main__`, as `exec` makes one.
fn function_of(written: &[u8], thread: &mut Thread) -> PyResult<Py<Object>> {
    let code = unmarshal(written, thread)?;
    let Ok(code) = code.downcast_into::<Code>() else {
        return Err(objects::raise!(thread, SystemError, "bad marshal data of a function"));
    };
    let globals: Py<Dict> = main_script::namespace(thread)?;
    interpreter::execute::provide_builtins(&globals, thread)?;
    let builtins = interpreter::execute::builtins_of(&globals, thread)?;
    Ok(Function::new(code, globals, builtins, thread).into_object())
}
