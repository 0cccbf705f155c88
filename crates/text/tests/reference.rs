//! Compares every operation recorded in tests/data (by record.py, from the reference) with this crate's.

mod values;

use naja_text::builder::{SizeError, StrBuilder, StrData};
use naja_text::byte_builder::ByteBuilder;
use naja_text::bytes::{
    case as bytes_case, find as bytes_find, hex, make as bytes_make, repr as bytes_repr, split as bytes_split,
};
use naja_text::codecs::handlers::{ErrorHandler, Refusal, Replacement};
use naja_text::codecs::multibyte::{ILLEGAL_SEQUENCE, INCOMPLETE_SEQUENCE, Library, Multibyte, Outcome, State, Stop};
use naja_text::codecs::{
    ByteOrder, Decoder, EncodeError, Encoder, Progress, charmap, decode_all, encode_all, escape_bytes, escapes,
};
use naja_text::codecs::{single_byte, utf7, utf8, utf16, utf32};
use naja_text::hash::{HashSecret, hash_bytes, hash_str};
use naja_text::strings::strip::Ends;
use naja_text::strings::{case, classify, find, make, repr, split, strip};
use naja_text::unicode_data::normalize::{Form, is_normalized, normalize};
use naja_text::unicode_data::properties::Database;
use naja_text::unicode_data::{characters, lookup, names};
use naja_text::view::StrView;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;
use values::{Value, check};

#[test]
fn strings_agree() {
    check("strings", |operation, arguments| match operation.strip_prefix("str.") {
        Some("join") => {
            let parts: Vec<StrView<'_>> = arguments[1].list().iter().map(Value::view).collect();
            text(make::join(arguments[0].view(), parts.iter().copied()))
        }
        Some(method) => string_method(method, arguments[0].view(), &arguments[1..]),
        None => bounds(arguments),
    });
}

const SMALL: &str = "there is memory for what is small";

fn bounds(arguments: &[Value]) -> Value {
    let length = arguments[2].int() as usize;
    let found = find::search_bounds(arguments[0].int() as isize, arguments[1].int() as isize, length);
    Value::Int(found.map_or(-1, |range| range.start as i64))
}

fn text(made: Result<StrData, SizeError>) -> Value {
    Value::Str(made.expect(SMALL))
}

fn index(found: Option<usize>) -> Value {
    Value::Int(found.map_or(-1, |at| at as i64))
}

fn limit(value: &Value) -> usize {
    usize::try_from(value.int()).unwrap_or(usize::MAX)
}

fn part(view: StrView<'_>, range: Range<usize>) -> Value {
    Value::Str(StrData::from_view(view.slice(range)))
}

fn parts(view: StrView<'_>, ranges: Vec<Range<usize>>) -> Value {
    Value::List(ranges.into_iter().map(|range| part(view, range)).collect())
}

fn same_if_none(view: StrView<'_>, made: Result<Option<StrData>, SizeError>) -> Value {
    text(made.map(|made| made.unwrap_or_else(|| StrData::from_view(view))))
}

fn string_method(method: &str, view: StrView<'_>, rest: &[Value]) -> Value {
    let other = || rest[0].view();
    match method {
        "find" => index(find::find(view, other())),
        "rfind" => index(find::rfind(view, other())),
        "count" => Value::Int(find::count(view, other()) as i64),
        "startswith" => Value::Bool(find::starts_with(view, other())),
        "endswith" => Value::Bool(find::ends_with(view, other())),
        "partition" | "rpartition" => {
            let (cut, from_left) = match method {
                "partition" => (split::partition(view, other()), true),
                _ => (split::rpartition(view, other()), false),
            };
            let cut = cut.unwrap_or(if from_left { view.len()..view.len() } else { 0..0 });
            parts(view, vec![0..cut.start, cut.clone(), cut.end..view.len()])
        }
        "split" => match &rest[0] {
            Value::None => parts(view, split::split_whitespace(view, limit(&rest[1])).expect(SMALL)),
            separator => parts(view, split::split(view, separator.view(), limit(&rest[1])).expect(SMALL)),
        },
        "rsplit" => match &rest[0] {
            Value::None => parts(view, split::rsplit_whitespace(view, limit(&rest[1])).expect(SMALL)),
            separator => parts(view, split::rsplit(view, separator.view(), limit(&rest[1])).expect(SMALL)),
        },
        "splitlines" => parts(view, split::split_lines(view, rest[0] == Value::Bool(true)).expect(SMALL)),
        "strip" | "lstrip" | "rstrip" => match &rest[0] {
            Value::None => part(view, strip::strip_whitespace(view, ends(method))),
            set => part(view, strip::strip(view, set.view(), ends(method))),
        },
        "compare" => Value::Int(match view.cmp(&other()) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }),
        _ => string_maker(method, view, rest),
    }
}

