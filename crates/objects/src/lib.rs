//! The knot: references, type machinery, protocols, exceptions, the cycle collector, threads, and the types these need.
