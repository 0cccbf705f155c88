//! `pythonrun.h`, `ceval.h`, `compile.h`, `marshal.h`, `bltinmodule.h`: compiling text, running code, reading and writing code, the frame that runs.

use std::ffi::{CStr, c_char, c_int, c_void};

use interpreter::code::{Code, FreeExtra, request_extra_index};
use layout::PyObject;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::entry::{Array, Nothing, Out, bad_internal_call, export, text};
use crate::unicodeobject::decode_file_name;

/// C's `PyCompilerFlags`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct CompilerFlags {
    pub flags: c_int,
    pub feature_version: c_int,
}

const IGNORE_COOKIE: c_int = 0x800;

/// `exec(code, globals, locals)`, for code objects.
pub fn evaluate(code: &Object, globals: &Object, locals: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(code) = code.downcast::<Code>() else { return bad_internal_call(thread) };
    let Some(globals) = globals.downcast::<Dict>() else {
        return Err(raise!(thread, SystemError, "globals must be a real dict"));
    };
    if globals.get_str(&names::__builtins__, thread).is_none()
        && let Some(builtins) = thread.interpreter().builtins.get()
    {
        globals.set_str(&names::__builtins__, &builtins, thread)?;
    }
    interpreter::execute::run_code(Py::from_ref(code), Py::from_ref(globals), Py::from_ref(locals), None, thread)
}

/// `compile(source, name, mode, flags, True, optimize)`; the start symbol is one of the grammar's.
pub fn compile(
    source: &Object,
    name: &Object,
    start: c_int,
    flags: Option<CompilerFlags>,
    optimize: c_int,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let mode = match start {
        256 => "single",
        257 => "exec",
        258 => "eval",
        345 => "func_type",
        _ => return Err(raise!(thread, ValueError, "invalid start argument")),
    };
    // C code may set others, which mean nothing.
    let flags = flags.map_or(0, |it| it.flags) & bytecode::compile_flags::KNOWN as c_int;
    let compile = thread.intern_text("compile");
    let function = protocol::builtin(&compile, thread)?;
    let mode = Str::from_str(mode, thread);
    let flags = protocol::make_int(i128::from(flags), thread);
    let inherit = objects::bool::Bool::new(true);
    let optimize = protocol::make_int(i128::from(optimize), thread);
    protocol::call(&function, &[source, name, &mode, &flags, &inherit, &optimize], thread)
}

/// Text from C: what is UTF-8 is a string, anything else is left to the compiler, which reports it or finds its encoding.
fn source(content: &CStr, flags: Option<CompilerFlags>, thread: &mut Thread) -> PyResult<Py<Object>> {
    if flags.is_some_and(|it| it.flags & IGNORE_COOKIE != 0) {
        return objects::str::codecs::decode(content.to_bytes(), None, None, thread).map(Py::into_object);
    }
    thread.make_bytes(content.to_bytes())
}

pub fn flags_of(flags: Array<CompilerFlags>) -> Option<CompilerFlags> {
    flags.first(usize::from(!flags.is_null())).first().copied()
}

/// `PyRun_StringFlags`.
fn run_text(
    content: &CStr,
    start: c_int,
    globals: &Object,
    locals: Option<&Object>,
    flags: Option<CompilerFlags>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let source = source(content, flags, thread)?;
    let name = Str::from_str("<string>", thread);
    let code = compile(&source, &name, start, flags, -1, thread)?;
    evaluate(&code, globals, locals.unwrap_or(globals), thread)
}

/// Compiles and runs the contents of a file.
pub fn run_content(
    content: &[u8],
    name: &CStr,
    start: c_int,
    globals: &Object,
    locals: &Object,
    flags: Array<CompilerFlags>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let source = thread.make_bytes(content)?;
    let name = decode_file_name(name.to_bytes(), thread)?;
    let code = compile(&source, &name, start, flags_of(flags), -1, thread)?;
    evaluate(&code, globals, locals, thread)
}

