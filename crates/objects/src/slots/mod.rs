//! Entering type slots: the C functions that `#[python_type]` emits convert their words and results through [`enter`].

pub mod enter;
