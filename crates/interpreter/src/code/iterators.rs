//! What `co_lines()`, `co_positions()` and `co_branches()` give.

use std::cell::Cell;

use bytecode::instruction::Opcode;
use bytecode::line_table;
use bytecode::line_table::LineRange;
use bytecode::location::Location;
use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::object::BaseObject;
use objects::protocol::make_int;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use super::Code;

/// A number, or None for what is not known.
fn number(value: i32, thread: &mut Thread) -> Py<Object> {
    if value < 0 { thread.none() } else { make_int(i128::from(value), thread) }
}

fn tuple(values: Vec<Py<Object>>, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
    Tuple::new(values, thread).map(Some)
}

/// What an iterator goes through, read from the code's table when it was made.
struct Snapshot<T>(Box<[T]>);

impl<T> Traverse for Snapshot<T> {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl<T: Copy> Snapshot<T> {
    /// The item at the index, which moves on.
    fn next(&self, index: &Cell<usize>) -> Option<T> {
        let item = self.0.get(index.get()).copied()?;
        index.set(index.get() + 1);
        Some(item)
    }
}

/// Iterates over the runs of code on one line.
#[derive(Instance)]
#[repr(C)]
pub struct LineIterator {
    header: Header,
    ranges: Snapshot<LineRange>,
    index: Cell<usize>,
}

impl LineIterator {
    pub(super) fn new(code: &Code, thread: &mut Thread) -> Py<LineIterator> {
        let header = Header::new(Self::class());
        let ranges = line_table::lines(code.line_table().as_slice(), code.first_line()).collect();
        Py::new(Self { header, ranges: Snapshot(ranges), index: Cell::new(0) }, thread)
    }
}

#[python_type(name = "line_iterator", symbol = "_PyLineIterator", base = BaseObject)]
impl LineIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<LineIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        let Some(range) = self.ranges.next(&self.index) else { return Ok(None) };
        let (start, end) = (make_int(i128::from(range.start), thread), make_int(i128::from(range.end), thread));
        let line = match range.line {
            Some(line) => make_int(i128::from(line), thread),
            None => thread.none(),
        };
        tuple(vec![start, end, line], thread)
    }
}

/// Iterates over the places of the code units.
#[derive(Instance)]
#[repr(C)]
pub struct PositionIterator {
    header: Header,
    places: Snapshot<Location>,
    index: Cell<usize>,
}

impl PositionIterator {
    pub(super) fn new(code: &Code, thread: &mut Thread) -> Py<PositionIterator> {
        let header = Header::new(Self::class());
        let places = line_table::positions(code.line_table().as_slice(), code.first_line()).collect();
        Py::new(Self { header, places: Snapshot(places), index: Cell::new(0) }, thread)
    }
}

#[python_type(name = "positions_iterator", symbol = "_PyPositionsIterator", base = BaseObject)]
impl PositionIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<PositionIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        let Some(place) = self.places.next(&self.index) else { return Ok(None) };
        let parts = [place.line, place.end_line, place.column, place.end_column].map(|it| number(it, thread));
        tuple(parts.into(), thread)
    }
}

/// Iterates over the instructions that may go on in two places.
#[derive(Instance)]
#[repr(C)]
pub struct BranchIterator {
    header: Header,
    /// Where each is, where it goes on without and with the jump, in code units.
    branches: Snapshot<[usize; 3]>,
    index: Cell<usize>,
}

impl BranchIterator {
    pub(super) fn new(code: &Code, thread: &mut Thread) -> Py<BranchIterator> {
        let header = Header::new(Self::class());
        let branches = branches(&code.original_code()).into();
        Py::new(Self { header, branches: Snapshot(branches), index: Cell::new(0) }, thread)
    }
}

/// Where each instruction is that may go on in two places, and where it goes on without and with the jump; in code units.
pub(crate) fn branches(code: &[u8]) -> Vec<[usize; 3]> {
    let mut branches = Vec::new();
    let (mut at, mut argument) = (0, 0usize);
    while let Some([number, low]) = code.get(at * 2..at * 2 + 2) {
        let Some(opcode) = Opcode::from_u8(*number) else { break };
        let next = at + 1 + opcode.cache_entries();
        argument = argument << 8 | usize::from(*low);
        match opcode {
            Opcode::ExtendedArg => {
                at = next;
                continue;
            }
            // Behind the loop stand END_FOR and POP_ITER, which the jump passes over.
            Opcode::ForIter => branches.push([at, next, next + argument + 2]),
            Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue | Opcode::PopJumpIfNone | Opcode::PopJumpIfNotNone => {
                branches.push([at, next + 1, next + argument]);
            }
            Opcode::EndAsyncFor => {
                let source = next.saturating_sub(argument);
                branches.push([source, source + 2, next]);
            }
            _ => {}
        }
        (at, argument) = (next, 0);
    }
    branches
}

#[python_type(name = "line_iterator", symbol = "_PyBranchesIterator", base = BaseObject)]
impl BranchIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<BranchIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        let Some(branch) = self.branches.next(&self.index) else { return Ok(None) };
        let offsets = branch.map(|unit| make_int(unit as i128 * 2, thread));
        tuple(offsets.into(), thread)
    }
}
