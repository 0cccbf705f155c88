import sys
class W:
    def __init__(s,o): s.o=o
    def write(s,t): s.o.write('['+t+']')
    def flush(s): s.o.flush()
    def __del__(s): sys.__stdout__.write('W gone\n') if sys.__stdout__ else 0
sys.stdout=W(sys.stdout)
print('x')
class A:
    def __del__(s): print('A')
a=A()
