//! `Pickler`: the object, its attributes, and one run of it.
//!
//! What it writes is the business of the `save_…` files. While a run lasts, `running` keeps the object from being used or initialized again.

use std::cell::Cell;

use builtins::bytes::Bytes;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{KeyError, PyResult, Raised};
use objects::object::{BaseObject, get_attribute_generic, set_attribute_generic};
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Guarded, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::memo::PicklerMemo;
use super::opcodes::{DEFAULT_PROTOCOL, HIGHEST_PROTOCOL, PROTO, STOP};
use super::output::Output;
use super::pickler_memo_proxy::{PicklerMemoProxy, memo_from};
use super::state::raise_pickling_error;

#[derive(Instance)]
#[repr(C)]
pub struct Pickler {
    header: Header,
    pub(super) memo: Guarded<PicklerMemo>,
    pub(super) output: Guarded<Output>,
    /// The file's method; empty for `dumps`, and until `__init__` has run.
    pub(super) write: Field,
    pub(super) dispatch_table: Field,
    /// What was assigned to the attribute `persistent_id`.
    persistent_attribute: Field,
    /// During a run: the function that is asked for each object's persistent id; empty if it would answer None anyway.
    pub(super) persistent_id: Field,
    /// During a run: the method of that name, if the object has one.
    pub(super) reducer_override: Field,
    pub(super) buffer_callback: Field,
    /// In fast mode: the containers that are being written, once they are nested deeply.
    pub(super) fast_memo: Field<Dict>,
    /// From protocol 1 on, or as a program says.
    pub(super) bin: Cell<i32>,
    /// Not zero: no memo.
    pub(super) fast: Cell<i32>,
    pub(super) fast_nesting: Cell<i32>,
    pub(super) protocol: Cell<u8>,
    pub(super) fix_imports: Cell<bool>,
    running: Cell<bool>,
}

/// As large as CPython's, which `object.__sizeof__` shows.
const _: () = assert!(size_of::<Pickler>() == 152);

/// The options of a pickler, as its constructor and `dump` take them.
pub struct Options<'a> {
    pub protocol: Option<&'a Object>,
    pub fix_imports: bool,
    pub buffer_callback: Option<&'a Object>,
}

impl Pickler {
    fn fields() -> Pickler {
        Pickler {
            header: Header::new(Self::class()),
            memo: Guarded::new(PicklerMemo::default()),
            output: Guarded::new(Output::default()),
            write: Field::EMPTY,
            dispatch_table: Field::EMPTY,
            persistent_attribute: Field::EMPTY,
            persistent_id: Field::EMPTY,
            reducer_override: Field::EMPTY,
            buffer_callback: Field::EMPTY,
            fast_memo: Field::EMPTY,
            bin: Cell::new(1),
            fast: Cell::new(0),
            fast_nesting: Cell::new(0),
            protocol: Cell::new(DEFAULT_PROTOCOL),
            fix_imports: Cell::new(false),
            running: Cell::new(false),
        }
    }

    /// A pickler for the functions of the module; without a file, it writes into memory.
    pub fn make(options: &Options<'_>, file: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Pickler>> {
        let mut fields = Self::fields();
        fields.memo = Guarded::new(PicklerMemo::with_room());
        let pickler = Py::new(fields, thread);
        pickler.set_options(options, thread)?;
        if let Some(file) = file {
            pickler.set_file(file, thread)?;
        }
        Ok(pickler)
    }

    fn set_options(&self, options: &Options<'_>, thread: &mut Thread) -> PyResult<()> {
        let mut protocol = DEFAULT_PROTOCOL;
        if let Some(given) = options.protocol.filter(|it| !it.is_none()) {
            let number = protocol::index(given, thread)?;
            let Some(number) = number.to_i64() else {
                return Err(raise!(thread, OverflowError, "Python int too large to convert to C long"));
            };
            protocol = match u8::try_from(number) {
                Err(_) if number < 0 => HIGHEST_PROTOCOL,
                Ok(number) if number <= HIGHEST_PROTOCOL => number,
                _ => {
                    return Err(raise!(thread, ValueError, "pickle protocol must be <= {HIGHEST_PROTOCOL}"));
                }
            };
        }
        let callback = options.buffer_callback.filter(|it| !it.is_none());
        if callback.is_some() && protocol < 5 {
            return Err(raise!(thread, ValueError, "buffer_callback needs protocol >= 5"));
        }
        self.protocol.set(protocol);
        self.bin.set(i32::from(protocol > 0));
        self.fix_imports.set(options.fix_imports && protocol < 3);
        self.buffer_callback.set(callback.map(Py::from_ref));
        Ok(())
    }

