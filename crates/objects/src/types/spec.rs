//! `PyType_FromSpec` and its kin: heap types that C code makes from a description.
#![allow(non_upper_case_globals, reason = "the numbers have C's names")]

use std::ffi::{c_int, c_void};
use std::mem::offset_of;

use layout::*;

use super::bases;
use super::foreign::ready_foreign_type;
use super::handle::Type;
use super::instance;
use super::instance_dict;
use crate::descriptors::text_of;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::names;
use crate::object::BaseObject;
use crate::raise;
use crate::refs::{Object, Py, allocate_variable};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Instance as _;

/// Where the slot with a number of `typeslots.h` lies in a heap type.
macro_rules! slot_offsets {
    ($($group:ident { $($number:ident $field:ident,)* })*) => {
        fn slot_offset(number: c_int) -> Option<usize> {
            match number {
                $($($number => Some(offset_of!(PyHeapTypeObject, $group.$field)),)*)*
                _ => None,
            }
        }
    };
}

slot_offsets! {
    as_buffer { Py_bf_getbuffer bf_getbuffer, Py_bf_releasebuffer bf_releasebuffer, }
    as_mapping {
        Py_mp_ass_subscript mp_ass_subscript, Py_mp_length mp_length, Py_mp_subscript mp_subscript,
    }
    as_number {
        Py_nb_absolute nb_absolute, Py_nb_add nb_add, Py_nb_and nb_and, Py_nb_bool nb_bool, Py_nb_divmod nb_divmod,
        Py_nb_float nb_float, Py_nb_floor_divide nb_floor_divide, Py_nb_index nb_index,
        Py_nb_inplace_add nb_inplace_add, Py_nb_inplace_and nb_inplace_and,
        Py_nb_inplace_floor_divide nb_inplace_floor_divide, Py_nb_inplace_lshift nb_inplace_lshift,
        Py_nb_inplace_multiply nb_inplace_multiply, Py_nb_inplace_or nb_inplace_or,
        Py_nb_inplace_power nb_inplace_power, Py_nb_inplace_remainder nb_inplace_remainder,
        Py_nb_inplace_rshift nb_inplace_rshift, Py_nb_inplace_subtract nb_inplace_subtract,
        Py_nb_inplace_true_divide nb_inplace_true_divide, Py_nb_inplace_xor nb_inplace_xor, Py_nb_int nb_int,
        Py_nb_invert nb_invert, Py_nb_lshift nb_lshift, Py_nb_multiply nb_multiply, Py_nb_negative nb_negative,
        Py_nb_or nb_or, Py_nb_positive nb_positive, Py_nb_power nb_power, Py_nb_remainder nb_remainder,
        Py_nb_rshift nb_rshift, Py_nb_subtract nb_subtract, Py_nb_true_divide nb_true_divide, Py_nb_xor nb_xor,
        Py_nb_matrix_multiply nb_matrix_multiply, Py_nb_inplace_matrix_multiply nb_inplace_matrix_multiply,
    }
    as_sequence {
        Py_sq_ass_item sq_ass_item, Py_sq_concat sq_concat, Py_sq_contains sq_contains,
        Py_sq_inplace_concat sq_inplace_concat, Py_sq_inplace_repeat sq_inplace_repeat, Py_sq_item sq_item,
        Py_sq_length sq_length, Py_sq_repeat sq_repeat,
    }
    as_async { Py_am_await am_await, Py_am_aiter am_aiter, Py_am_anext am_anext, Py_am_send am_send, }
    ht_type {
        Py_tp_alloc tp_alloc, Py_tp_call tp_call, Py_tp_clear tp_clear, Py_tp_dealloc tp_dealloc, Py_tp_del tp_del,
        Py_tp_descr_get tp_descr_get, Py_tp_descr_set tp_descr_set, Py_tp_getattr tp_getattr,
        Py_tp_getattro tp_getattro, Py_tp_hash tp_hash, Py_tp_init tp_init, Py_tp_is_gc tp_is_gc, Py_tp_iter tp_iter,
        Py_tp_iternext tp_iternext, Py_tp_methods tp_methods, Py_tp_new tp_new, Py_tp_repr tp_repr,
        Py_tp_richcompare tp_richcompare, Py_tp_setattr tp_setattr, Py_tp_setattro tp_setattro, Py_tp_str tp_str,
        Py_tp_traverse tp_traverse, Py_tp_getset tp_getset, Py_tp_free tp_free, Py_tp_finalize tp_finalize,
        Py_tp_vectorcall tp_vectorcall,
    }
}

