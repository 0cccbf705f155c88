# `list.append(self, item)` gives the receiver as an argument; a site of that shape must not be taken for `self.append(item)`.
class Counting(list):
    def __init__(self):
        self.count = 0

    def append(self, item):
        self.count += 1
        list.append(self, item)


items = Counting()
for number in range(100):
    items.append(number)
print(len(items), items.count, items[-1], sum(items))

append = list.append
plain = []
for number in range(100):
    append(plain, number)
    plain.append(number)
print(len(plain), plain[-2:])
