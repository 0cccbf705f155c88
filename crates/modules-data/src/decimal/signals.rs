//! Signals and conditions as exception classes, and raising what a context traps.
//!
//! A signal is what a program traps; conditions are kinds of InvalidOperation that only an exception's argument shows.

use numeric::decimal::Status;
use objects::dict::Dict;
use objects::errors::{ArithmeticError, PyResult, Raised, TypeError, ZeroDivisionError};
use objects::list::List;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::state::state;

/// What a class derives from.
enum Base {
    /// The class of all signals, or a signal before it in the table.
    Own(&'static str),
    TypeError,
    ZeroDivisionError,
}

/// A row of the tables below: the class's name, the conditions it stands for, its bases.
type Row = (&'static str, Status, &'static [Base]);

const ROOT: &str = "DecimalException";

/// The signals in an order in which bases come first.
const BASES_FIRST: [Row; 9] = [
    ("InvalidOperation", Status::INVALID, &[Base::Own(ROOT)]),
    ("FloatOperation", Status::FLOAT_OPERATION, &[Base::Own(ROOT), Base::TypeError]),
    ("DivisionByZero", Status::DIVISION_BY_ZERO, &[Base::Own(ROOT), Base::ZeroDivisionError]),
    ("Subnormal", Status::SUBNORMAL, &[Base::Own(ROOT)]),
    ("Inexact", Status::INEXACT, &[Base::Own(ROOT)]),
    ("Rounded", Status::ROUNDED, &[Base::Own(ROOT)]),
    ("Clamped", Status::CLAMPED, &[Base::Own(ROOT)]),
    ("Overflow", Status::OVERFLOW, &[Base::Own("Inexact"), Base::Own("Rounded")]),
    ("Underflow", Status::UNDERFLOW, &[Base::Own("Inexact"), Base::Own("Rounded"), Base::Own("Subnormal")]),
];

/// The signals in the order in which mappings show them and exceptions are chosen.
const ORDER: [&str; SIGNAL_COUNT] = [
    "InvalidOperation",
    "FloatOperation",
    "DivisionByZero",
    "Overflow",
    "Underflow",
    "Subnormal",
    "Inexact",
    "Rounded",
    "Clamped",
];

/// The conditions that InvalidOperation stands for; the first is its own.
const CONDITIONS: [Row; 5] = [
    ("InvalidOperation", Status::INVALID_OPERATION, &[]),
    ("ConversionSyntax", Status::CONVERSION_SYNTAX, &[Base::Own("InvalidOperation")]),
    ("DivisionImpossible", Status::DIVISION_IMPOSSIBLE, &[Base::Own("InvalidOperation")]),
    ("DivisionUndefined", Status::DIVISION_UNDEFINED, &[Base::Own("InvalidOperation"), Base::ZeroDivisionError]),
    ("InvalidContext", Status::INVALID_CONTEXT, &[Base::Own("InvalidOperation")]),
];

/// The order in which `repr(context)` names signals: that of their bits.
const BY_BIT: [&str; SIGNAL_COUNT] = [
    "Clamped",
    "InvalidOperation",
    "DivisionByZero",
    "Inexact",
    "FloatOperation",
    "Overflow",
    "Rounded",
    "Subnormal",
    "Underflow",
];

/// How many signals there are.
pub const SIGNAL_COUNT: usize = 9;

/// A class and the conditions that it stands for.
pub struct Signal {
    pub name: &'static str,
    pub status: Status,
    pub class: Py<Object>,
}

/// The classes of an interpreter.
pub struct Signals {
    pub root: Py<Object>,
    /// In the order of mappings.
    pub signals: Vec<Signal>,
    /// The conditions of InvalidOperation.
    pub conditions: Vec<Signal>,
}

impl Signals {
    /// Makes the classes.
    pub fn make(thread: &mut Thread) -> PyResult<Signals> {
        let arithmetic = Py::from_ref(ArithmeticError.as_type()).into_object();
        let root = make_class(ROOT, vec![arithmetic], thread)?;
        let mut made: Vec<Signal> = Vec::new();
        for (name, status, bases) in &BASES_FIRST {
            let class = make_class(name, find_bases(bases, &root, &made), thread)?;
            made.push(Signal { name, status: *status, class });
        }
        let mut conditions = Vec::new();
        for (name, status, bases) in &CONDITIONS {
            let known = made.iter().find(|it| it.name == *name).map(|it| it.class.clone());
            let class = match known {
                Some(class) => class,
                None => make_class(name, find_bases(bases, &root, &made), thread)?,
            };
            conditions.push(Signal { name, status: *status, class });
        }
        made.sort_by_key(|signal| ORDER.iter().position(|it| *it == signal.name));
        Ok(Signals { root, signals: made, conditions })
    }

