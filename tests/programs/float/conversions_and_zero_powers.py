"""`__float__` of a str subclass, spaces around hexadecimal text, and powers of zero."""
import math


class Text(str):
    def __float__(self):
        return float(str(self)) + 1


print(float(Text("8")), float.fromhex(" \t\v\f\r\n0x1p4\v\n"))
for base in (0.0, -0.0):
    print(base ** -math.inf, base ** math.inf)
    try:
        print(base ** -1)
    except ZeroDivisionError as error:
        print(error)
try:
    float.fromhex("\v")
except ValueError as error:
    print(error)
