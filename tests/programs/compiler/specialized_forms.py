"""What some instructions become when they have run."""
import dis


def forms(function):
    return [it.opname for it in dis.get_instructions(function, adaptive=True)]


def of_class():
    return "a".__class__


def callee(x, y=0):
    pass


class Owner:
    def method(self, x, y=0):
        pass


def general(owner=Owner()):
    for i in [1, 2, 3] * 3:
        callee(i)
        owner.method(i)
        m = owner.method
        m(i)


for function in (of_class, general):
    for _ in range(30):
        function()
    print(*forms(function))
callee = print
general()


def of_exception(error=SyntaxError("no", ("file", 1, 2, "text"))):
    return error.msg, error.lineno


for _ in range(30):
    of_exception()
print(*forms(of_exception))
