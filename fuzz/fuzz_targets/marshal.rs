//! `marshal` of `entry_points.rs`, for libFuzzer.
#![no_main]

#[path = "../entry_points.rs"]
#[expect(dead_code)]
mod entry_points;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entry_points::marshal(data));
