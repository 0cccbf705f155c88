"""Escape sequences that mean nothing are warned of as the version of the grammar says."""
import ast
import warnings

for version in ((3, 8), (3, 11), (3, 12), (3, 14)):
    for source in (r"x = '\d'", r"x = b'\9'", r"f'\d{1}'", r"x = '\777'", "0x1for x in y", r"'\d' '\e'"):
        for action in ("always", "error"):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter(action)
                try:
                    ast.parse(source, feature_version=version)
                except SyntaxError as error:
                    print(version, source, type(error).__name__, error.msg, error.offset, error.end_offset)
                print(version, source, [(it.category.__name__, str(it.message)) for it in caught])
