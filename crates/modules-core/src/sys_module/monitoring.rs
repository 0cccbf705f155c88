//! `sys.monitoring` (PEP 669): tools, their names and callbacks.
//!
//! The register of tools and callbacks is here, per interpreter. The loop does not deliver events yet: asking for any raises
//! NotImplementedError, so that no tool waits for events that never come.

use std::cell::RefCell;

use builtins::namespace::SimpleNamespace;
use interpreter::code::Code;
use macros::python_module;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::int::Int;
use objects::module::Module;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;

/// Tools that can be in use at a time.
const TOOLS: usize = 6;
/// The events in the order of their bits; the last three are no local events.
const EVENTS: [&str; 19] = [
    "PY_START",
    "PY_RESUME",
    "PY_RETURN",
    "PY_YIELD",
    "CALL",
    "LINE",
    "INSTRUCTION",
    "JUMP",
    "BRANCH_LEFT",
    "BRANCH_RIGHT",
    "STOP_ITERATION",
    "RAISE",
    "EXCEPTION_HANDLED",
    "PY_UNWIND",
    "PY_THROW",
    "RERAISE",
    "C_RETURN",
    "C_RAISE",
    "BRANCH",
];
/// Events that can be asked for in one code object.
const LOCAL_EVENTS: usize = 11;
const C_RETURN: i64 = 1 << 16;
const C_RAISE: i64 = 1 << 17;
const BRANCH: i64 = 1 << 18;
const CALL: i64 = 1 << 4;
const BRANCHES: i64 = 1 << 8 | 1 << 9;

/// One tool.
#[derive(Default)]
struct Tool {
    name: Option<Py<Object>>,
    callbacks: [Option<Py<Object>>; EVENTS.len()],
}

/// The tools of an interpreter.
#[derive(Default)]
struct Tools(RefCell<[Tool; TOOLS]>);

pub struct MonitoringModule;

#[python_module(name = "sys.monitoring")]
impl MonitoringModule {
    /// use_tool_id($module, tool_id, name, /)
    /// --
    ///
    #[function]
    fn use_tool_id(tool_id: i64, name: &Object, thread: &mut Thread) -> PyResult<()> {
        let tool = checked(tool_id, thread)?;
        if name.downcast::<Str>().is_none() {
            return Err(raise!(thread, ValueError, "tool name must be a str"));
        }
        let tools = thread.interpreter().extension::<Tools>();
        if tools.0.borrow()[tool].name.is_some() {
            return Err(raise!(thread, ValueError, "tool {tool_id} is already in use"));
        }
        tools.0.borrow_mut()[tool].name = Some(Py::from_ref(name));
        Ok(())
    }

    /// clear_tool_id($module, tool_id, /)
    /// --
    ///
    #[function]
    fn clear_tool_id(tool_id: i64, thread: &mut Thread) -> PyResult<()> {
        let tool = checked(tool_id, thread)?;
        let tools = thread.interpreter().extension::<Tools>();
        let callbacks = std::mem::take(&mut tools.0.borrow_mut()[tool].callbacks);
        drop(callbacks);
        Ok(())
    }

    /// free_tool_id($module, tool_id, /)
    /// --
    ///
    #[function]
    fn free_tool_id(tool_id: i64, thread: &mut Thread) -> PyResult<()> {
        let tool = checked(tool_id, thread)?;
        let tools = thread.interpreter().extension::<Tools>();
        let freed = std::mem::take(&mut tools.0.borrow_mut()[tool]);
        drop(freed);
        Ok(())
    }

    /// get_tool($module, tool_id, /)
    /// --
    ///
    #[function]
    fn get_tool(tool_id: i64, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let tool = checked(tool_id, thread)?;
        let name = thread.interpreter().extension::<Tools>().0.borrow()[tool].name.clone();
        Ok(name)
    }

    /// register_callback($module, tool_id, event, func, /)
    /// --
    ///
    #[function]
    fn register_callback(tool_id: i64, event: i64, func: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let tool = checked(tool_id, thread)?;
        if event <= 0 || event & (event - 1) != 0 {
            return Err(raise!(thread, ValueError, "The callback can only be set for one event at a time"));
        }
        let index = event.trailing_zeros() as usize;
        if index >= EVENTS.len() {
            return Err(raise!(thread, ValueError, "invalid event {event}"));
        }
        let function = (!func.is_none()).then(|| Py::from_ref(func));
        let tools = thread.interpreter().extension::<Tools>();
        let before = std::mem::replace(&mut tools.0.borrow_mut()[tool].callbacks[index], function);
        Ok(before)
    }