/// Runs text in `__main__`; what it raises is printed.
fn run_simple(content: &CStr, flags: Option<CompilerFlags>, thread: &mut Thread) -> PyResult<()> {
    let modules = thread.interpreter().modules.get();
    let main = modules.and_then(|it| it.get_str(&names::__main__, thread));
    let Some(dict) = main.as_ref().and_then(|it| it.downcast::<objects::module::Module>()).map(|it| it.dict()) else {
        return Err(raise!(thread, SystemError, "no module __main__"));
    };
    run_text(content, 257, &dict, None, flags, thread).map(drop)
}

export! { thread;
    fn Py_CompileString(content: &CStr, name: &CStr, start: i32) -> Py<Object> {
        let source = source(content, None, thread)?;
        let name = decode_file_name(name.to_bytes(), thread)?;
        compile(&source, &name, start, None, -1, thread)
    }

    fn Py_CompileStringFlags(content: &CStr, name: &CStr, start: i32, flags: Array<CompilerFlags>) -> Py<Object> {
        let source = source(content, flags_of(flags), thread)?;
        let name = decode_file_name(name.to_bytes(), thread)?;
        compile(&source, &name, start, flags_of(flags), -1, thread)
    }

    fn Py_CompileStringExFlags(content: &CStr, name: &CStr, start: i32, flags: Array<CompilerFlags>, optimize: i32) -> Py<Object> {
        let source = source(content, flags_of(flags), thread)?;
        let name = decode_file_name(name.to_bytes(), thread)?;
        compile(&source, &name, start, flags_of(flags), optimize, thread)
    }

    fn Py_CompileStringObject(content: &CStr, name: &Object, start: i32, flags: Array<CompilerFlags>, optimize: i32) -> Py<Object> {
        let source = source(content, flags_of(flags), thread)?;
        compile(&source, name, start, flags_of(flags), optimize, thread)
    }

    fn PyRun_String(content: &CStr, start: i32, globals: &Object, locals: Option<&Object>) -> Py<Object> {
        run_text(content, start, globals, locals, None, thread)
    }

    fn PyRun_StringFlags(content: &CStr, start: i32, globals: &Object, locals: Option<&Object>, flags: Array<CompilerFlags>) -> Py<Object> {
        run_text(content, start, globals, locals, flags_of(flags), thread)
    }

    fn PyRun_SimpleString(content: &CStr) -> () {
        let result = run_simple(content, None, thread);
        printed(result, thread)
    }

    fn PyRun_SimpleStringFlags(content: &CStr, flags: Array<CompilerFlags>) -> () {
        let result = run_simple(content, flags_of(flags), thread);
        printed(result, thread)
    }

    fn PyEval_EvalCode(code: &Object, globals: &Object, locals: Option<&Object>) -> Py<Object> {
        evaluate(code, globals, locals.unwrap_or(globals), thread)
    }

    fn PyEval_EvalCodeEx(
        code: &Object, globals: &Object, locals: Option<&Object>, arguments: Array<&'static Object>, count: i32,
        keywords: Array<&'static Object>, keyword_count: i32, defaults: Array<&'static Object>, default_count: i32,
        keyword_defaults: Option<&Object>, closure: Option<&Object>
    ) -> Py<Object> {
        let (Some(code), Some(globals)) = (code.downcast::<Code>(), globals.downcast::<Dict>()) else {
            return bad_internal_call(thread);
        };
        let cells = closure.and_then(|it| it.downcast::<Tuple>()).map(Py::from_ref);
        if !code.has_flag(bytecode::code_flags::CO_OPTIMIZED) {
            let locals = Py::from_ref(locals.unwrap_or(globals));
            return interpreter::execute::run_code(Py::from_ref(code), Py::from_ref(globals), locals, cells, thread);
        }
        let builtins = interpreter::execute::builtins_of(globals, thread)?;
        let function = interpreter::function::Function::new(Py::from_ref(code), Py::from_ref(globals), builtins, thread);
        let defaults = defaults.first(default_count.max(0) as usize);
        if !defaults.is_empty() {
            let defaults = Tuple::from_slice(defaults, thread)?;
            function.initialize_defaults(defaults);
        }
        if let Some(defaults) = keyword_defaults.and_then(|it| it.downcast::<Dict>()) {
            let name = thread.intern_text("__kwdefaults__");
            protocol::set_attribute(&function, &name, Some(defaults), thread)?;
        }
        if let Some(cells) = cells {
            function.set_closure(cells);
        }
        let arguments = Tuple::from_slice(arguments.first(count.max(0) as usize), thread)?;
        let named = Dict::new(thread);
        for pair in keywords.first(2 * keyword_count.max(0) as usize).chunks(2) {
            named.set(pair[0], pair[1], thread)?;
        }
        protocol::call_tuple_or_vector(&function, &arguments, Some(&named), thread)
    }

    fn PyEval_GetBuiltins() -> *mut PyObject {
        let globals = thread.current_globals();
        let found = match globals {
            Some(globals) => interpreter::execute::builtins_of(&globals, thread)?,
            None => match thread.interpreter().builtins.get() {
                Some(builtins) => builtins.into_object(),
                None => return Ok(std::ptr::null_mut()),
            },
        };
        Ok(found.as_pointer())
    }

    fn PyEval_GetFrameBuiltins() -> Option<Py<Object>> {
        match thread.current_globals() {
            Some(globals) => interpreter::execute::builtins_of(&globals, thread).map(Some),
            None => Ok(thread.interpreter().builtins.get().map(Py::into_object)),
        }
    }

    fn PyEval_GetGlobals() -> *mut PyObject {
        Ok(thread.current_globals().map_or(std::ptr::null_mut(), |it| it.as_pointer()))
    }

    fn PyEval_GetFrameGlobals() -> Option<Py<Dict>> { Ok(thread.current_globals()) }

    fn PyEval_GetLocals() -> *mut PyObject {
        let locals = frame_locals(true, thread)?;
        Ok(locals.map_or(std::ptr::null_mut(), |it| it.as_pointer()))
    }

    fn PyEval_GetFrameLocals() -> Option<Py<Object>> { frame_locals(false, thread) }

    fn PyEval_GetFrame() -> *mut PyObject {
        Ok(crate::frame::current(thread)?.map_or(std::ptr::null_mut(), |it| it.as_pointer()))
    }

    fn PyEval_GetFuncName(function: &Object) -> *const c_char { function_name(function, thread) }

    fn PyEval_GetFuncDesc(function: &Object) -> *const c_char {
        let _ = &thread;
        let is_call = function.downcast::<objects::descriptors::BoundMethod>().is_some()
            || function.downcast::<interpreter::function::Function>().is_some()
            || function.downcast::<objects::descriptors::BuiltinFunction>().is_some();
        Ok(if is_call { c"()" } else { c" object" }.as_ptr())
    }

    fn Py_MakePendingCalls() -> () { thread.handle_pending() }

    fn Py_GetRecursionLimit() -> i32 {
        Ok(thread.state().base().py_recursion_limit.get())
    }

    fn Py_SetRecursionLimit(limit: i32) -> Nothing { thread.set_recursion_limit(limit); Ok(Nothing) }

    fn PyMarshal_WriteObjectToString(object: &Object, version: i32) -> Py<Object> {
        let version = protocol::make_int(i128::from(version), thread);
        crate::import::call_of_module("marshal", "dumps", &[object, &version], thread)
    }

    fn PyMarshal_ReadObjectFromString(content: Array<u8>, length: isize) -> Py<Object> {
        let content = content.counted(length, thread)?;
        let bytes = thread.make_bytes(content)?;
        crate::import::call_of_module("marshal", "loads", &[&bytes], thread)
    }

    fn PyCode_NewEmpty(file: &CStr, name: &CStr, line: i32) -> Py<Object> { empty_code(file, name, line, thread) }

    fn PyUnstable_Code_NewWithPosOnlyArgs(
        arguments: i32, only: i32, keyword_only: i32, locals: i32, stack: i32, flags: i32, code: &Object, constants: &Object, names: &Object,
        variables: &Object, free: &Object, cells: &Object, file: &Object, name: &Object, qualified: &Object, line: i32, lines: &Object,
        exceptions: &Object
    ) -> Py<Object> {
        let numbers = [arguments, only, keyword_only, locals, stack, flags, line].map(|it| protocol::make_int(i128::from(it), thread));
        let [arguments, only, keyword_only, locals, stack, flags, line] = &numbers;
        let all: [&Object; 18] = [
            arguments, only, keyword_only, locals, stack, flags, code, constants, names, variables, file, name, qualified, line, lines,
            exceptions, free, cells,
        ];
        let class: &Object = <Code as objects::types::Instance>::class();
        protocol::call(class, &all, thread)
    }

    fn PyUnstable_Code_New(
        arguments: i32, keyword_only: i32, locals: i32, stack: i32, flags: i32, code: &Object, constants: &Object, names: &Object,
        variables: &Object, free: &Object, cells: &Object, file: &Object, name: &Object, qualified: &Object, line: i32, lines: &Object,
        exceptions: &Object
    ) -> Py<Object> {
        let numbers = [arguments, 0, keyword_only, locals, stack, flags, line].map(|it| protocol::make_int(i128::from(it), thread));
        let [arguments, only, keyword_only, locals, stack, flags, line] = &numbers;
        let all: [&Object; 18] = [
            arguments, only, keyword_only, locals, stack, flags, code, constants, names, variables, file, name, qualified, line, lines,
            exceptions, free, cells,
        ];
        let class: &Object = <Code as objects::types::Instance>::class();
        protocol::call(class, &all, thread)
    }

    fn _PyGen_FetchStopIterationValue(value: Out<*mut PyObject>) -> () {
        value.set(std::ptr::null_mut());
        let found = match thread.take_exception() {
            None => thread.none(),
            Some(exception) => match exception.downcast::<objects::errors::StopIteration>() {
                Some(stop) => stop.value().unwrap_or_else(|| thread.none()),
                None => return Err(thread.set_exception(exception)),
            },
        };
        value.set(found.into_pointer());
        Ok(())
    }

    fn PyCode_Addr2Line(code: &Code, offset: i32) -> i32 {
        let _ = &thread;
        Ok(match usize::try_from(offset) {
            Ok(offset) => code.line_at(offset / 2).unwrap_or(-1),
            Err(_) => code.first_line(),
        })
    }

    fn PyUnstable_Code_GetExtra(code: &Code, index: isize, place: Out<*mut c_void>) -> () {
        let _ = &thread;
        place.set(usize::try_from(index).map_or(std::ptr::null_mut(), |it| code.extra(it)));
        Ok(())
    }

    fn PyUnstable_Code_SetExtra(code: &Code, index: isize, value: *mut c_void) -> () {
        match usize::try_from(index) {
            Ok(index) if code.set_extra(index, value, thread) => Ok(()),
            _ => bad_internal_call(thread),
        }
    }

    fn PyUnstable_Eval_RequestCodeExtraIndex(free: Option<FreeExtra>) -> isize {
        Ok(request_extra_index(free, thread).map_or(-1, |it| it as isize))
    }

    fn PyCode_GetCode(code: &Code) -> Py<builtins::bytes::Bytes> { code.code_bytes(thread) }
    fn PyCode_GetVarnames(code: &Code) -> Py<Tuple> { code.variable_names(thread) }
    fn PyCode_GetCellvars(code: &Code) -> Py<Tuple> { code.cell_names(thread) }
    fn PyCode_GetFreevars(code: &Code) -> Py<Tuple> { code.free_names(thread) }
    fn PyCode_GetNumFree(code: &Code) -> isize { let _ = &thread; Ok(code.free_count() as isize) }
    fn PyCode_GetFirstFree(code: &Code) -> isize {
        let _ = &thread;
        Ok(code.local_count() as isize - code.free_count() as isize)
    }

    fn PyTraceBack_Here(frame: &interpreter::frame::FrameObject) -> () { crate::frame::add_traceback(frame, thread) }

    fn PyTraceBack_Print(traceback: &Object, stream: &Object) -> () { print_traceback(traceback, stream, thread) }

    fn _PyTraceback_Add(name: &CStr, file: &CStr, line: i32) -> Nothing {
        crate::frame::add_synthetic(&text(name), &text(file), line, thread);
        Ok(Nothing)
    }
}

