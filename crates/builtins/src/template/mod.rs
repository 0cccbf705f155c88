//! `string.templatelib`: what a t-string gives (PEP 750).

mod interpolation;
mod iterator;
mod object;

use objects::errors::PyResult;
use objects::names;
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, TypeDeclaration};

pub use interpolation::Interpolation;
pub use iterator::TemplateIterator;
pub use object::Template;

pub const TYPES: &[&TypeDeclaration] =
    &[Template::DECLARATION, Interpolation::DECLARATION, TemplateIterator::DECLARATION];

/// Gives the types what is no method: `Interpolation.__match_args__`.
pub fn install(thread: &mut Thread) {
    fn set_match_args(thread: &mut Thread) -> PyResult<()> {
        let fields = interpolation::FIELDS.map(|name| Str::from_str(name, thread).into_object());
        let fields = Tuple::new(fields.into(), thread)?;
        Interpolation::class().dict(thread).set_str(&names::__match_args__, &fields, thread)
    }
    set_match_args(thread).expect("a new interpreter has memory");
}
