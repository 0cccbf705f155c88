//! The exception hierarchy.
//!
//! `hierarchy` has the table of all exceptions, and declares those that add nothing to their base; `base` has what all of them carry; the
//! other files have those with fields of their own. `matching` and `except_star` decide which handler gets what.

mod attributes;
mod base;
mod except_star;
mod group;
mod hierarchy;
mod key_error;
mod matching;
mod os_error;
mod stop;
mod syntax_error;
mod unicode_error;

pub use attributes::{AttributeError, ImportError, NameError};
pub use base::BaseException;
pub use except_star::{prepare_reraise_star, split_group};
pub use group::{BaseExceptionGroup, exception_group_type};
pub use hierarchy::*;
pub use key_error::KeyError;
pub use matching::exception_matches;
pub use os_error::{OSError, os_error_text};
pub use stop::{StopIteration, SystemExit};
pub use syntax_error::SyntaxError;
pub use unicode_error::{UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError};
