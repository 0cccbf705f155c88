//! Making bytes from bytes: `replace`, `join`, padding, `expandtabs`, `translate`.

use super::find::matches;
use crate::builder::{SizeError, try_vec};
use crate::growth::collect;
use crate::strings::make::{expanded_length, next_column, spaces_at};

/// `replace(old, new, limit)`; None if nothing changes.
pub fn replace(bytes: &[u8], old: &[u8], new: &[u8], limit: usize) -> Result<Option<Vec<u8>>, SizeError> {
    if limit == 0 || old == new {
        return Ok(None);
    }
    let indices = match old.is_empty() {
        true => collect(0..limit.min(bytes.len() + 1))?,
        false => collect(matches(bytes, old).take(limit))?,
    };
    if indices.is_empty() {
        return Ok(None);
    }
    let kept = bytes.len() - indices.len() * old.len();
    let mut out = try_vec(indices.len().checked_mul(new.len()).and_then(|added| added.checked_add(kept)))?;
    let mut start = 0;
    for index in indices {
        out.extend_from_slice(&bytes[start..index]);
        out.extend_from_slice(new);
        start = index + old.len();
    }
    out.extend_from_slice(&bytes[start..]);
    Ok(Some(out))
}

/// `separator.join(parts)`.
pub fn join(separator: &[u8], parts: &[&[u8]]) -> Result<Vec<u8>, SizeError> {
    let separators = separator.len().checked_mul(parts.len().saturating_sub(1));
    let length = parts.iter().fold(separators, |length, part| length.and_then(|length| length.checked_add(part.len())));
    let mut out = try_vec(length)?;
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.extend_from_slice(separator);
        }
        out.extend_from_slice(part);
    }
    Ok(out)
}

/// `bytes * count`.
pub fn repeat(bytes: &[u8], count: usize) -> Result<Vec<u8>, SizeError> {
    let mut out = try_vec(bytes.len().checked_mul(count))?;
    match bytes {
        [] => {}
        [byte] => out.resize(count, *byte),
        _ => (0..count).for_each(|_| out.extend_from_slice(bytes)),
    }
    Ok(out)
}

/// The bytes with `fill` added `left` and `right` times around them.
pub fn pad(bytes: &[u8], left: usize, right: usize, fill: u8) -> Result<Vec<u8>, SizeError> {
    let length = left.checked_add(right).and_then(|margins| margins.checked_add(bytes.len()));
    let mut out = try_vec(length)?;
    out.resize(left, fill);
    out.extend_from_slice(bytes);
    out.resize(left + bytes.len() + right, fill);
    Ok(out)
}

/// `zfill(width)`; None if the bytes are wide enough.
pub fn zfill(bytes: &[u8], width: usize) -> Result<Option<Vec<u8>>, SizeError> {
    let Some(zeros) = width.checked_sub(bytes.len()).filter(|zeros| *zeros > 0) else { return Ok(None) };
    let (sign, digits) = bytes.split_at(usize::from(matches!(bytes.first(), Some(b'+' | b'-'))));
    let mut out = try_vec(Some(width))?;
    out.extend_from_slice(sign);
    out.resize(sign.len() + zeros, b'0');
    out.extend_from_slice(digits);
    Ok(Some(out))
}

/// `expandtabs(tab_size)`.
pub fn expand_tabs(bytes: &[u8], tab_size: usize) -> Result<Vec<u8>, SizeError> {
    let mut out = try_vec(expanded_length(bytes.iter().map(|byte| u32::from(*byte)), tab_size))?;
    let mut column = 0;
    for byte in bytes {
        if *byte == b'\t' {
            let spaces = spaces_at(column, tab_size);
            out.resize(out.len() + spaces, b' ');
            column += spaces;
        } else {
            out.push(*byte);
            column = next_column(column, u32::from(*byte));
        }
    }
    Ok(out)
}

/// `translate(table, delete)`; no table means every byte stays.
pub fn translate(bytes: &[u8], table: Option<&[u8; 256]>, delete: &[u8]) -> Result<Vec<u8>, SizeError> {
    let mut deleted = [false; 256];
    delete.iter().for_each(|byte| deleted[usize::from(*byte)] = true);
    let kept = bytes.iter().filter(|byte| !deleted[usize::from(**byte)]);
    let mut out = try_vec(Some(bytes.len()))?;
    match table {
        Some(table) => out.extend(kept.map(|byte| table[usize::from(*byte)])),
        None => out.extend(kept.copied()),
    }
    Ok(out)
}

/// `maketrans(from, to)`; None if the lengths differ.
pub fn make_translation(from: &[u8], to: &[u8]) -> Option<[u8; 256]> {
    if from.len() != to.len() {
        return None;
    }
    let mut table = std::array::from_fn(|byte| byte as u8);
    for (from, to) in from.iter().zip(to) {
        table[usize::from(*from)] = *to;
    }
    Some(table)
}
