"""The jump alarm: a segment grew or shrank in a day by far more than its own noise, and what happened then.

Statistics (`judge`): the changes of the 28 days before give the usual change (their median) and its noise:
the largest of 1.4826 times the median absolute deviation (Rousseeuw & Croux 1993), the root of the mean
number who come and go in a day (Poisson: what independent people do by chance) and one person. A jump is
`jump_noise` times that away from the usual, larger than any change of those days, and at least `jump_ratio`
in size. What the segment did in the same weeks a year ago is no alarm this year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from core import clock
from core.people import activity
from core.reports.guards.causes import Cause, causes_of
from core.reports.guards.finding import Finding, money_of
from core.reports.models import GuardAlarm
from core.segments.models import Segment, SegmentDay

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.reports.guards.limits import Limits

WINDOW, ENOUGH = 28, 14  # days before; how many of them must be known
YEAR, SEASON = 364, 10  # days: the same weekday a year ago, and the days around it
_MAD = 1.4826  # the median absolute deviation of a normal law is 1 / 1.4826 of its standard deviation
_ALIKE = 0.75  # last year's change counts as the same from this part of the present one on
MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Day:
    """A segment at the end of a day, and how many came and went during it."""

    size: int
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Jump:
    """A change of one day that is no noise; `usual`: as far as its daily change strays otherwise."""

    before: int
    after: int
    usual: int
    last_year: float | None  # the largest factor in the same weeks of last year, None without history

    @property
    def ratio(self) -> float:
        """How many times it grew or shrank."""
        return factor(self.before, self.after)


def factor(before: int, after: int) -> float:
    """Return how many times larger the larger of two sizes is."""
    return max(before, after, 1) / max(min(before, after), 1)


def judge(days: Sequence[Day], limits: Limits, season: Sequence[int] = ()) -> Jump | None:
    """Say whether the last of these days is a jump. `season`: sizes of the same weeks a year ago."""
    if len(days) < ENOUGH + 2:
        return None
    *earlier, last, today = days[-WINDOW - 2 :]
    before, after = last.size, today.size
    if max(before, after) < limits["jump_people"] or factor(before, after) < limits["jump_ratio"]:
        return None
    history = [*earlier, last]
    steps = [late.size - early.size for early, late in pairwise(history)]
    usual = median(steps)
    spread = _MAD * median(abs(step - usual) for step in steps)
    turnover = sum(day.moved for day in history) / len(history)
    noise = max(spread, turnover**0.5, 1.0)
    change = after - before
    if abs(change - usual) < limits["jump_noise"] * noise or abs(change) <= max(map(abs, steps)):
        return None
    last_year = max(map(factor, season, season[1:]), default=None) if len(season) > SEASON else None
    if last_year is not None and last_year - 1 >= _ALIKE * (factor(before, after) - 1):
        return None
    return Jump(before, after, round(3 * noise), last_year)


def jump(session: Session, now: datetime, limits: Limits) -> list[Finding]:
    """Jumps of today and of yesterday: those of one day and cause in one alarm, the greatest named first.

    An alarm keeps the segments it was first told with, whatever is done later that day: only what had been
    done before a look first saw the jump can have caused it.
    """
    today = clock.local_day(now, activity.zone())
    segments = list(session.scalars(select(Segment).where(Segment.enabled).order_by(Segment.id)))
    known = _days(session, today)
    told = _told(session, (today, today - timedelta(days=1)))
    found: dict[tuple[date, str], list[tuple[Segment, Jump, list[Cause], date]]] = {}
    for segment in segments:
        for day in (today, today - timedelta(days=1)):
            seen = _jump_on(known.get(segment.id, {}), segment, day, limits)
            if seen is None:
                continue
            own = next((one for one in told if one.day == day and segment.name in one.names), None)
            causes = causes_of(session, segment.name, segment.rule, day, own.first_at if own else now)
            first = causes[0].key if causes else ""
            if own is None:
                own = next((one for one in told if one.day == day and first in one.causes), None)
            key = (day, own.subject if own else first)
            found.setdefault(key, []).append((segment, seen, causes, day))
            break
    kept = {one.subject for one in told}
    return [_finding(session, jumps, key if key in kept else "") for (_, key), jumps in found.items()]


@dataclass(frozen=True, slots=True)
class _Told:
    """An alarm about a jump that there is already."""

    subject: str
    day: date
    first_at: datetime
    names: frozenset[str]
    causes: frozenset[str]


def _told(session: Session, days: Sequence[date]) -> list[_Told]:
    begun = [GuardAlarm.subject.startswith(f"{day.isoformat()}:") for day in days]
    query = select(GuardAlarm).where(GuardAlarm.guard == "jump", or_(*begun)).order_by(GuardAlarm.id)
    return [
        _Told(
            row.subject,
            date.fromisoformat(row.facts["day"]),
            row.first_at,
            frozenset(row.facts["names"]),
            frozenset(Cause.of(one).key for one in row.facts["causes"]),
        )
        for row in session.scalars(query)
    ]


def _days(session: Session, today: date) -> Mapping[int, Mapping[date, Day]]:
    """Return the stored days of this month and of the same weeks a year ago, by segment."""
    year = today - timedelta(days=YEAR)
    reach = timedelta(days=SEASON + 2)
    query = select(
        SegmentDay.segment_id, SegmentDay.day, SegmentDay.size, SegmentDay.entered, SegmentDay.left
    ).where(
        or_(
            SegmentDay.day.between(today - timedelta(days=WINDOW + 3), today),
            SegmentDay.day.between(year - reach, year + reach),
        )
    )
    found: dict[int, dict[date, Day]] = {}
    for number, day, size, entered, left in session.execute(query):
        found.setdefault(number, {})[day] = Day(size, entered + left)
    return found


def _jump_on(known: Mapping[date, Day], segment: Segment, day: date, limits: Limits) -> Jump | None:
    """Judge one day; one that was never counted is like the one before."""
    days = _series(known, day - timedelta(days=WINDOW + 1), day)
    if day not in known or not any(one.size for one in days[:-1]):
        return None  # nothing happened on it, or its first people ever came
    born = clock.local_day(segment.created_at, activity.zone())
    if born > day - timedelta(days=ENOUGH):
        return None
    year = day - timedelta(days=YEAR)
    around = timedelta(days=SEASON)
    season = [one.size for one in _series(known, year - around, year + around)]
    return judge(days, limits, season)


def _series(known: Mapping[date, Day], first: date, last: date) -> list[Day]:
    """Return day after day from the first known one on; gaps repeat the day before, with nobody moving."""
    found: list[Day] = []
    for shift in range((last - first).days + 1):
        day = first + timedelta(days=shift)
        if day in known:
            found.append(known[day])
        elif found:
            found.append(Day(found[-1].size))
    return found


def _finding(
    session: Session, jumps: Sequence[tuple[Segment, Jump, list[Cause], date]], subject: str
) -> Finding:
    """Return the alarm of jumps that belong together; `subject`: of the one there is, empty for a new one."""
    order = sorted(jumps, key=lambda one: (-abs(one[1].after - one[1].before), one[0].id))
    segment, first, causes, day = order[0]
    facts = {
        "day": day.isoformat(),
        "segments": [
            {
                "segment": one.name,
                "before": seen.before,
                "after": seen.after,
                "usual": seen.usual,
                "last_year": seen.last_year,
            }
            for one, seen, _, _ in order[:MOST_TOLD]
        ],
        "names": [one.name for one, *_ in order],
        "more": max(len(order) - MOST_TOLD, 0),
        "causes": [cause.plain() for cause in causes],
    }
    people = abs(first.after - first.before)
    subject = subject or f"{day.isoformat()}:{segment.name}"
    return Finding("jump", subject, people, money_of(session, segment.id), facts)
