//! A mapping: the memory, its bounds, and what may be done with it.
//!
//! The invariant: `data` is null, or `size` bytes are mapped there. While buffers are exported the mapping neither moves nor ends. Other
//! processes may change the bytes at any time, so they are copied in and out, and nothing is concluded from reading them twice.

use std::cell::Cell;
use std::ptr;

use layout::PyObject;
use macros::Instance;
use objects::errors::PyResult;
use objects::raise;
use objects::refs::{Header, Py};
use objects::thread::Thread;
use objects::types::Type;
use system::call;
use system::constants::Constant;
use system::zeroed::Zeroed;

/// What may be done with a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(isize)]
pub enum Access {
    Default,
    Read,
    Write,
    Copy,
}

impl Access {
    /// The constants that name them, in their order.
    pub const CONSTANTS: [Constant; 4] = [
        ("ACCESS_DEFAULT", Self::Default as i64),
        ("ACCESS_READ", Self::Read as i64),
        ("ACCESS_WRITE", Self::Write as i64),
        ("ACCESS_COPY", Self::Copy as i64),
    ];

    pub fn from_number(number: i32) -> Option<Self> {
        [Self::Default, Self::Read, Self::Write, Self::Copy].into_iter().find(|it| *it as isize == number as isize)
    }

    pub fn name(self) -> &'static str {
        Self::CONSTANTS[self as usize].0
    }
}

/// An object of type `mmap.mmap`.
#[derive(Instance)]
#[repr(C)]
pub struct Map {
    header: Header,
    data: Cell<*mut u8>,
    size: Cell<usize>,
    pub(super) position: Cell<usize>,
    pub(super) offset: i64,
    exports: Cell<usize>,
    pub(super) weak_references: Cell<*mut PyObject>,
    descriptor: Cell<i32>,
    flags: i32,
    access: Cell<isize>,
    tracks_file: bool,
}

/// What a new mapping is of.
pub struct Wanted {
    pub descriptor: i32,
    pub size: usize,
    pub flags: i32,
    pub protection: i32,
    pub access: Access,
    pub offset: i64,
    pub tracks_file: bool,
}

impl Wanted {
    /// Takes the size from the file if none was given, and checks the one that was.
    fn fit_to_file(&mut self, thread: &mut Thread) -> PyResult<()> {
        let mut status = libc::stat::zeroed();
        let descriptor = self.descriptor;
        // SAFETY: a local to write to.
        let found = call::plain(|| unsafe { libc::fstat(descriptor, &mut status) }, thread).is_ok();
        if !found || status.st_mode & libc::S_IFMT != libc::S_IFREG {
            return Ok(());
        }
        if self.size == 0 {
            if status.st_size == 0 {
                return Err(raise!(thread, ValueError, "cannot mmap an empty file"));
            }
            if self.offset >= status.st_size {
                return Err(raise!(thread, ValueError, "mmap offset is greater than file size"));
            }
            self.size = (status.st_size - self.offset) as usize;
        } else if self.offset > status.st_size || ((status.st_size - self.offset) as usize) < self.size {
            return Err(raise!(thread, ValueError, "mmap length is greater than file size"));
        }
        Ok(())
    }
}

impl Map {
    pub fn make(class: &Type, mut wanted: Wanted, thread: &mut Thread) -> PyResult<Py<Map>> {
        let mut own = -1;
        if wanted.descriptor == -1 {
            wanted.flags |= libc::MAP_ANONYMOUS;
        } else {
            wanted.fit_to_file(thread)?;
            if wanted.tracks_file {
                let descriptor = wanted.descriptor;
                // SAFETY: numbers.
                own = call::checked(|| unsafe { libc::fcntl(descriptor, libc::F_DUPFD_CLOEXEC, 0) }, thread)?;
            }
        }
        let value = Map {
            header: Header::new(class),
            data: Cell::new(ptr::null_mut()),
            size: Cell::new(wanted.size),
            position: Cell::new(0),
            offset: wanted.offset,
            exports: Cell::new(0),
            weak_references: Cell::new(ptr::null_mut()),
            descriptor: Cell::new(own),
            flags: wanted.flags,
            access: Cell::new(wanted.access as isize),
            tracks_file: wanted.tracks_file,
        };
        // From here on the object owns the descriptor.
        let map = Py::new_in(class, value, thread)?;
        let Wanted { descriptor, size, flags, protection, offset, .. } = wanted;
        // SAFETY: a new place, which the system chooses.
        let place = || unsafe { libc::mmap(ptr::null_mut(), size, protection, flags, descriptor, offset) } as isize;
        let data = call::plain(place, thread).map_err(|number| call::raise(number, None, thread))?;
        map.data.set(data as *mut u8);
        Ok(map)
    }

