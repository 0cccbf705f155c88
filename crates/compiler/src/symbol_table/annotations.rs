//! The first pass over parameters, annotations (PEP 649) and type parameters (PEP 695).

use bytecode::arena::ArenaList;
use syntax::ast::{Arg, Arguments, Expr, ExprKind, FunctionDef, TypeParam, TypeParamKind};
use syntax::interner::Symbol;
use syntax::token::Span;

use super::builder::{Builder, Result};
use super::scope::{ScopeKind, SymbolFlags};
use super::{Completeness, ScopeKey, error};

/// What the type parameters belong to.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum TypeParametersOf {
    Function { has_keyword_defaults: bool },
    Class,
    Alias,
}

impl Builder<'_, '_> {
    pub fn parameters(&mut self, arguments: &Arguments<'_>) -> Result<()> {
        let plain = arguments.posonlyargs.iter().chain(&arguments.args).chain(&arguments.kwonlyargs);
        plain.into_iter().try_for_each(|argument| self.parameter(argument))?;
        if let Some(argument) = &arguments.vararg {
            self.parameter(argument)?;
            self.current().has_starred_parameter = true;
        }
        if let Some(argument) = &arguments.kwarg {
            self.parameter(argument)?;
            self.current().has_double_starred_parameter = true;
        }
        Ok(())
    }

    fn parameter(&mut self, argument: &Arg<'_>) -> Result<()> {
        self.define_parameter(argument.arg, argument.span)
    }

    /// The annotations of a function's parameters and of its result, in the scope of their own that they run in.
    pub fn function_annotations(&mut self, function: &FunctionDef<'_>, span: Span) -> Result<()> {
        let in_class = self.scope().can_see_class_scope || self.scope().kind == ScopeKind::Class;
        let arguments = &function.args;
        if self.completeness == Completeness::WithCode && !has_annotations(function) {
            let in_class_itself = self.scope().kind == ScopeKind::Class;
            if in_class_itself && !self.features.has(bytecode::code_flags::CO_FUTURE_ANNOTATIONS) {
                // All that the scope would change.
                self.current().needs_class_dict = true;
            }
            if in_class_itself || !in_class {
                return Ok(());
            }
        }
        let name = self.names.annotate;
        self.enter(name, ScopeKind::Annotation, ScopeKey::annotations(arguments), span)?;
        self.see_class(in_class, span)?;
        let groups: [&mut dyn Iterator<Item = &Arg<'_>>; 5] = [
            &mut arguments.posonlyargs.iter(),
            &mut arguments.args.iter(),
            &mut arguments.vararg.as_deref().into_iter(),
            &mut arguments.kwarg.as_deref().into_iter(),
            &mut arguments.kwonlyargs.iter(),
        ];
        for argument in groups.into_iter().flatten() {
            self.kept_annotation(argument.annotation.as_ref())?;
        }
        self.kept_annotation(function.returns.as_ref())?;
        self.exit();
        Ok(())
    }

    fn kept_annotation(&mut self, annotation: Option<&Expr<'_>>) -> Result<()> {
        let Some(annotation) = annotation else { return Ok(()) };
        self.current().annotations_used = true;
        self.expression(annotation)
    }

    /// Lets the current scope, which is an annotation scope in a class, see the class's names.
    pub fn see_class(&mut self, in_class: bool, span: Span) -> Result<()> {
        if !in_class {
            return Ok(());
        }
        self.current().can_see_class_scope = true;
        let class_dict = self.names.class_dict;
        self.define(class_dict, SymbolFlags::USE, span)
    }

    /// The annotation of a variable.
    pub fn variable_annotation(&mut self, annotation: &Expr<'_>) -> Result<()> {
        let kind = self.scope().kind;
        let conditional = self.scope().build.in_conditional_block;
        let needs_set = kind == ScopeKind::Module || (kind == ScopeKind::Class && conditional);
        if needs_set && !self.scope().has_conditional_annotations {
            self.current().has_conditional_annotations = true;
            let name = self.names.conditional_annotations;
            self.define(name, SymbolFlags::USE, annotation.span)?;
        }
        let parent = self.current_id();
        match self.scope().annotation_scope {
            Some(id) => self.enter_again(id),
            None => {
                let name = self.names.annotate;
                let key = ScopeKey::VariableAnnotations(parent);
                self.enter(name, ScopeKind::Annotation, key, annotation.span)?;
                let id = self.current_id();
                self.table.scope_mut(parent).annotation_scope = Some(id);
                let are_strings = self.features.has(bytecode::code_flags::CO_FUTURE_ANNOTATIONS);
                let in_class = kind == ScopeKind::Class && !are_strings;
                self.table.scope_mut(parent).needs_class_dict |= in_class;
                self.see_class(in_class, annotation.span)?;
            }
        }
        // Annotations of local variables are never evaluated, so their names don't count.
        let unevaluated = kind == ScopeKind::Function;
        if unevaluated {
            self.current().build.in_unevaluated_annotation = true;
            self.update_context();
        }
        self.expression(annotation)?;
        if unevaluated {
            self.current().build.in_unevaluated_annotation = false;
        }
        self.exit();
        Ok(())
    }

