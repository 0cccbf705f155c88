//! Writing an object: which way it goes, by its type.
//!
//! Exact instances of the built-in types have direct ways; the others go by the reduction protocol (`save_reduce`). A reference to the
//! object that is being written is held by whoever calls.

use builtins::bytearray::ByteArray;
use builtins::bytes::Bytes;
use builtins::pickle_buffer::PickleBuffer;
use builtins::set::SetObject;
use interpreter::function::Function;
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{AttributeError, PyResult};
use objects::float::Float;
use objects::int::Int;
use objects::list::List;
use objects::object::get_method;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::notes;
use super::opcodes::*;
use super::pickler::{Pickler, reducer_in};
use super::state::{State, raise_pickling_error};

impl Pickler {
    /// Writes an object, or a reference to it if it was written before.
    pub(super) fn save(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        if self.output.get(thread).frame_is_full() {
            self.end_full_frame(thread)?;
        }
        if !self.persistent_id.is_empty() && self.save_persistent(object, thread)? {
            return Ok(());
        }
        self.save_itself(object, thread)
    }

    /// Ends a frame, and hands it to the file, so that the output stays small.
    #[cold]
    fn end_full_frame(&self, thread: &mut Thread) -> PyResult<()> {
        self.output.get_mut(thread).close_frame();
        self.flush(thread)
    }

    /// Writes an object without asking for a persistent id.
    #[inline]
    fn save_itself(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        if object.is_none() {
            self.push(NONE, thread);
            return Ok(());
        }
        if let Some(int) = object.downcast_exact::<Int>() {
            return self.save_int(int, thread);
        }
        if object.is_exactly::<Bool>() {
            self.save_bool(object, thread);
            return Ok(());
        }
        if let Some(float) = object.downcast_exact::<Float>() {
            self.save_float(float.value(), thread);
            return Ok(());
        }
        if let Some(number) = self.memo.get(thread).get(object) {
            return self.write_get(number, thread);
        }
        if let Some(text) = object.downcast_exact::<Str>() {
            return self.save_str(text, thread);
        }
        if let Some(bytes) = object.downcast_exact::<Bytes>() {
            return self.save_bytes(bytes, thread);
        }
        thread.check_stack(" while pickling an object")?;
        if self.fast.get() != 0 {
            return self.save_compound_fast(object, thread);
        }
        self.save_compound(object, thread)
    }

    /// Writes what may contain other objects.
    pub(super) fn save_compound(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        if let Some(dict) = object.downcast_exact::<Dict>() {
            return self.save_dict(dict, thread);
        }
        if let Some(list) = object.downcast_exact::<List>() {
            return self.save_list(list, thread);
        }
        if let Some(tuple) = object.downcast_exact::<Tuple>() {
            return self.save_tuple(tuple, thread);
        }
        if let Some(set) = SetObject::of_exact(object) {
            return if set.is_changeable() { self.save_set(set, thread) } else { self.save_frozenset(set, thread) };
        }
        if let Some(array) = object.downcast_exact::<ByteArray>() {
            return self.save_bytearray(array, thread);
        }
        if let Some(buffer) = object.downcast_exact::<PickleBuffer>() {
            return self.save_picklebuffer(buffer, thread);
        }
        self.save_other(object, thread)
    }

    /// Writes an object as its reduction says, or by its name.
    fn save_other(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        let mut reduced = None;
        if let Some(reducer) = self.reducer_override.get() {
            let answer = protocol::call_one(&reducer, object, thread)?;
            reduced = Some(answer).filter(|it| !it.is(&thread.not_implemented()));
        }
        let reduced = match reduced {
            Some(reduced) => reduced,
            None if object.is_exactly::<Type>() => return self.save_type(object, thread),
            None if object.is_exactly::<Function>() => return self.save_global(object, None, thread),
            None => match self.reduction(object, thread)? {
                Some(reduced) => reduced,
                None => return self.save_global(object, None, thread),
            },
        };
        if let Some(name) = reduced.downcast::<Str>() {
            return self.save_global(object, Some(name), thread);
        }
        let saved = match reduced.downcast::<Tuple>() {
            Some(parts) => self.save_reduced(parts, Some(object), thread),
            None => {
                let class = notes::type_name(&reduced, thread);
                let message = format!("__reduce__ must return a string or tuple, not {class}");
                Err(raise_pickling_error(&message, thread))
            }
        };
        saved.map_err(|raised| notes::add_part(raised, object, "object", thread))
    }

