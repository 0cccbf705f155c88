//! `filter`.

use macros::{Instance, python_type};
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, Type, TypeDeclaration};

pub const TYPES: &[&TypeDeclaration] = &[Filter::DECLARATION];

/// An iterator of those items of another that a function accepts.
#[derive(Instance)]
#[repr(C)]
pub struct Filter {
    header: Header,
    function: Py<Object>,
    iterator: Py<Object>,
}

/// Keyword arguments are for a subclass's `__init__`: TypeError if it has none of its own.
pub(crate) fn check_no_keywords<T: Instance>(
    class: &Type,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<()> {
    let init = |class: &Type| class.slots().tp_init.get().map(|it| it as usize);
    if keywords.is_some_and(|it| it.length() > 0) && init(class) == init(T::class()) {
        return Err(raise!(thread, TypeError, "{}() takes no keyword arguments", T::class().short_name()));
    }
    Ok(())
}

/// filter(function, iterable, /)
/// --
///
/// Return an iterator yielding those items of iterable for which
/// function(item) is true.  If function is None, return the items that
/// are true.
#[python_type(name = "filter", symbol = "PyFilter_Type", base = BaseObject, flags(BASETYPE))]
impl Filter {
    #[new]
    #[signature("(function, iterable, /, **keywords)")]
    fn __new__(
        class: &Type,
        function: &Object,
        iterable: &Object,
        keywords: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Filter>> {
        check_no_keywords::<Filter>(class, keywords.as_deref(), thread)?;
        let iterator = protocol::iter(iterable, thread)?;
        let header = Header::new(Filter::class());
        Py::new_in(class, Filter { header, function: Py::from_ref(function), iterator }, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Filter> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let (iterator, function) = (self.iterator.clone(), self.function.clone());
        let by_truth = function.is_none() || function.is(Bool::class());
        while let Some(item) = protocol::next_to_hand_on(&iterator, thread)? {
            let accepted = if by_truth {
                protocol::is_true(&item, thread)?
            } else {
                let answer = protocol::call_one(&function, &item, thread)?;
                protocol::is_true(&answer, thread)?
            };
            if accepted {
                return Ok(Some(item));
            }
            item.release(thread);
        }
        Ok(None)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let arguments = Tuple::new(vec![self.function.clone(), self.iterator.clone()], thread)?;
        Tuple::new(vec![Py::from_ref(self.class()).into_object(), arguments.into_object()], thread)
    }
}
