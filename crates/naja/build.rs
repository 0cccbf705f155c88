//! Exports the C API from the executable, so that extension modules find it; bundled C libraries stay hidden.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for pattern in ["Py*", "_Py*"] {
        println!("cargo::rustc-link-arg=-Wl,--export-dynamic-symbol={pattern}");
    }
}
