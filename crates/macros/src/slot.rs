//! Type slots: which C signature each has, and the thunk that adapts a Rust method to it.
//!
//! [`SLOTS`] is the one table of slot names for declarations; the conversions themselves are generic functions in
//! `objects::slots::enter`, one for each shape.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Error, Ident, ImplItemFn, Type};

use crate::function::is_named;

/// The struct in which a slot lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Type,
    Number,
    Sequence,
    Mapping,
    Async,
    Buffer,
}

impl Group {
    /// The field of the type object that points to the group, and the group's struct.
    pub fn field_and_struct(self) -> Option<(Ident, Ident)> {
        let (field, name) = match self {
            Group::Type => return None,
            Group::Number => ("tp_as_number", "PyNumberMethods"),
            Group::Sequence => ("tp_as_sequence", "PySequenceMethods"),
            Group::Mapping => ("tp_as_mapping", "PyMappingMethods"),
            Group::Async => ("tp_as_async", "PyAsyncMethods"),
            Group::Buffer => ("tp_as_buffer", "PyBufferProcs"),
        };
        Some((format_ident!("{field}"), format_ident!("{name}")))
    }
}

/// The shape of a slot's C function: the function in `objects::slots::enter` that converts for it, and its C parameters.
/// The first parameter is the instance, but for shapes that start with `left`.
struct Shape {
    enter: &'static str,
    parameters: &'static [(&'static str, &'static str)],
    result: &'static str,
}

const OBJECT: &str = "*mut ::objects::layout::PyObject";
const INT: &str = "::core::ffi::c_int";

macro_rules! shapes {
    ($($name:ident ($($parameter:ident: $typ:expr),*) -> $result:expr;)*) => {
        fn shape(name: &str) -> Option<Shape> {
            match name {
                $(stringify!($name) => Some(Shape {
                    enter: stringify!($name),
                    parameters: &[$((stringify!($parameter), $typ)),*],
                    result: $result,
                }),)*
                _ => None,
            }
        }
    };
}

shapes! {
    unary(receiver: OBJECT) -> OBJECT;
    iternext(receiver: OBJECT) -> OBJECT;
    binary(left: OBJECT, right: OBJECT) -> OBJECT;
    binary_method(receiver: OBJECT, other: OBJECT) -> OBJECT;
    ternary(left: OBJECT, right: OBJECT, modulus: OBJECT) -> OBJECT;
    call(receiver: OBJECT, arguments: OBJECT, keywords: OBJECT) -> OBJECT;
    new(class: "*mut ::objects::layout::PyTypeObject", arguments: OBJECT, keywords: OBJECT) -> OBJECT;
    init(receiver: OBJECT, arguments: OBJECT, keywords: OBJECT) -> INT;
    inquiry(receiver: OBJECT) -> INT;
    length(receiver: OBJECT) -> "isize";
    hash(receiver: OBJECT) -> "isize";
    index_argument(receiver: OBJECT, index: "isize") -> OBJECT;
    assign_index(receiver: OBJECT, index: "isize", value: OBJECT) -> INT;
    assign_object(receiver: OBJECT, key: OBJECT, value: OBJECT) -> INT;
    contains(receiver: OBJECT, value: OBJECT) -> INT;
    compare(receiver: OBJECT, other: OBJECT, operation: INT) -> OBJECT;
    descriptor_get(receiver: OBJECT, instance: OBJECT, owner: OBJECT) -> OBJECT;
    finalize(receiver: OBJECT) -> "()";
    get_buffer(receiver: OBJECT, view: "*mut ::objects::layout::Py_buffer", flags: INT) -> INT;
    release_buffer(receiver: OBJECT, view: "*mut ::objects::layout::Py_buffer") -> "()";
    send(receiver: OBJECT, argument: OBJECT, result: "*mut *mut ::objects::layout::PyObject") -> "::objects::layout::PySendResult";
}

