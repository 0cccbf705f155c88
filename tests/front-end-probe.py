"""Prints what this interpreter's front end makes of each file named on standard input, in one respect.

    front-end-probe.py RESPECT [--detail] [--seed N] < list-of-paths

A line a file: DIGEST<tab>PATH, or with --detail the text behind the digest. `tests/compare-front-end` compares what two interpreters print. The
respects are the functions marked with `@respect`. What is damaged or chosen by chance depends on the seed and the path alone.
"""
import ast
import codeop
import hashlib
import io
import symtable
import sys
import tokenize
import warnings

sys.setrecursionlimit(5000)
seed = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else 1
RESPECTS = {}


def respect(function):
    RESPECTS[function.__name__] = function
    return function


class Random:
    """A generator of our own: the same numbers in every interpreter."""

    def __init__(self, path, text):
        name = f"{seed}:{path.rsplit('/', 1)[-1]}:{len(text)}"
        self.state = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little") | 1

    def below(self, limit):
        for shift in (13, -7, 17):
            self.state ^= self.state << shift if shift > 0 else self.state >> -shift
            self.state &= 2**64 - 1
        return self.state % limit

    def choose(self, items):
        return items[self.below(len(items))]


# What is shown of results.

CODE_FIELDS = """co_name co_qualname co_filename co_firstlineno co_argcount co_posonlyargcount co_kwonlyargcount co_stacksize co_flags co_names
    co_varnames co_freevars co_cellvars""".split()


def constant(value):
    if hasattr(value, "co_code"):
        return code(value)
    if isinstance(value, tuple):
        return "(" + ", ".join(map(constant, value)) + ")"
    if isinstance(value, frozenset):
        return "frozenset{" + ", ".join(sorted(map(constant, value))) + "}"
    if isinstance(value, slice):
        return "slice" + constant((value.start, value.stop, value.step))
    return f"{type(value).__name__}:{value!r}"


def code(value):
    fields = [f"{name}={getattr(value, name)!r}" for name in CODE_FIELDS]
    fields += [f"{name}={getattr(value, name).hex()}" for name in ("co_code", "co_linetable", "co_exceptiontable")]
    return "code<" + "\n".join(fields) + "\nco_consts=" + constant(value.co_consts) + ">"


def tree(value):
    return ast.dump(value, include_attributes=True)


def error(raised):
    if isinstance(raised, SyntaxError):
        place = f"{raised.lineno}:{raised.offset}-{raised.end_lineno}:{raised.end_offset} {raised.text!r}"
        return f"{type(raised).__name__} {raised.msg!r} {place}"
    return f"{type(raised).__name__} {raised}"


