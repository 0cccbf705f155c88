//! `_struct`: values as bytes, by format strings.

mod format;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use builtins::bytes::Bytes;
use macros::{Instance, python_module, python_type};
use objects::dict::Dict;
use objects::errors::{Exception, IndexError, OrMemoryError, PyResult, Raised, with_room};
use objects::module::Module;
use objects::object::BaseObject;
use objects::protocol;
use objects::protocol::buffer::Buffer;
use objects::raise;
use objects::refs::{Field as Reference, Guarded, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type, TypeDeclaration};

use format::{Field, Format, pack_one, parse, unpack_one};

pub const TYPES: &[&TypeDeclaration] = &[Struct::DECLARATION, UnpackIterator::DECLARATION];

/// What an interpreter keeps for this module.
#[derive(Default)]
struct State {
    /// `struct.error`.
    error: RefCell<Option<Py<Object>>>,
    /// The structs of formats that were given to functions, by the format.
    known: RefCell<Option<Py<Dict>>>,
}

/// Formats that the module remembers; when there are more, it forgets all.
const MOST_KNOWN: usize = 100;

/// The class `struct.error`.
fn error_class(thread: &mut Thread) -> PyResult<Py<Object>> {
    let state = thread.interpreter().extension::<State>();
    if let Some(class) = &*state.error.borrow() {
        return Ok(class.clone());
    }
    let name = Str::from_str("error", thread);
    let bases = Tuple::from_slice(&[Exception.as_type()], thread)?;
    let body = Dict::new(thread);
    let module = Str::from_str("struct", thread);
    body.set_str(&objects::names::__module__, &module, thread)?;
    let class = protocol::call(Type::class(), &[&name, &bases, &body], thread)?;
    state.error.replace(Some(class.clone()));
    Ok(class)
}

