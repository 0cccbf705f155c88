//! The events that tools can watch (PEP 669), in the order of their bits in `sys.monitoring.events`.

/// Defines the events and their names, by number.
macro_rules! events {
    ($($name:ident $text:literal;)*) => {
        /// Something that happens while Python code runs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Event {
            $($name,)*
        }

        impl Event {
            /// All events, by number.
            pub const ALL: &[Event] = &[$(Event::$name),*];

            /// Its name in `sys.monitoring.events`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Event::$name => $text,)*
                }
            }
        }
    };
}

events! {
    PyStart "PY_START";
    PyResume "PY_RESUME";
    PyReturn "PY_RETURN";
    PyYield "PY_YIELD";
    Call "CALL";
    Line "LINE";
    Instruction "INSTRUCTION";
    Jump "JUMP";
    BranchLeft "BRANCH_LEFT";
    BranchRight "BRANCH_RIGHT";
    StopIteration "STOP_ITERATION";
    Raise "RAISE";
    ExceptionHandled "EXCEPTION_HANDLED";
    PyUnwind "PY_UNWIND";
    PyThrow "PY_THROW";
    Reraise "RERAISE";
    CReturn "C_RETURN";
    CRaise "C_RAISE";
    Branch "BRANCH";
}

/// Events that belong to instructions: they can be asked for in one code object, and disabled at one instruction.
pub const LOCAL_EVENTS: usize = Event::StopIteration as usize + 1;
/// Events that can be asked for by themselves; the others come along with `CALL`, or are an old name.
pub const UNGROUPED_EVENTS: usize = Event::Reraise as usize + 1;

impl Event {
    /// Its bit in a set of events.
    pub const fn bit(self) -> u32 {
        1 << self as u32
    }

    pub fn is_local(self) -> bool {
        (self as usize) < LOCAL_EVENTS
    }
}
