//! `PicklerMemoProxy`: what `Pickler.memo` gives, to look at the memo, copy and clear it.

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use super::memo::PicklerMemo;
use super::pickler::Pickler;

#[derive(Instance)]
#[repr(C)]
pub struct PicklerMemoProxy {
    header: Header,
    pickler: Py<Pickler>,
}

impl PicklerMemoProxy {
    pub fn of(pickler: &Pickler, thread: &mut Thread) -> Py<PicklerMemoProxy> {
        Py::new(PicklerMemoProxy { header: Header::new(Self::class()), pickler: Py::from_ref(pickler) }, thread)
    }
}

/// A memo with what a proxy or a dict says.
pub fn memo_from(value: &Object, thread: &mut Thread) -> PyResult<PicklerMemo> {
    if let Some(proxy) = value.downcast_exact::<PicklerMemoProxy>() {
        return Ok(proxy.pickler.memo.get(thread).duplicate());
    }
    let Some(dict) = value.downcast::<Dict>() else {
        let class = value.class().full_name();
        return Err(raise!(
            thread,
            TypeError,
            "'memo' attribute must be a PicklerMemoProxy object or dict, not {class}"
        ));
    };
    let mut memo = PicklerMemo::default();
    for (_, pair) in dict.items_snapshot(thread) {
        let parts = pair.downcast::<Tuple>().map(Tuple::items);
        let Some([number, object]) = parts else {
            return Err(raise!(thread, TypeError, "'memo' values must be 2-item tuples"));
        };
        let number = protocol::int_as_isize(number, thread)?;
        drop(memo.set(object.clone(), number as usize));
    }
    Ok(memo)
}

#[python_type(name = "_pickle.PicklerMemoProxy", base = BaseObject, flags(HEAPTYPE), unhashable)]
impl PicklerMemoProxy {
    /// clear($self, /)
    /// --
    ///
    /// Remove all items from memo.
    #[method]
    fn clear(&self, thread: &mut Thread) {
        drop(std::mem::take(self.pickler.memo.get_mut(thread)));
    }

    /// copy($self, /)
    /// --
    ///
    /// Copy the memo to a new object.
    #[method]
    fn copy(&self, thread: &mut Thread) -> PyResult<Py<Dict>> {
        let items = self.pickler.memo.get(thread).snapshot();
        let dict = Dict::new(thread);
        for (object, number) in items {
            let key = protocol::make_int(object.address() as i128, thread);
            let number = protocol::make_int(number as i128, thread);
            let pair = Tuple::new(vec![number, object], thread)?;
            dict.set(&key, &pair, thread)?;
        }
        Ok(dict)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Implement pickle support.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let contents = self.copy(thread)?.into_object();
        let arguments = Tuple::new(vec![contents], thread)?.into_object();
        Tuple::new(vec![Py::from_ref(Dict::class()).into_object(), arguments], thread)
    }
}
