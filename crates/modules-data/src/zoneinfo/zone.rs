//! `ZoneInfo`: a time zone of the system's database.
//!
//! The library finds and reads the files (`zoneinfo._tzpath`, `zoneinfo._common`); here is what holds when.

use std::cell::Cell;
use std::mem::offset_of;

use builtins::bytes::Bytes;
use layout::PyObject;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::cache;
use super::rules::{self, Changing, Rules};
use super::table::{Holds, Table, summer_offsets};
use crate::datetime::arguments::{Call, Parameters};
use crate::datetime::calendar::{self, SECONDS_A_DAY, Span};
use crate::datetime::date_time::DateTime;
use crate::datetime::delta::Delta;
use crate::datetime::parts::{Uncollected, imported};
use crate::datetime::zone::{TimeZoneInfo, utc_argument};

/// January 1, 1970.
const EPOCH_ORDINAL: i64 = 719_163;

/// Where a zone came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    #[default]
    NoCache,
    Cache,
    File,
}

/// A zone of the database.
#[derive(Instance)]
#[repr(C)]
pub struct ZoneInfo {
    base: TimeZoneInfo,
    key: Field,
    /// How the file is shown that the zone was read from, if it has no key.
    file: Field,
    weak_references: Cell<*mut PyObject>,
    source: Cell<Source>,
    data: Uncollected<Data>,
}

/// A kind of time: what the three questions are answered with.
struct Kind {
    offset: Py<Delta>,
    daylight: Py<Delta>,
    name: Py<Object>,
}

/// What holds when.
struct Data {
    table: Table,
    kinds: Vec<Kind>,
    after: After,
    /// True if the answers do not depend on the time.
    fixed: bool,
}

/// What holds after the last transition, by numbers of kinds.
enum After {
    Kind(usize),
    Rules { rules: Changing, standard: usize, summer: usize },
}

/// The parts of a time that zones look at.
struct Moment {
    /// Seconds since 1970, as if it were UTC.
    seconds: i64,
    year: i32,
    fold: bool,
}

static PARAMETERS: Parameters =
    Parameters { function: Some("ZoneInfo"), names: &["key"], required: 1, most_positional: 1 };

fn span_of(seconds: i64, thread: &mut Thread) -> PyResult<Py<Delta>> {
    Delta::from_result(Span::normalized(0, seconds, 0), thread)
}

/// The numbers of a tuple.
fn numbers(object: &Object, thread: &mut Thread) -> PyResult<Vec<i64>> {
    let items = protocol::collect(object, thread)?;
    let mut numbers = Vec::with_capacity(items.len());
    for item in items {
        numbers.push(protocol::index_as_isize(&item, thread)? as i64);
    }
    Ok(numbers)
}

impl Data {
    /// Reads a file by the library's function.
    fn load(file: &Object, thread: &mut Thread) -> PyResult<Self> {
        let load = imported_submodule("zoneinfo._common", "load_data", thread)?;
        let loaded = protocol::call_one(&load, file, thread)?;
        let Some([indices, moments, offsets, summer, names, rules]) = loaded.downcast::<Tuple>().map(Tuple::items)
        else {
            return Err(raise!(thread, TypeError, "load_data() must return a tuple of six items"));
        };
        let moments = numbers(moments, thread)?;
        let offsets = numbers(offsets, thread)?;
        let summer: Vec<bool> = numbers(summer, thread)?.iter().map(|it| *it != 0).collect();
        let indices: Vec<usize> = numbers(indices, thread)?.iter().map(|it| *it as usize).collect();
        let names = protocol::collect(names, thread)?;
        let consistent = indices.len() == moments.len()
            && summer.len() == offsets.len()
            && names.len() == offsets.len()
            && indices.iter().all(|it| *it < offsets.len());
        if !consistent {
            return Err(raise!(thread, ValueError, "Invalid transition index found while reading TZif"));
        }
        let mut kinds = Vec::with_capacity(offsets.len());
        for ((offset, daylight), name) in offsets.iter().zip(summer_offsets(&indices, &offsets, &summer)).zip(names) {
            kinds.push(Kind { offset: span_of(*offset, thread)?, daylight: span_of(daylight, thread)?, name });
        }
        let table = Table::new(moments, indices, offsets, &summer);
        let of_file = kinds.len();
        let after = match rules.downcast::<Bytes>().filter(|it| it.length() > 0) {
            Some(text) => read_rules(text, &mut kinds, thread)?,
            None => match table.last_kind().or(of_file.checked_sub(1)) {
                Some(kind) => After::Kind(kind),
                None => return Err(raise!(thread, ValueError, "No time zone information found.")),
            },
        };
        let fixed = match &after {
            After::Rules { .. } => false,
            After::Kind(kind) => of_file == 0 || of_file == 1 && is_same(&kinds[0], &kinds[*kind], thread)?,
        };
        Ok(Self { table, kinds, after, fixed })
    }