/// -1 for what was raised, which is printed.
pub fn printed(result: PyResult<()>, thread: &mut Thread) -> PyResult<()> {
    match result {
        Ok(()) => Ok(()),
        Err(raised) => {
            let exception = thread.catch(raised);
            thread.restore_exception(Some(exception));
            // SAFETY: the thread is attached.
            unsafe { crate::pyerrors::PyErr_Print() };
            Err(raise!(thread, SystemError, "the exception has been printed")).inspect_err(
                |_: &objects::errors::Raised| {
                    drop(thread.take_exception());
                },
            )
        }
    }
}

/// The locals of the frame that runs: its mapping of names, or a new dict of its variables. `borrowed` ones live on in the frame's object.
fn frame_locals(borrowed: bool, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let Some(frame) = crate::frame::current(thread)? else {
        if borrowed {
            return Err(raise!(thread, SystemError, "frame does not exist"));
        }
        return Err(raise!(thread, SystemError, "frame does not exist"));
    };
    crate::frame::locals(&frame, borrowed, thread).map(Some)
}

fn function_name(function: &Object, thread: &mut Thread) -> PyResult<*const c_char> {
    use objects::descriptors::{BoundMethod, BuiltinFunction};
    if let Some(method) = function.downcast::<BoundMethod>() {
        let inner = method.function();
        return function_name(&inner, thread);
    }
    if let Some(function) = function.downcast::<interpreter::function::Function>() {
        return Ok(function.name().utf8(thread)?.as_ptr().cast());
    }
    if let Some(function) = function.downcast::<BuiltinFunction>() {
        return Ok(function.definition().ml_name);
    }
    Ok(function.class().slots().tp_name.get())
}