/// What `PyType_GetSlot` gives: the contents of a slot by its number; null for numbers that there are none of.
pub fn slot_by_number(class: &Type, number: c_int) -> *mut c_void {
    match (number, slot_offset(number)) {
        (Py_tp_base, _) => class.slots().tp_base.get().cast(),
        (Py_tp_bases, _) => class.slots().tp_bases.get().cast(),
        (Py_tp_doc, _) => class.slots().tp_doc.get().cast_mut().cast(),
        (Py_tp_members, _) => class.slots().tp_members.get().cast(),
        (Py_tp_token, _) => class.heap().map_or(std::ptr::null_mut(), |it| it.ht_token.get()),
        (_, Some(offset)) => match slot_place(class, offset) {
            // SAFETY: a slot is a word of the type, or of the table that it refers to.
            Some(place) => unsafe { place.cast::<*mut c_void>().read() },
            None => std::ptr::null_mut(),
        },
        (_, None) => std::ptr::null_mut(),
    }
}

/// Where a slot lies that a heap type has at this offset: in the type itself, or, of a static type, in one of its tables, if it has that.
fn slot_place(class: &Type, offset: usize) -> Option<*const u8> {
    if class.heap().is_some() || offset < size_of::<PyTypeObject>() {
        return Some(std::ptr::from_ref(class).cast::<u8>().wrapping_add(offset));
    }
    let slots = class.slots();
    let tables: [(usize, *const u8); 5] = [
        (offset_of!(PyHeapTypeObject, as_buffer), slots.tp_as_buffer.get().cast()),
        (offset_of!(PyHeapTypeObject, as_sequence), slots.tp_as_sequence.get().cast()),
        (offset_of!(PyHeapTypeObject, as_mapping), slots.tp_as_mapping.get().cast()),
        (offset_of!(PyHeapTypeObject, as_number), slots.tp_as_number.get().cast()),
        (offset_of!(PyHeapTypeObject, as_async), slots.tp_as_async.get().cast()),
    ];
    let (start, table) = tables.into_iter().find(|it| it.0 <= offset)?;
    (!table.is_null()).then(|| table.wrapping_add(offset - start))
}

/// What a spec says, read once.
struct Reading<'a> {
    spec: &'a PyType_Spec,
    name: String,
    members: &'a [PyMemberDef],
    base: Option<Py<Type>>,
    bases: Option<Py<Tuple>>,
    doc: *const std::ffi::c_char,
    token: Option<*mut c_void>,
}