    fn set_file(&self, file: &Object, thread: &mut Thread) -> PyResult<()> {
        let Some(write) = protocol::lookup_attribute(file, &objects::names::write, thread)? else {
            return Err(raise!(thread, TypeError, "file must have a 'write' attribute"));
        };
        self.write.set(Some(write));
        Ok(())
    }

    /// RuntimeError while a run lasts.
    pub(super) fn check_unused(&self, thread: &mut Thread) -> PyResult<()> {
        if self.running.get() {
            return Err(raise!(thread, RuntimeError, "Pickler object is already used"));
        }
        Ok(())
    }

    /// Writes an object with all that belongs to it. What is not in the file yet is in the output.
    pub fn run(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        self.running.set(true);
        let result = self.run_inner(object, thread);
        self.running.set(false);
        self.persistent_id.set(None);
        self.reducer_override.set(None);
        self.output.get_mut(thread).set_framing(false);
        result
    }

    fn run_inner(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        if !self.is_exactly::<Pickler>() || !self.persistent_attribute.is_empty() {
            self.find_hooks(thread)?;
        }
        let protocol = self.protocol.get();
        let output = self.output.get_mut(thread);
        // What the system's allocator gives without ado.
        const ROOM: usize = 1000;
        output.start(ROOM);
        if protocol >= 2 {
            output.write(&[PROTO, protocol]);
            output.set_framing(protocol >= 4);
        }
        self.save(object, thread)?;
        let output = self.output.get_mut(thread);
        output.push(STOP);
        output.close_frame();
        Ok(())
    }

    /// Finds the methods of a subclass, or of the instance.
    fn find_hooks(&self, thread: &mut Thread) -> PyResult<()> {
        let name = thread.intern_text("reducer_override");
        let reducer = protocol::lookup_attribute(self, &name, thread)?;
        self.reducer_override.set(reducer);
        let name = thread.intern_text("persistent_id");
        let assigned = self.persistent_attribute.get();
        let plain = Self::class().lookup(&name, thread);
        let found = self.class().lookup(&name, thread);
        let is_plain = matches!((plain, found), (Some(plain), Some(found)) if plain.is(&found));
        let function = match assigned {
            Some(assigned) => Some(assigned),
            None if is_plain => None,
            None => protocol::lookup_attribute(self, &name, thread)?,
        };
        self.persistent_id.set(function);
        Ok(())
    }

    /// Hands what was written over to the file.
    pub fn flush(&self, thread: &mut Thread) -> PyResult<()> {
        let Some(write) = self.write.get() else { return Ok(()) };
        let bytes = self.take_bytes(thread)?;
        protocol::call_one(&write, &bytes, thread)?;
        Ok(())
    }

    /// What was written; the output is empty then.
    pub fn take_bytes(&self, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let output = std::mem::take(self.output.get_mut(thread));
        let bytes = match output.bytes() {
            Some(bytes) => Bytes::try_from_slice(bytes, thread),
            None => Err(thread.raise_memory_error()),
        };
        *self.output.get_mut(thread) = output;
        self.output.get_mut(thread).forget();
        bytes
    }
}

#[cold]
fn raise_not_initialized(pickler: &Pickler, thread: &mut Thread) -> Raised {
    let class = pickler.class().full_name();
    raise_pickling_error(&format!("Pickler.__init__() was not called by {class}.__init__()"), thread)
}

/// True if the name of an attribute is this text.
pub(super) fn is_name(name: &Object, text: &str) -> bool {
    name.downcast::<Str>().is_some_and(|it| it.equals_text(text))
}

/// Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)
/// --
///
/// This takes a binary file for writing a pickle data stream.
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
/// bytes argument. It can thus be a file object opened for binary
/// writing, an io.BytesIO instance, or any other custom object that meets
/// this interface.
///
/// If *fix_imports* is True and protocol is less than 3, pickle will try
/// to map the new Python 3 names to the old module names used in Python
/// 2, so that the pickle data stream is readable with Python 2.
///
/// If *buffer_callback* is None (the default), buffer views are
/// serialized into *file* as part of the pickle stream.
///
/// If *buffer_callback* is not None, then it can be called any number
/// of times with a buffer view.  If the callback returns a false value
/// (such as None), the given buffer is out-of-band; otherwise the
/// buffer is serialized in-band, i.e. inside the pickle stream.
///
/// It is an error if *buffer_callback* is not None and *protocol*
/// is None or smaller than 5.
#[python_type(
    name = "_pickle.Pickler", base = BaseObject, flags(HEAPTYPE, BASETYPE),
    members(mut bin: Int, mut fast: Int, mut dispatch_table: ObjectEx)
)]
impl Pickler {
    #[slot(tp_new)]
    fn new_pickler(class: &Type, _: &Tuple, _: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Pickler>> {
        Py::new_in(class, Self::fields(), thread)
    }

    #[init]
    #[signature("(file, protocol=None, fix_imports=True, buffer_callback=None)")]
    fn init(
        &self,
        file: &Object,
        protocol: Option<&Object>,
        fix_imports: Option<bool>,
        buffer_callback: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        self.check_unused(thread)?;
        // Should this be a second call, what the first has set goes.
        self.write.set(None);
        let fix_imports = fix_imports.unwrap_or(true);
        self.set_options(&Options { protocol, fix_imports, buffer_callback }, thread)?;
        self.set_file(file, thread)?;
        drop(std::mem::take(self.memo.get_mut(thread)));
        const ROOM: usize = 4096;
        self.output.get_mut(thread).start(ROOM);
        self.fast.set(0);
        self.fast_nesting.set(0);
        self.fast_memo.set(None);
        let name = thread.intern_text("dispatch_table");
        let table = protocol::lookup_attribute(self, &name, thread)?;
        self.dispatch_table.set(table);
        Ok(())
    }

    #[slot(tp_getattro)]
    fn get_attribute(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if !self.persistent_attribute.is_empty()
            && is_name(name, "persistent_id")
            && let Some(assigned) = self.persistent_attribute.get()
        {
            return Ok(assigned);
        }
        let name = objects::object::attribute_name(name, thread)?;
        get_attribute_generic(self, name, thread)
    }

    #[slot(tp_setattro)]
    fn set_attribute(&self, name: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        if is_name(name, "persistent_id") && (value.is_some() || !self.persistent_attribute.is_empty()) {
            self.persistent_attribute.set(value.map(Py::from_ref));
            return Ok(());
        }
        let name = objects::object::attribute_name(name, thread)?;
        set_attribute_generic(self, name, value, thread)
    }

    /// persistent_id($self, obj, /)
    /// --
    ///
    ///
    #[method(name = "persistent_id")]
    fn no_persistent_id(&self, obj: &Object) {
        let _ = obj;
    }

    /// dump($self, obj, /)
    /// --
    ///
    /// Write a pickled representation of the given object to the open file.
    #[defining_class]
    #[method]
    fn dump(&self, obj: &Object, thread: &mut Thread) -> PyResult<()> {
        if self.write.is_empty() {
            return Err(raise_not_initialized(self, thread));
        }
        self.check_unused(thread)?;
        self.run(obj, thread)?;
        let flushed = self.flush(thread);
        self.output.get_mut(thread).free();
        flushed
    }

    /// clear_memo($self, /)
    /// --
    ///
    /// Clears the pickler's "memo".
    ///
    /// The memo is the data structure that remembers which objects the
    /// pickler has already seen, so that shared or recursive objects are
    /// pickled by reference and not by value.  This method is useful when
    /// re-using picklers.
    #[method]
    fn clear_memo(&self, thread: &mut Thread) {
        drop(std::mem::take(self.memo.get_mut(thread)));
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// Returns size in memory, in bytes.
    #[method]
    fn __sizeof__(&self, thread: &mut Thread) -> usize {
        /// Bytes of CPython's table without its entries, of an entry, and of the head of its write buffer.
        const TABLE: usize = 32;
        const ENTRY: usize = 16;
        const BUFFER: usize = 33;
        let room = self.output.get(thread).room();
        let buffer = if room == 0 { 0 } else { BUFFER + room };
        self.class().basic_size() + TABLE + ENTRY * self.memo.get(thread).allocated() + buffer
    }

    #[getter(name = "memo")]
    fn memo_proxy(&self, thread: &mut Thread) -> Py<PicklerMemoProxy> {
        PicklerMemoProxy::of(self, thread)
    }

    #[setter(name = "memo")]
    fn set_memo(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else {
            return Err(raise!(thread, TypeError, "attribute deletion is not supported"));
        };
        let memo = memo_from(value, thread)?;
        let old = std::mem::replace(self.memo.get_mut(thread), memo);
        drop(old);
        Ok(())
    }
}

/// What a dispatch table has for a class: a dict is asked directly, another mapping by its `[]`.
pub(super) fn reducer_in(table: &Object, class: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    if let Some(dict) = table.downcast_exact::<Dict>() {
        return dict.get(class, thread);
    }
    let found = protocol::get_item(table, class, thread);
    thread.suppress(found, KeyError)
}