fn ends(method: &str) -> Ends {
    match method {
        "lstrip" => Ends::Left,
        "rstrip" => Ends::Right,
        _ => Ends::Both,
    }
}

fn margins(method: &str, length: usize, width: usize) -> (usize, usize) {
    match method {
        "center" => make::center_margins(length, width),
        "ljust" => (0, width.saturating_sub(length)),
        _ => (width.saturating_sub(length), 0),
    }
}

fn string_maker(method: &str, view: StrView<'_>, rest: &[Value]) -> Value {
    match method {
        "replace" => same_if_none(view, make::replace(view, rest[0].view(), rest[1].view(), limit(&rest[2]))),
        "mul" => text(make::repeat(view, limit(&rest[0]))),
        "center" | "ljust" | "rjust" => {
            let (left, right) = margins(method, view.len(), limit(&rest[0]));
            text(make::pad(view, left, right, rest[1].view().get(0).expect("a fill character")))
        }
        "zfill" => same_if_none(view, make::zfill(view, limit(&rest[0]))),
        "expandtabs" => same_if_none(view, make::expand_tabs(view, limit(&rest[0]))),
        "lower" => text(case::lower(view)),
        "upper" => text(case::upper(view)),
        "title" => text(case::title(view)),
        "capitalize" => text(case::capitalize(view)),
        "swapcase" => text(case::swapcase(view)),
        "casefold" => text(case::casefold(view)),
        "repr" => text(repr::repr(view)),
        "ascii" => text(repr::ascii(view)),
        _ => Value::Bool(string_predicate(method, view)),
    }
}

fn string_predicate(method: &str, view: StrView<'_>) -> bool {
    match method {
        "isalpha" => classify::is_alpha(view),
        "isalnum" => classify::is_alnum(view),
        "isdecimal" => classify::is_decimal(view),
        "isdigit" => classify::is_digit(view),
        "isnumeric" => classify::is_numeric(view),
        "isspace" => classify::is_space(view),
        "islower" => classify::is_lower(view),
        "isupper" => classify::is_upper(view),
        "istitle" => classify::is_title(view),
        "isascii" => view.is_ascii(),
        "isidentifier" => classify::is_identifier(view),
        "isprintable" => classify::is_printable(view),
        _ => panic!("unknown operation {method}"),
    }
}

#[test]
fn bytes_agree() {
    check("bytes", |operation, arguments| {
        let method = operation.strip_prefix("bytes.").expect("a method of bytes");
        match method {
            "fromhex" => match hex::from_hex(arguments[0].view()) {
                Ok(bytes) => Value::Bytes(bytes),
                Err(error) => Value::Error(error.to_string()),
            },
            "escape_decode" => {
                let on_bad_hex = escape_bytes::OnBadHex::by_name(&arguments[1].text());
                match escape_bytes::decode(arguments[0].bytes(), on_bad_hex) {
                    Ok(bytes) => Value::Bytes(bytes),
                    Err(error) => Value::Error(error.to_string()),
                }
            }
            "escape_encode" => Value::Bytes(escape_bytes::encode(arguments[0].bytes()).expect(SMALL)),
            _ => bytes_method(method, arguments[0].bytes(), &arguments[1..]),
        }
    });
}

