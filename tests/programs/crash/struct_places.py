# Which of several wrong arguments a struct complains about.
import struct


def tried(function, *arguments):
    try:
        return function(*arguments)
    except (struct.error, TypeError, OverflowError, IndexError) as error:
        return f"{type(error).__name__}: {error}"


room = bytearray(20)
for arguments in (("i", room, 2**63, 1), ("i", room, 2**63), ("i", room, "x"), ("i", room, "x", 1), ("i", 3, 0, 1), ("i", 3, 0), ("i", room, 17, "x"), ("i", room, -30, "x"), ("i", room, 16, "x"), ("i",), ("i", room)):
    print(arguments[1:], tried(struct.pack_into, *arguments))
for arguments in (("i", room, 2**64), ("@@x", "a", 2**64), ("Zx", "a", "s"), ("x", "a", "s"), ("x", b"a", "s"), ("x", b"a", None), ("x", b"a", -2)):
    print(arguments, tried(struct.unpack_from, *arguments))