/// Every slot that a declaration can fill: name, group, shape.
pub const SLOTS: &[(&str, Group, &str)] = &[
    ("tp_repr", Group::Type, "unary"),
    ("tp_str", Group::Type, "unary"),
    ("tp_iter", Group::Type, "unary"),
    ("tp_iternext", Group::Type, "iternext"),
    ("tp_hash", Group::Type, "hash"),
    ("tp_call", Group::Type, "call"),
    ("tp_new", Group::Type, "new"),
    ("tp_init", Group::Type, "init"),
    ("tp_getattro", Group::Type, "binary_method"),
    ("tp_setattro", Group::Type, "assign_object"),
    ("tp_richcompare", Group::Type, "compare"),
    ("tp_descr_get", Group::Type, "descriptor_get"),
    ("tp_descr_set", Group::Type, "assign_object"),
    ("tp_finalize", Group::Type, "finalize"),
    ("nb_add", Group::Number, "binary"),
    ("nb_subtract", Group::Number, "binary"),
    ("nb_multiply", Group::Number, "binary"),
    ("nb_remainder", Group::Number, "binary"),
    ("nb_divmod", Group::Number, "binary"),
    ("nb_power", Group::Number, "ternary"),
    ("nb_negative", Group::Number, "unary"),
    ("nb_positive", Group::Number, "unary"),
    ("nb_absolute", Group::Number, "unary"),
    ("nb_bool", Group::Number, "inquiry"),
    ("nb_invert", Group::Number, "unary"),
    ("nb_lshift", Group::Number, "binary"),
    ("nb_rshift", Group::Number, "binary"),
    ("nb_and", Group::Number, "binary"),
    ("nb_xor", Group::Number, "binary"),
    ("nb_or", Group::Number, "binary"),
    ("nb_int", Group::Number, "unary"),
    ("nb_float", Group::Number, "unary"),
    ("nb_index", Group::Number, "unary"),
    ("nb_floor_divide", Group::Number, "binary"),
    ("nb_true_divide", Group::Number, "binary"),
    ("nb_matrix_multiply", Group::Number, "binary"),
    ("nb_inplace_add", Group::Number, "binary_method"),
    ("nb_inplace_subtract", Group::Number, "binary_method"),
    ("nb_inplace_multiply", Group::Number, "binary_method"),
    ("nb_inplace_remainder", Group::Number, "binary_method"),
    ("nb_inplace_power", Group::Number, "ternary"),
    ("nb_inplace_lshift", Group::Number, "binary_method"),
    ("nb_inplace_rshift", Group::Number, "binary_method"),
    ("nb_inplace_and", Group::Number, "binary_method"),
    ("nb_inplace_xor", Group::Number, "binary_method"),
    ("nb_inplace_or", Group::Number, "binary_method"),
    ("nb_inplace_floor_divide", Group::Number, "binary_method"),
    ("nb_inplace_true_divide", Group::Number, "binary_method"),
    ("nb_inplace_matrix_multiply", Group::Number, "binary_method"),
    ("sq_length", Group::Sequence, "length"),
    ("sq_concat", Group::Sequence, "binary_method"),
    ("sq_repeat", Group::Sequence, "index_argument"),
    ("sq_item", Group::Sequence, "index_argument"),
    ("sq_ass_item", Group::Sequence, "assign_index"),
    ("sq_contains", Group::Sequence, "contains"),
    ("sq_inplace_concat", Group::Sequence, "binary_method"),
    ("sq_inplace_repeat", Group::Sequence, "index_argument"),
    ("mp_length", Group::Mapping, "length"),
    ("mp_subscript", Group::Mapping, "binary_method"),
    ("mp_ass_subscript", Group::Mapping, "assign_object"),
    ("am_await", Group::Async, "unary"),
    ("am_aiter", Group::Async, "unary"),
    ("am_anext", Group::Async, "unary"),
    ("am_send", Group::Async, "send"),
    ("bf_getbuffer", Group::Buffer, "get_buffer"),
    ("bf_releasebuffer", Group::Buffer, "release_buffer"),
];

/// A filled slot.
pub struct Slot {
    pub name: Ident,
    pub group: Group,
    shape: Shape,
    rust_name: Ident,
    takes_thread: bool,
}

impl Slot {
    pub fn read(name: Ident, item: &ImplItemFn) -> syn::Result<Self> {
        let text = name.to_string();
        let Some((_, group, shape_name)) = SLOTS.iter().find(|row| row.0 == text) else {
            return Err(Error::new_spanned(&name, "no such slot"));
        };
        let Some(shape) = shape(shape_name) else {
            return Err(Error::new_spanned(&name, format!("the slot has no shape {shape_name}")));
        };
        let takes_thread = item.sig.inputs.last().is_some_and(|it| is_named(it, "thread"));
        Ok(Self { name, group: *group, shape, rust_name: item.sig.ident.clone(), takes_thread })
    }

    /// The thunk: a C function of the slot's signature.
    pub fn thunk(&self, owner: &Type) -> TokenStream {
        let (name, rust_name) = (&self.name, &self.rust_name);
        let enter = format_ident!("{}", self.shape.enter);
        let names: Vec<_> = self.shape.parameters.iter().map(|it| format_ident!("{}", it.0)).collect();
        let types: Vec<Type> = self.shape.parameters.iter().map(|it| parse_type(it.1)).collect();
        let result = parse_type(self.shape.result);
        let on_instance = self.shape.parameters[0].0 == "receiver";
        // Where C wants the result is the entry's business.
        let inputs: Vec<_> = names.iter().filter(|it| *it != "result").collect();
        let passed = inputs.iter().enumerate().map(|(index, name)| {
            if index == 0 && on_instance {
                quote!(unsafe { ::objects::refs::cast::<#owner>(#name) })
            } else {
                quote!(#name)
            }
        });
        let thread = if self.takes_thread { quote!(, thread) } else { quote!() };
        quote! {
            // SAFETY (of calls): the slot is only called through a type that has it, with an instance of that type where
            // the slot's protocol says so.
            #[allow(unused_unsafe, unused_variables, clippy::undocumented_unsafe_blocks)]
            unsafe extern "C-unwind" fn #name(#(#names: #types),*) -> #result {
                unsafe {
                    ::objects::slots::enter::#enter(
                        #(#names,)*
                        |#(#inputs,)* thread: &mut ::objects::thread::Thread| <#owner>::#rust_name(#(#passed),* #thread),
                    )
                }
            }
        }
    }
}

fn parse_type(text: &str) -> Type {
    syn::parse_str(text).expect("the table of shapes holds Rust types")
}
