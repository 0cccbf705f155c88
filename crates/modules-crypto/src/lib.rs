//! Hashes: _md5, _sha1, _sha2, _sha3, _blake2, _hmac.
//!
//! The binary registers [`TYPES`] and [`MODULES`].

mod blake2;
mod digest;
mod fixed;
mod hmac;
mod object;
mod sha3;
mod sponge;

use objects::errors::PyResult;
use objects::module::{Definition, Module};
use objects::protocol;
use objects::thread::Thread;
use objects::types::{TypeDeclaration, concatenate_declarations, count_declarations};

/// The lists of types of this crate's modules.
const LISTS: &[&[&TypeDeclaration]] = &[fixed::TYPES, sha3::TYPES, blake2::TYPES, hmac::TYPES];

/// The types of this crate's modules, bases first.
pub const TYPES: &[&TypeDeclaration] = &concatenate_declarations::<{ count_declarations(LISTS) }>(LISTS);

/// The modules of this crate.
pub const MODULES: &[&Definition] = &[
    &fixed::Md5Module::DEFINITION,
    &fixed::Sha1Module::DEFINITION,
    &fixed::Sha2Module::DEFINITION,
    &sha3::Sha3Module::DEFINITION,
    &blake2::Blake2Module::DEFINITION,
    &hmac::HmacModule::DEFINITION,
];

/// The constant that says from which size on the lock is given up.
fn set_lock_limit(module: &Module, thread: &mut Thread) -> PyResult<()> {
    let limit = protocol::make_int(system::exclusive::LONG as i128, thread);
    module.set("_GIL_MINSIZE", &limit, thread)
}
