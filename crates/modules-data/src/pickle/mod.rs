//! `_pickle`: objects as bytes and back, as the module `pickle` does it, but fast.
//!
//! ```text
//! pickler ── save, save_atoms, save_containers, save_reduce, save_global ──▶ output
//! unpickler ── load, load_values, load_objects, find_class ◀── input
//! ```

mod find_class;
mod input;
mod load;
mod load_objects;
mod load_values;
mod memo;
mod notes;
mod opcodes;
mod output;
mod pickler;
mod pickler_memo_proxy;
mod save;
mod save_atoms;
mod save_containers;
mod save_global;
mod save_reduce;
mod state;
mod unpickler;
mod unpickler_memo_proxy;

use builtins::bytes::Bytes;
use builtins::pickle_buffer::PickleBuffer;
use macros::python_module;
use objects::errors::PyResult;
use objects::module::Module;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, TypeDeclaration};

use pickler::Pickler;
use pickler_memo_proxy::PicklerMemoProxy;
use state::State;
use unpickler::Unpickler;
use unpickler_memo_proxy::UnpicklerMemoProxy;

pub const TYPES: &[&TypeDeclaration] =
    &[Pickler::DECLARATION, PicklerMemoProxy::DECLARATION, Unpickler::DECLARATION, UnpicklerMemoProxy::DECLARATION];

pub struct PickleModule;

/// Optimized C implementation for the Python pickle module.
#[python_module(name = "_pickle")]
impl PickleModule {
    /// dump($module, /, obj, file, protocol=None, *, fix_imports=True,
    ///      buffer_callback=None)
    /// --
    ///
    /// Write a pickled representation of obj to the open file object file.
    ///
    /// This is equivalent to ``Pickler(file, protocol).dump(obj)``, but may
    /// be more efficient.
    ///
    /// The optional *protocol* argument tells the pickler to use the given
    /// protocol; supported protocols are 0, 1, 2, 3, 4 and 5.  The default
    /// protocol is 5. It was introduced in Python 3.8, and is incompatible
    /// with previous versions.
    ///
    /// Specifying a negative protocol version selects the highest protocol
    /// version supported.  The higher the protocol used, the more recent the
    /// version of Python needed to read the pickle produced.
    ///
    /// The *file* argument must have a write() method that accepts a single
    /// bytes argument.  It can thus be a file object opened for binary
    /// writing, an io.BytesIO instance, or any other custom object that meets
    /// this interface.
    ///
    /// If *fix_imports* is True and protocol is less than 3, pickle will try
    /// to map the new Python 3 names to the old module names used in Python
    /// 2, so that the pickle data stream is readable with Python 2.
    ///
    /// If *buffer_callback* is None (the default), buffer views are serialized
    /// into *file* as part of the pickle stream.  It is an error if
    /// *buffer_callback* is not None and *protocol* is None or smaller than 5.
    #[function]
    fn dump(
        obj: &Object,
        file: &Object,
        protocol: Option<&Object>,
        fix_imports: Option<bool>,
        buffer_callback: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let options = pickler::Options { protocol, fix_imports: fix_imports.unwrap_or(true), buffer_callback };
        let pickler = Pickler::make(&options, Some(file), thread)?;
        pickler.run(obj, thread)?;
        pickler.flush(thread)
    }