def outcome(show, function, *arguments, **options):
    """What a call returns or raises, and what it warns of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = show(function(*arguments, **options))
        except RecursionError as raised:
            result = type(raised).__name__
        except Exception as raised:
            result = error(raised)
    told = [f"{it.category.__name__} {it.message} {it.filename}:{it.lineno}" for it in caught]
    return "\n".join([result, *told])


def read(path):
    with open(path, "rb") as file:
        return file.read()


def text_of(path):
    return read(path).decode("utf-8", "replace").replace("\r", "")


def parsed(source):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            return None


# Compiling text.

@respect
def optimized(path):
    """The code of a module at each level of optimization."""
    for level in (0, 1, 2):
        yield outcome(code, compile, read(path), path, "exec", dont_inherit=True, optimize=level)


def pieces_of(path, wanted):
    """(text, node) of the statements that `wanted` chooses."""
    text = text_of(path)
    module = parsed(text)
    if module is None:
        return
    lines = text.splitlines(keepends=True)
    for node in wanted(module):
        first = min([node.lineno, *(it.lineno for it in getattr(node, "decorator_list", ()))])
        yield "".join(lines[first - 1:node.end_lineno]), node


@respect
def single(path):
    """Every statement of a module as typed at a prompt, and as a tree."""
    for text, node in pieces_of(path, lambda module: module.body):
        yield outcome(code, compile, text, "<stdin>", "single", dont_inherit=True)
        yield outcome(code, compile, ast.Interactive([node]), "<stdin>", "single", dont_inherit=True, optimize=1)


@respect
def expressions(path):
    """Every expression statement and every value that is assigned, as text and as a tree."""
    module = parsed(text_of(path))
    for node in ast.walk(module) if module else ():
        if isinstance(node, (ast.Expr, ast.Assign, ast.Return)) and node.value is not None:
            yield outcome(code, compile, ast.Expression(node.value), "<expression>", "eval", dont_inherit=True)
            yield outcome(code, compile, ast.unparse(node.value), "<expression>", "eval", dont_inherit=True, optimize=2)


@respect
def future(path):
    """With what a `from __future__` import of the caller would bring, and with awaits at the top."""
    text = text_of(path)
    for flags in (0x1000000, 0x400000, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, ast.PyCF_TYPE_COMMENTS):
        yield outcome(code, compile, text, path, "exec", flags=flags, dont_inherit=True)


# Compiling trees that Python code made or changed.

class Rename(ast.NodeTransformer):
    def visit_Name(self, node):
        return ast.copy_location(ast.Name(node.id + "_", node.ctx), node)

    def visit_arg(self, node):
        self.generic_visit(node)
        node.arg += "_"
        return node

    def visit_Attribute(self, node):
        self.generic_visit(node)
        node.attr = "_" + node.attr
        return node


class Swap(ast.NodeTransformer):
    def visit_BinOp(self, node):
        self.generic_visit(node)
        node.left, node.right = node.right, node.left
        return node

    def visit_Compare(self, node):
        self.generic_visit(node)
        node.left, node.comparators[-1] = node.comparators[-1], node.left
        return node

    def visit_BoolOp(self, node):
        self.generic_visit(node)
        node.values.reverse()
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return node

    def visit_If(self, node):
        self.generic_visit(node)
        if node.orelse:
            node.body, node.orelse = node.orelse, node.body
        return node

    def visit_IfExp(self, node):
        self.generic_visit(node)
        return ast.copy_location(ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.orelse, node.body), node)

    def visit_Constant(self, node):
        if type(node.value) is int:
            return ast.copy_location(ast.BinOp(node, ast.Mult(), ast.Constant(2)), node)
        return node


def without_positions(node):
    if isinstance(node, list):
        return [without_positions(it) for it in node]
    if isinstance(node, ast.AST):
        return type(node)(**{name: without_positions(value) for name, value in ast.iter_fields(node)})
    return node


@respect
def transformed(path):
    """The code of trees that were renamed, rebuilt without places, shifted, or had their operands swapped."""
    text = text_of(path)
    if parsed(text) is None:
        return
    for level, change in enumerate((Rename().visit, Swap().visit, without_positions, lambda it: ast.increment_lineno(it, 300))):
        changed = ast.fix_missing_locations(change(parsed(text)))
        yield outcome(code, compile, changed, path, "exec", dont_inherit=True, optimize=level % 3)
    yield outcome(code, compile, without_positions(parsed(text)), path, "exec")


WRONG = [None, 1, "name", b"bytes", 1.5, [], [None], (), [ast.Load()], ast.Load(), ast.Store(), ast.Pass(), ast.Add(), ast.Not(), ast.Module([], []),
         ast.Constant(1), ast.Constant(len), ast.Constant([1]), ast.Constant((1, ...)), ast.Constant(None), ast.Name("None", ast.Load()),
         ast.Name("x", ast.Store()), ast.Starred(ast.Name("x", ast.Load()), ast.Load()), ast.Yield(), ast.arg("True"), ast.alias("*"),
         ast.expr(), ast.stmt(), ast.List([], ast.Del()), ast.JoinedStr([ast.Constant(1)]), ast.FormattedValue(ast.Constant(1), 7),
         ast.MatchAs(None, None), ast.MatchStar("x"), ast.MatchValue(ast.Constant(1)), ast.keyword(None, ast.Constant(1)), -1, 2**40, True]


@respect
def broken_trees(path):
    """What is said of trees in which some fields were exchanged, are of a wrong type or are missing."""
    text = text_of(path)
    random = Random(path, text)
    module = parsed(text)
    if module is None or not module.body:
        return
    for _ in range(12):
        statement = without_positions(random.choose(module.body))
        nodes = list(ast.walk(statement))
        for _ in range(1 + random.below(2)):
            node, other = random.choose(nodes), random.choose(nodes)
            names = [*node._fields, *node._attributes]
            if not names:
                continue
            name = random.choose(names)
            how = random.below(5)
            value = getattr(node, name, None)
            if how == 0:
                node.__dict__.pop(name, None)
            elif how == 1 and isinstance(value, list) and value:
                value[random.below(len(value))] = random.choose(WRONG)
            elif how == 2 and isinstance(value, list):
                value.append(random.choose(WRONG))
            elif how == 3 and other._fields:
                setattr(node, name, getattr(other, random.choose(other._fields), None))
            else:
                setattr(node, name, random.choose(WRONG))
        try:
            fixed = ast.fix_missing_locations(ast.Module([statement], []))
        except (AttributeError, TypeError, RecursionError):
            continue
        yield outcome(code, compile, fixed, "<broken>", "exec", dont_inherit=True)


# Trees, tables and tokens.

@respect
def parse_options(path):
    """Trees with type comments, for older versions and optimized."""
    text = text_of(path)
    yield outcome(tree, ast.parse, text, path, type_comments=True)
    for version in ((3, 4), (3, 6), (3, 7), (3, 8), (3, 9), (3, 10), (3, 11), (3, 12), (3, 13)):
        yield outcome(tree, ast.parse, text, path, feature_version=version)
    for level in (1, 2):
        yield outcome(tree, ast.parse, text, path, optimize=level)


@respect
def unparsed(path):
    """The text that `ast.unparse` makes, and whether it means the same."""
    module = parsed(read(path))
    if module is not None:
        text = ast.unparse(module)
        yield text
        yield str(ast.dump(ast.parse(text)) == ast.dump(module))
        yield ast.dump(module, indent=2, show_empty=True)


TABLE_QUESTIONS = "get_type get_name get_lineno is_optimized is_nested has_children".split()
SYMBOL_QUESTIONS = """get_name is_referenced is_parameter is_global is_nonlocal is_declared_global is_local is_annotated is_free is_imported is_assigned
    is_namespace is_type_parameter is_free_class is_comp_iter is_comp_cell""".split()


def answers(thing, questions):
    return " ".join(repr(getattr(thing, name)()) for name in questions)


def in_order(found):
    """Free names come last, since a block gets those of its inner blocks in the order of a set."""
    return sorted(found, key=lambda it: (it.is_free(), it.is_free() and it.get_name()))


def table(value, depth=0):
    lines = [" " * depth + type(value).__name__ + " " + answers(value, TABLE_QUESTIONS)]
    if isinstance(value, symtable.Function):
        lines.append(answers(value, ["get_parameters", "get_locals", "get_globals", "get_nonlocals"]) + repr(sorted(value.get_frees())))
    lines.append(repr(sorted(value.get_identifiers())))
    lines += [" " * depth + answers(it, SYMBOL_QUESTIONS) + str(len(it.get_namespaces())) for it in in_order(value.get_symbols())]
    return "\n".join(lines + [table(it, depth + 1) for it in value.get_children()])


@respect
def symbols(path):
    """The symbol tables of a module, and of it as a series of typed statements."""
    yield outcome(table, symtable.symtable, read(path), path, "exec")
    for text, _ in pieces_of(path, lambda module: module.body[:20]):
        yield outcome(table, symtable.symtable, text, path, "single")


def token_list(tokens):
    return "\n".join(map(repr, tokens))


def all_tokens(text):
    """The tokens up to an error, and the error."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            found.append(repr(tuple(token)))
    except (SyntaxError, tokenize.TokenError) as raised:
        found.append(f"{type(raised).__name__} {raised.args}")
    return "\n".join(found)


