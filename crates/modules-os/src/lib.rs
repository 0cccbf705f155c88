//! The operating system: posix, time, select, sockets, signals.
//!
//! The binary registers [`TYPES`] and [`MODULES`].

pub mod accounts;
pub mod errno;
pub mod faulthandler;
pub mod fcntl;
pub mod locale;
pub mod mmap;
pub mod multiprocessing;
pub mod posix;
pub mod posixsubprocess;
pub mod resource;
pub mod select;
pub mod shared_memory;
pub mod signal;
pub mod socket;
pub mod stat;
pub mod syslog;
pub mod termios;
pub mod time;
pub mod uuid;

use objects::module::Definition;
use objects::types::{TypeDeclaration, concatenate_declarations, count_declarations};

const LISTS: &[&[&TypeDeclaration]] = &[
    posix::TYPES,
    resource::TYPES,
    signal::TYPES,
    time::TYPES,
    select::TYPES,
    accounts::TYPES,
    mmap::TYPES,
    multiprocessing::TYPES,
    socket::TYPES,
];

/// The types of this crate's modules, bases first.
pub const TYPES: &[&TypeDeclaration] = &concatenate_declarations::<{ count_declarations(LISTS) }>(LISTS);

/// The modules of this crate.
pub const MODULES: &[&Definition] = &[
    &errno::ErrnoModule::DEFINITION,
    &faulthandler::FaulthandlerModule::DEFINITION,
    &locale::LocaleModule::DEFINITION,
    &mmap::MmapModule::DEFINITION,
    &multiprocessing::MultiprocessingModule::DEFINITION,
    &shared_memory::SharedMemoryModule::DEFINITION,
    &syslog::SyslogModule::DEFINITION,
    &posix::DEFINITION,
    &posixsubprocess::PosixSubprocessModule::DEFINITION,
    &resource::ResourceModule::DEFINITION,
    &signal::SignalModule::DEFINITION,
    &socket::DEFINITION,
    &stat::StatModule::DEFINITION,
    &time::DEFINITION,
    &accounts::PwdModule::DEFINITION,
    &accounts::GrpModule::DEFINITION,
    &fcntl::FcntlModule::DEFINITION,
    &select::SelectModule::DEFINITION,
    &termios::TermiosModule::DEFINITION,
    &uuid::UuidModule::DEFINITION,
];
