### f-strings
f''; f'a'; f'{a}'; f'{a}b'; f'{a!r}'; f'{a!s:>5}'; f'{a:{b}}'; f'{a:x{b!a}y}'; f'{a=}'; f'{a=!s}'; f'{a=:5}'; f'{{}}'
f'a' 'b' f'{c}' 'd'
f'{a}' f'{b}'
f'{f"{a}"}'
f'{a if b else c}{(lambda: d)()}{ {1: 2} }'
f'''
{a
 }
'''
f'{a,}{*b, c}'
f'{"x"}{1}{None!r}'
f"{a:%Y-%m-%d}{b:.{c}f}"
### percent
'%s' % (a,)
'%s %r %a' % (a, b, c)
'a%%b%sc' % (d,)
'%5s|%-5s|%.3s|%-10.2r|%05s' % (a, b, c, d, e)
'%s' % a
'%d' % (a,)
'%s%s' % (a,)
'%s' % (a, b)
'%(a)s' % (b,)
'%s' % (*a,)
'%*s' % (a, b)
b'%s' % (a,)
'%s' % (1,)
'%x' % (a,)
'%s %d' % (a, b)
'%1000s' % (a,)
'%%' % ()
'' % ()
'abc' % ()
'é%s' % (a,)
'%s' '%s' % (a, b)
('%s' % (a,)) % (b,)
'%s' % ('%r' % (a,),)
'%+s %#s % s' % (a, b, c)
'%' % (a,)
'%-' % (a,)
'%99.99s%100s' % (a, b)
'%.s|%5.s' % (a, b)
x = ('%s'
     '%r'
     % (a,
        b))
def f():
    '%s' % (a,)
def g():
    'doc' % ()
### t-strings
t''; t'a'; t'{a}'; t'a{b}c'; t'{a}{b}'; t'{a!r:>5}'; t'{a:{b}}'; t'{a=}'
t'a' t'{b}'
t'{a + b !s}'
t'''
{a}
'''
### many parts
f'{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}'
f'{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}{a}'
f'{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b'
t'{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b{a}b'
### debug constant
__debug__
if __debug__: a
else: b
x = not __debug__
def f(): return __debug__, x.__debug__
