//! `_symtable`: the compiler's tables of names as objects, for `symtable`.

use std::cell::Cell;

use compiler::future::FutureFeatures;
use compiler::symbol_table::SymbolTable;
use compiler::symbol_table::scope::{Binding, Scope, ScopeId, ScopeKind, SymbolFlags};
use interpreter::code::string;
use macros::{Instance, python_module, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::int::Int;
use objects::list::List;
use objects::module::Module;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, TypeDeclaration};
use syntax::interner::Interner;
use syntax::parser::Mode;

use crate::builtins_module::{file_name, with_text};
use crate::compile::{Memory, Request, parse_source, raise_compile_error};

/// The types of this module.
pub const TYPES: &[&TypeDeclaration] = &[SymbolTableEntry::DECLARATION];

pub struct SymtableModule;

#[python_module(name = "_symtable")]
impl SymtableModule {
    /// symtable($module, source, filename, startstr, /)
    /// --
    ///
    /// Return symbol and scope dictionaries used internally by compiler.
    #[function]
    fn symtable(
        source: &Object,
        filename: &Object,
        start: &Str,
        thread: &mut Thread,
    ) -> PyResult<Py<SymbolTableEntry>> {
        let filename = file_name(filename, thread)?;
        let mode = match start.to_string_lossy().as_str() {
            "exec" => Mode::Module,
            "eval" => Mode::Expression,
            "single" => Mode::Interactive,
            _ => {
                let message = "symtable() arg 3 must be 'exec' or 'eval' or 'single'";
                return Err(raise!(thread, ValueError, "{message}"));
            }
        };
        let request = Request::new(mode, 0, 0);
        let memory = Memory::default();
        let mut tree = with_text(source, "symtable", thread, |text, thread| {
            parse_source(text, &filename, request, &memory, thread)
        })?;
        let budget = thread.stack_left();
        let table = FutureFeatures::of(&tree).and_then(|features| SymbolTable::build(&mut tree, &features, budget));
        match table {
            Ok(table) => entry(&table, &tree.interner, ScopeId::TOP, thread),
            Err(error) => Err(raise_compile_error(&error, true, &filename, thread)),
        }
    }

    #[exec]
    fn fill(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let flags = [
            ("USE", SymbolFlags::USE),
            ("DEF_GLOBAL", SymbolFlags::GLOBAL),
            ("DEF_NONLOCAL", SymbolFlags::NONLOCAL),
            ("DEF_LOCAL", SymbolFlags::LOCAL),
            ("DEF_PARAM", SymbolFlags::PARAMETER),
            ("DEF_TYPE_PARAM", SymbolFlags::TYPE_PARAMETER),
            ("DEF_FREE_CLASS", SymbolFlags::FREE_IN_CLASS),
            ("DEF_IMPORT", SymbolFlags::IMPORT),
            ("DEF_BOUND", SymbolFlags::BOUND),
            ("DEF_ANNOT", SymbolFlags::ANNOTATED),
            ("DEF_COMP_ITER", SymbolFlags::COMPREHENSION_TARGET),
            ("DEF_COMP_CELL", SymbolFlags::COMPREHENSION_CELL),
        ];
        let kinds = [
            ("TYPE_FUNCTION", ScopeKind::Function),
            ("TYPE_CLASS", ScopeKind::Class),
            ("TYPE_MODULE", ScopeKind::Module),
            ("TYPE_ANNOTATION", ScopeKind::Annotation),
            ("TYPE_TYPE_ALIAS", ScopeKind::TypeAlias),
            ("TYPE_TYPE_PARAMETERS", ScopeKind::TypeParameters),
            ("TYPE_TYPE_VARIABLE", ScopeKind::TypeVariable),
        ];
        let bindings = [
            ("LOCAL", Binding::Local),
            ("GLOBAL_EXPLICIT", Binding::GlobalExplicit),
            ("GLOBAL_IMPLICIT", Binding::GlobalImplicit),
            ("FREE", Binding::Free),
            ("CELL", Binding::Cell),
        ];
        let flags = flags.map(|(name, flag)| (name, flag.0));
        let kinds = kinds.map(|(name, kind)| (name, kind as u32));
        let bindings = bindings.map(|(name, binding)| (name, binding as u32));
        let packing = [("SCOPE_OFF", SymbolFlags::BINDING_OFFSET), ("SCOPE_MASK", SymbolFlags::BINDING_MASK)];
        for (name, value) in flags.into_iter().chain(kinds).chain(bindings).chain(packing) {
            let value = Int::from_i64(value.into(), thread);
            module.set(name, &value, thread)?;
        }
        Ok(())
    }
}

/// A scope.
#[derive(Instance)]
#[repr(C)]
pub struct SymbolTableEntry {
    header: Header,
    id: Field,
    name: Field<Str>,
    symbols: Field<Dict>,
    variable_names: Field<List>,
    children: Field<List>,
    nested: Cell<i32>,
    kind: Cell<i32>,
    line: Cell<i32>,
}

#[python_type(
    name = "symtable entry", base = BaseObject,
    members(
        id: Object, name: Object, symbols: Object, varnames(variable_names): Object, children: Object, nested: Int,
        lineno(line): Int
    )
)]
impl SymbolTableEntry {
    #[getter(name = "type")]
    fn kind(&self) -> i32 {
        self.kind.get()
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        let name = self.name.get().map_or_else(String::new, |it| it.to_string_lossy());
        let id = match self.id.get() {
            Some(id) => protocol::repr(&id, thread)?.to_string_lossy(),
            None => String::new(),
        };
        Ok(format!("<symtable entry {name}({id}), line {}>", self.line.get()))
    }
}

/// The object of a scope and of all within it.
fn entry(
    table: &SymbolTable,
    interner: &Interner<'_>,
    id: ScopeId,
    thread: &mut Thread,
) -> PyResult<Py<SymbolTableEntry>> {
    thread.check_stack(" while making a symbol table")?;
    let scope: &Scope = table.scope(id);
    let symbols = Dict::new(thread);
    for (name, flags) in scope.symbols.iter() {
        let name = string(interner.text(name), thread);
        let name = thread.intern(&name);
        let value = Int::from_i64(flags.0.into(), thread);
        symbols.set_str(&name, &value, thread)?;
    }
    let variables = scope.parameters.iter().map(|it| string(interner.text(*it), thread).into_object()).collect();
    let variables = List::new(variables, thread)?;
    let children = scope.children.iter().map(|child| entry(table, interner, *child, thread).map(Py::into_object));
    let children = children.collect::<PyResult<Vec<_>>>()?;
    let children = List::new(children, thread)?;
    let name = string(interner.text(scope.name), thread);
    let value = SymbolTableEntry {
        header: Header::new(SymbolTableEntry::class()),
        id: Field::EMPTY,
        name: name.into(),
        symbols: symbols.into(),
        variable_names: variables.into(),
        children: children.into(),
        nested: Cell::new(scope.nested.into()),
        kind: Cell::new(scope.kind as i32),
        line: Cell::new(scope.span.start.line as i32),
    };
    let object = Py::new(value, thread);
    // CPython takes the address of the scope's node; that of the entry tells scopes apart as well.
    let identity = protocol::make_int(object.address() as i128, thread);
    object.id.set(Some(identity));
    Ok(object)
}
