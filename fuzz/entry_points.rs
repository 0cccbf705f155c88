//! What fuzzing runs: each function takes any bytes and must come back.
//!
//! Called by the targets in `fuzz_targets` and by the compiler's test `mutations`. What they check besides: that whatever
//! was compiled survives marshalling, and that the place of an error can be told.

use bytecode::arena::Arena;
use bytecode::constant::Constant;
use bytecode::disassemble::disassemble;
use bytecode::line_table;
use bytecode::marshal::plain::{read_code_unit, read_constant};
use bytecode::marshal::write::{write_code_unit, write_constant};
use bytecode::pyc;
use naja_compiler::{CompileOptions, compile};
use syntax::ast::NodeRef;
use syntax::ast::dump::dump;
use syntax::parser::{Mode, Options, parse_or_reject};
use syntax::source::{Source, SourceOptions};
use syntax::string_literal::UnicodeNames;
use syntax::tokenizer::TokenizerOptions;
use syntax::tokenizer::module::ModuleTokens;
use text::wtf8::Wtf8;

/// What the parser and each pass may take of the native stack, which has 2 MB in a test's thread.
const STACK_BUDGET: usize = 1 << 20;

/// A choice of modes and options, then source text.
pub fn front_end(data: &[u8]) {
    let Some((choice, text)) = data.split_first() else { return };
    let bit = |number: u8| choice >> number & 1 != 0;
    let mode = match choice & 3 {
        0 => Mode::Module,
        1 => Mode::Interactive,
        2 => Mode::Expression,
        _ => Mode::FunctionType,
    };
    tokens(text, bit(2));
    let source_options = SourceOptions { add_final_newline: mode == Mode::Module, ..SourceOptions::default() };
    let decoder = &mut |encoding: &str, _: &[u8]| Err(encoding.into());
    let Ok(source) = Source::from_bytes(text, source_options, None, decoder) else { return };
    let mut options = Options::new(&UnicodeNames);
    options.stack_budget = STACK_BUDGET;
    options.type_comments = bit(2);
    options.allow_incomplete_input = bit(3);
    options.dont_imply_dedent = bit(4);
    options.barry_as_flufl = bit(5);
    let arena = Arena::new();
    let parsed = match parse_or_reject(&source, &arena, mode, options) {
        Ok(parsed) => parsed,
        Err(rejected) => {
            if let Some(span) = rejected.error.span {
                source.exception_offset(span.start);
                source.exception_offset(span.end);
            }
            source.error_text(&rejected.error);
            return;
        }
    };
    let _ = dump(NodeRef::Mod(&parsed.tree.module), &parsed.tree.interner, true);
    let flags = if bit(6) { bytecode::code_flags::CO_FUTURE_ANNOTATIONS } else { 0 };
    let options = CompileOptions { optimize: choice >> 6, flags, stack_budget: STACK_BUDGET, has_columns: true };
    let Ok(compiled) = compile(parsed.tree, Wtf8::of("<fuzz>"), &options) else { return };
    let Ok(data) = write_code_unit(compiled.code) else { return };
    let back = read_code_unit(&data, &arena).expect("what was written can be read");
    // NaNs differ from all constants, themselves included.
    if !format!("{back:?}").contains("NaN") {
        assert_eq!(back, compiled.code, "what is read is what was written");
    }
}

/// The tokens that the module `tokenize` shows.
fn tokens(text: &[u8], type_comments: bool) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let source_options = SourceOptions { translate_newlines: false, refuse_nulls: false, ..SourceOptions::default() };
    let Ok(source) = Source::from_text(text, source_options) else { return };
    let options = TokenizerOptions { extra_tokens: true, type_comments, ..TokenizerOptions::default() };
    let mut tokens = ModuleTokens::new(&source, options);
    while let Ok(Some(_)) = tokens.next_token() {}
}

/// Marshal data, perhaps with the header of a `.pyc` file.
pub fn marshal(data: &[u8]) {
    let body = pyc::read_header(data).map_or(data, |(_, body)| body);
    let arena = Arena::new();
    let Ok(constant) = read_constant(body, &arena) else { return };
    look_at(&constant);
    // What is deeper than marshal writes is refused.
    let _ = write_constant(constant);
}

/// Reads the tables of code, which may be damaged.
fn look_at(constant: &Constant<'_>) {
    match constant {
        Constant::Tuple(items) | Constant::FrozenSet(items) => items.iter().for_each(look_at),
        Constant::Code(unit) => {
            let _ = disassemble(unit);
            line_table::positions(unit.line_table, unit.first_line).for_each(drop);
            line_table::lines(unit.line_table, unit.first_line).for_each(drop);
            bytecode::exception_table::entries(unit.exception_table).for_each(drop);
            bytecode::exception_table::lookup(unit.exception_table, 3);
            unit.constants.iter().for_each(look_at);
        }
        _ => {}
    }
}
