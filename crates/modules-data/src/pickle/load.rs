//! Reading a pickle: the stack, the marks, and the loop over the opcodes.
//!
//! A run has the input for itself; what programs can see while it lasts (the memo, the protocol) is in the [`Unpickler`].

use builtins::bytes::Bytes;
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{EOFError, OrMemoryError, PyResult, Raised, TryToVec};
use objects::float::Float;
use objects::int::Int;
use objects::list::List;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;

use super::input::{Input, Source, raise_truncated};
use super::opcodes::*;
use super::state::{State, raise_unpickling_error};
use super::unpickler::Unpickler;

/// A run of an unpickler.
pub struct Loader<'a> {
    pub(super) unpickler: &'a Unpickler,
    pub(super) input: Input,
    pub(super) source: Source,
    pub(super) stack: Vec<Py<Object>>,
    /// Lengths of the stack where marks were set.
    marks: Vec<usize>,
    /// The topmost mark: what lies below may not be touched.
    pub(super) fence: usize,
}

impl<'a> Loader<'a> {
    pub fn new(unpickler: &'a Unpickler, input: Input, source: Source) -> Self {
        const ROOM: usize = 16;
        Self { unpickler, input, source, stack: Vec::with_capacity(ROOM), marks: Vec::new(), fence: 0 }
    }

    /// Lets go of what is left on the stack, and gives back what was lent.
    pub fn finish(self, thread: &mut Thread) -> (Input, Source) {
        let Self { input, source, stack, .. } = self;
        drop(stack);
        thread.reap();
        (input, source)
    }

    /// Reads up to the end of the pickle.
    pub fn load(&mut self, thread: &mut Thread) -> PyResult<Py<Object>> {
        loop {
            if !self.input.has(1) {
                self.next_piece(thread)?;
            }
            let opcode = self.input.take(1)[0];
            if opcode == STOP {
                break;
            }
            self.make_room(thread)?;
            self.step(opcode, thread)?;
        }
        let result = self.pop(thread)?;
        let Self { input, source, .. } = self;
        input.skip_consumed(source, thread)?;
        input.forget_frame();
        Ok(result)
    }

    /// Room for what one opcode puts on the stack, and for a mark.
    #[inline(always)]
    fn make_room(&mut self, thread: &mut Thread) -> PyResult<()> {
        if self.stack.len() == self.stack.capacity() {
            self.stack.try_reserve(1).or_memory_error(thread)?;
        }
        if self.marks.len() == self.marks.capacity() {
            self.marks.try_reserve(1).or_memory_error(thread)?;
        }
        Ok(())
    }

    /// Gets more input where an opcode should follow.
    #[cold]
    fn next_piece(&mut self, thread: &mut Thread) -> PyResult<()> {
        let Err(raised) = self.input.read_more(1, &mut self.source, thread) else { return Ok(()) };
        let state = State::of(thread)?;
        let exception = thread.catch(raised);
        if protocol::is_instance_without_hook(&exception, &state.unpickling_error, thread)? {
            return Err(thread.raise_message(EOFError, format_args!("Ran out of input")));
        }
        Err(thread.reraise(exception))
    }

