"""What branches are told where loops are left."""
import sys
m=sys.monitoring; E=m.events
def f1(xs):
    for x in xs:
        if x: break
def f2(xs):
    for x in xs:
        if x:
            print
            break
def f3(xs):
    for x in xs:
        if x == 1: break
        if x == 2: break
def f4(xs): return all(x for x in xs)
def f5(xs): return any(x for x in xs)
def f6(xs):
    for x in xs:
        if x: return 1
def f7(xs):
    for x in xs: break
def f8(xs):
    for x in xs:
        for y in xs:
            if y: break
        else: continue
        break
def f9(xs):
    for x in xs:
        try:
            if x: break
        finally: print
def f10(xs):
    for x in xs:
        while x:
            break
        if not x: continue
        if x > 1 or x < 0: break
def f11(xs): return tuple(x for x in xs if x)
m.use_tool_id(2,"x")
def rep(name): return lambda code,*a: print(name, code.co_name, a)
m.register_callback(2,E.BRANCH_LEFT,rep("L")); m.register_callback(2,E.BRANCH_RIGHT,rep("R"))
for ev in (E.BRANCH_LEFT|E.BRANCH_RIGHT, E.BRANCH_RIGHT, E.BRANCH_LEFT|E.BRANCH_RIGHT|E.LINE, E.BRANCH_RIGHT|E.INSTRUCTION):
    print(ev)
    m.set_events(2,ev)
    for f in (f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11):
        for xs in ([],[0],[1],[0,1],[2,1],[1,0],[-1]): f(xs)
    m.set_events(2,0)
