"""Records instruction sequences with the code objects that CPython makes of them, for the tests of src/assemble.

Run by the reference:  python3.14 record_units.py > data/units.txt
The reference tells only the constants of modules; functions here must have none that folding changes.
"""
import ast
import marshal
import opcode
import os
import sys

import _opcode
import _testinternalcapi

SAMPLES = {
    "long_jumps": "while a:\n" + "    b.c(d)\n" * 40 + "    if e: continue\n    f = g\n",
    "many_names": "".join(f"n{i} = 'c{i}'\n" for i in range(300)),
    "locations": "a(\n  b,\n  c\n    .d\n)\n\n\n\ne = f\n" + "g = " + "h + " * 60 + "i\n",
    "handlers": "try:\n    with a as b:\n        c()\nexcept d as e:\n    f()\nfinally:\n    g()\ntry:\n    h()\nexcept* i:\n    j()\n"
    "for k in l:\n    try:\n        if m and n or o: continue\n    finally:\n        p()\n",
    "functions": "def f(a, b, /, c, *d, e, **g):\n    def h():\n        return a, d, x\n    x = b\n    return h\n"
    "def i(a, *, b):\n    c = yield a\n    try:\n        yield from b\n    except c:\n        pass\n"
    "async def j(a):\n    async for b in a:\n        await b\n    async with a:\n        yield a\n"
    "def k(*a):\n    return [b for b in a if b]\n"
    "def l():\n    nonlocal_ = lambda a: nonlocal_\n    return nonlocal_\n",
}

numbers = {number: name for name, number in opcode.opmap.items()}
has_target = {number for number in opcode.opmap.values() if _opcode.has_jump(number) or _opcode.has_exc(number)}
alive = []


def record(name, sequence, constants, code):
    rows = sequence.get_instructions()
    places = [index for index, row in enumerate(rows) if numbers[row[0]] == "ANNOTATIONS_PLACEHOLDER"]
    print("unit", name)
    print("constants", marshal.dumps(tuple(constants)).hex())
    for index, (number, oparg, line, end_line, column, end_column) in enumerate(rows):
        if index in places:
            continue
        if number in has_target:
            oparg -= sum(place < oparg for place in places)
        print("in", numbers[number], oparg or 0, line, end_line, column, end_column)
    print("result", marshal.dumps(code).hex())
    inner_codes = [constant for constant in code.co_consts if isinstance(constant, type(code))]
    for inner_sequence, inner in zip(sequence.get_nested(), inner_codes, strict=True):
        record(f"{name}.{inner.co_name}", inner_sequence, inner.co_consts, inner)


for name, source in SAMPLES.items():
    sequence, metadata = _testinternalcapi.compiler_codegen(ast.parse(source), "sample.py", 0)
    # Freeing the nested sequences crashes the reference.
    alive.append((sequence, sequence.get_nested()))
    record(name, sequence, metadata["consts"], compile(source, "sample.py", "exec"))
sys.stdout.flush()
os._exit(0)
