//! The context object: its layout, how contexts are made, what they hold, and which one is the current one.

use std::cell::Cell;

use macros::Instance;
use numeric::decimal::{Context as Settings, Status};
use objects::errors::{PyResult, Raised};
use objects::int::Int;
use objects::list::List;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use numeric::decimal::{MAX_EXPONENT, MAX_PRECISION, MIN_EXPONENT, Rounding};

use super::signal_dict::{SignalDict, status_of_list, status_of_mapping};
use super::signals::raise_signals;
use super::state::{classes, state};

/// The context of operations.
#[derive(Instance)]
#[repr(C)]
pub struct DecimalContext {
    header: Header,
    settings: Cell<Settings>,
    /// Whether exponents are written with a capital E.
    capitals: Cell<bool>,
    traps: Field<SignalDict>,
    flags: Field<SignalDict>,
}

impl Drop for DecimalContext {
    fn drop(&mut self) {
        for signals in [&self.traps, &self.flags] {
            if let Some(signals) = signals.get() {
                signals.invalidate();
            }
        }
    }
}

// Making contexts.
impl DecimalContext {
    /// A context without flags.
    pub fn with(
        settings: Settings,
        capitals: bool,
        traps: Status,
        thread: &mut Thread,
    ) -> PyResult<Py<DecimalContext>> {
        Self::with_in(Self::class(), settings, capitals, traps, thread)
    }

    /// The same as an instance of a subtype.
    pub fn with_in(
        class: &Type,
        settings: Settings,
        capitals: bool,
        traps: Status,
        thread: &mut Thread,
    ) -> PyResult<Py<DecimalContext>> {
        let traps = SignalDict::new(traps, thread)?;
        let flags = SignalDict::new(Status::NONE, thread)?;
        let context = DecimalContext {
            header: Header::new(DecimalContext::class()),
            settings: Cell::new(settings),
            capitals: Cell::new(capitals),
            traps: traps.into(),
            flags: flags.into(),
        };
        Py::new_in(class, context, thread)
    }

    /// A copy; its flags are the same.
    pub fn duplicate(&self, thread: &mut Thread) -> PyResult<Py<DecimalContext>> {
        let copy = Self::with(self.settings(), self.capitals(), self.traps(), thread)?;
        copy.store_flags(self.flags());
        Ok(copy)
    }
}

// What they hold.
impl DecimalContext {
    #[inline(always)]
    pub fn settings(&self) -> Settings {
        self.settings.get()
    }

    #[inline(always)]
    pub fn capitals(&self) -> bool {
        self.capitals.get()
    }

    /// `context.traps`
    pub fn trap_signals(&self) -> Option<Py<SignalDict>> {
        self.traps.get()
    }

    /// `context.flags`
    pub fn flag_signals(&self) -> Option<Py<SignalDict>> {
        self.flags.get()
    }

    // Only a context that the collector has cleared has no mappings.
    pub fn traps(&self) -> Status {
        self.traps.get().map_or(Status::NONE, |it| it.status())
    }

    pub fn flags(&self) -> Status {
        self.flags.get().map_or(Status::NONE, |it| it.status())
    }

    pub fn store_traps(&self, status: Status) {
        if let Some(traps) = self.traps.get() {
            traps.set_status(status);
        }
    }

    pub fn store_flags(&self, status: Status) {
        if let Some(flags) = self.flags.get() {
            flags.set_status(status);
        }
    }

    /// Notes what an operation has reported; raises what is trapped.
    #[inline(always)]
    pub fn report(&self, status: Status, thread: &mut Thread) -> PyResult<()> {
        if status.is_none() { Ok(()) } else { self.report_conditions(status, thread) }
    }

    fn report_conditions(&self, status: Status, thread: &mut Thread) -> PyResult<()> {
        self.note(status);
        let trapped = status & (self.traps() | Status::NO_MEMORY);
        if trapped.is_none() { Ok(()) } else { Err(raise_signals(trapped, thread)) }
    }

    /// Sets flags, whatever is trapped.
    pub fn note(&self, status: Status) {
        self.store_flags(self.flags() | status);
    }
}

impl DecimalContext {
    /// `context.__reduce__()`
    pub fn reduce(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let settings = self.settings();
        let state = classes(thread)?;
        let signals = &state.known_classes().signals;
        let flags = signals.list_of(self.flags(), thread)?;
        let traps = signals.list_of(self.traps(), thread)?;
        let mut int = |value: i64| protocol::make_int(i128::from(value), thread);
        let (precision, emin, emax) = (int(settings.precision), int(settings.emin), int(settings.emax));
        let (capitals, clamp) = (int(i64::from(self.capitals())), int(i64::from(settings.clamp)));
        let rounding = thread.intern_text(settings.rounding.name());
        let arguments =
            Tuple::from_slice(&[&precision, &rounding, &emin, &emax, &capitals, &clamp, &flags, &traps], thread)?;
        Tuple::from_slice(&[self.class(), &arguments], thread)
    }
}

const VALID_ROUNDINGS: &str = "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   \
                               ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]";

/// The rounding mode of a name.
pub fn rounding_of(value: &Object, thread: &mut Thread) -> PyResult<Rounding> {
    let name = value.downcast::<Str>();
    let found = Rounding::NAMES.iter().find(|row| name.is_some_and(|name| name.equals_text(row.0)));
    match found {
        Some(row) => Ok(row.1),
        None => Err(raise!(thread, TypeError, "{VALID_ROUNDINGS}")),
    }
}

/// An int as a machine word.
pub fn integer_of(value: &Object, thread: &mut Thread) -> PyResult<i64> {
    let Some(integer) = Int::of(value) else {
        return Err(raise!(thread, TypeError, "an integer is required"));
    };
    match integer.to_i64() {
        Some(value) => Ok(value),
        None => Err(raise!(thread, OverflowError, "Python int too large to convert to C ssize_t")),
    }
}

