//! Checks of a tree that a program has put together: what the parser would never make, and the compiler does not expect.
//!
//! Called by `compile()` for trees made of objects. Messages and their order are those of CPython's `Python/ast.c`; that fields have the right types is
//! the business of whoever made the tree.

use bytecode::arena::Arena;
use bytecode::constant::Constant;

use super::*;

/// Why a tree is not valid: a ValueError, or a TypeError.
#[derive(Debug)]
pub struct Invalid {
    pub is_type_error: bool,
    pub message: String,
}

type Checked = Result<(), Invalid>;

fn invalid(message: impl Into<String>) -> Invalid {
    Invalid { is_type_error: false, message: message.into() }
}

/// Checks a whole tree.
pub fn validate(tree: &Mod<'_>) -> Checked {
    match tree {
        Mod::Module(node) => statements(&node.body),
        Mod::Interactive(node) => statements(&node.body),
        Mod::Expression(node) => load(&node.body),
        Mod::FunctionType(node) => {
            expressions(&node.argtypes, ExprContext::Load)?;
            load(&node.returns)
        }
    }
}

/// The lines and columns of a node must be in order.
fn positions(span: Span) -> Checked {
    let (line, end_line) = (span.start.line as i32, span.end.line as i32);
    let (column, end_column) = (span.start.column as i32, span.end.column as i32);
    if line > end_line {
        return Err(invalid(format!("AST node line range ({line}, {end_line}) is not valid")));
    }
    if (line < 0 && end_line != line) || (column < 0 && column != end_column) {
        let (columns, lines) = (format!("({column}, {end_column})"), format!("({line}, {end_line})"));
        return Err(invalid(format!("AST node column range {columns} for line range {lines} is not valid")));
    }
    if line == end_line && column > end_column {
        return Err(invalid(format!("line {line}, column {column}-{end_column} is not a valid range")));
    }
    Ok(())
}

fn name(name: &Symbol) -> Checked {
    let text = match *name {
        Symbol::NONE => "None",
        Symbol::TRUE => "True",
        Symbol::FALSE => "False",
        _ => return Ok(()),
    };
    Err(invalid(format!("identifier field can't represent '{text}' constant")))
}

fn nonempty<T>(items: &[T], what: &str, owner: &str) -> Checked {
    if items.is_empty() { Err(invalid(format!("empty {what} on {owner}"))) } else { Ok(()) }
}

