//! The locale of characters at the start: the environment's, or instead of the C locale one that knows Unicode (PEP 538), and whether
//! the interpreter takes everything for UTF-8 (PEP 540).
//!
//! Called once, before an interpreter starts. It may set `LC_CTYPE` in the environment, so that child processes agree.

use modules_core::config::Config;
use system::locale;

/// What may stand in for the C locale, the best first.
const TARGETS: [&str; 3] = ["C.UTF-8", "C.utf8", "UTF-8"];

/// Sets the process's locale, and what the configuration says of it.
pub fn set_up(config: &mut Config, chosen_mode: Option<bool>) {
    locale::adopt_environment();
    let is_plain = locale::name() == "C";
    if is_plain {
        coerce(config);
    }
    config.utf8_mode = chosen_mode.unwrap_or(is_plain);
    config.locale_encoding = locale::encoding();
    let name = locale::name();
    config.escapes_streams = config.utf8_mode || name == "C" || TARGETS.contains(&name.as_str());
}

/// PEP 538: a locale that knows more than ASCII in the place of the C locale, unless the environment insists on that one.
fn coerce(config: &Config) {
    let wish = config.environment_variable("PYTHONCOERCECLOCALE");
    let warns = wish.as_ref().is_some_and(|it| it == "warn");
    if wish.is_some_and(|it| it == "0") {
        return;
    }
    let is_forced = std::env::var_os("LC_ALL").is_some_and(|it| !it.is_empty());
    let target = if is_forced { None } else { TARGETS.into_iter().find(|it| locale::adopt(it)) };
    if let Some(target) = target {
        // SAFETY: the process has no second thread yet that could read the environment.
        unsafe { std::env::set_var("LC_CTYPE", target) };
    }
    match target {
        _ if !warns => {}
        Some(target) => objects::error_line!(
            "Python detected LC_CTYPE=C: LC_CTYPE coerced to {target} (set another locale or PYTHONCOERCECLOCALE=0 to \
             disable this locale coercion behavior)."
        ),
        None => objects::error_line!(
            "Python runtime initialized with LC_CTYPE=C (a locale with default ASCII encoding), which may cause Unicode \
             compatibility problems. Using C.UTF-8, C.utf8, or UTF-8 (if available) as alternative Unicode-compatible \
             locales is recommended."
        ),
    }
}
