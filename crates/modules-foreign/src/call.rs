//! Calling C functions, by the calling convention of x86-64 (System V ABI, section 3.2.3).
//!
//! An argument's class says where it goes, a letter for each eight bytes: `I` a general register, `S` a vector register; `M` is memory, `X` a
//! long double, which is memory as an argument and the x87 stack as a result. What finds no register goes to memory as a whole.

use std::cell::Cell;
use std::mem::offset_of;

use objects::errors::PyResult;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::{Thread, ThreadState};
use objects::tuple::Tuple;

/// `FUNCFLAG_PYTHONAPI`: the function needs the interpreter's lock, and may raise.
pub const PYTHON_API: i32 = 4;
/// `FUNCFLAG_USE_ERRNO`: the function's errno is the program's copy.
const USE_ERRNO: i32 = 8;

thread_local! {
    /// The errno that the program sees.
    static ERRNO_COPY: Cell<i32> = const { Cell::new(0) };
    /// The state that this thread has left to call a function, for functions that call back.
    static LEFT: Cell<*const ThreadState> = const { Cell::new(std::ptr::null()) };
}

/// The state that this thread has left, null if it has left none.
pub fn left() -> *const ThreadState {
    LEFT.get()
}

pub fn set_left(state: *const ThreadState) -> *const ThreadState {
    LEFT.replace(state)
}

pub fn errno_copy() -> i32 {
    ERRNO_COPY.get()
}

pub fn set_errno_copy(value: i32) -> i32 {
    ERRNO_COPY.replace(value)
}

/// Changes places between errno and the program's copy.
pub fn swap_errno() {
    // SAFETY: the C library gives the address of the thread's own variable.
    unsafe {
        let place = libc::__errno_location();
        *place = ERRNO_COPY.replace(*place);
    }
}

/// Registers before and after a call.
#[repr(C)]
struct Frame {
    general: [u64; 6],
    vector: [u64; 8],
    vector_count: u64,
    stack: *const u64,
    stack_words: u64,
    function: usize,
    x87_results: u64,
    general_results: [u64; 2],
    vector_results: [u64; 2],
    long_results: [[u8; 16]; 2],
}

/// Loads the registers, calls, and stores the results.
///
/// # Safety
/// The frame says what the function takes and gives.
#[unsafe(naked)]
unsafe extern "C" fn perform(frame: *mut Frame) {
    std::arch::naked_asm!(
        ".cfi_startproc",
        "push rbp",
        ".cfi_def_cfa_offset 16",
        ".cfi_offset rbp, -16",
        "mov rbp, rsp",
        ".cfi_def_cfa_register rbp",
        "push rbx",
        "sub rsp, 8",
        "mov rbx, rdi",
        "mov rcx, [rbx + {words}]",
        "mov rsi, [rbx + {stack}]",
        // The stack's words, the last one first; their number is even, so the stack stays aligned.
        "2:",
        "test rcx, rcx",
        "jz 3f",
        "push qword ptr [rsi + rcx*8 - 8]",
        "dec rcx",
        "jmp 2b",
        "3:",
        "movsd xmm0, [rbx + {vector}]",
        "movsd xmm1, [rbx + {vector} + 8]",
        "movsd xmm2, [rbx + {vector} + 16]",
        "movsd xmm3, [rbx + {vector} + 24]",
        "movsd xmm4, [rbx + {vector} + 32]",
        "movsd xmm5, [rbx + {vector} + 40]",
        "movsd xmm6, [rbx + {vector} + 48]",
        "movsd xmm7, [rbx + {vector} + 56]",
        "mov rdi, [rbx]",
        "mov rsi, [rbx + 8]",
        "mov rdx, [rbx + 16]",
        "mov rcx, [rbx + 24]",
        "mov r8, [rbx + 32]",
        "mov r9, [rbx + 40]",
        // Functions with variable arguments want to know how many vector registers are used.
        "mov rax, [rbx + {vector_count}]",
        "call qword ptr [rbx + {function}]",
        "mov [rbx + {general_results}], rax",
        "mov [rbx + {general_results} + 8], rdx",
        "movsd [rbx + {vector_results}], xmm0",
        "movsd [rbx + {vector_results} + 8], xmm1",
        "mov rcx, [rbx + {x87_results}]",
        "test rcx, rcx",
        "jz 4f",
        "fstp tbyte ptr [rbx + {long_results}]",
        "dec rcx",
        "jz 4f",
        "fstp tbyte ptr [rbx + {long_results} + 16]",
        "4:",
        "lea rsp, [rbp - 8]",
        "pop rbx",
        "pop rbp",
        ".cfi_def_cfa rsp, 8",
        "ret",
        ".cfi_endproc",
        words = const offset_of!(Frame, stack_words),
        stack = const offset_of!(Frame, stack),
        vector = const offset_of!(Frame, vector),
        vector_count = const offset_of!(Frame, vector_count),
        function = const offset_of!(Frame, function),
        general_results = const offset_of!(Frame, general_results),
        vector_results = const offset_of!(Frame, vector_results),
        x87_results = const offset_of!(Frame, x87_results),
        long_results = const offset_of!(Frame, long_results),
    )
}

