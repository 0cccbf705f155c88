//! `_ast`: the nodes of the syntax tree as objects.
//!
//! All classes come from the table that the tree's types come from, `ast.asdl`. [`from_tree`] makes objects of a tree, [`to_tree`] a tree of objects;
//! `compile()` is their caller. [`node`] is the class of all, `ast.AST`.

mod classes;
mod from_tree;
mod node;
mod to_tree;

use macros::python_module;
use objects::errors::PyResult;
use objects::int::Int;
use objects::module::Module;
use objects::thread::Thread;
use objects::types::{Instance as _, TypeDeclaration};
use syntax::ast::NODE_CLASSES;
use syntax::ast::reflect::ClassInfo;

pub use classes::Classes;
pub use from_tree::object_from_tree;
pub use node::AstNode;
pub use to_tree::tree_from_object;

use crate::compile::flags;

/// The types of this module that exist from the start; the others are made when they are first needed.
pub const TYPES: &[&TypeDeclaration] = &[AstNode::DECLARATION];

pub struct AstModule;

#[python_module(name = "_ast")]
impl AstModule {
    #[exec]
    fn fill(module: &Module, thread: &mut Thread) -> PyResult<()> {
        module.set("AST", AstNode::class(), thread)?;
        for (name, value) in [
            ("PyCF_ALLOW_TOP_LEVEL_AWAIT", flags::ALLOW_TOP_LEVEL_AWAIT),
            ("PyCF_ONLY_AST", flags::ONLY_AST),
            ("PyCF_TYPE_COMMENTS", flags::TYPE_COMMENTS),
            ("PyCF_OPTIMIZED_AST", flags::OPTIMIZED_AST),
        ] {
            let value = Int::from_i64(value.into(), thread);
            module.set(name, &value, thread)?;
        }
        let classes = Classes::of(thread)?;
        for ClassInfo { class, name, .. } in &NODE_CLASSES {
            module.set(name, classes.get(*class), thread)?;
        }
        Ok(())
    }
}