fn slices(bytes: &[u8], ranges: Vec<Range<usize>>) -> Value {
    Value::List(ranges.into_iter().map(|range| Value::Bytes(bytes[range].to_vec())).collect())
}

fn bytes_method(method: &str, bytes: &[u8], rest: &[Value]) -> Value {
    let other = || rest[0].bytes();
    match method {
        "find" => index(bytes_find::find(bytes, other())),
        "rfind" => index(bytes_find::rfind(bytes, other())),
        "count" => Value::Int(bytes_find::count(bytes, other()) as i64),
        "startswith" => Value::Bool(bytes.starts_with(other())),
        "endswith" => Value::Bool(bytes.ends_with(other())),
        "partition" | "rpartition" => {
            let (cut, from_left) = match method {
                "partition" => (bytes_split::partition(bytes, other()), true),
                _ => (bytes_split::rpartition(bytes, other()), false),
            };
            let cut = cut.unwrap_or(if from_left { bytes.len()..bytes.len() } else { 0..0 });
            slices(bytes, vec![0..cut.start, cut.clone(), cut.end..bytes.len()])
        }
        "split" => match &rest[0] {
            Value::None => slices(bytes, bytes_split::split_whitespace(bytes, limit(&rest[1])).expect(SMALL)),
            separator => slices(bytes, bytes_split::split(bytes, separator.bytes(), limit(&rest[1])).expect(SMALL)),
        },
        "rsplit" => match &rest[0] {
            Value::None => slices(bytes, bytes_split::rsplit_whitespace(bytes, limit(&rest[1])).expect(SMALL)),
            separator => slices(bytes, bytes_split::rsplit(bytes, separator.bytes(), limit(&rest[1])).expect(SMALL)),
        },
        "splitlines" => slices(bytes, bytes_split::split_lines(bytes, rest[0] == Value::Bool(true)).expect(SMALL)),
        "strip" | "lstrip" | "rstrip" => {
            let range = match &rest[0] {
                Value::None => bytes_split::strip_whitespace(bytes, ends(method)),
                set => bytes_split::strip(bytes, set.bytes(), ends(method)),
            };
            Value::Bytes(bytes[range].to_vec())
        }
        _ => bytes_maker(method, bytes, rest),
    }
}

fn bytes_maker(method: &str, bytes: &[u8], rest: &[Value]) -> Value {
    Value::Bytes(match method {
        "replace" => bytes_make::replace(bytes, rest[0].bytes(), rest[1].bytes(), limit(&rest[2]))
            .expect(SMALL)
            .unwrap_or_else(|| bytes.to_vec()),
        "center" | "ljust" | "rjust" => {
            let (left, right) = margins(method, bytes.len(), limit(&rest[0]));
            bytes_make::pad(bytes, left, right, rest[1].bytes()[0]).expect(SMALL)
        }
        "zfill" => bytes_make::zfill(bytes, limit(&rest[0])).expect(SMALL).unwrap_or_else(|| bytes.to_vec()),
        "expandtabs" => bytes_make::expand_tabs(bytes, limit(&rest[0])).expect(SMALL),
        "join" => {
            let parts: Vec<&[u8]> = rest[0].list().iter().map(Value::bytes).collect();
            bytes_make::join(bytes, &parts).expect(SMALL)
        }
        "translate" => {
            let table = match &rest[0] {
                Value::None => None,
                table => Some(table.bytes().try_into().expect("a table has 256 bytes")),
            };
            bytes_make::translate(bytes, table, rest[1].bytes()).expect(SMALL)
        }
        "hex" => {
            let separator = rest
                .first()
                .map(|separator| hex::Separator { byte: separator.bytes()[0], group: rest[1].int() as isize });
            hex::hex(bytes, separator).expect(SMALL)
        }
        "lower" => bytes_case::mapped(bytes, u8::to_ascii_lowercase).expect(SMALL),
        "upper" => bytes_case::mapped(bytes, u8::to_ascii_uppercase).expect(SMALL),
        "title" => bytes_case::title(bytes).expect(SMALL),
        "capitalize" => bytes_case::capitalize(bytes).expect(SMALL),
        "swapcase" => bytes_case::swapcase(bytes).expect(SMALL),
        "repr" => bytes_repr::repr(bytes).expect(SMALL),
        _ => return Value::Bool(bytes_predicate(method, bytes)),
    })
}

