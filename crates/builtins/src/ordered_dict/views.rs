//! `odict_keys`, `odict_values`, `odict_items`: the views of plain dicts, in the order of ordered ones.

use macros::{Instance, python_type};
use objects::dict::{DictItems, DictKeys, DictValues};
use objects::errors::PyResult;
use objects::raise;
use objects::refs::Py;
use objects::thread::Thread;
use objects::types::Instance as _;

use super::iterator::{OrderedIterator, Part};
use super::object::OrderedDict;

macro_rules! view_type {
    ($name:ident, $base:ident, $python_name:literal, $symbol:literal, $part:expr) => {
        #[doc = concat!("`", $python_name, "`: a view of an ordered dict.")]
        #[derive(Instance)]
        #[repr(C)]
        pub struct $name {
            view: $base,
        }

        impl $name {
            pub fn new(dict: &OrderedDict, thread: &mut Thread) -> Py<$name> {
                Py::new($name { view: $base::of_class(Self::class(), &dict.dict) }, thread)
            }

            fn iterate(&self, backwards: bool, thread: &mut Thread) -> PyResult<Py<OrderedIterator>> {
                match self.view.dict().downcast::<OrderedDict>() {
                    Some(dict) => OrderedIterator::new(dict, $part, backwards, thread),
                    None => Err(raise!(thread, TypeError, "a view of an ordered dict is required")),
                }
            }
        }

        #[python_type(name = $python_name, symbol = $symbol, base = $base)]
        impl $name {
            #[slot(tp_iter)]
            fn iter(&self, thread: &mut Thread) -> PyResult<Py<OrderedIterator>> {
                self.iterate(false, thread)
            }

            /// __reversed__($self, /)
            /// --
            ///
            ///
            #[method]
            fn __reversed__(&self, thread: &mut Thread) -> PyResult<Py<OrderedIterator>> {
                self.iterate(true, thread)
            }
        }
    };
}

view_type!(OrderedKeys, DictKeys, "odict_keys", "PyODictKeys_Type", Part::Keys);
view_type!(OrderedValues, DictValues, "odict_values", "PyODictValues_Type", Part::Values);
view_type!(OrderedItems, DictItems, "odict_items", "PyODictItems_Type", Part::Items);
