# A subclass with its own __init__ may take keywords that __new__ of the built-in type knows nothing of.
import itertools


for base, arguments in [(float, (1.5,)), (tuple, ('ab',)), (itertools.cycle, ('ab',)), (itertools.chain, ('ab',)),
                        (itertools.islice, ('abc', 2)), (itertools.takewhile, (bool, [1]))]:
    class Sub(base):
        def __init__(self, *arguments, extra=None):
            self.extra = extra

    print(base.__name__, Sub(*arguments, extra=3).extra)

    class Plain(base):
        pass

    try:
        Plain(*arguments, extra=3)
    except TypeError as error:
        print(error)
