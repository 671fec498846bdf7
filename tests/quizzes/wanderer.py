"""Somebody who presses, writes, sends and forges anything, at any time; the bot may die after any act.

Acts are the verbs of the bot on a real SQLite in memory, each in a session of its own, so that thousands of
walks take minutes; nothing is remembered between two acts but the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import and_, create_engine, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from core import models  # noqa: F401 - every table
from core.db import Base
from core.people import bots, subscribers
from core.people.models import Attribute, Event, Subscriber, Tag
from core.people.subscribers import Sender
from core.quizzes import flow, runs
from core.quizzes.buttons import read_payload
from core.quizzes.loader import Library
from core.quizzes.models import Answer, QuizRun, RunAnswer
from core.quizzes.questions import LATITUDE
from core.quizzes.records import store_versions
from core.quizzes.screens import Screen
from core.quizzes.values import is_given, is_late, is_refused_before, words
from tests.conftest import NOW

TEXTS = (
    "12", "0", "-3", "2,5", "8", "1e9", "Казань", "anna@example.com", "привет", "", " ", "\u202e\u200b",
    "<b>", "</i>&", "Пропустить", "‹ Назад", "Не хочу отвечать", "12.03.1990", "30.02.1990", "1990-03-12",
    "12.03.90", "Гагарин", "x" * 5000, "{{ city }}", "rather_not_say", "other", "/quiz", "١٢", "🙂" * 300,
)  # fmt: skip
GARBAGE = ("", "0:0:b", "1:1", "999999999999999999:0:o0", "1:999:c", "1:0:drop", "-1:0:y", "1:0:o99")
ACTIONS = (
    "o0", "o9", "x1", "v5", "v99", "y", "n", "d", "s", "k", "b", "r", "w", "g", "c", "e0", "e3", "e99", "j",
)  # fmt: skip
SECONDS = (1, 4, 29, 61, 5000, 40 * 86400)
STEPS = 40  # acts the plain way may take beside three a question
people = count(1)


class Ground:
    """One database for many walks: each wanderer is a person of his own in it."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.engine = create_engine("sqlite://", poolclass=StaticPool)
        Base.metadata.create_all(self.engine)
        self.write(bots.claim, 1, "walker_bot", NOW)
        self.write(store_versions, library, NOW)

    def write(self, verb: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            return verb(session, *arguments, **named)

    def read(self, verb: Callable[[Session], Any]) -> Any:
        with Session(self.engine) as session:
            return verb(session)


class Wanderer:
    """One person in one quiz, looked over after each act."""

    def __init__(self, base: Ground, quiz: str) -> None:
        self.base, self.library, self.quiz = base, base.library, quiz
        self.now, self.updates = NOW, 0
        self.id = next(people)
        self.sender = Sender(10**9 + self.id, "Анна <b>", language_code=("ru", "en", "de", "")[self.id % 4])
        self.who: int = base.write(subscribers.meet, self.sender, self.now).id
        self.last: tuple[str, Callable[[str], Screen | None]] | None = None
        self.sent: list[str] = []
        self.screen: Screen | None = None
        self.given: set[tuple[int, str]] = set()
        self.late: set[tuple[int, str]] = set()
        self.begin()

    # -- acts --------------------------------------------------------------------------------------

    def act(self, kind: str, number: int, other: Wanderer | None = None) -> None:
        before, self.screen = self.stored(), None
        getattr(self, f"do_{kind}")(number, other)
        if self.screen is not None and (self.screen.stale or self.screen.problem or self.screen.notice):
            assert self.stored() == before, f"{kind} changed something and said it did not"
        self.check()

    def do_press(self, number: int, _: Wanderer | None) -> None:
        offered = self.offered()
        if offered:
            self.sent.append(offered[number % len(offered)])
            self.tap(self.sent[-1], is_member=bool(number % 3))

    def do_old(self, number: int, _: Wanderer | None) -> None:
        if self.sent:
            self.tap(self.sent[number % len(self.sent)])

    def do_again(self, _number: int, _: Wanderer | None) -> None:
        """The last update arrives a second time, after a crash: nothing more happens, the same is shown."""
        if self.last is None:
            return
        key, act = self.last
        before, events = self.stored(), self.event_count()
        act(key)
        assert (self.stored(), self.event_count()) == (before, events), "an update was counted twice"

    def do_forge(self, number: int, other: Wanderer | None) -> None:
        """A payload of ours, made up; of another person's run; or no payload at all."""
        mine = self.look()
        run_id = mine.run_id if mine is not None else 1
        if other is not None and number % 3 == 0:
            theirs = other.stored()
            self.tap(f"{max(other.stored())}:{number % 20}:{ACTIONS[number % len(ACTIONS)]}")
            assert other.stored() == theirs, "a stranger answered"
        elif number % 3 == 1:
            self.tap(GARBAGE[number % len(GARBAGE)])
        else:
            self.tap(f"{run_id}:{number % 20}:{ACTIONS[number % len(ACTIONS)]}")

    def do_write(self, number: int, _: Wanderer | None) -> None:
        self.update(runs.write, TEXTS[number % len(TEXTS)])

    def do_share(self, number: int, _: Wanderer | None) -> None:
        self.update(runs.contact, ("79121234567", "12", "x")[number % 3], bool(number % 2))

    def do_place(self, number: int, _: Wanderer | None) -> None:
        self.update(runs.location, number / 2, float("nan") if number == 13 else number - 100)

    def do_wait(self, number: int, _: Wanderer | None) -> None:
        """Time passes, and the timer of the bot looks at the run, or it does not (the bot was down)."""
        self.now += timedelta(seconds=SECONDS[number % len(SECONDS)])
        seen = self.look()
        if seen is not None and number % 2:
            self.screen = self.base.write(self.as_person(runs.expire), seen.run_id, self.now)

    def do_block(self, number: int, _: Wanderer | None) -> None:
        verb = subscribers.mark_blocked if number % 2 else subscribers.mark_unblocked
        self.base.write(verb, self.sender.telegram_id, self.now, self.key())

    def do_begin(self, _number: int, __: Wanderer | None) -> None:
        self.begin()

    def do_restart(self, _number: int, __: Wanderer | None) -> None:
        self.update(runs.restart, self.quiz)

    def begin(self) -> None:
        key = self.key()

        def act(key: str) -> Screen | None:
            self.screen = self.base.write(self.as_person(runs.begin), self.quiz, self.now, key)
            return self.screen

        self.last = (key, act)
        act(key)

    def tap(self, payload: str, *, is_member: bool = False) -> None:
        parsed = read_payload(payload)
        if parsed is None:
            return
        if parsed[2] == "j":
            self.update(runs.joined, *parsed[:2], is_member)
        else:
            self.update(runs.tap, *parsed)

    def update(self, verb: Callable[..., Any], *arguments: Any) -> None:
        self.now += timedelta(seconds=1)
        now = self.now

        def act(key: str) -> Screen | None:
            if verb is runs.restart:
                self.screen = self.base.write(self.as_person(verb), *arguments, now, key)
            else:
                self.screen = self.base.write(self.as_person(verb), *arguments, now, key=key)
            return self.screen

        self.last = (self.key(), act)
        act(self.last[0])

    def key(self) -> str:
        self.updates += 1
        return f"{self.id}:{self.updates}"

    def as_person(self, verb: Callable[..., Any]) -> Callable[..., Any]:
        """The verb as the bot calls it: with the person read anew, and a library as after a restart."""

        def called(session: Session, *arguments: Any, **named: Any) -> Any:
            person = session.scalars(select(Subscriber).where(Subscriber.id == self.who)).one()
            return verb(session, self.restarted(), person, *arguments, **named)

        return called

    def restarted(self) -> Library:
        """The bot was started anew: nothing is known but what the folder says."""
        quizzes = self.library.quizzes
        return Library(self.library.folder, dict(quizzes), {one.hash: one for one in quizzes.values()})

    # -- what is seen and stored -------------------------------------------------------------------

    def look(self) -> Screen | None:
        found: Screen | None = self.base.read(self.as_person(runs.current))
        return found

    def offered(self) -> list[str]:
        seen = self.look()
        return [one.payload for row in seen.buttons for one in row if one.payload] if seen is not None else []

    def stored(self) -> dict[int, dict[str, Any]]:
        def rows(session: Session) -> dict[int, dict[str, Any]]:
            ids = session.scalars(select(QuizRun.id).where(QuizRun.subscriber_id == self.who)).all()
            found: dict[int, dict[str, Any]] = {run_id: {} for run_id in ids}
            answers = select(RunAnswer.run_id, RunAnswer.question, RunAnswer.value)
            for run_id, question, value in session.execute(answers.where(RunAnswer.run_id.in_(ids))):
                found[run_id][question] = value
            return found

        found: dict[int, dict[str, Any]] = self.base.read(rows)
        return found

    def event_count(self, *kinds: str) -> int:
        counted = select(func.count()).where(Event.subscriber_id == self.who)
        wanted = counted.where(Event.kind.in_(kinds)) if kinds else counted
        return int(self.base.read(lambda session: session.scalars(wanted).one()))

    # -- what must hold ----------------------------------------------------------------------------

    def check(self) -> None:
        stored = self.stored()
        for run_id, answers in stored.items():
            for name, value in answers.items():
                if not is_refused_before(value):
                    (self.late if is_late(value) else self.given).add((run_id, name))
        rows = select(QuizRun).where(QuizRun.subscriber_id == self.who).order_by(QuizRun.id)
        found = list(self.base.read(lambda session: session.scalars(rows).all()))
        assert self.event_count("quiz_started") == len(found)
        assert self.event_count("quiz_answered") == len(self.given), (
            "an answer was counted twice or not at all"
        )
        assert self.event_count("quiz_finished") == sum(run.finished_at is not None for run in found)
        cut = sum(run.is_cut for run in found)
        assert self.event_count("quiz_late") == len(self.late) + cut
        self.check_run(found[-1], stored[found[-1].id], is_first=len(found) == 1)

    def check_run(self, run: QuizRun, answers: dict[str, Any], *, is_first: bool) -> None:
        quiz = self.library.quiz(self.quiz).quiz
        done = flow.walk(quiz, answers, seed=run.seed, is_cut=run.is_cut, language=run.language)
        assert run.score == done.score, "the score is not the walk's"
        seen = self.look()
        if run.finished_at is not None:
            found = flow.result(quiz, done)
            assert found is not None, "a finished run has a question open"
            assert run.result == found.id
            assert self.tags() == done.tags | set(found.tags)
            self.check_latest(done, found.id)
            if is_first:  # later ones keep what an earlier one has learnt and they did not ask
                saved = self.saved(done.answers)
                derived = {"city"} if LATITUDE in saved else set[str]()  # of a shared place near to one
                assert self.attributes() - derived == saved - derived
            return
        assert run.abandoned_at is None
        assert seen is not None, "nothing is shown of an open run"
        assert seen == self.look()
        assert seen.wants in ("text", "contact", "location") or self.offered(), (
            "stuck: nothing to press or write"
        )
        if is_first:
            assert self.tags() == done.tags
            assert self.attributes() <= self.saved(answers)  # also of those the walk has yet to come to again

    def check_latest(self, done: flow.Walk, result: str) -> None:
        expected = {(name, word[:512]) for name, value in done.answers.items() for word in words(value)}
        expected |= {("result", result), ("score", str(done.score))}
        expected |= {(f"scores_{name}", str(score)) for name, score in done.scores.items()}
        expected |= {("right", str(done.right))} if done.asked else set()
        latest = select(Answer.question, Answer.folded).where(
            Answer.subscriber_id == self.who, Answer.quiz == self.quiz
        )
        rows = self.base.read(lambda session: {tuple(row) for row in session.execute(latest)})
        assert rows == expected

    def tags(self) -> frozenset[str]:
        mine = select(Tag.tag).where(Tag.subscriber_id == self.who, Tag.origin == f"quiz:{self.quiz}")
        return frozenset(self.base.read(lambda session: session.scalars(mine).all()))

    def attributes(self) -> set[str]:
        mine = select(Attribute.key).where(
            Attribute.subscriber_id == self.who,
            or_(
                Attribute.origin == f"quiz:{self.quiz}",
                and_(Attribute.key == "city", Attribute.origin == f"place:quiz:{self.quiz}"),
            ),
        )
        return set(self.base.read(lambda session: session.scalars(mine).all()))

    def saved(self, answers: Mapping[str, Any]) -> set[str]:
        """The attributes these answers leave; a question without an answer leaves none."""
        by_id = self.library.quiz(self.quiz).quiz.by_id
        given = [by_id[name] for name, value in answers.items() if is_given(value)]
        return {key for question in given for key in question.attributes}

    def finish(self) -> None:
        """Go on the plain way: whatever was done before, the end is a few acts a question away."""
        quiz = self.library.quiz(self.quiz).quiz
        if self.look() is None:
            self.begin()
        for number in range(STEPS + 3 * len(quiz.questions)):
            seen = self.look()
            if seen is None:
                break
            self.onward(seen, number)
        assert self.look() is None, "the plain way does not end"
        self.check()

    def onward(self, seen: Screen, number: int) -> None:
        payloads = {
            one.payload.split(":")[2]: one.payload for row in seen.buttons for one in row if one.payload
        }
        ways = ("c", "k", "g", "y", "v3", "j")
        way = next((payloads[one] for one in ways if one in payloads), None)
        if way is None and "d" in payloads:
            ticked = any(one.startswith("x") for one in payloads)
            way = payloads["d"] if ticked else next(p for one, p in payloads.items() if one.startswith("o"))
        way = way or next((p for one, p in payloads.items() if one.startswith("o")), None)
        if way is not None:
            self.tap(way, is_member=True)
        elif seen.wants == "contact":
            self.update(runs.contact, "79121234567", True)
        elif seen.wants == "location":
            self.update(runs.location, 55.0, 49.0)
        else:
            self.update(
                runs.write, ("12", "Казань", "12.03.1990", "anna@example.com", "2", "150")[number % 6]
            )
