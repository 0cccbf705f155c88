//! Forms, shared strings, growing in place, the UTF-8 form, and operations through the object protocol.

use super::Str;
use crate::list::List;
use crate::protocol;
use crate::refs::{Object, Py};
use crate::thread::{Interpreter, Thread};
use crate::tuple::Tuple;

fn start() -> Thread {
    Interpreter::start(crate::TYPES, crate::thread::runtime::Settings::FIRST)
}

fn text(string: &Object) -> String {
    string.downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default()
}

fn call(receiver: &Str, method: &str, arguments: &[&Object], thread: &mut Thread) -> Py<Object> {
    let name = thread.intern_text(method);
    protocol::call_method(receiver, &name, arguments, thread).expect("the call succeeds")
}

#[test]
fn single_characters_and_the_empty_string_are_shared() {
    let thread = &mut start();
    for point in [0, 0x41, 0x7F, 0x80, 0xE9, 0xFF] {
        let (one, other) = (Str::from_code_point(point, thread), Str::from_code_point(point, thread));
        assert!(one.is(&other) && one.code_point(0) == Some(point) && one.is_immortal());
    }
    let e = Str::from_str("é", thread);
    assert!(e.is(&Str::from_code_point(0xE9, thread)));
    assert_eq!(e.utf8(thread).expect("no surrogates"), "é".as_bytes());
    assert!(Str::from_str("", thread).is(&Str::empty()));
}

#[test]
fn every_form_keeps_its_characters() {
    let thread = &mut start();
    for (source, kind) in [("ascii", 1), ("ééé", 1), ("a€b", 2), ("a𝄞b", 4)] {
        let string = Str::from_str(source, thread);
        assert_eq!((string.kind(), string.to_string_lossy()), (kind, source.to_owned()));
        assert_eq!(string.utf8(thread).expect("no surrogates"), source.as_bytes());
        assert_eq!(string.is_ascii(), source.is_ascii());
    }
    let wide = Str::from_str("abc𝄞", thread);
    let narrow = wide.substring(0..3, thread).expect("short");
    assert!(narrow.is_ascii() && narrow.equals_text("abc"));
}

#[test]
fn appending_to_the_only_reference_grows_the_block() {
    let thread = &mut start();
    let piece = Str::from_str("0123456789", thread);
    let mut string = Str::from_str("start", thread);
    for _ in 0..1000 {
        string = Str::append(string, &piece, thread).expect("short");
    }
    assert_eq!(string.length(), 10_005);
    assert!(string.to_string_lossy().ends_with("90123456789"));
    let shared = string.clone();
    let longer = Str::append(string, &piece, thread).expect("short");
    assert_eq!((shared.length(), longer.length()), (10_005, 10_015));
    let wider = Str::append(longer, &Str::from_str("é€", thread), thread).expect("short");
    assert_eq!((wider.length(), wider.kind()), (10_017, 2));
}

#[test]
fn methods_through_the_protocol() {
    let thread = &mut start();
    let string = Str::from_str("one two  three", thread);
    let words = call(&string, "split", &[], thread);
    assert_eq!(words.downcast::<List>().map(List::length), Some(3));
    let dash = Str::from_str("-", thread);
    assert_eq!(text(&call(&dash, "join", &[&words], thread)), "one-two-three");
    assert_eq!(text(&call(&string, "upper", &[], thread)), "ONE TWO  THREE");
    let width = protocol::make_int(20, thread);
    assert_eq!(text(&call(&dash, "center", &[&width, &dash], thread)), "-".repeat(20));
    let format = Str::from_str("{0:>5}|{1!r}|{{}}", thread);
    assert_eq!(text(&call(&format, "format", &[&dash, &dash], thread)), "    -|'-'|{}");
    let percent = Str::from_str("%5s|%r|%c|%%", thread);
    let arguments = vec![dash.clone().into_object(), dash.clone().into_object(), protocol::make_int(0x20AC, thread)];
    let arguments = Tuple::new(arguments, thread).expect("short");
    let result = protocol::remainder(&percent, &arguments, thread).expect("a good format");
    assert_eq!(text(&result), "    -|'-'|€|%");
}

#[test]
fn slices_and_items() {
    let thread = &mut start();
    let string = Str::from_str("naïve𝄞", thread);
    let last = protocol::make_int(-1, thread);
    assert_eq!(text(&protocol::get_item(&string, &last, thread).expect("in range")), "𝄞");
    let (none, back) = (thread.none(), protocol::make_int(-1, thread));
    let slice = crate::slice::Slice::new(none.clone(), none, back, thread);
    assert_eq!(text(&protocol::get_item(&string, &slice, thread).expect("in range")), "𝄞evïan");
    let items = protocol::collect(&string, thread).expect("iterable");
    assert_eq!(items.len(), 6);
}
