//! Classes made by `type(name, bases, dict)` on a bare interpreter: attributes, slots, weak references, inheritance.

extern crate naja_objects as objects;

use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::{Interpreter, Thread};
use objects::tuple::Tuple;
use objects::types::{Instance, Type};
use objects::weakref::WeakReference;

fn start() -> Thread {
    Interpreter::start(objects::TYPES, objects::thread::runtime::Settings::FIRST)
}

fn text(value: &str, thread: &mut Thread) -> Py<Str> {
    thread.intern_text(value)
}

fn class(name: &str, bases: &[&Type], entries: &[(&str, &Object)], thread: &mut Thread) -> PyResult<Py<Type>> {
    let name = text(name, thread).into_object();
    let bases = Tuple::new(bases.iter().map(|it| Py::from_ref(*it).into_object()).collect(), thread)?;
    let body = Dict::new(thread);
    for (key, value) in entries {
        let key = text(key, thread);
        body.set(&key, value, thread)?;
    }
    let made = protocol::call(Type::class(), &[&name, &bases, &body], thread)?;
    Ok(made.downcast_into::<Type>().ok().expect("type() makes types"))
}

/// The kind and message of what a call raises.
fn error<T>(result: PyResult<T>, thread: &mut Thread) -> String {
    match result {
        Ok(_) => "nothing raised".to_owned(),
        Err(raised) => {
            let exception = thread.catch(raised);
            let message = exception.args().and_then(|it| it.items().first().cloned());
            let message = message.and_then(|it| it.downcast::<Str>().map(Str::to_string_lossy));
            format!("{}: {}", exception.class().short_name(), message.unwrap_or_default())
        }
    }
}

fn get(object: &Object, name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = text(name, thread);
    protocol::get_attribute(object, &name, thread)
}

fn set(object: &Object, name: &str, value: &Object, thread: &mut Thread) -> PyResult<()> {
    let name = text(name, thread);
    protocol::set_attribute(object, &name, Some(value), thread)
}

fn shown(object: &Object, thread: &mut Thread) -> String {
    protocol::repr(object, thread).map(|it| it.to_string_lossy()).unwrap_or_else(|_| "error".to_owned())
}

/// The value of a call that must not raise.
fn must<T>(result: PyResult<T>, thread: &mut Thread) -> T {
    match result {
        Ok(value) => value,
        Err(raised) => panic!("{}", error::<()>(Err(raised), thread)),
    }
}

#[test]
fn attributes_of_instances_and_classes() {
    let thread = &mut start();
    let one = Int::from_i128(1, thread);
    let base = must(class("Base", &[], &[("x", &one)], thread), thread);
    let derived = must(class("Derived", &[&base], &[], thread), thread);
    let instance = must(protocol::call(&derived, &[], thread), thread);
    assert!(must(get(&instance, "x", thread), thread).is(&one));
    let two = Int::from_i128(2, thread);
    must(set(&instance, "x", &two, thread), thread);
    assert!(must(get(&instance, "x", thread), thread).is(&two));
    assert!(must(get(&derived, "x", thread), thread).is(&one));
    let missing = get(&instance, "y", thread);
    assert_eq!(error(missing, thread), "AttributeError: 'Derived' object has no attribute 'y'");
    let missing = get(&derived, "y", thread);
    assert_eq!(error(missing, thread), "AttributeError: type object 'Derived' has no attribute 'y'");
    must(set(&base, "y", &two, thread), thread);
    assert!(must(get(&instance, "y", thread), thread).is(&two));
    assert_eq!(shown(&derived, thread), "<class 'Derived'>");
    let immutable = set(Int::class(), "y", &two, thread);
    assert_eq!(error(immutable, thread), "TypeError: cannot set 'y' attribute of immutable type 'int'");
}

