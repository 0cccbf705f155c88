"""Reductions of every shape, and the words and notes of what goes wrong."""
import copyreg
import io
import pickle


class Reduced:
    def __init__(self, reduction):
        self.reduction = reduction

    def __reduce_ex__(self, protocol):
        return self.reduction

    def __repr__(self):
        return "Reduced()"


class Broken:
    def __reduce__(self):
        raise ArithmeticError("broken")

    def __repr__(self):
        return "Broken()"


def attempt(what, *arguments, **keywords):
    try:
        print("made", what(*arguments, **keywords))
    except BaseException as error:
        print(type(error).__name__, str(error).split(' at 0x')[0], getattr(error, "__notes__", None), repr(error.__context__))


wrong = [
    [print, ()], (print,), (1, 2, 3, 4, 5, 6, 7), (1, ()), (print, []), (list, (), None, 5), (dict, (), None, None, 5),
    (list, (), 1, None, None, 5), (copyreg.__newobj__, ()), (copyreg.__newobj__, (1,)), (copyreg.__newobj__, (str,)),
    (copyreg.__newobj_ex__, ()), (copyreg.__newobj_ex__, (1, (), {})), (copyreg.__newobj_ex__, (int, 1, {})),
    (copyreg.__newobj_ex__, (int, (), 1)), (Broken(), ()), (print, (Broken(),)), (list, (), Broken()),
    (list, (), None, iter([1, Broken()])), (dict, (), None, None, iter([(1, Broken())])), (dict, (), None, None, iter([(1,)])),
    "missing_name",
]
for reduction in wrong:
    for protocol in (0, 2, 4):
        attempt(pickle.dumps, Reduced(reduction), protocol)
for container in ([1, Broken()], (1, Broken()), {"k": Broken()}, {Broken(): 1}, {1: {2: (3, [Broken()])}}, {Broken()}, frozenset([Broken()])):
    attempt(pickle.dumps, container)


def local():
    return lambda: 1


attempt(pickle.dumps, local())
attempt(pickle.dumps, (i for i in ()))
attempt(pickle.dumps, 1, 6)
attempt(pickle.dumps, 1, 4, buffer_callback=print)
attempt(pickle.dumps, pickle.PickleBuffer(b"a"), 4)
attempt(pickle.Pickler, object())
attempt(pickle.Unpickler, object())
for data in [b"", b"\x80", b"\x80\x06.", b".", b"N", b"0.", b"(.", b"e.", b"t.", b"a.", b"Na.", b"(s.", b"]Ns.", b"]NNNs.", b"](Nu.", b"}(Nu.",
             b"h\x05.", b"g7\n.", b"g-1\n.", b"p-1\nN.", b"Iabc\n.", b"F1_0\n.", b"S'a\n.", b"Sa\n.", b"S'\\x4'\n.", b"X\x05\x00\x00\x00ab", b"\xff.", b"'.", b"x.",
             b"cno_such_module\nx\n.", b"cbuiltins\nno_such\n.", b"\x80\x04\x8c\x08builtins\x8c\x07int.zzz\x93.", b"NN\x93.", b"N)\x81.", b"cbuiltins\nint\nN\x81.",
             b"Pid\n.", b"P\xff\n.", b"NQ.", b"\x82\x01.", b"\x84\x00\x00\x00\x00.", b"\x97.", b"(Nd.", b"N}b.", b"Nb.", b"cbuiltins\nint\nNR.",
             b"\x8b\xff\xff\xff\xff.", b"T\xff\xff\xff\xff.", b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff.", b"\x80\x04\x95\x03\x00\x00\x00\x00\x00\x00\x00C\x0ahelloworld."]:
    print(data, end=" ")
    attempt(pickle.loads, data)
attempt(pickle.loads, "text")
nested = []
for _ in range(100_000):
    nested = [nested]
try:
    pickle.dumps(nested)
except RecursionError:
    print("RecursionError")
while nested:
    nested = nested[0]

def set_state(object, state):
    object.append(state)


print(pickle.loads(pickle.dumps(Reduced((list, (), "state", None, None, set_state)))))
print(pickle.loads(pickle.dumps(Reduced((list, (), None, iter(range(3)))))))
print(pickle.loads(pickle.dumps(Reduced((dict, (), None, None, iter({1: 2, 3: 4}.items()))))))
copyreg.add_extension("builtins", "range", 240)
print(pickle.dumps(range, 2), pickle.loads(pickle.dumps(range, 2)))
copyreg.remove_extension("builtins", "range", 240)
