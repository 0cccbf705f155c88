//! `posix`: what `os` offers of the operating system.
//!
//! Each file declares the functions of one subject; this one puts them together and fills the namespace.

mod attributes;
mod constants;
mod copying;
mod descriptors;
mod directories;
mod environment;
mod events;
mod exec;
mod fork;
mod identity;
mod links;
mod names;
mod paths;
mod processes;
mod schedule;
mod spawn;
mod stat;
mod terminals;
mod vectors;
mod wait;

use objects::dict::Dict;
use objects::errors::PyResult;
use objects::list::List;
use objects::method::Method;
use objects::module::{Definition, Module};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::struct_sequence;
use objects::types::{Instance, TypeDeclaration};
use system::module::{concatenate_functions, count_functions};

pub use exec::StringTable;
pub use fork::{after_fork_in_child, after_fork_in_parent, before_fork, check_fork_allowed};
pub use identity::{GroupId, UserId, group_list, identifier_object};

/// The functions by file.
const PARTS: &[&[&Method]] = &[
    stat::Part::DEFINITION.functions,
    paths::Part::DEFINITION.functions,
    directories::Part::DEFINITION.functions,
    links::Part::DEFINITION.functions,
    attributes::Part::DEFINITION.functions,
    descriptors::Part::DEFINITION.functions,
    vectors::Part::DEFINITION.functions,
    copying::Part::DEFINITION.functions,
    events::Part::DEFINITION.functions,
    environment::Part::DEFINITION.functions,
    names::Part::DEFINITION.functions,
    identity::Part::DEFINITION.functions,
    processes::Part::DEFINITION.functions,
    fork::Part::DEFINITION.functions,
    exec::Part::DEFINITION.functions,
    spawn::Part::DEFINITION.functions,
    wait::Part::DEFINITION.functions,
    schedule::Part::DEFINITION.functions,
    terminals::Part::DEFINITION.functions,
];

const FUNCTIONS: [&Method; count_functions(PARTS)] = concatenate_functions(PARTS);

/// The module.
pub const DEFINITION: Definition = Definition {
    name: c"posix",
    doc: Some(c"This module provides access to operating system functionality that is\nstandardized by the C Standard and the POSIX standard (a thinly\ndisguised Unix interface).  Refer to the library manual and\ncorresponding Unix manual entries for more information on calls."),
    functions: &FUNCTIONS,
    exec: Some(exec),
};

/// The types of the module.
pub const TYPES: &[&TypeDeclaration] = &[
    stat::StatResult::DECLARATION,
    stat::StatvfsResult::DECLARATION,
    directories::DirEntry::DECLARATION,
    directories::ScandirIterator::DECLARATION,
    environment::UnameResult::DECLARATION,
    processes::TimesResult::DECLARATION,
    wait::WaitidResult::DECLARATION,
    schedule::SchedParam::DECLARATION,
    terminals::TerminalSize::DECLARATION,
];

fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
    system::constants::add(module, constants::CONSTANTS, thread)?;
    let environ = environment::read(thread)?;
    module.set("environ", &environ, thread)?;
    names::add_tables(module, thread)?;
    let functions = constants::HAVE_FUNCTIONS.iter().map(|it| Str::from_str(it, thread).into_object()).collect();
    let functions = List::new(functions, thread)?;
    module.set("_have_functions", &functions, thread)?;
    module.set("error", objects::errors::OSError.as_type(), thread)?;
    add_types(module, thread)
}

fn add_types(module: &Module, thread: &mut Thread) -> PyResult<()> {
    let types = [
        ("stat_result", struct_sequence::prepare::<stat::StatResult>(thread)?),
        ("statvfs_result", struct_sequence::prepare::<stat::StatvfsResult>(thread)?),
        ("uname_result", struct_sequence::prepare::<environment::UnameResult>(thread)?),
        ("times_result", struct_sequence::prepare::<processes::TimesResult>(thread)?),
        ("waitid_result", struct_sequence::prepare::<wait::WaitidResult>(thread)?),
        ("sched_param", struct_sequence::prepare::<schedule::SchedParam>(thread)?),
        ("terminal_size", struct_sequence::prepare::<terminals::TerminalSize>(thread)?),
    ];
    for (name, class) in types {
        module.set(name, &class, thread)?;
    }
    module.set("DirEntry", directories::DirEntry::class(), thread)
}

/// `True` and `False` as arguments of system calls.
fn flag(condition: bool, value: i32) -> i32 {
    if condition { value } else { 0 }
}

/// A dict of names and numbers, as `sysconf_names` is one.
fn dict_of(pairs: &[system::constants::Constant], thread: &mut Thread) -> PyResult<objects::refs::Py<Dict>> {
    let dict = Dict::new(thread);
    for (name, value) in pairs {
        let name = thread.intern_text(name);
        let value = objects::protocol::make_int(i128::from(*value), thread);
        dict.set_str(&name, &value, thread)?;
    }
    Ok(dict)
}
