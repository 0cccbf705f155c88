//! Calling a slot from Python: what `int.__add__(1, 2)` does with its arguments before the C function sees them.

use layout::*;

use super::slot_buffers;
use super::slot_table::{SlotFunction, SlotRow, Wrapper, same_function};
use crate::bool::Bool;
use crate::dict::Dict;
use crate::errors::{PyResult, StopIteration};
use crate::int::Int;
use crate::method::IntoResult;
use crate::protocol::{self, result_from_c};
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Type;

/// The function in a slot, with the signature that the slot's place gives it: the wrapper kind stands in the table beside the slot.
macro_rules! typed {
    ($function:expr, $signature:ident) => {
        std::mem::transmute::<SlotFunction, $signature>($function)
    };
}

/// One call of a slot through its wrapper.
pub struct WrappedCall<'a> {
    pub row: &'static SlotRow,
    pub function: SlotFunction,
    pub receiver: &'a Object,
    pub arguments: &'a [&'a Object],
    pub keywords: Option<&'a Dict>,
}

impl WrappedCall<'_> {
    /// Checks the arguments, calls the slot, and makes an object of its result.
    pub fn run(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let takes_any = matches!(self.row.wrapper, Wrapper::Call | Wrapper::Init);
        if !takes_any && self.keywords.is_some_and(|it| it.length() > 0) {
            let name = self.row.name().to_string_lossy();
            return Err(raise!(thread, TypeError, "wrapper {name}() takes no keyword arguments"));
        }
        match self.row.wrapper {
            Wrapper::Unary | Wrapper::Next | Wrapper::Inquiry | Wrapper::Length | Wrapper::Hash | Wrapper::Finalize => {
                self.expect(0, thread)?;
                self.run_unary(thread)
            }
            Wrapper::Call | Wrapper::Init => self.run_with_tuple(thread),
            Wrapper::Ternary | Wrapper::TernaryRight => match self.arguments.len() {
                1 | 2 => self.run_with_option(thread),
                given => Err(raise!(thread, TypeError, "expected 1 or 2 arguments, got {given}")),
            },
            Wrapper::DescriptorGet => {
                self.expect_one_or_two(thread)?;
                self.run_with_option(thread)
            }
            Wrapper::SetAttribute | Wrapper::DescriptorSet | Wrapper::SetIndex | Wrapper::SetItem => {
                self.expect(2, thread)?;
                self.assign(Some(self.arguments[1]), thread)
            }
            Wrapper::DeleteAttribute | Wrapper::DescriptorDelete | Wrapper::DeleteIndex | Wrapper::DeleteItem => {
                self.expect(1, thread)?;
                self.assign(None, thread)
            }
            _ => {
                self.expect(1, thread)?;
                self.run_binary(thread)
            }
        }
    }

    fn expect(&self, count: usize, thread: &mut Thread) -> PyResult<()> {
        let given = self.arguments.len();
        if given == count {
            return Ok(());
        }
        let plural = if count == 1 { "" } else { "s" };
        let says_name = matches!(
            self.row.wrapper,
            Wrapper::SetAttribute
                | Wrapper::DescriptorSet
                | Wrapper::SetIndex
                | Wrapper::SetItem
                | Wrapper::GetBuffer
                | Wrapper::ReleaseBuffer
        );
        let name = if says_name { self.row.name().to_string_lossy() + " " } else { String::new() };
        Err(raise!(thread, TypeError, "{name}expected {count} argument{plural}, got {given}"))
    }

    fn expect_one_or_two(&self, thread: &mut Thread) -> PyResult<()> {
        match self.arguments.len() {
            1 | 2 => Ok(()),
            0 => Err(raise!(thread, TypeError, "__get__ expected at least 1 argument, got 0")),
            given => Err(raise!(thread, TypeError, "__get__ expected at most 2 arguments, got {given}")),
        }
    }

    fn run_unary(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let receiver = self.receiver.as_pointer();
        // SAFETY (of the calls here and below): the slot's protocol, on an instance of the type that the slot belongs to.
        match self.row.wrapper {
            Wrapper::Next => {
                // SAFETY: as above; null without an exception says that there is no more.
                let item = unsafe { Py::<Object>::steal_pointer(typed!(self.function, iternextfunc)(receiver)) };
                match item {
                    Some(item) => Ok(item),
                    None if thread.is_raised() => Err(thread.raised_elsewhere()),
                    None => Err(thread.raise_kind(StopIteration)),
                }
            }
            Wrapper::Inquiry => {
                // SAFETY: as above.
                let answer = unsafe { typed!(self.function, inquiry)(receiver) };
                check(answer as isize, thread)?;
                Ok(Bool::new(answer != 0))
            }
            Wrapper::Length | Wrapper::Hash => {
                // SAFETY: as above; both signatures are the same.
                let value = unsafe { typed!(self.function, lenfunc)(receiver) };
                check(value, thread)?;
                Ok(Int::from_i128(value as i128, thread).into_object())
            }
            Wrapper::Finalize => {
                // SAFETY: as above.
                unsafe { typed!(self.function, destructor)(receiver) };
                Ok(thread.none())
            }
            // SAFETY: as above.
            _ => result_from_c(unsafe { typed!(self.function, unaryfunc)(receiver) }, thread),
        }
    }

    fn run_binary(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (receiver, other) = (self.receiver.as_pointer(), self.arguments[0].as_pointer());
        let result = match self.row.wrapper {
            // SAFETY: the slot's protocol, with the operands in their order.
            Wrapper::BinaryRight => unsafe { typed!(self.function, binaryfunc)(other, receiver) },
            Wrapper::Compare(comparison) => {
                // SAFETY: the slot's protocol.
                unsafe { typed!(self.function, richcmpfunc)(receiver, other, comparison as i32) }
            }
            Wrapper::IndexArgument | Wrapper::Item => {
                let index = self.index(self.arguments[0], thread)?;
                // SAFETY: the slot's protocol.
                unsafe { typed!(self.function, ssizeargfunc)(receiver, index) }
            }
            Wrapper::Contains => {
                // SAFETY: the slot's protocol.
                let answer = unsafe { typed!(self.function, objobjproc)(receiver, other) };
                check(answer as isize, thread)?;
                return Ok(Bool::new(answer != 0));
            }
            Wrapper::GetBuffer => {
                // SAFETY: the slot has this signature.
                let function = unsafe { typed!(self.function, getbufferproc) };
                return slot_buffers::call_get_buffer(function, self.receiver, self.arguments[0], thread);
            }
            Wrapper::ReleaseBuffer => {
                slot_buffers::call_release_buffer(self.receiver, self.arguments[0], thread)?;
                return Ok(thread.none());
            }
            // SAFETY: the slot's protocol.
            _ => unsafe { typed!(self.function, binaryfunc)(receiver, other) },
        };
        result_from_c(result, thread)
    }

    fn run_with_tuple(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let arguments = Tuple::new(self.arguments.iter().map(|it| Py::from_ref(*it)).collect(), thread)?;
        let keywords = self.keywords.map_or(std::ptr::null_mut(), |it| it.as_pointer());
        let (receiver, arguments) = (self.receiver.as_pointer(), arguments.as_pointer());
        if self.row.wrapper == Wrapper::Call {
            // SAFETY: the slot's protocol: a tuple, and a dict or null.
            return result_from_c(unsafe { typed!(self.function, ternaryfunc)(receiver, arguments, keywords) }, thread);
        }
        // SAFETY: the slot's protocol: a tuple, and a dict or null.
        let status = unsafe { typed!(self.function, initproc)(receiver, arguments, keywords) };
        check(status as isize, thread)?;
        Ok(thread.none())
    }

    /// Calls with one argument and another that may be left out.
    fn run_with_option(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let none = thread.none();
        let receiver = self.receiver.as_pointer();
        let (first, second) = (self.arguments[0], self.arguments.get(1).copied().unwrap_or(&none));
        let result = match self.row.wrapper {
            // SAFETY: the slot's protocol, with the operands in their order.
            Wrapper::TernaryRight => unsafe {
                typed!(self.function, ternaryfunc)(first.as_pointer(), receiver, second.as_pointer())
            },
            Wrapper::DescriptorGet => {
                let or_null = |it: &Object| if it.is_none() { std::ptr::null_mut() } else { it.as_pointer() };
                if first.is_none() && second.is_none() {
                    return Err(raise!(thread, TypeError, "__get__(None, None) is invalid"));
                }
                // SAFETY: the slot's protocol: one of the two is not null.
                unsafe { typed!(self.function, descrgetfunc)(receiver, or_null(first), or_null(second)) }
            }
            // SAFETY: the slot's protocol.
            _ => unsafe { typed!(self.function, ternaryfunc)(receiver, first.as_pointer(), second.as_pointer()) },
        };
        result_from_c(result, thread)
    }

    fn assign(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (receiver, key) = (self.receiver.as_pointer(), self.arguments[0]);
        let value = value.map_or(std::ptr::null_mut(), Object::as_pointer);
        if matches!(self.row.wrapper, Wrapper::SetAttribute | Wrapper::DeleteAttribute) {
            self.check_circumvention(thread)?;
            if key.downcast::<Str>().is_none() {
                let name = key.class().full_name();
                return Err(raise!(thread, TypeError, "attribute name must be string, not '{name}'"));
            }
        }
        let status = if matches!(self.row.wrapper, Wrapper::SetIndex | Wrapper::DeleteIndex) {
            let index = self.index(key, thread)?;
            // SAFETY: the slot's protocol; null deletes.
            unsafe { typed!(self.function, ssizeobjargproc)(receiver, index, value) }
        } else {
            // SAFETY: the slot's protocol; null deletes.
            unsafe { typed!(self.function, objobjargproc)(receiver, key.as_pointer(), value) }
        };
        check(status as isize, thread)?;
        ().into_result(thread)
    }

    /// An index as the slot takes it: negative ones count from the end, where the type has a length.
    fn index(&self, key: &Object, thread: &mut Thread) -> PyResult<isize> {
        let integer = protocol::index(key, thread)?;
        let Some(index) = integer.to_i128().and_then(|it| isize::try_from(it).ok()) else {
            let name = key.class().short_name();
            return Err(raise!(thread, OverflowError, "cannot fit '{name}' into an index-sized integer"));
        };
        if index >= 0 || self.row.wrapper == Wrapper::IndexArgument {
            return Ok(index);
        }
        // SAFETY: a type's sequence methods live as long as the type.
        let methods = unsafe { self.receiver.class().slots().tp_as_sequence.get().as_ref() };
        let Some(length) = methods.and_then(|it| it.sq_length.get()) else { return Ok(index) };
        // SAFETY: the slot's protocol.
        let length = unsafe { length(self.receiver.as_pointer()) };
        check(length, thread)?;
        Ok(index + length)
    }

    /// Refuses `object.__setattr__(C, …)` where a class between has a `__setattr__` written in C, which would be passed by.
    fn check_circumvention(&self, thread: &mut Thread) -> PyResult<()> {
        let class = self.receiver.class();
        let slot = |it: &Type| it.slot_function(self.row.place);
        let is_python = |it: &Type| same_function(slot(it), self.row.generic);
        let Some(mro) = class.mro() else { return Ok(()) };
        // The base that the class has its C function from.
        let defining = mro
            .items()
            .iter()
            .rev()
            .filter_map(|it| it.downcast::<Type>())
            .find(|it| !is_python(it) && same_function(slot(it), slot(class)));
        let mut base = Some(defining.unwrap_or(class));
        while let Some(it) = base.filter(|it| is_python(it)) {
            base = it.base();
        }
        if base.is_none_or(|it| same_function(slot(it), Some(self.function))) {
            return Ok(());
        }
        let (name, class) = (self.row.name().to_string_lossy(), class.short_name());
        Err(raise!(thread, TypeError, "can't apply this {name} to {class} object"))
    }
}

/// The exception that a C function's negative result speaks of.
fn check(result: isize, thread: &mut Thread) -> PyResult<()> {
    if result < 0 && thread.is_raised() { Err(thread.raised_elsewhere()) } else { Ok(()) }
}
