"""What is wrong behind a statement that is right by itself: the message is about both."""

PROGRAMS = [
    "if a:\n    pass\nelse:\n    pass\nelif b:\n    pass\n",
    "def f():\n    if a:\n        pass\n    elif b:\n        pass\n    else:\n        pass\n    elif c:\n        pass\n",
    "x = 1\nif a: pass\nelse: pass\nelif b: pass\n",
    "for a in b:\n    pass\nelse:\n    pass\nelif b:\n    pass\n",
    "try:\n    pass\nfinally:\n    pass\nexcept A:\n    pass\n",
    "with a:\n    pass\nelse:\n    pass\n",
    "x = 1 y\nelse:\n    pass\n",
]
for program in PROGRAMS:
    try:
        compile(program, "program", "exec")
    except SyntaxError as error:
        print(error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset)
