//! `_foreign.Closure`: C functions that call Python functions.
//!
//! ```text
//! C calls → stub, of which each closure has its own (a page of its own, filled in and then made executable)
//!         → [common]: stores the registers → [dispatch]: takes the lock, gives the function the arguments' bytes, stores the result's
//! ```
//! The closure must live as long as C may call it; that is the program's business.

use std::ffi::c_void;
use std::mem::offset_of;
use std::ptr;

use macros::{Instance, python_type};
use objects::errors::{OrMemoryError, PyResult, TryToVec};
use objects::gc::{Traverse, Visitor};
use objects::object::BaseObject;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::{Interpreter, Thread, ThreadState};
use objects::tuple::Tuple;
use objects::types::Type;
use system::call;

use crate::call::{left, set_left, swap_errno};
use crate::memory::place;

/// Bytes of a page.
const PAGE: usize = 4096;
const USE_ERRNO: i32 = 8;

/// What a stub passes on.
struct Target {
    interpreter: *const Interpreter,
    function: Py<Object>,
    /// The class and the size of each argument.
    arguments: Vec<(String, usize)>,
    result: (String, usize),
    flags: i32,
}

/// The page with the stub, and what it passes on.
struct Stub {
    page: *mut c_void,
    target: Box<Target>,
}

impl Traverse for Stub {
    const MAY_REFER: bool = true;
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        visitor.visit::<Object>(&self.target.function);
    }
    fn clear(&self) {}
}

impl Drop for Stub {
    fn drop(&mut self) {
        // SAFETY: the closure's own page.
        unsafe { libc::munmap(self.page, PAGE) };
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct Closure {
    header: Header,
    stub: Stub,
}

/// Registers when C calls, and the results.
#[repr(C)]
struct Frame {
    general: [u64; 6],
    vector: [u64; 8],
    stack: *const u64,
    x87_results: u64,
    general_results: [u64; 2],
    vector_results: [u64; 2],
    long_results: [[u8; 16]; 2],
}

const _: () = assert!(size_of::<Frame>().is_multiple_of(16));

/// Stores the registers, lets [`dispatch`] find the result, and loads it. The stub has put its target into `r10`.
#[unsafe(naked)]
unsafe extern "C" fn common() {
    std::arch::naked_asm!(
        ".cfi_startproc",
        "push rbp",
        ".cfi_def_cfa_offset 16",
        ".cfi_offset rbp, -16",
        "mov rbp, rsp",
        ".cfi_def_cfa_register rbp",
        "sub rsp, {size}",
        "mov [rsp], rdi",
        "mov [rsp + 8], rsi",
        "mov [rsp + 16], rdx",
        "mov [rsp + 24], rcx",
        "mov [rsp + 32], r8",
        "mov [rsp + 40], r9",
        "movsd [rsp + {vector}], xmm0",
        "movsd [rsp + {vector} + 8], xmm1",
        "movsd [rsp + {vector} + 16], xmm2",
        "movsd [rsp + {vector} + 24], xmm3",
        "movsd [rsp + {vector} + 32], xmm4",
        "movsd [rsp + {vector} + 40], xmm5",
        "movsd [rsp + {vector} + 48], xmm6",
        "movsd [rsp + {vector} + 56], xmm7",
        "lea rax, [rbp + 16]",
        "mov [rsp + {stack}], rax",
        "mov rdi, r10",
        "mov rsi, rsp",
        "call {dispatch}",
        "mov rcx, [rsp + {x87_results}]",
        "cmp rcx, 2",
        "jb 2f",
        "fld tbyte ptr [rsp + {long_results} + 16]",
        "2:",
        "test rcx, rcx",
        "jz 3f",
        "fld tbyte ptr [rsp + {long_results}]",
        "3:",
        "mov rax, [rsp + {general_results}]",
        "mov rdx, [rsp + {general_results} + 8]",
        "movsd xmm0, [rsp + {vector_results}]",
        "movsd xmm1, [rsp + {vector_results} + 8]",
        "leave",
        ".cfi_def_cfa rsp, 8",
        "ret",
        ".cfi_endproc",
        size = const size_of::<Frame>(),
        vector = const offset_of!(Frame, vector),
        stack = const offset_of!(Frame, stack),
        x87_results = const offset_of!(Frame, x87_results),
        general_results = const offset_of!(Frame, general_results),
        vector_results = const offset_of!(Frame, vector_results),
        long_results = const offset_of!(Frame, long_results),
        dispatch = sym dispatch,
    )
}

/// A page with the code `mov r10, target; mov r11, common; jmp r11`.
fn make_page(target: *const Target, thread: &mut Thread) -> PyResult<*mut c_void> {
    // SAFETY: a new page.
    let page = unsafe {
        libc::mmap(
            ptr::null_mut(),
            PAGE,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        )
    };
    if page == libc::MAP_FAILED {
        return Err(call::raise_last(thread));
    }
    let mut code = vec![0x49, 0xBA];
    code.extend(target.expose_provenance().to_le_bytes());
    code.extend([0x49, 0xBB]);
    code.extend((common as *const ()).expose_provenance().to_le_bytes());
    code.extend([0x41, 0xFF, 0xE3]);
    // SAFETY: the page is new, and longer than the code.
    unsafe {
        ptr::copy_nonoverlapping(code.as_ptr(), page.cast(), code.len());
        if libc::mprotect(page, PAGE, libc::PROT_READ | libc::PROT_EXEC) < 0 {
            let raised = call::raise_last(thread);
            libc::munmap(page, PAGE);
            return Err(raised);
        }
    }
    Ok(page)
}

/// Where the next arguments are.
struct Arguments<'a> {
    frame: &'a Frame,
    general: usize,
    vector: usize,
    stack: usize,
}

impl Arguments<'_> {
    fn take(&mut self, class: &str, size: usize) -> Vec<u8> {
        let wanted = |letter: char| class.chars().filter(|it| *it == letter).count();
        let (general, vector) = (self.general + wanted('I'), self.vector + wanted('S'));
        if class.contains(['M', 'X']) || general > 6 || vector > 8 {
            if class.starts_with('X') {
                self.stack = self.stack.next_multiple_of(2);
            }
            let start = self.frame.stack.wrapping_add(self.stack).cast::<u8>();
            self.stack += size.div_ceil(8);
            // SAFETY: the caller has put so many bytes there, if it is the function that the program says it is.
            return unsafe { std::slice::from_raw_parts(start, size) }.to_vec();
        }
        let mut bytes = Vec::new();
        for letter in class.chars() {
            let (registers, next): (&[u64], _) = match letter {
                'I' => (&self.frame.general, &mut self.general),
                _ => (&self.frame.vector, &mut self.vector),
            };
            bytes.extend(registers.get(*next).copied().unwrap_or(0).to_le_bytes());
            *next += 1;
        }
        bytes.truncate(size);
        bytes
    }
}

