//! `CodeUnit`: a code object as plain data, field by field CPython's (`Include/cpython/code.h`).

use std::fmt;
use std::ops::Deref;

use text::wtf8::Wtf8;

use crate::constant::Constant;

/// A name in a code unit. All units of a program know it by the same number, so that who makes code objects need not look for its text.
#[derive(Clone, Copy)]
pub struct Name<'t> {
    text: Wtf8<'t>,
    number: u32,
}

/// The number of names that have none.
const NO_NUMBER: u32 = u32::MAX;

impl<'t> Name<'t> {
    /// A name with its number, one of a few small ones.
    pub fn new(text: Wtf8<'t>, number: u32) -> Self {
        Self { text, number }
    }

    /// A name that the program does not count.
    pub fn without_number(text: Wtf8<'t>) -> Self {
        Self { text, number: NO_NUMBER }
    }

    #[inline]
    pub fn text(self) -> Wtf8<'t> {
        self.text
    }

    #[inline]
    pub fn number(self) -> Option<u32> {
        (self.number != NO_NUMBER).then_some(self.number)
    }
}

impl<'t> Deref for Name<'t> {
    type Target = Wtf8<'t>;

    fn deref(&self) -> &Wtf8<'t> {
        &self.text
    }
}

impl<'t> From<&'t str> for Name<'t> {
    fn from(text: &'t str) -> Self {
        Self::without_number(text.into())
    }
}

impl fmt::Debug for Name<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, formatter)
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.text, formatter)
    }
}

/// Names are equal if their texts are.
impl PartialEq for Name<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Name<'_> {}

/// What the compiler yields for a module, a class body, a function or a lambda; its parts lie in an [`Arena`](crate::arena::Arena).
#[derive(Clone, Copy, Debug)]
pub struct CodeUnit<'t> {
    pub argument_count: u32,
    pub positional_only_argument_count: u32,
    pub keyword_only_argument_count: u32,
    /// Slots that the value stack needs (`co_stacksize`).
    pub stack_size: u32,
    /// `CO_*` flags.
    pub flags: u32,
    /// Instructions, two bytes each, inline caches zeroed but for the [`counter`](crate::counter)s, which are as in new code.
    pub code: &'t [u8],
    pub constants: &'t [Constant<'t>],
    pub names: &'t [Name<'t>],
    /// Names of locals, cells and free variables, in slot order.
    pub locals_plus_names: &'t [Name<'t>],
    /// `CO_FAST_*` bits, one byte for each of `locals_plus_names`.
    pub locals_plus_kinds: &'t [u8],
    pub filename: Wtf8<'t>,
    pub name: Name<'t>,
    pub qualified_name: Wtf8<'t>,
    pub first_line: i32,
    /// Positions in the format of CPython's `InternalDocs/code_objects.md`.
    pub line_table: &'t [u8],
    /// Handlers in the format of CPython's `InternalDocs/exception_handling.md`.
    pub exception_table: &'t [u8],
}

/// Equality of code objects as Python sees it: everything but the file, the qualified name and the stack size.
impl PartialEq for CodeUnit<'_> {
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

impl Eq for CodeUnit<'_> {}
