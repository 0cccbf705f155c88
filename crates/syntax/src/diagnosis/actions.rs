//! The actions of the grammar that need more than its notation has.

use crate::error::{ErrorLine, SyntaxError, SyntaxWarning};
use bytecode::arena::Arena;

use crate::number_literal::number_constant;
use crate::string_literal::{LiteralValue, ReportedToken, decode_middle, decode_string};
use crate::token::{Position, Span, Token, TokenKind};

use super::grammar::{Function, Label};
use super::raise::{Error, Raised};
use super::reader::{Read, Reader};
use super::tree::Value;

/// What targets are for: what may be among them differs.
#[derive(Clone, Copy, PartialEq)]
enum Targets {
    Assignment,
    Loop,
    Deletion,
}

impl Reader<'_> {
    /// An action; `start` is the token where its rule began.
    pub(super) fn call(&mut self, function: Function, [first, second]: [Value; 2], start: usize) -> Read {
        match function {
            Function::Nothing => Ok(None),
            Function::Register => Ok(Some(self.register(first))),
            Function::InvalidStarTarget => self.invalid_targets(first, Targets::Assignment),
            Function::InvalidForTarget => self.invalid_targets(first, Targets::Loop),
            Function::InvalidDelTarget => self.invalid_targets(first, Targets::Deletion),
            Function::FutureImport => self.future_import(first, second),
            Function::RealNumber => self.part_of_complex(first, Label::Number, "real"),
            Function::ImaginaryNumber => self.part_of_complex(first, Label::ImaginaryNumber, "imaginary"),
            Function::BoundOfTypeVarTuple => self.bound(first, second, "TypeVarTuple"),
            Function::BoundOfParamSpec => self.bound(first, second, "ParamSpec"),
            Function::MissingComma => self.missing_comma(first, second),
            Function::LegacyStatement => self.legacy_statement(first, second),
            Function::NotEqual => self.not_equal(first),
            Function::ClassicNotEqual => self.classic_not_equal(first, second),
            Function::Number => self.number(first, start),
            Function::MissingColonInDict => self.missing_colon_in_dict(first),
            Function::GeneratorInCall => self.generator_in_call(first, second),
            Function::PositionalAfterKeyword => self.positional_after_keyword(first),
            Function::String => self.string(first, start),
            Function::Concatenation => self.concatenation(first, start),
            Function::Interpolated => self.interpolated(first, second, start),
            Function::Conversion => self.conversion(first, second),
            Function::FormatText => self.format_text(first),
        }
    }

    fn register(&mut self, statement: Value) -> Value {
        let start = self.span(statement).start;
        if self.tree.label(statement) != Label::Unplaced && self.finds_wrong() {
            self.register_place(start);
        }
        statement
    }

    fn invalid_targets(&mut self, value: Value, targets: Targets) -> Read {
        let Some(invalid) = self.invalid_target(value, targets) else { return Ok(None) };
        let verb = if targets == Targets::Deletion { "delete" } else { "assign to" };
        let message = format!("cannot {verb} {}", self.kind_name(invalid));
        Err(self.raise_range(self.span(invalid), &message))
    }

    /// The first part of an expression that cannot be a target.
    fn invalid_target(&self, value: Value, targets: Targets) -> Option<Value> {
        // A stack instead of recursion: displays may nest as deep as programs do.
        let mut pending = vec![value];
        while let Some(value) = pending.pop() {
            match self.tree.label(value) {
                Label::List | Label::Tuple => pending.extend(self.tree.all_children(value).into_iter().rev()),
                Label::Starred if targets != Targets::Deletion => pending.push(self.tree.child(value, 0)),
                // The `a in b` of `for a in b` has been read as a comparison.
                Label::Compare if targets == Targets::Loop => {
                    let first = self.tree.elements(self.tree.child(value, 1)).first().copied();
                    if first.is_some_and(|pair| self.tree.label(pair) == Label::In) {
                        pending.push(self.tree.child(value, 0));
                    }
                }
                Label::Name | Label::Subscript | Label::Attribute => {}
                _ => return Some(value),
            }
        }
        None
    }

    fn future_import(&mut self, module: Value, names: Value) -> Read {
        let is_future = self.value_text(module) == "__future__";
        let is_joke = |name: &Value| self.value_text(*name) == "barry_as_FLUFL";
        self.barry_as_flufl |= is_future && self.tree.elements(names).iter().any(is_joke);
        Ok(Some(Value::Absent))
    }

    fn part_of_complex(&mut self, number: Value, wanted: Label, name: &str) -> Read {
        if self.tree.label(number) == wanted {
            return Ok(Some(number));
        }
        Err(self.raise_range(self.span(number), &format!("{name} number required in complex literal")))
    }

    fn bound(&mut self, colon: Value, bound: Value, owner: &str) -> Read {
        let what = if self.tree.label(bound) == Label::Tuple { "constraints" } else { "bound" };
        let read = self.tokenizer.position();
        let end = Position { column: read.column.checked_sub(1).unwrap_or(Position::NO_COLUMN), ..read };
        let span = Span { start: self.span(colon).start, end };
        Err(self.raise_range(span, &format!("cannot use {what} with {owner}")))
    }

    fn is_legacy_name(&self, value: Value) -> bool {
        self.tree.label(value) == Label::Name && ["print", "exec"].contains(&self.value_text(value))
    }

    fn missing_comma(&mut self, first: Value, second: Value) -> Read {
        let is_in_brackets = self.mark.checked_sub(1).is_some_and(|last| self.tokens[last].level > 0);
        if self.is_legacy_name(first) || !is_in_brackets {
            return Ok(None);
        }
        let span = Span { start: self.span(first).start, end: self.span(second).end };
        Err(self.raise_range(span, "invalid syntax. Perhaps you forgot a comma?"))
    }

    fn legacy_statement(&mut self, name: Value, argument: Value) -> Read {
        if !self.is_legacy_name(name) {
            return Ok(None);
        }
        let text = self.value_text(name);
        let message = format!("Missing parentheses in call to '{text}'. Did you mean {text}(...)?");
        let span = Span { start: self.span(name).start, end: self.span(argument).end };
        Err(self.raise_range(span, &message))
    }

    fn not_equal(&mut self, operator: Value) -> Read {
        if self.barry_as_flufl {
            return Err(self.raise_here("with Barry as BDFL, use '<>' instead of '!='"));
        }
        Ok(Some(operator))
    }

    /// `<>`, which is one operator if PEP 401 is in force.
    fn classic_not_equal(&mut self, less: Value, greater: Value) -> Read {
        let is_operator = self.barry_as_flufl && self.span(less).end == self.span(greater).start;
        Ok(is_operator.then_some(less))
    }

    fn number(&mut self, token: Value, start: usize) -> Read {
        let text = self.value_text(token);
        if text.contains('_') && self.options.feature_version < 6 {
            let message = "Underscores in numeric literals are only supported in Python 3.6 and greater";
            return Err(self.raise_here(message));
        }
        let label = if text.ends_with(['j', 'J']) { Label::ImaginaryNumber } else { Label::Number };
        match number_constant(text, self.span(token), self.options.digit_limit, &Arena::new()) {
            Ok(_) => Ok(Some(self.new_node(label, Vec::new(), start))),
            Err(error) => Err(self.literal_error(error)),
        }
    }

    /// An error in a literal, found when its token is read.
    fn literal_error(&mut self, mut error: SyntaxError) -> Raised {
        let line = error.span.map_or(0, |span| span.start.line);
        error.line = ErrorLine::of_parser(line, self.tokenizer.position().line);
        self.set_error(Error { error, is_of_tokenizer: false })
    }

    fn missing_colon_in_dict(&mut self, key: Value) -> Read {
        let end = self.span(key).end;
        let start = Position { line: self.span(key).start.line, column: end.column.saturating_sub(1) };
        let end = Position { line: end.line, column: Position::NO_COLUMN };
        Err(self.raise_range(Span { start, end }, "':' expected after dictionary key"))
    }

    /// The positional arguments in what `args` has read: unpacked iterables between keywords are among them.
    fn positional_arguments(&self, arguments: Value) -> Vec<Value> {
        let is_positional =
            |value: &Value| !matches!(self.tree.label(*value), Label::Keyword | Label::KeywordUnpacking);
        self.tree.all_children(arguments).into_iter().filter(is_positional).collect()
    }

    fn generator_in_call(&mut self, arguments: Value, clauses: Value) -> Read {
        let positional = self.positional_arguments(arguments);
        let [_, .., last] = positional.as_slice() else { return Ok(None) };
        let end = self.span(self.last_expression_of_clauses(clauses)).end;
        let span = Span { start: self.span(*last).start, end };
        Err(self.raise_range(span, "Generator expression must be parenthesized"))
    }

    fn positional_after_keyword(&mut self, arguments: Value) -> Read {
        let is_unpacking = |value: &Value| self.tree.label(*value) == Label::KeywordUnpacking;
        let suffix = if self.tree.all_children(arguments).iter().any(is_unpacking) { " unpacking" } else { "" };
        Err(self.raise_here(&format!("positional argument follows keyword argument{suffix}")))
    }

    fn token_of(&self, value: Value) -> Option<Token> {
        if let Value::Token(index) = value { self.tokens.get(index as usize).cloned() } else { None }
    }

    fn string(&mut self, token: Value, start: usize) -> Read {
        let Some(token) = self.token_of(token) else { return Ok(None) };
        let label = match decode_string(self.text(&token), token.span, self.options.character_names, &Arena::new()) {
            Ok(decoded) => {
                self.warn(decoded.warning);
                if matches!(decoded.value, LiteralValue::Bytes(_)) { Label::Bytes } else { Label::Text }
            }
            Err(mut error) => {
                // A codec's complaint is raised at the last token that was looked at, not at the literal.
                if error.message.as_bytes().starts_with(b"(") {
                    error.span = self.tokens.last().map(|last| last.span);
                }
                return Err(self.literal_error(error));
            }
        };
        Ok(Some(self.new_node(label, Vec::new(), start)))
    }

    fn concatenation(&mut self, parts: Value, start: usize) -> Read {
        let labels: Vec<Label> = self.tree.elements(parts).iter().map(|part| self.tree.label(*part)).collect();
        let n_bytes = labels.iter().filter(|label| **label == Label::Bytes).count();
        if n_bytes != 0 && n_bytes != labels.len() {
            return Err(self.raise_here("cannot mix bytes and nonbytes literals"));
        }
        let label = if labels.contains(&Label::JoinedStr) { Label::JoinedStr } else { Label::Text };
        Ok(Some(self.new_node(label, Vec::new(), start)))
    }

    fn interpolated(&mut self, opening: Value, parts: Value, start: usize) -> Read {
        let Some(opening) = self.token_of(opening) else { return Ok(None) };
        let is_raw = self.text(&opening).contains(['r', 'R']);
        for part in self.tree.elements(parts) {
            if let Some(token) = self.token_of(part) {
                self.check_text(&token, is_raw)?;
            }
        }
        let label = if opening.kind == TokenKind::FStringStart { Label::JoinedStr } else { Label::TemplateStr };
        Ok(Some(self.new_node(label, Vec::new(), start)))
    }

    /// The text of a format specification, which is decoded as soon as it is read.
    fn format_text(&mut self, value: Value) -> Read {
        if let Some(token) = self.token_of(value) {
            let is_raw = self.enclosing_string().is_some_and(|string| self.text(&string).contains(['r', 'R']));
            self.check_text(&token, is_raw)?;
        }
        Ok(Some(value))
    }

    fn check_text(&mut self, token: &Token, is_raw: bool) -> Result<(), Raised> {
        let reported = ReportedToken { start: token.span.start, text: "", is_f_string_part: true };
        match decode_middle(self.text(token), is_raw, token.span, reported, self.options.character_names, &Arena::new())
        {
            Ok((_, warning)) => {
                self.warn(warning);
                Ok(())
            }
            Err(error) => Err(self.literal_error(error)),
        }
    }

    /// Remembers a warning. The second reading would find it again.
    fn warn(&mut self, warning: Option<SyntaxWarning>) {
        if !self.finds_wrong() {
            let version = self.options.feature_version;
            self.warnings.extend(warning.map(|it| it.of_version(version)));
        }
    }

    /// The start of the innermost f-string or t-string that is not closed before the mark.
    fn enclosing_string(&self) -> Option<Token> {
        let mut depth = 0;
        for token in self.tokens[..self.mark].iter().rev() {
            match token.kind {
                TokenKind::FStringEnd | TokenKind::TStringEnd => depth += 1,
                TokenKind::FStringStart | TokenKind::TStringStart if depth == 0 => return Some(token.clone()),
                TokenKind::FStringStart | TokenKind::TStringStart => depth -= 1,
                _ => {}
            }
        }
        None
    }

    fn conversion(&mut self, bang: Value, letter: Value) -> Read {
        let string = self.enclosing_string();
        let prefix = if string.is_some_and(|token| token.kind == TokenKind::TStringStart) { 't' } else { 'f' };
        let (bang_span, letter_span) = (self.span(bang), self.span(letter));
        if bang_span.end != letter_span.start {
            let span = Span { start: bang_span.start, end: letter_span.end };
            let message = format!("{prefix}-string: conversion type must come right after the exclamation mark");
            return Err(self.raise_range(span, &message));
        }
        let text = self.value_text(letter);
        if !matches!(text, "s" | "r" | "a") {
            let message = format!("{prefix}-string: invalid conversion character '{text}': expected 's', 'r', or 'a'");
            return Err(self.raise_range(letter_span, &message));
        }
        Ok(Some(letter))
    }
}
