//! `pycore_code.h`: how many variables of each kind a code object has, and what its unbound names turn out to be.

use std::ffi::c_int;

use bytecode::code_flags::{
    CO_FAST_ARG, CO_FAST_ARG_KW, CO_FAST_ARG_POS, CO_FAST_ARG_VAR, CO_FAST_CELL, CO_FAST_FREE, CO_FAST_HIDDEN,
};
use bytecode::instruction::Opcode;
use crossing::stateless::instructions;
use interpreter::code::Code;
use layout::PyThreadState;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol;
use objects::refs::Object;
use objects::str::Str;
use objects::thread::Thread;

use crate::entry::{Nothing, export};

#[repr(C)]
#[derive(Default)]
struct Arguments {
    total: c_int,
    positional_only: c_int,
    positional_or_keyword: c_int,
    keyword_only: c_int,
    variable: c_int,
    variable_keywords: c_int,
}

#[repr(C)]
#[derive(Default)]
struct Cells {
    total: c_int,
    arguments: c_int,
    others: c_int,
}

#[repr(C)]
#[derive(Default)]
struct Hidden {
    total: c_int,
    pure: c_int,
    cells: c_int,
}

#[repr(C)]
#[derive(Default)]
struct Globals {
    total: c_int,
    global: c_int,
    builtin: c_int,
    unknown: c_int,
}

/// `_PyCode_var_counts_t`.
#[repr(C)]
#[derive(Default)]
pub struct Counts {
    total: c_int,
    locals_total: c_int,
    arguments: Arguments,
    pure: c_int,
    cells: Cells,
    hidden: Hidden,
    free: c_int,
    unbound_total: c_int,
    globals: Globals,
    attributes: c_int,
    unknown: c_int,
}

impl Counts {
    fn of(code: &Code) -> Self {
        let mut counts = Self::default();
        for kind in code.locals_plus_kinds().as_slice() {
            counts.add(*kind);
        }
        counts.unbound_total = code.names().items().len() as c_int;
        counts.unknown = counts.unbound_total;
        counts.total = counts.locals_total + counts.free + counts.unbound_total;
        counts
    }

    /// Counts a local, a cell or a free variable.
    fn add(&mut self, kind: u8) {
        let (is_argument, is_cell, is_hidden) =
            (kind & CO_FAST_ARG != 0, kind & CO_FAST_CELL != 0, kind & CO_FAST_HIDDEN != 0);
        if kind & CO_FAST_FREE != 0 {
            self.free += 1;
            return;
        }
        self.locals_total += 1;
        if is_argument {
            self.add_argument(kind);
        } else if is_cell {
            self.cells.others += 1;
        } else {
            self.pure += 1;
        }
        self.cells.total += c_int::from(is_cell);
        self.cells.arguments += c_int::from(is_cell && is_argument);
        if is_hidden && !is_argument {
            self.hidden.total += 1;
            *(if is_cell { &mut self.hidden.cells } else { &mut self.hidden.pure }) += 1;
        }
    }

    fn add_argument(&mut self, kind: u8) {
        let arguments = &mut self.arguments;
        arguments.total += 1;
        let (positional, keyword) = (kind & CO_FAST_ARG_POS != 0, kind & CO_FAST_ARG_KW != 0);
        let place = match (kind & CO_FAST_ARG_VAR != 0, positional, keyword) {
            (true, true, _) => &mut arguments.variable,
            (true, false, _) => &mut arguments.variable_keywords,
            (false, true, true) => &mut arguments.positional_or_keyword,
            (false, true, false) => &mut arguments.positional_only,
            (false, false, _) => &mut arguments.keyword_only,
        };
        *place += 1;
    }

    /// Looks at the instructions: which unbound names are attributes, which globals, and of which kind these are.
    fn find_unbound(
        &mut self,
        code: &Code,
        sets: [Option<&Object>; 2],
        [globals, builtins]: [Option<&Dict>; 2],
        thread: &mut Thread,
    ) -> PyResult<()> {
        let (mut attributes, mut seen): (Vec<&Str>, Vec<&Str>) = (Vec::new(), Vec::new());
        for (opcode, oparg) in instructions(code) {
            let (found, set) = match opcode {
                Opcode::LoadAttr => (&mut attributes, sets[1]),
                Opcode::LoadGlobal => (&mut seen, sets[0]),
                _ => continue,
            };
            let name = code.name_at(oparg >> 1);
            if found.iter().any(|it| it.is(name)) {
                continue;
            }
            found.push(name);
            if let Some(set) = set {
                let add = thread.intern_text("add");
                protocol::call_method(set, &add, &[name], thread)?;
            }
        }
        let is_known = |name: &Object| attributes.iter().chain(&seen).any(|it| name.is(it));
        let unknown = code.names().items().iter().filter(|name| !is_known(name)).count();
        let mut found = Globals { total: seen.len() as c_int, ..Globals::default() };
        for name in seen {
            let has = |it: Option<&Dict>, thread: &Thread| it.is_some_and(|it| it.get_str(name, thread).is_some());
            if has(globals, thread) {
                found.global += 1;
            } else if has(builtins, thread) {
                found.builtin += 1;
            } else {
                found.unknown += 1;
            }
        }
        self.attributes = attributes.len() as c_int;
        // A name may be both, and is then counted twice.
        self.unknown = unknown as c_int;
        self.unbound_total = found.total + self.attributes + self.unknown;
        self.total = self.locals_total + self.free + self.unbound_total;
        self.globals = found;
        Ok(())
    }
}

export! { thread;
    fn _PyCode_GetVarCounts(code: &Code, counts: *mut Counts) -> Nothing {
        let _ = &thread;
        // SAFETY: C's caller passes room for the counts.
        unsafe { counts.write(Counts::of(code)) };
        Ok(Nothing)
    }

    fn _PyCode_SetUnboundVarCounts(
        state: *mut PyThreadState,
        code: &Code,
        counts: *mut Counts,
        global_names: Option<&Object>,
        attribute_names: Option<&Object>,
        globals: Option<&Object>,
        builtins: Option<&Object>,
    ) -> () {
        let _ = state;
        // SAFETY: C's caller passes counts that `_PyCode_GetVarCounts` has filled in.
        let Some(counts) = (unsafe { counts.as_mut() }) else { return crate::entry::bad_internal_call(thread) };
        let dicts = [globals, builtins].map(|it| it.and_then(|it| it.downcast::<Dict>()));
        counts.find_unbound(code, [global_names, attribute_names], dicts, thread)
    }
}
