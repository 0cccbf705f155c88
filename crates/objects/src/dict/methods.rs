//! What Python programs see of `dict`.

use macros::python_type;

use super::Dict;

#[python_type(
    name = "dict", symbol = "PyDict_Type", base = crate::object::BaseObject, flags(BASETYPE, DICT_SUBCLASS, MAPPING),
    unhashable
)]
impl Dict {}
