//! Inlined comprehensions (PEP 709): their variables live among those of the scope around, which they must not disturb.

use bytecode::instruction::CompilerOpcode as Op;
use bytecode::location::Location;
use syntax::interner::Symbol;

use super::frame_blocks::FrameBlockKind;
use super::{CodeGenerator, Result};
use crate::instruction_sequence::Label;
use crate::symbol_table::scope::{Binding, Scope, ScopeId, SymbolFlags};

/// What is to be undone after an inlined comprehension.
pub(super) struct Inlined {
    /// The names whose values lie on the stack meanwhile.
    pushed: Vec<Symbol>,
    /// The flags that names have outside.
    outer_flags: Vec<(Symbol, SymbolFlags)>,
    /// The names that are fast locals only inside.
    hidden: Vec<Symbol>,
    /// Where the values are restored if an exception leaves the comprehension.
    cleanup: Option<Label>,
}

impl CodeGenerator<'_, '_> {
    /// Lets the names of the comprehension have their meaning in it. The outermost iterator is on the stack.
    pub(super) fn enter_inlined(&mut self, scope: ScopeId, location: Location) -> Result<Inlined> {
        let in_class = self.in_class_scope() && self.unit.inlined_comprehensions == 0;
        self.unit.inlined_comprehensions += 1;
        self.begin_context();
        let symbols: Vec<(Symbol, SymbolFlags)> =
            self.table.scope(scope).symbols.iter().map(|(name, flags)| (name, *flags)).collect();
        let mut inlined = Inlined { pushed: Vec::new(), outer_flags: Vec::new(), hidden: Vec::new(), cleanup: None };
        let function_like = self.scope().kind.is_function_like();
        for (name, flags) in &symbols {
            let outer = self.scope().flags(*name);
            if differs(*flags, outer) || in_class {
                self.outer_scope().symbols.insert(*name, *flags);
                inlined.outer_flags.push((*name, outer));
            }
            if (is_bound_here(*flags) || in_class) && !function_like && self.unit.hidden_now.insert(*name) {
                self.unit.metadata.hidden_variables.insert(*name);
                inlined.hidden.push(*name);
            }
        }
        for (name, flags) in symbols {
            if is_bound_here(flags) {
                self.push_outer_value(name, flags, location);
                inlined.pushed.push(name);
            }
        }
        if !inlined.pushed.is_empty() {
            // Brings the iterator back to the top.
            self.op_count(Op::Swap, inlined.pushed.len() + 1, location);
            let cleanup = self.new_label();
            self.jump(Op::SetupFinally, cleanup, location);
            self.push_frame_block(FrameBlockKind::InlinedComprehension, location)?;
            inlined.cleanup = Some(cleanup);
        }
        Ok(inlined)
    }

    fn outer_scope(&mut self) -> &mut Scope {
        self.table.scope_mut(self.unit.scope)
    }

    /// Moves the value that a name has outside to the stack; of a cell variable, the cell.
    fn push_outer_value(&mut self, name: Symbol, flags: SymbolFlags, location: Location) {
        let mangled = self.mangled(name);
        let number = self.unit.metadata.variable_names.add(mangled, self.interner);
        self.op_arg(Op::LoadFastAndClear, number, location);
        if flags.binding() != Some(Binding::Cell) {
            return;
        }
        let number = match self.scope().binding(name) {
            Some(Binding::Free) => self.free_variable(mangled),
            _ => self.unit.metadata.cell_variables.add(mangled, self.interner),
        };
        self.op_arg(Op::MakeCell, number, location);
    }

    /// Restores what the names mean and their values. The result of the comprehension is on the stack.
    pub(super) fn leave_inlined(&mut self, inlined: Inlined, location: Location) {
        if let Some(cleanup) = inlined.cleanup {
            self.op(Op::PopBlock, Location::NONE);
            self.pop_frame_block();
            let end = self.new_label();
            self.jump(Op::JumpNoInterrupt, end, Location::NONE);
            self.place(cleanup);
            // The incomplete result lies beneath the exception.
            self.op_arg(Op::Swap, 2, Location::NONE);
            self.op(Op::PopTop, Location::NONE);
            self.restore_values(&inlined.pushed, location);
            self.op_arg(Op::Reraise, 0, Location::NONE);
            self.place(end);
            self.restore_values(&inlined.pushed, location);
        }
        self.unit.inlined_comprehensions -= 1;
        self.begin_context();
        for (name, flags) in &inlined.outer_flags {
            self.outer_scope().symbols.insert(*name, *flags);
        }
        for name in &inlined.hidden {
            self.unit.hidden_now.remove(*name);
        }
    }

    fn restore_values(&mut self, names: &[Symbol], location: Location) {
        self.op_count(Op::Swap, names.len() + 1, location);
        for name in names.iter().rev() {
            let mangled = self.mangled(*name);
            let number = self.unit.metadata.variable_names.add(mangled, self.interner);
            self.op_arg(Op::StoreFastMaybeNull, number, location);
        }
    }
}

/// Whether a name needs its binding of the comprehension while we are in it. Free names are what they are outside; a cell
/// that is free outside stays free, which comes to the same.
fn differs(inner: SymbolFlags, outer: SymbolFlags) -> bool {
    let (inner, outer) = (inner.binding(), outer.binding());
    inner != outer && inner != Some(Binding::Free) && !(inner == Some(Binding::Cell) && outer == Some(Binding::Free))
}

/// Whether the comprehension binds the name itself; the target of an assignment expression is nonlocal to it.
fn is_bound_here(flags: SymbolFlags) -> bool {
    flags.intersects(SymbolFlags::LOCAL) && !flags.intersects(SymbolFlags::NONLOCAL)
}
