//! `compile`, `eval` and `exec`.

use builtins::bytes::Bytes;
use bytecode::arena::Arena;
use bytecode::code_flags::PYCF_MASK;
use bytecode::generated::GeneratedUnit;
use interpreter::code::Code;
use interpreter::execute::{provide_builtins, run_code};
use interpreter::frame;
use objects::audit;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol;
use objects::protocol::buffer::{Buffer, has_buffer};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use syntax::ast::validate::{Invalid, validate};
use syntax::ast::{NodeClass, Tree};
use syntax::parser::Mode;
use text::wtf8::Wtf8Buf;

use crate::ast_module::{AstNode, object_from_tree, tree_from_object};
use crate::compile::{
    Memory, Request, Text, compile_source, compile_tree, flags, generate_tree, optimize_tree, parse_source,
};

/// `compile(source, filename, mode, …)`.
#[allow(clippy::too_many_arguments, reason = "they are the parameters of compile()")]
pub fn compile(
    source: &Object,
    filename: &Object,
    mode: &Str,
    flags: i32,
    dont_inherit: bool,
    optimize: i32,
    feature_version: i32,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let mut flags = flags as u32;
    if flags & !flags::KNOWN != 0 {
        return Err(raise!(thread, ValueError, "compile(): unrecognised flags"));
    }
    if !(-1..=2).contains(&optimize) {
        return Err(raise!(thread, ValueError, "compile(): invalid optimize value"));
    }
    if !dont_inherit {
        flags |= inherited_flags(thread);
    }
    let mode = match mode.to_string_lossy().as_str() {
        "exec" => Mode::Module,
        "eval" => Mode::Expression,
        "single" => Mode::Interactive,
        "func_type" if flags & flags::ONLY_AST != 0 => Mode::FunctionType,
        "func_type" => {
            return Err(raise!(thread, ValueError, "compile() mode 'func_type' requires flag PyCF_ONLY_AST"));
        }
        _ if flags & flags::ONLY_AST != 0 => {
            return Err(raise!(thread, ValueError, "compile() mode must be 'exec', 'eval', 'single' or 'func_type'"));
        }
        _ => return Err(raise!(thread, ValueError, "compile() mode must be 'exec', 'eval' or 'single'")),
    };
    let filename = file_name(filename, thread)?;
    let optimize = if optimize < 0 { thread.interpreter().optimize.get() } else { optimize as u8 };
    let mut request = Request::new(mode, flags, optimize);
    if flags & flags::ONLY_AST != 0 && feature_version >= 0 {
        request.feature_version = feature_version.min(14) as u8;
    }
    if source.downcast::<AstNode>().is_some() {
        return compile_node(source, &filename, request, thread);
    }
    with_text(source, "compile", thread, |text, thread| {
        if flags & flags::ONLY_AST == 0 {
            return compile_source(text, &filename, request, thread).map(Py::into_object);
        }
        let memory = Memory::default();
        let mut tree = parse_source(text, &filename, request, &memory, thread)?;
        if flags & flags::OPTIMIZED_AST == flags::OPTIMIZED_AST {
            optimize_tree(&mut tree, &filename, request, thread)?;
        }
        object_from_tree(&tree, thread)
    })
}

/// `compile()` of a tree of objects.
fn compile_node(node: &Object, filename: &Wtf8Buf, request: Request, thread: &mut Thread) -> PyResult<Py<Object>> {
    let arena = Arena::new();
    let mut tree = valid_tree(node, request.mode, &arena, thread)?;
    if request.flags & flags::ONLY_AST != 0 {
        if request.flags & flags::OPTIMIZED_AST == flags::OPTIMIZED_AST {
            optimize_tree(&mut tree, filename, request, thread)?;
        }
        return object_from_tree(&tree, thread);
    }
    compile_tree(tree, filename, request, thread).map(Py::into_object)
}