#[cold]
fn raise_range(message: &str, thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "{message}")
}

// Setting what they hold.
impl DecimalContext {
    pub fn set_precision(&self, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let precision = integer_of(value, thread)?;
        if !(1..=MAX_PRECISION).contains(&precision) {
            return Err(raise_range("valid range for prec is [1, MAX_PREC]", thread));
        }
        self.settings.set(Settings { precision, ..self.settings() });
        Ok(())
    }

    pub fn set_emin(&self, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let emin = integer_of(value, thread)?;
        if !(MIN_EXPONENT..=0).contains(&emin) {
            return Err(raise_range("valid range for Emin is [MIN_EMIN, 0]", thread));
        }
        self.settings.set(Settings { emin, ..self.settings() });
        Ok(())
    }

    pub fn set_emax(&self, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let emax = integer_of(value, thread)?;
        if !(0..=MAX_EXPONENT).contains(&emax) {
            return Err(raise_range("valid range for Emax is [0, MAX_EMAX]", thread));
        }
        self.settings.set(Settings { emax, ..self.settings() });
        Ok(())
    }

    pub fn set_rounding(&self, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let rounding = rounding_of(value, thread)?;
        self.settings.set(Settings { rounding, ..self.settings() });
        Ok(())
    }

    pub fn set_capitals(&self, value: &Object, thread: &mut Thread) -> PyResult<()> {
        match integer_of(value, thread)? {
            value @ (0 | 1) => self.capitals.set(value != 0),
            _ => return Err(raise_range("valid values for capitals are 0 or 1", thread)),
        }
        Ok(())
    }

    pub fn set_clamp(&self, value: &Object, thread: &mut Thread) -> PyResult<()> {
        match integer_of(value, thread)? {
            value @ (0 | 1) => self.settings.set(Settings { clamp: value != 0, ..self.settings() }),
            _ => return Err(raise_range("valid values for clamp are 0 or 1", thread)),
        }
        Ok(())
    }
}

/// The arguments of `Context()` and `localcontext()`; None stands for what is not given.
#[derive(Clone, Copy, Default)]
pub struct Given<'a> {
    pub precision: Option<&'a Object>,
    pub rounding: Option<&'a Object>,
    pub emin: Option<&'a Object>,
    pub emax: Option<&'a Object>,
    pub capitals: Option<&'a Object>,
    pub clamp: Option<&'a Object>,
    pub flags: Option<&'a Object>,
    pub traps: Option<&'a Object>,
}

/// The signals that a list or a mapping has.
fn signals_of(value: &Object, thread: &mut Thread) -> PyResult<Status> {
    match value.downcast::<List>() {
        Some(list) => status_of_list(list, thread),
        None => status_of_mapping(value, thread),
    }
}

impl Given<'_> {
    /// Changes a context as the arguments say.
    pub fn apply(&self, context: &DecimalContext, thread: &mut Thread) -> PyResult<()> {
        type Setter = fn(&DecimalContext, &Object, &mut Thread) -> PyResult<()>;
        let rows: [(Option<&Object>, Setter); 8] = [
            (self.precision, DecimalContext::set_precision),
            (self.rounding, DecimalContext::set_rounding),
            (self.emin, DecimalContext::set_emin),
            (self.emax, DecimalContext::set_emax),
            (self.capitals, DecimalContext::set_capitals),
            (self.clamp, DecimalContext::set_clamp),
            (self.traps, |context, value, thread| {
                context.store_traps(signals_of(value, thread)?);
                Ok(())
            }),
            (self.flags, |context, value, thread| {
                context.store_flags(signals_of(value, thread)?);
                Ok(())
            }),
        ];
        for (value, set) in rows {
            if let Some(value) = value.filter(|it| !it.is_none()) {
                set(context, value, thread)?;
            }
        }
        Ok(())
    }
}

/// The context of the thread: the context variable's value.
#[inline]
pub fn current(thread: &mut Thread) -> PyResult<Py<DecimalContext>> {
    let state = state(thread)?;
    let contents = state.contents()?;
    match contents.variable.value(thread)? {
        Some(context) => context.downcast_into::<DecimalContext>().map_err(|_| raise_no_context(thread)),
        None => {
            let context = contents.templates[0].duplicate(thread)?;
            context.store_flags(Status::NONE);
            contents.variable.set_value(&context, thread)?;
            Ok(context)
        }
    }
}

#[cold]
fn raise_no_context(thread: &mut Thread) -> Raised {
    raise!(thread, TypeError, "optional argument must be a context")
}

/// `setcontext(context)`: of the contexts that others are made after, a copy.
pub fn set_current(context: &DecimalContext, thread: &mut Thread) -> PyResult<()> {
    let state = state(thread)?;
    let contents = state.contents()?;
    let mut context = Py::from_ref(context);
    if contents.templates.iter().any(|it| it.is(&context)) {
        context = context.duplicate(thread)?;
        context.store_flags(Status::NONE);
    }
    contents.variable.set_value(&context, thread).map(drop)
}

/// The context that an argument is; the current one where it is None or left out.
#[inline]
pub fn context_or_current(value: Option<&Object>, thread: &mut Thread) -> PyResult<Py<DecimalContext>> {
    match value.filter(|it| !it.is_none()) {
        None => current(thread),
        Some(value) => match value.downcast::<DecimalContext>() {
            Some(context) => Ok(Py::from_ref(context)),
            None => Err(raise_no_context(thread)),
        },
    }
}

/// `iter` over a value's items as a vector, for arguments that are sequences.
pub fn items_of(value: &Object, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    protocol::collect(value, thread)
}
