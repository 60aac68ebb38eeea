"""`calendar`: months and years as text, HTML and numbers.

Takes: dates. Gives: CPython's calendars; the first day of the week is the run's own.
Refuses: `LocaleTextCalendar` and `LocaleHTMLCalendar`, which set the locale of the whole process.
"""

from __future__ import annotations

from typing import Final

SURFACE: Final = """
    APRIL AUGUST Calendar DECEMBER Day FEBRUARY FRIDAY HTMLCalendar IllegalMonthError IllegalWeekdayError
    JANUARY JULY JUNE MARCH MAY MONDAY Month NOVEMBER OCTOBER SATURDAY SEPTEMBER SUNDAY THURSDAY TUESDAY
    TextCalendar WEDNESDAY calendar day_abbr day_name firstweekday isleap leapdays month month_abbr month_name
    monthcalendar monthrange prcal prmonth setfirstweekday standalone_month_abbr standalone_month_name timegm
    weekday weekheader
""".split()
