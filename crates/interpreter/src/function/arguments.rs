//! Binding the arguments of a call to a function's parameters: the rules of the language reference (Calls), CPython's messages.

use bytecode::code_flags::{CO_VARARGS, CO_VARKEYWORDS};
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::raise;
use objects::refs::{Py, cast};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use super::Function;
use super::suggest::most_similar;
use crate::code::Code;
use crate::stack_ref::StackRef;

/// The arguments of a call: owned references, the positional ones first, then those with names.
pub struct Call<'a> {
    pub arguments: &'a [StackRef],
    pub names: Option<&'a Tuple>,
}

impl Call<'_> {
    fn positional_count(&self) -> usize {
        self.arguments.len() - self.names.map_or(0, Tuple::length)
    }
}

/// Moves a call's arguments into the local variables of a new frame. On an error, everything that was moved or was still to be moved
/// is given back.
///
/// # Safety
/// `locals` has room for the code's variables.
pub unsafe fn bind_arguments(
    function: &Function,
    locals: *mut StackRef,
    call: Call<'_>,
    thread: &mut Thread,
) -> PyResult<()> {
    let code = function.code();
    let count = code.local_count();
    // SAFETY: the caller gives room for them.
    let locals = unsafe {
        for index in 0..count {
            locals.add(index).write(StackRef::NULL);
        }
        std::slice::from_raw_parts_mut(locals, count)
    };
    let mut binder = Binder { function, code: &code, locals, taken: 0 };
    let result = binder.bind(&call, thread);
    if result.is_err() {
        let taken = binder.taken;
        for value in binder.locals.iter_mut() {
            std::mem::replace(value, StackRef::NULL).close(thread);
        }
        for argument in &call.arguments[taken..] {
            argument.close(thread);
        }
    }
    result
}

struct Binder<'a> {
    function: &'a Function,
    code: &'a Code,
    locals: &'a mut [StackRef],
    /// How many of the arguments have been moved.
    taken: usize,
}

