//! `code`: compiled code as an object; its instructions specialize in place.

mod attributes;
mod construct;
mod equality;
mod extra;
mod from_unit;
mod iterators;
mod known;
mod parts;
mod strings;

use std::cell::{Cell, OnceCell};
use std::mem::offset_of;
use std::ops::Deref;
use std::ptr;

use builtins::bytes::Bytes;
use bytecode::instruction::Opcode;
use layout::PyCodeObject;
use macros::Instance;
use objects::gc::{Traverse, Visitor};
use objects::refs::{Field, HasHeader, Object, Py, VarHeader};
use objects::str::Str;
use objects::tuple::Tuple;

pub use extra::{FreeExtra, request_extra_index};
pub use from_unit::{code_from_unit, object as constant_object, string};
pub(crate) use iterators::branches;
pub use iterators::{BranchIterator, LineIterator, PositionIterator};
pub use parts::{CodeParts, CodeSettings};

use objects::types::{Instance as _, TypeDeclaration};

use crate::monitoring::CodeMonitoring;

/// The types of this module.
pub const TYPES: &[&TypeDeclaration] =
    &[Code::DECLARATION, LineIterator::DECLARATION, PositionIterator::DECLARATION, BranchIterator::DECLARATION];

/// The address of an instruction or of an inline cache entry.
pub type CodeUnitPointer = *mut u16;

/// A code object: the head; its instructions follow.
#[derive(Instance)]
#[repr(C)]
pub struct Code {
    header: VarHeader,
    constants: Part<Tuple>,
    names: Part<Tuple>,
    exception_table: Part<Bytes>,
    flags: Cell<i32>,
    argument_count: Cell<i32>,
    positional_only_count: Cell<i32>,
    keyword_only_count: Cell<i32>,
    stack_size: Cell<i32>,
    first_line: Cell<i32>,
    locals_plus_count: Cell<i32>,
    frame_size: Cell<i32>,
    local_count: Cell<i32>,
    cell_count: Cell<i32>,
    free_count: Cell<i32>,
    version: Cell<u32>,
    locals_plus_names: Part<Tuple>,
    locals_plus_kinds: Part<Bytes>,
    filename: Part<Str>,
    name: Part<Str>,
    qualified_name: Part<Str>,
    line_table: Part<Bytes>,
    weak_references: Cell<*mut layout::PyObject>,
    executors: Cell<*mut std::ffi::c_void>,
    cached: Cached,
    instrumentation_version: Cell<usize>,
    monitoring: Monitoring,
    unique_id: Cell<isize>,
    first_traceable: Cell<i32>,
    extra: extra::Extra,
    instructions: Instructions,
}

/// A part of a code object. What a code object refers to cannot refer back, so the collector does not know code objects.
#[repr(transparent)]
struct Part<T: HasHeader>(Field<T>);

impl<T: HasHeader> Part<T> {
    #[inline(always)]
    fn new(part: Py<T>) -> Self {
        Self(Field::new(Some(part)))
    }
}

impl<T: HasHeader> Deref for Part<T> {
    type Target = Field<T>;

    #[inline(always)]
    fn deref(&self) -> &Field<T> {
        &self.0
    }
}

