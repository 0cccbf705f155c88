//! `gc`: the collector's controls. The collector itself is the object core's.

use macros::python_module;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::gc::{self, DebugFlags, GENERATIONS, Reason};
use objects::int::Int;
use objects::list::List;
use objects::module::Module;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;

pub struct GcModule;

/// This module provides access to the garbage collector for reference cycles.
///
/// enable() -- Enable automatic garbage collection.
/// disable() -- Disable automatic garbage collection.
/// isenabled() -- Returns true if automatic collection is enabled.
/// collect() -- Do a full collection right now.
/// get_count() -- Return the current collection counts.
/// get_stats() -- Return list of dictionaries containing per-generation stats.
/// set_debug() -- Set debugging flags.
/// get_debug() -- Get debugging flags.
/// set_threshold() -- Set the collection thresholds.
/// get_threshold() -- Return the current collection thresholds.
/// get_objects() -- Return a list of all objects tracked by the collector.
/// is_tracked() -- Returns true if a given object is tracked.
/// is_finalized() -- Returns true if a given object has been already finalized.
/// get_referrers() -- Return the list of objects that refer to an object.
/// get_referents() -- Return the list of objects that an object refers to.
/// freeze() -- Freeze all tracked objects and ignore them for future collections.
/// unfreeze() -- Unfreeze all objects in the permanent generation.
/// get_freeze_count() -- Return the number of objects in the permanent generation.
#[python_module(name = "gc")]
impl GcModule {
    /// enable($module, /)
    /// --
    ///
    /// Enable automatic garbage collection.
    #[function]
    fn enable(thread: &mut Thread) {
        thread.interpreter().gc.set_enabled(true);
    }

    /// disable($module, /)
    /// --
    ///
    /// Disable automatic garbage collection.
    #[function]
    fn disable(thread: &mut Thread) {
        thread.interpreter().gc.set_enabled(false);
    }

    /// isenabled($module, /)
    /// --
    ///
    /// Returns true if automatic garbage collection is enabled.
    #[function]
    fn isenabled(thread: &mut Thread) -> bool {
        thread.interpreter().gc.is_enabled()
    }

    /// collect($module, /, generation=2)
    /// --
    ///
    /// Run the garbage collector.
    ///
    /// With no arguments, run a full collection.  The optional argument
    /// may be an integer specifying which generation to collect.  A ValueError
    /// is raised if the generation number is invalid.
    ///
    /// The number of unreachable objects is returned.
    #[function]
    fn collect(generation: Option<i32>, thread: &mut Thread) -> PyResult<usize> {
        let oldest = GENERATIONS as i32 - 1;
        let generation = generation.unwrap_or(oldest);
        if !(0..=oldest).contains(&generation) {
            return Err(raise!(thread, ValueError, "invalid generation"));
        }
        Ok(gc::collect(generation as usize, Reason::Asked, thread))
    }

    /// set_debug($module, flags, /)
    /// --
    ///
    /// Set the garbage collection debugging flags.
    ///
    ///   flags
    ///     An integer that can have the following bits turned on:
    ///       DEBUG_STATS - Print statistics during collection.
    ///       DEBUG_COLLECTABLE - Print collectable objects found.
    ///       DEBUG_UNCOLLECTABLE - Print unreachable but uncollectable objects
    ///         found.
    ///       DEBUG_SAVEALL - Save objects to gc.garbage rather than freeing them.
    ///       DEBUG_LEAK - Debug leaking programs (everything but STATS).
    ///
    /// Debugging information is written to sys.stderr.
    #[function]
    fn set_debug(flags: i32, thread: &mut Thread) {
        thread.interpreter().gc.debug.set(DebugFlags(flags));
    }

    /// get_debug($module, /)
    /// --
    ///
    /// Get the garbage collection debugging flags.
    #[function]
    fn get_debug(thread: &mut Thread) -> i32 {
        thread.interpreter().gc.debug.get().0
    }

