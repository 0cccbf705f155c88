//! Making static types ready: base, method resolution order, inherited slots once in a process; the dictionary once in an interpreter.
//!
//! The once-in-a-process part touches no memory but the declarations and a few tuples that live for ever, so it runs before anything can be
//! allocated. The dictionaries need strings, dicts and descriptors, whose types that first part has made usable.

use std::ffi::CStr;
use std::sync::Mutex;

use layout::{METH_CLASS, METH_STATIC, Py_TPFLAGS_DISALLOW_INSTANTIATION, Py_TPFLAGS_READY, PyGC_Head, PyTupleObject};

use super::declaration::TypeDeclaration;
use super::handle::Type;
use super::instance;
use super::slot_table::{Group, SLOT_ROWS, Wrapper};
use crate::descriptors::{
    BuiltinFunction, ClassMethodDescriptor, GetSetDescriptor, MemberDescriptor, MethodDescriptor, StaticMethod,
    TableDoc, WrapperDescriptor,
};
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::method::Method;
use crate::names;
use crate::object::BaseObject;
use crate::refs::{HasHeader, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Instance as _;

/// How many declarations are prepared; the lock keeps two interpreters from preparing at the same time.
static PREPARED: Mutex<usize> = Mutex::new(0);

const _: () = assert!(SLOT_ROWS.len() < 128, "a declaration's own slots are bits of a u128");

/// Makes the declared types usable in this process, bases before derived types. Those that are already are left alone.
pub fn prepare_static_types(declarations: &[&'static TypeDeclaration]) {
    let mut prepared = PREPARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for declaration in declarations {
        if declaration.index.get() == usize::MAX {
            declaration.index.set(*prepared);
            *prepared += 1;
            prepare(declaration);
        }
    }
}

fn prepare(declaration: &'static TypeDeclaration) {
    let class = declaration.as_type();
    let slots = class.slots();
    let is_object = std::ptr::eq(declaration, BaseObject::DECLARATION);
    class.set_class(Type::class());
    if is_object {
        slots.tp_alloc.set(Some(instance::allocate));
        slots.tp_free.set(Some(instance::free_plain));
    }
    if std::ptr::eq(declaration, Type::DECLARATION) {
        slots.tp_is_gc.set(Some(crate::type_::is_collectable));
        slots.tp_vectorcall.set(Some(crate::type_::vectorcall));
        slots.tp_free.set(Some(instance::free_collectable));
    }
    if declaration.contents.unhashable {
        slots.tp_hash.set(Some(crate::protocol::hash_not_implemented));
    }
    declaration.own_slots.set(filled_slots(class));
    let base = declaration.contents.base.unwrap_or(BaseObject::DECLARATION).as_type();
    let mut order: Vec<&'static Object> = vec![class.as_object()];
    if !is_object {
        slots.tp_base.set(base.as_pointer());
        let inherited = base.mro().expect("declarations come after their bases").items();
        // SAFETY: the members of a static type's order are static types.
        order.extend(inherited.iter().map(|it| unsafe { &*std::ptr::from_ref::<Object>(it) }));
    }
    slots.tp_bases.set(immortal_tuple(if is_object { &[] } else { std::slice::from_ref(&order[1]) }).as_pointer());
    slots.tp_mro.set(immortal_tuple(&order).as_pointer());
    if slots.tp_new.get().is_none() && !is_object {
        if std::ptr::eq(base, BaseObject::class()) {
            class.add_flags(Py_TPFLAGS_DISALLOW_INSTANTIATION);
        } else if !class.has_flag(Py_TPFLAGS_DISALLOW_INSTANTIATION) {
            slots.tp_new.set(base.slots().tp_new.get());
        }
    }
    let overrides_hash = slots.tp_richcompare.get().is_some() || slots.tp_hash.get().is_some();
    class.inherit(overrides_hash);
    if slots.tp_hash.get().is_none() {
        slots.tp_hash.set(Some(crate::protocol::hash_not_implemented));
    }
    class.add_flags(Py_TPFLAGS_READY);
    // One version for ever: nothing about a static type changes.
    slots.tp_version_tag.set(declaration.index.get() as u32 + 1);
}

/// The rows of the slot table that the type fills now, as bits.
pub(super) fn filled_slots(class: &Type) -> u128 {
    let filled = |row: &super::slot_table::SlotRow| class.slot_function(row.place).is_some();
    SLOT_ROWS.iter().enumerate().filter(|(_, row)| filled(row)).fold(0, |bits, (at, _)| bits | 1 << at)
}

/// A tuple outside of any interpreter's memory, for what static types refer to.
fn immortal_tuple(items: &[&'static Object]) -> &'static Tuple {
    let head = size_of::<PyGC_Head>();
    let fixed = std::mem::offset_of!(PyTupleObject, ob_item);
    let words = (head + fixed) / size_of::<usize>() + items.len();
    let block: &'static mut [usize] = Box::leak(vec![0usize; words].into_boxed_slice());
    let object = block[head / size_of::<usize>()..].as_mut_ptr();
    // SAFETY: the block is zeroed and has room for a collector's head, a tuple's fixed part and the items.
    unsafe {
        let header = crate::refs::VarHeader::immortal(Tuple::class().as_pointer(), items.len() as isize);
        object.cast::<crate::refs::VarHeader>().write(header);
        let tuple = object.cast::<PyTupleObject>();
        (*tuple).ob_hash.set(-1);
        let first = object.cast::<u8>().add(fixed).cast::<*mut layout::PyObject>();
        for (at, item) in items.iter().enumerate() {
            first.add(at).write(item.as_pointer());
        }
        &*object.cast::<Tuple>()
    }
}

/// Fills the dictionaries of prepared types in a new interpreter, bases before derived types.
pub fn ready_static_types(declarations: &[&'static TypeDeclaration], thread: &mut Thread) -> PyResult<()> {
    for declaration in declarations {
        let dict = Dict::new(thread);
        thread.interpreter().set_static_type_dict(declaration, dict);
    }
    for declaration in declarations {
        let class = declaration.as_type();
        if let Some(base) = class.base() {
            class.add_to_bases(&[base], thread);
        }
        let dict = class.dict(thread);
        fill_dict(declaration, &dict, thread)?;
    }
    Ok(())
}

fn fill_dict(declaration: &'static TypeDeclaration, dict: &Dict, thread: &mut Thread) -> PyResult<()> {
    let class = declaration.as_type();
    let own = declaration.own_slots.get();
    let new_row = SLOT_ROWS.iter().position(|row| row.name().is(&names::__new__));
    if new_row.is_some_and(|at| own & 1 << at != 0) {
        let function = crate::type_::new_wrapper(class, thread);
        dict.set_str(&names::__new__, &function, thread)?;
    }
    add_wrappers(class, dict, |at| own & 1 << at != 0, thread)?;
    let groups = declaration.contents.groups;
    for method in groups.iter().flat_map(|it| it.methods).chain(declaration.contents.methods) {
        add_method(class, dict, method, thread)?;
    }
    for member in declaration.contents.members {
        // SAFETY: the declaration lives for ever.
        let descriptor = unsafe { MemberDescriptor::new(class, member.definition(), thread) };
        dict.set_str(descriptor.head().name(), &descriptor, thread)?;
    }
    for accessor in groups.iter().flat_map(|it| it.accessors).chain(declaration.contents.accessors) {
        // SAFETY: the declaration lives for ever.
        let descriptor = unsafe { GetSetDescriptor::new(class, accessor.definition(), thread) };
        dict.set_str(descriptor.head().name(), &descriptor, thread)?;
    }
    if dict.get_str(&names::__doc__, thread).is_none() {
        let doc = type_doc(class, thread);
        dict.set_str(&names::__doc__, &doc, thread)?;
    }
    if class.has_flag(layout::NAJA_TPFLAGS_HEAPTYPE_IN_CPYTHON) {
        let module = crate::type_::accessors::module(class, thread)?;
        dict.set_str(&names::__module__, &module, thread)?;
    }
    // A type that compares in its own way and does not say how it hashes can't be hashed.
    let hash = class.slots().tp_hash.get();
    let unhashable: layout::hashfunc = crate::protocol::hash_not_implemented;
    if hash.is_some_and(|it| std::ptr::fn_addr_eq(it, unhashable))
        && class.base().is_none_or(|it| it.slots().tp_hash.get().is_none_or(|it| !std::ptr::fn_addr_eq(it, unhashable)))
        && dict.get_str(&names::__hash__, thread).is_none()
    {
        dict.set_str(&names::__hash__, &thread.none(), thread)?;
    }
    Ok(())
}

/// Adds a method for each slot that the type itself fills, unless it has something under the name already.
pub(super) fn add_wrappers(
    class: &Type,
    dict: &Dict,
    is_own: impl Fn(usize) -> bool,
    thread: &mut Thread,
) -> PyResult<()> {
    for (at, row) in SLOT_ROWS.iter().enumerate() {
        if row.wrapper == Wrapper::None || !is_own(at) || dict.get_str(row.name(), thread).is_some() {
            continue;
        }
        let Some(function) = class.slot_function(row.place) else { continue };
        let unhashable: layout::hashfunc = crate::protocol::hash_not_implemented;
        if row.place.group == Group::Type && row.wrapper == Wrapper::Hash && std::ptr::fn_addr_eq(function, unhashable)
        {
            dict.set_str(row.name(), &thread.none(), thread)?;
            continue;
        }
        let descriptor = WrapperDescriptor::new(class, row, function, thread);
        dict.set_str(row.name(), &descriptor, thread)?;
    }
    Ok(())
}

fn add_method(class: &'static Type, dict: &Dict, method: &'static Method, thread: &mut Thread) -> PyResult<()> {
    let flags = method.flags();
    let definition = method.definition();
    let name = thread.intern_text(method.name);
    // SAFETY (of the constructors): a declared method lives for ever.
    let descriptor = if flags & METH_CLASS != 0 {
        // SAFETY: as above.
        unsafe { ClassMethodDescriptor::new(class, definition, thread) }.into_object()
    } else if flags & METH_STATIC != 0 {
        let receiver = Some(Py::from_ref(class).into_object());
        // SAFETY: as above; static methods do not look at their receiver.
        let function = unsafe { BuiltinFunction::new(definition, receiver, None, None, thread) };
        StaticMethod::new(&function, thread).into_object()
    } else {
        // SAFETY: as above.
        unsafe { MethodDescriptor::new(class, definition, thread) }.into_object()
    };
    dict.set_str(&name, &descriptor, thread)
}

/// `__doc__` of a type whose text has its signature in front.
pub(crate) fn type_doc(class: &Type, thread: &mut Thread) -> Py<Object> {
    let text = class.slots().tp_doc.get();
    if text.is_null() {
        return thread.none();
    }
    // SAFETY: `tp_doc` is a C string that lives as long as the type.
    let text = unsafe { CStr::from_ptr(text) }.to_string_lossy();
    match TableDoc::parse(&class.full_name(), &text).doc {
        Some(doc) => Str::from_str(&doc, thread).into_object(),
        None => thread.none(),
    }
}

impl Type {
    /// The type's own type: its metaclass.
    #[inline(always)]
    pub fn class_of(&self) -> &Type {
        self.as_object().class()
    }
}
