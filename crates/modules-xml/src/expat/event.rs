//! What a parser tells of.

use super::ContentModel;
use super::parser::Place;

/// Something that was read.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Names and values of the attributes; how many of them stand in the tag.
    StartElement {
        name: String,
        attributes: Vec<(String, String)>,
        specified: usize,
    },
    EndElement {
        name: String,
    },
    Text(String),
    Comment(String),
    Instruction {
        target: String,
        data: String,
    },
    XmlDeclaration {
        version: Option<String>,
        encoding: Option<String>,
        standalone: i32,
    },
    StartDoctype {
        name: String,
        system: Option<String>,
        public: Option<String>,
        has_subset: bool,
    },
    /// What is between the internal subset and the end.
    InDoctype,
    EndDoctype,
    /// What is neither a value nor where one is, is None.
    EntityDeclaration {
        name: String,
        is_parameter: bool,
        value: Option<String>,
        system: Option<String>,
        public: Option<String>,
        notation: Option<String>,
    },
    NotationDeclaration {
        name: String,
        system: Option<String>,
        public: Option<String>,
    },
    ElementDeclaration {
        name: String,
        model: ContentModel,
    },
    AttributeDeclaration {
        element: String,
        name: String,
        kind: String,
        default: Option<String>,
        is_required: bool,
    },
    StartNamespace {
        prefix: Option<String>,
        uri: Option<String>,
    },
    EndNamespace {
        prefix: Option<String>,
    },
    StartCdata,
    EndCdata,
    SkippedEntity {
        name: String,
        is_parameter: bool,
    },
    /// The reference to an entity that is elsewhere, without a context if it is one of declarations. If nobody can read it, that is an error.
    ExternalEntity {
        context: Option<String>,
        system: Option<String>,
        public: Option<String>,
    },
    /// The document depends on others. Somebody may refuse that.
    NotStandalone,
    /// What nothing else tells of.
    Other,
}

/// An event, and how it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub event: Event,
    /// The text, if somebody asked for it and it is to be told where nobody asked for the event.
    pub raw: Option<String>,
    /// Where it is, if that is not where the token begins.
    pub place: Option<Place>,
}