    /// The number of the kind that holds at a local time.
    fn at_local(&self, time: &Moment) -> Option<usize> {
        match self.table.at_local(time.seconds, time.fold) {
            Holds::Kind(kind) => Some(kind),
            Holds::Nothing => None,
            Holds::Rules => Some(match &self.after {
                After::Kind(kind) => *kind,
                After::Rules { rules, standard, summer } => {
                    if rules.is_summer(time.seconds, time.year, time.fold) {
                        *summer
                    } else {
                        *standard
                    }
                }
            }),
        }
    }

    /// The number of the kind that holds at a moment, and the fold of its local time.
    fn at_moment(&self, time: &Moment) -> (Option<usize>, bool) {
        let (holds, fold) = self.table.at_moment(time.seconds);
        let (kind, fold) = match (holds, &self.after) {
            (Holds::Kind(kind), _) => return (Some(kind), fold),
            (Holds::Nothing, _) => return (None, fold),
            (Holds::Rules, After::Kind(kind)) => (*kind, fold),
            (Holds::Rules, After::Rules { rules, standard, summer }) => {
                let (is_summer, fold) = rules.at_moment(time.seconds, time.year);
                (if is_summer { *summer } else { *standard }, fold)
            }
        };
        let offset = self.kinds[kind].offset.span().whole_seconds();
        (Some(kind), fold || self.table.repeats_last(time.seconds, offset))
    }
}

/// The rules after the last transition; their kinds of time come after those of the file.
fn read_rules(text: &Bytes, kinds: &mut Vec<Kind>, thread: &mut Thread) -> PyResult<After> {
    let rules = match rules::parse(text.as_slice()) {
        Ok(rules) => rules,
        Err(malformed) => {
            let shown = protocol::repr(text, thread)?.to_string_lossy();
            return Err(raise!(thread, ValueError, "{} {shown}", malformed.message()));
        }
    };
    let first = kinds.len();
    let mut add = |name: &str, offset: i32, daylight: i64| -> PyResult<()> {
        let name = Str::from_str(name, thread).into_object();
        let (offset, daylight) = (span_of(i64::from(offset), thread)?, span_of(daylight, thread)?);
        kinds.push(Kind { offset, daylight, name });
        Ok(())
    };
    match rules {
        Rules::Fixed { name, offset } => {
            add(&name, offset, 0)?;
            Ok(After::Kind(first))
        }
        Rules::Changing(rules) => {
            add(&rules.standard_name, rules.standard_offset, 0)?;
            let difference = i64::from(rules.summer_offset) - i64::from(rules.standard_offset);
            add(&rules.summer_name, rules.summer_offset, difference)?;
            Ok(After::Rules { rules, standard: first, summer: first + 1 })
        }
    }
}

fn is_same(left: &Kind, right: &Kind, thread: &mut Thread) -> PyResult<bool> {
    let same = left.offset.span() == right.offset.span() && left.daylight.span() == right.daylight.span();
    Ok(same && protocol::equals(&left.name, &right.name, thread)?)
}

/// An attribute of a module within a package.
fn imported_submodule(module: &str, attribute: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    // `__import__` gives the package; its attribute is the module then.
    let (package, name) = module.split_once('.').unwrap_or((module, ""));
    let import = protocol::builtin(&objects::names::__import__, thread)?;
    let full = thread.intern_text(module);
    protocol::call_one(&import, &full, thread)?;
    let module = imported(package, name, thread)?;
    let attribute = thread.intern_text(attribute);
    protocol::get_attribute(&module, &attribute, thread)
}

