# What unicodedata says of every code point, as checksums of ranges; names there and back; normal forms.
import unicodedata, binascii
def digest(values):
    return binascii.crc32('\n'.join(values).encode('utf-8', 'surrogatepass'))
def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__, str(error)
for database in (unicodedata, unicodedata.ucd_3_2_0):
    print(database.unidata_version)
    for start in (0, 0x400, 0x1000, 0x3000, 0xA000, 0x10000, 0x1D000, 0x20000, 0xE0000):
        points = [chr(it) for it in range(start, min(start * 2 or 0x400, 0x110000), 1 if start < 0x3000 else 7)]
        for name in ('category', 'bidirectional', 'combining', 'mirrored', 'east_asian_width', 'decomposition'):
            print(hex(start), name, digest([str(getattr(database, name)(it)) for it in points]))
        for name in ('decimal', 'digit', 'numeric', 'name'):
            values = [getattr(database, name)(it, None) for it in points]
            print(hex(start), name, digest(list(map(repr, values))))
        for form in ('NFC', 'NFD', 'NFKC', 'NFKD'):
            print(hex(start), form, digest([database.normalize(form, it) for it in points]), sum(database.is_normalized(form, it) for it in points))
        names = [database.name(it, None) for it in points[:3000]]
        print(all(database.lookup(name.lower()) == point for point, name in zip(points, names) if name))
for start in range(0, 0x30000, 0x3000):
    points = [chr(it) for it in range(start, start + 0x3000)]
    for name in ('isidentifier', 'isalpha', 'isalnum', 'isdecimal', 'isdigit', 'isnumeric', 'isprintable', 'isspace', 'isupper', 'islower', 'istitle'):
        print(hex(start), name, sum(getattr(it, name)() for it in points), end=' ')
    print(digest([it.upper() + it.lower() + it.title() + it.casefold() + it.swapcase() for it in points]), sum(('a' + it).isidentifier() for it in points))
print(attempt(unicodedata.lookup, 'KEYCAP DIGIT ONE'), attempt(unicodedata.ucd_3_2_0.lookup, 'KEYCAP DIGIT ONE'), attempt(unicodedata.ucd_3_2_0.lookup, 'LATIN SMALL LETTER GHA'))
print(attempt(unicodedata.lookup, 'X' * 300), attempt(unicodedata.lookup, 'é'), attempt(unicodedata.lookup, 1), attempt(unicodedata.lookup, b'SPACE'))
print(attempt(unicodedata.category, 'ab'), attempt(unicodedata.category, 1), attempt(unicodedata.decimal, 'ab'), attempt(unicodedata.decimal, 1), attempt(unicodedata.decimal, 'a'))
print(attempt(unicodedata.name, '\0'), attempt(unicodedata.name, '\ud800', 5), attempt(unicodedata.digit, 'a'), attempt(unicodedata.numeric, 'a'))
print(attempt(unicodedata.normalize, 'X', 'a'), attempt(unicodedata.normalize, 'X', ''), attempt(unicodedata.is_normalized, 'X', 'a'), attempt(unicodedata.normalize, 1, 'a'), attempt(unicodedata.UCD))
