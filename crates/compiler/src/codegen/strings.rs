//! f-strings and t-strings.

use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::Conversion;
use bytecode::location::Location;
use syntax::ast::{ExprKind, FormattedValue, Interpolation, JoinedStr, TemplateStr};
use syntax::error::{ErrorLine, SyntaxError, SyntaxErrorKind};

use super::{CodeGenerator, Result, STACK_USE_GUIDELINE};

/// The conversion that a tree's number stands for; None if there is none.
fn conversion(number: i32) -> Result<Option<Conversion>> {
    match u8::try_from(number) {
        Err(_) if number == -1 => Ok(None),
        Ok(b's') => Ok(Some(Conversion::Str)),
        Ok(b'r') => Ok(Some(Conversion::Repr)),
        Ok(b'a') => Ok(Some(Conversion::Ascii)),
        _ => {
            let message = format!("Unrecognized conversion character {number}").into();
            let kind = SyntaxErrorKind::SystemError;
            Err(Box::new(SyntaxError { kind, message, span: None, line: ErrorLine::Reached }))
        }
    }
}

impl<'a> CodeGenerator<'a, '_> {
    pub(super) fn joined_string(&mut self, node: &'a JoinedStr<'a>, location: Location) -> Result<()> {
        let count = node.values.len();
        if count > STACK_USE_GUIDELINE {
            let (empty, join) = (self.names.empty, self.names.join);
            self.name_string(empty, location);
            self.load_method(join, location);
            self.op_arg(Op::BuildList, 0, location);
            for value in &node.values {
                self.expression(value)?;
                self.op_arg(Op::ListAppend, 1, location);
            }
            self.op_arg(Op::Call, 1, location);
            return Ok(());
        }
        self.expressions(&node.values)?;
        match count {
            0 => self.constant(Constant::String("".into()), location),
            1 => {}
            _ => self.op_count(Op::BuildString, count, location),
        }
        Ok(())
    }

    pub(super) fn formatted_value(&mut self, node: &'a FormattedValue<'a>, location: Location) -> Result<()> {
        self.expression(&node.value)?;
        if let Some(conversion) = conversion(node.conversion)? {
            self.op_arg(Op::ConvertValue, conversion as u32, location);
        }
        match &node.format_spec {
            Some(specification) => {
                self.expression(specification)?;
                self.op(Op::FormatWithSpec, location);
            }
            None => self.op(Op::FormatSimple, location),
        }
        Ok(())
    }

    /// A template: the tuple of its strings, one more than interpolations, and the tuple of these.
    pub(super) fn template_string(&mut self, node: &'a TemplateStr<'a>, location: Location) -> Result<()> {
        let mut strings = 0;
        let mut wants_string = true;
        for value in &node.values {
            if let ExprKind::Interpolation(_) = value.kind {
                if wants_string {
                    self.constant(Constant::String("".into()), location);
                    strings += 1;
                }
                wants_string = true;
            } else {
                self.expression(value)?;
                strings += 1;
                wants_string = false;
            }
        }
        if wants_string {
            self.constant(Constant::String("".into()), location);
            strings += 1;
        }
        self.op_count(Op::BuildTuple, strings, location);
        let mut interpolations = 0;
        for value in &node.values {
            if let ExprKind::Interpolation(_) = value.kind {
                self.expression(value)?;
                interpolations += 1;
            }
        }
        self.op_count(Op::BuildTuple, interpolations, location);
        self.op(Op::BuildTemplate, location);
        Ok(())
    }

    pub(super) fn interpolation(&mut self, node: &'a Interpolation<'a>, location: Location) -> Result<()> {
        self.expression(&node.value)?;
        self.constant(node.str, location);
        let mut argument = 2;
        if let Some(specification) = &node.format_spec {
            argument += 1;
            self.expression(specification)?;
        }
        if let Some(conversion) = conversion(node.conversion)? {
            argument |= (conversion as u32) << 2;
        }
        self.op_arg(Op::BuildInterpolation, argument, location);
        Ok(())
    }
}
