# Rules at the end of a time zone's file: which part is wrong, and what holds after the last transition.
import datetime
import io
import struct
import zoneinfo


def zone(rule, moments=(0, 10**6, 10**7, 10**8, 10**9)):
    def block(form):
        kinds = struct.pack(">lbb", 3600, 0, 0) + struct.pack(">lbb", 7200, 1, 4)
        names = b"CET\0CEST\0"
        head = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, len(moments), 2, len(names))
        return head + struct.pack(f">{len(moments)}{form}", *moments) + bytes(it % 2 for it in range(len(moments))) + kinds + names

    return zoneinfo.ZoneInfo.from_file(io.BytesIO(block("l") + block("q") + b"\n" + rule + b"\n"))


for rule in ("S", "1", "<", "<>", "<a", "<a>", "<+\x801>3", "a25", "a24:60", "a1:", "a1b", "a1b,", "a1b,J1", "a1b,J1,", "a1b,J1,J2x", "a1b,J0,J2", "a1b,M13.1.1,J2", "a1b,J1/168,J2", "a1b25,J1,J2", "a1\xf4", "a1<b", "a,J1", "a1,J1", "a1b,J1,J2\0", "a1\0x"):
    try:
        zone(rule.encode("latin-1"))
        print(repr(rule), "is a rule")
    except ValueError as error:
        print(error)

last = datetime.datetime(2001, 9, 9, 1, 46, 40, tzinfo=datetime.timezone.utc)
for rule in (b"EST5", b"<+03>-3", b"CET-1CEST,M3.5.0,M10.5.0/3", b"CET-1CEST,J1,J365/25", b"WET0WEST,M3.5.0,M9.2.0"):
    for moments in ((0, 10**6, 10**7, 10**8, 10**9), (10**9,), (0, 10**9)):
        there = zone(rule, moments)
        for seconds in (-3601, -1, 0, 1, 59, 3599, 3600, 7199, 10801, 86400, 10**8):
            local = (last + datetime.timedelta(seconds=seconds)).astimezone(there)
            print(rule, len(moments), seconds, local, local.fold)
