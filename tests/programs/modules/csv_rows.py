# _csv: dialects and their errors, reading, writing.
import _csv, csv, io, re
def t(f,*a,**k):
    try: r=f(*a,**k); print(re.sub(' at 0x.*?>', '>', repr(r)))
    except BaseException as e: print(type(e).__module__, type(e).__name__+': '+str(e))
t(_csv.Dialect); d=_csv.Dialect(); print([(n,getattr(d,n)) for n in 'delimiter doublequote escapechar lineterminator quotechar quoting skipinitialspace strict'.split()])
for k,v in [('delimiter',''),('delimiter','ab'),('delimiter',1),('delimiter',None),('delimiter','\n'),('delimiter',' '),('quotechar',''),('quotechar','ab'),('quotechar',1),('quotechar',None),('quotechar','\n'),('quotechar',' '),('escapechar',''),('escapechar','ab'),('escapechar',1),('escapechar','\n'),('escapechar',' '),('lineterminator',1),('lineterminator',None),('quoting',9),('quoting','x'),('quoting',True),('quoting',2.0),('doublequote','x'),('strict',3),('foo',1),('dialect',5)]:
    print(k,repr(v),end=' '); t(_csv.Dialect,**{k:v})
t(_csv.Dialect,'x'); t(_csv.Dialect,None); t(_csv.Dialect,None,',',delimiter=';'); t(_csv.Dialect,quotechar=None,quoting=0); t(_csv.Dialect,quotechar='',quoting=1); t(_csv.Dialect,delimiter=',',quotechar=','); t(_csv.Dialect,delimiter=' ',skipinitialspace=True);t(_csv.Dialect,quotechar=' ',skipinitialspace=True);t(_csv.Dialect,escapechar=' ',skipinitialspace=True); t(_csv.Dialect,delimiter='\r'); t(_csv.Dialect,lineterminator=',,'); t(_csv.Dialect,escapechar=',');t(_csv.Dialect,escapechar='"'); t(_csv.Dialect, lineterminator='"\n')
t(_csv.reader); t(_csv.reader,5); t(_csv.reader,[],'nope'); t(_csv.reader,[],5); t(_csv.reader,[],foo=1); t(_csv.reader,iterable=[]); t(_csv.writer,5); t(_csv.writer); t(_csv.register_dialect,5); t(_csv.register_dialect,'a',5); t(_csv.register_dialect,'a','nope'); t(_csv.get_dialect,'nope'); t(_csv.get_dialect,[]); t(_csv.unregister_dialect,'nope'); t(_csv.field_size_limit,'x'); t(_csv.field_size_limit); t(_csv.field_size_limit,2**80)
t(_csv.register_dialect); t(_csv.register_dialect,'a',delimiter=';',foo=1); t(_csv.register_dialect,'a',delimiter=';'); t(_csv.list_dialects); print(d.__class__.__mro__, _csv.get_dialect('a').delimiter)
for s,k in [('a"b',{}),('"a"b',{}),('"a"b',{'strict':1}),('"a',{'strict':1}),('"a',{}),('a\\',{'escapechar':'\\','strict':1}),('a\\',{'escapechar':'\\'}),('a\0b',{}),('a\nb',{}),('a\rb',{}),('a\r\nb',{}),('1,"2",,x',{'quoting':2}),('1,"2",,3.5',{'quoting':2}),('1,"2",,x',{'quoting':4}),('1,"2",,x',{'quoting':5}),('"",,',{'quoting':4}),('"",,',{'quoting':5}),(' a, "b" ,c',{'skipinitialspace':1}),('a\\,b,"c\\"d"',{'escapechar':'\\'}),("a,'b,c'",{'quotechar':"'"}),('"a""b"',{'doublequote':0}),('"a,b"',{'quoting':3}),('',{}),('\n',{}),(',',{}),('é,ж,\U0001f600"x"',{}),('a"b"c,"d"e"f"',{})]:
    print(ascii(s),k,end=' '); t(list,_csv.reader([s],**k))
