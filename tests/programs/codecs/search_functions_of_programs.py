"""A search function that a program registers before any codec was looked up comes after the standard one."""
import codecs
import io

asked = []


def search(name):
    asked.append(name)
    if name == "mine":
        return codecs.CodecInfo(codecs.utf_16_le_encode, codecs.utf_16_le_decode, name="mine")


codecs.register(search)
print("text".encode("cp1252"), codecs.lookup("utf-16-le").name)
print(io.TextIOWrapper(io.BytesIO(b"\xe9"), encoding="iso8859-15").read())
print("ab".encode("mine"), codecs.lookup("mine").name)
try:
    codecs.lookup("neither")
except LookupError as error:
    print(error)
print(asked)
codecs.unregister(search)
try:
    codecs.lookup("mine")
except LookupError as error:
    print(error)
for wrong in (None, 1):
    try:
        codecs.register(wrong)
    except TypeError as error:
        print(error)
