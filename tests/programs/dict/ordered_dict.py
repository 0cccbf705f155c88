"""OrderedDict: order, what subclasses see, errors, iteration under change, equality, views."""
from collections import OrderedDict


class O(OrderedDict):
    def __getitem__(s,k): print('get',k); return super().__getitem__(k)
    def __setitem__(s,k,v): print('set',k); super().__setitem__(k,v)
    def __delitem__(s,k): print('del',k); super().__delitem__(k)
    def __contains__(s,k): print('in',k); return super().__contains__(k)
    def __missing__(s,k): print('missing',k); return 7
o=O(a=1,b=2)
print('sd'); o.setdefault('a',3); o.setdefault('z',3)
print('pop'); o.pop('a'); o.pop('q',1); o.popitem()
print('copy',o.copy()); print(repr(o)); o|={'k':1}; o.update(k=2); print(o==O(b=2,k=2)); 
for bad in (lambda: OrderedDict(1,2), lambda: OrderedDict().update(1,2), lambda: OrderedDict([(1,)]), lambda: OrderedDict([()]), lambda: OrderedDict([(1,2,3)]), lambda: OrderedDict(5), lambda: OrderedDict().popitem(), lambda: OrderedDict().pop(1), lambda: OrderedDict().pop([]), lambda: OrderedDict().move_to_end(1), lambda: OrderedDict()[1], lambda: OrderedDict().__delitem__(3), lambda: {OrderedDict():1}, lambda: OrderedDict()|[], lambda: OrderedDict().move_to_end(), lambda: OrderedDict.fromkeys()):
    try: print(bad())
    except Exception as e: print(type(e).__name__, e)
od=OrderedDict.fromkeys('abc',0)
for act in (lambda: od.move_to_end('a'), lambda: od.__setitem__('zz',1), lambda: od.pop('b'), lambda: od.clear()):
    it=iter(od.items()); print(next(it)); act()
    for _ in range(2):
        try: print(next(it))
        except Exception as e: print(type(e).__name__, e)
        except StopIteration: print('stop')
    od=OrderedDict.fromkeys('abc',0)
print(od.items(), od.values(), list(reversed(od.items())))
print(od.__reduce__()[:4], type(od.__reduce__()[4]), iter(od).__reduce__())
od.x=5; print(od.__reduce__()[2], od.__dict__, vars(od))
import copy,pickle
c=copy.deepcopy(od); print(c, c.x, pickle.loads(pickle.dumps(od)).x)
a=OrderedDict(a=1,b=2); b=OrderedDict(b=2,a=1); print(a==b, a!=b, a==dict(b), dict(b)==a, a<b if 0 else '')
print(OrderedDict({1:2})|{3:4}, {3:4}|OrderedDict({1:2}), type({}|OrderedDict()))
print({**b}, dict(b), list(b), (lambda **k:k)(**b), sorted(b))
b.move_to_end('b'); print({**b}, dict(b), list(b), (lambda **k:k)(**b), b)
import json; print(json.dumps(b), [*b], tuple(b.items()), max(b))
r=OrderedDict(); r['s']=r; print(r)
k = od.keys()
print(k & {"a"}, sorted(k | {"z"}), list(reversed(k)), k.isdisjoint("q"), "a" in k, k.mapping, len(k))
import sys
print([sys.getsizeof(OrderedDict.fromkeys(range(n))) for n in (0, 1, 5, 6, 20)])
