//! Text signatures: `append($self, object, /)` as parameters with kinds and defaults.
//!
//! The format is that of CPython's Argument Clinic. A parsed signature is the one source for `__text_signature__`, for
//! the parameter table that arguments are parsed by, and for the defaults of the Rust parameters.

use proc_macro2::TokenStream;
use quote::quote;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    PositionalOnly,
    PositionalOrKeyword,
    VariablePositional,
    KeywordOnly,
    VariableKeyword,
}

#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: String,
    pub kind: Kind,
    pub default: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Signature {
    pub parameters: Vec<Parameter>,
}

impl Signature {
    /// Parses what stands between the outer parentheses, `$self` or `$module` included.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut signature = Signature::default();
        let mut keyword_only = false;
        for item in split_top_level(text) {
            match item.as_str() {
                "" => {}
                "/" => signature.parameters.iter_mut().for_each(|it| it.kind = Kind::PositionalOnly),
                "*" => keyword_only = true,
                item if item.starts_with('$') => {}
                item => {
                    let parameter = parse_parameter(item, keyword_only)?;
                    keyword_only |= parameter.kind == Kind::VariablePositional;
                    signature.parameters.push(parameter);
                }
            }
        }
        Ok(signature)
    }

    /// The table of parameters, as an expression of type `&'static [Parameter]`.
    pub fn table(&self) -> TokenStream {
        let rows = self.parameters.iter().map(|parameter| {
            let name = &parameter.name;
            let kind = match parameter.kind {
                Kind::PositionalOnly => quote!(PositionalOnly),
                Kind::PositionalOrKeyword => quote!(PositionalOrKeyword),
                Kind::VariablePositional => quote!(VariablePositional),
                Kind::KeywordOnly => quote!(KeywordOnly),
                Kind::VariableKeyword => quote!(VariableKeyword),
            };
            let required = parameter.default.is_none();
            quote!(::objects::method::Parameter::new(#name, ::objects::method::ParameterKind::#kind, #required))
        });
        quote!(&[#(#rows),*])
    }

    pub fn is_positional_only(&self) -> bool {
        self.parameters.iter().all(|it| matches!(it.kind, Kind::PositionalOnly | Kind::VariablePositional))
    }
}

fn parse_parameter(item: &str, keyword_only: bool) -> Result<Parameter, String> {
    let (name, default) = match item.split_once('=') {
        Some((name, default)) => (name.trim(), Some(default.trim().to_owned())),
        None => (item, None),
    };
    let (name, kind) = if let Some(name) = name.strip_prefix("**") {
        (name, Kind::VariableKeyword)
    } else if let Some(name) = name.strip_prefix('*') {
        (name, Kind::VariablePositional)
    } else if keyword_only {
        (name, Kind::KeywordOnly)
    } else {
        (name, Kind::PositionalOrKeyword)
    };
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return Err(format!("not a parameter: {item:?}"));
    }
    Ok(Parameter { name: name.to_owned(), kind, default })
}

/// Splits at commas outside brackets and quotes.
fn split_top_level(text: &str) -> Vec<String> {
    let (mut items, mut item, mut depth, mut quote) = (Vec::new(), String::new(), 0, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                items.push(std::mem::take(&mut item).trim().to_owned());
                continue;
            }
            _ => {}
        }
        item.push(c);
    }
    items.push(item.trim().to_owned());
    items
}

/// The doc comment as written, and the signature in its first paragraph if it has one (`name(…)` lines up to a line `--`).
#[derive(Default)]
pub struct Documentation {
    pub text: String,
    pub signature: Option<Signature>,
}

impl Documentation {
    pub fn of(attributes: &[syn::Attribute]) -> syn::Result<Self> {
        let mut lines = Vec::new();
        for attribute in attributes.iter().filter(|it| it.path().is_ident("doc")) {
            if let syn::Meta::NameValue(pair) = &attribute.meta
                && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(line), .. }) = &pair.value
            {
                let line = line.value();
                lines.extend(line.split('\n').map(|it| it.strip_prefix(' ').unwrap_or(it).trim_end().to_owned()));
            }
        }
        let mut text = lines.join("\n");
        if text.ends_with("\n--") {
            // A signature without a text under it, whose empty lines a doc comment can't hold.
            text.push_str("\n\n");
        }
        // A head that is no signature (`cell([contents])`) is only text: the function then gives one of its own.
        let signature = text.split_once("\n--\n").and_then(|(head, _)| Self::parse_head(head).ok());
        Ok(Self { text, signature })
    }

    fn parse_head(head: &str) -> Result<Signature, String> {
        let head = head.replace('\n', " ");
        let (Some(open), Some(close)) = (head.find('('), head.rfind(')')) else {
            return Err(format!("not a text signature: {head:?}"));
        };
        Signature::parse(&head[open + 1..close])
    }
}
