"""The order of the elements of constant sets, for fixed hashes."""
import os
import subprocess
import sys

CODE = r"""
import random
chance = random.Random(5)
words = [f"w{chance.randrange(10**6)}" for _ in range(200)] + ["async with", "async for", "await", "a b"]
for _ in range(60):
    items = [repr(chance.choice(words)) for _ in range(chance.randrange(2, 14))] + [str(chance.randrange(99))]
    display = "{" + ", ".join(items) + "}"
    code = compile(f"x in {display}\ndef f(x): return x in {display}, {items[0]}\ndef g(y, z): return z in {display}", "f", "exec")
    for inner in (code, *(it for it in code.co_consts if hasattr(it, "co_code"))):
        print(*(list(it) for it in inner.co_consts if isinstance(it, frozenset)))
"""
print(subprocess.run([sys.executable, "-c", CODE], env=dict(os.environ, PYTHONHASHSEED="0"), capture_output=True, text=True).stdout)
