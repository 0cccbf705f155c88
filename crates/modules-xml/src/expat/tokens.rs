//! Tokens of content and around it: text, references, comments, processing instructions, the XML declaration.

use super::characters::{find_illegal, name_end};
use super::errors::Code;
use super::event::Event;
use super::parser::{Parser, State, Step, Stop, wrong};
use super::scan::{Scanner, find, skip_blanks};

/// Where a text is found, if there is enough text to tell.
pub(super) fn find_end(text: &str, what: &str, start: usize) -> Step<usize> {
    find(text, what, start).ok_or(Stop::Incomplete)
}

pub(super) fn check_characters(text: &str, start: usize, end: usize) -> Step<()> {
    find_illegal(text, start, end).map_or(Ok(()), |bad| wrong(Code::InvalidToken, bad))
}

/// The entities that need no declaration.
pub(super) fn built_in(name: &str) -> Option<&'static str> {
    Some(match name {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "apos" => "'",
        "quot" => "\"",
        _ => return None,
    })
}

/// A reference, from its ampersand on.
pub(super) enum Reference<'a> {
    /// The number; None if it is too large for one.
    Character(Option<u32>),
    Entity(&'a str),
}

/// The reference at a place and where it ends; None if it is none, or not whole.
pub(super) fn reference(text: &str, at: usize) -> Option<(Reference<'_>, usize)> {
    let mut scanner = Scanner::new(text, at + 1);
    if !scanner.take("#") {
        let name = scanner.name()?;
        return scanner.take(";").then_some((Reference::Entity(name), scanner.at));
    }
    let radix = if scanner.take("x") { 16 } else { 10 };
    let rest = scanner.rest();
    let length = rest.find(|it: char| !it.is_digit(radix)).filter(|length| *length > 0)?;
    let number = u32::from_str_radix(&rest[..length], radix).ok();
    scanner.at += length;
    scanner.take(";").then_some((Reference::Character(number), scanner.at))
}

/// Where a reference that is none stops being one.
pub(super) fn end_of_begun_reference(text: &str, at: usize) -> usize {
    let mut scanner = Scanner::new(text, at + 1);
    if scanner.take("#") {
        let radix = if scanner.take("x") { 16 } else { 10 };
        let digits = scanner.rest().find(|it: char| !it.is_digit(radix)).unwrap_or(scanner.rest().len());
        return scanner.at + digits;
    }
    name_end(text, at + 1).unwrap_or(at + 1)
}

/// The character that a reference stands for.
pub(super) fn character(number: Option<u32>, at: usize) -> Step<char> {
    let found = number.and_then(char::from_u32).filter(|it| super::characters::is_legal(*it));
    found.map_or_else(|| wrong(Code::BadCharacterReference, at), Ok)
}

/// Whether a text may be the beginning of a longer one.
fn may_become(text: &str, whole: &str) -> bool {
    text.len() < whole.len() && whole.starts_with(text)
}

impl Parser {
    /// Reads the token at a place and returns where it ends.
    pub(super) fn token(&mut self, text: &str, at: usize, is_final: bool) -> Step<usize> {
        if self.is_in_cdata {
            return self.cdata_token(text, at);
        }
        let rest = &text[at..];
        if !rest.starts_with('<') {
            return self.text_token(text, at, is_final);
        }
        match rest.as_bytes().get(1) {
            Some(b'/') => return self.end_tag(text, at),
            Some(b'?') => return self.instruction(text, at),
            Some(b'!') => {}
            None => return Err(Stop::Incomplete),
            Some(_) => {
                if self.uses_foreign && self.state == State::Prolog && !self.has_doctype && !self.is_fragment {
                    self.begin_foreign_doctype();
                    return Ok(at);
                }
                return self.start_tag(text, at);
            }
        }
        if rest.starts_with("<!--") {
            return self.comment(text, at);
        }
        if rest.starts_with("<![CDATA[") && self.state == State::Content {
            self.is_in_cdata = true;
            self.tell(Event::StartCdata, "<![CDATA[");
            return Ok(at + "<![CDATA[".len());
        }
        if rest.starts_with("<!DOCTYPE") && self.state == State::Prolog && !self.has_doctype {
            return self.doctype(text, at);
        }
        if ["<![CDATA[", "<!DOCTYPE", "<!--"].iter().any(|whole| may_become(rest, whole)) {
            return Err(Stop::Incomplete);
        }
        self.wrong_declaration(text, at)
    }

