//! `_suggestions`: what `traceback` asks for «Did you mean …?».

use interpreter::function::most_similar;
use macros::python_module;
use objects::errors::PyResult;
use objects::list::List;
use objects::raise;
use objects::refs::Object;
use objects::str::Str;
use objects::thread::Thread;

pub struct SuggestionsModule;

#[python_module(name = "_suggestions")]
impl SuggestionsModule {
    /// _generate_suggestions($module, candidates, item, /)
    /// --
    ///
    /// Returns the candidate in candidates that's closest to item
    #[function]
    fn _generate_suggestions(candidates: &Object, item: &Str, thread: &mut Thread) -> PyResult<Option<String>> {
        let Some(list) = candidates.downcast_exact::<List>() else {
            return Err(raise!(thread, TypeError, "candidates must be a list"));
        };
        let texts = list.items(thread).iter().map(|it| it.downcast::<Str>().map(Str::to_string_lossy));
        let Some(texts) = texts.collect::<Option<Vec<_>>>() else {
            return Err(raise!(thread, TypeError, "all elements in 'candidates' must be strings"));
        };
        Ok(most_similar(&texts, &item.to_string_lossy()).map(str::to_owned))
    }
}
