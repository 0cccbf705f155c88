# The module keeps in `__conditional_annotations__` which annotations were met; a program may bind the name to anything.
for value in "0", "{}", "[]", "''", "object()", "frozenset()", "set()":
    code = f"__conditional_annotations__ = {value}\nif True:\n    x: int = 1\nprint('met', __conditional_annotations__)"
    try:
        exec(code, {})
    except TypeError as error:
        print(value, error)
