//! The exceptions without fields of their own, and the names by which Rust code raises built-in exceptions: one table.
//!
//! A struct and a constant share each name: `TypeError` is the layout in type position and the declaration in value position, so
//! `raise!(thread, TypeError, …)` and `downcast::<TypeError>()` read alike.

use super::attributes::{ImportError, NameError};
use super::base::BaseException;
use super::os_error::OSError;
use super::syntax_error::SyntaxError;
use crate::errors::ExceptionKind;
use crate::types::Instance as _;

/// Declares exceptions that add nothing to their base: name, base, doc.
macro_rules! exceptions {
    ($($name:ident($base:ident) $doc:literal;)*) => {
        $(
            #[doc = $doc]
            #[derive(macros::Instance)]
            #[repr(C)]
            pub struct $name {
                base: $base,
            }

            #[doc = $doc]
            #[macros::python_type(base = $base, flags(BASETYPE, BASE_EXC_SUBCLASS))]
            impl $name {}

            #[doc = $doc]
            #[allow(non_upper_case_globals, reason = "the exception's own name")]
            pub const $name: ExceptionKind = $name::DECLARATION;
        )*

        /// All exceptions of the table, bases first.
        pub const SIMPLE_EXCEPTIONS: &[ExceptionKind] = &[$($name::DECLARATION),*];
    };
}

exceptions! {
    Exception(BaseException) "Common base class for all non-exit exceptions.";
    ArithmeticError(Exception) "Base class for arithmetic errors.";
    FloatingPointError(ArithmeticError) "Floating-point operation failed.";
    OverflowError(ArithmeticError) "Result too large to be represented.";
    ZeroDivisionError(ArithmeticError) "Second argument to a division or modulo operation was zero.";
    AssertionError(Exception) "Assertion failed.";
    BufferError(Exception) "Buffer error.";
    EOFError(Exception) "Read beyond end of file.";
    ModuleNotFoundError(ImportError) "Module not found.";
    LookupError(Exception) "Base class for lookup errors.";
    IndexError(LookupError) "Sequence index out of range.";
    MemoryError(Exception) "Out of memory.";
    UnboundLocalError(NameError) "Local name referenced but not bound to a value.";
    BlockingIOError(OSError) "I/O operation would block.";
    ChildProcessError(OSError) "Child process error.";
    ConnectionError(OSError) "Connection error.";
    BrokenPipeError(ConnectionError) "Broken pipe.";
    ConnectionAbortedError(ConnectionError) "Connection aborted.";
    ConnectionRefusedError(ConnectionError) "Connection refused.";
    ConnectionResetError(ConnectionError) "Connection reset.";
    FileExistsError(OSError) "File already exists.";
    FileNotFoundError(OSError) "File not found.";
    InterruptedError(OSError) "Interrupted by signal.";
    IsADirectoryError(OSError) "Operation doesn't work on directories.";
    NotADirectoryError(OSError) "Operation only works on directories.";
    PermissionError(OSError) "Not enough permissions.";
    ProcessLookupError(OSError) "Process not found.";
    TimeoutError(OSError) "Timeout expired.";
    ReferenceError(Exception) "Weak ref proxy used after referent went away.";
    RuntimeError(Exception) "Unspecified run-time error.";
    NotImplementedError(RuntimeError) "Method or function hasn't been implemented yet.";
    PythonFinalizationError(RuntimeError) "Operation blocked during Python finalization.";
    RecursionError(RuntimeError) "Recursion limit exceeded.";
    StopAsyncIteration(Exception) "Signal the end from iterator.__anext__().";
    IndentationError(SyntaxError) "Improper indentation.";
    TabError(IndentationError) "Improper mixture of spaces and tabs.";
    SystemError(Exception) "Internal error in the Python interpreter.\n\nPlease report this to the Python maintainer, along with the traceback,\nthe Python version, and the hardware/OS platform and version.";
    TypeError(Exception) "Inappropriate argument type.";
    ValueError(Exception) "Inappropriate argument value (of correct type).";
    UnicodeError(ValueError) "Unicode related error.";
    Warning(Exception) "Base class for warning categories.";
    BytesWarning(Warning) "Base class for warnings about bytes and buffer related problems, mostly\nrelated to conversion from str or comparing to str.";
    DeprecationWarning(Warning) "Base class for warnings about deprecated features.";
    EncodingWarning(Warning) "Base class for warnings about encodings.";
    FutureWarning(Warning) "Base class for warnings about constructs that will change semantically\nin the future.";
    ImportWarning(Warning) "Base class for warnings about probable mistakes in module imports";
    PendingDeprecationWarning(Warning) "Base class for warnings about features which will be deprecated\nin the future.";
    ResourceWarning(Warning) "Base class for warnings about resource usage.";
    RuntimeWarning(Warning) "Base class for warnings about dubious runtime behavior.";
    SyntaxWarning(Warning) "Base class for warnings about dubious syntax.";
    UnicodeWarning(Warning) "Base class for warnings about Unicode related problems, mostly\nrelated to conversion problems.";
    UserWarning(Warning) "Base class for warnings generated by user code.";
    GeneratorExit(BaseException) "Request that a generator exit.";
    KeyboardInterrupt(BaseException) "Program interrupted by user.";
}
