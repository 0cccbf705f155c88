### values
match x:
    case 1: a
    case -1: b
    case 1+2j: c
    case -1.5-2j: d
    case "s" "t": e
    case b"x": f
    case None: g
    case True: h
    case a.b: i
    case a.b.c if d: j
    case _: k
### captures
match x:
    case y: a
match x:
    case y if z: a
    case _: b
match x:
    case (y): a
match x:
    case 1 as y: a
    case (y as z) if w: b
### sequences
match x:
    case []: a
    case [y]: b
    case y, z: c
    case [y, *_]: d
    case [*_, y]: e
    case [y, *z, w]: f
    case [_, _]: g
    case [_, *_]: h
    case [*_]: i
    case [1, y, *_, 2, z]: j
    case [[y], (z, w)]: k
    case (y, [z, *w] as v, *u): l
    case [*y]: m
    case ([_, y, *_, z, _]): n
### mappings
match x:
    case {}: a
    case {"a": 1}: b
    case {"a": y, b.c: z}: c
    case {"a": y, **z}: d
    case {**y}: e
    case {1: _, -2: y, 3+4j: [z, *_], None: w, **rest}: f
### classes
match x:
    case A(): a
    case A(1, y): b
    case A(y=1, z=w): c
    case a.B(c, d=e): d
    case A(_, b=_): e
    case A(B(y), z=C([w])): f
    case int(y) | str(y): g
### alternatives
match x:
    case 1 | 2 | 3: a
    case [y, 1] | [2, y]: b
    case (y, z) | [z, y, _]: c
    case {"a": y} | {"b": [y]}: d
    case [y, z, w] | {"a": w, "b": z, "c": y}: e
    case [1 | 2, (3 | 4) as y]: f
    case None | True | False: g
    case A(x=y) | B(y) as z: h
    case [a, b, c, d] | [b, c, d, a, _] | [d, c, b, a, _, _]: i
### in functions
def f(x):
    match x:
        case [a, b]: return a
        case {"k": a}: return lambda: a
        case A(a) if a: pass
        case _: return None
    return a
def g(x):
    for y in x:
        match y:
            case 1: continue
            case 2: break
            case z if z: return z
### guards
match x:
    case y if y > 1 and y < 3: a
    case [y, z] if not y or z: b
    case _ if w: c
### nested
match a, b:
    case (c, d):
        match c:
            case 1: e
            case _: f
    case _ if g: h
    case i: j
### multi line
match (
    x
):
    case [
        a,
        b
    ]:
        c
    case (
        1
        | 2
    ):
        d
### big numbers
match x:
    case 100000000000000000000000+1j: a
    case -100000000000000000000000: b
    case {1e30: c, 1000000000000000019884624838657: d}: e
