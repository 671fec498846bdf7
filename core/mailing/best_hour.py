"""The best hour to write: by how often letters of an hour are answered, a person's shrunk to the base's.

A person's own most frequent hour predicts worse than the base's, so it is only a correction: his answers and
letters of an hour are added to PRIOR letters answered at the base's rate. Under FEWEST answers the base's
hour counts; without enough of the base's either, noon. Hours are those of the reader's wall clock.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, case, cast, extract, func, select

from core.mailing.ledger import DELIVERIES, Lane, State
from core.people import activity, preferences
from core.people.choices import Preference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

HOURS = range(9, 21)  # letters of a business by day
PARTS: dict[str, range] = {"morning": range(9, 12), "day": range(12, 18), "evening": range(18, 21)}
NOON = 12
FEWEST = 3  # answers of one person under which he follows the base
FEWEST_LETTERS = 100  # of the base at an hour: one lucky letter makes no hour
FEWEST_OF_BASE = 30  # answers of the base under which nobody knows an hour
BASE_PRIOR, PRIOR = 50.0, 20.0  # letters at the average rate added to an hour of the base, of a person
MEMORY = 200_000  # letters the base's rates are taken from, the last ones
MEMORY_DAYS = 365
Counts = dict[int, tuple[int, int]]  # hour → letters, answers


@dataclass(frozen=True, slots=True)
class Rates:
    """How often letters of each hour are answered; empty where too little is known."""

    by_hour: Mapping[int, float]

    def best(self, hours: range = HOURS) -> int:
        """Return the hour to write at: of those that were tried, else noon or the middle of these hours."""
        tried = [hour for hour in hours if hour in self.by_hour]
        if not tried:
            return NOON if NOON in hours else hours[len(hours) // 2]
        return max(tried, key=lambda hour: (self.by_hour[hour], -abs(hour - NOON)))


def rates(counts: Counts) -> Rates:
    """Return the base's rates, each hour shrunk to the average of all.

    >>> rates({10: (1000, 50), 19: (1000, 90)}).best()
    19
    >>> rates({10: (4000, 200), 19: (1, 1)}).best()
    10
    """
    letters, answers = (sum(part) for part in zip(*counts.values(), strict=True)) if counts else (0, 0)
    if answers < FEWEST_OF_BASE:
        return Rates({})
    average = answers / letters
    tried = [hour for hour in HOURS if counts.get(hour, (0, 0))[0] >= FEWEST_LETTERS]
    return Rates({hour: _shrunk(counts[hour], average, BASE_PRIOR) for hour in tried})


def own(counts: Counts, base: Rates, hours: range = HOURS) -> int:
    """Return a person's hour: his answers by hour, each shrunk to the base's rate of that hour."""
    if sum(answers for _, answers in counts.values()) < FEWEST or not base.by_hour:
        return base.best(hours)
    shrunk = {hour: _shrunk(counts.get(hour, (0, 0)), rate, PRIOR) for hour, rate in base.by_hour.items()}
    return Rates(shrunk).best(hours)


def _shrunk(count: tuple[int, int], rate: float, prior: float) -> float:
    letters, answers = count
    return (answers + prior * rate) / (letters + prior)


def of_base(session: Session, now: datetime) -> Rates:
    """Read the base's rates out of its last letters."""
    last = select(DELIVERIES.c.id).where(*_letters(now)).order_by(DELIVERIES.c.id.desc()).limit(MEMORY)
    each = _each(session, now).where(DELIVERIES.c.id.in_(last)).subquery()
    counted = select(each.c.hour, func.count(), func.sum(each.c.answered)).group_by(each.c.hour)
    return rates({int(hour): (letters, answers) for hour, letters, answers in session.execute(counted)})


def of_people(session: Session, after: int, upto: int, base: Rates, now: datetime) -> dict[int, list[int]]:
    """Return the people in a window of ids whose hour is not the base's, by that hour.

    Who chose a part of the day himself is left to his choice.
    """
    if not base.by_hour:
        return {}
    who = DELIVERIES.c.subscriber_id
    enough = (
        select(who)
        .where(*_letters(now), who > after, who <= upto, DELIVERIES.c.answered_at.is_not(None))
        .group_by(who)
        .having(func.count() >= FEWEST)
    )
    chose = select(Preference.subscriber_id).where(Preference.best_time.is_not(None))
    each = _each(session, now).where(*_letters(now), who.in_(enough), who.not_in(chose)).subquery()
    keys = each.c.subscriber_id, each.c.hour
    mine = select(*keys, func.count(), func.sum(each.c.answered)).group_by(*keys)
    counts: dict[int, Counts] = defaultdict(dict)
    for person, at, letters, answers in session.execute(mine):
        counts[person][int(at)] = (letters, answers)
    found: dict[int, list[int]] = defaultdict(list)
    for person, his in counts.items():
        if (best := own(his, base)) != base.best():
            found[best].append(person)
    return dict(found)


def _letters(now: datetime) -> Sequence[Any]:
    c = DELIVERIES.c
    return (
        c.state == State.SENT.value,
        c.lane.in_((int(Lane.SERIES), int(Lane.BROADCAST))),
        c.finished_at > now - timedelta(days=MEMORY_DAYS),
    )


def _each(session: Session, now: datetime) -> Select[Any]:
    """Letters with the hour at which they came and whether they were answered."""
    c = DELIVERIES.c
    answered = case((c.answered_at.is_not(None), 1), else_=0).label("answered")
    people = DELIVERIES.outerjoin(Preference.__table__, Preference.subscriber_id == c.subscriber_id)
    return select(c.subscriber_id, _hour(session, now).label("hour"), answered).select_from(people)


def _hour(session: Session, now: datetime) -> Any:
    """SQL: the hour of the reader's wall clock at which a letter arrived."""
    at = DELIVERIES.c.finished_at
    if session.get_bind().dialect.name == "sqlite":
        utc = cast(func.strftime("%H", at), Integer)
    else:
        utc = cast(extract("hour", func.timezone("UTC", at)), Integer)
    business = preferences.offset_minutes(activity.zone(), now)
    offset = func.coalesce(Preference.offset_minutes, business)
    return ((utc * 60 + offset + preferences.DAY_MINUTES) // 60) % 24
