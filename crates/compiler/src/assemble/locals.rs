//! The slots of a frame: names and kinds of locals, cells and free variables.

use bytecode::code_flags::{
    CO_FAST_ARG_KW, CO_FAST_ARG_POS, CO_FAST_ARG_VAR, CO_FAST_CELL, CO_FAST_FREE, CO_FAST_HIDDEN, CO_FAST_LOCAL,
    CO_VARARGS, CO_VARKEYWORDS,
};
use text::wtf8::Wtf8Buf;

use crate::unit::UnitMetadata;

/// `co_localsplusnames` and `co_localspluskinds`. The names of variables are taken out of the metadata.
pub(super) fn locals_plus(metadata: &mut UnitMetadata) -> (Vec<Wtf8Buf>, Vec<u8>) {
    let most = metadata.variable_names.len() + metadata.cell_variables.len() + metadata.free_variables.len();
    let mut kinds = Vec::with_capacity(most);
    let parameters = parameter_kinds(metadata).chain(std::iter::repeat(0));
    for (name, parameter) in metadata.variable_names.names().iter().zip(parameters) {
        let is_hidden = !metadata.hidden_variables.is_empty() && metadata.hidden_variables.contains(name);
        let is_cell = !metadata.cell_variables.is_empty() && metadata.cell_variables.contains(name);
        let hidden = if is_hidden { CO_FAST_HIDDEN } else { 0 };
        let cell = if is_cell { CO_FAST_CELL } else { 0 };
        kinds.push(CO_FAST_LOCAL | parameter | hidden | cell);
    }
    let mut cells = metadata.cell_variables.take_names();
    // A cell that is a local too has its slot there.
    cells.retain(|name| !metadata.variable_names.contains(name));
    let free = metadata.free_variables.take_names();
    let mut names = metadata.variable_names.take_names();
    kinds.extend(std::iter::repeat_n(CO_FAST_CELL, cells.len()));
    kinds.extend(std::iter::repeat_n(CO_FAST_FREE, free.len()));
    names.extend(cells);
    names.extend(free);
    (names, kinds)
}

/// The kinds of the parameters, which come first among the locals.
fn parameter_kinds(metadata: &UnitMetadata) -> impl Iterator<Item = u8> + use<> {
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
