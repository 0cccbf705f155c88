//! Telling Python code of events: which handler is called for each, and with what.

use objects::dict::Dict;
use objects::errors::PyResult;
use objects::list::List;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::expat::errors::Code;
use crate::expat::{ContentModel, Event, Told, Wants, declaration_tokens, is_declaration};
use crate::handlers::Handler;
use crate::raise_failure;
use crate::xml_parser::XmlParser;

fn text(text: &str, thread: &mut Thread) -> Py<Object> {
    Str::from_str(text, thread).into_object()
}

fn optional(value: Option<String>, thread: &mut Thread) -> Py<Object> {
    match value {
        Some(value) => text(&value, thread),
        None => thread.none(),
    }
}

fn number(value: i32, thread: &mut Thread) -> Py<Object> {
    protocol::make_int(value.into(), thread)
}

/// `(type, quantifier, name, children)` of a part of a content model.
fn model_object(model: &ContentModel, part: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
    thread.check_stack(" in conv_content_model")?;
    let part = &model.parts[part];
    let mut children = Vec::with_capacity(part.children.len());
    for child in &part.children {
        children.push(model_object(model, *child, thread)?);
    }
    let children = Tuple::new(children, thread)?.into_object();
    let name = optional(part.name.clone(), thread);
    let parts = vec![number(part.kind, thread), number(part.quantifier, thread), name, children];
    Ok(Tuple::new(parts, thread)?.into_object())
}

impl XmlParser {
    /// What there is to tell, as the handlers are now.
    pub fn wants(&self) -> Wants {
        let (unexpanded, expanded) = (self.has_handler(Handler::Default), self.has_handler(Handler::DefaultExpand));
        Wants {
            others: unexpanded || expanded,
            unexpanded: unexpanded && !expanded,
            start_elements: self.has_handler(Handler::StartElement),
            end_elements: self.has_handler(Handler::EndElement),
            skipped_entities: self.has_handler(Handler::SkippedEntity),
            external_entities: self.has_handler(Handler::ExternalEntity),
            not_standalone: self.has_handler(Handler::NotStandalone),
        }
    }

    /// Tells of an event.
    pub fn tell(&self, told: Told, thread: &mut Thread) -> PyResult<()> {
        let Told { event, raw, .. } = told;
        match event {
            Event::StartElement { name, attributes, specified } => {
                self.tell_start(&name, attributes, specified, raw, thread)
            }
            Event::EndElement { name } => {
                let name = self.name(&name, thread)?;
                self.call(Handler::EndElement, &[name], raw, thread)
            }
            Event::Text(text) => match self.handler(Handler::CharacterData) {
                Some(handler) => self.take_text(&handler, &text, thread),
                None => self.tell_other(raw, thread),
            },
            Event::NotStandalone => self.ask(Handler::NotStandalone, &[], Code::NotStandalone, thread),
            Event::ExternalEntity { context, system, public } => {
                let (context, base) = (optional(context, thread), self.base(thread));
                let given = [context, base, optional(system, thread), optional(public, thread)];
                self.ask(Handler::ExternalEntity, &given, Code::ExternalEntityHandling, thread)
            }
            Event::InDoctype if self.has_handler(Handler::StartDoctype) => Ok(()),
            Event::InDoctype | Event::Other => self.tell_other(raw, thread),
            other => self.tell_rare(other, raw, thread),
        }
    }

    /// Calls a handler, or tells of how the event is written.
    fn call(&self, handler: Handler, given: &[Py<Object>], raw: Option<String>, thread: &mut Thread) -> PyResult<()> {
        if !self.has_handler(handler) {
            return self.tell_other(raw, thread);
        }
        let Some(handler) = self.flushed(handler, thread)? else { return Ok(()) };
        let given: Vec<&Object> = given.iter().map(|it| &**it).collect();
        protocol::call(&handler, &given, thread).map(drop)
    }

    /// A handler, after the text that was kept back; telling of that may have changed it.
    fn flushed(&self, handler: Handler, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        self.flush(thread)?;
        Ok(self.handler(handler))
    }

    fn tell_other(&self, raw: Option<String>, thread: &mut Thread) -> PyResult<()> {
        let Some(raw) = raw else { return Ok(()) };
        if !is_declaration(&raw) {
            return self.tell_default(&raw, thread);
        }
        for token in declaration_tokens(&raw) {
            self.tell_default(token, thread)?;
            self.reading.parser.borrow_mut().pass_told(token);
        }
        Ok(())
    }

    fn tell_default(&self, raw: &str, thread: &mut Thread) -> PyResult<()> {
        let handler = self.handler(Handler::DefaultExpand).or_else(|| self.handler(Handler::Default));
        let Some(handler) = handler.filter(|_| !raw.is_empty()) else { return Ok(()) };
        self.flush(thread)?;
        let raw = text(raw, thread);
        protocol::call_one(&handler, &raw, thread).map(drop)
    }