    /// Does what an opcode says: here what pickles consist of, the rest in [`Self::rare_step`].
    #[inline(always)]
    fn step(&mut self, opcode: u8, thread: &mut Thread) -> PyResult<()> {
        match opcode {
            NONE => self.stack.push(thread.none()),
            NEWTRUE => self.stack.push(Bool::new(true)),
            NEWFALSE => self.stack.push(Bool::new(false)),
            BININT1 => {
                let [byte] = self.read_array(thread)?;
                self.push_int(i64::from(byte), thread);
            }
            BININT2 => {
                let bytes = self.read_array(thread)?;
                self.push_int(i64::from(u16::from_le_bytes(bytes)), thread);
            }
            BININT => {
                let bytes = self.read_array(thread)?;
                self.push_int(i64::from(i32::from_le_bytes(bytes)), thread);
            }
            BINFLOAT => {
                let bytes = self.read_array(thread)?;
                self.stack.push(Float::new(f64::from_be_bytes(bytes), thread).into_object());
            }
            LONG1 => {
                let [length] = self.read_array(thread)?;
                self.load_counted_long(usize::from(length), thread)?;
            }
            SHORT_BINUNICODE => {
                let [length] = self.read_array(thread)?;
                self.load_counted_text(usize::from(length), thread)?;
            }
            BINUNICODE => {
                let length = self.read_array(thread)?;
                self.load_counted_text(u32::from_le_bytes(length) as usize, thread)?;
            }
            SHORT_BINBYTES => {
                let [length] = self.read_array(thread)?;
                self.load_counted_bytes(usize::from(length), thread)?;
            }
            MEMOIZE => self.memoize(self.unpickler.memo.get(thread).length(), thread)?,
            BINPUT => {
                let [number] = self.read_array(thread)?;
                self.memoize(usize::from(number), thread)?;
            }
            LONG_BINPUT => {
                let number = self.read_array(thread)?;
                self.memoize(u32::from_le_bytes(number) as usize, thread)?;
            }
            BINGET => {
                let [number] = self.read_array(thread)?;
                self.recall(usize::from(number), thread)?;
            }
            LONG_BINGET => {
                let number = self.read_array(thread)?;
                self.recall(u32::from_le_bytes(number) as usize, thread)?;
            }
            MARK => self.set_mark(),
            EMPTY_DICT => self.stack.push(Dict::new(thread).into_object()),
            EMPTY_LIST => self.stack.push(List::empty(thread).into_object()),
            EMPTY_TUPLE => self.stack.push(Tuple::empty(thread).into_object()),
            TUPLE1 => self.load_tuple(1, thread)?,
            TUPLE2 => self.load_tuple(2, thread)?,
            TUPLE3 => self.load_tuple(3, thread)?,
            TUPLE => {
                let mark = self.take_mark(thread)?;
                self.load_tuple(self.stack.len() - mark, thread)?;
            }
            APPEND => {
                if self.stack.len() <= self.fence {
                    return Err(self.raise_underflow(thread));
                }
                self.append_from(self.stack.len() - 1, thread)?;
            }
            APPENDS => {
                let mark = self.take_mark(thread)?;
                self.append_from(mark, thread)?;
            }
            SETITEM => {
                let start = self.stack.len().saturating_sub(2);
                self.set_items_from(start, thread)?;
            }
            SETITEMS => {
                let mark = self.take_mark(thread)?;
                self.set_items_from(mark, thread)?;
            }
            STACK_GLOBAL => self.load_stack_global(thread)?,
            NEWOBJ => self.load_new_object(false, thread)?,
            REDUCE => self.load_reduce(thread)?,
            BUILD => self.load_build(thread)?,
            _ => self.rare_step(opcode, thread)?,
        }
        Ok(())
    }

    /// The opcodes of old protocols, and those that stand alone or before much work.
    #[inline(never)]
    fn rare_step(&mut self, opcode: u8, thread: &mut Thread) -> PyResult<()> {
        match opcode {
            PROTO => self.load_protocol(thread),
            FRAME => self.load_frame(thread),
            POP => self.load_pop(thread),
            POP_MARK => {
                let mark = self.take_mark(thread)?;
                drop(self.stack.split_off(mark));
                Ok(())
            }
            DUP => {
                let top = self.top(thread)?.clone();
                self.stack.push(top);
                Ok(())
            }
            FLOAT => self.load_float_line(thread),
            INT => self.load_int_line(thread),
            LONG => self.load_long_line(thread),
            STRING => self.load_string_line(thread),
            UNICODE => self.load_text_line(thread),
            GET => self.load_get_line(thread),
            PUT => self.load_put_line(thread),
            LONG4 => {
                let length = self.read_array(thread)?;
                match usize::try_from(i32::from_le_bytes(length)) {
                    Ok(length) => self.load_counted_long(length, thread),
                    Err(_) => Err(raise_unpickling_error("LONG pickle has negative byte count", thread)),
                }
            }
            SHORT_BINSTRING => {
                let [length] = self.read_array(thread)?;
                self.load_counted_string(usize::from(length), thread)
            }
            BINSTRING => {
                let length = self.read_array(thread)?;
                match usize::try_from(i32::from_le_bytes(length)) {
                    Ok(length) => self.load_counted_string(length, thread),
                    Err(_) => Err(raise_unpickling_error("BINSTRING pickle has negative byte count", thread)),
                }
            }
            BINBYTES => {
                let length = self.read_array(thread)?;
                self.load_counted_bytes(u32::from_le_bytes(length) as usize, thread)
            }
            BINBYTES8 => {
                let length = self.read_length("BINBYTES exceeds system's maximum size", thread)?;
                self.load_counted_bytes(length, thread)
            }
            BINUNICODE8 => {
                let length = self.read_length("BINUNICODE exceeds system's maximum size", thread)?;
                self.load_counted_text(length, thread)
            }
            BYTEARRAY8 => {
                let length = self.read_length("BYTEARRAY8 exceeds system's maximum size", thread)?;
                self.load_counted_array(length, thread)
            }
            NEXT_BUFFER => self.load_next_buffer(thread),
            READONLY_BUFFER => self.load_readonly_buffer(thread),
            _ => self.object_step(opcode, thread),
        }
    }

