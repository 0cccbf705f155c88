"""Which parts of code objects marshal writes once: tables of equal contents are one object, but for the kinds of variables."""
import marshal

SOURCES = [
    "def f(a): pass\ndef g(b): pass\n", "def f(a, b): return a\ndef g(a, b): return a\n", "lambda: 0\nlambda: 0\n", "class A:\n def f(self): x\n def g(self): y\n",
    "def f(a):\n def g(): return a\n def h(): return a\n", "[x for x in y]\n[x for x in z]\n", "class A:\n class B: pass\nx = 'A.B'\n", "x = 'A.B'\nclass A:\n class B: pass\n",
    "def f(a: b): pass\ndef g(c: d): pass\n", "class A:\n x: y\n def f(self, z: w): pass\n", "def f():\n class A: pass\n",
    "import a.b\nx = 'a.b'\n", "def f(\xb5): return '\u03bc', '.0'\n[x for x in (y for y in z)]\n",
    "x[:500], y[500:], 500, z[::0.5], 0.5\n", "class A:\n def f(self): return 'A.f'\n",
    "def f():\n try: a\n except: b\ndef g():\n try: a\n except: b\n", "b'0'; x = b'0', b'0'\ndef f(x): return b'0'\n",
]
for source in SOURCES:
    print(repr(source), marshal.dumps(compile(source, "<text>", "exec")).hex(), sep="\n    ")
