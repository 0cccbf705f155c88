//! Struct sequences are declared by a macro that nothing in this crate uses: this does.

use super::struct_sequence::StructSequence;

crate::struct_sequence! {
    /// A point.
    struct Point = "test.point", 2 visible of 4, constructible;
    "x": "to the right";
    _: "upwards";
    "depth": "hidden";
    "name": "hidden, too";
}

#[test]
fn a_layout_counts_its_fields() {
    assert_eq!(Point::LAYOUT.named_count(), 3);
    assert_eq!(Point::LAYOUT.visible, 2);
    assert_eq!(Point::LAYOUT.fields.len(), 4);
}