    /// A `<!` that begins nothing that may be here.
    fn wrong_declaration(&self, text: &str, at: usize) -> Step<usize> {
        let rest = &text[at + 2..];
        if rest.starts_with('-') {
            return wrong(Code::InvalidToken, at + 3);
        }
        if self.state == State::Content {
            let same = rest.bytes().zip("[CDATA[".bytes()).take_while(|(one, other)| one == other).count();
            return wrong(Code::InvalidToken, at + 2 + same);
        }
        if !rest.starts_with('[') && name_end(rest, 0).is_none() {
            return wrong(Code::InvalidToken, at + 2);
        }
        wrong(if self.state == State::Prolog { Code::Syntax } else { Code::JunkAfterDocument }, at)
    }

    fn comment(&mut self, text: &str, at: usize) -> Step<usize> {
        let start = at + "<!--".len();
        let end = find(text, "--", start);
        check_characters(text, at, end.unwrap_or(text.len()))?;
        let end = end.ok_or(Stop::Incomplete)?;
        match text.as_bytes().get(end + 2) {
            None => return Err(Stop::Incomplete),
            Some(b'>') => {}
            Some(_) => return wrong(Code::InvalidToken, end + 2),
        }
        self.tell(Event::Comment(text[start..end].to_owned()), &text[at..end + 3]);
        Ok(end + 3)
    }

    /// The next part of a CDATA section, as Expat takes it apart: at brackets that do not end it, too.
    fn cdata_token(&mut self, text: &str, at: usize) -> Step<usize> {
        let rest = &text[at..];
        if rest.starts_with("]]>") {
            self.is_in_cdata = false;
            self.tell(Event::EndCdata, "]]>");
            return Ok(at + 3);
        }
        if ["]", "]]"].contains(&rest) {
            return Err(Stop::Incomplete);
        }
        let end = find(text, "]", at + usize::from(rest.starts_with(']'))).unwrap_or(text.len());
        check_characters(text, at, end)?;
        self.tell_text(&text[at..end], "");
        Ok(end)
    }

    fn text_token(&mut self, text: &str, at: usize, is_final: bool) -> Step<usize> {
        let end = find(text, "<", at).unwrap_or(text.len());
        if self.state != State::Content {
            return self.text_outside(text, at, end, is_final);
        }
        if text[at..].starts_with('&') {
            return self.reference_token(text, at, end);
        }
        let mut stop = text[at..end].find('&').map_or(end, |length| at + length);
        if stop == text.len() && !is_final {
            // `]]>` may come in pieces.
            stop = at + text[at..stop].trim_end_matches(']').len();
            if stop == at {
                return Err(Stop::Incomplete);
            }
        }
        if let Some(bad) = find_illegal(text, at, stop) {
            if bad == at {
                return wrong(Code::InvalidToken, bad);
            }
            stop = bad;
        }
        if let Some(bad) = text[at..stop].find("]]>") {
            // The lines before are told of.
            match text[at..at + bad].rfind('\n') {
                Some(last) => stop = at + last + 1,
                None => return wrong(Code::InvalidToken, at + bad + 2),
            }
        }
        self.tell_text(&text[at..stop], "");
        Ok(stop)
    }

    /// Text where there is no element: only blanks may be there.
    fn text_outside(&mut self, text: &str, at: usize, end: usize, is_final: bool) -> Step<usize> {
        let is_blank = |it: char| matches!(it, ' ' | '\t' | '\n' | '\u{FEFF}');
        let blank = at + text[at..end].find(|it| !is_blank(it)).unwrap_or(end - at);
        if blank < end {
            self.check_word(text, blank, is_final)?;
            let code = match self.state {
                State::Epilog if begins_token(&text[blank..]) => Code::JunkAfterDocument,
                _ if begins_token(&text[blank..]) => Code::Syntax,
                _ => Code::InvalidToken,
            };
            return wrong(code, blank);
        }
        self.tell_other(&text[at..end]);
        Ok(end)
    }