/// Raises `struct.error`.
#[cold]
fn raise_error(message: &str, thread: &mut Thread) -> Raised {
    let text = Str::from_str(message, thread);
    let made = error_class(thread).and_then(|class| protocol::call_one(&class, &text, thread));
    match made {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

/// The fields of a format, shared with the calls that go through them.
struct Fields(Rc<Vec<Field>>);

impl Default for Fields {
    fn default() -> Self {
        Self(Rc::new(Vec::new()))
    }
}

impl objects::gc::Traverse for Fields {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut objects::gc::Visitor<'_>) {}
    fn clear(&self) {}
}

/// A parsed format. It begins as CPython's does, with the size and the number of values: C code that tests buffers reads them in place.
#[derive(Instance)]
#[repr(C)]
pub struct Struct {
    header: Header,
    size: Cell<isize>,
    values: Cell<usize>,
    format: Reference<Str>,
    big_endian: Cell<bool>,
    fields: Guarded<Fields>,
    weak_references: Cell<*mut layout::PyObject>,
}

impl Struct {
    fn fields() -> Struct {
        Struct {
            header: Header::new(Struct::class()),
            size: Cell::new(-1),
            values: Cell::new(0),
            format: Reference::EMPTY,
            big_endian: Cell::new(false),
            fields: Guarded::new(Fields::default()),
            weak_references: Cell::new(std::ptr::null_mut()),
        }
    }

    /// Takes a format in.
    fn read(&self, format: &Object, thread: &mut Thread) -> PyResult<()> {
        let text = if let Some(text) = format.downcast::<Str>() {
            let encoded = objects::str::codecs::encode(text, Some("ascii"), None, thread)?;
            objects::protocol::buffer::bytes_contents(&encoded).unwrap_or_default().to_vec()
        } else if let Some(bytes) = format.downcast::<Bytes>() {
            bytes.as_slice().to_vec()
        } else {
            let class = format.class().full_name();
            return Err(raise!(thread, TypeError, "Struct() argument 1 must be a str or bytes object, not {class}"));
        };
        if text.contains(&0) {
            return Err(raise_error("embedded null character", thread));
        }
        let Format { fields, size, values, big_endian } = parse(&text, thread)?;
        let shown: String = text.iter().map(|it| char::from(*it)).collect();
        self.format.set(Some(Str::from_str(&shown, thread)));
        self.size.set(size as isize);
        self.values.set(values);
        self.big_endian.set(big_endian);
        *self.fields.get_mut(thread) = Fields(Rc::new(fields));
        Ok(())
    }

    /// A struct of a format given to a function of the module.
    fn of(format: &Object, thread: &mut Thread) -> PyResult<Py<Struct>> {
        if let Some(known) = format.downcast_exact::<Struct>() {
            return Ok(Py::from_ref(known));
        }
        // Only text: under `-bb`, text and bytes in one dict may not be compared.
        let is_plain = format.is_exactly::<Str>();
        let known = Self::known(thread);
        if is_plain && let Some(found) = known.get(format, thread)? {
            // SAFETY: the dict is this module's own, and holds structs.
            return Ok(unsafe { found.cast_into() });
        }
        let made = Py::new(Self::fields(), thread);
        made.read(format, thread)?;
        if is_plain {
            if known.length() >= MOST_KNOWN {
                known.clear(thread);
            }
            known.set(format, &made, thread)?;
        }
        Ok(made)
    }

    /// The structs of formats seen before.
    fn known(thread: &mut Thread) -> Py<Dict> {
        let state = thread.interpreter().extension::<State>();
        let mut known = state.known.borrow_mut();
        known.get_or_insert_with(|| Dict::new(thread)).clone()
    }

    fn size(&self, thread: &mut Thread) -> PyResult<usize> {
        match usize::try_from(self.size.get()) {
            Ok(size) => Ok(size),
            Err(_) => Err(raise!(thread, RuntimeError, "Struct object is not initialized")),
        }
    }

    fn check_count(&self, function: &str, values: &[&Object], thread: &mut Thread) -> PyResult<()> {
        let (wanted, given) = (self.values.get(), values.len());
        if wanted == given {
            return Ok(());
        }
        Err(raise_error(&format!("{function} expected {wanted} items for packing (got {given})"), thread))
    }

    fn pack_values(&self, function: &str, values: &[&Object], thread: &mut Thread) -> PyResult<Scratch> {
        let size = self.size(thread)?;
        self.check_count(function, values, thread)?;
        let mut packed = Scratch::zeroed(size, thread)?;
        let fields = self.fields.get(thread).0.clone();
        let mut values = values.iter();
        for field in fields.iter() {
            for index in 0..field.count {
                let Some(value) = values.next() else { break };
                let start = field.offset + index * field.size;
                let place = &mut packed.bytes_mut()[start..start + field.size];
                pack_one(field, self.big_endian.get(), value, place, thread)?;
            }
        }
        Ok(packed)
    }

    fn unpack_values(&self, bytes: &[u8], thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let fields = self.fields.get(thread).0.clone();
        let mut values = with_room(self.values.get()).or_memory_error(thread)?;
        for field in fields.iter() {
            for index in 0..field.count {
                thread.check_memory()?;
                let start = field.offset + index * field.size;
                let part = bytes.get(start..start + field.size).unwrap_or_default();
                values.push(unpack_one(field, self.big_endian.get(), part, thread)?);
            }
        }
        Tuple::new(values, thread)
    }

    fn unpack_all(&self, buffer: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let size = self.size(thread)?;
        let view = Buffer::get(buffer, layout::PyBUF_SIMPLE, thread)?;
        if view.length() != size {
            return Err(raise_error(&format!("unpack requires a buffer of {size} bytes"), thread));
        }
        let bytes = Scratch::copy_of(&view, 0, size, thread)?;
        drop(view);
        self.unpack_values(bytes.bytes(), thread)
    }

    fn unpack_at(&self, buffer: &Object, offset: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let size = self.size(thread)?;
        let view = Buffer::get(buffer, layout::PyBUF_SIMPLE, thread)?;
        let offset = match offset {
            Some(offset) => protocol::index_as_isize(offset, thread)?,
            None => 0,
        };
        let start = place("unpack_from", "unpacking", size, offset, view.length(), thread)?;
        let bytes = Scratch::copy_of(&view, start, size, thread)?;
        drop(view);
        self.unpack_values(bytes.bytes(), thread)
    }

    fn pack_at(&self, arguments: &[&Object], thread: &mut Thread) -> PyResult<()> {
        let size = self.size(thread)?;
        let [target, offset, values @ ..] = arguments else {
            let missing = if arguments.is_empty() { "buffer" } else { "offset" };
            return Err(raise_error(&format!("pack_into expected {missing} argument"), thread));
        };
        self.check_count("pack_into", values, thread)?;
        {
            let view = Buffer::get(target, layout::PyBUF_WRITABLE, thread);
            let view = match view {
                Ok(view) => view,
                Err(raised) => {
                    drop(thread.catch(raised));
                    let class = target.class().full_name();
                    let message = "argument must be read-write bytes-like object";
                    return Err(raise!(thread, TypeError, "{message}, not {class}"));
                }
            };
            let offset = protocol::index_or_raise(offset, IndexError, thread)?;
            let start = place("pack_into", "packing", size, offset, view.length(), thread)?;
            let packed = self.pack_values("pack_into", values, thread)?;
            if let Some(to) = view.contiguous_mut(thread).and_then(|it| it.get_mut(start..start + size)) {
                to.copy_from_slice(packed.bytes());
            }
        }
        Ok(())
    }

    fn iterate(&self, buffer: &Object, thread: &mut Thread) -> PyResult<Py<UnpackIterator>> {
        let size = self.size(thread)?;
        if size == 0 {
            return Err(raise_error("cannot iteratively unpack with a struct of length 0", thread));
        }
        let bytes = Buffer::get(buffer, layout::PyBUF_SIMPLE, thread)?.to_vec(thread)?;
        if bytes.len() % size != 0 {
            let message = format!("iterative unpacking requires a buffer of a multiple of {size} bytes");
            return Err(raise_error(&message, thread));
        }
        let header = Header::new(UnpackIterator::class());
        let iterator = UnpackIterator { header, form: Py::from_ref(self), bytes, position: Cell::new(0) };
        Ok(Py::new(iterator, thread))
    }
}

/// The bytes of a struct on their way: few of them on the native stack.
struct Scratch {
    few: [u8; Scratch::FEW],
    many: Vec<u8>,
    size: usize,
}

impl Scratch {
    const FEW: usize = 64;

    fn zeroed(size: usize, thread: &mut Thread) -> PyResult<Self> {
        let mut many: Vec<u8> = Vec::new();
        if size > Self::FEW {
            if many.try_reserve_exact(size).is_err() {
                return Err(thread.raise_memory_error());
            }
            many.resize(size, 0);
        }
        Ok(Self { few: [0; Self::FEW], many, size })
    }

    /// The `size` bytes from `start` on of a buffer that has them.
    fn copy_of(view: &Buffer, start: usize, size: usize, thread: &mut Thread) -> PyResult<Self> {
        let mut copy = Self::zeroed(size, thread)?;
        match view.contiguous(thread).and_then(|it| it.get(start..start + size)) {
            Some(part) => copy.bytes_mut().copy_from_slice(part),
            None => copy.bytes_mut().copy_from_slice(&view.to_vec(thread)?[start..start + size]),
        }
        Ok(copy)
    }

    fn bytes(&self) -> &[u8] {
        if self.size <= Self::FEW { &self.few[..self.size] } else { &self.many }
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        if self.size <= Self::FEW { &mut self.few[..self.size] } else { &mut self.many }
    }
}

/// Where a struct begins in a buffer of `length` bytes, by the offset given.
fn place(
    function: &str,
    doing: &str,
    size: usize,
    offset: isize,
    length: usize,
    thread: &mut Thread,
) -> PyResult<usize> {
    let start = if offset < 0 { offset + length as isize } else { offset };
    if start < 0 {
        return Err(raise_error(&format!("offset {offset} out of range for {length}-byte buffer"), thread));
    }
    let start = start as usize;
    if length.saturating_sub(start) >= size && start <= length {
        return Ok(start);
    }
    let message = match (offset < 0, doing) {
        (true, "packing") => format!("no space to pack {size} bytes at offset {offset}"),
        (true, _) => format!("not enough data to unpack {size} bytes at offset {offset}"),
        (false, _) => format!(
            "{function} requires a buffer of at least {} bytes for {doing} {size} bytes at offset {start} \
             (actual buffer size is {length})",
            start.saturating_add(size)
        ),
    };
    Err(raise_error(&message, thread))
}

/// Struct(fmt) --> compiled struct object
///
///
#[python_type(
    name = "_struct.Struct", base = BaseObject, flags(HEAPTYPE, BASETYPE),
    weaklist_offset = std::mem::offset_of!(Struct, weak_references)
)]
impl Struct {
    #[slot(tp_new)]
    fn new_struct(class: &Type, _: &Tuple, _: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Struct>> {
        Py::new_in(class, Self::fields(), thread)
    }

    #[init]
    #[signature("(format)")]
    fn init(&self, format: &Object, thread: &mut Thread) -> PyResult<()> {
        self.read(format, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        self.size(thread)?;
        let format = self.format.get().unwrap_or_else(Str::empty);
        let format = protocol::repr(&format, thread)?.to_string_lossy();
        Ok(format!("{}({format})", self.class().short_name()))
    }

    /// S.pack(v1, v2, ...) -> bytes
    ///
    /// Return a bytes object containing values v1, v2, ... packed according
    /// to the format string S.format.  See help(struct) for more on format
    /// strings.
    #[method]
    #[signature("(*values)")]
    fn pack(&self, values: &[&Object], thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let packed = self.pack_values("pack", values, thread)?;
        Bytes::try_from_slice(packed.bytes(), thread)
    }

    /// S.pack_into(buffer, offset, v1, v2, ...)
    ///
    /// Pack the values v1, v2, ... according to the format string S.format
    /// and write the packed bytes into the writable buffer buf starting at
    /// offset.  Note that the offset is a required argument.  A negative
    /// offset counts from the end of the buffer.  See help(struct) for more
    /// on format strings.
    #[method]
    #[signature("(*arguments)")]
    fn pack_into(&self, arguments: &[&Object], thread: &mut Thread) -> PyResult<()> {
        self.pack_at(arguments, thread)
    }

    /// unpack($self, buffer, /)
    /// --
    ///
    /// Return a tuple containing unpacked values.
    ///
    /// Unpack according to the format string Struct.format. The buffer's size
    /// in bytes must be Struct.size.
    ///
    /// See help(struct) for more on format strings.
    #[method]
    fn unpack(&self, buffer: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.unpack_all(buffer, thread)
    }

    /// unpack_from($self, /, buffer, offset=0)
    /// --
    ///
    /// Return a tuple containing unpacked values.
    ///
    /// Values are unpacked according to the format string Struct.format.
    ///
    /// The buffer's size in bytes, starting at position offset, must be
    /// at least Struct.size.  A negative offset counts from the end of the
    /// buffer.
    ///
    /// See help(struct) for more on format strings.
    #[method]
    fn unpack_from(&self, buffer: &Object, offset: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.unpack_at(buffer, offset, thread)
    }

    /// iter_unpack($self, buffer, /)
    /// --
    ///
    /// Return an iterator yielding tuples.
    ///
    /// Tuples are unpacked from the given bytes source, like a repeated
    /// invocation of unpack_from().
    ///
    /// Requires that the bytes length be a multiple of the struct size.
    #[method]
    fn iter_unpack(&self, buffer: &Object, thread: &mut Thread) -> PyResult<Py<UnpackIterator>> {
        self.iterate(buffer, thread)
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// S.__sizeof__() -> size of S in memory, in bytes
    #[method]
    fn __sizeof__(&self, thread: &mut Thread) -> PyResult<usize> {
        self.size(thread)?;
        let fields = self.fields.get(thread).0.len() + 1;
        Ok(self.class().basic_size() + fields * size_of::<Field>())
    }

    /// struct format string
    #[getter]
    fn format(&self, thread: &mut Thread) -> PyResult<Option<Py<Str>>> {
        self.size(thread)?;
        Ok(self.format.get())
    }

    /// struct size in bytes
    #[getter(name = "size")]
    fn size_attribute(&self) -> isize {
        self.size.get()
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct UnpackIterator {
    header: Header,
    form: Py<Struct>,
    bytes: Vec<u8>,
    position: Cell<usize>,
}

#[python_type(name = "_struct.unpack_iterator", base = BaseObject, flags(HEAPTYPE))]
impl UnpackIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<UnpackIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        let size = self.form.size(thread)?;
        let start = self.position.get();
        let Some(part) = self.bytes.get(start..start + size) else { return Ok(None) };
        self.position.set(start + size);
        self.form.unpack_values(part, thread).map(Some)
    }

    /// __length_hint__($self, /)
    /// --
    ///
    #[method]
    fn __length_hint__(&self, thread: &mut Thread) -> PyResult<usize> {
        let size = self.form.size(thread)?.max(1);
        Ok((self.bytes.len() - self.position.get()) / size)
    }
}

pub struct StructModule;

/// Functions to convert between Python values and C structs.
/// Python bytes objects are used to hold the data representing the C struct.
/// The format string (explained below) describes the layout of data
/// in the C struct.
///
/// The optional first format char indicates byte order, size and alignment:
///   @: native order, size & alignment (default)
///   =: native order, std. size & alignment
///   <: little-endian, std. size & alignment
///   >: big-endian, std. size & alignment
///   !: same as >
///
/// The remaining characters indicate types of args and must match exactly;
/// these can be preceded by a decimal repeat count:
///   x: pad byte (no data); c: char; b: signed byte; B: unsigned byte;
///   ?: _Bool; h: short; H: unsigned short; i: int; I: unsigned int;
///   l: long; L: unsigned long; q: long long; Q: unsigned long long;
///   f: float; d: double; e: half-float;
///   F: float complex; D: double complex.
/// Special cases (preceding decimal count indicates length):
///   s: byte string (array of char); p: Pascal string (with count byte).
/// Special cases (only available in native format):
///   n: ssize_t; N: size_t;
///   P: an integer type that is wide enough to hold a pointer.
/// Whitespace between formats is ignored.
///
/// The variable struct.error is an exception raised on errors.
///
#[python_module(name = "_struct")]
impl StructModule {
    /// _clearcache($module, /)
    /// --
    ///
    /// Clear the internal cache.
    #[function]
    fn _clearcache(thread: &mut Thread) {
        Struct::known(thread).clear(thread);
    }

    /// calcsize($module, format, /)
    /// --
    ///
    /// Return size in bytes of the struct described by the format string.
    #[function]
    fn calcsize(format: &Object, thread: &mut Thread) -> PyResult<usize> {
        Struct::of(format, thread)?.size(thread)
    }

    /// iter_unpack($module, format, buffer, /)
    /// --
    ///
    /// Return an iterator yielding tuples unpacked from the given bytes.
    ///
    /// The bytes are unpacked according to the format string, like
    /// a repeated invocation of unpack_from().
    ///
    /// Requires that the bytes length be a multiple of the format struct size.
    #[function]
    fn iter_unpack(format: &Object, buffer: &Object, thread: &mut Thread) -> PyResult<Py<UnpackIterator>> {
        Struct::of(format, thread)?.iterate(buffer, thread)
    }

    /// pack(format, v1, v2, ...) -> bytes
    ///
    /// Return a bytes object containing the values v1, v2, ... packed according
    /// to the format string.  See help(struct) for more on format strings.
    #[function]
    #[signature("(format, /, *values)")]
    fn pack(format: &Object, values: &[&Object], thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let packed = Struct::of(format, thread)?.pack_values("pack", values, thread)?;
        Bytes::try_from_slice(packed.bytes(), thread)
    }

    /// pack_into(format, buffer, offset, v1, v2, ...)
    ///
    /// Pack the values v1, v2, ... according to the format string and write
    /// the packed bytes into the writable buffer buf starting at offset.  Note
    /// that the offset is a required argument.  A negative offset counts from
    /// the end of the buffer.  See help(struct) for more on format strings.
    #[function]
    #[signature("(format, /, *arguments)")]
    fn pack_into(format: &Object, arguments: &[&Object], thread: &mut Thread) -> PyResult<()> {
        Struct::of(format, thread)?.pack_at(arguments, thread)
    }

    /// unpack($module, format, buffer, /)
    /// --
    ///
    /// Return a tuple containing values unpacked according to the format string.
    ///
    /// The buffer's size in bytes must be calcsize(format).
    ///
    /// See help(struct) for more on format strings.
    #[function]
    fn unpack(format: &Object, buffer: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        Struct::of(format, thread)?.unpack_all(buffer, thread)
    }

    /// unpack_from($module, format, /, buffer, offset=0)
    /// --
    ///
    /// Return a tuple containing values unpacked according to the format string.
    ///
    /// The buffer's size, minus offset, must be at least calcsize(format).
    /// A negative offset counts from the end of the buffer.
    ///
    /// See help(struct) for more on format strings.
    #[function]
    fn unpack_from(
        format: &Object,
        buffer: &Object,
        offset: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        Struct::of(format, thread)?.unpack_at(buffer, offset, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        module.set("Struct", Struct::class(), thread)?;
        let error = error_class(thread)?;
        module.set("error", &error, thread)
    }
}
