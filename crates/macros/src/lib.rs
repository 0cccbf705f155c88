//! The attribute macros that declare types, methods and modules.
