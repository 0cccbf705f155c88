//! What a parser can be told before and while it reads, and what it tells of where it is.

use macros::python_methods;
use objects::errors::PyResult;
use objects::int::Int;
use objects::protocol;
use objects::raise;
use objects::refs::Object;
use objects::thread::Thread;

use crate::expat::errors::Code;
use crate::expat::{Failure, Parameters};
use crate::xml_parser::XmlParser;
use crate::{raise_failure, raise_message};

/// The largest buffer.
const MAX_BUFFER_SIZE: i64 = i32::MAX as i64;

/// The truth of what an attribute is set to.
fn flag(value: Option<&Object>, thread: &mut Thread) -> PyResult<bool> {
    match value {
        Some(value) => protocol::is_true(value, thread),
        None => Err(raise!(thread, RuntimeError, "Cannot delete attribute")),
    }
}

#[python_methods(SETTINGS)]
impl XmlParser {
    /// SetParamEntityParsing($self, flag, /)
    /// --
    ///
    /// Controls parsing of parameter entities (including the external DTD subset).
    ///
    /// Possible flag values are XML_PARAM_ENTITY_PARSING_NEVER,
    /// XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE and
    /// XML_PARAM_ENTITY_PARSING_ALWAYS. Returns true if setting the flag
    /// was successful.
    #[method]
    #[expect(non_snake_case, reason = "Expat names it so")]
    fn SetParamEntityParsing(&self, flag: i32) -> i32 {
        let mut parser = self.reading.parser.borrow_mut();
        if parser.has_started() {
            return 0;
        }
        parser.parameters = match flag {
            0 => Parameters::Never,
            1 => Parameters::UnlessStandalone,
            _ => Parameters::Always,
        };
        1
    }

    /// UseForeignDTD($self, flag=True, /)
    /// --
    ///
    /// Allows the application to provide an artificial external subset if one is not specified as part of the document instance.
    ///
    /// This readily allows the use of a 'default' document type controlled
    /// by the application, while still getting the advantage of providing
    /// document type information to the parser.  'flag' defaults to True if
    /// not provided.
    #[method]
    #[defining_class]
    #[expect(non_snake_case, reason = "Expat names it so")]
    fn UseForeignDTD(&self, flag: Option<bool>, thread: &mut Thread) -> PyResult<()> {
        let mut parser = self.reading.parser.borrow_mut();
        if !parser.has_started() {
            parser.uses_foreign = flag.unwrap_or(true);
            return Ok(());
        }
        let failure = Failure { code: Code::CannotChangeFeature, place: parser.told_place() };
        drop(parser);
        Err(raise_failure(failure, thread))
    }

    /// SetBillionLaughsAttackProtectionMaximumAmplification($self, max_factor,
    ///                                                      /)
    /// --
    ///
    /// Sets the maximum tolerated amplification factor for protection against billion laughs attacks.
    ///
    /// The amplification factor is calculated as "(direct + indirect) / direct"
    /// while parsing, where "direct" is the number of bytes read from the primary
    /// document in parsing and "indirect" is the number of bytes added by expanding
    /// entities and reading external DTD files, combined.
    ///
    /// The 'max_factor' value must be a non-NaN floating point value greater than
    /// or equal to 1.0. Amplification factors greater than 30,000 can be observed
    /// in the middle of parsing even with benign files in practice. In particular,
    /// the activation threshold should be carefully chosen to avoid false positives.
    ///
    /// Parser objects usually have a maximum amplification factor of 100,
    /// but the actual default value depends on the underlying Expat library.
    #[method]
    #[defining_class]
    #[expect(non_snake_case, reason = "Expat names it so")]
    fn SetBillionLaughsAttackProtectionMaximumAmplification(
        &self,
        max_factor: f64,
        thread: &mut Thread,
    ) -> PyResult<()> {
        self.check_root(thread)?;
        if max_factor.is_nan() || max_factor < 1.0 {
            return Err(raise_message("'max_factor' must be at least 1.0", thread));
        }
        self.reading.parser.borrow_mut().amplification.factor = max_factor;
        Ok(())
    }

    /// SetBillionLaughsAttackProtectionActivationThreshold($self, threshold, /)
    /// --
    ///
    /// Sets the number of output bytes needed to activate protection against billion laughs attacks.
    ///
    /// The number of output bytes includes amplification from entity expansion
    /// and reading DTD files.
    ///
    /// Parser objects usually have a protection activation threshold of 8 MiB,
    /// but the actual default value depends on the underlying Expat library.
    ///
    /// Activation thresholds below 4 MiB are known to break support for DITA 1.3
    /// payload and are hence not recommended.
    #[method]
    #[defining_class]
    #[expect(non_snake_case, reason = "Expat names it so")]
    fn SetBillionLaughsAttackProtectionActivationThreshold(
        &self,
        threshold: &Object,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let number = protocol::index(threshold, thread)?;
        if number.is_negative() {
            return Err(raise!(thread, ValueError, "Cannot convert negative int"));
        }
        let Some(value) = number.to_i128().and_then(|it| u64::try_from(it).ok()) else {
            return Err(raise!(thread, OverflowError, "Python int too large for C unsigned long long"));
        };
        self.check_root(thread)?;
        self.reading.parser.borrow_mut().amplification.threshold = value;
        Ok(())
    }