fn bytes_predicate(method: &str, bytes: &[u8]) -> bool {
    match method {
        "isalpha" => bytes_case::is_alpha(bytes),
        "isalnum" => bytes_case::is_alnum(bytes),
        "isdigit" => bytes_case::is_digit(bytes),
        "isspace" => bytes_case::is_space_all(bytes),
        "islower" => bytes_case::is_lower(bytes),
        "isupper" => bytes_case::is_upper(bytes),
        "istitle" => bytes_case::is_title(bytes),
        "isascii" => bytes.is_ascii(),
        _ => panic!("unknown operation {method}"),
    }
}

#[test]
fn hashes_agree() {
    check("hashes", |_, arguments| {
        let secret = HashSecret::from_seed(arguments[0].int() as u32);
        Value::Int(match &arguments[1] {
            Value::Bytes(bytes) => hash_bytes(&secret, bytes),
            value => hash_str(&secret, value.view()),
        })
    });
}

#[test]
fn codecs_agree() {
    check("codecs", |operation, arguments| {
        let mut parts = operation.split(':');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("decode"), Some(name), None) => {
                decode_logged(&*decoder(name), arguments[0].bytes(), arguments[1] == Value::Bool(true))
            }
            (Some("encode"), Some("utf-7"), None) => encoded(arguments, utf7::encode(arguments[0].view())),
            (Some("encode"), Some("unicode_escape"), None) => {
                encoded(arguments, escapes::encode_unicode_escape(arguments[0].view()))
            }
            (Some("encode"), Some("raw_unicode_escape"), None) => {
                encoded(arguments, escapes::encode_raw_unicode_escape(arguments[0].view()))
            }
            (Some("encode"), Some(name), None) => encode_logged(&*encoder(name), arguments[0].view()),
            (Some("handled"), Some(name), Some(handler)) => handled(name, handler, &arguments[0]),
            (Some("charmap_size"), ..) => Value::Int(encoding_map(&arguments[0]).size() as i64),
            (Some("charmap_decode"), ..) => {
                decode_logged(&charmap::CharmapDecoder { table: arguments[1].view() }, arguments[0].bytes(), true)
            }
            (Some("charmap_encode"), ..) => encode_logged(&encoding_map(&arguments[1]), arguments[0].view()),
            _ => panic!("unknown operation {operation}"),
        }
    });
}

// With a look at all that follows for each error, this would take minutes.
#[test]
fn many_errors_take_linear_time() {
    let bytes = b"\xC3a\xE2\x82\xFF\xC3\xA9".repeat(300_000);
    let (text, _) = decode_all(&utf8::Utf8, &bytes, true, ErrorHandler::SurrogateEscape).expect("all bytes escape");
    let restored = encode_all(&utf8::Utf8, text.view(), ErrorHandler::SurrogateEscape).expect("all surrogates return");
    assert!(restored == bytes, "escaped bytes return as they were");
}

fn encoding_map(table: &Value) -> charmap::EncodingMap {
    charmap::EncodingMap::build(table.view()).expect("the recorded tables have a map")
}

fn decoder(name: &str) -> Box<dyn Decoder> {
    use ByteOrder::{Big, Little};
    match name {
        "utf-8" => Box::new(utf8::Utf8),
        "utf-16-le" => Box::new(utf16::Utf16 { order: Little, marked: false }),
        "utf-16-be" => Box::new(utf16::Utf16 { order: Big, marked: false }),
        "utf-32-le" => Box::new(utf32::Utf32 { order: Little, marked: false }),
        "utf-32-be" => Box::new(utf32::Utf32 { order: Big, marked: false }),
        "utf-7" => Box::new(utf7::Utf7),
        "ascii" => Box::new(single_byte::Ascii),
        "latin-1" => Box::new(single_byte::Latin1),
        "unicode_escape" => Box::new(escapes::UnicodeEscape),
        "raw_unicode_escape" => Box::new(escapes::RawUnicodeEscape),
        _ => panic!("unknown decoder {name}"),
    }
}

