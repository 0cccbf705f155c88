"""Calls whose result or need of memory is large, made with little memory left: what should come is MemoryError.

Each case sets the limit of address space just above what is in use, by one of a few distances, so that different steps of the call fail.
"""

import os
import resource
import signal

# Distances in megabytes. The data at hand have 24 megabytes.
ROOM = (2, 16, 30, 60, 110)
SIZE = 24 << 20

EXPRESSIONS = [
    "io.BytesIO(data)", "io.BytesIO(data).read()", "io.BytesIO(data).getvalue() + b'x'", "writes(io.BytesIO(), data)", "io.BytesIO(data).readlines()", "io.BytesIO().truncate(2**40)", "seek_write(io.BytesIO(), 2**28)", "seek_write(io.BytesIO(), 2**40)",
    "list(io.BytesIO(lines))", "io.StringIO(text)", "io.StringIO(text).read()", "writes(io.StringIO(), text)", "io.StringIO(text).readlines()", "io.StringIO(text, newline=None).getvalue()", "seek_write_text(io.StringIO(), 2**28)", "io.StringIO(text).__getstate__()",
    "io.TextIOWrapper(io.BytesIO(data), 'latin-1').read()", "io.TextIOWrapper(io.BytesIO(data), 'utf-16-le').read()", "io.TextIOWrapper(io.BytesIO(data), 'utf-8').readline()", "writes(io.TextIOWrapper(io.BytesIO(), 'utf-8'), text)", "io.TextIOWrapper(io.BytesIO(data), 'utf-8').read(2**23)",
    "io.BufferedReader(io.BytesIO(data)).read()", "io.BufferedReader(io.BytesIO(data), 2**28)", "io.BufferedReader(io.BytesIO(data)).peek(2**30)", "io.BufferedReader(io.BytesIO(data)).readline()", "writes(io.BufferedWriter(io.BytesIO()), data)", "io.BufferedReader(io.BytesIO(data)).read1(2**28)",
    "io.FileIO('/dev/zero').read(2**28)", "io.FileIO('/dev/zero').read(2**40)", "open('/dev/zero', 'rb').read(2**28)", "open('/dev/zero', 'rb').readline()", "open('/dev/zero').read(2**28)", "open('/dev/zero', 'rb').read()", "io.FileIO('/dev/zero').readall()", "os.read(zero, 2**28)", "os.pread(zero, 2**28, 0)",
    "os.urandom(2**28)", "os.getrandom(2**28)", "io.IncrementalNewlineDecoder(None, True).decode(text)",
    "struct.pack('268435456s', b'x')", "struct.pack('%ds' % 2**40, b'x')", "struct.unpack('%dB' % SIZE, data)", "struct.unpack('%ds' % SIZE, data)", "list(struct.iter_unpack('B', data))", "struct.Struct('B' * 2**21)", "struct.Struct('%dB' % SIZE).unpack(data)",
    "array.array('b', data)", "array.array('q', data)", "array.array('i', range(2**24))", "array.array('b', data) * 8", "array.array('d', bytes(8)) * 2**27", "array.array('b', data).tolist()", "array.array('b', data).tobytes()", "array.array('b', data).byteswap()", "array.array('w', text)", "extended(array.array('b'), data)",
    "frombytes(array.array('b', data), data)", "array.array('b', data)[::2]", "array.array('b', data) + array.array('b', data)", "array.array('w', text).tounicode()", "array.array('b', data).__reduce_ex__(3)", "copy.copy(array.array('b', data))", "inserted(array.array('b', data))", "fromfile(array.array('b'), 2**28)", "repr(array.array('b', data))",
    "collections.deque(range(2**24))", "collections.deque(data)", "collections.deque([1]) * 2**27", "collections.deque([1, 2]) * 2**40", "collections.deque(small).copy()", "collections.OrderedDict.fromkeys(range(2**22))", "collections.OrderedDict((it, it) for it in range(2**22))", "collections.defaultdict(int, dict.fromkeys(range(2**21)))", "collections.Counter(range(2**22))", "collections.deque(small) + collections.deque(small)",
    "list(itertools.count())", "list(itertools.repeat(1, 2**28))", "list(itertools.repeat(None))", "list(itertools.permutations(range(12)))", "itertools.permutations(range(2**23))", "list(itertools.product(range(300), repeat=3))", "itertools.product(range(2**22), repeat=9)", "itertools.product([], repeat=2**40)", "itertools.combinations(range(2**22), 2**21)", "itertools.combinations_with_replacement([1], 2**28)",
    "list(itertools.combinations(range(300), 3))", "advanced(itertools.tee(itertools.count())[0])", "list(itertools.cycle(small))", "list(itertools.batched(itertools.count(), 2**26))", "next(itertools.batched(itertools.count(), 2**28))", "list(itertools.accumulate(itertools.count()))", "list(itertools.groupby(itertools.count()))", "list(itertools.zip_longest(small, itertools.count()))", "list(itertools.pairwise(itertools.count()))", "list(itertools.islice(itertools.count(), 2**25))",
    "list(itertools.chain.from_iterable(itertools.repeat(small)))", "list(itertools.compress(itertools.count(), itertools.repeat(1)))", "list(itertools.starmap(complex, itertools.repeat((1, 2))))", "tuple(itertools.count())", "set(itertools.count())", "dict(zip(itertools.count(), itertools.count()))", "sorted(itertools.repeat(3))", "list(map(str, itertools.count()))", "frozenset(itertools.count())", "bytes(itertools.repeat(3))", "bytearray(itertools.repeat(3))", "''.join(itertools.repeat('abc'))",
    "b''.join(itertools.repeat(data))", "''.join([text] * 9)", "b''.join([data] * 9)", "json.loads('[' + '1,' * 2**22 + '1]')", "json.loads(long_string)", "json.dumps(text)", "json.dumps([1] * 2**21)", "json.dumps({'a': [1.5] * 2**20}, indent=1)", "json.dumps(snow)", "json.encoder.encode_basestring_ascii(snow)", "json.encoder.encode_basestring(text)", "json.decoder.scanstring(long_string, 1)", "json.dumps(small, indent=2**24)",
    "pickle.dumps(data)", "pickle.dumps(text)", "pickle.dumps(small)", "pickle.dumps([data, text], 0)", "pickle.loads(pickled)", "pickle.loads(pickled_list)", "pickle.loads(b'\\x8e' + (2**40).to_bytes(8, 'little'))", "pickle.load(Endless())", "pickle.loads(b'\\x96' + (2**28).to_bytes(8, 'little'))", "pickle.load(Liar(b'\\x8e' + (2**28).to_bytes(8, 'little')))", "pickle.loads(b'r\\xff\\xff\\xff\\x0f')", "pickle.loads(b'Nr\\xff\\xff\\xff\\x3f.')", "pickle.loads(b'(' * 2**24)", "pickle.dumps(list(range(2**20)), 0)",
    "marshal.dumps(data)", "marshal.dumps(text)", "marshal.dumps(small)", "marshal.loads(marshalled)", "marshal.loads(marshalled_list)", "marshal.loads(b'[\\xff\\xff\\xff\\x0f')", "marshal.loads(b'(\\xff\\xff\\xff\\x0f')", "marshal.loads(b's\\xff\\xff\\xff\\x0f')", "marshal.load(Liar(b's\\xff\\xff\\xff\\x0f'))", "marshal.loads(b'l\\xff\\xff\\xff\\x0f')",
    "zlib.compress(data)", "zlib.decompress(bomb)", "zlib.decompress(bomb, bufsize=2**28)", "zlib.decompress(bomb, bufsize=2**40)", "zlib.decompressobj().decompress(bomb)", "zlib.decompressobj().decompress(bomb, 2**27)", "zlib._ZlibDecompressor().decompress(bomb)", "flushed(zlib.decompressobj(), bomb)", "zlib.compressobj().compress(noise)", "zlib.compress(noise, 0)", "zlib.crc32(data)", "zlib.decompressobj(zdict=data)", "copied(zlib.compressobj())",
    "bz2.compress(small_data)", "bz2.decompress(bz2_bomb)", "bz2.BZ2Decompressor().decompress(bz2_bomb)", "bz2.BZ2Compressor().compress(small_data)", "lzma.compress(small_data)", "lzma.compress(small_data, preset=9)", "lzma.decompress(lzma_bomb)", "lzma.LZMADecompressor().decompress(lzma_bomb)", "lzma.LZMACompressor(preset=9)", "lzma.compress(b'x', lzma.FORMAT_RAW, filters=[{'id': lzma.FILTER_LZMA2, 'dict_size': 2**29}])", "lzma.decompress(b'\\x01\\0\\0x\\0', lzma.FORMAT_RAW, filters=[{'id': lzma.FILTER_LZMA2, 'dict_size': 2**31}])",
    "binascii.hexlify(data)", "binascii.hexlify(data, '-', 1)", "binascii.unhexlify(data)", "binascii.b2a_base64(data)", "binascii.a2b_base64(data)", "binascii.b2a_qp(data)", "binascii.a2b_qp(data)", "binascii.a2b_base64(data, strict_mode=True)", "data.hex()", "bytes.fromhex(text)", "bytearray.fromhex(text)", "data.hex('-', 1)",
    "random.Random(data)", "random.randbytes(2**28)", "random.getrandbits(2**30)", "random.Random().getstate()", "random.seed(text)",
    "decimal.Decimal(digits)", "decimal.Decimal('1e999999999').__int__()", "decimal.Context(prec=2**30).divide(1, 3)", "decimal.Context(prec=10**17, Emax=10**18-1, Emin=-10**18+1).divide(decimal.Decimal(1), 3)", "format(decimal.Decimal(1), '99999999.99999999f')", "format(decimal.Decimal('1e99999999'), 'f')", "str(decimal.Decimal(10)**6)", "decimal.Decimal(big)", "decimal.Decimal('1e20000000').to_integral_exact()", "decimal.Decimal((0, (1,) * 2**20, 0))", "decimal.Decimal('1e20000000').as_integer_ratio()", "decimal.Decimal('1e20000000').logical_invert()",
    "math.factorial(2**20)", "math.comb(2**20, 2**19)", "math.prod([big] * 9)", "math.perm(2**20, 2**18)", "math.isqrt(big)", "math.gcd(big, big + 1)", "math.sumprod(small, small)", "big * big", "big << 2**28", "1 << 2**31", "str(big)", "big ** 5", "pow(3, big, 7)", "int(digits)", "int.from_bytes(data)", "big.to_bytes(2**28)", "hex(big)", "math.lcm(big, big + 1)", "divmod(big, 3)", "big // (big >> 9)", "float(digits)", "math.fsum(itertools.repeat(1e300, 2**20))",
    "re.compile('a{2}' * 2**18)", "re.findall(b'.', data, re.S)", "re.sub(b'.', b'xx', data, flags=re.S)", "re.split(b'', data)", "re.match(b'(?:a|b)*', data)", "re.match(b'(.)*', data)", "re.match('(?:(a)|b)*', text)", "re.sub('a', lambda m: 'bcd', text)", "re.compile('[' + snow_set + ']')", "re.escape(text)", "re.match('(?:x|a)*?$', text)", "re.findall('a', text)", "re.search('(a+)+b', text[:30])", "re.subn('', '-', text)", "re.sub(b'(.)', rb'\\1\\1', data)",
    "unicodedata.normalize('NFD', snow)", "unicodedata.normalize('NFKC', snow)", "unicodedata.normalize('NFKD', '\\ufdfa' * 2**21)", "unicodedata.name(text)", "snow.encode('utf-8')", "snow.encode('utf-32')", "snow.encode('utf-7')", "snow.encode('unicode_escape')", "snow.encode('ascii', 'backslashreplace')", "snow.encode('ascii', 'xmlcharrefreplace')", "snow.encode('ascii', 'namereplace')", "data.decode('utf-16')", "data.decode('utf-32', 'replace')", "data.decode('unicode_escape')", "data.decode('utf-7')", "data.decode('ascii', 'backslashreplace')",
    "noise.decode('utf-8', 'replace')", "noise.decode('utf-8', 'surrogateescape')", "noise.decode('latin-1')", "codecs.charmap_decode(data, 'strict', 'x' * 256)", "codecs.charmap_encode(text, 'strict', {97: 'xyz'})", "codecs.escape_encode(data)", "codecs.escape_decode(data)", "codecs.encode(data, 'hex')", "codecs.encode(data, 'base64')", "codecs.encode(data, 'quopri')", "text.encode('utf-16')", "text.encode('idna')", "text.encode('punycode')",
    "list(csv.reader([text]))", "list(csv.reader([','.join('a' * 2**21)]))", "csv.writer(io.StringIO()).writerow([text, text])", "csv.writer(io.StringIO()).writerow(small)", "csv.writer(io.StringIO(), quoting=csv.QUOTE_ALL).writerow(['\"' * 2**23])",
    "mmap.mmap(-1, 2**28)", "mmap.mmap(-1, SIZE).read()", "mmap.mmap(-1, SIZE)[:]", "mmap.mmap(-1, SIZE)[::2]", "mmap.mmap(-1, SIZE).resize(2**28)", "mmap.mmap(-1, SIZE).readline()", "socket.socketpair()[0].recv(2**28, socket.MSG_DONTWAIT)", "socket.socketpair()[0].recvmsg(2**28, 2**28, socket.MSG_DONTWAIT)", "socket.socketpair()[0].sendmsg([data] * 2**10, (), socket.MSG_DONTWAIT)", "select.epoll().poll(0, 2**26)", "socket.inet_aton(text)",
    "hashlib.sha256(data).digest()", "hashlib.shake_128(b'x').digest(2**28)", "hashlib.shake_128(b'x').hexdigest(2**28)", "hashlib.scrypt(b'x', salt=b'y', n=2**20, r=8, p=1, maxmem=2**40)", "hashlib.pbkdf2_hmac('sha256', b'x', b'y', 1, 2**28)", "hashlib.blake2b(data, person=b'x').hexdigest()", "hmac.new(data, data, 'sha256').digest()",
    "copy.deepcopy(small)", "functools.reduce(lambda a, b: a + a, range(60), [1])", "functools.lru_cache(None)(lambda it: it).__call__(1)", "operator.concat(data, data)", "operator.mul(small, 2**20)", "heapq.merge(small)", "heapq.nlargest(2**22, range(2**23))", "bisect.insort(small, 5)", "ast.parse('x = 1\\n' * 2**18)", "compile('x + ' * 2**17 + 'x', '', 'eval')", "ast.literal_eval('[' + '1,' * 2**18 + ']')", "ast.dump(ast.parse('x\\n' * 2**15))", "list(tokenize.generate_tokens(io.StringIO('x ' * 2**20).readline))", "symtable.symtable('x\\n' * 2**18, '', 'exec')",
    "time.strftime('%c' * 2**20)", "datetime.datetime.now().strftime('%A' * 2**20)", "'{:%d}' .format(1) % ()", "format(1, '300000000')", "format(1.5, '.300000000f')", "'%300000000d' % 1", "'%.300000000f' % 1.5", "b'%300000000d' % 1", "text.replace('a', 'bcd')", "text.upper()", "text.ljust(2**28)", "text * 9", "text.split('a')", "text.splitlines()", "text.translate({97: 'xyz'})", "text.casefold()", "text.expandtabs()", "('\\t' * 2**20).expandtabs(2**10)", "text.title()", "text.center(2**29)", "text.zfill(2**28)", "repr(text)", "ascii(snow)", "data.replace(b'a', b'bcd')",
    "data.split(b'a')", "data.upper()", "data.ljust(2**28)", "data * 9", "data.translate(bytes(256))", "data.expandtabs()", "repr(data)", "bytearray(data)", "bytearray(2**28)", "bytes(2**28)", "extended(bytearray(), data)", "memoryview(data).tolist()", "memoryview(data)[::2].tobytes()", "memoryview(data).hex()", "memoryview(data)[::-1] == data", "list(data)", "tuple(data)", "[0] * 2**28", "(0,) * 2**28", "list(range(2**25))", "{it: it for it in range(2**22)}", "set(range(2**22))", "dict.fromkeys(range(2**22))", "small * 2**12", "small[:] + small", "sorted(small)", "'%s' % text",
    "''.join(map(str, range(2**22)))", "print(text, file=io.StringIO())", "input.__class__('x')", "sys.intern(text + 'x')", "types.SimpleNamespace(**{str(it): it for it in range(2**20)})", "inspect.signature(lambda a: a)", "textwrap.wrap(lines.decode()[:2**20])", "difflib.SequenceMatcher(None, text[:2**16], text[:2**16])", "string.Template(text).substitute()", "f'{1:300000000}'", "[it for it in itertools.count()]", "recursive(10**9)", "many_objects()", "many_strings()", "many_dicts()", "many_lists()", "string_growth()", "list_growth()", "os.listdir('/proc/self/fd')", "os.environb.copy()", "subprocess.list2cmdline([text])", "shlex.quote(text)", "urllib.parse.quote(data)", "html.escape(text)", "uuid.UUID(int=5).hex * 2**24", "gzip.decompress(gzip_bomb)", "base64.b85encode(small_data)", "fractions.Fraction(big, 3)", "statistics.mean(small)", "contextvars.copy_context()", "weakref.WeakValueDictionary()", "queue.SimpleQueue()", "filled(queue.SimpleQueue())", "filled_heap([])", "xml_text()",
]  # fmt: skip


