//! `_typing._ConstEvaluator`: what `evaluate_bound` and its kin give for values that were given, and not computed.

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;
use text::builder::StrBuilder;

use super::support::push_type_repr;

/// `annotationlib.Format.STRING`
const FORMAT_STRING: i64 = 4;

/// A function of an annotation format that gives one value.
#[derive(Instance)]
#[repr(C)]
pub struct ConstantEvaluator {
    header: Header,
    value: Py<Object>,
}

impl ConstantEvaluator {
    pub(super) fn new(value: Py<Object>, thread: &mut Thread) -> Py<ConstantEvaluator> {
        Py::new(ConstantEvaluator { header: Header::new(Self::class()), value }, thread)
    }

    /// The value as source text.
    fn text(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut text = StrBuilder::new();
        match self.value.downcast::<Tuple>() {
            Some(tuple) => {
                text.push_str("(");
                for (index, item) in tuple.items().iter().enumerate() {
                    if index > 0 {
                        text.push_str(", ");
                    }
                    push_type_repr(&mut text, item, thread)?;
                }
                text.push_str(")");
            }
            None => push_type_repr(&mut text, &self.value, thread)?,
        }
        Str::from_builder(text, thread)
    }
}

/// _ConstEvaluator()
/// --
///
/// Internal type for implementing evaluation functions.
#[python_type(name = "_typing._ConstEvaluator", base = BaseObject, flags(HEAPTYPE))]
impl ConstantEvaluator {
    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut text = protocol::ContainerRepr::open("<constevaluator ");
        text.push_repr(&self.value, thread)?;
        text.push(">");
        text.finish(thread)
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        const NAME: &str = "constevaluator.__call__()";
        if keywords.is_some_and(|it| it.length() > 0) {
            return Err(raise!(thread, TypeError, "{NAME} takes no keyword arguments"));
        }
        let [format] = arguments.items() else {
            let given = arguments.length();
            return Err(raise!(thread, TypeError, "{NAME} takes exactly 1 argument ({given} given)"));
        };
        let format = protocol::index(format, thread)?;
        match format.to_i64() {
            Some(FORMAT_STRING) => self.text(thread).map(Py::into_object),
            Some(format) if i32::try_from(format).is_ok() => Ok(self.value.clone()),
            _ => Err(raise!(thread, OverflowError, "Python int too large to convert to C int")),
        }
    }
}
