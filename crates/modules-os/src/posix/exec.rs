//! `execv` and `execve`, and the lists of arguments and variables that they share with `posix_spawn`.

use std::ffi::{CString, c_char};
use std::ptr;

use macros::python_module;
use objects::audit;
use objects::errors::PyResult;
use objects::list::List;
use objects::protocol;
use objects::raise;
use objects::refs::Object;
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use system::call;
use system::path::{self, Path, PathOrDescriptor};

/// C strings, and the table of their addresses that ends in null.
pub struct StringTable {
    _strings: Vec<CString>,
    pointers: Vec<*const c_char>,
}

impl StringTable {
    pub fn new(strings: Vec<CString>) -> Self {
        let pointers = strings.iter().map(|it| it.as_ptr()).chain([ptr::null()]).collect();
        Self { _strings: strings, pointers }
    }

    pub fn as_pointer(&self) -> *const *const c_char {
        self.pointers.as_ptr()
    }
}

/// The arguments for a new program; `complaint` is what messages begin with.
pub(super) fn arguments(argv: &Object, complaint: &str, thread: &mut Thread) -> PyResult<StringTable> {
    if argv.downcast::<List>().is_none() && argv.downcast::<Tuple>().is_none() {
        return Err(raise!(thread, TypeError, "{complaint} must be a tuple or list"));
    }
    let items = protocol::collect(argv, thread)?;
    if items.is_empty() {
        return Err(raise!(thread, ValueError, "{complaint} must not be empty"));
    }
    let mut strings = Vec::with_capacity(items.len());
    for item in &items {
        strings.push(path::fsencode(item, thread)?);
    }
    if strings[0].is_empty() {
        return Err(raise!(thread, ValueError, "{complaint} first element cannot be empty"));
    }
    Ok(StringTable::new(strings))
}

/// The variables of a mapping for a new program.
pub(super) fn environment(mapping: &Object, thread: &mut Thread) -> PyResult<StringTable> {
    let method = |name: &str, thread: &mut Thread| {
        let name = thread.intern_text(name);
        let items = protocol::call_method(mapping, &name, &[], thread)?;
        protocol::collect(&items, thread)
    };
    let keys = method("keys", thread)?;
    let values = method("values", thread)?;
    let mut strings = Vec::with_capacity(keys.len());
    for (key, value) in keys.iter().zip(&values) {
        let key = path::fsencode(key, thread)?.into_bytes();
        let value = path::fsencode(value, thread)?.into_bytes();
        // A leading = is accepted: some systems have such variables.
        if key.is_empty() || key[1..].contains(&b'=') {
            return Err(raise!(thread, ValueError, "illegal environment variable name"));
        }
        let line = [&key[..], b"=", &value].concat();
        strings.push(CString::new(line).map_err(|_| raise!(thread, ValueError, "embedded null byte"))?);
    }
    Ok(StringTable::new(strings))
}

/// True if the object could be a mapping (`PyMapping_Check`).
pub(super) fn is_mapping(object: &Object) -> bool {
    // SAFETY: a type's method suites live as long as the type.
    let methods = unsafe { object.class().slots().tp_as_mapping.get().as_ref() };
    object.downcast::<Str>().is_none() && methods.is_some_and(|it| it.mp_subscript.get().is_some())
}

/// RuntimeError in an interpreter that may not become another program.
fn check_allowed(thread: &mut Thread) -> PyResult<()> {
    if thread.interpreter().isolation.settings().allow_exec {
        return Ok(());
    }
    Err(raise!(thread, RuntimeError, "exec not supported for isolated subinterpreters"))
}

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// execv($module, path, argv, /)
    /// --
    ///
    /// Execute an executable path with arguments, replacing current process.
    ///
    ///   path
    ///     Path of executable file.
    ///   argv
    ///     Tuple or list of strings.
    #[function]
    fn execv(path: Path, argv: &Object, thread: &mut Thread) -> PyResult<()> {
        check_allowed(thread)?;
        let arguments = arguments(argv, "execv() arg 2", thread)?;
        audit!(thread, "os.exec", path.object(), argv, ())?;
        // SAFETY: a C string, and a table of such that ends in null.
        unsafe { libc::execv(path.name().as_ptr(), arguments.as_pointer()) };
        Err(thread.raise_os_error(call::last_error(), None))
    }

    /// execve($module, /, path, argv, env)
    /// --
    ///
    /// Execute an executable path with arguments, replacing current process.
    ///
    ///   path
    ///     Path of executable file.
    ///   argv
    ///     Tuple or list of strings.
    ///   env
    ///     Dictionary of strings mapping to strings.
    #[function]
    fn execve(path: PathOrDescriptor, argv: &Object, env: &Object, thread: &mut Thread) -> PyResult<()> {
        check_allowed(thread)?;
        let arguments = arguments(argv, "execve: argv", thread)?;
        if !is_mapping(env) {
            return Err(raise!(thread, TypeError, "execve: environment must be a mapping object"));
        }
        let variables = environment(env, thread)?;
        audit!(thread, "os.exec", path.object(), argv, env)?;
        // SAFETY: a C string or a number, and tables of C strings that end in null.
        unsafe {
            match path.descriptor() {
                Some(number) => libc::fexecve(number, arguments.as_pointer(), variables.as_pointer()),
                None => libc::execve(path.name().as_ptr(), arguments.as_pointer(), variables.as_pointer()),
            }
        };
        Err(path.raise(call::last_error(), thread))
    }
}
