//! The exception table: which handler covers each instruction (`co_exceptiontable`).
//!
//! The assembler writes it, the interpreter looks handlers up in it. The format is that of CPython's
//! `InternalDocs/exception_handling.md`: entries of four numbers (start, length, target, depth and lasti), each in
//! groups of six bits, most significant first; the first byte of an entry has its high bit set, so that a search can
//! start anywhere. Entries are sorted and do not overlap.

const ENTRY_START: u8 = 0x80;
const CONTINUES: u8 = 0x40;
/// Below this many bytes a search looks at every entry.
const MAX_LINEAR_SEARCH: usize = 40;

/// A range of code and its handler. All offsets are in code units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    pub start: u32,
    pub end: u32,
    pub target: u32,
    /// How many stack items stay.
    pub depth: u32,
    /// Whether the offset of the instruction that raised is pushed too.
    pub push_lasti: bool,
}

/// Appends an entry to a table.
pub fn write(table: &mut Vec<u8>, handler: Handler) {
    let values = [
        handler.start,
        handler.end - handler.start,
        handler.target,
        handler.depth << 1 | u32::from(handler.push_lasti),
    ];
    for (index, value) in values.into_iter().enumerate() {
        write_number(table, value, if index == 0 { ENTRY_START } else { 0 });
    }
}

fn write_number(table: &mut Vec<u8>, value: u32, mut mark: u8) {
    for shift in [24, 18, 12, 6] {
        if value >> shift != 0 {
            table.push((value >> shift) as u8 & 0x3F | CONTINUES | mark);
            mark = 0;
        }
    }
    table.push(value as u8 & 0x3F | mark);
}

/// All entries of a table. It ends where the table is damaged.
pub fn entries(table: &[u8]) -> impl Iterator<Item = Handler> {
    let mut rest = table;
    std::iter::from_fn(move || read_entry(&mut rest))
}

/// The handler for the instruction at `offset`, in code units.
pub fn lookup(table: &[u8], offset: u32) -> Option<Handler> {
    let mut low = 0;
    let mut high = table.len();
    // Invariant: an entry starts at `low`, and no entry that starts at `high` or after it starts at or before `offset`.
    while high - low > MAX_LINEAR_SEARCH {
        let middle = entry_start(table, low + (high - low) / 2);
        if middle == low {
            break;
        }
        if read_number(&mut &table[middle..])? > offset {
            high = middle;
        } else {
            low = middle;
        }
    }
    entries(&table[low..]).take_while(|handler| handler.start <= offset).find(|handler| offset < handler.end)
}

/// The start of the entry that `index` lies in.
fn entry_start(table: &[u8], mut index: usize) -> usize {
    while index > 0 && table[index] & ENTRY_START == 0 {
        index -= 1;
    }
    index
}

fn read_entry(bytes: &mut &[u8]) -> Option<Handler> {
    let start = read_number(bytes)?;
    let length = read_number(bytes)?;
    let target = read_number(bytes)?;
    let depth_and_lasti = read_number(bytes)?;
    Some(Handler {
        start,
        end: start.saturating_add(length),
        target,
        depth: depth_and_lasti >> 1,
        push_lasti: depth_and_lasti & 1 != 0,
    })
}

fn read_number(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0u32;
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value = value << 6 | u32::from(byte & 0x3F);
        if byte & CONTINUES == 0 {
            return Some(value);
        }
    }
}

#[cfg(test)]
mod tests;
