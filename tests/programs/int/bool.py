def show(*expressions):
    for expression in expressions:
        try:
            print(expression, "->", repr(eval(expression)))
        except Exception as error:
            print(expression, "!!", type(error).__name__, error)

show(
    'True.__sizeof__()',
    'True.__getnewargs__()',
    'True & 3',
    'True & False',
    'True | False',
    'True ^ True',
    'bool(1,2)',
    'bool(x=1)',
    "type('B',(bool,),{})",
    'bool()',
)
