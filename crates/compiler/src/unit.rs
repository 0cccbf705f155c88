//! `UnitMetadata`: what code generation knows of a code unit besides its instructions.
//!
//! Code generation fills it while it emits instructions whose arguments index these tables; the assembler makes the
//! `co_*` fields of it. The tables own the rule that an index, once given out, stays.

use std::collections::{HashMap, HashSet};

use bytecode::constant::Constant;
use text::wtf8::Wtf8Buf;

/// Names numbered in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct NameTable {
    names: Vec<Wtf8Buf>,
    numbers: HashMap<Wtf8Buf, u32>,
}

impl NameTable {
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of `name`, which is added if it is not there yet.
    pub fn add(&mut self, name: &Wtf8Buf) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.names.push(name.clone());
        self.numbers.insert(name.clone(), number);
        number
    }

    pub fn number(&self, name: &Wtf8Buf) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    pub fn contains(&self, name: &Wtf8Buf) -> bool {
        self.numbers.contains_key(name)
    }

    pub fn names(&self) -> &[Wtf8Buf] {
        &self.names
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

impl<'a> FromIterator<&'a Wtf8Buf> for NameTable {
    fn from_iter<I: IntoIterator<Item = &'a Wtf8Buf>>(names: I) -> Self {
        let mut table = Self::new();
        for name in names {
            table.add(name);
        }
        table
    }
}

/// Constants numbered in the order in which they came, equal ones once.
#[derive(Clone, Debug, Default)]
pub struct ConstantTable {
    constants: Vec<Constant>,
    numbers: HashMap<Constant, u32>,
}

impl ConstantTable {
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of `constant`, which is added if no equal one is there yet.
    pub fn add(&mut self, constant: Constant) -> u32 {
        if let Some(number) = self.numbers.get(&constant) {
            return *number;
        }
        let number = self.constants.len() as u32;
        self.constants.push(constant.clone());
        self.numbers.insert(constant, number);
        number
    }

    pub fn get(&self, number: u32) -> Option<&Constant> {
        self.constants.get(number as usize)
    }

    pub fn len(&self) -> usize {
        self.constants.len()
    }

    pub fn is_empty(&self) -> bool {
        self.constants.is_empty()
    }

    pub fn constants(&self) -> &[Constant] {
        &self.constants
    }

    /// Keeps the constants whose number is marked in `keep`; those that stay are renumbered in order.
    pub fn retain_numbers(&mut self, keep: &[bool]) {
        let mut marks = keep.iter();
        self.constants.retain(|_| marks.next().copied().unwrap_or(false));
        *self = std::mem::take(&mut self.constants).into();
    }

    pub fn into_constants(self) -> Vec<Constant> {
        self.constants
    }
}

impl From<Vec<Constant>> for ConstantTable {
    /// A table of these constants with the numbers that they have here, even if some are equal.
    fn from(constants: Vec<Constant>) -> Self {
        let mut numbers = HashMap::new();
        for (number, constant) in (0..).zip(&constants) {
            numbers.entry(constant.clone()).or_insert(number);
        }
        Self { constants, numbers }
    }
}

/// A code unit's names, constants and counts, as CPython's `_PyCompile_CodeUnitMetadata`.
#[derive(Clone, Debug)]
pub struct UnitMetadata {
    pub filename: Wtf8Buf,
    pub name: Wtf8Buf,
    pub qualified_name: Wtf8Buf,
    /// `CO_*` flags.
    pub flags: u32,
    pub constants: ConstantTable,
    /// `co_names`.
    pub names: NameTable,
    /// Fast locals, the parameters first, `*args` and `**kwargs` last among these.
    pub variable_names: NameTable,
    /// Variables that inner functions use. An argument of `LOAD_DEREF` and its like is a number of this table or, above
    /// its length, of `free_variables`; so is that of `LOAD_CLOSURE`.
    pub cell_variables: NameTable,
    /// Variables of outer functions.
    pub free_variables: NameTable,
    /// Fast locals that exist only inside inlined comprehensions.
    pub hidden_variables: HashSet<Wtf8Buf>,
    /// Parameters that can be given both by position and by keyword.
    pub argument_count: u32,
    pub positional_only_argument_count: u32,
    pub keyword_only_argument_count: u32,
    /// All parameters, `*args` and `**kwargs` included: they are bound when the function starts.
    pub parameter_count: u32,
    pub first_line: i32,
}

impl UnitMetadata {
    /// A unit without variables, constants or parameters.
    pub fn new(filename: Wtf8Buf, name: Wtf8Buf, qualified_name: Wtf8Buf, first_line: i32) -> Self {
        Self {
            filename,
            name,
            qualified_name,
            flags: 0,
            constants: ConstantTable::new(),
            names: NameTable::new(),
            variable_names: NameTable::new(),
            cell_variables: NameTable::new(),
            free_variables: NameTable::new(),
            hidden_variables: HashSet::new(),
            argument_count: 0,
            positional_only_argument_count: 0,
            keyword_only_argument_count: 0,
            parameter_count: 0,
            first_line,
        }
    }
}