    /// The remaining opcodes, which make containers and instances.
    fn object_step(&mut self, opcode: u8, thread: &mut Thread) -> PyResult<()> {
        match opcode {
            LIST => self.load_list(thread),
            DICT => self.load_dict(thread),
            EMPTY_SET => self.load_empty_set(thread),
            ADDITEMS => self.load_additems(thread),
            FROZENSET => self.load_frozenset(thread),
            INST => self.load_inst(thread),
            OBJ => self.load_obj(thread),
            NEWOBJ_EX => self.load_new_object(true, thread),
            GLOBAL => self.load_global(thread),
            PERSID => self.load_persistent_line(thread),
            BINPERSID => {
                let id = self.pop(thread)?;
                let object = self.unpickler.persistent_object(&id, thread)?;
                self.stack.push(object);
                Ok(())
            }
            EXT1 => {
                let [code] = self.read_array(thread)?;
                self.load_extension(i32::from(code), thread)
            }
            EXT2 => {
                let code = self.read_array(thread)?;
                self.load_extension(i32::from(u16::from_le_bytes(code)), thread)
            }
            EXT4 => {
                let code = self.read_array(thread)?;
                self.load_extension(i32::from_le_bytes(code), thread)
            }
            0x20..=0x7E if opcode != b'\'' && opcode != b'\\' => {
                let message = format!("invalid load key, '{}'.", char::from(opcode));
                Err(raise_unpickling_error(&message, thread))
            }
            _ => Err(raise_unpickling_error(&format!("invalid load key, '\\x{opcode:02x}'."), thread)),
        }
    }
}

// Reading.
impl Loader<'_> {
    /// The next bytes.
    #[inline(always)]
    pub(super) fn read(&mut self, count: usize, thread: &mut Thread) -> PyResult<&[u8]> {
        if !self.input.has(count) {
            self.input.read_more(count, &mut self.source, thread)?;
        }
        Ok(self.input.take(count))
    }

    #[inline(always)]
    pub(super) fn read_array<const N: usize>(&mut self, thread: &mut Thread) -> PyResult<[u8; N]> {
        let mut bytes = [0; N];
        bytes.copy_from_slice(self.read(N, thread)?);
        Ok(bytes)
    }

    /// A length of eight bytes.
    fn read_length(&mut self, too_large: &str, thread: &mut Thread) -> PyResult<usize> {
        let length = u64::from_le_bytes(self.read_array(thread)?);
        match isize::try_from(length) {
            Ok(length) => Ok(length as usize),
            Err(_) => Err(raise!(thread, OverflowError, "{too_large} of {} bytes", isize::MAX)),
        }
    }

    /// The rest of the line, without its end, and at least so long with it.
    pub(super) fn read_line(&mut self, minimum: usize, thread: &mut Thread) -> PyResult<&[u8]> {
        let length = match self.input.line_length() {
            Some(length) => length,
            None => self.input.read_line(&mut self.source, thread)?,
        };
        self.unpickler.last_line.set(length);
        if length < minimum {
            return Err(raise_truncated(thread));
        }
        Ok(&self.input.take(length)[..length - 1])
    }

    fn load_protocol(&mut self, thread: &mut Thread) -> PyResult<()> {
        let [protocol] = self.read_array(thread)?;
        if protocol > HIGHEST_PROTOCOL {
            return Err(raise!(thread, ValueError, "unsupported pickle protocol: {protocol}"));
        }
        self.unpickler.protocol.set(protocol);
        Ok(())
    }

    /// Reads all of a frame at once, to take it apart later.
    fn load_frame(&mut self, thread: &mut Thread) -> PyResult<()> {
        let length = self.read_length("FRAME length exceeds system's maximum", thread)?;
        self.input.leave_frame("beginning of a new frame before end of current frame", thread)?;
        self.read(length, thread)?;
        self.input.begin_frame(length);
        Ok(())
    }
}

