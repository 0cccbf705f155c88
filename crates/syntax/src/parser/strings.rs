//! String literals as expressions: adjacent literals become one, f-strings (PEP 701) and t-strings (PEP 750) are put
//! together from their tokens.

use bytecode::arena::{Arena, ArenaList};
use bytecode::constant::Constant as Value;
use text::wtf8::Wtf8;

use super::cursor::{BRACKET_DEPTH, Failure, Parse, Parser};
use crate::ast::{Constant, Expr, ExprKind, FormattedValue, Interpolation, JoinedStr, TemplateStr};
use crate::error::SyntaxWarning;
use crate::string_literal::{LiteralValue, ReportedToken, decode_middle, decode_string, unquoted};
use crate::token::{Position, Span, TokenKind as T};

/// The kinds of literals that may not stand side by side.
#[derive(Clone, Copy, PartialEq)]
enum Family {
    Text,
    Bytes,
    Template,
}

/// Which string a replacement field is in, and of which kind it makes nodes.
#[derive(Clone, Copy)]
struct Literal {
    is_raw: bool,
    is_template: bool,
    /// The token that ends the string.
    end: usize,
}

impl<'t> Parser<'_, 't> {
    /// One or more literals side by side.
    pub(super) fn strings(&mut self) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        if self.at(T::String) && !is_string_start(self.kind_after(1)) {
            return self.plain_string();
        }
        let mut parts = Vec::new();
        let mut family = None;
        let mut is_formatted = false;
        while is_string_start(self.kind()) {
            let own = match self.kind() {
                T::String => {
                    let part = self.plain_string()?;
                    let own = if is_bytes(&part) { Family::Bytes } else { Family::Text };
                    parts.push(part);
                    own
                }
                T::FStringStart => {
                    is_formatted = true;
                    self.interpolated(&mut parts)?;
                    Family::Text
                }
                _ => {
                    self.require_version(14)?;
                    self.interpolated(&mut parts)?;
                    Family::Template
                }
            };
            if *family.get_or_insert(own) != own {
                return Err(Failure);
            }
        }
        let span = self.span_from(start);
        match family {
            Some(Family::Template) => {
                Ok(TemplateStr { values: merge_constants(parts, self.arena) }.at(span, self.arena))
            }
            Some(Family::Text) if is_formatted => {
                Ok(JoinedStr { values: merge_constants(parts, self.arena) }.at(span, self.arena))
            }
            _ => concatenate(parts, span, self.arena),
        }
    }

    /// An f-string or t-string: its parts, as if the literals beside it were part of it.
    fn interpolated(&mut self, parts: &mut Vec<Expr<'t>>) -> Parse<()> {
        self.enter(2)?;
        let is_template = self.at(T::TStringStart);
        let prefix = self.source.slice(self.token().text());
        let literal = Literal { is_raw: prefix.contains(['r', 'R']), is_template, end: self.end_of_literal() };
        self.advance();
        loop {
            match self.kind() {
                T::FStringEnd | T::TStringEnd => break,
                _ => self.part(literal, literal.is_template, literal.end, parts)?,
            }
        }
        self.advance();
        self.leave(2);
        Ok(())
    }

    /// A piece of literal text, or a replacement field, which may bring the text of its expression along. Warnings of
    /// the text are placed at the token `reported`.
    fn part(
        &mut self,
        literal: Literal,
        makes_interpolation: bool,
        reported: usize,
        parts: &mut Vec<Expr<'t>>,
    ) -> Parse<()> {
        match self.kind() {
            T::FStringMiddle | T::TStringMiddle => {
                let part = self.literal_text(literal.is_raw, reported)?;
                if !is_empty_text(&part) {
                    parts.push(part);
                }
                Ok(())
            }
            T::LeftBrace => self.replacement_field(literal, makes_interpolation, parts),
            _ => Err(Failure),
        }
    }

    /// A STRING token.
    fn plain_string(&mut self) -> Parse<Expr<'t>> {
        let token = *self.token();
        let text = self.source.slice(token.text());
        if token.is_verbatim {
            self.advance();
            return Ok(
                Constant { value: Value::String(Wtf8::of(unquoted(text))), kind: None }.at(token.span, self.arena)
            );
        }
        let decoded = decode_string(text, token.span, self.options.character_names, self.arena).map_err(|_| Failure)?;
        self.warn_of_escape(decoded.warning);
        self.advance();
        let value = match decoded.value {
            LiteralValue::String(text) => Value::String(text),
            LiteralValue::Bytes(bytes) => Value::Bytes(bytes),
        };
        let kind = decoded.has_u_prefix.then(|| self.arena.put(Wtf8::of("u")));
        Ok(Constant { value, kind }.at(token.span, self.arena))
    }

    fn warn_of_escape(&mut self, warning: Option<SyntaxWarning>) {
        let version = self.options.feature_version;
        self.warnings.extend(warning.map(|it| it.of_version(version)));
    }

    /// Literal text of an f-string. Of a doubled brace the tokenizer leaves one in the text and passes over the other.
    fn literal_text(&mut self, is_raw: bool, reported: usize) -> Parse<Expr<'t>> {
        let token = *self.token();
        let reported = self.tokens.list.get(reported).ok_or(Failure)?;
        let reported = ReportedToken {
            start: reported.span.start,
            text: self.source.slice(reported.text()),
            is_f_string_part: true,
        };
        let text = self.source.slice(token.text());
        let names = self.options.character_names;
        let (text, warning) =
            decode_middle(text, is_raw, token.span, reported, names, self.arena).map_err(|_| Failure)?;
        self.warn_of_escape(warning);
        self.advance();
        Ok(Constant { value: Value::String(text), kind: None }.at(token.span, self.arena))
    }

    /// The token that ends the string which begins at the current one.
    fn end_of_literal(&self) -> usize {
        let mut depth = 0;
        for (distance, token) in self.tokens.list[self.position()..].iter().enumerate() {
            match token.kind {
                T::FStringStart | T::TStringStart => depth += 1,
                T::FStringEnd | T::TStringEnd => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return self.position() + distance;
            }
        }
        self.position()
    }

    fn replacement_field(
        &mut self,
        literal: Literal,
        makes_interpolation: bool,
        parts: &mut Vec<Expr<'t>>,
    ) -> Parse<()> {
        self.enter(BRACKET_DEPTH)?;
        let open = self.position();
        let start = self.start_of_token();
        self.advance();
        let value = self.annotated_rhs()?;
        let is_debug = self.eat(T::Equal);
        let text_end = self.position();
        let explicit = if self.eat(T::Exclamation) { Some(self.conversion()?) } else { None };
        let format_spec = if self.at(T::Colon) { Some(self.format_spec(literal)?) } else { None };
        let text_end_position = self.tokens.list[text_end].span.start;
        self.expect(T::RightBrace)?;
        let default = if is_debug && format_spec.is_none() { i32::from(b'r') } else { -1 };
        let conversion = explicit.unwrap_or(default);
        let span = self.span_from(start);
        if is_debug {
            let value = Value::String(self.expression_text(open, text_end));
            let text_start = Position { line: start.line, column: start.column + 1 };
            let span = Span { start: text_start, end: text_end_position };
            parts.push(Constant { value, kind: None }.at(span, self.arena));
        }
        parts.push(if makes_interpolation {
            let text = self.expression_text(open, text_end);
            let text = if is_debug { without_debug_suffix(text) } else { text };
            Interpolation { value, str: Value::String(text), conversion, format_spec }.at(span, self.arena)
        } else {
            FormattedValue { value, conversion, format_spec }.at(span, self.arena)
        });
        self.leave(BRACKET_DEPTH);
        Ok(())
    }

    /// The letter behind a `!`, which must follow it at once.
    fn conversion(&mut self) -> Parse<i32> {
        let token = *self.token();
        let bang_end = self.end_of_last();
        let letter = self.name()?;
        if token.span.start != bang_end {
            return Err(Failure);
        }
        match self.text(letter).as_bytes() {
            [letter @ (b's' | b'r' | b'a')] => Ok(i32::from(*letter)),
            _ => Err(Failure),
        }
    }

    /// What follows the colon: text and replacement fields, which are formatted even in a t-string.
    fn format_spec(&mut self, literal: Literal) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        self.advance();
        let mut parts = Vec::new();
        while matches!(self.kind(), T::FStringMiddle | T::TStringMiddle | T::LeftBrace) {
            self.part(literal, false, self.position(), &mut parts)?;
        }
        Ok(JoinedStr { values: merge_constants(parts, self.arena) }.at(self.span_from(start), self.arena))
    }

    /// The source between the brace at one token and another token, without its comments.
    fn expression_text(&self, open: usize, end: usize) -> Wtf8<'t> {
        let tokens = &self.tokens.list[open..=end];
        let mut text = String::new();
        for pair in tokens.windows(2) {
            let (before, after) = (pair[0].text(), pair[1].text());
            let gap = self.source.slice(before.end..after.start);
            for line in gap.split_inclusive('\n') {
                let comment = line.find('#').unwrap_or(line.len());
                text.push_str(&line[..comment]);
                if comment < line.len() && line.ends_with('\n') {
                    text.push('\n');
                }
            }
            text.push_str(self.source.slice(after));
        }
        let closer = tokens.last().map_or(0, |token| token.text().len());
        text.truncate(text.len().saturating_sub(closer));
        self.arena.text_of(&text)
    }
}

