# Zones, formats, pickles, and the rest of the methods.
from datetime import date, datetime, time, timedelta, timezone, tzinfo


class Z(tzinfo):
    def __init__(self, offset, daylight=None, name=None):
        self.offset, self.daylight, self.name = offset, daylight, name

    def utcoffset(self, moment):
        return self.offset

    def dst(self, moment):
        return self.daylight

    def tzname(self, moment):
        return self.name


def D(zone):
    return datetime(2020, 1, 1, tzinfo=zone)


for line in r"""
timezone(timedelta(0)) is timezone.utc
timezone(timedelta(0),'UTC') is timezone.utc
timezone.utc.utcoffset(3)
timezone.utc.utcoffset(None)
timezone.utc.tzname(3)
timezone.utc.dst(3)
timezone.utc.fromutc(3)
timezone.utc.fromutc(datetime(1,2,3))
tzinfo().utcoffset(1)
tzinfo().dst(1)
tzinfo().tzname(1)
tzinfo().fromutc(1)
tzinfo().fromutc(datetime(1,1,1))
divmod(timedelta(1),timedelta(0))
divmod(timedelta(1),0)
date(1,1,1)==datetime(1,1,1)
date(1,1,1).replace(year=0)
date(1,1,1).replace(1,2,3,4)
date(1,1,1).replace(x=3)
date(1,1,1).replace(year='a')
date(1,1,1).__replace__(1)
date(1,1,1).__replace__(x=1)
datetime(1,1,1).replace(fold=3)
datetime(1,1,1).replace(tzinfo=3)
time(1).replace(tzinfo=3)
time(1).replace(hour=30)
date(1,1,1).strftime()
date(1,1,1).strftime(3)
date(1,1,1).strftime('%Y %G %F %C|%')
date(1,1,1).strftime(format='%Y')
date(1,1,1).strftime('\\ud800%Y\\0%d')
date(1,1,1).__format__(3)
date(1,1,1).__format__('')
time(1).isoformat('x')
time(1).isoformat(timespec='x')
time(1).isoformat(3)
time(1).isoformat(timespec='minutes')
datetime(1,1,1).isoformat('xx')
datetime(1,1,1).isoformat(3)
datetime(1,1,1).isoformat('\\ud800', 'hours')
datetime(1,1,1).isoformat(sep=' ', timespec='milliseconds')
datetime(1,1,1).isoformat(timespec='\\ud800')
date(1,1,1).isocalendar()
date(1,1,1).isocalendar().__reduce__()
type(date(1,1,1).isocalendar())()
type(date(1,1,1).isocalendar())(1,2,3)
type(date(1,1,1).isocalendar())(year=1,week=2,weekday='a')
date(1,1,1).__reduce__()
datetime(1,1,1,fold=1).__reduce__()
datetime(1,1,1,fold=1).__reduce_ex__(4)
datetime(1,1,1,fold=1).__reduce_ex__('a')
datetime(1,1,1,tzinfo=timezone.utc).__reduce_ex__(2)
time(1,1,1,fold=1).__reduce_ex__(4)
timezone.utc.__reduce__()
timedelta(1).__reduce__()
timezone.utc == timezone(timedelta(0),'x')
timezone.utc == 3
repr(timezone.utc)
str(timezone.utc)
timezone.min
timezone.max
str(timezone(timedelta(seconds=1,microseconds=5)))
time.min, time.max, time.resolution
timedelta(1).days.__class__
datetime.__init__
datetime(1,1,1).timetuple()
datetime(1,1,1).utctimetuple()
date(1,1,1).timetuple()
date(1,1,1).ctime()
datetime(1,1,1).ctime()
timedelta(1).__sizeof__(), date(1,1,1).__sizeof__(), datetime(1,1,1).__sizeof__(), time(1).__sizeof__(), timezone.utc.__sizeof__()
D(Z(3)).utcoffset()
D(Z(timedelta(1))).utcoffset()
D(Z(timedelta(-1))).dst()
D(Z(timedelta(0),timedelta(1))).dst()
D(Z(timedelta(0),3)).dst()
D(Z(timedelta(0),3,4)).tzname()
D(Z(timedelta(0))).strftime('%z|%:z|%Z|%f|%%z|%::z|%')
D(Z(timedelta(0),None,'a%b')).strftime('%z|%:z|%Z|%f|%%z|%:')
D(Z(timedelta(seconds=-5,microseconds=3),None,'a%b')).strftime('%z|%:z|%Z|%f|%%z')
D(timezone(timedelta(hours=-5,microseconds=3)))
D(timezone(timedelta(hours=-5,microseconds=3))).isoformat()
D(timezone.utc).replace(fold=1)
time(1,tzinfo=timezone.utc).strftime('%Y-%m-%d %z %G %C %F %j %a')
time(1,tzinfo=timezone.utc).utcoffset()
time(1,tzinfo=timezone.utc).tzname()
time(1,tzinfo=timezone.utc).dst()
time(1,tzinfo=Z(timedelta(1))).dst()
time(1,tzinfo=Z(timedelta(1))).utcoffset()
time(1,2,tzinfo=timezone.utc)==time(1,2)
time(1,2,tzinfo=timezone.utc)==time(2,2,tzinfo=timezone(timedelta(hours=1)))
date.__new__(datetime,1,2,3)
object.__new__(date)
date.year
timedelta.days
time.tzinfo
timedelta.max.total_seconds()
date.resolution,date.max,date.min,datetime.min,datetime.max,datetime.resolution,timedelta.min,timedelta.max,timedelta.resolution
timedelta.__module__, date.__module__, date.__qualname__, timezone.__name__
""".strip().splitlines():
    try:
        result = ascii(eval(line))
    except Exception as error:
        result = f"{type(error).__name__}: {ascii(str(error))}"
    print(line, "=>", result)