fn encoder(name: &str) -> Box<dyn Encoder> {
    use ByteOrder::{Big, Little};
    match name {
        "utf-8" => Box::new(utf8::Utf8),
        "utf-16" => Box::new(utf16::Utf16 { order: Little, marked: true }),
        "utf-16-le" => Box::new(utf16::Utf16 { order: Little, marked: false }),
        "utf-16-be" => Box::new(utf16::Utf16 { order: Big, marked: false }),
        "utf-32" => Box::new(utf32::Utf32 { order: Little, marked: true }),
        "utf-32-le" => Box::new(utf32::Utf32 { order: Little, marked: false }),
        "utf-32-be" => Box::new(utf32::Utf32 { order: Big, marked: false }),
        "ascii" => Box::new(single_byte::Ascii),
        "latin-1" => Box::new(single_byte::Latin1),
        _ => panic!("unknown encoder {name}"),
    }
}

fn log_error(log: &mut Vec<Value>, start: usize, end: usize, reason: &str) {
    log.extend([Value::Int(start as i64), Value::Int(end as i64), Value::Str(StrData::from(reason))]);
}

fn decode_logged(decoder: &dyn Decoder, bytes: &[u8], is_final: bool) -> Value {
    let mut out = StrBuilder::new();
    let mut log = Vec::new();
    let mut position = 0;
    loop {
        let progress = decoder.decode(bytes, position, is_final, &mut out);
        position = progress.position;
        let Some(error) = progress.error else { break };
        log_error(&mut log, error.start, error.end, error.reason);
        out.push(u32::from(b'?'));
        position = error.end;
    }
    let mut result = vec![text(out.finish()), Value::Int(position as i64)];
    result.append(&mut log);
    Value::List(result)
}

fn encoded(arguments: &[Value], bytes: Result<Vec<u8>, SizeError>) -> Value {
    Value::List(vec![Value::Bytes(bytes.expect(SMALL)), Value::Int(arguments[0].view().len() as i64)])
}

fn encode_logged(encoder: &dyn Encoder, view: StrView<'_>) -> Value {
    let mut out = ByteBuilder::new();
    let mut log = Vec::new();
    let mut position = 0;
    while let Some(error) = encoder.encode(view, position, &mut out) {
        log_error(&mut log, error.start, error.end, error.reason);
        assert!(encoder.push_replacement(&Replacement::Text(StrData::from("?")), &mut out), "? encodes everywhere");
        position = error.end;
    }
    let mut result = vec![Value::Bytes(out.finish().expect(SMALL)), Value::Int(view.len() as i64)];
    result.append(&mut log);
    Value::List(result)
}

fn handled(name: &str, handler: &str, input: &Value) -> Value {
    let handler = ErrorHandler::by_name(handler).expect("a known handler");
    let (start, end, reason, refusal) = match input {
        Value::Bytes(bytes) => match decode_all(&*decoder(name), bytes, true, handler) {
            Ok((text, _)) => return Value::Str(text),
            Err((error, refusal)) => (error.start, error.end, error.reason, refusal),
        },
        value => match encode_all(&*encoder(name), value.view(), handler) {
            Ok(bytes) => return Value::Bytes(bytes),
            Err((error, refusal)) => (error.start, error.end, error.reason, refusal),
        },
    };
    if refusal == Refusal::WrongKind {
        return Value::None;
    }
    let mut log = Vec::new();
    log_error(&mut log, start, end, reason);
    Value::List(log)
}

/// One conversion of a whole, for the loops over built-in error handlers.
struct Whole<'a> {
    codec: &'a Multibyte,
    state: RefCell<State>,
}

impl<'a> Whole<'a> {
    fn new(codec: &'a Multibyte) -> Self {
        Self { codec, state: RefCell::new(codec.start_decoding()) }
    }
}

