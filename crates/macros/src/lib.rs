//! The attribute macros that declare types, methods and modules.
//!
//! `#[python_type]` on an `impl` block makes a static type object, `#[python_module]` on an `impl` block makes a module
//! definition, `#[derive(Instance)]` on a struct makes it the layout of an object. The code they emit is only data (method
//! definitions, parameter tables) and thin thunks; all behaviour is in `objects`.
#![forbid(unsafe_code)]

mod function;
mod instance;
mod module;
mod signature;
mod slot;
mod type_object;

use proc_macro::TokenStream;

/// Makes a struct the layout of an object: it must be `#[repr(C)]` and start with a field that is a header or another such struct.
///
/// ```text
/// #[derive(Instance)]
/// #[repr(C)]
/// pub struct Cell { header: Header, contents: Field<Object> }
/// ```
/// expands to `Deref<Target = Object>` and a `Traverse` that visits and clears every field in order.
#[proc_macro_derive(Instance)]
pub fn derive_instance(input: TokenStream) -> TokenStream {
    instance::derive(syn::parse_macro_input!(input)).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Declares the type object of the struct whose `impl` block this stands on.
///
/// ```text
/// /// list(iterable=(), /)
/// /// --
/// ///
/// /// Built-in mutable sequence.
/// #[python_type(name = "list", symbol = "PyList_Type", flags(BASETYPE, SEQUENCE))]
/// impl List {
///     /// append($self, object, /)
///     /// --
///     ///
///     /// Append object to the end of the list.
///     #[method]
///     fn append(&self, object: &Object, thread: &mut Thread) -> PyResult<()> { … }
///
///     #[slot(sq_length)]
///     fn len(&self, thread: &mut Thread) -> PyResult<usize> { … }
/// }
/// ```
/// The doc comment of a method is its `__doc__`, text signature first; the signature is also what its arguments are parsed by, so
/// names, kinds and defaults are written once. `#[signature("…")]` gives one to a method whose `__text_signature__` is None in CPython.
/// `#[defining_class]` beside `#[method]` says that CPython's method is told the class that defines it (`METH_METHOD`), which can be seen:
/// once bound, its type is `builtin_method`. `#[any_names]` beside a method with `**kwargs` says that CPython's is called with a dict, in which names
/// may be anything.
#[proc_macro_attribute]
pub fn python_type(arguments: TokenStream, item: TokenStream) -> TokenStream {
    type_object::expand(arguments.into(), syn::parse_macro_input!(item))
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}

/// Declares some of a type's methods and getters in an `impl` block of its own, for types that have many. The type's declaration names
/// the static that this makes: `#[python_type(…, groups(logic::METHODS))]`.
///
/// ```text
/// #[python_methods(METHODS)]
/// impl Decimal {
///     /// logical_invert($self, /, context=None)
///     …
///     #[method]
///     fn logical_invert(&self, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> { … }
/// }
/// ```
#[proc_macro_attribute]
pub fn python_methods(arguments: TokenStream, item: TokenStream) -> TokenStream {
    type_object::expand_group(arguments.into(), syn::parse_macro_input!(item))
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}

/// Declares a built-in module: the functions in the `impl` block are the module's functions.
///
/// ```text
/// /// Bisection algorithms. …
/// #[python_module(name = "_bisect")]
/// impl BisectModule {
///     /// bisect_right($module, /, a, x, lo=0, hi=None, *, key=None)
///     /// --
///     ///
///     /// Return the index where to insert item x in list a, assuming a is sorted. …
///     #[function]
///     fn bisect_right(…, thread: &mut Thread) -> PyResult<usize> { … }
///
///     #[exec]
///     fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> { … }
/// }
/// ```
#[proc_macro_attribute]
pub fn python_module(arguments: TokenStream, item: TokenStream) -> TokenStream {
    module::expand(arguments.into(), syn::parse_macro_input!(item))
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}
