//! `Unpickler`: the object, its attributes, and one run of it.
//!
//! Reading is the business of the `load_…` files. While a run lasts, `running` keeps the object from being used or initialized again, and
//! the input is in the run's hands.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::gc::{Traverse, Visitor};
use objects::object::{BaseObject, get_attribute_generic, set_attribute_generic};
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Guarded, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::find_class::find_class;
use super::input::{Input, Source};
use super::load::Loader;
use super::memo::UnpicklerMemo;
use super::pickler::is_name;
use super::state::raise_unpickling_error;
use super::unpickler_memo_proxy::{UnpicklerMemoProxy, memo_from};

/// Makes the object as large as CPython's, which `object.__sizeof__` shows.
#[repr(C)]
struct Padding([u64; 13]);

impl Traverse for Padding {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

#[derive(Instance)]
#[repr(C)]
pub struct Unpickler {
    header: Header,
    pub(super) memo: Guarded<UnpicklerMemo>,
    pub(super) source: Guarded<Source>,
    input: Guarded<Input>,
    /// What was assigned to the attribute `persistent_load`.
    persistent_attribute: Field,
    /// An iterator over the out-of-band buffers.
    pub(super) buffers: Field,
    /// How strings of Python 2 are decoded; None for the defaults.
    encoding: Field<Str>,
    errors: Field<Str>,
    /// Places for marks that the runs so far needed, for `__sizeof__`, and bytes of the last line.
    pub(super) marks_allocated: Cell<usize>,
    pub(super) last_line: Cell<usize>,
    /// Of the pickle that is being read.
    pub(super) protocol: Cell<u8>,
    pub(super) fix_imports: Cell<bool>,
    is_initialized: Cell<bool>,
    running: Cell<bool>,
    padding: Padding,
}

const _: () = assert!(size_of::<Unpickler>() == 296);

/// The options of an unpickler, as its constructor and `load` take them.
pub struct Options<'a> {
    pub fix_imports: bool,
    pub encoding: Option<&'a Str>,
    pub errors: Option<&'a Str>,
    pub buffers: Option<&'a Object>,
}

impl Unpickler {
    fn fields() -> Unpickler {
        Unpickler {
            header: Header::new(Self::class()),
            memo: Guarded::new(UnpicklerMemo::default()),
            source: Guarded::new(Source::default()),
            input: Guarded::new(Input::default()),
            persistent_attribute: Field::EMPTY,
            buffers: Field::EMPTY,
            encoding: Field::EMPTY,
            errors: Field::EMPTY,
            marks_allocated: Cell::new(0),
            last_line: Cell::new(0),
            protocol: Cell::new(0),
            fix_imports: Cell::new(false),
            is_initialized: Cell::new(false),
            running: Cell::new(false),
            padding: Padding([0; 13]),
        }
    }

    /// An unpickler for `loads`.
    pub fn of_data(data: &Object, options: &Options<'_>, thread: &mut Thread) -> PyResult<Py<Unpickler>> {
        let unpickler = Py::new(Self::fields(), thread);
        let input = Input::of(data, thread)?;
        *unpickler.input.get_mut(thread) = input;
        unpickler.set_options(options, thread)?;
        Ok(unpickler)
    }

    /// An unpickler for `load`.
    pub fn of_file(file: &Object, options: &Options<'_>, thread: &mut Thread) -> PyResult<Py<Unpickler>> {
        let unpickler = Py::new(Self::fields(), thread);
        unpickler.set_file(file, thread)?;
        unpickler.set_options(options, thread)?;
        Ok(unpickler)
    }

    fn set_options(&self, options: &Options<'_>, thread: &mut Thread) -> PyResult<()> {
        self.encoding.set(options.encoding.map(Py::from_ref));
        self.errors.set(options.errors.map(Py::from_ref));
        let buffers = match options.buffers.filter(|it| !it.is_none()) {
            Some(buffers) => Some(protocol::iter(buffers, thread)?),
            None => None,
        };
        self.buffers.set(buffers);
        self.fix_imports.set(options.fix_imports);
        self.protocol.set(0);
        self.is_initialized.set(true);
        Ok(())
    }

    fn set_file(&self, file: &Object, thread: &mut Thread) -> PyResult<()> {
        let peek = protocol::lookup_attribute(file, &objects::names::peek, thread)?;
        let readinto = protocol::lookup_attribute(file, &objects::names::readinto, thread)?;
        let read = protocol::lookup_attribute(file, &objects::names::read, thread)?;
        let readline = protocol::lookup_attribute(file, &objects::names::readline, thread)?;
        if read.is_none() || readline.is_none() {
            return Err(raise!(thread, TypeError, "file must have 'read' and 'readline' attributes"));
        }
        let old = std::mem::replace(self.source.get_mut(thread), Source { peek, readinto, read, readline });
        drop(old);
        Ok(())
    }

    fn check_unused(&self, thread: &mut Thread) -> PyResult<()> {
        if self.running.get() {
            return Err(raise!(thread, RuntimeError, "Unpickler object is already used"));
        }
        Ok(())
    }

