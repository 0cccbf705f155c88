//! `UnitMetadata`: what code generation knows of a code unit besides its instructions.
//!
//! Code generation fills it while it emits instructions whose arguments index these tables; the assembler makes the
//! `co_*` fields of it. The tables own the rule that an index, once given out, stays.

use bytecode::arena::Arena;
use bytecode::code_unit::Name;
use bytecode::constant::Constant;
use syntax::interner::{Interner, Symbol};
use text::wtf8::Wtf8;

use crate::numbering::{Fingerprint, Numbering, of_bytes, of_number};
use crate::symbol_table::names::NameSet;

/// The name of a symbol, as code units have it.
pub fn name_of<'t>(name: Symbol, interner: &Interner<'t>) -> Name<'t> {
    Name::new(interner.text(name), name.index() as u32)
}

/// Names numbered in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct NameTable<'t> {
    symbols: NameSet,
    /// As code units have them.
    names: Vec<Name<'t>>,
}

impl<'t> NameTable<'t> {
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of `name`, which is added if it is not there yet.
    pub fn add(&mut self, name: Symbol, interner: &Interner<'t>) -> u32 {
        let number = self.symbols.place(name);
        if number == self.names.len() {
            self.names.push(name_of(name, interner));
        }
        number as u32
    }

    /// The number of `name`, which is not there yet and is added.
    pub fn push(&mut self, name: Symbol, interner: &Interner<'t>) -> u32 {
        self.names.push(name_of(name, interner));
        self.symbols.push(name) as u32
    }

    pub fn number(&self, name: Symbol) -> Option<u32> {
        self.symbols.position(name).map(|number| number as u32)
    }

    /// As code units have them, in the order of their numbers.
    pub fn names(&self) -> &[Name<'t>] {
        &self.names
    }

    /// In the order of their numbers.
    pub fn symbols(&self) -> impl Iterator<Item = Symbol> {
        self.symbols.iter()
    }

    pub fn contains(&self, name: Symbol) -> bool {
        self.symbols.contains(name)
    }

    /// Moves the names to an arena. The table keeps its memory.
    pub fn take_names(&mut self, arena: &'t Arena) -> &'t [Name<'t>] {
        let names = arena.copies(&self.names);
        self.clear();
        names
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Makes it empty, but keeps its memory.
    pub fn clear(&mut self) {
        self.symbols.clear();
        self.names.clear();
    }
}

/// Constants numbered in the order in which they came, equal ones once.
#[derive(Clone, Debug)]
pub struct ConstantTable<'t> {
    /// Where its constants are.
    arena: &'t Arena,
    constants: Vec<Constant<'t>>,
    numbering: Numbering,
    /// The number of None, if it is known.
    none: Option<u32>,
}

/// How many items of a tuple count for its fingerprint.
const COUNTED_ITEMS: usize = 3;

/// The same for constants that are equal.
fn fingerprint(constant: &Constant<'_>) -> Fingerprint {
    match constant {
        Constant::None => of_number(1),
        Constant::Ellipsis => of_number(2),
        Constant::Bool(value) => of_number(3 + u64::from(*value)),
        Constant::Integer(value) => {
            let digits = value.digits();
            let lowest = u64::from(digits.first().copied().unwrap_or(0));
            of_number(5 + lowest + ((digits.len() as u64) << 34) + (u64::from(value.is_negative()) << 33))
        }
        Constant::Float(value) => of_number(value.to_bits()),
        Constant::Complex { real, imaginary } => of_number(real.to_bits() ^ imaginary.to_bits().rotate_left(7)),
        Constant::String(text) => of_bytes(text.as_bytes()),
        Constant::Bytes(bytes) => !of_bytes(bytes),
        Constant::Tuple(items) => {
            let few = items.iter().take(COUNTED_ITEMS).map(|item| u64::from(fingerprint(item)));
            of_number(few.fold(items.len() as u64, |sum, item| sum.rotate_left(11) ^ item))
        }
        // The order of the elements does not matter, so nothing but their number may count.
        Constant::FrozenSet(items) => of_number(6 + ((items.len() as u64) << 35)),
        Constant::Slice(parts) => {
            of_number(parts.iter().fold(7, |sum, part| sum.rotate_left(11) ^ u64::from(fingerprint(part))))
        }
        Constant::Code(code) => of_number(8 + ((code.first_line as u64) << 20) + code.code.len() as u64),
    }
}

impl<'t> ConstantTable<'t> {
    pub fn new(arena: &'t Arena) -> Self {
        Self { arena, constants: Vec::new(), numbering: Numbering::default(), none: None }
    }

    /// A table of these constants with the numbers that they have here, even if some are equal: of those the first is
    /// found.
    pub fn of(constants: Vec<Constant<'t>>, arena: &'t Arena) -> Self {
        let mut numbering = Numbering::default();
        for constant in &constants {
            numbering.push(fingerprint(constant));
        }
        Self { arena, constants, numbering, none: None }
    }