    /// Outside of elements, where a word is only an error in that it is there, it has to end as one.
    fn check_word(&self, text: &str, at: usize, is_final: bool) -> Step<()> {
        let is_in_word = |it: char| it.is_alphanumeric() || matches!(it, '_' | '.' | ':' | '-');
        let length = text[at..].find(|it| !is_in_word(it));
        match length {
            Some(0) => Ok(()),
            Some(length) => {
                let ends_word =
                    text[at + length..].starts_with([' ', '\t', '\n', '>', '?', ')', ',', '|', '[', '%', '+', '*']);
                if ends_word { Ok(()) } else { wrong(Code::InvalidToken, at + length) }
            }
            None if !is_final && self.state == State::Prolog => Err(Stop::Incomplete),
            None => Ok(()),
        }
    }

    fn reference_token(&mut self, text: &str, at: usize, end: usize) -> Step<usize> {
        let Some((found, behind)) = reference(text, at) else {
            let is_cut = end == text.len() && !text[at..end].contains(';') && is_begun_reference(&text[at + 1..]);
            if is_cut {
                return Err(Stop::Incomplete);
            }
            return wrong(Code::InvalidToken, end_of_begun_reference(text, at));
        };
        let raw = &text[at..behind];
        match found {
            Reference::Character(number) => {
                let character = character(number, at)?;
                self.tell(Event::Text(character.to_string()), raw);
            }
            Reference::Entity(name) => match built_in(name) {
                Some(character) => self.tell(Event::Text(character.to_owned()), raw),
                None => self.entity(name, at, raw)?,
            },
        }
        Ok(behind)
    }

    fn instruction(&mut self, text: &str, at: usize) -> Step<usize> {
        let end = find_end(text, "?>", at + 2)?;
        let Some(name_end) = name_end(text, at + 2) else { return wrong(Code::InvalidToken, at + 2) };
        let name = &text[at + 2..name_end];
        if name.eq_ignore_ascii_case("xml") {
            if name != "xml" {
                return wrong(Code::InvalidToken, at);
            }
            if !self.is_start {
                return wrong(Code::MisplacedDeclaration, at);
            }
            return self.xml_declaration(text, at, end);
        }
        let data = skip_blanks(text, name_end);
        if name_end < end && data == name_end {
            return wrong(Code::InvalidToken, name_end);
        }
        check_characters(text, at, end)?;
        let data = text.get(data..end).unwrap_or("").to_owned();
        self.tell(Event::Instruction { target: name.to_owned(), data }, &text[at..end + 2]);
        Ok(end + 2)
    }

    fn xml_declaration(&mut self, text: &str, at: usize, end: usize) -> Step<usize> {
        let raw = &text[at..end + 2];
        let declaration = match XmlDeclaration::read(raw, self.is_fragment) {
            Ok(declaration) => declaration,
            Err(bad) => {
                let code = if self.is_fragment { Code::TextDeclaration } else { Code::XmlDeclaration };
                return wrong(code, at + bad);
            }
        };
        self.is_standalone = declaration.standalone == Some("yes");
        let standalone = declaration.standalone.map_or(-1, |it| i32::from(it == "yes"));
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let (version, encoding) = (owned(declaration.version), owned(declaration.encoding));
        self.tell(Event::XmlDeclaration { version, encoding, standalone }, raw);
        Ok(end + 2)
    }
}

/// Whether something begins here that may be in a prolog, if not here.
fn begins_token(rest: &str) -> bool {
    let is_sign = |it: char| "\"'<%,[]()|>#.-".contains(it) || it.is_ascii_digit();
    rest.starts_with(is_sign) || name_end(rest, 0).is_some()
}

/// Whether a reference may go on behind this, which follows its ampersand.
fn is_begun_reference(rest: &str) -> bool {
    match rest.strip_prefix('#') {
        Some(number) => {
            let digits = number.strip_prefix('x').unwrap_or(number);
            digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        }
        None => rest.is_empty() || name_end(rest, 0) == Some(rest.len()),
    }
}

/// What the XML declaration of a document or the text declaration of an entity says.
pub struct XmlDeclaration<'a> {
    pub version: Option<&'a str>,
    pub encoding: Option<&'a str>,
    pub standalone: Option<&'a str>,
}

const DECLARATION_START: &str = "<?xml";
const DECLARATION_END: &str = "?>";