    /// set_threshold(threshold0, [threshold1, [threshold2]])
    /// Set the collection thresholds (the collection frequency).
    ///
    /// Setting 'threshold0' to zero disables collection.
    #[function]
    #[signature("(*thresholds)")]
    fn set_threshold(thresholds: &[&Object], thread: &mut Thread) -> PyResult<()> {
        if thresholds.is_empty() || thresholds.len() > GENERATIONS {
            return Err(raise!(thread, TypeError, "gc.set_threshold requires 1 to 3 arguments"));
        }
        let mut numbers = Vec::new();
        for threshold in thresholds {
            let number = protocol::index(threshold, thread)?;
            let Some(number) = number.to_i128().and_then(|it| i64::try_from(it).ok()) else {
                return Err(raise!(thread, OverflowError, "Python int too large to convert to C long"));
            };
            let Ok(threshold) = i32::try_from(number) else {
                let bound = if number > 0 { "greater than maximum" } else { "less than minimum" };
                return Err(raise!(thread, OverflowError, "signed integer is {bound}"));
            };
            numbers.push(threshold);
        }
        for (generation, number) in numbers.into_iter().enumerate() {
            thread.interpreter().gc.set_threshold(generation, number as isize);
        }
        Ok(())
    }

    /// get_threshold($module, /)
    /// --
    ///
    /// Return the current collection thresholds.
    #[function]
    fn get_threshold(thread: &mut Thread) -> PyResult<Py<Tuple>> {
        three_numbers(thread.interpreter().gc.thresholds(), thread)
    }

    /// get_count($module, /)
    /// --
    ///
    /// Return a three-tuple of the current collection counts.
    #[function]
    fn get_count(thread: &mut Thread) -> PyResult<Py<Tuple>> {
        three_numbers(thread.interpreter().gc.counts(), thread)
    }

    /// get_referrers($module, /, *objs)
    /// --
    ///
    /// Return the list of objects that directly refer to any of 'objs'.
    #[function]
    #[signature("(*objs)")]
    fn get_referrers(objs: &[&Object], thread: &mut Thread) -> PyResult<Py<List>> {
        let audited = Tuple::from_slice(objs, thread)?;
        thread.audit("gc.get_referrers", &[&audited])?;
        drop(audited);
        let found = gc::referrers_of(objs, thread);
        List::new(found, thread)
    }

    /// get_referents($module, /, *objs)
    /// --
    ///
    /// Return the list of objects that are directly referred to by 'objs'.
    #[function]
    #[signature("(*objs)")]
    fn get_referents(objs: &[&Object], thread: &mut Thread) -> PyResult<Py<List>> {
        let audited = Tuple::from_slice(objs, thread)?;
        thread.audit("gc.get_referents", &[&audited])?;
        List::new(gc::referents_of(objs), thread)
    }

    /// get_objects($module, /, generation=None)
    /// --
    ///
    /// Return a list of objects tracked by the collector (excluding the list returned).
    ///
    ///   generation
    ///     Generation to extract the objects from.
    ///
    /// If generation is not None, return only the objects tracked by the
    /// collector that are in that generation.
    #[function]
    fn get_objects(generation: Option<&Object>, thread: &mut Thread) -> PyResult<Py<List>> {
        let number = match generation.filter(|it| !it.is_none()) {
            None => -1,
            Some(generation) => {
                if generation.downcast::<Int>().is_none() && !protocol::is_index(generation) {
                    let found = generation.class().short_name();
                    return Err(raise!(thread, TypeError, "argument should be integer or None, not '{found}'"));
                }
                let number = protocol::index_as_isize(generation, thread)?;
                if number >= GENERATIONS as isize {
                    let message = "generation parameter must be less than the number of available generations (3)";
                    return Err(raise!(thread, ValueError, "{message}"));
                }
                if number < -1 {
                    return Err(raise!(thread, ValueError, "generation parameter cannot be negative"));
                }
                number
            }
        };
        let audited = Int::from_i64(number as i64, thread);
        thread.audit("gc.get_objects", &[&audited])?;
        let found = gc::tracked_objects(usize::try_from(number).ok(), thread);
        List::new(found, thread)
    }