#[test]
fn slots_and_their_errors() {
    let thread = &mut start();
    let one = Int::from_i128(1, thread);
    let name = text("field", thread).into_object();
    let slotted = must(class("Slotted", &[], &[("__slots__", &name)], thread), thread);
    let instance = must(protocol::call(&slotted, &[], thread), thread);
    let unset = get(&instance, "field", thread);
    assert_eq!(error(unset, thread), "AttributeError: 'Slotted' object has no attribute 'field'");
    must(set(&instance, "field", &one, thread), thread);
    assert!(must(get(&instance, "field", thread), thread).is(&one));
    let no_dict = set(&instance, "other", &one, thread);
    assert_eq!(
        error(no_dict, thread),
        "AttributeError: 'Slotted' object has no attribute 'other' and no __dict__ for setting new attributes"
    );
    let other = must(class("Other", &[], &[("__slots__", &name)], thread), thread);
    let conflict = class("Both", &[&slotted, &other], &[], thread);
    assert_eq!(error(conflict, thread), "TypeError: multiple bases have instance lay-out conflict");
    let disorder = class("Bad", &[BaseObject::class(), &slotted], &[], thread);
    assert_eq!(
        error(disorder, thread),
        "TypeError: Cannot create a consistent method resolution order (MRO) for bases object, Slotted"
    );
    let final_base = class("Bad", &[Bool::class()], &[], thread);
    assert_eq!(error(final_base, thread), "TypeError: type 'bool' is not an acceptable base type");
}

#[test]
fn weak_references_end_with_their_object() {
    let thread = &mut start();
    let plain = must(class("Plain", &[], &[], thread), thread);
    let instance = must(protocol::call(&plain, &[], thread), thread);
    let reference = must(WeakReference::new(&instance, None, thread), thread);
    let again = must(WeakReference::new(&instance, None, thread), thread);
    assert!(reference.is(&again));
    assert!(reference.get().is_some_and(|it| it.is(&instance)));
    instance.release(thread);
    assert!(reference.get().is_none());
    let none = must(protocol::call(&reference, &[], thread), thread);
    assert!(none.is_none());
    let number = Int::from_i128(1 << 40, thread);
    let refused = WeakReference::new(&number, None, thread);
    assert_eq!(error(refused, thread), "TypeError: cannot create weak reference to 'int' object");
}

#[test]
fn special_methods_fill_slots() {
    let thread = &mut start();
    let length = must(get(Str::class(), "__len__", thread), thread);
    assert_eq!(shown(&length, thread), "<slot wrapper '__len__' of 'str' objects>");
    let derived = must(class("Derived", &[Str::class()], &[], thread), thread);
    let wrapped = protocol::call(&derived, &[], thread);
    if let Ok(instance) = wrapped {
        assert_eq!(protocol::length(&instance, thread).ok(), Some(0));
    }
    let callable = must(class("Callable", &[], &[("__call__", Type::class())], thread), thread);
    let instance = must(protocol::call(&callable, &[], thread), thread);
    let one = Int::from_i128(1, thread);
    let class_of_one = must(protocol::call(&instance, &[&one], thread), thread);
    assert!(class_of_one.is(Int::class()));
    let name = text("__call__", thread);
    must(protocol::set_attribute(&callable, &name, None, thread), thread);
    let refused = protocol::call(&instance, &[&one], thread);
    assert_eq!(error(refused, thread), "TypeError: 'Callable' object is not callable");
    let unhashable = must(class("Unhashable", &[], &[("__eq__", Type::class())], thread), thread);
    let instance = must(protocol::call(&unhashable, &[], thread), thread);
    let refused = protocol::hash(&instance, thread);
    assert_eq!(error(refused, thread), "TypeError: unhashable type: 'Unhashable'");
}

#[test]
fn built_in_types_are_as_recorded() {
    let thread = &mut start();
    for line in include_str!("data/types.tsv").lines() {
        let name = line.split('\t').next().expect("a line begins with a name");
        let class = objects::TYPES.iter().map(|it| it.as_type()).find(|it| it.short_name() == name);
        let class = class.unwrap_or_else(|| panic!("no type is named {name}"));
        let slots = class.slots();
        let names: Vec<String> = class
            .dict(thread)
            .keys_snapshot(thread)
            .iter()
            .filter_map(|it| it.downcast::<Str>().map(Str::to_string_lossy))
            .collect();
        let found = format!(
            "{name}\t{:#x}\t{}\t{}\t{}\t{}\t{}",
            slots.tp_flags.get(),
            slots.tp_basicsize.get(),
            slots.tp_itemsize.get(),
            slots.tp_dictoffset.get(),
            slots.tp_weaklistoffset.get(),
            names.join(" ")
        );
        assert_eq!(found, line);
    }
}
