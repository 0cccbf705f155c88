//! `builtins`: the functions that every program sees.
//!
//! Short functions are here; those with more to them are in the files beside, by what they deal with.

mod build_class;
mod extremes;
mod import_time;
mod importing;
mod namespaces;
mod printing;
mod relative_import;
mod running;

pub use importing::{import_module, importlib};
use interpreter::generator::AnextAwaitable;
use macros::python_module;
use objects::audit;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::method::OrNone;
use objects::module::Module;
use objects::names;
use objects::object::attribute_name;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
pub(crate) use running::{file_name, generate_node, with_text};

pub struct BuiltinsModule;

/// Built-in functions, types, exceptions, and other objects.
///
/// This module provides direct access to all 'built-in'
/// identifiers of Python; for example, builtins.len is
/// the full name for the built-in function len().
///
/// This module is not normally accessed explicitly by most
/// applications, but can be useful in modules that provide
/// objects with the same name as a builtin and need a builtin
/// of the same name.
#[python_module(name = "builtins")]
impl BuiltinsModule {
    /// abs($module, x, /)
    /// --
    ///
    /// Return the absolute value of the argument.
    #[function]
    fn abs(number: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::absolute(number, thread)
    }

    /// all($module, iterable, /)
    /// --
    ///
    /// Return True if bool(x) is True for all values x in the iterable.
    ///
    /// If the iterable is empty, return True.
    #[function]
    fn all(iterable: &Object, thread: &mut Thread) -> PyResult<bool> {
        let iterator = protocol::iter(iterable, thread)?;
        while let Some(item) = protocol::next(&iterator, thread)? {
            if !protocol::is_true(&item, thread)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// any($module, iterable, /)
    /// --
    ///
    /// Return True if bool(x) is True for any x in the iterable.
    ///
    /// If the iterable is empty, return False.
    #[function]
    fn any(iterable: &Object, thread: &mut Thread) -> PyResult<bool> {
        let iterator = protocol::iter(iterable, thread)?;
        while let Some(item) = protocol::next(&iterator, thread)? {
            if protocol::is_true(&item, thread)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// ascii($module, obj, /)
    /// --
    ///
    /// Return an ASCII-only representation of an object.
    ///
    /// As repr(), return a string containing a printable representation of an
    /// object, but escape the non-ASCII characters in the string returned by
    /// repr() using \\x, \\u or \\U escapes. This generates a string similar
    /// to that returned by repr() in Python 2.
    #[function]
    fn ascii(object: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
        protocol::ascii(object, thread)
    }

    /// bin($module, number, /)
    /// --
    ///
    /// Return the binary representation of an integer.
    ///
    ///    >>> bin(2796202)
    ///    '0b1010101010101010101010'
    #[function]
    fn bin(number: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let number = protocol::index(number, thread)?;
        Ok(number.to_text(2, true, thread)?.into_object())
    }

    /// hex($module, number, /)
    /// --
    ///
    /// Return the hexadecimal representation of an integer.
    ///
    ///    >>> hex(12648430)
    ///    '0xc0ffee'
    #[function]
    fn hex(number: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let number = protocol::index(number, thread)?;
        Ok(number.to_text(16, true, thread)?.into_object())
    }

    /// oct($module, number, /)
    /// --
    ///
    /// Return the octal representation of an integer.
    ///
    ///    >>> oct(342391)
    ///    '0o1234567'
    #[function]
    fn oct(number: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let number = protocol::index(number, thread)?;
        Ok(number.to_text(8, true, thread)?.into_object())
    }

    /// callable($module, obj, /)
    /// --
    ///
    /// Return whether the object is callable (i.e., some kind of function).
    ///
    /// Note that classes are callable, as are instances of classes with a
    /// __call__() method.
    #[function]
    fn callable(object: &Object) -> bool {
        object.class().slots().tp_call.get().is_some()
    }

    /// chr($module, i, /)
    /// --
    ///
    /// Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.
    #[function]
    fn chr(code: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let code = protocol::index(code, thread)?;
        match code.to_i128().and_then(|it| u32::try_from(it).ok()).filter(|it| *it <= 0x10_FFFF) {
            Some(point) => Ok(Str::from_code_point(point, thread).into_object()),
            None => Err(raise!(thread, ValueError, "chr() arg not in range(0x110000)")),
        }
    }

    /// delattr($module, obj, name, /)
    /// --
    ///
    /// Deletes the named attribute from the given object.
    ///
    /// delattr(x, 'y') is equivalent to ``del x.y``
    #[function]
    fn delattr(object: &Object, name: &Object, thread: &mut Thread) -> PyResult<()> {
        let name = attribute_name(name, thread)?;
        protocol::set_attribute(object, name, None, thread)
    }

    /// dir([object]) -> list of strings
    ///
    /// If called without an argument, return the names in the current scope.
    /// Else, return an alphabetized list of names comprising (some of) the
    /// attributes of the given object, and of attributes reachable from it.
    /// If the object supplies a method named __dir__, it will be used;
    /// otherwise the default dir() logic is used and returns:
    ///   for a module object: the module's attributes.
    ///   for a class object:  its attributes, and recursively the attributes
    ///     of its bases.
    ///   for any other object: its attributes, its class's attributes, and
    ///     recursively the attributes of its class's base classes.
    #[signature("(object=None, /)")]
    #[function]
    fn dir(object: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        namespaces::dir(object, thread)
    }

    /// divmod($module, x, y, /)
    /// --
    ///
    /// Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.
    #[function]
    fn divmod(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::divmod(left, right, thread)
    }

    /// format($module, value, format_spec='', /)
    /// --
    ///
    /// Return type(value).__format__(value, format_spec)
    ///
    /// Many built-in types implement format_spec according to the
    /// Format Specification Mini-language. See help('FORMATTING').
    ///
    /// If type(value) does not supply a method named __format__
    /// and format_spec is empty, then str(value) is returned.
    /// See also help('SPECIALMETHODS').
    #[function]
    fn format(value: &Object, specification: Option<&Str>, thread: &mut Thread) -> PyResult<Py<Str>> {
        protocol::format(value, specification.map(|it| &**it), thread)
    }

    /// getattr(object, name[, default]) -> value
    ///
    /// Get a named attribute from an object.
    ///
    /// getattr(x, 'y') is equivalent to x.y.
    /// When a default argument is given, it is returned when the attribute
    /// doesn't exist; without it, an exception is raised in that case.
    #[signature("(object, name, default=None, /)")]
    #[function]
    fn getattr(object: &Object, name: &Object, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = attribute_name(name, thread)?;
        match default {
            None => protocol::get_attribute(object, name, thread),
            Some(default) => {
                Ok(protocol::lookup_attribute(object, name, thread)?.unwrap_or_else(|| Py::from_ref(default)))
            }
        }
    }

    /// hasattr($module, obj, name, /)
    /// --
    ///
    /// Return whether the object has an attribute with the given name.
    ///
    /// This is done by calling getattr(obj, name) and catching AttributeError.
    #[function]
    fn hasattr(object: &Object, name: &Object, thread: &mut Thread) -> PyResult<bool> {
        let name = attribute_name(name, thread)?;
        Ok(protocol::lookup_attribute(object, name, thread)?.is_some())
    }

    /// hash($module, obj, /)
    /// --
    ///
    /// Return the integer hash value for the given object.
    ///
    /// Two objects that compare equal must also have the same hash value, but
    /// the reverse is not necessarily true.  Hash values may differ between
    /// Python processes.  Not all objects are hashable; calling hash() on an
    /// unhashable object raises TypeError.
    #[function]
    fn hash(object: &Object, thread: &mut Thread) -> PyResult<isize> {
        protocol::hash(object, thread)
    }

    /// id($module, obj, /)
    /// --
    ///
    /// Return the identity of an object.
    ///
    /// This is guaranteed to be unique among simultaneously existing objects.
    /// (CPython uses the object's memory address.)
    #[function]
    fn id(object: &Object, thread: &mut Thread) -> PyResult<usize> {
        audit!(thread, "builtins.id", object.address())?;
        Ok(object.address())
    }

    /// isinstance($module, obj, class_or_tuple, /)
    /// --
    ///
    /// Return whether an object is an instance of a class or of a subclass thereof.
    ///
    /// A tuple, as in ``isinstance(x, (A, B, ...))``, may be given as the
    /// target to check against.  This is equivalent to ``isinstance(x, A) or
    /// isinstance(x, B) or ...`` etc.
    #[function]
    fn isinstance(object: &Object, class: &Object, thread: &mut Thread) -> PyResult<bool> {
        protocol::is_instance(object, class, thread)
    }

    /// issubclass($module, cls, class_or_tuple, /)
    /// --
    ///
    /// Return whether 'cls' is derived from another class or is the same class.
    ///
    /// A tuple, as in ``issubclass(x, (A, B, ...))``, may be given as the
    /// target to check against.  This is equivalent to ``issubclass(x, A) or
    /// issubclass(x, B) or ...``.
    #[function]
    fn issubclass(derived: &Object, class: &Object, thread: &mut Thread) -> PyResult<bool> {
        protocol::is_subclass(derived, class, thread)
    }

    /// iter(iterable) -> iterator
    /// iter(callable, sentinel) -> iterator
    ///
    /// Get an iterator from an object.  In the first form, the argument must
    /// supply its own iterator, or be a sequence.
    /// In the second form, the callable is called until it returns the
    /// sentinel.
    #[signature("(object, sentinel=None, /)")]
    #[function]
    fn iter(object: &Object, sentinel: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(sentinel) = sentinel else { return protocol::iter(object, thread) };
        if object.class().slots().tp_call.get().is_none() {
            return Err(raise!(thread, TypeError, "iter(v, w): v must be callable"));
        }
        Ok(protocol::CallableIterator::new(object, sentinel, thread).into_object())
    }

    /// aiter($module, async_iterable, /)
    /// --
    ///
    /// Return an AsyncIterator for an AsyncIterable object.
    #[function]
    fn aiter(iterable: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        // SAFETY: a type's method suites live as long as the type.
        let suite = |it: &Object| unsafe { it.class().slots().tp_as_async.get().as_ref() };
        let Some(function) = suite(iterable).and_then(|it| it.am_aiter.get()) else {
            let name = iterable.class().full_name();
            return Err(raise!(thread, TypeError, "'{name}' object is not an async iterable"));
        };
        // SAFETY: the slot's protocol.
        let iterator = protocol::result_from_c(unsafe { function(iterable.as_pointer()) }, thread)?;
        if suite(&iterator).is_none_or(|it| it.am_anext.get().is_none()) {
            let name = iterator.class().full_name();
            return Err(raise!(thread, TypeError, "aiter() returned not an async iterator of type '{name}'"));
        }
        Ok(iterator)
    }

    /// anext($module, aiterator, default=<unrepresentable>, /)
    /// --
    ///
    /// Return the next item from the async iterator.
    ///
    /// If default is given and the async iterator is exhausted,
    /// it is returned instead of raising StopAsyncIteration.
    #[signature("(aiterator, default=None, /)")]
    #[function]
    fn anext(iterator: &Object, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        // SAFETY: a type's method suites live as long as the type.
        let next = unsafe { iterator.class().slots().tp_as_async.get().as_ref() }.and_then(|it| it.am_anext.get());
        let Some(next) = next else {
            let name = iterator.class().full_name();
            return Err(raise!(thread, TypeError, "'{name}' object is not an async iterator"));
        };
        // SAFETY: the slot's protocol.
        let awaitable = protocol::result_from_c(unsafe { next(iterator.as_pointer()) }, thread)?;
        Ok(match default {
            Some(default) => AnextAwaitable::new(awaitable, default, thread),
            None => awaitable,
        })
    }

    /// breakpoint($module, /, *args, **kws)
    /// --
    ///
    /// Call sys.breakpointhook(*args, **kws).  sys.breakpointhook() must accept
    /// whatever arguments are passed.
    ///
    /// By default, this drops you into the pdb debugger.
    #[function]
    fn breakpoint(arguments: &[&Object], keywords: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = thread.intern_text("breakpointhook");
        let hook = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&name, thread));
        let Some(hook) = hook else {
            return Err(raise!(thread, RuntimeError, "lost sys.breakpointhook"));
        };
        thread.audit("builtins.breakpoint", &[&hook])?;
        let arguments = Tuple::from_slice(arguments, thread)?;
        protocol::call_tuple(&hook, &arguments, keywords.as_deref(), thread)
    }

    /// len($module, obj, /)
    /// --
    ///
    /// Return the number of items in a container.
    #[function]
    fn len(object: &Object, thread: &mut Thread) -> PyResult<usize> {
        protocol::length(object, thread)
    }

    /// max(iterable, *[, default=obj, key=func]) -> value
    /// max(arg1, arg2, *args, *[, key=func]) -> value
    ///
    /// With a single iterable argument, return its biggest item. The
    /// default keyword-only argument specifies an object to return if
    /// the provided iterable is empty.
    /// With two or more positional arguments, return the largest argument.
    #[signature("(*values, key=None, default=None)")]
    #[function]
    fn max(
        values: &[&Object],
        key: Option<&Object>,
        default: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        extremes::extreme("max", Comparison::Greater, values, key, default, thread)
    }

    /// min(iterable, *[, default=obj, key=func]) -> value
    /// min(arg1, arg2, *args, *[, key=func]) -> value
    ///
    /// With a single iterable argument, return its smallest item. The
    /// default keyword-only argument specifies an object to return if
    /// the provided iterable is empty.
    /// With two or more positional arguments, return the smallest argument.
    #[signature("(*values, key=None, default=None)")]
    #[function]
    fn min(
        values: &[&Object],
        key: Option<&Object>,
        default: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        extremes::extreme("min", Comparison::Less, values, key, default, thread)
    }

    /// next(iterator[, default])
    ///
    /// Return the next item from the iterator.  If default is given and the
    /// iterator is exhausted, it is returned instead of raising StopIteration.
    #[signature("(iterator, default=None, /)")]
    #[function]
    fn next(iterator: &Object, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        if !protocol::is_iterator(iterator) {
            let name = iterator.class().short_name();
            return Err(raise!(thread, TypeError, "'{name}' object is not an iterator"));
        }
        let Some(function) = iterator.class().slots().tp_iternext.get() else { return Ok(thread.none()) };
        // SAFETY: the slot's protocol.
        let value = unsafe { Py::<Object>::steal_pointer(function(iterator.as_pointer())) };
        match (value, default) {
            (Some(value), _) => Ok(value),
            (None, None) if thread.is_raised() => Err(thread.raised_elsewhere()),
            (None, None) => Err(thread.raise_kind(objects::errors::StopIteration)),
            (None, Some(default)) => {
                if thread.is_raised() {
                    let raised = Err(thread.raised_elsewhere());
                    let _: Option<()> = thread.suppress(raised, objects::errors::StopIteration)?;
                }
                Ok(Py::from_ref(default))
            }
        }
    }

    /// ord($module, character, /)
    /// --
    ///
    /// Return the ordinal value of a character.
    ///
    /// If the argument is a one-character string, return the Unicode code
    /// point of that character.
    ///
    /// If the argument is a bytes or bytearray object of length 1, return its
    /// single byte value.
    #[function]
    fn ord(character: &Object, thread: &mut Thread) -> PyResult<u32> {
        if let Some(text) = character.downcast::<Str>() {
            return match text.code_point(0).filter(|_| text.length() == 1) {
                Some(point) => Ok(point),
                None => {
                    let length = text.length();
                    Err(raise!(thread, TypeError, "ord() expected a character, but string of length {length} found"))
                }
            };
        }
        if let Some(bytes) = character.downcast::<builtins::bytes::Bytes>() {
            return match bytes.as_slice() {
                [byte] => Ok(u32::from(*byte)),
                other => {
                    let length = other.len();
                    Err(raise!(thread, TypeError, "ord() expected a character, but string of length {length} found"))
                }
            };
        }
        let name = character.class().full_name();
        Err(raise!(thread, TypeError, "ord() expected string of length 1, but {name} found"))
    }

    /// pow($module, /, base, exp, mod=None)
    /// --
    ///
    /// Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments
    ///
    /// Some types, such as ints, are able to use a more efficient algorithm
    /// when invoked using the three argument form.
    #[function]
    fn pow(base: &Object, exp: &Object, modulus: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let modulus = modulus.map_or_else(|| thread.none(), Py::from_ref);
        protocol::power(base, exp, &modulus, thread)
    }

    /// print($module, /, *args, sep=' ', end='\n', file=None, flush=False)
    /// --
    ///
    /// Prints the values to a stream, or to sys.stdout by default.
    ///
    ///   sep
    ///     string inserted between values, default a space.
    ///   end
    ///     string appended after the last value, default a newline.
    ///   file
    ///     a file-like object (stream); defaults to the current sys.stdout.
    ///   flush
    ///     whether to forcibly flush the stream.
    #[function]
    fn print(
        values: &[&Object],
        sep: Option<&Object>,
        end: Option<&Object>,
        file: OrNone<&Object>,
        flush: bool,
        thread: &mut Thread,
    ) -> PyResult<()> {
        printing::print(values, sep, end, file.0, flush, thread)
    }

    /// input($module, prompt='', /)
    /// --
    ///
    /// Read a string from standard input.  The trailing newline is stripped.
    ///
    /// The prompt string, if given, is printed to standard output without a
    /// trailing newline before reading input.
    ///
    /// If the user hits EOF (*nix: Ctrl-D, Windows: Ctrl-Z+Return), raise
    /// EOFError.
    /// On *nix systems, readline is used if available.
    #[function]
    fn input(prompt: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        printing::input(prompt, thread)
    }

    /// repr($module, obj, /)
    /// --
    ///
    /// Return the canonical string representation of the object.
    ///
    /// For many object types, including most builtins, eval(repr(obj)) == obj.
    #[function]
    fn repr(object: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
        protocol::repr(object, thread)
    }

    /// round($module, /, number, ndigits=None)
    /// --
    ///
    /// Round a number to a given precision in decimal digits.
    ///
    /// The return value is an integer if ndigits is omitted or None.
    /// Otherwise the return value has the same type as the number.  ndigits
    /// may be negative.
    #[function]
    fn round(number: &Object, ndigits: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(method) = protocol::lookup_special(number, &names::__round__, thread)? else {
            let name = number.class().full_name();
            return Err(raise!(thread, TypeError, "type {name} doesn't define __round__ method"));
        };
        match ndigits {
            Some(digits) if !digits.is_none() => method.call(number, &[digits], thread),
            _ => method.call(number, &[], thread),
        }
    }

    /// setattr($module, obj, name, value, /)
    /// --
    ///
    /// Sets the named attribute on the given object to the specified value.
    ///
    /// setattr(x, 'y', v) is equivalent to ``x.y = v``
    #[function]
    fn setattr(object: &Object, name: &Object, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let name = attribute_name(name, thread)?;
        protocol::set_attribute(object, name, Some(value), thread)
    }

    /// sorted($module, iterable, /, *, key=None, reverse=False)
    /// --
    ///
    /// Return a new list containing all items from the iterable in ascending order.
    ///
    /// A custom key function can be supplied to customize the sort order, and the
    /// reverse flag can be set to request the result in descending order.
    #[signature("(*arguments, key=None, reverse=False, **others)")]
    #[function]
    fn sorted(
        arguments: &[&Object],
        key: Option<&Object>,
        reverse: Option<&Object>,
        others: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let [iterable] = arguments else {
            let given = arguments.len();
            return Err(raise!(thread, TypeError, "sorted expected 1 argument, got {given}"));
        };
        let list = protocol::to_list(iterable, thread)?;
        if let Some(others) = others {
            // What is left is the list's affair.
            let sort = protocol::get_attribute(&list, &thread.intern_text("sort"), thread)?;
            return protocol::call_tuple_or_vector(&sort, &Tuple::empty(thread), Some(&others), thread);
        }
        let reverse = match reverse {
            Some(reverse) => protocol::is_true(reverse, thread)?,
            None => false,
        };
        list.sort(key.filter(|it| !it.is_none()), reverse, thread)?;
        Ok(list.into_object())
    }

    /// sum($module, iterable, /, start=0)
    /// --
    ///
    /// Return the sum of a 'start' value (default: 0) plus an iterable of numbers
    ///
    /// When the iterable is empty, return the start value.
    /// This function is intended specifically for use with numeric values and
    /// may reject non-numeric types.
    #[function]
    fn sum(iterable: &Object, start: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        extremes::sum(iterable, start, thread)
    }

    /// vars([object]) -> dictionary
    ///
    /// Without arguments, equivalent to locals().
    /// With an argument, equivalent to object.__dict__.
    #[signature("(object=None, /)")]
    #[function]
    fn vars(object: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        namespaces::vars(object, thread)
    }

    /// globals($module, /)
    /// --
    ///
    /// Return the dictionary containing the current scope's global variables.
    ///
    /// NOTE: Updates to this dictionary *will* affect name lookups in the
    /// current global scope and vice-versa.
    #[function]
    fn globals(thread: &mut Thread) -> PyResult<Py<Object>> {
        namespaces::globals(thread)
    }

    /// locals($module, /)
    /// --
    ///
    /// Return a dictionary containing the current scope's local variables.
    ///
    /// NOTE: Whether or not updates to this dictionary will affect name
    /// lookups in the local scope and vice-versa is *implementation
    /// dependent* and not covered by any backwards compatibility
    /// guarantees.
    #[function]
    fn locals(thread: &mut Thread) -> PyResult<Py<Object>> {
        namespaces::locals(thread)
    }

    /// compile($module, /, source, filename, mode, flags=0,
    ///         dont_inherit=False, optimize=-1, *, _feature_version=-1)
    /// --
    ///
    /// Compile source into a code object that can be executed by exec() or eval().
    ///
    /// The source code may represent a Python module, statement or
    /// expression.
    /// The filename will be used for run-time error messages.
    /// The mode must be 'exec' to compile a module, 'single' to compile a
    /// single (interactive) statement, or 'eval' to compile an expression.
    /// The flags argument, if present, controls which future statements
    /// influence the compilation of the code.
    /// The dont_inherit argument, if true, stops the compilation inheriting
    /// the effects of any future statements in effect in the code calling
    /// compile; if absent or false these statements do influence the
    /// compilation, in addition to any features explicitly specified.
    #[function]
    #[expect(clippy::too_many_arguments, reason = "they are the Python function's")]
    fn compile(
        source: &Object,
        filename: &Object,
        mode: &Str,
        flags: i32,
        dont_inherit: bool,
        optimize: i32,
        _feature_version: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        running::compile(source, filename, mode, flags, dont_inherit, optimize, _feature_version, thread)
    }

    /// eval($module, source, /, globals=None, locals=None)
    /// --
    ///
    /// Evaluate the given source in the context of globals and locals.
    ///
    /// The source may be a string representing a Python expression
    /// or a code object as returned by compile().
    /// The globals must be a dictionary and locals can be any mapping,
    /// defaulting to the current globals and locals.
    /// If only globals is given, locals defaults to it.
    #[function]
    fn eval(
        source: &Object,
        globals: OrNone<&Object>,
        locals: OrNone<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        running::eval(source, globals.0, locals.0, thread)
    }

    /// exec($module, source, /, globals=None, locals=None, *, closure=None)
    /// --
    ///
    /// Execute the given source in the context of globals and locals.
    ///
    /// The source may be a string representing one or more Python statements
    /// or a code object as returned by compile().
    /// The globals must be a dictionary and locals can be any mapping,
    /// defaulting to the current globals and locals.
    /// If only globals is given, locals defaults to it.
    /// The closure must be a tuple of cellvars, and can only be used
    /// when source is a code object requiring exactly that many cellvars.
    #[function(name = "exec")]
    fn execute(
        source: &Object,
        globals: OrNone<&Object>,
        locals: OrNone<&Object>,
        closure: OrNone<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        running::exec(source, globals.0, locals.0, closure.0, thread)
    }

    /// __build_class__(func, name, /, *bases, [metaclass], **kwds) -> class
    ///
    /// Internal helper function used by the class statement.
    #[signature("(*arguments, **kwds)")]
    #[function]
    fn __build_class__(arguments: &[&Object], keywords: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let [function, name, bases @ ..] = arguments else {
            return Err(raise!(thread, TypeError, "__build_class__: not enough arguments"));
        };
        build_class::build_class(function, name, bases, keywords, thread)
    }

    /// __import__($module, /, name, globals=None, locals=None, fromlist=(),
    ///            level=0)
    /// --
    ///
    /// Import a module.
    ///
    /// Because this function is meant for use by the Python
    /// interpreter and not for general use, it is better to use
    /// importlib.import_module() to programmatically import a module.
    ///
    /// The globals argument is only used to determine the context;
    /// they are not modified.  The locals argument is unused.  The fromlist
    /// should be a list of names to emulate ``from name import ...``, or an
    /// empty list to emulate ``import name``.
    /// When importing a module from a package, note that __import__('A.B', ...)
    /// returns package A when fromlist is empty, but its submodule B when
    /// fromlist is not empty.  The level argument is used to determine whether
    /// to perform absolute or relative imports: 0 is absolute, while a positive
    /// number is the number of parent directories to search relative to the
    /// current module.
    #[function]
    fn __import__(
        name: &Object,
        globals: Option<&Object>,
        locals: Option<&Object>,
        fromlist: Option<&Object>,
        level: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let _ = locals;
        importing::import(name, globals, fromlist, level, thread)
    }

    #[exec]
    fn fill(module: &Module, thread: &mut Thread) -> PyResult<()> {
        namespaces::fill_builtins(module, thread)
    }
}
