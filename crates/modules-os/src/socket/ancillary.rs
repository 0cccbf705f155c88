//! Messages with ancillary data: the buffers and control messages of `sendmsg` and `recvmsg`.

use builtins::bytes::Bytes;
use objects::errors::{OrMemoryError, PyResult, TryToVec, TypeError};
use objects::list::List;
use objects::protocol::buffer::{Buffer, BytesLike};
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;

/// The objects of an iterable; `complaint` is what others are told.
pub fn collect(iterable: &Object, complaint: &str, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    let iterator = protocol::iter(iterable, thread);
    let Some(iterator) = thread.suppress(iterator, TypeError)? else {
        return Err(raise!(thread, TypeError, "{complaint}"));
    };
    let mut items = Vec::new();
    while let Some(item) = protocol::next(&iterator, thread)? {
        items.push(item);
    }
    Ok(items)
}

/// Pieces of memory, as the system takes them, of views that are held.
pub fn pieces(views: &[Buffer]) -> Vec<libc::iovec> {
    views.iter().map(|it| libc::iovec { iov_base: it.raw().buf.get(), iov_len: it.length() }).collect()
}

/// Control messages in a block of memory, aligned as they have to be.
pub struct Control {
    words: Vec<u64>,
    length: usize,
}

fn space(length: usize) -> Option<usize> {
    // SAFETY: arithmetic.
    u32::try_from(length)
        .ok()
        .filter(|it| *it < i32::MAX as u32 - 64)
        .map(|it| unsafe { libc::CMSG_SPACE(it) } as usize)
}

impl Control {
    /// Room of a length for messages that are received.
    pub fn room(length: usize) -> Control {
        Control { words: vec![0; length.div_ceil(size_of::<u64>())], length }
    }

    /// The messages of an iterable of `(level, type, data)`.
    pub fn read(items: &Object, thread: &mut Thread) -> PyResult<Control> {
        let items = collect(items, "sendmsg() argument 2 must be an iterable", thread)?;
        let mut messages = Vec::new();
        for item in &items {
            let prefix = "[sendmsg() ancillary data items]() argument must be";
            let Some(tuple) = item.downcast::<Tuple>() else {
                let found = item.class().short_name();
                return Err(raise!(thread, TypeError, "{prefix} 3-item tuple, not {found}"));
            };
            let [level, kind, data] = tuple.items() else {
                let length = tuple.items().len();
                return Err(raise!(thread, TypeError, "{prefix} tuple of length 3, not {length}"));
            };
            let level = protocol::index_as_isize(level, thread)? as i32;
            let kind = protocol::index_as_isize(kind, thread)? as i32;
            let data = BytesLike::of(data, thread)?.as_slice(thread).try_to_vec().or_memory_error(thread)?;
            messages.push((level, kind, data));
        }
        let mut length = 0;
        for (_, _, data) in &messages {
            match space(data.len()) {
                Some(space) => length += space,
                None => return Err(raise!(thread, OSError, "ancillary data item too large")),
            }
        }
        let mut control = Control::room(length);
        control.fill(&messages);
        Ok(control)
    }

    fn fill(&mut self, messages: &[(i32, i32, Vec<u8>)]) {
        let mut place = self.words.as_mut_ptr().cast::<u8>();
        for (level, kind, data) in messages {
            // SAFETY: the block has the space of each message, one after another, and is aligned.
            unsafe {
                let header = place.cast::<libc::cmsghdr>();
                (*header).cmsg_level = *level;
                (*header).cmsg_type = *kind;
                (*header).cmsg_len = libc::CMSG_LEN(data.len() as u32) as _;
                std::ptr::copy_nonoverlapping(data.as_ptr(), libc::CMSG_DATA(header), data.len());
                place = place.add(libc::CMSG_SPACE(data.len() as u32) as usize);
            }
        }
    }

    /// Enters the block into a message.
    pub fn attach(&mut self, message: &mut libc::msghdr) {
        if self.length > 0 {
            message.msg_control = self.words.as_mut_ptr().cast();
            message.msg_controllen = self.length as _;
        }
    }

    /// The control messages that were received, as a list of `(level, type, data)`. If that fails, descriptors that came along are closed.
    pub fn to_list(&self, message: &libc::msghdr, thread: &mut Thread) -> PyResult<Py<List>> {
        let received = received(message);
        let list = List::empty(thread);
        for (level, kind, data) in &received {
            let made = make_item(*level, *kind, data, thread).and_then(|item| list.push(item, thread));
            if let Err(raised) = made {
                close_descriptors(&received);
                return Err(raised);
            }
        }
        Ok(list)
    }
}

fn make_item(level: i32, kind: i32, data: &[u8], thread: &mut Thread) -> PyResult<Py<Object>> {
    let level = make_int(i128::from(level), thread);
    let kind = make_int(i128::from(kind), thread);
    let data = Bytes::try_from_slice(data, thread)?;
    Ok(Tuple::new(vec![level, kind, data.into_object()], thread)?.into_object())
}

/// The control messages of a message that the system has filled in.
fn received(message: &libc::msghdr) -> Vec<(i32, i32, Vec<u8>)> {
    let mut messages = Vec::new();
    if message.msg_controllen == 0 {
        return messages;
    }
    let end = message.msg_control as usize + message.msg_controllen;
    // SAFETY: the system has written whole headers; the data of the last may be cut off by the block's end.
    unsafe {
        let mut header = libc::CMSG_FIRSTHDR(message);
        while !header.is_null() {
            let data = libc::CMSG_DATA(header);
            let head = data as usize - header as usize;
            let length = ((*header).cmsg_len as usize).saturating_sub(head).min(end.saturating_sub(data as usize));
            let bytes = std::slice::from_raw_parts(data, length).to_vec();
            messages.push(((*header).cmsg_level, (*header).cmsg_type, bytes));
            header = libc::CMSG_NXTHDR(message, header);
        }
    }
    messages
}

fn close_descriptors(messages: &[(i32, i32, Vec<u8>)]) {
    for (level, kind, data) in messages {
        if (*level, *kind) == (libc::SOL_SOCKET, libc::SCM_RIGHTS) {
            for number in data.chunks_exact(4) {
                let number = i32::from_ne_bytes([number[0], number[1], number[2], number[3]]);
                // SAFETY: a descriptor that came with the message and that nobody knows of.
                unsafe { libc::close(number) };
            }
        }
    }
}
