//! `itertools`: iterators made of iterators.
//!
//! [`endless`] has those that make items up or repeat them, [`select`] those that choose among the items of another, [`group`] those that put
//! items together, [`combine`] those that enumerate choices, [`tee`] the copies of one iterator.

mod chain;
mod combine;
mod endless;
mod group;
mod product;
mod select;
mod slice;
mod tee;

use macros::python_module;
use objects::errors::PyResult;
use objects::module::Module;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, TypeDeclaration};

pub const TYPES: &[&TypeDeclaration] = &[
    chain::Chain::DECLARATION,
    combine::Combinations::DECLARATION,
    combine::CombinationsWithReplacement::DECLARATION,
    combine::Permutations::DECLARATION,
    endless::Count::DECLARATION,
    endless::Cycle::DECLARATION,
    endless::Repeat::DECLARATION,
    group::Accumulate::DECLARATION,
    group::Batched::DECLARATION,
    group::GroupBy::DECLARATION,
    group::Grouper::DECLARATION,
    group::Pairwise::DECLARATION,
    group::ZipLongest::DECLARATION,
    product::Product::DECLARATION,
    select::Compress::DECLARATION,
    select::DropWhile::DECLARATION,
    select::FilterFalse::DECLARATION,
    select::StarMap::DECLARATION,
    select::TakeWhile::DECLARATION,
    slice::Slice::DECLARATION,
    tee::Data::DECLARATION,
    tee::Tee::DECLARATION,
];

pub struct ItertoolsModule;

/// Functional tools for creating and using iterators.
///
/// Infinite iterators:
/// count(start=0, step=1) --> start, start+step, start+2*step, ...
/// cycle(p) --> p0, p1, ... plast, p0, p1, ...
/// repeat(elem [,n]) --> elem, elem, elem, ... endlessly or up to n times
///
/// Iterators terminating on the shortest input sequence:
/// accumulate(p[, func]) --> p0, p0+p1, p0+p1+p2
/// batched(p, n) --> [p0, p1, ..., p_n-1], [p_n, p_n+1, ..., p_2n-1], ...
/// chain(p, q, ...) --> p0, p1, ... plast, q0, q1, ...
/// chain.from_iterable([p, q, ...]) --> p0, p1, ... plast, q0, q1, ...
/// compress(data, selectors) --> (d[0] if s[0]), (d[1] if s[1]), ...
/// dropwhile(predicate, seq) --> seq[n], seq[n+1], starting when predicate fails
/// groupby(iterable[, keyfunc]) --> sub-iterators grouped by value of keyfunc(v)
/// filterfalse(predicate, seq) --> elements of seq where predicate(elem) is False
/// islice(seq, [start,] stop [, step]) --> elements from
///        seq[start:stop:step]
/// pairwise(s) --> (s[0],s[1]), (s[1],s[2]), (s[2], s[3]), ...
/// starmap(fun, seq) --> fun(*seq[0]), fun(*seq[1]), ...
/// tee(it, n=2) --> (it1, it2 , ... itn) splits one iterator into n
/// takewhile(predicate, seq) --> seq[0], seq[1], until predicate fails
/// zip_longest(p, q, ...) --> (p[0], q[0]), (p[1], q[1]), ...
///
/// Combinatoric generators:
/// product(p, q, ... [repeat=1]) --> cartesian product
/// permutations(p[, r])
/// combinations(p, r)
/// combinations_with_replacement(p, r)
///
#[python_module(name = "itertools")]
impl ItertoolsModule {
    /// tee($module, iterable, n=2, /)
    /// --
    ///
    /// Returns a tuple of n independent iterators.
    #[function]
    fn tee(iterable: &Object, n: isize, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if n < 0 {
            return Err(raise!(thread, ValueError, "n must be >= 0"));
        }
        let mut copies: Vec<Py<Object>> = Vec::new();
        if n == 0 {
            return Tuple::new(copies, thread);
        }
        let iterator = protocol::iter(iterable, thread)?;
        thread.check_room(n.unsigned_abs().saturating_mul(size_of::<Py<Object>>()))?;
        let mut last = tee::Tee::over(&iterator, thread)?;
        for _ in 1..n {
            let next = last.copy(thread);
            copies.push(last.into_object());
            last = next;
        }
        copies.push(last.into_object());
        Tuple::new(copies, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        for declaration in TYPES {
            let class = declaration.as_type();
            module.set(&class.short_name(), class, thread)?;
        }
        Ok(())
    }
}
