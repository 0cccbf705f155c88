//! What happens to the tree before names are looked up: docstrings go away under `-OO`, `'…' % (…)` becomes an f-string,
//! `__debug__` and the numbers of patterns become constants, and `return`, `break` and `continue` in `finally` are warned of.
//!
//! `compile` calls [`preprocess`] once for each tree; so does `ast.parse(optimize=…)`. The algorithm is that of CPython's
//! Python/ast_preprocess.c; all other folding of constants happens in the flow graph.

mod expressions;
mod format;
mod patterns;

use bytecode::arena::{Arena, ArenaList};
use bytecode::code_flags::CO_FUTURE_ANNOTATIONS;
use syntax::ast::{
    Arg, Arguments, Expr, ExprContext, ExprKind, For, FunctionDef, JoinedStr, MatchCase, Mod, Name, Stmt, StmtKind,
    Tree, Try, TypeParam, TypeParamKind, With,
};
use syntax::error::{SyntaxError, SyntaxWarning};
use syntax::interner::Symbol;
use syntax::token::{Position, Span};

use crate::recursion::StackGuard;
use crate::views::docstring;

/// What the preprocessing depends on.
#[derive(Clone, Copy, Debug)]
pub struct PreprocessOptions {
    /// 0, 1 or 2, as the options `-O` and `-OO` count.
    pub optimize: u8,
    /// `CO_FUTURE_*` bits: annotations that become strings are left as they are.
    pub future_flags: u32,
    /// Leave all expressions as they are written; only warn.
    pub syntax_check_only: bool,
    /// How many bytes of the native stack a deep tree may use.
    pub stack_budget: usize,
}

/// Rewrites `tree` in place and returns the warnings in the order of the source.
pub fn preprocess(tree: &mut Tree<'_>, options: &PreprocessOptions) -> Result<Vec<SyntaxWarning>, Box<SyntaxError>> {
    let guard = StackGuard::new(options.stack_budget);
    let debug = tree.interner.intern_str("__debug__");
    // Any docstring may have to go.
    let lines = if options.optimize >= 2 { None } else { tree.lines_to_preprocess.as_deref() };
    let mut preprocessor = Preprocessor {
        arena: tree.arena,
        options: *options,
        lines,
        debug,
        guard,
        around: Vec::new(),
        warnings: Vec::new(),
    };
    match &mut tree.module {
        Mod::Module(module) => preprocessor.body(&mut module.body)?,
        Mod::Interactive(module) => preprocessor.statements(&mut module.body)?,
        Mod::Expression(module) => preprocessor.expression(&mut module.body)?,
        Mod::FunctionType(_) => {}
    }
    Ok(preprocessor.warnings)
}

/// What is nearest around a statement, as far as leaving a `finally` block is concerned.
#[derive(Clone, Copy, PartialEq)]
enum Around {
    Finally,
    Function,
    Loop,
}

struct Preprocessor<'l, 't> {
    arena: &'t Arena,
    options: PreprocessOptions,
    /// The lines on which there is something to do, in order, if that is known.
    lines: Option<&'l [u32]>,
    /// `__debug__`
    debug: Symbol,
    guard: StackGuard,
    around: Vec<Around>,
    warnings: Vec<SyntaxWarning>,
}

type Done = Result<(), Box<SyntaxError>>;