impl Decoder for Whole<'_> {
    fn name(&self) -> &str {
        self.codec.name()
    }

    fn decode(&self, bytes: &[u8], start: usize, is_final: bool, out: &mut StrBuilder) -> Progress {
        let Outcome { position, stop } = self.codec.decode(&mut self.state.borrow_mut(), bytes, start, out);
        match stop {
            Stop::Illegal(length) => Progress::failed(position, position + length, ILLEGAL_SEQUENCE),
            Stop::Incomplete if is_final => Progress::failed(position, bytes.len(), INCOMPLETE_SEQUENCE),
            Stop::End | Stop::Incomplete => Progress::done(position),
            Stop::BadState => panic!("a text reached a state that the codec does not have"),
        }
    }
}

impl Encoder for Whole<'_> {
    fn name(&self) -> &str {
        self.codec.name()
    }

    fn encode(&self, text: StrView<'_>, start: usize, out: &mut ByteBuilder) -> Option<EncodeError> {
        let state = &mut self.state.borrow_mut();
        let Outcome { position, stop } = self.codec.encode(state, text, start, true, out);
        if let Stop::Illegal(length) = stop {
            return Some(EncodeError { start: position, end: position + length, reason: ILLEGAL_SEQUENCE });
        }
        self.codec.finish_encoding(state, out);
        None
    }

    fn push_replacement(&self, replacement: &Replacement, out: &mut ByteBuilder) -> bool {
        match replacement {
            Replacement::Bytes(bytes) => {
                out.extend_from_slice(bytes);
                true
            }
            Replacement::Text(text) => {
                let outcome = self.codec.encode(&mut self.state.borrow_mut(), text.view(), 0, true, out);
                outcome.stop == Stop::End
            }
        }
    }
}

#[test]
fn multibyte_codecs_agree() {
    let library = Library::default();
    let codecs: HashMap<&str, Multibyte> =
        Library::names().map(|name| (name, library.codec(name).expect("a known name"))).collect();
    check("multibyte", |operation, arguments| match operation.split_once(':') {
        Some(("decode", name)) => {
            decode_logged(&Whole::new(&codecs[name]), arguments[0].bytes(), arguments[1] == Value::Bool(true))
        }
        Some((_, name)) => encode_logged(&Whole::new(&codecs[name]), arguments[0].view()),
        None => {
            let codec = &codecs[&*arguments[0].text()];
            Value::Int(i64::from(match operation {
                "encode_plane" => encoded_plane_checksum(codec, arguments[1].int() as u32),
                "decode_after" => {
                    decoded_row_checksum(codec, &[arguments[1].bytes(), &[arguments[2].int() as u8]].concat())
                }
                _ => {
                    let lead = (arguments[1].int() as u32).to_be_bytes();
                    let lead = lead.into_iter().skip_while(|byte| *byte == 0).collect::<Vec<u8>>();
                    decoded_row_checksum(codec, &lead)
                }
            }))
        }
    });
}

fn encoded_plane_checksum(codec: &Multibyte, plane: u32) -> u32 {
    let codes = (plane << 16..(plane + 1) << 16).map(|point| {
        let text = StrData::from_points([point]);
        encode_all(&Whole::new(codec), text.view(), ErrorHandler::Ignore).expect("errors are ignored")
    });
    values::crc32(&codes.collect::<Vec<_>>().join(&b';'))
}

fn decoded_row_checksum(codec: &Multibyte, lead: &[u8]) -> u32 {
    let mut content = StrBuilder::new();
    for last in 0..=255 {
        let bytes = [lead, &[last]].concat();
        let (text, _) =
            decode_all(&Whole::new(codec), &bytes, true, ErrorHandler::Replace).expect("errors are replaced");
        content.push_view(text.view());
        content.push_str(";");
    }
    values::crc32(naja_text::builder::to_string_lossy(repr::ascii(content.view()).expect(SMALL).view()).as_bytes())
}