@respect
def tokens(path):
    """Tokens of bytes and of text, and the text that they make again."""
    source = read(path)
    yield outcome(token_list, lambda: list(tokenize.tokenize(io.BytesIO(source).readline)))
    yield outcome(repr, lambda: tokenize.untokenize(tokenize.tokenize(io.BytesIO(source).readline)))
    yield outcome(repr, lambda: tokenize.untokenize(it[:2] for it in tokenize.tokenize(io.BytesIO(source).readline)))


# Damaged text.

PIECES = [*"()[]{}:,.=*;\\'\"@!$?#%\t\f\0", "\r\n", "if ", "else ", "for ", "in ", "def f(", "class ", "lambda ", "async ", "await ", "yield ", "return ", "import ",
          "from ", "as ", "with ", "try:", "except ", "except* ", "finally: return", "match ", "case ", "global x", "nonlocal x", "del ", "not ", "is ",
          "is 1", "== ()", "f'{", "f'{x!z}'", "f'{x:{y:{z", "t'{", "rb'\\", "0777", "1_", "0x", "1e", "1if 2else 3", "0x1for x in y", "b'é'", ":=", "->",
          "\n", " ", "print x", "None = 1", "*a, *b = c", "x = yield = 1", "break", "continue", "__debug__ = 1", "'\\d'", "'\\777'", "b'\\xg'", "'\\N{x}'",
          "(1)(2)", "[1]['a']", "1[2]", "assert (x, y)", "type X[T=int, *U] = ", "# type: int", "# type: ignore", "from __future__ import x", "é", "\xa0",
          "１", "🐍", "except A, B:", "_", "...", "'''", "if x is 'a': pass"]


