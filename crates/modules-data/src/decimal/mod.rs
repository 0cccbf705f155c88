//! `_decimal`: decimal arithmetic as the module `decimal` offers it.
//!
//! The arithmetic is `numeric::decimal`; here are the objects around it. `methods` is the type `Decimal` (its layout in `object`; what makes
//! decimals in `construct`, what they become in `convert` and `format`, operators that compare in `compare`), `context_methods` the type
//! `Context` (its layout, and the current one, in `context`), both over `operate`, `signal_dict` its flags and traps, `signals` the exceptions.

mod compare;
mod construct;
mod context;
mod context_methods;
mod convert;
mod format;
mod manager;
mod methods;
mod object;
mod operate;
mod signal_dict;
mod signals;
mod state;

use macros::python_module;
use numeric::decimal::{
    Context as Settings, MAX_EXPONENT, MAX_PRECISION, MIN_EXPONENT, MIN_TINY_EXPONENT, Rounding, Status,
};
use objects::errors::PyResult;
use objects::module::Module;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, TypeDeclaration};

use context::{DecimalContext, Given};
use manager::ContextManager;
use object::Decimal;
use signal_dict::SignalDict;

pub const TYPES: &[&TypeDeclaration] =
    &[Decimal::DECLARATION, DecimalContext::DECLARATION, SignalDict::DECLARATION, ContextManager::DECLARATION];

/// The largest interchange format.
const IEEE_CONTEXT_MAX_BITS: i64 = 512;

/// The version of the specification.
const VERSION: &str = "1.70";

/// The version of libmpdec that this arithmetic agrees with.
const LIBMPDEC_VERSION: &str = "2.5.1";

pub struct DecimalModule;

/// C decimal arithmetic module
#[python_module(name = "_decimal")]
impl DecimalModule {
    /// getcontext($module, /)
    /// --
    ///
    /// Get the current default context.
    ///
    ///
    #[function]
    fn getcontext(thread: &mut Thread) -> PyResult<Py<DecimalContext>> {
        context::current(thread)
    }

    /// setcontext($module, context, /)
    /// --
    ///
    /// Set a new default context.
    ///
    ///
    #[function]
    fn setcontext(context: &Object, thread: &mut Thread) -> PyResult<()> {
        match context.downcast::<DecimalContext>() {
            Some(context) => context::set_current(context, thread),
            None => Err(raise!(thread, TypeError, "argument must be a context")),
        }
    }

    /// localcontext($module, /, ctx=None, **kwargs)
    /// --
    ///
    /// Return a context manager that will set the default context to a copy of ctx
    /// on entry to the with-statement and restore the previous default context when
    /// exiting the with-statement. If no context is specified, a copy of the current
    /// default context is used.
    ///
    ///
    #[function]
    #[signature(
        "(ctx=None, prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "they are Python's")]
    fn localcontext(
        context: Option<&Object>,
        precision: Option<&Object>,
        rounding: Option<&Object>,
        emin: Option<&Object>,
        emax: Option<&Object>,
        capitals: Option<&Object>,
        clamp: Option<&Object>,
        flags: Option<&Object>,
        traps: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<ContextManager>> {
        let global = context::current(thread)?;
        let local = context::context_or_current(context, thread)?.duplicate(thread)?;
        let given = Given { precision, rounding, emin, emax, capitals, clamp, flags, traps };
        given.apply(&local, thread)?;
        Ok(ContextManager::new(local, global, thread))
    }

    /// IEEEContext($module, bits, /)
    /// --
    ///
    /// Return a context object initialized to the proper values for one of the
    /// IEEE interchange formats.  The argument must be a multiple of 32 and less
    /// than IEEE_CONTEXT_MAX_BITS.
    ///
    ///
    #[function(name = "IEEEContext")]
    fn ieee_context(bits: &Object, thread: &mut Thread) -> PyResult<Py<DecimalContext>> {
        let bits = context::integer_of(bits, thread)?;
        if bits <= 0 || bits > IEEE_CONTEXT_MAX_BITS || bits % 32 != 0 {
            let most = IEEE_CONTEXT_MAX_BITS;
            return Err(raise!(thread, ValueError, "argument must be a multiple of 32, with a maximum of {most}"));
        }
        let emax = 3 << (bits / 16 + 3);
        let precision = 9 * (bits / 32) - 2;
        let settings = Settings { precision, emax, emin: 1 - emax, rounding: Rounding::HalfEven, clamp: true };
        DecimalContext::with(settings, true, Status::NONE, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let state = state::state(thread)?;
        let contents = state.contents()?;
        module.set("Decimal", Decimal::class(), thread)?;
        module.set("Context", DecimalContext::class(), thread)?;
        module.set("DecimalTuple", &contents.decimal_tuple, thread)?;
        module.set("DecimalException", &contents.signals.root, thread)?;
        for signal in contents.signals.signals.iter().chain(&contents.signals.conditions) {
            module.set(signal.name, &signal.class, thread)?;
        }
        for (name, template) in ["DefaultContext", "BasicContext", "ExtendedContext"].iter().zip(&contents.templates) {
            module.set(name, template, thread)?;
        }
        for (name, _) in Rounding::NAMES {
            let text = thread.intern_text(name);
            module.set(name, &text, thread)?;
        }
        let numbers = [
            ("MAX_PREC", MAX_PRECISION),
            ("MAX_EMAX", MAX_EXPONENT),
            ("MIN_EMIN", MIN_EXPONENT),
            ("MIN_ETINY", MIN_TINY_EXPONENT),
            ("IEEE_CONTEXT_MAX_BITS", IEEE_CONTEXT_MAX_BITS),
        ];
        for (name, value) in numbers {
            let value = protocol::make_int(i128::from(value), thread);
            module.set(name, &value, thread)?;
        }
        for name in ["HAVE_THREADS", "HAVE_CONTEXTVAR"] {
            module.set(name, &objects::bool::Bool::new(true), thread)?;
        }
        for (name, text) in [("__version__", VERSION), ("__libmpdec_version__", LIBMPDEC_VERSION)] {
            let text = Str::from_str(text, thread);
            module.set(name, &text, thread)?;
        }
        register(thread)
    }
}

/// `numbers.Number.register(Decimal)`
fn register(thread: &mut Thread) -> PyResult<()> {
    let number = state::import("numbers", "Number", thread)?;
    let name = thread.intern_text("register");
    protocol::call_method(&number, &name, &[Decimal::class()], thread).map(drop)
}