/// Code that does nothing but raise, for tracebacks that C code makes up.
pub fn empty_code(file: &CStr, name: &CStr, line: c_int, thread: &mut Thread) -> PyResult<Py<Object>> {
    let file = decode_file_name(file.to_bytes(), thread)?;
    let name = Str::from_str(&text(name), thread);
    // RESUME; LOAD_COMMON_CONSTANT of AssertionError; RAISE_VARARGS 1. All of it is on the first line.
    let instructions = thread.make_bytes(&[0x80, 0, 0x51, 0, 0x68, 1])?;
    let lines = thread.make_bytes(&[0xea, 0])?;
    let exceptions = thread.make_bytes(&[])?;
    let [zero, one, line] = [0, 1, i128::from(line)].map(|it| protocol::make_int(it, thread));
    let empty = Tuple::empty(thread);
    let class: &Object = <Code as objects::types::Instance>::class();
    let all: [&Object; 18] = [
        &zero,
        &zero,
        &zero,
        &zero,
        &one,
        &zero,
        &instructions,
        &empty,
        &empty,
        &empty,
        &file,
        &name,
        &name,
        &line,
        &lines,
        &exceptions,
        &empty,
        &empty,
    ];
    protocol::call(class, &all, thread)
}

fn print_traceback(traceback: &Object, stream: &Object, thread: &mut Thread) -> PyResult<()> {
    if traceback.downcast::<interpreter::traceback::Traceback>().is_none() {
        return bad_internal_call(thread);
    }
    // As in CPython, lines of source without marks under them.
    let text = Str::from_str(&interpreter::traceback::format_traceback(traceback, thread), thread);
    protocol::call_method(stream, &names::write, &[&text], thread).map(|_: Py<Object>| ())
}
