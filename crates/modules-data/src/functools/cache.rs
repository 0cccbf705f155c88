//! `_lru_cache_wrapper`: a function and the results of its calls.
//!
//! The results of a bounded cache are links of a ring in order of use, kept in one vector; the dict maps keys to places in it. Link 0 is the
//! ring's root, which holds nothing.

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyObject;
use macros::{Instance, python_type};
use objects::descriptors::BoundMethod;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::int::Int;
use objects::names;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Guarded, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type, instance_dict};

/// One result in the ring.
struct Link {
    previous: usize,
    next: usize,
    hash: isize,
    /// Key and result; None in the root.
    pair: Option<(Py<Object>, Py<Object>)>,
}

/// The ring of links.
struct Ring(Vec<Link>);

impl Default for Ring {
    fn default() -> Self {
        Ring(vec![Link { previous: 0, next: 0, hash: 0, pair: None }])
    }
}

impl Traverse for Ring {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.0.iter().for_each(|link| link.pair.traverse(visitor));
    }

    fn clear(&self) {}
}

impl Ring {
    fn detach(&mut self, place: usize) {
        let (previous, next) = (self.0[place].previous, self.0[place].next);
        self.0[previous].next = next;
        self.0[next].previous = previous;
    }

    /// Makes a link the one used last.
    fn attach(&mut self, place: usize) {
        let last = self.0[0].previous;
        self.0[place].previous = last;
        self.0[place].next = 0;
        self.0[last].next = place;
        self.0[0].previous = place;
    }

    /// The result at a place, which becomes the one used last.
    fn touch(&mut self, place: usize) -> Option<Py<Object>> {
        let result = self.0.get(place)?.pair.as_ref()?.1.clone();
        self.detach(place);
        self.attach(place);
        Some(result)
    }
}

/// How much a cache keeps.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    Nothing,
    Everything,
    Most(usize),
}

#[derive(Instance)]
#[repr(C)]
pub struct CacheWrapper {
    header: Header,
    function: Py<Object>,
    cache: Py<Dict>,
    ring: Guarded<Ring>,
    typed: bool,
    bound: Cell<Bound>,
    hits: Cell<isize>,
    misses: Cell<isize>,
    /// Counts `cache_clear`, for places that were found before.
    generation: Cell<usize>,
    info_type: Py<Object>,
    dict: Field<Dict>,
    weak_references: Cell<*mut PyObject>,
}

impl CacheWrapper {
    /// The key of a call. A single int or str stands for itself.
    fn key(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let keywords = keywords.map_or_else(Vec::new, |it| it.items_snapshot(thread));
        if !self.typed && keywords.is_empty() {
            return Ok(match arguments.items() {
                [single] if single.is_exactly::<Int>() || single.is_exactly::<Str>() => single.clone(),
                _ => Py::from_ref(arguments).into_object(),
            });
        }
        let mut parts: Vec<Py<Object>> = arguments.items().to_vec();
        if !keywords.is_empty() {
            parts.push(super::keyword_mark(thread)?);
            parts.extend(keywords.iter().flat_map(|(name, value)| [name.clone(), value.clone()]));
        }
        if self.typed {
            parts.extend(arguments.items().iter().map(|it| Py::from_ref(it.class()).into_object()));
            parts.extend(keywords.iter().map(|(_, value)| Py::from_ref(value.class()).into_object()));
        }
        Tuple::new(parts, thread).map(Py::into_object)
    }

    fn call_function(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::call_tuple_or_vector(&self.function, arguments, keywords.filter(|it| !it.is_empty()), thread)
    }

    fn count_hit(&self) {
        self.hits.set(self.hits.get() + 1);
    }

    fn count_miss(&self) {
        self.misses.set(self.misses.get() + 1);
    }

    fn call_unbounded(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let key = self.key(arguments, keywords, thread)?;
        let hash = protocol::hash(&key, thread)?;
        if let Some(result) = self.cache.get_with_hash(&key, hash, thread)? {
            self.count_hit();
            return Ok(result);
        }
        self.count_miss();
        let result = self.call_function(arguments, keywords, thread)?;
        self.cache.set_with_hash(&key, hash, result.clone(), thread)?;
        Ok(result)
    }

    /// The result kept for a key, which becomes the one used last.
    fn find(&self, key: &Object, hash: isize, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let generation = self.generation.get();
        let found = self.cache.get_with_hash(key, hash, thread)?;
        let place = found.and_then(|it| it.downcast::<Int>().and_then(Int::to_i64));
        match place {
            Some(place) if generation == self.generation.get() => Ok(self.ring.get_mut(thread).touch(place as usize)),
            _ => Ok(None),
        }
    }

    fn call_bounded(
        &self,
        most: usize,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let key = self.key(arguments, keywords, thread)?;
        let hash = protocol::hash(&key, thread)?;
        if let Some(result) = self.find(&key, hash, thread)? {
            self.count_hit();
            return Ok(result);
        }
        self.count_miss();
        let result = self.call_function(arguments, keywords, thread)?;
        // The function may have called itself with these arguments.
        if self.cache.get_with_hash(&key, hash, thread)?.is_some() {
            return Ok(result);
        }
        self.keep(most, key, hash, &result, thread)?;
        Ok(result)
    }

