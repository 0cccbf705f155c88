//! `function`: code with its globals, defaults and closure.

mod annotations;
mod arguments;
mod attributes;
mod call;
mod object;
mod suggest;

pub use arguments::{Call, bind_arguments};
pub use call::{enter_function, function_vectorcall};
pub use object::Function;
pub use suggest::most_similar;
