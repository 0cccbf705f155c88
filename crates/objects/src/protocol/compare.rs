//! Rich comparison.

/// The six comparisons, with C's codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Comparison {
    Less = layout::Py_LT,
    LessEqual = layout::Py_LE,
    Equal = layout::Py_EQ,
    NotEqual = layout::Py_NE,
    Greater = layout::Py_GT,
    GreaterEqual = layout::Py_GE,
}

impl Comparison {
    const ALL: [Self; 6] =
        [Self::Less, Self::LessEqual, Self::Equal, Self::NotEqual, Self::Greater, Self::GreaterEqual];

    /// The comparison with C's code; C passes no other.
    #[inline(always)]
    pub fn from_code(code: i32) -> Self {
        Self::ALL.get(code as usize).copied().unwrap_or(Self::Equal)
    }

    /// The comparison with the operands exchanged.
    pub fn swapped(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            same => same,
        }
    }

    /// What the comparison says of two values ordered so.
    #[inline(always)]
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::LessEqual => ordering.is_le(),
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterEqual => ordering.is_ge(),
        }
    }

    /// The operator as messages print it.
    pub fn symbol(self) -> &'static str {
        ["<", "<=", "==", "!=", ">", ">="][self as usize]
    }
}
