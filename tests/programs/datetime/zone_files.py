# ZoneInfo from files made here: transitions, rules after them, folds and gaps, caches, pickles.
import io
import pickle
import struct
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def block(version, size, transitions, kinds, names):
    text = b"".join(name.encode() + b"\0" for name in names)
    head = b"TZif" + version + bytes(15) + struct.pack(">6l", 0, 0, 0, len(transitions), len(kinds), len(text))
    times = struct.pack(f">{len(transitions)}{size}", *(it[0] for it in transitions))
    indices = bytes(it[1] for it in transitions)
    starts = [sum(len(it) + 1 for it in names[:index]) for index in range(len(names))]
    records = b"".join(struct.pack(">lbb", offset, summer, starts[name]) for offset, summer, name in kinds)
    return head + times + indices + records + text


def zone(transitions, kinds, names, rules="", **options):
    data = block(b"2", "l", [], kinds, names) + block(b"2", "q", transitions, kinds, names) + b"\n" + rules.encode() + b"\n"
    return ZoneInfo.from_file(io.BytesIO(data), **options)


def show(zone, *moments):
    for moment in moments:
        for fold in (0, 1):
            local = moment.replace(tzinfo=zone, fold=fold)
            print(moment, fold, local.utcoffset(), local.dst(), local.tzname())
        there = moment.replace(tzinfo=UTC).astimezone(zone)
        print("   in UTC:", there, there.fold)


made = zone([(0, 1), (86400, 0), (2 * 86400, 1), (3 * 86400, 2)], [(3600, 0, 0), (7200, 1, 1), (-1800, 0, 2)], ["STD", "SUM", "END"], "")
show(made, datetime(1969, 12, 31), datetime(1970, 1, 1, 1, 30), datetime(1970, 1, 2, 1, 30), datetime(1970, 1, 4, 0, 30), datetime(2050, 6, 1))
europe = zone([], [(3600, 0, 0)], ["CET"], "CET-1CEST,M3.5.0,M10.5.0/3", key="made/Europe")
show(europe, datetime(2021, 3, 28, 1, 59), datetime(2021, 3, 28, 2, 30), datetime(2021, 10, 31, 1, 30), datetime(2021, 10, 31, 2, 30))
south = zone([(0, 0)], [(36000, 0, 0)], ["AEST"], "AEST-10AEDT,J274/2,95/3:00:00", key="made/South")
show(south, datetime(2020, 1, 1), datetime(2020, 4, 5, 2, 30), datetime(2020, 7, 1), datetime(2020, 10, 1, 2, 30))
negative = zone([(0, 0)], [(3600, 0, 0)], ["IST"], "IST-1GMT0,M10.5.0,M3.5.0/1")
show(negative, datetime(2021, 1, 1), datetime(2021, 7, 1), datetime(2021, 10, 31, 1, 30))
fixed = zone([], [(0, 0, 0)], ["UTC"], "<+0330>-3:30")
show(fixed, datetime(2000, 1, 1))
print(time(1, tzinfo=zone([], [(0, 0, 0)], ["UTC"], "UTC0")).utcoffset(), time(1, tzinfo=europe).utcoffset())

for rules in ("PST8PDT", "+11", "GMT,M3.2.0/2,M11.1.0/3", "PST8PDT,M3.2.0/2", "AAA25", "AAA3BBB,J0/2,J366/2", "A3B,M13.1.0,M1.1.0",
              "A3B,M1.1.0,M2.1.0/168", "A3B,M1.1.0,M2.1.0,"):
    try:
        zone([], [(0, 0, 0)], ["UTC"], rules)
        print(rules, "accepted")
    except ValueError as error:
        print(rules, type(error).__name__)
for data in (b"", b"TZif", b"nope" + bytes(40)):
    try:
        ZoneInfo.from_file(io.BytesIO(data))
    except ValueError as error:
        print(type(error).__name__, error)
try:
    zone([(0, 5)], [(0, 0, 0)], ["UTC"])
except ValueError as error:
    print(type(error).__name__)

print(repr(europe), str(europe), europe.key, repr(made)[:40], made.key)
try:
    pickle.dumps(made)
except pickle.PicklingError as error:
    print("not pickled")
try:
    ZoneInfo("No/Such_Zone")
except ZoneInfoNotFoundError as error:
    print(error)


class Zone(ZoneInfo):
    pass


print(Zone._weak_cache is not ZoneInfo.__dict__.get("_weak_cache"), repr(Zone.from_file(io.BytesIO(block(b"\0", "l", [], [(60, 0, 0)], ["ONE"])), key="k")))


class DateTime(datetime):
    pass


moment = DateTime(2021, 10, 31, 1, 30, tzinfo=UTC).astimezone(europe)
print(type(moment).__name__, moment, moment.fold, moment - timedelta(hours=1))
for wrong in (3, "x"):
    try:
        europe.utcoffset(wrong)
    except AttributeError as error:
        print(error)
