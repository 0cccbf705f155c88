//! Private names: `__name` within class `C` becomes `_C__name` (language reference, «Identifiers (Names)»).

use syntax::interner::{Interner, Symbol};
use text::wtf8::Wtf8;

/// The name that `name` has within a class called `class`.
pub fn mangle(class: Option<Symbol>, name: Symbol, interner: &mut Interner<'_>) -> Symbol {
    let Some(class) = class.filter(|_| name.is_private()) else { return name };
    let class = interner.text(class).as_bytes();
    let Some(start) = class.iter().position(|byte| *byte != b'_') else { return name };
    let mangled = [b"_", &class[start..], interner.text(name).as_bytes()].concat();
    Wtf8::from_bytes(&mangled).map_or(name, |mangled| interner.intern(mangled))
}
