"""A ResourceWarning shows where the object was allocated, if that is traced."""
import io
import contextlib
import tracemalloc
import warnings

warnings.simplefilter("always")


def leave_behind():
    file = open(__file__)
    file = None


for frames in (0, 2):
    if frames:
        tracemalloc.start(frames)
    text = io.StringIO()
    with contextlib.redirect_stderr(text):
        leave_behind()
    for line in text.getvalue().splitlines():
        print(line.replace(__file__, "FILE") if "unclosed" not in line else "unclosed file")
