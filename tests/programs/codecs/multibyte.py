"""The East Asian codecs: errors with their places, incremental coding with states, streams."""
import codecs
import io


def show(function, *arguments):
    try:
        print(ascii(function(*arguments)))
    except Exception as error:
        print(f"{type(error).__name__}: {error}")


for name in ("gb18030", "hz", "big5hkscs", "cp932", "euc_jis_2004", "iso2022_jp", "iso2022_jp_2", "iso2022_jp_3", "iso2022_kr", "johab"):
    text = "aあ漢~안か゚\n€"
    print(name)
    for errors in ("strict", "ignore", "replace", "xmlcharrefreplace", "nope"):
        show(text.encode, name, errors)
    data = text.encode(name, "ignore")
    show(data.decode, name)
    for broken in (data[:-1] + b"\xff", data[:4], b"\x1b$B\x21", b"~{!", b"\x81", b"a\x80b"):
        for errors in ("strict", "ignore", "replace", "backslashreplace"):
            show(broken.decode, name, errors)

print("incremental")
decoder = codecs.getincrementaldecoder("iso2022_jp_2")()
for piece in (b"\x1b", b"$B", b"$", b"\"$$", b"\x1b.", b"A\x1bN", b"i\x1b(B\n"):
    show(decoder.decode, piece)
    print(decoder.getstate()[0], decoder.getstate()[1].to_bytes(8, "little"))
show(decoder.decode, b"\x1b$", True)
print(decoder.getstate()[0])
decoder.reset()
print(decoder.getstate()[1].to_bytes(8, "little"))
show(decoder.decode, b"\x1b(12345678901")
encoder = codecs.getincrementalencoder("euc_jis_2004")()
for piece in ("か", "か", "゚", "æ", "x"):
    show(encoder.encode, piece)
    print(hex(encoder.getstate()))
show(encoder.setstate, 0x1000)
show(encoder.setstate, 9)
show(encoder.setstate, -1)
show(encoder.encode, 5)
decoder = codecs.getincrementaldecoder("euc_jp")("replace")
for state in (1, (b"a",), (b"123456789", 0), (b"\xa4", -1), (b"\xa4", 1 << 64), (b"\xa4", 7)):
    show(decoder.setstate, state)
    print(decoder.getstate())
show(decoder.decode, b"\xa2", True)
# A set that the codec does not have; one that has no upper half.
decoder = codecs.getincrementaldecoder("iso2022_jp_2")()
decoder.setstate((b"", 0x4242FF))
show(decoder.decode, b"!")
decoder.setstate((b"", 0x4A4242))
show(decoder.decode, b"\x1bN!")

print("handlers")
for answer in (1, ("a",), ("\ud800", 1), (b"\xff\xff", 2), ("あ", 2), ("a", 99), ("a", -1), ("a", -99), ("a", 1 << 70), ("a", "b")):
    seen = []

    def handler(error):
        seen.append((error.encoding, error.object, error.start, error.end, error.reason))
        return answer if len(seen) < 3 else ("", len(error.object))

    codecs.register_error("test", handler)
    show("x\ud800y".encode, "euc_jp", "test")
    show(b"x\xffy\xa4".decode, "euc_jp", "test")
    print(ascii(seen))

print("streams")
data = "あいう\nえお\nxyz".encode("euc_jp")
for call in ("read(1)", "read(3)", "readline()", "readline(3)", "readlines()", "readlines(2)", "read(0)", "read(None)", "read('x')"):
    reader = codecs.getreader("euc_jp")(io.BytesIO(data))
    for _ in range(4):
        show(lambda: eval("reader." + call))
reader = codecs.getreader("euc_jp")(io.BytesIO(b"\xa4"))
show(reader.read, 1)
show(reader.read)
show(codecs.getreader("euc_jp")(io.StringIO("x")).read)
writer = codecs.getwriter("iso2022_jp")(io.BytesIO())
show(writer.write, "あ")
show(writer.writelines, ["い", 3])
show(writer.writelines, {"a"})
show(writer.reset)
print(writer.stream.getvalue())
writer = codecs.getwriter("euc_jis_2004")(io.BytesIO(), "replace")
show(writer.write, "\ud800か")
print(writer.stream.getvalue())
show(writer.reset)
print(writer.stream.getvalue(), writer.errors)

print("classes")
import _codecs_jp
import _multibytecodec

show(_codecs_jp.getcodec, 1)
show(_codecs_jp.getcodec, "gbk")
show(type(_codecs_jp.getcodec("euc_jp")))
show(_multibytecodec.MultibyteIncrementalEncoder)
show(type("Wrong", (_multibytecodec.MultibyteIncrementalDecoder,), {"codec": 3}))
show(codecs.getincrementaldecoder("gbk"), 1)
show(codecs.getreader("gbk"))
show(codecs.getreader("gbk"), None, "a", 3)
encoder = codecs.getincrementalencoder("gbk")("ignore")
show(setattr, encoder, "errors", 3)
show(delattr, encoder, "errors")
encoder.errors = "replace"
print(encoder.errors, encoder.encode("\ud800"))
