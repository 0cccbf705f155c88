"""What profile and trace functions are told of calls of every kind of callable, at a module's level and in a function that gets hot: a checksum for each
statement. With a part of a statement as its argument, all that is told of those that hold it."""
import array
import collections
import contextlib
import datetime
import enum
import functools
import io
import itertools
import math
import operator
import re
import sys
import types
import weakref
import zlib

FILE=__file__
class Meta(type):
    def __call__(cls,*a): return super().__call__(*a)
    def mm(cls): return 1
class A(metaclass=Meta):
    def __init__(self,*a): self.x=1
    def m(self,*a): return a
    @classmethod
    def c(cls): return cls
    @staticmethod
    def s(): return 1
    def __call__(self,*a,**k): return a
    def __add__(self,o): return 1
    def __len__(self): return 3
    def __getitem__(self,i):
        if i>2: raise IndexError
        return i
    def __enter__(self): return self
    def __exit__(self,*a): return False
    def __eq__(self,o): return True
    __hash__=None
    def __iter__(self): return iter([1,2])
    def __bool__(self): return True
    p=property(lambda s:1)
    cp=functools.cached_property(lambda s:2)
    def __getattr__(self,n): 
        if n.startswith('q'): return n
        raise AttributeError(n)
    def __del__(self): pass
class Sub(dict):
    def __missing__(self,k): return k
class Slots:
    __slots__=('a',)
class D:
    def __get__(self,i,o): return len
    d=5
class H: f=D()
class New:
    def __new__(cls): return object.__new__(cls)
a=A()
lru=functools.lru_cache(None)(lambda x:x)
part=functools.partial(max,1); partf=functools.partial(lambda *x:x,1); pm=functools.partial(int,'1')
sd=functools.singledispatch(lambda x:x)
pat=re.compile('a'); 
NT=collections.namedtuple('NT','a b')
class E(enum.Enum): X=1
gen=lambda: (yield 1)
def raising(): raise ValueError
async def co(): return 1
import dataclasses
@dataclasses.dataclass(order=True)
class DC: x:int=1
EXPR='''len([]) | [].append(1) | list.append([],1) | [].__len__() | list.__len__([1]) | (1).__add__(2) | int.__add__(1,2) | 'a'.upper() | str.upper('a') | str.join('',['a']) | int('3') | int() | list((1,2)) | dict(a=1) | {}.get(1) | dict.fromkeys([1]) | {}.fromkeys([1]) | str.maketrans('a','b') | object() | A() | A(1,2) | a.m(1) | A.m(a,2) | A.c() | a.c() | A.s() | a.s() | a(1) | a(1,k=2) | A.mm() | a+1 | len(a) | a[1] | list(a) | bool(a) | a==1 | a.p | a.cp | a.qq | Sub()[1] | Sub().get(5) | Slots() | H().f([1]) | H.f([2]) | New() | lru(1) | lru(1) | lru.cache_info() | part(2) | partf(3) | pm() | sd(1) | pat.match('a') | pat.sub('b','a') | pat.sub(lambda m:'c','a') | re.match('a','a') | NT(1,2) | NT._make([1,2]) | NT(1,2)._replace(a=3) | NT(1,2).a | E(1) | E['X'] | E.X.value | list(gen()) | next(gen()) | [x for x in range(2)] | {x:1 for x in (1,)} | sum(x for x in (1,2)) | any(map(len,[[1]])) | list(map(str,[1])) | list(filter(None,[1])) | sorted([2,1],key=lambda x:x) | sorted([a,a],key=id) | max([1,2],key=operator.neg) | min([1],default=0) | operator.itemgetter(1)([1,2]) | operator.attrgetter('x')(a) | operator.methodcaller('upper')('a') | raising() | int('x') | [].pop() | {}['x'] | len(5) | (1).foo | undefined_name | 1/0 | print(end='') | isinstance(1,int) | isinstance(a,A) | issubclass(int,A) | hasattr(a,'zz') | getattr(a,'x') | setattr(a,'x',2) | callable(a) | repr(a.__class__) | str(1) | str(NT(1,2)) | format(1,'x') | f'{a.x!r:>4}' | '%s' % a.x | 'x{}'.format(1) | iter(a) | next(iter([1])) | reversed([1]) | enumerate([1]) | zip([1]) | range(2) | slice(1) | type(a) | type('X',(),{}) | super(A,a).__init__() | object.__init__(a) | object.__new__(Slots) | vars(a) | dir(Slots)[:1] | id(a) | hash(1) | exec('1') | eval('1') | eval('len([])') | compile('1','x','eval') | globals()['a'] | locals() and 1 | math.sqrt(4) | array.array('i',[1]).append(2) | datetime.date(2000,1,1).isoformat() | datetime.date.today().year>0 | io.StringIO('a').read() | io.BytesIO(b'a').getbuffer() | collections.deque([1]).append(2) | collections.OrderedDict(a=1) | collections.Counter('aa') | collections.defaultdict(list)[1] | itertools.count().__next__() | next(itertools.chain([1])) | weakref.ref(a)() | co().send(None) | co().close() | gen().send(None) | gen().close() | gen().throw(ValueError) | types.SimpleNamespace(a=1) | types.MethodType(len,[1])() | types.MethodType(lambda s:s,1)() | (lambda:1)() | (lambda *x,**k:1)(*[1],**{'a':2}) | len(*[[1]]) | [].append(*[1]) | int(*['1'],**{'base':10}) | a.m(*[1]) | A(*[1]) | dict(**{'a':1}) | str.format('{a}',a=1) | print(sep='',end='') | sorted([1],reverse=True) | DC(1)<DC(2) | DC() | __import__('sys') | contextlib.suppress(ValueError).__enter__() | contextlib.nullcontext(1).__enter__() | bytes(3) | bytearray(b'a').extend(b'b') | memoryview(b'a').tolist() | complex(1,2).conjugate() | (1.5).hex() | float.fromhex('0x1p0') | True.bit_length() | int.from_bytes(b'a') | frozenset([1]).union([2]) | {1}.add(2) | set.add({1},3) | (1,2).count(1) | tuple.index((1,),1) | 'a'.encode() | b'a'.decode() | sys.getrefcount(a)>0 | sys._getframe().f_lineno>0 | Exception('x').with_traceback(None) | property(len).fget([1]) | classmethod(len).__func__([1]) | staticmethod(len)([1]) | A.__dict__['m'](a) | int.__dict__['bit_length'](3) | dict.__dict__['fromkeys'].__get__(None,dict)([1]) | object.__dict__['__new__'](object) | type.__call__(object) | a.__class__() | a.__init__() | a.__len__() | (5).__class__('7')'''
for_stmt='''
with a: pass
for x in a: pass
for x in A.__getitem__.__get__(a) and []: pass
x=[*a]; x,y=a
assert a
del a.x
a.x=1
a.zzz=len; a.zzz([1])
class L(A): pass
class M2(metaclass=Meta): y=len([])
import math as mm
from operator import add
try: raising()
except ValueError: pass
try: int('q')
except ValueError as e: str(e)
def deco(f): return f
@deco
def ff(): pass
@functools.wraps(ff)
def gg(): pass
match [1,2]:
    case [x,y]: pass
match a:
    case A(x=1): pass
    case _: pass
while len([]): pass
print(*[],end='')
global_=lambda: 0
lambda_=[global_() for _ in (1,)]
'''
log=[]
def prof(f,e,arg):
    if f.f_code.co_filename in (FILE,'<t>') and f.f_code.co_name not in('outcome','<listcomp>x'):
        n=arg
        if e.startswith('c_'): n=f'{type(arg).__name__} {arg.__qualname__} {type(arg.__self__).__name__ if arg.__self__ is not None else None}'
        else: n=type(arg).__name__
        log.append(f'{e} {f.f_code.co_name} {f.f_lasti} {n}')
