# json over _json: strings, scanning, encoding, their options and errors.
import _json, json, re, enum
def t(f,*a,**k):
    try: r=f(*a,**k); print(ascii(re.sub(' at 0x.*?>', '>', repr(r))))
    except BaseException as e: print(type(e).__module__, type(e).__name__+': '+str(e), getattr(e,'__notes__',''))
t(_json.encode_basestring,1); t(_json.encode_basestring_ascii,1); t(_json.scanstring); t(_json.scanstring,1,1); t(_json.scanstring,'"a"'); t(_json.scanstring,'"a"','x'); t(_json.scanstring,b'"a"',1)
t(_json.scanstring,'abc"',9); t(_json.scanstring,'abc"',-2); t(_json.scanstring,'ab\ncd"',0); t(_json.scanstring,'ab\ncd"',0,False); t(_json.scanstring,'ab\\',0); t(_json.scanstring,'ab\\x"',0); t(_json.scanstring,'ab\\u12"',0); t(_json.scanstring,'ab\\u12xy"',0); t(_json.scanstring,'\\ud800\\udc00"',0); t(_json.scanstring,'\\ud800\\u0041"',0); t(_json.scanstring,'\\ud800"',0); t(_json.scanstring,'\\ud800\\n"',0); t(_json.scanstring,'\\ud800\\u12"',0); t(_json.scanstring,'\\ud800\\uzzzz  "',0)
t(_json.scanstring,'é\\u00e9ж\\u0436\U0001f600"',0); t(_json.make_scanner); t(_json.make_scanner,5); s=_json.make_scanner(json.JSONDecoder()); t(s); t(s,5,0); t(s,'1'); t(s,'1',5); t(s,'1',-1); t(s,string='1',idx=0)
for text in ['nul','[1,','[1,]','[1','[','{','{"a"','{"a":','{"a":1','{"a":1,','{"a":1,}','{a','{"a" 1','{"a":1 2','[1 2','-','-x','01','1.','1.e5','1e','1e+','1e5','-0','-0.0','NaN','-Infinity','Infinity','-Infinit','12345678901234567890123','{"a":1, ,}','{"a":1, b}',' 1','[ 1 , 2 ]','{ "a" : [ ] , "b" : { } }x','true','[1 , ]','{"a":1 , }','"abc','','"é"','"ж"','["a\\tb", "\\ud83d\\ude00"]','1234567890123456789','-999999999999999999','1E400','0.1e-7']: t(s, text, 0)
for f in (dict(object_hook=lambda d: sorted(d.items())), dict(object_pairs_hook=list), dict(parse_int=lambda x:'i'+x, parse_float=lambda x:'f'+x, parse_constant=lambda x:'c'+x)): t(json.loads,'{"b":1,"a":[1.5,-3e2,NaN,-Infinity,{"c":{}}],"b":7}',**f)
t(json.loads,'[1,]'); t(json.loads,'{"a":1,}'); t(json.loads,'[1}'); t(json.loads,'"\x01"'); t(json.loads,'"\x01"',strict=False); t(json.loads,'1 2'); t(json.loads, '1'*5000)
x=json.loads('[{"key":1},{"key":2}]'); print([list(d)[0] for d in x][0] is [list(d)[0] for d in x][1])
print([(n,getattr(s,n)) for n in ('strict','object_hook','object_pairs_hook')], s.parse_float, s.parse_int)
def enc(o,**k):
    try: return json.dumps(o,**k)
    except BaseException as e: return type(e).__name__+': '+str(e), getattr(e,'__notes__','')
for o in [None,True,1,1.5,float('nan'),float('inf'),-float('inf'),'a"\n\x00é\u2028\U0001f600\ud800\x7f\\/\b\f\t\r',[],{},[1,[2,[]]],{'a':1,'b':[1,2,{}]},(1,2),{1:2,None:3,True:4,1.5:5,float('nan'):6},{(1,):2},object,{'a':object},[1,[{'x':[object]}]],10**30,{'b':1,'a':2},{'b':1,2:3},1e300,-0.0,1e16]:
    for k in [{},{'indent':2},{'indent':'\t'},{'indent':0},{'ensure_ascii':False},{'sort_keys':True},{'skipkeys':True,'indent':1},{'allow_nan':False},{'separators':(',',':')},{'default':lambda o:'D'},{'check_circular':False},{'indent':3,'sort_keys':True,'separators':('; ',' = ')}]:
        print(ascii(enc(o,**k)))
l=[]; l.append(l); print(enc(l), enc(l,indent=1)); d={}; d['x']=[d]; print(enc(d))
print(enc(1,default=5)); print(enc(object(),default=lambda o:o))
class I(int):
    def __repr__(self): return 'x'
class F(float):
    def __repr__(self): return 'x'
class S(str): pass
class D(dict):
    def items(self): return [('z',1),('y',2)]
class L(list):
    def __iter__(self): return iter([7,8])
class E(enum.IntEnum): A=5
print(enc([I(5),F(1.5),S('q'),D(a=1),D(),L([1]),L(),E.A]),enc({I(5):1,F(1.5):2,S('q'):3,E.A:4}), enc({'a':1,'b':2},sort_keys=True,indent=1))
class D2(dict):
    def items(self): return [1]
class D3(dict):
    def items(self): return 5
print(enc(D2(a=1)),enc(D3(a=1)), enc(D2(a=1),sort_keys=True))
e=_json.make_encoder(None, str, str, None, ':', ',', False, False, True); t(e); t(e,5,0); t(e,'a',0); t(e,[1,'b'],0); print(e.markers,e.default,e.encoder,e.indent,e.key_separator,e.item_separator,e.sort_keys,e.skipkeys)
t(_json.make_encoder); t(_json.make_encoder,5,str,str,None,':',',',0,0,1); t(_json.make_encoder,None,str,lambda o: 5,None,':',',',0,0,1); e=_json.make_encoder({},str,lambda o:5,None,':',',',0,0,1); t(e,'a',0); t(e,{'a':1},0); t(_json.make_encoder,None,str,str,None,5,',',0,0,1); t(_json.make_encoder,None,str,str,5,':',',',0,0,1); t(type(e)); t(e,1); t(e,1,'x'); t(e,o=[1],_current_indent_level=0); t(e,[1,[2]],2)
e=_json.make_encoder({},str,json.encoder.encode_basestring,'  ',':',',',0,0,1); t(e,[1,[2]],2)
print(json.JSONEncoder(indent=2).encode([1,2]), list(json.JSONEncoder(indent=2).iterencode([1,2])))
for depth in (100000,):
    try: json.loads('[' * depth)
    except RecursionError: print('too deep')
    x=[]
    for _ in range(depth): x=[x]
    try: json.dumps(x)
    except RecursionError: print('too deep')