    /// Reads one pickle.
    pub fn run(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.running.set(true);
        let input = std::mem::take(self.input.get_mut(thread));
        let source = std::mem::take(self.source.get_mut(thread));
        let mut loader = Loader::new(self, input, source);
        self.protocol.set(0);
        let loaded = loader.load(thread);
        let (input, source) = loader.finish(thread);
        *self.input.get_mut(thread) = input;
        *self.source.get_mut(thread) = source;
        self.running.set(false);
        loaded
    }

    /// Encoding and error handler for strings of Python 2.
    pub(super) fn decoding(&self) -> (String, String) {
        let text =
            |field: &Field<Str>, default: &str| field.get().map_or(default.to_owned(), |it| it.to_string_lossy());
        (text(&self.encoding, "ASCII"), text(&self.errors, "strict"))
    }

    /// The object that a persistent id stands for.
    pub(super) fn persistent_object(&self, id: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = thread.intern_text("persistent_load");
        let function = protocol::get_attribute(self, &name, thread)?;
        protocol::call_one(&function, id, thread)
    }

    /// Calls `find_class`, which a subclass may have changed.
    pub(super) fn class_named(&self, module: &Object, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if self.is_exactly::<Unpickler>() {
            return find_class(self, module, name, thread);
        }
        let method = thread.intern_text("find_class");
        protocol::call_method(self, &method, &[module, name], thread)
    }
}

#[cold]
fn raise_not_initialized(unpickler: &Unpickler, thread: &mut Thread) -> Raised {
    let class = unpickler.class().full_name();
    raise_unpickling_error(&format!("Unpickler.__init__() was not called by {class}.__init__()"), thread)
}

/// Unpickler(file, *, fix_imports=True, encoding='ASCII', errors='strict',
///           buffers=())
/// --
///
/// This takes a binary file for reading a pickle data stream.
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
#[python_type(name = "_pickle.Unpickler", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl Unpickler {
    #[slot(tp_new)]
    fn new_unpickler(class: &Type, _: &Tuple, _: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Unpickler>> {
        Py::new_in(class, Self::fields(), thread)
    }

    #[init]
    #[signature("(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())")]
    fn init(
        &self,
        file: &Object,
        fix_imports: Option<bool>,
        encoding: Option<&Str>,
        errors: Option<&Str>,
        buffers: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        self.check_unused(thread)?;
        self.is_initialized.set(false);
        self.set_file(file, thread)?;
        *self.input.get_mut(thread) = Input::default();
        drop(std::mem::take(self.memo.get_mut(thread)));
        let fix_imports = fix_imports.unwrap_or(true);
        self.set_options(&Options { fix_imports, encoding, errors, buffers }, thread)
    }

    #[slot(tp_getattro)]
    fn get_attribute(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if !self.persistent_attribute.is_empty()
            && is_name(name, "persistent_load")
            && let Some(assigned) = self.persistent_attribute.get()
        {
            return Ok(assigned);
        }
        let name = objects::object::attribute_name(name, thread)?;
        get_attribute_generic(self, name, thread)
    }

    #[slot(tp_setattro)]
    fn set_attribute(&self, name: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        if is_name(name, "persistent_load") && (value.is_some() || !self.persistent_attribute.is_empty()) {
            self.persistent_attribute.set(value.map(Py::from_ref));
            return Ok(());
        }
        let name = objects::object::attribute_name(name, thread)?;
        set_attribute_generic(self, name, value, thread)
    }

    /// persistent_load($self, pid, /)
    /// --
    ///
    ///
    #[defining_class]
    #[method]
    fn persistent_load(&self, pid: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let _ = pid;
        let message =
            "A load persistent id instruction was encountered, but no persistent_load function was specified.";
        Err(raise_unpickling_error(message, thread))
    }

    /// load($self, /)
    /// --
    ///
    /// Load a pickle.
    ///
    /// Read a pickled object representation from the open file object given
    /// in the constructor, and return the reconstituted object hierarchy
    /// specified therein.
    #[defining_class]
    #[method]
    fn load(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.check_unused(thread)?;
        if !self.is_initialized.get() {
            return Err(raise_not_initialized(self, thread));
        }
        self.run(thread)
    }

    /// find_class($self, module_name, global_name, /)
    /// --
    ///
    /// Return an object from a specified module.
    ///
    /// If necessary, the module will be imported. Subclasses may override
    /// this method (e.g. to restrict unpickling of arbitrary classes and
    /// functions).
    ///
    /// This method is called whenever a class or a function object is
    /// needed.  Both arguments passed are str objects.
    #[defining_class]
    #[method(name = "find_class")]
    fn find_class_method(
        &self,
        module_name: &Object,
        global_name: &Object,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        find_class(self, module_name, global_name, thread)
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// Returns size in memory, in bytes.
    #[method]
    fn __sizeof__(&self, thread: &mut Thread) -> usize {
        const WORD: usize = size_of::<usize>();
        let (encoding, errors) = self.decoding();
        let texts = if self.is_initialized.get() { encoding.len() + 1 + errors.len() + 1 } else { 0 };
        let line = match self.last_line.get() {
            0 => 0,
            length => length + 1,
        };
        let places = self.memo.get(thread).allocated() + self.marks_allocated.get();
        self.class().basic_size() + places * WORD + texts + line
    }

    #[getter(name = "memo")]
    fn memo_proxy(&self, thread: &mut Thread) -> Py<UnpicklerMemoProxy> {
        UnpicklerMemoProxy::of(self, thread)
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
