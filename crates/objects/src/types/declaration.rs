//! `TypeDeclaration`: what `#[python_type]` makes of an `impl` block; a static type object and the tables that fill its dictionary.

use std::cell::{Cell, UnsafeCell};
use std::ffi::{CStr, c_char, c_int, c_ulong, c_void};
use std::ptr;

use layout::{PyGetSetDef, PyMemberDef, PyTypeObject, PyVarObject};

use super::handle::Type;
use crate::gc::Traverse;
use crate::method::Method;
use crate::refs::HasHeader;

/// Structs that are the instances of a static type.
///
/// # Safety
/// [`Instance::DECLARATION`] describes exactly this struct: size, deallocator, traversal; only `#[python_type]` implements it.
pub unsafe trait Instance: HasHeader + 'static {
    const DECLARATION: &'static TypeDeclaration;

    /// The type object.
    #[inline(always)]
    fn class() -> &'static Type {
        Self::DECLARATION.as_type()
    }
}

/// A static that the runtime writes: the promise that one thread at a time does.
#[repr(transparent)]
pub struct Shared<T>(UnsafeCell<T>);

// SAFETY: whoever writes through the pointer holds the lock that governs the value; the type only hands out raw pointers.
unsafe impl<T> Sync for Shared<T> {}

impl<T> Shared<T> {
    pub const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    pub const fn get(&self) -> *mut T {
        self.0.get()
    }
}

/// A static type: the type object, at the address that C code links to, and the tables beside it.
#[repr(C)]
pub struct TypeDeclaration {
    type_object: PyTypeObject,
    pub(crate) contents: Contents,
    /// The type's place in each interpreter's table of static types; set when the type is made ready.
    pub(crate) index: Cell<usize>,
    /// Which rows of the slot table the declaration itself fills: bit by bit, before slots are inherited.
    pub(crate) own_slots: Cell<u128>,
}

// SAFETY: the tables are never written; the type object and the index are written once, before a second thread can see
// them, and afterwards only counts and slots under the lock of the interpreter that made the change (none for static types).
unsafe impl Sync for TypeDeclaration {}

/// The tables of a declaration.
pub struct Contents {
    /// None: `object`.
    pub base: Option<&'static TypeDeclaration>,
    pub methods: &'static [&'static Method],
    pub accessors: &'static [Accessor],
    pub members: &'static [Member],
    /// More methods and accessors, declared in other files.
    pub groups: &'static [&'static MethodGroup],
    /// `__hash__ = None`.
    pub unhashable: bool,
}

/// Some of a type's methods and accessors: what `#[python_methods]` makes of an `impl` block.
pub struct MethodGroup {
    pub methods: &'static [&'static Method],
    pub accessors: &'static [Accessor],
}

impl TypeDeclaration {
    pub const fn new(mut type_object: PyTypeObject, contents: Contents) -> Self {
        type_object.ob_base = PyVarObject::immortal(ptr::null_mut(), 0);
        Self { type_object, contents, index: Cell::new(usize::MAX), own_slots: Cell::new(0) }
    }

    /// The type object.
    #[inline(always)]
    pub const fn as_type(&'static self) -> &'static Type {
        // SAFETY: a `Type` is a transparent view of the type object.
        unsafe { &*ptr::from_ref(&self.type_object).cast::<Type>() }
    }

    /// The declaration of a static type of ours, found again from its type object.
    pub(crate) fn of(class: &Type) -> Option<&'static TypeDeclaration> {
        // SAFETY: only types inside a declaration have the flag, and the type object is the declaration's first field.
        class.has_flag(layout::_Py_TPFLAGS_STATIC_BUILTIN).then(|| unsafe { &*ptr::from_ref(class).cast() })
    }
}

/// A computed attribute: CPython's getter and setter pair.
#[repr(transparent)]
pub struct Accessor(PyGetSetDef);

// SAFETY: never written after it was made.
unsafe impl Sync for Accessor {}

impl Accessor {
    pub const fn new(
        name: &'static CStr,
        get: layout::getter,
        set: Option<layout::setter>,
        doc: Option<&'static CStr>,
    ) -> Self {
        Self(PyGetSetDef {
            name: name.as_ptr(),
            get: Some(get),
            set,
            doc: doc_pointer(doc),
            closure: ptr::null_mut::<c_void>(),
        })
    }

