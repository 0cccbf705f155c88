//! The table of slots that Python code knows by name: which special method fills which slot, how a filled slot looks from Python.
//!
//! Everything that translates between slots and special methods reads this one table: the wrappers in a type's dictionary
//! (`ready`, `heap`), the generic functions that classes get for the methods they define (`slot_update`), the order of both. Rows with the
//! same slot stand together; the order is that of the entries in a built-in type's dictionary.

use std::cell::Cell;
use std::mem::offset_of;

use layout::*;

use super::handle::Type;
use super::{slot_buffers, slot_functions as generic};
use crate::names;
use crate::protocol::Comparison;
use crate::str::Str;

/// A slot's function, whatever its signature; the row's place says which it is.
pub type SlotFunction = unsafe extern "C-unwind" fn();

/// The struct in which a slot lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Type,
    Number,
    Sequence,
    Mapping,
    Async,
    Buffer,
}

/// Where a slot lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub group: Group,
    offset: usize,
}

impl Place {
    /// The one slot of the groups that no special method names.
    pub const AM_SEND: Place = Place { group: Group::Async, offset: offset_of!(PyAsyncMethods, am_send) };
}

/// How a slot is called when Python code calls the special method: what arguments it takes, what its result means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrapper {
    /// Python code never sees the slot as such (`__new__`, `__getattr__`).
    None,
    Unary,
    Binary,
    BinaryLeft,
    BinaryRight,
    Ternary,
    TernaryRight,
    Inquiry,
    Length,
    Hash,
    Next,
    Call,
    Init,
    Finalize,
    SetAttribute,
    DeleteAttribute,
    Compare(Comparison),
    DescriptorGet,
    DescriptorSet,
    DescriptorDelete,
    IndexArgument,
    Item,
    SetIndex,
    DeleteIndex,
    SetItem,
    DeleteItem,
    Contains,
    GetBuffer,
    ReleaseBuffer,
}

/// One special method and the slot behind it.
pub struct SlotRow {
    name: fn() -> &'static Str,
    pub place: Place,
    /// What a class gets into the slot when it defines the method.
    pub generic: Option<SlotFunction>,
    pub wrapper: Wrapper,
    doc: &'static str,
}

impl SlotRow {
    /// The special method's name.
    #[inline(always)]
    pub fn name(&self) -> &'static Str {
        (self.name)()
    }

    /// The text signature, and `__doc__` after it.
    pub fn doc(&self) -> &'static str {
        self.doc
    }
}

/// A slot function without its signature.
const fn erase<F: Copy>(function: F) -> SlotFunction {
    assert!(size_of::<F>() == size_of::<SlotFunction>());
    // SAFETY: only function pointers are given to this function; whoever calls the result restores the signature first.
    unsafe { std::mem::transmute_copy(&function) }
}

macro_rules! group_struct {
    (Type) => {
        PyTypeObject
    };
    (Number) => {
        PyNumberMethods
    };
    (Sequence) => {
        PySequenceMethods
    };
    (Mapping) => {
        PyMappingMethods
    };
    (Async) => {
        PyAsyncMethods
    };
    (Buffer) => {
        PyBufferProcs
    };
}

macro_rules! generic_function {
    (none as none) => {
        None
    };
    ($function:path as $signature:ident) => {
        Some(erase($function as $signature))
    };
}

macro_rules! rows {
    ($($name:ident: $group:ident $field:ident = ($($function:tt)*), $wrapper:expr, $doc:literal;)*) => {
        &[$(SlotRow {
            name: || &names::$name,
            place: Place { group: Group::$group, offset: offset_of!(group_struct!($group), $field) },
            generic: generic_function!($($function)*),
            wrapper: { use Wrapper::*; $wrapper },
            doc: $doc,
        }),*]
    };
}

