# Memory that is a file's contents, or nobody's: every method, its bounds and its errors.
import mmap, os, tempfile, sys
def t(f,*a,**k):
    try: print(getattr(f,'__name__',f), a if len(repr(a))<100 else '', k, '->', repr(f(*a,**k))[:150].replace(repr(os.getpid()),''))
    except BaseException as e: print(getattr(f,'__name__',f), a if len(repr(a))<100 else '',k,'!!', type(e).__name__, e)
p=tempfile.mktemp(); open(p,'wb').write(b'hello\nworld\nabc'*10)
f=open(p,'r+b'); fd=f.fileno()
M=mmap.mmap
t(M,-1,0); t(M,-1,-1); t(M,fd,1000); t(M,fd,0,offset=-1); t(M,fd,0,offset=4096); t(M,fd,10,offset=100); t(M,fd,0,5,access=7); t(M,fd,0,access=7); t(M,fd,0,mmap.MAP_PRIVATE,access=1); t(M,999,10); t(M,'x',10); t(M,fd,0,trackfd=False); t(M,-1,2**70); t(M,-1,10,offset=2**70)
m=M(fd,0)
t(repr,m); t(len,m); t(m.__getitem__,0); t(m.__getitem__,-1); t(m.__getitem__,1000); t(m.__getitem__,'x'); t(m.__getitem__,slice(0,5)); t(m.__getitem__,slice(0,9,2)); t(m.__getitem__,slice(9,0,-3)); t(m.__getitem__,slice(5,5))
t(m.__setitem__,0,72); t(m.__setitem__,0,'x'); t(m.__setitem__,0,300); t(m.__setitem__,0,-1); t(m.__setitem__,0,b'x'); t(m.__setitem__,1000,1); t(m.__setitem__,slice(0,2),b'ab'); t(m.__setitem__,slice(0,2),b'abc'); t(m.__setitem__,slice(0,2),'ab'); t(m.__setitem__,slice(0,4,2),b'XY'); t(m.__setitem__,'x',1); t(m.__delitem__,0); t(m.__delitem__,slice(0,2)); t(m.__delitem__,'x')
t(m.read,3); t(m.read); t(m.read,5); t(m.seek,0); t(m.seek,5,1); t(m.seek,-3,2); t(m.seek,-1); t(m.seek,1000); t(m.seek,0,3); t(m.seek,0); t(m.seek,2,0); t(m.tell); t(m.read,None); t(m.seek,0); t(m.read,-1); t(m.seek,0); t(m.readline); t(m.readline); t(m.read_byte); t(m.write_byte,65); t(m.write_byte,300); t(m.write_byte,'x'); t(m.write,b'zz'); t(m.write,'x'); t(m.seek,148); t(m.write,b'zzzz'); t(m.seek,0,2); t(m.read_byte); t(m.write_byte,1); t(m.readline); t(m.read,2)
t(m.seek,0); t(m.find,b'wor'); t(m.find,b'wor',20); t(m.find,b'wor',20,25); t(m.find,b'wor',-10); t(m.rfind,b'wor'); t(m.rfind,b'wor',0,20); t(m.find,'x'); t(m.find,b''); t(m.rfind,b''); t(m.find,b'',1000); t(m.rfind,b'abc',0,-5); t(m.seek,50); t(m.find,b'hello'); t(m.rfind,b'hello'); t(m.find, b'x', None, None); t(m.find,b'w',0,-1)
t(m.flush); t(m.flush,0,10); t(m.flush,5); t(m.flush,0,1000); t(m.flush,-1); t(m.flush,0,None); t(m.flush,flags=1); t(m.flush,0)
t(m.move,0,5,3); t(m.move,0,140,50); t(m.move,-1,0,1); t(m.move,0,0,0); t(m[:10].__repr__)
t(m.size); t(m.madvise,mmap.MADV_NORMAL); t(m.madvise,1,-1); t(m.madvise,1,1000); t(m.madvise,1,0,-1); t(m.madvise,1,0,5000); t(m.madvise,9999); t(m.madvise,1,10,5)
t(m.resize,200); t(len,m); t(m.size); t(m.resize,-1); t(m.resize,0); t(m.resize,'x'); t(m.resize,100); print(os.path.getsize(p)); t(m.seekable); t(m.__enter__); 
mv=memoryview(m); t(m.close); t(m.resize,300); print(mv.format,mv.shape,mv.readonly,mv[:3].tobytes()); mv.release(); t(mv.__exit__)
print('x' in dir(m)); t(lambda: b'h' in m); t(lambda: 104 in m); t(list,m); t(lambda: m+m); t(lambda: m*2); t(lambda: m==m); t(bytes,m)
t(m.close); t(m.close); print(m.closed); t(repr,m)
for n in 'read readline read_byte flush size tell seekable madvise'.split(): t(getattr(m,n),*([1] if n=='madvise' else []))
t(len,m); t(m.__getitem__,0); t(m.seek,0); t(memoryview,m); t(m.__enter__); t(m.find,b'x'); t(m.write,b'x'); t(m.__setitem__,0,1); t(m.resize,1); t(m.move,0,0,0)
m=M(fd,0,access=mmap.ACCESS_READ); t(repr,m); t(m.__setitem__,0,1); t(m.write,b'x'); t(m.write_byte,1); t(m.move,0,1,1); t(m.resize,1); t(m.__setitem__,slice(0,1),b'x'); print(memoryview(m).readonly); t(m.flush)
m=M(fd,0,access=mmap.ACCESS_COPY); t(repr,m); m[0:3]=b'QQQ'; t(m.resize,10); t(m.flush); print(open(p,'rb').read(5))
m=M(fd,0,prot=mmap.PROT_READ); t(repr,m); t(m.__setitem__,0,1)
m=M(fd,0,mmap.MAP_SHARED, mmap.PROT_WRITE); t(repr,m)
m=M(-1,4096); t(m.size); t(m.resize,8192); t(len,m); t(repr,m); m[800]=3; t(m.resize,100)
m=M(fd,0,trackfd=False); t(m.size); t(m.resize,10); t(len,m)
m=M(-1,10,flags=mmap.MAP_PRIVATE); t(m.resize, 5000)
m=M(fd,50,offset=0); t(m.size)
class S(M): pass
s=S(-1,10); t(repr,s); s.x=1; import weakref; print(weakref.ref(s)() is s, weakref.ref(m)() is m)
with M(-1,5) as q: pass
print(q.closed); t(M,fileno=-1,length=3); t(M, -1, 3.5);
print(m.__iter__ if hasattr(m,'__iter__') else None, mmap.error is OSError, mmap.mmap.__module__, mmap.mmap.__flags__ & (1<<8), hasattr(m,'__reduce__'))
import copy; t(copy.copy,m)
