//! What `sys` says of memory: sizes of objects, blocks in use.

use objects::errors::{PyResult, TypeError};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::{Instance, Type};

/// `sys.getsizeof`: what `__sizeof__` says, and what lies before the object.
pub fn size_with_head(object: &Object, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let size = own_size(object, thread);
    let size = match default {
        Some(default) => match thread.suppress(size, TypeError)? {
            Some(size) => size,
            None => return Ok(Py::from_ref(default)),
        },
        None => size?,
    };
    Ok(protocol::make_int((size + before_header(object)) as i128, thread))
}

fn own_size(object: &Object, thread: &mut Thread) -> PyResult<usize> {
    let Some(method) = protocol::lookup_special(object, &names::__sizeof__, thread)? else {
        let class = object.class().full_name();
        return Err(raise!(thread, TypeError, "Type {class} doesn't define __sizeof__"));
    };
    let size = method.call(object, &[], thread)?;
    let Some(size) = size.downcast::<objects::int::Int>() else {
        return Err(raise!(thread, TypeError, "an integer is required"));
    };
    match size.to_i64() {
        Some(size) if size >= 0 => Ok(size as usize),
        Some(_) => Err(raise!(thread, ValueError, "__sizeof__() should return >= 0")),
        None => Err(raise!(thread, OverflowError, "Python int too large to convert to C ssize_t")),
    }
}

/// Bytes before an object's header: the collector's head, and managed fields. Static types have none.
fn before_header(object: &Object) -> usize {
    let class = object.class();
    let is_static_type = object.downcast::<Type>().is_some_and(|it| !it.is_heap_type());
    if is_static_type && class.is_subtype(Type::class()) {
        return 0;
    }
    let collectable = if class.is_collectable() { size_of::<layout::PyGC_Head>() } else { 0 };
    let managed = if class.has_flag(layout::Py_TPFLAGS_PREHEADER) { 2 * size_of::<usize>() } else { 0 };
    collectable + managed
}

/// `sys._debugmallocstats`: what the allocator has, on standard error.
pub fn print_statistics(thread: &Thread) {
    let statistics = thread.allocator().statistics();
    objects::error_line!("size class    block size    pools in use    blocks in use    free blocks");
    for (index, class) in statistics.classes.iter().enumerate().filter(|(_, class)| class.pools > 0) {
        let (size, pools, used, free) = (class.block_size, class.pools, class.blocks_in_use, class.blocks_free);
        objects::error_line!("{index:>10}    {size:>10}    {pools:>12}    {used:>13}    {free:>11}");
    }
    objects::error_line!("\narenas in use: {} (most ever: {})", statistics.arenas, statistics.arenas_peak);
    objects::error_line!("free pools: {}", statistics.pools_free);
    objects::error_line!("bytes in blocks in use: {}", statistics.bytes_in_use());
    objects::error_line!("bytes in free blocks: {}", statistics.bytes_free());
    objects::error_line!("large blocks: {}", statistics.large_blocks);
}
