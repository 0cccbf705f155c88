# What decompressors do after an error, and after the end.
import bz2
import lzma
import zlib


def attempt(call, *arguments, **keywords):
    try:
        print(call(*arguments, **keywords))
    except Exception as error:
        print(type(error).__name__, error)


packed = zlib.compress(b"foo")
decompressor = zlib.decompressobj()
print(decompressor.decompress(packed[:-1] + b"\0", 1))
attempt(decompressor.flush)
decompressor = zlib.decompressobj()
print(decompressor.decompress(packed), decompressor.flush(), decompressor.flush())
attempt(decompressor.decompress, b"more")
attempt(decompressor.copy)

decompressor = bz2.BZ2Decompressor()
attempt(decompressor.decompress, b"no such data")
print(decompressor.needs_input, decompressor.eof)
attempt(decompressor.decompress, b"no such data")
attempt(lzma.decompress, b"", format=lzma.FORMAT_RAW, filters={})
