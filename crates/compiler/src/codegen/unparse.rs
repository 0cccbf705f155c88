//! Expressions as text, for annotations under `from __future__ import annotations`.
//!
//! The text is what CPython's Python/ast_unparse.c writes, which differs from the source in spaces, quotes and parentheses,
//! and from `ast.unparse` in a few places; programs see it in `__annotations__`.

use bytecode::constant::Constant;
use syntax::ast::{
    Arg, Arguments, BooleanOperator, Call, Compare, ComparisonOperator, Comprehension, Expr, ExprKind, Operator,
    UnaryOperator,
};
use syntax::interner::{Interner, Symbol};
use text::builder::StrData;
use text::wtf8::{Wtf8, Wtf8Buf};

use super::Result;
use super::unparse_strings::Braces;
use crate::recursion::StackGuard;
use crate::views::left_spine;

/// How tightly the place of an expression binds: what binds less tightly gets parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Tuple,
    Test,
    Or,
    And,
    Not,
    Comparison,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Arithmetic,
    Term,
    Factor,
    Power,
    Await,
    Atom,
}

impl Level {
    /// The next tighter level.
    fn tighter(self) -> Self {
        match self {
            Self::Tuple => Self::Test,
            Self::Test => Self::Or,
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Comparison,
            Self::Comparison => Self::BitOr,
            Self::BitOr => Self::BitXor,
            Self::BitXor => Self::BitAnd,
            Self::BitAnd => Self::Shift,
            Self::Shift => Self::Arithmetic,
            Self::Arithmetic => Self::Term,
            Self::Term => Self::Factor,
            Self::Factor => Self::Power,
            Self::Power => Self::Await,
            Self::Await | Self::Atom => Self::Atom,
        }
    }
}

/// The text of an expression.
pub(super) fn unparse(expression: &Expr<'_>, interner: &Interner<'_>, guard: &StackGuard) -> Result<Wtf8Buf> {
    let mut writer = Writer { bytes: Vec::new(), interner, guard };
    writer.expression(expression, Level::Test)?;
    Ok(to_text(&writer.bytes))
}

/// The `repr` of a constant.
pub(super) fn constant_repr(constant: &Constant<'_>) -> String {
    let mut bytes = Vec::new();
    push_constant(&mut bytes, constant);
    to_text(&bytes).to_string_lossy()
}

/// Bytes that pieces of text were put together to.
pub(super) fn to_text(bytes: &[u8]) -> Wtf8Buf {
    Wtf8Buf::from_bytes(bytes).unwrap_or_else(|| Wtf8Buf::from(String::from_utf8_lossy(bytes).into_owned()))
}

/// `repr` of a string.
pub(super) fn string_repr(text: Wtf8<'_>) -> Wtf8Buf {
    text::strings::repr::repr_small(StrData::from_wtf8(text).view()).to_wtf8()
}

fn push_constant(bytes: &mut Vec<u8>, constant: &Constant<'_>) {
    // An infinity has no literal: a number that overflows to it stands for it.
    let finite = |text: String| text.replace("inf", "1e309");
    match constant {
        Constant::None => bytes.extend_from_slice(b"None"),
        Constant::Ellipsis => bytes.extend_from_slice(b"..."),
        Constant::Bool(true) => bytes.extend_from_slice(b"True"),
        Constant::Bool(false) => bytes.extend_from_slice(b"False"),
        Constant::Integer(integer) => {
            if integer.is_negative() {
                bytes.push(b'-');
            }
            bytes.extend_from_slice(numeric::radix::to_text(integer.digits(), 10).as_bytes());
        }
        Constant::Float(float) => bytes.extend_from_slice(finite(numeric::float::repr(*float)).as_bytes()),
        Constant::Complex { real, imaginary } => {
            bytes.extend_from_slice(finite(numeric::float::complex_repr(*real, *imaginary)).as_bytes());
        }
        Constant::String(text) => bytes.extend_from_slice(string_repr(*text).as_bytes()),
        Constant::Bytes(value) => bytes.extend_from_slice(&text::bytes::repr::repr_small(value)),
        Constant::Tuple(elements) => {
            bytes.push(b'(');
            push_constants(bytes, elements);
            if elements.len() == 1 {
                bytes.push(b',');
            }
            bytes.push(b')');
        }
        Constant::FrozenSet(elements) => {
            bytes.extend_from_slice(b"frozenset({");
            push_constants(bytes, elements);
            bytes.extend_from_slice(b"})");
        }
        Constant::Slice(parts) => {
            bytes.extend_from_slice(b"slice(");
            push_constants(bytes, &parts[..]);
            bytes.push(b')');
        }
        // No tree holds code.
        Constant::Code(code) => bytes.extend_from_slice(code.name.as_bytes()),
    }
}

