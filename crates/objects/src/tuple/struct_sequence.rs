//! Named tuples that modules define in Rust: `sys.version_info`, `os.stat_result`, `time.struct_time`.
//!
//! [`struct_sequence!`](crate::struct_sequence) declares one: a tuple of the visible fields, after which the hidden ones lie, which only have names.
//!
//! ```text
//! 0              32                      32 + 8 * visible
//! tuple's head   visible items           hidden items
//! ```
//! A module's `exec` function calls [`prepare`] and adds the type it gives to its namespace; [`make`] makes instances.

use std::ffi::CStr;

use layout::PyObject;

use super::object::Tuple;
use crate::dict::Dict;
use crate::errors::{PyResult, TypeError};
use crate::gc::{Traverse, Visitor};
use crate::list::List;
use crate::names;
use crate::protocol;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::types::{Instance, Member, MemberKind, Type};

/// A field: its name, or None for one that only has a position.
pub struct Field {
    pub name: Option<&'static CStr>,
    pub doc: &'static CStr,
}

/// The fields of a struct sequence; the first `visible` ones are the tuple's items.
pub struct Layout {
    pub fields: &'static [Field],
    pub visible: usize,
}

/// Types that [`struct_sequence!`](crate::struct_sequence) declares.
pub trait StructSequence: Instance {
    const LAYOUT: &'static Layout;

    /// `__reduce__`: what makes a copy again.
    fn reduce(object: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        reduce(object, Self::LAYOUT, thread)
    }
}

/// Struct sequences with a constructor of their own (`custom`).
pub trait Construct: StructSequence + Sized {
    fn construct(class: &Type, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread)
    -> PyResult<Py<Object>>;

    /// `__reduce__`, of which the constructor must be able to take the arguments.
    fn reduce(object: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        reduce(object, Self::LAYOUT, thread)
    }
}

impl Layout {
    /// Fields that have a name.
    pub const fn named_count(&self) -> usize {
        let (mut count, mut index) = (0, 0);
        while index < self.fields.len() {
            if self.fields[index].name.is_some() {
                count += 1;
            }
            index += 1;
        }
        count
    }

    /// A read-only attribute for each field with a name, of which there are `COUNT`.
    pub const fn members<const COUNT: usize>(&self) -> [Member; COUNT] {
        let mut members = [const { Member::new(c"", MemberKind::Object, 0, None) }; COUNT];
        let (mut made, mut index) = (0, 0);
        while index < self.fields.len() {
            if let Some(name) = self.fields[index].name {
                let offset = size_of::<Tuple>() + index * size_of::<*mut PyObject>();
                let doc = self.fields[index].doc;
                let doc = if doc.to_bytes().is_empty() { None } else { Some(doc) };
                members[made] = Member::new(name, MemberKind::Object, offset, doc);
                made += 1;
            }
            index += 1;
        }
        members
    }

    fn hidden(&self) -> usize {
        self.fields.len() - self.visible
    }

    fn unnamed_count(&self) -> usize {
        self.fields.len() - self.named_count()
    }

    /// The number of a field, by its name.
    fn position(&self, name: &Str) -> Option<usize> {
        self.fields.iter().position(|it| it.name.is_some_and(|own| name.equals_text(&own.to_string_lossy())))
    }
}

/// Where the hidden items of a struct sequence begin to count: after `VISIBLE` of `ALL`. It lies where the tuple's items begin.
#[repr(C)]
pub struct HiddenItems<const VISIBLE: usize, const ALL: usize>([*mut PyObject; 0]);

impl<const VISIBLE: usize, const ALL: usize> HiddenItems<VISIBLE, ALL> {
    fn each(&self, mut visit: impl FnMut(*mut PyObject)) {
        let first = std::ptr::from_ref(self).cast::<*mut PyObject>();
        for index in VISIBLE..ALL {
            // SAFETY: an instance has memory for all of its items.
            visit(unsafe { first.add(index).read() });
        }
    }
}

