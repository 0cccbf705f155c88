//! `KeyWrapper`: what `cmp_to_key` gives; a callable that wraps values, and the values that compare by a function.

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

#[derive(Instance)]
#[repr(C)]
pub struct KeyWrapper {
    header: Header,
    compare: Py<Object>,
    /// Empty in the callable that makes the others.
    object: Field,
}

impl KeyWrapper {
    pub fn new(header: Header, compare: Py<Object>, object: Option<Py<Object>>) -> Self {
        KeyWrapper { header, compare, object: Field::new(object) }
    }
}

#[python_type(
    name = "functools.KeyWrapper", base = BaseObject, flags(HEAPTYPE), unhashable,
    members(mut obj(object): Object = "Value wrapped by a key function.")
)]
impl KeyWrapper {
    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<KeyWrapper>> {
        let by_name = match keywords {
            Some(keywords) => {
                let name = thread.intern_text("obj");
                keywords.get_str(&name, thread)
            }
            None => None,
        };
        let named = keywords.map_or(0, Dict::length);
        let object = match (arguments.items(), by_name) {
            ([object], None) if named == 0 => object.clone(),
            ([], Some(object)) if named == 1 => object,
            ([], _) => {
                let message = "K() missing required argument 'obj' (pos 1)";
                return Err(raise!(thread, TypeError, "{message}"));
            }
            (items, _) => {
                let given = items.len() + named;
                return Err(raise!(thread, TypeError, "K() takes at most 1 argument ({given} given)"));
            }
        };
        let header = Header::new(KeyWrapper::class());
        Ok(Py::new(KeyWrapper::new(header, self.compare.clone(), Some(object)), thread))
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(other) = other.downcast_exact::<KeyWrapper>() else {
            return Err(raise!(thread, TypeError, "other argument must be K instance"));
        };
        let (Some(left), Some(right)) = (self.object.get(), other.object.get()) else {
            return Err(raise!(thread, AttributeError, "object"));
        };
        let order = protocol::call(&self.compare.clone(), &[&left, &right], thread)?;
        let zero = Int::from_i64(0, thread);
        protocol::compare(&order, &zero, operation, thread)
    }
}