    /// The conditions that a signal's class stands for.
    pub fn status_of(&self, class: &Object, thread: &mut Thread) -> PyResult<Status> {
        match self.signals.iter().find(|signal| std::ptr::eq(&*signal.class, class)) {
            Some(signal) => Ok(signal.status),
            None => Err(raise_key_error(VALID_SIGNALS, thread)),
        }
    }

    /// The classes of the signals that a set has, as a list.
    pub fn list_of(&self, status: Status, thread: &mut Thread) -> PyResult<Py<List>> {
        let chosen = self.signals.iter().filter(|signal| status.has(signal.status));
        List::new(chosen.map(|signal| signal.class.clone()).collect(), thread)
    }
}

const VALID_SIGNALS: &str = "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n   \
                             Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]";

#[cold]
pub fn raise_key_error(message: &str, thread: &mut Thread) -> Raised {
    raise!(thread, KeyError, "{message}")
}

fn find_bases(bases: &[Base], root: &Py<Object>, made: &[Signal]) -> Vec<Py<Object>> {
    let find = |name: &str| made.iter().find(|signal| signal.name == name).map_or(root, |signal| &signal.class).clone();
    let class_of = |base: &Base| match base {
        Base::Own(name) => find(name),
        Base::TypeError => Py::from_ref(TypeError.as_type()).into_object(),
        Base::ZeroDivisionError => Py::from_ref(ZeroDivisionError.as_type()).into_object(),
    };
    bases.iter().map(class_of).collect()
}

fn make_class(name: &str, bases: Vec<Py<Object>>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = Str::from_str(name, thread);
    let bases = Tuple::new(bases, thread)?;
    let body = Dict::new(thread);
    let module = Str::from_str("decimal", thread);
    body.set_str(&names::__module__, &module, thread)?;
    protocol::call(Type::class(), &[&name, &bases, &body], thread)
}

/// The names of the signals that a set has, as `repr(context)` lists them.
pub fn names_of(status: Status) -> String {
    let has = |name: &&&str| BASES_FIRST.iter().any(|row| row.0 == **name && status.has(row.1));
    let chosen: Vec<&str> = BY_BIT.iter().filter(has).copied().collect();
    format!("[{}]", chosen.join(", "))
}

/// Raises the first signal of a set, with a list of all that it has.
#[cold]
pub fn raise_signals(status: Status, thread: &mut Thread) -> Raised {
    if status.has(Status::NO_MEMORY) {
        return thread.raise_memory_error();
    }
    match signal_exception(status, thread) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

fn signal_exception(status: Status, thread: &mut Thread) -> PyResult<Py<Object>> {
    let signals = &state(thread)?;
    let signals = &signals.contents()?.signals;
    let conditions = signals.conditions.iter().filter(|it| status.has(it.status));
    // InvalidOperation is shown by its conditions.
    let others = signals.signals.iter().skip(1).filter(|it| status.has(it.status));
    let shown = conditions.chain(others).map(|it| it.class.clone()).collect();
    let shown = List::new(shown, thread)?;
    let class = signals.signals.iter().find(|it| status.has(it.status)).map_or(&signals.root, |it| &it.class);
    protocol::call_one(class, &shown, thread)
}