    /// What an object reduces to: by the dispatch table, or its own methods. None for classes, which are written by name.
    fn reduction(&self, object: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let class = object.class();
        let reducer = match self.dispatch_table.get() {
            Some(table) => reducer_in(&table, class, thread)?,
            None => {
                let state = State::of(thread)?;
                state.dispatch_table.get(class, thread)?
            }
        };
        if let Some(reducer) = reducer {
            return protocol::call_one(&reducer, object, thread).map(Some);
        }
        if class.is_subtype(Type::class()) {
            return Ok(None);
        }
        let reduce = get_method(object, &objects::names::__reduce_ex__, thread);
        if let Some(reduce) = thread.suppress(reduce, AttributeError)? {
            let version = protocol::make_int(i128::from(self.protocol.get()), thread);
            return protocol::call_found(&reduce, object, &[&version], thread).map(Some);
        }
        if let Some(reduce) = protocol::lookup_attribute(object, &objects::names::__reduce__, thread)? {
            return protocol::call(&reduce, &[], thread).map(Some);
        }
        let class = notes::type_name(object, thread);
        Err(raise_pickling_error(&format!("Can't pickle {class} object"), thread))
    }

    /// Writes an object's persistent id; false if it has none.
    fn save_persistent(&self, object: &Object, thread: &mut Thread) -> PyResult<bool> {
        let Some(function) = self.persistent_id.get() else { return Ok(false) };
        let id = protocol::call_one(&function, object, thread)?;
        if id.is_none() {
            return Ok(false);
        }
        if self.is_binary() {
            self.save_itself(&id, thread)?;
            self.push(BINPERSID, thread);
            return Ok(true);
        }
        let text = protocol::str(&id, thread)?;
        let Some(ascii) = text.view().as_ascii() else {
            let message = "persistent IDs in protocol 0 must be ASCII strings";
            return Err(raise_pickling_error(message, thread));
        };
        let output = self.output.get_mut(thread);
        output.push(PERSID);
        output.write(ascii);
        output.push(b'\n');
        Ok(true)
    }

    /// True from protocol 1 on, unless a program has said otherwise.
    #[inline(always)]
    pub(super) fn is_binary(&self) -> bool {
        self.bin.get() != 0
    }

    #[inline(always)]
    pub(super) fn push(&self, opcode: u8, thread: &mut Thread) {
        self.output.get_mut(thread).push(opcode);
    }

    #[inline(always)]
    pub(super) fn write(&self, bytes: &[u8], thread: &mut Thread) {
        self.output.get_mut(thread).write(bytes);
    }
}

// The memo.
impl Pickler {
    /// The number of an object that was written before.
    #[inline]
    pub(super) fn memo_number(&self, object: &Object, thread: &Thread) -> Option<usize> {
        self.memo.get(thread).get(object)
    }

    /// Writes a reference to an object of the memo.
    pub(super) fn write_get(&self, number: usize, thread: &mut Thread) -> PyResult<()> {
        if !self.is_binary() {
            self.write(format!("{}{number}\n", char::from(GET)).as_bytes(), thread);
        } else if let Ok(number) = u8::try_from(number) {
            self.write(&[BINGET, number], thread);
        } else if let Ok(number) = u32::try_from(number) {
            let [a, b, c, d] = number.to_le_bytes();
            self.write(&[LONG_BINGET, a, b, c, d], thread);
        } else {
            return Err(raise_pickling_error("memo id too large for LONG_BINGET", thread));
        }
        Ok(())
    }

    /// Puts an object that has just been written into the memo, unless the mode is fast.
    #[inline]
    pub(super) fn memoize(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        if self.fast.get() != 0 {
            return Ok(());
        }
        let memo = self.memo.get_mut(thread);
        let number = memo.length();
        let old = memo.set(Py::from_ref(object), number);
        drop(old);
        if self.protocol.get() >= 4 {
            self.push(MEMOIZE, thread);
            return Ok(());
        }
        self.write_put(number, thread)
    }

    fn write_put(&self, number: usize, thread: &mut Thread) -> PyResult<()> {
        if !self.is_binary() {
            self.write(format!("{}{number}\n", char::from(PUT)).as_bytes(), thread);
        } else if let Ok(number) = u8::try_from(number) {
            self.write(&[BINPUT, number], thread);
        } else if let Ok(number) = u32::try_from(number) {
            let [a, b, c, d] = number.to_le_bytes();
            self.write(&[LONG_BINPUT, a, b, c, d], thread);
        } else {
            return Err(raise_pickling_error("memo id too large for LONG_BINPUT", thread));
        }
        Ok(())
    }
}
