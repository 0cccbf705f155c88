"""Tools that come, go, disable, raise and change their minds at random while all kinds of code run: checksums of what they are told. With a seed as its
argument, all that is told then."""
import random
import sys
import zlib

M = sys.monitoring
E = M.events
NAMES = [n for n in vars(E) if n != 'NO_EVENTS']
LIMIT = 1500
R = random.Random()
log = []
class Stop(BaseException): pass
def show(x):
    if x is M.MISSING: return 'MISSING'
    if type(x) in(int,str,bool,type(None)): return repr(x)
    if isinstance(x,BaseException): return f'{type(x).__name__}{x.args!r}'[:60]
    t=type(x)
    if t.__name__ in('function','builtin_function_or_method','type','method_descriptor','wrapper_descriptor','method'): return f'{t.__name__} {x.__qualname__}'
    return t.__name__
depth=0
def hook(where=None):
    """a random change"""
    global depth
    if depth>2: return
    depth+=1
    try: action()
    finally: depth-=1
def pick_events(local):
    n=R.choice((0,1,1,2,3,4,8))
    ev=0
    for x in R.sample(NAMES,n):
        if x in('BRANCH',): continue
        if x=='INSTRUCTION' and R.random()<.5: continue
        e=getattr(E,x)
        if local and e>=1<<11 : continue
        ev|=e
    if ev&(E.C_RETURN|E.C_RAISE): ev|=E.CALL
    return ev
def callback(tool,name):
    kind=R.random()
    def cb(code,*rest):
        if code.co_filename!=__file__ or code.co_name in HIDDEN: return
        log.append(f'{tool} {name} {code.co_name} '+' '.join(map(show,rest)))
        if len(log)>LIMIT: finish()
        r=R.random()
        if kind<.25 and r<.4: log.append(' disable'); return M.DISABLE
        if kind>.9 and r<.05:
            log.append(' raise'); raise RuntimeError('cb')
        if .85<kind<.9 and r<.1:
            hook('cb')
    cb.__qualname__='cb'
    return cb
def tracer(f,e,a):
    if f.f_code.co_filename!=__file__ or f.f_code.co_name in HIDDEN: return None
    log.append(f'T {e} {f.f_code.co_name} {f.f_lineno} {f.f_lasti} {show(a) if type(a) is not tuple else show(a[1])}')
    if len(log)>LIMIT: finish()
    r=R.random()
    if r<.02: f.f_trace_opcodes=not f.f_trace_opcodes; log.append(' opcodes')
    elif r<.03: f.f_trace_lines=not f.f_trace_lines; log.append(' lines')
    elif r<.034: log.append(' traise'); raise KeyError('tr')
    elif r<.045: log.append(' none'); return None
    elif r<.05: log.append(' del'); 
    elif r<.06: sys.settrace(None); log.append(' off')
    elif r<.065: hook('tr')
    return tracer
def profiler(f,e,a):
    if f.f_code.co_filename!=__file__ or f.f_code.co_name in HIDDEN: return None
    log.append(f'P {e} {f.f_code.co_name} {f.f_lineno} {f.f_lasti} {show(a)}')
    if len(log)>LIMIT: finish()
    r=R.random()
    if r<.01: log.append(' praise'); raise IndexError('pr')
    elif r<.02: sys.setprofile(None); log.append(' poff')
def finish():
    raise Stop
used=set()
def action():
    k=R.randrange(12)
    try:
        if k==0:
            t=R.randrange(3); M.use_tool_id(t,'t'); used.add(t); log.append(f'A use {t}')
        elif k in(1,2):
            t=R.randrange(3); n=R.choice(NAMES)
            M.register_callback(t,getattr(E,n),callback(t,n)); log.append(f'A reg {t} {n}')
        elif k in(3,):
            t=R.randrange(3); ev=pick_events(False); log.append(f'A set {t} {ev:x}'); M.set_events(t,ev)
        elif k in (4,5):
            t=R.randrange(3); c=R.choice(CODES); ev=pick_events(True); log.append(f'A local {t} {c.co_name} {ev:x}'); M.set_local_events(t,c,ev)
        elif k==6: log.append('A restart'); M.restart_events()
        elif k==7 and R.random()<.3:
            t=R.randrange(3); log.append(f'A free {t}'); M.free_tool_id(t); used.discard(t)
        elif k==8 and TR: log.append('A trace'); sys.settrace(R.choice((tracer,None)))
        elif k==9 and TR: log.append('A profile'); sys.setprofile(R.choice((profiler,None)))
        elif k==10:
            for t in range(3):
                for n in R.sample(NAMES,5): M.register_callback(t,getattr(E,n),callback(t,n))
            log.append('A many')
        elif k==11 and R.random()<.2:
            t=R.randrange(3); log.append(f'A clear {t}'); M.clear_tool_id(t)
    except ValueError as e: log.append(f' {e}')
# subjects
def loops(n):
    t=0
    for i in range(n):
        if i%2: t+=i
        else: t-=1
        if i==1: hook()
    while t<3:
        t+=1
        if t==2: continue
    else: hook()
    return [x for x in range(2) if x]+[y for y in gen(2)]
