//! Filter chains: the dicts that describe filters as the library's structs, and back.

use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::ptr;

use liblzma_sys::{
    LZMA_FILTER_ARM, LZMA_FILTER_ARMTHUMB, LZMA_FILTER_DELTA, LZMA_FILTER_IA64, LZMA_FILTER_LZMA1, LZMA_FILTER_LZMA2,
    LZMA_FILTER_POWERPC, LZMA_FILTER_SPARC, LZMA_FILTER_X86, LZMA_PRESET_DEFAULT, LZMA_VLI_UNKNOWN, lzma_filter,
    lzma_lzma_preset, lzma_options_bcj, lzma_options_lzma, lzma_properties_decode, lzma_properties_encode,
    lzma_properties_size,
};
use objects::dict::Dict;
use objects::errors::{KeyError, PyResult, Raised};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;

use super::stream::Failure;
use super::{raise_failure, unsigned};
use crate::state::ErrorClass;

/// The library's limit on the length of a chain.
const LONGEST: usize = 4;

/// The library's `lzma_options_delta`, which its Rust declarations leave out.
#[repr(C)]
#[derive(Clone, Copy)]
struct DeltaOptions {
    kind: u32,
    distance: u32,
    reserved_integers: [u32; 4],
    reserved_pointers: [*mut c_void; 2],
}

/// The options of a filter, in a block of their own, since the library's struct points to them.
enum Options {
    Lzma(Box<lzma_options_lzma>),
    Delta(Box<DeltaOptions>),
    Branch(Box<lzma_options_bcj>),
}

/// One filter.
pub struct Filter {
    id: u64,
    options: Options,
}

/// The filters of a stream, in order.
pub struct Chain(Vec<Filter>);

/// The options of LZMA for a preset; None if there is no such preset.
pub fn preset_options(preset: u32) -> Option<Box<lzma_options_lzma>> {
    // SAFETY: the struct has only numbers and pointers, for which all zero is a value.
    let mut options = Box::new(unsafe { MaybeUninit::<lzma_options_lzma>::zeroed().assume_init() });
    // SAFETY: the library fills the struct in.
    let failed = unsafe { lzma_lzma_preset(&mut *options, preset) } != 0;
    (!failed).then_some(options)
}

/// What a filter's dict says: its entries, and what messages call the filter.
struct Specification {
    entries: Py<Dict>,
    title: &'static str,
}

impl Specification {
    #[cold]
    fn raise_invalid(&self, thread: &mut Thread) -> Raised {
        raise!(thread, ValueError, "Invalid filter specifier for {} filter", self.title)
    }

    /// Refuses entries of other names than these.
    fn check_names(&self, known: &[&str], thread: &mut Thread) -> PyResult<()> {
        for name in self.entries.keys_snapshot(thread) {
            let name = name.downcast::<Str>().and_then(Str::to_text);
            if !name.is_some_and(|it| it == "id" || known.contains(&it.as_str())) {
                return Err(self.raise_invalid(thread));
            }
        }
        Ok(())
    }

    fn number(&self, name: &str, thread: &mut Thread) -> PyResult<Option<u32>> {
        let name = thread.intern_text(name);
        let Some(value) = self.entries.get(&name, thread)? else { return Ok(None) };
        match unsigned(&value, u64::from(u32::MAX), "uint32_t", thread) {
            Ok(number) => Ok(Some(number as u32)),
            Err(raised) => {
                drop(thread.catch(raised));
                Err(self.raise_invalid(thread))
            }
        }
    }

    fn lzma(&self, thread: &mut Thread) -> PyResult<Options> {
        let preset = self.number("preset", thread)?.unwrap_or(LZMA_PRESET_DEFAULT);
        let Some(mut options) = preset_options(preset) else {
            return Err(ErrorClass::Lzma.raise(&format!("Invalid compression preset: {preset}"), thread));
        };
        let names = ["dict_size", "lc", "lp", "pb", "mode", "nice_len", "mf", "depth"];
        self.check_names(&[&names[..], &["preset"]].concat(), thread)?;
        for name in names {
            let Some(value) = self.number(name, thread)? else { continue };
            let field = match name {
                "dict_size" => &mut options.dict_size,
                "lc" => &mut options.lc,
                "lp" => &mut options.lp,
                "pb" => &mut options.pb,
                "mode" => &mut options.mode,
                "nice_len" => &mut options.nice_len,
                "mf" => &mut options.mf,
                _ => &mut options.depth,
            };
            *field = value;
        }
        Ok(Options::Lzma(options))
    }

    fn delta(&self, thread: &mut Thread) -> PyResult<Options> {
        self.check_names(&["dist"], thread)?;
        let distance = self.number("dist", thread)?.unwrap_or(1);
        let (reserved_integers, reserved_pointers) = ([0; 4], [ptr::null_mut(); 2]);
        Ok(Options::Delta(Box::new(DeltaOptions { kind: 0, distance, reserved_integers, reserved_pointers })))
    }

    fn branch(&self, thread: &mut Thread) -> PyResult<Options> {
        self.check_names(&["start_offset"], thread)?;
        let start_offset = self.number("start_offset", thread)?.unwrap_or(0);
        Ok(Options::Branch(Box::new(lzma_options_bcj { start_offset })))
    }
}

fn is_mapping(object: &Object) -> bool {
    // SAFETY: a type's method suites live as long as the type.
    let mapping = unsafe { object.class().slots().tp_as_mapping.get().as_ref() };
    mapping.is_some_and(|it| it.mp_subscript.get().is_some())
}

