//! The slots of a frame: names and kinds of locals, cells and free variables.

use bytecode::arena::Arena;
use bytecode::code_flags::{
    CO_FAST_ARG_KW, CO_FAST_ARG_POS, CO_FAST_ARG_VAR, CO_FAST_CELL, CO_FAST_FREE, CO_FAST_HIDDEN, CO_FAST_LOCAL,
    CO_VARARGS, CO_VARKEYWORDS,
};
use bytecode::code_unit::Name;

use crate::unit::UnitMetadata;

/// `co_localsplusnames` and `co_localspluskinds`. The names of variables are taken out of the metadata.
#[inline(never)]
pub(super) fn locals_plus<'t>(metadata: &mut UnitMetadata<'t>) -> (&'t [Name<'t>], &'t [u8]) {
    let arena = metadata.constants.arena();
    let mut kinds = arena.list(std::iter::repeat_n(CO_FAST_LOCAL, metadata.variable_names.len()));
    mark_parameters(metadata, &mut kinds);
    let has_others = !metadata.hidden_variables.is_empty()
        || !metadata.cell_variables.is_empty()
        || !metadata.free_variables.is_empty();
    match has_others {
        true => with_others(metadata, &mut kinds, arena),
        false => (metadata.variable_names.take_names(arena), kinds.into_slice()),
    }
}

/// Marks the parameters, which come first among the locals.
fn mark_parameters(metadata: &UnitMetadata<'_>, kinds: &mut [u8]) {
    let has = |flag: u32| u32::from(metadata.flags & flag != 0);
    let sorts = [
        (metadata.positional_only_argument_count, CO_FAST_ARG_POS),
        (metadata.argument_count, CO_FAST_ARG_POS | CO_FAST_ARG_KW),
        (metadata.keyword_only_argument_count, CO_FAST_ARG_KW),
        (has(CO_VARARGS), CO_FAST_ARG_VAR | CO_FAST_ARG_POS),
        (has(CO_VARKEYWORDS), CO_FAST_ARG_VAR | CO_FAST_ARG_KW),
    ];
    let mut rest = kinds.iter_mut();
    for (count, sort) in sorts {
        rest.by_ref().take(count as usize).for_each(|kind| *kind |= sort);
    }
}

/// As [`locals_plus`], of a unit that has not only plain variables.
#[inline(never)]
fn with_others<'t>(
    metadata: &mut UnitMetadata<'t>,
    local_kinds: &mut [u8],
    arena: &'t Arena,
) -> (&'t [Name<'t>], &'t [u8]) {
    for (name, kind) in metadata.variable_names.symbols().zip(&mut *local_kinds) {
        if metadata.hidden_variables.contains(name) {
            *kind |= CO_FAST_HIDDEN;
        }
        if metadata.cell_variables.contains(name) {
            *kind |= CO_FAST_CELL;
        }
    }
    // A cell that is a local too has its slot there.
    let cells_alone = metadata.cell_variables.symbols().map(|name| !metadata.variable_names.contains(name));
    let mut are_alone = cells_alone.collect::<Vec<_>>().into_iter();
    let mut cells = metadata.cell_variables.names().to_vec();
    cells.retain(|_| are_alone.next().unwrap_or(true));
    let free = metadata.free_variables.names();
    let mut kinds = local_kinds.to_vec();
    kinds.extend(std::iter::repeat_n(CO_FAST_CELL, cells.len()));
    kinds.extend(std::iter::repeat_n(CO_FAST_FREE, free.len()));
    let names = [metadata.variable_names.names(), &cells, free].concat();
    (arena.copies(&names), arena.copies(&kinds))
}
