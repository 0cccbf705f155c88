//! What faulthandler prints, written so that a signal's handler may do it: no allocation, no lock, no reference counts, one buffer on the
//! stack and `write`.
//!
//! The runtime may have been stopped at any instruction, and other threads go on meanwhile. So what is read here may be out of date, as it
//! may be in CPython's reports.

use std::ffi::c_void;

use interpreter::frame::{self, Frame};
use objects::str::Str;
use objects::thread::{Interpreter, ThreadState};

/// Frames of a thread that are shown.
const MAXIMUM_FRAMES: usize = 100;
/// Threads that are shown.
const MAXIMUM_THREADS: usize = 100;
/// Characters of a name that are shown.
const MAXIMUM_NAME: usize = 500;
/// Return addresses of the native stack that are shown.
const MAXIMUM_ADDRESSES: usize = 32;

/// Text on its way to a descriptor.
pub struct Report {
    descriptor: i32,
    length: usize,
    buffer: [u8; 256],
}

impl Report {
    pub fn to(descriptor: i32) -> Self {
        Self { descriptor, length: 0, buffer: [0; 256] }
    }

    fn flush(&mut self) {
        let mut rest = &self.buffer[..self.length];
        while !rest.is_empty() {
            // SAFETY: bytes of a local; `write` may be called from a signal's handler.
            match unsafe { libc::write(self.descriptor, rest.as_ptr().cast(), rest.len()) } {
                written if written > 0 => rest = rest.get(written as usize..).unwrap_or_default(),
                _ if system::call::last_error() == libc::EINTR => {}
                _ => break,
            }
        }
        self.length = 0;
    }

    pub fn byte(&mut self, byte: u8) {
        if self.length == self.buffer.len() {
            self.flush();
        }
        self.buffer[self.length] = byte;
        self.length += 1;
    }

