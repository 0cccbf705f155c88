//! XML: `pyexpat`, which `xml.parsers.expat` and all of the package `xml` build on.
//!
//! The binary registers [`TYPES`] and [`MODULES`].
#![forbid(unsafe_code)]

mod decoder;
mod dispatch;
mod expat;
mod handlers;
mod input;
mod settings;
mod xml_parser;

use macros::python_module;
use objects::dict::Dict;
use objects::errors::{Exception, PyResult, Raised};
use objects::list::List;
use objects::module::{Definition, Module};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, TypeDeclaration};
use system::exception::Place;

use expat::errors::{self, ERRORS};
use expat::{Failure, content_model};
use xml_parser::XmlParser;

/// The types of this crate's module.
pub const TYPES: &[&TypeDeclaration] = &[XmlParser::DECLARATION];

/// The modules of this crate.
pub const MODULES: &[&Definition] = &[&PyexpatModule::DEFINITION];

/// The version of Expat whose behaviour this is.
const VERSION: [i32; 3] = [2, 7, 1];

/// `features`: how Expat would have been compiled.
const FEATURES: [(&str, i32); 6] = [
    ("sizeof(XML_Char)", 1),
    ("sizeof(XML_LChar)", 1),
    ("XML_DTD", 0),
    ("XML_CONTEXT_BYTES", 1024),
    ("XML_NS", 0),
    ("XML_GE", 0),
];

/// `model`
const MODEL: [(&str, i32); 10] = [
    ("XML_CTYPE_EMPTY", content_model::EMPTY),
    ("XML_CTYPE_ANY", content_model::ANY),
    ("XML_CTYPE_MIXED", content_model::MIXED),
    ("XML_CTYPE_NAME", content_model::NAME),
    ("XML_CTYPE_CHOICE", content_model::CHOICE),
    ("XML_CTYPE_SEQ", content_model::SEQUENCE),
    ("XML_CQUANT_NONE", 0),
    ("XML_CQUANT_OPT", 1),
    ("XML_CQUANT_REP", 2),
    ("XML_CQUANT_PLUS", 3),
];

/// What an interpreter keeps for this module.
#[derive(Default)]
struct State {
    error: Place,
}

fn error_class(thread: &mut Thread) -> PyResult<Py<Object>> {
    thread.interpreter().extension::<State>().error.class("xml.parsers.expat", "ExpatError", &[Exception], thread)
}

