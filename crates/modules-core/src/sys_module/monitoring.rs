//! `sys.monitoring` (PEP 669): tools, their names, events and callbacks. What they do is `interpreter::monitoring`'s.

use builtins::namespace::SimpleNamespace;
use interpreter::code::Code;
use interpreter::monitoring::{Event, LOCAL_EVENTS, PYTHON_TOOLS, Tools, UNGROUPED_EVENTS};
use macros::python_module;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::int::Int;
use objects::module::Module;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use super::audit::audit;

const OF_C: i64 = (Event::CReturn.bit() | Event::CRaise.bit()) as i64;
const BRANCHES: i64 = (Event::BranchLeft.bit() | Event::BranchRight.bit()) as i64;

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
        let tools = Tools::of(thread);
        if tools.name(tool).is_some() {
            return Err(raise!(thread, ValueError, "tool {tool_id} is already in use"));
        }
        tools.set_name(tool, Some(Py::from_ref(name)));
        Ok(())
    }

    /// clear_tool_id($module, tool_id, /)
    /// --
    ///
    #[function]
    fn clear_tool_id(tool_id: i64, thread: &mut Thread) -> PyResult<()> {
        let tool = checked(tool_id, thread)?;
        let tools = Tools::of(thread);
        if tools.name(tool).is_some() {
            tools.clear(tool, thread);
        }
        Ok(())
    }

    /// free_tool_id($module, tool_id, /)
    /// --
    ///
    #[function]
    fn free_tool_id(tool_id: i64, thread: &mut Thread) -> PyResult<()> {
        let tool = checked(tool_id, thread)?;
        Tools::of(thread).free(tool, thread);
        Ok(())
    }

    /// get_tool($module, tool_id, /)
    /// --
    ///
    #[function]
    fn get_tool(tool_id: i64, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let tool = checked(tool_id, thread)?;
        Ok(Tools::of(thread).name(tool))
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
        let Some(event) = Event::ALL.get(event.trailing_zeros() as usize).copied() else {
            return Err(raise!(thread, ValueError, "invalid event {event}"));
        };
        audit("sys.monitoring.register_callback", &[func], thread)?;
        let function = (!func.is_none()).then(|| Py::from_ref(func));
        Ok(Tools::of(thread).set_callback(tool, event, function))
    }

    /// get_events($module, tool_id, /)
    /// --
    ///
    #[function]
    fn get_events(tool_id: i64, thread: &mut Thread) -> PyResult<i64> {
        let tool = checked(tool_id, thread)?;
        Ok(i64::from(Tools::of(thread).events(tool)))
    }

    /// set_events($module, tool_id, event_set, /)
    /// --
    ///
    #[function]
    fn set_events(tool_id: i64, event_set: i64, thread: &mut Thread) -> PyResult<()> {
        let tool = checked(tool_id, thread)?;
        if !(0..1 << Event::ALL.len()).contains(&event_set) {
            return Err(raise!(thread, ValueError, "invalid event set 0x{event_set:x}"));
        }
        let events = ungrouped(event_set, thread)?;
        Tools::of(thread).set_events(tool, events as u32, thread)
    }

    /// get_local_events($module, tool_id, code, /)
    /// --
    ///
    #[function]
    fn get_local_events(tool_id: i64, code: &Object, thread: &mut Thread) -> PyResult<i64> {
        let code = check_code(code, thread)?;
        let tool = checked(tool_id, thread)?;
        Ok(i64::from(Tools::of(thread).local_events(code, tool)))
    }

    /// set_local_events($module, tool_id, code, event_set, /)
    /// --
    ///
    #[function]
    fn set_local_events(tool_id: i64, code: &Object, event_set: i64, thread: &mut Thread) -> PyResult<()> {
        let code = check_code(code, thread)?;
        let tool = checked(tool_id, thread)?;
        let events = ungrouped(event_set, thread)?;
        if !(0..1 << LOCAL_EVENTS).contains(&events) {
            return Err(raise!(thread, ValueError, "invalid local event set 0x{events:x}"));
        }
        Tools::of(thread).set_local_events(code, tool, events as u32, thread)
    }

    /// restart_events($module, /)
    /// --
    ///
    #[function]
    fn restart_events(thread: &mut Thread) {
        Tools::of(thread).restart(thread);
    }

    /// _all_events($module, /)
    /// --
    ///
    #[function]
    fn _all_events(thread: &mut Thread) -> PyResult<Py<Dict>> {
        let (all, tools) = (Dict::new(thread), Tools::of(thread));
        for event in &Event::ALL[..UNGROUPED_EVENTS] {
            let watching = tools.watching(*event);
            if watching != 0 {
                let (name, watching) = (thread.intern_text(event.name()), protocol::make_int(watching.into(), thread));
                all.set_str(&name, &watching, thread)?;
            }
        }
        Ok(all)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let events = Dict::new(thread);
        let names = Event::ALL.iter().map(|event| (event.name(), i64::from(event.bit())));
        for (name, bit) in names.chain([("NO_EVENTS", 0)]) {
            let (name, bit) = (thread.intern_text(name), Int::from_i64(bit, thread));
            events.set_str(&name, &bit, thread)?;
        }
        let events = SimpleNamespace::new(events, thread);
        module.set("events", &events, thread)?;
        let tools = Tools::of(thread);
        let (disable, missing) = (tools.disable(thread)?, tools.missing(thread)?);
        module.set("DISABLE", &disable, thread)?;
        module.set("MISSING", &missing, thread)?;
        for (name, tool) in [("DEBUGGER_ID", 0), ("COVERAGE_ID", 1), ("PROFILER_ID", 2), ("OPTIMIZER_ID", 5)] {
            let tool = Int::from_i64(tool, thread);
            module.set(name, &tool, thread)?;
        }
        Ok(())
    }
}

fn checked(tool: i64, thread: &mut Thread) -> PyResult<usize> {
    match usize::try_from(tool) {
        Ok(index) if index < PYTHON_TOOLS => Ok(index),
        _ => Err(raise!(thread, ValueError, "invalid tool {tool} (must be between 0 and 5)")),
    }
}

fn check_code<'a>(code: &'a Object, thread: &mut Thread) -> PyResult<&'a Code> {
    match code.downcast::<Code>() {
        Some(code) => Ok(code),
        None => Err(raise!(thread, TypeError, "code must be a code object")),
    }
}

/// The events that can be asked for by themselves. What C functions return and raise comes along with CALL alone; BRANCH is an old name for
/// both branches.
fn ungrouped(events: i64, thread: &mut Thread) -> PyResult<i64> {
    let with_call = OF_C | i64::from(Event::Call.bit());
    if events & OF_C != 0 && events & with_call != with_call {
        return Err(raise!(thread, ValueError, "cannot set C_RETURN or C_RAISE events independently"));
    }
    let events = events & !OF_C;
    let branch = i64::from(Event::Branch.bit());
    if events & branch == 0 {
        return Ok(events);
    }
    if events & BRANCHES != 0 {
        return Err(raise!(thread, ValueError, "cannot set both BRANCH and BRANCH_LEFT or BRANCH_RIGHT events"));
    }
    Ok(events & !branch | BRANCHES)
}
