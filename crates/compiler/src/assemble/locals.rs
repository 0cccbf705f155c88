//! The slots of a frame: names and kinds of locals, cells and free variables.

use bytecode::code_flags::{
    CO_FAST_ARG_KW, CO_FAST_ARG_POS, CO_FAST_ARG_VAR, CO_FAST_CELL, CO_FAST_FREE, CO_FAST_HIDDEN, CO_FAST_LOCAL,
    CO_VARARGS, CO_VARKEYWORDS,
};
use text::wtf8::Wtf8Buf;

use crate::unit::UnitMetadata;

/// `co_localsplusnames` and `co_localspluskinds`.
pub(super) fn locals_plus(metadata: &UnitMetadata) -> (Vec<Wtf8Buf>, Vec<u8>) {
    let mut names = Vec::new();
    let mut kinds = Vec::new();
    let parameters = parameter_kinds(metadata).chain(std::iter::repeat(0));
    for (name, parameter) in metadata.variable_names.names().iter().zip(parameters) {
        let hidden = if metadata.hidden_variables.contains(name) { CO_FAST_HIDDEN } else { 0 };
        let cell = if metadata.cell_variables.contains(name) { CO_FAST_CELL } else { 0 };
        names.push(name.clone());
        kinds.push(CO_FAST_LOCAL | parameter | hidden | cell);
    }
    // A cell that is a local too has its slot there.
    for name in metadata.cell_variables.names().iter().filter(|name| !metadata.variable_names.contains(name)) {
        names.push(name.clone());
        kinds.push(CO_FAST_CELL);
    }
    for name in metadata.free_variables.names() {
        names.push(name.clone());
        kinds.push(CO_FAST_FREE);
    }
    (names, kinds)
}

/// The kinds of the parameters, which come first among the locals.
fn parameter_kinds(metadata: &UnitMetadata) -> impl Iterator<Item = u8> {
    let has = |flag: u32| u32::from(metadata.flags & flag != 0);
    [
        (metadata.positional_only_argument_count, CO_FAST_ARG_POS),
        (metadata.argument_count, CO_FAST_ARG_POS | CO_FAST_ARG_KW),
        (metadata.keyword_only_argument_count, CO_FAST_ARG_KW),
        (has(CO_VARARGS), CO_FAST_ARG_VAR | CO_FAST_ARG_POS),
        (has(CO_VARKEYWORDS), CO_FAST_ARG_VAR | CO_FAST_ARG_KW),
    ]
    .into_iter()
    .flat_map(|(count, kind)| std::iter::repeat_n(kind, count as usize))
}
