//! `_foreign`: C's memory and functions, as the Python text of `_ctypes` needs them.
//!
//! `_ctypes` (in the library's own text) knows C's types; this crate knows where bytes lie and how they are passed. Between the two there are
//! only addresses, codes of types (those of module `struct`), and the bytes of values. What C does with an address that a program passes is the
//! program's business: this is where Python's safety ends, in CPython as here.

mod call;
mod closure;
mod helpers;
mod library;
mod memory;
mod value;

use macros::python_module;
use objects::errors::PyResult;
use objects::method::OrNone;
use objects::module::Module;
use objects::protocol::make_int;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::str::arguments::TextName;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type, TypeDeclaration};
use system::path::SystemText;

/// The types of this crate.
pub const TYPES: &[&TypeDeclaration] = &[memory::CData::DECLARATION, closure::Closure::DECLARATION];

/// The modules of this crate.
pub const MODULES: &[&objects::module::Definition] = &[&ForeignModule::DEFINITION];

pub struct ForeignModule;

/// The memory and the functions of C; what _ctypes is built on.
#[python_module(name = "_foreign")]
impl ForeignModule {
    /// read(address, size, /)
    ///
    /// The bytes at an address.
    #[function]
    #[signature("(address, size, /)")]
    fn read(address: usize, size: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
        // SAFETY: the program says that so many bytes can be read there.
        let bytes = unsafe { std::slice::from_raw_parts(memory::place(address), size) };
        thread.make_bytes(bytes)
    }

    /// make(class, size, address=None, /)
    ///
    /// An instance with so many bytes: of its own, or at an address.
    #[function]
    #[signature("(class, size, address=None, /)")]
    fn make(class: &Type, size: usize, address: Option<usize>, thread: &mut Thread) -> PyResult<Py<memory::CData>> {
        memory::make(class, size, address, thread)
    }

    /// seal(class, /)
    ///
    /// From now on the class's attributes can't be changed.
    #[function]
    #[signature("(class, /)")]
    fn seal(class: &Type) {
        let flags = &class.slots().tp_flags;
        flags.set(flags.get() | layout::Py_TPFLAGS_IMMUTABLETYPE);
    }

    /// load(code, swapped, address, /)
    ///
    /// The value of a simple type at an address.
    #[function]
    #[signature("(code, swapped, address, /)")]
    fn load(code: char, swapped: bool, address: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
        // SAFETY: the program says that such a value can be read there.
        unsafe { value::load(code, swapped, memory::place(address), thread) }
    }

    /// address_of_bytes(bytes, /)
    ///
    /// Where the contents of bytes lie, with a zero behind them.
    #[function]
    #[signature("(bytes, /)")]
    fn address_of_bytes(bytes: &builtins::bytes::Bytes) -> usize {
        bytes.as_slice().as_ptr().addr()
    }

    /// wide(text, /)
    ///
    /// Text as C has it: four bytes a character, and a zero.
    #[function]
    #[signature("(text, /)")]
    fn wide(text: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
        let bytes: Vec<u8> = text.view().iter().chain([0]).flat_map(u32::to_le_bytes).collect();
        thread.make_bytes(&bytes)
    }

    /// buffer_address(object, writable, /)
    ///
    /// A memoryview's address and size.
    #[function]
    #[signature("(object, writable, /)")]
    fn buffer_address(object: &Object, writable: bool, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let (address, size) = memory::extent(object, writable, thread)?;
        Tuple::new(vec![make_int(address as i128, thread), make_int(size as i128, thread)], thread)
    }

    /// object_at(address, /)
    ///
    /// The object at an address, of which one count is taken over.
    #[function]
    #[signature("(address, /)")]
    fn object_at(address: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
        helpers::take_object(address, thread)
    }

    /// change_count(object, change, /)
    ///
    /// Adds a count to an object, or takes one away.
    #[function]
    #[signature("(object, change, /)")]
    fn change_count(object: &Object, change: i32) {
        helpers::change_count(object, change);
    }

    /// dlopen(name, mode, /)
    #[function]
    #[signature("(name, mode, /)")]
    fn dlopen(name: OrNone<SystemText>, mode: i32, thread: &mut Thread) -> PyResult<usize> {
        library::open(name.0.map(|it| it.0).as_deref(), mode, thread)
    }

    /// dlsym(handle, name, /)
    #[function]
    #[signature("(handle, name, /)")]
    fn dlsym(handle: usize, name: TextName, thread: &mut Thread) -> PyResult<usize> {
        library::symbol(handle, &name.0, thread)
    }

    /// dlclose(handle, /)
    #[function]
    #[signature("(handle, /)")]
    fn dlclose(handle: usize, thread: &mut Thread) -> PyResult<()> {
        library::close(handle, thread)
    }

    /// call(address, arguments, result, flags, /)
    ///
    /// Calls a function. Each argument is a pair of its class in the calling convention and its bytes; the result is a pair of its class and
    /// its size, and bytes.
    #[function]
    #[signature("(address, arguments, result, flags, /)")]
    fn call(
        address: usize,
        arguments: &Object,
        result: &Object,
        flags: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        call::call(address, arguments, result, flags, thread)
    }

    /// get_errno()
    ///
    /// This thread's copy of errno.
    #[function]
    #[signature("()")]
    fn get_errno(thread: &mut Thread) -> PyResult<i32> {
        thread.audit("ctypes.get_errno", &[])?;
        Ok(call::errno_copy())
    }

    /// set_errno(value, /)
    ///
    /// Sets this thread's copy of errno; the value before.
    #[function]
    #[signature("(value, /)")]
    fn set_errno(value: i32, thread: &mut Thread) -> PyResult<i32> {
        objects::audit!(thread, "ctypes.set_errno", value)?;
        Ok(call::set_errno_copy(value))
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        module.set("CData", memory::CData::class(), thread)?;
        module.set("Closure", closure::Closure::class(), thread)?;
        for (name, address) in helpers::addresses() {
            let address = make_int(address as i128, thread);
            module.set(name, &address, thread)?;
        }
        Ok(())
    }
}
