"""Trace and profile functions of threads, and trace functions that raise, change, or take themselves away."""
import sys
import threading

log={}
def add(x): log.setdefault(threading.current_thread().name,[]).append(x)
def tr(f,e,a):
    if f.f_code.co_filename!=__file__ or f.f_code.co_name in('add','tr','pr'): return None
    add(f'T {e} {f.f_code.co_name} {f.f_lineno} {f.f_lasti}'); return tr
def pr(f,e,a):
    if f.f_code.co_filename!=__file__ or f.f_code.co_name in('add','tr','pr'): return None
    add(f'P {e} {f.f_code.co_name} {f.f_lineno} {getattr(a,"__qualname__",type(a).__name__)}')
e1,e2,e3,e4=[threading.Event() for _ in range(4)]
def step(x):
    return len([x])
def worker(n):
    step(1)
    e1.set()
    e2.wait()
    for i in range(n):
        step(i)
    e3.set(); e4.wait()
    step(9)
    return n
def show(title):
    print('==',title)
    for k in sorted(log): print(k,*log[k],sep='\n   ')
    log.clear()
def run(before=lambda:None,during=lambda:None,after=lambda:None,n=2):
    for e in (e1,e2,e3,e4): e.clear()
    before()
    t=threading.Thread(target=worker,args=(n,),name='W'); t.start(); e1.wait()
    during()
    e2.set(); e3.wait()
    after()
    e4.set(); t.join()
    sys.settrace(None); sys.setprofile(None); threading.settrace(None); threading.setprofile(None)
run(lambda: threading.settrace(tr)); show('threading.settrace')
run(lambda: threading.setprofile(pr)); show('threading.setprofile')
run(during=lambda: threading.settrace_all_threads(tr), after=lambda: threading.settrace_all_threads(None)); show('all during')
run(during=lambda: threading.setprofile_all_threads(pr), after=lambda: threading.setprofile_all_threads(None)); show('profile all')
run(lambda: (threading.settrace(tr),sys.settrace(tr)), during=lambda: sys.settrace(None)); show('both')
run(lambda: threading.settrace_all_threads(tr)); threading.settrace_all_threads(None); show('all before')
print(threading.gettrace(), threading.getprofile(), sys.gettrace())
# tool events in threads
M=sys.monitoring; M.use_tool_id(1,'x')
for n in ('PY_START','PY_RETURN','LINE','CALL'):
    M.register_callback(1,getattr(M.events,n),lambda c,*a,n=n: add(f'M {n} {c.co_name} {a[0]}') if c.co_filename==__file__ and c.co_name in('worker','step') else M.DISABLE if n!='x' else 0)
run(during=lambda: M.set_events(1,M.events.PY_START|M.events.LINE|M.events.CALL), after=lambda: M.set_events(1,0)); show('monitor')
run(during=lambda: M.set_local_events(1,step.__code__,M.events.PY_RETURN)); show('local')
M.free_tool_id(1)
# trace functions that misbehave
def cases():
    def subject(n):
        a=1
        for i in range(n):
            a+=i
        try: raise ValueError
        except ValueError: pass
        return a
    def gen():
        yield 1
        yield 2
    def use():
        r=subject(2)
        for x in gen(): pass
        g=gen(); next(g); del g
        g=gen(); next(g); g.close()
        g=gen(); next(g)
        try: g.throw(KeyError)
        except KeyError: pass
        return r
    out=[]
    for kind in ('raise_call','raise_line','raise_return','raise_exception','none_call','none_line','other','self_off','lines_off','opcodes','del_trace','set_none','settrace_in','local_raises','long','str','f_trace_set','recursive','raise_opcode','unraisable'):
        out.append('## '+kind)
        def other(f,e,a):
            out.append(f'O {e} {f.f_code.co_name} {f.f_lineno}'); return other
        def tracer(f,e,a):
            if f.f_code.co_filename!=__file__: return None
            out.append(f'{e} {f.f_code.co_name} {f.f_lineno} {f.f_lasti} {f.f_trace is None} {type(a).__name__}')
            n=f.f_code.co_name
            if kind=='raise_call' and e=='call' and n=='subject': raise IndexError('c')
            if kind=='raise_line' and e=='line' and n=='subject' and len(out)%3==0: raise IndexError('l')
            if kind=='raise_return' and e=='return' and n=='subject': raise IndexError('r')
            if kind=='raise_exception' and e=='exception': raise IndexError('x')
            if kind=='none_call' and e=='call': return None
            if kind=='none_line' and e=='line': return None
            if kind=='other' and e=='line': return other
            if kind=='self_off' and e=='line': sys.settrace(None)
            if kind=='lines_off': f.f_trace_lines=len(out)%5<2
            if kind=='opcodes': f.f_trace_opcodes=len(out)%7<4
            if kind=='del_trace' and e=='line':
                try: del f.f_trace
                except Exception as x: out.append(repr(x))
            if kind=='set_none' and e=='line': f.f_trace=None
            if kind=='settrace_in' and e=='line': sys.settrace(other)
            if kind=='str': return 5
            if kind=='f_trace_set' and e=='call': f.f_trace=other; return tracer
            if kind=='recursive' and e=='line' and n=='subject': subject(0)
            if kind=='raise_opcode':
                f.f_trace_opcodes=True
                if e=='opcode' and n=='gen': raise IndexError('o')
            return tracer
        sys.settrace(tracer)
        try: out.append(repr(use()))
        except BaseException as x: out.append(f'raised {x!r} {x.__context__!r}')
        out.append(str(sys.gettrace() is tracer))
        sys.settrace(None)
    print(*out,sep='\n')
cases()