/// An attribute that is a number.
fn part(time: &Object, name: &str, thread: &mut Thread) -> PyResult<i64> {
    let name = thread.intern_text(name);
    let value = protocol::get_attribute(time, &name, thread)?;
    Ok(protocol::index_as_isize(&value, thread)? as i64)
}

impl Moment {
    /// What a datetime shows; of other objects, what they say for it.
    fn of(time: &Object, thread: &mut Thread) -> PyResult<Self> {
        if let Some(time) = time.downcast_exact::<DateTime>() {
            return Ok(Self::shown_by(time));
        }
        let name = thread.intern_text("toordinal");
        let ordinal = protocol::call_method(time, &name, &[], thread)?;
        let ordinal = protocol::index_as_isize(&ordinal, thread)? as i64;
        let hours = part(time, "hour", thread)?;
        let minutes = part(time, "minute", thread)?;
        let seconds = part(time, "second", thread)?;
        let fold = part(time, "fold", thread)? != 0;
        let year = part(time, "year", thread)?.clamp(1, 9999) as i32;
        let days = ordinal.saturating_sub(EPOCH_ORDINAL).saturating_mul(SECONDS_A_DAY);
        let seconds = hours.saturating_mul(3600).saturating_add(minutes.saturating_mul(60)).saturating_add(seconds);
        Ok(Self { seconds: days.saturating_add(seconds), year, fold })
    }

    fn shown_by(time: &DateTime) -> Self {
        let day = time.day_value();
        let seconds = (day.ordinal() - EPOCH_ORDINAL) * SECONDS_A_DAY + time.clock().seconds();
        Self { seconds, year: day.year, fold: time.fold_value() != 0 }
    }
}

impl ZoneInfo {
    fn with(class: &Type, data: Data, source: Source, thread: &mut Thread) -> PyResult<Py<ZoneInfo>> {
        let zone = ZoneInfo {
            base: TimeZoneInfo::with_class(ZoneInfo::class()),
            key: Field::EMPTY,
            file: Field::EMPTY,
            weak_references: Cell::new(std::ptr::null_mut()),
            source: Cell::new(source),
            data: Uncollected(data),
        };
        Py::new_in(class, zone, thread)
    }

    /// A zone by its key, read anew.
    fn read(class: &Type, key: &Object, source: Source, thread: &mut Thread) -> PyResult<Py<ZoneInfo>> {
        let find = imported_submodule("zoneinfo._tzpath", "find_tzfile", thread)?;
        let path = protocol::call_one(&find, key, thread)?;
        let file = if path.is_none() {
            let load = imported_submodule("zoneinfo._common", "load_tzdata", thread)?;
            protocol::call_one(&load, key, thread)?
        } else {
            let open = imported("io", "open", thread)?;
            let mode = Str::from_str("rb", thread);
            protocol::call(&open, &[&path, &mode], thread)?
        };
        let loaded = Data::load(&file, thread);
        let data = match loaded {
            Ok(data) => {
                protocol::call_method(&file, &objects::names::close, &[], thread)?;
                data
            }
            Err(raised) => {
                let error = thread.catch(raised);
                if let Err(raised) = protocol::call_method(&file, &objects::names::close, &[], thread) {
                    drop(thread.catch(raised));
                }
                return Err(thread.reraise(error));
            }
        };
        let zone = Self::with(class, data, source, thread)?;
        zone.key.set(Some(Py::from_ref(key)));
        Ok(zone)
    }

    /// The kind of time that holds; None if nothing is known, as for None where the answers depend on the time.
    fn kind_at(&self, time: &Object, thread: &mut Thread) -> PyResult<Option<&Kind>> {
        let data = &self.data.0;
        let kind = if time.is_none() {
            match &data.after {
                After::Kind(kind) if data.fixed => Some(*kind),
                _ => None,
            }
        } else {
            let moment = Moment::of(time, thread)?;
            data.at_local(&moment)
        };
        Ok(kind.map(|it| &data.kinds[it]))
    }

