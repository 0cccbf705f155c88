"""What is said of program files that end too early, hold null bytes or what is no UTF-8; and bytecode files that are run."""
import os
import py_compile
import subprocess
import sys
import tempfile

SOURCES = [
    b"\\", b"if x:\n  \\", b"x = \\\n\\", b"def f():\n  if x:\n\n#c", b"if x:\n  y\n else:\n", b"x = (1,\n", b"0000\0\n000\n\0\n\x9e\n", b"#\0\n#\xfd\n",
    b"\xef\xbb\xbf#1\n#coding: latin-1\n", b"\xef\xbb\xbf)\n#2\n#\xff\n",
    b"#coding: utf-8\n\xff\n", b"#\xff\n#coding: utf-8\n", b"#coding: utf-8\n'''\n\xff\n", b"#coding: utf-8\nf'''\n\xff\n", b"#coding: utf-8\n)\n\xff",
    b"#coding: utf-8\n#\xe2\x82\n", b"#coding: utf-8\n'\xc3\xa9' \xc3", b"#coding: ascii\nx = 1\n\xe9\n", b"#\xff\n#coding: ascii\n", b"#\n#coding: ascii \xff\n",
    b"\xef\xbb\xbf#\xff\n", b"\xef\xbb\xbf#\xff\n1\n", b"\xef\xbb\xbf1\n\xff\n", b"#coding: utf8\n\xff\n",
    b"x=1\n\xff\n", b"#1\n\xff\n", b"'''\n\xff", b"#\xff\nprint(1)", b"#\xff\n", b"a\xff\0", b")\n\xff", b"a b\n\xff",
]


def tell(name, contents, folder):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(contents)
    done = subprocess.run([sys.executable, "-I", "-X", "utf8", path], capture_output=True)
    text = done.stderr.decode().replace(folder, "FOLDER")
    print(repr(contents[:40]), done.returncode, done.stdout, *map(repr, text.splitlines()), sep="\n    ")


with tempfile.TemporaryDirectory() as folder:
    for source in SOURCES:
        tell("program.py", source, folder)
    path = os.path.join(folder, "source.py")
    with open(path, "w") as file:
        file.write("1/0\n")
    data = open(py_compile.compile(path, os.path.join(folder, "code.pyc"), dfile="<elsewhere>"), "rb").read()
    for damaged in (data, data[:10], data[:16] + b"N", b"\xff\xff\xff" + data[3:], data[:-5]):
        print(len(damaged))
        name = os.path.join(folder, "run.pyc")
        with open(name, "wb") as file:
            file.write(damaged)
        done = subprocess.run([sys.executable, "-I", name], capture_output=True, text=True)
        print(done.returncode, done.stderr)
