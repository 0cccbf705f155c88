//! Loading, storing and deleting variables: which instruction a name needs.

use bytecode::instruction::CompilerOpcode as Op;
use bytecode::location::Location;
use syntax::ast::ExprContext;
use text::wtf8::Wtf8Buf;

use super::CodeGenerator;
use crate::symbol_table::scope::{Binding, ScopeKind};

/// Where instructions find a variable.
enum Place {
    Fast,
    Dereference,
    Global,
    Name,
}

impl CodeGenerator<'_, '_> {
    pub(super) fn load_name(&mut self, name: &Wtf8Buf, location: Location) {
        self.variable(name, ExprContext::Load, location);
    }

    pub(super) fn store_name(&mut self, name: &Wtf8Buf, location: Location) {
        self.variable(name, ExprContext::Store, location);
    }

    pub(super) fn delete_name(&mut self, name: &Wtf8Buf, location: Location) {
        self.variable(name, ExprContext::Del, location);
    }

    pub(super) fn variable(&mut self, name: &Wtf8Buf, context: ExprContext, location: Location) {
        let mangled = self.mangled(name);
        let scope = self.scope();
        let binding = scope.binding(&mangled);
        let sees_class = scope.can_see_class_scope;
        let in_class = scope.kind == ScopeKind::Class;
        let is_inlined = self.unit.inlined_comprehensions > 0;
        let place = self.place_of(&mangled, binding);
        // The name is numbered before whatever the loading of the class's namespace needs.
        let number = self.number_of(&mangled, binding, &place);
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

    fn place_of(&self, mangled: &Wtf8Buf, binding: Option<Binding>) -> Place {
        let function_like = self.scope().kind.is_function_like();
        match binding {
            Some(Binding::Free | Binding::Cell) => Place::Dereference,
            Some(Binding::Local) if function_like || self.unit.hidden_now.contains(mangled) => Place::Fast,
            Some(Binding::GlobalImplicit) if function_like => Place::Global,
            Some(Binding::GlobalExplicit) => Place::Global,
            _ => Place::Name,
        }
    }

    fn number_of(&mut self, mangled: &Wtf8Buf, binding: Option<Binding>, place: &Place) -> u32 {
        let metadata = &mut self.unit.metadata;
        match place {
            Place::Fast => metadata.variable_names.add(mangled),
            Place::Dereference if binding == Some(Binding::Cell) => metadata.cell_variables.add(mangled),
            Place::Dereference => self.free_variable(mangled),
            Place::Global | Place::Name => metadata.names.add(mangled),
        }
    }

    /// The number of a free variable, as instructions have it.
    pub(super) fn free_variable(&mut self, name: &Wtf8Buf) -> u32 {
        let metadata = &mut self.unit.metadata;
        metadata.cell_variables.len() as u32 + metadata.free_variables.add(name)
    }

    /// Loads the namespace of the class around an annotation scope.
    fn load_class_dict(&mut self, location: Location) {
        let name = self.names.class_dict.clone();
        let number = self.free_variable(&name);
        self.op_arg(Op::LoadDeref, number, location);
    }
}
