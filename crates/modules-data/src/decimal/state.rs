//! What an interpreter keeps for `_decimal`: the signals' classes, the context variable, and the contexts that others are made after.
//!
//! Made when the module is, before any object of its types.

use std::cell::OnceCell;
use std::rc::Rc;

use builtins::context::ContextVar;
use numeric::decimal::{Context as Settings, Rounding, Status};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::{Resident, ResidentPlace, Thread};
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::context::DecimalContext;
use super::signal_dict::SignalDict;
use super::signals::Signals;

/// The place of [`Contents`] in an interpreter.
#[derive(Default)]
pub struct State {
    contents: OnceCell<Contents>,
    /// The module is being made.
    classes: OnceCell<Classes>,
}

impl Resident for State {
    const PLACE: ResidentPlace = ResidentPlace::Decimal;
}

/// What contexts need to be made.
pub struct Classes {
    pub signals: Rc<Signals>,
    /// `SignalDict`: the class of `context.flags`.
    pub signal_dict: Py<Type>,
}

pub struct Contents {
    pub signals: Rc<Signals>,
    pub signal_tuple: Py<Tuple>,
    /// `DecimalTuple`
    pub decimal_tuple: Py<Object>,
    /// `numbers.Rational`
    pub rational: Py<Object>,
    /// The contexts `DefaultContext`, `BasicContext` and `ExtendedContext`.
    pub templates: [Py<DecimalContext>; 3],
    pub variable: Py<ContextVar>,
}

/// The state of the interpreter.
#[inline]
pub fn state(thread: &mut Thread) -> PyResult<Rc<State>> {
    let state = thread.interpreter().resident::<State>();
    if state.contents.get().is_none() {
        make(&state, thread)?;
    }
    Ok(state)
}

/// The settings that a context has unless it is told otherwise.
const DEFAULT: Settings =
    Settings { precision: 28, emax: 999_999, emin: -999_999, rounding: Rounding::HalfEven, clamp: false };

impl State {
    /// What [`state`] has made.
    #[inline(always)]
    pub fn contents(&self) -> PyResult<&Contents> {
        Ok(self.contents.get().unwrap_or_else(|| unreachable!("the state is handed out when it is made")))
    }
}

/// The classes that contexts need; made before the rest.
pub fn classes(thread: &mut Thread) -> PyResult<Rc<State>> {
    let state = thread.interpreter().resident::<State>();
    if state.classes.get().is_none() {
        let signals = Rc::new(Signals::make(thread)?);
        let signal_dict = make_signal_dict(thread)?;
        // Making them may have run code that asked for them too; the first ones stay.
        let _ = state.classes.set(Classes { signals, signal_dict });
    }
    Ok(state)
}

impl State {
    pub fn known_classes(&self) -> &Classes {
        self.classes.get().unwrap_or_else(|| unreachable!("the state is handed out when they are made"))
    }
}

#[cold]
fn make(state: &State, thread: &mut Thread) -> PyResult<()> {
    let signals = classes(thread)?.known_classes().signals.clone();
    let signal_tuple = Tuple::new(signals.signals.iter().map(|it| it.class.clone()).collect(), thread)?;
    let default_traps = Status::INVALID | Status::DIVISION_BY_ZERO | Status::OVERFLOW;
    let basic = Settings { precision: 9, rounding: Rounding::HalfUp, ..DEFAULT };
    let extended = Settings { precision: 9, ..DEFAULT };
    let templates = [
        DecimalContext::with(DEFAULT, true, default_traps, thread)?,
        DecimalContext::with(basic, true, default_traps | Status::UNDERFLOW | Status::CLAMPED, thread)?,
        DecimalContext::with(extended, true, Status::NONE, thread)?,
    ];
    let name = Str::from_str("decimal_context", thread);
    let contents = Contents {
        signals,
        signal_tuple,
        decimal_tuple: make_decimal_tuple(thread)?,
        rational: import("numbers", "Rational", thread)?,
        templates,
        variable: ContextVar::new(&name, None, thread)?,
    };
    let _ = state.contents.set(contents);
    Ok(())
}

/// An attribute of a module of the library.
pub fn import(module: &str, attribute: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let function = protocol::builtin(&names::__import__, thread)?;
    let name = Str::from_str(module, thread);
    let none = thread.none();
    let attribute = thread.intern_text(attribute);
    // With a list of names, `__import__` gives the innermost module.
    let wanted = Tuple::from_slice(&[&attribute], thread)?;
    let module = protocol::call(&function, &[&name, &none, &none, &wanted], thread)?;
    protocol::get_attribute(&module, &attribute, thread)
}

/// `class SignalDict(SignalDictMixin, MutableMapping)`
fn make_signal_dict(thread: &mut Thread) -> PyResult<Py<Type>> {
    let mapping = import("collections.abc", "MutableMapping", thread)?;
    let name = Str::from_str("SignalDict", thread);
    let bases = Tuple::from_slice(&[SignalDict::class(), &mapping], thread)?;
    let body = Dict::new(thread);
    let metaclass = Py::from_ref(mapping.class());
    let class = protocol::call(&metaclass, &[&name, &bases, &body], thread)?;
    class.downcast_into::<Type>().map_err(|_| raise!(thread, TypeError, "SignalDict is not a class"))
}

fn make_decimal_tuple(thread: &mut Thread) -> PyResult<Py<Object>> {
    let function = import("collections", "namedtuple", thread)?;
    let name = Str::from_str("DecimalTuple", thread);
    let fields = Str::from_str("sign digits exponent", thread);
    let class = protocol::call(&function, &[&name, &fields], thread)?;
    let module = Str::from_str("decimal", thread);
    protocol::set_attribute(&class, &names::__module__, Some(&module), thread)?;
    Ok(class)
}