    pub(crate) fn definition(&'static self) -> *mut PyGetSetDef {
        ptr::from_ref(&self.0).cast_mut()
    }
}

/// What a [`Member`] holds.
#[derive(Clone, Copy)]
#[repr(i32)]
pub enum MemberKind {
    Int = layout::Py_T_INT,
    Double = layout::Py_T_DOUBLE,
    Bool = layout::Py_T_BOOL,
    SSize = layout::Py_T_PYSSIZET,
    /// An object; null reads as None.
    Object = layout::_Py_T_OBJECT,
    /// An object; null raises AttributeError.
    ObjectEx = layout::Py_T_OBJECT_EX,
}

/// An attribute that is a field of the struct.
#[repr(transparent)]
pub struct Member(PyMemberDef);

// SAFETY: never written after it was made.
unsafe impl Sync for Member {}

impl Member {
    /// A read-only one.
    pub const fn new(name: &'static CStr, kind: MemberKind, offset: usize, doc: Option<&'static CStr>) -> Self {
        Self(PyMemberDef {
            name: name.as_ptr(),
            r#type: kind as c_int,
            offset: offset as isize,
            flags: layout::Py_READONLY,
            doc: doc_pointer(doc),
        })
    }

    /// As [`Member::new`], but audit hooks are told when it is read.
    pub const fn audited(name: &'static CStr, kind: MemberKind, offset: usize, doc: Option<&'static CStr>) -> Self {
        let Self(definition) = Self::new(name, kind, offset, doc);
        Self(PyMemberDef { flags: layout::Py_READONLY | layout::Py_AUDIT_READ, ..definition })
    }

    /// As [`Member::new`], but programs may assign to it.
    pub const fn writable(name: &'static CStr, kind: MemberKind, offset: usize, doc: Option<&'static CStr>) -> Self {
        let Self(definition) = Self::new(name, kind, offset, doc);
        Self(PyMemberDef { flags: 0, ..definition })
    }

    pub(crate) fn definition(&'static self) -> *mut PyMemberDef {
        ptr::from_ref(&self.0).cast_mut()
    }
}

/// The `tp_name` of a declaration.
pub const fn name_pointer(name: &'static CStr) -> *const c_char {
    name.as_ptr()
}

/// The `tp_doc` of a declaration.
pub const fn doc_pointer(doc: Option<&'static CStr>) -> *const c_char {
    match doc {
        Some(doc) => doc.as_ptr(),
        None => ptr::null(),
    }
}

/// The flags of a static type: those declared, and those that follow from its struct.
pub const fn flags<T: Traverse>(declared: c_ulong) -> c_ulong {
    let collectable = if T::MAY_REFER { layout::Py_TPFLAGS_HAVE_GC } else { 0 };
    declared
        | collectable
        | layout::Py_TPFLAGS_DEFAULT
        | layout::Py_TPFLAGS_IMMUTABLETYPE
        | layout::_Py_TPFLAGS_STATIC_BUILTIN
}

/// How many declarations these lists hold together.
pub const fn count_declarations(lists: &[&[&TypeDeclaration]]) -> usize {
    let (mut count, mut list) = (0, 0);
    while list < lists.len() {
        count += lists[list].len();
        list += 1;
    }
    count
}

/// The declarations of all these lists, in order.
pub const fn concatenate_declarations<const COUNT: usize>(
    lists: &[&[&'static TypeDeclaration]],
) -> [&'static TypeDeclaration; COUNT] {
    let mut all = [lists[0][0]; COUNT];
    let (mut filled, mut list) = (0, 0);
    while list < lists.len() {
        let mut index = 0;
        while index < lists[list].len() {
            all[filled] = lists[list][index];
            filled += 1;
            index += 1;
        }
        list += 1;
    }
    all
}

/// The same declarations, bases before the types derived from them, otherwise in order.
pub(crate) fn bases_first(declarations: &[&'static TypeDeclaration]) -> Vec<&'static TypeDeclaration> {
    let mut sorted = declarations.to_vec();
    sorted.sort_by_key(|it| std::iter::successors(it.contents.base, |base| base.contents.base).count());
    sorted
}