    /// Asks a handler whether to go on: zero means that it is an error.
    fn ask(&self, handler: Handler, given: &[Py<Object>], code: Code, thread: &mut Thread) -> PyResult<()> {
        let Some(handler) = self.flushed(handler, thread)? else { return Ok(()) };
        let given: Vec<&Object> = given.iter().map(|it| &**it).collect();
        let answer = protocol::call(&handler, &given, thread)?;
        if protocol::index_as_isize(&answer, thread)? != 0 {
            return Ok(());
        }
        let failure = self.reading.parser.borrow_mut().fail(code, None);
        Err(raise_failure(failure, thread))
    }

    fn tell_start(
        &self,
        name: &str,
        mut attributes: Vec<(String, String)>,
        specified: usize,
        raw: Option<String>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        if !self.has_handler(Handler::StartElement) {
            return self.tell_other(raw, thread);
        }
        let Some(handler) = self.flushed(Handler::StartElement, thread)? else { return Ok(()) };
        if self.has_specified_attributes.get() {
            attributes.truncate(specified);
        }
        let name = self.name(name, thread)?;
        let given = match self.has_ordered_attributes.get() {
            true => {
                let mut items = Vec::with_capacity(attributes.len() * 2);
                for (key, value) in attributes {
                    items.push(self.name(&key, thread)?);
                    items.push(text(&value, thread));
                }
                List::new(items, thread)?.into_object()
            }
            false => {
                let dict = Dict::new(thread);
                for (key, value) in attributes {
                    let (key, value) = (self.name(&key, thread)?, text(&value, thread));
                    dict.set(&key, &value, thread)?;
                }
                dict.into_object()
            }
        };
        protocol::call(&handler, &[&name, &given], thread).map(drop)
    }

    /// Events that most documents have few of.
    fn tell_rare(&self, event: Event, raw: Option<String>, thread: &mut Thread) -> PyResult<()> {
        match event {
            Event::Comment(comment) => {
                let comment = text(&comment, thread);
                self.call(Handler::Comment, &[comment], raw, thread)
            }
            Event::Instruction { target, data } => {
                let given = [text(&target, thread), text(&data, thread)];
                self.call(Handler::Instruction, &given, raw, thread)
            }
            Event::StartCdata => self.call(Handler::StartCdata, &[], raw, thread),
            Event::EndCdata => self.call(Handler::EndCdata, &[], raw, thread),
            Event::XmlDeclaration { version, encoding, standalone } => {
                let given = [optional(version, thread), optional(encoding, thread), number(standalone, thread)];
                self.call(Handler::XmlDeclaration, &given, raw, thread)
            }
            Event::StartNamespace { prefix, uri } => {
                let given = [optional(prefix, thread), optional(uri, thread)];
                self.call(Handler::StartNamespace, &given, raw, thread)
            }
            Event::EndNamespace { prefix } => {
                let prefix = optional(prefix, thread);
                self.call(Handler::EndNamespace, &[prefix], raw, thread)
            }
            Event::SkippedEntity { name, is_parameter } => {
                let given = [text(&name, thread), number(is_parameter.into(), thread)];
                self.call(Handler::SkippedEntity, &given, raw, thread)
            }
            other => self.tell_declaration(other, raw, thread),
        }
    }

    /// What is declared in a document type, and where that begins and ends.
    fn tell_declaration(&self, event: Event, raw: Option<String>, thread: &mut Thread) -> PyResult<()> {
        match event {
            Event::StartDoctype { name, system, public, has_subset } => {
                let (name, system) = (text(&name, thread), optional(system, thread));
                let given = [name, system, optional(public, thread), number(has_subset.into(), thread)];
                self.call(Handler::StartDoctype, &given, raw, thread)
            }
            Event::EndDoctype => self.call(Handler::EndDoctype, &[], raw, thread),
            Event::EntityDeclaration { name, is_parameter, value, system, public, notation } => {
                let is_unparsed = notation.is_some() && self.has_handler(Handler::UnparsedEntity);
                let (name, base) = (text(&name, thread), self.base(thread));
                let [value, system, public, notation] =
                    [value, system, public, notation].map(|it| optional(it, thread));
                if is_unparsed {
                    return self.call(Handler::UnparsedEntity, &[name, base, system, public, notation], raw, thread);
                }
                let given = [name, number(is_parameter.into(), thread), value, base, system, public, notation];
                self.call(Handler::Entity, &given, raw, thread)
            }
            Event::NotationDeclaration { name, system, public } => {
                let (name, base) = (text(&name, thread), self.base(thread));
                let given = [name, base, optional(system, thread), optional(public, thread)];
                self.call(Handler::Notation, &given, raw, thread)
            }
            Event::ElementDeclaration { name, model } => {
                let given = [text(&name, thread), model_object(&model, 0, thread)?];
                self.call(Handler::Element, &given, raw, thread)
            }
            Event::AttributeDeclaration { element, name, kind, default, is_required } => {
                let names = [element, name, kind].map(|it| text(&it, thread));
                let [element, name, kind] = names;
                let given = [element, name, kind, optional(default, thread), number(is_required.into(), thread)];
                self.call(Handler::Attlist, &given, raw, thread)
            }
            _ => Ok(()),
        }
    }
}
