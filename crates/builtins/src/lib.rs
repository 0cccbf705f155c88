//! The built-in types that the knot of `objects` does not need, a folder for each.
//!
//! A folder exports its `TYPES`; here they become one list, which the binary registers after those of `objects`.

pub mod set;

use objects::types::TypeDeclaration;

/// The lists of the folders, bases first.
const FOLDERS: &[&[&TypeDeclaration]] = &[set::TYPES];

/// All types of this crate.
pub const TYPES: &[&TypeDeclaration] = &concatenated();

const fn count() -> usize {
    let (mut count, mut folder) = (0, 0);
    while folder < FOLDERS.len() {
        count += FOLDERS[folder].len();
        folder += 1;
    }
    count
}

const fn concatenated() -> [&'static TypeDeclaration; count()] {
    let mut all = [<objects::object::BaseObject as objects::types::Instance>::DECLARATION; count()];
    let (mut filled, mut folder) = (0, 0);
    while folder < FOLDERS.len() {
        let mut index = 0;
        while index < FOLDERS[folder].len() {
            all[filled] = FOLDERS[folder][index];
            filled += 1;
            index += 1;
        }
        folder += 1;
    }
    all
}
