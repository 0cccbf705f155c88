//! The data stack: chunks of memory in which a thread's frames lie one above the other.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr;

use layout::{_PY_DATA_STACK_CHUNK_SIZE, _PyStackChunk, PyObject};
use objects::thread::Thread;

use super::Frame;

type Word = *mut PyObject;

/// Memory for a frame of so many words on top of the data stack.
#[inline(always)]
pub fn push_frame_memory(words: usize, thread: &Thread) -> *mut Frame {
    let state = thread.state().base();
    let top = state.datastack_top.get();
    // A thread without a chunk has null for both.
    let end = top.wrapping_add(words);
    if end >= state.datastack_limit.get() {
        return push_chunk(words, thread);
    }
    state.datastack_top.set(end);
    top.cast()
}

/// Gives back the memory of the topmost frame.
///
/// # Safety
/// The frame is the topmost on this thread's data stack, and what it held is gone.
#[inline(always)]
pub unsafe fn pop_frame_memory(frame: *mut Frame, thread: &Thread) {
    let state = thread.state().base();
    let chunk = state.datastack_chunk.get();
    // SAFETY: a frame lies on the stack, so there is a chunk.
    let first = unsafe { ptr::from_ref(&(*chunk).data).cast_mut().cast::<Word>() };
    if frame.cast::<Word>() == first {
        // SAFETY: the chunk is empty now.
        unsafe { pop_chunk(chunk, thread) }
    } else {
        state.datastack_top.set(frame.cast());
    }
}

fn layout_of(bytes: usize) -> Layout {
    Layout::from_size_align(bytes, align_of::<_PyStackChunk>()).expect("chunks are far below the address space")
}

#[cold]
#[inline(never)]
fn push_chunk(words: usize, thread: &Thread) -> *mut Frame {
    let state = thread.state().base();
    let needed = (words + 1) * size_of::<Word>() + size_of::<_PyStackChunk>();
    let mut bytes = _PY_DATA_STACK_CHUNK_SIZE;
    while bytes < needed {
        bytes *= 2;
    }
    // SAFETY: the size is not zero.
    let chunk = unsafe { alloc(layout_of(bytes)) }.cast::<_PyStackChunk>();
    if chunk.is_null() {
        handle_alloc_error(layout_of(bytes));
    }
    let previous = state.datastack_chunk.get();
    // SAFETY: the chunk has just been allocated; the one before, if any, is live.
    unsafe {
        ptr::from_ref(&(*chunk).previous).cast_mut().write(std::cell::Cell::new(previous));
        ptr::from_ref(&(*chunk).size).cast_mut().write(std::cell::Cell::new(bytes));
        ptr::from_ref(&(*chunk).top).cast_mut().write(std::cell::Cell::new(0));
        if let Some(previous) = previous.as_ref() {
            previous.top.set(state.datastack_top.get() as usize);
        }
        let first = ptr::from_ref(&(*chunk).data).cast_mut().cast::<Word>();
        state.datastack_chunk.set(chunk);
        state.datastack_limit.set(chunk.cast::<u8>().add(bytes).cast());
        state.datastack_top.set(first.add(words));
        first.cast()
    }
}

/// # Safety
/// The chunk is the topmost, and empty.
#[cold]
unsafe fn pop_chunk(chunk: *mut _PyStackChunk, thread: &Thread) {
    let state = thread.state().base();
    // SAFETY: chunks are linked; each was allocated with the size that it notes.
    unsafe {
        let previous = (*chunk).previous.get();
        state.datastack_chunk.set(previous);
        match previous.as_ref() {
            Some(below) => {
                state.datastack_top.set(below.top.get() as *mut Word);
                state.datastack_limit.set(previous.cast::<u8>().add(below.size.get()).cast());
            }
            None => {
                state.datastack_top.set(ptr::null_mut());
                state.datastack_limit.set(ptr::null_mut());
            }
        }
        dealloc(chunk.cast(), layout_of((*chunk).size.get()));
    }
}