/// All rows.
pub static SLOT_ROWS: &[SlotRow] = rows! {
    __repr__: Type tp_repr = (generic::repr as reprfunc), Unary,
        "__repr__($self, /)\n--\n\nReturn repr(self).";
    __hash__: Type tp_hash = (generic::hash as hashfunc), Hash,
        "__hash__($self, /)\n--\n\nReturn hash(self).";
    __call__: Type tp_call = (generic::call as ternaryfunc), Call,
        "__call__($self, /, *args, **kwargs)\n--\n\nCall self as a function.";
    __str__: Type tp_str = (generic::str as reprfunc), Unary,
        "__str__($self, /)\n--\n\nReturn str(self).";
    __getattribute__: Type tp_getattro = (generic::getattr_hook as getattrofunc), Binary,
        "__getattribute__($self, name, /)\n--\n\nReturn getattr(self, name).";
    __getattr__: Type tp_getattro = (generic::getattr_hook as getattrofunc), None,
        "";
    __setattr__: Type tp_setattro = (generic::setattr as setattrofunc), SetAttribute,
        "__setattr__($self, name, value, /)\n--\n\nImplement setattr(self, name, value).";
    __delattr__: Type tp_setattro = (generic::setattr as setattrofunc), DeleteAttribute,
        "__delattr__($self, name, /)\n--\n\nImplement delattr(self, name).";
    __lt__: Type tp_richcompare = (generic::compare as richcmpfunc), Compare(Comparison::Less),
        "__lt__($self, value, /)\n--\n\nReturn self<value.";
    __le__: Type tp_richcompare = (generic::compare as richcmpfunc), Compare(Comparison::LessEqual),
        "__le__($self, value, /)\n--\n\nReturn self<=value.";
    __eq__: Type tp_richcompare = (generic::compare as richcmpfunc), Compare(Comparison::Equal),
        "__eq__($self, value, /)\n--\n\nReturn self==value.";
    __ne__: Type tp_richcompare = (generic::compare as richcmpfunc), Compare(Comparison::NotEqual),
        "__ne__($self, value, /)\n--\n\nReturn self!=value.";
    __gt__: Type tp_richcompare = (generic::compare as richcmpfunc), Compare(Comparison::Greater),
        "__gt__($self, value, /)\n--\n\nReturn self>value.";
    __ge__: Type tp_richcompare = (generic::compare as richcmpfunc), Compare(Comparison::GreaterEqual),
        "__ge__($self, value, /)\n--\n\nReturn self>=value.";
    __iter__: Type tp_iter = (generic::iter as getiterfunc), Unary,
        "__iter__($self, /)\n--\n\nImplement iter(self).";
    __next__: Type tp_iternext = (generic::next as iternextfunc), Next,
        "__next__($self, /)\n--\n\nImplement next(self).";
    __get__: Type tp_descr_get = (generic::descriptor_get as descrgetfunc), DescriptorGet,
        "__get__($self, instance, owner=None, /)\n--\n\nReturn an attribute of instance, which is of type owner.";
    __set__: Type tp_descr_set = (generic::descriptor_set as descrsetfunc), DescriptorSet,
        "__set__($self, instance, value, /)\n--\n\nSet an attribute of instance to value.";
    __delete__: Type tp_descr_set = (generic::descriptor_set as descrsetfunc), DescriptorDelete,
        "__delete__($self, instance, /)\n--\n\nDelete an attribute of instance.";
    __init__: Type tp_init = (generic::init as initproc), Init,
        "__init__($self, /, *args, **kwargs)\n--\n\nInitialize self.  See help(type(self)) for accurate signature.";
    __new__: Type tp_new = (generic::new as newfunc), None,
        "__new__($type, /, *args, **kwargs)\n--\n\nCreate and return new object.  See help(type) for accurate signature.";
    __del__: Type tp_finalize = (generic::finalize as destructor), Finalize,
        "__del__($self, /)\n--\n\nCalled when the instance is about to be destroyed.";
    __buffer__: Buffer bf_getbuffer = (slot_buffers::get_buffer as getbufferproc), GetBuffer,
        "__buffer__($self, flags, /)\n--\n\nReturn a buffer object that exposes the underlying memory of the object.";
    __release_buffer__: Buffer bf_releasebuffer = (slot_buffers::release_buffer as releasebufferproc), ReleaseBuffer,
        "__release_buffer__($self, buffer, /)\n--\n\nRelease the buffer object that exposes the underlying memory of the object.";
    __await__: Async am_await = (generic::r#await as unaryfunc), Unary,
        "__await__($self, /)\n--\n\nReturn an iterator to be used in await expression.";
    __aiter__: Async am_aiter = (generic::aiter as unaryfunc), Unary,
        "__aiter__($self, /)\n--\n\nReturn an awaitable, that resolves in asynchronous iterator.";
    __anext__: Async am_anext = (generic::anext as unaryfunc), Unary,
        "__anext__($self, /)\n--\n\nReturn a value or raise StopAsyncIteration.";
    __add__: Number nb_add = (generic::add as binaryfunc), BinaryLeft,
        "__add__($self, value, /)\n--\n\nReturn self+value.";
    __radd__: Number nb_add = (generic::add as binaryfunc), BinaryRight,
        "__radd__($self, value, /)\n--\n\nReturn value+self.";
    __sub__: Number nb_subtract = (generic::subtract as binaryfunc), BinaryLeft,
        "__sub__($self, value, /)\n--\n\nReturn self-value.";
    __rsub__: Number nb_subtract = (generic::subtract as binaryfunc), BinaryRight,
        "__rsub__($self, value, /)\n--\n\nReturn value-self.";
    __mul__: Number nb_multiply = (generic::multiply as binaryfunc), BinaryLeft,
        "__mul__($self, value, /)\n--\n\nReturn self*value.";
    __rmul__: Number nb_multiply = (generic::multiply as binaryfunc), BinaryRight,
        "__rmul__($self, value, /)\n--\n\nReturn value*self.";
    __mod__: Number nb_remainder = (generic::remainder as binaryfunc), BinaryLeft,
        "__mod__($self, value, /)\n--\n\nReturn self%value.";
    __rmod__: Number nb_remainder = (generic::remainder as binaryfunc), BinaryRight,
        "__rmod__($self, value, /)\n--\n\nReturn value%self.";
    __divmod__: Number nb_divmod = (generic::divmod as binaryfunc), BinaryLeft,
        "__divmod__($self, value, /)\n--\n\nReturn divmod(self, value).";
    __rdivmod__: Number nb_divmod = (generic::divmod as binaryfunc), BinaryRight,
        "__rdivmod__($self, value, /)\n--\n\nReturn divmod(value, self).";
    __pow__: Number nb_power = (generic::power as ternaryfunc), Ternary,
        "__pow__($self, value, mod=None, /)\n--\n\nReturn pow(self, value, mod).";
    __rpow__: Number nb_power = (generic::power as ternaryfunc), TernaryRight,
        "__rpow__($self, value, mod=None, /)\n--\n\nReturn pow(value, self, mod).";
    __neg__: Number nb_negative = (generic::negative as unaryfunc), Unary,
        "__neg__($self, /)\n--\n\n-self";
    __pos__: Number nb_positive = (generic::positive as unaryfunc), Unary,
        "__pos__($self, /)\n--\n\n+self";
    __abs__: Number nb_absolute = (generic::absolute as unaryfunc), Unary,
        "__abs__($self, /)\n--\n\nabs(self)";
    __bool__: Number nb_bool = (generic::bool as inquiry), Inquiry,
        "__bool__($self, /)\n--\n\nTrue if self else False";
    __invert__: Number nb_invert = (generic::invert as unaryfunc), Unary,
        "__invert__($self, /)\n--\n\n~self";
    __lshift__: Number nb_lshift = (generic::lshift as binaryfunc), BinaryLeft,
        "__lshift__($self, value, /)\n--\n\nReturn self<<value.";
    __rlshift__: Number nb_lshift = (generic::lshift as binaryfunc), BinaryRight,
        "__rlshift__($self, value, /)\n--\n\nReturn value<<self.";
    __rshift__: Number nb_rshift = (generic::rshift as binaryfunc), BinaryLeft,
        "__rshift__($self, value, /)\n--\n\nReturn self>>value.";
    __rrshift__: Number nb_rshift = (generic::rshift as binaryfunc), BinaryRight,
        "__rrshift__($self, value, /)\n--\n\nReturn value>>self.";
    __and__: Number nb_and = (generic::and as binaryfunc), BinaryLeft,
        "__and__($self, value, /)\n--\n\nReturn self&value.";
    __rand__: Number nb_and = (generic::and as binaryfunc), BinaryRight,
        "__rand__($self, value, /)\n--\n\nReturn value&self.";
    __xor__: Number nb_xor = (generic::xor as binaryfunc), BinaryLeft,
        "__xor__($self, value, /)\n--\n\nReturn self^value.";
    __rxor__: Number nb_xor = (generic::xor as binaryfunc), BinaryRight,
        "__rxor__($self, value, /)\n--\n\nReturn value^self.";
    __or__: Number nb_or = (generic::or as binaryfunc), BinaryLeft,
        "__or__($self, value, /)\n--\n\nReturn self|value.";
    __ror__: Number nb_or = (generic::or as binaryfunc), BinaryRight,
        "__ror__($self, value, /)\n--\n\nReturn value|self.";
    __int__: Number nb_int = (generic::int as unaryfunc), Unary,
        "__int__($self, /)\n--\n\nint(self)";
    __float__: Number nb_float = (generic::float as unaryfunc), Unary,
        "__float__($self, /)\n--\n\nfloat(self)";
    __iadd__: Number nb_inplace_add = (generic::inplace_add as binaryfunc), Binary,
        "__iadd__($self, value, /)\n--\n\nReturn self+=value.";
    __isub__: Number nb_inplace_subtract = (generic::inplace_subtract as binaryfunc), Binary,
        "__isub__($self, value, /)\n--\n\nReturn self-=value.";
    __imul__: Number nb_inplace_multiply = (generic::inplace_multiply as binaryfunc), Binary,
        "__imul__($self, value, /)\n--\n\nReturn self*=value.";
    __imod__: Number nb_inplace_remainder = (generic::inplace_remainder as binaryfunc), Binary,
        "__imod__($self, value, /)\n--\n\nReturn self%=value.";
    __ipow__: Number nb_inplace_power = (generic::inplace_power as ternaryfunc), Ternary,
        "__ipow__($self, value, /)\n--\n\nReturn self**=value.";
    __ilshift__: Number nb_inplace_lshift = (generic::inplace_lshift as binaryfunc), Binary,
        "__ilshift__($self, value, /)\n--\n\nReturn self<<=value.";
    __irshift__: Number nb_inplace_rshift = (generic::inplace_rshift as binaryfunc), Binary,
        "__irshift__($self, value, /)\n--\n\nReturn self>>=value.";
    __iand__: Number nb_inplace_and = (generic::inplace_and as binaryfunc), Binary,
        "__iand__($self, value, /)\n--\n\nReturn self&=value.";
    __ixor__: Number nb_inplace_xor = (generic::inplace_xor as binaryfunc), Binary,
        "__ixor__($self, value, /)\n--\n\nReturn self^=value.";
    __ior__: Number nb_inplace_or = (generic::inplace_or as binaryfunc), Binary,
        "__ior__($self, value, /)\n--\n\nReturn self|=value.";
    __floordiv__: Number nb_floor_divide = (generic::floor_divide as binaryfunc), BinaryLeft,
        "__floordiv__($self, value, /)\n--\n\nReturn self//value.";
    __rfloordiv__: Number nb_floor_divide = (generic::floor_divide as binaryfunc), BinaryRight,
        "__rfloordiv__($self, value, /)\n--\n\nReturn value//self.";
    __truediv__: Number nb_true_divide = (generic::true_divide as binaryfunc), BinaryLeft,
        "__truediv__($self, value, /)\n--\n\nReturn self/value.";
    __rtruediv__: Number nb_true_divide = (generic::true_divide as binaryfunc), BinaryRight,
        "__rtruediv__($self, value, /)\n--\n\nReturn value/self.";
    __ifloordiv__: Number nb_inplace_floor_divide = (generic::inplace_floor_divide as binaryfunc), Binary,
        "__ifloordiv__($self, value, /)\n--\n\nReturn self//=value.";
    __itruediv__: Number nb_inplace_true_divide = (generic::inplace_true_divide as binaryfunc), Binary,
        "__itruediv__($self, value, /)\n--\n\nReturn self/=value.";
    __index__: Number nb_index = (generic::index as unaryfunc), Unary,
        "__index__($self, /)\n--\n\nReturn self converted to an integer, if self is suitable for use as an index into a list.";
    __matmul__: Number nb_matrix_multiply = (generic::matrix_multiply as binaryfunc), BinaryLeft,
        "__matmul__($self, value, /)\n--\n\nReturn self@value.";
    __rmatmul__: Number nb_matrix_multiply = (generic::matrix_multiply as binaryfunc), BinaryRight,
        "__rmatmul__($self, value, /)\n--\n\nReturn value@self.";
    __imatmul__: Number nb_inplace_matrix_multiply = (generic::inplace_matrix_multiply as binaryfunc), Binary,
        "__imatmul__($self, value, /)\n--\n\nReturn self@=value.";
    __len__: Mapping mp_length = (generic::length as lenfunc), Length,
        "__len__($self, /)\n--\n\nReturn len(self).";
    __getitem__: Mapping mp_subscript = (generic::subscript as binaryfunc), Binary,
        "__getitem__($self, key, /)\n--\n\nReturn self[key].";
    __setitem__: Mapping mp_ass_subscript = (generic::assign_subscript as objobjargproc), SetItem,
        "__setitem__($self, key, value, /)\n--\n\nSet self[key] to value.";
    __delitem__: Mapping mp_ass_subscript = (generic::assign_subscript as objobjargproc), DeleteItem,
        "__delitem__($self, key, /)\n--\n\nDelete self[key].";
    __len__: Sequence sq_length = (generic::length as lenfunc), Length,
        "__len__($self, /)\n--\n\nReturn len(self).";
    __add__: Sequence sq_concat = (none as none), Binary,
        "__add__($self, value, /)\n--\n\nReturn self+value.";
    __mul__: Sequence sq_repeat = (none as none), IndexArgument,
        "__mul__($self, value, /)\n--\n\nReturn self*value.";
    __rmul__: Sequence sq_repeat = (none as none), IndexArgument,
        "__rmul__($self, value, /)\n--\n\nReturn value*self.";
    __getitem__: Sequence sq_item = (generic::item as ssizeargfunc), Item,
        "__getitem__($self, key, /)\n--\n\nReturn self[key].";
    __setitem__: Sequence sq_ass_item = (generic::assign_item as ssizeobjargproc), SetIndex,
        "__setitem__($self, key, value, /)\n--\n\nSet self[key] to value.";
    __delitem__: Sequence sq_ass_item = (generic::assign_item as ssizeobjargproc), DeleteIndex,
        "__delitem__($self, key, /)\n--\n\nDelete self[key].";
    __contains__: Sequence sq_contains = (generic::contains as objobjproc), Contains,
        "__contains__($self, key, /)\n--\n\nReturn bool(key in self).";
    __iadd__: Sequence sq_inplace_concat = (none as none), Binary,
        "__iadd__($self, value, /)\n--\n\nImplement self+=value.";
    __imul__: Sequence sq_inplace_repeat = (none as none), IndexArgument,
        "__imul__($self, value, /)\n--\n\nImplement self*=value.";
};

/// The rows of one slot after another.
pub fn rows_by_place() -> impl Iterator<Item = &'static [SlotRow]> {
    SLOT_ROWS.chunk_by(|left, right| left.place == right.place)
}

