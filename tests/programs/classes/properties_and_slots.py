class Celsius:
    __slots__ = ("_degrees",)

    def __init__(self, degrees):
        self._degrees = degrees

    @property
    def fahrenheit(self):
        return self._degrees * 9 / 5 + 32

    @fahrenheit.setter
    def fahrenheit(self, value):
        self._degrees = (value - 32) * 5 / 9

c = Celsius(100)
print(c.fahrenheit)
c.fahrenheit = 32
print(c._degrees)
try:
    c.other = 1
except AttributeError as error:
    print(type(error).__name__)
