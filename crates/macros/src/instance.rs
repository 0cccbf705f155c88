//! `#[derive(Instance)]`: a struct as the layout of an object.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields};

pub fn derive(input: DeriveInput) -> syn::Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "only a struct can be the layout of an object"));
    };
    let is_repr = |name: &str| {
        input.attrs.iter().any(|it| {
            it.path().is_ident("repr")
                && it.meta.require_list().is_ok_and(|list| list.tokens.to_string().contains(name))
        })
    };
    if !is_repr("C") && !is_repr("transparent") {
        return Err(Error::new_spanned(&input.ident, "the layout of an object must be #[repr(C)]"));
    }
    let members: Vec<_> = match &data.fields {
        Fields::Named(fields) => fields.named.iter().map(|it| syn::Member::Named(it.ident.clone().unwrap())).collect(),
        Fields::Unnamed(fields) => (0..fields.unnamed.len()).map(|index| syn::Member::Unnamed(index.into())).collect(),
        Fields::Unit => return Err(Error::new_spanned(&input.ident, "an object starts with a header")),
    };
    let types: Vec<_> = data.fields.iter().map(|it| &it.ty).collect();
    let Some(head) = types.first() else {
        return Err(Error::new_spanned(&input.ident, "an object starts with a header"));
    };
    let name = &input.ident;
    Ok(quote! {
        // SAFETY: the struct is `repr(C)` and its first field starts with an object header, which the bound checks.
        unsafe impl ::objects::refs::HasHeader for #name where #head: ::objects::refs::HasHeader {}

        impl ::core::ops::Deref for #name {
            type Target = ::objects::refs::Object;
            #[inline(always)]
            fn deref(&self) -> &::objects::refs::Object {
                ::objects::refs::HasHeader::as_object(self)
            }
        }

        impl ::objects::gc::Traverse for #name {
            const MAY_REFER: bool = false #(|| <#types as ::objects::gc::Traverse>::MAY_REFER)*;
            fn traverse(&self, visitor: &mut ::objects::gc::Visitor<'_>) {
                #(::objects::gc::Traverse::traverse(&self.#members, visitor);)*
            }
            fn clear(&self) {
                #(::objects::gc::Traverse::clear(&self.#members);)*
            }
        }
    })
}
