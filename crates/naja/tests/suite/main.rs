//! The tests of the binary: one test binary, so that only one is linked.

mod crash_search;
mod extension;
mod modules_search;
mod programs;
