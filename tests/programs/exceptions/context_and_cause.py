try:
    try:
        1 / 0
    except ZeroDivisionError as first:
        raise ValueError("second") from first
except ValueError as error:
    print(repr(error), repr(error.__cause__), error.__suppress_context__)
try:
    try:
        {}["x"]
    except KeyError:
        raise TypeError("third")
except TypeError as error:
    print(repr(error.__context__), error.__cause__)
