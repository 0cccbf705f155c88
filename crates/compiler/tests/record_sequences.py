"""Records what CPython's flow graph makes of sequences of instructions, for the tests of src/flow_graph.

Run by the reference:  python3.14 record_sequences.py > data/sequences.txt
With files as arguments it records those instead of the samples below, which is how to check a whole library:
    NAJA_SEQUENCES=/tmp/all.txt cargo test -p naja-compiler --lib flow_graph

The sequences are what CPython's code generation emits. It does not tell the constants of inner functions, so these are
made up here; what matters is that both sides get the same ones.
"""
import ast
import marshal
import opcode
import os
import sys

import _opcode
import _testinternalcapi

SAMPLES = {
    "fold": "x = 1 + 2 * 3, -4, not 5, 'a' * 3 + 'b', (1, 2)[0], 2 ** 10, 7 // 2, 7 % -3, 1 << 3, ~6, +7.5, 'abc'[1:]\n"
    "y = [1, 2, 3], {4, 5, 6}, [7], (8, 9)\nfor z in [1, 2]: pass\nw = x in {1, 2.0, True}\n",
    "jumps": "while a:\n    if b and c or not d:\n        continue\n    elif e is None:\n        break\n    if f is not None: g()\nelse:\n    h()\n"
    "if 1: i()\nif not None: j()\nk = l if m else n\no = p and q and r or s\nassert t, u\n",
    "handlers": "def f():\n    try:\n        with a as b, c:\n            return d\n    except e as g:\n        h()\n    except (i, j):\n        raise\n"
    "    finally:\n        k()\n    try:\n        l()\n    except* m:\n        n()\n    for o in p:\n        try:\n            continue\n        finally:\n            q()\n",
    "locals": "def f(a, b, *c, d=1, **e):\n    del a\n    if b:\n        x = 1\n    print(a, b, c, x, d, e)\n    x = y = z = a\n    x, y = y, x\n"
    "    x, y, z = z, y, x\n    return [x + i for i in y if (k := i)], k\n",
    "generators": "async def f(a):\n    async with a as b:\n        async for c in b:\n            yield await c\n    return\ndef g(a):\n    x = yield from a\n"
    "    return (yield x)\nh = [i async for i in j] if 0 else None\n",
    "matches": "def f(a):\n    match a:\n        case [1, x, *y] | {'k': x, **y}:\n            return x\n        case C(b, c=d) if b:\n            return d\n"
    "        case (1 | 2 | None) as e:\n            return e\n        case _:\n            return\n",
    "classes": "class A(B, metaclass=C):\n    x: int = 1\n    def f(self):\n        return super().f(self.x)\n    @property\n    def g(self): return __class__\ntype T[U] = list[U]\n",
    "many_locals": "def f():\n" + "".join(f"    v{i} = {i}\n" for i in range(70)) + "    if v0: del v69, v3\n    print(v69, v68, v3, v2)\n",
    "formats": "def f(a, b):\n    del b\n    print(f'{a}{b if a else 1}', f'{a!s:>{b}}')\n    yield from a\n    yield from (b for b in a)\n",
    "imports": "def f(a):\n    if a: pass\n    a.b\n    from c import d, e\n    import g.h as i\n    return a, d, e, i\n",
}

CONSTANTS = (0, 1, "text", 0.7071067811865475, None, True, (1, "a"), -3, b"bytes", 7, (), 1j, ..., 300, "", False)


def instruction(row, is_target):
    number, oparg, line, end_line, column, end_column = row
    return f"{numbers[number]} {oparg or 0} {line} {end_line} {column} {end_column}"


def rebuild(rows):
    """A new sequence, since optimizing changes the one it is given."""
    sequence = _testinternalcapi.new_instruction_sequence()
    labels = {}
    for number, oparg, *_ in rows:
        if numbers[number] in has_target:
            labels.setdefault(oparg, sequence.new_label())
    for index, (number, oparg, line, end_line, column, end_column) in enumerate(rows):
        if index in labels:
            sequence.use_label(labels[index])
        if numbers[number] in has_target:
            oparg = labels[oparg]
        sequence.addop(number, oparg or 0, line, end_line, column, end_column)
    return sequence


def sequences(sequence):
    yield sequence.get_instructions()
    for nested in sequence.get_nested():
        yield from sequences(nested)


def record(name, rows):
    # The placeholder would be dropped; dropping it here keeps the numbers of jump targets simple.
    places = [index for index, row in enumerate(rows) if numbers[row[0]] == "ANNOTATIONS_PLACEHOLDER"]
    shift = lambda target: target - sum(place < target for place in places)
    rows = [
        (row[0], shift(row[1]) if numbers[row[0]] in has_target else row[1], *row[2:])
        for index, row in enumerate(rows)
        if index not in places
    ]
    loads = [row[1] for row in rows if numbers[row[0]] == "LOAD_CONST"]
    used = [row[1] for row in rows if _opcode.has_local(row[0])]
    constants = [CONSTANTS[index % len(CONSTANTS)] if index < len(CONSTANTS) else f"c{index}" for index in range(max(loads, default=-1) + 1)]
    local_count = max(used, default=-1) + 1
    before = marshal.dumps(tuple(constants)).hex()
    optimized = _testinternalcapi.optimize_cfg(rebuild(rows), constants, local_count)
    print("sequence", name, local_count)
    print("constants", before)
    for row in rows:
        print("in", instruction(row, False))
    for row in optimized.get_instructions():
        print("out", instruction(row, False))
    print("result", marshal.dumps(tuple(constants)).hex())


numbers = {number: name for name, number in (dict(opcode.opmap) | opcode._specialized_opmap).items()}
has_target = {name for name, number in opcode.opmap.items() if _opcode.has_jump(number) or _opcode.has_exc(number)}


def main(paths):
    sources = SAMPLES
    if paths:
        sources = {path: open(path, "rb").read() for path in paths}
    for name, source in sources.items():
        try:
            sequence, _ = _testinternalcapi.compiler_codegen(ast.parse(source), name, 0)
        except (SyntaxError, RecursionError):
            continue
        for rows in sequences(sequence):
            record(name, rows)
    sys.stdout.flush()
    # Freeing the nested sequences crashes the reference.
    os._exit(0)


main(sys.argv[1:])
