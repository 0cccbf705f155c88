# What methods make of subclasses, and pickles and copies of them.
import copy
import pickle
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo


class Date(date):
    def __new__(cls, *args, extra=None, **kwargs):
        self = date.__new__(cls, *args, **kwargs)
        self.extra = extra
        return self


class DateTime(datetime):
    def __new__(cls, *args, **kwargs):
        print("new", args, kwargs)
        return super().__new__(cls, *args, **kwargs)


class Time(time):
    pass


class Delta(timedelta):
    pass


class Fixed(tzinfo):
    def __init__(self, minutes=0):
        self.minutes = minutes

    def __repr__(self):
        return f"Fixed({self.minutes})"

    def __getinitargs__(self):
        return (self.minutes,)

    def utcoffset(self, moment):
        return timedelta(minutes=self.minutes)

    def dst(self, moment):
        return timedelta(0)


def show(value):
    print(type(value).__name__, repr(value), vars(value) if hasattr(value, "__dict__") else "")


day = Date(2020, 2, 28, extra=5)
for value in (day, day + timedelta(2), day.replace(year=2021), Date.today().replace(1, 1, 1), Date.fromordinal(5),
              Date.fromisoformat("2020-01-02"), Date.fromisocalendar(2020, 1, 1), Date.strptime("2020", "%Y")):
    show(value)
moment = DateTime(2020, 1, 2, 3, 4, 5, 6, fold=1)
for value in (moment, moment - timedelta(1), moment.replace(tzinfo=UTC), moment.astimezone(UTC).tzinfo, moment.date(), moment.time(),
              DateTime.combine(day, time(5, fold=1)), DateTime.fromtimestamp(0, UTC), DateTime.strptime("2020 +01", "%Y +%d"),
              moment.replace(tzinfo=Fixed(60)).astimezone(Fixed(90))):
    show(value)
for value in (Time(1, 2, fold=1).replace(hour=5), Time.fromisoformat("05:06Z"), Time.strptime("5", "%H"), Delta(1), -Delta(1), Delta(1) * 2):
    show(value)
for value in (day, moment, Time(1, 2, 3, 4, Fixed(30), fold=1), Delta(5, 6, 7), timezone(timedelta(1) / 2, "half"), UTC, Fixed(3),
              date(2000, 1, 1).isocalendar()):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(value, protocol))
        print(protocol, type(again).__name__, again == value, getattr(again, "fold", None), getattr(again, "extra", None))
    for copied in (copy.copy(value), copy.deepcopy(value)):
        print(type(copied).__name__, copied == value, copied is value)
