//! `UnpicklerMemoProxy`: what `Unpickler.memo` gives, to look at the memo, copy and clear it.

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use super::memo::UnpicklerMemo;
use super::unpickler::Unpickler;

#[derive(Instance)]
#[repr(C)]
pub struct UnpicklerMemoProxy {
    header: Header,
    unpickler: Py<Unpickler>,
}

impl UnpicklerMemoProxy {
    pub fn of(unpickler: &Unpickler, thread: &mut Thread) -> Py<UnpicklerMemoProxy> {
        Py::new(UnpicklerMemoProxy { header: Header::new(Self::class()), unpickler: Py::from_ref(unpickler) }, thread)
    }
}

/// A memo with what a proxy or a dict says.
pub fn memo_from(value: &Object, thread: &mut Thread) -> PyResult<UnpicklerMemo> {
    let pairs = if let Some(proxy) = value.downcast_exact::<UnpicklerMemoProxy>() {
        proxy.unpickler.memo.get(thread).snapshot()
    } else if let Some(dict) = value.downcast::<Dict>() {
        let mut pairs = Vec::with_capacity(dict.length());
        for (number, object) in dict.items_snapshot(thread) {
            if number.downcast::<Int>().is_none() {
                return Err(raise!(thread, TypeError, "memo key must be integers"));
            }
            let number = protocol::int_as_isize(&number, thread)?;
            let Ok(number) = usize::try_from(number) else {
                return Err(raise!(thread, ValueError, "memo key must be positive integers."));
            };
            pairs.push((number, object));
        }
        pairs
    } else {
        let class = value.class().full_name();
        return Err(raise!(
            thread,
            TypeError,
            "'memo' attribute must be an UnpicklerMemoProxy object or dict, not {class}"
        ));
    };
    let mut memo = UnpicklerMemo::default();
    for (number, object) in pairs {
        match memo.set(number, object) {
            Ok(old) => drop(old),
            Err(error) => return error.raise(thread),
        }
    }
    Ok(memo)
}

#[python_type(name = "_pickle.UnpicklerMemoProxy", base = BaseObject, flags(HEAPTYPE), unhashable)]
impl UnpicklerMemoProxy {
    /// clear($self, /)
    /// --
    ///
    /// Remove all items from memo.
    #[method]
    fn clear(&self, thread: &mut Thread) {
        drop(std::mem::take(self.unpickler.memo.get_mut(thread)));
    }

    /// copy($self, /)
    /// --
    ///
    /// Copy the memo to a new object.
    #[method]
    fn copy(&self, thread: &mut Thread) -> PyResult<Py<Dict>> {
        let items = self.unpickler.memo.get(thread).snapshot();
        let dict = Dict::new(thread);
        for (number, object) in items {
            let number = protocol::make_int(number as i128, thread);
            dict.set(&number, &object, thread)?;
        }
        Ok(dict)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Implement pickling support.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let contents = self.copy(thread)?.into_object();
        let arguments = Tuple::new(vec![contents], thread)?.into_object();
        Tuple::new(vec![Py::from_ref(Dict::class()).into_object(), arguments], thread)
    }
}
