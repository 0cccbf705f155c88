def generic[T: int = bool, *Ts = (int, str), **P = [int]](x: T) -> T:
    return x


for parameter in generic.__type_params__:
    print(repr(parameter), parameter.__name__, parameter.__module__, parameter.__default__, parameter.has_default())
print(generic.__type_params__[0].__bound__, generic.__type_params__[0].__constraints__)


class Constrained[T: (int, str), U: undefined_name]:
    pass


T, U = Constrained.__type_params__
print(T.__constraints__, T.__bound__, T.evaluate_constraints(1), T.evaluate_bound)
try:
    U.__bound__
except NameError as error:
    print(error)
undefined_name = 5
print(U.__bound__, U.evaluate_bound(1))
print(Constrained.__bases__, Constrained.__orig_bases__, Constrained.__parameters__, Constrained[int, str])


class Variadic[*Ts]:
    pass


print(Variadic.__orig_bases__, Variadic[int, str], Variadic[()])

type Alias = list[later]
type Pair[A, B = int] = tuple[A, B]
try:
    Alias.__value__
except NameError as error:
    print(error)
later = str
print(Alias, Alias.__value__, Alias.__module__, Alias.__name__, Alias.__type_params__, Alias | None)
print(Pair, Pair.__type_params__, Pair.__parameters__, Pair[str, int], Pair[str], Pair.__value__)
for action in (
    lambda: Alias[int], lambda: setattr(Alias, "__module__", "x"), lambda: setattr(Alias, "other", 1), lambda: T(),
    lambda: type(T)("X", int), lambda: type(T)("X", covariant=True, contravariant=True), lambda: isinstance(1, Pair),
):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)
T.note = "kept"
print(T.note, hasattr(U, "note"))


class Subscribed(Pair[int].__origin__.__value__.__origin__):
    pass


print(Subscribed.__mro__)
