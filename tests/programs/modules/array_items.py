# array.array: items of each type code, errors, slices, growth, buffers and pickling.
import array, sys, warnings, io, random
warnings.simplefilter('ignore')
def t(f,*a,**k):
    try: r=f(*a,**k); print(repr(r))
    except Exception as e: print(type(e).__name__+': '+str(e))
A=array.array
t(A); t(A,'x'); t(A,5); t(A,'ii'); t(A,'i',5); t(A,'i','abc'); t(A,'u','abc'); t(A,'w','ab\U00010000'); t(A,'i',[1.5]); t(A,'b',[200]); t(A,'B',[-1]); t(A,'B',[256]);t(A,'b',[-200]); t(A,'I',[-1]);t(A,'I',[2**32]); t(A,'L',[-1]); t(A,'L',[2**64]);t(A,'Q',[-1]); t(A,'Q',[2**64]); t(A,'i',[2**31]); t(A,'i',[-2**31-1]); t(A,'h',[40000]);t(A,'H',[-1]);t(A,'H',[70000]);t(A,'h',[-40000]); t(A,'l',[2**63]); t(A,'q',[2**63]); t(A,'i',['a']); t(A,'f',['a']); t(A,'u',[1]); t(A,'u',['ab']); t(A,'w',['ab']); t(A,'w',[1]); t(A,'i',A('u','a')); t(A,'u',A('w','a')); t(A,'w',A('i',[1])); t(A,'i',b'abc'); t(A,'i',b'abcd'); t(A,'i',bytearray(b'abcd')); t(A,'i',A('b',[1,2])); t(A,'f',A('i',[1,2])); t(A,'i',A('f',[1]))
for code in 'bBhHiIlLqQ':
    for value in (-2**70, -2**40, -2**20, 2**20, 2**40, 2**70): t(A, code, [value])
a=A('i',[1,2,3])
t(a.__getitem__,5); t(a.__getitem__,'x'); t(a.__setitem__,5,1); t(a.__setitem__,'x',1); t(a.__delitem__,7); t(a.__setitem__,slice(0,2),[1]); t(a.__setitem__,slice(0,2),A('b',[1])); t(a.__setitem__,slice(0,3,2),A('i',[1])); t(a.pop,7); t(A('i').pop); t(a.remove,9); t(a.index,9); t(a.index,2,0,1); t(a.append,'x'); t(a.extend,A('b',[1])); t(a.extend,5); t(a.__add__,5); t(a.__add__,A('b')); t(a.__iadd__,5); t(a.__iadd__,[4]); t(a.__iadd__, A('b')); t(a.fromlist,(1,)); t(a.fromlist,[1,'x']); print(a); t(a.frombytes,b'abc'); t(a.frombytes,'abc'); t(a.fromunicode,'x'); t(a.tounicode); t(A('u').fromunicode,b'x'); t(a.fromfile,5,1)
print(a<A('i',[1,9]), a==A('f',[1,2,3]), a==[1,2,3], a.__lt__(5)); print(a.__reduce_ex__(3), a.__reduce_ex__(2), A('u','é').__reduce_ex__(2), A('f',[1.5]).__reduce_ex__(4), A('w','é').__reduce_ex__(4))
print(A.__basicsize__, A('i').__sizeof__()); b=A('i')
print([ (b.append(i), b.__sizeof__())[1] for i in range(40)])
m=memoryview(a); t(a.append,1); t(a.pop); t(m.format.__str__); print(memoryview(A('u','a')).format, memoryview(A('w','a')).format); t(a.extend,[]); t(a.clear); t(a.insert,0,1)
print(m.shape, m.strides, m.tolist(), m[1]); m[1]=77; print(a)
print(type(iter(a)), iter(a).__reduce__(), A('u','a"\'b'), A('i'), A('w')); it=iter(a); list(it); print(it.__reduce__())
t(array._array_reconstructor,A,'i',8,b'abcd'); t(array._array_reconstructor,int,'i',8,b'abcd'); t(array._array_reconstructor,A,'i',88,b'abcd');t(array._array_reconstructor,A,'x',8,b'abcd'); t(array._array_reconstructor,A,'i',8,'abcd')
t(array._array_reconstructor,A,'i',8,b'abc'); t(array._array_reconstructor,A,'i',2,b'abcd'); t(array._array_reconstructor,A,'f',16,b'abcd')
for format in range(22): t(array._array_reconstructor, A, 'd' if 14 <= format < 18 else 'w' if format > 17 else 'l', format, b'\0a\0\0\0b\0\0' if format > 19 else b'abcdefgh')
t(A,'i',[1],5); t(A,typecode='i')
class S(A):
    def __new__(cls,*a,**k): return A.__new__(cls,*a)
t(S,'i',[1],x=3); print(S('i').__reduce_ex__(3)); s=S('i'); s.x=1; print(s.__reduce_ex__(3)); print(A.__class_getitem__(int)); print(A('f',[1e40]), A('f',[1.1])); t(A('f').append,1e40)
print(a.typecode,a.itemsize, array.typecodes, A.__flags__&(1<<5), A.__module__); t(hash,a); print(A('b',[1,2]).tobytes())
t(A('i',[1]).__mul__,-1); t(A('i',[1]).__mul__,'x'); t(A('i',[1]).__contains__,1.0); t(A('i',[1,2,1]).count,1)
t(a.__getitem__, slice(None,None,-1))
t(A('u').append,'\U0010ffff'); x=A('w'); x.frombytes(b'\xff\xff\xff\xff'); t(x.tolist); t(repr,x); t(x.tounicode)
random.seed(3)
for turn in range(200):
    numbers = random.choices(range(100), k=random.randrange(10)); x = A('h', numbers)
    key = slice(*[random.choice([None, *range(-8, 9)]) for _ in range(2)], random.choice([None, 1, 2, -1, -3]))
    new = random.choices(range(100), k=random.randrange(4))
    if not new: key = slice(key.start, key.stop)
    assert x[key].tolist() == numbers[key]
    def change(target, make):
        try: target[key] = make(new)
        except ValueError as error: return str(error).replace('array', 'sequence')
    assert change(numbers, list) == change(x, lambda it: A('h', it)); assert x.tolist() == numbers
    del x[key]; del numbers[key]; assert x.tolist() == numbers
    x.insert(turn % 13 - 5, 3); numbers.insert(turn % 13 - 5, 3); x.reverse(); numbers.reverse(); assert x.tolist() == numbers
    x *= turn % 4; numbers *= turn % 4; assert x.tolist() == numbers, (x, numbers)
x = A('d', [1.5, 2.5]); x.byteswap(); print(x); f = io.BytesIO(); x.tofile(f); f.seek(0); y = A('d'); t(y.fromfile, f, 5); print(y == x); t(y.fromfile, f, -1)
import copy; print(copy.copy(x), copy.deepcopy(x), isinstance(x, __import__('collections.abc').abc.MutableSequence)); t(x.frombytes, memoryview(x)); x = A("b", [1, 2]); t(x.frombytes, x); print(x)
