//! The table against what `tests/record_instructions.py` recorded from the reference.

use super::operands::{
    BinaryIntrinsic, BinaryOperator, CommonConstant, ComparisonOperator, SpecialMethod, UnaryIntrinsic,
};
use super::{CompilerOpcode, InstructionFlags, Opcode};

const RECORDED: &str = include_str!("../../tests/data/instructions.tsv");
const OPARGS: [u32; 7] = [0, 1, 2, 3, 7, 255, 0x302];

fn predicates(opcode: CompilerOpcode) -> String {
    let flag = |flag| opcode.flags().contains(flag);
    let held = [
        ("arg", flag(InstructionFlags::ARG)),
        ("const", flag(InstructionFlags::CONST)),
        ("name", flag(InstructionFlags::NAME)),
        ("jump", flag(InstructionFlags::JUMP)),
        ("free", flag(InstructionFlags::FREE)),
        ("local", flag(InstructionFlags::LOCAL)),
        ("exc", opcode.is_block_push()),
    ];
    let names: Vec<_> = held.iter().filter(|(_, held)| *held).map(|(name, _)| *name).collect();
    if names.is_empty() { "-".into() } else { names.join(",") }
}

fn effects(opcode: CompilerOpcode) -> String {
    let effect = |oparg, jump| match opcode.stack_effect(oparg, jump) {
        Some(effect) => effect.to_string(),
        None => "-".into(),
    };
    let both = [false, true].iter().flat_map(|jump| OPARGS.iter().map(|oparg| effect(*oparg, *jump)));
    both.collect::<Vec<_>>().join(",")
}

#[test]
fn table_is_the_reference_s() {
    let mut seen = 0;
    for line in RECORDED.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<_> = line.split('\t').collect();
        let [name, number, caches, base, flags, stack_effects] = fields[..] else { panic!("{line}") };
        let opcode = CompilerOpcode::from_number(number.parse().unwrap()).unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(opcode.name(), name);
        assert_eq!(predicates(opcode), flags, "{name}");
        assert_eq!(effects(opcode), stack_effects, "{name}");
        if let Some(real) = opcode.to_opcode() {
            assert_eq!(real.deoptimized().name(), base, "{name}");
            if !real.is_instrumented() {
                assert_eq!(real.cache_entries().to_string(), caches, "{name}");
            }
        }
        seen += 1;
    }
    assert_eq!(seen, CompilerOpcode::ALL.len());
}

#[test]
fn variant_names_are_the_names_in_camel_case() {
    for opcode in CompilerOpcode::ALL {
        assert_eq!(format!("{opcode:?}").to_uppercase(), opcode.name().replace('_', ""));
    }
}

#[test]
fn instrumented_instructions_have_the_caches_of_the_original() {
    let originals = Opcode::ALL.iter().filter_map(|opcode| Some((opcode, opcode.instruments()?)));
    for (opcode, original) in originals {
        assert_eq!(opcode.name(), format!("INSTRUMENTED_{}", original.name()));
        assert_eq!(opcode.cache_entries(), original.cache_entries());
    }
    let without = Opcode::ALL.iter().filter(|opcode| opcode.is_instrumented() && opcode.instruments().is_none());
    assert_eq!(
        without.map(|opcode| opcode.name()).collect::<Vec<_>>(),
        ["INSTRUMENTED_INSTRUCTION", "INSTRUMENTED_LINE"]
    );
}

#[test]
fn operands_are_the_reference_s() {
    let recorded = |kind: &str| {
        let line = RECORDED.lines().find_map(|line| line.strip_prefix(kind)).unwrap();
        line.trim_start().split('\t').map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(BinaryOperator::ALL.iter().map(|each| each.symbol()).collect::<Vec<_>>(), recorded("#binary"));
    assert_eq!(ComparisonOperator::ALL.iter().map(|each| each.symbol()).collect::<Vec<_>>(), recorded("#comparison"));
    assert_eq!(UnaryIntrinsic::ALL.iter().map(|each| each.name()).collect::<Vec<_>>(), recorded("#intrinsic1"));
    assert_eq!(BinaryIntrinsic::ALL.iter().map(|each| each.name()).collect::<Vec<_>>(), recorded("#intrinsic2"));
    assert_eq!(SpecialMethod::ALL.iter().map(|each| each.name()).collect::<Vec<_>>(), recorded("#special"));
    assert_eq!(CommonConstant::ALL.iter().map(|each| each.name()).collect::<Vec<_>>(), recorded("#common"));
}

#[test]
fn stack_items_are_counted_as_the_table_says() {
    for opcode in CompilerOpcode::ALL {
        for oparg in (0..0x120).chain([0x201, 0x302, 0xFFFF]) {
            assert_eq!(opcode.pops(oparg), opcode.pops_by_argument(oparg), "{opcode} {oparg}");
            assert_eq!(opcode.pushes(oparg), opcode.pushes_by_argument(oparg), "{opcode} {oparg}");
        }
    }
}
