//! `complex`.

mod convert;
mod methods;
mod object;

use objects::thread::Thread;
use objects::types::{Instance, TypeDeclaration};

pub use object::Complex;

pub const TYPES: &[&TypeDeclaration] = &[Complex::DECLARATION];

/// Lets negative floats be raised to fractional powers.
pub fn install(thread: &mut Thread) {
    thread.interpreter().hooks.complex_power.set(Some(methods::power_of_floats));
}
