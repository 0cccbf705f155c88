"""`_metadata` of syntax errors: where the last compound statement stands that was right, and the source."""

SOURCES = [
    "x = ", ")", "", "if x: pass\ny =", "def f(): pass\ny =", "class A:\n def f(self):\n  if x: pass\n  for x in y: pass\n  z = 1\n def g(self): pass\ny z",
    "@a\nclass A: pass\ny z", "@a\nasync def f():\n async with a: pass\n async for a in b: pass\ny z", "try: pass\nfinally: pass\nif x:\n  y z",
    "while a:\n  with b: c\n  match d:\n    case e: f\n    case g: h i", "if a: b\nelif c: d\nelse: e\nif x: y z", "class A: b\nif x:\n pass\n  y",
    "if x: pass\n'", "if x: pass\nf'{'", "if x: pass\n0777", "if x: pass\n'\\8' y z", "from __future__ import barry_as_FLUFL\nif x: pass\na != b",
    "print x", "if x: pass\nprint x", "for x in y:\n  if z: pass\n  def f():\n    while a: b\n    print c", "if x: pass\nNone = 1", "a\nb",
    "if x: pass; class A: b", "class A(b=1, c): pass\nif x: pass", "if x: pass\nelse\n", "if x: pass\n\tif y: z",
]
for source in SOURCES:
    for mode, flags in [("exec", 0), ("single", 0), ("exec", 0x4000), ("single", 0x4200)]:
        try:
            compile(source, "<text>", mode, flags)
        except SyntaxError as error:
            print(ascii(source), mode, flags, type(error).__name__, error.msg, error.lineno, error.offset, ascii(error._metadata))
        else:
            print(ascii(source), mode, flags)
