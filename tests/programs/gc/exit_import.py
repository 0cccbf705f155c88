import sys
class A:
    def __del__(s):
        import json  # import at shutdown
        print('no', sys.meta_path)
a=A()
def f(): pass
sys.a=A()