fn body(items: &[Stmt<'_>], owner: &str) -> Checked {
    nonempty(items, "body", owner)?;
    statements(items)
}

fn statements(items: &[Stmt<'_>]) -> Checked {
    items.iter().try_for_each(statement)
}

fn expressions(items: &[Expr<'_>], context: ExprContext) -> Checked {
    items.iter().try_for_each(|item| expression(item, context))
}

fn load(node: &Expr<'_>) -> Checked {
    expression(node, ExprContext::Load)
}

fn loads<'a, 't: 'a>(nodes: impl IntoIterator<Item = &'a Expr<'t>>) -> Checked {
    nodes.into_iter().try_for_each(load)
}

fn targets(items: &[Expr<'_>], context: ExprContext, owner: &str) -> Checked {
    nonempty(items, "targets", owner)?;
    expressions(items, context)
}

fn keywords(items: &[Keyword<'_>]) -> Checked {
    loads(items.iter().map(|item| &item.value))
}

fn parameter(node: &Arg<'_>) -> Checked {
    positions(node.span)?;
    loads(&node.annotation)
}

fn parameters(node: &Arguments<'_>) -> Checked {
    node.posonlyargs.iter().chain(&node.args).try_for_each(parameter)?;
    if let Some(annotation) = node.vararg.as_ref().and_then(|it| it.annotation.as_ref()) {
        load(annotation)?;
    }
    node.kwonlyargs.iter().try_for_each(parameter)?;
    if let Some(annotation) = node.kwarg.as_ref().and_then(|it| it.annotation.as_ref()) {
        load(annotation)?;
    }
    if node.defaults.len() > node.posonlyargs.len() + node.args.len() {
        return Err(invalid("more positional defaults than args on arguments"));
    }
    if node.kw_defaults.len() != node.kwonlyargs.len() {
        return Err(invalid("length of kwonlyargs is not the same as kw_defaults on arguments"));
    }
    loads(&node.defaults)?;
    loads(node.kw_defaults.iter().flatten())
}

fn type_parameters(items: &[TypeParam<'_>]) -> Checked {
    for item in items {
        positions(item.span)?;
        match &item.kind {
            TypeParamKind::TypeVar(node) => {
                name(&node.name)?;
                loads(node.bound.iter().chain(&node.default_value))?;
            }
            TypeParamKind::ParamSpec(node) => {
                name(&node.name)?;
                loads(&node.default_value)?;
            }
            TypeParamKind::TypeVarTuple(node) => {
                name(&node.name)?;
                loads(&node.default_value)?;
            }
        }
    }
    Ok(())
}

fn function(node: &FunctionDef<'_>, owner: &str) -> Checked {
    body(&node.body, owner)?;
    name(&node.name)?;
    type_parameters(&node.type_params)?;
    parameters(&node.args)?;
    loads(&node.decorator_list)?;
    loads(&node.returns)
}

fn for_loop(node: &For<'_>, owner: &str) -> Checked {
    expression(&node.target, ExprContext::Store)?;
    load(&node.iter)?;
    body(&node.body, owner)?;
    statements(&node.orelse)
}

fn with(node: &With<'_>, owner: &str) -> Checked {
    nonempty(&node.items, "items", owner)?;
    for item in &node.items {
        load(&item.context_expr)?;
        if let Some(target) = &item.optional_vars {
            expression(target, ExprContext::Store)?;
        }
    }
    body(&node.body, owner)
}

fn try_statement(node: &Try<'_>, owner: &str) -> Checked {
    body(&node.body, owner)?;
    if node.handlers.is_empty() && node.finalbody.is_empty() {
        return Err(invalid(format!("{owner} has neither except handlers nor finalbody")));
    }
    if node.handlers.is_empty() && !node.orelse.is_empty() {
        return Err(invalid(format!("{owner} has orelse but no except handlers")));
    }
    for handler in &node.handlers {
        positions(handler.span)?;
        loads(&handler.type_)?;
        handler.name.as_ref().map_or(Ok(()), name)?;
        body(&handler.body, "ExceptHandler")?;
    }
    statements(&node.finalbody)?;
    statements(&node.orelse)
}

fn statement(node: &Stmt<'_>) -> Checked {
    positions(node.span)?;
    match &node.kind {
        StmtKind::FunctionDef(node) => function(node, "FunctionDef"),
        StmtKind::AsyncFunctionDef(node) => function(node, "AsyncFunctionDef"),
        StmtKind::ClassDef(node) => {
            body(&node.body, "ClassDef")?;
            name(&node.name)?;
            type_parameters(&node.type_params)?;
            loads(&node.bases)?;
            keywords(&node.keywords)?;
            loads(&node.decorator_list)
        }
        StmtKind::Return(node) => loads(&node.value),
        StmtKind::Delete(node) => targets(&node.targets, ExprContext::Del, "Delete"),
        StmtKind::Assign(node) => {
            targets(&node.targets, ExprContext::Store, "Assign")?;
            load(&node.value)
        }
        StmtKind::AugAssign(node) => {
            expression(&node.target, ExprContext::Store)?;
            load(&node.value)
        }
        StmtKind::AnnAssign(node) => {
            if !matches!(node.target.kind, ExprKind::Name(_)) && node.simple != 0 {
                let message = "AnnAssign with simple non-Name target";
                return Err(Invalid { is_type_error: true, message: message.to_owned() });
            }
            expression(&node.target, ExprContext::Store)?;
            loads(&node.value)?;
            load(&node.annotation)
        }
        StmtKind::TypeAlias(node) => {
            if !matches!(node.name.kind, ExprKind::Name(_)) {
                let message = "TypeAlias with non-Name name";
                return Err(Invalid { is_type_error: true, message: message.to_owned() });
            }
            expression(&node.name, ExprContext::Store)?;
            type_parameters(&node.type_params)?;
            load(&node.value)
        }
        _ => other_statement(node),
    }
}

fn other_statement(node: &Stmt<'_>) -> Checked {
    match &node.kind {
        StmtKind::For(node) => for_loop(node, "For"),
        StmtKind::AsyncFor(node) => for_loop(node, "AsyncFor"),
        StmtKind::While(node) => {
            load(&node.test)?;
            body(&node.body, "While")?;
            statements(&node.orelse)
        }
        StmtKind::If(node) => {
            load(&node.test)?;
            body(&node.body, "If")?;
            statements(&node.orelse)
        }
        StmtKind::With(node) => with(node, "With"),
        StmtKind::AsyncWith(node) => with(node, "AsyncWith"),
        StmtKind::Match(node) => {
            load(&node.subject)?;
            nonempty(&node.cases, "cases", "Match")?;
            for case in &node.cases {
                pattern(&case.pattern, false)?;
                loads(&case.guard)?;
                body(&case.body, "match_case")?;
            }
            Ok(())
        }
        StmtKind::Raise(node) => match &node.exc {
            Some(exception) => {
                load(exception)?;
                loads(&node.cause)
            }
            None if node.cause.is_some() => Err(invalid("Raise with cause but no exception")),
            None => Ok(()),
        },
        StmtKind::Try(node) => try_statement(node, "Try"),
        StmtKind::TryStar(node) => try_statement(node, "TryStar"),
        StmtKind::Assert(node) => {
            load(&node.test)?;
            loads(&node.msg)
        }
        StmtKind::Import(node) => aliases(&node.names, "Import"),
        StmtKind::ImportFrom(node) => {
            if node.level.is_some_and(|level| level < 0) {
                return Err(invalid("Negative ImportFrom level"));
            }
            aliases(&node.names, "ImportFrom")
        }
        StmtKind::Global(node) => nonempty(&node.names, "names", "Global"),
        StmtKind::Nonlocal(node) => nonempty(&node.names, "names", "Nonlocal"),
        StmtKind::Expr(node) => load(&node.value),
        _ => Ok(()),
    }
}

fn aliases(items: &[Alias], owner: &str) -> Checked {
    nonempty(items, "names", owner)?;
    items.iter().flat_map(|item| [Some(&item.name), item.asname.as_ref()]).flatten().try_for_each(name)
}

fn context_name(context: ExprContext) -> &'static str {
    match context {
        ExprContext::Load => "Load",
        ExprContext::Store => "Store",
        ExprContext::Del => "Del",
    }
}

/// The nodes that say in which context they are; all others are loaded.
fn check_context(node: &Expr<'_>, wanted: ExprContext) -> Checked {
    let actual = match &node.kind {
        ExprKind::Attribute(node) => node.ctx,
        ExprKind::Subscript(node) => node.ctx,
        ExprKind::Starred(node) => node.ctx,
        ExprKind::Name(node) => {
            name(&node.id)?;
            node.ctx
        }
        ExprKind::List(node) => node.ctx,
        ExprKind::Tuple(node) => node.ctx,
        _ if wanted == ExprContext::Load => return Ok(()),
        _ => {
            let wanted = context_name(wanted);
            return Err(invalid(format!("expression which can't be assigned to in {wanted} context")));
        }
    };
    if actual != wanted {
        let (wanted, actual) = (context_name(wanted), context_name(actual));
        return Err(invalid(format!("expression must have {wanted} context but has {actual} instead")));
    }
    Ok(())
}

fn expression(node: &Expr<'_>, context: ExprContext) -> Checked {
    // Chains of operators are as long as a program likes: their left operands are walked in a loop.
    let mut node = node;
    let mut context = context;
    loop {
        positions(node.span)?;
        check_context(node, context)?;
        match &node.kind {
            ExprKind::BinOp(inner) => {
                load(&inner.right)?;
                node = &inner.left;
            }
            ExprKind::Attribute(inner) => node = &inner.value,
            ExprKind::Subscript(inner) => {
                load(&inner.slice)?;
                node = &inner.value;
            }
            _ => return expression_content(node, context),
        }
        context = ExprContext::Load;
    }
}

fn expression_content(node: &Expr<'_>, context: ExprContext) -> Checked {
    match &node.kind {
        ExprKind::BoolOp(node) => {
            if node.values.len() < 2 {
                return Err(invalid("BoolOp with less than 2 values"));
            }
            loads(&node.values)
        }
        ExprKind::UnaryOp(node) => load(&node.operand),
        ExprKind::Lambda(node) => {
            parameters(&node.args)?;
            load(&node.body)
        }
        ExprKind::IfExp(node) => loads([&node.test, &node.body, &node.orelse]),
        ExprKind::Dict(node) => {
            if node.keys.len() != node.values.len() {
                return Err(invalid("Dict doesn't have the same number of keys as values"));
            }
            loads(node.keys.iter().flatten())?;
            loads(&node.values)
        }
        ExprKind::Set(node) => loads(&node.elts),
        ExprKind::ListComp(node) | ExprKind::SetComp(node) | ExprKind::GeneratorExp(node) => {
            comprehension(&node.generators)?;
            load(&node.elt)
        }
        ExprKind::DictComp(node) => {
            comprehension(&node.generators)?;
            loads([&node.key, &node.value])
        }
        ExprKind::Yield(node) => loads(&node.value),
        ExprKind::YieldFrom(node) => load(&node.value),
        ExprKind::Await(node) => load(&node.value),
        ExprKind::Compare(node) => {
            if node.comparators.is_empty() {
                return Err(invalid("Compare with no comparators"));
            }
            if node.comparators.len() != node.ops.len() {
                return Err(invalid("Compare has a different number of comparators and operands"));
            }
            loads(&node.comparators)?;
            load(&node.left)
        }
        ExprKind::Call(node) => {
            load(&node.func)?;
            loads(&node.args)?;
            keywords(&node.keywords)
        }
        ExprKind::JoinedStr(node) => loads(&node.values),
        ExprKind::TemplateStr(node) => loads(&node.values),
        ExprKind::FormattedValue(node) => {
            load(&node.value)?;
            loads(&node.format_spec)
        }
        ExprKind::Constant(node) => constant(&node.value),
        ExprKind::Interpolation(node) => {
            constant(&node.str)?;
            load(&node.value)?;
            loads(&node.format_spec)
        }
        ExprKind::Starred(node) => expression(&node.value, context),
        ExprKind::Slice(node) => loads(node.lower.iter().chain(&node.upper).chain(&node.step)),
        ExprKind::List(node) => expressions(&node.elts, context),
        ExprKind::Tuple(node) => expressions(&node.elts, context),
        ExprKind::NamedExpr(node) => {
            if !matches!(node.target.kind, ExprKind::Name(_)) {
                let message = "NamedExpr target must be a Name";
                return Err(Invalid { is_type_error: true, message: message.to_owned() });
            }
            load(&node.value)
        }
        _ => Ok(()),
    }
}

/// What stands for a value that no constant can be, by its type's name, until the tree is checked: no tree has slices as constants.
pub fn impossible_constant<'t>(type_name: &str, arena: &'t Arena) -> Constant<'t> {
    Constant::Slice(arena.put([Constant::String(arena.text_of(type_name)), Constant::None, Constant::None]))
}

fn constant(value: &Constant<'_>) -> Checked {
    match value {
        Constant::Tuple(items) | Constant::FrozenSet(items) => items.iter().try_for_each(constant),
        Constant::Slice(parts) => {
            let name = match &parts[0] {
                Constant::String(name) => name.to_string_lossy(),
                _ => "slice".to_owned(),
            };
            Err(Invalid { is_type_error: true, message: format!("got an invalid type in Constant: {name}") })
        }
        _ => Ok(()),
    }
}

fn comprehension(generators: &[Comprehension<'_>]) -> Checked {
    if generators.is_empty() {
        return Err(invalid("comprehension with no generators"));
    }
    for generator in generators {
        expression(&generator.target, ExprContext::Store)?;
        load(&generator.iter)?;
        loads(&generator.ifs)?;
    }
    Ok(())
}

/// The value of a pattern: a literal or a dotted name.
fn pattern_value(node: &Expr<'_>) -> Checked {
    load(node)?;
    let is_valid = match &node.kind {
        ExprKind::Constant(node) => match &node.value {
            Constant::Integer(_)
            | Constant::Float(_)
            | Constant::Bytes(_)
            | Constant::Complex { .. }
            | Constant::String(_) => {
                return Ok(());
            }
            _ => return Err(invalid("unexpected constant inside of a literal pattern")),
        },
        ExprKind::Attribute(_) => true,
        ExprKind::UnaryOp(_) => is_signed_number(node, true, true),
        ExprKind::BinOp(sum) => {
            matches!(sum.op, Operator::Add | Operator::Sub)
                && is_signed_number(&sum.left, true, false)
                && is_signed_number(&sum.right, false, true)
        }
        ExprKind::JoinedStr(_) | ExprKind::TemplateStr(_) => true,
        _ => false,
    };
    if is_valid { Ok(()) } else { Err(invalid("patterns may only match literals and attribute lookups")) }
}

fn is_signed_number(node: &Expr<'_>, real: bool, imaginary: bool) -> bool {
    match &node.kind {
        ExprKind::UnaryOp(node) => {
            node.op == UnaryOperator::USub
                && matches!(node.operand.kind, ExprKind::Constant(_))
                && is_signed_number(&node.operand, real, imaginary)
        }
        ExprKind::Constant(node) => match &node.value {
            Constant::Integer(_) | Constant::Float(_) => real,
            Constant::Complex { .. } => imaginary,
            _ => false,
        },
        _ => false,
    }
}

fn capture(target: &Symbol) -> Checked {
    if *target == Symbol::UNDERSCORE {
        return Err(invalid("can't capture name '_' in patterns"));
    }
    name(target)
}

fn patterns(items: &[Pattern<'_>], star_allowed: bool) -> Checked {
    items.iter().try_for_each(|item| pattern(item, star_allowed))
}

fn pattern(node: &Pattern<'_>, star_allowed: bool) -> Checked {
    positions(node.span)?;
    match &node.kind {
        PatternKind::MatchValue(node) => pattern_value(&node.value),
        PatternKind::MatchSingleton(node) => match node.value {
            Constant::None | Constant::Bool(_) => Ok(()),
            _ => Err(invalid("MatchSingleton can only contain True, False and None")),
        },
        PatternKind::MatchSequence(node) => patterns(&node.patterns, true),
        PatternKind::MatchMapping(node) => {
            if node.keys.len() != node.patterns.len() {
                return Err(invalid("MatchMapping doesn't have the same number of keys as patterns"));
            }
            node.rest.iter().try_for_each(capture)?;
            for key in &node.keys {
                // These are told from other values by the compiler.
                if let ExprKind::Constant(constant) = &key.kind
                    && matches!(constant.value, Constant::None | Constant::Bool(_))
                {
                    continue;
                }
                pattern_value(key)?;
            }
            patterns(&node.patterns, false)
        }
        PatternKind::MatchClass(node) => {
            if node.kwd_attrs.len() != node.kwd_patterns.len() {
                let message = "MatchClass doesn't have the same number of keyword attributes as patterns";
                return Err(invalid(message));
            }
            load(&node.cls)?;
            check_class(&node.cls)?;
            node.kwd_attrs.iter().try_for_each(name)?;
            patterns(&node.patterns, false)?;
            patterns(&node.kwd_patterns, false)
        }
        PatternKind::MatchStar(node) => {
            if !star_allowed {
                return Err(invalid("can't use MatchStar here"));
            }
            node.name.iter().try_for_each(capture)
        }
        PatternKind::MatchAs(node) => {
            node.name.iter().try_for_each(capture)?;
            match (&node.pattern, &node.name) {
                (None, _) => Ok(()),
                (Some(_), None) => Err(invalid("MatchAs must specify a target name if a pattern is given")),
                (Some(inner), Some(_)) => pattern(inner, false),
            }
        }
        PatternKind::MatchOr(node) => {
            if node.patterns.len() < 2 {
                return Err(invalid("MatchOr requires at least 2 patterns"));
            }
            patterns(&node.patterns, false)
        }
    }
}

/// The class of a class pattern is a name, dotted or not.
fn check_class(class: &Expr<'_>) -> Checked {
    let mut node = class;
    loop {
        match &node.kind {
            ExprKind::Name(_) => return Ok(()),
            ExprKind::Attribute(inner) => node = &inner.value,
            _ => return Err(invalid("MatchClass cls field can only contain Name or Attribute nodes.")),
        }
    }
}
