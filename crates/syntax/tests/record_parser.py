"""Records what the reference's parser makes of small sources: trees with all positions, and errors.

    /opt/reference/bin/python3.14 record_parser.py

Writes data/trees.txt and data/parser_errors.txt, which src/parser/tests.rs reads, and data/ast_classes.txt, the classes of
the module `ast` in their order, which src/ast/tests.rs reads. The sources are in data/parser_sources.txt,
one a line: the mode of compile(), a tab, and the source in the escapes of a string literal. A recorded case is a line
">>> MODE SOURCE" and a line with the dump of the tree, positions shortened to @line:column-line:column, or with the error.
"""
import ast
import os
import re
import warnings

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
FLAGS = {"types": ast.PyCF_TYPE_COMMENTS, "incomplete": 0x4200}
POSITION = re.compile(r"lineno=(\d+), col_offset=(\d+), end_lineno=(\d+), end_col_offset=(\d+)")


def outcome(mode, source):
    mode, *extra = mode.split("+")
    flags = ast.PyCF_ONLY_AST | sum(FLAGS.get(name, 0) for name in extra)
    version = [int(name[2:]) for name in extra if name.startswith("3.")] or [-1]
    try:
        tree = compile(source, "<source>", mode, flags, dont_inherit=True, _feature_version=version[0])
    except SyntaxError as error:
        place = f"{error.lineno}:{error.offset}-{error.end_lineno}:{error.end_offset}"
        return False, f"{type(error).__name__.strip('_')} {place} {error.msg}"
    except MemoryError as error:
        return False, f"MemoryError {error}"
    return True, POSITION.sub(r"@\1:\2-\3:\4", ascii_dump(tree))


def ascii_dump(tree):
    return ast.dump(tree, include_attributes=True).encode("ascii", "backslashreplace").decode()


def classes():
    """A line a class: name, base, attributes, whether each field and attribute may be left out, and the docstring."""
    import _ast
    for name, node in vars(_ast).items():
        if isinstance(node, type) and issubclass(node, ast.AST) and node is not ast.AST:
            optional = [field for field in (*node._fields, *node._attributes) if getattr(node, field, 0) is None]
            yield name, node.__base__.__name__, ",".join(node._fields), ",".join(node._attributes), ",".join(optional), \
                node.__doc__.replace("\n", "\\n")


def main():
    with open(os.path.join(DATA, "ast_classes.txt"), "w", encoding="utf-8") as file:
        file.writelines("\t".join(row) + "\n" for row in classes())
    warnings.simplefilter("ignore")
    files = [open(os.path.join(DATA, name), "w", encoding="utf-8") for name in ("parser_errors.txt", "trees.txt")]
    with open(os.path.join(DATA, "parser_sources.txt"), encoding="utf-8") as sources:
        for line in sources:
            mode, escaped = line.rstrip("\n").split("\t", 1)
            is_tree, text = outcome(mode, ast.literal_eval('"' + escaped.replace('"', '\\"') + '"'))
            files[is_tree].write(f">>> {mode} {escaped}\n{text}\n")
    for file in files:
        file.close()


main()
