//! `itemgetter`, `attrgetter`, `methodcaller`: callables made of a name or a key.

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{OrMemoryError, PyResult};
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

/// The one argument of a getter's call.
fn single_argument(
    name: &str,
    arguments: &Tuple,
    keywords: Option<&Dict>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    if keywords.is_some_and(|it| it.length() > 0) {
        return Err(raise!(thread, TypeError, "{name}() takes no keyword arguments"));
    }
    match arguments.items() {
        [object] => Ok(object.clone()),
        other => Err(raise!(thread, TypeError, "{name} expected 1 argument, got {}", other.len())),
    }
}

fn refuse_keywords(name: &str, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
    if keywords.is_some_and(|it| it.length() > 0) {
        return Err(raise!(thread, TypeError, "{name}() takes no keyword arguments"));
    }
    Ok(())
}

/// `module.Class(part, part)`.
fn repr_of_call(object: &Object, parts: &[Py<Object>], thread: &mut Thread) -> PyResult<Py<Str>> {
    protocol::repr_guarded(object, "...", thread, |thread| {
        let mut text = open_repr(object, thread);
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                text.push(", ");
            }
            text.push_repr(part, thread)?;
        }
        text.push(")");
        text.finish(thread)
    })
}

fn open_repr(object: &Object, thread: &mut Thread) -> protocol::ContainerRepr {
    let class = Py::from_ref(object.class());
    let name = protocol::qualified_name(&class, thread);
    protocol::ContainerRepr::open(&format!("{name}("))
}

#[derive(Instance)]
#[repr(C)]
pub struct ItemGetter {
    header: Header,
    items: Py<Tuple>,
}