    /// get_stats($module, /)
    /// --
    ///
    /// Return a list of dictionaries containing per-generation statistics.
    #[function]
    fn get_stats(thread: &mut Thread) -> PyResult<Py<List>> {
        let mut all = Vec::new();
        for statistics in thread.interpreter().gc.statistics() {
            let dict = Dict::new(thread);
            for (name, number) in [
                ("collections", statistics.collections),
                ("collected", statistics.collected),
                ("uncollectable", statistics.uncollectable),
            ] {
                let (name, number) = (thread.intern_text(name), Int::from_i64(number as i64, thread));
                dict.set_str(&name, &number, thread)?;
            }
            all.push(dict.into_object());
        }
        List::new(all, thread)
    }

    /// is_tracked($module, obj, /)
    /// --
    ///
    /// Returns true if the object is tracked by the garbage collector.
    ///
    /// Simple atomic objects will return false.
    #[function]
    fn is_tracked(obj: &Object) -> bool {
        // SAFETY: asked of collectable objects only.
        gc::is_collectable(obj) && unsafe { gc::is_tracked(obj.as_pointer()) }
    }

    /// is_finalized($module, obj, /)
    /// --
    ///
    /// Returns true if the object has been already finalized by the GC.
    #[function]
    fn is_finalized(obj: &Object) -> bool {
        // SAFETY: asked of collectable objects only.
        gc::is_collectable(obj) && unsafe { gc::is_finalized(obj.as_pointer()) }
    }

    /// freeze($module, /)
    /// --
    ///
    /// Freeze all current tracked objects and ignore them for future collections.
    ///
    /// This can be used before a POSIX fork() call to make the gc copy-on-write
    /// friendly.
    /// Note: collection before a POSIX fork() call may free pages for future
    /// allocation which can cause copy-on-write.
    #[function]
    fn freeze(thread: &mut Thread) {
        gc::freeze(thread);
    }

    /// unfreeze($module, /)
    /// --
    ///
    /// Unfreeze all objects in the permanent generation.
    ///
    /// Put all objects in the permanent generation back into oldest generation.
    #[function]
    fn unfreeze(thread: &mut Thread) {
        gc::unfreeze(thread);
    }

    /// get_freeze_count($module, /)
    /// --
    ///
    /// Return the number of objects in the permanent generation.
    #[function]
    fn get_freeze_count(thread: &mut Thread) -> usize {
        gc::frozen_count(thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let (garbage, callbacks) = (List::empty(thread), List::empty(thread));
        module.set("garbage", &garbage, thread)?;
        module.set("callbacks", &callbacks, thread)?;
        thread.interpreter().gc.garbage.set(Some(garbage));
        thread.interpreter().gc.callbacks.set(Some(callbacks));
        for (name, flag) in [
            ("DEBUG_STATS", DebugFlags::STATS),
            ("DEBUG_COLLECTABLE", DebugFlags::COLLECTABLE),
            ("DEBUG_UNCOLLECTABLE", DebugFlags::UNCOLLECTABLE),
            ("DEBUG_SAVEALL", DebugFlags::SAVE_ALL),
            ("DEBUG_LEAK", DebugFlags::LEAK),
        ] {
            let number = Int::from_i64(i64::from(flag.0), thread);
            module.set(name, &number, thread)?;
        }
        Ok(())
    }
}

fn three_numbers(numbers: [isize; GENERATIONS], thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let numbers = numbers.map(|it| Int::from_i64(it as i64, thread).into_object());
    Tuple::from_iterator(numbers.into_iter(), thread)
}
