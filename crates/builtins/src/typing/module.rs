//! The module `_typing`: the types of this folder under the names that `typing` imports.

use macros::python_module;
use objects::errors::PyResult;
use objects::module::Module;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::Instance as _;

use super::{Generic, NoDefaultType, ParamSpec, ParamSpecArgs, ParamSpecKwargs, TypeAlias, TypeVar, TypeVarTuple};
use crate::union::Union;

/// The module `_typing`.
pub struct TypingModule;

/// Primitives and accelerators for the typing module.
///
#[python_module(name = "_typing")]
impl TypingModule {
    /// _idfunc($module, x, /)
    /// --
    ///
    ///
    #[function]
    fn _idfunc(x: &Object) -> Py<Object> {
        Py::from_ref(x)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let types = [
            ("Generic", Generic::class()),
            ("ParamSpec", ParamSpec::class()),
            ("ParamSpecArgs", ParamSpecArgs::class()),
            ("ParamSpecKwargs", ParamSpecKwargs::class()),
            ("TypeAliasType", TypeAlias::class()),
            ("TypeVar", TypeVar::class()),
            ("TypeVarTuple", TypeVarTuple::class()),
            ("Union", Union::class()),
        ];
        let dict = module.dict();
        for (name, class) in types {
            let name = thread.intern_text(name);
            dict.set_str(&name, class, thread)?;
        }
        let name = thread.intern_text("NoDefault");
        dict.set_str(&name, NoDefaultType::get(), thread)
    }
}
