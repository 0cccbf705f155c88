//! `time`: clocks, sleeping, and times as years and months.
//!
//! `clocks` reads clocks and waits, `calendar` converts between seconds and `struct_time`, `format` is `strftime` and its kin.

mod calendar;
mod clocks;
mod format;

use objects::errors::PyResult;
use objects::method::Method;
use objects::module::{Definition, Module};
use objects::thread::Thread;
use objects::tuple::struct_sequence;
use objects::types::{Instance, TypeDeclaration};
use system::constants::{self, Constant};
use system::libc_constants;
use system::module::{concatenate_functions, count_functions};

const PARTS: &[&[&Method]] =
    &[clocks::Part::DEFINITION.functions, calendar::Part::DEFINITION.functions, format::Part::DEFINITION.functions];

const FUNCTIONS: [&Method; count_functions(PARTS)] = concatenate_functions(PARTS);

/// The module.
pub const DEFINITION: Definition = Definition { name: c"time", doc: Some(c"This module provides various functions to manipulate time values.\n\nThere are two standard representations of time.  One is the number\nof seconds since the Epoch, in UTC (a.k.a. GMT).  It may be an integer\nor a floating-point number (to represent fractions of seconds).\nThe epoch is the point where the time starts, the return value of time.gmtime(0).\nIt is January 1, 1970, 00:00:00 (UTC) on all platforms.\n\nThe other representation is a tuple of 9 integers giving local time.\nThe tuple items are:\n  year (including century, e.g. 1998)\n  month (1-12)\n  day (1-31)\n  hours (0-23)\n  minutes (0-59)\n  seconds (0-59)\n  weekday (0-6, Monday is 0)\n  Julian day (day in the year, 1-366)\n  DST (Daylight Savings Time) flag (-1, 0 or 1)\nIf the DST flag is 0, the time is given in the regular time zone;\nif it is 1, the time is given in the DST time zone;\nif it is -1, mktime() should guess based on the date and time.\n"), functions: &FUNCTIONS, exec: Some(exec) };

/// The types of the module.
pub const TYPES: &[&TypeDeclaration] = &[calendar::StructTime::DECLARATION];

const CONSTANTS: &[Constant] = libc_constants![
    CLOCK_REALTIME CLOCK_MONOTONIC CLOCK_MONOTONIC_RAW CLOCK_PROCESS_CPUTIME_ID CLOCK_THREAD_CPUTIME_ID CLOCK_BOOTTIME CLOCK_TAI
];

fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
    calendar::set_zone(module, thread)?;
    constants::add(module, CONSTANTS, thread)?;
    constants::add(module, &[("_STRUCT_TM_ITEMS", 11)], thread)?;
    let class = struct_sequence::prepare::<calendar::StructTime>(thread)?;
    module.set("struct_time", &class, thread)
}
