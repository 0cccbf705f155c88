### except
try: a
except: b
try: a
except A: b
try: a
except A as e: b
except (B, C) as e: c
except D: d
else: f
try: a
except A, B: c
def f():
    try: a
    except A as e:
        return e
    except B:
        del e
        raise
    return 1
### finally
try: a
finally: b
try: a
except A as e: b
else: c
finally: d
def f():
    try: return a
    finally: b
def g():
    for x in y:
        try:
            if x: break
            if z: continue
        finally: w
    while a:
        try: pass
        finally:
            if b: break
def h():
    try:
        try: a
        finally: b
    except C as c: d
    finally: e
### except star
try: a
except* A: b
try: a
except* A as e: b
except* (B, C): c
else: d
finally: f
def g():
    try: a
    except* A as e: e; raise
    except* B: pass
    return 1
### in generators
def f():
    try: yield a
    except A as e: yield e
    finally: yield b
def g():
    with a: yield b
    try: x = yield
    except: pass
async def h():
    try: await a
    finally: await b
    async with a: await c
### nested handlers
try:
    try: a
    except B: c
    else: d
except E as e:
    try: f
    except G as e: h
    finally: i
else: j
### return in handlers
def f():
    try: a
    except A as e: return 1
    except B as e: return x
    except C: return
    finally: d
def g():
    while a:
        try: b
        except C as d:
            if d: continue
            break
        with e as f:
            try: return g()
            except H: continue
### multi line
try:
    a(
      b)
except (
    A,
    B
) as e:
    c
finally:
    d
