//! `Interpolation`: a value in a template, with how it was written.

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::method::{FromArgument, Position, raise_bad_argument};
use objects::object::BaseObject;
use objects::protocol::{self, ContainerRepr};
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

/// The fields, in the order of `__match_args__`.
pub(super) const FIELDS: [&str; 4] = ["value", "expression", "conversion", "format_spec"];

/// An interpolation.
#[derive(Instance)]
#[repr(C)]
pub struct Interpolation {
    header: Header,
    value: Py<Object>,
    expression: Py<Object>,
    conversion: Py<Object>,
    format_spec: Py<Object>,
}

/// The argument `conversion`: None, or one of three letters.
struct Conversion(Py<Object>);

impl FromArgument<'_> for Conversion {
    fn from_argument(value: &Object, position: Position, thread: &mut Thread) -> PyResult<Self> {
        if value.is_none() {
            return Ok(Self(Py::from_ref(value)));
        }
        let Some(text) = value.downcast::<Str>() else {
            return Err(raise_bad_argument(position, "str", value, thread));
        };
        if !["s", "a", "r"].iter().any(|letter| text.equals_text(letter)) {
            let message = "Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'";
            return Err(raise!(thread, ValueError, "{message}"));
        }
        Ok(Self(Py::from_ref(value)))
    }
}

impl Interpolation {
    /// A new interpolation: `expression` and `format_spec` are strings, `conversion` is one or None.
    pub fn new(
        value: Py<Object>,
        expression: Py<Object>,
        conversion: Py<Object>,
        format_spec: Py<Object>,
        thread: &mut Thread,
    ) -> Py<Interpolation> {
        let header = Header::new(Self::class());
        Py::new(Interpolation { header, value, expression, conversion, format_spec }, thread)
    }

    pub fn value(&self) -> &Py<Object> {
        &self.value
    }

    fn fields(&self) -> [&Py<Object>; 4] {
        [&self.value, &self.expression, &self.conversion, &self.format_spec]
    }
}

/// Interpolation object
#[python_type(
    name = "string.templatelib.Interpolation", base = BaseObject,
    members(
        value: Object = "Value", expression: Object = "Expression", conversion: Object = "Conversion",
        format_spec: Object = "Format specifier"
    )
)]
impl Interpolation {
    #[new]
    #[signature("(value, expression='', conversion=None, format_spec='')")]
    fn __new__(
        class: &Type,
        value: &Object,
        expression: Option<&Str>,
        conversion: Option<Conversion>,
        format_spec: Option<&Str>,
        thread: &mut Thread,
    ) -> PyResult<Py<Interpolation>> {
        let _ = class;
        let text = |text: Option<&Str>| text.map_or_else(Str::empty, Py::from_ref).into_object();
        let conversion = conversion.map_or_else(|| thread.none(), |it| it.0);
        Ok(Self::new(Py::from_ref(value), text(expression), conversion, text(format_spec), thread))
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut text = ContainerRepr::open("Interpolation(");
        for (index, field) in self.fields().into_iter().enumerate() {
            if index > 0 {
                text.push(", ");
            }
            text.push_repr(field, thread)?;
        }
        text.push(")");
        text.finish(thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// __reduce__() -> (cls, state)
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let fields = Tuple::new(self.fields().map(Py::clone).into(), thread)?;
        Tuple::new(vec![Py::from_ref(self.class()).into_object(), fields.into_object()], thread)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// Interpolations are generic over the types of their values
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }
}