fn is_string_start(kind: T) -> bool {
    matches!(kind, T::String | T::FStringStart | T::TStringStart)
}

fn is_bytes(part: &Expr<'_>) -> bool {
    matches!(&part.kind, ExprKind::Constant(constant) if matches!(constant.value, Value::Bytes(_)))
}

fn is_empty_text(part: &Expr<'_>) -> bool {
    let ExprKind::Constant(constant) = &part.kind else { return false };
    matches!(&constant.value, Value::String(text) if text.is_empty())
}

/// `x = ` up to its equals sign.
fn without_debug_suffix(text: Wtf8<'_>) -> Wtf8<'_> {
    let end = text.as_str().and_then(|it| it.rfind('=').map(|at| &it[..at]));
    end.map_or(text, Wtf8::of)
}

/// Literals of one family that are all plain.
fn concatenate<'t>(parts: Vec<Expr<'t>>, span: Span, arena: &'t Arena) -> Parse<Expr<'t>> {
    let mut bytes = Vec::new();
    let mut kind = None;
    let mut are_bytes = false;
    for (index, part) in parts.into_iter().enumerate() {
        let ExprKind::Constant(constant) = part.kind else { return Err(Failure) };
        match &constant.value {
            Value::String(text) => bytes.extend_from_slice(text.as_bytes()),
            Value::Bytes(own) => {
                are_bytes = true;
                bytes.extend_from_slice(own);
            }
            _ => return Err(Failure),
        }
        if index == 0 {
            kind = constant.kind.take();
        }
    }
    let value = match are_bytes {
        true => Value::Bytes(arena.copies(&bytes)),
        false => Value::String(Wtf8::from_bytes(arena.copies(&bytes)).ok_or(Failure)?),
    };
    Ok(Constant { value, kind }.at(span, arena))
}

/// Joins neighbouring constants and leaves out the empty ones.
fn merge_constants<'t>(parts: Vec<Expr<'t>>, arena: &'t Arena) -> ArenaList<'t, Expr<'t>> {
    let mut merged: Vec<Expr<'t>> = Vec::with_capacity(parts.len());
    let mut run: Option<Run<'t>> = None;
    for part in parts {
        let span = part.span;
        match part.kind {
            ExprKind::Constant(constant) => match &mut run {
                Some(run) => run.append(constant, span),
                None => run = Some(Run::new(constant, span)),
            },
            kind => {
                merged.extend(run.take().and_then(|run| run.finish(arena)));
                merged.push(Expr { kind, span });
            }
        }
    }
    merged.extend(run.and_then(|run| run.finish(arena)));
    arena.list(merged)
}

