//! `import` and `from … import`.

use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::UnaryIntrinsic;
use bytecode::location::Location;
use syntax::ast::{Alias, Import, ImportFrom};
use syntax::interner::Symbol;
use text::wtf8::Wtf8;

use super::CodeGenerator;
use crate::symbol_table::first_component;

impl CodeGenerator<'_, '_> {
    pub(super) fn import(&mut self, node: &Import<'_>, location: Location) {
        for alias in &node.names {
            self.integer(0, location);
            self.none(location);
            self.name_op(Op::ImportName, alias.name, location);
            match alias.asname {
                Some(target) => self.import_as(alias, target, location),
                None => {
                    let first = first_component(alias.name, self.interner);
                    self.store_name(first, location);
                }
            }
        }
    }

    /// `import a.b.c as d`: the import gives `a`, of which `b` and then `c` are taken.
    fn import_as(&mut self, alias: &Alias, target: Symbol, location: Location) {
        let path = self.text(alias.name);
        let mut attributes = path.as_bytes().split(|byte| *byte == b'.').skip(1).peekable();
        if attributes.peek().is_none() {
            return self.store_name(target, location);
        }
        while let Some(attribute) = attributes.next() {
            let name = self.interner.intern(Wtf8::from_bytes(attribute).unwrap_or(Wtf8::of("")));
            let number = self.number_of_name(name);
            self.op_arg(Op::ImportFrom, number, location);
            if attributes.peek().is_some() {
                self.op_arg(Op::Swap, 2, location);
                self.op(Op::PopTop, location);
            }
        }
        self.store_name(target, location);
        self.op(Op::PopTop, location);
    }

    pub(super) fn import_from(&mut self, node: &ImportFrom<'_>, location: Location) {
        let level = self.arena().integer_of(i64::from(node.level.unwrap_or(0)));
        self.constant(Constant::Integer(level), location);
        self.string_tuple(node.names.iter().map(|alias| alias.name), location);
        let module = node.module.unwrap_or(self.names.empty);
        self.name_op(Op::ImportName, module, location);
        for (index, alias) in node.names.iter().enumerate() {
            if index == 0 && self.text(alias.name).as_bytes().starts_with(b"*") {
                self.intrinsic(UnaryIntrinsic::ImportStar, location);
                self.op(Op::PopTop, Location::NONE);
                return;
            }
            self.name_op(Op::ImportFrom, alias.name, location);
            self.store_name(alias.asname.unwrap_or(alias.name), location);
        }
        self.op(Op::PopTop, location);
    }
}
