"""What the module has, with signatures, documentation and flags that programs see."""
import _sqlite3

for name in sorted(vars(_sqlite3)):
    value = getattr(_sqlite3, name)
    if name[:2] == "__":
        continue
    if isinstance(value, int):
        print(name, value)
    elif isinstance(value, type):
        print(name, value.__module__, value.__qualname__, value.__bases__, repr(value.__doc__), value.__text_signature__, hex(value.__flags__ & 0x780))
        for member in sorted(vars(value)):
            if member not in ("__new__", "__init__", "__doc__", "__module__", "__weakref__"):
                it = vars(value)[member]
                print("   ", member, type(it).__name__, getattr(it, "__text_signature__", None), repr(it.__doc__))
    elif callable(value) and name[0] != "_":
        print(name, type(value).__name__, value.__text_signature__, repr(value.__doc__))