def damaged(path, count):
    """Short damaged parts of a file, so that an error is near."""
    text = text_of(path)
    lines = text.splitlines(keepends=True)
    random = Random(path, text)
    for _ in range(count):
        start = random.below(max(1, len(lines)))
        piece = "".join(lines[start:start + 1 + random.below(30)])
        for _ in range(1 + random.below(2)):
            at = random.below(len(piece) + 1)
            how = random.below(5)
            if how == 0:
                piece = piece[:at] + piece[at + 1 + random.below(3):]
            elif how == 1:
                piece = piece[:at]
            elif how == 2:
                other = random.below(len(piece) + 1)
                piece = piece[:at] + piece[other:other + 12] + piece[at:]
            else:
                piece = piece[:at] + random.choose(PIECES) + piece[at:]
        yield piece


@respect
def damage(path):
    """Errors and warnings for damaged text, in every mode of compiling."""
    for number, piece in enumerate(damaged(path, 10)):
        mode = ("exec", "single", "eval", "exec", "func_type")[number % 5]
        flags = (0, codeop.PyCF_DONT_IMPLY_DEDENT | codeop.PyCF_ALLOW_INCOMPLETE_INPUT, ast.PyCF_TYPE_COMMENTS, 0x2000)[number % 4]
        if mode == "func_type":
            flags |= ast.PyCF_ONLY_AST
        show = tree if flags & ast.PyCF_ONLY_AST else code
        yield f"{piece!r} {mode} {flags:#x}\n" + outcome(show, compile, piece, "<damaged>", mode, flags=flags, dont_inherit=True)


@respect
def damaged_bytes(path):
    """The same of text that has to be decoded first."""
    for number, piece in enumerate(damaged(path, 6)):
        first = ("", "# coding: latin-1\n", "\ufeff", "# coding: utf-8\n", "#!x\n# vim: fileencoding=ascii\n", "# coding: nope\n")[number % 6]
        data = (first + piece).encode("latin-1" if number % 6 == 1 else "utf-8", "replace")
        if number % 6 > 2:
            at = len(data) // 2
            data = data[:at] + b"\xff\xfe"[:number % 3] + data[at:]
        yield repr(data) + "\n" + outcome(code, compile, data, "<damaged>", "exec", dont_inherit=True)


@respect
def damaged_tokens(path):
    """What `tokenize` makes of damaged text."""
    for piece in damaged(path, 6):
        yield repr(piece) + "\n" + outcome(str, all_tokens, piece)


@respect
def typed(path):
    """What `codeop` says of statements that are typed line by line, and of damaged ones."""
    for piece in damaged(path, 3):
        lines = piece.splitlines(keepends=True)[:12]
        for end in range(1, len(lines) + 1):
            yield outcome(lambda it: it and code(it) or repr(it), codeop.compile_command, "".join(lines[:end]))


def main():
    examine = RESPECTS[sys.argv[1]]
    for line in sys.stdin:
        path = line.rstrip("\n")
        text = outcome(str, lambda: "\n----\n".join(examine(path)))
        if "--detail" in sys.argv:
            print(text.encode("utf-8", "backslashreplace").decode())
        else:
            print(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20] + "\t" + path, flush=True)


if __name__ == "__main__":
    main()
