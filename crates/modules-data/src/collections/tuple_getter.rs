//! `_tuplegetter`: the descriptor of a named tuple's field.

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::int::Int;
use objects::object::BaseObject;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

#[derive(Instance)]
#[repr(C)]
pub struct TupleGetter {
    header: Header,
    index: isize,
    doc: Field,
}

#[python_type(
    name = "collections._tuplegetter", base = BaseObject, flags(HEAPTYPE), members(mut __doc__(doc): Object)
)]
impl TupleGetter {
    #[new]
    #[signature("(index, doc, /)")]
    fn __new__(class: &Type, index: isize, doc: &Object, thread: &mut Thread) -> PyResult<Py<TupleGetter>> {
        let doc = Field::new(Some(Py::from_ref(doc)));
        Py::new_in(class, TupleGetter { header: Header::new(TupleGetter::class()), index, doc }, thread)
    }

    #[slot(tp_descr_get)]
    fn get(&self, instance: Option<&Object>, owner: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(instance) = instance else { return Ok(Py::from_ref(self).into_object()) };
        let Some(tuple) = instance.downcast::<Tuple>() else {
            if instance.is_none() && owner.is_none_or(|it| !it.is(instance.class())) {
                return Ok(Py::from_ref(self).into_object());
            }
            let (index, class) = (self.index, instance.class().full_name());
            return Err(raise!(
                thread,
                TypeError,
                "descriptor for index '{index}' for tuple subclasses doesn't apply to '{class}' object"
            ));
        };
        match usize::try_from(self.index).ok().and_then(|index| tuple.items().get(index)) {
            Some(item) => Ok(item.clone()),
            None => Err(raise!(thread, IndexError, "tuple index out of range")),
        }
    }

    #[slot(tp_descr_set)]
    fn set(&self, _instance: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let verb = if value.is_some() { "set" } else { "delete" };
        Err(raise!(thread, AttributeError, "can't {verb} attribute"))
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        let doc = match self.doc.get() {
            Some(doc) => objects::protocol::repr(&doc, thread)?.to_string_lossy(),
            None => "None".to_owned(),
        };
        Ok(format!("{}({}, {doc})", self.class().short_name(), self.index))
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let index = Int::from_i64(self.index as i64, thread).into_object();
        let doc = self.doc.get().unwrap_or_else(|| thread.none());
        let arguments = Tuple::new(vec![index, doc], thread)?.into_object();
        Tuple::new(vec![Py::from_ref(self.class()).into_object(), arguments], thread)
    }
}