/// `ExpatError` for what is wrong in a document.
#[cold]
pub(crate) fn raise_failure(failure: Failure, thread: &mut Thread) -> Raised {
    let Failure { code, place } = failure;
    let message = errors::message(code as i64).unwrap_or("");
    let text = format!("{message}: line {}, column {}", place.line, place.column);
    let made = error_class(thread).and_then(|class| {
        let text = Str::from_str(&text, thread);
        let exception = protocol::call_one(&class, &text, thread)?;
        for (name, value) in [("code", code as usize), ("offset", place.column), ("lineno", place.line)] {
            let (name, value) = (thread.intern_text(name), protocol::make_int(value as i128, thread));
            protocol::set_attribute(&exception, &name, Some(&value), thread)?;
        }
        Ok(exception)
    });
    match made {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

/// `ExpatError` with a message of its own.
#[cold]
pub(crate) fn raise_message(message: &str, thread: &mut Thread) -> Raised {
    let class = error_class(thread);
    system::exception::raise_message(class, message, thread)
}

#[cold]
fn raise_no_text(value: &Object, name: &str, thread: &mut Thread) -> Raised {
    let found = value.class().full_name();
    raise!(thread, TypeError, "ParserCreate() argument '{name}' must be str or None, not {found}")
}

/// A text argument of `ParserCreate()`, if it is not None.
fn text_argument(value: Option<&Object>, name: &str, thread: &mut Thread) -> PyResult<Option<String>> {
    let Some(value) = value.filter(|it| !it.is_none()) else { return Ok(None) };
    match value.downcast::<Str>() {
        Some(text) => Ok(Some(text.to_string_lossy())),
        None => Err(raise_no_text(value, name, thread)),
    }
}

pub struct PyexpatModule;

/// Python wrapper for Expat parser.
#[python_module(name = "pyexpat")]
impl PyexpatModule {
    /// ParserCreate($module, /, encoding=None, namespace_separator=None,
    ///              intern=<unrepresentable>)
    /// --
    ///
    /// Return a new XML parser object.
    #[function]
    #[signature("(encoding=None, namespace_separator=None, intern=None)")]
    #[expect(non_snake_case, reason = "the function is named like a class")]
    fn ParserCreate(
        encoding: Option<&Object>,
        namespace_separator: Option<&Object>,
        intern: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<XmlParser>> {
        let encoding = text_argument(encoding, "encoding", thread)?;
        let separator = text_argument(namespace_separator, "namespace_separator", thread)?;
        if separator.as_ref().is_some_and(|it| it.chars().nth(1).is_some()) {
            let message = "namespace_separator must be at most one character, omitted, or None";
            return Err(raise!(thread, ValueError, "{message}"));
        }
        let names = match intern {
            None => Some(Dict::new(thread)),
            Some(none) if none.is_none() => None,
            Some(given) => match given.downcast::<Dict>() {
                Some(dict) => Some(Py::from_ref(dict)),
                None => return Err(raise!(thread, TypeError, "intern must be a dictionary")),
            },
        };
        Ok(XmlParser::create(expat::Parser::new(separator), encoding, names, thread))
    }

    /// ErrorString($module, code, /)
    /// --
    ///
    /// Returns string error for given number.
    #[function]
    #[expect(non_snake_case, reason = "Expat names it so")]
    fn ErrorString(code: i64, thread: &mut Thread) -> Py<Object> {
        match errors::message(code) {
            Some(message) => Str::from_str(message, thread).into_object(),
            None => thread.none(),
        }
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let error = error_class(thread)?;
        module.set("ExpatError", &error, thread)?;
        module.set("error", &error, thread)?;
        module.set("XMLParserType", XmlParser::class(), thread)?;
        let [major, minor, micro] = VERSION;
        let version = Str::from_str(&format!("expat_{major}.{minor}.{micro}"), thread);
        module.set("EXPAT_VERSION", &version, thread)?;
        let numbers = VERSION.map(|it| protocol::make_int(it.into(), thread));
        let numbers = Tuple::new(numbers.to_vec(), thread)?;
        module.set("version_info", &numbers, thread)?;
        let encoding = Str::from_str("UTF-8", thread);
        module.set("native_encoding", &encoding, thread)?;
        let features = features(thread)?;
        module.set("features", &features, thread)?;
        let errors = errors_module(thread)?;
        module.set("errors", &errors, thread)?;
        let model = model_module(thread)?;
        module.set("model", &model, thread)?;
        let flags = ["NEVER", "UNLESS_STANDALONE", "ALWAYS"];
        for (value, name) in flags.into_iter().enumerate() {
            let value = protocol::make_int(value as i128, thread);
            module.set(&format!("XML_PARAM_ENTITY_PARSING_{name}"), &value, thread)?;
        }
        Ok(())
    }
}

fn features(thread: &mut Thread) -> PyResult<Py<List>> {
    let mut pairs = Vec::with_capacity(FEATURES.len());
    for (name, value) in FEATURES {
        let pair = vec![Str::from_str(name, thread).into_object(), protocol::make_int(value.into(), thread)];
        pairs.push(Tuple::new(pair, thread)?.into_object());
    }
    List::new(pairs, thread)
}

/// A module in the module, which `sys.modules` has as well.
fn inner_module(name: &str, doc: &str, thread: &mut Thread) -> PyResult<Py<Module>> {
    let name = thread.intern_text(&format!("pyexpat.{name}"));
    let module = Module::new(&name, thread)?;
    let doc = Str::from_str(doc, thread);
    module.set("__doc__", &doc, thread)?;
    for name in ["__package__", "__loader__", "__spec__"] {
        let none = thread.none();
        module.set(name, &none, thread)?;
    }
    if let Some(modules) = thread.interpreter().modules.get() {
        modules.set_str(&name, &module, thread)?;
    }
    Ok(module)
}

fn errors_module(thread: &mut Thread) -> PyResult<Py<Module>> {
    let module = inner_module("errors", "Constants used to describe error conditions.", thread)?;
    let (codes, messages) = (Dict::new(thread), Dict::new(thread));
    for (code, name, message) in ERRORS {
        let (code, message) = (protocol::make_int((*code).into(), thread), Str::from_str(message, thread));
        module.set(name, &message, thread)?;
        codes.set(&message, &code, thread)?;
        messages.set(&code, &message, thread)?;
    }
    module.set("codes", &codes, thread)?;
    module.set("messages", &messages, thread)?;
    Ok(module)
}

fn model_module(thread: &mut Thread) -> PyResult<Py<Module>> {
    let module = inner_module("model", "Constants used to interpret content model information.", thread)?;
    for (name, value) in MODEL {
        let value = protocol::make_int(value.into(), thread);
        module.set(name, &value, thread)?;
    }
    Ok(module)
}