impl Binder<'_> {
    fn bind(&mut self, call: &Call<'_>, thread: &mut Thread) -> PyResult<()> {
        let code = self.code;
        let total = code.argument_count() + code.keyword_only_count();
        let given = call.positional_count();
        let keywords = self.make_keyword_dict(total, thread);
        let positional = given.min(code.argument_count());
        self.locals[..positional].copy_from_slice(&call.arguments[..positional]);
        self.taken = positional;
        if code.has_flag(CO_VARARGS) {
            self.bind_rest(&call.arguments[positional..given], total, thread)?;
        }
        if let Some(names) = call.names {
            // Arguments by name come after surplus positional ones, which are counted first in the error.
            self.bind_names(call, names, total, given, keywords.as_deref(), thread)?;
        }
        if given > code.argument_count() && !code.has_flag(CO_VARARGS) {
            return Err(self.raise_too_many_positional(given, thread));
        }
        self.fill_defaults(given, thread)?;
        if code.keyword_only_count() > 0 {
            self.fill_keyword_defaults(total, thread)?;
        }
        Ok(())
    }

    fn make_keyword_dict(&mut self, total: usize, thread: &mut Thread) -> Option<Py<Dict>> {
        if !self.code.has_flag(CO_VARKEYWORDS) {
            return None;
        }
        let slot = total + usize::from(self.code.has_flag(CO_VARARGS));
        let dict = Dict::new(thread);
        self.locals[slot] = StackRef::from_owned(dict.clone());
        Some(dict)
    }

    fn bind_rest(&mut self, rest: &[StackRef], slot: usize, thread: &mut Thread) -> PyResult<()> {
        let items = Tuple::from_iterator(rest.iter().map(|it| it.into_py()), thread)?;
        self.taken += rest.len();
        self.locals[slot] = StackRef::from_owned(items);
        Ok(())
    }

    fn bind_names(
        &mut self,
        call: &Call<'_>,
        names: &Tuple,
        total: usize,
        given: usize,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        // Surplus positional arguments stay in the call until the error is raised.
        if self.taken < given {
            self.close_surplus(&call.arguments[self.taken..given], thread);
        }
        self.taken = given;
        for (index, name) in names.items().iter().enumerate() {
            let Some(name) = name.downcast::<Str>() else {
                return Err(raise!(thread, TypeError, "keywords must be strings"));
            };
            let value = call.arguments[given + index];
            match self.parameter_named(name, total) {
                Some(slot) if self.locals[slot].is_null() => self.locals[slot] = value,
                Some(_) => return Err(self.raise_twice(name, thread)),
                None => match keywords {
                    Some(keywords) => {
                        keywords.set(name, value.object(), thread)?;
                        value.close(thread);
                    }
                    None => return Err(self.raise_unexpected(name, names, thread)),
                },
            }
            self.taken += 1;
        }
        Ok(())
    }

    fn close_surplus(&mut self, surplus: &[StackRef], thread: &mut Thread) {
        surplus.iter().for_each(|it| it.close(thread));
    }

    fn parameter_named(&self, name: &Str, total: usize) -> Option<usize> {
        let range = self.code.positional_only_count()..total;
        let same = |index: &usize| std::ptr::eq(self.code.local_name(*index), name);
        let equal = |index: &usize| self.code.local_name(*index).equals(name);
        range.clone().find(same).or_else(|| range.clone().find(equal))
    }

    fn fill_defaults(&mut self, given: usize, thread: &mut Thread) -> PyResult<()> {
        let count = self.code.argument_count();
        if given >= count {
            return Ok(());
        }
        let defaults = self.function.defaults();
        let defaults = defaults.as_ref().map_or(&[][..], |it| it.items());
        let required = count.saturating_sub(defaults.len());
        if self.locals[given..required.max(given)].iter().any(|it| it.is_null()) {
            return Err(self.raise_missing(0, required, defaults.len(), "positional", thread));
        }
        for index in given.max(required)..count {
            if self.locals[index].is_null() {
                self.locals[index] = StackRef::from_new(&defaults[index - required]);
            }
        }
        Ok(())
    }

    fn fill_keyword_defaults(&mut self, total: usize, thread: &mut Thread) -> PyResult<()> {
        let first = self.code.argument_count();
        let defaults = self.function.keyword_defaults();
        let mut missing = false;
        for index in first..total {
            if !self.locals[index].is_null() {
                continue;
            }
            match defaults.as_ref().and_then(|it| it.get_str(self.code.local_name(index), thread)) {
                Some(value) => self.locals[index] = StackRef::from_owned(value),
                None => missing = true,
            }
        }
        if missing {
            return Err(self.raise_missing(first, total, 0, "keyword-only", thread));
        }
        Ok(())
    }

    fn name(&self) -> String {
        self.function.qualified_name().to_string_lossy()
    }

    #[cold]
    fn raise_missing(&self, from: usize, to: usize, _defaults: usize, kind: &str, thread: &mut Thread) -> Raised {
        let names: Vec<String> = (from..to)
            .filter(|index| self.locals[*index].is_null())
            .map(|index| format!("'{}'", self.code.local_name(index).to_string_lossy()))
            .collect();
        let plural = if names.len() == 1 { "" } else { "s" };
        let list = match names.as_slice() {
            [one] => one.clone(),
            [first, second] => format!("{first} and {second}"),
            [most @ .., last] => format!("{}, and {last}", most.join(", ")),
            [] => String::new(),
        };
        raise!(thread, TypeError, "{}() missing {} required {kind} argument{plural}: {list}", self.name(), names.len())
    }

    #[cold]
    fn raise_twice(&self, name: &Str, thread: &mut Thread) -> Raised {
        raise!(thread, TypeError, "{}() got multiple values for argument '{}'", self.name(), name.to_string_lossy())
    }

    #[cold]
    fn raise_unexpected(&self, name: &Str, names: &Tuple, thread: &mut Thread) -> Raised {
        let positional_only: Vec<String> = (0..self.code.positional_only_count())
            .map(|index| self.code.local_name(index))
            .filter(|parameter| {
                // SAFETY: keyword names were found to be strings, or the first that is not has been reported.
                names.items().iter().any(|it| unsafe { cast::<Str>(it) }.equals(parameter))
            })
            .map(Str::to_string_lossy)
            .collect();
        if !positional_only.is_empty() {
            return raise!(
                thread,
                TypeError,
                "{}() got some positional-only arguments passed as keyword arguments: '{}'",
                self.name(),
                positional_only.join(", ")
            );
        }
        let total = self.code.argument_count() + self.code.keyword_only_count();
        let candidates: Vec<String> =
            (self.code.positional_only_count()..total).map(|it| self.code.local_name(it).to_string_lossy()).collect();
        let name = name.to_string_lossy();
        let hint = match most_similar(&candidates, &name) {
            Some(similar) => format!(". Did you mean '{similar}'?"),
            None => String::new(),
        };
        raise!(thread, TypeError, "{}() got an unexpected keyword argument '{name}'{hint}", self.name())
    }

    #[cold]
    fn raise_too_many_positional(&self, given: usize, thread: &mut Thread) -> Raised {
        let code = self.code;
        let count = code.argument_count();
        let defaults = self.function.defaults().map_or(0, |it| it.length());
        let keyword_only =
            (count..count + code.keyword_only_count()).filter(|index| !self.locals[*index].is_null()).count();
        let (takes, plural) = if defaults > 0 {
            (format!("from {} to {count}", count - defaults), true)
        } else {
            (count.to_string(), count != 1)
        };
        let with_keywords = match keyword_only {
            0 => String::new(),
            n => format!(
                " positional argument{} (and {n} keyword-only argument{})",
                if given == 1 { "" } else { "s" },
                if n == 1 { "" } else { "s" }
            ),
        };
        let was = if given == 1 && keyword_only == 0 { "was" } else { "were" };
        let plural = if plural { "s" } else { "" };
        raise!(
            thread,
            TypeError,
            "{}() takes {takes} positional argument{plural} but {given}{with_keywords} {was} given",
            self.name()
        )
    }
}
