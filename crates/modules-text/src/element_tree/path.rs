//! Whether a tag to look for is a path, which `xml.etree.ElementPath` understands.

use objects::protocol::buffer::bytes_contents;
use objects::refs::Object;
use objects::str::Str;

/// True if it has characters that mean something in paths outside of braces, or might, for all we know.
pub fn is_path(tag: &Object) -> bool {
    if let Some(text) = tag.downcast::<Str>() {
        return has_path(&|at| text.code_point(at), text.length());
    }
    if let Some(bytes) = bytes_contents(tag) {
        return has_path(&|at| bytes.get(at).map(|it| u32::from(*it)), bytes.len());
    }
    true
}

fn has_path(at: &dyn Fn(usize) -> Option<u32>, length: usize) -> bool {
    let is = |place: usize, wanted: char| at(place) == Some(u32::from(wanted));
    // `{}tag` and `{*}tag` are wildcards.
    if length >= 3 && is(0, '{') && (is(1, '}') || is(1, '*') && is(2, '}')) {
        return true;
    }
    let mut outside = true;
    for place in 0..length {
        match at(place).and_then(char::from_u32) {
            Some('{') => outside = false,
            Some('}') => outside = true,
            Some('/' | '*' | '[' | '@' | '.') if outside => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::has_path;

    #[test]
    fn braces_hide_what_means_something_in_paths() {
        let check = |text: &str| {
            let points: Vec<u32> = text.chars().map(u32::from).collect();
            has_path(&|at| points.get(at).copied(), points.len())
        };
        for plain in ["", "a", "{http://x/y.z}a", "{*", "a-b"] {
            assert!(!check(plain), "{plain}");
        }
        for path in ["a/b", "*", ".", "a[1]", "@x", "{*}a", "{}a", "{u}*"] {
            assert!(check(path), "{path}");
        }
    }
}
