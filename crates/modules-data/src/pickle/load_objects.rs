//! Reading what contains other objects: containers, instances, globals.
//!
//! Programs' code may run at each item, and raise: items are taken off the stack before it does.

use builtins::set::SetObject;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::int::Int;
use objects::list::List;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::{Str, codecs};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::load::Loader;
use super::state::{State, raise_unpickling_error};

// Lists.
impl Loader<'_> {
    pub(super) fn load_list(&mut self, thread: &mut Thread) -> PyResult<()> {
        let mark = self.take_mark(thread)?;
        let list = List::from_iterator(self.stack.drain(mark..), thread)?;
        self.stack.push(list.into_object());
        Ok(())
    }

    /// Appends the items from an index on to the object below them.
    #[inline]
    pub(super) fn append_from(&mut self, start: usize, thread: &mut Thread) -> PyResult<()> {
        if start > self.stack.len() || start <= self.fence {
            return Err(self.raise_underflow(thread));
        }
        if start == self.stack.len() {
            return Ok(());
        }
        let (below, _) = self.stack.split_at(start);
        let Some(target) = below.last().cloned() else { return Err(self.raise_underflow(thread)) };
        if let Some(list) = target.downcast_exact::<List>() {
            return list.append_all(self.stack.drain(start..), thread);
        }
        self.append_to_other(&target, start, thread)
    }

    #[cold]
    fn append_to_other(&mut self, target: &Object, start: usize, thread: &mut Thread) -> PyResult<()> {
        let items = self.stack.split_off(start);
        let extend = thread.intern_text("extend");
        if let Some(extend) = protocol::lookup_attribute(target, &extend, thread)? {
            let items = List::new(items, thread)?;
            protocol::call_one(&extend, &items, thread)?;
            return Ok(());
        }
        let append = thread.intern_text("append");
        let append = protocol::get_attribute(target, &append, thread)?;
        for item in items {
            protocol::call_one(&append, &item, thread)?;
        }
        Ok(())
    }
}

// Dicts.
impl Loader<'_> {
    pub(super) fn load_dict(&mut self, thread: &mut Thread) -> PyResult<()> {
        let mark = self.take_mark(thread)?;
        if !(self.stack.len() - mark).is_multiple_of(2) {
            return Err(raise_unpickling_error("odd number of items for DICT", thread));
        }
        let dict = Dict::new(thread);
        set_pairs(&dict, &mut self.stack.drain(mark..), thread)?;
        self.stack.push(dict.into_object());
        Ok(())
    }

    /// Sets the pairs from an index on as items of the object below them.
    #[inline]
    pub(super) fn set_items_from(&mut self, start: usize, thread: &mut Thread) -> PyResult<()> {
        if start > self.stack.len() || start <= self.fence {
            return Err(self.raise_underflow(thread));
        }
        if start == self.stack.len() {
            return Ok(());
        }
        if !(self.stack.len() - start).is_multiple_of(2) {
            return Err(raise_unpickling_error("odd number of items for SETITEMS", thread));
        }
        let Some(target) = self.stack.get(start - 1).cloned() else { return Err(self.raise_underflow(thread)) };
        // Programs' code that runs here cannot see the stack, so pairs need not be taken off it first.
        let mut items = self.stack.drain(start..);
        if let Some(dict) = target.downcast_exact::<Dict>() {
            return set_pairs(dict, &mut items, thread);
        }
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            protocol::set_item(&target, &key, &value, thread)?;
        }
        Ok(())
    }
}

#[inline]
fn set_pairs(dict: &Dict, items: &mut impl Iterator<Item = Py<Object>>, thread: &mut Thread) -> PyResult<()> {
    while let (Some(key), Some(value)) = (items.next(), items.next()) {
        let hash = match (key.downcast_exact::<Str>(), key.downcast_exact::<Int>()) {
            (Some(name), _) => name.hash_value(),
            (_, Some(number)) => number.hash_value(),
            _ => protocol::hash_for(&key, "a dict key", thread)?,
        };
        dict.set_with_hash(&key, hash, value, thread)?;
    }
    Ok(())
}