impl<'a> XmlDeclaration<'a> {
    /// The declaration that a text is, from `<?xml` to `?>`, or the place where it stops being one. That of an entity needs no version but an
    /// encoding, and does not say what is standalone.
    pub fn read(text: &'a str, is_fragment: bool) -> Result<Self, usize> {
        let inner = &text[..text.len() - DECLARATION_END.len()];
        let mut scanner = Scanner::new(inner, DECLARATION_START.len());
        let mut declaration = Self { version: None, encoding: None, standalone: None };
        let start = scanner.at;
        let mut next = pseudo_attribute(&mut scanner)?;
        match next {
            Some(field) if field.name == "version" => {
                let minor = field.value.strip_prefix("1.").unwrap_or("");
                if minor.is_empty() || !minor.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(field.value_at);
                }
                declaration.version = Some(field.value);
                next = pseudo_attribute(&mut scanner)?;
                if next.is_none() {
                    return if is_fragment { Err(scanner.at) } else { Ok(declaration) };
                }
            }
            Some(field) if !is_fragment => return Err(field.at),
            None if !is_fragment => return Err(start),
            _ => {}
        }
        if let Some(field) = next.filter(|field| field.name == "encoding") {
            if !field.value.starts_with(|it: char| it.is_ascii_alphabetic()) {
                return Err(field.value_at);
            }
            declaration.encoding = Some(field.value);
            next = pseudo_attribute(&mut scanner)?;
        } else if is_fragment {
            return Err(next.map_or(scanner.at, |field| field.at));
        }
        let Some(field) = next else { return Ok(declaration) };
        if field.name != "standalone" || is_fragment {
            return Err(field.at);
        }
        if !matches!(field.value, "yes" | "no") {
            return Err(field.value_at);
        }
        declaration.standalone = Some(field.value);
        skip(&mut scanner);
        if scanner.rest().is_empty() { Ok(declaration) } else { Err(scanner.at) }
    }

    /// The declaration that a text begins with, and how long it is.
    pub fn read_beginning(text: &'a str, is_fragment: bool) -> Option<(Self, usize)> {
        if !text.starts_with(DECLARATION_START) {
            return None;
        }
        let end = find(text, DECLARATION_END, DECLARATION_START.len())? + DECLARATION_END.len();
        Self::read(&text[..end], is_fragment).ok().map(|declaration| (declaration, end))
    }
}

/// Blanks; in the beginning of a document line ends may be as they came.
fn skip(scanner: &mut Scanner<'_>) -> bool {
    let rest = scanner.rest().trim_start_matches([' ', '\t', '\r', '\n']);
    let length = scanner.rest().len() - rest.len();
    scanner.at += length;
    length > 0
}

/// What looks like an attribute in a declaration, and where its name and its value begin.
#[derive(Clone, Copy)]
struct PseudoAttribute<'a> {
    at: usize,
    name: &'a str,
    value_at: usize,
    value: &'a str,
}

/// The next one; None at the end, or the place where it stops being one.
fn pseudo_attribute<'a>(scanner: &mut Scanner<'a>) -> Result<Option<PseudoAttribute<'a>>, usize> {
    if scanner.rest().is_empty() {
        return Ok(None);
    }
    if !skip(scanner) {
        return Err(scanner.at);
    }
    if scanner.rest().is_empty() {
        return Ok(None);
    }
    let at = scanner.at;
    let is_end = |it: char| it == '=' || matches!(it, ' ' | '\t' | '\r' | '\n') || !it.is_ascii();
    let length = scanner.rest().find(is_end).unwrap_or(scanner.rest().len());
    let name = &scanner.rest()[..length];
    scanner.at += length;
    skip(scanner);
    if name.is_empty() || !scanner.take("=") {
        return Err(scanner.at);
    }
    skip(scanner);
    let quote = scanner.rest().chars().next().filter(|it| matches!(it, '"' | '\'')).ok_or(scanner.at)?;
    let value_at = scanner.at + 1;
    let is_value = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
    let rest = &scanner.text[value_at..];
    let length = rest.find(|it| !is_value(it)).unwrap_or(rest.len());
    if !rest[length..].starts_with(quote) {
        return Err(value_at + length);
    }
    scanner.at = value_at + length + 1;
    Ok(Some(PseudoAttribute { at, name, value_at, value: &rest[..length] }))
}
