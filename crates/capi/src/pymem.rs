//! `pymem.h` and `objimpl.h`'s part of it: blocks of memory for C code, and the allocators that C code may put in their place.
//!
//! There are three domains. Raw blocks are the C library's, for use without a thread state. The blocks of the other two come from the
//! interpreter's allocator, as in CPython, so that a block that one part of the API gave can be freed by another; C code that asks for them
//! without being attached, as it should not, is attached meanwhile.
//!
//! What `PyMem_SetAllocator` sets serves the functions of this file, which is what C code calls. The allocator of the object domain is asked by
//! the objects of the interpreter that it is set in, too ([`memory::Gate`]).

use std::ffi::{c_char, c_int, c_void};
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

use memory::{Allocator, Gate};
use objects::thread::{Thread, ThreadState};

type Allocate = unsafe extern "C-unwind" fn(*mut c_void, usize) -> *mut c_void;
type AllocateZeroed = unsafe extern "C-unwind" fn(*mut c_void, usize, usize) -> *mut c_void;
type Reallocate = unsafe extern "C-unwind" fn(*mut c_void, *mut c_void, usize) -> *mut c_void;
type Free = unsafe extern "C-unwind" fn(*mut c_void, *mut c_void);

/// C's `PyMemAllocatorEx`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct AllocatorTable {
    context: *mut c_void,
    malloc: Allocate,
    calloc: AllocateZeroed,
    realloc: Reallocate,
    free: Free,
}

/// What C code has put in the place of a domain's allocator: a table of its own, which is never freed.
struct Domain {
    is_replaced: AtomicBool,
    table: AtomicPtr<AllocatorTable>,
    default: AllocatorTable,
}

// SAFETY: the default's context is null.
unsafe impl Sync for Domain {}

impl Domain {
    const fn new(default: AllocatorTable) -> Domain {
        Domain { is_replaced: AtomicBool::new(false), table: AtomicPtr::new(std::ptr::null_mut()), default }
    }

    /// What C code has set, if it has set something.
    #[inline]
    fn replacement(&self) -> Option<AllocatorTable> {
        if !self.is_replaced.load(Ordering::Acquire) {
            return None;
        }
        // SAFETY: tables live for ever.
        unsafe { self.table.load(Ordering::Acquire).as_ref() }.copied()
    }

    fn replace(&self, table: AllocatorTable) {
        let is_default = table.context.is_null() && std::ptr::fn_addr_eq(table.malloc, self.default.malloc);
        if !is_default {
            // Another thread may be reading the old one, which therefore stays.
            self.table.store(Box::into_raw(Box::new(table)), Ordering::Release);
        }
        self.is_replaced.store(!is_default, Ordering::Release);
    }
}

/// Blocks of the C library.
static RAW: Domain = Domain::new(AllocatorTable {
    context: std::ptr::null_mut(),
    malloc: raw_malloc,
    calloc: raw_calloc,
    realloc: raw_realloc,
    free: raw_free,
});

const OWN: AllocatorTable = AllocatorTable {
    context: std::ptr::null_mut(),
    malloc: own_malloc,
    calloc: own_calloc,
    realloc: own_realloc,
    free: own_free,
};

/// Blocks of the interpreter's allocator.
static MEMORY: Domain = Domain::new(OWN);
static OBJECTS: Domain = Domain::new(OWN);

fn domain(number: c_int) -> Option<&'static Domain> {
    [&RAW, &MEMORY, &OBJECTS].get(usize::try_from(number).ok()?).copied()
}

unsafe extern "C-unwind" fn raw_malloc(_: *mut c_void, size: usize) -> *mut c_void {
    // SAFETY: any size will do.
    unsafe { libc::malloc(size.max(1)) }
}

unsafe extern "C-unwind" fn raw_calloc(_: *mut c_void, count: usize, size: usize) -> *mut c_void {
    // SAFETY: any size will do.
    unsafe { if count == 0 || size == 0 { libc::calloc(1, 1) } else { libc::calloc(count, size) } }
}

unsafe extern "C-unwind" fn raw_realloc(_: *mut c_void, block: *mut c_void, size: usize) -> *mut c_void {
    // SAFETY: the caller passes a block of the C library, or null.
    unsafe { libc::realloc(block, size.max(1)) }
}

unsafe extern "C-unwind" fn raw_free(_: *mut c_void, block: *mut c_void) {
    // SAFETY: the caller passes a block of the C library, or null.
    unsafe { libc::free(block) }
}

