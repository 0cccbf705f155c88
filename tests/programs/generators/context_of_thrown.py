# An exception that is thrown into a generator keeps its context, whatever the caller handles.
def chain(error):
    found = []
    while error:
        found.append(error)
        error = error.__context__
    return found


def replace(error):
    try:
        yield
    finally:
        raise error


def leave(errors):
    pending = handled
    for error in errors:
        generator = replace(error)
        next(generator)
        try:
            generator.throw(pending)
        except Exception as raised:
            print(chain(raised))
            pending = raised


try:
    raise Exception(1)
except Exception as error:
    handled = error
    leave([Exception(2), Exception(3), Exception(4)])