// Sets.
impl Loader<'_> {
    pub(super) fn load_empty_set(&mut self, thread: &mut Thread) -> PyResult<()> {
        let set = SetObject::new_in(builtins::set::Set::class(), thread)?;
        self.stack.push(set.into_object());
        Ok(())
    }

    pub(super) fn load_frozenset(&mut self, thread: &mut Thread) -> PyResult<()> {
        let mark = self.take_mark(thread)?;
        let items = self.pop_tuple(mark, thread)?;
        let set = protocol::call_one(builtins::set::FrozenSet::class(), &items, thread)?;
        self.stack.push(set);
        Ok(())
    }

    pub(super) fn load_additems(&mut self, thread: &mut Thread) -> PyResult<()> {
        let mark = self.take_mark(thread)?;
        if mark > self.stack.len() || mark <= self.fence {
            return Err(self.raise_underflow(thread));
        }
        if mark == self.stack.len() {
            return Ok(());
        }
        let items = self.stack.split_off(mark);
        let target = self.top(thread)?.clone();
        if let Some(set) = SetObject::of(&target).filter(|it| it.is_changeable()) {
            for item in &items {
                set.add(item, thread)?;
            }
            return Ok(());
        }
        let add = thread.intern_text("add");
        let add = protocol::get_attribute(&target, &add, thread)?;
        for item in &items {
            protocol::call_one(&add, item, thread)?;
        }
        Ok(())
    }
}

/// A tuple as arguments of a call.
fn as_arguments<'a>(arguments: &'a Object, thread: &mut Thread) -> PyResult<&'a Tuple> {
    match arguments.downcast::<Tuple>() {
        Some(arguments) => Ok(arguments),
        None => Err(raise!(thread, TypeError, "argument list must be a tuple")),
    }
}

/// Makes an instance as protocol 0 says: without arguments, `__init__` is not called.
fn instantiate(class: &Object, arguments: &Tuple, thread: &mut Thread) -> PyResult<Py<Object>> {
    if arguments.length() == 0 && class.downcast::<Type>().is_some() {
        let own = protocol::lookup_attribute(class, &objects::names::__getinitargs__, thread)?;
        if own.is_none() {
            return protocol::call_method(class, &objects::names::__new__, &[class], thread);
        }
    }
    protocol::call_tuple_or_vector(class, arguments, None, thread)
}

// Instances.
impl Loader<'_> {
    pub(super) fn load_obj(&mut self, thread: &mut Thread) -> PyResult<()> {
        let mark = self.take_mark(thread)?;
        if self.stack.len() <= mark {
            return Err(self.raise_underflow(thread));
        }
        let arguments = self.pop_tuple(mark + 1, thread)?;
        let class = self.pop(thread)?;
        let object = instantiate(&class, &arguments, thread)?;
        self.stack.push(object);
        Ok(())
    }

    pub(super) fn load_inst(&mut self, thread: &mut Thread) -> PyResult<()> {
        let mark = self.take_mark(thread)?;
        let class = self.read_global("ascii", thread)?;
        let arguments = self.pop_tuple(mark, thread)?;
        let object = instantiate(&class, &arguments, thread)?;
        self.stack.push(object);
        Ok(())
    }

    pub(super) fn load_new_object(&mut self, has_keywords: bool, thread: &mut Thread) -> PyResult<()> {
        let keywords = if has_keywords { Some(self.pop(thread)?) } else { None };
        let arguments = self.pop(thread)?;
        let class = self.pop(thread)?;
        let opcode = if has_keywords { "NEWOBJ_EX" } else { "NEWOBJ" };
        let wrong = |what: &str, wanted: &str, found: &Object, thread: &mut Thread| {
            let found = found.class().full_name();
            raise_unpickling_error(&format!("{opcode} {what} argument must be {wanted}, not {found}"), thread)
        };
        let Some(class_type) = class.downcast::<Type>() else {
            return Err(wrong("class", "a type", &class, thread));
        };
        let Some(new) = class_type.slots().tp_new.get() else {
            let name = class_type.full_name();
            let message = format!("{opcode} class argument '{name}' doesn't have __new__");
            return Err(raise_unpickling_error(&message, thread));
        };
        let Some(arguments) = arguments.downcast::<Tuple>() else {
            return Err(wrong("args", "a tuple", &arguments, thread));
        };
        if let Some(keywords) = keywords.as_deref().filter(|it| it.downcast::<Dict>().is_none()) {
            return Err(wrong("kwargs", "a dict", keywords, thread));
        }
        let keywords = keywords.as_ref().map_or(std::ptr::null_mut(), |it| it.as_pointer());
        // SAFETY: the slot's protocol: a class, a tuple, and a dict or null.
        let object = unsafe { new(class_type.as_pointer(), arguments.as_pointer(), keywords) };
        let object = protocol::result_from_c(object, thread)?;
        self.stack.push(object);
        Ok(())
    }

    pub(super) fn load_reduce(&mut self, thread: &mut Thread) -> PyResult<()> {
        let arguments = self.pop(thread)?;
        let function = self.pop(thread)?;
        let arguments = as_arguments(&arguments, thread)?;
        let object = protocol::call_tuple_or_vector(&function, arguments, None, thread)?;
        self.stack.push(object);
        Ok(())
    }

    /// Gives an instance its state: by `__setstate__`, or as items of its dictionary and values of its slots.
    pub(super) fn load_build(&mut self, thread: &mut Thread) -> PyResult<()> {
        if self.stack.len() < self.fence + 2 {
            return Err(self.raise_underflow(thread));
        }
        let state = self.pop(thread)?;
        let object = self.top(thread)?.clone();
        if let Some(set_state) = protocol::lookup_attribute(&object, &objects::names::__setstate__, thread)? {
            protocol::call_one(&set_state, &state, thread)?;
            return Ok(());
        }
        let (state, slots) = match state.downcast::<Tuple>().map(Tuple::items) {
            Some([state, slots]) => (state.clone(), Some(slots.clone())),
            _ => (state, None),
        };
        if !state.is_none() {
            let Some(state) = state.downcast::<Dict>() else {
                return Err(raise_unpickling_error("state is not a dictionary", thread));
            };
            set_attributes(&object, state, thread)?;
        }
        let Some(slots) = slots else { return Ok(()) };
        let Some(slots) = slots.downcast::<Dict>() else {
            return Err(raise_unpickling_error("slot state is not a dictionary", thread));
        };
        for (name, value) in slots.items_snapshot(thread) {
            let name = objects::object::attribute_name(&name, thread)?;
            protocol::set_attribute(&object, name, Some(&value), thread)?;
        }
        Ok(())
    }
}

