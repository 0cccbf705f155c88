# Local time around the ends of summer, and from and to timestamps.
import os
import time
from datetime import UTC, date, datetime, timedelta, timezone

os.environ["TZ"] = "CET-1CEST,M3.5.0,M10.5.0/3"
time.tzset()

for hour in range(4):
    for moment in (datetime(2021, 3, 28, hour, 30), datetime(2021, 10, 31, hour, 30)):
        for fold in (0, 1):
            local = moment.replace(fold=fold)
            back = datetime.fromtimestamp(local.timestamp())
            print(local, fold, local.timestamp(), back, back.fold, local.astimezone(), local.astimezone(UTC))

for value in (0, 0.5, 1.5e-6, 2.5e-6, -1, -0.5, -1e-6, 1e9 + 0.9999995, 1e9 + 0.9999996, 2**31, "1", None, 1e15, 1e30, 2**60, 2**80,
              float("nan"), float("inf")):
    for call in (datetime.fromtimestamp, date.fromtimestamp, lambda it: datetime.fromtimestamp(it, UTC)):
        try:
            print(value, repr(call(value)))
        except (ValueError, OverflowError, OSError, TypeError) as error:
            print(value, type(error).__name__, error)

print(datetime(2021, 7, 1, tzinfo=UTC).astimezone())
print(repr(datetime(2021, 7, 1, 12).astimezone().tzinfo), repr(datetime(2021, 1, 1, 12).astimezone().tzinfo))
print(datetime(2021, 7, 1, 12, tzinfo=timezone(timedelta(hours=5))).astimezone(timezone(timedelta(hours=-5), "there")))
for moment in (datetime.min, datetime.max):
    try:
        print(moment.timestamp())
    except (ValueError, OverflowError) as error:
        print(type(error).__name__, error)
