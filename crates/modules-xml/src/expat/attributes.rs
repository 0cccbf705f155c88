//! The values of attributes.

use super::characters::find_illegal;
use super::errors::Code;
use super::parser::{Parser, Step, Stop};
use super::tokens::{Reference, built_in, character, end_of_begun_reference, reference};

/// How deep entities in values may nest: they are read by recursion.
const MAX_DEPTH: usize = 1000;

impl Parser {
    /// The value that is written in a part of a text, which begins at this place of the document, if it is part of that.
    pub(super) fn attribute_value(&mut self, written: &str, at: Option<usize>) -> Step<String> {
        let mut value = String::with_capacity(written.len());
        let mut open = Vec::new();
        self.append_value(&mut value, written, at, &mut open)?;
        Ok(value)
    }

    fn append_value(
        &mut self,
        value: &mut String,
        written: &str,
        at: Option<usize>,
        open: &mut Vec<String>,
    ) -> Step<()> {
        let behind = |index: usize| at.map(|at| at + index);
        if let Some(bad) = find_illegal(written, 0, written.len()) {
            return Err(Stop::Wrong(Code::InvalidToken, behind(bad)));
        }
        let mut done = 0;
        while let Some(length) = written[done..].find(['&', '\n', '\t']) {
            let place = done + length;
            value.push_str(&written[done..place]);
            if !written[place..].starts_with('&') {
                value.push(' ');
                done = place + 1;
                continue;
            }
            let Some((found, end)) = reference(written, place) else {
                return Err(Stop::Wrong(Code::InvalidToken, behind(end_of_begun_reference(written, place))));
            };
            match found {
                Reference::Character(number) => match character(number, place) {
                    Ok(character) => value.push(character),
                    Err(_) => return Err(Stop::Wrong(Code::BadCharacterReference, behind(place))),
                },
                Reference::Entity(name) => match built_in(name) {
                    Some(character) => value.push_str(character),
                    None => self.append_entity(value, name, behind(place), open)?,
                },
            }
            done = end;
        }
        value.push_str(&written[done..]);
        Ok(())
    }

    fn append_entity(&mut self, value: &mut String, name: &str, at: Option<usize>, open: &mut Vec<String>) -> Step<()> {
        let Some(entity) = self.declarations.borrow().entities.get(name).cloned() else {
            // It may be declared where we do not look.
            return match self.is_self_contained() {
                true => Err(Stop::Wrong(Code::UndefinedEntity, None)),
                false => Ok(()),
            };
        };
        if !entity.is_internal && self.is_self_contained() {
            return Err(Stop::Wrong(Code::DeclaredInParameterEntity, None));
        }
        if open.iter().any(|it| it == name) || open.len() >= MAX_DEPTH {
            return Err(Stop::Wrong(Code::RecursiveEntity, at));
        }
        if entity.notation.is_some() {
            return Err(Stop::Wrong(Code::BinaryEntity, at));
        }
        let Some(text) = entity.value else { return Err(Stop::Wrong(Code::AttributeExternalEntity, at)) };
        if text.contains('<') {
            return Err(Stop::Wrong(Code::InvalidToken, at));
        }
        if self.count_expansion(text.len(), 0).is_err() {
            return Err(Stop::Wrong(Code::Amplification, at));
        }
        open.push(name.to_owned());
        self.append_value(value, &text, None, open)?;
        open.pop();
        Ok(())
    }
}

/// The value of an attribute whose type is not `CDATA`: blanks at its ends go, and there is one between words.
pub(super) fn with_single_blanks(value: &str) -> String {
    let words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
}
