//! `__slots__`: what a class body says about the layout of instances, checked and turned into fields.

use layout::{Py_T_OBJECT_EX, PyMemberDef};

use super::handle::Type;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::names;
use crate::protocol;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;

/// What instances of a new class have beyond its base's.
pub struct Layout {
    /// The names of the fields, mangled and sorted.
    pub fields: Vec<Py<Str>>,
    /// `ht_slots`: None where the body has no `__slots__`.
    pub slots: Option<Py<Tuple>>,
    pub adds_dict: bool,
    pub adds_weak_references: bool,
}

impl Layout {
    /// Reads `__slots__` from the body of a class with this name and these bases.
    pub fn read(name: &Str, base: &Type, bases: &[Py<Object>], body: &Dict, thread: &mut Thread) -> PyResult<Self> {
        let may_add_dict = base.slots().tp_dictoffset.get() == 0;
        let may_add_weak = base.slots().tp_weaklistoffset.get() == 0 && base.item_size() == 0;
        let Some(declared) = body.get_str(&names::__slots__, thread) else {
            return Ok(Self {
                fields: Vec::new(),
                slots: None,
                adds_dict: may_add_dict,
                adds_weak_references: may_add_weak,
            });
        };
        let declared = match declared.downcast::<Str>() {
            Some(_) => vec![declared],
            None => protocol::collect(&declared, thread)?,
        };
        if !declared.is_empty() && base.item_size() != 0 {
            let name = base.full_name();
            return Err(raise!(thread, TypeError, "nonempty __slots__ not supported for subtype of '{name}'"));
        }
        let mut layout = Self { fields: Vec::new(), slots: None, adds_dict: false, adds_weak_references: false };
        for item in &declared {
            layout.add(item, name, body, (may_add_dict, may_add_weak), thread)?;
        }
        layout.fields.sort_by(|left, right| left.view().iter().cmp(right.view().iter()));
        let names = layout.fields.iter().map(|it| it.clone().into_object()).collect();
        layout.slots = Some(Tuple::new(names, thread)?);
        layout.ask_other_bases(base, bases, (may_add_dict, may_add_weak));
        Ok(layout)
    }

    /// One item of `__slots__`.
    fn add(
        &mut self,
        item: &Object,
        class_name: &Str,
        body: &Dict,
        (may_add_dict, may_add_weak): (bool, bool),
        thread: &mut Thread,
    ) -> PyResult<()> {
        let Some(item) = item.downcast::<Str>() else {
            let class = item.class().full_name();
            return Err(raise!(thread, TypeError, "__slots__ items must be strings, not '{class}'"));
        };
        let text = item.to_string_lossy();
        if !text::strings::classify::is_identifier(item.view()) {
            return Err(raise!(thread, TypeError, "__slots__ must be identifiers"));
        }
        if item.equals(&names::__dict__) {
            if !may_add_dict || self.adds_dict {
                return Err(raise!(thread, TypeError, "__dict__ slot disallowed: we already got one"));
            }
            self.adds_dict = true;
            return Ok(());
        }
        if item.equals(&names::__weakref__) {
            if !may_add_weak || self.adds_weak_references {
                return Err(raise!(thread, TypeError, "__weakref__ slot disallowed: we already got one"));
            }
            self.adds_weak_references = true;
            return Ok(());
        }
        let mangled = mangle(&class_name.to_string_lossy(), &text);
        let mangled = thread.intern_text(&mangled);
        let implicit: [&Str; 3] = [&names::__qualname__, &names::__classcell__, &names::__classdictcell__];
        if body.get_str(&mangled, thread).is_some() && !implicit.iter().any(|it| it.equals(&mangled)) {
            let shown = protocol::repr(&mangled, thread)?.to_string_lossy();
            return Err(raise!(thread, ValueError, "{shown} in __slots__ conflicts with class variable"));
        }
        self.fields.push(mangled);
        Ok(())
    }

    /// A base beside the one that decides the layout may bring a dictionary or weak references.
    fn ask_other_bases(&mut self, base: &Type, bases: &[Py<Object>], (may_add_dict, may_add_weak): (bool, bool)) {
        for other in bases.iter().filter(|it| !it.is(base)) {
            let Some(other) = other.downcast::<Type>() else { continue };
            self.adds_dict |= may_add_dict && other.slots().tp_dictoffset.get() != 0;
            self.adds_weak_references |= may_add_weak && other.slots().tp_weaklistoffset.get() != 0;
        }
    }

    /// The fields as member definitions, from this offset on.
    pub fn members(&self, mut offset: isize) -> Vec<PyMemberDef> {
        let member = |field: &Py<Str>| {
            let member =
                PyMemberDef { name: c_text(field), r#type: Py_T_OBJECT_EX, offset, flags: 0, doc: std::ptr::null() };
            offset += size_of::<*mut u8>() as isize;
            member
        };
        self.fields.iter().map(member).collect()
    }
}

/// The text of a name as a C string that lives as long as the name, which is interned.
fn c_text(name: &Str) -> *const std::ffi::c_char {
    if let text::view::StrView::Ascii(bytes) = name.view() {
        // An ASCII string ends in a zero byte.
        return bytes.as_ptr().cast();
    }
    let text = std::ffi::CString::new(name.to_string_lossy()).unwrap_or_default();
    // Such names are rare, and identifiers are few: the copy lives for ever.
    text.into_raw()
}

/// A private name in a class's body: `__x` becomes `_Class__x` (the language reference, «Identifiers (Names)»).
pub fn mangle(class_name: &str, name: &str) -> String {
    let stripped = class_name.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') || stripped.is_empty() {
        return name.to_owned();
    }
    format!("_{stripped}{name}")
}
