//! `structseq.h`: tuples whose items have names, of types that C code describes.
//!
//! A type is a heap type over `tuple`. Its fields lie behind the tuple's head: the visible ones are the tuple's items, the hidden ones follow.
//! What the type's functions need of the description is a [`Layout`] that lives as long as the process, found by the type's token.

use std::ffi::{CStr, CString, c_int, c_void};

use layout::{
    PyMemberDef, PyMethodDef, PyMethodPointer, PyObject, PyStructSequence_Desc, PyType_Slot, PyType_Spec, PyTypeObject,
};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py, allocate_variable};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::tuple::struct_sequence::{self, Field, Layout};
use objects::types::{Instance as _, Type};

use crate::entry::{Argument, Nothing, Stolen, bad_internal_call, enter, export};

impl Argument for &PyStructSequence_Desc {
    type C = *mut PyStructSequence_Desc;

    unsafe fn from_c(value: Self::C, thread: &mut Thread) -> PyResult<Self> {
        // SAFETY: passed on to the caller.
        unsafe { value.cast_const().as_ref() }.map_or_else(|| bad_internal_call(thread), Ok)
    }
}

/// A C string that lives for ever.
fn keep(text: &CStr) -> &'static CStr {
    Box::leak(CString::from(text).into_boxed_c_str())
}

/// The fields that a description names.
///
/// # Safety
/// The description is as C's API says.
unsafe fn read(description: &PyStructSequence_Desc) -> Layout {
    let mut fields = Vec::new();
    // SAFETY: passed on to the caller: the fields end with a null name.
    unsafe {
        while let field = &*description.fields.add(fields.len())
            && !field.name.is_null()
        {
            let is_unnamed = field.name == crate::data::unnamed_field();
            let name = (!is_unnamed).then(|| keep(CStr::from_ptr(field.name)));
            let doc = if field.doc.is_null() { c"" } else { keep(CStr::from_ptr(field.doc)) };
            fields.push(Field { name, doc });
        }
    }
    let visible = description.n_in_sequence.max(0) as usize;
    Layout { visible: visible.min(fields.len()), fields: Vec::leak(fields) }
}

/// The layout of an instance's type, or of the base that has one.
fn layout_of(class: &Type) -> Option<&'static Layout> {
    let mut level = Some(class);
    while let Some(it) = level {
        let is_ours = it.slots().tp_dealloc.get().is_some_and(|it| std::ptr::fn_addr_eq(it, DEALLOCATE));
        if let Some(heap) = it.heap().filter(|it| is_ours && !it.ht_token.get().is_null()) {
            // SAFETY: the token of a type with this deallocator is a layout.
            return Some(unsafe { &*heap.ht_token.get().cast::<Layout>() });
        }
        level = it.base();
    }
    None
}

/// One function, so that comparing addresses is reliable.
static DEALLOCATE: layout::destructor = deallocate;

fn items(object: *mut PyObject) -> *mut *mut PyObject {
    object.cast::<u8>().wrapping_add(size_of::<Tuple>()).cast()
}

/// # Safety
/// By `tp_dealloc`'s protocol.
unsafe extern "C-unwind" fn deallocate(object: *mut PyObject) {
    // SAFETY: the memory is intact.
    let class: Py<Type> = unsafe { Py::from_ref((*object.cast::<Object>()).class()) };
    let count = layout_of(&class).map_or(0, |it| it.fields.len());
    // SAFETY: the object is an instance with so many fields; instances own a reference to their type.
    unsafe {
        if objects::gc::is_tracked(object) {
            objects::gc::untrack(object);
        }
        for index in 0..count {
            drop(Py::<Object>::steal_pointer(items(object).add(index).replace(std::ptr::null_mut())));
        }
        objects::refs::free_memory(object, &class, &mut Thread::current());
        objects::refs::release_pointer(class.as_pointer().cast());
    }
}

/// # Safety
/// By `tp_traverse`'s protocol.
unsafe extern "C-unwind" fn traverse(object: *mut PyObject, visit: layout::visitproc, argument: *mut c_void) -> c_int {
    // SAFETY: passed on to the caller.
    let this = unsafe { &*object.cast::<Object>() };
    let mut visitor = objects::gc::Visitor::new(visit, argument);
    visitor.visit(this.class());
    for index in 0..layout_of(this.class()).map_or(0, |it| it.fields.len()) {
        // SAFETY: the object is an instance with so many fields, which may be null as yet.
        if let Some(item) = unsafe { Object::from_pointer(items(object).add(index).read()) } {
            visitor.visit(item);
        }
    }
    visitor.answer()
}

