import ast, warnings, copy, pickle
def t(f):
    try: 
        with warnings.catch_warnings(record=True) as w:
            warnings.simplefilter('always')
            r=f()
        for x in w: print('   W', x.category.__name__, x.message)
        print(repr(r))
    except Exception as e:
        for x in w: print('   W', x.category.__name__, x.message)
        print(type(e).__name__, e)
for cls in (ast.stmt, ast.Name, ast.Load, ast.arguments, ast.Constant, ast.FunctionDef, ast.Dict):
    print({k:v for k,v in cls.__dict__.items() if k!='__weakref__'}, cls.__flags__, cls.__basicsize__, cls.__dictoffset__, cls.__weakrefoffset__)
t(lambda: ast.unparse(pickle.loads(pickle.dumps(ast.parse('def f(a, *, b=1) -> int: return [x async for x in y]')))))
t(lambda: compile('print(1)', 'f', 'func_type', 1024))
t(lambda: ast.dump(ast.parse('(int, str) -> x', mode='func_type')))
t(lambda: ast.dump(ast.parse('x = 1 # type: int', type_comments=True)))
t(lambda: ast.parse('match x:\n case 1: pass', feature_version=(3,9)))
t(lambda: ast.literal_eval('{"a": [1, 2.5, -3, 1+2j, None, ..., b"x", (), {1}]}'))
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always')
    compile('x is 1; "\\d"; assert (1,2); 1(2); 1if 2else 3', 'f', 'exec')
for x in w: print(x.category, x.message, x.lineno, x.filename)
warnings.simplefilter('error')
for s in ('x is 1','"\\d"','1if 2else 3', 'try:\n pass\nfinally:\n return'):
    try: compile(s,'f','exec')
    except Exception as e: print(type(e), e, e.args, e.lineno, e.offset)

