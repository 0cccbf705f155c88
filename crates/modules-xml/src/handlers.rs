//! The handlers of a parser: what Python code is called for each kind of event.

use macros::python_methods;
use objects::errors::PyResult;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use crate::xml_parser::XmlParser;

macro_rules! handlers {
    ($($kind:ident $name:literal $getter:ident $setter:ident,)*) => {
        /// A handler.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Handler {
            $(#[doc = concat!("`", $name, "`")] $kind,)*
        }

        /// How many there are.
        pub const N_HANDLERS: usize = [$(Handler::$kind),*].len();

        #[python_methods(HANDLERS)]
        impl XmlParser {
            $(
                #[getter(name = $name)]
                fn $getter(&self, thread: &mut Thread) -> Py<Object> {
                    self.handler(Handler::$kind).unwrap_or_else(|| thread.none())
                }

                #[setter(name = $name)]
                fn $setter(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
                    self.set_handler(Handler::$kind, value, thread)
                }
            )*
        }
    };
}

handlers! {
    StartElement "StartElementHandler" get_start_element set_start_element,
    EndElement "EndElementHandler" get_end_element set_end_element,
    Instruction "ProcessingInstructionHandler" get_instruction set_instruction,
    CharacterData "CharacterDataHandler" get_character_data set_character_data,
    UnparsedEntity "UnparsedEntityDeclHandler" get_unparsed_entity set_unparsed_entity,
    Notation "NotationDeclHandler" get_notation set_notation,
    StartNamespace "StartNamespaceDeclHandler" get_start_namespace set_start_namespace,
    EndNamespace "EndNamespaceDeclHandler" get_end_namespace set_end_namespace,
    Comment "CommentHandler" get_comment set_comment,
    StartCdata "StartCdataSectionHandler" get_start_cdata set_start_cdata,
    EndCdata "EndCdataSectionHandler" get_end_cdata set_end_cdata,
    Default "DefaultHandler" get_default set_default,
    DefaultExpand "DefaultHandlerExpand" get_default_expand set_default_expand,
    NotStandalone "NotStandaloneHandler" get_not_standalone set_not_standalone,
    ExternalEntity "ExternalEntityRefHandler" get_external_entity set_external_entity,
    StartDoctype "StartDoctypeDeclHandler" get_start_doctype set_start_doctype,
    EndDoctype "EndDoctypeDeclHandler" get_end_doctype set_end_doctype,
    Entity "EntityDeclHandler" get_entity set_entity,
    XmlDeclaration "XmlDeclHandler" get_xml_declaration set_xml_declaration,
    Element "ElementDeclHandler" get_element set_element,
    Attlist "AttlistDeclHandler" get_attlist set_attlist,
    SkippedEntity "SkippedEntityHandler" get_skipped_entity set_skipped_entity,
}

impl XmlParser {
    pub fn handler(&self, handler: Handler) -> Option<Py<Object>> {
        self.handlers[handler as usize].get()
    }

    pub fn has_handler(&self, handler: Handler) -> bool {
        !self.handlers[handler as usize].is_empty()
    }

    fn set_handler(&self, handler: Handler, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else {
            return Err(raise!(thread, RuntimeError, "Cannot delete attribute"));
        };
        if handler == Handler::CharacterData {
            // What there is of text is for the handler that there was.
            self.flush(thread)?;
        }
        self.handlers[handler as usize].set(Some(Py::from_ref(value)).filter(|it| !it.is_none()));
        Ok(())
    }

    /// After an exception in one of them none is called any more.
    pub fn clear_handlers(&self) {
        self.handlers.iter().for_each(|it| it.set(None));
    }
}
