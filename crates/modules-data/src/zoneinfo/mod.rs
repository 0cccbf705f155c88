//! `_zoneinfo`: time zones of the system's database.

mod cache;
mod rules;
mod table;
mod zone;

use macros::python_module;
use objects::errors::PyResult;
use objects::module::Module;
use objects::raise;
use objects::thread::Thread;
use objects::types::{Instance, TypeDeclaration};

use crate::datetime::parts::imported;
use crate::datetime::zone::TimeZoneInfo;
use zone::ZoneInfo;

pub const TYPES: &[&TypeDeclaration] = &[ZoneInfo::DECLARATION];

pub struct ZoneinfoModule;

/// C implementation of the zoneinfo module
#[python_module(name = "_zoneinfo")]
impl ZoneinfoModule {
    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        // Programs may have put the pure module in the place of ours, whose zones these are not.
        let base = imported("datetime", "tzinfo", thread)?;
        if !base.is(TimeZoneInfo::class()) {
            return Err(raise!(thread, ImportError, "datetime.tzinfo is not the native class"));
        }
        module.set("ZoneInfo", ZoneInfo::class(), thread)
    }
}