    pub fn is_closed(&self) -> bool {
        self.data.get().is_null()
    }

    pub fn check(&self, thread: &mut Thread) -> PyResult<()> {
        if self.is_closed() {
            return Err(raise!(thread, ValueError, "mmap closed or invalid"));
        }
        Ok(())
    }

    pub fn access(&self) -> Access {
        Access::from_number(self.access.get() as i32).unwrap_or(Access::Default)
    }

    /// TypeError for mappings that must not be changed.
    pub fn check_writable(&self, thread: &mut Thread) -> PyResult<()> {
        if self.access() == Access::Read {
            return Err(raise!(thread, TypeError, "mmap can't modify a readonly memory map."));
        }
        Ok(())
    }

    pub fn size(&self) -> usize {
        self.size.get()
    }

    pub fn data(&self) -> *mut u8 {
        self.data.get()
    }

    /// The file behind the mapping; −1 for none.
    pub fn descriptor(&self) -> i32 {
        self.descriptor.get()
    }

    pub fn add_export(&self) {
        self.exports.set(self.exports.get() + 1);
    }

    pub fn remove_export(&self) {
        self.exports.set(self.exports.get().saturating_sub(1));
    }

    /// The bytes, which the caller reads once.
    pub fn bytes<'t>(&'t self, _thread: &'t Thread) -> &'t [u8] {
        if self.is_closed() {
            return &[];
        }
        // SAFETY: `size` bytes are mapped there, and what could end or change that needs the thread.
        unsafe { std::slice::from_raw_parts(self.data.get(), self.size.get()) }
    }

    /// The bytes for changing them; empty for mappings that must not be changed.
    pub fn bytes_mut<'t>(&'t self, _thread: &'t mut Thread) -> &'t mut [u8] {
        if self.is_closed() || self.access() == Access::Read {
            return &mut [];
        }
        // SAFETY: as above; the thread is borrowed mutably, so no other slice is open.
        unsafe { std::slice::from_raw_parts_mut(self.data.get(), self.size.get()) }
    }

    /// Ends the mapping; BufferError while buffers are exported.
    pub fn close(&self, thread: &mut Thread) -> PyResult<()> {
        if self.exports.get() > 0 {
            return Err(raise!(thread, BufferError, "cannot close exported pointers exist"));
        }
        let (data, descriptor) = (self.data.replace(ptr::null_mut()), self.descriptor.replace(-1));
        let size = self.size.get();
        thread.without_lock(|| end(data, size, descriptor));
        Ok(())
    }

    fn check_resizable(&self, new_size: isize, thread: &mut Thread) -> PyResult<usize> {
        if self.exports.get() > 0 {
            return Err(raise!(thread, BufferError, "mmap can't resize with extant buffers exported."));
        }
        if !self.tracks_file {
            return Err(raise!(thread, ValueError, "mmap can't resize with trackfd=False."));
        }
        if !matches!(self.access(), Access::Write | Access::Default) {
            return Err(raise!(thread, TypeError, "mmap can't resize a readonly or copy-on-write memory map."));
        }
        match usize::try_from(new_size) {
            Ok(size) if new_size.checked_add(self.offset as isize).is_some() => Ok(size),
            _ => Err(raise!(thread, ValueError, "new size out of range")),
        }
    }

    /// Changes the size of the mapping, and of the file.
    pub fn resize(&self, new_size: isize, thread: &mut Thread) -> PyResult<()> {
        let size = self.check_resizable(new_size, thread)?;
        let (descriptor, old) = (self.descriptor.get(), self.size.get());
        if descriptor == -1 && self.flags & libc::MAP_PRIVATE == 0 && size > old {
            return Err(raise!(thread, ValueError, "mmap: can't expand a shared anonymous mapping"));
        }
        if descriptor != -1 {
            let length = self.offset + size as i64;
            // SAFETY: numbers. The object must not change meanwhile, so the lock is kept.
            if unsafe { libc::ftruncate(descriptor, length) } < 0 {
                return Err(call::raise_last(thread));
            }
        }
        // SAFETY: the mapping is this object's, and no buffer refers to it.
        let data = unsafe { libc::mremap(self.data.get().cast(), old, size, libc::MREMAP_MAYMOVE) };
        if data == libc::MAP_FAILED {
            return Err(call::raise_last(thread));
        }
        self.data.set(data.cast());
        self.size.set(size);
        Ok(())
    }
}

/// Gives a mapping and a descriptor back to the system.
fn end(data: *mut u8, size: usize, descriptor: i32) {
    // SAFETY: both are the object's own, which forgets them.
    unsafe {
        if descriptor >= 0 {
            libc::close(descriptor);
        }
        if !data.is_null() {
            libc::munmap(data.cast(), size);
        }
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        end(self.data.get(), self.size.get(), self.descriptor.get());
    }
}
