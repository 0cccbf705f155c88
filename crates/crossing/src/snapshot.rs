//! `Snapshot`: what there is to say of an exception, in text, so that another interpreter can tell of it.

use builtins::namespace::SimpleNamespace;
use objects::dict::Dict;
use objects::errors::{BaseException, PyResult};
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::import;

/// An exception's class, message and traceback.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    name: Option<String>,
    qualified_name: Option<String>,
    module: Option<String>,
    message: Option<String>,
    display: Option<String>,
}

impl Snapshot {
    /// What can be said of an exception; parts that raise are left out.
    pub fn of(exception: &BaseException, thread: &mut Thread) -> Self {
        let class = Py::from_ref(exception.class()).into_object();
        let message = protocol::str(exception, thread).map(|it| it.to_string_lossy());
        Self {
            name: text_attribute(&class, &names::__name__, thread),
            qualified_name: text_attribute(&class, &names::__qualname__, thread),
            module: text_attribute(&class, &names::__module__, thread),
            message: or_none(message, thread),
            display: display(exception, thread),
        }
    }

    /// The last line of the traceback: class and message.
    pub fn formatted(&self) -> String {
        let mut text = String::new();
        if let Some(module) = self.module.as_deref().filter(|it| *it != "builtins" && *it != "__main__") {
            text.push_str(module);
            text.push('.');
        }
        match self.qualified_name.as_ref().or(self.name.as_ref()) {
            Some(name) => text.push_str(name),
            None => return self.message.clone().unwrap_or_default(),
        }
        if let Some(message) = &self.message {
            text.push_str(": ");
            text.push_str(message);
        }
        text
    }

    /// The whole traceback, or what there is.
    pub fn displayed(&self) -> String {
        self.display.clone().unwrap_or_else(|| self.formatted())
    }

    /// The `types.SimpleNamespace` that `_interpreters.exec` gives.
    pub fn object(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let parts = [("__name__", &self.name), ("__qualname__", &self.qualified_name), ("__module__", &self.module)];
        let class = Dict::new(thread);
        for (name, part) in parts {
            set(&class, name, part.as_deref(), thread)?;
        }
        let class = SimpleNamespace::new(class, thread);
        let all = Dict::new(thread);
        let name = thread.intern_text("type");
        all.set_str(&name, &class, thread)?;
        set(&all, "msg", self.message.as_deref(), thread)?;
        set(&all, "formatted", Some(&self.formatted()), thread)?;
        set(&all, "errdisplay", self.display.as_deref(), thread)?;
        Ok(SimpleNamespace::new(all, thread).into_object())
    }
}

fn set(dict: &Dict, name: &str, text: Option<&str>, thread: &mut Thread) -> PyResult<()> {
    let name = thread.intern_text(name);
    let value = match text {
        Some(text) => Str::from_str(text, thread).into_object(),
        None => thread.none(),
    };
    dict.set_str(&name, &value, thread)
}

fn or_none<T>(result: PyResult<T>, thread: &mut Thread) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(raised) => {
            drop(thread.catch(raised));
            None
        }
    }
}

fn text_attribute(object: &Object, name: &Str, thread: &mut Thread) -> Option<String> {
    let value = protocol::get_attribute(object, name, thread);
    let value = or_none(value, thread)?;
    value.downcast::<Str>().map(|it| it.to_string_lossy())
}

/// The traceback as `traceback` formats it.
fn display(exception: &BaseException, thread: &mut Thread) -> Option<String> {
    let formatted = format_exception(exception, thread);
    or_none(formatted, thread)
}

fn format_exception(exception: &BaseException, thread: &mut Thread) -> PyResult<String> {
    let make = import::function("traceback", "TracebackException", thread)?;
    let name = thread.intern_text("from_exception");
    let described = protocol::call_method(&make, &name, &[exception], thread)?;
    let format = thread.intern_text("format");
    let lines = protocol::call_method(&described, &format, &[], thread)?;
    let mut text = String::new();
    for line in protocol::to_list(&lines, thread)?.snapshot(thread) {
        text.push_str(&protocol::str(&line, thread)?.to_string_lossy());
    }
    Ok(text.trim_end_matches('\n').to_owned())
}
