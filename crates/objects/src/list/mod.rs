//! `list`: a changeable sequence.