/// The layout of an object that must have one.
fn expect_layout(object: &Object, thread: &mut Thread) -> PyResult<&'static Layout> {
    layout_of(object.class()).map_or_else(|| bad_internal_call(thread), Ok)
}

/// # Safety
/// By `tp_repr`'s protocol.
unsafe extern "C-unwind" fn repr(object: *mut PyObject) -> *mut PyObject {
    enter(|thread| {
        // SAFETY: passed on to the caller.
        let object = unsafe { &*object.cast::<Object>() };
        let layout = expect_layout(object, thread)?;
        struct_sequence::repr(object, layout, thread)
    })
}

/// # Safety
/// By `tp_new`'s protocol.
unsafe extern "C-unwind" fn construct(
    class: *mut PyTypeObject,
    arguments: *mut PyObject,
    keywords: *mut PyObject,
) -> *mut PyObject {
    enter(|thread| {
        // SAFETY: passed on to the caller.
        let (class, arguments, keywords) =
            unsafe { (&*class.cast::<Type>(), Object::from_pointer(arguments), Object::from_pointer(keywords)) };
        let Some(arguments) = arguments.and_then(|it| it.downcast::<Tuple>()) else { return bad_internal_call(thread) };
        let keywords = keywords.and_then(|it| it.downcast::<Dict>());
        let Some(layout) = layout_of(class) else { return bad_internal_call(thread) };
        struct_sequence::construct(class, layout, arguments, keywords, thread)
    })
}

/// # Safety
/// By the protocol of functions without arguments.
unsafe extern "C-unwind" fn reduce(object: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    enter(|thread| {
        // SAFETY: passed on to the caller.
        let object = unsafe { &*object.cast::<Object>() };
        let layout = expect_layout(object, thread)?;
        struct_sequence::reduce(object, layout, thread)
    })
}

/// # Safety
/// By the protocol of functions with positional and named arguments.
unsafe extern "C-unwind" fn replace(
    object: *mut PyObject,
    arguments: *mut PyObject,
    keywords: *mut PyObject,
) -> *mut PyObject {
    enter(|thread| {
        // SAFETY: passed on to the caller.
        let (object, arguments, keywords) =
            unsafe { (&*object.cast::<Object>(), Object::from_pointer(arguments), Object::from_pointer(keywords)) };
        if arguments.and_then(|it| it.downcast::<Tuple>()).is_some_and(|it| it.length() > 0) {
            return Err(raise!(thread, TypeError, "__replace__() takes no positional arguments"));
        }
        let layout = expect_layout(object, thread)?;
        let changes = keywords.and_then(|it| it.downcast::<Dict>()).map(Py::from_ref);
        struct_sequence::replace(object, layout, changes, thread)
    })
}

static METHODS: [PyMethodDef; 3] = [
    PyMethodDef {
        ml_name: c"__reduce__".as_ptr(),
        ml_meth: PyMethodPointer { PyCFunction: reduce },
        ml_flags: layout::METH_NOARGS,
        ml_doc: std::ptr::null(),
    },
    PyMethodDef {
        ml_name: c"__replace__".as_ptr(),
        ml_meth: PyMethodPointer { PyCFunctionWithKeywords: replace },
        ml_flags: layout::METH_VARARGS | layout::METH_KEYWORDS,
        ml_doc: c"__replace__($self, /, **changes)\n--\n\nReturn a copy of the structure with new values for the specified fields.".as_ptr(),
    },
    PyMethodDef::EMPTY,
];

/// A read-only attribute for each field that has a name, and the end of the table.
fn members(layout: &Layout) -> Vec<PyMemberDef> {
    let named =
        layout.fields.iter().enumerate().filter_map(|(index, field)| field.name.map(|name| (index, name, field.doc)));
    let mut members: Vec<PyMemberDef> = named
        .map(|(index, name, doc)| PyMemberDef {
            name: name.as_ptr(),
            r#type: layout::_Py_T_OBJECT,
            offset: (size_of::<Tuple>() + index * size_of::<*mut PyObject>()) as isize,
            flags: layout::Py_READONLY,
            doc: if doc.is_empty() { std::ptr::null() } else { doc.as_ptr() },
        })
        .collect();
    members.push(PyMemberDef::EMPTY);
    members
}

