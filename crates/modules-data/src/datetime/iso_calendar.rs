//! `IsoCalendarDate`: the tuple that `isocalendar` gives.

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::arguments::{Call, Parameters};

/// A tuple of year, week and weekday.
#[derive(Instance)]
#[repr(C)]
pub struct IsoCalendarDate {
    tuple: Tuple,
}

static PARAMETERS: Parameters = Parameters {
    function: Some("IsoCalendarDate"),
    names: &["year", "week", "weekday"],
    required: 3,
    most_positional: 3,
};

impl IsoCalendarDate {
    pub fn make(class: &Type, parts: (i32, i32, i32), thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let parts = [parts.0, parts.1, parts.2];
        let items = parts.iter().map(|it| protocol::make_int(i128::from(*it), thread)).collect();
        Tuple::new_in(class, items, thread)
    }

    fn item(&self, index: usize, thread: &mut Thread) -> Py<Object> {
        self.tuple.items().get(index).cloned().unwrap_or_else(|| thread.none())
    }
}

/// The result of date.isocalendar() or datetime.isocalendar()
///
/// This object may be accessed either as a tuple of
///   ((year, week, weekday)
/// or via the object attributes as named in the above tuple.
#[python_type(
    name = "datetime.IsoCalendarDate", base = Tuple, flags(TUPLE_SUBCLASS, SEQUENCE, MATCH_SELF),
    item_size = 8
)]
impl IsoCalendarDate {
    #[new]
    #[signature("(*args, **kwargs)")]
    fn new_iso_calendar(
        class: &Type,
        arguments: &[&Object],
        keywords: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let call = Call::new(&PARAMETERS, arguments, keywords.as_deref(), thread)?;
        let parts = (call.int(0, 0, thread)?, call.int(1, 0, thread)?, call.int(2, 0, thread)?);
        call.finish(thread)?;
        Self::make(class, parts, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut shown = [const { String::new() }; 3];
        for (index, text) in shown.iter_mut().enumerate() {
            let item = self.item(index, thread);
            *text = protocol::str(&item, thread)?.to_string_lossy();
        }
        let [year, week, weekday] = shown;
        let class = self.class().full_name();
        Ok(Str::from_str(&format!("{class}(year={year}, week={week}, weekday={weekday})"), thread))
    }

    #[getter]
    fn year(&self, thread: &mut Thread) -> Py<Object> {
        self.item(0, thread)
    }

    #[getter]
    fn week(&self, thread: &mut Thread) -> Py<Object> {
        self.item(1, thread)
    }

    #[getter]
    fn weekday(&self, thread: &mut Thread) -> Py<Object> {
        self.item(2, thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// __reduce__() -> (cls, state)
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        // A plain tuple, so that the pickle needs no name of this type.
        let plain = Tuple::new(self.tuple.items().to_vec(), thread)?.into_object();
        let arguments = Tuple::new(vec![plain], thread)?.into_object();
        Tuple::new(vec![Py::from_ref(Tuple::class()).into_object(), arguments], thread)
    }
}
