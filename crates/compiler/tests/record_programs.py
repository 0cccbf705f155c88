"""Records what CPython compiles the programs of data/programs to, for the tests of src/tests.rs.

Run by the reference:  python3.14 record_programs.py > data/programs.tsv
A program begins at a line «### title». Its row has file, title, optimization level, and «code» with marshal data, or
«error» with kind, message and place; then the warnings as «line: message», separated by «;;».
"""
import marshal
import warnings
from pathlib import Path


def row(file, title, program, optimize):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            code = compile(program, file, "exec", dont_inherit=True, optimize=optimize)
            result = ["code", marshal.dumps(code).hex()]
        except SyntaxError as error:
            place = f"{error.lineno}:{error.offset}-{error.end_lineno}:{error.end_offset}"
            result = ["error", f"{type(error).__name__}: {error.msg} at {place}"]
    told = ";;".join(f"{warning.lineno}: {warning.message}" for warning in caught)
    print(file, title, optimize, *result, told, sep="\t")


for path in sorted((Path(__file__).parent / "data" / "programs").glob("*.py")):
    for part in path.read_text().split("### ")[1:]:
        title, _, program = part.partition("\n")
        for optimize in (0, 2) if "doc" in program or "assert" in program or "__debug__" in program else (0,):
            row(path.name, title.strip(), program, optimize)
