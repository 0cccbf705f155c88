//! Writing an object as a reduction says: a function and its arguments, then state and items.

use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Type;

use super::notes::{self, type_name};
use super::opcodes::*;
use super::pickler::Pickler;
use super::state::{State, raise_pickling_error};

/// The parts of a reduction, checked. What is None is absent.
struct Reduction<'a> {
    function: &'a Object,
    arguments: &'a Tuple,
    state: Option<&'a Object>,
    list_items: Option<&'a Object>,
    dict_items: Option<&'a Object>,
    state_setter: Option<&'a Object>,
}

fn is_callable(object: &Object) -> bool {
    object.class().slots().tp_call.get().is_some()
}

impl<'a> Reduction<'a> {
    fn read(parts: &'a Tuple, thread: &mut Thread) -> PyResult<Self> {
        let items = parts.items();
        if !(2..=6).contains(&items.len()) {
            let message = "tuple returned by __reduce__ must contain 2 through 6 elements";
            return Err(raise_pickling_error(message, thread));
        }
        let optional = |index: usize| items.get(index).map(|it| &**it).filter(|it| !it.is_none());
        let wrong = |which: &str, wanted: &str, found: &Object, thread: &mut Thread| {
            let found = type_name(found, thread);
            let message = format!("{which} item of the tuple returned by __reduce__ must be {wanted}, not {found}");
            raise_pickling_error(&message, thread)
        };
        if !is_callable(&items[0]) {
            return Err(wrong("first", "callable", &items[0], thread));
        }
        let Some(arguments) = items[1].downcast::<Tuple>() else {
            return Err(wrong("second", "a tuple", &items[1], thread));
        };
        let reduction = Self {
            function: &items[0],
            arguments,
            state: optional(2),
            list_items: optional(3),
            dict_items: optional(4),
            state_setter: optional(5),
        };
        for (which, iterator) in [("fourth", reduction.list_items), ("fifth", reduction.dict_items)] {
            if let Some(iterator) = iterator.filter(|it| !protocol::is_iterator(it)) {
                return Err(wrong(which, "an iterator", iterator, thread));
            }
        }
        if let Some(setter) = reduction.state_setter.filter(|it| !is_callable(it)) {
            return Err(wrong("sixth", "callable", setter, thread));
        }
        Ok(reduction)
    }
}

/// The functions of `copyreg` that have opcodes of their own.
enum Constructor {
    NewObject,
    NewObjectWithKeywords,
    Other,
}

fn constructor_of(function: &Object, thread: &mut Thread) -> PyResult<Constructor> {
    let name = protocol::lookup_attribute(function, &objects::names::__name__, thread)?;
    Ok(match name.as_deref().and_then(|it| it.downcast::<Str>()) {
        Some(name) if name.equals(&objects::names::__newobj__) => Constructor::NewObject,
        Some(name) if name.equals(&objects::names::__newobj_ex__) => Constructor::NewObjectWithKeywords,
        _ => Constructor::Other,
    })
}

impl Pickler {
    /// Writes what a reduction says; `object` is what was reduced.
    pub(super) fn save_reduced(&self, parts: &Tuple, object: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let reduction = Reduction::read(parts, thread)?;
        let constructor = match self.protocol.get() {
            0 | 1 => Constructor::Other,
            _ => constructor_of(reduction.function, thread)?,
        };
        let owner = object.unwrap_or(reduction.function);
        match constructor {
            Constructor::NewObject => self.save_new_object(reduction.arguments, object, owner, thread)?,
            Constructor::NewObjectWithKeywords => {
                self.save_new_object_with_keywords(reduction.arguments, owner, thread)?;
            }
            Constructor::Other => {
                self.save_part(reduction.function, owner, "reconstructor", thread)?;
                self.save_part(reduction.arguments, owner, "reconstructor arguments", thread)?;
                self.push(REDUCE, thread);
            }
        }
        if let Some(object) = object {
            // If the arguments refer back to the object, it has been written already: what stands on the stack is thrown away.
            if let Some(number) = self.memo_number(object, thread) {
                self.push(POP, thread);
                self.write_get(number, thread)?;
            } else {
                self.memoize(object, thread)?;
            }
        }
        if let Some(items) = reduction.list_items {
            self.save_appended(items, owner, thread)?;
        }
        if let Some(items) = reduction.dict_items {
            self.save_set_items(items, owner, thread)?;
        }
        self.save_state(&reduction, owner, thread)
    }

