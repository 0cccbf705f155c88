//! `mmap`: memory that is a file's contents, or that processes share.
//!
//! `object` owns the mapping and the rule about its bounds; `methods` is the type as Python code sees it.

mod methods;
mod object;

use macros::python_module;
use objects::errors::{OSError, PyResult};
use objects::module::Module;
use objects::thread::Thread;
use objects::types::{Instance as _, TypeDeclaration};
use system::constants::{self, Constant};
use system::libc_constants;

/// The types of the module.
pub const TYPES: &[&TypeDeclaration] = &[object::Map::DECLARATION];

const CONSTANTS: &[Constant] = libc_constants![
    MADV_DODUMP MADV_DOFORK MADV_DONTDUMP MADV_DONTFORK MADV_DONTNEED MADV_FREE MADV_HUGEPAGE MADV_HWPOISON MADV_MERGEABLE
    MADV_NOHUGEPAGE MADV_NORMAL MADV_RANDOM MADV_REMOVE MADV_SEQUENTIAL MADV_UNMERGEABLE MADV_WILLNEED MAP_32BIT MAP_ANON
    MAP_ANONYMOUS MAP_DENYWRITE MAP_EXECUTABLE MAP_NORESERVE MAP_POPULATE MAP_PRIVATE MAP_SHARED MAP_STACK PROT_EXEC
    PROT_READ PROT_WRITE
];

pub struct MmapModule;

#[python_module(name = "mmap")]
impl MmapModule {
    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        constants::add(module, CONSTANTS, thread)?;
        constants::add(module, &object::Access::CONSTANTS, thread)?;
        // SAFETY: a number.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        constants::add(module, &[("PAGESIZE", page), ("ALLOCATIONGRANULARITY", page)], thread)?;
        module.set("mmap", object::Map::class(), thread)?;
        module.set("error", OSError.as_type(), thread)
    }
}
