"""Instances whose dictionaries are in use, nested deeper than deallocations nest: a dictionary may go after its instance."""


class Node:
    pass


def chain(length, touch):
    first = None
    for number in range(length):
        node = Node()
        node.number = number
        node.next = first
        if touch(number):
            vars(node)["extra"] = number
        first = node
    return first


for name, touch in [("none", lambda it: False), ("all", lambda it: True), ("some", lambda it: it % 3 == 0)]:
    first = chain(100_000, touch)
    node = first
    while node is not None:
        if node.number % 2:
            assert node.__dict__["number"] == node.number
        node = node.next
    kept = vars(first)
    print(name, len(kept), first.number)
    del first, node
    print(name, "instances freed", sorted(kept)[-1])
    kept.clear()
    del kept

nested = None
for number in range(100_000):
    nested = [(nested, {1: Node()})]
    nested[0][1][1].__dict__["x"] = nested
    nested[0][1][1].y = 5
    vars(nested[0][1][1]).clear()
del nested
print("done")