impl<T: HasHeader> Traverse for Part<T> {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// Attributes that are computed when somebody asks for them, and then kept.
#[derive(Default)]
struct CachedAttributes {
    code: Field<Bytes>,
    variable_names: Field<Tuple>,
    cell_names: Field<Tuple>,
    free_names: Field<Tuple>,
}

/// Where they are kept: nothing before somebody has asked for the first.
#[derive(Default)]
#[repr(transparent)]
struct Cached(OnceCell<Box<CachedAttributes>>);

impl Traverse for Cached {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// What the tools that watch this code want of it: nothing before the first wants something.
#[derive(Default)]
#[repr(transparent)]
struct Monitoring(OnceCell<Box<CodeMonitoring>>);

impl Traverse for Monitoring {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// The instructions of a code object, as many code units as its header says.
#[repr(C)]
struct Instructions([u16; 0]);

impl Traverse for Instructions {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

const _: () = {
    assert!(size_of::<Cached>() == size_of::<*mut layout::_PyCoCached>());
    assert!(size_of::<Monitoring>() == size_of::<*mut std::ffi::c_void>());
    assert!(offset_of!(Code, instructions) == offset_of!(PyCodeObject, co_code_adaptive));
    assert!(offset_of!(Code, version) == offset_of!(PyCodeObject, co_version));
    assert!(offset_of!(Code, locals_plus_names) == offset_of!(PyCodeObject, co_localsplusnames));
    assert!(offset_of!(Code, line_table) == offset_of!(PyCodeObject, co_linetable));
};

/// A field that is set when the code object is made and never changes afterwards.
macro_rules! constant_field {
    ($(#[$doc:meta])* $name:ident: $typ:ty) => {
        $(#[$doc])*
        #[inline(always)]
        pub fn $name(&self) -> &$typ {
            // SAFETY: set before anyone sees the code object, and never again.
            unsafe { self.$name.borrow().unwrap_unchecked() }
        }
    };
}

impl Code {
    constant_field!(/** `co_consts`. */ constants: Tuple);
    constant_field!(/** `co_names`. */ names: Tuple);
    constant_field!(/** `co_exceptiontable`. */ exception_table: Bytes);
    constant_field!(/** Names of locals, cells and free variables, in slot order. */ locals_plus_names: Tuple);
    constant_field!(/** `CO_FAST_*` bits of each. */ locals_plus_kinds: Bytes);
    constant_field!(/** `co_filename`. */ filename: Str);
    constant_field!(/** `co_name`. */ name: Str);
    constant_field!(/** `co_qualname`. */ qualified_name: Str);
    constant_field!(/** `co_linetable`. */ line_table: Bytes);

    #[inline(always)]
    pub fn flags(&self) -> u32 {
        self.flags.get() as u32
    }

    #[inline(always)]
    pub fn has_flag(&self, flag: u32) -> bool {
        self.flags() & flag != 0
    }

    /// `co_argcount`: parameters that can be given by position.
    #[inline(always)]
    pub fn argument_count(&self) -> usize {
        self.argument_count.get() as usize
    }

    #[inline(always)]
    pub fn positional_only_count(&self) -> usize {
        self.positional_only_count.get() as usize
    }

    #[inline(always)]
    pub fn keyword_only_count(&self) -> usize {
        self.keyword_only_count.get() as usize
    }

    /// Slots for locals, cells and free variables.
    #[inline(always)]
    pub fn local_count(&self) -> usize {
        self.locals_plus_count.get() as usize
    }

    #[inline(always)]
    pub fn free_count(&self) -> usize {
        self.free_count.get() as usize
    }

    pub fn stack_size(&self) -> usize {
        self.stack_size.get() as usize
    }

    /// Words of a frame that runs this code.
    #[inline(always)]
    pub fn frame_size(&self) -> usize {
        self.frame_size.get() as usize
    }

    pub fn first_line(&self) -> i32 {
        self.first_line.get()
    }

    /// The specializer's number for functions with this code.
    #[inline(always)]
    pub fn version(&self) -> u32 {
        self.version.get()
    }

    /// Where the instructions begin.
    #[inline(always)]
    pub fn first_instruction(&self) -> CodeUnitPointer {
        ptr::from_ref(&self.instructions).cast_mut().cast()
    }

    /// How many code units there are.
    pub fn unit_count(&self) -> usize {
        self.header.size() as usize
    }

    /// A constant.
    #[inline(always)]
    pub fn constant(&self, index: usize) -> &Object {
        // SAFETY: the compiler gives instructions indices within the tuple.
        unsafe { self.constants().items().get_unchecked(index) }
    }

    /// A name.
    #[inline(always)]
    pub fn name_at(&self, index: usize) -> &Str {
        // SAFETY: the compiler gives instructions indices within the tuple, which holds strings.
        unsafe { objects::refs::cast(self.names().items().get_unchecked(index)) }
    }

    /// The name of a local, cell or free variable.
    pub fn local_name(&self, index: usize) -> &Str {
        // SAFETY: the tuple holds strings.
        unsafe { objects::refs::cast(&self.locals_plus_names().items()[index]) }
    }

    /// The instructions as the compiler emitted them: `co_code`.
    pub fn original_code(&self) -> Vec<u8> {
        let mut code = Vec::with_capacity(self.unit_count() * 2);
        let mut index = 0;
        while index < self.unit_count() {
            // SAFETY: the code units are written when the object is made; specialization keeps them whole.
            let unit = unsafe { self.first_instruction().add(index).read() };
            let [_, oparg] = unit.to_le_bytes();
            let Some(opcode) = self.original_opcode(index) else { break };
            code.extend([opcode as u8, oparg]);
            let caches = opcode.cache_entries();
            code.resize(code.len() + caches * 2, 0);
            index += 1 + caches;
        }
        code
    }

    /// The opcode that the compiler emitted for the instruction that begins at this code unit.
    pub fn original_opcode(&self, index: usize) -> Option<Opcode> {
        if let Some(monitoring) = self.monitoring() {
            return monitoring.original(index);
        }
        if index >= self.unit_count() {
            return None;
        }
        // SAFETY: the code has so many units.
        let unit = unsafe { self.first_instruction().add(index).read() };
        Opcode::from_u8(unit as u8).map(Opcode::original)
    }

    /// What the tools that watch this code want, if any ever did.
    pub(crate) fn monitoring(&self) -> Option<&CodeMonitoring> {
        self.monitoring.0.get().map(|it| &**it)
    }

    pub(crate) fn monitoring_or_new(&self) -> &CodeMonitoring {
        self.monitoring.0.get_or_init(|| Box::new(CodeMonitoring::new(self)))
    }

    /// The version of what the interpreter's tools want that the instructions follow.
    #[inline(always)]
    pub(crate) fn instrumentation_version(&self) -> usize {
        self.instrumentation_version.get()
    }

    pub(crate) fn set_instrumentation_version(&self, version: usize) {
        self.instrumentation_version.set(version);
    }

    /// The first instruction with events: the first `RESUME`. What stands before it sets the frame up.
    pub(crate) fn first_traceable(&self) -> usize {
        self.first_traceable.get() as usize
    }

    /// The source line of the instruction at an offset in code units.
    pub fn line_at(&self, offset: usize) -> Option<i32> {
        let unit = u32::try_from(offset).ok()?;
        Some(bytecode::line_table::location_at(self.line_table().as_slice(), self.first_line(), unit).line)
            .filter(|it| *it >= 0)
    }
}
