# Arithmetic and comparison, with overflow.
from datetime import date, datetime, time, timedelta, timezone, tzinfo


for line in r"""
date(1,1,1)+timedelta(-1)
date.max+timedelta(1)
datetime.max+timedelta(1)
datetime.min-timedelta(1)
timedelta.max+timedelta(1)
-timedelta.max
timedelta.min-timedelta(1)
timedelta.max*2
timedelta.max*2.0
timedelta(1)*1j
timedelta(1)/0
timedelta(1)//0
timedelta(1)%timedelta(0)
timedelta(1)//timedelta(0)
timedelta(1)/timedelta(0)
timedelta(1)/0.0
timedelta(1)*float('nan')
timedelta(1)*float('inf')
timedelta(1)/float('nan')
timedelta(1)/1e-100
date(1,1,1)<datetime(1,1,1)
date(1,1,1)<3
datetime(1,1,1)<datetime(1,1,1,tzinfo=timezone.utc)
datetime(1,1,1)-datetime(1,1,1,tzinfo=timezone.utc)
datetime(1,1,1)-date(1,1,1)
datetime(1,1,1)-3
time(1)<time(1,tzinfo=timezone.utc)
time(1)<3
time(1)-time(1)
date(1,1,1).__format__('%d')
timezone(timedelta(1)/2,'x').__reduce__()
timezone.utc < timezone.utc
str(timezone(timedelta(seconds=-1)))
str(timedelta(1,2,3)), str(timedelta(-1)), str(timedelta(2)), str(timedelta(0,0,5))
timedelta(1)>3
timedelta(1)+3
time(1,2,tzinfo=timezone.utc)<time(2,2,1,tzinfo=timezone(timedelta(hours=1)))
datetime(2020,1,1)-timedelta(1), datetime(2020,1,1)-datetime(2019,1,1,1)
timedelta(1)-datetime(2020,1,1)
timedelta(1)+date(2020,1,1)
timedelta(1)-date(2020,1,1)
timedelta(2)*0.1, timedelta(microseconds=1)/3, timedelta(microseconds=5)/2,timedelta(microseconds=7)//2, timedelta(-1)//timedelta(0,7),divmod(timedelta(1),timedelta(0,7)), timedelta(1)/timedelta(7)
timedelta(microseconds=5)/2.0, timedelta(microseconds=1)*0.5, timedelta(microseconds=3)*0.5, 2**100*timedelta(0), True*timedelta(1)
timedelta(3)%timedelta(2), -timedelta(3)%timedelta(2), abs(-timedelta(3)), +timedelta(3), bool(timedelta(0))
timedelta(1)*2**100
""".strip().splitlines():
    try:
        result = ascii(eval(line))
    except Exception as error:
        result = f"{type(error).__name__}: {ascii(str(error))}"
    print(line, "=>", result)
