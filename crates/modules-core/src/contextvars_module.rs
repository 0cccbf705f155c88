//! `_contextvars`: context variables; the types themselves are built-in types.

use builtins::context::{Context, ContextVar, Token, TokenMissing, copy_current};
use macros::python_module;
use objects::errors::PyResult;
use objects::module::Module;
use objects::refs::Py;
use objects::thread::Thread;
use objects::types::{Instance, TypeDeclaration};

pub struct ContextvarsModule;

/// Context Variables
#[python_module(name = "_contextvars")]
impl ContextvarsModule {
    /// copy_context($module, /)
    /// --
    #[function]
    fn copy_context(thread: &mut Thread) -> Py<Context> {
        copy_current(thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let types: [(&str, &TypeDeclaration); 3] =
            [("Context", Context::DECLARATION), ("ContextVar", ContextVar::DECLARATION), ("Token", Token::DECLARATION)];
        for (name, declaration) in types {
            module.set(name, declaration.as_type(), thread)?;
        }
        let missing = TokenMissing::get(thread);
        let name = thread.intern_text("MISSING");
        Token::class().dict(thread).set_str(&name, &missing, thread)?;
        Token::class().modified(thread);
        Ok(())
    }
}
