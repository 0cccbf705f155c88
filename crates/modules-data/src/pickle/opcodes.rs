//! The opcodes of pickle: the one table of them.
//!
//! Pickler and unpickler use the names; `pickletools.opcodes` of the library describes each of them at length.

macro_rules! opcodes {
    ($($name:ident = $code:literal: $what:literal;)*) => {
        $(#[doc = $what] pub const $name: u8 = $code;)*
    };
}

opcodes! {
    MARK = b'(': "push a mark";
    STOP = b'.': "the end";
    POP = b'0': "discard the topmost item";
    POP_MARK = b'1': "discard the items down to the topmost mark";
    DUP = b'2': "push the topmost item again";
    FLOAT = b'F': "push a float; decimal text";
    INT = b'I': "push an int or bool; decimal text";
    BININT = b'J': "push an int of four bytes with a sign";
    BININT1 = b'K': "push an int of one byte";
    LONG = b'L': "push an int; decimal text";
    BININT2 = b'M': "push an int of two bytes";
    NONE = b'N': "push None";
    PERSID = b'P': "push a persistent object; its id is a line of text";
    BINPERSID = b'Q': "push a persistent object; its id is taken from the stack";
    REDUCE = b'R': "call a function with a tuple, both from the stack";
    STRING = b'S': "push a string of Python 2; a quoted line";
    BINSTRING = b'T': "push a string of Python 2; counted by four bytes";
    SHORT_BINSTRING = b'U': "push a string of Python 2; counted by one byte";
    UNICODE = b'V': "push a str; a line, raw-unicode-escaped";
    BINUNICODE = b'X': "push a str; UTF-8, counted by four bytes";
    APPEND = b'a': "append the topmost item to the list below it";
    BUILD = b'b': "give the object below the topmost item its state";
    GLOBAL = b'c': "push an object found by two lines, module and name";
    DICT = b'd': "make a dict of the items after the mark";
    EMPTY_DICT = b'}': "push an empty dict";
    APPENDS = b'e': "extend the list below the mark by the items after it";
    GET = b'g': "push an item of the memo; the index is a line of text";
    BINGET = b'h': "push an item of the memo; the index is one byte";
    INST = b'i': "make an instance of a class found by two lines";
    LONG_BINGET = b'j': "push an item of the memo; the index has four bytes";
    LIST = b'l': "make a list of the items after the mark";
    EMPTY_LIST = b']': "push an empty list";
    OBJ = b'o': "make an instance of the class after the mark";
    PUT = b'p': "keep the topmost item in the memo; the index is a line of text";
    BINPUT = b'q': "keep the topmost item in the memo; the index is one byte";
    LONG_BINPUT = b'r': "keep the topmost item in the memo; the index has four bytes";
    SETITEM = b's': "set one item of a dict";
    TUPLE = b't': "make a tuple of the items after the mark";
    EMPTY_TUPLE = b')': "push the empty tuple";
    SETITEMS = b'u': "set items of the dict below the mark";
    BINFLOAT = b'G': "push a float of eight bytes";

    PROTO = 0x80: "the protocol's number (from protocol 2 on)";
    NEWOBJ = 0x81: "cls.__new__(cls, *args)";
    EXT1 = 0x82: "push an object of the extension registry; one byte";
    EXT2 = 0x83: "push an object of the extension registry; two bytes";
    EXT4 = 0x84: "push an object of the extension registry; four bytes";
    TUPLE1 = 0x85: "make a tuple of the topmost item";
    TUPLE2 = 0x86: "make a tuple of the two topmost items";
    TUPLE3 = 0x87: "make a tuple of the three topmost items";
    NEWTRUE = 0x88: "push True";
    NEWFALSE = 0x89: "push False";
    LONG1 = 0x8A: "push an int; counted by one byte";
    LONG4 = 0x8B: "push an int; counted by four bytes";

    BINBYTES = b'B': "push bytes; counted by four bytes (from protocol 3 on)";
    SHORT_BINBYTES = b'C': "push bytes; counted by one byte";

    SHORT_BINUNICODE = 0x8C: "push a str; UTF-8, counted by one byte (from protocol 4 on)";
    BINUNICODE8 = 0x8D: "push a str; UTF-8, counted by eight bytes";
    BINBYTES8 = 0x8E: "push bytes; counted by eight bytes";
    EMPTY_SET = 0x8F: "push an empty set";
    ADDITEMS = 0x90: "add the items after the mark to the set below it";
    FROZENSET = 0x91: "make a frozenset of the items after the mark";
    NEWOBJ_EX = 0x92: "cls.__new__(cls, *args, **keywords)";
    STACK_GLOBAL = 0x93: "push an object found by module and name from the stack";
    MEMOIZE = 0x94: "keep the topmost item in the memo, at the next index";
    FRAME = 0x95: "the length of the frame that begins";

    BYTEARRAY8 = 0x96: "push a bytearray; counted by eight bytes (from protocol 5 on)";
    NEXT_BUFFER = 0x97: "push the next out-of-band buffer";
    READONLY_BUFFER = 0x98: "make the topmost buffer read-only";
}

/// True and False as protocols 0 and 1 write them: ints with a leading zero.
pub const TRUE: &[u8] = b"I01\n";
pub const FALSE: &[u8] = b"I00\n";

/// The newest protocol, which is the default as well.
pub const HIGHEST_PROTOCOL: u8 = 5;
pub const DEFAULT_PROTOCOL: u8 = 5;

/// Items of a list, dict or set that are written between two marks.
pub const BATCH_SIZE: usize = 1000;

/// Bytes of the FRAME opcode with its length.
pub const FRAME_HEADER_SIZE: usize = 9;
/// Frames of fewer bytes are written without a header.
pub const FRAME_SIZE_MINIMUM: usize = 4;
/// A frame ends when it has so many bytes.
pub const FRAME_SIZE_TARGET: usize = 64 * 1024;