fn push_constants(bytes: &mut Vec<u8>, constants: &[Constant<'_>]) {
    for (index, constant) in constants.iter().enumerate() {
        if index > 0 {
            bytes.extend_from_slice(b", ");
        }
        push_constant(bytes, constant);
    }
}

pub(super) struct Writer<'g> {
    pub bytes: Vec<u8>,
    pub interner: &'g Interner<'g>,
    pub guard: &'g StackGuard,
}

impl Writer<'_> {
    pub fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn name(&mut self, name: Symbol) {
        self.bytes.extend_from_slice(self.interner.text(name).as_bytes());
    }

    /// What `write` writes, in parentheses if `needed`.
    fn parenthesized(&mut self, needed: bool, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        if needed {
            self.push("(");
        }
        write(self)?;
        if needed {
            self.push(")");
        }
        Ok(())
    }

    fn separated(&mut self, expressions: &[Expr<'_>], separator: &str, level: Level) -> Result<()> {
        for (index, expression) in expressions.iter().enumerate() {
            if index > 0 {
                self.push(separator);
            }
            self.expression(expression, level)?;
        }
        Ok(())
    }

    pub fn expression(&mut self, expression: &Expr<'_>, level: Level) -> Result<()> {
        self.guard.check()?;
        match &expression.kind {
            ExprKind::Name(node) => self.name(node.id),
            ExprKind::Constant(node) => {
                if let Some(kind) = &node.kind {
                    self.bytes.extend_from_slice(kind.as_bytes());
                }
                push_constant(&mut self.bytes, &node.value);
            }
            ExprKind::Attribute(node) => {
                self.expression(&node.value, Level::Atom)?;
                // After an integer a point alone would make a float of it.
                let is_integer = matches!(&node.value.kind,
                    ExprKind::Constant(constant) if matches!(constant.value, Constant::Integer(_) | Constant::Bool(_)));
                self.push(if is_integer { " ." } else { "." });
                self.name(node.attr);
            }
            ExprKind::Subscript(node) => {
                self.expression(&node.value, Level::Atom)?;
                self.push("[");
                self.expression(&node.slice, Level::Tuple)?;
                self.push("]");
            }
            ExprKind::Starred(node) => {
                self.push("*");
                self.expression(&node.value, Level::BitOr)?;
            }
            ExprKind::Call(node) => self.call(node)?,
            ExprKind::List(node) => {
                self.push("[");
                self.separated(&node.elts, ", ", Level::Test)?;
                self.push("]");
            }
            ExprKind::Tuple(node) => self.tuple(&node.elts, level)?,
            ExprKind::Set(node) => {
                self.push("{");
                self.separated(&node.elts, ", ", Level::Test)?;
                self.push("}");
            }
            ExprKind::JoinedStr(node) => self.formatted("f", &node.values, Braces::Literal)?,
            ExprKind::TemplateStr(node) => self.formatted("t", &node.values, Braces::Literal)?,
            ExprKind::FormattedValue(node) => self.formatted_value(node)?,
            ExprKind::Interpolation(node) => self.interpolation(node)?,
            _ => return self.operation(expression, level),
        }
        Ok(())
    }

    /// The expressions that may need parentheses, and comprehensions.
    fn operation(&mut self, expression: &Expr<'_>, level: Level) -> Result<()> {
        match &expression.kind {
            ExprKind::BoolOp(node) => {
                let (own, separator) = match node.op {
                    BooleanOperator::And => (Level::And, " and "),
                    BooleanOperator::Or => (Level::Or, " or "),
                };
                self.parenthesized(level > own, |writer| writer.separated(&node.values, separator, own.tighter()))
            }
            ExprKind::BinOp(_) => self.binary(expression, level),
            ExprKind::UnaryOp(node) => {
                let (own, text) = match node.op {
                    UnaryOperator::Invert => (Level::Factor, "~"),
                    UnaryOperator::Not => (Level::Not, "not "),
                    UnaryOperator::UAdd => (Level::Factor, "+"),
                    UnaryOperator::USub => (Level::Factor, "-"),
                };
                self.parenthesized(level > own, |writer| {
                    writer.push(text);
                    writer.expression(&node.operand, own)
                })
            }
            ExprKind::Lambda(node) => self.parenthesized(level > Level::Test, |writer| {
                let has_positional = !node.args.args.is_empty() || !node.args.posonlyargs.is_empty();
                writer.push(if has_positional { "lambda " } else { "lambda" });
                writer.arguments(&node.args)?;
                writer.push(": ");
                writer.expression(&node.body, Level::Test)
            }),
            ExprKind::IfExp(node) => self.parenthesized(level > Level::Test, |writer| {
                writer.expression(&node.body, Level::Or)?;
                writer.push(" if ");
                writer.expression(&node.test, Level::Or)?;
                writer.push(" else ");
                writer.expression(&node.orelse, Level::Test)
            }),
            ExprKind::Compare(node) => self.parenthesized(level > Level::Comparison, |writer| writer.comparison(node)),
            ExprKind::NamedExpr(node) => self.parenthesized(level > Level::Tuple, |writer| {
                writer.expression(&node.target, Level::Atom)?;
                writer.push(" := ");
                writer.expression(&node.value, Level::Atom)
            }),
            ExprKind::Await(node) => self.parenthesized(level > Level::Await, |writer| {
                writer.push("await ");
                writer.expression(&node.value, Level::Atom)
            }),
            ExprKind::Yield(node) => self.parenthesized(true, |writer| {
                writer.push("yield");
                let Some(value) = &node.value else { return Ok(()) };
                writer.push(" ");
                writer.expression(value, Level::Test)
            }),
            ExprKind::YieldFrom(node) => self.parenthesized(true, |writer| {
                writer.push("yield from ");
                writer.expression(&node.value, Level::Test)
            }),
            _ => self.bracketed(expression),
        }
    }

    /// Dicts, comprehensions and slices.
    fn bracketed(&mut self, expression: &Expr<'_>) -> Result<()> {
        let (brackets, generators) = match &expression.kind {
            ExprKind::Dict(node) => return self.dict(&node.keys, &node.values),
            ExprKind::Slice(node) => {
                let parts = [(&node.lower, ""), (&node.upper, ":"), (&node.step, ":")];
                for (part, separator) in parts.into_iter().take(2 + usize::from(node.step.is_some())) {
                    self.push(separator);
                    if let Some(part) = part {
                        self.expression(part, Level::Test)?;
                    }
                }
                return Ok(());
            }
            ExprKind::ListComp(node) => (("[", "]"), &node.generators),
            ExprKind::SetComp(node) => (("{", "}"), &node.generators),
            ExprKind::GeneratorExp(node) => (("(", ")"), &node.generators),
            ExprKind::DictComp(node) => (("{", "}"), &node.generators),
            _ => return Ok(()),
        };
        self.push(brackets.0);
        match &expression.kind {
            ExprKind::ListComp(node) | ExprKind::SetComp(node) | ExprKind::GeneratorExp(node) => {
                self.expression(&node.elt, Level::Test)?;
            }
            ExprKind::DictComp(node) => {
                self.expression(&node.key, Level::Test)?;
                self.push(": ");
                self.expression(&node.value, Level::Test)?;
            }
            _ => {}
        }
        self.clauses(generators)?;
        self.push(brackets.1);
        Ok(())
    }

    fn clauses(&mut self, generators: &[Comprehension<'_>]) -> Result<()> {
        for clause in generators {
            self.push(if clause.is_async != 0 { " async for " } else { " for " });
            self.expression(&clause.target, Level::Tuple)?;
            self.push(" in ");
            self.expression(&clause.iter, Level::Or)?;
            for condition in &clause.ifs {
                self.push(" if ");
                self.expression(condition, Level::Or)?;
            }
        }
        Ok(())
    }

    /// A chain of binary operations, which may be longer than the stack bears.
    fn binary(&mut self, expression: &Expr<'_>, level: Level) -> Result<()> {
        let spine = left_spine(expression);
        let mut needed = level;
        let mut parentheses = Vec::with_capacity(spine.len());
        for (node, _) in &spine {
            let (own, _) = operator(node.op);
            parentheses.push(needed > own);
            if needed > own {
                self.push("(");
            }
            needed = if node.op == Operator::Pow { own.tighter() } else { own };
        }
        if let Some((innermost, _)) = spine.last() {
            self.expression(&innermost.left, needed)?;
        }
        for ((node, _), parenthesis) in spine.iter().zip(parentheses).rev() {
            let (own, text) = operator(node.op);
            self.push(text);
            self.expression(&node.right, if node.op == Operator::Pow { own } else { own.tighter() })?;
            if parenthesis {
                self.push(")");
            }
        }
        Ok(())
    }

    fn tuple(&mut self, elements: &[Expr<'_>], level: Level) -> Result<()> {
        if elements.is_empty() {
            self.push("()");
            return Ok(());
        }
        self.parenthesized(level > Level::Tuple, |writer| {
            writer.separated(elements, ", ", Level::Test)?;
            if elements.len() == 1 {
                writer.push(",");
            }
            Ok(())
        })
    }

    fn dict(&mut self, keys: &[Option<Expr<'_>>], values: &[Expr<'_>]) -> Result<()> {
        self.push("{");
        for (index, (key, value)) in keys.iter().zip(values).enumerate() {
            if index > 0 {
                self.push(", ");
            }
            match key {
                Some(key) => {
                    self.expression(key, Level::Test)?;
                    self.push(": ");
                    self.expression(value, Level::Test)?;
                }
                None => {
                    self.push("**");
                    self.expression(value, Level::BitOr)?;
                }
            }
        }
        self.push("}");
        Ok(())
    }

    fn comparison(&mut self, node: &Compare<'_>) -> Result<()> {
        self.expression(&node.left, Level::BitOr)?;
        for (operator, comparator) in node.ops.iter().zip(&node.comparators) {
            self.push(match operator {
                ComparisonOperator::Eq => " == ",
                ComparisonOperator::NotEq => " != ",
                ComparisonOperator::Lt => " < ",
                ComparisonOperator::LtE => " <= ",
                ComparisonOperator::Gt => " > ",
                ComparisonOperator::GtE => " >= ",
                ComparisonOperator::Is => " is ",
                ComparisonOperator::IsNot => " is not ",
                ComparisonOperator::In => " in ",
                ComparisonOperator::NotIn => " not in ",
            });
            self.expression(comparator, Level::BitOr)?;
        }
        Ok(())
    }

    fn call(&mut self, node: &Call<'_>) -> Result<()> {
        self.expression(&node.func, Level::Atom)?;
        if let ([only @ Expr { kind: ExprKind::GeneratorExp(_), .. }], []) = (&node.args[..], &node.keywords[..]) {
            return self.expression(only, Level::Test);
        }
        self.push("(");
        self.separated(&node.args, ", ", Level::Test)?;
        for (index, keyword) in node.keywords.iter().enumerate() {
            if index > 0 || !node.args.is_empty() {
                self.push(", ");
            }
            match keyword.arg {
                Some(name) => {
                    self.name(name);
                    self.push("=");
                }
                None => self.push("**"),
            }
            self.expression(&keyword.value, Level::Test)?;
        }
        self.push(")");
        Ok(())
    }

    fn arguments(&mut self, arguments: &Arguments<'_>) -> Result<()> {
        let positional_only = arguments.posonlyargs.len();
        let positional = positional_only + arguments.args.len();
        let required = positional.saturating_sub(arguments.defaults.len());
        let mut first = true;
        for (index, argument) in arguments.posonlyargs.iter().chain(&arguments.args).enumerate() {
            self.next_argument(&mut first);
            let default = index.checked_sub(required).and_then(|index| arguments.defaults.get(index));
            self.argument(argument, default)?;
            if index + 1 == positional_only {
                self.push(", /");
            }
        }
        if arguments.vararg.is_some() || !arguments.kwonlyargs.is_empty() {
            self.next_argument(&mut first);
            self.push("*");
            if let Some(argument) = &arguments.vararg {
                self.argument(argument, None)?;
            }
        }
        for (argument, default) in arguments.kwonlyargs.iter().zip(&arguments.kw_defaults) {
            self.next_argument(&mut first);
            self.argument(argument, default.as_ref())?;
        }
        if let Some(argument) = &arguments.kwarg {
            self.next_argument(&mut first);
            self.push("**");
            self.argument(argument, None)?;
        }
        Ok(())
    }

    fn next_argument(&mut self, first: &mut bool) {
        if !std::mem::take(first) {
            self.push(", ");
        }
    }

    fn argument(&mut self, argument: &Arg<'_>, default: Option<&Expr<'_>>) -> Result<()> {
        self.name(argument.arg);
        if let Some(annotation) = &argument.annotation {
            self.push(": ");
            self.expression(annotation, Level::Test)?;
        }
        if let Some(default) = default {
            self.push("=");
            self.expression(default, Level::Test)?;
        }
        Ok(())
    }
}

fn operator(operator: Operator) -> (Level, &'static str) {
    match operator {
        Operator::Add => (Level::Arithmetic, " + "),
        Operator::Sub => (Level::Arithmetic, " - "),
        Operator::Mult => (Level::Term, " * "),
        Operator::MatMult => (Level::Term, " @ "),
        Operator::Div => (Level::Term, " / "),
        Operator::Mod => (Level::Term, " % "),
        Operator::LShift => (Level::Shift, " << "),
        Operator::RShift => (Level::Shift, " >> "),
        Operator::BitOr => (Level::BitOr, " | "),
        Operator::BitXor => (Level::BitXor, " ^ "),
        Operator::BitAnd => (Level::BitAnd, " & "),
        Operator::FloorDiv => (Level::Term, " // "),
        Operator::Pow => (Level::Power, " ** "),
    }
}
