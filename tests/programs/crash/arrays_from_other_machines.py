# What `_array_reconstructor` is given may fit neither the items nor the code.
import array


def rebuilt(code, form, data):
    try:
        return repr(array._array_reconstructor(array.array, code, form, data))
    except (ValueError, TypeError, UnicodeError) as error:
        return f"{type(error).__name__}: {error}"


for code in "dLwHb":
    for form in (18, 19, 20, 21):
        for data in (b"", b"\1\0", b"\1\0\0\0", b"\1\0\2\0\3\0\4\0", bytes(43), b"\xff\xff\xff\xff\xff\xff\xff\xff"):
            print(code, form, data[:9], rebuilt(code, form, data))
