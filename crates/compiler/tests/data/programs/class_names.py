### annotations f
class C:
    __classdict__: int
    a.b: c
### annotations g
def f():
    x: int
    class C:
        y: x
        a.b: x
    a.b: [i for i in x]
### annotations h
class C:
    global x
    def f(a: x): pass
    y: x
### annotations i
def f():
    x = 1
    class C:
        x = 2
        y: x
        def g(a: x) -> (lambda: x): pass
        type Z = x
        def h[T: x](a: T = x, *, b: [x for _ in x] = x) -> x: pass
### annotations j
def f(x):
    class C:
        nonlocal x
        x = 2
        y: x
### annotations k
class C:
    __classdict__ = 1
    x: [i for i in __classdict__]
### annotations l
class C:
    __conditional_annotations__ = 1
    if 1:
        x: int
### annotations m
__conditional_annotations__ = 1
if 1:
    x: int
def f():
    __conditional_annotations__ = 1
    class D:
        if 1: x: int
        def f(): __conditional_annotations__
### annotations n
__annotate__: int
class A:
    __annotate__: int
    __annotate_func__ = 1
### annotations o
class A:
    def f(self):
        self.x = 1
        def g(self):
            self.y = 2
            class B:
                def h(self): self.z: int = 3; self.w += 1; (self.q, self.r) = 1, 2; del self.n
    for self.p in x: pass
    def __h(self): self.__a = 1
### comprehension 0
class C: r=[__class__ for x in y]
### comprehension 1
class C: r=[lambda: __class__ for x in y]
### comprehension 2
class C:
 __class__=2
 r=[lambda: __class__ for x in y]
### comprehension 3
class C:
 r=[(__class__,lambda: __class__) for x in y]
### comprehension 4
class C: r=[__classdict__ for x in y]
### comprehension 5
class C: r=[lambda: __classdict__ for x in y]
### comprehension 6
class C: r=[__conditional_annotations__ for x in y]
### comprehension 7
class C: r=[lambda: __conditional_annotations__ for x in y]
### comprehension 8
class C:
 __classdict__=2
 r=[lambda: __classdict__ for x in y]
### comprehension 9
class C:
 __class__=2
 r=[__class__ for x in y]
### comprehension 10
class C:
 r=[[__class__ for x in y] for z in y]
### comprehension 11
class C:
 r=[[lambda:__class__ for x in y] for z in y]
### comprehension 12
class C:
 r=[[(lambda:__class__,__class__) for x in y] for z in y]