/// `PyType_FromMetaclass`: a heap type made from a spec, for a module or none; `bases` is a type, a tuple of types, or left to the spec.
///
/// # Safety
/// The spec is as C's API describes it; what its slots refer to lives as long as the type.
pub unsafe fn type_from_spec(
    metaclass: Option<&Type>,
    module: Option<&Object>,
    spec: &PyType_Spec,
    bases: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Py<Type>> {
    // SAFETY: passed on to the caller.
    let reading = unsafe { Reading::read(spec, thread)? };
    let bases = reading.settle_bases(bases, thread)?;
    let winner = bases::calculate_metaclass(metaclass.unwrap_or(Type::class()), bases.items(), thread)?;
    let plain = Type::class().slots().tp_new.get();
    if let (Some(theirs), Some(plain)) = (winner.slots().tp_new.get(), plain)
        && !std::ptr::fn_addr_eq(theirs, plain)
    {
        return Err(raise!(thread, TypeError, "Metaclasses with custom tp_new are not supported."));
    }
    reading.check_mutability(&bases, thread)?;
    let base = bases::best_base(bases.items(), thread)?;
    let (own_start, size) = reading.basic_size(&base, thread)?;
    let object = allocate_variable(&winner, reading.members.len() as isize, thread)?;
    // SAFETY: instances of a metaclass are type objects.
    let class: Py<Type> = unsafe { object.cast_into() };
    reading.fill(&class, &base, bases, size, thread)?;
    reading.copy_members(&class, own_start, thread)?;
    if let (Some(module), Some(heap)) = (module, class.heap()) {
        heap.ht_module.set(Py::from_ref(module).into_pointer());
    }
    // SAFETY: a type object is collectable, and whole enough for its traversal: every field is set or null.
    unsafe { crate::gc::track(class.as_object_pointer(), thread) };
    // SAFETY: passed on to the caller.
    unsafe { ready_foreign_type(&class, thread)? };
    reading.set_module(&class, thread)?;
    instance_dict::give_shared_keys(&class, thread)?;
    reading.check_offsets(&class, thread)?;
    Ok(class)
}

impl<'a> Reading<'a> {
    /// # Safety
    /// As [`type_from_spec`].
    unsafe fn read(spec: &'a PyType_Spec, thread: &mut Thread) -> PyResult<Self> {
        if spec.name.is_null() {
            return Err(raise!(thread, SystemError, "Type spec does not define the name field."));
        }
        let mut reading = Self {
            spec,
            // SAFETY: the name is a C string.
            name: unsafe { text_of(spec.name) },
            members: &[],
            base: None,
            bases: None,
            doc: std::ptr::null(),
            token: None,
        };
        for slot in reading.slots() {
            // SAFETY (of this loop's blocks): C's API says what each slot's pointer is.
            match slot.slot {
                Py_tp_base => {
                    // SAFETY: as above: a type.
                    reading.base = unsafe { slot.pfunc.cast::<Type>().as_ref() }.map(Py::from_ref);
                }
                Py_tp_bases => {
                    // SAFETY: as above: a tuple.
                    let bases = unsafe { Object::from_pointer(slot.pfunc.cast()) };
                    let Some(bases) = bases.and_then(|it| it.downcast::<Tuple>()) else {
                        return Err(raise!(thread, SystemError, "Py_tp_bases is not a tuple"));
                    };
                    reading.bases = Some(Py::from_ref(bases));
                }
                Py_tp_doc if !reading.doc.is_null() => {
                    return Err(raise!(thread, SystemError, "Multiple Py_tp_doc slots are not supported."));
                }
                Py_tp_members if !reading.members.is_empty() => {
                    return Err(raise!(thread, SystemError, "Multiple Py_tp_members slots are not supported."));
                }
                Py_tp_doc => reading.doc = slot.pfunc.cast_const().cast(),
                Py_tp_token => reading.token = Some(slot.pfunc),
                Py_tp_members => {
                    let first = slot.pfunc.cast::<PyMemberDef>();
                    // SAFETY: as above: an array that ends with a null name.
                    let count = (0..).take_while(|at| unsafe { !(*first.add(*at)).name.is_null() }).count();
                    // SAFETY: as above.
                    reading.members = unsafe { std::slice::from_raw_parts(first, count) };
                }
                0 => {}
                number if slot_offset(number).is_none() => {
                    return Err(raise!(thread, RuntimeError, "invalid slot offset"));
                }
                _ => {}
            }
        }
        for member in reading.members.iter().filter(|it| it.flags & Py_RELATIVE_OFFSET != 0) {
            reading.check_relative(member, thread)?;
        }
        Ok(reading)
    }

    /// The spec's slots, without the end.
    fn slots(&self) -> &'a [PyType_Slot] {
        let first = self.spec.slots;
        if first.is_null() {
            return &[];
        }
        // SAFETY: C's API: an array that ends with the number 0.
        unsafe {
            let count = (0..).take_while(|at| (*first.add(*at)).slot != 0).count();
            std::slice::from_raw_parts(first, count)
        }
    }

    /// The bases that the caller or the spec gives, as a tuple.
    fn settle_bases(&self, given: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if let Some(given) = given {
            return match given.downcast::<Tuple>() {
                Some(bases) => Ok(Py::from_ref(bases)),
                None => Tuple::new(vec![Py::from_ref(given)], thread),
            };
        }
        if let Some(bases) = &self.bases {
            return Ok(bases.clone());
        }
        let base = self.base.clone().unwrap_or_else(|| Py::from_ref(BaseObject::class()));
        Tuple::new(vec![base.into_object()], thread)
    }

    /// A type that never changes has no base that does.
    fn check_mutability(&self, bases: &Tuple, thread: &mut Thread) -> PyResult<()> {
        if std::ffi::c_ulong::from(self.spec.flags) & Py_TPFLAGS_IMMUTABLETYPE == 0 {
            return Ok(());
        }
        let mut types = bases.items().iter().filter_map(|it| it.downcast::<Type>());
        match types.find(|it| !it.has_flag(Py_TPFLAGS_IMMUTABLETYPE)) {
            None => Ok(()),
            Some(base) => {
                let (name, base) = (&self.name, base.full_name());
                Err(raise!(thread, TypeError, "Creating immutable type {name} from mutable base {base}"))
            }
        }
    }

    /// Where the type's own part of an instance begins, and the size of an instance.
    fn basic_size(&self, base: &Type, thread: &mut Thread) -> PyResult<(isize, isize)> {
        let (declared, inherited) = (self.spec.basicsize as isize, base.slots().tp_basicsize.get());
        let word = 16;
        let start = (inherited + word - 1) & !(word - 1);
        if declared < 0 {
            if base.slots().tp_itemsize.get() != 0 && !base.has_flag(Py_TPFLAGS_ITEMS_AT_END) {
                let message = "Cannot extend variable-size class without Py_TPFLAGS_ITEMS_AT_END.";
                return Err(raise!(thread, SystemError, "{message}"));
            }
            let own = (-declared + word - 1) & !(word - 1);
            return Ok((start, start + own));
        }
        if declared > 0 && declared < inherited {
            let (name, base) = (&self.name, base.full_name());
            let message =
                format!("tp_basicsize for type '{name}' ({declared}) is too small for base '{base}' ({inherited})");
            return Err(raise!(thread, TypeError, "{message}"));
        }
        Ok((start, if declared == 0 { inherited } else { declared }))
    }

    /// Everything but members and module.
    fn fill(&self, class: &Type, base: &Type, bases: Py<Tuple>, size: isize, thread: &mut Thread) -> PyResult<()> {
        let slots = class.slots();
        slots.tp_flags.set(std::ffi::c_ulong::from(self.spec.flags) | Py_TPFLAGS_HEAPTYPE);
        let Some(heap) = class.heap() else { return Ok(()) };
        slots.tp_as_async.set(std::ptr::from_ref(&heap.as_async).cast_mut());
        slots.tp_as_number.set(std::ptr::from_ref(&heap.as_number).cast_mut());
        slots.tp_as_sequence.set(std::ptr::from_ref(&heap.as_sequence).cast_mut());
        slots.tp_as_mapping.set(std::ptr::from_ref(&heap.as_mapping).cast_mut());
        slots.tp_as_buffer.set(std::ptr::from_ref(&heap.as_buffer).cast_mut());
        slots.tp_basicsize.set(size);
        slots.tp_itemsize.set(self.spec.itemsize as isize);
        slots.tp_base.set(Py::from_ref(base).into_pointer().cast());
        slots.tp_bases.set(bases.into_pointer());
        let short = self.name.rsplit_once('.').map_or(self.name.as_str(), |it| it.1);
        slots.tp_dict.set(Dict::new(thread).into_pointer());
        class.set_tp_name(&self.name);
        let short = thread.intern_text(short);
        heap.ht_name.set(short.clone().into_pointer());
        heap.ht_qualname.set(short.into_pointer());
        if let Some(token) = self.token {
            heap.ht_token.set(if token.is_null() { std::ptr::from_ref(self.spec).cast_mut().cast() } else { token });
        }
        for slot in self.slots() {
            let Some(offset) = slot_offset(slot.slot) else { continue };
            // SAFETY: a slot is a word of the heap type at this offset.
            unsafe {
                let cell = std::ptr::from_ref(heap).cast_mut().cast::<u8>().add(offset).cast::<*mut c_void>();
                cell.write(slot.pfunc);
            }
        }
        self.fill_doc(class);
        if slots.tp_dealloc.get().is_none() {
            instance::fill_deallocator(class);
        }
        Ok(())
    }

    /// `__module__`, from the name, unless a member of this name is there.
    fn set_module(&self, class: &Type, thread: &mut Thread) -> PyResult<()> {
        let Some((module, _)) = self.name.rsplit_once('.') else { return Ok(()) };
        let module = thread.intern_text(module);
        let dict = class.dict(thread);
        dict.set_default(&names::__module__, &module, thread).map(drop)
    }

    /// `tp_doc`: a copy that lives as long as the type, which is for ever.
    fn fill_doc(&self, class: &Type) {
        if !self.doc.is_null() {
            // SAFETY: the documentation is a C string.
            let text = unsafe { std::ffi::CStr::from_ptr(self.doc) }.to_owned();
            class.slots().tp_doc.set(text.into_raw());
        }
    }

    /// Copies the members behind the type object, and takes the offsets that some of them stand for.
    fn copy_members(&self, class: &Type, own_start: isize, thread: &mut Thread) -> PyResult<()> {
        let room = class.slot_members().as_ptr().cast_mut();
        let slots = class.slots();
        for (at, member) in self.members.iter().enumerate() {
            let relative = member.flags & Py_RELATIVE_OFFSET != 0;
            let copy = PyMemberDef {
                name: member.name,
                r#type: member.r#type,
                offset: if relative { own_start + member.offset } else { member.offset },
                flags: member.flags & !Py_RELATIVE_OFFSET,
                doc: member.doc,
            };
            // SAFETY: a member's name is a C string.
            let name = unsafe { text_of(member.name) };
            let special = ["__weaklistoffset__", "__dictoffset__", "__vectorcalloffset__"];
            if special.contains(&name.as_str()) {
                check_special(member, &name, thread)?;
            }
            match name.as_str() {
                "__weaklistoffset__" => slots.tp_weaklistoffset.set(copy.offset),
                "__dictoffset__" => slots.tp_dictoffset.set(copy.offset),
                "__vectorcalloffset__" => slots.tp_vectorcall_offset.set(copy.offset),
                _ => {}
            }
            // SAFETY: the type was allocated with room for as many members.
            unsafe { room.add(at).write(copy) };
        }
        self.fill_member_table(class);
        Ok(())
    }

    /// `tp_members`: C code reads the members up to one without a name, of which there is none behind the type object.
    fn fill_member_table(&self, class: &Type) {
        if self.members.is_empty() {
            return;
        }
        let copy = |it: &PyMemberDef| PyMemberDef {
            name: it.name,
            r#type: it.r#type,
            offset: it.offset,
            flags: it.flags,
            doc: it.doc,
        };
        let end = PyMemberDef { name: std::ptr::null(), r#type: 0, offset: 0, flags: 0, doc: std::ptr::null() };
        // It lives as long as the type, which is for ever.
        let table: Vec<PyMemberDef> = class.slot_members().iter().map(copy).chain([end]).collect();
        class.slots().tp_members.set(Box::leak(table.into_boxed_slice()).as_mut_ptr());
    }

    /// A member whose offset counts from the type's own part of an instance.
    fn check_relative(&self, member: &PyMemberDef, thread: &mut Thread) -> PyResult<()> {
        if self.spec.basicsize >= 0 {
            return Err(raise!(thread, SystemError, "With Py_RELATIVE_OFFSET, basicsize must be negative."));
        }
        if !(0..-(self.spec.basicsize as isize)).contains(&member.offset) {
            return Err(raise!(thread, SystemError, "Member offset out of range (0..-basicsize)"));
        }
        Ok(())
    }

    fn check_offsets(&self, class: &Type, thread: &mut Thread) -> PyResult<()> {
        let offset = class.slots().tp_vectorcall_offset.get();
        if class.has_flag(Py_TPFLAGS_HAVE_VECTORCALL) && offset <= 0 {
            let name: Py<Str> = Str::from_str(&self.name, thread);
            let name = name.to_string_lossy();
            let message =
                format!("type {name} has the Py_TPFLAGS_HAVE_VECTORCALL flag set but not tp_vectorcall_offset");
            return Err(raise!(thread, SystemError, "{message}"));
        }
        Ok(())
    }
}

/// A member that says where something lies of which the runtime has to know.
fn check_special(member: &PyMemberDef, name: &str, thread: &mut Thread) -> PyResult<()> {
    if member.r#type != Py_T_PYSSIZET {
        return Err(raise!(thread, SystemError, "type of {name} must be Py_T_PYSSIZET"));
    }
    if member.flags & !Py_RELATIVE_OFFSET != Py_READONLY {
        let message = format!("flags for {name} must be Py_READONLY or (Py_READONLY | Py_RELATIVE_OFFSET)");
        return Err(raise!(thread, SystemError, "{message}"));
    }
    Ok(())
}