impl<const VISIBLE: usize, const ALL: usize> Traverse for HiddenItems<VISIBLE, ALL> {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.each(|item| {
            // SAFETY: items are live objects, or null while the instance is being made.
            if let Some(item) = unsafe { Object::from_pointer(item) } {
                visitor.visit(item);
            }
        });
    }

    fn clear(&self) {}
}

impl<const VISIBLE: usize, const ALL: usize> Drop for HiddenItems<VISIBLE, ALL> {
    fn drop(&mut self) {
        self.each(|item| {
            // SAFETY: the instance owns a reference to each item, which is given up here.
            drop(unsafe { Py::<Object>::steal_pointer(item) });
        });
    }
}

/// An instance with these values, one for each field; fields without one are None.
pub fn make<T: StructSequence>(values: Vec<Py<Object>>, thread: &mut Thread) -> PyResult<Py<Object>> {
    make_in(T::class(), T::LAYOUT, values, thread)
}

/// An instance of `class`, with these values for its fields.
pub fn make_in(
    class: &Type,
    layout: &Layout,
    mut values: Vec<Py<Object>>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    values.resize(layout.fields.len(), thread.none());
    Tuple::new_with_hidden(class, layout.visible, values, thread).map(Py::into_object)
}

/// Completes the type's dictionary (`n_fields`, `__match_args__`, …), and gives the type for the module's namespace.
pub fn prepare<T: StructSequence>(thread: &mut Thread) -> PyResult<Py<Object>> {
    let (layout, dict) = (T::LAYOUT, T::class().dict(thread));
    let counts = [
        ("n_sequence_fields", layout.visible),
        ("n_fields", layout.fields.len()),
        ("n_unnamed_fields", layout.unnamed_count()),
    ];
    for (name, count) in counts {
        let (name, count) = (Str::from_str(name, thread), protocol::make_int(count as i128, thread));
        dict.set_str(&name, &count, thread)?;
    }
    let visible = layout.fields[..layout.visible].iter().filter_map(|it| it.name);
    let names = visible.map(|it| Str::from_str(&it.to_string_lossy(), thread).into_object()).collect();
    let names = Tuple::new(names, thread)?;
    dict.set_str(&names::__match_args__, &names, thread)?;
    T::class().modified(thread);
    Ok(Py::from_ref(T::class()).into_object())
}

/// The value of field number `index`, hidden or not.
pub fn field_value(object: &Object, layout: &Layout, index: usize) -> Py<Object> {
    debug_assert!(index < layout.fields.len());
    // SAFETY: the object is an instance, which has memory for all fields after the tuple's head; each is a live object.
    unsafe {
        let first = object.as_pointer().cast::<u8>().add(size_of::<Tuple>()).cast::<*mut PyObject>();
        Object::from_pointer(first.add(index).read()).map(Py::from_ref).expect("instances are complete")
    }
}

/// `repr`: `sys.version_info(major=3, …)`.
pub fn repr(object: &Object, layout: &Layout, thread: &mut Thread) -> PyResult<Py<Str>> {
    let mut text = protocol::ContainerRepr::open(&object.class().full_name());
    // A name for each visible item, in the order of the names: an unnamed item borrows the next name, as `st_atime` shows.
    let names = layout.fields.iter().filter_map(|it| it.name);
    for (index, name) in names.take(layout.visible).enumerate() {
        text.push(if index == 0 { "(" } else { ", " });
        text.push(&name.to_string_lossy());
        text.push("=");
        text.push_repr(&field_value(object, layout, index), thread)?;
    }
    text.push(")");
    text.finish(thread)
}

