import _opcode, _symtable, _suggestions
print([[i for i in range(-3,300) if getattr(_opcode,f)(i)] for f in ('is_valid','has_arg','has_const','has_exc','has_free','has_jump','has_local','has_name')])
bad=[]
for op in range(300):
    for arg in (None,0,3):
        for j in (None,True,False):
            try: r=_opcode.stack_effect(op,arg,jump=j)
            except Exception as e: r=str(e)
            bad.append((op,arg,j,r))
for x in bad: print(x)
print(_opcode.get_nb_ops(), _opcode.get_special_method_names(), _opcode.get_intrinsic1_descs(), _opcode.get_intrinsic2_descs(), _opcode.get_specialization_stats())
def t(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__, e)
t(lambda: _opcode.stack_effect(50,1,jump=3))
t(lambda: _opcode.stack_effect(50,'a'))
t(lambda: _opcode.stack_effect(50,-1))
t(lambda: _opcode.get_executor(t.__code__, 0))
t(lambda: _opcode.get_executor(t, 0))
t(lambda: _suggestions._generate_suggestions(['abc'],'abd'))
t(lambda: _suggestions._generate_suggestions(('abc',),'abd'))
t(lambda: _suggestions._generate_suggestions(['abc',3],'abd'))
t(lambda: _suggestions._generate_suggestions(['abc'],3))
t(lambda: _suggestions._generate_suggestions(['abc'],'zzzzz'))
t(lambda: _symtable.symtable('a=1\n','f','foo'))
t(lambda: _symtable.symtable(3,'f','exec'))
t(lambda: _symtable.symtable('def f(a,a):pass','f','exec'))
print({k:v for k,v in _symtable.__dict__.items() if isinstance(v,int)})
def walk(e, d=0):
    print(' '*d, e.name, e.type, e.lineno, e.nested, e.symbols, e.varnames)
    for c in e.children: walk(c,d+1)
walk(_symtable.symtable('a=1\ndef f(x:int, *, y=[i for i in a]):\n  global a; a=2\n  class C[T]:\n    z: T = 2\n    def g(self): return __class__\n  return lambda: a+y\n','f','exec'))
