import collections.abc as c
import copy
import types
import typing
import weakref

T = typing.TypeVar("T")
Ts = typing.TypeVarTuple("Ts")
P = typing.ParamSpec("P")


class A:
    pass


class L(list):
    pass


class S(types.GenericAlias):
    pass


def show(*expressions):
    for expression in expressions:
        try:
            print(expression, "->", repr(eval(expression)))
        except Exception as error:
            print(expression, "!!", type(error).__name__, error)


show(
    "(int|typing.TypeVar('T'))[str]",
    "list[typing.TypeVar('T')]",
    "list[typing.TypeVar('T')][int]",
    "list[typing.TypeVar('T')][int,str]",
    "list[typing.TypeVar('T')][()]",
    "list[typing.TypeVar('T')].__parameters__",
    "dict[typing.TypeVar('T'),typing.TypeVar('S')][int]",
    "typing.TypeVar('T')",
    "typing.TypeVar('T',covariant=True)",
    "typing.TypeVar('T',contravariant=True)",
    "typing.TypeVar('T',infer_variance=True)",
    "typing.TypeVar('T',covariant=True,contravariant=True)",
    "typing.TypeVar('T',covariant=True,infer_variance=True)",
    "typing.TypeVar('T',int)",
    "typing.TypeVar('T',int,str).__constraints__",
    "typing.TypeVar('T',int,str,bound=int)",
    "typing.TypeVar('T',bound='X').__bound__",
    "typing.TypeVar('T',bound=None).__bound__",
    "typing.TypeVar('T').__default__",
    "typing.TypeVar('T',default=int).__default__",
    "typing.TypeVar('T',default=int).has_default()",
    "typing.TypeVar('T').evaluate_bound",
    "typing.TypeVar('T',bound=int).evaluate_bound",
    "typing.TypeVar('T',bound=int).evaluate_bound(1)",
    "typing.TypeVar('T',bound=int).evaluate_bound(4)",
    "typing.TypeVar('T',int,str).evaluate_constraints",
    "typing.TypeVar('T',int,str).evaluate_constraints(4)",
    "typing.TypeVar('T').__module__",
    "typing.TypeVar('T')|int",
    "int|typing.TypeVar('T')",
    "typing.TypeVar('T').__typing_subst__(1)",
    "typing.TypeVar('T').__typing_subst__(int)",
    "typing.TypeVar('T').__typing_prepare_subst__(list[int],(int,))",
    "type('X',(typing.TypeVar('T'),),{})",
    "typing.ParamSpec('P')",
    "typing.ParamSpec('P').args",
    "typing.ParamSpec('P').kwargs",
    "typing.ParamSpec('P').args == typing.ParamSpec('P').args",
    "typing.ParamSpec('P').args < 1",
    "typing.ParamSpec('P').args.__origin__",
    'typing.ParamSpecArgs(5)',
    'typing.ParamSpecArgs(int)',
    "type('X',(typing.ParamSpec('T'),),{})",
    "type('X',(typing.ParamSpec('T').args,),{})",
    "type('X',(typing.TypeVarTuple('T'),),{})",
    "typing.ParamSpec('P',bound=int).__bound__",
    "typing.TypeVarTuple('Ts')",
    "(*typing.TypeVarTuple('Ts'),)",
    "typing.TypeVarTuple('Ts').__typing_subst__(int)",
    "typing.TypeAliasType('X',int)",
    "typing.TypeAliasType('X',int).__value__",
    "typing.TypeAliasType('X',int)[int]",
    "typing.TypeAliasType('X',int,type_params=(1,))",
    "typing.TypeAliasType('X',int,type_params=[])",
    "typing.TypeAliasType('X',int).evaluate_value",
    "typing.TypeAliasType('X',int).evaluate_value(4)",
    "typing.TypeAliasType('X',int).__module__",
    "typing.TypeAliasType('X',int)|str",
    "typing.TypeAliasType('X',int).__parameters__",
    "typing.TypeAliasType('X',list[(T:=typing.TypeVar('T'))],type_params=(T,))[int]",
    "(*typing.TypeAliasType('X',list[(T:=typing.TypeVar('T'))],type_params=(T,))[int],)",
    "typing.Generic[typing.TypeVar('T')]",
    "typing.TypeAliasType('X',int,type_params=(typing.TypeVar('D',default=int),T))",
    'typing.TypeVar.__text_signature__',
    "dict[T,typing.TypeVarTuple('Ts')][1]",
    'bool(typing.NoDefault)',
    'list[typing.Any]',
    'typing.TypeAliasType.__module__',
    "typing.TypeVar('T',bound=[])",
    "typing.TypeVar('T',bound=None).evaluate_bound",
    "typing.TypeVar(name='T')",
    "typing.ParamSpec(name='T')",
    "typing.TypeVarTuple(name='T')",
    'typing.ParamSpecArgs(origin=1)',
    "typing.ParamSpec('P').__typing_subst__(int)",
    "typing.ParamSpec('P').__bound__",
    "typing.ParamSpec('P')|int",
    "typing.ParamSpec('P').args|int",
    "typing.TypeVarTuple('P')|int",
)
