//! Modules that are declared in several `impl` blocks, one for each file.

use objects::method::Method;

/// How many functions these lists hold together.
pub const fn count_functions(lists: &[&[&'static Method]]) -> usize {
    let (mut count, mut list) = (0, 0);
    while list < lists.len() {
        count += lists[list].len();
        list += 1;
    }
    count
}

/// The functions of all these lists, in order.
pub const fn concatenate_functions<const COUNT: usize>(lists: &[&[&'static Method]]) -> [&'static Method; COUNT] {
    let mut all = [lists[0][0]; COUNT];
    let (mut filled, mut list) = (0, 0);
    while list < lists.len() {
        let mut index = 0;
        while index < lists[list].len() {
            all[filled] = lists[list][index];
            filled += 1;
            index += 1;
        }
        list += 1;
    }
    all
}