t(list,_csv.reader(['"a\n','b"',',c'])); t(list,_csv.reader(['"a','b"',',c'])); t(list,_csv.reader([b'a'])); t(list,_csv.reader([5])); r=_csv.reader(['a','b']); print(r.line_num, next(r), r.line_num, list(r), r.line_num)
t(r.__setattr__,'line_num',3); t(type(r)); _csv.field_size_limit(3); t(list,_csv.reader(['abcd'])); t(list,_csv.reader(['abc'])); t(list,_csv.reader(['"abcd"'])); _csv.field_size_limit(131072)
def w(rows,many=False,**k):
    f=io.StringIO(); x=_csv.writer(f,**k)
    try: r=x.writerows(rows) if many else x.writerow(rows)
    except BaseException as e: return type(e).__name__+': '+str(e)
    return r,f.getvalue()
print(w(5)); print(w([5]),w([]),w(['']),w([None]),w([None,None]),w(['a,b','c"d',' e','f\n',1.5,None,True]))
for q in range(6): print(q,w(['a',1,None,'','b,c',2.5,'d"'],quoting=q),w(['a',1,'b,c','d"e'],quoting=q,escapechar='\\'),w([''],quoting=q),w([None],quoting=q), w(['','']  ,quoting=q), w([None,''],quoting=q), w(['a b'],quoting=q,delimiter=' ',escapechar='\\'), w([None],quoting=q,delimiter=' ',skipinitialspace=True,escapechar='\\'), w(['',''],quoting=q,delimiter=' ',skipinitialspace=False,escapechar='\\'), w(['',''],quoting=q,delimiter=' ',escapechar='\\',skipinitialspace=True))
print(w(['a"b'],doublequote=False),w(['a"b'],doublequote=False,escapechar='\\'),w(['a\\b'],escapechar='\\'),w(['a\\b'],escapechar='\\',quoting=3),w(['a\nb'],quoting=3),w(['a\nb'],quoting=3,escapechar='\\'),w(['a\rb'],lineterminator='!'),w(['a!b'],lineterminator='!'), w([['x']]), w('abc'), w({'a':1}),w([[1,2],[3]],True),w([5],True),w(5,True),w(["a'b","'"],quotechar="'"),w(['a'],quotechar=None),w(['a'],quotechar=None,quoting=3),w(['a"b,'],quotechar=None,quoting=3,escapechar='\\'),w(['#a'],delimiter='#'),w([10**30,1e300,1+2j]))
print(w(['\0']),w([' a','b '],delimiter=' '),w(['a\\','\\"'],escapechar='\\',doublequote=False), w(['a\\','\\"'],escapechar='\\'))
x=_csv.writer(io.StringIO()); print(type(x), x.writerow(['a']))
class D(csv.Dialect): delimiter='|'; quotechar='"'; lineterminator='\n'; quoting=0
print(w(['a','b|'],dialect=D), w(['a','b|'],dialect=D(), delimiter='x'), w(['a'],dialect='excel-tab'))
import copy; t(copy.copy,d); t(d.__setattr__,'delimiter','x'); t(d.__delattr__,'quotechar'); t(d.__setattr__,'strict',1)
print(_csv.Error.__module__, _csv.Error.__mro__, _csv.Reader.__name__, _csv.Dialect.__name__, _csv.Writer, list(_csv._dialects)); print(_csv.Dialect(d) is d, _csv.Dialect(d,delimiter=';') is d)
import random; random.seed(1)
for turn in range(300):
    rows = [[''.join(random.choices('ab,"\n\r\\\' é', k=random.randrange(6))) for _ in range(random.randrange(1, 4))] for _ in range(3)]
    f = io.StringIO(); _csv.writer(f).writerows(rows)
    if turn % 50 == 0: print(ascii(f.getvalue()))
    assert list(_csv.reader(io.StringIO(f.getvalue(), newline=''))) == rows
