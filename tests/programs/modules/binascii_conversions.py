# Conversions of binascii: random bytes there and back, and damaged text.
import binascii, random
random.seed(5)
def attempt(function, *arguments, **keywords):
    try:
        return function(*arguments, **keywords)
    except Exception as error:
        return type(error).__name__, str(error)
def digest(values):
    return binascii.crc32(repr(values).encode())
for length in list(range(0, 50)):
    data = bytes(random.choices(range(256), k=length))
    print(length, attempt(binascii.b2a_uu, data), attempt(binascii.b2a_uu, data, backtick=True))
    print(binascii.b2a_base64(data), binascii.b2a_base64(data, newline=False), binascii.a2b_base64(binascii.b2a_base64(data)) == data)
    print(binascii.hexlify(data), binascii.hexlify(data, '-', 3) if data else None, binascii.b2a_hex(data, b':', -2), binascii.unhexlify(binascii.hexlify(data)) == data)
    print(binascii.crc32(data), binascii.crc32(data, 12345), binascii.crc_hqx(data, 77), binascii.crc_hqx(data, -1))
rows = []
for turn in range(3000):
    text = bytes(random.choices(b'AB=\n\r z+/`\x80 .', k=random.randrange(12)))
    rows.append((attempt(binascii.a2b_base64, text), attempt(binascii.a2b_base64, text, strict_mode=True)))
    rows.append((attempt(binascii.a2b_uu, text), attempt(binascii.a2b_uu, b'%' + text)))
    rows.append((attempt(binascii.a2b_hex, text), attempt(binascii.a2b_qp, text), attempt(binascii.a2b_qp, text, header=True)))
    if turn % 300 == 0:
        print(text, rows[-3:])
print(digest(rows))
rows = []
for turn in range(2000):
    text = bytes(random.choices(b'ab=\n\r  \t._\x80\x00', k=random.choice([5, 20, 160])))
    for flags in range(8):
        rows.append(binascii.b2a_qp(text, bool(flags & 1), bool(flags & 2), bool(flags & 4)))
    long = bytes(random.choices(b'abcdefgh =\t\xff', k=200))
    rows.append(binascii.b2a_qp(long))
print(digest(rows), rows[:3])
for wrong in (1, 'é', None, [], 'ab\u0100'):
    print([attempt(function, wrong) for function in (binascii.a2b_uu, binascii.a2b_hex, binascii.a2b_base64, binascii.a2b_qp)])
print(attempt(binascii.b2a_hex, b'ab', '\u0100'), attempt(binascii.b2a_hex, b'ab', ''), attempt(binascii.b2a_hex, b'ab', 3))
print(attempt(binascii.b2a_base64, 'text'), attempt(binascii.crc32, b'', 'x'), attempt(binascii.unhexlify, 'abc'))
print(binascii.Error.__mro__, binascii.Incomplete.__mro__)
