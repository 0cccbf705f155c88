# What relative imports and missing names raise, with the attributes of the errors.
def attempt(*arguments):
    try:
        __import__(*arguments)
    except Exception as error:
        print(type(error).__name__, error)


attempt('x', None, {}, [], 1)
attempt('x', 4, {}, [], 1)
attempt('x', {'__package__': ''}, {}, [], 1)
attempt('x', {'__package__': 3, '__spec__': None}, {}, [], 1)
attempt('x', {'__package__': 'a.b', '__spec__': None}, {}, [], 3)
attempt('x', {'__package__': 'collections', '__spec__': 3}, {}, [], 1)
attempt('', {}, {}, [], 0)
attempt('x', {}, {}, [], -1)
try:
    from sys import missing
except ImportError as error:
    print(error, error.name, error.path, error.name_from)
