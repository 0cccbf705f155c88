//! Specialization (PEP 659): instructions that rewrite themselves for the types they meet, with inline caches.
//!
//! A general instruction counts down in its first cache entry; when the counter is due it asks the function here of its name, which may write a specialized
//! opcode and its caches for the next time. A specialized instruction that does not apply takes the general way and counts down; when
//! that is due it becomes general again. Counters back off exponentially, as CPython's do.

mod attribute;
mod calls;
mod conventions;
pub mod counter;
mod names;
mod operator;

use bytecode::instruction::{MIN_INSTRUMENTED_OPCODE, Opcode};
use objects::thread::Thread;

use crate::code::CodeUnitPointer;

pub(crate) use attribute::{DESCRIPTOR, METACLASS_VERSION, PLACE, load_attr, load_super_attr, store_attr};
pub(crate) use calls::{call, call_kw, check_odd_names, definition_tag, is_simple};
pub(crate) use names::load_global;
pub(crate) use operator::{binary_op, compare_op, contains_op, for_iter, send, store_subscr, to_bool, unpack_sequence};

/// Counts one execution of a general instruction; true if it is time to try to specialize it.
#[inline(always)]
pub(crate) fn is_due(caches: CodeUnitPointer) -> bool {
    // SAFETY: the first cache entry is the counter.
    unsafe {
        let value = caches.read();
        if counter::is_zero(value) {
            return true;
        }
        caches.write(counter::decremented(value));
        false
    }
}

/// Counts a miss of a specialized instruction; when too many came it becomes general again. Its counter is due then, and true says that it should
/// run once more to be specialized anew; not with an argument that needs a prefix, for that is behind us.
#[cold]
#[inline(never)]
pub(crate) fn missed(caches: CodeUnitPointer, oparg: u32) -> bool {
    // SAFETY: the first cache entry is the counter, and the instruction stands before it.
    unsafe {
        let value = caches.read();
        if !counter::is_zero(value) {
            caches.write(counter::decremented(value));
            return false;
        }
        let instruction = caches.sub(1);
        let [number, low] = instruction.read().to_le_bytes();
        if let Some(opcode) = Opcode::from_u8(number) {
            instruction.write(u16::from_le_bytes([opcode.deoptimized() as u8, low]));
        }
        oparg == u32::from(low)
    }
}

/// Writes a specialized opcode over the general one before `caches`, and winds the counter up.
fn specialize(caches: CodeUnitPointer, opcode: Opcode) {
    // SAFETY: the instruction stands before its caches.
    unsafe {
        let instruction = caches.sub(1);
        let [number, oparg] = instruction.read().to_le_bytes();
        // What tools watch stays as they want it; the instruction runs under another one's number.
        if number >= MIN_INSTRUMENTED_OPCODE {
            return give_up(caches);
        }
        instruction.write(u16::from_le_bytes([opcode as u8, oparg]));
        caches.write(counter::COOLDOWN);
    }
}

/// Whether the instruction before its caches is a specialized one.
pub(crate) fn is_specialized(caches: CodeUnitPointer) -> bool {
    // SAFETY: the instruction stands before its caches.
    let number = unsafe { caches.sub(1).read() } as u8;
    number < MIN_INSTRUMENTED_OPCODE && Opcode::from_u8(number).is_some_and(|it| it.original() != it)
}

/// Notes that nothing fits: the next try comes later. The instruction that runs now counts.
fn give_up(caches: CodeUnitPointer) {
    // SAFETY: the first cache entry is the counter.
    unsafe { caches.write(counter::decremented(counter::backed_off(caches.read()))) };
}

/// A cache entry.
#[inline(always)]
pub(crate) fn cached_u16(caches: CodeUnitPointer, index: usize) -> u16 {
    // SAFETY: callers ask for entries that the instruction has.
    unsafe { caches.add(index).read() }
}

/// Two cache entries as a number.
#[inline(always)]
pub(crate) fn cached_u32(caches: CodeUnitPointer, index: usize) -> u32 {
    // SAFETY: as above; entries are two-byte aligned.
    unsafe { caches.add(index).cast::<u32>().read_unaligned() }
}

/// Four cache entries as a pointer.
#[inline(always)]
pub(crate) fn cached_pointer<T>(caches: CodeUnitPointer, index: usize) -> *mut T {
    // SAFETY: as above.
    unsafe { caches.add(index).cast::<*mut T>().read_unaligned() }
}

fn write_u16(caches: CodeUnitPointer, index: usize, value: u16) {
    // SAFETY: callers write entries that the instruction has.
    unsafe { caches.add(index).write(value) }
}

fn write_u32(caches: CodeUnitPointer, index: usize, value: u32) {
    // SAFETY: as above.
    unsafe { caches.add(index).cast::<u32>().write_unaligned(value) }
}

fn write_pointer<T>(caches: CodeUnitPointer, index: usize, value: *mut T) {
    // SAFETY: as above.
    unsafe { caches.add(index).cast::<*mut T>().write_unaligned(value) }
}

/// `LOAD_CONST` knows at once whether its constant is immortal. `next` is the following instruction's address.
pub(crate) fn load_const(next: CodeUnitPointer, immortal: bool) {
    let opcode = if immortal { Opcode::LoadConstImmortal } else { Opcode::LoadConstMortal };
    // SAFETY: the instruction stands before the next one.
    unsafe {
        let instruction = next.sub(1);
        let [number, oparg] = instruction.read().to_le_bytes();
        if number == Opcode::LoadConst as u8 {
            instruction.write(u16::from_le_bytes([opcode as u8, oparg]));
        }
    }
}

/// `JUMP_BACKWARD` becomes, when it first runs, the one that no second tier counts. Its counter stays.
pub(crate) fn jump_backward(caches: CodeUnitPointer) {
    // SAFETY: the instruction stands before its caches.
    unsafe {
        let instruction = caches.sub(1);
        let [number, oparg] = instruction.read().to_le_bytes();
        if number == Opcode::JumpBackward as u8 {
            instruction.write(u16::from_le_bytes([Opcode::JumpBackwardNoJit as u8, oparg]));
        }
    }
}

/// A number for a new code object, that its functions carry; zero when they have run out.
pub(crate) fn next_function_version(thread: &Thread) -> u32 {
    thread.interpreter().next_function_version()
}
