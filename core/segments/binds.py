"""Cut-offs: what a rule compares moments with, computed in Python from (now, zone) and bound.

SQL does no date arithmetic: a rule asks for "the moment 30 days ago" and gets a bound parameter. A statement
that is kept asks for named parameters, filled anew at each use; a condition made for one query gets values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, Date, bindparam

from core import clock
from core.db import Moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from core.segments.words import Span


@dataclass(frozen=True, slots=True)
class Cut:
    """One cut-off: `kind` says what of (now, zone) it is, `amount` how far back (or which day)."""

    kind: str  # moment | day | day_start | date_start
    amount: timedelta | date

    def value(self, now: datetime, zone: ZoneInfo) -> datetime | date:
        """Return the cut-off as it is at this moment."""
        if isinstance(self.amount, date):
            return clock.day_start(self.amount, zone)
        if self.kind == "moment":
            return now - self.amount
        day = clock.local_day(now, zone) - self.amount
        return day if self.kind == "day" else clock.day_start(day, zone)


@dataclass(slots=True)
class Binds:
    """Hands out cut-offs while a rule is compiled; `segments` gives the number of a segment by its name."""

    segments: Mapping[str, int]
    at: tuple[datetime, ZoneInfo] | None = None
    cuts: dict[str, Cut] = field(default_factory=dict)

    def ago(self, span: Span) -> BindParameter[datetime]:
        """The moment exactly this long ago."""
        return self._bind(Cut("moment", span.delta))

    def day_ago(self, span: Span) -> BindParameter[date]:
        """The local calendar day that many days before today."""
        return self._bind(Cut("day", timedelta(days=span.days)))

    def day_start_ago(self, span: Span) -> BindParameter[datetime]:
        """The first moment of the local calendar day that many days before today."""
        return self._bind(Cut("day_start", timedelta(days=span.days)))

    def start_of(self, day: date) -> BindParameter[datetime]:
        """The first moment of a calendar day."""
        return self._bind(Cut("date_start", day))

    def values(self, now: datetime, zone: ZoneInfo) -> dict[str, datetime | date]:
        """Return the named parameters of a kept statement for this moment."""
        return {name: cut.value(now, zone) for name, cut in self.cuts.items()}

    def _bind(self, cut: Cut) -> BindParameter[Any]:
        type_ = Date() if cut.kind == "day" else Moment()
        if self.at is not None:
            return bindparam(None, cut.value(*self.at), type_=type_, unique=True)
        amount = cut.amount.isoformat() if isinstance(cut.amount, date) else int(cut.amount.total_seconds())
        name = f"{cut.kind}_{amount}".replace("-", "_")
        self.cuts[name] = cut
        return bindparam(name, value=None, type_=type_)
