//! Rich comparison: `left < right` and its kin, with the reflected operation and the priority of subclasses.

use crate::bool::Bool;
use crate::errors::PyResult;
use crate::int::Int;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::types::Instance as _;

use super::call::result_from_c;

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

/// `left <operator> right`, whatever object that gives.
pub fn compare(left: &Object, right: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
    thread.check_stack(" in comparison")?;
    let (left_class, right_class) = (left.class(), right.class());
    let right_first = !std::ptr::eq(left_class, right_class)
        && right_class.slots().tp_richcompare.get().is_some()
        && right_class.is_subtype(left_class);
    if right_first && let Some(result) = try_compare(right, left, operation.swapped(), thread)? {
        return Ok(result);
    }
    if let Some(result) = try_compare(left, right, operation, thread)? {
        return Ok(result);
    }
    if !right_first && let Some(result) = try_compare(right, left, operation.swapped(), thread)? {
        return Ok(result);
    }
    match operation {
        Comparison::Equal => Ok(Bool::new(left.is(right))),
        Comparison::NotEqual => Ok(Bool::new(!left.is(right))),
        _ => Err(raise!(
            thread,
            TypeError,
            "'{}' not supported between instances of '{}' and '{}'",
            operation.symbol(),
            left.class().full_name(),
            right.class().full_name()
        )),
    }
}

/// One side's answer, None for NotImplemented.
#[inline]
fn try_compare(
    receiver: &Object,
    other: &Object,
    operation: Comparison,
    thread: &mut Thread,
) -> PyResult<Option<Py<Object>>> {
    let Some(function) = receiver.class().slots().tp_richcompare.get() else { return Ok(None) };
    // SAFETY: the slot's protocol.
    let result = unsafe { function(receiver.as_pointer(), other.as_pointer(), operation as i32) };
    let result = result_from_c(result, thread)?;
    Ok((!result.is_not_implemented()).then_some(result))
}

/// `bool(left <operator> right)`, where an object equals itself whatever its `__eq__` says: what containers compare by.
#[inline]
pub fn compare_bool(left: &Object, right: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<bool> {
    if left.is(right) {
        match operation {
            Comparison::Equal => return Ok(true),
            Comparison::NotEqual => return Ok(false),
            _ => {}
        }
    }
    let result = compare(left, right, operation, thread)?;
    super::is_true(&result, thread)
}

/// `left is right or left == right`: what containers compare by. Exact strings and ints take a short way.
#[inline]
pub fn equals(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<bool> {
    match equals_plainly(left, right) {
        Some(equal) => Ok(equal),
        None => compare_bool(left, right, Comparison::Equal, thread),
    }
}

/// [`equals`] where no Python code can run: the same object, or two exact strings or ints; None otherwise.
#[inline]
pub fn equals_plainly(left: &Object, right: &Object) -> Option<bool> {
    if left.is(right) {
        return Some(true);
    }
    if let Some(left) = left.downcast_exact::<Str>() {
        return right.downcast_exact::<Str>().map(|right| left.equals(right));
    }
    let (left, right) = (left.downcast_exact::<Int>()?, right.downcast_exact::<Int>()?);
    Some(left.is_negative() == right.is_negative() && left.digits() == right.digits())
}

/// The object as a string if it hashes and compares as one: an exact string, or an instance of a subtype that overrides neither.
pub fn as_plain_string(object: &Object) -> Option<&Str> {
    let text = object.downcast::<Str>()?;
    let (own, plain) = (object.class().slots(), Str::class().slots());
    let same = own.tp_richcompare.get().map(|it| it as usize) == plain.tp_richcompare.get().map(|it| it as usize)
        && own.tp_hash.get().map(|it| it as usize) == plain.tp_hash.get().map(|it| it as usize);
    same.then_some(text)
}
