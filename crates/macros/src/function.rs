//! One method or function: its static description, the closure that casts its arguments, and its C entry.
//!
//! The description is `objects::method::Method`; the entry is a two-instruction thunk that loads the description's address and jumps to
//! one of the common entries in `objects::method::entry`, so a method costs a table row and a few moves.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Attribute, Error, FnArg, Ident, ImplItemFn, Pat, Type};

use crate::signature::{Documentation, Kind, Signature};

/// What a function of an `impl` block is called on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// `&self`, an instance of the type.
    Instance,
    /// The class: `#[classmethod]`, `#[new]`.
    Class,
    /// Nothing: `#[staticmethod]`.
    Static,
    /// The module object: `#[function]`.
    Module,
}

/// A declared function, ready to be emitted.
pub struct Function {
    pub python_name: String,
    pub documentation: Documentation,
    pub signature: Signature,
    binding: Binding,
    rust_name: Ident,
    /// Types of the Rust parameters that correspond to the Python parameters.
    parameters: Vec<ParameterSource>,
    takes_receiver: bool,
    takes_thread: bool,
    /// `#[defining_class]`: C code passes the class that defines the method.
    is_told_class: bool,
    /// `#[any_names]`: CPython calls the function with its named arguments as a dict, whatever the keys are.
    takes_any_names: bool,
}

struct ParameterSource {
    typ: Type,
    default: Option<TokenStream>,
}

impl Function {
    /// Reads a function item, and takes the attributes of ours off it.
    pub fn read(item: &mut ImplItemFn, binding: Binding, name: Option<String>) -> syn::Result<Self> {
        let documentation = Documentation::of(&item.attrs)?;
        let explicit = explicit_signature(&item.attrs)?;
        let signature = explicit.or_else(|| documentation.signature.clone()).unwrap_or_default();
        let rust_name = item.sig.ident.clone();
        let python_name = name.unwrap_or_else(|| rust_name.to_string().trim_start_matches("r#").to_owned());
        let mut inputs: Vec<&mut FnArg> = item.sig.inputs.iter_mut().collect();
        let takes_thread = inputs.last().is_some_and(|it| is_named(it, "thread"));
        if takes_thread {
            inputs.pop();
        }
        let takes_receiver = inputs.first().is_some_and(|it| match binding {
            Binding::Instance => matches!(it, FnArg::Receiver(_)),
            Binding::Class => is_named(it, "class"),
            Binding::Module => is_named(it, "module"),
            Binding::Static => false,
        });
        if takes_receiver {
            inputs.remove(0);
        } else if binding == Binding::Instance {
            return Err(Error::new_spanned(&item.sig.ident, "a method takes &self; or is it a #[staticmethod]?"));
        }
        if inputs.len() != signature.parameters.len() {
            let message = format!(
                "the signature has {} parameters, the function has {}",
                signature.parameters.len(),
                inputs.len()
            );
            return Err(Error::new_spanned(&item.sig.ident, message));
        }
        let parameters = inputs.into_iter().map(ParameterSource::read).collect::<syn::Result<_>>()?;
        let is_told_class = find(&item.attrs, "defining_class").is_some();
        let takes_any_names = find(&item.attrs, "any_names").is_some();
        Ok(Self {
            python_name,
            documentation,
            signature,
            binding,
            rust_name,
            parameters,
            takes_receiver,
            takes_thread,
            is_told_class,
            takes_any_names,
        })
    }

