"""Stored scores beside those of the facts, as of the run that stored them: they follow the facts once a day.

Scores of one person depend on everyone's purchases, so either all of them are compared or none. Who did
anything since the run, or was written to, is left to the next one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import select, union

from core.db import note_touched, table
from core.doctor.differing import Target, Wrong, among
from core.mailing.models import Delivery
from core.people import activity
from core.people.models import Profile, Subscriber
from core.segments.scores.columns import NAMES, Table
from core.segments.scores.computed import computed
from core.segments.scores.findings import basis
from core.segments.scores.job import stored
from core.segments.scores.models import Score, ScoreRun
from core.segments.scores.scheme_file import SchemeError, read_scheme

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.doctor.differing import Who
    from core.segments.scores.orders import Ints

_SCORES, _PROFILES, _PEOPLE, _LETTERS = (table(m) for m in (Score, Profile, Subscriber, Delivery))
_AGAIN = "the next run computes them"
_OTHERWISE = {
    "scheme": f"the file of scores was changed since they were computed; {_AGAIN}",
    "zone": f"the time zone was changed since they were computed; {_AGAIN}",
    "orders": f"purchases were added, changed or given to others since they were computed; {_AGAIN}",
}


@dataclass
class Scores:
    """What can be compared: `wrong` are the people whose rows differ; `passed` says what is not and why."""

    run: int = 0
    moment: datetime | None = None
    made: Table | None = None
    rows: int = 0
    wrong: Sequence[int] = ()
    passed: list[str] = field(default_factory=list)

    def wrongs(self, session: Session, people: Sequence[int]) -> list[Wrong]:
        """Return the rows of these people as they are kept and as the facts have them."""
        if self.made is None:
            return []
        made = self.made.at(np.isin(self.made.ids, people))
        rebuilt = {row[0]: row[1:] for row in made.rows(activity.zone(), lambda moment: moment)}
        kept = {row[0]: tuple(row[1:]) for row in session.execute(TARGET.rows(among(people)))}
        return [Wrong((who,), kept.get(who), rebuilt.get(who)) for who in people]

    def mend(self, session: Session, people: Sequence[int], now: datetime) -> int:
        """Write these people's scores, if no run and no act came between; their segments follow."""
        last = _last_run(session)
        if last is None or last.id != self.run:
            return 0
        later = set(_later(session, last.started_at, among(people)).tolist())
        wrongs = self.wrongs(session, [who for who in people if who not in later])
        Target(_SCORES, TARGET.keys, TARGET.values, {"computed_at": now}).write(session, wrongs)
        note_touched(session, {wrong.person for wrong in wrongs}, now)
        return len(wrongs)


TARGET = Target(_SCORES, ("subscriber_id",), NAMES)


def comparable(session: Session, file: str) -> Scores:
    """Compute everyone's scores as of the last run, by the owner's file, and find which rows differ."""
    run = _last_run(session)
    if run is None:
        return Scores(passed=["scores were never computed"])
    try:
        scheme = read_scheme(file)
    except SchemeError as error:
        return Scores(passed=[f"scores: {str(error).splitlines()[0]}"])
    whole = computed(session, run.started_at, scheme)
    then, now = run.findings.get("basis", {}), basis(whole, scheme)
    for name, why in _OTHERWISE.items():
        if then.get(name) != now[name]:
            return Scores(passed=[f"scores: {why}"])
    made, kept = whole.table, stored(session)
    differ = np.union1d(made.ids[made.unlike(kept)], kept.ids[kept.unlike(made)])
    later = _later(session, run.started_at, _everyone)
    found = Scores(run.id, run.started_at, made, int((~np.isin(kept.ids, later)).sum()))
    found.wrong = np.setdiff1d(differ, later, assume_unique=True).tolist()
    if len(later):
        found.passed.append(f"scores: {len(later)} people touched or written to since they were computed")
    return found


def _last_run(session: Session) -> ScoreRun | None:
    """Return the last run that computed; one that could not use the owner's file left the scores alone."""
    computed_one = ScoreRun.findings["problem"].as_string().is_(None)
    return session.scalar(select(ScoreRun).where(computed_one).order_by(ScoreRun.id.desc()).limit(1))


def _later(session: Session, moment: datetime, who: Who) -> Ints:
    """Return who was touched, written to or erased since; letters are counted without a touch."""
    sent = (_LETTERS.c.state == "sent", _LETTERS.c.finished_at > moment)
    query = union(
        select(_PROFILES.c.subscriber_id).where(
            _PROFILES.c.touched_at > moment, who(_PROFILES.c.subscriber_id)
        ),
        select(_LETTERS.c.subscriber_id).where(*sent, who(_LETTERS.c.subscriber_id)),
        select(_PEOPLE.c.id).where(_PEOPLE.c.erased_at > moment, who(_PEOPLE.c.id)),
    )
    return np.array(sorted(session.scalars(query)), np.int64)


def _everyone(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column.is_not(None)
