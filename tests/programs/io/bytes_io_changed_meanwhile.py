# Arguments whose methods close or export the stream that they are given to.
import io


class Data:
    def __init__(self, action):
        self.action = action

    def __buffer__(self, flags):
        self.result = self.action()
        return memoryview(b"data" * 1000)

    def __index__(self):
        self.result = self.action()
        return 1


def attempt(call):
    try:
        print(call())
    except (TypeError, ValueError, BufferError) as error:
        print(type(error).__name__, error)


for method in ("write", "writelines", "truncate", "seek", "read", "readline", "readinto"):
    for action in ("close", "getbuffer"):
        stream = io.BytesIO(b"abc")
        data = Data(getattr(stream, action))
        attempt(lambda: getattr(stream, method)([data] if method == "writelines" else data))
        if action == "getbuffer":
            print(bytes(data.result) if hasattr(data, "result") else None)
            print(stream.getvalue())
            if hasattr(data, "result"):
                data.result.release()

stream = io.BytesIO(b"abc")
view = stream.getbuffer()
for argument in ("a", b"", b"a"):
    attempt(lambda: stream.write(argument))
view.release()
stream.close()
for argument in ("a", 1, b""):
    attempt(lambda: stream.write(argument))
