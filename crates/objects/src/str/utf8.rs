//! The UTF-8 form of strings, which C code asks for (`PyUnicode_AsUTF8AndSize`) and which is kept beside the characters.

use text::byte_builder::ByteBuilder;
use text::codecs::Encoder as _;
use text::codecs::utf8::Utf8;

use super::Str;
use super::codecs;
use crate::errors::{OrMemoryError, PyResult};
use crate::thread::Thread;

impl Str {
    /// The text as UTF-8, with a zero byte behind it in memory; UnicodeEncodeError if it has surrogates. It lives as long as the string.
    pub fn utf8(&self, thread: &mut Thread) -> PyResult<&[u8]> {
        let Some(fields) = self.utf8_fields().filter(|_| !self.is_ascii()) else {
            // SAFETY: the characters of an ASCII string are its UTF-8 form.
            return Ok(unsafe { std::slice::from_raw_parts(self.data(), self.length()) });
        };
        if fields.utf8.get().is_null() {
            let mut bytes = ByteBuilder::with_capacity(self.length() * 2);
            if let Some(error) = Utf8.encode(self.view(), 0, &mut bytes) {
                return Err(codecs::raise_encode_error("utf-8", self, &error, thread));
            }
            let bytes = bytes.finish().or_memory_error(thread)?;
            let block = thread.allocator().allocate(bytes.len() + 1);
            if block.is_null() {
                return Err(thread.raise_memory_error());
            }
            // SAFETY: the block has room for the bytes and a zero byte.
            unsafe {
                std::ptr::copy_nonoverlapping(bytes.as_ptr(), block, bytes.len());
                block.add(bytes.len()).write(0);
            }
            fields.utf8_length.set(bytes.len() as isize);
            fields.utf8.set(block);
        }
        // SAFETY: the block holds so many bytes, and stays as long as the string, which never changes.
        Ok(unsafe { std::slice::from_raw_parts(fields.utf8.get(), fields.utf8_length.get() as usize) })
    }
}
