# A stream that cannot say whether it is closed is not closed when it goes away.
import io
import sys


class Unsure(io.RawIOBase):
    @property
    def closed(self):
        raise RuntimeError("unsure")


class Failing(io.RawIOBase):
    def close(self):
        raise RuntimeError("failing")


sys.unraisablehook = lambda report: print(report.err_msg.split(" <")[0], repr(report.exc_value))
text = io.TextIOWrapper(io.BytesIO())
text.detach()
del text
reader = io.BufferedReader(io.BytesIO(b"bytes"))
reader.detach()
del reader
half_made = io.TextIOWrapper.__new__(io.TextIOWrapper)
del half_made
unsure = Unsure()
del unsure
failing = Failing()
del failing
print("end")
