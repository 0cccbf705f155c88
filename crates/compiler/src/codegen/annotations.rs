//! Annotations: the functions that evaluate them when they are asked for (PEP 649), or their text (PEP 563).

use bytecode::code_unit::CodeUnit;
use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::{CommonConstant, ComparisonOperator};
use bytecode::location::Location;
use syntax::ast::{Arg, Expr, ExprKind, FunctionDef};
use syntax::interner::Symbol;

use super::scopes::{Attributes, ParameterCounts};
use super::unparse::unparse;
use super::{CodeGenerator, DeferredAnnotation, Result, UnitKind};
use crate::instruction_sequence::{InstructionSequence, location_of};
use crate::symbol_table::scope::ScopeId;
use crate::symbol_table::{ScopeKey, mangle};
use crate::unit::name_of;

/// `annotationlib.Format.VALUE_WITH_FAKE_GLOBALS`: the last format that these functions know.
const VALUE_WITH_FAKE_GLOBALS: usize = 2;

impl<'a> CodeGenerator<'a, '_> {
    /// Opens the unit of a function that evaluates annotations in the format that it is given.
    pub(super) fn enter_annotations(&mut self, scope: ScopeId, name: Symbol, location: Location) {
        let counts = ParameterCounts { positional_only: 1, ..ParameterCounts::default() };
        self.enter_scope(scope, UnitKind::Annotations, name, location.line, None, counts);
        self.op_arg(Op::LoadFast, 0, location);
        self.integer(VALUE_WITH_FAKE_GLOBALS, location);
        self.op_arg(Op::CompareOp, ComparisonOperator::Greater.to_oparg(), location);
        let body = self.new_label();
        self.jump(Op::PopJumpIfFalse, body, location);
        self.op_arg(Op::LoadCommonConstant, CommonConstant::NotImplementedError as u32, location);
        self.op_arg(Op::RaiseVarargs, 1, location);
        self.place(body);
    }

    /// Closes such a unit, whose result is on the stack, and makes its function.
    fn leave_annotations(&mut self, location: Location) -> Result<()> {
        self.op(Op::ReturnValue, location);
        let code = self.leave_scope(true)?;
        let code = self.show_parameter_name(code);
        self.make_closure(code, Attributes::default(), location)
    }

    /// The parameter has a name that no annotation can use, but signatures shall show a plain one.
    fn show_parameter_name(&self, code: &CodeUnit<'a>) -> &'a CodeUnit<'a> {
        let shown = name_of(self.names.format, self.interner);
        let others = code.locals_plus_names.iter().skip(1).copied();
        let names: Vec<_> = std::iter::once(shown).chain(others).collect();
        self.arena().put(CodeUnit { locals_plus_names: self.arena().copies(&names), ..*code })
    }

    /// The function for the annotations of a class or module, if it has any.
    pub(super) fn deferred_annotations(&mut self, location: Location) -> Result<()> {
        let annotations = std::mem::take(&mut self.unit.deferred_annotations);
        let Some(scope) = self.scope().annotation_scope.filter(|_| !annotations.is_empty()) else { return Ok(()) };
        let kind = self.unit.kind;
        // In a module the function is made before anything else runs, where the placeholder is.
        let stashed =
            (kind == UnitKind::Module).then(|| std::mem::replace(&mut self.unit.sequence, InstructionSequence::new()));
        let name = self.table.scope(scope).name;
        self.enter_annotations(scope, name, location);
        self.op_arg(Op::BuildMap, 0, location);
        for annotation in annotations {
            self.deferred_annotation(&annotation, kind, location)?;
        }
        self.leave_annotations(location)?;
        let function = match kind {
            UnitKind::Class => self.names.annotate_function,
            _ => self.names.annotate,
        };
        self.store_name(function, location);
        if let Some(stashed) = stashed {
            let code = std::mem::replace(&mut self.unit.sequence, stashed);
            self.unit.sequence.set_annotations(code);
        }
        Ok(())
    }

    fn deferred_annotation(
        &mut self,
        annotation: &DeferredAnnotation<'a>,
        kind: UnitKind,
        location: Location,
    ) -> Result<()> {
        let ExprKind::Name(target) = &annotation.statement.target.kind else { return Ok(()) };
        let own_location = location_of(annotation.span);
        let not_set = self.new_label();
        if let Some(condition) = annotation.condition {
            self.integer(condition as usize, own_location);
            let set = self.names.conditional_annotations;
            if kind == UnitKind::Class {
                let number = self.free_variable(set);
                self.op_arg(Op::LoadDeref, number, own_location);
            } else {
                self.name_op_with_bits(Op::LoadGlobal, set, 1, 0, own_location);
            }
            self.op_arg(Op::ContainsOp, 0, own_location);
            self.jump(Op::PopJumpIfFalse, not_set, own_location);
        }
        self.expression(&annotation.statement.annotation)?;
        self.op_arg(Op::Copy, 2, own_location);
        let mangled = mangle(self.unit.class, target.id, self.interner);
        self.name_string(mangled, own_location);
        self.op(Op::StoreSubscr, location);
        self.place(not_set);
        Ok(())
    }

    /// Makes the function for the annotations of a function's parameters and result; says whether there are any.
    pub(super) fn function_annotations(&mut self, node: &'a FunctionDef<'a>, location: Location) -> Result<bool> {
        let arguments = &node.args;
        let Some(scope) = self.table.find(ScopeKey::annotations(arguments)) else { return Ok(false) };
        if !self.table.scope(scope).annotations_used {
            return Ok(false);
        }
        let name = self.table.scope(scope).name;
        self.enter_annotations(scope, name, location);
        let groups: [&mut dyn Iterator<Item = &'a Arg<'a>>; 5] = [
            &mut arguments.args.iter(),
            &mut arguments.posonlyargs.iter(),
            &mut arguments.vararg.as_deref().into_iter(),
            &mut arguments.kwonlyargs.iter(),
            &mut arguments.kwarg.as_deref().into_iter(),
        ];
        let mut count = 0;
        for argument in groups.into_iter().flatten() {
            count += self.parameter_annotation(argument.arg, argument.annotation.as_ref(), location)?;
        }
        let return_ = self.names.return_;
        count += self.parameter_annotation(return_, node.returns.as_ref(), location)?;
        self.op_count(Op::BuildMap, count, location);
        self.leave_annotations(location)?;
        Ok(true)
    }

    /// The name and the value of an annotation; returns how many there are of them.
    fn parameter_annotation(
        &mut self,
        name: Symbol,
        annotation: Option<&'a Expr<'a>>,
        location: Location,
    ) -> Result<usize> {
        let Some(annotation) = annotation else { return Ok(0) };
        let mangled = self.mangled(name);
        self.name_string(mangled, location);
        if self.has_string_annotations() {
            self.annotation_text(annotation)?;
        } else {
            self.maybe_starred(annotation, location)?;
        }
        Ok(1)
    }

    /// An expression that may be starred: `*args: *Ts`, `*Ts = *tuple[int]`. Then it is the only item of it that counts.
    pub(super) fn maybe_starred(&mut self, expression: &'a Expr<'a>, location: Location) -> Result<()> {
        let ExprKind::Starred(starred) = &expression.kind else { return self.expression(expression) };
        self.expression(&starred.value)?;
        self.op_arg(Op::UnpackSequence, 1, location);
        Ok(())
    }

    /// The text of an annotation.
    pub(super) fn annotation_text(&mut self, annotation: &Expr<'a>) -> Result<()> {
        let text = unparse(annotation, self.interner, &self.guard)?;
        self.string(self.arena().text(text.view()), location_of(annotation.span));
        Ok(())
    }
}
