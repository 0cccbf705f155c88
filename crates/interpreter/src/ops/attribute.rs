//! Attributes: `LOAD_ATTR`, `STORE_ATTR`, `LOAD_SUPER_ATTR`, `LOAD_SPECIAL`.

use bytecode::instruction::operands::SpecialMethod;
use objects::descriptors::{BoundMethod, Super, super_method};
use objects::errors::PyResult;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

use crate::evaluate::State;
use crate::function::Function;
use crate::specialize;
use crate::stack_ref::StackRef;

const LOAD_ATTR_CACHES: usize = 9;
const STORE_ATTR_CACHES: usize = 4;
const LOAD_SUPER_ATTR_CACHES: usize = 1;

/// The attribute of an object that is about to be called.
pub(super) enum Method {
    /// A function that takes the object as its first argument.
    Unbound(Py<Object>),
    /// Anything else: called without.
    Bound(Py<Object>),
}

impl From<objects::object::Method> for Method {
    fn from(method: objects::object::Method) -> Self {
        match method {
            objects::object::Method::Unbound(function) => Method::Unbound(function),
            objects::object::Method::Attribute(value) => Method::Bound(value),
        }
    }
}

impl From<protocol::SpecialMethod> for Method {
    fn from(method: protocol::SpecialMethod) -> Self {
        match method.into_parts() {
            (function, true) => Method::Unbound(function),
            (function, false) => Method::Bound(function),
        }
    }
}

#[inline(always)]
pub(crate) fn load_attr(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let name = state.frame().code().name_at((oparg >> 1) as usize);
    let caches = state.caches(LOAD_ATTR_CACHES);
    if specialize::is_due(caches) {
        specialize::load_attr(caches, state.peek(1).object(), name, oparg, thread);
        if state.runs_specialized(LOAD_ATTR_CACHES, oparg) {
            return Ok(());
        }
    }
    generic_load(state, thread, oparg)
}

/// The general way, also for specialized instructions that do not apply.
#[inline(always)]
pub(super) fn generic_load(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let name = state.frame().code().name_at((oparg >> 1) as usize);
    let owner = state.peek(1);
    if oparg & 1 == 0 {
        let value = protocol::get_attribute(owner.object(), name, thread)?;
        state.forget(1);
        state.push_owned(value);
        owner.close(thread);
        return Ok(());
    }
    match objects::object::get_method(owner.object(), name, thread)?.into() {
        Method::Unbound(function) => {
            state.forget(1);
            state.push_owned(function);
            state.push(owner);
        }
        Method::Bound(value) => {
            state.forget(1);
            match class_method_of(&value, owner.object()) {
                Some((function, class)) => {
                    state.push_owned(function);
                    state.push_owned(class);
                }
                None => {
                    state.push_owned(value);
                    state.push(StackRef::NULL);
                }
            }
            owner.close(thread);
        }
    }
    Ok(())
}

/// The parts of a class method that was just bound to the class of an instance, and that nobody else has seen.
#[inline(always)]
fn class_method_of(value: &Object, owner: &Object) -> Option<(Py<Object>, Py<Object>)> {
    let method = value.downcast_exact::<BoundMethod>()?;
    let receiver = method.receiver();
    (value.reference_count() == 1 && receiver.is(owner.class())).then(|| (method.function(), receiver))
}

#[inline(always)]
pub(crate) fn store_attr(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let name = state.frame().code().name_at(oparg as usize);
    let caches = state.caches(STORE_ATTR_CACHES);
    if specialize::is_due(caches) {
        specialize::store_attr(caches, state.peek(1).object(), name, thread);
    }
    generic_store(state, thread, oparg)
}