/// Runs with the interpreter's allocator, attached if need be.
#[inline]
fn with_allocator<T>(run: impl FnOnce(&Allocator) -> T) -> T {
    if !ThreadState::current().is_null() {
        // SAFETY: the thread is attached.
        return run(unsafe { Thread::current() }.allocator());
    }
    let before = crate::pystate::PyGILState_Ensure();
    // SAFETY: the thread is attached now.
    let result = run(unsafe { Thread::current() }.allocator());
    crate::pystate::PyGILState_Release(before);
    result
}

unsafe extern "C-unwind" fn own_malloc(_: *mut c_void, size: usize) -> *mut c_void {
    with_allocator(|it| it.allocate_unasked(size.max(1))).cast()
}

unsafe extern "C-unwind" fn own_calloc(_: *mut c_void, count: usize, size: usize) -> *mut c_void {
    match count.checked_mul(size) {
        Some(total) => with_allocator(|it| it.allocate_zeroed_unasked(total.max(1))).cast(),
        None => std::ptr::null_mut(),
    }
}

unsafe extern "C-unwind" fn own_realloc(_: *mut c_void, block: *mut c_void, size: usize) -> *mut c_void {
    // SAFETY: the caller passes a block of this allocator, or null.
    with_allocator(|it| unsafe { it.reallocate_unasked(block.cast(), size.max(1)) }).cast()
}

unsafe extern "C-unwind" fn own_free(_: *mut c_void, block: *mut c_void) {
    if !block.is_null() {
        // SAFETY: the caller passes a block of this allocator.
        with_allocator(|it| unsafe { it.free_unasked(block.cast()) });
    }
}

/// The four functions of each domain. Sizes that no object may have fail before any allocator is asked.
macro_rules! domains {
    ($($domain:ident: fn $allocate:ident = $own_allocate:ident; fn $zeroed:ident = $own_zeroed:ident;
       fn $again:ident = $own_again:ident; fn $free:ident = $own_free:ident;)*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C-unwind" fn $allocate(size: usize) -> *mut c_void {
            if size > isize::MAX as usize {
                return std::ptr::null_mut();
            }
            // SAFETY: these take any size; a replacement gets the context that it was set with. So too below.
            unsafe {
                match $domain.replacement() {
                    None => $own_allocate(std::ptr::null_mut(), size),
                    Some(table) => (table.malloc)(table.context, size),
                }
            }
        }

        #[unsafe(no_mangle)]
        pub extern "C-unwind" fn $zeroed(count: usize, size: usize) -> *mut c_void {
            if count.checked_mul(size).is_none_or(|it| it > isize::MAX as usize) {
                return std::ptr::null_mut();
            }
            // SAFETY: as above.
            unsafe {
                match $domain.replacement() {
                    None => $own_zeroed(std::ptr::null_mut(), count, size),
                    Some(table) => (table.calloc)(table.context, count, size),
                }
            }
        }

        /// # Safety
        /// As the C API says.
        #[unsafe(no_mangle)]
        pub unsafe extern "C-unwind" fn $again(block: *mut c_void, size: usize) -> *mut c_void {
            if size > isize::MAX as usize {
                return std::ptr::null_mut();
            }
            // SAFETY: as above.
            unsafe {
                match $domain.replacement() {
                    None => $own_again(std::ptr::null_mut(), block, size),
                    Some(table) => (table.realloc)(table.context, block, size),
                }
            }
        }

        /// # Safety
        /// As the C API says.
        #[unsafe(no_mangle)]
        pub unsafe extern "C-unwind" fn $free(block: *mut c_void) {
            // SAFETY: as above.
            unsafe {
                match $domain.replacement() {
                    None => $own_free(std::ptr::null_mut(), block),
                    Some(table) => (table.free)(table.context, block),
                }
            }
        }
    )*};
}

domains! {
    RAW: fn PyMem_RawMalloc = raw_malloc; fn PyMem_RawCalloc = raw_calloc;
         fn PyMem_RawRealloc = raw_realloc; fn PyMem_RawFree = raw_free;
    MEMORY: fn PyMem_Malloc = own_malloc; fn PyMem_Calloc = own_calloc; fn PyMem_Realloc = own_realloc; fn PyMem_Free = own_free;
    OBJECTS: fn PyObject_Malloc = own_malloc; fn PyObject_Calloc = own_calloc;
             fn PyObject_Realloc = own_realloc; fn PyObject_Free = own_free;
}