/// Puts a result into the registers, or where the caller wants it.
fn store_result(class: &str, bytes: &[u8], large: *mut u8, frame: &mut Frame) {
    if class == "M" {
        // SAFETY: the caller has room there for the result, whose size is that of its type.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), large, bytes.len()) };
        frame.general_results[0] = large.expose_provenance() as u64;
        return;
    }
    let (mut general, mut vector, mut long) = (0, 0, 0);
    let mut rest = bytes;
    for letter in class.chars() {
        let length = if letter == 'X' { 16 } else { 8 };
        let (part, others) = rest.split_at(length.min(rest.len()));
        rest = others;
        let mut word = [0; 8];
        match letter {
            'X' => {
                frame.long_results[long][..part.len()].copy_from_slice(part);
                long += 1;
            }
            'I' => {
                word[..part.len()].copy_from_slice(part);
                frame.general_results[general] = u64::from_le_bytes(word);
                general += 1;
            }
            _ => {
                word[..part.len()].copy_from_slice(part);
                frame.vector_results[vector] = u64::from_le_bytes(word);
                vector += 1;
            }
        }
    }
    frame.x87_results = long as u64;
}

/// Calls the function with the bytes of the arguments.
fn answer(target: &Target, frame: &mut Frame, thread: &mut Thread) -> PyResult<()> {
    let mut arguments = Arguments { frame, general: 0, vector: 0, stack: 0 };
    let large = if target.result.0 == "M" {
        arguments.general = 1;
        place(arguments.frame.general[0] as usize)
    } else {
        ptr::null_mut()
    };
    let mut values = Vec::new();
    for (class, size) in &target.arguments {
        let bytes = arguments.take(class, *size);
        values.push(thread.make_bytes(&bytes)?);
    }
    // Lives on, even if the function lets go of its closure.
    let function = target.function.clone();
    let values: Vec<&Object> = values.iter().map(|it| &**it).collect();
    let result = protocol::call(&function, &values, thread)?;
    if result.is_none() {
        return Ok(());
    }
    let bytes = BytesLike::of(&result, thread)?.as_slice(thread).try_to_vec().or_memory_error(thread)?;
    if bytes.len() == target.result.1 {
        store_result(&target.result.0, &bytes, large, frame);
    }
    Ok(())
}

