//! f-strings and t-strings.

use builtins::template::{Interpolation, Template};
use bytecode::instruction::operands::Conversion;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::evaluate::State;

#[inline(always)]
pub(crate) fn convert_value(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let result = convert(state.peek(1).object(), oparg, thread);
    super::binary::replace_one(state, thread, result)
}

#[inline(never)]
fn convert(value: &Object, conversion: u32, thread: &mut Thread) -> PyResult<Py<Object>> {
    match Conversion::from_number(conversion) {
        Some(Conversion::Str) => protocol::str(value, thread).map(Py::into_object),
        Some(Conversion::Repr) => protocol::repr(value, thread).map(Py::into_object),
        Some(Conversion::Ascii) => protocol::ascii(value, thread).map(Py::into_object),
        None => Err(raise!(thread, SystemError, "unexpected conversion flag {conversion}")),
    }
}

#[inline(always)]
pub(crate) fn format_simple(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    if state.peek(1).object().is_exactly::<Str>() {
        return Ok(());
    }
    let result = protocol::format(state.peek(1).object(), None, thread).map(Py::into_object);
    super::binary::replace_one(state, thread, result)
}

#[inline(always)]
pub(crate) fn format_with_spec(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let result = protocol::format(state.peek(2).object(), Some(state.peek(1).object()), thread)?;
    state.drop_many(2, thread);
    state.push_owned(result);
    Ok(())
}

#[inline(always)]
pub(crate) fn build_string(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let mut pieces: Vec<&Str> = Vec::with_capacity(oparg as usize);
    for piece in state.top(oparg as usize) {
        // From trees that programs make, anything may come.
        let Some(text) = piece.object().downcast::<Str>() else {
            let (at, class) = (pieces.len(), piece.object().class().full_name());
            return Err(raise!(thread, TypeError, "sequence item {at}: expected str instance, {class} found"));
        };
        pieces.push(text);
    }
    let result = Str::join_pieces(&pieces, thread)?;
    state.drop_many(oparg as usize, thread);
    state.push_owned(result);
    Ok(())
}

/// An interpolation of a t-string: value, source text, format spec if bit 0 is set; the conversion in the bits above 2.
#[inline(always)]
pub(crate) fn build_interpolation(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let spec = if oparg & 1 != 0 { state.pop().into_py() } else { Str::from_str("", thread).into_object() };
    let text = state.pop().into_py();
    let value = state.pop().into_py();
    let conversion = match Conversion::from_number(oparg >> 2) {
        Some(Conversion::Str) => Str::from_str("s", thread).into_object(),
        Some(Conversion::Repr) => Str::from_str("r", thread).into_object(),
        Some(Conversion::Ascii) => Str::from_str("a", thread).into_object(),
        None => thread.none(),
    };
    let interpolation = Interpolation::new(value, text, conversion, spec, thread);
    state.push_owned(interpolation);
    Ok(())
}

#[inline(always)]
pub(crate) fn build_template(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let interpolations = state.pop().into_py();
    let strings = state.pop().into_py();
    // SAFETY: the compiler builds two tuples.
    let template = unsafe { Template::new(strings.cast_into(), interpolations.cast_into(), thread) };
    state.push_owned(template);
    Ok(())
}
