//! All exceptions: one table, bases first. It declares those that add nothing to their base, and gives every one the name by which Rust code
//! raises it.
//!
//! A struct and a constant share each name: `TypeError` is the layout in type position and the declaration in value position, so
//! `raise!(thread, TypeError, …)` and `downcast::<TypeError>()` read alike.

use super::attributes::{AttributeError, ImportError, NameError};
use super::base::BaseException;
use super::group::BaseExceptionGroup;
use super::key_error::KeyError;
use super::os_error::OSError;
use super::stop::{StopIteration, SystemExit};
use super::syntax_error::SyntaxError;
use super::unicode_error::{UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError};
use crate::dict::Dict;
use crate::errors::{ExceptionKind, PyResult};
use crate::refs::{Py, cast};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type};

/// One exception that adds nothing to its base. CPython gives `plain` ones a `__new__` of their own; `alike` ones inherit it, because
/// their base has fields.
macro_rules! declare {
    (elsewhere $name:ident) => {};
    (plain $name:ident $base:ident $doc:literal) => {
        declare!(struct $name $base $doc);

        #[doc = $doc]
        #[macros::python_type(base = $base, flags(BASETYPE, BASE_EXC_SUBCLASS))]
        impl $name {
            #[slot(tp_new)]
            fn new(
                class: &Type,
                arguments: &Tuple,
                _keywords: Option<&Dict>,
                thread: &mut Thread,
            ) -> PyResult<Py<BaseException>> {
                BaseException::make(class, arguments, thread)
            }
        }
    };
    (alike $name:ident $base:ident $doc:literal) => {
        declare!(struct $name $base $doc);

        #[doc = $doc]
        #[macros::python_type(base = $base, flags(BASETYPE, BASE_EXC_SUBCLASS))]
        impl $name {}
    };
    (struct $name:ident $base:ident $doc:literal) => {
        #[doc = $doc]
        #[derive(macros::Instance)]
        #[repr(C)]
        pub struct $name {
            base: $base,
        }
    };
}

/// A C variable that holds the address of an exception's type. A declaration begins with its type object.
#[repr(transparent)]
pub struct Exported(ExceptionKind);

macro_rules! exceptions {
    ($($how:ident $name:ident $(($base:ident) $doc:literal)?;)*) => {
        $(
            declare!($how $name $($base $doc)?);

            #[doc = concat!("`", stringify!($name), "`, as Rust code raises it.")]
            #[allow(non_upper_case_globals, reason = "the exception's own name")]
            pub const $name: ExceptionKind = $name::DECLARATION;

            const _: () = {
                #[doc = concat!("`PyExc_", stringify!($name), "`: the type object's address, where C code finds it.")]
                #[unsafe(export_name = concat!("PyExc_", stringify!($name)))]
                pub static EXPORTED: Exported = Exported($name::DECLARATION);
            };

            impl $name {
                /// The part that all exceptions have.
                #[inline(always)]
                pub fn as_base(&self) -> &BaseException {
                    // SAFETY: the struct of every exception starts with that of its base, the last of which is this.
                    unsafe { cast(self) }
                }
            }
        )*

        /// All exceptions, bases first.
        pub const TYPES: &[ExceptionKind] = &[$($name::DECLARATION),*];
    };
}

