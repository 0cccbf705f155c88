//! Writing classes and functions: by module and name, under which they must be found again.

use objects::dict::Dict;
use objects::errors::{AttributeError, ImportError, PyResult, Raised, UnicodeEncodeError, ValueError};
use objects::none::EllipsisType;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::{Str, codecs};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};
use text::codecs::single_byte::Ascii;
use text::codecs::utf8::Utf8;

use super::opcodes::*;
use super::pickler::Pickler;
use super::state::{State, import_module, raise_pickling_error, raise_pickling_error_from};

/// The parts of a name with dots.
pub fn split_path(name: &Str, thread: &mut Thread) -> PyResult<Vec<Py<Str>>> {
    let dot = u32::from(b'.');
    let (mut parts, mut start) = (Vec::new(), 0);
    for (index, point) in name.view().iter().enumerate() {
        if point == dot {
            parts.push(name.substring(start..index, thread)?);
            start = index + 1;
        }
    }
    parts.push(name.substring(start..name.length(), thread)?);
    Ok(parts)
}

/// The attribute of an attribute of … an object.
pub fn get_path(object: &Object, path: &[Py<Str>], thread: &mut Thread) -> PyResult<Py<Object>> {
    path.iter().try_fold(Py::from_ref(object), |object, name| protocol::get_attribute(&object, name, thread))
}

/// `Can't pickle X: …`.
#[cold]
fn cannot_pickle(object: &Object, problem: &str, thread: &mut Thread) -> PyResult<String> {
    let shown = protocol::repr(object, thread)?.to_string_lossy();
    Ok(format!("Can't pickle {shown}: {problem}"))
}

/// As the exception that led to it, with what it says.
#[cold]
fn cannot_pickle_because(object: &Object, raised: Raised, problem: Option<&str>, thread: &mut Thread) -> Raised {
    let exception = thread.catch(raised);
    let problem = match problem {
        Some(problem) => Ok(problem.to_owned()),
        None => protocol::str(&exception, thread).map(|it| it.to_string_lossy()),
    };
    let message = problem.and_then(|problem| cannot_pickle(object, &problem, thread));
    match message {
        Ok(message) => {
            let raised = thread.reraise(exception);
            raise_pickling_error_from(raised, &message, thread)
        }
        Err(raised) => raised,
    }
}

