//! Case conversion of strings with Unicode's full mappings.

use crate::builder::{SizeError, StrBuilder, StrData, try_vec};
use crate::unicode_data::characters;
use crate::view::StrView;

const CAPITAL_SIGMA: u32 = 0x3A3;
const SMALL_SIGMA: u32 = 0x3C3;
const FINAL_SIGMA: u32 = 0x3C2;

/// `str.lower`.
pub fn lower(text: StrView<'_>) -> Result<StrData, SizeError> {
    if let Some(bytes) = text.as_ascii() {
        return mapped(bytes, u8::to_ascii_lowercase);
    }
    convert(text, |builder, index, point| push_lower(builder, text, index, point))
}

/// `str.upper`.
pub fn upper(text: StrView<'_>) -> Result<StrData, SizeError> {
    if let Some(bytes) = text.as_ascii() {
        return mapped(bytes, u8::to_ascii_uppercase);
    }
    convert(text, |builder, _, point| push_all(builder, characters::upper(point)))
}

/// `str.casefold`.
pub fn casefold(text: StrView<'_>) -> Result<StrData, SizeError> {
    if let Some(bytes) = text.as_ascii() {
        return mapped(bytes, u8::to_ascii_lowercase);
    }
    convert(text, |builder, _, point| push_all(builder, characters::fold(point)))
}

/// `str.swapcase`.
pub fn swapcase(text: StrView<'_>) -> Result<StrData, SizeError> {
    convert(text, |builder, index, point| {
        if characters::is_upper(point) {
            push_lower(builder, text, index, point);
        } else if characters::is_lower(point) {
            push_all(builder, characters::upper(point));
        } else {
            builder.push(point);
        }
    })
}

/// `str.capitalize`.
pub fn capitalize(text: StrView<'_>) -> Result<StrData, SizeError> {
    convert(text, |builder, index, point| {
        if index == 0 {
            push_all(builder, characters::title(point));
        } else {
            push_lower(builder, text, index, point);
        }
    })
}

/// `str.title`.
pub fn title(text: StrView<'_>) -> Result<StrData, SizeError> {
    let mut in_word = false;
    convert(text, |builder, index, point| {
        if in_word {
            push_lower(builder, text, index, point);
        } else {
            push_all(builder, characters::title(point));
        }
        in_word = characters::is_cased(point);
    })
}

fn convert(text: StrView<'_>, mut push: impl FnMut(&mut StrBuilder, usize, u32)) -> Result<StrData, SizeError> {
    let mut builder = StrBuilder::with_capacity(text.len());
    for (index, point) in text.iter().enumerate() {
        push(&mut builder, index, point);
    }
    builder.finish()
}

// Each byte of an ASCII text mapped to another.
fn mapped(bytes: &[u8], map: fn(&u8) -> u8) -> Result<StrData, SizeError> {
    let mut units = try_vec(Some(bytes.len()))?;
    units.extend(bytes.iter().map(map));
    Ok(StrData::Ascii(units))
}

fn push_all(builder: &mut StrBuilder, mapped: characters::Mapped) {
    match mapped.as_slice() {
        [point] => builder.push(*point),
        points => points.iter().for_each(|point| builder.push(*point)),
    }
}

fn push_lower(builder: &mut StrBuilder, text: StrView<'_>, index: usize, point: u32) {
    if point == CAPITAL_SIGMA {
        builder.push(if is_final_sigma(text, index) { FINAL_SIGMA } else { SMALL_SIGMA });
    } else {
        push_all(builder, characters::lower(point));
    }
}

// Unicode's Final_Sigma: a cased letter comes before and none after, case-ignorable characters left out.
fn is_final_sigma(text: StrView<'_>, index: usize) -> bool {
    let cased = |mut points: crate::view::CodePoints<'_>, backwards: bool| {
        let mut step = || if backwards { points.next_back() } else { points.next() };
        loop {
            match step() {
                Some(point) if characters::is_case_ignorable(point) => {}
                other => return other.is_some_and(characters::is_cased),
            }
        }
    };
    cased(text.slice(0..index).iter(), true) && !cased(text.slice_from(index + 1).iter(), false)
}
