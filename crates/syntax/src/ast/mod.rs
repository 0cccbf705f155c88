//! The abstract syntax tree: the nodes of the reference's module `ast`, as plain data.
//!
//! The parser makes trees, the compiler reads them, the module `_ast` turns them into objects and back. Nodes lie in an [`Arena`] and refer to
//! each other; so they need not be dropped, however deep they nest. The types are
//! generated from `ast.asdl` (to read them, open `ast.rs` in the build output, or the documentation of this module):
//!
//! - each constructor with fields is a struct of its name (the statement `Expr` is an [`ExpressionStatement`]; the
//!   asynchronous twins of statements, `TryStar`, and the three comprehensions that yield single elements share one:
//!   [`FunctionDef`], [`For`], [`With`], [`Try`], [`ElementComprehension`]);
//! - a sum with positions is a struct of `kind` and `span` ([`Stmt`], [`Expr`], [`Pattern`], [`TypeParam`]), its kind an
//!   enum of references to those structs, but for the smallest leaves, which it holds; children lie in their parent's struct;
//! - products and sums of one constructor ([`Arguments`], [`Alias`], [`ExceptHandler`]…) are structs, enumerations
//!   ([`Operator`], [`ExprContext`]…) are plain enums.
//!
//! [`reflect`] is the other view, by class name and field, driven by the table [`NODE_CLASSES`]: [`NodeRef::fields`]
//! takes any node apart, [`build`] puts one together, so conversions and dumps need no case for each class.

use bytecode::arena::{Arena, ArenaList};
use bytecode::constant::Constant as ConstantValue;
use text::wtf8::Wtf8;

use crate::interner::{Interner, Symbol};
use crate::token::Span;

pub mod dump;
pub mod reflect;
#[cfg(test)]
mod tests;
pub mod validate;

use reflect::{ClassInfo, Field, FieldInfo, FieldReader, FieldType, FieldValue, Quantity, Value, WrongField};

include!(concat!(env!("OUT_DIR"), "/ast.rs"));

/// A whole tree with the names that its nodes have.
#[derive(Debug)]
pub struct Tree<'t> {
    pub module: Mod<'t>,
    pub interner: Interner<'t>,
    /// Where its nodes are.
    pub arena: &'t Arena,
    /// The lines of all that the compiler's preprocessing has to look at, in order: a statement on none of these can be passed over. None if
    /// that is not known.
    pub lines_to_preprocess: Option<Vec<u32>>,
}

impl Arguments<'_> {
    /// No parameters.
    pub fn empty() -> Self {
        Self {
            posonlyargs: ArenaList::default(),
            args: ArenaList::default(),
            vararg: None,
            kwonlyargs: ArenaList::default(),
            kw_defaults: ArenaList::default(),
            kwarg: None,
            defaults: ArenaList::default(),
        }
    }
}
