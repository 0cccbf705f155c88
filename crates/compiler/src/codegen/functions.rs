//! `def`, `async def` and `lambda`; bodies of units.

use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::{BinaryIntrinsic, UnaryIntrinsic};
use bytecode::location::Location;
use syntax::ast::{Arguments, Expr, FunctionDef, Lambda, Stmt};
use syntax::interner::Symbol;
use syntax::token::Span;
use text::wtf8::Wtf8;

use super::docstrings::clean;
use super::frame_blocks::FrameBlockKind;
use super::scopes::{Attributes, ParameterCounts};
use super::{CodeGenerator, Result, UnitKind};
use crate::instruction_sequence::location_of;
use crate::symbol_table::ScopeKey;
use crate::views::docstring;

impl ParameterCounts {
    fn of(arguments: &Arguments<'_>) -> Self {
        Self {
            plain: arguments.args.len(),
            positional_only: arguments.posonlyargs.len(),
            keyword_only: arguments.kwonlyargs.len(),
        }
    }
}

/// The line where a decorated function or class begins.
pub(super) fn first_line(decorators: &[Expr<'_>], span: Span) -> i32 {
    location_of(decorators.first().map_or(span, |decorator| decorator.span)).line
}

impl<'a> CodeGenerator<'a, '_> {
    /// `<generic parameters of name>`.
    pub(super) fn type_parameters_name(&mut self, name: Symbol) -> Symbol {
        let bytes = [b"<generic parameters of ", self.text(name).as_bytes(), b">"].concat();
        Wtf8::from_bytes(&bytes).map_or(name, |text| self.interner.intern(text))
    }

    /// The body of a module or class: docstring, statements, and the function that evaluates the annotations.
    pub(super) fn body(&mut self, body: &'a [Stmt<'a>], location: Location, interactive: bool) -> Result<()> {
        if self.has_string_annotations() && self.scope().annotations_used {
            self.op(Op::SetupAnnotations, location);
        }
        let mut rest = body;
        if !interactive
            && self.scope().has_docstring
            && let Some((text, span)) = docstring(body)
        {
            self.string(clean(text, self.arena())?, location_of(span));
            let doc = self.names.doc;
            self.store_name(doc, Location::NONE);
            rest = &body[1..];
        }
        self.statements(rest)?;
        if body.is_empty() || self.has_string_annotations() {
            return Ok(());
        }
        self.deferred_annotations(location)
    }

    pub(super) fn decorators(&mut self, decorators: &'a [Expr<'a>]) -> Result<()> {
        self.expressions(decorators)
    }

    pub(super) fn apply_decorators(&mut self, decorators: &[Expr<'a>]) {
        for decorator in decorators.iter().rev() {
            self.op_arg(Op::Call, 0, location_of(decorator.span));
        }
    }

    pub(super) fn function(&mut self, node: &'a FunctionDef<'a>, is_async: bool, span: Span) -> Result<()> {
        self.decorators(&node.decorator_list)?;
        let line = first_line(&node.decorator_list, span);
        let location = location_of(span);
        let mut attributes = self.default_arguments(&node.args, location)?;
        if node.type_params.is_empty() {
            attributes.annotate = self.function_annotations(node, location)?;
            self.function_body(node, is_async, attributes, line, span)?;
        } else {
            self.generic_function(node, is_async, attributes, line, span)?;
        }
        self.apply_decorators(&node.decorator_list);
        self.store_name(node.name, location);
        Ok(())
    }

    /// A function with type parameters is made by a function in whose scope these are.
    fn generic_function(
        &mut self,
        node: &'a FunctionDef<'a>,
        is_async: bool,
        mut attributes: Attributes,
        line: i32,
        span: Span,
    ) -> Result<()> {
        let location = location_of(span);
        let count = u32::from(attributes.defaults) + u32::from(attributes.keyword_defaults);
        if count == 2 {
            self.op_arg(Op::Swap, 2, location);
        }
        let counts = ParameterCounts { plain: count as usize, ..ParameterCounts::default() };
        let scope = self.find_scope(ScopeKey::type_parameters(&node.type_params), span)?;
        let name = self.type_parameters_name(node.name);
        self.enter_scope(scope, UnitKind::Annotations, name, line, None, counts);
        self.type_parameters(&node.type_params)?;
        for parameter in 0..count {
            self.op_arg(Op::LoadFast, parameter, location);
        }
        attributes.annotate = self.function_annotations(node, location)?;
        self.function_body(node, is_async, attributes, line, span)?;
        self.op_arg(Op::Swap, 2, location);
        self.binary_intrinsic(BinaryIntrinsic::SetFunctionTypeParameters, location);
        let code = self.leave_scope(false)?;
        self.make_closure(code, Attributes::default(), location)?;
        if count > 0 {
            self.op_arg(Op::Swap, count + 1, location);
            self.op_arg(Op::Call, count - 1, location);
        } else {
            self.op_joined(Op::PushNull, location);
            self.op_arg(Op::Call, 0, location);
        }
        Ok(())
    }

    fn default_arguments(&mut self, arguments: &'a Arguments<'a>, location: Location) -> Result<Attributes> {
        let mut attributes = Attributes::default();
        if !arguments.defaults.is_empty() {
            self.expressions(&arguments.defaults)?;
            self.op_count(Op::BuildTuple, arguments.defaults.len(), location);
            attributes.defaults = true;
        }
        let mut count = 0;
        for (argument, default) in arguments.kwonlyargs.iter().zip(&arguments.kw_defaults) {
            let Some(default) = default else { continue };
            let name = self.mangled(argument.arg);
            self.name_string(name, location);
            self.expression(default)?;
            count += 1;
        }
        if count > 0 {
            self.op_count(Op::BuildMap, count, location);
            attributes.keyword_defaults = true;
        }
        Ok(attributes)
    }

    fn function_body(
        &mut self,
        node: &'a FunctionDef<'a>,
        is_async: bool,
        attributes: Attributes,
        line: i32,
        span: Span,
    ) -> Result<()> {
        let kind = if is_async { UnitKind::AsyncFunction } else { UnitKind::Function };
        let scope = self.find_scope(ScopeKey::function(&node.args), span)?;
        self.enter_scope(scope, kind, node.name, line, None, ParameterCounts::of(&node.args));
        let mut rest = &node.body[..];
        if self.scope().has_docstring
            && let Some((text, _)) = docstring(rest)
        {
            // The docstring is the first constant and is not loaded.
            self.unit.metadata.constants.add(Constant::String(clean(text, self.arena())?));
            rest = &rest[1..];
        }
        let is_generator = self.scope().coroutine || self.scope().generator;
        if is_generator {
            self.push_frame_block(FrameBlockKind::StopIteration, Location::NONE)?;
        }
        self.statements(rest)?;
        if is_generator {
            self.wrap_in_stop_iteration_handler();
            self.pop_frame_block();
        }
        let code = self.leave_scope(true)?;
        self.make_closure(code, attributes, location_of(span))
    }

    /// A StopIteration that leaves a generator becomes a RuntimeError.
    pub(super) fn wrap_in_stop_iteration_handler(&mut self) {
        let handler = self.new_label();
        self.unit.sequence.insert_first(Op::SetupCleanup, handler, Location::NONE);
        self.none(Location::NONE);
        self.op(Op::ReturnValue, Location::NONE);
        self.place(handler);
        self.intrinsic(UnaryIntrinsic::StopIterationError, Location::NONE);
        self.op_arg(Op::Reraise, 1, Location::NONE);
    }

    pub(super) fn lambda(&mut self, node: &'a Lambda<'a>, span: Span) -> Result<()> {
        let location = location_of(span);
        let attributes = self.default_arguments(&node.args, location)?;
        let scope = self.find_scope(ScopeKey::function(&node.args), span)?;
        let counts = ParameterCounts::of(&node.args);
        let name = self.interner.intern_str("<lambda>");
        self.enter_scope(scope, UnitKind::Lambda, name, location.line, None, counts);
        self.expression(&node.body)?;
        let is_generator = self.scope().generator;
        if !is_generator {
            self.op(Op::ReturnValue, location_of(node.body.span));
        }
        let code = self.leave_scope(!is_generator)?;
        self.make_closure(code, attributes, location)
    }
}
