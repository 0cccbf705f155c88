# `__new__` of streams is object's: it refuses arguments that nobody takes, and abstract classes.
import abc
import io


def made(function, *arguments):
    try:
        return type(function(*arguments)).__name__
    except TypeError as error:
        return str(error)


class Abstract(io.RawIOBase):
    @abc.abstractmethod
    def wanted(self): ...


class AbstractReader(io.BufferedReader):
    @abc.abstractmethod
    def wanted(self): ...


class PassingOn(io.RawIOBase):
    def __new__(cls, *arguments):
        return super().__new__(cls, *arguments)


class Taking(io.RawIOBase):
    def __init__(self, *arguments):
        pass


print(made(Abstract))
print(made(AbstractReader, io.BytesIO()))
print(made(PassingOn), made(PassingOn, 1))
print(made(Taking, 1))
for kind in (io._io._IOBase, io._io._RawIOBase, io._io._BufferedIOBase, io._io._TextIOBase, io.IOBase):
    print(made(kind, 1), "|", made(kind))
for kind in (io.BytesIO, io.StringIO, io.FileIO, io.BufferedReader, io.BufferedWriter, io.BufferedRandom, io.BufferedRWPair, io.TextIOWrapper, io.IncrementalNewlineDecoder):
    print(kind.__name__, repr(kind.__text_signature__))
