//! `CodeUnit`: a code object as plain data, field by field CPython's (`Include/cpython/code.h`).

use std::rc::Rc;

use text::wtf8::Wtf8Buf;

use crate::constant::Constant;

/// What the compiler yields for a module, a class body, a function or a lambda.
#[derive(Clone, Debug)]
pub struct CodeUnit {
    pub argument_count: u32,
    pub positional_only_argument_count: u32,
    pub keyword_only_argument_count: u32,
    /// Slots that the value stack needs (`co_stacksize`).
    pub stack_size: u32,
    /// `CO_*` flags.
    pub flags: u32,
    /// Instructions, two bytes each, inline caches zeroed but for the [`counter`](crate::counter)s, which are as in new code.
    pub code: Rc<[u8]>,
    pub constants: Vec<Constant>,
    pub names: Vec<Wtf8Buf>,
    /// Names of locals, cells and free variables, in slot order.
    pub locals_plus_names: Vec<Wtf8Buf>,
    /// `CO_FAST_*` bits, one byte for each of `locals_plus_names`.
    pub locals_plus_kinds: Vec<u8>,
    pub filename: Wtf8Buf,
    pub name: Wtf8Buf,
    pub qualified_name: Wtf8Buf,
    pub first_line: i32,
    /// Positions in the format of CPython's `InternalDocs/code_objects.md`.
    pub line_table: Rc<[u8]>,
    /// Handlers in the format of CPython's `InternalDocs/exception_handling.md`.
    pub exception_table: Rc<[u8]>,
}

/// Equality of code objects as Python sees it: everything but the file, the qualified name and the stack size.
impl PartialEq for CodeUnit {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.argument_count == other.argument_count
            && self.positional_only_argument_count == other.positional_only_argument_count
            && self.keyword_only_argument_count == other.keyword_only_argument_count
            && self.flags == other.flags
            && self.first_line == other.first_line
            && self.code == other.code
            && self.constants == other.constants
            && self.names == other.names
            && self.locals_plus_names == other.locals_plus_names
            && self.line_table == other.line_table
            && self.exception_table == other.exception_table
    }
}

impl Eq for CodeUnit {}
