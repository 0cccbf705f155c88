//! Namespaces in XML 1.0: prefixes are bound by attributes, and names are told with their namespace.

use super::errors::Code;
use super::event::Event;
use super::parser::{Parser, Step, wrong};

pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// What an element binds: prefixes, None for what has none, and namespaces, None for none.
pub(super) type Scope = Vec<(Option<String>, Option<String>)>;

impl Parser {
    /// Takes the bindings out of the attributes, of which so many stand in the tag; returns how many of those are left.
    pub(super) fn bind(&mut self, attributes: &mut Vec<(String, String)>, specified: usize, at: usize) -> Step<usize> {
        let mut scope: Scope = Vec::new();
        let mut kept = Vec::with_capacity(attributes.len());
        let mut n_kept_specified = 0;
        for (number, (key, value)) in std::mem::take(attributes).into_iter().enumerate() {
            let prefix = match key.strip_prefix("xmlns") {
                Some("") => None,
                Some(rest) if rest.starts_with(':') => Some(rest[1..].to_owned()),
                _ => {
                    n_kept_specified += usize::from(number < specified);
                    kept.push((key, value));
                    continue;
                }
            };
            if let Some(prefix) = &prefix {
                check_binding(prefix, &value, at)?;
            }
            let uri = (!value.is_empty()).then_some(value);
            match scope.iter_mut().find(|(known, _)| *known == prefix) {
                Some((_, known)) => *known = uri,
                None => scope.push((prefix, uri)),
            }
        }
        *attributes = kept;
        for (prefix, uri) in &scope {
            self.tell_alone(Event::StartNamespace { prefix: prefix.clone(), uri: uri.clone() });
        }
        self.scopes.push(scope);
        Ok(n_kept_specified)
    }

    /// A name with its namespace.
    pub(super) fn expanded_name(&self, name: &str, is_element: bool, at: usize) -> Step<String> {
        let (prefix, local) = match name.split_once(':') {
            None if !is_element => return Ok(name.to_owned()),
            None => (None, name),
            Some(("xml", local)) => return Ok(self.joined(XML, local, Some("xml"))),
            Some((_, local)) if local.is_empty() || local.contains(':') => return wrong(Code::InvalidToken, at),
            Some((prefix, local)) => (Some(prefix), local),
        };
        let mut bindings = self.scopes.iter().rev().flatten();
        match bindings.find(|(known, _)| known.as_deref() == prefix) {
            Some((_, Some(uri))) => Ok(self.joined(uri, local, prefix)),
            Some((_, None)) => Ok(local.to_owned()),
            None if prefix.is_none() => Ok(local.to_owned()),
            None => wrong(Code::UnboundPrefix, at),
        }
    }

    fn joined(&self, uri: &str, local: &str, prefix: Option<&str>) -> String {
        let separator = self.separator.as_deref().unwrap_or("");
        match prefix.filter(|_| self.namespace_prefixes) {
            Some(prefix) => [uri, separator, local, separator, prefix].concat(),
            None => [uri, separator, local].concat(),
        }
    }
}

fn check_binding(prefix: &str, value: &str, at: usize) -> Step<()> {
    if prefix == "xmlns" {
        return wrong(Code::ReservedPrefixXmlns, at);
    }
    if (prefix == "xml") != (value == XML) {
        return wrong(if prefix == "xml" { Code::ReservedPrefixXml } else { Code::ReservedNamespace }, at);
    }
    if value == XMLNS {
        return wrong(Code::ReservedNamespace, at);
    }
    if value.is_empty() {
        return wrong(Code::UndeclaringPrefix, at);
    }
    Ok(())
}
