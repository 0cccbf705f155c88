//! Functions with `...`: a naked trampoline for each spills the registers and passes a `va_list` on, since Rust cannot define them.
//!
//! [`VaList`] is C's `va_list` of the System V ABI for x86-64, which the `V` functions of the C API get from their callers.
//!
//! ```text
//! rsp + 0     48 bytes: rdi rsi rdx rcx r8 r9
//! rsp + 48    128 bytes: xmm0 … xmm7
//! rsp + 176   the list: gp_offset, fp_offset, overflow area, register area
//! rsp + 216   return address, then the arguments that did not fit
//! ```

use std::ffi::c_int;

use objects::errors::PyResult;
use objects::thread::Thread;

use crate::entry::Argument;

/// The arguments that have not been read yet.
#[repr(C)]
pub struct VaList {
    gp_offset: u32,
    fp_offset: u32,
    overflow: *mut u8,
    registers: *mut u8,
}

/// Bytes of the general registers in the save area, and of all.
const GENERAL: u32 = 48;
const ALL: u32 = 176;

impl VaList {
    /// The next argument that is a pointer or an integer: a word, of which smaller types use the lower part.
    ///
    /// # Safety
    /// The caller passed such an argument.
    unsafe fn word(&mut self) -> u64 {
        // SAFETY: the offsets stay within the areas; the caller passed the argument.
        unsafe {
            if self.gp_offset < GENERAL {
                let at = self.registers.add(self.gp_offset as usize);
                self.gp_offset += 8;
                return at.cast::<u64>().read();
            }
            let at = self.overflow;
            self.overflow = at.add(8);
            at.cast::<u64>().read()
        }
    }

    /// The next argument, a pointer.
    ///
    /// # Safety
    /// The caller passed such an argument.
    pub unsafe fn pointer<T>(&mut self) -> *mut T {
        // SAFETY: passed on to the caller.
        unsafe { self.word() as usize as *mut T }
    }

    /// The next argument, an integer of eight bytes.
    ///
    /// # Safety
    /// The caller passed such an argument.
    pub unsafe fn long(&mut self) -> i64 {
        // SAFETY: passed on to the caller.
        unsafe { self.word() as i64 }
    }

    /// The next argument, an integer of four bytes or less.
    ///
    /// # Safety
    /// The caller passed such an argument.
    pub unsafe fn int(&mut self) -> c_int {
        // SAFETY: passed on to the caller.
        unsafe { self.word() as c_int }
    }

    /// The next argument, a float.
    ///
    /// # Safety
    /// The caller passed such an argument.
    pub unsafe fn double(&mut self) -> f64 {
        // SAFETY: as in `word`.
        unsafe {
            if self.fp_offset < ALL {
                let at = self.registers.add(self.fp_offset as usize);
                self.fp_offset += 16;
                return at.cast::<f64>().read();
            }
            let at = self.overflow;
            self.overflow = at.add(8);
            at.cast::<f64>().read()
        }
    }
}

impl Argument for &mut VaList {
    type C = *mut VaList;

    unsafe fn from_c(value: Self::C, _: &mut Thread) -> PyResult<Self> {
        // SAFETY: C's caller passes its list, which is not null.
        Ok(unsafe { &mut *value })
    }
}

/// Declares trampolines: `fn PyErr_Format = PyErr_FormatV, 2;` passes the first two arguments and the list of the others.
macro_rules! variadic {
    ($(fn $name:ident = $target:ident, $fixed:tt;)*) => {$(
        /// # Safety
        /// As the C API says.
        #[unsafe(no_mangle)]
        #[unsafe(naked)]
        pub unsafe extern "C-unwind" fn $name() {
            std::arch::naked_asm!(
                ".cfi_startproc",
                "sub rsp, 216",
                ".cfi_adjust_cfa_offset 216",
                "mov [rsp], rdi",
                "mov [rsp + 8], rsi",
                "mov [rsp + 16], rdx",
                "mov [rsp + 24], rcx",
                "mov [rsp + 32], r8",
                "mov [rsp + 40], r9",
                "movaps [rsp + 48], xmm0",
                "movaps [rsp + 64], xmm1",
                "movaps [rsp + 80], xmm2",
                "movaps [rsp + 96], xmm3",
                "movaps [rsp + 112], xmm4",
                "movaps [rsp + 128], xmm5",
                "movaps [rsp + 144], xmm6",
                "movaps [rsp + 160], xmm7",
                "mov dword ptr [rsp + 176], {fixed} * 8",
                "mov dword ptr [rsp + 180], 48",
                "lea rax, [rsp + 224]",
                "mov [rsp + 184], rax",
                "mov [rsp + 192], rsp",
                concat!("lea ", $crate::variadic::register!($fixed), ", [rsp + 176]"),
                "call {target}",
                "add rsp, 216",
                ".cfi_adjust_cfa_offset -216",
                "ret",
                ".cfi_endproc",
                fixed = const $fixed,
                target = sym $target,
            )
        }
    )*};
}
pub(crate) use variadic;

/// The register of the argument after so many.
macro_rules! register {
    (0) => {
        "rdi"
    };
    (1) => {
        "rsi"
    };
    (2) => {
        "rdx"
    };
    (3) => {
        "rcx"
    };
    (4) => {
        "r8"
    };
    (5) => {
        "r9"
    };
}
pub(crate) use register;
