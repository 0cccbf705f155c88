//! `int.to_bytes` and `int.from_bytes`.

use numeric::convert::bytes::{self, ByteOrder};

use super::Int;
use super::convert::bytes_contents;
use crate::errors::{PyResult, TypeError};
use crate::names;
use crate::protocol;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;

/// `'big'` or `'little'`; big if left out.
fn byte_order(name: Option<&Str>, thread: &mut Thread) -> PyResult<ByteOrder> {
    match name {
        None => Ok(ByteOrder::Big),
        Some(name) if name.equals_text("big") => Ok(ByteOrder::Big),
        Some(name) if name.equals_text("little") => Ok(ByteOrder::Little),
        Some(_) => Err(raise!(thread, ValueError, "byteorder must be either 'little' or 'big'")),
    }
}

impl Int {
    /// `self.to_bytes(length, order, signed=signed)`
    pub(super) fn to_bytes(
        &self,
        length: isize,
        order: Option<&Str>,
        signed: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let order = byte_order(order, thread)?;
        let Ok(length) = usize::try_from(length) else {
            return Err(raise!(thread, ValueError, "length argument must be non-negative"));
        };
        let mut buffer = Vec::new();
        if buffer.try_reserve_exact(length).is_err() {
            return Err(thread.raise_memory_error());
        }
        buffer.resize(length, 0);
        match bytes::to_bytes(self.signed(), order, signed, &mut buffer) {
            Ok(()) => thread.make_bytes(&buffer),
            Err(error) => Err(raise!(thread, OverflowError, "{error}")),
        }
    }

    /// `int.from_bytes(source, order, signed=signed)`
    pub(super) fn from_bytes(
        source: &Object,
        order: Option<&Str>,
        signed: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Int>> {
        let order = byte_order(order, thread)?;
        let contents = to_byte_values(source, thread)?;
        Int::from_integer(&bytes::from_bytes(&contents, order, signed), thread)
    }
}

/// What `bytes(source)` holds, for sources that are no numbers and no strings.
fn to_byte_values(source: &Object, thread: &mut Thread) -> PyResult<Vec<u8>> {
    if let Some(result) = protocol::call_special(source, &names::__bytes__, &[], thread)? {
        if result.class().has_flag(layout::Py_TPFLAGS_BYTES_SUBCLASS) {
            return Ok(bytes_contents(&result, thread)?.unwrap_or_default());
        }
        let class = result.class().full_name();
        return Err(raise!(thread, TypeError, "__bytes__ returned non-bytes (type {class})"));
    }
    if let Some(contents) = bytes_contents(source, thread)? {
        return Ok(contents);
    }
    let items = match source.downcast::<Str>() {
        Some(_) => None,
        None if !protocol::is_iterable(source) => None,
        None => {
            let items = protocol::collect(source, thread);
            thread.suppress(items, TypeError)?
        }
    };
    let Some(items) = items else {
        return Err(raise!(thread, TypeError, "cannot convert '{}' object to bytes", source.class().full_name()));
    };
    items.iter().map(|item| byte_value(item, thread)).collect()
}

fn byte_value(item: &Object, thread: &mut Thread) -> PyResult<u8> {
    let value = protocol::index(item, thread)?;
    match value.to_i64().and_then(|value| u8::try_from(value).ok()) {
        Some(byte) => Ok(byte),
        None => Err(raise!(thread, ValueError, "bytes must be in range(0, 256)")),
    }
}