/// The tree that a node stands for, which must be one that can be compiled.
fn valid_tree<'t>(node: &Object, mode: Mode, arena: &'t Arena, thread: &mut Thread) -> PyResult<Tree<'t>> {
    let expected = match mode {
        Mode::Module => NodeClass::Module,
        Mode::Interactive => NodeClass::Interactive,
        Mode::Expression => NodeClass::Expression,
        Mode::FunctionType => NodeClass::FunctionType,
    };
    audit!(thread, "compile", node, ())?;
    let tree = tree_from_object(node, expected, arena, thread)?;
    match validate(&tree.module) {
        Ok(()) => Ok(tree),
        Err(Invalid { is_type_error: true, message }) => Err(raise!(thread, TypeError, "{message}")),
        Err(Invalid { message, .. }) => Err(raise!(thread, ValueError, "{message}")),
    }
}

/// What code generation makes of a node: what `_PyCompile_CodeGen` of the C API shows.
pub fn generate_node<'t>(
    node: &Object,
    filename: &Object,
    flags: u32,
    optimize: u8,
    mode: i32,
    arena: &'t Arena,
    thread: &mut Thread,
) -> PyResult<GeneratedUnit<'t>> {
    if node.downcast::<AstNode>().is_none() {
        return Err(raise!(thread, TypeError, "expected an AST"));
    }
    let mode = match mode {
        0 => Mode::Module,
        1 => Mode::Expression,
        2 => Mode::Interactive,
        _ => Mode::FunctionType,
    };
    let filename = file_name(filename, thread)?;
    let tree = valid_tree(node, mode, arena, thread)?;
    generate_tree(tree, &filename, Request::new(mode, flags, optimize), thread)
}

/// The future flags of the code that calls.
fn inherited_flags(thread: &Thread) -> u32 {
    let current = frame::first_complete(thread.state().base().current_frame.get().cast());
    // SAFETY: the current frame is live.
    current.map_or(0, |it| unsafe { &*it }.code().flags() & PYCF_MASK)
}

/// A file name: a string, bytes or a path.
pub fn file_name(filename: &Object, thread: &mut Thread) -> PyResult<Wtf8Buf> {
    let path = system::path::fspath(filename, thread)?;
    let name = match path.downcast::<Bytes>() {
        Some(bytes) => system::path::decode(bytes.as_slice(), thread)?,
        None => protocol::str(&path, thread)?,
    };
    let name = text::builder::to_wtf8(name.view());
    if name.as_bytes().contains(&0) {
        return Err(raise!(thread, ValueError, "embedded null character"));
    }
    Ok(name)
}

