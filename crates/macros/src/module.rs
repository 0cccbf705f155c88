//! `#[python_module]`: an `impl` block as a module definition.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, ImplItem, ItemImpl, LitStr, MetaNameValue};

use crate::function::{Binding, Function, c_string, find, name_argument, optional_c_string, strip};
use crate::signature::Documentation;

pub fn expand(arguments: TokenStream, mut item: ItemImpl) -> syn::Result<TokenStream> {
    let pair: MetaNameValue = syn::parse2(arguments)?;
    let name: LitStr = match &pair.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) if pair.path.is_ident("name") => text.clone(),
        other => return Err(Error::new_spanned(other, "a module needs name = \"…\"")),
    };
    let documentation = Documentation::of(&item.attrs)?;
    item.attrs.retain(|it| !it.path().is_ident("doc"));
    let owner = (*item.self_ty).clone();
    let mut functions = Vec::new();
    let mut exec = quote!(None);
    for member in &mut item.items {
        let ImplItem::Fn(function) = member else { continue };
        let attributes = function.attrs.clone();
        if let Some(attribute) = find(&attributes, "function") {
            functions.push(Function::read(function, Binding::Module, name_argument(attribute)?)?);
        }
        if find(&attributes, "exec").is_some() {
            let rust_name = &function.sig.ident;
            exec = quote!(Some(<#owner>::#rust_name));
        }
        strip(function);
    }
    let (items, rows): (Vec<_>, Vec<_>) = functions.iter().map(|it| it.emit(&owner, "function")).unzip();
    let (name, doc) = (c_string(&name.value()), optional_c_string(&documentation.text));
    Ok(quote! {
        #item

        const _: () = {
            #(#items)*
            impl #owner {
                /// The module's definition, for the table of built-in modules.
                pub const DEFINITION: ::objects::module::Definition = ::objects::module::Definition {
                    name: #name, doc: #doc, functions: &[#(#rows),*], exec: #exec,
                };
            }
        };
    })
}
