//! Private names: `__name` within class `C` becomes `_C__name` (language reference, «Identifiers (Names)»).

use text::wtf8::Wtf8Buf;

/// The name that `name` has within a class called `class`.
pub fn mangle(class: Option<&Wtf8Buf>, name: &Wtf8Buf) -> Wtf8Buf {
    let Some(class) = class else { return name.clone() };
    let bytes = name.as_bytes();
    // Names that end in two underscores are not private; a dotted name is a module's.
    if !bytes.starts_with(b"__") || bytes.ends_with(b"__") || bytes.contains(&b'.') {
        return name.clone();
    }
    let class = class.as_bytes();
    let Some(start) = class.iter().position(|byte| *byte != b'_') else { return name.clone() };
    let mut mangled = Vec::with_capacity(1 + class.len() - start + bytes.len());
    mangled.push(b'_');
    mangled.extend_from_slice(&class[start..]);
    mangled.extend_from_slice(bytes);
    Wtf8Buf::from_bytes(&mangled).unwrap_or_else(|| name.clone())
}
