//! The numbers of the instructions that `re._compiler` emits, in the order of `re._constants` (magic number 20230612).

macro_rules! numbered {
    ($($number:literal $name:ident)*) => {
        $(pub const $name: u32 = $number;)*
    };
}

/// The version of the numbers here.
pub const MAGIC: i64 = 20_230_612;

/// The greatest repeat count, which means that there is no bound.
pub const MAXREPEAT: u32 = u32::MAX;

/// The greatest number of groups.
pub const MAXGROUPS: i64 = i32::MAX as i64 / 2;

numbered! {
    0 FAILURE 1 SUCCESS 2 ANY 3 ANY_ALL 4 ASSERT 5 ASSERT_NOT 6 AT 7 BRANCH 8 CATEGORY 9 CHARSET 10 BIGCHARSET 11 GROUPREF
    12 GROUPREF_EXISTS 13 IN 14 INFO 15 JUMP 16 LITERAL 17 MARK 18 MAX_UNTIL 19 MIN_UNTIL 20 NOT_LITERAL 21 NEGATE 22 RANGE
    23 REPEAT 24 REPEAT_ONE 26 MIN_REPEAT_ONE 27 ATOMIC_GROUP 28 POSSESSIVE_REPEAT 29 POSSESSIVE_REPEAT_ONE
    30 GROUPREF_IGNORE 31 IN_IGNORE 32 LITERAL_IGNORE 33 NOT_LITERAL_IGNORE 34 GROUPREF_LOC_IGNORE 35 IN_LOC_IGNORE
    36 LITERAL_LOC_IGNORE 37 NOT_LITERAL_LOC_IGNORE 38 GROUPREF_UNI_IGNORE 39 IN_UNI_IGNORE 40 LITERAL_UNI_IGNORE
    41 NOT_LITERAL_UNI_IGNORE 42 RANGE_UNI_IGNORE
}

/// Positions that `AT` asks for.
pub mod at {
    numbered! {
        0 BEGINNING 1 BEGINNING_LINE 2 BEGINNING_STRING 3 BOUNDARY 4 NON_BOUNDARY 5 END 6 END_LINE 7 END_STRING 8 LOC_BOUNDARY
        9 LOC_NON_BOUNDARY 10 UNI_BOUNDARY 11 UNI_NON_BOUNDARY
    }
}

/// The flags of a pattern, by name, in the order in which its repr prints them.
pub const FLAG_NAMES: &[(u32, &str)] = &[
    (2, "re.IGNORECASE"),
    (8, "re.MULTILINE"),
    (16, "re.DOTALL"),
    (64, "re.VERBOSE"),
    (128, "re.DEBUG"),
    (256, "re.ASCII"),
    (4, "re.LOCALE"),
    (FLAG_UNICODE, "re.UNICODE"),
];

/// The flag that is not printed for patterns of text, whose default it is.
pub const FLAG_UNICODE: u32 = 32;
