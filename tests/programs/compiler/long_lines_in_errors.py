"""Of a long line in a file, errors show what is read at once."""
import os
import tempfile

SOURCES = ("x = {}+\n", "x = '{}'; break\n", "break; x = '{}'\n", "é = {}\n", "\n\n{} b\nx = 1\n", "x = 1 +\n{}\n")


def told(source, name):
    try:
        compile(source, name, "exec")
    except SyntaxError as error:
        text = error.text or ""
        return len(text), text[:5], text[-5:], error.lineno, error.offset, error.end_lineno, error.end_offset, error.msg[:20]


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for filler in ("9", "é"):
        for size in (400, 498, 990, 996, 999, 1000, 1500, 5000):
            for source in SOURCES:
                text = source.format(filler * size)
                with open("file.py", "w", encoding="utf-8") as file:
                    file.write(text)
                print(size, told(text, "file.py"), told(text.encode(), "file.py"), told(text, "nothing.py"))
    os.chdir("/")
