"""Records what the reference says of the types that the type machinery consists of.

    /opt/reference/bin/python3.14 tests/record_types.py > tests/data/types.tsv

One line a type: name, flags, sizes, offsets, and the names in its dictionary, in order.
"""

import types
import weakref

TYPES = [
    object, type, property, classmethod, staticmethod, super,
    types.MethodType, types.BuiltinFunctionType, types.MethodDescriptorType, types.ClassMethodDescriptorType,
    types.GetSetDescriptorType, types.MemberDescriptorType, types.WrapperDescriptorType, types.MethodWrapperType,
    weakref.ReferenceType, weakref.ProxyType, weakref.CallableProxyType,
]

for it in TYPES:
    sizes = (it.__basicsize__, it.__itemsize__, it.__dictoffset__, it.__weakrefoffset__)
    print(it.__name__, hex(it.__flags__), *sizes, " ".join(it.__dict__), sep="\t")
