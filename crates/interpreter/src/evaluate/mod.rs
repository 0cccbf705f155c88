//! The evaluation loop: one page. Instructions are functions in `ops`, one file a family; the dispatch is made from the table.
//!
//! How it is built follows measurements: one `match` over all opcodes, the state in local variables, bodies inlined, and never a `&mut` to the
//! state into a function that is not inlined (slow paths get a copy, and give back a new one). See ARCHITECTURE.md.

mod enter;
mod state;
mod unwind;

use bytecode::for_each_instruction;
use bytecode::instruction::InstructionFlags;
use objects::errors::PyResult;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use crate::code::CodeUnitPointer;
use crate::frame::Frame;
use crate::monitoring;
use crate::ops;

pub use enter::{evaluate_frame, run_frame};
pub(crate) use state::State;

/// How a run of the loop ends: with a value, or with the exception that is set.
pub(crate) type Outcome = PyResult<Py<Object>>;

macro_rules! define_loop {
    (
        $oparg:ident;
        instructions {
            $($name:ident $snake:ident = $number:literal $(specializes $base:ident)? $(instruments $original:ident)?
                $(, caches $caches:literal)?, pops $pops:expr, pushes $pushes:expr, [$($flag:ident)*];)*
        }
        pseudo_instructions { $($rest:tt)* }
    ) => {
        /// Inline cache entries after each instruction.
        const CACHES: [u8; 256] = {
            let mut caches = [0; 256];
            $($(caches[$number] = $caches;)?)*
            $($(caches[$number] = caches[bytecode::instruction::Opcode::$base as usize];)?)*
            $($(caches[$number] = caches[bytecode::instruction::Opcode::$original as usize];)?)*
            caches
        };

        /// Runs a frame from an instruction on until the loop's first frame is reached.
        ///
        /// # Safety
        /// The frame is the thread's current one, its registers are in it but for the program counter, and its chain of frames ends in one of
        /// [`enter`]'s.
        #[allow(unused_parens)]
        #[expect(clippy::manual_range_patterns, reason = "with ranges, the dispatch would test for them")]
        pub(crate) unsafe fn run(pc: CodeUnitPointer, frame: *mut Frame, thread: &mut Thread) -> Outcome {
            // Made here of numbers: a state that came through memory would stay there.
            let mut state = State::at(pc, frame);
            // SAFETY: the program counter lies in the instructions of the frame's code, here and below.
            let (mut opcode, mut oparg) = unsafe { parts(state.pc().read()) };
            loop {
                let result: PyResult<()> = match opcode {
                    // The next instruction's argument has more bits.
                    EXTENDED_ARG => {
                        // SAFETY: the compiler never ends code with it.
                        unsafe {
                            state.set_pc(state.pc().add(1));
                            let more;
                            (opcode, more) = parts(state.pc().read());
                            oparg = oparg << 8 | more;
                        }
                        continue;
                    }
                    INTERPRETER_EXIT => return Ok(state.pop().into_py()),
                    // What tools watch: out of line, and then the instruction that it stands for. Spelled out as below.
                    234 | 235 | 236 | 237 | 238 | 239 | 240 | 241 | 242 | 243 | 244 | 245 | 246 | 247 | 248 | 249 | 250 | 251 | 252 | 253 | 254 => {
                        let at = state.begin_instruction(CACHES[usize::from(opcode)]);
                        state.save();
                        match monitoring::instrumented(at, oparg, state.frame_pointer(), thread) {
                            Ok(next) => match next.opcode() {
                                Some(original) => {
                                    state.set_pc(at);
                                    opcode = original;
                                    continue;
                                }
                                None => {
                                    state = next.state(state.frame_pointer());
                                    Ok(())
                                }
                            },
                            Err(raised) => {
                                let behind = monitoring::behind(at, state.frame_pointer(), thread);
                                state = State::at(behind, state.frame_pointer());
                                Err(raised)
                            }
                        }
                    }
                    $(
                        $number => {
                            let at = state.begin_instruction(CACHES[$number]);
                            if const { saves_instruction(&[$(InstructionFlags::$flag),*]) } {
                                state.frame().set_instruction(at);
                            }
                            let result = ops::$snake(&mut state, thread, oparg);
                            state.end_instruction();
                            result
                        }
                    )*
                    // Spelled out: with a `_` or ranges, the dispatch would test for them.
                    unknown @ (121 | 122 | 123 | 124 | 125 | 126 | 127 | 212 | 213 | 214 | 215 | 216 | 217 | 218 | 219 | 220 | 221 | 222 | 223 | 224 | 225 | 226 | 227 | 228 | 229 | 230 | 231 | 232 | 233) => ops::unknown_instruction(unknown, thread),
                };
                if result.is_err() {
                    match unwind::unwind(state.pc(), state.stack_pointer(), state.frame_pointer(), thread) {
                        Some(handler) => state = State::at(handler.as_ptr(), current_frame(thread)),
                        None => return Err(thread.raised_elsewhere()),
                    }
                }
                // SAFETY: as above.
                (opcode, oparg) = unsafe { parts(state.pc().read()) };
            }
        }
    };
}

const EXTENDED_ARG: u8 = bytecode::instruction::Opcode::ExtendedArg as u8;
const INTERPRETER_EXIT: u8 = bytecode::instruction::Opcode::InterpreterExit as u8;

/// The opcode and the argument of a code unit.
#[inline(always)]
fn parts(unit: u16) -> (u8, u32) {
    (unit as u8, u32::from(unit >> 8))
}

/// The frame that runs on the thread.
fn current_frame(thread: &Thread) -> *mut Frame {
    thread.state().base().current_frame.get().cast()
}

/// True for instructions during which something outside the loop may look at the frame.
pub(crate) const fn saves_instruction(flags: &[InstructionFlags]) -> bool {
    let mut index = 0;
    while index < flags.len() {
        if flags[index].contains(InstructionFlags::ESCAPES)
            || flags[index].contains(InstructionFlags::ERROR)
            || flags[index].contains(InstructionFlags::DEOPT)
            || flags[index].contains(InstructionFlags::EVAL_BREAK)
        {
            return true;
        }
        index += 1;
    }
    false
}

for_each_instruction!(define_loop);
