# The end of what a span can hold, and times without colons whose fraction follows at once.
import datetime

for days in (-(2**31), -999999999, -1000000000, 2**31, 999999999):
    try:
        print(datetime.timedelta(days))
    except OverflowError as error:
        print(error)
for text in ("123456", "1234567", "12345678", "123456789", "12:34567", "12:34:56,1", "123456.", "12+0102030", "12+01:02:03.4", "0123:45"):
    try:
        print(text, repr(datetime.time.fromisoformat(text)))
    except ValueError as error:
        print(error)
