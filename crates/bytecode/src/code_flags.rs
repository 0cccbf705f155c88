//! `co_flags` and the kinds of the fast locals, as code objects and marshal have them.

/// Local variables are slots, not a dict.
pub const CO_OPTIMIZED: u32 = 0x0001;
/// A call makes a new namespace.
pub const CO_NEWLOCALS: u32 = 0x0002;
/// There is a `*args`.
pub const CO_VARARGS: u32 = 0x0004;
/// There is a `**kwargs`.
pub const CO_VARKEYWORDS: u32 = 0x0008;
/// The function stands in another one.
pub const CO_NESTED: u32 = 0x0010;
pub const CO_GENERATOR: u32 = 0x0020;
pub const CO_COROUTINE: u32 = 0x0080;
/// A generator that `types.coroutine` made awaitable.
pub const CO_ITERABLE_COROUTINE: u32 = 0x0100;
pub const CO_ASYNC_GENERATOR: u32 = 0x0200;
pub const CO_FUTURE_DIVISION: u32 = 0x20000;
pub const CO_FUTURE_ABSOLUTE_IMPORT: u32 = 0x40000;
pub const CO_FUTURE_WITH_STATEMENT: u32 = 0x80000;
pub const CO_FUTURE_PRINT_FUNCTION: u32 = 0x10_0000;
pub const CO_FUTURE_UNICODE_LITERALS: u32 = 0x20_0000;
pub const CO_FUTURE_BARRY_AS_BDFL: u32 = 0x40_0000;
pub const CO_FUTURE_GENERATOR_STOP: u32 = 0x80_0000;
pub const CO_FUTURE_ANNOTATIONS: u32 = 0x100_0000;
/// No monitoring events come from this code.
pub const CO_NO_MONITORING_EVENTS: u32 = 0x200_0000;
/// The first constant is the docstring.
pub const CO_HAS_DOCSTRING: u32 = 0x400_0000;
/// The function is defined in a class.
pub const CO_METHOD: u32 = 0x800_0000;

/// All bits that come from `from __future__` imports.
pub const PYCF_MASK: u32 = CO_FUTURE_DIVISION
    | CO_FUTURE_ABSOLUTE_IMPORT
    | CO_FUTURE_WITH_STATEMENT
    | CO_FUTURE_PRINT_FUNCTION
    | CO_FUTURE_UNICODE_LITERALS
    | CO_FUTURE_BARRY_AS_BDFL
    | CO_FUTURE_GENERATOR_STOP
    | CO_FUTURE_ANNOTATIONS;

/// Most blocks (loops, handlers, `with`s) that may be nested in a function.
pub const CO_MAXBLOCKS: usize = 21;

/// A parameter that can be given by position: positional-only, ordinary, `*args`.
pub const CO_FAST_ARG_POS: u8 = 0x02;
/// A parameter that can be given by keyword: keyword-only, ordinary, `**kwargs`.
pub const CO_FAST_ARG_KW: u8 = 0x04;
/// `*args` or `**kwargs`.
pub const CO_FAST_ARG_VAR: u8 = 0x08;
/// Any parameter.
pub const CO_FAST_ARG: u8 = CO_FAST_ARG_POS | CO_FAST_ARG_KW | CO_FAST_ARG_VAR;
/// The variable of an inlined comprehension, which `locals()` does not show.
pub const CO_FAST_HIDDEN: u8 = 0x10;
pub const CO_FAST_LOCAL: u8 = 0x20;
pub const CO_FAST_CELL: u8 = 0x40;
pub const CO_FAST_FREE: u8 = 0x80;
