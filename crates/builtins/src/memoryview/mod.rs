//! `memoryview`: the memory of another object as a sequence, without copying.

mod cast;
mod compare;
mod index;
mod item;
mod iterator;
mod methods;
mod object;

use objects::thread::{MemoryViews, Thread};
use objects::types::{Instance, TypeDeclaration};

pub use item::format_text;
pub use iterator::MemoryIterator;
pub use object::{ManagedBuffer, MemoryView};

pub const TYPES: &[&TypeDeclaration] =
    &[ManagedBuffer::DECLARATION, MemoryView::DECLARATION, MemoryIterator::DECLARATION];

/// Lets the types of `objects` make memoryviews.
pub fn install(thread: &mut Thread) {
    let views = MemoryViews {
        class: MemoryView::class(),
        of_slot: MemoryView::of_slot,
        of_view: MemoryView::of_view_restricted,
    };
    thread.interpreter().hooks.memory_views.set(Some(views));
}
