//! Specializing `LOAD_GLOBAL`: the place of the value in the dictionary's table, valid as long as the keys' version is.

use bytecode::instruction::Opcode;
use objects::dict::Dict;
use objects::refs::Object;
use objects::str::Str;
use objects::thread::Thread;

use super::{give_up, specialize, write_u16};
use crate::code::CodeUnitPointer;

/// The cache's layout: counter, index, version of the globals' keys, version of the builtins' keys.
#[inline(never)]
pub(crate) fn load_global(
    caches: CodeUnitPointer,
    globals: &Object,
    builtins: &Object,
    name: &Str,
    thread: &mut Thread,
) {
    let (Some(globals), Some(builtins)) = (globals.downcast_exact::<Dict>(), builtins.downcast_exact::<Dict>()) else {
        return give_up(caches);
    };
    let Some(globals_version) = short_version(globals, thread) else { return give_up(caches) };
    if let Some(index) = short_index(globals, name, thread) {
        write_u16(caches, 1, index);
        write_u16(caches, 2, globals_version);
        return specialize(caches, Opcode::LoadGlobalModule);
    }
    let (Some(index), Some(builtins_version)) = (short_index(builtins, name, thread), short_version(builtins, thread))
    else {
        return give_up(caches);
    };
    write_u16(caches, 1, index);
    write_u16(caches, 2, globals_version);
    write_u16(caches, 3, builtins_version);
    specialize(caches, Opcode::LoadGlobalBuiltin)
}

/// The version of a dictionary's keys, if it has one that fits a cache entry.
fn short_version(dict: &Dict, thread: &mut Thread) -> Option<u16> {
    dict.keys_version(thread).and_then(|version| u16::try_from(version).ok())
}

/// The place of a name in a dictionary's own table of strings, if it fits a cache entry.
fn short_index(dict: &Dict, name: &Str, thread: &Thread) -> Option<u16> {
    if !dict.has_string_table() {
        return None;
    }
    dict.index_of(name, thread).and_then(|index| u16::try_from(index).ok())
}