    fn save_part(&self, part: &Object, owner: &Object, what: &str, thread: &mut Thread) -> PyResult<()> {
        self.save(part, thread).map_err(|raised| notes::add_part(raised, owner, what, thread))
    }

    fn save_state(&self, reduction: &Reduction<'_>, owner: &Object, thread: &mut Thread) -> PyResult<()> {
        let Some(state) = reduction.state else { return Ok(()) };
        let Some(setter) = reduction.state_setter else {
            self.save_part(state, owner, "state", thread)?;
            self.push(BUILD, thread);
            return Ok(());
        };
        // A call of the setter with the object and its state, the result of which is thrown away.
        self.save_part(setter, owner, "state setter", thread)?;
        self.save(owner, thread)?;
        self.save_part(state, owner, "state", thread)?;
        self.write(&[TUPLE2, REDUCE, POP], thread);
        Ok(())
    }

    /// `cls.__new__(cls, *args)`.
    fn save_new_object(
        &self,
        arguments: &Tuple,
        object: Option<&Object>,
        owner: &Object,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let Some((class, rest)) = arguments.items().split_first() else {
            let message = "__newobj__ expected at least 1 argument, got 0";
            return Err(raise_pickling_error(message, thread));
        };
        if class.downcast::<Type>().is_none() {
            let found = type_name(class, thread);
            let message = format!("first argument to __newobj__() must be a class, not {found}");
            return Err(raise_pickling_error(&message, thread));
        }
        if let Some(object) = object {
            let wanted = protocol::get_attribute(object, &objects::names::__class__, thread)?;
            if !wanted.is(class) {
                let wanted = protocol::repr(&wanted, thread)?.to_string_lossy();
                let found = protocol::repr(class, thread)?.to_string_lossy();
                let message = format!("first argument to __newobj__() must be {wanted}, not {found}");
                return Err(raise_pickling_error(&message, thread));
            }
        }
        self.save_part(class, owner, "class", thread)?;
        let rest = Tuple::from_iterator(rest.iter().cloned(), thread)?;
        self.save_part(&rest, owner, "__new__ arguments", thread)?;
        self.push(NEWOBJ, thread);
        Ok(())
    }

    /// `cls.__new__(cls, *args, **keywords)`.
    fn save_new_object_with_keywords(&self, arguments: &Tuple, owner: &Object, thread: &mut Thread) -> PyResult<()> {
        let [class, positional, keywords] = arguments.items() else {
            let message = format!("__newobj_ex__ expected 3 arguments, got {}", arguments.length());
            return Err(raise_pickling_error(&message, thread));
        };
        let wrong = |which: &str, wanted: &str, found: &Object, thread: &mut Thread| {
            let found = type_name(found, thread);
            let message = format!("{which} argument to __newobj_ex__() must be {wanted}, not {found}");
            raise_pickling_error(&message, thread)
        };
        let Some(_) = class.downcast::<Type>() else { return Err(wrong("first", "a class", class, thread)) };
        let Some(positional) = positional.downcast::<Tuple>() else {
            return Err(wrong("second", "a tuple", positional, thread));
        };
        let Some(keywords) = keywords.downcast::<Dict>() else {
            return Err(wrong("third", "a dict", keywords, thread));
        };
        if self.protocol.get() >= 4 {
            self.save_part(class, owner, "class", thread)?;
            self.save_part(positional, owner, "__new__ arguments", thread)?;
            self.save_part(keywords, owner, "__new__ arguments", thread)?;
            self.push(NEWOBJ_EX, thread);
            return Ok(());
        }
        let new = protocol::get_attribute(class, &objects::names::__new__, thread)?;
        let mut all: Vec<Py<Object>> = vec![new, class.clone()];
        all.extend(positional.items().iter().cloned());
        let all = Tuple::new(all, thread)?;
        let partial = State::of(thread)?.partial.clone();
        let function = protocol::call_tuple_or_vector(&partial, &all, Some(keywords), thread)?;
        self.save_part(&function, owner, "reconstructor", thread)?;
        let nothing = Tuple::empty(thread);
        self.save(&nothing, thread)?;
        self.push(REDUCE, thread);
        Ok(())
    }
}
