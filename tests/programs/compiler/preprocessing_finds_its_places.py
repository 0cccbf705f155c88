"""What the compiler changes before it looks names up is found wherever in a program it stands."""
import dis
import warnings

program = '''
@a("%s" % (b,),
   c)
class D(E("%r" % (f,))):
    x: G("%a" % (h,)) = 1
    def i(self, j="%s" % (k,)) -> l("%s" % (m,)):
        if n:
            pass
        elif o:
            return [p for p in q if "%s-%s" %
                    (p, q)]
        while r:
            match s:
                case -1 | 2+3j:
                    return lambda t: f"{'%s' % (t,)}"
        try:
            pass
        finally:
            if u:
                def v():
                    return 1
                for w in x:
                    break
                return v
'''


def names(code):
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("BINARY_OP", "FORMAT_SIMPLE", "CONVERT_VALUE"):
            yield f"{instruction.positions.lineno}: {instruction.opname} {instruction.argrepr}"
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            yield from names(constant)
        elif isinstance(constant, (int, complex)):
            yield f"{code.co_name}: {constant}"


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    for optimize in 0, 2:
        print(*names(compile(program, "program", "exec", optimize=optimize)), sep="\n")
    for warning in caught:
        print(warning.lineno, warning.message)
print(compile("a = 1\nif b:\n    c = __debug__\n", "program", "exec").co_consts)
