# What descriptors, device numbers and substitutions say to odd arguments; static methods of built-in types have no __self__.
import os
import posix
import types
import typing

print(str.maketrans.__self__, bytes.maketrans.__self__, dict.fromkeys.__self__)
for call in (property().__get__, (lambda: 0).__get__, int.__add__.__get__, types.MethodType(print, 1).__get__):
    for arguments in ((), (None, None), (1, int, 3)):
        try:
            print(arguments, type(call(*arguments)).__name__)
        except TypeError as error:
            print(arguments, error)

for device in (-1, -2, 0, 2**64 - 1, 2**64, 2**32 + 5):
    for part in (posix.major, posix.minor):
        try:
            print(part.__name__, device, part(device))
        except OverflowError as error:
            print(part.__name__, device, error)
for halves in ((-1, -1), (-1, 0), (1, 2), (2**31, 2), (2**32, 1), (-2, 0)):
    try:
        print(halves, posix.makedev(*halves))
    except OverflowError as error:
        print(halves, error)


class Parameter:
    def __typing_subst__(self, value):
        return value

    def __repr__(self):
        return "Parameter"


alias = list[Parameter(), typing.TypeVar("T")]
print(alias.__parameters__)
for kind in (type(len), type(int.__add__), type(list.append), type((1).__add__), types.MemberDescriptorType):
    print(kind.__name__, kind.__reduce__.__text_signature__)
