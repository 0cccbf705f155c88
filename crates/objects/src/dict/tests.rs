//! Dicts from Rust: order, deletion, growth, shared keys, versions.

use super::split::{SharedKeys, Values};
use super::*;
use crate::protocol::make_int;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::{Interpreter, Thread};

fn start() -> Thread {
    Interpreter::start(crate::TYPES, crate::thread::runtime::Settings::FIRST)
}

fn int(value: i128, thread: &mut Thread) -> Py<Object> {
    make_int(value, thread)
}

fn text(value: &str, thread: &mut Thread) -> Py<Str> {
    Str::from_str(value, thread)
}

fn show(object: &Object, thread: &mut Thread) -> String {
    match crate::protocol::repr(object, thread) {
        Ok(text) => text.to_string_lossy(),
        Err(raised) => panic!("{}", thread.catch(raised).class().full_name()),
    }
}

#[test]
fn keeps_the_order_of_insertion_through_growth_and_deletion() {
    let thread = &mut start();
    let dict = Dict::new(thread);
    for number in 0..1000 {
        let (key, value) = (int(number, thread), int(number * 2, thread));
        dict.set(&key, &value, thread).unwrap();
    }
    for number in (0..1000).step_by(3) {
        let key = int(number, thread);
        assert!(dict.delete(&key, thread).unwrap());
        assert!(!dict.delete(&key, thread).unwrap());
    }
    let key = int(0, thread);
    dict.set(&key, &key, thread).unwrap();
    let mut expected: Vec<i128> = (0..1000).filter(|it| it % 3 != 0).collect();
    expected.push(0);
    let keys: Vec<String> = dict.keys_snapshot(thread).iter().map(|it| show(it, thread)).collect();
    assert_eq!(keys, expected.iter().map(i128::to_string).collect::<Vec<_>>());
    assert_eq!(dict.length(), expected.len());
}

#[test]
fn sizes_are_those_of_the_reference() {
    // sys.getsizeof(x) - 16 of dicts with so many keys, all ints and all strings.
    let recorded = [(0, 48, 48), (1, 208, 168), (5, 208, 168), (6, 336, 256), (10, 336, 256), (11, 616, 448)];
    let thread = &mut start();
    for (count, of_ints, of_strings) in recorded {
        let (ints, strings) = (Dict::new(thread), Dict::new(thread));
        for number in 0..count {
            let (key, name) = (int(number, thread), text(&number.to_string(), thread));
            ints.set(&key, &key, thread).unwrap();
            strings.set_str(&name, &key, thread).unwrap();
        }
        assert_eq!(ints.size_in_bytes(thread), of_ints, "{count} ints");
        assert_eq!(strings.size_in_bytes(thread), of_strings, "{count} strings");
    }
}

#[test]
fn versions_of_keys_change_with_the_keys_alone() {
    let thread = &mut start();
    let dict = Dict::new(thread);
    assert_eq!(dict.keys_version(thread), None, "the empty table is everybody's");
    let (one, two) = (text("one", thread), text("two", thread));
    dict.set_str(&one, &two, thread).unwrap();
    let version = dict.keys_version(thread).unwrap();
    let index = dict.index_of(&one, thread).unwrap();
    dict.set_str(&one, &one, thread).unwrap();
    assert!(dict.has_keys_version(version));
    assert!(dict.value_at(index, thread).unwrap().is(&one));
    dict.set_str(&two, &two, thread).unwrap();
    assert!(!dict.has_keys_version(version));
}

#[test]
fn instances_share_keys_until_one_has_another() {
    let thread = &mut start();
    let names = ["x", "y", "z"].map(|it| text(it, thread));
    let keys = SharedKeys::allocate(std::iter::empty(), thread).unwrap().as_pointer();
    // SAFETY: the keys live until the end of the test.
    let keys = unsafe { SharedKeys::from_pointer(keys) }.unwrap();
    let mut memory = vec![0u64; keys.values_size() / 8];
    // SAFETY: the memory is large enough and outlives the values.
    let values = unsafe { Values::initialize(memory.as_mut_ptr().cast(), keys) };
    for name in [&names[1], &names[0]] {
        let slot = keys.insert(name).unwrap();
        assert!(values.set(slot, name.clone().into_object()).is_none());
    }
    let dict = Dict::from_shared(keys, values, thread);
    assert_eq!(show(&dict, thread), "{'y': 'y', 'x': 'x'}");
    dict.set_str(&names[2], &names[2], thread).unwrap();
    assert!(dict.delete(&names[1], thread).unwrap());
    assert!(values.is_valid() && values.length() == 2);
    assert_eq!(show(&dict, thread), "{'x': 'x', 'z': 'z'}");
    let number = int(7, thread);
    dict.set(&number, &number, thread).unwrap();
    assert!(!values.is_valid(), "a key that is no string ends the sharing");
    assert_eq!(show(&dict, thread), "{'x': 'x', 'z': 'z', 7: 7}");
}

#[test]
fn values_outlive_the_instance_when_they_are_detached() {
    let thread = &mut start();
    let name = text("x", thread);
    let keys = SharedKeys::allocate([&*name].into_iter(), thread).unwrap().as_pointer();
    // SAFETY: the keys live until the end of the test.
    let keys = unsafe { SharedKeys::from_pointer(keys) }.unwrap();
    let mut memory = vec![0u64; keys.values_size() / 8];
    // SAFETY: the memory is large enough and outlives the values.
    let values = unsafe { Values::initialize(memory.as_mut_ptr().cast(), keys) };
    values.set(0, name.clone().into_object());
    let dict = Dict::from_shared(keys, values, thread);
    assert!(dict.detach_values(thread));
    drop(memory);
    assert_eq!(show(&dict, thread), "{'x': 'x'}");
    let copy = dict.copy(thread).unwrap();
    drop(dict);
    assert_eq!(show(&copy, thread), "{'x': 'x'}");
}
