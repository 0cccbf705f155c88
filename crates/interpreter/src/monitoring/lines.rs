//! Which instructions begin a line, as far as `LINE` events are concerned (the rules are those of CPython's `Python/instrumentation.c`).

use bytecode::exception_table;
use bytecode::instruction::Opcode;
use bytecode::line_table;

use crate::code::Code;

/// The lines of a code object's instructions.
pub(super) struct Lines {
    /// The line of each code unit; negative where there is none.
    lines: Box<[i32]>,
    begins: Box<[bool]>,
}

impl Lines {
    pub fn of(code: &Code) -> Self {
        let table = line_table::positions(code.line_table().as_slice(), code.first_line());
        let mut lines: Vec<i32> = table.take(code.unit_count()).map(|it| it.line).collect();
        lines.resize(code.unit_count(), -1);
        let begins = vec![false; lines.len()].into();
        let mut lines = Self { lines: lines.into(), begins };
        lines.mark_changes(code);
        lines.mark_targets(code);
        for handler in exception_table::entries(code.exception_table().as_slice()) {
            let target = handler.target as usize;
            if code.original_opcode(target) != Some(Opcode::EndAsyncFor) {
                lines.mark(target);
            }
        }
        lines
    }

    /// The line of an instruction; negative if it has none.
    pub fn line(&self, index: usize) -> i32 {
        self.lines.get(index).copied().unwrap_or(-1)
    }

    pub fn begins_line(&self, index: usize) -> bool {
        self.begins.get(index).copied().unwrap_or(false)
    }

    fn mark(&mut self, index: usize) {
        if self.line(index) >= 0 {
            self.begins[index] = true;
        }
    }

    /// Instructions on another line than the one before. The ends of loops are jumped over, and belong to the loop.
    fn mark_changes(&mut self, code: &Code) {
        let mut current = -1;
        let mut index = code.first_traceable();
        while let Some(opcode) = code.original_opcode(index) {
            let is_hidden = matches!(
                opcode,
                Opcode::EndAsyncFor | Opcode::EndFor | Opcode::EndSend | Opcode::Resume | Opcode::PopIter
            );
            if !is_hidden {
                if self.line(index) != current {
                    self.mark(index);
                }
                current = self.line(index);
            }
            index += 1 + opcode.cache_entries();
        }
    }

    /// What is jumped to: if the jump comes from the same line, it is found out when it happens.
    fn mark_targets(&mut self, code: &Code) {
        let instructions = code.original_code();
        let (mut index, mut argument) = (code.first_traceable(), 0usize);
        while let (Some(opcode), Some(low)) = (code.original_opcode(index), instructions.get(index * 2 + 1)) {
            argument = argument << 8 | usize::from(*low);
            index += 1 + opcode.cache_entries();
            let target = match opcode {
                Opcode::ExtendedArg => continue,
                Opcode::PopJumpIfFalse
                | Opcode::PopJumpIfTrue
                | Opcode::PopJumpIfNone
                | Opcode::PopJumpIfNotNone
                | Opcode::JumpForward => Some(index + argument),
                // Behind the loop's END_FOR, the delegate's END_SEND.
                Opcode::ForIter | Opcode::Send => Some(index + argument + 1),
                Opcode::JumpBackward | Opcode::JumpBackwardNoInterrupt => index.checked_sub(argument),
                _ => None,
            };
            argument = 0;
            if let Some(target) = target
                && code.original_opcode(target) != Some(Opcode::PopIter)
            {
                self.mark(target);
            }
        }
    }
}