/// `__reduce__`: the type, the visible items, and a dict of the hidden ones.
pub fn reduce(object: &Object, layout: &Layout, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let visible = (0..layout.visible).map(|index| field_value(object, layout, index)).collect();
    let visible = Tuple::new(visible, thread)?;
    let hidden = Dict::new(thread);
    for index in layout.visible..layout.fields.len() {
        if let Some(name) = layout.fields[index].name {
            let name = Str::from_str(&name.to_string_lossy(), thread);
            hidden.set_str(&name, &field_value(object, layout, index), thread)?;
        }
    }
    let arguments = Tuple::new(vec![visible.into_object(), hidden.into_object()], thread)?;
    Tuple::new(vec![Py::from_ref(object.class()).into_object(), arguments.into_object()], thread)
}

/// `__replace__`: a copy with other values for some named fields.
pub fn replace(
    object: &Object,
    layout: &Layout,
    changes: Option<Py<Dict>>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    if layout.unnamed_count() > 0 {
        let class = object.class().full_name();
        return Err(raise!(
            thread,
            TypeError,
            "__replace__() is not supported for {class} because it has unnamed field(s)"
        ));
    }
    let mut values: Vec<_> = (0..layout.fields.len()).map(|index| field_value(object, layout, index)).collect();
    let mut unexpected = Vec::new();
    for (name, value) in changes.map_or_else(Vec::new, |it| it.items_snapshot(thread)) {
        match name.downcast::<Str>().and_then(|it| layout.position(it)) {
            Some(index) => values[index] = value,
            None => unexpected.push(name),
        }
    }
    if !unexpected.is_empty() {
        let unexpected = List::new(unexpected, thread)?;
        let unexpected = protocol::repr(&unexpected, thread)?.to_string_lossy();
        return Err(raise!(thread, TypeError, "Got unexpected field name(s): {unexpected}"));
    }
    make_in(object.class(), layout, values, thread)
}

/// `class(sequence, dict={})`: at least the visible items from the sequence, others from the dict.
pub fn construct(
    class: &Type,
    layout: &Layout,
    arguments: &Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let (sequence, named) = constructor_arguments(arguments, keywords, thread)?;
    let iterator = protocol::iter(&sequence, thread);
    let Some(iterator) = thread.suppress(iterator, TypeError)? else {
        return Err(raise!(thread, TypeError, "constructor requires a sequence"));
    };
    let mut values = protocol::collect(&iterator, thread)?;
    let named = match named.as_deref().map(|it| it.downcast::<Dict>()) {
        None => None,
        Some(Some(dict)) => Some(dict),
        Some(None) => {
            let class = class.full_name();
            return Err(raise!(thread, TypeError, "{class}() takes a dict as second arg, if any"));
        }
    };
    check_length(class, layout, values.len(), thread)?;
    let mut used = 0;
    for field in &layout.fields[values.len()..] {
        let mut value = None;
        if let (Some(dict), Some(name)) = (named, field.name) {
            let name = Str::from_str(&name.to_string_lossy(), thread);
            value = dict.get(&name, thread)?;
            used += usize::from(value.is_some());
        }
        values.push(value.unwrap_or_else(|| thread.none()));
    }
    if named.is_some_and(|it| it.length() > used) {
        let class = class.full_name();
        return Err(raise!(thread, TypeError, "{class}() got duplicate or unexpected field name(s)"));
    }
    make_in(class, layout, values, thread)
}