    /// dumps($module, /, obj, protocol=None, *, fix_imports=True,
    ///       buffer_callback=None)
    /// --
    ///
    /// Return the pickled representation of the object as a bytes object.
    ///
    /// The optional *protocol* argument tells the pickler to use the given
    /// protocol; supported protocols are 0, 1, 2, 3, 4 and 5.  The default
    /// protocol is 5. It was introduced in Python 3.8, and is incompatible
    /// with previous versions.
    ///
    /// Specifying a negative protocol version selects the highest protocol
    /// version supported.  The higher the protocol used, the more recent the
    /// version of Python needed to read the pickle produced.
    ///
    /// If *fix_imports* is True and *protocol* is less than 3, pickle will
    /// try to map the new Python 3 names to the old module names used in
    /// Python 2, so that the pickle data stream is readable with Python 2.
    ///
    /// If *buffer_callback* is None (the default), buffer views are serialized
    /// into *file* as part of the pickle stream.  It is an error if
    /// *buffer_callback* is not None and *protocol* is None or smaller than 5.
    #[function]
    fn dumps(
        obj: &Object,
        protocol: Option<&Object>,
        fix_imports: Option<bool>,
        buffer_callback: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Bytes>> {
        let options = pickler::Options { protocol, fix_imports: fix_imports.unwrap_or(true), buffer_callback };
        let pickler = Pickler::make(&options, None, thread)?;
        pickler.run(obj, thread)?;
        pickler.take_bytes(thread)
    }

    /// load($module, /, file, *, fix_imports=True, encoding='ASCII',
    ///      errors='strict', buffers=())
    /// --
    ///
    /// Read and return an object from the pickle data stored in a file.
    ///
    /// This is equivalent to ``Unpickler(file).load()``, but may be more
    /// efficient.
    ///
    /// The protocol version of the pickle is detected automatically, so no
    /// protocol argument is needed.  Bytes past the pickled object's
    /// representation are ignored.
    ///
    /// The argument *file* must have two methods, a read() method that takes
    /// an integer argument, and a readline() method that requires no
    /// arguments.  Both methods should return bytes.  Thus *file* can be a
    /// binary file object opened for reading, an io.BytesIO object, or any
    /// other custom object that meets this interface.
    ///
    /// Optional keyword arguments are *fix_imports*, *encoding* and *errors*,
    /// which are used to control compatibility support for pickle stream
    /// generated by Python 2.  If *fix_imports* is True, pickle will try to
    /// map the old Python 2 names to the new names used in Python 3.  The
    /// *encoding* and *errors* tell pickle how to decode 8-bit string
    /// instances pickled by Python 2; these default to 'ASCII' and 'strict',
    /// respectively.  The *encoding* can be 'bytes' to read these 8-bit
    /// string instances as bytes objects.
    #[function]
    fn load(
        file: &Object,
        fix_imports: Option<bool>,
        encoding: Option<&Str>,
        errors: Option<&Str>,
        buffers: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let fix_imports = fix_imports.unwrap_or(true);
        let options = unpickler::Options { fix_imports, encoding, errors, buffers };
        Unpickler::of_file(file, &options, thread)?.run(thread)
    }

    /// loads($module, data, /, *, fix_imports=True, encoding='ASCII',
    ///       errors='strict', buffers=())
    /// --
    ///
    /// Read and return an object from the given pickle data.
    ///
    /// The protocol version of the pickle is detected automatically, so no
    /// protocol argument is needed.  Bytes past the pickled object's
    /// representation are ignored.
    ///
    /// Optional keyword arguments are *fix_imports*, *encoding* and *errors*,
    /// which are used to control compatibility support for pickle stream
    /// generated by Python 2.  If *fix_imports* is True, pickle will try to
    /// map the old Python 2 names to the new names used in Python 3.  The
    /// *encoding* and *errors* tell pickle how to decode 8-bit string
    /// instances pickled by Python 2; these default to 'ASCII' and 'strict',
    /// respectively.  The *encoding* can be 'bytes' to read these 8-bit
    /// string instances as bytes objects.
    #[function]
    fn loads(
        data: &Object,
        fix_imports: Option<bool>,
        encoding: Option<&Str>,
        errors: Option<&Str>,
        buffers: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let fix_imports = fix_imports.unwrap_or(true);
        let options = unpickler::Options { fix_imports, encoding, errors, buffers };
        Unpickler::of_data(data, &options, thread)?.run(thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let state = State::of(thread)?;
        module.set("PickleBuffer", PickleBuffer::class(), thread)?;
        module.set("Pickler", Pickler::class(), thread)?;
        module.set("Unpickler", Unpickler::class(), thread)?;
        module.set("PickleError", &state.pickle_error, thread)?;
        module.set("PicklingError", &state.pickling_error, thread)?;
        module.set("UnpicklingError", &state.unpickling_error, thread)
    }
}
