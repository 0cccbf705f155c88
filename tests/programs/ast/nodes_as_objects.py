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
t(lambda: ast.Name(1,2,3))
t(lambda: ast.Name(1,id=2))
t(lambda: ast.Name('a',foo=2))
t(lambda: ast.arguments())
t(lambda: ast.Pass(1))
t(lambda: ast.Pass(lineno=1))
t(lambda: ast.AST(1))
t(lambda: ast.AST(a=1))
t(lambda: ast.Name('a').__reduce__())
t(lambda: ast.Name('a', foo=3).__reduce__())
t(lambda: ast.parse('a').body[0].value.__reduce__())
class X(ast.AST): _fields=('a','b')
t(lambda: X())
class X(ast.AST): _fields=('a',); _field_types={}
t(lambda: X())
class X(ast.AST): _fields=('a','b'); _field_types={'b':int|None,'a':list[int]}; b:int=2
t(lambda: X().__dict__)
class X(ast.AST): _fields=3; _field_types=3 
t(lambda: X().__dict__)
class X(ast.AST): _fields=('a',);_attributes=5
t(lambda: X(b=2).__dict__)
class X(ast.AST): _fields=('a','b'); _field_types={'a':list[int], 'b':ast.expr_context}
t(lambda: (X().a, X().b))
t(lambda: copy.replace(ast.Name('a'), id='b'))
t(lambda: copy.replace(ast.Name('a'), foo='b'))
n=ast.Name('a'); del n.id
t(lambda: copy.replace(n))
t(lambda: copy.replace(n, id='q'))
t(lambda: n.__replace__(1))
n=ast.Name('a'); n.foo=4
t(lambda: copy.replace(n).__dict__)
class X(ast.Name): pass
t(lambda: X('a'))
t(lambda: ast.parse('a = [1,2,3,4]; b = """'+'x'*300+'"""'))
t(lambda: ast.parse('f(1,2)'))
t(lambda: ast.parse('f(1,2)').body)
t(lambda: ast.Module([ast.Pass(), 3, None, 4],[]))
t(lambda: ast.Global(('a','b','c')))
t(lambda: ast.Global(()))
t(lambda: ast.Name(id=[ast.Name(id=ast.Name(id=ast.Name(id=ast.Name('k'))))]))
n=ast.Module([],[]); n.body=[n]
t(lambda: n)
t(lambda: ast.AST())
