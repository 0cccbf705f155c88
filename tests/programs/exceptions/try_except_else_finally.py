def attempt(f):
    try:
        value = f()
    except ZeroDivisionError as error:
        return f"zero: {error}"
    except (KeyError, IndexError) as error:
        return f"{type(error).__name__}: {error!r}"
    else:
        return f"value {value}"
    finally:
        print("finally")

print(attempt(lambda: 1 / 0))
print(attempt(lambda: {}["k"]))
print(attempt(lambda: [][1]))
print(attempt(lambda: 42))
