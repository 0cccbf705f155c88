//! `_zoneinfo`: time zones of the system's database.

mod cache;
mod rules;
mod table;
mod zone;

use macros::python_module;
use objects::errors::PyResult;
use objects::module::Module;
use objects::thread::Thread;
use objects::types::{Instance, TypeDeclaration};

use zone::ZoneInfo;

pub const TYPES: &[&TypeDeclaration] = &[ZoneInfo::DECLARATION];

pub struct ZoneinfoModule;

/// C implementation of the zoneinfo module
#[python_module(name = "_zoneinfo")]
impl ZoneinfoModule {
    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        module.set("ZoneInfo", ZoneInfo::class(), thread)
    }
}
