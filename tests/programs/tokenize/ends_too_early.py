"""Where `tokenize` says that text ends within brackets or after a backslash."""
import io
import tokenize

for text in ("(", "(\n", "a = (1,\nb", "x = [\n\n\n", "if x:\n  (", "\\", "a\\", "(\\", "f'{", "f'''{\n", "'''abc", "{\n#c"):
    try:
        list(tokenize.generate_tokens(io.StringIO(text).readline))
    except tokenize.TokenError as error:
        cause = error.__context__
        print(repr(text), error.args, cause.lineno, cause.offset, cause.end_lineno, cause.end_offset, cause.text, cause.filename)
