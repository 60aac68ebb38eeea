"""Date arithmetic, CSV by hand, roman numerals, number words, calendars."""
import calendar
from datetime import date, datetime, time, timedelta, timezone


def parse_csv(text, sep=","):
    row, field, quoted = [], "", False
    rows = []
    it = iter(text + "\n")
    for c in it:
        if quoted:
            if c == '"':
                following = next(it, "\n")
                if following == '"':
                    field += '"'
                    continue
                quoted, c = False, following
            else:
                field += c
                continue
        if c == '"' and not field:
            quoted = True
        elif c == sep:
            row.append(field)
            field = ""
        elif c == "\n":
            if row or field:
                rows.append([*row, field])
            row, field = [], ""
        else:
            field += c
    return rows


class Roman(int):
    PARTS = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]

    def __new__(cls, value):
        if isinstance(value, str):
            values = [dict((s, v) for v, s in cls.PARTS)[c] for c in value]
            value = sum(-v if v < n else v for v, n in zip(values, values[1:] + [0]))
        if not 0 < value < 4000:
            raise ValueError(f"{value} is no Roman numeral")
        return super().__new__(cls, value)

    def __str__(self):
        n, out = int(self), ""
        for v, s in self.PARTS:
            while n >= v:
                out, n = out + s, n - v
        return out

    def __repr__(self):
        return f"Roman({str(self)!r})"

    def __add__(self, o):
        return type(self)(int(self) + o)


rows = parse_csv('name,born,note\nAnn,1990-05-01,"likes ""tea"", and cake"\nBob,1985-12-24,"two\nlines"\nCy,,')
head, *body = rows
people = [dict(zip(head, r)) for r in body]
print(rows, people[0]["note"], people[1])
today = date(2024, 2, 29)
for p in people:
    try:
        born = date.fromisoformat(p["born"])
    except ValueError as e:
        print(p["name"], "ValueError", e)
        continue
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    print(f"{p['name']:<5}{born:%d.%m.%Y}{age:>4} years, {(today - born).days} days, born on a {born:%A}")
print(today + timedelta(days=366), today.replace(year=2028), today.isocalendar()[:2], today.weekday(), (today - timedelta(weeks=1)).isoformat(), date.max - date.min)
dt = datetime(2024, 1, 31, 23, 59, 30, tzinfo=timezone.utc)
print(dt, dt + timedelta(seconds=45), dt.astimezone(timezone(timedelta(hours=2), "X")), dt.strftime("%H:%M:%S %j"), datetime.strptime("03/04/21 5:06", "%d/%m/%y %H:%M"), dt.timestamp(), f"{dt:%Y}", time(5, 30) < time(6))
print(timedelta(hours=50, minutes=3), repr(timedelta(1, 2)), timedelta(days=1) / 5, timedelta(hours=7) // timedelta(hours=2), sum([timedelta(1), timedelta(2)], timedelta()), abs(timedelta(-1)), timedelta(minutes=90).total_seconds())
for bad in (lambda: date(2023, 2, 29), lambda: today + 1, lambda: today < dt, lambda: datetime.strptime("x", "%Y"), lambda: date.fromisoformat("nope"), lambda: today - "x", lambda: timedelta(days=10**10), lambda: time(25)):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)
print(calendar.isleap(2024), calendar.monthrange(2024, 2), calendar.month_name[3], calendar.day_abbr[0])
print(calendar.month(2024, 2))
print([str(Roman(n)) for n in (1, 4, 9, 14, 40, 90, 400, 1994, 3999)], [int(Roman(s)) for s in ("MCMXCIV", "XLII")], Roman("X") + 5, Roman(3) < Roman("IV"), repr(Roman(8)), f"{Roman(5)} {Roman(5):d}")
for bad in (0, 4000, "Q"):
    try:
        Roman(bad)
    except Exception as e:
        print(type(e).__name__, e)


class Month(date):
    @property
    def last(self):
        return self.replace(day=calendar.monthrange(self.year, self.month)[1])

    def __str__(self):
        return f"{self:%b %Y}"


print(Month(2024, 2, 1), Month(2024, 2, 1).last.day, type(Month(2024, 2, 1).last).__name__, Month(2024, 1, 1) < today, Month.today().__class__.__name__)
