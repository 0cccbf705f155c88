//! `Location`: the piece of source that an instruction comes from.
//!
//! The code generator attaches one to each instruction, the flow graph moves them about, the line table stores them. A
//! line below zero means that there is none: [`Location::NONE`] or, before assembly, [`Location::NEXT`].

/// Lines count from 1, columns count UTF-8 bytes from 0; -1 is unknown. The fields have the order of those of a span of the source, so that
/// one is made of the other by copying it as a whole.
#[derive(Clone, Copy, Debug, Eq)]
pub struct Location {
    pub line: i32,
    pub column: i32,
    pub end_line: i32,
    pub end_column: i32,
}

impl PartialEq for Location {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        // One branch instead of four: the passes compare many, and the outcome is hard to foresee.
        // Those that lie next to each other are read as one.
        let join = |one: i32, other: i32| u64::from(one as u32) | u64::from(other as u32) << 32;
        let start = join(self.line, self.column) ^ join(other.line, other.column);
        let end = join(self.end_line, self.end_column) ^ join(other.end_line, other.end_column);
        start | end == 0
    }
}

impl Location {
    /// The instruction is nowhere in the source.
    pub const NONE: Self = Self { line: -1, end_line: -1, column: -1, end_column: -1 };
    /// The instruction is where the next one is; the assembler resolves it.
    pub const NEXT: Self = Self { line: -2, end_line: -2, column: -2, end_column: -2 };

    pub const fn new(line: i32, end_line: i32, column: i32, end_column: i32) -> Self {
        Self { line, end_line, column, end_column }
    }

    /// A line as a whole.
    pub const fn of_line(line: i32) -> Self {
        Self::new(line, line, -1, -1)
    }

    /// Whether the location has a line.
    pub const fn has_line(self) -> bool {
        self.line >= 0
    }
}
