//! `Token`, and the marker for a variable that had no value.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::object::Context;
use super::variable::ContextVar;

/// `Token.MISSING`.
#[derive(Instance)]
#[repr(C)]
pub struct TokenMissing {
    header: Header,
}

/// The one instance of each interpreter.
#[derive(Default)]
struct TheMissing(Field<TokenMissing>);

impl TokenMissing {
    /// `Token.MISSING`.
    pub fn get(thread: &mut Thread) -> Py<TokenMissing> {
        let known = thread.interpreter().extension::<TheMissing>();
        if let Some(missing) = known.0.get() {
            return missing;
        }
        let missing = Py::new(TokenMissing { header: Header::new(TokenMissing::class()) }, thread);
        known.0.set(Some(missing.clone()));
        missing
    }
}

#[python_type(name = "Token.MISSING", base = BaseObject)]
impl TokenMissing {
    #[slot(tp_repr)]
    fn repr(&self) -> &'static str {
        "<Token.MISSING>"
    }
}

/// What `ContextVar.set` gives, to take the setting back.
#[derive(Instance)]
#[repr(C)]
pub struct Token {
    header: Header,
    context: Field<Context>,
    variable: Field<ContextVar>,
    old: Field,
    used: Cell<bool>,
}

impl Token {
    pub(super) fn new(
        context: &Context,
        variable: &ContextVar,
        old: Option<Py<Object>>,
        thread: &mut Thread,
    ) -> Py<Token> {
        let value = Token {
            header: Header::new(Token::class()),
            context: Py::from_ref(context).into(),
            variable: Py::from_ref(variable).into(),
            old: Field::new(old),
            used: Cell::new(false),
        };
        Py::new(value, thread)
    }

    pub(super) fn is_used(&self) -> bool {
        self.used.get()
    }

    pub(super) fn use_up(&self) {
        self.used.set(true);
    }

    pub(super) fn is_of_variable(&self, variable: &ContextVar) -> bool {
        self.variable.holds(variable)
    }

    pub(super) fn is_of_context(&self, context: &Context) -> bool {
        self.context.holds(context)
    }

    pub(super) fn old(&self) -> Option<Py<Object>> {
        self.old.get()
    }
}

#[python_type(name = "_contextvars.Token", symbol = "PyContextToken_Type", base = BaseObject, unhashable)]
impl Token {
    #[slot(tp_new)]
    fn new_token(class: &Type, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Token>> {
        let _ = (class, arguments, keywords);
        Err(raise!(thread, RuntimeError, "Tokens can only be created by ContextVars"))
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        let used = if self.used.get() { " used" } else { "" };
        let variable = match self.variable.get() {
            Some(variable) => protocol::repr(&variable, thread)?.to_string_lossy(),
            None => String::new(),
        };
        Ok(format!("<Token{used} var={variable} at {:#x}>", self.address()))
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// Tokens are generic over the same type as the ContextVar which created them.
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    /// __enter__($self, /)
    /// --
    ///
    /// Enter into Token context manager.
    #[method]
    fn __enter__(&self) -> Py<Token> {
        Py::from_ref(self)
    }

    /// __exit__($self, type, val, tb, /)
    /// --
    ///
    /// Exit from Token context manager, restore the linked ContextVar.
    #[method]
    fn __exit__(&self, class: &Object, value: &Object, traceback: &Object, thread: &mut Thread) -> PyResult<()> {
        let _ = (class, value, traceback);
        match self.variable.get() {
            Some(variable) => variable.reset_to(self, thread),
            None => Ok(()),
        }
    }

    #[getter]
    fn var(&self) -> Option<Py<ContextVar>> {
        self.variable.get()
    }

    #[getter]
    fn old_value(&self, thread: &mut Thread) -> Py<Object> {
        self.old.get().unwrap_or_else(|| TokenMissing::get(thread).into_object())
    }
}
