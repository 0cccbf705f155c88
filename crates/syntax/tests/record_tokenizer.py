"""Records what the reference makes of small sources: tokens, the tokenizer's errors, and the values of literals.

    /opt/reference/bin/python3.14 record_tokenizer.py

Writes data/{tokens,errors,warnings,type_comments,literals}.txt, which src/golden_tests.rs reads.  The sources are in
data/*_sources.txt, one a line, in the escapes of a string literal.  A recorded case is a line ">>> SOURCE", control characters and
backslashes escaped, and the lines of what it yields.
"""

import _tokenize
import ast
import io
import os
import warnings

DATA = os.path.join(os.path.dirname(__file__), "data")

LONG_LITERALS = ["1" * 4300, "1" * 4301, "1_1" * 2200, "0" * 5000, "1" * 4301 + ".5", "0x" + "f" * 5000]

CONTROLS = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f", "\0": "\\0"}


def escaped(text):
    return "".join(CONTROLS.get(character, character) for character in text)


def cases(name):
    with open(os.path.join(DATA, f"{name}_sources.txt"), encoding="utf-8") as file:
        for line in file:
            yield ast.literal_eval('"' + line.rstrip("\n").replace('"', '\\"') + '"')


def located(error):
    return f"{error.lineno},{error.offset} {error.end_lineno},{error.end_offset}"


def tokens(source, extra):
    lines = io.StringIO(source, newline="\n")
    try:
        for kind, string, start, end, line in _tokenize.TokenizerIter(lines.readline, extra_tokens=extra):
            yield f"{kind} {escaped(string)} {start[0]},{start[1]} {end[0]},{end[1]} {escaped(line)}"
    except SyntaxError as error:
        yield f"{type(error).__name__} {error.msg}"


def error_of(source):
    try:
        compile(source, "<source>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"{type(error).__name__} {error.msg} {located(error)} {escaped(error.text)}"
    raise AssertionError(source)


def value_of(node):
    match node:
        case ast.JoinedStr(values=[part]) | ast.TemplateStr(values=[part]):
            return value_of(part)
        case ast.Constant(value=str() as text, kind=kind):
            return f"str {kind} {' '.join(format(ord(character), 'x') for character in text)}"
        case ast.Constant(value=bytes() as data):
            return f"bytes {data.hex()}"
        case ast.Constant(value=int() as number):
            return f"int {number:x}"
        case ast.Constant(value=number):
            return f"{type(number).__name__} {number!r}"
    raise AssertionError(node)


def literal(source):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield value_of(ast.parse(source).body[0].value)
        except SyntaxError as error:
            yield f"error {error.msg} {located(error)}"
    for warning in caught:
        yield f"warning {warning.lineno} {warning.message} {as_error(source)}"


def as_error(source):
    """The error that the first warning of a source is when warnings are errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            ast.parse(source)
        except SyntaxError as error:
            return f"as error: {error.msg} {located(error)} {escaped(error.text)}"
    raise AssertionError(source)


def record(name, lines):
    with open(os.path.join(DATA, name), "w", encoding="utf-8", errors="surrogatepass") as file:
        file.write("# Recorded by record_tokenizer.py.\n")
        file.writelines(line + "\n" for line in lines)


def token_lines():
    for source in [*cases("valid"), *cases("damaged")]:
        yield f">>> {escaped(source)}"
        yield from tokens(source, False)
        yield "--- extra tokens"
        yield from tokens(source, True)


def error_lines():
    for source in cases("damaged"):
        error = error_of(source)
        if " invalid syntax " not in error:  # that one is the parser's
            yield f">>> {escaped(source)}"
            yield error


def warning_lines():
    for source in cases("warning"):
        yield f">>> {escaped(source)}"
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            ast.parse(source)
        for index, warning in enumerate(caught):
            place = as_error(source) if index == 0 else ""
            yield f"{warning.lineno} {warning.message} {place}".rstrip()


def type_comment_lines():
    for source in cases("type_comment"):
        yield f">>> {escaped(source)}"
        tree = ast.parse(source, type_comments=True)
        nodes = [node for node in ast.walk(tree) if getattr(node, "type_comment", None) is not None]
        comments = [(node.lineno, node.type_comment) for node in nodes]
        yield from (f"{line} comment {escaped(comment)}" for line, comment in sorted(comments))
        yield from (f"{ignore.lineno} ignore {escaped(ignore.tag)}" for ignore in tree.type_ignores)


def literal_lines():
    for source in [*cases("literal"), *LONG_LITERALS]:
        yield f">>> {escaped(source)}"
        yield from literal(source)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    record("tokens.txt", token_lines())
    record("errors.txt", error_lines())
    record("warnings.txt", warning_lines())
    record("type_comments.txt", type_comment_lines())
    record("literals.txt", literal_lines())
