"""Whatever people press, write or repeat: nobody is stuck, nothing counts twice, rows agree with a replay.

The bot is started anew after every act, and shows what it showed before.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.db import Database
from core.quizzes import flow
from core.quizzes.loader import Library
from core.quizzes.models import QuizRun
from core.quizzes.questions import Join
from core.quizzes.replay import replay
from core.quizzes.values import is_given, is_late, is_refused_before, words
from tests.quizzes.people import Person, library_of
from tests.quizzes.shop import SHOP
from tests.quizzes.whole import WHOLE

TEXTS = [
    "12",
    "0",
    "2,5",
    "Казань",
    "anna@example.com",
    "привет",
    "",
    "\u202e\u200b",
    "<b>",
    "Пропустить",
    "‹ Назад",
    "12.03.1990",
    "30.02.1990",
    "x" * 5000,
    "{{ city }}",
    "rather_not_say",
]
ACTS = st.one_of(
    st.tuples(st.just("press"), st.integers(0, 14)),
    st.tuples(st.just("press"), st.integers(0, 14)),
    st.tuples(st.just("press"), st.integers(0, 14)),
    st.tuples(st.just("old"), st.integers(0, 200)),
    st.tuples(st.just("again"), st.just(0)),
    st.tuples(st.just("forge"), st.integers(0, 400)),
    st.tuples(st.just("write"), st.integers(0, len(TEXTS) - 1)),
    st.tuples(st.just("share"), st.integers(0, 1)),
    st.tuples(st.just("place"), st.integers(-200, 200)),
    st.tuples(st.just("join"), st.integers(0, 1)),
    st.tuples(st.just("wait"), st.sampled_from([1, 29, 40, 5000])),
    st.tuples(st.just("begin"), st.just(0)),
    st.tuples(st.just("restart"), st.just(0)),
)
FORGED = ("o0", "o9", "x1", "v5", "v99", "y", "n", "d", "s", "k", "b", "r", "w", "g", "c", "e0", "e3", "j")
people = count(1000)
WALKS = int(os.environ.get("RESTARTED_WALKS", "8"))


class Walker(Person):
    """A person who does anything, and is checked after each act."""

    def __init__(self, db: Database, library: Library, quiz: str) -> None:
        super().__init__(db, library, next(people))
        self.quiz = quiz
        self.sent: list[str] = []
        self.given: set[tuple[int, str]] = set()
        self.late: set[tuple[int, str]] = set()
        self.begin(quiz)

    def act(self, kind: str, number: int) -> None:
        before = self.stored()
        self.screen = replace(self.on_screen, stale=False, problem=None, notice=None)
        self.do(kind, number)
        if self.on_screen.stale or self.on_screen.problem or self.on_screen.notice:
            assert self.stored() == before, "a stale tap or a wrong answer changed something"
        self.check()

    def do(self, kind: str, number: int) -> None:
        offered = [button.payload for row in self.on_screen.buttons for button in row if button.payload]
        if kind == "press" and offered:
            self.sent.append(offered[number % len(offered)])
            self.send(self.sent[-1])
        elif kind in ("old", "again") and self.sent:
            self.send(self.sent[-1 if kind == "again" else number % len(self.sent)])
        elif kind == "join" and any(payload.endswith(":j") for payload in offered):
            self.join(is_member=bool(number))
        else:
            self.do_anywhere(kind, number)

    def do_anywhere(self, kind: str, number: int) -> None:
        forged = f"{self.on_screen.run_id}:{number % 20}:{FORGED[number % len(FORGED)]}"
        acts: dict[str, Callable[[], object]] = {
            "forge": lambda: self.send(forged),
            "write": lambda: self.write(TEXTS[number]),
            "share": lambda: self.share("79121234567", own=bool(number)),
            "place": lambda: self.stand_at(number, number / 2),
            "wait": lambda: self.wait(number),
            "begin": lambda: self.begin(self.quiz),
            "restart": lambda: self.restart(self.quiz),
        }
        if kind in acts:
            acts[kind]()

    def stored(self) -> dict[int, dict[str, Any]]:
        runs = select(QuizRun.id).where(QuizRun.subscriber_id == self.row.id)
        ids = self.db.read_now(lambda session: session.scalars(runs).all())
        return {run_id: self.answers(run_id) for run_id in ids}

    def check(self) -> None:
        stored = self.stored()
        for run_id, answers in stored.items():
            for question, value in answers.items():
                if not is_refused_before(value):
                    (self.late if is_late(value) else self.given).add((run_id, question))
        assert self.events("quiz_started") == len(stored)
        assert self.events("quiz_answered") == len(self.given)
        assert self.events("quiz_late") == len(self.late)
        finished = select(func.count()).where(
            QuizRun.subscriber_id == self.row.id, QuizRun.finished_at.is_not(None)
        )
        assert self.events("quiz_finished") == self.db.read_now(
            lambda session: session.scalars(finished).one()
        )
        self.check_run(max(stored), stored[max(stored)], first=len(stored) == 1)

    def check_run(self, run_id: int, answers: dict[str, Any], *, first: bool) -> None:
        quiz = self.library.quiz(self.quiz).quiz
        run = self.run(run_id)
        walk = flow.walk(quiz, answers, seed=run.seed, language=run.language)
        again = replay(quiz, answers, seed=run.seed, language=run.language)
        assert run.score == walk.score == again.score
        assert [question.id for question in walk.path] == again.path
        assert (dict(walk.scores), walk.right, walk.asked) == (again.scores, again.right, again.asked)
        if run.finished_at is not None:
            assert walk.next is None
            assert (run.result, self.tags()) == (again.result, set(again.tags))
            outcome = {"result": [again.result], "score": [str(again.score)]}
            outcome |= {f"scores_{name}": [str(points)] for name, points in again.scores.items()}
            outcome |= {"right": [str(again.right)]} if again.asked else {}
            assert self.latest() == self.refusals(answers) | known(answers) | outcome
            if first:
                self.check_attributes(again.attributes, answers)
            return
        if walk.next is None:
            assert run.shown == "confirm" or run.shown in walk.answers
        if first:
            assert self.tags() == walk.tags
            assert self.latest() == known(answers)
        self.check_screen(len(quiz.questions))

    def refusals(self, answers: dict[str, Any]) -> dict[str, list[str]]:
        """What he refused outlives the run, also where the question was not met again."""
        latest = self.latest()
        refused = {name for name, rows in latest.items() if rows == ["rather_not_say"]}
        return {name: ["rather_not_say"] for name in refused - set(answers)}

    def check_attributes(self, attributes: dict[str, Any], answers: dict[str, Any]) -> None:
        place = {"latitude", "longitude"} if answers.get("spot") == "shared" else set()
        stored = self.attributes()
        assert {name: text for name, text in stored.items() if name not in place} == {
            name: str(value) for name, value in attributes.items()
        }
        assert place <= set(stored)

    def check_screen(self, questions: int) -> None:
        """Somebody is never stuck, and a bot that is started anew shows the same."""
        seen = self.look()
        assert seen is not None
        self.new_bot()
        assert self.look() == seen
        if self.on_screen.kind != "gone" and self.on_screen.run_id == seen.run_id:
            told = {"stale": False, "problem": None, "notice": None, "alerts": ()}
            assert replace(self.on_screen, **told) == replace(seen, **told)
        assert seen.wants in ("text", "contact", "location") or any(row for row in seen.buttons)
        if seen.kind == "question":
            assert seen.progress is not None
            assert 1 <= seen.progress[0] <= seen.progress[1] <= questions

    def finish(self) -> None:
        """Go to the end the plain way; nobody may need more acts than two a question."""
        if self.on_screen.kind == "gone":
            self.begin(self.quiz)
        for _ in range(40):
            seen = self.look()
            if seen is None:
                return
            self.screen = seen
            actions = {
                button.payload.split(":")[2][0]: button.payload
                for row in seen.buttons
                for button in row
                if button.payload
            }
            way = next((actions[one] for one in "cksrygv" if one in actions), None)
            if way is None and "d" in actions:
                way = actions["d"] if "x" in actions else actions["o"]
            if way is not None or "o" in actions:
                self.send(way or actions["o"])
            elif seen.wants == "contact":
                self.share("79121234567")
            elif seen.wants == "location":
                self.stand_at(55.8, 49.1)
            elif any(isinstance(one, Join) and one.channel == seen.channel for one in self.questions()):
                self.join(is_member=True)
            else:
                self.write("10")
                self.write("Казань")
        pytest.fail("the quiz does not end")

    def questions(self) -> tuple[Any, ...]:
        return self.library.quiz(self.quiz).quiz.questions


def known(answers: dict[str, Any]) -> dict[str, list[str]]:
    return {name: sorted(words(value)) for name, value in answers.items() if is_given(value) or words(value)}


@pytest.mark.parametrize("quiz", ["shop", "whole"])
async def test_any_walk_agrees_with_its_replay(db: Database, quiz: str) -> None:
    library = library_of(SHOP, WHOLE)

    @settings(
        max_examples=WALKS, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(acts=st.lists(ACTS, max_size=40))
    def walks(acts: list[tuple[str, int]]) -> None:
        walker = Walker(db, library, quiz)
        for kind, number in acts:
            walker.act(kind, number)
        walker.finish()
        walker.check()
        assert walker.look() is None

    walks()
