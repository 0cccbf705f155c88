//! Loading, storing and deleting variables: which instruction a name needs.

use bytecode::instruction::CompilerOpcode as Op;
use bytecode::location::Location;
use syntax::ast::ExprContext;
use syntax::interner::Symbol;

use super::CodeGenerator;
use crate::symbol_table::scope::{Binding, ScopeKind};

/// Where instructions find a variable.
#[derive(Clone, Copy)]
enum Place {
    Fast,
    Dereference,
    Global,
    Name,
}

/// A variable and its number.
#[derive(Clone, Copy)]
pub(super) struct Found {
    place: Place,
    binding: Option<Binding>,
    number: u32,
}

impl CodeGenerator<'_, '_> {
    pub(super) fn load_name(&mut self, name: Symbol, location: Location) {
        self.variable(name, ExprContext::Load, location);
    }

    pub(super) fn store_name(&mut self, name: Symbol, location: Location) {
        self.variable(name, ExprContext::Store, location);
    }

    pub(super) fn delete_name(&mut self, name: Symbol, location: Location) {
        self.variable(name, ExprContext::Del, location);
    }

    /// Names in the unit mean something else from here on than before.
    pub(super) fn begin_context(&mut self) {
        self.contexts += 1;
        self.unit.context = self.contexts;
    }

    /// As [`Self::variable`], for a name of the tree: most are met again and again.
    pub(super) fn variable_of_tree(&mut self, name: Symbol, context: ExprContext, location: Location) {
        let found = self.recent.get(name, self.unit.context).unwrap_or_else(|| {
            let found = self.find(name);
            // The numbers of other variables depend on how many cells there are so far.
            if !matches!(found.place, Place::Dereference) {
                self.recent.put(name, self.unit.context, found);
            }
            found
        });
        self.use_variable(found, context, location);
    }

    fn variable(&mut self, name: Symbol, context: ExprContext, location: Location) {
        let found = self.find(name);
        self.use_variable(found, context, location);
    }

    /// The number of an attribute's name, which is one of the tree, in `co_names`.
    pub(super) fn attribute_of_tree(&mut self, name: Symbol) -> u32 {
        if let Some(number) = self.recent_attributes.get(name, self.unit.context) {
            return number;
        }
        let mangled = self.mangled(name);
        let number = self.number_of_name(mangled);
        self.recent_attributes.put(name, self.unit.context, number);
        number
    }

    fn find(&mut self, name: Symbol) -> Found {
        let mangled = self.mangled(name);
        let binding = self.scope().binding(mangled);
        let place = self.place_of(mangled, binding);
        let number = self.number_of(mangled, binding, &place);
        Found { place, binding, number }
    }

    fn use_variable(&mut self, found: Found, context: ExprContext, location: Location) {
        // The name was numbered before whatever the loading of the class's namespace needs.
        let Found { place, binding, number } = found;
        let scope = self.scope();
        let sees_class = scope.can_see_class_scope;
        let in_class = scope.kind == ScopeKind::Class;
        let is_inlined = self.unit.inlined_comprehensions > 0;
        let opcode = match (place, context) {
            (Place::Fast, ExprContext::Load) => Op::LoadFast,
            (Place::Fast, ExprContext::Store) => Op::StoreFast,
            (Place::Fast, ExprContext::Del) => Op::DeleteFast,
            (Place::Dereference, ExprContext::Load) if in_class && !is_inlined => {
                self.op(Op::LoadLocals, location);
                Op::LoadFromDictOrDeref
            }
            (Place::Dereference, ExprContext::Load) if sees_class => {
                self.load_class_dict(location);
                Op::LoadFromDictOrDeref
            }
            (Place::Dereference, ExprContext::Load) => Op::LoadDeref,
            (Place::Dereference, ExprContext::Store) => Op::StoreDeref,
            (Place::Dereference, ExprContext::Del) => Op::DeleteDeref,
            (Place::Global, ExprContext::Load) if sees_class && binding == Some(Binding::GlobalImplicit) => {
                self.load_class_dict(location);
                Op::LoadFromDictOrGlobals
            }
            (Place::Global, ExprContext::Load) => Op::LoadGlobal,
            (Place::Global, ExprContext::Store) => Op::StoreGlobal,
            (Place::Global, ExprContext::Del) => Op::DeleteGlobal,
            (Place::Name, ExprContext::Load) if in_class && is_inlined => Op::LoadGlobal,
            (Place::Name, ExprContext::Load) => Op::LoadName,
            (Place::Name, ExprContext::Store) => Op::StoreName,
            (Place::Name, ExprContext::Del) => Op::DeleteName,
        };
        let argument = if opcode == Op::LoadGlobal { number << 1 } else { number };
        self.op_arg(opcode, argument, location);
    }

    fn place_of(&self, mangled: Symbol, binding: Option<Binding>) -> Place {
        let function_like = self.scope().kind.is_function_like();
        match binding {
            Some(Binding::Free | Binding::Cell) => Place::Dereference,
            Some(Binding::Local) if function_like || self.unit.hidden_now.contains(mangled) => Place::Fast,
            Some(Binding::GlobalImplicit) if function_like => Place::Global,
            Some(Binding::GlobalExplicit) => Place::Global,
            _ => Place::Name,
        }
    }

    fn number_of(&mut self, mangled: Symbol, binding: Option<Binding>, place: &Place) -> u32 {
        let metadata = &mut self.unit.metadata;
        match place {
            Place::Fast => metadata.variable_names.add(mangled, self.interner),
            Place::Dereference if binding == Some(Binding::Cell) => metadata.cell_variables.add(mangled, self.interner),
            Place::Dereference => self.free_variable(mangled),
            Place::Global | Place::Name => metadata.names.add(mangled, self.interner),
        }
    }

    /// The number of a free variable, as instructions have it.
    pub(super) fn free_variable(&mut self, name: Symbol) -> u32 {
        let metadata = &mut self.unit.metadata;
        metadata.cell_variables.len() as u32 + metadata.free_variables.add(name, self.interner)
    }

    /// Loads the namespace of the class around an annotation scope.
    fn load_class_dict(&mut self, location: Location) {
        let name = self.names.class_dict;
        let number = self.free_variable(name);
        self.op_arg(Op::LoadDeref, number, location);
    }
}
