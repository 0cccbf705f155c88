"""Records CPython's instruction set for the tests of src/instruction.rs.

Run by the reference:  python3.14 record_instructions.py > data/instructions.tsv
One line an instruction: name, number, cache entries, base of its family, predicates, stack effects.
"""
import _opcode
import dis
import opcode

OPARGS = (0, 1, 2, 3, 7, 255, 0x302)
PREDICATES = ("arg", "const", "name", "jump", "free", "local", "exc")


def effect(number, oparg, jump):
    try:
        return str(_opcode.stack_effect(number, oparg if _opcode.has_arg(number) else None, jump=jump))
    except ValueError:
        return "-"


def main():
    base_of = {name: base for base, family in opcode._specializations.items() for name in family}
    numbers = dict(opcode.opmap) | opcode._specialized_opmap
    for name, number in sorted(numbers.items(), key=lambda item: item[1]):
        base = base_of.get(name, name)
        caches = opcode._inline_cache_entries.get(base, 0)
        predicates = [each for each in PREDICATES if getattr(_opcode, "has_" + each)(number)]
        effects = [effect(number, oparg, jump) for jump in (False, True) for oparg in OPARGS]
        print(name, number, caches, base, ",".join(predicates) or "-", ",".join(effects), sep="\t")
    for kind, values in (
        ("binary", [symbol for _, symbol in _opcode.get_nb_ops()]),
        ("comparison", opcode.cmp_op),
        ("intrinsic1", _opcode.get_intrinsic1_descs()),
        ("intrinsic2", _opcode.get_intrinsic2_descs()),
        ("special", _opcode.get_special_method_names()),
        ("common", [each.__name__ for each in dis._common_constants]),
    ):
        print("#" + kind, *values, sep="\t")


main()