    /// Keeps a result, in place of the one used longest ago if there are enough.
    fn keep(
        &self,
        most: usize,
        key: Py<Object>,
        hash: isize,
        result: &Py<Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let ring = self.ring.get_mut(thread);
        let pair = Some((key.clone(), result.clone()));
        if ring.0.len() <= most {
            let place = ring.0.len();
            ring.0.push(Link { previous: place, next: place, hash, pair });
            ring.attach(place);
            let number = Int::from_i64(place as i64, thread).into_object();
            return self.cache.set_with_hash(&key, hash, number, thread);
        }
        let oldest = ring.0[0].next;
        let old_hash = ring.0[oldest].hash;
        let Some((old_key, _)) = &ring.0[oldest].pair else { return Ok(()) };
        let old_key = old_key.clone();
        let generation = self.generation.get();
        let popped = self.cache.pop_with_hash(&old_key, old_hash, thread)?;
        if popped.is_none() || generation != self.generation.get() {
            // Comparing keys ran code that changed the cache: this result is not kept.
            return Ok(());
        }
        let ring = self.ring.get_mut(thread);
        let Some(link) = ring.0.get_mut(oldest) else { return Ok(()) };
        let old = std::mem::replace(&mut link.pair, pair);
        link.hash = hash;
        ring.detach(oldest);
        ring.attach(oldest);
        let number = Int::from_i64(oldest as i64, thread).into_object();
        let kept = self.cache.set_with_hash(&key, hash, number, thread);
        drop(old);
        kept
    }
}

/// Create a cached callable that wraps another function.
///
/// user_function:      the function being cached
///
/// maxsize:  0         for no caching
///           None      for unlimited cache size
///           n         for a bounded cache
///
/// typed:    False     cache f(3) and f(3.0) as identical calls
///           True      cache f(3) and f(3.0) as distinct calls
///
/// cache_info_type:    namedtuple class with the fields:
///                         hits misses currsize maxsize
///
#[python_type(
    name = "functools._lru_cache_wrapper", base = BaseObject, flags(HEAPTYPE, BASETYPE, METHOD_DESCRIPTOR),
    dict_offset = offset_of!(CacheWrapper, dict), weaklist_offset = offset_of!(CacheWrapper, weak_references)
)]
impl CacheWrapper {
    #[new(name = "lru_cache")]
    #[signature("(user_function, maxsize, typed, cache_info_type)")]
    fn __new__(
        class: &Type,
        user_function: &Object,
        maxsize: &Object,
        typed: bool,
        cache_info_type: &Object,
        thread: &mut Thread,
    ) -> PyResult<Py<CacheWrapper>> {
        if user_function.class().slots().tp_call.get().is_none() {
            return Err(raise!(thread, TypeError, "the first argument must be callable"));
        }
        let bound = if maxsize.is_none() {
            Bound::Everything
        } else if protocol::is_index(maxsize) {
            match protocol::index_as_isize(maxsize, thread)? {
                ..=0 => Bound::Nothing,
                most => Bound::Most(most as usize),
            }
        } else {
            return Err(raise!(thread, TypeError, "maxsize should be integer or None"));
        };
        let wrapper = CacheWrapper {
            header: Header::new(CacheWrapper::class()),
            function: Py::from_ref(user_function),
            cache: Dict::new(thread),
            ring: Guarded::new(Ring::default()),
            typed,
            bound: Cell::new(bound),
            hits: Cell::new(0),
            misses: Cell::new(0),
            generation: Cell::new(0),
            info_type: Py::from_ref(cache_info_type),
            dict: Field::EMPTY,
            weak_references: Cell::new(std::ptr::null_mut()),
        };
        Py::new_in(class, wrapper, thread)
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.bound.get() {
            Bound::Nothing => {
                self.count_miss();
                self.call_function(arguments, keywords, thread)
            }
            Bound::Everything => self.call_unbounded(arguments, keywords, thread),
            Bound::Most(most) => self.call_bounded(most, arguments, keywords, thread),
        }
    }

    #[slot(tp_descr_get)]
    fn bind(&self, instance: Option<&Object>, _owner: Option<&Object>, thread: &mut Thread) -> Py<Object> {
        match instance.filter(|it| !it.is_none()) {
            Some(instance) => BoundMethod::new(self, instance, thread).into_object(),
            None => Py::from_ref(self).into_object(),
        }
    }

    /// cache_info($self, /)
    /// --
    ///
    /// Report cache statistics
    #[method]
    fn cache_info(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let hits = Int::from_i64(self.hits.get() as i64, thread);
        let misses = Int::from_i64(self.misses.get() as i64, thread);
        let most = match self.bound.get() {
            Bound::Nothing => Int::from_i64(0, thread).into_object(),
            Bound::Everything => thread.none(),
            Bound::Most(most) => Int::from_i64(most as i64, thread).into_object(),
        };
        let size = Int::from_i64(self.cache.length() as i64, thread);
        protocol::call(&self.info_type, &[&hits, &misses, &most, &size], thread)
    }

    /// cache_clear($self, /)
    /// --
    ///
    /// Clear the cache and cache statistics
    #[method]
    fn cache_clear(&self, thread: &mut Thread) {
        self.generation.set(self.generation.get() + 1);
        self.hits.set(0);
        self.misses.set(0);
        let old = std::mem::take(self.ring.get_mut(thread));
        Dict::clear(&self.cache, thread);
        drop(old);
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::get_attribute(self, &names::__qualname__, thread)
    }

    #[method]
    fn __copy__(&self) -> Py<CacheWrapper> {
        Py::from_ref(self)
    }

    #[method]
    #[signature("(memo, /)")]
    fn __deepcopy__(&self, _memo: &Object) -> Py<CacheWrapper> {
        Py::from_ref(self)
    }

    #[getter]
    fn __dict__(&self, thread: &mut Thread) -> Option<Py<Dict>> {
        instance_dict::dict(self, thread)
    }

    #[setter(name = "__dict__")]
    fn set_dict(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        instance_dict::set_dict(self, value, thread)
    }
}
