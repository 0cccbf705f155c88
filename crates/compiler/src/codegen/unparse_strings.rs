//! f-strings and t-strings as text.

use bytecode::constant::Constant;
use syntax::ast::{Expr, ExprKind, FormattedValue, Interpolation};
use text::wtf8::Wtf8;

use super::Result;
use super::unparse::{Level, Writer, string_repr, to_text};

/// Whether a string is written as a literal or is already part of one.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Braces {
    Literal,
    FormatSpecification,
}

impl Writer<'_> {
    /// An f-string or t-string, by its prefix and parts.
    pub fn formatted(&mut self, prefix: &str, values: &[Expr<'_>], braces: Braces) -> Result<()> {
        let mut body = Writer { bytes: Vec::new(), interner: self.interner, guard: self.guard };
        for value in values {
            body.part(value, braces)?;
        }
        if braces == Braces::FormatSpecification {
            self.bytes.extend_from_slice(&body.bytes);
            return Ok(());
        }
        self.push(prefix);
        self.bytes.extend_from_slice(string_repr(to_text(&body.bytes).view()).as_bytes());
        Ok(())
    }

    fn part(&mut self, part: &Expr<'_>, braces: Braces) -> Result<()> {
        self.guard.check()?;
        match &part.kind {
            ExprKind::Constant(constant) => {
                if let Constant::String(text) = &constant.value {
                    self.doubling_braces(*text);
                }
                Ok(())
            }
            ExprKind::JoinedStr(node) => self.formatted("f", &node.values, braces),
            ExprKind::TemplateStr(node) => self.formatted("t", &node.values, braces),
            ExprKind::FormattedValue(node) => self.formatted_value(node),
            ExprKind::Interpolation(node) => self.interpolation(node),
            _ => self.expression(part, Level::Test),
        }
    }

    fn doubling_braces(&mut self, text: Wtf8<'_>) {
        for byte in text.as_bytes() {
            self.bytes.push(*byte);
            if matches!(byte, b'{' | b'}') {
                self.bytes.push(*byte);
            }
        }
    }

    pub fn formatted_value(&mut self, node: &FormattedValue<'_>) -> Result<()> {
        let mut value = Writer { bytes: Vec::new(), interner: self.interner, guard: self.guard };
        value.expression(&node.value, Level::Or)?;
        self.replacement(&value.bytes, node.conversion, node.format_spec.as_ref())
    }

    pub fn interpolation(&mut self, node: &Interpolation<'_>) -> Result<()> {
        let source = match &node.str {
            Constant::String(text) => text.as_bytes(),
            _ => &[],
        };
        self.replacement(source, node.conversion, node.format_spec.as_ref())
    }

    /// `{value!conversion:specification}`.
    fn replacement(&mut self, value: &[u8], conversion: i32, specification: Option<&Expr<'_>>) -> Result<()> {
        // Two braces would be a literal one.
        self.push(if value.starts_with(b"{") { "{ " } else { "{" });
        self.bytes.extend_from_slice(value);
        if let Ok(character @ (b's' | b'r' | b'a')) = u8::try_from(conversion) {
            self.bytes.extend_from_slice(&[b'!', character]);
        }
        if let Some(specification) = specification {
            self.push(":");
            self.part(specification, Braces::FormatSpecification)?;
        }
        self.push("}");
        Ok(())
    }
}