def gen(n):
    try:
        for i in range(n):
            got=yield i
            if got: hook()
    except ValueError: yield 'v'
    finally: hook()
    return n
def deleg():
    try:
        r=yield from gen(2)
        yield r
    except KeyError as e:
        hook(); yield 'k'
def drive():
    g=deleg(); next(g)
    try: g.send(1); g.throw(ValueError('x')); g.throw(KeyError('y')); hook(); next(g)
    except (StopIteration,ValueError,KeyError): hook()
    g.close()
    g=gen(3); next(g); g.close()
    g=gen(1); next(g); del g
def excs(k):
    try:
        try:
            if k==0: raise ValueError('e')
            elif k==1: [].pop()
            elif k==2: int('x')
            elif k==3: len(5)
            else: return 'ret'
        except ValueError as e:
            hook()
            raise TypeError('again') from e
        finally:
            hook()
    except TypeError: return 1
    except IndexError:
        return 2
    else: return 3
class A:
    def __init__(self,v): self.v=v
    def m(self): return self.v
    def __enter__(self): hook(); return self
    def __exit__(self,*a): return True
    @property
    def p(self): return self.m()
    def __call__(self,*a,**k): return a
class B(A):
    def __init__(self,v): super().__init__(v)
    def m(self):
        hook(); return super().m()
def objs():
    b=B(1); b.m(); b.p; b(1,2,x=3)
    with A(2) as a:
        raise ValueError
    b(*[1],**{'y':2}); print.__call__; str.upper('x'); max([1,2],key=lambda z:z); sorted([2,1],key=b.__class__.__mro__.index if 0 else None)
    match b.v:
        case 0: pass
        case 1 if b.v: hook()
        case _: pass
    f=b.m; f(); A.m(b); dict(a=1); 'a'.join(['b'])
    lam=lambda x,*y: hook(); lam(1)
class Aw:
    def __await__(self):
        yield 1
        return 5
async def coro(n):
    x=await Aw()
    async with CM() as c: await Aw()
    async for i in agen(n):
        if i: hook()
    else: x+=1
    return [j async for j in agen(2)]
class CM:
    async def __aenter__(self): return await Aw()
    async def __aexit__(self,*a): hook()
async def agen(n):
    try:
        for i in range(n):
            await Aw()
            yield i
    finally: hook()
def runc(c):
    try:
        while True: c.send(None)
    except StopIteration as e: return e.value
def thrown():
    c=coro(2); c.send(None)
    try: c.throw(ValueError('t'))
    except ValueError: hook()
    c=coro(1); c.send(None); c.send(None); c.close()
    a=agen(2); s=a.asend(None)
    try: s.send(None); s.throw(KeyError)
    except KeyError: pass
def groups():
    try: raise ExceptionGroup('g',[ValueError(1),TypeError(2)])
    except* ValueError: hook()
    except* TypeError as e: pass
def rec(n): 
    if n==2: hook()
    return rec(n-1) if n else 0
def nested():
    def inner():
        nonlocal z; z+=1; hook(); return z
    z=0
    for _ in range(2):
        try: inner()
        finally:
            if z>1: break
    assert z
    t=t'{z}'; f'{z!r:>3}'; a,*b=[1,2,3]; del a
    return any(q>1 for q in b)
HIDDEN={'run','hook','action','pick_events','callback','cb','tracer','profiler','show','finish','<module>','<genexpr>','main'}
SUBJ=[lambda:loops(3),drive,lambda:[excs(k) for k in range(5)],objs,lambda:runc(coro(2)),thrown,groups,lambda:rec(3),nested,lambda:list(deleg())]
CODES=[f.__code__ for f in (loops,gen,deleg,drive,excs,objs,coro,agen,thrown,groups,rec,nested,runc,A.m,B.m,B.__init__,A.__init__,CM.__aexit__)]
def main():
    for _ in range(6): hook()
    for t in (0,1,2):
        if R.random()<.6:
            try: M.use_tool_id(t,'x'); log.append(f'use {t}')
            except ValueError: pass
            for n in NAMES:
                if R.random()<.7: M.register_callback(t,getattr(E,n),callback(t,n))
    for _ in range(14):
        i=R.randrange(len(SUBJ)); log.append(f'== {i}')
        try: SUBJ[i]()
        except Exception as e: log.append(f'!! {type(e).__name__} {e}'[:80])
        sys.settrace(sys.gettrace())
        hook()


def run(seed):
    global TR, depth
    R.seed(seed)
    TR = seed % 3 == 0
    depth = 0
    log.clear()
    try:
        main()
    except Stop:
        log.append('stopped')
    sys.settrace(None)
    sys.setprofile(None)
    for tool in range(3):
        M.free_tool_id(tool)


seeds = [int(it) for it in sys.argv[1:]]
sys.unraisablehook = lambda unraisable: log.append(f'unraisable {unraisable.exc_value!r}')
for seed in seeds or range(60):
    run(seed)
    if seeds:
        print(*log, sep='\n')
    else:
        print(seed, len(log), zlib.crc32('\n'.join(log).encode()))