    pub fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        bytes.iter().for_each(|it| self.byte(*it));
        self
    }

    pub fn decimal(&mut self, value: u64, width: usize) -> &mut Self {
        self.number(value, 10, width)
    }

    pub fn hexadecimal(&mut self, value: u64, width: usize) -> &mut Self {
        self.number(value, 16, width)
    }

    fn number(&mut self, mut value: u64, base: u64, width: usize) -> &mut Self {
        let mut digits = [b'0'; 32];
        let mut start = digits.len();
        while value > 0 || start == digits.len() {
            start -= 1;
            digits[start] = b"0123456789abcdef"[(value % base) as usize];
            value /= base;
        }
        let start = start.min(digits.len() - width.min(digits.len()));
        self.bytes(&digits[start..])
    }

    /// A string in ASCII, cut if it is long.
    pub fn name(&mut self, name: &Str) -> &mut Self {
        for point in name.view().iter().take(MAXIMUM_NAME) {
            match point {
                0x20..=0x7E => self.byte(point as u8),
                0..=0xFF => _ = self.text("\\x").hexadecimal(u64::from(point), 2),
                0x100..=0xFFFF => _ = self.text("\\u").hexadecimal(u64::from(point), 4),
                _ => _ = self.text("\\U").hexadecimal(u64::from(point), 8),
            }
        }
        if name.length() > MAXIMUM_NAME {
            self.text("...");
        }
        self
    }

    fn frame(&mut self, frame: &Frame) {
        let code = frame.code();
        self.text("  File \"").name(code.filename());
        self.text("\", line ");
        match frame.line().and_then(|it| u64::try_from(it).ok()) {
            Some(line) => self.decimal(line, 1),
            None => self.text("???"),
        };
        self.text(" in ").name(code.name());
        self.byte(b'\n');
    }

    fn frames(&mut self, state: &ThreadState) {
        let mut next = frame::first_complete(state.base().current_frame.get().cast());
        if next.is_none() {
            self.text("  <no Python frame>\n");
        }
        let mut shown = 0;
        while let Some(pointer) = next {
            if shown == MAXIMUM_FRAMES {
                self.text("  ...\n");
                break;
            }
            // SAFETY: a chain of frames is live as long as its first is current.
            let frame = unsafe { &*pointer };
            self.frame(frame);
            next = frame::first_complete(frame.previous());
            shown += 1;
        }
    }

    /// The frames of one thread, under a heading of its own.
    pub fn stack(&mut self, state: Option<&ThreadState>) {
        self.text("Stack (most recent call first):\n");
        match state {
            Some(state) => self.frames(state),
            None => _ = self.text("  <no Python frame>\n"),
        }
        self.flush();
    }

    fn thread_heading(&mut self, state: &ThreadState, is_current: bool) {
        let identity = state.base().thread_id.get();
        self.text(if is_current { "Current thread 0x" } else { "Thread 0x" }).hexadecimal(identity, 16);
        let mut name = [0u8; 16];
        if identity != 0 {
            // SAFETY: the thread lives as long as its state is on the list; the array has room for what the system names threads by.
            unsafe { libc::pthread_getname_np(identity, name.as_mut_ptr().cast(), name.len()) };
        }
        let name = name.split(|it| *it == 0).next().unwrap_or_default();
        if !name.is_empty() {
            self.text(" [").bytes(name).text("]");
        }
        self.text(" (most recent call first):\n");
    }

    /// The frames of all threads, the newest thread first.
    pub fn all_threads(&mut self, interpreter: &Interpreter, current: Option<&ThreadState>) {
        // SAFETY: a report may show what is out of date; threads that end meanwhile are the risk that reports of faults take.
        let states = unsafe { interpreter.thread_states_unlocked() };
        for (number, state) in states.iter().rev().enumerate() {
            if number > 0 {
                self.byte(b'\n');
            }
            if number == MAXIMUM_THREADS {
                self.text("...\n");
                break;
            }
            let is_current = current.is_some_and(|it| std::ptr::eq(it, *state));
            self.thread_heading(state, is_current);
            if is_current && interpreter.gc.is_collecting() {
                self.text("  Garbage-collecting\n");
            }
            self.frames(state);
        }
        self.flush();
    }

    /// The return addresses on this thread's native stack, each with its file and symbol.
    pub fn native_stack(&mut self) {
        self.text("Current thread's C stack trace (most recent call first):\n");
        let mut addresses = [std::ptr::null_mut::<c_void>(); MAXIMUM_ADDRESSES];
        // SAFETY: an array of the given length.
        let count = unsafe { libc::backtrace(addresses.as_mut_ptr(), addresses.len() as i32) };
        let count = usize::try_from(count).unwrap_or(0);
        for address in addresses.iter().take(count) {
            self.native_address(*address);
        }
        if count == MAXIMUM_ADDRESSES {
            self.text("  <truncated rest of calls>\n");
        }
        self.flush();
    }

    fn native_address(&mut self, address: *mut c_void) {
        let mut found = libc::Dl_info {
            dli_fname: std::ptr::null(),
            dli_fbase: std::ptr::null_mut(),
            dli_sname: std::ptr::null(),
            dli_saddr: std::ptr::null_mut(),
        };
        // SAFETY: a local to write to; the names that it is given live as long as the file is loaded.
        let known = unsafe { libc::dladdr(address, &mut found) } != 0 && !found.dli_fname.is_null();
        if !known {
            self.text("  <unknown> [0x").hexadecimal(address.addr() as u64, 1).text("]\n");
            return;
        }
        let c_text = |report: &mut Self, text| {
            // SAFETY: the loader's names end in a null byte.
            report.bytes(unsafe { std::ffi::CStr::from_ptr(text) }.to_bytes());
        };
        self.text("  Binary file \"");
        c_text(self, found.dli_fname);
        self.text("\"");
        let symbol = if found.dli_saddr.is_null() { found.dli_fbase } else { found.dli_saddr };
        if !found.dli_sname.is_null() || !found.dli_fbase.is_null() {
            self.text(", at ");
            if !found.dli_sname.is_null() {
                c_text(self, found.dli_sname);
            }
            self.text("+0x").hexadecimal(address.addr().saturating_sub(symbol.addr()) as u64, 1);
        }
        self.text(" [0x").hexadecimal(address.addr() as u64, 1).text("]\n");
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        self.flush();
    }
}

/// The state of this thread, whether or not it holds the interpreter's lock; None for threads that Python does not know.
pub fn state_of_this_thread(interpreter: &Interpreter) -> Option<&ThreadState> {
    // SAFETY: a number.
    let identity = unsafe { libc::pthread_self() };
    // SAFETY: as in `all_threads`; this thread's own state stays on the list while it runs.
    let states = unsafe { interpreter.thread_states_unlocked() };
    states.iter().copied().find(|it| it.base().thread_id.get() == identity)
}