// The stack and the marks.
impl Loader<'_> {
    #[cold]
    pub(super) fn raise_underflow(&self, thread: &mut Thread) -> Raised {
        let message = if self.marks.is_empty() { "unpickling stack underflow" } else { "unexpected MARK found" };
        raise_unpickling_error(message, thread)
    }

    #[inline(always)]
    pub(super) fn pop(&mut self, thread: &mut Thread) -> PyResult<Py<Object>> {
        if self.stack.len() <= self.fence {
            return Err(self.raise_underflow(thread));
        }
        match self.stack.pop() {
            Some(object) => Ok(object),
            None => Err(self.raise_underflow(thread)),
        }
    }

    #[inline(always)]
    pub(super) fn top(&self, thread: &mut Thread) -> PyResult<&Py<Object>> {
        match self.stack.last() {
            Some(object) if self.stack.len() > self.fence => Ok(object),
            _ => Err(self.raise_underflow(thread)),
        }
    }

    /// Takes the items from an index on off the stack.
    pub(super) fn pop_tuple(&mut self, start: usize, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if start < self.fence {
            return Err(self.raise_underflow(thread));
        }
        Tuple::from_iterator(self.stack.drain(start..), thread)
    }

    #[inline(always)]
    fn set_mark(&mut self) {
        self.fence = self.stack.len();
        if self.marks.len() >= self.unpickler.marks_allocated.get() {
            // How CPython's grow, for `__sizeof__`.
            self.unpickler.marks_allocated.set(self.marks.len() * 2 + 20);
        }
        self.marks.push(self.fence);
    }

    /// Takes the topmost mark away, and gives the index of the item after it.
    #[inline(always)]
    pub(super) fn take_mark(&mut self, thread: &mut Thread) -> PyResult<usize> {
        let Some(mark) = self.marks.pop() else {
            return Err(raise_unpickling_error("could not find MARK", thread));
        };
        self.fence = self.marks.last().copied().unwrap_or(0);
        Ok(mark)
    }

    fn load_pop(&mut self, thread: &mut Thread) -> PyResult<()> {
        if self.marks.last().is_some_and(|it| *it == self.stack.len()) {
            self.take_mark(thread)?;
            return Ok(());
        }
        self.pop(thread)?.release(thread);
        Ok(())
    }

    #[inline(always)]
    fn push_int(&mut self, value: i64, thread: &mut Thread) {
        self.stack.push(Int::from_i64(value, thread).into_object());
    }

    #[inline]
    fn load_tuple(&mut self, length: usize, thread: &mut Thread) -> PyResult<()> {
        let Some(start) = self.stack.len().checked_sub(length) else { return Err(self.raise_underflow(thread)) };
        let tuple = self.pop_tuple(start, thread)?;
        self.stack.push(tuple.into_object());
        Ok(())
    }

    fn load_counted_bytes(&mut self, length: usize, thread: &mut Thread) -> PyResult<()> {
        let bytes = if self.input.has(length) {
            Bytes::try_from_slice(self.input.take(length), thread)?
        } else {
            let array = self.input.read_array(length, &mut self.source, thread)?;
            let contents = array.contents_mut(thread).try_to_vec().or_memory_error(thread)?;
            Bytes::try_from_slice(&contents, thread)?
        };
        self.stack.push(bytes.into_object());
        Ok(())
    }

    fn load_counted_array(&mut self, length: usize, thread: &mut Thread) -> PyResult<()> {
        let array = self.input.read_array(length, &mut self.source, thread)?;
        self.stack.push(array.into_object());
        Ok(())
    }
}

// The memo.
impl Loader<'_> {
    /// Keeps the topmost item at a place of the memo.
    #[inline(always)]
    pub(super) fn memoize(&mut self, number: usize, thread: &mut Thread) -> PyResult<()> {
        let object = self.top(thread)?.clone();
        match self.unpickler.memo.get_mut(thread).set(number, object) {
            Ok(None) => Ok(()),
            Ok(Some(old)) => {
                old.release(thread);
                Ok(())
            }
            Err(error) => error.raise(thread),
        }
    }

    /// Pushes an item of the memo.
    #[inline(always)]
    pub(super) fn recall(&mut self, number: usize, thread: &mut Thread) -> PyResult<()> {
        match self.unpickler.memo.get(thread).get(number) {
            Some(object) => {
                self.stack.push(object.clone());
                Ok(())
            }
            None => Err(raise_unpickling_error(&format!("Memo value not found at index {number}"), thread)),
        }
    }
}
