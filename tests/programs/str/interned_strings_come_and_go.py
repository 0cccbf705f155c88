"""The table of interned strings finds each string that lives, however many have come and gone."""
import random
import sys

numbers = random.Random(5)
kept = {}
for turn in range(4):
    for _ in range(20000):
        number = numbers.randrange(30000)
        if numbers.random() < 0.5:
            kept[number] = sys.intern("name%d" % number)
        else:
            kept.pop(number, None)
    print(turn, all(sys.intern("name%d" % number) is name for number, name in kept.items()))
