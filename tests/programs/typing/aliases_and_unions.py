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
    'list[int]',
    'list[int,str]',
    'list[()]',
    'list[int][str]',
    'list[...]',
    'dict[str,list[int]]',
    '(*list[int],)',
    'list[int]()',
    'list[int].__origin__',
    'list[int].__class__',
    'list[int].append',
    'list[int].__mro_entries__(())',
    'isinstance([],list[int])',
    'issubclass(list,list[int])',
    'isinstance(1,list[int])',
    'list[int]==list[int]',
    'list[int]==list[str]',
    'hash(list[int])==hash(list[int])',
    'list[int]|None',
    'int|str',
    'int|None|int',
    'int|list[int]',
    "int|'a'",
    'int|int',
    'type(int|str)',
    '(int|str).__args__',
    '(int|str)==(str|int)',
    'hash(int|str)==hash(str|int)',
    'isinstance(1,int|str)',
    'issubclass(int,int|str)',
    'isinstance(1,int|list[int])',
    'issubclass(int,int|list[int])',
    '(int|str).__parameters__',
    '(int|str)[int]',
    '(int|str).__origin__',
    '(int|str).__module__',
    '(int|str).__reduce_ex__(2)',
    'typing.Union[int,str]',
    'typing.Union[int]',
    'typing.Union[()]',
    'typing.Union',
    'types.UnionType is typing.Union',
    'typing.Optional[int]',
    "typing.Union[int,'a']",
    '(int|str)()',
    "type('X',(int|str,),{})",
    'types.GenericAlias(list,int)',
    'types.GenericAlias(list)',
    'types.GenericAlias(1,2)',
    'dir(list[int])[:3]',
    'list[int].__typing_unpacked_tuple_args__',
    'repr(list[[int,str]])',
    'repr(list[1])',
    'typing.NoDefault',
    'type(typing.NoDefault)',
    'type(typing.NoDefault)()',
    'typing.Generic[int]',
    '(T.__module__)',
    '(A.__bases__, A.__orig_bases__, A.__parameters__)',
    "setattr(T,'__name__',1)",
    'hash(int|list[[]])',
    '(int|list[[]])==(int|list[[]])',
    'isinstance(1, str|int|list)',
    'isinstance(1, list[int]|int)',
    "isinstance('', list[int]|int)",
    'issubclass(1, str|int)',
    'issubclass(str, T|int)',
    "list[T]|'x'",
    "'x'|T",
    '1|T',
    "(int|str)|'x'",
    '(int|str)|1',
    '1|(int|str)',
    'list[int].__reduce_ex__(4)',
    'list[int].__module__',
    'list[int].__copy__',
    'types.GenericAlias(dict,(T,))[int,str]',
    'tuple[*Ts]',
    'tuple[*Ts][int,str]',
    'tuple[T,*Ts][int,str,bool]',
    'tuple[T,*Ts][()]',
    'tuple[*Ts,*Ts].__parameters__',
    'types.GenericAlias(dict,(T,P))[int,[str]]',
    'types.GenericAlias(dict,(P,))[int,str]',
    'types.GenericAlias(dict,(P,T))[int,str]',
    'list[tuple[T,...]][int]',
    'tuple[T,*tuple[int,...]][str]',
    'list[T][*tuple[int]]',
    'list[dict[T,T]].__parameters__',
    'type(iter(tuple[int])).__name__',
    'c.Callable[[int],str]',
    'c.Callable[[T],str][int]',
    'L[int]().__orig_class__',
    "types.GenericAlias(int,(str,))('5')",
    'list[int].__parameters__',
    'S(list,int)',
    'S(list,T)[int].__class__',
    'None|None',
    '...|int',
    'repr(types.GenericAlias(list, [int]))',
    'repr(types.GenericAlias(list, (T,...)))',
    'types.GenericAlias(list,[[T]]).__parameters__',
    'types.GenericAlias(list,([T],)).__parameters__',
    'types.GenericAlias(list,([T],))[int]',
    'types.GenericAlias(list,((T,),))[int]',
    'types.GenericAlias(list,((T,int),))',
    'types.GenericAlias(list,([T,int],))',
    'list[int].__bases__',
    '[a for a in dir(list[int]) if a not in dir(list)]',
    'types.GenericAlias(list,P)[int,str]',
    'types.GenericAlias(list,P)[[int,str]]',
    'types.GenericAlias(1.5,P)',
    'list[A]',
    'list[A()] and 1',
    "list['x']",
    'types.GenericAlias(list,int).__unpacked__',
    'list[None]',
    'list[type(None)]',
    'list[int|None]',
    'list[int]==1',
    'list[int]<list[int]',
    'copy.copy(T) is T',
    'copy.copy(list[int])',
    'copy.deepcopy(list[T])',
    'copy.copy(int|str)',
)
