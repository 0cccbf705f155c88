//! `_abc`: what `abc.ABCMeta` needs at speed: which classes are virtual subclasses of an abstract one, with caches of both answers.
//!
//! A class's data hold other classes weakly. A class is found by its address; since another class may come to live there, an entry counts
//! only while its weak reference does.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use builtins::set::{FrozenSet, Set};
use layout::{Py_TPFLAGS_IMMUTABLETYPE, Py_TPFLAGS_MAPPING, Py_TPFLAGS_SEQUENCE};
use macros::{Instance, python_module, python_type};
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::int::Int;
use objects::list::List;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type, TypeDeclaration};
use objects::weakref::WeakReference;

pub const TYPES: &[&TypeDeclaration] = &[AbcData::DECLARATION];

/// A class may be one of these for patterns, and passes it on to what is registered with it.
const PATTERN_FLAGS: std::ffi::c_ulong = Py_TPFLAGS_SEQUENCE | Py_TPFLAGS_MAPPING;

/// How many dead entries a set of classes may have before it is looked through.
const FEW: usize = 32;

/// Counts registrations: each makes all negative answers doubtful.
#[derive(Default)]
struct Registrations(Cell<u64>);

fn registrations(thread: &Thread) -> u64 {
    thread.interpreter().extension::<Registrations>().0.get()
}

/// Classes that are held weakly.
#[derive(Default)]
struct ClassSet {
    references: RefCell<HashMap<usize, Py<WeakReference>>>,
    /// At this size the dead are taken out.
    look_through_at: Cell<usize>,
}

impl Traverse for ClassSet {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.references.borrow().values().for_each(|it| it.traverse(visitor));
    }

    fn clear(&self) {
        drop(self.references.take());
    }
}

impl ClassSet {
    fn contains(&self, class: &Object) -> bool {
        self.references.borrow().get(&class.address()).is_some_and(|it| it.get().is_some_and(|found| found.is(class)))
    }

    fn add(&self, class: &Object, thread: &mut Thread) -> PyResult<()> {
        let reference = WeakReference::new(class, None, thread)?;
        let mut references = self.references.borrow_mut();
        if references.len() >= self.look_through_at.get() {
            references.retain(|_, it| it.get().is_some());
            self.look_through_at.set(FEW + 2 * references.len());
        }
        references.insert(class.address(), reference);
        Ok(())
    }

    fn live(&self) -> Vec<Py<Object>> {
        self.references.borrow().values().filter_map(|it| it.get()).collect()
    }

    fn to_set(&self, thread: &mut Thread) -> PyResult<Py<Set>> {
        let set = Set::new(thread)?;
        let references: Vec<Py<WeakReference>> = self.references.borrow().values().cloned().collect();
        for reference in references.iter().filter(|it| it.get().is_some()) {
            set.view().add(reference, thread)?;
        }
        Ok(set)
    }
}

/// What an abstract class knows of others.
#[derive(Instance)]
#[repr(C)]
pub struct AbcData {
    header: Header,
    registry: ClassSet,
    cache: ClassSet,
    negative_cache: ClassSet,
    /// The number of registrations for which the negative answers hold.
    negative_cache_version: Cell<u64>,
}

/// Internal state held by ABC machinery.
#[python_type(name = "_abc._abc_data", base = objects::object::BaseObject, flags(HEAPTYPE))]
impl AbcData {
    #[slot(tp_new)]
    fn new(class: &Type, _arguments: &Tuple, _keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<AbcData>> {
        let value = AbcData {
            header: Header::new(AbcData::class()),
            registry: ClassSet::default(),
            cache: ClassSet::default(),
            negative_cache: ClassSet::default(),
            negative_cache_version: Cell::new(registrations(thread)),
        };
        Py::new_in(class, value, thread)
    }
}

impl AbcData {
    fn of(class: &Object, thread: &mut Thread) -> PyResult<Py<AbcData>> {
        let data = protocol::get_attribute(class, &names::_abc_impl, thread)?;
        data.downcast_into().map_err(|_| raise!(thread, TypeError, "_abc_impl is set to a wrong type"))
    }