def tr(f,e,arg):
    if f.f_code.co_filename in (FILE,'<t>') and f.f_code.co_name!='outcome':
        log.append(f'T{e} {f.f_code.co_name} {f.f_lineno} {f.f_lasti} {type(arg).__name__ if type(arg) is not tuple else arg[0].__name__}')
        return tr
def outcome(code,mode):
    log.clear()
    ns=dict(globals())
    (sys.setprofile if mode=='p' else sys.settrace)(prof if mode=='p' else tr)
    try: exec(code,ns); r='ok'
    except BaseException as e: r=f'{type(e).__name__}'
    sys.setprofile(None); sys.settrace(None)
    return r
srcs=[x.strip() for x in EXPR.replace('\n','|').split('|') if x.strip()]
import textwrap
stm=[]; cur=[]
for l in for_stmt.strip().split('\n'):
    if cur and not l.startswith((' ','except','case')) and not cur[-1].startswith('@'): stm.append('\n'.join(cur)); cur=[]
    cur.append(l)
stm.append('\n'.join(cur))
for mode in 'pt':
    for s in srcs+stm:
        code=compile(s,'<t>','exec')
        fcode=compile('def fn(a=a):\n  '+s.replace('\n','\n  ')+'\nfor _ in range(4): fn()','<t>','exec')
        for k,c in (('m',code),('f',fcode)):
            r=outcome(c,mode)
            text = '\n'.join(log)
            if len(sys.argv) > 1 and sys.argv[1] in s:
                print('##', mode, k, repr(s), r, text, sep='\n')
            elif len(sys.argv) == 1:
                print(mode, k, repr(s)[:40], r, len(log), zlib.crc32(text.encode()) % 10000)