/// The arguments `sequence` and `dict`, by position or by name.
fn constructor_arguments(
    arguments: &Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<(Py<Object>, Option<Py<Object>>)> {
    let mut given: Vec<Option<Py<Object>>> = arguments.items().iter().cloned().map(Some).collect();
    let total = given.len() + keywords.map_or(0, Dict::length);
    if total > 2 {
        return Err(raise!(thread, TypeError, "structseq() takes at most 2 arguments ({total} given)"));
    }
    given.resize(2, None);
    for (name, value) in keywords.map_or_else(Vec::new, |it| it.items_snapshot(thread)) {
        let text = name.downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
        match ["sequence", "dict"].iter().position(|it| *it == text) {
            Some(place) if given[place].is_none() => given[place] = Some(value),
            Some(place) => {
                let position = place + 1;
                return Err(raise!(
                    thread,
                    TypeError,
                    "argument for structseq() given by name ('{text}') and position ({position})"
                ));
            }
            None => {
                return Err(raise!(thread, TypeError, "structseq() got an unexpected keyword argument '{text}'"));
            }
        }
    }
    let named = given.pop().flatten();
    match given.pop().flatten() {
        Some(sequence) => Ok((sequence, named)),
        None => Err(raise!(thread, TypeError, "structseq() missing required argument 'sequence' (pos 1)")),
    }
}

fn check_length(class: &Type, layout: &Layout, given: usize, thread: &mut Thread) -> PyResult<()> {
    let (least, most) = (layout.visible, layout.fields.len());
    if (least..=most).contains(&given) {
        return Ok(());
    }
    let (bound, wanted) = match layout.hidden() {
        0 => ("a", least),
        _ if given < least => ("an at least", least),
        _ => ("an at most", most),
    };
    let class = class.full_name();
    Err(raise!(thread, TypeError, "{class}() takes {bound} {wanted}-sequence ({given}-sequence given)"))
}

/// Declares a struct sequence: its name with the module's, how many fields are visible, whether programs can make instances, whether CPython makes the
/// type when its module is imported (`HEAPTYPE`), and a line for each field; `_` is one without a name.
///
/// ```text
/// struct_sequence! {
///     /// The time value as returned by gmtime(), localtime(), and strptime(), …
///     pub struct StructTime = "time.struct_time", 9 visible of 11, constructible, HEAPTYPE;
///     "tm_year": "year, for example, 1993";
///     …
/// }
/// ```
#[macro_export]
macro_rules! struct_sequence {
    (
        $(#[doc = $doc:literal])*
        $visibility:vis struct $name:ident = $python_name:literal, $visible:literal visible of $all:literal,
        $construction:ident $(, $heap:ident)?;
        $($field:tt: $field_doc:literal;)*
    ) => {
        $(#[doc = $doc])*
        #[derive(::macros::Instance)]
        #[repr(C)]
        $visibility struct $name {
            tuple: $crate::tuple::Tuple,
            hidden: $crate::tuple::struct_sequence::HiddenItems<$visible, $all>,
        }

        impl $crate::tuple::struct_sequence::StructSequence for $name {
            const LAYOUT: &'static $crate::tuple::struct_sequence::Layout = &$crate::tuple::struct_sequence::Layout {
                fields: &[$($crate::struct_sequence!(@field $field $field_doc)),*],
                visible: $visible,
            };
        }

        const _: () = assert!(
            <$name as $crate::tuple::struct_sequence::StructSequence>::LAYOUT.fields.len() == $all
        );

        $crate::struct_sequence!(@$construction $name $python_name $visible $all [$($doc)*] $($heap)?);
    };
    (@field _ $doc:literal) => {
        $crate::tuple::struct_sequence::Field {
            name: None,
            doc: $crate::tuple::struct_sequence::c_text(concat!($doc, "\0")),
        }
    };
    (@field $name:literal $doc:literal) => {
        $crate::tuple::struct_sequence::Field {
            name: Some($crate::tuple::struct_sequence::c_text(concat!($name, "\0"))),
            doc: $crate::tuple::struct_sequence::c_text(concat!($doc, "\0")),
        }
    };
    (@constructible $name:ident $python_name:literal $visible:literal $all:literal [$($doc:literal)*] $($heap:ident)?) => {
        $crate::struct_sequence!(@type $name $python_name $visible $all [$($doc)*] {
            #[slot(tp_new)]
            fn new_instance(
                class: &$crate::types::Type,
                arguments: &$crate::tuple::Tuple,
                keywords: Option<&$crate::dict::Dict>,
                thread: &mut $crate::thread::Thread,
            ) -> $crate::errors::PyResult<$crate::refs::Py<$crate::refs::Object>> {
                let layout = <Self as $crate::tuple::struct_sequence::StructSequence>::LAYOUT;
                $crate::tuple::struct_sequence::construct(class, layout, arguments, keywords, thread)
            }
        } (<Self as $crate::tuple::struct_sequence::StructSequence>::reduce) $($heap)?);
    };
    (@custom $name:ident $python_name:literal $visible:literal $all:literal [$($doc:literal)*] $($heap:ident)?) => {
        $crate::struct_sequence!(@type $name $python_name $visible $all [$($doc)*] {
            #[slot(tp_new)]
            fn new_instance(
                class: &$crate::types::Type,
                arguments: &$crate::tuple::Tuple,
                keywords: Option<&$crate::dict::Dict>,
                thread: &mut $crate::thread::Thread,
            ) -> $crate::errors::PyResult<$crate::refs::Py<$crate::refs::Object>> {
                <Self as $crate::tuple::struct_sequence::Construct>::construct(class, arguments, keywords, thread)
            }
        } (<Self as $crate::tuple::struct_sequence::Construct>::reduce) $($heap)?);
    };
    (@sealed $name:ident $python_name:literal $visible:literal $all:literal [$($doc:literal)*] $($heap:ident)?) => {
        $crate::struct_sequence!(@type $name $python_name $visible $all [$($doc)*] {}
            (<Self as $crate::tuple::struct_sequence::StructSequence>::reduce) DISALLOW_INSTANTIATION $($heap)?);
    };
    (@type $name:ident $python_name:literal $visible:literal $all:literal [$($doc:literal)*] {$($members:tt)*} ($($reduce:tt)*) $($flag:ident)*) => {
        $(#[doc = $doc])*
        #[::macros::python_type(
            name = $python_name, base = $crate::tuple::Tuple, flags(TUPLE_SUBCLASS, SEQUENCE, MATCH_SELF, $($flag),*),
            item_size = 8, basic_size = size_of::<$crate::tuple::Tuple>() + ($all - $visible) * 8,
            member_table = {
                const LAYOUT: &$crate::tuple::struct_sequence::Layout =
                    <$name as $crate::tuple::struct_sequence::StructSequence>::LAYOUT;
                static MEMBERS: [$crate::types::Member; LAYOUT.named_count()] = LAYOUT.members();
                &MEMBERS
            }
        )]
        impl $name {
            $($members)*

            #[slot(tp_repr)]
            fn repr(
                &self,
                thread: &mut $crate::thread::Thread,
            ) -> $crate::errors::PyResult<$crate::refs::Py<$crate::str::Str>> {
                let layout = <Self as $crate::tuple::struct_sequence::StructSequence>::LAYOUT;
                $crate::tuple::struct_sequence::repr(self, layout, thread)
            }

            /// __reduce__($self, /)
            /// --
            ///
            #[method]
            fn __reduce__(
                &self,
                thread: &mut $crate::thread::Thread,
            ) -> $crate::errors::PyResult<$crate::refs::Py<$crate::tuple::Tuple>> {
                $($reduce)*(self, thread)
            }

            /// __replace__($self, /, **changes)
            /// --
            ///
            /// Return a copy of the structure with new values for the specified fields.
            #[method]
            #[signature("(*args, **changes)")]
            fn __replace__(
                &self,
                args: &[&$crate::refs::Object],
                changes: Option<$crate::refs::Py<$crate::dict::Dict>>,
                thread: &mut $crate::thread::Thread,
            ) -> $crate::errors::PyResult<$crate::refs::Py<$crate::refs::Object>> {
                if !args.is_empty() {
                    return Err($crate::raise!(thread, TypeError, "__replace__() takes no positional arguments"));
                }
                let layout = <Self as $crate::tuple::struct_sequence::StructSequence>::LAYOUT;
                $crate::tuple::struct_sequence::replace(self, layout, changes, thread)
            }
        }
    };
}

/// Text of the source that ends in a zero, as a C string.
pub const fn c_text(text: &'static str) -> &'static CStr {
    match CStr::from_bytes_with_nul(text.as_bytes()) {
        Ok(text) => text,
        Err(_) => panic!("the text ends in its only zero"),
    }
}