    pub fn enter_type_parameters(
        &mut self,
        name: Symbol,
        parameters: &ArenaList<'_, TypeParam<'_>>,
        of: TypeParametersOf,
        span: Span,
    ) -> Result<()> {
        let in_class = self.scope().kind == ScopeKind::Class;
        self.enter(name, ScopeKind::TypeParameters, ScopeKey::type_parameters(parameters), span)?;
        self.see_class(in_class, span)?;
        let names = self.names;
        match of {
            TypeParametersOf::Class => {
                for name in [names.hidden_type_parameters, names.generic_base] {
                    self.define(name, SymbolFlags::LOCAL, span)?;
                    self.define(name, SymbolFlags::USE, span)?;
                }
            }
            TypeParametersOf::Function { has_keyword_defaults } => {
                // Also if there are none: `co_varnames` shows it.
                self.define(names.defaults, SymbolFlags::PARAMETER, span)?;
                if has_keyword_defaults {
                    self.define(names.keyword_defaults, SymbolFlags::PARAMETER, span)?;
                }
            }
            TypeParametersOf::Alias => {}
        }
        Ok(())
    }

    pub fn type_parameters(&mut self, parameters: &[TypeParam<'_>]) -> Result<()> {
        parameters.iter().try_for_each(|parameter| self.type_parameter(parameter))
    }

    fn type_parameter(&mut self, parameter: &TypeParam<'_>) -> Result<()> {
        self.guard.check()?;
        let flags = SymbolFlags::TYPE_PARAMETER.with(SymbolFlags::LOCAL);
        let (name, bound, default, part) = match &parameter.kind {
            TypeParamKind::TypeVar(node) => {
                (node.name, Some(node.bound.as_ref()), node.default_value.as_ref(), "a TypeVar default")
            }
            TypeParamKind::TypeVarTuple(node) => {
                (node.name, None, node.default_value.as_ref(), "a TypeVarTuple default")
            }
            TypeParamKind::ParamSpec(node) => (node.name, None, node.default_value.as_ref(), "a ParamSpec default"),
        };
        self.define(name, flags, parameter.span)?;
        if name == self.names.class_dict {
            let message = format!("reserved name '{}' cannot be used for type parameter", self.text(name));
            return Err(error(message, parameter.span));
        }
        if let Some(Some(bound)) = bound {
            let is_tuple = matches!(bound.kind, ExprKind::Tuple(_));
            let part = if is_tuple { "a TypeVar constraint" } else { "a TypeVar bound" };
            self.type_variable_part(bound, name, ScopeKey::type_variable_bound(parameter), part)?;
        }
        if let Some(default) = default {
            self.type_variable_part(default, name, ScopeKey::type_variable_default(parameter), part)?;
        }
        Ok(())
    }

    fn type_variable_part(
        &mut self,
        expression: &Expr<'_>,
        name: Symbol,
        key: ScopeKey,
        part: &'static str,
    ) -> Result<()> {
        let in_class = self.scope().can_see_class_scope;
        self.enter(name, ScopeKind::TypeVariable, key, expression.span)?;
        self.see_class(in_class, expression.span)?;
        self.current().build.type_variable_part = part;
        self.expression(expression)?;
        self.exit();
        Ok(())
    }
}

fn has_annotations(function: &FunctionDef<'_>) -> bool {
    let Arguments { posonlyargs, args, vararg, kwonlyargs, kwarg, .. } = &function.args;
    let mut arguments =
        posonlyargs.iter().chain(args).chain(vararg.as_deref()).chain(kwonlyargs).chain(kwarg.as_deref());
    function.returns.is_some() || arguments.any(|argument| argument.annotation.is_some())
}
