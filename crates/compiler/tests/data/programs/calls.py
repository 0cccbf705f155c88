### plain
f()
f(a)
f(a, b, c=d)
f(*a)
f(**a)
f(*a, **b)
f(a, *b, c, d=e, **g, h=i)
f(a, b=c, *d)
f(**a, **b)
f(a=b, **c, d=e)
f(*a, *b)
f((yield_))
f(a)(b)[c](d)
f(x for x in y)
f(a, (x for x in y))
### methods
a.b()
a.b(c)
a.b(c, d=e)
a.b(*c)
a.b(**c)
a.b.c(d).e(f=g)
a().b()
"x".join(y)
(a, b).c()
import mod
mod.f(1)
mod.g.h(x=2)
def g():
    mod.f()
    import local
    local.f()
    a.b(c=d, e=f)
### multi line
a.b(
    c
).d(
    e
)
(a
 .b
 .c(
   d)
 .e)
f(
    a,
    b=c,
    *d
)
x = (a.b
     .c)
a \
  .b \
  .c = 1
a.b(c).d \
  .e()
a \
  .b += c
del a.\
  b
### many arguments
f(a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a)
f(a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a)
f(a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, b=1)
f(a=1, b=1, c=1, d=1, e=1, f=1, g=1, h=1, i=1, j=1, k=1, l=1, m=1, n=1, o=1, p=1)
f(a=1, b=1, c=1, d=1, e=1, f=1, g=1, h=1, i=1, j=1, k=1, l=1, m=1, n=1, o=1, p=1, **q)
x.f(a=1, b=1, c=1, d=1, e=1, f=1, g=1, h=1, i=1, j=1, k=1, l=1, m=1, n=1, o=1, p=1)
x.f(a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a)
x.f(a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a)
x.f(a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, k=1, l=2)
class A(b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, c=1): pass
### super
class A(B):
    def f(self, x):
        super().f(x)
        super().f(x, y=1)
        super().f(*x)
        super().g
        super(A, self).f(x)
        super(A, self).g
        (super()
         .f(
            x))
        super(
            A,
            self).g
        return super().f().g
    async def g(self): return await super().g()
    def h(self): return [super().x for _ in y], (super().x for _ in y), lambda: super().x