/// `PyMem_GetAllocator`: of a domain that there is none of, a table of nulls.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyMem_GetAllocator(number: c_int, place: *mut AllocatorTable) {
    // SAFETY: C's caller passes room for a table.
    unsafe {
        match domain(number) {
            Some(domain) => place.write(domain.replacement().unwrap_or(domain.default)),
            None => place.cast::<u8>().write_bytes(0, size_of::<AllocatorTable>()),
        }
    }
}

/// `PyMem_SetAllocator`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyMem_SetAllocator(number: c_int, table: *mut AllocatorTable) {
    if let Some(domain) = domain(number) {
        // SAFETY: C's caller passes a table whose functions work until another one is set.
        domain.replace(unsafe { table.read() });
    }
    let gate = OBJECTS.replacement().map(|_| OBJECTS_GATE);
    if number == OBJECTS_NUMBER && !ThreadState::current().is_null() {
        // SAFETY: the thread is attached.
        unsafe { Thread::current() }.allocator().set_gate(gate);
    }
}

/// The object domain among the three.
const OBJECTS_NUMBER: c_int = 2;

/// How the interpreter's objects ask the allocator that C code has set.
const OBJECTS_GATE: Gate = Gate {
    allocate: |size| PyObject_Malloc(size).cast(),
    allocate_zeroed: |size| PyObject_Calloc(1, size).cast(),
    // SAFETY: the interpreter's allocator passes its own blocks, which came by here unless they are older than what is set now.
    reallocate: |block, size| unsafe { PyObject_Realloc(block.cast(), size) }.cast(),
    // SAFETY: as above.
    free: |block| unsafe { PyObject_Free(block.cast()) },
    ignored: memory_was_refused,
};

/// MemoryError is to come, for a refusal that was ignored; but where an exception is set already, what it needs is what was refused.
fn memory_was_refused() {
    // SAFETY: objects are made by attached threads.
    if unsafe { Thread::current() }.state().base().current_exception.get().is_null() {
        objects::thread::memory_ran_out();
    }
}

/// `_PyMem_GetCurrentAllocatorName`: null where C code has put its own in the place of one.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn _PyMem_GetCurrentAllocatorName() -> *const c_char {
    let replaced = [&RAW, &MEMORY, &OBJECTS].iter().any(|it| it.replacement().is_some());
    if replaced { std::ptr::null() } else { c"pymalloc".as_ptr() }
}

macro_rules! copies {
    ($(fn $name:ident = $allocate:ident;)*) => {$(
        /// # Safety
        /// As the C API says.
        #[unsafe(no_mangle)]
        pub unsafe extern "C-unwind" fn $name(text: *const c_char) -> *mut c_char {
            // SAFETY: C's caller passes a C string; the block has room for it.
            unsafe {
                let size = libc::strlen(text) + 1;
                let copy = $allocate(size).cast::<c_char>();
                if !copy.is_null() {
                    std::ptr::copy_nonoverlapping(text, copy, size);
                }
                copy
            }
        }
    )*};
}

copies! {
    fn _PyMem_Strdup = PyMem_Malloc;
}

/// C's `PyObjectArenaAllocator`.
#[repr(C)]
pub struct ArenaTable {
    context: *mut c_void,
    alloc: Allocate,
    free: unsafe extern "C-unwind" fn(*mut c_void, *mut c_void, usize),
}

unsafe extern "C-unwind" fn map_arena(_: *mut c_void, size: usize) -> *mut c_void {
    let protection = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: new pages, wherever the system puts them.
    let pages =
        unsafe { libc::mmap(std::ptr::null_mut(), size, protection, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1, 0) };
    if pages == libc::MAP_FAILED { std::ptr::null_mut() } else { pages }
}

unsafe extern "C-unwind" fn unmap_arena(_: *mut c_void, pages: *mut c_void, size: usize) {
    // SAFETY: the caller passes what `map_arena` gave.
    unsafe { libc::munmap(pages, size) };
}

/// `PyObject_GetArenaAllocator`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyObject_GetArenaAllocator(place: *mut ArenaTable) {
    // SAFETY: C's caller passes room for a table.
    unsafe { place.write(ArenaTable { context: std::ptr::null_mut(), alloc: map_arena, free: unmap_arena }) };
}