    /// The function `call(&Arguments, &mut Thread) -> PyResult<Py<Object>>` that converts words and calls.
    pub fn caller(&self, owner: &Type, name: &Ident) -> TokenStream {
        let rust_name = &self.rust_name;
        let mut passed = Vec::new();
        let mut conversions = Vec::new();
        if self.takes_receiver {
            passed.push(match self.binding {
                Binding::Instance => quote!(unsafe { arguments.receiver_as::<#owner>() }),
                Binding::Class => quote!(unsafe { arguments.receiver_as::<::objects::types::Type>() }),
                _ => quote!(unsafe { arguments.receiver_as::<::objects::module::Module>() }),
            });
        }
        let mut index = 0usize;
        for (parameter, source) in self.signature.parameters.iter().zip(&self.parameters) {
            let variable = format_ident!("argument_{}", parameter.name);
            let value = match parameter.kind {
                Kind::VariablePositional => quote!(arguments.rest()),
                Kind::VariableKeyword => quote!(arguments.keywords()),
                _ => {
                    index += 1;
                    source.conversion(index - 1, parameter.default.as_deref())
                }
            };
            conversions.push(quote!(let #variable = #value;));
            passed.push(quote!(#variable));
        }
        if self.takes_thread {
            passed.push(quote!(thread));
        }
        quote! {
            // SAFETY (of calls): the entry that calls this has checked the receiver's type against the method's owner.
            #[allow(unused_unsafe, clippy::undocumented_unsafe_blocks)]
            unsafe fn #name<'a>(
                arguments: &::objects::method::Arguments<'a>,
                thread: &mut ::objects::thread::Thread,
            ) -> ::objects::errors::PyResult<::objects::refs::Py<::objects::refs::Object>> {
                let _ = (&arguments, &thread);
                #(#conversions)*
                let result = <#owner>::#rust_name(#(#passed),*);
                ::objects::method::IntoResult::into_result(result, thread)
            }
        }
    }

    /// The calling convention that CPython's Argument Clinic would choose: its flag and the common entry for it.
    fn convention(&self) -> (TokenStream, TokenStream, Option<&'static str>) {
        let parameters = &self.signature.parameters;
        let one = parameters.len() == 1;
        if self.is_told_class {
            let flags = quote!(METH_METHOD | ::objects::method::METH_FASTCALL | ::objects::method::METH_KEYWORDS);
            (flags, quote!(keywords_and_class), Some("r9"))
        } else if parameters.is_empty() {
            (quote!(METH_NOARGS), quote!(no_arguments), Some("rdx"))
        } else if one && parameters[0].kind == Kind::PositionalOnly && parameters[0].default.is_none() {
            (quote!(METH_O), quote!(one_argument), Some("rdx"))
        } else if self.signature.is_positional_only() {
            (quote!(METH_FASTCALL), quote!(positional), Some("rcx"))
        } else {
            let any = if self.takes_any_names { quote!(| ::objects::method::TAKES_ANY_NAMES) } else { quote!() };
            (quote!(METH_FASTCALL | ::objects::method::METH_KEYWORDS #any), quote!(keywords), Some("r8"))
        }
    }

    /// The items (thunk, caller, static description) and the expression that refers to the description.
    pub fn emit(&self, owner: &Type, prefix: &str) -> (TokenStream, TokenStream) {
        let stem = format!("{prefix}_{}", self.python_name.to_lowercase());
        let (description, thunk, caller) =
            (format_ident!("{}", stem.to_uppercase()), format_ident!("{stem}_entry"), format_ident!("{stem}_call"));
        let caller_item = self.caller(owner, &caller);
        let (flag, entry, register) = self.convention();
        let load = format!("lea {}, [rip + {{description}}]", register.unwrap_or("r8"));
        let binding = match self.binding {
            Binding::Class => quote!(| ::objects::method::METH_CLASS),
            Binding::Static => quote!(| ::objects::method::METH_STATIC),
            _ => quote!(),
        };
        let table = self.signature.table();
        let python_name = c_string(&self.python_name);
        let doc = self.doc_pointer();
        let items = quote! {
            #caller_item
            #[unsafe(naked)]
            unsafe extern "C" fn #thunk() {
                ::core::arch::naked_asm!(
                    #load, "jmp {entry}",
                    description = sym #description, entry = sym ::objects::method::entry::#entry,
                )
            }
            static #description: ::objects::method::Method = ::objects::method::Method::new(
                #python_name, #thunk, ::objects::method::#flag #binding, #doc, #table, #caller,
            );
        };
        (items, quote!(&#description))
    }

    pub fn doc_pointer(&self) -> TokenStream {
        optional_c_string(&self.documentation.text)
    }
}

impl ParameterSource {
    fn read(argument: &mut FnArg) -> syn::Result<Self> {
        let FnArg::Typed(typed) = argument else {
            return Err(Error::new_spanned(argument, "a receiver comes first"));
        };
        let mut default = None;
        for attribute in typed.attrs.iter().filter(|it| it.path().is_ident("default")) {
            default = Some(attribute.meta.require_list()?.tokens.clone());
        }
        typed.attrs.retain(|it| !it.path().is_ident("default"));
        Ok(Self { typ: (*typed.ty).clone(), default })
    }

    /// The expression that converts argument `index`.
    fn conversion(&self, index: usize, default: Option<&str>) -> TokenStream {
        let typ = &self.typ;
        let convert = |typ: &Type| quote!(<#typ as ::objects::method::FromArgument>::from_argument(value, arguments.position(#index), thread)?);
        if let Some(inner) = option_inner(typ)
            && self.default.is_none()
        {
            let convert = convert(inner);
            return quote!(match arguments.value(#index) { Some(value) => Some(#convert), None => None });
        }
        let convert = convert(typ);
        let absent = match (&self.default, default) {
            (Some(expression), _) => quote!(#expression),
            (None, Some("None")) if is_or_none(typ) => quote!(::objects::method::OrNone(None)),
            (None, Some(text)) => literal_default(text),
            (None, None) => return quote!({ let value = arguments.required(#index); #convert }),
        };
        quote!(match arguments.value(#index) { Some(value) => #convert, None => #absent })
    }
}

/// A default that reads the same in both languages; others need `#[default(…)]`.
fn literal_default(text: &str) -> TokenStream {
    match text {
        "True" => quote!(true),
        "False" => quote!(false),
        "sys.maxsize" => quote!(isize::MAX),
        other if other.trim_start_matches('-').chars().all(|c| c.is_ascii_digit() || c == '.') => {
            other.parse().unwrap_or_else(|_| quote!(compile_error!("give #[default(…)]")))
        }
        _ => quote!(compile_error!("give the Rust value of this default with #[default(…)], or make it an Option")),
    }
}

/// `T` of `Option<T>`.
pub fn option_inner(typ: &Type) -> Option<&Type> {
    let Type::Path(path) = typ else { return None };
    let segment = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) if segment.ident == "Option" => Some(inner),
        _ => None,
    }
}

/// True for `OrNone<T>`.
fn is_or_none(typ: &Type) -> bool {
    matches!(typ, Type::Path(path) if path.path.segments.last().is_some_and(|it| it.ident == "OrNone"))
}

pub fn is_named(argument: &FnArg, name: &str) -> bool {
    matches!(argument, FnArg::Typed(typed)
        if matches!(&*typed.pat, Pat::Ident(it) if it.ident == name || it.ident == format!("_{name}")))
}

fn explicit_signature(attributes: &[Attribute]) -> syn::Result<Option<Signature>> {
    let Some(attribute) = find(attributes, "signature") else { return Ok(None) };
    let text: syn::LitStr = attribute.parse_args()?;
    let value = text.value();
    let inner = value.trim().trim_start_matches('(').trim_end_matches(')');
    Signature::parse(inner).map(Some).map_err(|error| Error::new_spanned(&text, error))
}

/// A C string literal.
pub fn c_string(text: &str) -> TokenStream {
    let literal = proc_macro2::Literal::c_string(&std::ffi::CString::new(text).unwrap_or_default());
    quote!(#literal)
}

/// `Some(c"…")`, or None for empty text.
pub fn optional_c_string(text: &str) -> TokenStream {
    if text.is_empty() {
        quote!(None)
    } else {
        let literal = c_string(text);
        quote!(Some(#literal))
    }
}

/// The names of the attributes that the macros consume.
pub const OUR_ATTRIBUTES: &[&str] = &[
    "method",
    "classmethod",
    "staticmethod",
    "getter",
    "setter",
    "slot",
    "new",
    "init",
    "function",
    "exec",
    "signature",
    "defining_class",
    "any_names",
];

/// Takes our attributes, and the doc comments that are Python's, off an item.
pub fn strip(item: &mut ImplItemFn) {
    item.attrs.retain(|it| !OUR_ATTRIBUTES.iter().any(|name| it.path().is_ident(name)));
}

/// The attribute of this name, if the item has it.
pub fn find<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|it| it.path().is_ident(name))
}

/// The text of `name = "…"` in an attribute's parentheses, if any.
pub fn name_argument(attribute: &Attribute) -> syn::Result<Option<String>> {
    if !matches!(attribute.meta, syn::Meta::List(_)) {
        return Ok(None);
    }
    let pair: syn::MetaNameValue = attribute.parse_args()?;
    match &pair.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) if pair.path.is_ident("name") => {
            Ok(Some(text.value()))
        }
        _ => Err(Error::new(Span::call_site(), "expected name = \"…\"")),
    }
}
