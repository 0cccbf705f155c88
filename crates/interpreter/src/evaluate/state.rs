//! `State`: the loop's registers, and what instructions do with them.
//!
//! The invariants that make these functions safe to call from instructions: the program counter is in the frame's code, `sp` in the frame's evaluation
//! stack, and the compiler's stack depths are right (code from elsewhere is checked by nobody, as in CPython).

use objects::refs::{HasHeader, Py};
use objects::thread::Thread;

use crate::code::CodeUnitPointer;
use crate::frame::Frame;
use crate::stack_ref::StackRef;

/// Where the loop is: the instruction, the end of the evaluation stack, the frame.
///
/// The program counter stays at the instruction while its body runs, and `width` is what the loop adds after it: a number that the
/// optimizer knows in every body. Were the sum taken before the body, it would live through all of it, on the native stack.
#[derive(Clone, Copy)]
pub(crate) struct State {
    at: CodeUnitPointer,
    width: usize,
    sp: *mut StackRef,
    frame: *mut Frame,
}

impl State {
    /// The state of a frame that the loop is about to run or to go back to.
    #[inline(always)]
    pub fn of(frame: *mut Frame) -> Self {
        // SAFETY: frames that reach the loop are live.
        let it = unsafe { &*frame };
        Self { at: it.instruction(), width: 0, sp: it.stack_pointer(), frame }
    }

    /// The state of a frame that is to go on at `pc`.
    #[inline(always)]
    pub fn at(pc: CodeUnitPointer, frame: *mut Frame) -> Self {
        // SAFETY: as above.
        Self { at: pc, width: 0, sp: unsafe { (*frame).stack_pointer() }, frame }
    }

    /// A state made of its registers.
    #[inline(always)]
    pub fn new(pc: CodeUnitPointer, sp: *mut StackRef, frame: *mut Frame) -> Self {
        Self { at: pc, width: 0, sp, frame }
    }

    /// The program counter: the next instruction, behind the caches of the one that runs.
    #[inline(always)]
    pub fn pc(&self) -> CodeUnitPointer {
        // SAFETY: the caches follow the instruction.
        unsafe { self.at.add(self.width) }
    }

    #[inline(always)]
    pub fn set_pc(&mut self, pc: CodeUnitPointer) {
        self.at = pc;
        self.width = 0;
    }

    /// Begins the instruction at the program counter, which has `caches` cache entries; gives its address.
    #[inline(always)]
    pub fn begin_instruction(&mut self, caches: u8) -> CodeUnitPointer {
        self.width = 1 + caches as usize;
        self.at
    }

    /// Ends an instruction: the program counter is at the next one.
    #[inline(always)]
    pub fn end_instruction(&mut self) {
        let mut next = self.pc().expose_provenance();
        // The optimizer would put the ends of all instructions together, and then carry each one's width there. It does not move this.
        #[cfg(not(miri))]
        // SAFETY: there is nothing in it.
        unsafe {
            std::arch::asm!("/* {0} */", inout(reg) next, options(pure, nomem, nostack, preserves_flags));
        }
        self.set_pc(std::ptr::with_exposed_provenance_mut(next));
    }

    #[inline(always)]
    pub fn frame<'a>(&self) -> &'a Frame {
        // SAFETY: the loop's frame is live; instructions do not keep the reference past a frame switch.
        unsafe { &*self.frame }
    }

    #[inline(always)]
    pub fn frame_pointer(&self) -> *mut Frame {
        self.frame
    }

    #[inline(always)]
    pub fn stack_pointer(&self) -> *mut StackRef {
        self.sp
    }

    /// Moves the program counter by so many code units.
    #[inline(always)]
    pub fn jump(&mut self, units: isize) {
        // SAFETY: the compiler's jumps stay in the code.
        self.at = unsafe { self.at.offset(units) };
    }

    /// Counts that the specialized instruction, with `count` cache entries, does not apply. True if it has become general and runs once more, when
    /// this body returns, to be specialized for what is there.
    #[inline(always)]
    pub fn misses(&mut self, count: usize, oparg: u32) -> bool {
        let runs_again = crate::specialize::missed(self.caches(count), oparg);
        if runs_again {
            // SAFETY: the instruction ends where it began.
            self.at = unsafe { self.at.sub(self.width) };
        }
        runs_again
    }

    /// True if the general instruction, with `count` cache entries, has just been specialized, and runs once more in that form when this body returns.
    /// That can be seen where the form goes on in another frame: exceptions come from another place then, and a generator's end is told to tools.
    #[inline(always)]
    pub fn runs_specialized(&mut self, count: usize, oparg: u32) -> bool {
        let is_special = crate::specialize::is_specialized(self.caches(count)) && oparg <= u32::from(u8::MAX);
        if is_special {
            // SAFETY: the instruction ends where it began.
            self.at = unsafe { self.at.sub(self.width) };
        }
        is_special
    }

    /// The first inline cache entry of the current instruction, which has `count` of them.
    #[inline(always)]
    pub fn caches(&self, count: usize) -> CodeUnitPointer {
        // SAFETY: the program counter stands behind the caches.
        unsafe { self.pc().sub(count) }
    }

    #[inline(always)]
    pub fn push(&mut self, value: StackRef) {
        // SAFETY: the compiler's stack depth covers every push.
        unsafe {
            self.sp.write(value);
            self.sp = self.sp.add(1);
        }
    }

    #[inline(always)]
    pub fn push_owned<T: HasHeader>(&mut self, value: Py<T>) {
        self.push(StackRef::from_owned(value));
    }

    #[inline(always)]
    pub fn pop(&mut self) -> StackRef {
        // SAFETY: the compiler's stack depth covers every pop.
        unsafe {
            self.sp = self.sp.sub(1);
            self.sp.read()
        }
    }

    /// The value `depth` places below the end: 1 is the topmost.
    #[inline(always)]
    pub fn peek(&self, depth: usize) -> StackRef {
        // SAFETY: the compiler's stack depth covers it.
        unsafe { self.sp.sub(depth).read() }
    }

    /// Overwrites a place without closing what it held.
    #[inline(always)]
    pub fn poke(&mut self, depth: usize, value: StackRef) {
        // SAFETY: as above.
        unsafe { self.sp.sub(depth).write(value) }
    }

    /// The topmost `count` values, the deepest first.
    #[inline(always)]
    pub fn top(&self, count: usize) -> &'static [StackRef] {
        // SAFETY: as above; the values are used before anything is pushed over them.
        unsafe { std::slice::from_raw_parts(self.sp.sub(count), count) }
    }

    /// Takes `count` values off without closing them.
    #[inline(always)]
    pub fn forget(&mut self, count: usize) {
        // SAFETY: as above.
        self.sp = unsafe { self.sp.sub(count) };
    }

    /// Takes a value off and closes it.
    #[inline(always)]
    pub fn drop_top(&mut self, thread: &mut Thread) {
        self.pop().close(thread);
    }

    /// Closes and takes off `count` values, the topmost first.
    #[inline(always)]
    pub fn drop_many(&mut self, count: usize, thread: &mut Thread) {
        for _ in 0..count {
            self.drop_top(thread);
        }
    }

    /// Writes the registers back into the frame, before another frame runs or something may look.
    #[inline(always)]
    pub fn save(&self) {
        self.frame().set_stack_pointer(self.sp);
    }

    /// Makes `frame` the one that runs: the thread's current frame. The caller's registers are in its frame.
    #[inline(always)]
    pub fn switch_to(&mut self, frame: *mut Frame, thread: &Thread) {
        thread.state().base().current_frame.set(frame.cast());
        *self = Self::of(frame);
    }
}
