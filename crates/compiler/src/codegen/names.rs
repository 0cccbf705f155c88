//! Loading, storing and deleting variables: which instruction a name needs.

use bytecode::instruction::CompilerOpcode as Op;
use bytecode::location::Location;
use syntax::ast::ExprContext;
use syntax::interner::Symbol;

use super::CodeGenerator;
use crate::symbol_table::scope::{Binding, ScopeKind, SymbolFlags};

/// Where instructions find a variable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Fast,
    Dereference,
    Global,
    Name,
}

/// The instructions that load, store and delete a variable, by its place.
static OPCODES: [[Op; 3]; 4] = [
    [Op::LoadFast, Op::StoreFast, Op::DeleteFast],
    [Op::LoadDeref, Op::StoreDeref, Op::DeleteDeref],
    [Op::LoadGlobal, Op::StoreGlobal, Op::DeleteGlobal],
    [Op::LoadName, Op::StoreName, Op::DeleteName],
];

/// The number of a variable that has none yet.
const UNNUMBERED: u32 = u32::MAX;

/// A variable and its number.
#[derive(Clone, Copy, Debug, Default)]
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

    /// Notes what the symbol table says of the names of the unit, which begins: from then on, a variable of [`Self::recent`] that has no number has
    /// not been met in the unit.
    pub(super) fn note_variables(&mut self) {
        let context = self.unit.context;
        let scope = self.table.scope(self.unit.scope);
        let in_function = scope.kind.is_function_like();
        let (mut cells, mut free) = (Vec::new(), Vec::new());
        for (name, flags) in scope.symbols.iter() {
            let binding = flags.binding();
            if binding == Some(Binding::Cell) || flags.intersects(SymbolFlags::COMPREHENSION_CELL) {
                cells.push(name);
            }
            if binding == Some(Binding::Free) || flags.intersects(SymbolFlags::FREE_IN_CLASS) {
                free.push(name);
            }
            // Where a private name stands in the tree, it is not this one.
            if !name.is_private() {
                let place = place_of(binding, in_function, false);
                self.recent.put(name, context, Found { place, binding, number: UNNUMBERED });
            }
        }
        self.number_parameters();
        self.number_cells(cells, free);
    }

    fn number_parameters(&mut self) {
        let context = self.unit.context;
        let metadata = &mut self.unit.metadata;
        let parameters = &self.table.scope(self.unit.scope).parameters;
        metadata.parameter_count = parameters.len() as u32;
        for name in parameters {
            let number = metadata.variable_names.push(*name, self.interner);
            if let Some(found) = self.recent.get(*name, context).filter(|found| found.place == Place::Fast) {
                self.recent.put(*name, context, Found { number, ..found });
            }
        }
    }

    /// Numbers cells and free variables by their texts, so that equal programs get equal code.
    fn number_cells(&mut self, mut cells: Vec<Symbol>, mut free: Vec<Symbol>) {
        self.sort_by_text(&mut cells);
        self.sort_by_text(&mut free);
        let scope = self.table.scope(self.unit.scope);
        let implicit_cells = [
            (scope.needs_class_closure, self.names.class),
            (scope.needs_class_dict, self.names.class_dict),
            (scope.has_conditional_annotations, self.names.conditional_annotations),
        ];
        cells.extend(implicit_cells.into_iter().filter(|(needed, _)| *needed).map(|(_, name)| name));
        let metadata = &mut self.unit.metadata;
        for name in cells {
            metadata.cell_variables.add(name, self.interner);
        }
        for name in free {
            metadata.free_variables.push(name, self.interner);
        }
    }

    #[inline(never)]
    pub(super) fn variable(&mut self, name: Symbol, context: ExprContext, location: Location) {
        let found = match self.recent.get(name, self.unit.context) {
            Some(found) if found.number != UNNUMBERED => found,
            Some(found) => self.number_new(name, found),
            None => self.find(name),
        };
        // The name was numbered before whatever the loading of the class's namespace needs.
        if self.unit.looks_into_class && context == ExprContext::Load {
            return self.load_from_class(found, location);
        }
        let opcode = OPCODES[found.place as usize][context as usize];
        let argument = if opcode == Op::LoadGlobal { found.number << 1 } else { found.number };
        self.op_arg(opcode, argument, location);
    }

    /// Loads a variable in a class, or in an annotation scope that sees the names of one.
    #[inline(never)]
    fn load_from_class(&mut self, found: Found, location: Location) {
        let Found { place, binding, number } = found;
        let scope = self.scope();
        let sees_class = scope.can_see_class_scope;
        let in_class = scope.kind == ScopeKind::Class;
        let is_inlined = self.unit.inlined_comprehensions > 0;
        match place {
            Place::Fast => self.op_arg(Op::LoadFast, number, location),
            Place::Dereference if in_class && !is_inlined => {
                self.op(Op::LoadLocals, location);
                self.op_arg(Op::LoadFromDictOrDeref, number, location);
            }
            Place::Dereference if sees_class => {
                self.load_class_dict(location);
                self.op_arg(Op::LoadFromDictOrDeref, number, location);
            }
            Place::Dereference => self.op_arg(Op::LoadDeref, number, location),
            Place::Global if sees_class && binding == Some(Binding::GlobalImplicit) => {
                self.load_class_dict(location);
                self.op_arg(Op::LoadFromDictOrGlobals, number, location);
            }
            Place::Name if !(in_class && is_inlined) => self.op_arg(Op::LoadName, number, location),
            Place::Global | Place::Name => self.op_arg(Op::LoadGlobal, number << 1, location),
        }
    }

    /// The number of an attribute's name in `co_names`.
    pub(super) fn number_of_attribute(&mut self, name: Symbol) -> u32 {
        let mangled = self.mangled(name);
        self.number_of_name(mangled)
    }

    /// The number of a name in `co_names`.
    pub(super) fn number_of_name(&mut self, name: Symbol) -> u32 {
        let unit = &mut *self.unit;
        if let Some(number) = self.recent_numbers.get(name, unit.first_context) {
            return number;
        }
        // If it had been met, it would be among the recent ones, unless units within this one had displaced it.
        let number = match unit.has_inner_units {
            true => unit.metadata.names.add(name, self.interner),
            false => unit.metadata.names.push(name, self.interner),
        };
        self.recent_numbers.put(name, unit.first_context, number);
        number
    }

    /// Numbers a variable that was not met in the unit before.
    #[inline(never)]
    fn number_new(&mut self, name: Symbol, mut found: Found) -> Found {
        found.number = match found.place {
            Place::Fast => self.unit.metadata.variable_names.push(name, self.interner),
            Place::Dereference => return Found { number: self.number_of_cell(name, found.binding), ..found },
            Place::Global | Place::Name => self.number_of_name(name),
        };
        self.recent.put(name, self.unit.context, found);
        found
    }

    /// Looks up a variable of which nothing is known.
    #[inline(never)]
    fn find(&mut self, name: Symbol) -> Found {
        let mangled = self.mangled(name);
        let binding = self.scope().binding(mangled);
        let is_hidden = self.unit.hidden_now.contains(mangled);
        let place = place_of(binding, self.scope().kind.is_function_like(), is_hidden);
        let number = match place {
            Place::Fast => self.unit.metadata.variable_names.add(mangled, self.interner),
            Place::Dereference => return Found { place, binding, number: self.number_of_cell(mangled, binding) },
            Place::Global | Place::Name => self.number_of_name(mangled),
        };
        let found = Found { place, binding, number };
        self.recent.put(name, self.unit.context, found);
        if mangled != name {
            self.recent.put(mangled, self.unit.context, found);
        }
        found
    }

    /// The number of a cell or free variable. It is not kept, as those of free variables depend on how many cells there are so far.
    fn number_of_cell(&mut self, mangled: Symbol, binding: Option<Binding>) -> u32 {
        match binding {
            Some(Binding::Cell) => self.unit.metadata.cell_variables.add(mangled, self.interner),
            _ => self.free_variable(mangled),
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

/// Where a variable is; `is_hidden` says whether it is one of an inlined comprehension.
fn place_of(binding: Option<Binding>, in_function: bool, is_hidden: bool) -> Place {
    match binding {
        Some(Binding::Free | Binding::Cell) => Place::Dereference,
        Some(Binding::Local) if in_function || is_hidden => Place::Fast,
        Some(Binding::GlobalImplicit) if in_function => Place::Global,
        Some(Binding::GlobalExplicit) => Place::Global,
        _ => Place::Name,
    }
}
