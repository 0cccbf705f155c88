# What a text stream goes on with after an error, whose frame the error comes from, and what a tool sees of decoding.
import io
import sys


def attempt(call):
    try:
        return call()
    except UnicodeDecodeError as error:
        traceback = error.__traceback__
        names = []
        while traceback:
            names.append(traceback.tb_frame.f_code.co_qualname)
            traceback = traceback.tb_next
        return f"{error} {names[1:]}"


def stream(encoding, errors=None):
    file = io.TextIOWrapper(io.BytesIO(b"ab\xff\ncd\xc3\nefgh\nij\n" * 3), encoding=encoding, errors=errors)
    file._CHUNK_SIZE = 5
    return file


for encoding in ("utf-8", "ascii", "latin-1"):
    file = stream(encoding)
    for _ in range(6):
        print(encoding, attempt(file.readline))
    file = stream(encoding)
    for _ in range(6):
        print(encoding, attempt(lambda: file.read(3)))
    file = stream(encoding)
    for _ in range(2):
        print(encoding, attempt(file.read))
print(attempt(stream("utf-8", "ignore").read))

calls = []


def profile(frame, event, argument):
    if event == "call" and "codecs" in frame.f_code.co_filename:
        calls.append(frame.f_code.co_qualname)


def seen(call):
    calls.clear()
    sys.setprofile(profile)
    try:
        call()
    except UnicodeDecodeError as error:
        calls.append(str(error))
    sys.setprofile(None)
    print(calls)


text = b"one\ntwo\n"
seen(lambda: io.TextIOWrapper(io.BytesIO(text), encoding="utf-8").read())
seen(lambda: io.TextIOWrapper(io.BytesIO(text), encoding="utf-8").readline())
seen(lambda: io.TextIOWrapper(io.BytesIO(text + b"\xff"), encoding="utf-8").read())
seen(lambda: io.TextIOWrapper(io.BytesIO(), encoding="utf-8").write("a\xe4"))


def tell():
    file = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8")
    file.readline()
    file.tell()


seen(tell)
