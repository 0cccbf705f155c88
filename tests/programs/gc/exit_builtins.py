import builtins, sys
class A:
    def __del__(s): print('in builtins del')
builtins.zzz=A()
sys.foo=A()
class B:
    def __del__(s): sys.stderr.write('B\n'); 1/0
b=B()
