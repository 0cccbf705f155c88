//! Opening and closing the units of scopes: their variables, qualified names, flags and closures.

use bytecode::code_flags as flags;
use bytecode::code_unit::CodeUnit;
use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::FunctionAttribute;
use bytecode::location::Location;
use syntax::error::{ErrorLine, SyntaxError, SyntaxErrorKind};
use syntax::interner::Symbol;
use text::wtf8::Wtf8;

use super::{CodeGenerator, Result, Unit, UnitKind};
use crate::symbol_table::mangle;
use crate::symbol_table::scope::{Binding, Scope, ScopeId, ScopeKind};
use crate::unit::{UnitMetadata, name_of};

/// How many parameters of each sort a unit has.
#[derive(Clone, Copy, Default)]
pub(super) struct ParameterCounts {
    pub plain: usize,
    pub positional_only: usize,
    pub keyword_only: usize,
}

/// Which attributes a function gets when it is made, in the order in which they are set.
#[derive(Clone, Copy, Default)]
pub(super) struct Attributes {
    pub annotate: bool,
    pub keyword_defaults: bool,
    pub defaults: bool,
}

impl<'a> CodeGenerator<'a, '_> {
    /// Opens the unit of `scope`. The class is that of private names, if it isn't the one around.
    pub(super) fn enter_scope(
        &mut self,
        scope: ScopeId,
        kind: UnitKind,
        name: Symbol,
        line: i32,
        class: Option<Symbol>,
        counts: ParameterCounts,
    ) {
        let filename = self.settings.filename;
        let text = name_of(name, self.interner);
        let qualified_name = text.text();
        let mut unit = match self.spare_units.pop() {
            Some(mut unit) => {
                unit.reset(scope, kind);
                unit.metadata.reset(filename, text, qualified_name, line);
                unit
            }
            None => {
                let metadata = UnitMetadata::new(filename, text, qualified_name, line, self.arena());
                Box::new(Unit::new(scope, kind, metadata, self.settings.is_plain))
            }
        };
        let metadata = &mut unit.metadata;
        metadata.argument_count = counts.plain as u32;
        metadata.positional_only_argument_count = counts.positional_only as u32;
        metadata.keyword_only_argument_count = counts.keyword_only as u32;
        unit.class = class.or(self.unit.class);
        self.outer.push(std::mem::replace(&mut self.unit, unit));
        self.unit.metadata.qualified_name = self.qualified_name(name);
        self.set_up_variables();
        self.op_arg(Op::Resume, 0, Location::new(line, line, 0, 0));
    }

    /// Begins the current unit with its flags and variables.
    pub(super) fn set_up_variables(&mut self) {
        self.begin_context();
        self.unit.first_context = self.unit.context;
        self.unit.metadata.flags = self.code_flags();
        let scope = self.scope();
        self.unit.looks_into_class = scope.kind == ScopeKind::Class || scope.can_see_class_scope;
        self.note_variables();
    }

    pub(super) fn sort_by_text(&self, names: &mut [Symbol]) {
        names.sort_unstable_by_key(|name| self.text(*name));
    }

    /// Closes the current unit and returns its code.
    pub(super) fn leave_scope(&mut self, add_none: bool) -> Result<&'a CodeUnit<'a>> {
        let code = self.assemble_unit(add_none)?;
        if let Some(outer) = self.outer.pop() {
            let unit = std::mem::replace(&mut self.unit, outer);
            self.unit.has_inner_units = true;
            self.spare_units.push(unit);
        }
        Ok(code)
    }

    /// The code of the current unit, which is not used any more.
    pub(super) fn assemble_unit(&mut self, add_none: bool) -> Result<&'a CodeUnit<'a>> {
        self.return_at_end(add_none)?;
        let unit = &mut *self.unit;
        unit.sequence.loads_all_constants = true;
        (self.assemble)(&mut unit.sequence, &mut unit.metadata, self.outer.len())
    }

    fn code_flags(&self) -> u32 {
        let scope = self.table.scope(self.unit.scope);
        let mut bits = self.settings.features.flags & flags::PYCF_MASK;
        if scope.kind.is_function_like() {
            bits |= flags::CO_NEWLOCALS | flags::CO_OPTIMIZED;
            let conditions = [
                (scope.nested, flags::CO_NESTED),
                (scope.generator && !scope.coroutine, flags::CO_GENERATOR),
                (scope.generator && scope.coroutine, flags::CO_ASYNC_GENERATOR),
                (scope.has_starred_parameter, flags::CO_VARARGS),
                (scope.has_double_starred_parameter, flags::CO_VARKEYWORDS),
                (scope.has_docstring, flags::CO_HAS_DOCSTRING),
                (scope.is_method, flags::CO_METHOD),
            ];
            bits |= conditions.iter().filter(|(holds, _)| *holds).map(|(_, flag)| flag).sum::<u32>();
        }
        if scope.coroutine && !scope.generator {
            bits |= flags::CO_COROUTINE;
        }
        bits
    }

    fn qualified_name(&mut self, name: Symbol) -> Wtf8<'a> {
        // Annotation scopes don't show in names: what is in them is named after what is around them.
        let (parent, depth) = match self.outer.as_slice() {
            [.., grandparent, parent] if parent.kind == UnitKind::Annotations => (grandparent, self.outer.len() - 1),
            [.., parent] => (parent, self.outer.len()),
            [] => return self.text(name),
        };
        if depth <= 1 {
            return self.text(name);
        }
        if matches!(self.unit.kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Class) {
            let mangled = mangle(parent.class, name, self.interner);
            if self.table.scope(parent.scope).binding(mangled) == Some(Binding::GlobalExplicit) {
                return self.text(name);
            }
        }
        let in_function = matches!(parent.kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda);
        let between: &[u8] = if in_function { b".<locals>." } else { b"." };
        let text = self.interner.text(name);
        let bytes = [parent.metadata.qualified_name.as_bytes(), between, text.as_bytes()].concat();
        Wtf8::from_bytes(&bytes).map_or(text, |qualified| self.arena().text(qualified))
    }

    /// The number of code among the constants. Code that equals code of another place, as it may in trees without places, is that code, its qualified
    /// name included.
    fn number_of_code(&mut self, code: &'a CodeUnit<'a>) -> u32 {
        let count = self.codes.len() as u32;
        let code = Constant::Code(code);
        let constants = &mut self.unit.metadata.constants;
        let number = self.codes.add(code);
        match self.codes.get(number) {
            Some(known) if number < count => constants.add(*known),
            _ => constants.push(code),
        }
    }

    /// Makes a function of `code`, with a closure if it has free variables.
    pub(super) fn make_closure(
        &mut self,
        code: &'a CodeUnit<'a>,
        attributes: Attributes,
        location: Location,
    ) -> Result<()> {
        let mut free_variables = 0;
        for (name, kind) in code.locals_plus_names.iter().zip(code.locals_plus_kinds) {
            if kind & flags::CO_FAST_FREE != 0 {
                let number = self.closure_variable(name.text())?;
                self.op_arg(Op::LoadClosure, number, location);
                free_variables += 1;
            }
        }
        if free_variables > 0 {
            self.op_count(Op::BuildTuple, free_variables, location);
        }
        let number = self.number_of_code(code);
        self.unit.sequence.add_load_of_other(number, location);
        self.op(Op::MakeFunction, location);
        let set = [
            (free_variables > 0, FunctionAttribute::Closure),
            (attributes.annotate, FunctionAttribute::Annotate),
            (attributes.keyword_defaults, FunctionAttribute::KeywordDefaults),
            (attributes.defaults, FunctionAttribute::Defaults),
        ];
        for (_, attribute) in set.into_iter().filter(|(wanted, _)| *wanted) {
            self.op_arg(Op::SetFunctionAttribute, attribute as u32, location);
        }
        Ok(())
    }

    /// Which of our variables a free variable of an inner unit is.
    fn closure_variable(&mut self, name: Wtf8<'_>) -> Result<u32> {
        // A class may have a variable that a method has as free variable; in the closure it is the outer one.
        let symbol = self.interner.intern(name);
        let metadata = &self.unit.metadata;
        let number = match self.binding_in_unit(symbol) {
            Some(Binding::Cell) => metadata.cell_variables.number(symbol),
            _ => metadata.free_variables.number(symbol).map(|number| number + metadata.cell_variables.len() as u32),
        };
        number.ok_or_else(|| {
            let message = format!("no variable '{name}' for a closure in {}", metadata.name).into();
            let kind = SyntaxErrorKind::SystemError;
            Box::new(SyntaxError { kind, message, span: None, line: ErrorLine::Reached })
        })
    }

    /// The binding of `name`; those that a class provides to its methods are cells of it.
    pub(super) fn binding_in_unit(&self, name: Symbol) -> Option<Binding> {
        if self.unit.kind == UnitKind::Class && self.names.of_class().contains(&name) {
            return Some(Binding::Cell);
        }
        self.table.scope(self.unit.scope).binding(name)
    }

    pub(super) fn scope(&self) -> &Scope {
        self.table.scope(self.unit.scope)
    }

    pub(super) fn in_class_scope(&self) -> bool {
        self.scope().kind == ScopeKind::Class
    }
}
