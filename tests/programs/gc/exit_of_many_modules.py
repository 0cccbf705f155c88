import gc; gc.set_threshold(20,3,3)
import logging, tempfile, weakref, unittest, inspect, argparse, threading, functools, collections, json, re, enum, io, os, sys, queue, random, typing, types, contextlib
logging.basicConfig(stream=sys.stdout); logging.warning('w')
class A: pass
a=A(); f=weakref.finalize(a, print, 'finalize')
td=tempfile.TemporaryDirectory()
ff=open(os.path.join(td.name,'x'),'w'); ff.write('hi')
class T:
    def __enter__(s): return s
    def __exit__(s,*a): print('exit')
    def __del__(s): print('del T', os is not None, json is not None)
t=T()
cache=functools.lru_cache(None)(lambda x: T())
cache(1)
d=threading.Thread(target=lambda: threading.Event().wait(100), daemon=True); d.start()
tl=threading.local(); tl.x=T()
gen=(i for i in [T()]); next(gen)
def corout():
    try: yield
    finally: print('closing', t)
g=corout(); next(g)
print('end', flush=True)