/// The rows for a special method: more than one where several slots serve it.
pub fn rows_named(name: &Str) -> impl Iterator<Item = &'static SlotRow> + use<'_> {
    SLOT_ROWS.iter().filter(move |row| row.name().equals(name))
}

impl Type {
    /// The cell of a slot; None if the type lacks the slot's group.
    pub fn slot_cell(&self, place: Place) -> Option<&Cell<Option<SlotFunction>>> {
        let slots = self.slots();
        let start: *const u8 = match place.group {
            Group::Type => std::ptr::from_ref(slots).cast(),
            Group::Number => slots.tp_as_number.get().cast_const().cast(),
            Group::Sequence => slots.tp_as_sequence.get().cast_const().cast(),
            Group::Mapping => slots.tp_as_mapping.get().cast_const().cast(),
            Group::Async => slots.tp_as_async.get().cast_const().cast(),
            Group::Buffer => slots.tp_as_buffer.get().cast_const().cast(),
        };
        if start.is_null() {
            return None;
        }
        // SAFETY: a group lives as long as its type, and at this offset it has a cell with an optional function pointer.
        Some(unsafe { &*start.add(place.offset).cast::<Cell<Option<SlotFunction>>>() })
    }

    /// What is in a slot.
    pub fn slot_function(&self, place: Place) -> Option<SlotFunction> {
        self.slot_cell(place).and_then(Cell::get)
    }
}

/// True if two slots hold the same function.
pub fn same_function(left: Option<SlotFunction>, right: Option<SlotFunction>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => std::ptr::fn_addr_eq(left, right),
        (None, None) => true,
        _ => false,
    }
}
