"""What the funnel reads: people grouped by where they came from and how far they went, a chunk at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, bindparam, case, cast, exists, func, literal, null, select

from core.people.models import Consent, Event, Subscriber
from core.quizzes.models import QuizRun, RunAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

PEOPLE_AT_ONCE = 20_000
STILL_WAITING = timedelta(hours=1)  # so long after a step was shown nobody is called lost
REFERRAL = "ref_"  # links that friends pass on, one each: counted as one source
LINK = "quiz_"  # a deep link to a quiz, before its id
_NOT_GIVEN = ("null", '{"refused": true}', '{"late": true}')  # stored where a question was passed unanswered
_COUNTED = QuizRun.is_trial.is_(False)  # an owner's trial is nobody's start
_APART = " "  # ids of questions and results have no spaces


@dataclass(frozen=True, slots=True)
class Pattern:
    """So many people of one source went exactly this way; questions and results by id, of all their runs."""

    source: str
    people: int
    has_consent: bool
    is_fresh: bool  # opened within the last hour
    has_begun: bool
    has_file: bool
    answered: frozenset[str]
    passed: frozenset[str]  # answered, skipped or refused
    shown: frozenset[str]  # on the screen of a run that is not finished
    waits_at: frozenset[str]  # of those, where the run moved within the last hour
    results: frozenset[str]

    @property
    def stops(self) -> frozenset[str]:
        """Where they stopped: what was shown last and not passed; whoever went back stopped there."""
        open_ = self.shown - self.passed
        return open_ if open_ or self.results else self.shown


def led_to(source: str, entry: str) -> str:
    """Return the quiz a newcomer was led to: the one his first link names, else the entry quiz."""
    return source.removeprefix(LINK) if source.startswith(LINK) else entry


def patterns(session: Session, quiz: str, after: int, since: datetime | None, now: datetime) -> list[Pattern]:
    """Return the ways of the people whose ids stand in one chunk behind `after`."""
    asked = {
        "quiz": quiz,
        "low": after,
        "high": after + PEOPLE_AT_ONCE,
        "recent": now - STILL_WAITING,
        **({"since": since} if since is not None else {}),
    }
    statement = _SINCE if since is not None else _EVER
    return [_pattern(*row) for row in session.execute(statement, asked)]


def _pattern(
    source: str, has_consent: bool, is_fresh: bool, runs: str | None, answers: str | None, people: int
) -> Pattern:
    moves = list(_moves(runs))
    given = (answers or "").split(_APART) if answers else []
    return Pattern(
        source=source,
        people=people,
        has_consent=bool(has_consent),
        is_fresh=bool(is_fresh),
        has_begun=runs is not None,
        has_file=any(mark == "+" for mark, _ in moves),
        answered=frozenset(one for one in given if not one.endswith("-")),
        passed=frozenset(one.rstrip("-") for one in given),
        shown=frozenset(name for mark, name in moves if mark in "?~"),
        waits_at=frozenset(name for mark, name in moves if mark == "~"),
        results=frozenset(name for mark, name in moves if mark in "=+"),
    )


def _moves(runs: str | None) -> Iterator[tuple[str, str]]:
    """Yield the mark and the name of every run: + and = ended with a result, with and without the file."""
    for run in (runs or "").split(_APART):
        if len(run) > 1:
            yield run[0], run[1:]


def _source() -> ColumnElement[str]:
    source = func.coalesce(Subscriber.source, "")
    return case((func.substr(source, 1, len(REFERRAL)) == REFERRAL, REFERRAL), else_=source)


def _consent() -> ColumnElement[bool]:
    """SQL: has the person ever agreed? The ledger is asked only where no consent stands now."""
    ever = exists().where(
        Consent.subscriber_id == Subscriber.id, Consent.purpose == "data", Consent.given.is_(True)
    )
    return case((Subscriber.data_consent_at.is_not(None), literal(1)), (ever, literal(1)), else_=literal(0))


def _runs() -> ColumnElement[Any]:
    """SQL: the person's runs of the quiz, each a mark and a name; NULL without any."""
    took = exists().where(
        Event.subscriber_id == QuizRun.subscriber_id,
        Event.at >= QuizRun.finished_at,
        Event.kind == "file_taken",
        Event.detail["quiz"].as_string() == QuizRun.quiz,
        Event.detail["lesson"].as_string().is_(null()),  # a lesson's file is none the result promised
    )
    shown = func.coalesce(QuizRun.shown, "")
    mark = case(
        (and_(QuizRun.finished_at.is_not(None), took), literal("+") + func.coalesce(QuizRun.result, "")),
        (QuizRun.finished_at.is_not(None), literal("=") + func.coalesce(QuizRun.result, "")),
        (func.coalesce(QuizRun.shown_at, QuizRun.started_at) > bindparam("recent"), literal("~") + shown),
        else_=literal("?") + shown,
    )
    own = select(func.aggregate_strings(mark, _APART)).where(
        QuizRun.subscriber_id == Subscriber.id, QuizRun.quiz == bindparam("quiz"), _COUNTED
    )
    return own.correlate(Subscriber).scalar_subquery()


def _answers() -> ColumnElement[Any]:
    """SQL: the questions the person passed in any run, those without an answer marked."""
    unanswered = cast(RunAnswer.value, String).in_(_NOT_GIVEN)
    passed = case((unanswered, RunAnswer.question + "-"), else_=RunAnswer.question)
    own = (
        select(func.aggregate_strings(passed, _APART))
        .join(QuizRun, QuizRun.id == RunAnswer.run_id)
        .where(QuizRun.subscriber_id == Subscriber.id, QuizRun.quiz == bindparam("quiz"), _COUNTED)
    )
    return own.correlate(Subscriber).scalar_subquery()


def _grouped(*which: ColumnElement[bool]) -> Select[Any]:
    people = (
        select(
            _source().label("source"),
            _consent().label("consent"),
            case((Subscriber.joined_at > bindparam("recent"), 1), else_=0).label("fresh"),
            _runs().label("runs"),
            _answers().label("answers"),
        )
        .where(Subscriber.id > bindparam("low"), Subscriber.id <= bindparam("high"))
        .where(Subscriber.joined_at.is_not(None), Subscriber.erased_at.is_(null()), *which)
        .subquery()
    )
    return select(*people.c, func.count()).group_by(*people.c)


# Built once: a large base runs it many times.
_EVER = _grouped()
_SINCE = _grouped(Subscriber.joined_at >= bindparam("since"))