    /// True if the class is known not to be a subclass.
    fn denies(&self, class: &Object, thread: &Thread) -> bool {
        self.negative_cache_version.get() == registrations(thread) && self.negative_cache.contains(class)
    }

    fn remember(&self, class: &Object, answer: bool, thread: &mut Thread) -> PyResult<bool> {
        if answer {
            self.cache.add(class, thread)?;
        } else {
            self.negative_cache.add(class, thread)?;
        }
        Ok(answer)
    }
}

fn is_abstract(value: &Object, thread: &mut Thread) -> PyResult<bool> {
    match protocol::lookup_attribute(value, &names::__isabstractmethod__, thread)? {
        Some(answer) => protocol::is_true(&answer, thread),
        None => Ok(false),
    }
}

/// The names of a class's abstract methods, in `__abstractmethods__`.
fn compute_abstract_methods(class: &Object, thread: &mut Thread) -> PyResult<()> {
    let mut abstract_names = Vec::new();
    let namespace = protocol::get_attribute(class, &names::__dict__, thread)?;
    let items = protocol::call_method(&namespace, &names::items, &[], thread)?;
    let items = protocol::iter(&items, thread)?;
    while let Some(item) = protocol::next(&items, thread)? {
        let [name, value] = item.downcast::<Tuple>().map_or(&[][..], Tuple::items) else {
            return Err(raise!(thread, TypeError, "Iteration over dict items() must give pairs"));
        };
        if is_abstract(value, thread)? {
            abstract_names.push(name.clone());
        }
    }
    let bases = protocol::get_attribute(class, &names::__bases__, thread)?;
    let Some(bases) = bases.downcast::<Tuple>() else {
        return Err(raise!(thread, TypeError, "__bases__ is not tuple"));
    };
    for base in bases.items() {
        let Some(inherited) = protocol::lookup_attribute(base, &names::__abstractmethods__, thread)? else { continue };
        let inherited = protocol::iter(&inherited, thread)?;
        while let Some(name) = protocol::next(&inherited, thread)? {
            let Some(text) = name.downcast::<Str>() else {
                let found = name.class().full_name();
                return Err(raise!(thread, TypeError, "attribute name must be string, not '{found}'"));
            };
            let Some(value) = protocol::lookup_attribute(class, text, thread)? else { continue };
            if is_abstract(&value, thread)? {
                abstract_names.push(name.clone());
            }
        }
    }
    let abstract_names = FrozenSet::from_elements(&abstract_names, thread)?;
    protocol::set_attribute(class, &names::__abstractmethods__, Some(&abstract_names), thread)
}

/// Gives a class its pattern flags by `__abc_tpflags__`, which is taken away.
fn take_pattern_flags(class: &Type, thread: &mut Thread) -> PyResult<()> {
    let Some(flags) = class.dict(thread).pop(&names::__abc_tpflags__, thread)? else { return Ok(()) };
    let Some(flags) = flags.downcast::<Int>().and_then(Int::to_i64) else { return Ok(()) };
    let flags = flags as std::ffi::c_ulong & PATTERN_FLAGS;
    if flags == PATTERN_FLAGS {
        let message = "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING";
        return Err(raise!(thread, TypeError, "{message}"));
    }
    class.add_flags(flags);
    class.modified(thread);
    Ok(())
}

/// Gives a registered class and its subclasses the pattern flags of the class that it is registered with.
fn pass_pattern_flags(class: &Type, flags: std::ffi::c_ulong, thread: &mut Thread) -> PyResult<()> {
    thread.check_stack(" while registering a class")?;
    let has = class.slots().tp_flags.get() & PATTERN_FLAGS;
    if has == flags || class.has_flag(Py_TPFLAGS_IMMUTABLETYPE) {
        return Ok(());
    }
    class.remove_flags(PATTERN_FLAGS);
    class.add_flags(flags);
    class.modified(thread);
    let mut subclasses = Vec::new();
    class.for_each_subclass(thread, &mut |subclass| subclasses.push(Py::from_ref(subclass)));
    for subclass in subclasses {
        pass_pattern_flags(&subclass, flags, thread)?;
    }
    Ok(())
}

fn subclass_check(class: &Object, subclass: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    protocol::call_method(class, &names::__subclasscheck__, &[subclass], thread)
}

/// True if the class or one below it says so, by its list of subclasses.
fn is_below_a_subclass(class: &Object, candidate: &Object, thread: &mut Thread) -> PyResult<bool> {
    let subclasses = protocol::call_method(class, &names::__subclasses__, &[], thread)?;
    let Some(subclasses) = subclasses.downcast::<List>() else {
        return Err(raise!(thread, TypeError, "__subclasses__() must return a list"));
    };
    let mut position = 0;
    while let Some(subclass) = subclasses.get(position, thread) {
        position += 1;
        if protocol::is_subclass(candidate, &subclass, thread)? {
            return Ok(true);
        }
    }
    Ok(false)
}

pub struct AbcModule;

/// Module contains faster C implementation of abc.ABCMeta
#[python_module(name = "_abc")]
impl AbcModule {
    /// get_cache_token($module, /)
    /// --
    ///
    /// Returns the current ABC cache token.
    ///
    /// The token is an opaque object (supporting equality testing) identifying
    /// the current version of the ABC cache for virtual subclasses.  The token
    /// changes with every call to register() on any ABC.
    #[function]
    fn get_cache_token(thread: &mut Thread) -> u64 {
        registrations(thread)
    }

