//! `'…%s…' % (a, …)` as an f-string, where that means the same.

use bytecode::arena::{Arena, ArenaList};
use bytecode::constant::Constant as Value;
use syntax::ast::{Constant, Expr, ExprKind, FormattedValue, JoinedStr};
use syntax::interner::Symbol;
use syntax::token::{Position, Span};
use text::wtf8::{Wtf8, Wtf8Buf, push_code_point};

use super::placeholder;

/// Widths and precisions of more digits are left to run time.
const MAX_DIGITS: usize = 2;

/// A format string taken apart.
pub(super) struct Template(Vec<Piece>);

enum Piece {
    Literal(Wtf8Buf),
    /// The conversion (`s`, `r` or `a`) and the format specification of the next value.
    Value(u8, Option<String>),
}

impl Template {
    /// The template of `left % right`; None if this isn't a string and a tuple that fit each other, or if the string has
    /// more than plain `%s`, `%r` and `%a`.
    pub fn of(left: &Expr<'_>, right: &Expr<'_>) -> Option<Self> {
        let ExprKind::Constant(constant) = &left.kind else { return None };
        let Value::String(format) = &constant.value else { return None };
        let ExprKind::Tuple(tuple) = &right.kind else { return None };
        if tuple.elts.iter().any(|element| matches!(element.kind, ExprKind::Starred(_))) {
            return None;
        }
        let mut pieces = Vec::new();
        let mut values = 0;
        let points: Vec<u32> = format.code_points().collect();
        let mut rest = points.as_slice();
        loop {
            if let Some(literal) = take_literal(&mut rest) {
                pieces.push(Piece::Literal(literal));
            }
            if rest.is_empty() {
                return (values == tuple.elts.len()).then_some(Self(pieces));
            }
            if values >= tuple.elts.len() {
                return None;
            }
            pieces.push(take_value(&mut rest)?);
            values += 1;
        }
    }
}

/// The text up to the next `%` that isn't doubled.
fn take_literal(rest: &mut &[u32]) -> Option<Wtf8Buf> {
    let percent = u32::from(b'%');
    let mut bytes = Vec::new();
    loop {
        let (point, length) = match rest {
            [first, second, ..] if *first == percent && *second == percent => (percent, 2),
            [first, ..] if *first != percent => (*first, 1),
            _ => break,
        };
        push_code_point(&mut bytes, point)?;
        *rest = &rest[length..];
    }
    if bytes.is_empty() { None } else { Wtf8Buf::from_bytes(&bytes) }
}

/// Reads the code points of a format one by one.
struct Cursor<'a> {
    points: &'a [u32],
    at: usize,
}

impl Cursor<'_> {
    /// The next character; 0 for one that isn't ASCII, which is no part of a format that we know.
    fn next(&mut self) -> Option<u8> {
        let point = *self.points.get(self.at)?;
        self.at += 1;
        Some(u8::try_from(point).unwrap_or(0))
    }

    /// The number that begins with `byte`, if one does; then `byte` is what follows it. None if it is too long.
    fn number(&mut self, byte: &mut u8) -> Option<Option<u32>> {
        let mut digits = 0;
        let mut value = None;
        while byte.is_ascii_digit() {
            value = Some(value.unwrap_or(0) * 10 + u32::from(*byte - b'0'));
            *byte = self.next()?;
            digits += 1;
            if digits > MAX_DIGITS {
                return None;
            }
        }
        Some(value)
    }
}

/// A `%` with its flags, width, precision and conversion.
fn take_value(rest: &mut &[u32]) -> Option<Piece> {
    let mut cursor = Cursor { points: rest, at: 1 };
    let mut left_adjusted = false;
    let mut byte = cursor.next()?;
    while b"-+ #0".contains(&byte) {
        left_adjusted |= byte == b'-';
        byte = cursor.next()?;
    }
    let width = cursor.number(&mut byte)?;
    let mut precision = None;
    if byte == b'.' {
        byte = cursor.next()?;
        precision = Some(cursor.number(&mut byte)?.unwrap_or(0));
    }
    if !b"sra".contains(&byte) {
        return None;
    }
    *rest = &rest[cursor.at..];
    Some(Piece::Value(byte, specification(left_adjusted, width, precision)))
}

fn specification(left_adjusted: bool, width: Option<u32>, precision: Option<u32>) -> Option<String> {
    let mut text = String::new();
    if let Some(width) = width {
        if !left_adjusted && width > 0 {
            text.push('>');
        }
        text.push_str(&width.to_string());
    }
    if let Some(precision) = precision {
        text.push_str(&format!(".{precision}"));
    }
    if text.is_empty() { None } else { Some(text) }
}

/// The f-string that `template % values` is.
/// `spare` is any name.
pub(super) fn f_string<'t>(
    template: Template,
    mut values: ArenaList<'t, Expr<'t>>,
    span: Span,
    spare: Symbol,
    arena: &'t Arena,
) -> Expr<'t> {
    let mut values = values.iter_mut().map(|value| std::mem::replace(value, placeholder(spare)));
    let mut parts = Vec::with_capacity(template.0.len());
    for piece in template.0 {
        match piece {
            Piece::Literal(text) => parts.push(nowhere(text.view(), arena)),
            Piece::Value(conversion, specification) => {
                let Some(value) = values.next() else { break };
                let span = value.span;
                let format_spec = specification.map(|text| nowhere(Wtf8::of(&text), arena));
                parts.push(FormattedValue { value, conversion: i32::from(conversion), format_spec }.at(span, arena));
            }
        }
    }
    JoinedStr { values: arena.list(parts) }.at(span, arena)
}

/// A string that has no place in the source: its positions are -1.
fn nowhere<'t>(text: Wtf8<'_>, arena: &'t Arena) -> Expr<'t> {
    let position = Position { line: u32::MAX, column: u32::MAX };
    let value = Value::String(arena.text(text));
    Constant { value, kind: None }.at(Span { start: position, end: position }, arena)
}
