//! Which code needs nothing but itself: no closure, no globals, and for scripts no arguments and no result.

use bytecode::instruction::Opcode;
use interpreter::code::Code;
use interpreter::function::Function;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::raise;
use objects::thread::Thread;

/// `CO_VARARGS`, `CO_VARKEYWORDS`.
const EXTRA_ARGUMENTS: u32 = 0x04 | 0x08;
/// `CO_GENERATOR`, `CO_COROUTINE`, `CO_ASYNC_GENERATOR`: what is returned is an object that runs the code.
const SUSPENDS: u32 = 0x20 | 0x80 | 0x200;

/// ValueError unless the function has no state: no defaults, no closure, no names but built-in ones.
pub fn check_function(function: &Function, thread: &mut Thread) -> PyResult<()> {
    if function.defaults().is_some_and(|it| !it.items().is_empty()) {
        return Err(raise!(thread, ValueError, "defaults not supported"));
    }
    if function.keyword_defaults().is_some_and(|it| !it.is_empty()) {
        return Err(raise!(thread, ValueError, "keyword defaults not supported"));
    }
    if function.closure().is_some_and(|it| !it.items().is_empty()) {
        return Err(raise!(thread, ValueError, "closures not supported"));
    }
    let globals = function.globals();
    let builtins = interpreter::execute::builtins_of(&globals, thread)?;
    let builtins = builtins.downcast::<Dict>();
    check_code(&function.code(), Some(&globals), builtins, thread)
}

/// ValueError if the code uses names of `globals`, or, where the built-in names are given, names that are not among them.
pub fn check_code(code: &Code, globals: Option<&Dict>, builtins: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
    if code.free_count() > 0 {
        return Err(raise!(thread, ValueError, "closures not supported"));
    }
    let (mut global, mut unknown) = (false, false);
    for (opcode, oparg) in instructions(code) {
        let name = match opcode {
            Opcode::LoadGlobal => code.name_at(oparg >> 1),
            _ => continue,
        };
        if globals.is_some_and(|it| it.get_str(name, thread).is_some()) {
            global = true;
        } else if builtins.is_none_or(|it| it.get_str(name, thread).is_none()) {
            unknown = true;
        }
    }
    if global || unknown && builtins.is_some() {
        return Err(raise!(thread, ValueError, "globals not supported"));
    }
    Ok(())
}

/// ValueError if the code takes arguments or returns something.
pub fn check_script(code: &Code, thread: &mut Thread) -> PyResult<()> {
    if code.argument_count() > 0 || code.keyword_only_count() > 0 || code.has_flag(EXTRA_ARGUMENTS) {
        return Err(raise!(thread, ValueError, "code with args not supported"));
    }
    if !returns_only_none(code) {
        return Err(raise!(thread, ValueError, "code that returns a value is not a script"));
    }
    Ok(())
}

/// True if whatever the code returns is None.
pub fn returns_only_none(code: &Code) -> bool {
    let none = code.constants().items().iter().position(|it| it.is_none());
    let mut last = None;
    for (opcode, oparg) in instructions(code) {
        if opcode == Opcode::ReturnValue {
            let is_none = none.is_some() && last == none.map(|at| (Opcode::LoadConst, at));
            if !is_none {
                return false;
            }
        }
        last = Some((opcode, oparg));
    }
    !code.has_flag(SUSPENDS)
}

/// The instructions as they were compiled, with their whole arguments.
pub fn instructions(code: &Code) -> Vec<(Opcode, usize)> {
    let bytes = code.original_code();
    let (mut found, mut at, mut extended) = (Vec::new(), 0, 0);
    while let (Some(opcode), Some(oparg)) = (bytes.get(at), bytes.get(at + 1)) {
        let Some(opcode) = Opcode::from_u8(*opcode) else { break };
        let oparg = extended << 8 | usize::from(*oparg);
        at += 2 + opcode.cache_entries() * 2;
        if opcode == Opcode::ExtendedArg {
            extended = oparg;
            continue;
        }
        extended = 0;
        found.push((opcode, oparg));
    }
    found
}