    /// _abc_init($module, self, /)
    /// --
    ///
    /// Internal ABC helper for class set-up. Should be never used outside abc module.
    #[function]
    #[signature("(self, /)")]
    fn _abc_init(class: &Object, thread: &mut Thread) -> PyResult<()> {
        compute_abstract_methods(class, thread)?;
        let data = protocol::call(AbcData::class(), &[], thread)?;
        protocol::set_attribute(class, &names::_abc_impl, Some(&data), thread)?;
        match class.downcast::<Type>() {
            Some(class) => take_pattern_flags(class, thread),
            None => Ok(()),
        }
    }

    /// _abc_register($module, self, subclass, /)
    /// --
    ///
    /// Internal ABC helper for subclasss registration. Should be never used outside abc module.
    #[function]
    #[signature("(self, subclass, /)")]
    fn _abc_register(class: &Object, subclass: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(subclass_type) = subclass.downcast::<Type>() else {
            return Err(raise!(thread, TypeError, "Can only register classes"));
        };
        if protocol::is_subclass(subclass, class, thread)? {
            return Ok(Py::from_ref(subclass));
        }
        // After the test above, so that registering a class with itself does nothing.
        if protocol::is_subclass(class, subclass, thread)? {
            return Err(raise!(thread, RuntimeError, "Refusing to create an inheritance cycle"));
        }
        AbcData::of(class, thread)?.registry.add(subclass, thread)?;
        let count = thread.interpreter().extension::<Registrations>();
        count.0.set(count.0.get() + 1);
        if let Some(class) = class.downcast::<Type>() {
            let flags = class.slots().tp_flags.get() & PATTERN_FLAGS;
            if flags != 0 {
                pass_pattern_flags(subclass_type, flags, thread)?;
            }
        }
        Ok(Py::from_ref(subclass))
    }

    /// _abc_instancecheck($module, self, instance, /)
    /// --
    ///
    /// Internal ABC helper for instance checks. Should be never used outside abc module.
    #[function]
    #[signature("(self, instance, /)")]
    fn _abc_instancecheck(class: &Object, instance: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let data = AbcData::of(class, thread)?;
        let subtype = Py::from_ref(instance.class()).into_object();
        let subclass = protocol::lookup_attribute(instance, &names::__class__, thread)?;
        let subclass = subclass.unwrap_or_else(|| subtype.clone());
        if data.cache.contains(&subclass) {
            return Ok(Py::from_ref(Bool::get(true)).into_object());
        }
        if subtype.is(&subclass) {
            if data.denies(&subclass, thread) {
                return Ok(Py::from_ref(Bool::get(false)).into_object());
            }
            return subclass_check(class, &subclass, thread);
        }
        let answer = subclass_check(class, &subclass, thread)?;
        if protocol::is_true(&answer, thread)? {
            return Ok(answer);
        }
        subclass_check(class, &subtype, thread)
    }

