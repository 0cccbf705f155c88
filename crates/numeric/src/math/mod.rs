//! What `math` and the built-in `sum` compute exactly or with care: sums, norms, neighbours of floats, special
//! functions.
//!
//! Called by the modules above. What the standard library has (sine, logarithm, power) is called there directly.

mod gamma;
mod neighbors;
mod norm;
mod special;
mod sum;

pub use self::gamma::{gamma, lgamma};
pub use self::neighbors::{FmaError, fma, frexp, ldexp, next_after, remainder, ulp};
pub use self::norm::vector_norm;
pub use self::special::{MathError, acosh, asinh, atanh, erf, erfc};
pub use self::sum::{CompensatedSum, ExactSum, ExactSumError, ProductSum};
