//! Specializing `LOAD_ATTR` and `STORE_ATTR` by the type of the owner and where its attribute lies.

use objects::refs::Object;
use objects::str::Str;
use objects::thread::Thread;

use super::give_up;
use crate::code::CodeUnitPointer;

#[inline(never)]
pub(crate) fn load_attr(caches: CodeUnitPointer, owner: &Object, name: &Str, oparg: u32, thread: &mut Thread) -> bool {
    let _ = (owner, name, oparg, thread);
    give_up(caches)
}

#[inline(never)]
pub(crate) fn store_attr(caches: CodeUnitPointer, owner: &Object, name: &Str, thread: &mut Thread) -> bool {
    let _ = (owner, name, thread);
    give_up(caches)
}
