import _interpreters as low
from concurrent import interpreters

inner = interpreters.create()
inner.prepare_main({"a": 1, "b": "text"}, c=(None, 2.5, b"x"))
inner.exec("print(a, b, c)")
print(low.exec(inner.id, "print(d, -d)", {"d": -2**63}))
for names in ({"e": 2**63}, {"e": [1]}, {"e": (1, {2})}, {1: 2}):
    try:
        low.set___main___attrs(inner.id, names)
    except (TypeError, low.NotShareableError) as problem:
        print(type(problem).__name__, problem, "|", repr(problem.__cause__))
for names in ({}, None, 5):
    try:
        low.set___main___attrs(inner.id, names)
    except (TypeError, ValueError) as problem:
        print(type(problem).__name__, problem)
print([low.is_shareable(it) for it in (None, 1, 1.5, "", b"", (), True, memoryview(b""), [], {}, 1j, ..., ([],))])
memory = bytearray(b"abc")
inner.prepare_main(view=memoryview(memory))
inner.exec("view[0] = 90; print(bytes(view), view.format, view.shape, view.readonly)")
print(memory)
inner.exec("del view")
inner.close()