#[inline(always)]
pub(super) fn generic_store(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let name = state.frame().code().name_at(oparg as usize);
    protocol::set_attribute(state.peek(1).object(), name, Some(state.peek(2).object()), thread)?;
    state.drop_many(2, thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn delete_attr(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let name = state.frame().code().name_at(oparg as usize);
    protocol::set_attribute(state.peek(1).object(), name, None, thread)?;
    state.drop_top(thread);
    Ok(())
}

/// `super().name`: bit 0 asks for a method, bit 1 says that `super` was called with two arguments.
#[inline(always)]
pub(crate) fn load_super_attr(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(LOAD_SUPER_ATTR_CACHES);
    if specialize::is_due(caches) {
        let (function, class) = (state.peek(3).object(), state.peek(2).object());
        specialize::load_super_attr(caches, function, class, oparg & 1 != 0);
    }
    generic_load_super(state, thread, oparg)
}

/// Where `super` was the built-in one.
#[inline(always)]
pub(crate) fn load_super_attr_attr(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let (function, class) = (state.peek(3).object(), state.peek(2).object());
    let is_as_before = function.is(Super::class()) && class.downcast::<Type>().is_some();
    if !is_as_before && state.misses(LOAD_SUPER_ATTR_CACHES, oparg) {
        return Ok(());
    }
    generic_load_super(state, thread, oparg)
}

/// The same of a method that is called.
#[inline(always)]
pub(crate) fn load_super_attr_method(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    load_super_attr_attr(state, thread, oparg)
}

#[inline(always)]
pub(super) fn generic_load_super(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let name = state.frame().code().name_at((oparg >> 2) as usize);
    let (function, class, receiver) = (state.peek(3).object(), state.peek(2).object(), state.peek(1).object());
    let loaded = super_attribute(function, class, receiver, name, oparg, thread)?;
    match loaded {
        Method::Unbound(value) => {
            let receiver = state.pop();
            state.drop_many(2, thread);
            state.push_owned(value);
            state.push(receiver);
        }
        Method::Bound(value) => {
            state.drop_many(3, thread);
            state.push_owned(value);
            if oparg & 1 != 0 {
                state.push(StackRef::NULL);
            }
        }
    }
    Ok(())
}

#[inline(never)]
fn super_attribute(
    function: &Object,
    class: &Object,
    receiver: &Object,
    name: &Str,
    oparg: u32,
    thread: &mut Thread,
) -> PyResult<Method> {
    if function.is(Super::class()) {
        let wants_method = oparg & 1 != 0;
        if let Some(class) = class.downcast::<Type>() {
            match super_method(class, receiver, name, thread)? {
                objects::object::Method::Unbound(method) if !wants_method => {
                    // Other methods are bound as they want; the general way does that.
                    if method.is_exactly::<Function>() {
                        return Ok(Method::Bound(BoundMethod::new(&method, receiver, thread).into_object()));
                    }
                }
                method => return Ok(method.into()),
            }
            let proxy = protocol::call(function, &[class, receiver], thread)?;
            return protocol::get_attribute(&proxy, name, thread).map(Method::Bound);
        }
    }
    let arguments: &[&Object] = if oparg & 2 != 0 { &[class, receiver] } else { &[] };
    let proxy = protocol::call(function, arguments, thread)?;
    protocol::get_attribute(&proxy, name, thread).map(Method::Bound)
}

/// `LOAD_SPECIAL`: a method of the context manager protocols, looked up on the type.
#[inline(always)]
pub(crate) fn load_special(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let owner = state.peek(1);
    match special_method(owner.object(), oparg, thread)? {
        Method::Unbound(function) => {
            state.forget(1);
            state.push_owned(function);
            state.push(owner);
        }
        Method::Bound(value) => {
            state.forget(1);
            state.push_owned(value);
            state.push(StackRef::NULL);
            owner.close(thread);
        }
    }
    Ok(())
}

#[inline(never)]
fn special_method(owner: &Object, number: u32, thread: &mut Thread) -> PyResult<Method> {
    let (name, protocol_name): (&Str, &str) = match SpecialMethod::from_number(number) {
        Some(SpecialMethod::Enter) => (&names::__enter__, "the context manager protocol"),
        Some(SpecialMethod::Exit) => (&names::__exit__, "the context manager protocol"),
        Some(SpecialMethod::AsyncEnter) => (&names::__aenter__, "the asynchronous context manager protocol"),
        Some(SpecialMethod::AsyncExit) => (&names::__aexit__, "the asynchronous context manager protocol"),
        None => return Err(raise!(thread, SystemError, "bad oparg for LOAD_SPECIAL")),
    };
    if let Some(method) = protocol::lookup_special(owner, name, thread)? {
        return Ok(Method::from(method));
    }
    let class = protocol::qualified_name(owner.class(), thread);
    let missed = name.to_string_lossy();
    let hint = wrong_protocol_hint(owner, number, thread);
    Err(raise!(thread, TypeError, "'{class}' object does not support {protocol_name} (missed {missed} method){hint}"))
}

/// Where the object has the methods of the other protocol, the message says so.
fn wrong_protocol_hint(owner: &Object, number: u32, thread: &Thread) -> String {
    let class = owner.class();
    let has = |name: &Str| class.lookup(name, thread).is_some();
    let (other, text): ([&Str; 2], &str) = match number {
        0 | 1 => ([&names::__aenter__, &names::__aexit__], "Did you mean to use 'async with'?"),
        _ => ([&names::__enter__, &names::__exit__], "Did you mean to use 'with'?"),
    };
    if other.into_iter().all(has) {
        let kind = if number < 2 { "asynchronous " } else { "" };
        return format!(" but it supports the {kind}context manager protocol. {text}");
    }
    String::new()
}
