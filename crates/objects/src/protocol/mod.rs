//! The object protocol: what `abstract.h` offers C, for Rust. Every operation here may run Python code.

mod attribute;
pub mod buffer;
mod call;
mod compare;
mod convert;
mod hash;
mod helpers;
mod instance;
mod iterate;
mod mapping;
mod number;
mod repr;
mod sequence;
mod size;
mod special;

use crate::types::{Instance, TypeDeclaration};

pub use crate::exceptions::exception_matches;
pub use attribute::{
    get_attribute, lookup_attribute, raise_attribute_error, raise_no_attribute, set_attribute,
    set_attribute_error_context,
};
pub use call::{
    call, call_found, call_method, call_method_vector, call_one, call_tuple, call_tuple_or_vector, call_vector,
    result_from_c, vectorcall_of,
};
pub use compare::{Comparison, as_plain_string, compare, compare_bool, equals, equals_plainly};
pub use convert::{as_f64, index, index_as_isize, index_clipped, index_or_raise, int_as_isize, is_index, is_true};
pub use hash::{hash, hash_for, hash_not_implemented};
pub(crate) use helpers::none;
pub use helpers::{builtin, generic_alias, make_int, union};
pub use instance::{is_instance, is_instance_without_hook, is_subclass, is_subclass_without_hook};
pub use iterate::{
    CallableIterator, SendOutcome, SequenceIterator, is_iterable, is_iterator, iter, next, next_to_hand_on,
    reduce_iterator,
};
pub use mapping::{delete_item, get_item, set_item};
pub use number::{
    BINARY_OPERATIONS, BinaryOperation, absolute, add, and, divmod, floor_divide, inplace_add, inplace_and,
    inplace_floor_divide, inplace_lshift, inplace_matrix_multiply, inplace_multiply, inplace_or, inplace_power,
    inplace_remainder, inplace_rshift, inplace_subtract, inplace_true_divide, inplace_xor, invert, lshift,
    matrix_multiply, multiply, negative, or, positive, power, remainder, rshift, subtract, true_divide, xor,
};
pub use repr::{ContainerRepr, ascii, format, format_as_str, qualified_name, repr, repr_guarded, str};
pub use sequence::{
    change_index, collect, collect_by_list, concat, contains, count_by_iteration, find_by_iteration, get_index,
    inplace_concat, is_sequence, to_list, to_tuple,
};
pub use size::{length, length_hint};
pub use special::{SpecialMethod, bind_special, call_special, call_special_required, lookup_special};

/// The iterators of this module.
pub const TYPES: &[&TypeDeclaration] = &[SequenceIterator::DECLARATION, CallableIterator::DECLARATION];