fn new_type(description: &PyStructSequence_Desc, thread: &mut Thread) -> PyResult<Py<Type>> {
    // SAFETY: C's caller passes a description.
    let layout: &'static Layout = Box::leak(Box::new(unsafe { read(description) }));
    let hidden = layout.fields.len() - layout.visible;
    let mut members = members(layout);
    let slot = |slot, pfunc| PyType_Slot { slot, pfunc };
    let mut slots = [
        slot(layout::Py_tp_dealloc, DEALLOCATE as *mut c_void),
        slot(layout::Py_tp_repr, repr as *mut c_void),
        slot(layout::Py_tp_doc, description.doc.cast_mut().cast()),
        slot(layout::Py_tp_methods, (&raw const METHODS).cast_mut().cast()),
        slot(layout::Py_tp_new, construct as *mut c_void),
        slot(layout::Py_tp_members, members.as_mut_ptr().cast()),
        slot(layout::Py_tp_traverse, traverse as *mut c_void),
        slot(layout::Py_tp_token, std::ptr::from_ref(layout).cast_mut().cast()),
        slot(0, std::ptr::null_mut()),
    ];
    let flags = layout::Py_TPFLAGS_DEFAULT | layout::Py_TPFLAGS_HAVE_GC;
    let spec = PyType_Spec {
        name: description.name,
        basicsize: (size_of::<Tuple>() + hidden * size_of::<*mut PyObject>()) as c_int,
        itemsize: size_of::<*mut PyObject>() as c_int,
        flags: flags as u32,
        slots: slots.as_mut_ptr(),
    };
    let base: &Object = Tuple::class();
    // SAFETY: the spec and what it refers to are whole; what the type keeps lives for ever, but for the members, which it copies.
    let class = unsafe { objects::types::type_from_spec(None, None, &spec, Some(base), thread)? };
    let unnamed = layout.fields.iter().filter(|it| it.name.is_none()).count();
    let counts =
        [("n_sequence_fields", layout.visible), ("n_fields", layout.fields.len()), ("n_unnamed_fields", unnamed)];
    let dict = class.dict(thread);
    for (name, count) in counts {
        let (name, count) = (thread.intern_text(name), protocol::make_int(count as i128, thread));
        dict.set_str(&name, &count, thread)?;
    }
    let names: Vec<Py<Object>> = layout.fields[..layout.visible]
        .iter()
        .filter_map(|it| it.name)
        .map(|it| Str::from_str(&it.to_string_lossy(), thread).into_object())
        .collect();
    let names = Tuple::new(names, thread)?;
    dict.set_str(&objects::names::__match_args__, &names, thread)?;
    class.modified(thread);
    Ok(class)
}

export! { thread;
    fn PyStructSequence_NewType(description: &PyStructSequence_Desc) -> Py<Type> { new_type(description, thread) }

    fn PyStructSequence_New(class: &Type) -> Py<Object> {
        let Some(layout) = layout_of(class) else { return bad_internal_call(thread) };
        let object = allocate_variable(class, layout.visible as isize, thread)?;
        // SAFETY: a tuple's hash lies behind its size; none is known yet.
        unsafe { object.as_pointer().cast::<layout::PyTupleObject>().as_ref() }.inspect(|it| it.ob_hash.set(-1));
        // SAFETY: the object is whole, with fields that are null.
        unsafe { objects::gc::track(object.as_pointer(), thread) };
        Ok(object)
    }

    fn PyStructSequence_SetItem(object: &Object, index: isize, value: Stolen) -> Nothing {
        let _ = &thread;
        let value = value.get().map_or(std::ptr::null_mut(), Py::into_pointer);
        // SAFETY: C's caller passes an instance that it makes, and the number of a field.
        drop(unsafe { Py::<Object>::steal_pointer(items(object.as_pointer()).offset(index).replace(value)) });
        Ok(Nothing)
    }

    fn PyStructSequence_GetItem(object: &Object, index: isize) -> *mut PyObject {
        let _ = &thread;
        // SAFETY: C's caller passes an instance, and the number of a field.
        Ok(unsafe { items(object.as_pointer()).offset(index).read() })
    }
}
