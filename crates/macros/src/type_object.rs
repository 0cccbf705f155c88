//! `#[python_type]`: an `impl` block as a static type object.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Ident, ImplItem, ImplItemFn, ItemImpl, LitStr, Token, Type};

use crate::function::{Binding, Function, c_string, find, name_argument, optional_c_string, strip};
use crate::signature::Documentation;
use crate::slot::{Group, Slot};

/// What stands in the attribute's parentheses.
struct Declaration {
    name: LitStr,
    symbol: Option<LitStr>,
    base: Option<Type>,
    flags: Vec<Ident>,
    members: Vec<Member>,
    /// Groups of methods that stand in other `impl` blocks.
    groups: Vec<syn::Path>,
    /// In place of `members`: an expression for the whole table.
    member_table: Option<syn::Expr>,
    /// The instance's layout when the `impl` block's own type is only a view of it.
    item_size: Option<syn::Expr>,
    basic_size: Option<syn::Expr>,
    dealloc: Option<syn::Path>,
    vectorcall_offset: Option<syn::Expr>,
    weaklist_offset: Option<syn::Expr>,
    dict_offset: Option<syn::Expr>,
    unhashable: bool,
}

/// `start: Object`, `__self__(receiver): Object = "doc"`, `mut __doc__(doc): Object`, `audited tb_frame: Object`.
struct Member {
    writable: bool,
    audited: bool,
    name: Ident,
    field: Ident,
    kind: Ident,
    doc: String,
}

impl Parse for Member {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let writable = input.parse::<Option<Token![mut]>>()?.is_some();
        let mut name: Ident = input.parse()?;
        let audited = name == "audited" && input.peek(Ident);
        if audited {
            name = input.parse()?;
        }
        let field = if input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            content.parse()?
        } else {
            name.clone()
        };
        input.parse::<Token![:]>()?;
        let kind = input.parse()?;
        let doc = match input.parse::<Option<Token![=]>>()? {
            Some(_) => input.parse::<LitStr>()?.value(),
            None => String::new(),
        };
        Ok(Self { writable, audited, name, field, kind, doc })
    }
}

impl Parse for Declaration {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut declaration = Self {
            name: LitStr::new("", input.span()),
            symbol: None,
            base: None,
            flags: Vec::new(),
            members: Vec::new(),
            groups: Vec::new(),
            member_table: None,
            item_size: None,
            basic_size: None,
            dealloc: None,
            vectorcall_offset: None,
            weaklist_offset: None,
            dict_offset: None,
            unhashable: false,
        };
        while !input.is_empty() {
            declaration.parse_item(input)?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(declaration)
    }
}

impl Declaration {
    fn parse_item(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let key: Ident = input.parse()?;
        if key == "unhashable" {
            self.unhashable = true;
            return Ok(());
        }
        if key == "flags" || key == "members" || key == "groups" {
            let content;
            syn::parenthesized!(content in input);
            if key == "flags" {
                self.flags = Punctuated::<Ident, Token![,]>::parse_terminated(&content)?.into_iter().collect();
            } else if key == "members" {
                self.members = Punctuated::<Member, Token![,]>::parse_terminated(&content)?.into_iter().collect();
            } else {
                self.groups = Punctuated::<syn::Path, Token![,]>::parse_terminated(&content)?.into_iter().collect();
            }
            return Ok(());
        }
        input.parse::<Token![=]>()?;
        match key.to_string().as_str() {
            "name" => self.name = input.parse()?,
            "symbol" => self.symbol = Some(input.parse()?),
            "base" => self.base = Some(input.parse()?),
            "member_table" => self.member_table = Some(input.parse()?),
            "item_size" => self.item_size = Some(input.parse()?),
            "basic_size" => self.basic_size = Some(input.parse()?),
            "dealloc" => self.dealloc = Some(input.parse()?),
            "vectorcall_offset" => self.vectorcall_offset = Some(input.parse()?),
            "weaklist_offset" => self.weaklist_offset = Some(input.parse()?),
            "dict_offset" => self.dict_offset = Some(input.parse()?),
            _ => return Err(Error::new_spanned(&key, "not an item of a type's declaration")),
        }
        Ok(())
    }
}

/// What the functions of the `impl` block declare.
#[derive(Default)]
struct Contents {
    methods: Vec<Function>,
    getters: Vec<Accessor>,
    setters: Vec<Accessor>,
    slots: Vec<Slot>,
    new: Option<Function>,
    init: Option<Function>,
    /// What errors in a constructor's arguments call it, where that is not the type's name: `#[new(name = "…")]`.
    constructor_name: Option<String>,
}

