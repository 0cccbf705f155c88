//! Local variables, constants, cells: `LOAD_FAST` and its kin.

use objects::cell::Cell;
use objects::errors::{PyResult, Raised};
use objects::raise;
use objects::refs::{Object, Py, cast};
use objects::thread::Thread;

use crate::evaluate::State;
use crate::frame::Frame;
use crate::stack_ref::StackRef;

#[inline(always)]
pub(crate) fn load_fast(state: &mut State, _: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.frame().local(oparg as usize).duplicate();
    state.push(value);
    Ok(())
}

#[inline(always)]
pub(crate) fn load_fast_borrow(state: &mut State, _: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.frame().local(oparg as usize).borrow();
    state.push(value);
    Ok(())
}

#[inline(always)]
pub(crate) fn load_fast_check(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.frame().local(oparg as usize);
    if value.is_null() {
        return Err(raise_unbound(state.frame(), oparg as usize, thread));
    }
    state.push(value.duplicate());
    Ok(())
}

#[inline(always)]
pub(crate) fn load_fast_and_clear(state: &mut State, _: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.frame().local(oparg as usize);
    state.frame().set_local(oparg as usize, StackRef::NULL);
    state.push(value);
    Ok(())
}

#[inline(always)]
pub(crate) fn load_fast_load_fast(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    load_fast(state, thread, oparg >> 4)?;
    load_fast(state, thread, oparg & 15)
}

#[inline(always)]
pub(crate) fn load_fast_borrow_load_fast_borrow(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    load_fast_borrow(state, thread, oparg >> 4)?;
    load_fast_borrow(state, thread, oparg & 15)
}

/// Puts a value into a local variable (the compiler never leaves a borrowed one for that); the old one goes after the variable has changed.
#[inline(always)]
fn assign(state: &State, index: usize, value: StackRef, thread: &mut Thread) {
    let old = state.frame().local(index);
    state.frame().set_local(index, value);
    old.close(thread);
}

