# Searching sorted lists, and heaps, by the functions of _bisect and _heapq.
import _bisect, _heapq, random
random.seed(7)
def attempt(function, *arguments, **keywords):
    try:
        return function(*arguments, **keywords)
    except Exception as error:
        return type(error).__name__, str(error)
for turn in range(60):
    numbers = sorted(random.choices(range(20), k=random.randrange(12)))
    x = random.randrange(-1, 22)
    print(_bisect.bisect_left(numbers, x), _bisect.bisect_right(numbers, x), attempt(_bisect.bisect_left, numbers, x, 1, 3), end=' ')
    print(attempt(_bisect.bisect, numbers, -x, key=lambda y: -y) if hasattr(_bisect, 'bisect') else '', end=' ')
    _bisect.insort_left(numbers, x); _bisect.insort_right(numbers, x + .5, key=lambda y: y // 1)
    print(numbers)
print(attempt(_bisect.bisect_left, [1], 1, -1), attempt(_bisect.bisect_left, 5, 1), attempt(_bisect.bisect_left, [1], 'a'), attempt(_bisect.bisect_left, [1, 2], 5, 0, 9), attempt(_bisect.bisect_right, range(10 ** 9), 77, hi=None))
class Insertable:
    def __len__(self): return 3
    def __getitem__(self, index): return index * 10
    def insert(self, index, item): print('insert', index, item)
_bisect.insort_left(Insertable(), 15)
for suffix in ('', '_max'):
    push, pop, replace, pushpop, heapify = (getattr(_heapq, name + suffix) for name in ('heappush', 'heappop', 'heapreplace', 'heappushpop', 'heapify'))
    for turn in range(30):
        heap = random.choices(range(50), k=random.randrange(20))
        heapify(heap)
        print(heap, end=' ')
        push(heap, random.randrange(50))
        print(pushpop(heap, 25), replace(heap, 13), heap, [pop(heap) for _ in range(len(heap))])
    print(attempt(pop, []), attempt(replace, [], 1), pushpop([], 1), attempt(push, (), 1), attempt(heapify, 5))
class Hostile:
    def __init__(self, heap): self.heap = heap
    def __lt__(self, other):
        self.heap.clear()
        return True
heap = []
heap[:] = [Hostile(heap) for _ in range(5)]
print(attempt(_heapq.heapify, heap), heap)
heap[:] = [Hostile(heap) for _ in range(5)]
print(attempt(_heapq.heappush, heap, Hostile(heap)), attempt(_heapq.heappop, [1, 'a', 2.5]))
