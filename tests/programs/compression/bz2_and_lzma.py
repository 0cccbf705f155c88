# bzip2 and xz: streams, pieces with a limit, filters, refusals.
import bz2
import lzma
import _lzma

data = b"spam and eggs, " * 4000
for module, kind in ((bz2, bz2.BZ2Decompressor), (lzma, lzma.LZMADecompressor)):
    packed = module.compress(data)
    print(module.decompress(packed) == data, len(packed) < 300)
    print(module.decompress(packed + packed) == data * 2)
    decompressor = kind()
    out = decompressor.decompress(packed + b"tail", 10)
    print(out, decompressor.eof, decompressor.needs_input, decompressor.unused_data)
    while not decompressor.eof:
        out += decompressor.decompress(b"", 9999)
    print(out == data, decompressor.needs_input, decompressor.unused_data)
    decompressor, out = kind(), b""
    for start in range(0, len(packed), 7):
        out += decompressor.decompress(packed[start:start + 7])
    print(out == data, decompressor.eof)

filters = [{"id": lzma.FILTER_DELTA, "dist": 3}, {"id": lzma.FILTER_LZMA2, "preset": 3}]
packed = lzma.compress(data, lzma.FORMAT_RAW, filters=filters)
print(lzma.decompress(packed, lzma.FORMAT_RAW, filters=filters) == data)
for check in (lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_SHA256):
    decompressor = lzma.LZMADecompressor()
    print(decompressor.check, decompressor.decompress(lzma.compress(data, check=check)) == data, decompressor.check)
print(lzma.decompress(lzma.compress(data, lzma.FORMAT_ALONE)) == data)
properties = _lzma._encode_filter_properties({"id": lzma.FILTER_LZMA1, "lc": 2})
print(properties, _lzma._decode_filter_properties(lzma.FILTER_LZMA1, properties))


def attempt(call, *arguments, **keywords):
    try:
        print(call(*arguments, **keywords))
    except Exception as error:
        print(type(error).__name__, error)


attempt(bz2.BZ2Compressor, 10)
attempt(bz2.BZ2Decompressor().decompress, b"no such data")
attempt(bz2.decompress, bz2.compress(data)[:-1])
attempt(decompressor.decompress, b"")
attempt(lzma.LZMADecompressor().decompress, b"no such data")
attempt(lzma.decompress, lzma.compress(data)[:-1])
attempt(lzma.LZMACompressor, preset=10)
attempt(lzma.LZMACompressor, filters=[{"id": lzma.FILTER_LZMA2, "size": 3}])
attempt(lzma.LZMACompressor, filters=[{}])
attempt(lzma.LZMACompressor, format=lzma.FORMAT_RAW)
attempt(lzma.LZMACompressor, format=lzma.FORMAT_ALONE, check=lzma.CHECK_CRC64)