/// Calls with the text of a source: a string or bytes.
pub fn with_text<T>(
    source: &Object,
    function: &str,
    thread: &mut Thread,
    run: impl FnOnce(Text<'_>, &mut Thread) -> PyResult<T>,
) -> PyResult<T> {
    if let Some(text) = source.downcast::<Str>() {
        if let Some(text) = text.view().as_str() {
            return run(Text::Decoded(text), thread);
        }
        let text = text::builder::to_wtf8(text.view());
        return match text.as_str() {
            Some(text) => run(Text::Decoded(text), thread),
            // Encoding the text tells where the surrogate is.
            None => match source.downcast::<Str>().map(|it| it.utf8(thread).map(drop)) {
                Some(Err(raised)) => Err(raised),
                _ => Err(raise!(thread, ValueError, "source code string cannot contain surrogates")),
            },
        };
    }
    if let Some(bytes) = source.downcast::<Bytes>() {
        return run(Text::Encoded(bytes.as_slice()), thread);
    }
    if has_buffer(source) {
        let bytes = Buffer::get(source, layout::PyBUF_SIMPLE, thread)?.to_vec(thread)?;
        return run(Text::Encoded(&bytes), thread);
    }
    let what = match function {
        "compile" => "a string, bytes or AST object",
        "symtable" => "a string or bytes object",
        _ => "a string, bytes or code object",
    };
    Err(raise!(thread, TypeError, "{function}() arg 1 must be {what}"))
}

/// The namespaces of `eval` and `exec`: given ones, or those of the calling frame.
fn namespaces(
    function: &str,
    globals: Option<&Object>,
    locals: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<(Py<Dict>, Py<Object>)> {
    if let Some(locals) = locals
        && !crate::is_mapping(locals)
    {
        let found = locals.class().short_name();
        return Err(if function == "eval" {
            raise!(thread, TypeError, "locals must be a mapping")
        } else {
            raise!(thread, TypeError, "locals must be a mapping or None, not {found}")
        });
    }
    let (globals, locals) = match globals {
        Some(globals) => {
            let Some(globals) = globals.downcast::<Dict>() else {
                let found = globals.class().short_name();
                return Err(if function == "eval" {
                    raise!(thread, TypeError, "globals must be a real dict; try eval(code, {{}}, mapping)")
                } else {
                    raise!(thread, TypeError, "{function}() globals must be a dict, not {found}")
                });
            };
            let globals = Py::from_ref(globals);
            let locals = locals.map_or_else(|| globals.clone().into_object(), Py::from_ref);
            (globals, locals)
        }
        None => {
            let globals = super::namespaces::current_globals(thread)?;
            let locals = match locals {
                Some(locals) => Py::from_ref(locals),
                None => super::namespaces::locals(thread)?,
            };
            (globals, locals)
        }
    };
    provide_builtins(&globals, thread)?;
    Ok((globals, locals))
}

/// `eval(source, globals, locals)`.
pub fn eval(
    source: &Object,
    globals: Option<&Object>,
    locals: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let (globals, locals) = namespaces("eval", globals, locals, thread)?;
    if let Some(code) = source.downcast_exact::<Code>() {
        if code.free_count() > 0 {
            return Err(raise!(thread, TypeError, "code object passed to eval() may not contain free variables"));
        }
        audit!(thread, "exec", source)?;
        return run_code(Py::from_ref(code), globals, locals, None, thread);
    }
    let request = Request::new(Mode::Expression, inherited_flags(thread), thread.interpreter().optimize.get());
    let code = with_text(source, "eval", thread, |text, thread| {
        let text = match text {
            Text::Decoded(text) => Text::Decoded(text.trim_start_matches([' ', '\t'])),
            Text::Encoded(bytes) => {
                let blanks = bytes.iter().take_while(|it| matches!(it, b' ' | b'\t')).count();
                Text::Encoded(&bytes[blanks..])
            }
            other => other,
        };
        compile_source(text, &"<string>".into(), request, thread)
    })?;
    audit!(thread, "exec", code.clone())?;
    run_code(code, globals, locals, None, thread)
}

/// `exec(source, globals, locals, closure=closure)`.
pub fn exec(
    source: &Object,
    globals: Option<&Object>,
    locals: Option<&Object>,
    closure: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<()> {
    let (globals, locals) = namespaces("exec", globals, locals, thread)?;
    if let Some(code) = source.downcast_exact::<Code>() {
        let closure = check_closure(code, closure, thread)?;
        audit!(thread, "exec", source)?;
        run_code(Py::from_ref(code), globals, locals, closure, thread)?;
        return Ok(());
    }
    if closure.is_some() {
        return Err(raise!(thread, TypeError, "closure argument can only be used when source is a code object"));
    }
    let request = Request::new(Mode::Module, inherited_flags(thread), thread.interpreter().optimize.get());
    let code =
        with_text(source, "exec", thread, |text, thread| compile_source(text, &"<string>".into(), request, thread))?;
    audit!(thread, "exec", code.clone())?;
    run_code(code, globals, locals, None, thread)?;
    Ok(())
}

/// The closure must be a tuple of as many cells as the code has free variables.
fn check_closure(code: &Code, closure: Option<&Object>, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
    let needed = code.free_count();
    if needed == 0 {
        return match closure {
            Some(_) => Err(raise!(thread, TypeError, "cannot use a closure with this code object")),
            None => Ok(None),
        };
    }
    let cells = closure.and_then(|it| it.downcast_exact::<Tuple>()).filter(|it| it.length() == needed);
    let all_cells = |it: &&Tuple| it.items().iter().all(|cell| cell.is_exactly::<objects::cell::Cell>());
    match cells.filter(all_cells) {
        Some(cells) => Ok(Some(Py::from_ref(cells))),
        None => Err(raise!(thread, TypeError, "code object requires a closure of exactly length {needed}")),
    }
}