#[test]
fn unicode_agrees() {
    check("unicode", |operation, arguments| match operation {
        "plane" => Value::Int(i64::from(plane_checksum(&arguments[0].text(), arguments[1].int() as u32))),
        "lookup" => {
            let name = arguments[0].text();
            match lookup(&name).map(|point| vec![point]).or_else(|| names::lookup_sequence(&name)) {
                Some(points) => Value::Str(StrData::from_points(points)),
                // A KeyError shows the repr of its message, which quotes the name once more.
                None => Value::Error(repr_of(&format!("undefined character name '{name}'"))),
            }
        }
        _ => {
            let (database, operation) = match operation.strip_prefix("old_") {
                Some(operation) => (Database::Old, operation),
                None => (Database::Current, operation),
            };
            let form = Form::by_name(&arguments[0].text()).expect("a form");
            let view = arguments[1].view();
            match operation {
                "normalize" => Value::Str(normalized(database, form, view)),
                _ => Value::Bool(is_normalized(database, form, view).expect(SMALL)),
            }
        }
    });
}

fn repr_of(text: &str) -> String {
    naja_text::builder::to_string_lossy(repr::repr(StrData::from(text).view()).expect(SMALL).view())
}

fn normalized(database: Database, form: Form, view: StrView<'_>) -> StrData {
    normalize(database, form, view).expect(SMALL).unwrap_or_else(|| StrData::from_view(view))
}

#[test]
fn every_name_leads_back_to_its_character() {
    for point in 0..0x11_0000 {
        if let Some(name) = names::name(point) {
            assert_eq!(lookup(&name), Some(point), "{name}");
        }
    }
}

fn plane_checksum(property: &str, plane: u32) -> u32 {
    let (database, property) = match property.strip_prefix("old_") {
        Some(property) => (Database::Old, property),
        None => (Database::Current, property),
    };
    let mut content = String::new();
    for point in plane << 16..(plane + 1) << 16 {
        content.push_str(&property_text(database, property, point));
        content.push(';');
    }
    values::crc32(content.as_bytes())
}

fn property_text(database: Database, property: &str, point: u32) -> String {
    let or_minus_one = |value: Option<u8>| value.map_or(-1, i32::from).to_string();
    match property {
        "category" => database.category(point).to_string(),
        "bidirectional" => database.bidirectional(point).to_string(),
        "combining" => database.combining(point).to_string(),
        "east_asian_width" => database.east_asian_width(point).to_string(),
        "mirrored" => u8::from(database.is_mirrored(point)).to_string(),
        "decomposition" => database.decomposition(point),
        "name" => database.name(point).unwrap_or_default(),
        "decimal" => or_minus_one(database.decimal(point)),
        "digit" => or_minus_one(database.digit(point)),
        "numeric" => format!("{:.0}", (database.numeric(point).unwrap_or(-1.0) * 1e6).round_ties_even()),
        "flags" => flags_text(point),
        "case" => case_text(point),
        form => {
            let form = Form::by_name(form).expect("a property or a form");
            escaped(normalized(database, form, StrData::from_points([point]).view()).view())
        }
    }
}

fn flags_text(point: u32) -> String {
    let flags = [
        characters::is_alpha(point),
        characters::is_alnum(point),
        characters::is_decimal(point),
        characters::is_digit(point),
        characters::is_numeric(point),
        characters::is_space(point),
        characters::is_upper(point),
        characters::is_lower(point),
        characters::is_title(point) || characters::is_upper(point),
        characters::is_identifier_start(point),
        characters::is_identifier_continue(point),
        characters::is_printable(point),
        characters::is_line_break(point),
    ];
    flags.iter().map(|flag| if *flag { '1' } else { '0' }).collect()
}

fn case_text(point: u32) -> String {
    let single = StrData::from_points([point]);
    let convert = [case::upper, case::lower, case::title, case::casefold, case::swapcase];
    let texts: Vec<String> =
        convert.iter().map(|convert| escaped(convert(single.view()).expect(SMALL).view())).collect();
    texts.join("/")
}

// The inside of Python's ascii().
fn escaped(view: StrView<'_>) -> String {
    let quoted = naja_text::builder::to_string_lossy(repr::ascii(view).expect(SMALL).view());
    quoted[1..quoted.len() - 1].to_string()
}
