//! The lines of the packed library that serve RustPython, and what stands in CPython's text instead.

/// Path, text that occurs once in the file, what replaces it.
type Substitution = (&'static str, &'static str, &'static str);

const SUBSTITUTIONS: &[Substitution] = &[
    ("site.py", "    return 'RustPython' # XXX: RUSTPYTHON; for site-packages\n", "    return 'Python'\n"),
    (
        "site.py",
        "    # XXX: RUSTPYTHON\n    return f'{userbase}/lib/rustpython{version[0]}.{version[1]}{abi_thread}/site-packages'\n",
        "    return f'{userbase}/lib/python{version[0]}.{version[1]}{abi_thread}/site-packages'\n",
    ),
    (
        "sysconfig/__init__.py",
        "    return 'RustPython'  # XXX: RUSTPYTHON; For site-packages\n",
        "    return 'Python'\n",
    ),
    // The library is inside the program. Tools that pass over it, as those that measure coverage do, ask where it is.
    (
        "sysconfig/__init__.py",
        "    _INSTALL_SCHEMES['venv'] = _INSTALL_SCHEMES['posix_venv']\n",
        "    _INSTALL_SCHEMES['venv'] = _INSTALL_SCHEMES['posix_venv']\n\n\
         if sys._stdlib_dir:\n    for _scheme in 'posix_prefix', 'posix_venv':\n        \
         _INSTALL_SCHEMES[_scheme]['stdlib'] = sys._stdlib_dir.replace('{', '{{').replace('}', '}}')\n    del _scheme\n",
    ),
    // Files of frozen modules are inside the program, where only the interpreter finds their text.
    (
        "importlib/_bootstrap.py",
        "        \"\"\"Return None as frozen modules do not have source code.\"\"\"\n        return None\n",
        "        \"\"\"Return the source code of the frozen module.\"\"\"\n        return _imp._frozen_source(fullname)\n",
    ),
    // To `pyclbr` they are as in CPython, where they have no text.
    (
        "pyclbr.py",
        "        if source is None:\n            return tree\n",
        "        if source is None or spec.origin == 'frozen':\n            return tree\n",
    ),
    ("io.py", "open, open_code, BytesIO,", "open, open_code, FileIO, BytesIO,"),
    (
        "io.py",
        "# XXX: RUSTPYTHON; FileIO needs host_env, optional without it\ntry:\n    from _io import FileIO\nexcept ImportError:\n    FileIO = None\n",
        "",
    ),
    (
        "io.py",
        "if FileIO is not None:  # XXX: RUSTPYTHON; see the try/except above\n    RawIOBase.register(FileIO)\n",
        "RawIOBase.register(FileIO)\n",
    ),
    (
        "_compat_pickle.py",
        "# NOTE: RUSTPYTHON exceptions\ntry:\n    JitError\nexcept NameError:\n    pass\nelse:\n    PYTHON2_EXCEPTIONS += (\"JitError\",)\n\n",
        "",
    ),
    (
        "platform.py",
        "\n        # XXX: RUSTPYTHON support\n        if \"RustPython\" in sys_version:\n            name = \"RustPython\"\n        else:\n            name = 'CPython'\n",
        "        name = 'Naja' if 'Naja' in sys_version else 'CPython'\n",
    ),
    (
        "ensurepip/__init__.py",
        "from contextlib import nullcontext\n",
        "from contextlib import contextmanager, nullcontext\n",
    ),
    // The name of the wheel's file says what it is, and `as_file` would give it another one.
    (
        "ensurepip/__init__.py",
        "    return resources.as_file(\n        resources.files('ensurepip')\n        / '_bundled'\n        / f'pip-{_PIP_VERSION}-py3-none-any.whl'\n    )\n",
        "    return _extracted(resources.files('ensurepip') / '_bundled' / f'pip-{_PIP_VERSION}-py3-none-any.whl')\n\n\n\
         @contextmanager\ndef _extracted(resource):\n    with tempfile.TemporaryDirectory() as folder:\n        \
         path = Path(folder) / resource.name\n        path.write_bytes(resource.read_bytes())\n        yield path\n",
    ),
];

/// Parts between two markers that go altogether: path, first line, the line after the part.
const REMOVALS: &[(&str, &str, &str)] =
    &[("json/decoder.py", "    # RUSTPYTHON SPECIFIC\n", "    # Note that this exception is used from _json\n")];

/// A file with its substitutions made. Each must fit, so that a new version of the library cannot go unnoticed.
pub fn apply(name: &str, bytes: Vec<u8>) -> Vec<u8> {
    let substitutions = SUBSTITUTIONS.iter().filter(|it| it.0 == name).collect::<Vec<_>>();
    let removals = REMOVALS.iter().filter(|it| it.0 == name).collect::<Vec<_>>();
    if substitutions.is_empty() && removals.is_empty() {
        return bytes;
    }
    let mut text = String::from_utf8(bytes).expect("files with substitutions are UTF-8");
    for (_, from, to) in substitutions {
        assert_eq!(text.matches(from).count(), 1, "a substitution in {name} does not fit: {from:?}");
        text = text.replace(from, to);
    }
    for (_, first, after) in removals {
        let start = text.find(first).unwrap_or_else(|| panic!("a removal in {name} does not fit: {first:?}"));
        let length = text[start..].find(after).unwrap_or_else(|| panic!("a removal in {name} has no end: {after:?}"));
        text.replace_range(start..start + length, "");
    }
    text.into_bytes()
}
