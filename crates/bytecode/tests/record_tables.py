"""Records what CPython reads from its tables for the tests of line_table.rs, exception_table.rs and disassemble.rs.

Run by the reference:  python3.14 record_tables.py > data/tables.tsv
One line a code object: first line, line table, exception table, positions, lines, handlers.
"""
import dis

from samples import SAMPLES, code_objects


def numbers(values):
    return ":".join("-" if value is None else str(value) for value in values)


def main():
    for source in SAMPLES.values():
        for code in code_objects(compile(source, "sample.py", "exec")):
            positions = ",".join(map(numbers, code.co_positions()))
            lines = ",".join(map(numbers, code.co_lines()))
            handlers = ",".join(
                numbers((entry.start // 2, entry.end // 2, entry.target // 2, entry.depth, int(entry.lasti)))
                for entry in dis._parse_exception_table(code)
            )
            tables = code.co_linetable.hex(), code.co_exceptiontable.hex()
            print(code.co_firstlineno, *tables, positions, lines, handlers, sep="\t")


main()
