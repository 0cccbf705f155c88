//! Watchers: functions of C code that are told when dicts, types, functions, code objects or the current context change. `capi` registers them; who
//! changes such an object asks for the bits of those that are to know, which lie where CPython has them (`_ma_watcher_tag`, `tp_watched`) or are those
//! of all there are ([`Registry::active`]).
//!
//! They are told only where Python code may run. What happens elsewhere waits: a changed type, and an object that is to be freed, for the next safe point.

use std::cell::{Cell, RefCell};
use std::ffi::c_int;

use layout::{PyObject, PyTypeObject};

use crate::refs::{Object, Py};
use crate::thread::Thread;
use crate::types::Type;

/// How many watchers of a kind there may be: their bits are a byte.
pub const MOST: usize = 8;

pub type DictWatch = unsafe extern "C-unwind" fn(c_int, *mut PyObject, *mut PyObject, *mut PyObject) -> c_int;
pub type TypeWatch = unsafe extern "C-unwind" fn(*mut PyTypeObject) -> c_int;
pub type CodeWatch = unsafe extern "C-unwind" fn(c_int, *mut PyObject) -> c_int;
pub type FunctionWatch = unsafe extern "C-unwind" fn(c_int, *mut PyObject, *mut PyObject) -> c_int;
pub type ContextWatch = unsafe extern "C-unwind" fn(c_int, *mut PyObject) -> c_int;

/// The watchers of one kind.
pub struct Registry<F> {
    callbacks: [Cell<Option<F>>; MOST],
    active: Cell<u8>,
}

impl<F: Copy> Default for Registry<F> {
    fn default() -> Self {
        Self { callbacks: std::array::from_fn(|_| Cell::new(None)), active: Cell::new(0) }
    }
}

impl<F: Copy> Registry<F> {
    /// A number for a watcher, not below `first`; None if there is none left.
    pub fn add(&self, first: usize, callback: F) -> Option<usize> {
        let number = (first..MOST).find(|it| self.callbacks[*it].get().is_none())?;
        self.callbacks[number].set(Some(callback));
        self.active.set(self.active.get() | 1 << number);
        Some(number)
    }

    pub fn has(&self, number: usize) -> bool {
        self.callbacks[number].get().is_some()
    }

    pub fn clear(&self, number: usize) {
        self.callbacks[number].set(None);
        self.active.set(self.active.get() & !(1 << number));
    }

    /// A bit for each watcher.
    #[inline(always)]
    pub fn active(&self) -> u8 {
        self.active.get()
    }
}

/// All watchers of an interpreter.
#[derive(Default)]
pub struct Watchers {
    pub dicts: Registry<DictWatch>,
    pub types: Registry<TypeWatch>,
    pub codes: Registry<CodeWatch>,
    pub functions: Registry<FunctionWatch>,
    pub contexts: Registry<ContextWatch>,
    /// Types that have changed, and who is to be told.
    changed_types: RefCell<Vec<(Py<Type>, u8)>>,
}

/// Calls the watchers of these bits, the first one first. What they raise is reported, with the text that `describe` gives.
fn tell<F: Copy>(
    registry: fn(&Watchers) -> &Registry<F>,
    bits: u8,
    thread: &mut Thread,
    mut call: impl FnMut(F) -> c_int,
    mut describe: impl FnMut(usize, &mut Thread) -> String,
) {
    let pending = thread.take_exception();
    for number in (0..MOST).filter(|it| bits >> it & 1 != 0) {
        let callback = registry(&thread.interpreter().watchers).callbacks[number].get();
        if let Some(callback) = callback
            && call(callback) < 0
            && thread.is_raised()
        {
            // What is raised waits while the message is made.
            let raised = thread.take_exception();
            let message = describe(number, thread);
            thread.restore_exception(raised);
            let raised = thread.raised_elsewhere();
            thread.report_unraisable(raised, &message, None);
        }
    }
    thread.restore_exception(pending);
}

fn shown(object: &Object, thread: &mut Thread) -> String {
    match crate::protocol::repr(object, thread) {
        Ok(text) => text.to_string_lossy(),
        Err(raised) => {
            drop(thread.catch(raised));
            "?".to_owned()
        }
    }
}

/// What happens to a dict.
#[derive(Clone, Copy)]
pub enum DictEvent {
    Added,
    Modified,
    Deleted,
    Cloned,
    Cleared,
    Deallocated,
}