#[inline(always)]
pub(crate) fn store_fast(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.pop();
    assign(state, oparg as usize, value, thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn store_fast_load_fast(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    store_fast(state, thread, oparg >> 4)?;
    load_fast(state, thread, oparg & 15)
}

#[inline(always)]
pub(crate) fn store_fast_store_fast(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    store_fast(state, thread, oparg >> 4)?;
    store_fast(state, thread, oparg & 15)
}

#[inline(always)]
pub(crate) fn delete_fast(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    if state.frame().local(oparg as usize).is_null() {
        return Err(raise_unbound(state.frame(), oparg as usize, thread));
    }
    assign(state, oparg as usize, StackRef::NULL, thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn load_const(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let immortal = state.frame().code().constant(oparg as usize).is_immortal();
    crate::specialize::load_const(state.pc(), immortal);
    load_const_mortal(state, thread, oparg)
}

/// A constant of a code object, which the frame keeps: borrowed.
#[inline(always)]
pub(crate) fn load_const_mortal(state: &mut State, _: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.frame().code().constant(oparg as usize);
    state.push(StackRef::from_new(value));
    Ok(())
}

#[inline(always)]
pub(crate) fn load_const_immortal(state: &mut State, _: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.frame().code().constant(oparg as usize);
    state.push(StackRef::from_borrowed(value));
    Ok(())
}

#[inline(always)]
pub(crate) fn load_small_int(state: &mut State, _: &mut Thread, oparg: u32) -> PyResult<()> {
    state.push(StackRef::from_borrowed(objects::int::Int::small(oparg as i32)));
    Ok(())
}

#[inline(always)]
fn cell_of<'a>(state: &State, index: usize) -> &'a Cell {
    // SAFETY: the compiler uses these instructions on variables that are cells.
    unsafe { cast(state.frame().local(index).object()) }
}

#[inline(always)]
pub(crate) fn load_deref(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    match cell_of(state, oparg as usize).get() {
        Some(value) => {
            state.push_owned(value);
            Ok(())
        }
        None => Err(raise_unbound_cell(state.frame(), oparg as usize, thread)),
    }
}

#[inline(always)]
pub(crate) fn store_deref(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.pop().into_py();
    if let Some(old) = cell_of(state, oparg as usize).replace(Some(value)) {
        old.release(thread);
    }
    Ok(())
}

#[inline(always)]
pub(crate) fn delete_deref(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    match cell_of(state, oparg as usize).replace(None) {
        Some(old) => {
            old.release(thread);
            Ok(())
        }
        None => Err(raise_unbound_cell(state.frame(), oparg as usize, thread)),
    }
}

#[inline(always)]
pub(crate) fn make_cell(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.frame().local(oparg as usize).into_option();
    let cell = Cell::new(value, thread);
    state.frame().set_local(oparg as usize, StackRef::from_owned(cell));
    Ok(())
}

#[inline(always)]
pub(crate) fn copy_free_vars(state: &mut State, _: &mut Thread, oparg: u32) -> PyResult<()> {
    let frame = state.frame();
    let first = frame.code().local_count() - oparg as usize;
    if let Some(closure) = frame.function().closure() {
        for (index, cell) in closure.items().iter().enumerate() {
            frame.set_local(first + index, StackRef::from_new(cell));
        }
    }
    Ok(())
}

/// `LOAD_FROM_DICT_OR_DEREF`: a free variable in a class body, which the class's namespace may shadow.
#[inline(always)]
pub(crate) fn load_from_dict_or_deref(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let mapping = state.pop().into_py();
    let name = Py::from_ref(state.frame().code().local_name(oparg as usize));
    if let Some(value) = super::name::get_from_mapping(&mapping, &name, thread)? {
        state.push_owned(value);
        mapping.release(thread);
        return Ok(());
    }
    mapping.release(thread);
    load_deref(state, thread, oparg)
}

#[cold]
#[inline(never)]
fn raise_unbound(frame: &Frame, index: usize, thread: &mut Thread) -> Raised {
    let name = frame.code().local_name(index).to_string_lossy();
    raise!(thread, UnboundLocalError, "cannot access local variable '{name}' where it is not associated with a value")
}

#[cold]
#[inline(never)]
fn raise_unbound_cell(frame: &Frame, index: usize, thread: &mut Thread) -> Raised {
    let code = frame.code();
    let name = code.local_name(index).to_string_lossy();
    if index < code.local_count() - code.free_count() {
        return raise_unbound(frame, index, thread);
    }
    raise!(
        thread,
        NameError,
        "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
    )
}

/// `LOAD_COMMON_CONSTANT`.
#[inline(always)]
pub(crate) fn load_common_constant(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = common_constant(oparg, thread)?;
    state.push_owned(value);
    Ok(())
}

fn common_constant(number: u32, thread: &mut Thread) -> PyResult<Py<Object>> {
    use bytecode::instruction::operands::CommonConstant;
    use objects::types::Instance as _;
    let value = match CommonConstant::from_number(number) {
        Some(CommonConstant::AssertionError) => {
            return Ok(Py::from_ref(objects::errors::AssertionError.as_type()).into_object());
        }
        Some(CommonConstant::NotImplementedError) => {
            return Ok(Py::from_ref(objects::errors::NotImplementedError.as_type()).into_object());
        }
        Some(CommonConstant::Tuple) => return Ok(Py::from_ref(objects::tuple::Tuple::class()).into_object()),
        Some(CommonConstant::All) => thread.interpreter().original_all.get(),
        Some(CommonConstant::Any) => thread.interpreter().original_any.get(),
        None => return Err(raise!(thread, SystemError, "bad oparg for LOAD_COMMON_CONSTANT")),
    };
    value.ok_or_else(|| raise!(thread, SystemError, "LOAD_COMMON_CONSTANT without builtins"))
}