/// Runs with the thread that runs here, whether or not it holds the lock, and whether or not Python knows it.
fn with_thread(interpreter: &Interpreter, run: impl FnOnce(&mut Thread)) {
    if !ThreadState::current().is_null() {
        // SAFETY: the thread is attached.
        return run(&mut unsafe { Thread::current() });
    }
    let own = set_left(ptr::null());
    // SAFETY: null, or the state that this thread has left to make the call that calls back.
    if let Some(state) = unsafe { own.as_ref() } {
        // SAFETY: the state is this thread's, and not attached.
        unsafe { Thread::come_back(state) };
        // SAFETY: the thread is attached now.
        let mut thread = unsafe { Thread::current() };
        run(&mut thread);
        thread.leave();
        set_left(own);
        return;
    }
    // SAFETY: no state is current here, and the interpreter lives as long as the process.
    let mut thread = unsafe { interpreter.new_thread() };
    // SAFETY: numbers.
    let (identity, native) = unsafe { (libc::pthread_self(), libc::gettid()) };
    thread.set_identity(identity, native as u64);
    run(&mut thread);
    thread.end();
}

/// What [`common`] calls.
extern "C" fn dispatch(target: *const Target, frame: *mut Frame) {
    debug_assert!(left().is_null() || !target.is_null());
    // SAFETY: the closure lives as long as C may call it; the frame is `common`'s.
    let (target, frame) = unsafe { (&*target, &mut *frame) };
    frame.x87_results = 0;
    frame.general_results = [0; 2];
    frame.vector_results = [0; 2];
    if target.flags & USE_ERRNO != 0 {
        swap_errno();
    }
    // SAFETY: an interpreter lives as long as the process.
    let interpreter = unsafe { &*target.interpreter };
    with_thread(interpreter, |thread| {
        let raised_before = thread.take_exception();
        if let Err(raised) = answer(target, frame, thread) {
            thread.report_unraisable(raised, "Exception ignored in a function that C has called", None);
        }
        thread.restore_exception(raised_before);
        thread.reap();
    });
    if target.flags & USE_ERRNO != 0 {
        swap_errno();
    }
}

/// A class and a size.
fn described(value: &Object, thread: &mut Thread) -> PyResult<(String, usize)> {
    let items = value.downcast::<Tuple>().map_or(&[][..], |it| it.items());
    let [class, size] = items else {
        return Err(raise!(thread, TypeError, "a pair of a class and a size is expected"));
    };
    let class = class.downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
    Ok((class, protocol::index_as_isize(size, thread)?.max(0) as usize))
}

/// A function that C can call, and that calls a Python function with the bytes of its arguments.
#[python_type(name = "_foreign.Closure", base = BaseObject)]
impl Closure {
    #[new]
    #[signature("(function, arguments, result, flags, /)")]
    fn new(
        class: &Type,
        function: &Object,
        arguments: &Object,
        result: &Object,
        flags: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<Closure>> {
        let mut described_arguments = Vec::new();
        for argument in protocol::to_tuple(arguments, thread)?.items() {
            described_arguments.push(described(argument, thread)?);
        }
        let target = Box::new(Target {
            interpreter: ptr::from_ref(thread.interpreter()),
            function: Py::from_ref(function),
            arguments: described_arguments,
            result: described(result, thread)?,
            flags,
        });
        let page = make_page(&raw const *target, thread)?;
        let value = Closure { header: Header::new(class), stub: Stub { page, target } };
        Py::new_in(class, value, thread)
    }

    #[getter]
    fn address(&self) -> usize {
        self.stub.page.expose_provenance()
    }
}
