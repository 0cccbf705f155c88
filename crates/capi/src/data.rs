//! Data that extension modules link to, apart from types and singletons, which are exported where they are declared: what C code reads of
//! the runtime, the table of character classes, pointers that have a default.

use std::cell::Cell;
use std::ffi::{c_int, c_ulong, c_void};
use std::sync::atomic::{AtomicIsize, Ordering};

use layout::{PyASCIIObject, PyObject, PyTypeObject};
use objects::types::Shared;

/// `Py_Version`: 3.14 as a number; what `sys.hexversion` is.
#[unsafe(no_mangle)]
pub static Py_Version: c_ulong = 0x030E_02F0;

/// Bytes of `_PyRuntime`, as CPython 3.14 has it.
const RUNTIME_SIZE: usize = 0x4_D4C8;

/// Where in `_PyRuntime` CPython 3.14 has the string that stands for a value that is not there.
const NULL_TEXT_AT: usize = 35056;

/// A string that is part of the runtime's state: a head, then the characters and a zero.
#[repr(C)]
pub struct StaticText {
    head: PyASCIIObject,
    characters: [u8; 8],
}

/// The parts of `_PyRuntime`.
#[repr(C)]
pub struct Runtime {
    before: [u64; NULL_TEXT_AT / 8],
    null_text: StaticText,
    after: [u64; (RUNTIME_SIZE - NULL_TEXT_AT - size_of::<StaticText>()) / 8],
}

const _: () = assert!(size_of::<Runtime>() == RUNTIME_SIZE);

unsafe extern "C" {
    /// Declared with `str`.
    static PyUnicode_Type: Shared<PyTypeObject>;
}

/// `_PyRuntime`: CPython's own state of the process. Naja's state lies elsewhere: what code that links to this reads is zero, but for the one
/// string that it may hand to Python code.
#[unsafe(no_mangle)]
pub static _PyRuntime: Shared<Runtime> = Shared::new(Runtime {
    before: [0; NULL_TEXT_AT / 8],
    null_text: StaticText {
        head: PyASCIIObject {
            ob_base: PyObject {
                ob_refcnt: Cell::new(3 << 30),
                ob_overflow: Cell::new(0),
                ob_flags: Cell::new(5),
                ob_type: Cell::new((&raw const PyUnicode_Type).cast_mut().cast()),
            },
            length: Cell::new(6),
            hash: Cell::new(-1),
            // Characters of one byte, in one piece with the head, ASCII.
            state: Cell::new(1 << 2 | 1 << 5 | 1 << 6),
        },
        characters: *b"<NULL>\0\0",
    },
    after: [0; (RUNTIME_SIZE - NULL_TEXT_AT - size_of::<StaticText>()) / 8],
});

/// What the contents of an empty bytearray are.
#[unsafe(no_mangle)]
pub static _PyByteArray_empty_string: Shared<[u8; 1]> = Shared::new([0]);

/// The type of module definitions, which no Python code ever sees.
#[unsafe(no_mangle)]
pub static PyModuleDef_Type: Shared<PyTypeObject> = Shared::new(PyTypeObject {
    tp_name: Cell::new(c"moduledef".as_ptr()),
    tp_basicsize: Cell::new(size_of::<layout::PyModuleDef>() as isize),
    tp_flags: Cell::new(0),
    ..PyTypeObject::EMPTY
});

/// `pyctype.h`'s classes: lower 1, upper 2, digit 4, hexadecimal digit 8, space 16.
#[unsafe(no_mangle)]
pub static _Py_ctype_table: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        let it = byte as u8;
        let mut class = 0;
        if it.is_ascii_lowercase() {
            class |= 1;
        }
        if it.is_ascii_uppercase() {
            class |= 2;
        }
        if it.is_ascii_digit() {
            class |= 4;
        }
        if it.is_ascii_hexdigit() {
            class |= 8;
        }
        if matches!(it, b'\t'..=b'\r' | b' ') {
            class |= 16;
        }
        table[byte] = class;
        byte += 1;
    }
    table
};