    /// get_events($module, tool_id, /)
    /// --
    ///
    #[function]
    fn get_events(tool_id: i64, thread: &mut Thread) -> PyResult<i64> {
        checked(tool_id, thread)?;
        Ok(0)
    }

    /// set_events($module, tool_id, event_set, /)
    /// --
    ///
    #[function]
    fn set_events(tool_id: i64, event_set: i64, thread: &mut Thread) -> PyResult<()> {
        let tool = checked(tool_id, thread)?;
        if !(0..1 << EVENTS.len()).contains(&event_set) {
            return Err(raise!(thread, ValueError, "invalid event set 0x{event_set:x}"));
        }
        check_dependent(event_set, thread)?;
        check_in_use(tool, thread)?;
        refuse(event_set, thread)
    }

    /// get_local_events($module, tool_id, code, /)
    /// --
    ///
    #[function]
    fn get_local_events(tool_id: i64, code: &Object, thread: &mut Thread) -> PyResult<i64> {
        check_code(code, thread)?;
        checked(tool_id, thread)?;
        Ok(0)
    }

    /// set_local_events($module, tool_id, code, event_set, /)
    /// --
    ///
    #[function]
    fn set_local_events(tool_id: i64, code: &Object, event_set: i64, thread: &mut Thread) -> PyResult<()> {
        check_code(code, thread)?;
        let tool = checked(tool_id, thread)?;
        check_dependent(event_set, thread)?;
        let local = event_set & !(C_RETURN | C_RAISE | BRANCH);
        if !(0..1 << LOCAL_EVENTS).contains(&local) {
            return Err(raise!(thread, ValueError, "invalid local event set 0x{event_set:x}"));
        }
        check_in_use(tool, thread)?;
        refuse(event_set, thread)
    }

    /// restart_events($module, /)
    /// --
    ///
    #[function]
    fn restart_events() {
        // No event has been disabled, since none was delivered.
    }

    /// _all_events($module, /)
    /// --
    ///
    #[function]
    fn _all_events(thread: &mut Thread) -> Py<Dict> {
        Dict::new(thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let events = Dict::new(thread);
        let names = EVENTS.iter().enumerate().map(|(index, name)| (*name, 1 << index));
        for (name, bit) in names.chain([("NO_EVENTS", 0)]) {
            let (name, bit) = (thread.intern_text(name), Int::from_i64(bit, thread));
            events.set_str(&name, &bit, thread)?;
        }
        let events = SimpleNamespace::new(events, thread);
        module.set("events", &events, thread)?;
        for name in ["DISABLE", "MISSING"] {
            let marker = protocol::call(BaseObject::class(), &[], thread)?;
            module.set(name, &marker, thread)?;
        }
        for (name, tool) in [("DEBUGGER_ID", 0), ("COVERAGE_ID", 1), ("PROFILER_ID", 2), ("OPTIMIZER_ID", 5)] {
            let tool = Int::from_i64(tool, thread);
            module.set(name, &tool, thread)?;
        }
        Ok(())
    }
}

fn checked(tool: i64, thread: &mut Thread) -> PyResult<usize> {
    match usize::try_from(tool) {
        Ok(index) if index < TOOLS => Ok(index),
        _ => Err(raise!(thread, ValueError, "invalid tool {tool} (must be between 0 and 5)")),
    }
}

fn check_code(code: &Object, thread: &mut Thread) -> PyResult<()> {
    match code.downcast::<Code>() {
        Some(_) => Ok(()),
        None => Err(raise!(thread, TypeError, "code must be a code object")),
    }
}

fn check_in_use(tool: usize, thread: &mut Thread) -> PyResult<()> {
    if thread.interpreter().extension::<Tools>().0.borrow()[tool].name.is_none() {
        return Err(raise!(thread, ValueError, "tool {tool} is not in use"));
    }
    Ok(())
}

/// What C functions return and raise comes along with CALL alone; BRANCH is an old name for both branches.
fn check_dependent(events: i64, thread: &mut Thread) -> PyResult<()> {
    let of_c = events & (C_RETURN | C_RAISE);
    if of_c != 0 && events & CALL == 0 {
        return Err(raise!(thread, ValueError, "cannot set C_RETURN or C_RAISE events independently"));
    }
    if events & BRANCH != 0 && events & BRANCHES != 0 {
        return Err(raise!(thread, ValueError, "cannot set both BRANCH and BRANCH_LEFT or BRANCH_RIGHT events"));
    }
    Ok(())
}

fn refuse(events: i64, thread: &mut Thread) -> PyResult<()> {
    match events {
        0 => Ok(()),
        _ => Err(raise!(thread, NotImplementedError, "sys.monitoring does not deliver events yet")),
    }
}
