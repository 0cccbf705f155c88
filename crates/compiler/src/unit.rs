//! `UnitMetadata`: what code generation knows of a code unit besides its instructions.
//!
//! Code generation fills it while it emits instructions whose arguments index these tables; the assembler makes the
//! `co_*` fields of it. The tables own the rule that an index, once given out, stays.

use bytecode::constant::Constant;
use text::fast_hash::FastMap;
use text::wtf8::Wtf8Buf;

use crate::symbol_table::names::{NameSet, fingerprint};

/// Up to how many names or constants a scan is faster than hashing.
const LINEAR: usize = 8;

/// Names numbered in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct NameTable {
    names: Vec<Wtf8Buf>,
    fingerprints: Vec<u64>,
    /// Empty until there are more than `LINEAR` names.
    numbers: FastMap<Wtf8Buf, u32>,
}

impl NameTable {
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of `name`, which is added if it is not there yet.
    pub fn add(&mut self, name: &Wtf8Buf) -> u32 {
        if let Some(number) = self.number(name) {
            return number;
        }
        let number = self.names.len() as u32;
        self.names.push(name.clone());
        self.fingerprints.push(fingerprint(name));
        if !self.numbers.is_empty() {
            self.numbers.insert(name.clone(), number);
        } else if self.names.len() > LINEAR {
            self.numbers = self.names.iter().cloned().zip(0..).collect();
        }
        number
    }

    pub fn number(&self, name: &Wtf8Buf) -> Option<u32> {
        if self.numbers.is_empty() {
            let fingerprint = fingerprint(name);
            let mut known = self.names.iter().zip(&self.fingerprints);
            return known.position(|(it, print)| *print == fingerprint && it == name).map(|number| number as u32);
        }
        self.numbers.get(name).copied()
    }

    pub fn contains(&self, name: &Wtf8Buf) -> bool {
        self.number(name).is_some()
    }

    pub fn names(&self) -> &[Wtf8Buf] {
        &self.names
    }

    pub fn into_names(self) -> Vec<Wtf8Buf> {
        self.names
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
    /// Empty until there are more than `LINEAR` constants.
    numbers: FastMap<Constant, u32>,
}

impl ConstantTable {
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of `constant`, which is added if no equal one is there yet.
    pub fn add(&mut self, constant: Constant) -> u32 {
        let known = match self.numbers.is_empty() {
            true => self.constants.iter().position(|it| *it == constant).map(|number| number as u32),
            false => self.numbers.get(&constant).copied(),
        };
        if let Some(number) = known {
            return number;
        }
        let number = self.constants.len() as u32;
        if !self.numbers.is_empty() {
            self.numbers.insert(constant.clone(), number);
        }
        self.constants.push(constant);
        if self.numbers.is_empty() && self.constants.len() > LINEAR {
            self.index();
        }
        number
    }

    /// Of equal constants, which there are only if the table was made of a list, the first counts.
    fn index(&mut self) {
        for (number, constant) in (0..).zip(&self.constants) {
            self.numbers.entry(constant.clone()).or_insert(number);
        }
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
        // Rarely is one added after this, so the next that is makes the index.
        self.numbers.clear();
    }

    pub fn into_constants(self) -> Vec<Constant> {
        self.constants
    }
}

impl From<Vec<Constant>> for ConstantTable {
    /// A table of these constants with the numbers that they have here, even if some are equal.
    fn from(constants: Vec<Constant>) -> Self {
        let mut table = Self { constants, numbers: FastMap::default() };
        if table.constants.len() > LINEAR {
            table.index();
        }
        table
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
    pub hidden_variables: NameSet,
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
            hidden_variables: NameSet::default(),
            argument_count: 0,
            positional_only_argument_count: 0,
            keyword_only_argument_count: 0,
            parameter_count: 0,
            first_line,
        }
    }
}
