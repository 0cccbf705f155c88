//! `initconfig.h`: asking for options of the configuration, by name. What `sys` has is asked of `sys`.

use std::ffi::{CStr, c_int};

use objects::bool::Bool;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use crate::entry::{Out, export, text};

/// Where the value of an option is found.
enum Source {
    /// An attribute of `sys`.
    Attribute(&'static str),
    /// A field of `sys.flags`: whether it is a truth value, and whether the option is its opposite.
    Flag(&'static str, bool, bool),
    /// The opposite of an attribute of `sys`.
    Opposite(&'static str),
    /// A truth value that never changes.
    Always(bool),
    /// A number that never changes.
    Number(i32),
    /// There is nothing.
    Nothing,
    /// `-X name` turns it off.
    UnlessOption(&'static str),
}

/// The options, by name.
const OPTIONS: &[(&str, Source)] = &[
    ("argv", Source::Attribute("argv")),
    ("base_exec_prefix", Source::Attribute("base_exec_prefix")),
    ("base_executable", Source::Attribute("_base_executable")),
    ("base_prefix", Source::Attribute("base_prefix")),
    ("buffered_stdio", Source::Always(true)),
    ("bytes_warning", Source::Flag("bytes_warning", false, false)),
    ("code_debug_ranges", Source::UnlessOption("no_debug_ranges")),
    ("dev_mode", Source::Flag("dev_mode", true, false)),
    ("exec_prefix", Source::Attribute("exec_prefix")),
    ("executable", Source::Attribute("executable")),
    ("faulthandler", Source::Always(false)),
    ("home", Source::Nothing),
    ("import_time", Source::Number(0)),
    ("inspect", Source::Flag("inspect", true, false)),
    ("int_max_str_digits", Source::Flag("int_max_str_digits", false, false)),
    ("interactive", Source::Flag("interactive", true, false)),
    ("isolated", Source::Flag("isolated", true, false)),
    ("module_search_paths", Source::Attribute("path")),
    ("optimization_level", Source::Flag("optimize", false, false)),
    ("orig_argv", Source::Attribute("orig_argv")),
    ("parser_debug", Source::Flag("debug", true, false)),
    ("perf_profiling", Source::Number(0)),
    ("platlibdir", Source::Attribute("platlibdir")),
    ("prefix", Source::Attribute("prefix")),
    ("pycache_prefix", Source::Attribute("pycache_prefix")),
    ("quiet", Source::Flag("quiet", true, false)),
    ("safe_path", Source::Flag("safe_path", true, false)),
    ("show_ref_count", Source::Always(false)),
    ("site_import", Source::Flag("no_site", true, true)),
    ("stdlib_dir", Source::Attribute("_stdlib_dir")),
    ("tracemalloc", Source::Number(0)),
    ("use_environment", Source::Flag("ignore_environment", true, true)),
    ("use_frozen_modules", Source::Always(true)),
    ("user_site_directory", Source::Flag("no_user_site", true, true)),
    ("utf8_mode", Source::Flag("utf8_mode", true, false)),
    ("verbose", Source::Flag("verbose", false, false)),
    ("warnoptions", Source::Attribute("warnoptions")),
    ("write_bytecode", Source::Opposite("dont_write_bytecode")),
    ("xoptions", Source::Attribute("_xoptions")),
];

fn sys_attribute(name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = thread.intern_text(name);
    crate::sysmodule::get(&name, thread)
}

fn value(name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some((_, source)) = OPTIONS.iter().find(|it| it.0 == name) else {
        return Err(raise!(thread, ValueError, "unknown config option name: {name}"));
    };
    match source {
        Source::Attribute(attribute) => sys_attribute(attribute, thread),
        Source::Opposite(attribute) => {
            let value = sys_attribute(attribute, thread)?;
            Ok(Bool::new(!protocol::is_true(&value, thread)?))
        }
        Source::Flag(field, is_truth, is_opposite) => {
            let flags = sys_attribute("flags", thread)?;
            let field = thread.intern_text(field);
            let value = protocol::get_attribute(&flags, &field, thread)?;
            if !is_truth {
                return Ok(value);
            }
            Ok(Bool::new(protocol::is_true(&value, thread)? != *is_opposite))
        }
        Source::UnlessOption(option) => {
            let options = sys_attribute("_xoptions", thread)?;
            let option = thread.intern_text(option);
            Ok(Bool::new(!protocol::contains(&options, &option, thread)?))
        }
        Source::Always(value) => Ok(Bool::new(*value)),
        Source::Number(value) => Ok(protocol::make_int(i128::from(*value), thread)),
        Source::Nothing => Ok(thread.none()),
    }
}

export! { thread;
    fn PyConfig_Get(name: &CStr) -> Py<Object> { value(&text(name), thread) }

    fn PyConfig_GetInt(name: &CStr, result: Out<c_int>) -> () {
        let name = text(name);
        let value = value(&name, thread)?;
        if value.downcast::<objects::int::Int>().is_none() {
            return Err(raise!(thread, TypeError, "config option {name} is not an int"));
        }
        result.set(crate::longobject::as_int(&value, thread)?);
        Ok(())
    }

    fn PyConfig_Names() -> Py<builtins::set::FrozenSet> {
        let names: Vec<Py<Object>> = OPTIONS.iter().map(|it| thread.intern_text(it.0).into_object()).collect();
        builtins::set::FrozenSet::from_elements(&names, thread)
    }

    fn _PyImport_ClearExtension(name: &objects::str::Str, path: &objects::str::Str) -> () {
        crate::loader::forget(&name.to_string_lossy(), &path.to_string_lossy(), thread);
        Ok(())
    }
}

/// Whether an option is set; false where nobody knows.
pub fn is_set(name: &str, thread: &mut Thread) -> bool {
    match value(name, thread).and_then(|it| protocol::is_true(&it, thread)) {
        Ok(answer) => answer,
        Err(raised) => {
            drop(thread.catch(raised));
            false
        }
    }
}
