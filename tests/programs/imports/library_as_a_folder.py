"""The library's folder can be listed and its files read, wherever the library is."""
import ast
import json
import os

names = os.listdir(os.path.dirname(ast.__file__))
print("ast.py" in names, "json" in names, "no_such.py" in names, len([it for it in names if it.endswith(".py")]) > 150)
print(sorted(it for it in os.listdir(os.fsencode(os.path.dirname(json.__file__))) if it.endswith(b".py")))
with open(ast.__file__) as file:
    tree = ast.parse(file.read())
print(type(tree).__name__, len(tree.body) > 10)
for attempt in (lambda: os.listdir(os.path.dirname(ast.__file__) + "/no_such"), lambda: open(os.path.dirname(ast.__file__) + "/no_such.py")):
    try:
        attempt()
    except OSError as error:
        print(isinstance(error, (FileNotFoundError, NotADirectoryError)))