struct Accessor {
    python_name: String,
    rust_name: Ident,
    takes_thread: bool,
    doc: String,
}

impl Accessor {
    fn read(item: &ImplItemFn, name: Option<String>) -> syn::Result<Self> {
        let rust_name = item.sig.ident.clone();
        let python_name = name.unwrap_or_else(|| {
            let text = rust_name.to_string();
            text.strip_prefix("r#").or(text.strip_prefix("set_")).unwrap_or(&text).to_owned()
        });
        let takes_thread = item.sig.inputs.last().is_some_and(|it| crate::function::is_named(it, "thread"));
        Ok(Self { python_name, rust_name, takes_thread, doc: Documentation::of(&item.attrs)?.text })
    }
}

impl Contents {
    fn read(item: &mut ItemImpl, type_documentation: &Documentation) -> syn::Result<Self> {
        let mut contents = Self::default();
        for item in &mut item.items {
            if let ImplItem::Fn(function) = item {
                contents.read_function(function, type_documentation)?;
                strip(function);
            }
        }
        Ok(contents)
    }

    fn read_function(&mut self, item: &mut ImplItemFn, type_documentation: &Documentation) -> syn::Result<()> {
        let attributes = item.attrs.clone();
        for (name, binding) in
            [("method", Binding::Instance), ("classmethod", Binding::Class), ("staticmethod", Binding::Static)]
        {
            if let Some(attribute) = find(&attributes, name) {
                self.methods.push(Function::read(item, binding, name_argument(attribute)?)?);
            }
        }
        for (name, binding) in [("new", Binding::Class), ("init", Binding::Instance)] {
            if let Some(attribute) = find(&attributes, name) {
                self.constructor_name = self.constructor_name.take().or(name_argument(attribute)?);
                if find(&attributes, "signature").is_none() && type_documentation.signature.is_none() {
                    return Err(Error::new_spanned(
                        &item.sig.ident,
                        "the type's doc has no signature: give #[signature(…)]",
                    ));
                }
                let own = std::mem::take(&mut item.attrs);
                let mut doc_source: Vec<_> = own.iter().filter(|it| !it.path().is_ident("doc")).cloned().collect();
                let text = &type_documentation.text;
                doc_source.push(syn::parse_quote!(#[doc = #text]));
                item.attrs = doc_source;
                let function = Function::read(item, binding, Some(format!("__{name}__")));
                item.attrs = own;
                if name == "new" { self.new = Some(function?) } else { self.init = Some(function?) }
            }
        }
        if let Some(attribute) = find(&attributes, "getter") {
            self.getters.push(Accessor::read(item, name_argument(attribute)?)?);
        }
        if let Some(attribute) = find(&attributes, "setter") {
            self.setters.push(Accessor::read(item, name_argument(attribute)?)?);
        }
        for attribute in attributes.iter().filter(|it| it.path().is_ident("slot")) {
            let names = attribute.parse_args_with(Punctuated::<Ident, Token![,]>::parse_terminated)?;
            for name in names {
                self.slots.push(Slot::read(name, item)?);
            }
        }
        Ok(())
    }
}

pub fn expand(arguments: TokenStream, mut item: ItemImpl) -> syn::Result<TokenStream> {
    let mut declaration: Declaration = syn::parse2(arguments)?;
    let documentation = Documentation::of(&item.attrs)?;
    item.attrs.retain(|it| !it.path().is_ident("doc"));
    let owner = (*item.self_ty).clone();
    if declaration.name.value().is_empty() {
        declaration.name = LitStr::new(&last_segment(&owner), declaration.name.span());
    }
    let contents = Contents::read(&mut item, &documentation)?;
    let (method_items, method_rows): (Vec<_>, Vec<_>) =
        contents.methods.iter().map(|it| it.emit(&owner, "method")).unzip();
    let (accessor_items, accessor_rows) = accessors(&contents, &owner)?;
    let member_rows = declaration.members.iter().map(|it| member_row(it, &owner));
    let members = match &declaration.member_table {
        Some(table) => quote!(#table),
        None => quote!(&[#(#member_rows),*]),
    };
    let slot_thunks = contents.slots.iter().map(|it| it.thunk(&owner));
    let (constructor_items, constructor_fields) = constructors(&contents, &owner, &declaration);
    let (group_statics, group_fields) = groups(&contents.slots);
    let own_slots = contents.slots.iter().filter(|it| it.group == Group::Type).map(|it| {
        let name = &it.name;
        quote!(#name: ::core::cell::Cell::new(Some(#name)),)
    });
    let type_fields = type_fields(&declaration, &documentation, &owner);
    let base = match &declaration.base {
        Some(base) => quote!(Some(<#base as ::objects::types::Instance>::DECLARATION)),
        None => quote!(None),
    };
    let symbol = declaration.symbol.as_ref().map(|it| quote!(#[unsafe(export_name = #it)]));
    let unhashable = declaration.unhashable;
    let groups = &declaration.groups;
    Ok(quote! {
        #item

        const _: () = {
            #(#method_items)*
            #(#accessor_items)*
            #(#slot_thunks)*
            #constructor_items
            #(#group_statics)*
            #symbol
            static DECLARATION: ::objects::types::TypeDeclaration = ::objects::types::TypeDeclaration::new(
                ::objects::layout::PyTypeObject {
                    #type_fields
                    #(#group_fields)*
                    #(#own_slots)*
                    #constructor_fields
                    ..::objects::layout::PyTypeObject::EMPTY
                },
                ::objects::types::Contents {
                    base: #base,
                    methods: &[#(#method_rows),*],
                    accessors: &[#(#accessor_rows),*],
                    members: #members,
                    groups: &[#(&#groups),*],
                    unhashable: #unhashable,
                },
            );
            // SAFETY: `DECLARATION` describes instances of this struct: its sizes, deallocator and traversal are this struct's.
            unsafe impl ::objects::types::Instance for #owner {
                const DECLARATION: &'static ::objects::types::TypeDeclaration = &DECLARATION;
            }
        };
    })
}

/// `#[python_methods(NAME)]`: a part of a type's methods as a static that the type's declaration names.
pub fn expand_group(arguments: TokenStream, mut item: ItemImpl) -> syn::Result<TokenStream> {
    let name: Ident = syn::parse2(arguments)?;
    let owner = (*item.self_ty).clone();
    let contents = Contents::read(&mut item, &Documentation::default())?;
    if !contents.slots.is_empty() || contents.new.is_some() || contents.init.is_some() {
        return Err(Error::new_spanned(&name, "slots and constructors belong to the type's own declaration"));
    }
    let (method_items, method_rows): (Vec<_>, Vec<_>) =
        contents.methods.iter().map(|it| it.emit(&owner, "method")).unzip();
    let (accessor_items, accessor_rows) = accessors(&contents, &owner)?;
    Ok(quote! {
        #item

        pub static #name: ::objects::types::MethodGroup = {
            #(#method_items)*
            #(#accessor_items)*
            ::objects::types::MethodGroup { methods: &[#(#method_rows),*], accessors: &[#(#accessor_rows),*] }
        };
    })
}

/// The struct's own name, which is the type's where the declaration gives none.
fn last_segment(owner: &Type) -> String {
    match owner {
        Type::Path(path) => path.path.segments.last().map(|it| it.ident.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The fields of the type object that come from the declaration itself.
fn type_fields(declaration: &Declaration, documentation: &Documentation, owner: &Type) -> TokenStream {
    let name = c_string(&declaration.name.value());
    let doc = optional_c_string(&documentation.text);
    // Not a flag of C's, but the lack of one.
    let is_mutable = declaration.flags.iter().any(|it| it == "MUTABLE");
    let mask = is_mutable.then(|| quote!(&!::objects::layout::Py_TPFLAGS_IMMUTABLETYPE));
    let flags = declaration.flags.iter().filter(|it| *it != "MUTABLE").map(|it| {
        let flag = match it.to_string().as_str() {
            // This one is private in C.
            "MATCH_SELF" => format_ident!("_Py_TPFLAGS_MATCH_SELF"),
            "HEAPTYPE" => format_ident!("NAJA_TPFLAGS_HEAPTYPE_IN_CPYTHON"),
            name => format_ident!("Py_TPFLAGS_{name}"),
        };
        quote!(| ::objects::layout::#flag)
    });
    let basic_size = match &declaration.basic_size {
        Some(size) => quote!(#size),
        None => quote!(::core::mem::size_of::<#owner>()),
    };
    let item_size = declaration.item_size.as_ref().map_or(quote!(0), |it| quote!(#it));
    let dealloc = match &declaration.dealloc {
        Some(path) => quote!(#path),
        None => quote!(::objects::refs::deallocate_instance::<#owner>),
    };
    let offset = |field: &str, value: &Option<syn::Expr>| {
        let field = format_ident!("{field}");
        value.as_ref().map(|it| quote!(#field: ::core::cell::Cell::new((#it) as isize),))
    };
    let vectorcall = declaration
        .vectorcall_offset
        .as_ref()
        .map(|it| quote!(tp_vectorcall_offset: ::core::cell::Cell::new((#it) as isize),));
    let weaklist = offset("tp_weaklistoffset", &declaration.weaklist_offset);
    let dict = offset("tp_dictoffset", &declaration.dict_offset);
    quote! {
        tp_name: ::core::cell::Cell::new(::objects::types::name_pointer(#name)),
        tp_doc: ::core::cell::Cell::new(::objects::types::doc_pointer(#doc)),
        tp_basicsize: ::core::cell::Cell::new((#basic_size) as isize),
        tp_itemsize: ::core::cell::Cell::new((#item_size) as isize),
        tp_flags: ::core::cell::Cell::new(::objects::types::flags::<#owner>(0 #(#flags)*) #mask),
        tp_dealloc: ::core::cell::Cell::new(Some(#dealloc)),
        tp_traverse: ::core::cell::Cell::new(::objects::gc::traverse_slot::<#owner>()),
        tp_clear: ::core::cell::Cell::new(::objects::gc::clear_slot::<#owner>()),
        #vectorcall #weaklist #dict
    }
}

fn groups(slots: &[Slot]) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let mut statics = Vec::new();
    let mut fields = Vec::new();
    for group in [Group::Number, Group::Sequence, Group::Mapping, Group::Async, Group::Buffer] {
        let members: Vec<_> = slots.iter().filter(|it| it.group == group).map(|it| &it.name).collect();
        let Some((field, structure)) = group.field_and_struct() else { continue };
        if members.is_empty() {
            continue;
        }
        let name = format_ident!("{}", field.to_string().to_uppercase());
        statics.push(quote! {
            static #name: ::objects::types::Shared<::objects::layout::#structure> =
                ::objects::types::Shared::new(::objects::layout::#structure {
                    #(#members: ::core::cell::Cell::new(Some(#members)),)*
                    ..::objects::layout::#structure::EMPTY
                });
        });
        fields.push(quote!(#field: ::core::cell::Cell::new(#name.get()),));
    }
    (statics, fields)
}

/// `#[new]` and `#[init]`: descriptions, and the slots that parse a tuple and a dict by them.
fn constructors(contents: &Contents, owner: &Type, declaration: &Declaration) -> (TokenStream, TokenStream) {
    let mut items = Vec::new();
    let mut fields = Vec::new();
    let type_name = declaration.name.value();
    let short_name = type_name.rsplit('.').next().unwrap_or_default().to_owned();
    for (function, is_new) in [(&contents.new, true), (&contents.init, false)] {
        let Some(function) = function else { continue };
        let stem = if is_new { "new" } else { "init" };
        let (description, caller, slot) = (
            format_ident!("{}_DESCRIPTION", stem.to_uppercase()),
            format_ident!("{stem}_call"),
            format_ident!("tp_{stem}"),
        );
        let caller_item = function.caller(owner, &caller);
        let table = function.signature.table();
        let name = c_string(contents.constructor_name.as_ref().unwrap_or(&short_name));
        items.push(quote! {
            #caller_item
            static #description: ::objects::method::Method = ::objects::method::Method::constructor(#name, #table, #caller);
        });
        items.push(if is_new {
            quote! {
                // SAFETY (of calls): called through the slot, with a type, a tuple and a dict or null.
                unsafe extern "C-unwind" fn tp_new(
                    class: *mut ::objects::layout::PyTypeObject,
                    arguments: *mut ::objects::layout::PyObject,
                    keywords: *mut ::objects::layout::PyObject,
                ) -> *mut ::objects::layout::PyObject {
                    // SAFETY: passed on as they came.
                    unsafe { ::objects::method::entry::construct(class.cast(), arguments, keywords, &NEW_DESCRIPTION) }
                }
            }
        } else {
            quote! {
                // SAFETY (of calls): called through the slot, with an instance, a tuple and a dict or null.
                unsafe extern "C-unwind" fn tp_init(
                    receiver: *mut ::objects::layout::PyObject,
                    arguments: *mut ::objects::layout::PyObject,
                    keywords: *mut ::objects::layout::PyObject,
                ) -> ::core::ffi::c_int {
                    // SAFETY: passed on as they came.
                    unsafe { ::objects::method::entry::initialize(receiver, arguments, keywords, &INIT_DESCRIPTION) }
                }
            }
        });
        fields.push(quote!(#slot: ::core::cell::Cell::new(Some(#slot)),));
    }
    if contents.new.is_some() && contents.init.is_none() {
        items.push(quote! {
            // SAFETY (of calls): called by the vectorcall protocol on this very type.
            unsafe extern "C-unwind" fn tp_vectorcall(
                class: *mut ::objects::layout::PyObject,
                arguments: *const *mut ::objects::layout::PyObject,
                count_and_flags: usize,
                keyword_names: *mut ::objects::layout::PyObject,
            ) -> *mut ::objects::layout::PyObject {
                // SAFETY: passed on as they came.
                unsafe {
                    ::objects::method::entry::construct_vector(class, arguments, count_and_flags, keyword_names, &NEW_DESCRIPTION)
                }
            }
        });
        fields.push(quote!(tp_vectorcall: ::core::cell::Cell::new(Some(tp_vectorcall)),));
    }
    (quote!(#(#items)*), quote!(#(#fields)*))
}

fn accessors(contents: &Contents, owner: &Type) -> syn::Result<(Vec<TokenStream>, Vec<TokenStream>)> {
    let mut items = Vec::new();
    let mut rows = Vec::new();
    for setter in &contents.setters {
        if !contents.getters.iter().any(|it| it.python_name == setter.python_name) {
            return Err(Error::new_spanned(&setter.rust_name, "a setter needs a getter of the same name"));
        }
    }
    for getter in &contents.getters {
        let get = format_ident!("get_{}_entry", getter.python_name);
        items.push(getter_thunk(getter, &get, owner));
        let setter = contents.setters.iter().find(|it| it.python_name == getter.python_name);
        let set = match setter {
            Some(setter) => {
                let set = format_ident!("set_{}_entry", getter.python_name);
                items.push(setter_thunk(setter, &set, owner));
                quote!(Some(#set))
            }
            None => quote!(None),
        };
        let (name, doc) = (c_string(&getter.python_name), optional_c_string(&getter.doc));
        rows.push(quote!(::objects::types::Accessor::new(#name, #get, #set, #doc)));
    }
    Ok((items, rows))
}

fn getter_thunk(getter: &Accessor, name: &Ident, owner: &Type) -> TokenStream {
    let rust_name = &getter.rust_name;
    let thread = if getter.takes_thread { quote!(, thread) } else { quote!() };
    quote! {
        unsafe extern "C-unwind" fn #name(
            receiver: *mut ::objects::layout::PyObject, _closure: *mut ::core::ffi::c_void,
        ) -> *mut ::objects::layout::PyObject {
            // SAFETY: the descriptor checks that the receiver is an instance of its owner before it calls this.
            unsafe {
                ::objects::slots::enter::unary(receiver, |receiver, thread: &mut ::objects::thread::Thread| {
                    <#owner>::#rust_name(::objects::refs::cast::<#owner>(receiver) #thread)
                })
            }
        }
    }
}

fn setter_thunk(setter: &Accessor, name: &Ident, owner: &Type) -> TokenStream {
    let rust_name = &setter.rust_name;
    let thread = if setter.takes_thread { quote!(, thread) } else { quote!() };
    quote! {
        unsafe extern "C-unwind" fn #name(
            receiver: *mut ::objects::layout::PyObject,
            value: *mut ::objects::layout::PyObject,
            _closure: *mut ::core::ffi::c_void,
        ) -> ::core::ffi::c_int {
            // SAFETY: the descriptor checks that the receiver is an instance of its owner before it calls this.
            unsafe {
                ::objects::slots::enter::set_attribute(receiver, value, |receiver, value, thread: &mut ::objects::thread::Thread| {
                    <#owner>::#rust_name(::objects::refs::cast::<#owner>(receiver), value #thread)
                })
            }
        }
    }
}

fn member_row(member: &Member, owner: &Type) -> TokenStream {
    let name = c_string(&member.name.to_string());
    let make = match member {
        Member { writable: true, .. } => quote!(writable),
        Member { audited: true, .. } => quote!(audited),
        _ => quote!(new),
    };
    let (field, kind) = (&member.field, &member.kind);
    let doc = optional_c_string(&member.doc);
    quote!(::objects::types::Member::#make(
        #name, ::objects::types::MemberKind::#kind, ::core::mem::offset_of!(#owner, #field), #doc,
    ))
}
