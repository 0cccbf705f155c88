"""Sources whose code objects the tests record: every form of location, handlers, names, constants."""

SAMPLES = {
    "empty": "",
    "assign": "x = 1\ny = x + 2.5\n",
    "lines": "a = (\n    1 +\n    b\n)\n\n\n\n\nc = " + "d" * 130 + "\n",
    "handlers": """
def f(path):
    try:
        with open(path) as file:
            for line in file:
                yield line.strip()
    except (OSError, ValueError) as error:
        print(f'{error!r:>10}', ...)
        raise
    else:
        return [each for each in path if each]
    finally:
        print('done', -1, 2**70, 1j, b'bytes', {1, 2, 3} == path, path[1:2])
""",
    "nested": """
class C[T](list):
    '''Doc.'''
    x: int = 1
    def method(self, a, /, b, *args, c=(1, 'two', None), **kwargs):
        def inner():
            return self, a, __class__
        async def coroutine():
            async for each in b:
                await each
        return inner, coroutine
""",
    "text": "'plain text', 'name', 'gr\\xfc\\xdfe', '\\ud800', '\\U0001f600', 'x' * 300\n",
    "branches": "while a:\n    if b is None or c in d:\n        break\n    match e:\n        case [1, x]:\n            pass\n",
}


def code_objects(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, type(code)):
            yield from code_objects(constant)
