//! `class`.

use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::UnaryIntrinsic;
use bytecode::location::Location;
use syntax::ast::ClassDef;
use syntax::interner::Symbol;
use syntax::token::Span;

use super::functions::first_line;
use super::scopes::{Attributes, ParameterCounts};
use super::{CodeGenerator, Result, UnitKind};
use crate::instruction_sequence::location_of;
use crate::symbol_table::ScopeKey;

impl<'a> CodeGenerator<'a, '_> {
    /// `__build_class__(function of the body, name, *bases, **keywords)`.
    pub(super) fn class(&mut self, node: &'a ClassDef<'a>, span: Span) -> Result<()> {
        self.decorators(&node.decorator_list)?;
        let line = first_line(&node.decorator_list, span);
        let location = location_of(span);
        if node.type_params.is_empty() {
            self.class_body(node, line, span)?;
            self.call_with_pushed(2, &node.bases, None, &node.keywords, location)?;
        } else {
            self.generic_class(node, line, span)?;
        }
        self.apply_decorators(&node.decorator_list);
        self.store_name(node.name, location);
        Ok(())
    }

    /// A class with type parameters is made by a function in whose scope these are.
    fn generic_class(&mut self, node: &'a ClassDef<'a>, line: i32, span: Span) -> Result<()> {
        let location = location_of(span);
        let (hidden, base) = (self.names.hidden_type_parameters, self.names.generic_base);
        let scope = self.find_scope(ScopeKey::type_parameters(&node.type_params), span)?;
        let name = self.type_parameters_name(node.name);
        self.enter_scope(scope, UnitKind::Annotations, name, line, Some(node.name), ParameterCounts::default());
        self.type_parameters(&node.type_params)?;
        self.store_name(hidden, location);
        self.class_body(node, line, span)?;
        self.load_name(hidden, location);
        self.intrinsic(UnaryIntrinsic::SubscriptGeneric, location);
        self.store_name(base, location);
        self.call_with_pushed(2, &node.bases, Some(base), &node.keywords, location)?;
        let code = self.leave_scope(false)?;
        self.make_closure(code, Attributes::default(), location)?;
        self.op_joined(Op::PushNull, location);
        self.op_arg(Op::Call, 0, location);
        Ok(())
    }

    /// The unit of the body, and then the first arguments of `__build_class__`.
    fn class_body(&mut self, node: &'a ClassDef<'a>, line: i32, span: Span) -> Result<()> {
        let scope = self.find_scope(ScopeKey::class(node), span)?;
        let counts = ParameterCounts::default();
        self.enter_scope(scope, UnitKind::Class, node.name, line, Some(node.name), counts);
        let location = Location::new(line, line, 0, 0);
        self.class_header(node, location);
        self.body(&node.body, location, false)?;
        self.class_end();
        let code = self.leave_scope(true)?;
        // The class itself is where the statement is, not where the decorators are.
        let location = location_of(span);
        self.op(Op::LoadBuildClass, location);
        self.op_joined(Op::PushNull, location);
        self.make_closure(code, Attributes::default(), location)?;
        self.name_string(node.name, location);
        Ok(())
    }

    /// What a class's namespace has before its body runs.
    fn class_header(&mut self, node: &ClassDef<'a>, location: Location) {
        let names = self.names;
        self.load_name(names.name, location);
        self.store_name(names.module, location);
        let qualified_name = self.unit.metadata.qualified_name;
        self.string(qualified_name, location);
        self.store_name(names.qualified_name, location);
        let line = self.arena().integer_of(i64::from(self.unit.metadata.first_line));
        self.constant(Constant::Integer(line), location);
        self.store_name(names.first_line, location);
        if !node.type_params.is_empty() {
            self.load_name(names.hidden_type_parameters, location);
            self.store_name(names.type_parameters, location);
        }
        if self.scope().needs_class_dict {
            self.op(Op::LoadLocals, location);
            self.store_cell(names.class_dict, location);
        }
        if self.scope().has_conditional_annotations {
            self.op_arg(Op::BuildSet, 0, location);
            self.store_cell(names.conditional_annotations, location);
        }
    }

    /// What a class's namespace gets when its body has run.
    fn class_end(&mut self) {
        let names = self.names;
        let mut attributes: Vec<Symbol> = self.unit.static_attributes.iter().collect();
        self.sort_by_text(&mut attributes);
        self.string_tuple(attributes.into_iter(), Location::NONE);
        self.store_name(names.static_attributes, Location::NONE);
        if self.scope().needs_class_dict {
            self.load_cell(names.class_dict);
            self.store_name(names.class_dict_cell, Location::NONE);
        }
        if self.scope().needs_class_closure {
            self.load_cell(names.class);
            self.op_arg(Op::Copy, 1, Location::NONE);
            self.store_name(names.class_cell, Location::NONE);
        } else {
            self.none(Location::NONE);
        }
        self.op(Op::ReturnValue, Location::NONE);
    }

    fn store_cell(&mut self, name: Symbol, location: Location) {
        let number = self.unit.metadata.cell_variables.add(name, self.interner);
        self.op_arg(Op::StoreDeref, number, location);
    }

    fn load_cell(&mut self, name: Symbol) {
        let number = self.unit.metadata.cell_variables.add(name, self.interner);
        self.op_arg(Op::LoadClosure, number, Location::NONE);
    }
}