def names():
    """The data that the expressions use."""
    import ast, array, base64, binascii, bisect, bz2, codecs, collections, contextvars, copy, csv, datetime, decimal, difflib, fractions, functools, gzip, hashlib, heapq, hmac, html, inspect, io, itertools, json, lzma, marshal, math, mmap, operator, os, pickle, queue, random, re, select, shlex, socket, statistics, string, struct, subprocess, symtable, sys, textwrap, time, tokenize, types, unicodedata, urllib.parse, uuid, weakref, zlib  # noqa: E401, F401

    sys.set_int_max_str_digits(0)
    data = b"a" * SIZE
    text = "a" * SIZE
    snow = "\u2603" * (SIZE // 4)
    snow_set = "".join(map(chr, range(0x400, 0xD000, 2)))
    lines = b"abc\n" * (SIZE // 16)
    noise = random.Random(1).randbytes(SIZE // 8)
    small = list(range(1000, 100_000))
    small_data = bytes(1 << 20)
    digits = "7" * 100_000
    big = (1 << SIZE) - 1
    long_string = '"' + text + '"'
    pickled, pickled_list = pickle.dumps(data), pickle.dumps(list(range(2**20)))
    marshalled, marshalled_list = marshal.dumps(data), marshal.dumps(list(range(2**20)))
    bomb = zlib.compress(bytes(1 << 27), 1)
    gzip_bomb = gzip.compress(bytes(1 << 27), 1)
    bz2_bomb = bz2.compress(bytes(1 << 20)) * 128
    lzma_bomb = lzma.compress(bytes(1 << 22), preset=0) * 32
    zero = os.open("/dev/zero", os.O_RDONLY)

    class Endless:
        def read(self, size):
            return b"(" * size

        def readline(self):
            return b"x" * SIZE

        def readinto(self, room):
            return len(room)

    class Liar(io.BytesIO):
        pass

    def writes(stream, what):
        for _ in range(20):
            stream.write(what)

    def seek_write(stream, place):
        stream.seek(place)
        stream.write(b"x")

    def seek_write_text(stream, place):
        stream.seek(place)
        stream.write("x")

    def extended(it, what):
        for _ in range(20):
            it.extend(what)

    def frombytes(it, what):
        for _ in range(10):
            it.frombytes(what)

    def fromfile(it, count):
        it.fromfile(open("/dev/zero", "rb"), count)

    def inserted(it):
        while True:
            it.insert(0, 5)
            it.extend(it)

    def advanced(it):
        for _ in it:
            pass

    def flushed(it, what):
        it.decompress(what, 1)
        it.flush()

    def copied(it):
        it.compress(noise)
        return [it.copy() for _ in range(1000)]

    def recursive(depth):
        return recursive(depth - 1)

    def many_objects():
        kept = None
        while True:
            kept = (kept, object())

    def many_strings():
        kept = {}
        for number in itertools.count():
            kept[number] = str(number) * 40

    def many_dicts():
        kept = []
        while True:
            kept.append({"a": kept, 1: 2})

    def many_lists():
        kept = []
        while True:
            kept.append([1, 2, 3])

    def string_growth():
        it = "x"
        while True:
            it += it

    def list_growth():
        it = [1]
        while True:
            it.extend(it)

    def filled(it):
        while True:
            it.put(data[:100])

    def filled_heap(it):
        for number in itertools.count():
            heapq.heappush(it, -number)

    def xml_text():
        import xml.sax.saxutils

        return xml.sax.saxutils.escape(text)

    return locals() | {"SIZE": SIZE}


class Died(Exception):
    """The child that made the call was killed."""


_NAMES = []


def in_use():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def memory(random, run):
    """One expression with so much room: the campaign's number says which."""
    if not _NAMES:
        _NAMES.append(names())
    number = memory.number
    text = EXPRESSIONS[number % len(EXPRESSIONS)]
    room = ROOM[number // len(EXPRESSIONS) % len(ROOM)]
    code = compile(text, "expression", "eval")
    names_at_hand = _NAMES[0]

    def call():
        """Makes the call in a child: a death there is a result here."""
        child = os.fork()
        if child == 0:
            limit = in_use() + (room << 20)
            resource.setrlimit(resource.RLIMIT_CPU, (8, 9))
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
            try:
                eval(code, names_at_hand)
            except Exception:
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) != signal.SIGXCPU:
            raise Died(f"signal {os.WTERMSIG(status)}")
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) > 1:
            raise Died(f"exit code {os.WEXITSTATUS(status)}")

    run(f"{text} in {room} megabytes", call)
