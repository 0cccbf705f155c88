//! `marshal`: values to bytes and back. The format itself is the crate `bytecode`'s; here it meets objects.

mod dump;
mod load;
mod load_file;

use bytecode::marshal::VERSION;
use macros::python_module;
use objects::audit;
use objects::errors::{OrMemoryError, PyResult, TryToVec};
use objects::int::Int;
use objects::module::Module;
use objects::names;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use load::load_object;
pub use load::{load_any, load_code};

pub struct MarshalModule;

/// This module contains functions that can read and write Python values in
/// a binary format. The format is specific to Python, but independent of
/// machine architecture issues.
///
/// Not all Python object types are supported; in general, only objects
/// whose value is independent from a particular invocation of Python can be
/// written and read by this module. The following types are supported:
/// None, integers, floating-point numbers, strings, bytes, bytearrays,
/// tuples, lists, sets, dictionaries, and code objects, where it
/// should be understood that tuples, lists and dictionaries are only
/// supported as long as the values contained therein are themselves
/// supported; and recursive lists and dictionaries should not be written
/// (they will cause infinite loops).
///
/// Variables:
///
/// version -- indicates the format that the module uses. Version 0 is the
///     historical format, version 1 shares interned strings and version 2
///     uses a binary format for floating-point numbers.
///     Version 3 shares common object references (New in version 3.4).
///
/// Functions:
///
/// dump() -- write value to a file
/// load() -- read value from a file
/// dumps() -- marshal value as a bytes object
/// loads() -- read value from a bytes-like object
#[python_module(name = "marshal")]
impl MarshalModule {
    /// dump($module, value, file, version=version, /, *, allow_code=True)
    /// --
    ///
    /// Write the value on the open file.
    ///
    ///   value
    ///     Must be a supported type.
    ///   file
    ///     Must be a writeable binary file.
    ///   version
    ///     Indicates the data format that dump should use.
    ///   allow_code
    ///     Allow to write code objects.
    ///
    /// If the value has (or contains an object that has) an unsupported type, a
    /// ValueError exception is raised - but garbage data will also be written
    /// to the file. The object will not be properly read back by load().
    #[function]
    fn dump(
        value: &Object,
        file: &Object,
        #[default(VERSION as i32)] version: i32,
        allow_code: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        audit!(thread, "marshal.dumps", value, version)?;
        let data = dump::dump_object(value, version, allow_code, thread)?;
        let data = thread.make_bytes(&data)?;
        protocol::call_method(file, &names::write, &[&data], thread)
    }

    /// load($module, file, /, *, allow_code=True)
    /// --
    ///
    /// Read one value from the open file and return it.
    ///
    ///   file
    ///     Must be readable binary file.
    ///   allow_code
    ///     Allow to load code objects.
    ///
    /// If no valid value is read (e.g. because the data has a different Python
    /// version's incompatible marshal format), raise EOFError, ValueError or
    /// TypeError.
    ///
    /// Note: If an object containing an unsupported type was marshalled with
    /// dump(), load() will substitute None for the unmarshallable type.
    #[function]
    fn load(file: &Object, allow_code: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
        audit!(thread, "marshal.load")?;
        load_file::load_from_file(file, allow_code, thread)
    }

    /// dumps($module, value, version=version, /, *, allow_code=True)
    /// --
    ///
    /// Return the bytes object that would be written to a file by dump(value, file).
    ///
    ///   value
    ///     Must be a supported type.
    ///   version
    ///     Indicates the data format that dumps should use.
    ///   allow_code
    ///     Allow to write code objects.
    ///
    /// Raise a ValueError exception if value has (or contains an object that
    /// has) an unsupported type.
    #[function]
    fn dumps(
        value: &Object,
        #[default(VERSION as i32)] version: i32,
        allow_code: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        audit!(thread, "marshal.dumps", value, version)?;
        let data = dump::dump_object(value, version, allow_code, thread)?;
        thread.make_bytes(&data)
    }

    /// loads($module, bytes, /, *, allow_code=True)
    /// --
    ///
    /// Convert the bytes-like object to a value.
    ///
    ///   allow_code
    ///     Allow to load code objects.
    ///
    /// If no valid value is found, raise EOFError, ValueError or TypeError.
    /// Extra bytes in the input are ignored.
    #[function]
    fn loads(bytes: BytesLike<'_>, allow_code: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
        if thread.is_audited() {
            let copy = bytes.as_slice(thread).try_to_vec().or_memory_error(thread)?;
            let told = thread.make_bytes(&copy)?;
            audit!(thread, "marshal.loads", told)?;
        }
        if let BytesLike::Bytes(contents) = bytes {
            return load_object(contents, allow_code, thread).map(|it| it.0);
        }
        let contents = bytes.as_slice(thread).try_to_vec().or_memory_error(thread)?;
        load_object(&contents, allow_code, thread).map(|it| it.0)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let version = Int::from_i64(VERSION.into(), thread);
        module.set("version", &version, thread)
    }
}
