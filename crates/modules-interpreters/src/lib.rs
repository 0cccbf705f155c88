//! Several interpreters from Python: the modules below `concurrent.interpreters`.
//!
//! What goes from one interpreter to another is the crate `crossing`'s; queues and channels hang off the process's runtime.

mod channels;
mod identifier;
mod interpreters;
mod queues;
mod settings;
mod unbound;

use objects::module::Definition;
use objects::types::{Instance, TypeDeclaration};

/// The types of this crate.
pub const TYPES: &[&TypeDeclaration] =
    &[channels::identifier::ChannelId::DECLARATION, channels::information::ChannelInfo::DECLARATION];

/// The modules of this crate.
pub const MODULES: &[&Definition] = &[
    &interpreters::InterpretersModule::DEFINITION,
    &queues::QueuesModule::DEFINITION,
    &channels::ChannelsModule::DEFINITION,
];
