# Sizes that no memory has room for are an exception.
import itertools
import random
import struct
import sys

big = sys.maxsize // 8
for make in [lambda: '%*d' % (big, 1), lambda: b'%*d' % (big, 1), lambda: '%-*s' % (big, 'a'), lambda: b'%*s' % (big, b'a'),
             lambda: format(1 + 2j, f'{big}'), lambda: format(1, f'{big}'), lambda: f'{"a":{big}}',
             lambda: struct.pack(f'{big}s', b'a'), lambda: itertools.tee([1], big)]:
    try:
        make()
    except (MemoryError, OverflowError, ValueError) as error:
        print(type(error).__name__)
