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
