# Compression objects: what they keep, refuse and give back.
import zlib

data = b"spam and eggs, " * 400
whole = zlib.compress(data)
print(zlib.decompress(whole) == data, len(whole) < 100)
for wbits in (-15, 15, 31):
    compressor = zlib.compressobj(9, zlib.DEFLATED, wbits)
    packed = compressor.compress(data) + compressor.flush()
    print(wbits, zlib.decompress(packed, wbits) == data)

decompressor = zlib.decompressobj()
start = decompressor.decompress(whole + b"rest", 10)
print(start, decompressor.eof, decompressor.unused_data)
copy = decompressor.copy()
print(start + decompressor.flush() == data, decompressor.eof, decompressor.unused_data)
print(start + copy.decompress(copy.unconsumed_tail) == data, copy.eof, copy.unused_data)

pieces = zlib._ZlibDecompressor()
print(pieces.decompress(whole + b"tail", 5), pieces.eof, pieces.needs_input)
print(len(pieces.decompress(b"")), pieces.eof, pieces.unused_data)

compressor = zlib.compressobj(zdict=b"spam and eggs")
packed = compressor.compress(b"spam and eggs") + compressor.flush()
print(zlib.decompressobj(zdict=b"spam and eggs").decompress(packed))


def attempt(call, *arguments):
    try:
        print(call(*arguments))
    except Exception as error:
        print(type(error).__name__, error)


attempt(zlib.decompress, packed)
attempt(zlib.decompress, whole[:-1])
attempt(zlib.decompress, b"no zlib data")
attempt(zlib.decompress, whole[:-1] + b"?")
attempt(zlib.compress, b"", 10)
attempt(zlib.compressobj, 1, 8, 99)
attempt(compressor.flush)
attempt(compressor.copy)
attempt(pieces.decompress, b"more")
attempt(zlib.decompressobj().decompress, b"", -1)
print(zlib.crc32(b"abc"), zlib.crc32(b"abc", -1), zlib.adler32(b"abc"), zlib.adler32(b"c", zlib.adler32(b"ab")))
