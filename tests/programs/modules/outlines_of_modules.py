"""`pyclbr` tells what classes and functions a module's text has; frozen modules have none."""
import pyclbr

print(pyclbr.readmodule_ex("os"))
for name in ("random", "colorsys", "queue"):
    for key, entry in pyclbr.readmodule_ex(name).items():
        print(name, key, type(entry).__name__, entry.module, sorted(entry.children))
