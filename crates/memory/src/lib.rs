//! Arenas, pools and blocks: Naja's memory allocator. Knows nothing of Python.
