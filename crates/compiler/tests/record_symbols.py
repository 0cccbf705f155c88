"""Records the symbol tables of the programs of data/programs, for the tests of src/symbol_table/tests.rs.

Run by the reference:  python3.14 record_symbols.py > data/symbols.txt
Programs that have errors are left out: their errors are in programs.tsv.
"""
import warnings
from pathlib import Path

from compare_symbols import reference

warnings.simplefilter("ignore")
for path in sorted((Path(__file__).parent / "data" / "programs").glob("*.py")):
    for part in path.read_text().split("### ")[1:]:
        title, _, program = part.partition("\n")
        lines = reference(program)
        if not lines[0].startswith("error"):
            print("###", path.name, title.strip(), sep="\t")
            print(*lines, sep="\n")
