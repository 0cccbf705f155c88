//! The structs of CPython's C ABI: layouts, offsets, constants; no behaviour.
