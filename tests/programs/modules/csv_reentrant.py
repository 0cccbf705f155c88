# A reader whose lines come from an iterator that advances the reader itself.
import csv
class R:
    def __init__(self): self.n=0
    def __iter__(self): return self
    def __next__(self):
        self.n+=1
        if self.n==1:
            print('inner', next(self.reader))
            return 'a,b'
        if self.n==2: return 'x'
        raise StopIteration
it=R(); r=csv.reader(it); it.reader=r
try: print(next(r))
except csv.Error as e: print(e)
try: print(next(r))
except StopIteration: print('end')
