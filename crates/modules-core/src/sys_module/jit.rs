//! `sys._jit`: whether code is compiled to machine code.

use macros::python_module;

pub struct JitModule;

/// Utilities for observing just-in-time compilation.
#[python_module(name = "sys._jit")]
impl JitModule {
    /// is_available($module, /)
    /// --
    ///
    /// Return True if the current Python executable supports JIT compilation, and False otherwise.
    #[function]
    fn is_available() -> bool {
        false
    }

    /// is_enabled($module, /)
    /// --
    ///
    /// Return True if JIT compilation is enabled for the current Python process (implies sys._jit.is_available()), and False otherwise.
    #[function]
    fn is_enabled() -> bool {
        false
    }

    /// is_active($module, /)
    /// --
    ///
    /// Return True if the topmost Python frame is currently executing JIT code (implies sys._jit.is_enabled()), and False otherwise.
    #[function]
    fn is_active() -> bool {
        false
    }
}
