//! The text of a recorded code object.

use crate::arena::Arena;
use crate::disassemble::disassemble;
use crate::marshal::plain::read_code_unit;
use crate::test_support::from_hex;

#[test]
fn text_of_branches() {
    let recorded = include_str!("../../tests/data/marshal.tsv");
    let hex = recorded.lines().find_map(|line| line.strip_prefix("code\tbranches\t")).unwrap();
    let text = disassemble(read_code_unit(&from_hex(hex), &Arena::new()).unwrap());
    let expected = include_str!("../../tests/data/branches.disassembly");
    assert_eq!(text, expected, "got:\n{text}");
}