exceptions! {
    elsewhere BaseException;
    plain Exception(BaseException) "Common base class for all non-exit exceptions.";
    plain ArithmeticError(Exception) "Base class for arithmetic errors.";
    plain FloatingPointError(ArithmeticError) "Floating-point operation failed.";
    plain OverflowError(ArithmeticError) "Result too large to be represented.";
    plain ZeroDivisionError(ArithmeticError) "Second argument to a division or modulo operation was zero.";
    plain AssertionError(Exception) "Assertion failed.";
    elsewhere AttributeError;
    plain BufferError(Exception) "Buffer error.";
    plain EOFError(Exception) "Read beyond end of file.";
    elsewhere ImportError;
    alike ModuleNotFoundError(ImportError) "Module not found.";
    plain LookupError(Exception) "Base class for lookup errors.";
    plain IndexError(LookupError) "Sequence index out of range.";
    elsewhere KeyError;
    plain MemoryError(Exception) "Out of memory.";
    elsewhere NameError;
    alike UnboundLocalError(NameError) "Local name referenced but not bound to a value.";
    elsewhere OSError;
    alike BlockingIOError(OSError) "I/O operation would block.";
    alike ChildProcessError(OSError) "Child process error.";
    alike ConnectionError(OSError) "Connection error.";
    alike BrokenPipeError(ConnectionError) "Broken pipe.";
    alike ConnectionAbortedError(ConnectionError) "Connection aborted.";
    alike ConnectionRefusedError(ConnectionError) "Connection refused.";
    alike ConnectionResetError(ConnectionError) "Connection reset.";
    alike FileExistsError(OSError) "File already exists.";
    alike FileNotFoundError(OSError) "File not found.";
    alike InterruptedError(OSError) "Interrupted by signal.";
    alike IsADirectoryError(OSError) "Operation doesn't work on directories.";
    alike NotADirectoryError(OSError) "Operation only works on directories.";
    alike PermissionError(OSError) "Not enough permissions.";
    alike ProcessLookupError(OSError) "Process not found.";
    alike TimeoutError(OSError) "Timeout expired.";
    plain ReferenceError(Exception) "Weak ref proxy used after referent went away.";
    plain RuntimeError(Exception) "Unspecified run-time error.";
    plain NotImplementedError(RuntimeError) "Method or function hasn't been implemented yet.";
    plain PythonFinalizationError(RuntimeError) "Operation blocked during Python finalization.";
    plain RecursionError(RuntimeError) "Recursion limit exceeded.";
    plain StopAsyncIteration(Exception) "Signal the end from iterator.__anext__().";
    elsewhere StopIteration;
    elsewhere SyntaxError;
    alike IndentationError(SyntaxError) "Improper indentation.";
    alike TabError(IndentationError) "Improper mixture of spaces and tabs.";
    alike _IncompleteInputError(SyntaxError) "incomplete input.";
    plain SystemError(Exception) "Internal error in the Python interpreter.\n\nPlease report this to the Python maintainer, along with the traceback,\nthe Python version, and the hardware/OS platform and version.";
    plain TypeError(Exception) "Inappropriate argument type.";
    plain ValueError(Exception) "Inappropriate argument value (of correct type).";
    plain UnicodeError(ValueError) "Unicode related error.";
    elsewhere UnicodeEncodeError;
    elsewhere UnicodeDecodeError;
    elsewhere UnicodeTranslateError;
    plain Warning(Exception) "Base class for warning categories.";
    plain BytesWarning(Warning) "Base class for warnings about bytes and buffer related problems, mostly\nrelated to conversion from str or comparing to str.";
    plain DeprecationWarning(Warning) "Base class for warnings about deprecated features.";
    plain EncodingWarning(Warning) "Base class for warnings about encodings.";
    plain FutureWarning(Warning) "Base class for warnings about constructs that will change semantically\nin the future.";
    plain ImportWarning(Warning) "Base class for warnings about probable mistakes in module imports";
    plain PendingDeprecationWarning(Warning) "Base class for warnings about features which will be deprecated\nin the future.";
    plain ResourceWarning(Warning) "Base class for warnings about resource usage.";
    plain RuntimeWarning(Warning) "Base class for warnings about dubious runtime behavior.";
    plain SyntaxWarning(Warning) "Base class for warnings about dubious syntax.";
    plain UnicodeWarning(Warning) "Base class for warnings about Unicode related problems, mostly\nrelated to conversion problems.";
    plain UserWarning(Warning) "Base class for warnings generated by user code.";
    elsewhere BaseExceptionGroup;
    plain GeneratorExit(BaseException) "Request that a generator exit.";
    plain KeyboardInterrupt(BaseException) "Program interrupted by user.";
    elsewhere SystemExit;
}
