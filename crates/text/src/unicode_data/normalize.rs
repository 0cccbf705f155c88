//! Normalization forms (Unicode Standard Annex 15).

use super::characters::flags;
use super::decompose::{compose, decomposition};
use super::generated_flags::{COMBINES, COMPOSES, NFC_NO, NFD_NO, NFKC_NO, NFKD_NO};
use super::generated_old::OLD_DECOMPOSITIONS;
use super::properties::Database;
use crate::builder::{SizeError, StrBuilder, StrData};
use crate::growth::{Grow, with_room};
use crate::view::StrView;

/// A normalization form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Canonical composition.
    Nfc,
    /// Canonical decomposition.
    Nfd,
    /// Compatibility composition.
    Nfkc,
    /// Compatibility decomposition.
    Nfkd,
}

impl Form {
    /// The form of this name.
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "NFC" => Some(Self::Nfc),
            "NFD" => Some(Self::Nfd),
            "NFKC" => Some(Self::Nfkc),
            "NFKD" => Some(Self::Nfkd),
            _ => None,
        }
    }

    fn is_composed(self) -> bool {
        matches!(self, Self::Nfc | Self::Nfkc)
    }

    fn is_compatible(self) -> bool {
        matches!(self, Self::Nfkc | Self::Nfkd)
    }

    // The flags that a character must not have for a text to be normal without a closer look.
    fn suspects(self) -> u32 {
        match self {
            Self::Nfc => NFC_NO | COMPOSES,
            Self::Nfd => NFD_NO,
            Self::Nfkc => NFKC_NO | COMPOSES,
            Self::Nfkd => NFKD_NO,
        }
    }
}

/// The text in a normalization form; None if it is seen to be so already.
pub fn normalize(database: Database, form: Form, text: StrView<'_>) -> Result<Option<StrData>, SizeError> {
    if is_plainly_normal(database, form, text) {
        return Ok(None);
    }
    let mut points = decomposed(database, form, text)?;
    if form.is_composed() {
        recompose(&mut points);
    }
    let mut builder = StrBuilder::with_capacity(points.len());
    points.into_iter().for_each(|point| builder.push(point));
    builder.finish().map(Some)
}

/// Whether the text is in a normalization form.
pub fn is_normalized(database: Database, form: Form, text: StrView<'_>) -> Result<bool, SizeError> {
    Ok(normalize(database, form, text)?.is_none_or(|normal| normal.view() == text))
}

// The quick check of Annex 15: no suspicious character, and combining classes in order.
fn is_plainly_normal(database: Database, form: Form, text: StrView<'_>) -> bool {
    let suspects = form.suspects();
    let mut last_class = 0;
    text.as_ascii().is_some()
        || text.iter().all(|point| {
            let flags = flags(point);
            let class = if flags & COMBINES == 0 { 0 } else { combining(point) };
            let ordered = class == 0 || last_class <= class;
            last_class = class;
            // What has changed since 3.2 are decompositions and what is assigned: no new character is plain there.
            ordered && flags & suspects == 0 && (database == Database::Current || point < 0x300)
        })
}

fn combining(point: u32) -> u8 {
    Database::Current.combining(point)
}

fn decomposed(database: Database, form: Form, text: StrView<'_>) -> Result<Vec<u32>, SizeError> {
    let mut points = with_room(text.len() + text.len() / 4)?;
    let mut pending = Vec::new();
    let changes = if form.is_compatible() { NFKD_NO } else { NFD_NO };
    for point in text.iter() {
        if database == Database::Current && flags(point) & changes == 0 {
            points.try_push(point)?;
            continue;
        }
        pending.push(point);
        while let Some(point) = pending.pop() {
            match parts(database, form, point) {
                Some(parts) => pending.extend(parts.into_iter().rev()),
                None => points.try_push(point)?,
            }
        }
    }
    reorder(&mut points);
    Ok(points)
}

fn parts(database: Database, form: Form, point: u32) -> Option<Vec<u32>> {
    if point < 0xA0 {
        return None;
    }
    if database == Database::Old {
        if !database.is_assigned(point) {
            return None;
        }
        if let Some((_, corrected)) = OLD_DECOMPOSITIONS.iter().find(|(changed, _)| *changed == point) {
            return Some(vec![*corrected]);
        }
    }
    let found = decomposition(point).filter(|found| form.is_compatible() || found.tag.is_empty())?;
    Some(found.points.collect())
}

// Sorts each run of combining characters by class, keeping the order of equal ones.
fn reorder(points: &mut [u32]) {
    for run in points.chunk_by_mut(|_, next| flags(*next) & COMBINES != 0) {
        if run.len() > 2 || run.first().is_some_and(|point| flags(*point) & COMBINES != 0) {
            run.sort_by_key(|point| combining(*point));
        }
    }
}

// Joins each starter with the characters after it that are not blocked from it.
fn recompose(points: &mut Vec<u32>) {
    let mut kept = 0;
    let mut starter = None;
    let mut last_class = 0;
    for index in 0..points.len() {
        let point = points[index];
        let class = combining(point);
        if let Some(at) = starter {
            let blocked = kept != at + 1 && (last_class == 0 || last_class >= class);
            if let Some(joined) = compose(points[at], point).filter(|_| !blocked) {
                points[at] = joined;
                continue;
            }
        }
        if class == 0 {
            starter = Some(kept);
        }
        last_class = class;
        points[kept] = point;
        kept += 1;
    }
    points.truncate(kept);
}