    pub fn arena(&self) -> &'t Arena {
        self.arena
    }

    /// The number of `constant`, which is added if no equal one is there yet.
    pub fn add(&mut self, constant: Constant<'t>) -> u32 {
        let fingerprint = fingerprint(&constant);
        let known = self.numbering.find(fingerprint, |number| self.constants[number] == constant);
        let number = known.unwrap_or_else(|| {
            self.constants.push(constant);
            self.numbering.push(fingerprint)
        });
        number as u32
    }

    /// The number of `constant`, which is added and equals none that is there.
    pub fn push(&mut self, constant: Constant<'t>) -> u32 {
        let fingerprint = fingerprint(&constant);
        self.constants.push(constant);
        self.numbering.push(fingerprint) as u32
    }

    /// The number of None, which most code units load several times.
    pub fn add_none(&mut self) -> u32 {
        let number = self.none.unwrap_or_else(|| self.add(Constant::None));
        self.none = Some(number);
        number
    }

    pub fn get(&self, number: u32) -> Option<&Constant<'t>> {
        self.constants.get(number as usize)
    }

    pub fn len(&self) -> usize {
        self.constants.len()
    }

    pub fn is_empty(&self) -> bool {
        self.constants.is_empty()
    }

    pub fn constants(&self) -> &[Constant<'t>] {
        &self.constants
    }

    /// Keeps the constants for whose number `keep` says so; those that stay are renumbered in order.
    pub fn retain_numbers(&mut self, keep: impl Fn(usize) -> bool) {
        self.none = None;
        let mut numbers = 0..;
        self.constants.retain(|_| numbers.next().is_some_and(&keep));
        self.numbering.retain(keep);
    }

    /// Moves the constants to the arena. The table keeps its memory.
    pub fn take_constants(&mut self) -> &'t [Constant<'t>] {
        let constants = self.arena.copies(&self.constants);
        self.clear();
        constants
    }

    /// Makes it empty, but keeps its memory.
    pub fn clear(&mut self) {
        self.constants.clear();
        self.numbering.clear();
        self.none = None;
    }
}

/// A code unit's names, constants and counts, as CPython's `_PyCompile_CodeUnitMetadata`.
#[derive(Clone, Debug)]
pub struct UnitMetadata<'t> {
    pub filename: Wtf8<'t>,
    pub name: Name<'t>,
    pub qualified_name: Wtf8<'t>,
    /// `CO_*` flags.
    pub flags: u32,
    pub constants: ConstantTable<'t>,
    /// `co_names`.
    pub names: NameTable<'t>,
    /// Fast locals, the parameters first, `*args` and `**kwargs` last among these.
    pub variable_names: NameTable<'t>,
    /// Variables that inner functions use. An argument of `LOAD_DEREF` and its like is a number of this table or, above
    /// its length, of `free_variables`; so is that of `LOAD_CLOSURE`.
    pub cell_variables: NameTable<'t>,
    /// Variables of outer functions.
    pub free_variables: NameTable<'t>,
    /// Fast locals that exist only inside inlined comprehensions.
    pub hidden_variables: NameSet,
    /// Parameters that can be given both by position and by keyword.
    pub argument_count: u32,
    pub positional_only_argument_count: u32,
    pub keyword_only_argument_count: u32,
    /// All parameters, `*args` and `**kwargs` included: they are bound when the function starts.
    pub parameter_count: u32,
    pub first_line: i32,
}

impl<'t> UnitMetadata<'t> {
    /// A unit without variables, constants or parameters.
    pub fn new(
        filename: Wtf8<'t>,
        name: Name<'t>,
        qualified_name: Wtf8<'t>,
        first_line: i32,
        arena: &'t Arena,
    ) -> Self {
        Self {
            filename,
            name,
            qualified_name,
            flags: 0,
            constants: ConstantTable::new(arena),
            names: NameTable::new(),
            variable_names: NameTable::new(),
            cell_variables: NameTable::new(),
            free_variables: NameTable::new(),
            hidden_variables: NameSet::default(),
            argument_count: 0,
            positional_only_argument_count: 0,
            keyword_only_argument_count: 0,
            parameter_count: 0,
            first_line,
        }
    }

    /// Makes it what [`UnitMetadata::new`] would make, but keeps the memory of its tables.
    pub fn reset(&mut self, filename: Wtf8<'t>, name: Name<'t>, qualified_name: Wtf8<'t>, first_line: i32) {
        (self.filename, self.name, self.qualified_name) = (filename, name, qualified_name);
        self.flags = 0;
        self.constants.clear();
        self.names.clear();
        self.variable_names.clear();
        self.cell_variables.clear();
        self.free_variables.clear();
        self.hidden_variables.clear();
        self.argument_count = 0;
        self.positional_only_argument_count = 0;
        self.keyword_only_argument_count = 0;
        self.parameter_count = 0;
        self.first_line = first_line;
    }
}