/// Constants that follow each other; the first says whether they are marked with `u`.
struct Run<'t> {
    /// The first text.
    first: Wtf8<'t>,
    /// All texts, if there are more.
    bytes: Vec<u8>,
    kind: Option<&'t mut Wtf8<'t>>,
    span: Span,
}

impl<'t> Run<'t> {
    fn new(first: &mut Constant<'t>, span: Span) -> Self {
        Self { first: text_of(first), bytes: Vec::new(), kind: first.kind.take(), span }
    }

    fn append(&mut self, constant: &Constant<'t>, span: Span) {
        if self.bytes.is_empty() {
            self.bytes.extend_from_slice(self.first.as_bytes());
        }
        self.bytes.extend_from_slice(text_of(constant).as_bytes());
        self.span.end = span.end;
    }

    fn finish(self, arena: &'t Arena) -> Option<Expr<'t>> {
        let joined = || Wtf8::from_bytes(arena.copies(&self.bytes));
        let text = if self.bytes.is_empty() { Some(self.first) } else { joined() };
        let text = text.filter(|text| !text.is_empty())?;
        Some(Constant { value: Value::String(text), kind: self.kind }.at(self.span, arena))
    }
}

fn text_of<'t>(constant: &Constant<'t>) -> Wtf8<'t> {
    if let Value::String(text) = constant.value { text } else { Wtf8::of("") }
}