/// Tells the watchers of a dict.
#[cold]
#[inline(never)]
pub fn tell_of_dict(
    event: DictEvent,
    dict: &Object,
    bits: u8,
    key: Option<&Object>,
    value: Option<&Object>,
    thread: &mut Thread,
) {
    let pointer = |it: Option<&Object>| it.map_or(std::ptr::null_mut(), Object::as_pointer);
    // SAFETY: the objects live until the call is over.
    let call = |watch: DictWatch| unsafe { watch(event as c_int, dict.as_pointer(), pointer(key), pointer(value)) };
    let names = ["ADDED", "MODIFIED", "DELETED", "CLONED", "CLEARED", "DEALLOCATED"];
    let describe = |_: usize, _: &mut Thread| {
        let name = names[event as usize];
        let class = dict.class().short_name();
        format!("Exception ignored in PyDict_EVENT_{name} watcher callback for <{class} at {:#x}>", dict.address())
    };
    tell(|it| &it.dicts, bits, thread, call, describe);
}

/// Remembers that a watched type has changed.
#[cold]
#[inline(never)]
pub fn note_type(class: &Type, thread: &Thread) {
    let bits = class.slots().tp_watched.get();
    thread.interpreter().watchers.changed_types.borrow_mut().push((Py::from_ref(class), bits));
    thread.ask_to_reap();
}

/// Tells the watchers of the types that have changed. At a safe point.
pub(crate) fn tell_of_types(thread: &mut Thread) {
    let changed = thread.interpreter().watchers.changed_types.take();
    for (class, bits) in changed {
        // SAFETY: the type lives until the call is over.
        let call = |watch: TypeWatch| unsafe { watch(class.as_pointer().cast()) };
        let describe = |number: usize, thread: &mut Thread| {
            format!("Exception ignored in type watcher callback #{number} for {}", shown(&class, thread))
        };
        tell(|it| &it.types, bits, thread, call, describe);
    }
}

/// Tells the watchers of code objects that one was made, or is to be freed.
#[cold]
#[inline(never)]
pub fn tell_of_code(code: &Object, is_new: bool, thread: &mut Thread) {
    let bits = thread.interpreter().watchers.codes.active();
    // SAFETY: the object lives until the call is over.
    let call = |watch: CodeWatch| unsafe { watch(c_int::from(!is_new), code.as_pointer()) };
    let describe = |_: usize, thread: &mut Thread| {
        let event = if is_new { "CREATE" } else { "DESTROY" };
        format!("Exception ignored in PY_CODE_EVENT_{event} watcher callback for {}", shown(code, thread))
    };
    tell(|it| &it.codes, bits, thread, call, describe);
}

/// What happens to a function.
#[derive(Clone, Copy)]
pub enum FunctionEvent {
    Create,
    Destroy,
    ModifyCode,
    ModifyDefaults,
    ModifyKeywordDefaults,
}

/// Tells the watchers of functions.
#[cold]
#[inline(never)]
pub fn tell_of_function(event: FunctionEvent, function: &Object, value: Option<&Object>, thread: &mut Thread) {
    let bits = thread.interpreter().watchers.functions.active();
    let value = value.map_or(std::ptr::null_mut(), Object::as_pointer);
    // SAFETY: the objects live until the call is over.
    let call = |watch: FunctionWatch| unsafe { watch(event as c_int, function.as_pointer(), value) };
    let names = ["CREATE", "DESTROY", "MODIFY_CODE", "MODIFY_DEFAULTS", "MODIFY_KWDEFAULTS"];
    let describe = |_: usize, thread: &mut Thread| {
        let text = shown(function, thread);
        let text = text.trim_start_matches('<').trim_end_matches('>');
        format!("Exception ignored in PyFunction_EVENT_{} watcher callback for {text}", names[event as usize])
    };
    tell(|it| &it.functions, bits, thread, call, describe);
}

/// Tells the watchers of contexts which one is the current one now.
#[cold]
#[inline(never)]
pub fn tell_of_context(context: &Object, thread: &mut Thread) {
    /// `Py_CONTEXT_SWITCHED`
    const SWITCHED: c_int = 1;
    let bits = thread.interpreter().watchers.contexts.active();
    // SAFETY: the object lives until the call is over.
    let call = |watch: ContextWatch| unsafe { watch(SWITCHED, context.as_pointer()) };
    let describe = |_: usize, thread: &mut Thread| {
        format!("Exception ignored in Py_CONTEXT_SWITCHED watcher callback for {}", shown(context, thread))
    };
    tell(|it| &it.contexts, bits, thread, call, describe);
}

/// What the deallocator of watched objects does first: puts the object off to the next safe point, and there lets its watchers know. True if the object
/// is not to be freed now.
///
/// # Safety
/// Called by a `tp_dealloc`: the object's count is zero.
pub unsafe fn put_off(object: *mut PyObject, thread: &mut Thread, tell: impl FnOnce(&Object, &mut Thread)) -> bool {
    if !thread.is_being_reaped(object) {
        thread.defer_deallocation(object);
        return true;
    }
    // SAFETY: the memory is intact; the reference that is made here keeps it while the watchers look.
    let revived = unsafe {
        (*object.cast::<Object>()).increment();
        &*object.cast::<Object>()
    };
    tell(revived, thread);
    !revived.decrement()
}
