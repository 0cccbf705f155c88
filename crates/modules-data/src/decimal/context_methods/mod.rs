//! The type `Context`: attributes and methods.

mod arithmetic;
mod classification;
mod comparison;
mod digits;

use macros::python_type;
use numeric::decimal::{Decimal as Number, Status, text};
use objects::errors::PyResult;
use objects::object::{self, BaseObject};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Type;

use super::context::{DecimalContext, Given};
use super::object::{Decimal, required};
use super::operate::{ROUNDED, finish, unary};
use super::signal_dict::status_of_mapping;
use super::state::state;
use super::{construct, signals};

/// Context(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)
/// --
///
/// The context affects almost all operations and controls rounding,
/// Over/Underflow, raising of exceptions and much more.  A new context
/// can be constructed as follows:
///
///     >>> c = Context(prec=28, Emin=-425000000, Emax=425000000,
///     ...             rounding=ROUND_HALF_EVEN, capitals=1, clamp=1,
///     ...             traps=[InvalidOperation, DivisionByZero, Overflow],
///     ...             flags=[])
///     >>>
///
///
///
#[python_type(
    name = "decimal.Context", base = BaseObject, flags(HEAPTYPE, BASETYPE),
    groups(arithmetic::METHODS, comparison::METHODS, classification::METHODS, digits::METHODS)
)]
impl DecimalContext {
    #[slot(tp_new)]
    fn new_context(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&objects::dict::Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<DecimalContext>> {
        let _ = (arguments, keywords);
        let state = state(thread)?;
        let template = &state.contents()?.templates[0];
        let context =
            DecimalContext::with_in(class, template.settings(), template.capitals(), template.traps(), thread)?;
        context.store_flags(template.flags());
        Ok(context)
    }

    #[init]
    #[signature("(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)")]
    #[expect(clippy::too_many_arguments, reason = "they are Python's")]
    fn init_context(
        &self,
        precision: Option<&Object>,
        rounding: Option<&Object>,
        emin: Option<&Object>,
        emax: Option<&Object>,
        capitals: Option<&Object>,
        clamp: Option<&Object>,
        flags: Option<&Object>,
        traps: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let given = Given { precision, rounding, emin, emax, capitals, clamp, flags, traps };
        given.apply(self, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self) -> String {
        let settings = self.settings();
        format!(
            "Context(prec={}, rounding={}, Emin={}, Emax={}, capitals={}, clamp={}, flags={}, traps={})",
            settings.precision,
            settings.rounding.name(),
            settings.emin,
            settings.emax,
            i32::from(self.capitals()),
            i32::from(settings.clamp),
            signals::names_of(self.flags()),
            signals::names_of(self.traps())
        )
    }

    #[slot(tp_getattro)]
    fn get_attribute(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = object::attribute_name(name, thread)?;
        let found = if name.equals_text("traps") {
            self.trap_signals()
        } else if name.equals_text("flags") {
            self.flag_signals()
        } else {
            None
        };
        match found {
            Some(signals) => Ok(signals.into_object()),
            None => object::get_attribute_generic(self, name, thread),
        }
    }

    #[slot(tp_setattro)]
    fn set_attribute(&self, name: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let name = object::attribute_name(name, thread)?;
        let Some(value) = value else {
            return Err(raise!(thread, AttributeError, "context attributes cannot be deleted"));
        };
        if name.equals_text("traps") {
            let status = status_of_mapping(value, thread)?;
            self.store_traps(status);
            Ok(())
        } else if name.equals_text("flags") {
            let status = status_of_mapping(value, thread)?;
            self.store_flags(status);
            Ok(())
        } else {
            object::set_attribute_generic(self, name, Some(value), thread)
        }
    }

    #[getter(name = "prec")]
    fn get_prec(&self) -> i64 {
        self.settings().precision
    }

    #[setter(name = "prec")]
    fn put_prec(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        value.map_or(Ok(()), |value| self.set_precision(value, thread))
    }

    #[getter(name = "Emax")]
    fn get_emax(&self) -> i64 {
        self.settings().emax
    }

    #[setter(name = "Emax")]
    fn put_emax(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        value.map_or(Ok(()), |value| self.set_emax(value, thread))
    }

    #[getter(name = "Emin")]
    fn get_emin(&self) -> i64 {
        self.settings().emin
    }

    #[setter(name = "Emin")]
    fn put_emin(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        value.map_or(Ok(()), |value| self.set_emin(value, thread))
    }

    #[getter(name = "rounding")]
    fn get_rounding(&self, thread: &mut Thread) -> Py<Str> {
        thread.intern_text(self.settings().rounding.name())
    }

    #[setter(name = "rounding")]
    fn put_rounding(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        value.map_or(Ok(()), |value| self.set_rounding(value, thread))
    }

    #[getter(name = "capitals")]
    fn get_capitals(&self) -> i32 {
        i32::from(self.capitals())
    }

    #[setter(name = "capitals")]
    fn put_capitals(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        value.map_or(Ok(()), |value| self.set_capitals(value, thread))
    }

    #[getter(name = "clamp")]
    fn get_clamp(&self) -> i32 {
        i32::from(self.settings().clamp)
    }

    #[setter(name = "clamp")]
    fn put_clamp(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        value.map_or(Ok(()), |value| self.set_clamp(value, thread))
    }

    /// Etiny($self, /)
    /// --
    ///
    /// Return a value equal to Emin - prec + 1, which is the minimum exponent value
    /// for subnormal results.  When underflow occurs, the exponent is set to Etiny.
    ///
    ///
    #[method(name = "Etiny")]
    fn etiny(&self) -> i64 {
        self.settings().etiny()
    }

    /// Etop($self, /)
    /// --
    ///
    /// Return a value equal to Emax - prec + 1.  This is the maximum exponent
    /// if the _clamp field of the context is set to 1 (IEEE clamp mode).  Etop()
    /// must not be negative.
    ///
    ///
    #[method(name = "Etop")]
    fn etop(&self) -> i64 {
        self.settings().etop()
    }

    /// radix($self, /)
    /// --
    ///
    /// Return 10.
    ///
    ///
    #[method]
    fn radix(&self, thread: &mut Thread) -> Py<Decimal> {
        let _ = self;
        Decimal::new(Number::from_i64(10), thread)
    }

    /// _apply($self, object, /)
    /// --
    ///
    ///
    #[method]
    fn _apply(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let number = required(object, self, thread)?;
        unary(&number, ROUNDED, self, thread)
    }

    /// canonical($self, x, /)
    /// --
    ///
    /// Return a new instance of x.
    ///
    ///
    #[method]
    fn canonical(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.decimal(x, thread).map(Py::into_object)
    }

    /// to_sci_string($self, x, /)
    /// --
    ///
    /// Convert a number to a string using scientific notation.
    ///
    ///
    #[method]
    fn to_sci_string(&self, x: &Object, thread: &mut Thread) -> PyResult<String> {
        let number = required(x, self, thread)?;
        Ok(text::to_scientific(&number, self.capitals()))
    }

    /// to_eng_string($self, x, /)
    /// --
    ///
    /// Convert a number to a string, using engineering notation.
    ///
    ///
    #[method]
    fn to_eng_string(&self, x: &Object, thread: &mut Thread) -> PyResult<String> {
        let number = required(x, self, thread)?;
        Ok(text::to_engineering(&number, self.capitals()))
    }

    /// clear_flags($self, /)
    /// --
    ///
    /// Reset all flags to False.
    ///
    ///
    #[method]
    fn clear_flags(&self) {
        self.store_flags(Status::NONE);
    }

    /// clear_traps($self, /)
    /// --
    ///
    /// Set all traps to False.
    ///
    ///
    #[method]
    fn clear_traps(&self) {
        self.store_traps(Status::NONE);
    }

    /// __copy__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __copy__(&self, thread: &mut Thread) -> PyResult<Py<DecimalContext>> {
        self.duplicate(thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.reduce(thread)
    }

    /// copy($self, /)
    /// --
    ///
    /// Return a duplicate of the context.
    ///
    ///
    #[method]
    fn copy(&self, thread: &mut Thread) -> PyResult<Py<DecimalContext>> {
        self.duplicate(thread)
    }

    /// create_decimal($self, num="0", /)
    /// --
    ///
    /// Create a new Decimal instance from num, using self as the context. Unlike the
    /// Decimal constructor, this function observes the context limits.
    ///
    ///
    #[method]
    fn create_decimal(&self, num: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        match num {
            Some(value) => construct::rounded(value, self, thread),
            None => Ok(Decimal::new(Number::ZERO, thread).into_object()),
        }
    }

    /// create_decimal_from_float($self, f, /)
    /// --
    ///
    /// Create a new Decimal instance from float f.  Unlike the Decimal.from_float()
    /// class method, this function observes the context limits.
    ///
    ///
    #[method]
    fn create_decimal_from_float(&self, f: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let number = construct::int_or_float(f, self, thread)?;
        let mut status = Status::NONE;
        let rounded = number.finalized(&self.settings(), &mut status);
        finish(rounded, status, self, thread)
    }
}