    fn constructed(class: &Type, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let is_base = class.is(ZoneInfo::class());
        if is_base && let Some(zone) = cache::recent(key, thread)? {
            return Ok(zone);
        }
        let weak = cache::weak(class, thread)?;
        let get = thread.intern_text("get");
        let none = thread.none();
        let mut zone = protocol::call_method(&weak, &get, &[key, &none], thread)?;
        let is_new = zone.is_none();
        if is_new {
            let made = Self::read(class, key, Source::NoCache, thread)?;
            let set = thread.intern_text("setdefault");
            zone = protocol::call_method(&weak, &set, &[key, &made], thread)?;
        }
        if !zone.class().is_subtype(class) {
            let (found, class) = (zone.class().full_name(), class.short_name());
            let key = protocol::repr(key, thread)?.to_string_lossy();
            let message = format_args!("Unexpected instance of {found} in {class} weak cache for key {key}");
            return Err(raise!(thread, RuntimeError, "{message}"));
        }
        if is_new && let Some(zone) = zone.downcast::<ZoneInfo>() {
            zone.source.set(Source::Cache);
        }
        if is_base {
            cache::note(key, &zone, thread);
        }
        Ok(zone)
    }
}

#[python_type(
    name = "zoneinfo.ZoneInfo", base = TimeZoneInfo, flags(HEAPTYPE, BASETYPE), members(key: Object),
    weaklist_offset = offset_of!(ZoneInfo, weak_references)
)]
impl ZoneInfo {
    #[new]
    #[signature("(*args, **kwargs)")]
    fn new_zone(
        class: &Type,
        arguments: &[&Object],
        keywords: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let call = Call::new(&PARAMETERS, arguments, keywords.as_deref(), thread)?;
        let key = call.object(0, thread)?.unwrap_or_else(|| thread.none());
        call.finish(thread)?;
        Self::constructed(class, &key, thread)
    }

    /// Function to initialize subclasses.
    #[classmethod]
    #[signature("(*args, **kwargs)")]
    fn __init_subclass__(
        class: &Type,
        _arguments: &[&Object],
        _keywords: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        cache::give_to(class, thread)
    }

    /// clear_cache($type, /, *, only_keys=None)
    /// --
    ///
    /// Clear the ZoneInfo cache.
    #[defining_class]
    #[classmethod]
    fn clear_cache(class: &Type, only_keys: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let weak = cache::weak(class, thread)?;
        let is_base = class.is(ZoneInfo::class());
        let Some(keys) = only_keys.filter(|it| !it.is_none()) else {
            let clear = thread.intern_text("clear");
            protocol::call_method(&weak, &clear, &[], thread)?;
            if is_base {
                cache::forget_all(thread);
            }
            return Ok(());
        };
        let keys = protocol::iter(keys, thread)?;
        let pop = thread.intern_text("pop");
        let none = thread.none();
        while let Some(key) = protocol::next(&keys, thread)? {
            if is_base {
                cache::forget(&key, thread)?;
            }
            protocol::call_method(&weak, &pop, &[&key, &none], thread)?;
        }
        Ok(())
    }

    /// no_cache($type, /, key)
    /// --
    ///
    /// Get a new instance of ZoneInfo, bypassing the cache.
    #[defining_class]
    #[classmethod]
    fn no_cache(class: &Type, key: &Object, thread: &mut Thread) -> PyResult<Py<ZoneInfo>> {
        Self::read(class, key, Source::NoCache, thread)
    }

    /// from_file($type, file_obj, /, key=None)
    /// --
    ///
    /// Create a ZoneInfo file from a file object.
    #[defining_class]
    #[classmethod]
    fn from_file(class: &Type, file_obj: &Object, key: Option<&Object>, thread: &mut Thread) -> PyResult<Py<ZoneInfo>> {
        let shown = protocol::repr(file_obj, thread)?;
        let data = Data::load(file_obj, thread)?;
        let zone = Self::with(class, data, Source::File, thread)?;
        zone.file.set(Some(shown.into_object()));
        zone.key.set(key.map(Py::from_ref));
        Ok(zone)
    }