/// Puts the items of a state into an instance's dictionary. Names of attributes are interned, as those that programs use.
fn set_attributes(object: &Object, state: &Dict, thread: &mut Thread) -> PyResult<()> {
    let target = protocol::get_attribute(object, &objects::names::__dict__, thread)?;
    let mut position = 0;
    while let Some((key, value)) = state.next(&mut position, thread) {
        let key = match key.downcast_exact::<Str>() {
            Some(name) => thread.intern(name).into_object(),
            None => key,
        };
        match target.downcast_exact::<Dict>() {
            Some(dict) => dict.set(&key, &value, thread)?,
            None => protocol::set_item(&target, &key, &value, thread)?,
        }
    }
    Ok(())
}

// Globals.
impl Loader<'_> {
    /// What two lines name.
    fn read_global(&mut self, encoding: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
        let line = self.read_line(2, thread)?;
        let module = codecs::decode(line, Some(encoding), None, thread)?;
        let line = self.read_line(2, thread)?;
        let name = codecs::decode(line, Some(encoding), None, thread)?;
        self.unpickler.class_named(&module, &name, thread)
    }

    pub(super) fn load_global(&mut self, thread: &mut Thread) -> PyResult<()> {
        let object = self.read_global("utf-8", thread)?;
        self.stack.push(object);
        Ok(())
    }

    pub(super) fn load_stack_global(&mut self, thread: &mut Thread) -> PyResult<()> {
        let name = self.pop(thread)?;
        let module = self.pop(thread)?;
        if !name.is_exactly::<Str>() || !module.is_exactly::<Str>() {
            return Err(raise_unpickling_error("STACK_GLOBAL requires str", thread));
        }
        let object = self.unpickler.class_named(&module, &name, thread)?;
        self.stack.push(object);
        Ok(())
    }

    /// An object of the extension registry, which is found once.
    pub(super) fn load_extension(&mut self, code: i32, thread: &mut Thread) -> PyResult<()> {
        if code <= 0 {
            return Err(raise_unpickling_error("EXT specifies code <= 0", thread));
        }
        let state = State::of(thread)?;
        let number = protocol::make_int(i128::from(code), thread);
        if let Some(known) = state.extension_cache.get(&number, thread)? {
            self.stack.push(known);
            return Ok(());
        }
        let Some(pair) = state.inverted_registry.get(&number, thread)? else {
            return Err(raise!(thread, ValueError, "unregistered extension code {code}"));
        };
        let (module, name) = match pair.downcast::<Tuple>().map(Tuple::items) {
            Some([module, name]) if module.downcast::<Str>().is_some() && name.downcast::<Str>().is_some() => {
                (module, name)
            }
            _ => return Err(raise!(thread, ValueError, "_inverted_registry[{code}] isn't a 2-tuple of strings")),
        };
        let object = self.unpickler.class_named(module, name, thread)?;
        state.extension_cache.set(&number, &object, thread)?;
        self.stack.push(object);
        Ok(())
    }
}