/// The words of a value, the last one filled up with zeros.
fn words(bytes: &[u8]) -> impl Iterator<Item = u64> + '_ {
    bytes.chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    })
}

/// Registers and stack while the arguments are being placed.
#[derive(Default)]
struct Placement {
    general: Vec<u64>,
    vector: Vec<u64>,
    stack: Vec<u64>,
}

impl Placement {
    fn add(&mut self, class: &str, bytes: &[u8]) {
        let wanted = |letter: char| class.chars().filter(|it| *it == letter).count();
        let in_memory =
            class.contains(['M', 'X']) || self.general.len() + wanted('I') > 6 || self.vector.len() + wanted('S') > 8;
        if in_memory {
            if class.starts_with('X') && self.stack.len() % 2 == 1 {
                self.stack.push(0);
            }
            self.stack.extend(words(bytes));
            return;
        }
        for (letter, word) in class.chars().zip(words(bytes)) {
            if letter == 'I' { &mut self.general } else { &mut self.vector }.push(word);
        }
    }
}

/// A pair of a class and something else.
fn pair<'a>(value: &'a Object, thread: &mut Thread) -> PyResult<(String, &'a Object)> {
    let items = value.downcast::<Tuple>().map_or(&[][..], |it| it.items());
    match items {
        [class, other] if class.downcast::<Str>().is_some() => {
            Ok((class.downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default(), other))
        }
        _ => Err(raise!(thread, TypeError, "a pair of a class and a value is expected")),
    }
}

/// Calls the function at an address.
pub fn call(
    address: usize,
    arguments: &Object,
    result: &Object,
    flags: i32,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let (result_class, result_size) = pair(result, thread)?;
    let result_size = protocol::index_as_isize(result_size, thread)?.max(0) as usize;
    let mut placement = Placement::default();
    // Where a large result goes: as many words as it has, at least.
    let mut large = vec![0u128; result_size.div_ceil(16)];
    if result_class == "M" {
        placement.general.push(large.as_mut_ptr().expose_provenance() as u64);
    }
    let arguments = protocol::to_tuple(arguments, thread)?;
    for argument in arguments.items() {
        let (class, bytes) = pair(argument, thread)?;
        let bytes = BytesLike::of(bytes, thread)?;
        placement.add(&class, bytes.as_slice(thread));
    }
    if !placement.stack.len().is_multiple_of(2) {
        placement.stack.push(0);
    }
    let mut frame = Frame {
        general: [0; 6],
        vector: [0; 8],
        vector_count: placement.vector.len() as u64,
        stack: placement.stack.as_ptr(),
        stack_words: placement.stack.len() as u64,
        function: address,
        x87_results: result_class.chars().filter(|it| *it == 'X').count() as u64,
        general_results: [0; 2],
        vector_results: [0; 2],
        long_results: [[0; 16]; 2],
    };
    frame.general[..placement.general.len()].copy_from_slice(&placement.general);
    frame.vector[..placement.vector.len()].copy_from_slice(&placement.vector);
    run(&mut frame, flags, thread)?;
    if result_class == "M" {
        let bytes: Vec<u8> = large.iter().flat_map(|it| it.to_le_bytes()).take(result_size).collect();
        return thread.make_bytes(&bytes);
    }
    let bytes = result_bytes(&frame, &result_class);
    thread.make_bytes(&bytes[..result_size.min(bytes.len())])
}

fn run(frame: &mut Frame, flags: i32, thread: &mut Thread) -> PyResult<()> {
    let frame = std::ptr::from_mut(frame);
    let perform = || {
        if flags & USE_ERRNO != 0 {
            swap_errno();
        }
        // SAFETY: the program says that such a function is there, and what it takes.
        unsafe { perform(frame) };
        if flags & USE_ERRNO != 0 {
            swap_errno();
        }
    };
    if flags & PYTHON_API == 0 {
        let before = LEFT.replace(std::ptr::from_ref(thread.state()));
        thread.without_lock(perform);
        LEFT.set(before);
        return Ok(());
    }
    perform();
    thread.reap();
    if thread.is_raised() { Err(thread.raised_elsewhere()) } else { Ok(()) }
}

/// The bytes of a result that came in registers.
fn result_bytes(frame: &Frame, class: &str) -> Vec<u8> {
    let (mut general, mut vector, mut long) =
        (frame.general_results.iter(), frame.vector_results.iter(), frame.long_results.iter());
    let mut bytes = Vec::new();
    for letter in class.chars() {
        match letter {
            'I' => bytes.extend(general.next().copied().unwrap_or(0).to_le_bytes()),
            'S' => bytes.extend(vector.next().copied().unwrap_or(0).to_le_bytes()),
            _ => bytes.extend(long.next().copied().unwrap_or_default()),
        }
    }
    bytes
}
