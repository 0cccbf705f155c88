//! Arguments of instructions that are numbers with a name: operators, intrinsics, special methods, common constants.
//!
//! The code generator writes them, the interpreter and `dis` read them. The numbers are CPython 3.14's.

macro_rules! operand_enum {
    (
        $(#[$doc:meta])*
        $name:ident: $describe:ident {
            $($variant:ident = $number:literal $text:literal),* $(,)?
        }
    ) => {
        $(#[$doc])*
        #[repr(u8)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $variant = $number,)*
        }

        impl $name {
            /// All of them, by number.
            pub const ALL: &[$name] = &[$($name::$variant),*];

            /// The one with this number; None if there is none.
            pub const fn from_number(number: u32) -> Option<Self> {
                match number {
                    $($number => Some($name::$variant),)*
                    _ => None,
                }
            }

            /// The text by which CPython knows it.
            pub const fn $describe(self) -> &'static str {
                match self {
                    $($name::$variant => $text,)*
                }
            }
        }
    };
}

operand_enum! {
    /// The operator of `BINARY_OP`.
    BinaryOperator: symbol {
        Add = 0 "+",
        And = 1 "&",
        FloorDivide = 2 "//",
        LeftShift = 3 "<<",
        MatrixMultiply = 4 "@",
        Multiply = 5 "*",
        Remainder = 6 "%",
        Or = 7 "|",
        Power = 8 "**",
        RightShift = 9 ">>",
        Subtract = 10 "-",
        TrueDivide = 11 "/",
        Xor = 12 "^",
        InplaceAdd = 13 "+=",
        InplaceAnd = 14 "&=",
        InplaceFloorDivide = 15 "//=",
        InplaceLeftShift = 16 "<<=",
        InplaceMatrixMultiply = 17 "@=",
        InplaceMultiply = 18 "*=",
        InplaceRemainder = 19 "%=",
        InplaceOr = 20 "|=",
        InplacePower = 21 "**=",
        InplaceRightShift = 22 ">>=",
        InplaceSubtract = 23 "-=",
        InplaceTrueDivide = 24 "/=",
        InplaceXor = 25 "^=",
        Subscript = 26 "[]",
    }
}

operand_enum! {
    /// The operator of `COMPARE_OP`, which stands in the argument above [`COMPARE_SHIFT`] bits.
    ComparisonOperator: symbol {
        Less = 0 "<",
        LessEqual = 1 "<=",
        Equal = 2 "==",
        NotEqual = 3 "!=",
        Greater = 4 ">",
        GreaterEqual = 5 ">=",
    }
}

/// How far `COMPARE_OP`'s argument is shifted to give the operator's number.
pub const COMPARE_SHIFT: u32 = 5;
/// The bit of `COMPARE_OP`'s argument that asks for a `bool`.
pub const COMPARE_TO_BOOL: u32 = 16;

impl ComparisonOperator {
    /// `COMPARE_OP`'s argument: the operator, and in the low bits, for the specializer, which outcomes make it true
    /// (unordered 1, less 2, greater 4, equal 8).
    pub const fn to_oparg(self) -> u32 {
        let outcomes = match self {
            ComparisonOperator::Less => 2,
            ComparisonOperator::LessEqual => 2 | 8,
            ComparisonOperator::Equal => 8,
            ComparisonOperator::NotEqual => 1 | 2 | 4,
            ComparisonOperator::Greater => 4,
            ComparisonOperator::GreaterEqual => 4 | 8,
        };
        (self as u32) << COMPARE_SHIFT | outcomes
    }
}

operand_enum! {
    /// The function of `CALL_INTRINSIC_1`.
    UnaryIntrinsic: name {
        Invalid = 0 "INTRINSIC_1_INVALID",
        Print = 1 "INTRINSIC_PRINT",
        ImportStar = 2 "INTRINSIC_IMPORT_STAR",
        StopIterationError = 3 "INTRINSIC_STOPITERATION_ERROR",
        AsyncGeneratorWrap = 4 "INTRINSIC_ASYNC_GEN_WRAP",
        UnaryPositive = 5 "INTRINSIC_UNARY_POSITIVE",
        ListToTuple = 6 "INTRINSIC_LIST_TO_TUPLE",
        TypeVar = 7 "INTRINSIC_TYPEVAR",
        ParamSpec = 8 "INTRINSIC_PARAMSPEC",
        TypeVarTuple = 9 "INTRINSIC_TYPEVARTUPLE",
        SubscriptGeneric = 10 "INTRINSIC_SUBSCRIPT_GENERIC",
        TypeAlias = 11 "INTRINSIC_TYPEALIAS",
    }
}

operand_enum! {
    /// The function of `CALL_INTRINSIC_2`.
    BinaryIntrinsic: name {
        Invalid = 0 "INTRINSIC_2_INVALID",
        PrepareReraiseStar = 1 "INTRINSIC_PREP_RERAISE_STAR",
        TypeVarWithBound = 2 "INTRINSIC_TYPEVAR_WITH_BOUND",
        TypeVarWithConstraints = 3 "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS",
        SetFunctionTypeParameters = 4 "INTRINSIC_SET_FUNCTION_TYPE_PARAMS",
        SetTypeParameterDefault = 5 "INTRINSIC_SET_TYPEPARAM_DEFAULT",
    }
}

operand_enum! {
    /// The method that `LOAD_SPECIAL` looks up on the type.
    SpecialMethod: name {
        Enter = 0 "__enter__",
        Exit = 1 "__exit__",
        AsyncEnter = 2 "__aenter__",
        AsyncExit = 3 "__aexit__",
    }
}

operand_enum! {
    /// The object that `LOAD_COMMON_CONSTANT` loads.
    CommonConstant: name {
        AssertionError = 0 "AssertionError",
        NotImplementedError = 1 "NotImplementedError",
        Tuple = 2 "tuple",
        All = 3 "all",
        Any = 4 "any",
    }
}

operand_enum! {
    /// The function of `CONVERT_VALUE`: the `!s`, `!r`, `!a` of an f-string.
    Conversion: name {
        Str = 1 "str",
        Repr = 2 "repr",
        Ascii = 3 "ascii",
    }
}

operand_enum! {
    /// What `SET_FUNCTION_ATTRIBUTE` sets.
    FunctionAttribute: name {
        Defaults = 1 "defaults",
        KeywordDefaults = 2 "kwdefaults",
        Annotations = 4 "annotations",
        Closure = 8 "closure",
        Annotate = 16 "annotate",
    }
}

operand_enum! {
    /// Where a `RESUME` stands: the argument's bits below [`RESUME_DEPTH_1`].
    ResumePlace: name {
        FunctionStart = 0 "function start",
        AfterYield = 1 "after yield",
        AfterYieldFrom = 2 "after yield from",
        AfterAwait = 3 "after await",
    }
}

/// The bits of `RESUME`'s argument that are a [`ResumePlace`].
pub const RESUME_LOCATION_MASK: u32 = 0x3;
/// The bit of `RESUME`'s argument that says that the yield before it stands directly in the function's outermost
/// handler.
pub const RESUME_DEPTH_1: u32 = 0x4;
