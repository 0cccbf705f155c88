"""The annotations of a module that is still being imported are not kept."""
import os
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    package = os.path.join(folder, "partial")
    os.mkdir(package)
    for name, text in (("__init__", "from . import a\n"), ("a", "v1: int\nfrom . import b\nv2: int\n"), ("b", "from . import a\nannotations = a.__annotations__\n")):
        with open(os.path.join(package, name + ".py"), "w") as file:
            file.write(text)
    sys.path.insert(0, folder)
    import partial
    print(partial.b.annotations, partial.a.__annotations__, partial.a.__annotations__ is partial.a.__annotations__)
