//! The modules that the interpreter itself cannot do without: sys, builtins, _imp, marshal, _thread and their kin.
//!
//! The binary registers [`TYPES`] and [`MODULES`], and starts `sys` and `builtins` from its [`config::Config`].

pub mod abc_module;
pub mod ast_module;
pub mod asyncio_module;
pub mod atexit_module;
pub mod builtins_module;
pub mod compile;
pub mod config;
pub mod contextvars_module;
pub mod gc_module;
pub mod imp;
pub mod library;
pub mod lsprof_module;
pub mod main_module;
pub mod marshal_module;
pub mod opcode_module;
mod program_text;
pub mod start;
pub mod suggestions_module;
pub mod symtable_module;
pub mod sys_module;
pub mod thread_module;
pub mod tokenize_module;
pub mod tracemalloc_module;
pub mod warnings_module;
pub mod weakref_module;

use objects::module::Definition;
use objects::types::{TypeDeclaration, concatenate_declarations, count_declarations};

/// True if the object can be subscripted: what C's `PyMapping_Check` asks.
fn is_mapping(object: &objects::refs::Object) -> bool {
    // SAFETY: a type's method suites live as long as the type.
    unsafe { object.class().slots().tp_as_mapping.get().as_ref() }.is_some_and(|it| it.mp_subscript.get().is_some())
}

/// The lists of types of this crate's modules.
const LISTS: &[&[&TypeDeclaration]] = &[
    abc_module::TYPES,
    ast_module::TYPES,
    asyncio_module::TYPES,
    library::TYPES,
    lsprof_module::TYPES,
    symtable_module::TYPES,
    sys_module::TYPES,
    thread_module::TYPES,
    tokenize_module::TYPES,
];

/// The types of this crate's modules, bases first.
pub const TYPES: &[&TypeDeclaration] = &concatenate_declarations::<{ count_declarations(LISTS) }>(LISTS);

/// The modules of this crate, but for `sys`, `builtins` and `_imp`, which are made at the start.
pub const MODULES: &[&Definition] = &[
    &abc_module::AbcModule::DEFINITION,
    &ast_module::AstModule::DEFINITION,
    &asyncio_module::AsyncioModule::DEFINITION,
    &atexit_module::AtexitModule::DEFINITION,
    &contextvars_module::ContextvarsModule::DEFINITION,
    &gc_module::GcModule::DEFINITION,
    &lsprof_module::LsprofModule::DEFINITION,
    &marshal_module::MarshalModule::DEFINITION,
    &opcode_module::OpcodeModule::DEFINITION,
    &tracemalloc_module::TracemallocModule::DEFINITION,
    &suggestions_module::SuggestionsModule::DEFINITION,
    &symtable_module::SymtableModule::DEFINITION,
    &tokenize_module::TokenizeModule::DEFINITION,
    &builtins::typing::TypingModule::DEFINITION,
    &thread_module::ThreadModule::DEFINITION,
    &warnings_module::WarningsModule::DEFINITION,
    &weakref_module::WeakrefModule::DEFINITION,
];
