//! What the descriptors of a type's table entries have in common: the type they belong to, a name.

use std::mem::offset_of;

use layout::PyDescrObject;

use crate::errors::PyResult;
use crate::names;
use crate::protocol;
use crate::raise;
use crate::refs::{Field, Header, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Type;

/// The first fields of each descriptor here.
#[derive(macros::Instance)]
#[repr(C)]
pub struct DescriptorHead {
    header: Header,
    owner: Field<Type>,
    name: Field<Str>,
    qualname: Field,
}

const _: () = {
    assert!(size_of::<DescriptorHead>() == size_of::<PyDescrObject>());
    assert!(offset_of!(DescriptorHead, qualname) == offset_of!(PyDescrObject, d_qualname));
};

impl DescriptorHead {
    pub fn new(class: &Type, owner: &Type, name: Py<Str>) -> Self {
        Self {
            header: Header::new(class),
            owner: Field::new(Some(Py::from_ref(owner))),
            name: Field::new(Some(name)),
            qualname: Field::EMPTY,
        }
    }

    /// `__objclass__`.
    pub fn owner(&self) -> &Type {
        // SAFETY: the fields of a descriptor never change after it was made.
        unsafe { self.owner.borrow() }.expect("a descriptor has its owner from creation on")
    }

    /// `__name__`.
    pub fn name(&self) -> &Str {
        // SAFETY: as above.
        unsafe { self.name.borrow() }.expect("a descriptor has its name from creation on")
    }

    pub fn name_text(&self) -> String {
        self.name().to_string_lossy()
    }

    /// The owner's name as messages print it.
    pub fn owner_name(&self) -> String {
        self.owner().full_name()
    }

    /// `__qualname__`.
    pub fn qualname(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some(known) = self.qualname.get() {
            return Ok(known);
        }
        let owner = protocol::get_attribute(self.owner(), &names::__qualname__, thread)?;
        let Some(owner) = owner.downcast::<Str>() else {
            let message = "<descriptor>.__objclass__.__qualname__ is not a unicode object";
            return Err(raise!(thread, TypeError, "{message}"));
        };
        let text = format!("{}.{}", owner.to_string_lossy(), self.name_text());
        let qualname = Str::from_str(&text, thread).into_object();
        self.qualname.set(Some(qualname.clone()));
        Ok(qualname)
    }

    /// `__reduce__`: pickled as an attribute of its type.
    pub fn reduce(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let getattr = protocol::builtin(&names::getattr, thread)?;
        let owner = Py::from_ref(self.owner()).into_object();
        let arguments = Tuple::new(vec![owner, Py::from_ref(self.name()).into_object()], thread)?;
        Tuple::new(vec![getattr, arguments.into_object()], thread).map(Py::into_object)
    }

    /// Raises unless an instance is one of the owner's.
    pub fn check_instance(&self, instance: &Object, thread: &mut Thread) -> PyResult<()> {
        if instance.class().is_subtype(self.owner()) {
            return Ok(());
        }
        let (name, owner, found) = (self.name_text(), self.owner_name(), instance.class().full_name());
        Err(raise!(thread, TypeError, "descriptor '{name}' for '{owner}' objects doesn't apply to a '{found}' object"))
    }
}
