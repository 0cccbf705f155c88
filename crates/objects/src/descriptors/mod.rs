//! Descriptors of built-in types: methods, computed attributes, fields, slots as Python sees them.