/// Case conversion of ASCII.
const fn mapped(upper: bool) -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let it = byte as u8;
        table[byte] = if upper { it.to_ascii_uppercase() } else { it.to_ascii_lowercase() };
        byte += 1;
    }
    table
}

#[unsafe(no_mangle)]
pub static _Py_ctype_tolower: [u8; 256] = mapped(false);

#[unsafe(no_mangle)]
pub static _Py_ctype_toupper: [u8; 256] = mapped(true);

/// `PyOS_InputHook`: a function that runs while the prompt waits; a module that wants it sets it.
#[unsafe(no_mangle)]
pub static PyOS_InputHook: Shared<*mut c_void> = Shared::new(std::ptr::null_mut());

#[unsafe(no_mangle)]
pub static PyOS_ReadlineFunctionPointer: Shared<*mut c_void> = Shared::new(std::ptr::null_mut());

/// Flags of the command line, which newer code asks `PyConfig_Get` for.
macro_rules! flags {
    ($($name:ident)*) => {$(
        #[unsafe(no_mangle)]
        pub static $name: Shared<c_int> = Shared::new(0);
    )*};
}

flags! {
    Py_DebugFlag Py_VerboseFlag Py_QuietFlag Py_InteractiveFlag Py_InspectFlag Py_OptimizeFlag Py_NoSiteFlag Py_BytesWarningFlag Py_FrozenFlag
    Py_IgnoreEnvironmentFlag Py_DontWriteBytecodeFlag Py_NoUserSiteDirectory Py_UnbufferedStdioFlag Py_HashRandomizationFlag Py_IsolatedFlag
}

/// The last index that a module definition was given; the process shares definitions, so it shares the numbers.
static LAST_MODULE_INDEX: AtomicIsize = AtomicIsize::new(0);

/// A new index for a module definition.
pub fn next_module_index() -> isize {
    LAST_MODULE_INDEX.fetch_add(1, Ordering::Relaxed) + 1
}

/// The most that a wait for a lock may take, in microseconds.
#[unsafe(no_mangle)]
pub static PY_TIMEOUT_MAX: i64 = i64::MAX / 1000;

/// A C string that is data.
#[repr(transparent)]
pub struct Text(*const std::ffi::c_char);

// SAFETY: it points to static text.
unsafe impl Sync for Text {}

/// The encoding of file names.
#[unsafe(no_mangle)]
pub static Py_FileSystemDefaultEncoding: Text = Text(c"utf-8".as_ptr());

#[unsafe(no_mangle)]
pub static Py_FileSystemDefaultEncodeErrors: Text = Text(c"surrogateescape".as_ptr());

#[unsafe(no_mangle)]
pub static Py_hexdigits: Text = Text(c"0123456789abcdef".as_ptr());

/// What a field of a struct sequence is called that has no name.
#[unsafe(no_mangle)]
pub static PyStructSequence_UnnamedField: Text = Text(c"unnamed field".as_ptr());

/// The address is what says that a field has no name.
pub fn unnamed_field() -> *const std::ffi::c_char {
    PyStructSequence_UnnamedField.0
}

/// The value of a digit in the largest base, or 37.
#[unsafe(no_mangle)]
pub static _PyLong_DigitValue: [u8; 256] = {
    let mut table = [37; 256];
    let mut byte = 0;
    while byte < 128 {
        if let Some(value) = (byte as u8 as char).to_digit(36) {
            table[byte] = value as u8;
        }
        byte += 1;
    }
    table
};

/// The comparison with the operands exchanged, by number.
#[unsafe(no_mangle)]
pub static _Py_SwappedOp: [c_int; 6] =
    [layout::Py_GT, layout::Py_GE, layout::Py_EQ, layout::Py_NE, layout::Py_LT, layout::Py_LE];
