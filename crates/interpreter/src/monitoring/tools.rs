//! The tools of an interpreter: who watches which events, and whom to call.
//!
//! Tools 0 to 5 are those of `sys.monitoring`; 6 and 7 are `sys.setprofile` and `sys.settrace`, whose functions are the threads'. The
//! invariant: `version` changes with everything that code has to be instrumented for, and every thread's eval breaker has the bit
//! `MONITORING` as long as code that runs anew may have to be.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::codec_registry;
use objects::thread::Thread;
use objects::types::Instance as _;

use super::events::{Event, LOCAL_EVENTS, UNGROUPED_EVENTS};
use super::instrument;
use crate::code::Code;
use crate::frame::Frame;

/// All tools.
pub const TOOLS: usize = 8;
/// Tools that Python code can use.
pub const PYTHON_TOOLS: usize = 6;
/// The tool behind `sys.setprofile`.
pub const PROFILE_TOOL: usize = 6;
/// The tool behind `sys.settrace`.
pub const TRACE_TOOL: usize = 7;

/// Which tools want each event: a set of bits for each.
#[derive(Default)]
pub(super) struct Monitors<const EVENTS: usize>([Cell<u8>; EVENTS])
where
    [Cell<u8>; EVENTS]: Default;

impl<const EVENTS: usize> Monitors<EVENTS>
where
    [Cell<u8>; EVENTS]: Default,
{
    pub fn tools(&self, event: usize) -> u8 {
        self.0[event].get()
    }

    pub fn set_tools(&self, event: usize, tools: u8) {
        self.0[event].set(tools);
    }

    /// The set of events that a tool wants.
    pub fn of_tool(&self, tool: usize) -> u32 {
        let wanted = self.0.iter().enumerate().filter(|(_, tools)| tools.get() >> tool & 1 != 0);
        wanted.map(|(event, _)| 1 << event).sum()
    }

    pub fn set_of_tool(&self, tool: usize, events: u32) {
        for (event, tools) in self.0.iter().enumerate() {
            let others = tools.get() & !(1 << tool);
            tools.set(others | ((events >> event & 1) as u8) << tool);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|tools| tools.get() == 0)
    }
}

/// What a tool calls for an event.
#[derive(Clone)]
pub struct Callback {
    pub function: Py<Object>,
    /// Registered for BRANCH: it hears of both ways that a branch can go.
    pub both_branches: bool,
}

/// One tool.
#[derive(Default)]
struct Tool {
    name: Option<Py<Object>>,
    callbacks: [Option<Callback>; UNGROUPED_EVENTS + 2],
}

/// The tools of an interpreter.
#[derive(Default)]
pub struct Tools {
    tools: RefCell<[Tool; PYTHON_TOOLS]>,
    pub(super) monitors: Monitors<UNGROUPED_EVENTS>,
    pub(super) version: Cell<usize>,
    pub(super) last_restart: Cell<usize>,
    /// What a tool wanted of single code objects before this version, it does not want any more.
    pub(super) tool_versions: [Cell<usize>; TOOLS],
    /// Some tool has asked for events of single code objects.
    has_local_events: Cell<bool>,
    disable: OnceCell<Py<Object>>,
    missing: OnceCell<Py<Object>>,
    /// The frame whose event is being told; null if none is.
    pub(crate) told: Cell<*mut Frame>,
    /// The code unit that CPython takes for the one that raised, if a tool has just raised and it is not the last of the instruction's.
    pub(super) raised_at: Cell<Option<usize>>,
}

impl Tools {
    pub fn of(thread: &Thread) -> Rc<Tools> {
        thread.interpreter().extension()
    }

    /// `sys.monitoring.DISABLE`.
    pub fn disable(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        marker(&self.disable, thread)
    }

    /// `sys.monitoring.MISSING`, the first argument of a call without any.
    pub fn missing(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        marker(&self.missing, thread)
    }

    pub fn name(&self, tool: usize) -> Option<Py<Object>> {
        self.tools.borrow().get(tool)?.name.clone()
    }

    pub fn set_name(&self, tool: usize, name: Option<Py<Object>>) {
        let old = match self.tools.borrow_mut().get_mut(tool) {
            Some(tool) => std::mem::replace(&mut tool.name, name),
            None => None,
        };
        drop(old);
    }

    pub(super) fn callback(&self, tool: usize, event: Event) -> Option<Callback> {
        self.tools.borrow().get(tool)?.callbacks[event as usize].clone()
    }

    /// Sets what a tool calls for an event; what it called before.
    pub fn set_callback(&self, tool: usize, event: Event, function: Option<Py<Object>>) -> Option<Py<Object>> {
        if event == Event::Branch {
            let both = |function: &Py<Object>| Callback { function: function.clone(), both_branches: true };
            let left = self.exchange(tool, Event::BranchLeft, function.as_ref().map(both));
            drop(self.exchange(tool, Event::BranchRight, function.as_ref().map(both)));
            return left.map(|it| it.function);
        }
        let callback = function.map(|function| Callback { function, both_branches: false });
        self.exchange(tool, event, callback).map(|it| it.function)
    }

