//! References to entities that are declared.

use std::rc::Rc;

use super::errors::Code;
use super::event::Event;
use super::namespaces::XML;
use super::parser::{Parser, Step, wrong};

impl Parser {
    /// A reference in content, which is written like this.
    pub(super) fn entity(&mut self, name: &str, at: usize, raw: &str) -> Step<()> {
        let known = self.declarations.borrow().entities.get(name).cloned();
        let Some(entity) = known else { return self.unknown_entity(name, at, raw) };
        if !entity.is_internal && self.is_self_contained() {
            return wrong(Code::DeclaredInParameterEntity, at);
        }
        if entity.notation.is_some() {
            return wrong(Code::BinaryEntity, at);
        }
        if self.open.iter().any(|open| open == name) {
            return wrong(Code::RecursiveEntity, at);
        }
        if entity.system.is_some() {
            match self.wants.external_entities {
                true => {
                    let (system, public) = (entity.system, entity.public);
                    let context = Some(self.context(name));
                    self.tell_alone(Event::ExternalEntity { context, system, public });
                }
                false => self.tell_other(raw),
            }
            return Ok(());
        }
        if self.wants.unexpanded {
            // Who does not want entities expanded gets them as they are.
            self.skip(name, raw);
            return Ok(());
        }
        let value: Rc<str> = entity.value.unwrap_or_else(|| "".into());
        self.count_expansion(value.len(), at)?;
        self.enter_entity(name, value);
        Ok(())
    }

    /// What the parser of an external entity would have to know, as Expat writes it: the namespaces that are bound, and the entities that are open.
    fn context(&self, name: &str) -> String {
        let mut parts: Vec<String> = Vec::new();
        if self.separator.is_some() {
            parts.push(format!("xml={XML}"));
            for (prefix, uri) in self.scopes.iter().flatten() {
                let (prefix, uri) = (prefix.as_deref().unwrap_or(""), uri.as_deref().unwrap_or(""));
                parts.retain(|part| part.split_once('=').is_none_or(|(known, _)| known != prefix));
                parts.push(format!("{prefix}={uri}"));
            }
        }
        parts.extend(self.open.iter().cloned());
        parts.push(name.to_owned());
        parts.join("\x0C")
    }

    /// An entity that is not declared here may be declared where we do not look.
    fn unknown_entity(&mut self, name: &str, at: usize, raw: &str) -> Step<()> {
        if self.is_self_contained() {
            return wrong(Code::UndefinedEntity, at);
        }
        self.skip(name, raw);
        Ok(())
    }

    /// Whether all that the document refers to has to be declared in itself.
    pub(super) fn is_self_contained(&self) -> bool {
        !self.has_external || self.is_standalone
    }

    /// Tells of an entity that is not read.
    fn skip(&mut self, name: &str, raw: &str) {
        match self.wants.skipped_entities {
            true => self.tell_alone(Event::SkippedEntity { name: name.to_owned(), is_parameter: false }),
            false => self.tell_other(raw),
        }
    }
}
