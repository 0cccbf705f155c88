# Functions that a program puts into _pylong are called where CPython calls them.
import _pylong

number = 7 ** 20_000
text = '7' * 7000


def attempt(name, function, call):
    original = getattr(_pylong, name)
    setattr(_pylong, name, function)
    try:
        print(call())
    except (TypeError, ValueError) as error:
        print(error)
    finally:
        setattr(_pylong, name, original)


import sys
sys.set_int_max_str_digits(100_000)
attempt('int_to_decimal_string', lambda number: None, lambda: str(number))
attempt('int_to_decimal_string', lambda number: 'text', lambda: str(number))
attempt('int_from_string', lambda text: b'', lambda: int(text))
attempt('int_from_string', lambda text: 5, lambda: int(' -' + text))
attempt('int_divmod', lambda a, b: (1,), lambda: divmod(1 << 20_000, 1 << 10_000))
attempt('int_divmod', lambda a, b: (1, 2), lambda: divmod(1 << 20_000, 1 << 10_000))
print(int(text) == 7 * (10 ** 7000 - 1) // 9)