/// itemgetter(item, /, *items)
/// --
///
/// Return a callable object that fetches the given item(s) from its operand.
/// After f = itemgetter(2), the call f(r) returns r[2].
/// After g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])
#[python_type(name = "operator.itemgetter", base = BaseObject, flags(HEAPTYPE))]
impl ItemGetter {
    #[slot(tp_new)]
    fn new_getter(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<ItemGetter>> {
        refuse_keywords("itemgetter", keywords, thread)?;
        if arguments.length() == 0 {
            return Err(raise!(thread, TypeError, "itemgetter expected 1 argument, got 0"));
        }
        let items = protocol::to_tuple(arguments, thread)?;
        Py::new_in(class, ItemGetter { header: Header::new(ItemGetter::class()), items }, thread)
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let object = single_argument("itemgetter", arguments, keywords, thread)?;
        if let [key] = self.items.items() {
            return protocol::get_item(&object, key, thread);
        }
        let mut found = Vec::with_capacity(self.items.length());
        for key in self.items.items() {
            found.push(protocol::get_item(&object, key, thread)?);
        }
        Tuple::new(found, thread).map(Py::into_object)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        repr_of_call(self, self.items.items(), thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let class = Py::from_ref(self.class()).into_object();
        Tuple::new(vec![class, self.items.clone().into_object()], thread)
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct AttributeGetter {
    header: Header,
    names: Py<Tuple>,
    /// Each name, split at its dots.
    paths: Vec<Vec<Py<Str>>>,
}

impl AttributeGetter {
    fn follow(path: &[Py<Str>], object: &Py<Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut object = object.clone();
        for name in path {
            object = protocol::get_attribute(&object, name, thread)?;
        }
        Ok(object)
    }
}

/// attrgetter(attr, /, *attrs)
/// --
///
/// Return a callable object that fetches the given attribute(s) from its operand.
/// After f = attrgetter('name'), the call f(r) returns r.name.
/// After g = attrgetter('name', 'date'), the call g(r) returns (r.name, r.date).
/// After h = attrgetter('name.first', 'name.last'), the call h(r) returns
/// (r.name.first, r.name.last).
#[python_type(name = "operator.attrgetter", base = BaseObject, flags(HEAPTYPE))]
impl AttributeGetter {
    #[slot(tp_new)]
    fn new_getter(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<AttributeGetter>> {
        refuse_keywords("attrgetter", keywords, thread)?;
        if arguments.length() == 0 {
            return Err(raise!(thread, TypeError, "attrgetter expected 1 argument, got 0"));
        }
        let mut paths = Vec::with_capacity(arguments.length());
        for name in arguments.items() {
            let Some(name) = name.downcast::<Str>() else {
                return Err(raise!(thread, TypeError, "attribute name must be a string"));
            };
            let dot = Str::from_str(".", thread);
            let ranges = text::strings::split::split(name.view(), dot.view(), usize::MAX).or_memory_error(thread)?;
            let mut path = Vec::with_capacity(ranges.len());
            for range in ranges {
                let part = name.substring(range, thread)?;
                path.push(thread.intern(&part));
            }
            paths.push(path);
        }
        let header = Header::new(AttributeGetter::class());
        let names = protocol::to_tuple(arguments, thread)?;
        Py::new_in(class, AttributeGetter { header, names, paths }, thread)
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let object = single_argument("attrgetter", arguments, keywords, thread)?;
        if let [path] = self.paths.as_slice() {
            return Self::follow(path, &object, thread);
        }
        let mut found = Vec::with_capacity(self.paths.len());
        for path in &self.paths {
            found.push(Self::follow(path, &object, thread)?);
        }
        Tuple::new(found, thread).map(Py::into_object)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        repr_of_call(self, self.names.items(), thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let class = Py::from_ref(self.class()).into_object();
        Tuple::new(vec![class, self.names.clone().into_object()], thread)
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct MethodCaller {
    header: Header,
    name: Py<Str>,
    arguments: Py<Tuple>,
    keywords: Option<Py<Dict>>,
}

/// methodcaller(name, /, *args, **kwargs)
/// --
///
/// Return a callable object that calls the given method on its operand.
/// After f = methodcaller('name'), the call f(r) returns r.name().
/// After g = methodcaller('name', 'date', foo=1), the call g(r) returns
/// r.name('date', foo=1).
#[python_type(name = "operator.methodcaller", base = BaseObject, flags(HEAPTYPE))]
impl MethodCaller {
    #[slot(tp_new)]
    fn new_caller(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<MethodCaller>> {
        let [name, arguments @ ..] = arguments.items() else {
            let message = "methodcaller needs at least one argument, the method name";
            return Err(raise!(thread, TypeError, "{message}"));
        };
        let Some(name) = name.downcast::<Str>() else {
            return Err(raise!(thread, TypeError, "method name must be a string"));
        };
        let keywords = match keywords.filter(|it| !it.is_empty()) {
            Some(keywords) => Some(keywords.copy(thread)?),
            None => None,
        };
        let name = thread.intern(name);
        let arguments = Tuple::new(arguments.to_vec(), thread)?;
        let header = Header::new(MethodCaller::class());
        Py::new_in(class, MethodCaller { header, name, arguments, keywords }, thread)
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let object = single_argument("methodcaller", arguments, keywords, thread)?;
        if self.keywords.is_none() {
            let arguments: Vec<&Object> = self.arguments.items().iter().map(|it| &**it).collect();
            return protocol::call_method(&object, &self.name, &arguments, thread);
        }
        let method = protocol::get_attribute(&object, &self.name, thread)?;
        protocol::call_tuple_or_vector(&method, &self.arguments, self.keywords.as_deref(), thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        protocol::repr_guarded(self, "...", thread, |thread| {
            let mut text = open_repr(self, thread);
            text.push_repr(&self.name, thread)?;
            for argument in self.arguments.items() {
                text.push(", ");
                text.push_repr(argument, thread)?;
            }
            let pairs = self.keywords.as_ref().map_or_else(Vec::new, |it| it.items_snapshot(thread));
            for (name, value) in pairs {
                let name = protocol::str(&name, thread)?.to_string_lossy();
                text.push(&format!(", {name}="));
                text.push_repr(&value, thread)?;
            }
            text.push(")");
            text.finish(thread)
        })
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let class = Py::from_ref(self.class()).into_object();
        let name = self.name.clone().into_object();
        let Some(keywords) = &self.keywords else {
            let arguments = [name].into_iter().chain(self.arguments.items().iter().cloned()).collect();
            let arguments = Tuple::new(arguments, thread)?.into_object();
            return Tuple::new(vec![class, arguments], thread);
        };
        let bound = Tuple::new(vec![class, name], thread)?;
        let partial = crate::functools::Partial::class();
        let constructor = protocol::call_tuple_or_vector(partial, &bound, Some(keywords), thread)?;
        Tuple::new(vec![constructor, self.arguments.clone().into_object()], thread)
    }
}
