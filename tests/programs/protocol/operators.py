class Number:
    def __init__(self, name, answers=True):
        self.name, self.answers = name, answers
def define(symbol, name):
    def method(self, other):
        return f"{self.name}.{name}({getattr(other, 'name', other)})" if self.answers else NotImplemented
    setattr(Number, name, method)
names = "add sub mul truediv floordiv mod matmul lshift rshift and xor or".split()
for name in names:
    define(name, f"__{name}__")
    define(name, f"__r{name}__")
for name in ("add", "or"):
    define(name, f"__i{name}__")
class Derived(Number):
    def __radd__(self, other):
        return f"derived radd {other.name}"
a, b, silent, d = Number("a"), Number("b"), Number("s", False), Derived("d")
print(a + b, a - b, a * b, a / b, a // b, a % b, a @ b, a << b, a >> b, a & b, a ^ b, a | b)
print(5 + b, a + 5, silent + d, a + d, d + a, [1] + b)
a += b
print(a)
try:
    silent + silent
except TypeError as error:
    print(error)
class P:
    def __pow__(self, other, modulus=None):
        return ("pow", other, modulus)
    def __rpow__(self, other, modulus=None):
        return ("rpow", other, modulus)
    def __divmod__(self, other):
        return "divmod"
print(P() ** 2, pow(P(), 2, 3), 2 ** P(), divmod(P(), 1))
class C:
    def __lt__(self, other):
        return "lt"
    def __eq__(self, other):
        return NotImplemented
print(C() < 1, 1 > C(), C() == 1, C() != 1, C() == C())
class Sequence:
    def __getitem__(self, index):
        if index > 3:
            raise IndexError
        return index * 10
print(list(Sequence()), 20 in Sequence(), 25 in Sequence(), list(iter([1, 2, 3, 0, 4].pop, 0)), iter(Sequence()).__reduce__()[2:])
class Meta(type):
    def __instancecheck__(cls, instance):
        return instance == 5
    def __subclasscheck__(cls, other):
        return other is int
class Fives(metaclass=Meta):
    pass
print(isinstance(5, Fives), isinstance(6, Fives), issubclass(int, Fives), issubclass(str, (Fives, str)), isinstance(1, (str, (float, int))))