    fn exchange(&self, tool: usize, event: Event, callback: Option<Callback>) -> Option<Callback> {
        let mut tools = self.tools.borrow_mut();
        std::mem::replace(&mut tools.get_mut(tool)?.callbacks[event as usize], callback)
    }

    /// The events that a tool wants of all code.
    pub fn events(&self, tool: usize) -> u32 {
        self.monitors.of_tool(tool)
    }

    /// The tools that want an event of all code, as bits.
    pub fn watching(&self, event: Event) -> u8 {
        match (event as usize) < UNGROUPED_EVENTS {
            true => self.monitors.tools(event as usize),
            false => 0,
        }
    }

    fn check_in_use(&self, tool: usize, thread: &mut Thread) -> PyResult<()> {
        if tool < PYTHON_TOOLS && self.name(tool).is_none() {
            return Err(raise!(thread, ValueError, "tool {tool} is not in use"));
        }
        Ok(())
    }

    /// Makes code look anew at what is wanted of it: what runs now at once, the rest at its next `RESUME`.
    fn changed(&self, thread: &mut Thread) {
        let in_use = self.tools.borrow().iter().any(|it| it.name.is_some());
        if !in_use && self.monitors.is_empty() {
            self.has_local_events.set(false);
        }
        thread.set_monitored(!self.monitors.is_empty() || self.has_local_events.get());
        instrument::refresh_running(self, thread);
    }

    /// Sets which events a tool wants of all code.
    pub fn set_events(&self, tool: usize, events: u32, thread: &mut Thread) -> PyResult<()> {
        self.check_in_use(tool, thread)?;
        if self.monitors.is_empty() && events != 0 {
            import_codecs(thread);
        }
        if self.monitors.of_tool(tool) != events {
            self.monitors.set_of_tool(tool, events);
            self.version.set(self.version.get() + 1);
            self.changed(thread);
        }
        Ok(())
    }

    /// The events that a tool wants of one code object.
    pub fn local_events(&self, code: &Code, tool: usize) -> u32 {
        code.monitoring().map_or(0, |it| it.local.of_tool(tool))
    }

    /// Sets which events a tool wants of one code object.
    pub fn set_local_events(&self, code: &Code, tool: usize, events: u32, thread: &mut Thread) -> PyResult<()> {
        if code.first_traceable() >= code.unit_count() {
            let name = code.name().to_string_lossy();
            return Err(raise!(thread, SystemError, "cannot instrument shim code object '{name}'"));
        }
        self.check_in_use(tool, thread)?;
        let monitoring = code.monitoring_or_new();
        monitoring.tool_versions[tool].set(self.tool_versions[tool].get());
        if monitoring.local.of_tool(tool) != events {
            monitoring.local.set_of_tool(tool, events);
            if events != 0 {
                self.has_local_events.set(true);
                thread.set_monitored(true);
            }
            instrument::instrument(code, self);
        }
        Ok(())
    }

    /// Enables what tools have disabled.
    pub fn restart(&self, thread: &mut Thread) {
        // Later than the version of any code, and earlier than that of code which has noticed.
        self.last_restart.set(self.version.get() + 1);
        self.version.set(self.version.get() + 2);
        self.changed(thread);
    }

    /// Takes a tool's callbacks and events away, those of single code objects too.
    pub fn clear(&self, tool: usize, thread: &mut Thread) {
        let callbacks = match self.tools.borrow_mut().get_mut(tool) {
            Some(tool) => std::mem::take(&mut tool.callbacks),
            None => return,
        };
        drop(callbacks);
        self.monitors.set_of_tool(tool, 0);
        self.version.set(self.version.get() + 1);
        self.tool_versions[tool].set(self.version.get());
        self.changed(thread);
    }

    /// Frees a tool.
    pub fn free(&self, tool: usize, thread: &mut Thread) {
        if self.name(tool).is_some() {
            self.set_name(tool, None);
            self.clear(tool, thread);
        }
    }
}

const _: () = assert!(LOCAL_EVENTS < UNGROUPED_EVENTS && Event::CRaise as usize == UNGROUPED_EVENTS + 1);

fn marker(cell: &OnceCell<Py<Object>>, thread: &mut Thread) -> PyResult<Py<Object>> {
    if let Some(marker) = cell.get() {
        return Ok(marker.clone());
    }
    let marker = protocol::call(BaseObject::class(), &[], thread)?;
    Ok(cell.get_or_init(|| marker).clone())
}

/// CPython imports its codecs when it starts, and Naja when one is needed that is not its own: no tool should see that.
fn import_codecs(thread: &mut Thread) {
    if let Err(raised) = codec_registry::lookup("utf-8", thread) {
        drop(thread.catch(raised));
    }
}