/// The module in which an object without `__module__` is found under its path.
fn search_modules(object: &Object, path: &[Py<Str>], thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let Some(modules) = thread.interpreter().modules.get() else { return Ok(None) };
    for (name, module) in modules.items_snapshot(thread) {
        let is_main =
            name.downcast::<Str>().is_some_and(|it| it.equals_text("__main__") || it.equals_text("__mp_main__"));
        if is_main || module.is_none() {
            continue;
        }
        let found = get_path(&module, path, thread);
        if thread.suppress(found, AttributeError)?.is_some_and(|it| it.is(object)) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// The name of the module in which an object lives; PicklingError if it is not found there under its path.
fn which_module(object: &Object, name: &Str, path: &[Py<Str>], thread: &mut Thread) -> PyResult<Py<Object>> {
    let module_name = protocol::lookup_attribute(object, &objects::names::__module__, thread)?;
    if path.iter().any(|it| it.equals_text("<locals>")) {
        let shown = protocol::repr(object, thread)?.to_string_lossy();
        return Err(raise_pickling_error(&format!("Can't pickle local object {shown}"), thread));
    }
    let module_name = match module_name.filter(|it| !it.is_none()) {
        Some(name) => name,
        None => match search_modules(object, path, thread)? {
            Some(name) => return Ok(name),
            None => Py::from_ref(&*objects::names::__main__).into_object(),
        },
    };
    let Some(text) = module_name.downcast::<Str>() else {
        return Err(raise!(thread, TypeError, "module name must be a string"));
    };
    let module = match import_module(text, thread) {
        Ok(module) => module,
        Err(raised) if thread.raised_is(ImportError) || thread.raised_is(ValueError) => {
            return Err(cannot_pickle_because(object, raised, None, thread));
        }
        Err(raised) => return Err(raised),
    };
    let place = || format!("{}.{}", text.to_string_lossy(), name.to_string_lossy());
    match get_path(&module, path, thread) {
        Ok(found) if found.is(object) => Ok(module_name),
        Ok(_) => {
            let problem = format!("it's not the same object as {}", place());
            let message = cannot_pickle(object, &problem, thread)?;
            Err(raise_pickling_error(&message, thread))
        }
        Err(raised) if thread.raised_is(AttributeError) => {
            let problem = format!("it's not found as {}", place());
            Err(cannot_pickle_because(object, raised, Some(&problem), thread))
        }
        Err(raised) => Err(raised),
    }
}

/// What a mapping of `_compat_pickle` has for a module's name.
pub fn mapped_module(
    mapping: &Dict,
    label: &str,
    module: &Object,
    thread: &mut Thread,
) -> PyResult<Option<Py<Object>>> {
    let Some(found) = mapping.get(module, thread)? else { return Ok(None) };
    if found.downcast::<Str>().is_some() {
        return Ok(Some(found));
    }
    let class = found.class().full_name();
    Err(raise!(thread, RuntimeError, "_compat_pickle.{label} values should be strings, not {class}"))
}

/// What a mapping of `_compat_pickle` has for a module and a name.
pub fn mapped_name(
    mapping: &Dict,
    label: &str,
    module: &Object,
    name: &Object,
    thread: &mut Thread,
) -> PyResult<Option<(Py<Object>, Py<Object>)>> {
    let key = Tuple::from_slice(&[module, name], thread)?;
    let Some(found) = mapping.get(&key, thread)? else { return Ok(None) };
    let Some([module, name]) = found.downcast::<Tuple>().map(Tuple::items) else {
        let class = found.class().full_name();
        return Err(raise!(thread, RuntimeError, "_compat_pickle.{label} values should be 2-tuples, not {class}"));
    };
    if module.downcast::<Str>().is_some() && name.downcast::<Str>().is_some() {
        return Ok(Some((module.clone(), name.clone())));
    }
    let (module, name) = (module.class().full_name(), name.class().full_name());
    Err(raise!(thread, RuntimeError, "_compat_pickle.{label} values should be pairs of str, not ({module}, {name})"))
}

impl Pickler {
    /// Writes a class. Those of the singletons have no name to be found by.
    pub(super) fn save_type(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        let singletons = [thread.none(), Py::from_ref(EllipsisType::get()).into_object(), thread.not_implemented()];
        for singleton in singletons {
            if object.is(singleton.class()) {
                let arguments = Tuple::new(vec![singleton], thread)?.into_object();
                let parts = Tuple::new(vec![Py::from_ref(Type::class()).into_object(), arguments], thread)?;
                return self.save_reduced(&parts, Some(object), thread);
            }
        }
        self.save_global(object, None, thread)
    }

    /// Writes a class, a function, or what else is found under a name.
    pub(super) fn save_global(&self, object: &Object, name: Option<&Str>, thread: &mut Thread) -> PyResult<()> {
        let name = match name {
            Some(name) => Py::from_ref(name).into_object(),
            None => match protocol::lookup_attribute(object, &objects::names::__qualname__, thread)? {
                Some(name) => name,
                None => protocol::get_attribute(object, &objects::names::__name__, thread)?,
            },
        };
        let Some(name) = name.downcast::<Str>() else {
            return Err(raise!(thread, TypeError, "the name of a global must be a string"));
        };
        let path = split_path(name, thread)?;
        let module = which_module(object, name, &path, thread)?;
        let protocol = self.protocol.get();
        if protocol >= 2 && self.save_extension(&module, name, thread)? {
            return Ok(());
        }
        if protocol >= 4 {
            self.save(&module, thread)?;
            self.save(name, thread)?;
            self.push(STACK_GLOBAL, thread);
        } else {
            self.save_path(&module, &path, thread)?;
        }
        self.memoize(object, thread)
    }

    /// Writes an object of the extension registry as its code; false if it is not there.
    fn save_extension(&self, module: &Object, name: &Str, thread: &mut Thread) -> PyResult<bool> {
        let state = State::of(thread)?;
        if state.extension_registry.is_empty() {
            return Ok(false);
        }
        let key = Tuple::from_slice(&[module, name], thread)?;
        let Some(code) = state.extension_registry.get(&key, thread)? else { return Ok(false) };
        let Some(number) = protocol::index(&code, thread)?.to_i64() else {
            return Err(raise!(thread, OverflowError, "Python int too large to convert to C long"));
        };
        let Some(number) = i32::try_from(number).ok().filter(|it| *it > 0) else {
            return Err(raise!(thread, RuntimeError, "extension code {number} is out of range"));
        };
        let [a, b, c, d] = number.to_le_bytes();
        match number {
            0..=0xFF => self.write(&[EXT1, a], thread),
            0x100..=0xFFFF => self.write(&[EXT2, a, b], thread),
            _ => self.write(&[EXT4, a, b, c, d], thread),
        }
        Ok(true)
    }

    /// Before protocol 4, a path with dots is written as calls of `getattr`.
    fn save_path(&self, module: &Object, path: &[Py<Str>], thread: &mut Thread) -> PyResult<()> {
        let Some((first, attributes)) = path.split_first() else { return Ok(()) };
        let old = self.protocol.get() < 2;
        let getattr = State::of(thread)?.getattr.clone();
        for _ in attributes {
            self.save(&getattr, thread)?;
            if old {
                self.push(MARK, thread);
            }
        }
        self.save_top_level(module, first, thread)?;
        for attribute in attributes {
            self.save(attribute, thread)?;
            self.push(if old { TUPLE } else { TUPLE2 }, thread);
            self.push(REDUCE, thread);
        }
        Ok(())
    }

    /// Module and name as two lines.
    fn save_top_level(&self, module: &Object, name: &Object, thread: &mut Thread) -> PyResult<()> {
        let (mut module, mut name) = (Py::from_ref(module), Py::from_ref(name));
        if self.fix_imports.get() {
            let state = State::of(thread)?;
            let found = mapped_name(&state.names_to_2, "REVERSE_NAME_MAPPING", &module, &name, thread)?;
            if let Some(found) = found {
                (module, name) = found;
            } else if let Some(found) = mapped_module(&state.imports_to_2, "REVERSE_IMPORT_MAPPING", &module, thread)? {
                module = found;
            }
        }
        self.push(GLOBAL, thread);
        self.save_identifier(&module, "module", thread)?;
        self.save_identifier(&name, "global", thread)
    }

    fn save_identifier(&self, name: &Object, what: &str, thread: &mut Thread) -> PyResult<()> {
        let Some(text) = name.downcast::<Str>() else {
            return Err(raise!(thread, TypeError, "the name of a {what} must be a string"));
        };
        let protocol = self.protocol.get();
        let encoded = match protocol {
            3.. => codecs::encode_with(&Utf8, text, None, thread),
            _ => codecs::encode_with(&Ascii, text, None, thread),
        };
        let encoded = match encoded {
            Ok(encoded) => encoded,
            Err(raised) if thread.raised_is(UnicodeEncodeError) => {
                let exception = thread.catch(raised);
                let shown = protocol::repr(text, thread)?.to_string_lossy();
                let message = format!("can't pickle {what} identifier {shown} using pickle protocol {protocol}");
                let raised = thread.reraise(exception);
                return Err(raise_pickling_error_from(raised, &message, thread));
            }
            Err(raised) => return Err(raised),
        };
        let output = self.output.get_mut(thread);
        output.write(&encoded);
        output.push(b'\n');
        Ok(())
    }
}
