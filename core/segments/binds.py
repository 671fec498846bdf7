"""Cut-offs: what a rule compares moments with, computed in Python from (now, zone) and bound.

SQL does no date arithmetic: a rule asks for "the moment 30 days ago" and gets a bound parameter. A statement
that is kept asks for named parameters, filled anew at each use; a condition made for one query gets values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, Date, String, bindparam

from core import clock
from core.db import Moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from core.segments.words import Span


@dataclass(frozen=True, slots=True)
class Cut:
    """One cut-off: `kind` says what of (now, zone) it is, `amount` how far back (or which day)."""

    kind: str  # moment | day | day_start | date_start | month_day, month_day_or_end, month_day_or_none
    amount: timedelta | date
    years: int = 0  # the same day so many years earlier

    def value(self, now: datetime, zone: ZoneInfo) -> datetime | date | str:
        """Return the cut-off as it is at this moment."""
        if isinstance(self.amount, date):
            return clock.day_start(self.amount, zone)
        if self.kind == "moment":
            return now - self.amount
        today = clock.local_day(now, zone)
        day = today - self.amount
        if self.kind == "day":
            return day
        if self.kind == "day_start":
            return _start(day, self.years, zone)
        return _month_day(self.kind, day, today)


@lru_cache(maxsize=4096)
def _start(day: date, years: int, zone: ZoneInfo) -> datetime:
    return clock.day_start(earlier(day, years), zone)


def earlier(day: date, years: int) -> date:
    """Return the same day of an earlier year; for 29 February of a year without it the day after."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def _month_day(kind: str, day: date, today: date) -> str:
    """Return a day as MM-DD. The end of days to come is in force before the year ends, or after."""
    text = f"{day:%m-%d}"
    over_new_year = text <= f"{today:%m-%d}"
    if kind == "month_day_or_end":
        return "99" if over_new_year else text
    return text if kind == "month_day" or over_new_year else ""


@dataclass(slots=True)
class Binds:
    """Hands out cut-offs while a rule is compiled; `segments` gives the number of a segment by its name."""

    segments: Mapping[str, int]
    at: tuple[datetime, ZoneInfo] | None = None
    cuts: dict[str, Cut] = field(default_factory=dict)

    def ago(self, span: Span) -> BindParameter[datetime]:
        """The moment exactly this long ago."""
        return self._bind(Cut("moment", span.delta))

    def now(self) -> BindParameter[datetime]:
        """This moment."""
        return self._bind(Cut("moment", timedelta()))

    def day_ago(self, span: Span) -> BindParameter[date]:
        """The local calendar day that many days before today."""
        return self._bind(Cut("day", timedelta(days=span.days)))

    def day_start_ago(self, span: Span) -> BindParameter[datetime]:
        """The first moment of the local calendar day that many days before today."""
        return self._bind(Cut("day_start", timedelta(days=span.days)))

    def day_start_ahead(self, days: int, years: int = 0) -> BindParameter[datetime]:
        """The first moment of the local calendar day that many days after today, of so many years before."""
        return self._bind(Cut("day_start", -timedelta(days=days), years))

    def month_days(self, days: int) -> tuple[BindParameter[str], BindParameter[str], BindParameter[str]]:
        """Today and the end (not included) of as many days more, as MM-DD: a month-day is among them when
        it is at least the first and below the second, or below the third, which the turn of the year fills.
        """
        end = -timedelta(days=days + 1)
        return (
            self._bind(Cut("month_day", timedelta())),
            self._bind(Cut("month_day_or_end", end)),
            self._bind(Cut("month_day_or_none", end)),
        )

    def start_of(self, day: date) -> BindParameter[datetime]:
        """The first moment of a calendar day."""
        return self._bind(Cut("date_start", day))

    def values(self, now: datetime, zone: ZoneInfo) -> dict[str, datetime | date | str]:
        """Return the named parameters of a kept statement for this moment."""
        return {name: cut.value(now, zone) for name, cut in self.cuts.items()}

    def _bind(self, cut: Cut) -> BindParameter[Any]:
        type_ = String() if cut.kind.startswith("month") else Date() if cut.kind == "day" else Moment()
        if self.at is not None:
            return bindparam(None, cut.value(*self.at), type_=type_, unique=True)
        amount = cut.amount.isoformat() if isinstance(cut.amount, date) else int(cut.amount.total_seconds())
        name = f"{cut.kind}_{amount}_{cut.years}".replace("-", "_")
        self.cuts[name] = cut
        return bindparam(name, value=None, type_=type_)