impl Filter {
    pub fn parse(description: &Object, thread: &mut Thread) -> PyResult<Filter> {
        if !is_mapping(description) {
            return Err(raise!(thread, TypeError, "Filter specifier must be a dict or dict-like object"));
        }
        let name = thread.intern_text("id");
        let id = protocol::get_item(description, &name, thread);
        let Some(id) = thread.suppress(id, KeyError)? else {
            return Err(raise!(thread, ValueError, "Filter specifier must have an \"id\" entry"));
        };
        let id = unsigned(&id, u64::MAX, "lzma_vli", thread)?;
        let entries = match description.downcast::<Dict>() {
            Some(dict) => Py::from_ref(dict),
            None => {
                let copy = protocol::call_one(Dict::class(), description, thread)?;
                copy.downcast_into::<Dict>().map_err(|_| raise!(thread, TypeError, "a dict is required"))?
            }
        };
        let options = match id {
            LZMA_FILTER_LZMA1 | LZMA_FILTER_LZMA2 => Specification { entries, title: "LZMA" }.lzma(thread)?,
            LZMA_FILTER_DELTA => Specification { entries, title: "delta" }.delta(thread)?,
            LZMA_FILTER_X86 | LZMA_FILTER_POWERPC | LZMA_FILTER_IA64 | LZMA_FILTER_ARM | LZMA_FILTER_ARMTHUMB
            | LZMA_FILTER_SPARC => Specification { entries, title: "BCJ" }.branch(thread)?,
            _ => return Err(raise!(thread, ValueError, "Invalid filter ID: {id}")),
        };
        Ok(Filter { id, options })
    }

    /// The library's struct, which points into this one.
    fn as_raw(&self) -> lzma_filter {
        let options = match &self.options {
            Options::Lzma(options) => ptr::from_ref(&**options).cast(),
            Options::Delta(options) => ptr::from_ref(&**options).cast(),
            Options::Branch(options) => ptr::from_ref::<lzma_options_bcj>(options).cast::<c_void>(),
        };
        lzma_filter { id: self.id, options: options.cast_mut() }
    }

    /// The options as they stand in a file.
    pub fn encode(&self) -> Result<Vec<u8>, Failure> {
        let raw = self.as_raw();
        let mut size = 0;
        // SAFETY: the filter's options are of the type that its id says.
        Failure::check(unsafe { lzma_properties_size(&mut size, &raw) })?;
        let mut bytes = vec![0; size as usize];
        // SAFETY: the same, and there is room for so many bytes.
        Failure::check(unsafe { lzma_properties_encode(&raw, bytes.as_mut_ptr()) })?;
        Ok(bytes)
    }
}

impl Chain {
    pub fn parse(filters: &Object, thread: &mut Thread) -> PyResult<Chain> {
        if filters.downcast::<Dict>().is_some() {
            return Err(raise!(thread, TypeError, "{} is not a sequence", filters.class().short_name()));
        }
        let length = protocol::length(filters, thread)?;
        if length > LONGEST {
            let message = format_args!("Too many filters - liblzma supports a maximum of {LONGEST}");
            return Err(raise!(thread, ValueError, "{message}"));
        }
        let mut chain = Vec::with_capacity(length);
        for index in 0..length {
            let index = protocol::make_int(index as i128, thread);
            let description = protocol::get_item(filters, &index, thread)?;
            chain.push(Filter::parse(&description, thread)?);
        }
        Ok(Chain(chain))
    }

    /// The library's array, with its end mark; it points into this struct.
    pub fn as_raw(&self) -> [lzma_filter; LONGEST + 1] {
        std::array::from_fn(|index| match self.0.get(index) {
            Some(filter) => filter.as_raw(),
            None => lzma_filter { id: LZMA_VLI_UNKNOWN, options: ptr::null_mut() },
        })
    }

    /// The options, if this is a single filter of the old LZMA format.
    pub fn single_lzma1(&self) -> Option<&lzma_options_lzma> {
        match self.0.as_slice() {
            [Filter { id: LZMA_FILTER_LZMA1, options: Options::Lzma(options) }] => Some(options),
            _ => None,
        }
    }
}

/// The dict that describes a filter with options as they stand in a file.
pub fn decode(id: u64, properties: &[u8], thread: &mut Thread) -> PyResult<Py<Dict>> {
    let mut raw = lzma_filter { id, options: ptr::null_mut() };
    // SAFETY: the properties have so many bytes; the library allocates the options with the C allocator, as none is given.
    let code = unsafe { lzma_properties_decode(&mut raw, ptr::null(), properties.as_ptr(), properties.len()) };
    if let Err(failure) = Failure::check(code) {
        return Err(raise_failure(failure, thread));
    }
    // SAFETY: the options are null or of the type that the id says.
    let rows = unsafe {
        match id {
            _ if raw.options.is_null() => Vec::new(),
            LZMA_FILTER_LZMA1 => {
                let options = &*raw.options.cast::<lzma_options_lzma>();
                vec![("lc", options.lc), ("lp", options.lp), ("pb", options.pb), ("dict_size", options.dict_size)]
            }
            LZMA_FILTER_LZMA2 => vec![("dict_size", (*raw.options.cast::<lzma_options_lzma>()).dict_size)],
            LZMA_FILTER_DELTA => vec![("dist", (*raw.options.cast::<DeltaOptions>()).distance)],
            _ => vec![("start_offset", (*raw.options.cast::<lzma_options_bcj>()).start_offset)],
        }
    };
    // SAFETY: the library has allocated the options, or left them null, and nobody else knows them.
    unsafe { libc::free(raw.options) };
    let dict = Dict::new(thread);
    let id = protocol::make_int(i128::from(id), thread);
    dict.set_str(&thread.intern_text("id"), &id, thread)?;
    for (name, value) in rows {
        let value = protocol::make_int(i128::from(value), thread);
        dict.set_str(&thread.intern_text(name), &value, thread)?;
    }
    Ok(dict)
}
