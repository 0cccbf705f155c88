//! `array`: sequences of numbers or characters of one machine type.

mod code;
mod iterator;
mod methods;
mod object;
mod reconstruct;

use macros::python_module;
use objects::errors::PyResult;
use objects::module::Module;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, TypeDeclaration};

pub const TYPES: &[&TypeDeclaration] = &[object::Array::DECLARATION, iterator::ArrayIterator::DECLARATION];

pub struct ArrayModule;

/// This module defines an object type which can efficiently represent
/// an array of basic values: characters, integers, floating-point
/// numbers.  Arrays are sequence types and behave very much like lists,
/// except that the type of objects stored in them is constrained.
///
#[python_module(name = "array")]
impl ArrayModule {
    /// _array_reconstructor($module, arraytype, typecode, mformat_code, items, /)
    /// --
    ///
    /// Internal. Used for pickling support.
    #[function]
    fn _array_reconstructor(
        arraytype: &Object,
        typecode: &Object,
        mformat_code: i32,
        items: &Object,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        reconstruct::reconstruct(arraytype, typecode, mformat_code, items, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let class = object::Array::class();
        module.set("ArrayType", class, thread)?;
        module.set("array", class, thread)?;
        let codes = Str::from_str(code::CODES, thread);
        module.set("typecodes", &codes, thread)?;
        register_as_sequence(class, thread)
    }
}

/// Tells `collections.abc` that arrays are mutable sequences.
fn register_as_sequence(class: &Object, thread: &mut Thread) -> PyResult<()> {
    let import = thread.intern_text("__import__");
    let import = protocol::builtin(&import, thread)?;
    let name = thread.intern_text("collections.abc");
    let none = thread.none();
    let wanted = objects::tuple::Tuple::new(vec![name.clone().into_object()], thread)?;
    let abc = protocol::call(&import, &[&name, &none, &none, &wanted], thread)?;
    let name = thread.intern_text("MutableSequence");
    let abstract_class = protocol::get_attribute(&abc, &name, thread)?;
    let name = thread.intern_text("register");
    protocol::call_method(&abstract_class, &name, &[class], thread)?;
    Ok(())
}

/// The function that pickles name.
fn reconstructor(thread: &mut Thread) -> PyResult<Py<Object>> {
    let import = thread.intern_text("__import__");
    let import = protocol::builtin(&import, thread)?;
    let name = thread.intern_text("array");
    let module = protocol::call_one(&import, &name, thread)?;
    let name = thread.intern_text("_array_reconstructor");
    protocol::get_attribute(&module, &name, thread)
}
