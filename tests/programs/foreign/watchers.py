"""Functions that the C API has told of changes of dicts, types, functions, code objects and of the current context."""
import contextvars
import ctypes
import sys

api = ctypes.pythonapi
Object, Number = ctypes.py_object, ctypes.c_int
told = []


def watcher(kind, *parameters):
    """Makes a function of ours a C function, and registers it."""
    prototype = ctypes.PYFUNCTYPE(Number, *parameters)

    def decorate(function):
        callback = prototype(function)
        number = api[f"Py{kind}_AddWatcher"](callback)
        return number, callback

    return decorate


def show(title, *objects):
    print(title, *told, sep="\n    ")
    told.clear()


@watcher("Dict", Number, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
def dict_watcher(event, mapping, key, value):
    name = ["added", "modified", "deleted", "cloned", "cleared", "deallocated"][event]
    # What is being freed is not to be touched.
    if event < 3:
        key = ctypes.cast(key, Object).value
        value = ctypes.cast(value, Object).value if value else None
        told.append((name, key, value, key in ctypes.cast(mapping, Object).value))
    else:
        told.append(name)
    return 0


def watch(mapping):
    api.PyDict_Watch(dict_watcher[0], Object(mapping))
    return mapping


def changes(title, mapping, *steps):
    watch(mapping)
    for step in steps:
        step(mapping)
    show(title)
    api.PyDict_Unwatch(dict_watcher[0], Object(mapping))


class Plain:
    pass


changes("-- items", {"a": "1"}, lambda it: it.__setitem__("a", "2"), lambda it: it.__setitem__("a", "2"), lambda it: it.__setitem__("b", "3"))
changes("-- deleted", {"a": "1", "b": "2", "c": "3"}, lambda it: it.pop("a"), lambda it: it.popitem(), lambda it: it.__delitem__("b"), lambda it: it.pop("x", 0))
changes("-- defaults", {"a": "1"}, lambda it: it.setdefault("a", "2"), lambda it: it.setdefault("b", "2"))
changes("-- cleared", {"a": "1"}, lambda it: it.clear(), lambda it: it.clear())
changes("-- updates", {"a": "1"}, lambda it: it.update({"b": "2"}), lambda it: it.update(c="3"), lambda it: it.update([("d", "4")]))
changes("-- cloned", {}, lambda it: it.update({"b": "2", "c": "3"}))
changes("-- copies", {"a": "1"}, lambda it: it.copy(), lambda it: it | {"b": "2"}, dict)


def attributes(instance):
    for _ in range(3):
        instance.name = "value"
    instance.name = "other"
    del instance.name


instance = Plain()
instance.first = "0"
for _ in range(20):
    attributes(instance)
changes("-- attributes", vars(instance), lambda it: attributes(instance))


def globals_change():
    global changed
    for value in ("1", "2", "2"):
        changed = value
    del changed


for _ in range(20):
    globals_change()
changes("-- globals", globals(), lambda it: globals_change())
watch({"a": "1"})
show("-- freed")
api.PyDict_ClearWatcher(dict_watcher[0])
instance.name = "nobody looks"
show("-- nobody")


@watcher("Type", Object)
def type_watcher(changed):
    told.append(changed.__name__)
    return 0


class Base:
    pass


class Derived(Base):
    pass


api.PyType_Watch(type_watcher[0], Object(Derived))
Derived.a = 1
Derived.b = 2
show("-- a type, twice")
Derived.a
Base.c = 3
show("-- its base")
Derived.c
api.PyType_Unwatch(type_watcher[0], Object(Derived))
Derived.d = 4
show("-- no longer")
api.PyType_ClearWatcher(type_watcher[0])


@watcher("Function", Number, ctypes.c_void_p, ctypes.c_void_p)
def function_watcher(event, function, value):
    name = ["create", "destroy", "code", "defaults", "keyword defaults"][event]
    function = ctypes.cast(function, Object).value
    if function.__name__ == "watched":
        told.append((name, ctypes.cast(value, Object).value.__class__.__name__ if value else None))
    return 0


def made():
    def watched(a=1, *, b=2):
        pass

    watched.__code__ = made.__code__
    watched.__defaults__ = (1,)
    watched.__kwdefaults__ = {"b": 1}
    watched.__kwdefaults__ = None


made()
show("-- functions")
api.PyFunction_ClearWatcher(function_watcher[0])


@watcher("Code", Number, ctypes.c_void_p)
def code_watcher(event, code):
    code = ctypes.cast(code, Object).value
    if code.co_filename == "watched":
        told.append((["create", "destroy"][event], code.co_name))
    return 0


code = compile("def f(): pass", "watched", "exec")
told.append("made")
del code
show("-- code")
api.PyCode_ClearWatcher(code_watcher[0])


@watcher("Context", Number, Object)
def context_watcher(event, context):
    told.append((event, type(context).__name__))
    return 0


contextvars.copy_context().run(lambda: contextvars.copy_context().run(told.append, "inside"))
show("-- contexts")
api.PyContext_ClearWatcher(context_watcher[0])

print("-- mistakes")
for call in (
    lambda: api.PyDict_Watch(-1, Object({})),
    lambda: api.PyDict_Watch(8, Object({})),
    lambda: api.PyDict_Watch(5, Object({})),
    lambda: api.PyDict_Watch(2, Object(1)),
    lambda: api.PyType_Watch(1, Object(1)),
    lambda: api.PyType_Watch(3, Object(int)),
    lambda: api.PyFunction_ClearWatcher(9),
    lambda: api.PyFunction_ClearWatcher(3),
    lambda: api.PyCode_ClearWatcher(3),
    lambda: api.PyContext_ClearWatcher(-3),
    lambda: [api.PyType_AddWatcher(type_watcher[1]) for _ in range(9)],
):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
