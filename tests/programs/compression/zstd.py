"""Zstandard: frames, options, dictionaries, and what is refused."""
from compression import zstd
import _zstd


def show(function, *arguments, **keywords):
    try:
        print(function(*arguments, **keywords))
    except Exception as error:
        print(f"{type(error).__name__}: {error}")


C, D = zstd.CompressionParameter, zstd.DecompressionParameter
data = b"".join(b"%d hello world %d" % (number, number * number) for number in range(2000))
for level in (None, 1, 9, -5):
    compressed = zstd.compress(data, level)
    print(zstd.decompress(compressed) == data, len(compressed) < len(data) // 2, zstd.get_frame_info(compressed))
for options in ({C.window_log: 20, C.checksum_flag: 1}, {C.nb_workers: 2}, {C.strategy: 3, C.content_size_flag: False}):
    compressed = zstd.compress(data, options=options)
    print(zstd.decompress(compressed) == data, zstd.get_frame_info(compressed), zstd.get_frame_size(compressed) == len(compressed))

compressor = zstd.ZstdCompressor()
print(compressor.last_mode, compressor.compress(b"a"), compressor.last_mode)
show(compressor.set_pledged_input_size, 4)
print(compressor.flush(compressor.FLUSH_BLOCK), compressor.flush(), compressor.flush(), compressor.last_mode)
compressor.set_pledged_input_size(3)
print(compressor.compress(b"abc", compressor.FLUSH_FRAME))
for size in (-1, "x", 2**64 - 2, None):
    show(compressor.set_pledged_input_size, size)
for mode in (-1, 3):
    show(compressor.compress, b"", mode)
show(compressor.flush, 0)

decompressor = zstd.ZstdDecompressor()
print(decompressor.decompress(zstd.compress(b"hello" * 100) + b"rest", 10), decompressor.eof, decompressor.needs_input, decompressor.unused_data)
print(len(decompressor.decompress(b"")), decompressor.eof, decompressor.needs_input, decompressor.unused_data)
show(decompressor.decompress, b"x")
decompressor = zstd.ZstdDecompressor()
show(decompressor.decompress, b"not a frame")
print(decompressor.decompress(zstd.compress(b"again")))

for arguments in ({"level": "x"}, {"level": 100}, {"level": 10**30}, {"level": 1, "options": {}}, {"options": 3}, {"options": {1: 2}},
                  {"options": {C.window_log: 100}}, {"options": {C.window_log: "x"}}, {"options": {C.window_log: 10**20}},
                  {"options": {D.window_log_max: 20}}, {"zstd_dict": 3}, {"zstd_dict": (1, 2)}):
    show(_zstd.ZstdCompressor, **arguments)
for options in ({1: 2}, {D.window_log_max: 5}, {C.window_log: 20}, []):
    show(_zstd.ZstdDecompressor, options=options)

samples = [b"%d hello world %d" % (number, number * number) for number in range(2000)]
trained = zstd.train_dict(samples, 2000)
print(trained, len(trained), trained.dict_id == zstd.ZstdDict(trained.dict_content, is_raw=True).dict_id)
for way in (trained, trained.as_digested_dict, trained.as_undigested_dict, trained.as_prefix):
    compressed = zstd.compress(samples[5], zstd_dict=way)
    print(len(compressed), zstd.decompress(compressed, zstd_dict=way))
    show(zstd.decompress, compressed)
print(zstd.finalize_dict(zstd.ZstdDict(b"hello world " * 50, is_raw=True), samples, 1500, 10).dict_id != 0)
for content in (b"short", b"abcdefgh", b"\x37\xa4\x30\xecabcdefghijklmnop"):
    show(zstd.ZstdDict, content)
corrupt = zstd.ZstdDict(b"\x37\xa4\x30\xecabcdefghijklmnop")
show(zstd.ZstdCompressor, zstd_dict=corrupt.as_digested_dict)
show(zstd.ZstdDecompressor, corrupt)
for arguments in ((b"abc", (4,), 100), (b"abc", (3,), 0), (b"abc", ("x",), 100), (b"abc", [3], 100), (b"abc", (3,), 100)):
    show(_zstd.train_dict, *arguments)
show(zstd.get_frame_size, b"")
show(zstd.get_frame_info, b"x")
for parameter, is_compress in ((100, True), (100, False), (101, True), (1, True), (1, False)):
    show(_zstd.get_param_bounds, parameter, is_compress)