    /// _abc_subclasscheck($module, self, subclass, /)
    /// --
    ///
    /// Internal ABC helper for subclasss checks. Should be never used outside abc module.
    #[function]
    #[signature("(self, subclass, /)")]
    fn _abc_subclasscheck(class: &Object, subclass: &Object, thread: &mut Thread) -> PyResult<bool> {
        let Some(subclass_type) = subclass.downcast::<Type>() else {
            return Err(raise!(thread, TypeError, "issubclass() arg 1 must be a class"));
        };
        let data = AbcData::of(class, thread)?;
        if data.cache.contains(subclass) {
            return Ok(true);
        }
        let version = registrations(thread);
        if data.negative_cache_version.get() < version {
            Traverse::clear(&data.negative_cache);
            data.negative_cache_version.set(version);
        } else if data.negative_cache.contains(subclass) {
            return Ok(false);
        }
        let answer = protocol::call_method(class, &names::__subclasshook__, &[subclass], thread)?;
        if answer.is(Bool::get(true)) || answer.is(Bool::get(false)) {
            return data.remember(subclass, answer.is(Bool::get(true)), thread);
        }
        if !answer.is_not_implemented() {
            let message = "__subclasshook__ must return either False, True, or NotImplemented";
            return Err(raise!(thread, AssertionError, "{message}"));
        }
        if subclass_type.mro().is_some_and(|mro| mro.items().iter().any(|it| it.is(class))) {
            return data.remember(subclass, true, thread);
        }
        if data.registry.contains(subclass) {
            return Ok(true);
        }
        for registered in data.registry.live() {
            if protocol::is_subclass(subclass, &registered, thread)? {
                return data.remember(subclass, true, thread);
            }
        }
        let answer = is_below_a_subclass(class, subclass, thread)?;
        data.remember(subclass, answer, thread)
    }

    /// _get_dump($module, self, /)
    /// --
    ///
    /// Internal ABC helper for cache and registry debugging.
    ///
    /// Return shallow copies of registry, of both caches, and
    /// negative cache version. Don't call this function directly,
    /// instead use ABC._dump_registry() for a nice repr.
    #[function]
    #[signature("(self, /)")]
    fn _get_dump(class: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let data = AbcData::of(class, thread)?;
        let mut parts = Vec::with_capacity(4);
        for classes in [&data.registry, &data.cache, &data.negative_cache] {
            parts.push(classes.to_set(thread)?.into_object());
        }
        parts.push(Int::from_u64(data.negative_cache_version.get(), thread).into_object());
        Tuple::new(parts, thread)
    }

    /// _reset_registry($module, self, /)
    /// --
    ///
    /// Internal ABC helper to reset registry of a given class.
    ///
    /// Should be only used by refleak.py
    #[function]
    #[signature("(self, /)")]
    fn _reset_registry(class: &Object, thread: &mut Thread) -> PyResult<()> {
        Traverse::clear(&AbcData::of(class, thread)?.registry);
        Ok(())
    }

    /// _reset_caches($module, self, /)
    /// --
    ///
    /// Internal ABC helper to reset both caches of a given class.
    ///
    /// Should be only used by refleak.py
    #[function]
    #[signature("(self, /)")]
    fn _reset_caches(class: &Object, thread: &mut Thread) -> PyResult<()> {
        let data = AbcData::of(class, thread)?;
        Traverse::clear(&data.cache);
        Traverse::clear(&data.negative_cache);
        Ok(())
    }
}
