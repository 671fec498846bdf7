"""The funnel of the start: opened → consent → quiz begun → each question → finished → file taken, by source.

A cohort is the people who first opened the bot in a period. A step counts distinct people of the cohort who
reached it at least once, from facts alone: the consent ledger, runs with their answers, `file_taken`. Whoever
still stands at a step within the last hour is `waiting`, not lost. Whoever was led to another quiz and has
not begun this one was never asked here: he is `elsewhere`, at no step. Erased people are in no number.

People are read in chunks, each from a snapshot of its own, and leave the database already grouped by the way
they went: memory does not grow with the base. Measured on SQLite with 100,000 people and 360,000 answers:
0.2 s for a cohort of 30 days, 1.3 s for everybody.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import func, select

from core import clock
from core.people import activity
from core.people.models import Subscriber
from core.quizzes.definition import CONFIRM
from core.reports.funnel_rows import PEOPLE_AT_ONCE, Pattern, led_to, patterns
from core.reports.rates import Share

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from core.db import Database
    from core.quizzes.definition import Quiz
    from core.quizzes.questions import AnyQuestion

Kind = Literal["opened", "consent", "begun", "question", "confirm", "finished", "file"]
Place = tuple[Kind, str]  # a step; the string is the question's id, "" for all other steps
PERIODS = (7, 30, 90, 0)  # days; 0 = since the beginning


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `came` people stood before it, `passed` went through, `waiting` may still decide.

    `skipped` went through without an answer: the Skip button, a refusal, or the time was up.
    """

    kind: Kind
    question: str
    came: int
    passed: int
    skipped: int = 0
    waiting: int = 0
    only_some: bool = False

    @property
    def share(self) -> Share:
        """Those who went through, of those who came."""
        return Share(self.passed, self.came)

    @property
    def lost(self) -> int:
        """People who came, did not go through, and had time to."""
        return self.came - self.passed - self.waiting

    @property
    def is_whole(self) -> bool:
        """Whether it sums up steps before it, so that its losses stand there already."""
        return self.kind in ("opened", "finished")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source in the table: people at the five great steps. The name is "" for those without a link."""

    name: str
    opened: int
    consented: int
    begun: int
    finished: int
    filed: int

    @property
    def shares(self) -> tuple[Share, Share, Share, Share]:
        """Consent, begun, finished and file, each of those who opened."""
        reached = (self.consented, self.begun, self.finished, self.filed)
        return tuple(Share(number, self.opened) for number in reached)  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Funnel:
    """The funnel of one quiz and one period, of everybody and of each source."""

    quiz: str
    days: int
    since: datetime | None
    counted_at: datetime
    seconds: float
    sources: tuple[SourceLine, ...]  # the largest first
    everybody: tuple[Step, ...]
    by_source: dict[str, tuple[Step, ...]] = field(default_factory=dict)
    elsewhere: int = 0  # people led to another quiz who have not begun this one

    def steps(self, source: str | None = None) -> tuple[Step, ...]:
        """Return the steps of a source, or of everybody; nothing for a source nobody came from."""
        return self.everybody if source is None else self.by_source.get(source, ())


def funnel(db: Database, quiz: Quiz, now: datetime, days: int = 30, entry: str | None = None) -> Funnel:
    """Count the funnel of a quiz over the people who first opened in the last `days` (0 = ever).

    Days are whole days of the business's zone, today included. `entry` is the quiz newcomers are led to
    where their link names none; without it, this one. Call it in a thread: a large base takes seconds.
    """
    begun = time.monotonic()
    since = _since(now, days)
    last = db.read_now(_last_id)
    tallies: dict[str, _Tally] = {}
    elsewhere = 0
    promised = frozenset(result.id for result in quiz.results if result.file is not None)
    for low in range(0, last + 1, PEOPLE_AT_ONCE):
        rows = db.read_now(patterns, quiz.id, low, since, now)
        here = [row for row in rows if row.has_begun or led_to(row.source, entry or quiz.id) == quiz.id]
        elsewhere += sum(row.people for row in rows) - sum(row.people for row in here)
        _count(tallies, here, promised)
    everybody = _Tally()
    for tally in tallies.values():
        everybody.add(tally)
    order = sorted(tallies, key=lambda name: (-tallies[name].passed["opened", ""], name))
    return Funnel(
        quiz=quiz.id,
        days=days,
        since=since,
        counted_at=now,
        seconds=time.monotonic() - begun,
        sources=tuple(_line(name, tallies[name]) for name in order),
        everybody=_steps(quiz, everybody),
        by_source={name: _steps(quiz, tallies[name]) for name in order},
        elsewhere=elsewhere,
    )


def weakest(steps: Iterable[Step]) -> Step | None:
    """Return the step where most people are lost, the first of equal ones; None where nobody is."""
    apart = [step for step in steps if not step.is_whole and step.lost > 0]
    return max(apart, key=lambda step: step.lost, default=None)


def _since(now: datetime, days: int) -> datetime | None:
    if not days:
        return None
    zone = activity.zone()
    return clock.day_start(clock.local_day(now, zone) - timedelta(days=days - 1), zone)


def _last_id(session: Session) -> int:
    return session.scalar(select(func.max(Subscriber.id))) or 0


@dataclass(slots=True)
class _Tally:
    """People by step."""

    came: Counter[Place] = field(default_factory=Counter)
    passed: Counter[Place] = field(default_factory=Counter)
    skipped: Counter[Place] = field(default_factory=Counter)
    waiting: Counter[Place] = field(default_factory=Counter)

    def add(self, other: _Tally) -> None:
        self.came.update(other.came)
        self.passed.update(other.passed)
        self.skipped.update(other.skipped)
        self.waiting.update(other.waiting)

    def step(self, place: Place, *, only_some: bool = False) -> Step:
        skipped, waiting = self.skipped[place], self.waiting[place]
        return Step(*place, self.came[place], self.passed[place], skipped, waiting, only_some)


def _count(tallies: dict[str, _Tally], rows: Iterable[Pattern], promised: frozenset[str]) -> None:
    for row in rows:
        tally = tallies.setdefault(row.source, _Tally())
        for place, is_through in _places(row, promised):
            tally.came[place] += row.people
            if is_through:
                tally.passed[place] += row.people
            elif _may_still(row, place):
                tally.waiting[place] += row.people
        for question in row.passed - row.answered:
            tally.skipped["question", question] += row.people


def _may_still(row: Pattern, place: Place) -> bool:
    """Whether these people stood here within the last hour, so that nobody knows yet."""
    match place:
        case ("consent" | "begun", _):
            return row.is_fresh
        case ("question", question):
            return question in row.waits_at
        case ("confirm", _):
            return CONFIRM in row.waits_at
    return place[0] == "finished" and bool(row.waits_at)


def _places(row: Pattern, promised: frozenset[str]) -> Iterable[tuple[Place, bool]]:
    """Yield the steps these people stood before, and whether they went through."""
    yield ("opened", ""), True
    yield ("consent", ""), row.has_consent
    if row.has_consent or row.has_begun:
        yield ("begun", ""), row.has_begun
    if not row.has_begun:
        return
    is_finished, stops = bool(row.results), row.stops
    for question in (row.passed | row.shown) - {CONFIRM}:
        yield ("question", question), question in row.passed and question not in stops
    if is_finished or CONFIRM in row.shown:
        yield ("confirm", ""), is_finished
    yield ("finished", ""), is_finished
    if row.has_file or row.results & promised:
        yield ("file", ""), row.has_file


def _steps(quiz: Quiz, tally: _Tally) -> tuple[Step, ...]:
    """Return the steps in the order of the file; questions of earlier versions only are not among them."""
    questions = [
        tally.step(("question", question.id), only_some=_is_of_some(quiz, question))
        for question in quiz.questions
    ]
    head = [tally.step((kind, "")) for kind in ("opened", "consent", "begun")]
    tail = [tally.step(("confirm", ""))] if quiz.confirm else []
    tail.append(tally.step(("finished", "")))
    promises = [result.file is not None for result in quiz.results]
    if any(promises):
        tail.append(tally.step(("file", ""), only_some=not all(promises)))
    return (*head, *questions, *tail)


def _is_of_some(quiz: Quiz, question: AnyQuestion) -> bool:
    """Whether a question is put only to some: by a condition, out of a pool, after an early end."""
    if question.when is not None:
        return True
    group = quiz.groups.get(question.group) if question.group else None
    if group is not None and group.pick is not None:
        return True
    before = quiz.questions[: quiz.index[question.id]]
    return any(earlier.finish_when is not None for earlier in before)


def _line(name: str, tally: _Tally) -> SourceLine:
    kinds: tuple[Kind, ...] = ("opened", "consent", "begun", "finished", "file")
    return SourceLine(name, *(tally.passed[kind, ""] for kind in kinds))