    /// SetReparseDeferralEnabled($self, enabled, /)
    /// --
    ///
    /// Enable/Disable reparse deferral; enabled by default with Expat >=2.6.0.
    #[method]
    #[expect(non_snake_case, reason = "Expat names it so")]
    fn SetReparseDeferralEnabled(&self, enabled: bool) {
        self.reading.parser.borrow_mut().defers = enabled;
    }

    /// GetReparseDeferralEnabled($self, /)
    /// --
    ///
    /// Retrieve reparse deferral enabled status; always returns false with Expat <2.6.0.
    #[method]
    #[expect(non_snake_case, reason = "Expat names it so")]
    fn GetReparseDeferralEnabled(&self) -> bool {
        self.reading.parser.borrow().defers
    }

    #[getter(name = "ErrorCode")]
    fn error_code(&self) -> i64 {
        self.reading.parser.borrow().code().into()
    }

    #[getter(name = "ErrorLineNumber")]
    fn error_line(&self) -> i64 {
        self.reading.parser.borrow().told_place().line as i64
    }

    #[getter(name = "ErrorColumnNumber")]
    fn error_column(&self) -> i64 {
        self.reading.parser.borrow().told_place().column as i64
    }

    #[getter(name = "ErrorByteIndex")]
    fn error_byte(&self) -> i64 {
        self.reading.parser.borrow().told_place().bytes as i64
    }

    #[getter(name = "CurrentLineNumber")]
    fn current_line(&self) -> i64 {
        self.error_line()
    }

    #[getter(name = "CurrentColumnNumber")]
    fn current_column(&self) -> i64 {
        self.error_column()
    }

    #[getter(name = "CurrentByteIndex")]
    fn current_byte(&self) -> i64 {
        self.error_byte()
    }

    #[getter(name = "ordered_attributes")]
    fn get_ordered_attributes(&self) -> bool {
        self.has_ordered_attributes.get()
    }

    #[setter(name = "ordered_attributes")]
    fn set_ordered_attributes(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.has_ordered_attributes.set(flag(value, thread)?);
        Ok(())
    }

    #[getter(name = "specified_attributes")]
    fn get_specified_attributes(&self) -> bool {
        self.has_specified_attributes.get()
    }

    #[setter(name = "specified_attributes")]
    fn set_specified_attributes(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.has_specified_attributes.set(flag(value, thread)?);
        Ok(())
    }

    #[getter(name = "namespace_prefixes")]
    fn get_namespace_prefixes(&self) -> bool {
        self.reading.parser.borrow().namespace_prefixes
    }

    #[setter(name = "namespace_prefixes")]
    fn set_namespace_prefixes(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let value = flag(value, thread)?;
        self.reading.parser.borrow_mut().namespace_prefixes = value;
        Ok(())
    }

    #[getter(name = "buffer_text")]
    fn get_buffer_text(&self) -> bool {
        self.keeps_text.get()
    }

    #[setter(name = "buffer_text")]
    fn set_buffer_text(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let value = flag(value, thread)?;
        if !value {
            self.flush(thread)?;
        }
        self.keeps_text.set(value);
        Ok(())
    }

    #[getter(name = "buffer_used")]
    fn buffer_used(&self) -> i64 {
        self.reading.texts.borrow().len() as i64
    }

    #[getter(name = "buffer_size")]
    fn get_buffer_size(&self) -> i64 {
        self.buffer_size.get() as i64
    }

    #[setter(name = "buffer_size")]
    fn set_buffer_size(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else {
            return Err(raise!(thread, RuntimeError, "Cannot delete attribute"));
        };
        let Some(number) = value.downcast::<Int>() else {
            return Err(raise!(thread, TypeError, "buffer_size must be an integer"));
        };
        let Some(size) = number.to_i64() else {
            return Err(raise!(thread, OverflowError, "Python int too large to convert to C long"));
        };
        if size <= 0 {
            return Err(raise!(thread, ValueError, "buffer_size must be greater than zero"));
        }
        if size > MAX_BUFFER_SIZE {
            return Err(raise!(thread, ValueError, "buffer_size must not be greater than {MAX_BUFFER_SIZE}"));
        }
        self.flush(thread)?;
        self.buffer_size.set(size as usize);
        Ok(())
    }
}