    /// utcoffset($self, dt, /)
    /// --
    ///
    /// Retrieve a timedelta representing the UTC offset in a zone at the given datetime.
    #[defining_class]
    #[method]
    fn utcoffset(&self, dt: &Object, thread: &mut Thread) -> PyResult<Option<Py<Delta>>> {
        Ok(self.kind_at(dt, thread)?.map(|it| it.offset.clone()))
    }

    /// dst($self, dt, /)
    /// --
    ///
    /// Retrieve a timedelta representing the amount of DST applied in a zone at the given datetime.
    #[defining_class]
    #[method]
    fn dst(&self, dt: &Object, thread: &mut Thread) -> PyResult<Option<Py<Delta>>> {
        Ok(self.kind_at(dt, thread)?.map(|it| it.daylight.clone()))
    }

    /// tzname($self, dt, /)
    /// --
    ///
    /// Retrieve a string containing the abbreviation for the time zone that applies in a zone at a given datetime.
    #[defining_class]
    #[method]
    fn tzname(&self, dt: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        Ok(self.kind_at(dt, thread)?.map(|it| it.name.clone()))
    }

    /// fromutc($self, object, /)
    /// --
    ///
    /// Given a datetime with local time in UTC, retrieve an adjusted datetime in local time.
    #[method]
    fn fromutc(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let time = utc_argument(self, object, thread)?;
        let (kind, fold) = self.data.0.at_moment(&Moment::shown_by(time));
        let offset = match kind {
            Some(kind) => self.data.0.kinds[kind].offset.clone(),
            None => span_of(0, thread)?,
        };
        if time.is_exactly::<DateTime>() {
            let moved = calendar::shifted(time.day_value(), time.clock(), offset.span(), true);
            let Some((day, clock)) = moved else {
                return Err(raise!(thread, OverflowError, "date value out of range"));
            };
            return DateTime::make(time.class(), day, clock, time.zone(), i32::from(fold), thread);
        }
        let moved = protocol::add(time, &offset, thread)?;
        if !fold {
            return Ok(moved);
        }
        let name = thread.intern_text("fold").into_object();
        let names = Tuple::new(vec![name], thread)?;
        let (method, one) = (thread.intern_text("replace"), protocol::make_int(1, thread));
        protocol::call_method_vector(&moved, &method, &[&one], Some(&names), thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Function for serialization with the pickle protocol.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if self.source.get() == Source::File {
            let class = imported("pickle", "PicklingError", thread)?;
            let message = Str::from_str("Cannot pickle a ZoneInfo file from a file stream.", thread);
            let error = protocol::call_one(&class, &message, thread)?;
            return Err(thread.raise(error));
        }
        let class = Py::from_ref(self.class());
        let name = thread.intern_text("_unpickle");
        let function = protocol::get_attribute(&class, &name, thread)?;
        let key = self.key.get().unwrap_or_else(|| thread.none());
        let cached = protocol::make_int(i128::from(self.source.get() == Source::Cache), thread);
        let arguments = Tuple::new(vec![key, cached], thread)?.into_object();
        Tuple::new(vec![function, arguments], thread)
    }

    /// _unpickle($type, key, from_cache, /)
    /// --
    ///
    /// Private method used in unpickling.
    #[defining_class]
    #[classmethod]
    fn _unpickle(class: &Type, key: &Object, from_cache: u8, thread: &mut Thread) -> PyResult<Py<Object>> {
        if from_cache != 0 {
            return protocol::call_one(class, key, thread);
        }
        Self::read(class, key, Source::NoCache, thread).map(Py::into_object)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let class = self.class().full_name();
        if let Some(key) = self.key.get().filter(|it| !it.is_none()) {
            let mut text = protocol::ContainerRepr::open(&format!("{class}(key="));
            text.push_repr(&key, thread)?;
            text.push(")");
            return text.finish(thread);
        }
        let file = match self.file.get() {
            Some(file) => protocol::str(&file, thread)?.to_string_lossy(),
            None => "None".to_owned(),
        };
        Ok(Str::from_str(&format!("{class}.from_file({file})"), thread))
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        match self.key.get().filter(|it| !it.is_none()) {
            Some(key) => protocol::str(&key, thread),
            None => protocol::repr(self, thread),
        }
    }
}