impl<'t> Preprocessor<'_, 't> {
    fn keeps_annotations(&self) -> bool {
        self.options.future_flags & CO_FUTURE_ANNOTATIONS != 0
    }

    /// The body of a module, class or function, which may begin with a docstring.
    fn body(&mut self, body: &mut ArenaList<'t, Stmt<'t>>) -> Done {
        let mut has_docstring = docstring(body).is_some();
        if has_docstring && self.options.optimize >= 2 {
            match &mut body[..] {
                [only] => replace_by_pass(only),
                _ => body.remove_first(),
            }
            has_docstring = false;
        }
        self.statements(body)?;
        if has_docstring || docstring(body).is_none() {
            return Ok(());
        }
        // What has become a string, or comes first only now, must not be taken for a docstring.
        if let Some(first) = body.first_mut()
            && let StmtKind::Expr(statement) = &mut first.kind
        {
            let value = std::mem::replace(&mut statement.value, placeholder(self.debug));
            statement.value = JoinedStr { values: self.arena.list([value]) }.at(first.span, self.arena);
        }
        Ok(())
    }

    fn statements(&mut self, statements: &mut [Stmt<'t>]) -> Done {
        for statement in statements {
            if self.may_concern(statement) {
                self.statement(statement)?;
            }
        }
        Ok(())
    }

    /// Whether there may be something to do in a statement.
    fn may_concern(&self, statement: &Stmt<'t>) -> bool {
        let Some(lines) = self.lines else { return true };
        if lines.is_empty() {
            return false;
        }
        let decorators = match &statement.kind {
            StmtKind::FunctionDef(node) | StmtKind::AsyncFunctionDef(node) => &node.decorator_list[..],
            StmtKind::ClassDef(node) => &node.decorator_list[..],
            _ => &[],
        };
        let start = decorators.first().map_or(statement.span.start.line, |first| first.span.start.line);
        let next = lines.partition_point(|line| *line < start);
        lines.get(next).is_some_and(|line| *line <= statement.span.end.line)
    }

    fn within(&mut self, around: Around, statements: &mut [Stmt<'t>]) -> Done {
        self.around.push(around);
        self.statements(statements)?;
        self.around.pop();
        Ok(())
    }

    fn statement(&mut self, statement: &mut Stmt<'t>) -> Done {
        self.guard.check()?;
        let span = statement.span;
        match &mut statement.kind {
            StmtKind::FunctionDef(node) | StmtKind::AsyncFunctionDef(node) => self.function(node),
            StmtKind::ClassDef(node) => {
                self.type_parameters(&mut node.type_params)?;
                self.expressions(&mut node.bases)?;
                self.keywords(&mut node.keywords)?;
                self.body(&mut node.body)?;
                self.expressions(&mut node.decorator_list)
            }
            StmtKind::Return(node) => {
                if self.around.last() == Some(&Around::Finally) {
                    self.warn_of_finally("return", span);
                }
                self.optional(node.value.as_mut())
            }
            StmtKind::For(node) | StmtKind::AsyncFor(node) => self.for_(node),
            StmtKind::While(node) => {
                self.expression(&mut node.test)?;
                self.within(Around::Loop, &mut node.body)?;
                self.statements(&mut node.orelse)
            }
            StmtKind::If(_) => self.if_(std::slice::from_mut(statement)),
            StmtKind::Try(node) | StmtKind::TryStar(node) => self.try_(node),
            StmtKind::Break => {
                self.leave_loop("break", span);
                Ok(())
            }
            StmtKind::Continue => {
                self.leave_loop("continue", span);
                Ok(())
            }
            StmtKind::Match(node) => {
                self.expression(&mut node.subject)?;
                node.cases.iter_mut().try_for_each(|case| self.match_case(case))
            }
            other => self.simple_statement(other),
        }
    }

    /// Statements whose parts need no more than their expressions done.
    fn simple_statement(&mut self, kind: &mut StmtKind<'t>) -> Done {
        match kind {
            StmtKind::Delete(node) => self.expressions(&mut node.targets),
            StmtKind::Assign(node) => {
                self.expressions(&mut node.targets)?;
                self.expression(&mut node.value)
            }
            StmtKind::AugAssign(node) => {
                self.expression(&mut node.target)?;
                self.expression(&mut node.value)
            }
            StmtKind::AnnAssign(node) => {
                self.expression(&mut node.target)?;
                if !self.keeps_annotations() {
                    self.expression(&mut node.annotation)?;
                }
                self.optional(node.value.as_mut())
            }
            StmtKind::TypeAlias(node) => {
                self.expression(&mut node.name)?;
                self.type_parameters(&mut node.type_params)?;
                self.expression(&mut node.value)
            }
            StmtKind::With(node) | StmtKind::AsyncWith(node) => self.with(node),
            StmtKind::Raise(node) => {
                self.optional(node.exc.as_mut())?;
                self.optional(node.cause.as_mut())
            }
            StmtKind::Assert(node) => {
                self.expression(&mut node.test)?;
                self.optional(node.msg.as_mut())
            }
            StmtKind::Expr(node) => self.expression(&mut node.value),
            _ => Ok(()),
        }
    }

    fn function(&mut self, node: &mut FunctionDef<'t>) -> Done {
        self.type_parameters(&mut node.type_params)?;
        self.arguments(&mut node.args)?;
        self.around.push(Around::Function);
        self.body(&mut node.body)?;
        self.around.pop();
        self.expressions(&mut node.decorator_list)?;
        if self.keeps_annotations() { Ok(()) } else { self.optional(node.returns.as_mut()) }
    }

    fn for_(&mut self, node: &mut For<'t>) -> Done {
        self.expression(&mut node.target)?;
        self.expression(&mut node.iter)?;
        self.within(Around::Loop, &mut node.body)?;
        self.statements(&mut node.orelse)
    }

    fn try_(&mut self, node: &mut Try<'t>) -> Done {
        self.statements(&mut node.body)?;
        for handler in &mut node.handlers {
            self.optional(handler.type_.as_mut())?;
            self.statements(&mut handler.body)?;
        }
        self.statements(&mut node.orelse)?;
        if node.finalbody.is_empty() {
            return Ok(());
        }
        // Whatever leaves it is warned of.
        let lines = self.lines.take();
        self.within(Around::Finally, &mut node.finalbody)?;
        self.lines = lines;
        Ok(())
    }

    /// An `if` with its `elif`s, of which there may be more than the stack bears.
    fn if_(&mut self, first: &mut [Stmt<'t>]) -> Done {
        let mut rest = first;
        while let [Stmt { kind: StmtKind::If(_), .. }] = rest {
            let [Stmt { kind: StmtKind::If(node), .. }] = rest else { break };
            self.expression(&mut node.test)?;
            self.statements(&mut node.body)?;
            rest = &mut node.orelse;
        }
        self.statements(rest)
    }

    fn with(&mut self, node: &mut With<'t>) -> Done {
        for item in &mut node.items {
            self.expression(&mut item.context_expr)?;
            self.optional(item.optional_vars.as_mut())?;
        }
        self.statements(&mut node.body)
    }

    fn match_case(&mut self, case: &mut MatchCase<'t>) -> Done {
        self.pattern(&mut case.pattern)?;
        self.optional(case.guard.as_mut())?;
        self.statements(&mut case.body)
    }

    fn type_parameters(&mut self, parameters: &mut [TypeParam<'t>]) -> Done {
        for parameter in parameters {
            match &mut parameter.kind {
                TypeParamKind::TypeVar(node) => {
                    self.optional(node.bound.as_mut())?;
                    self.optional(node.default_value.as_mut())?;
                }
                TypeParamKind::ParamSpec(node) => self.optional(node.default_value.as_mut())?,
                TypeParamKind::TypeVarTuple(node) => self.optional(node.default_value.as_mut())?,
            }
        }
        Ok(())
    }

    fn arguments(&mut self, arguments: &mut Arguments<'t>) -> Done {
        let Arguments { posonlyargs, args, vararg, kwonlyargs, kw_defaults, kwarg, defaults } = arguments;
        if !self.keeps_annotations() {
            let plain = posonlyargs
                .iter_mut()
                .chain(args)
                .chain(kwonlyargs)
                .chain(vararg.as_deref_mut())
                .chain(kwarg.as_deref_mut());
            plain.into_iter().try_for_each(|argument: &mut Arg<'t>| self.optional(argument.annotation.as_mut()))?;
        }
        kw_defaults.iter_mut().try_for_each(|default| self.optional(default.as_mut()))?;
        self.expressions(defaults)
    }

    fn leave_loop(&mut self, keyword: &str, span: Span) {
        // A function body is no loop either: `break` in it is an error that comes later.
        if self.around.last() == Some(&Around::Finally) {
            self.warn_of_finally(keyword, span);
        }
    }

    /// PEP 765.
    fn warn_of_finally(&mut self, keyword: &str, span: Span) {
        let message = format!("'{keyword}' in a 'finally' block").into();
        self.warnings.push(SyntaxWarning { deprecation: false, message, span });
    }
}

/// A body must not be empty.
fn replace_by_pass(statement: &mut Stmt<'_>) {
    let start = statement.span.start;
    let end = Position { column: start.column.saturating_add("pass".len() as u32), ..start };
    *statement = Stmt { kind: StmtKind::Pass, span: Span { start, end } };
}

/// What stands in a tree while its part is moved.
fn placeholder<'t>(id: Symbol) -> Expr<'t> {
    Expr { kind: ExprKind::Name(Name { id, ctx: ExprContext::Load }), span: Span::default() }
}
