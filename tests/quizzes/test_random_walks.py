"""Whatever people press, write or repeat: nobody is stuck, nothing counts twice, rows agree with a replay."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.db import Database
from core.people.text import fold
from core.quizzes import flow
from core.quizzes.loader import Library, load_folder
from core.quizzes.models import QuizRun
from core.quizzes.replay import replay
from core.quizzes.values import folded
from tests.quizzes.people import QUIZZES, Person, library_of
from tests.quizzes.shop import SHOP

TEXTS = [
    "12",
    "0",
    "2,5",
    "Казань",
    "anna@example.com",
    "привет",
    "",
    "<b>",
    "Пропустить",
    "x" * 5000,
    "{{ city }}",
]
ACTS = st.one_of(
    st.tuples(st.just("press"), st.integers(0, 12)),
    st.tuples(st.just("press"), st.integers(0, 12)),
    st.tuples(st.just("old"), st.integers(0, 200)),
    st.tuples(st.just("again"), st.just(0)),
    st.tuples(st.just("write"), st.integers(0, len(TEXTS) - 1)),
    st.tuples(st.just("share"), st.integers(0, 1)),
    st.tuples(st.just("begin"), st.just(0)),
    st.tuples(st.just("restart"), st.just(0)),
)
people = count(1000)


class Walker(Person):
    """A person who does anything, and is checked after each act."""

    def __init__(self, db: Database, library: Library, quiz: str) -> None:
        super().__init__(db, library, next(people))
        self.quiz = quiz
        self.sent: list[str] = []
        self.given: set[tuple[int, str]] = set()
        self.begin(quiz)

    def act(self, kind: str, number: int) -> None:
        before = self.stored()
        offered = [button.payload for row in self.on_screen.buttons for button in row]
        if kind == "press" and offered:
            self.sent.append(offered[number % len(offered)])
            self.send(self.sent[-1])
        elif kind in ("old", "again") and self.sent:
            self.send(self.sent[-1 if kind == "again" else number % len(self.sent)])
        elif kind == "write":
            self.write(TEXTS[number])
        elif kind == "share":
            self.share("79121234567", own=bool(number))
        elif kind == "begin":
            self.begin(self.quiz)
        elif kind == "restart":
            self.restart(self.quiz)
        if self.on_screen.stale or self.on_screen.problem:
            assert self.stored() == before, "a stale tap or a wrong answer changed something"
        self.check()

    def stored(self) -> dict[int, dict[str, Any]]:
        runs = select(QuizRun.id).where(QuizRun.subscriber_id == self.row.id)
        ids = self.db.read_now(lambda session: session.scalars(runs).all())
        return {run_id: self.answers(run_id) for run_id in ids}

    def check(self) -> None:
        stored = self.stored()
        self.given |= {(run_id, question) for run_id, answers in stored.items() for question in answers}
        assert self.events("quiz_started") == len(stored)
        assert self.events("quiz_answered") == len(self.given)
        finished = select(func.count()).where(
            QuizRun.subscriber_id == self.row.id, QuizRun.finished_at.is_not(None)
        )
        assert self.events("quiz_finished") == self.db.read_now(
            lambda session: session.scalars(finished).one()
        )
        self.check_run(max(stored), stored[max(stored)], first=len(stored) == 1)

    def check_run(self, run_id: int, answers: dict[str, Any], *, first: bool) -> None:
        quiz = self.library.quiz(self.quiz).quiz
        walk = flow.walk(quiz, answers)
        run = self.run(run_id)
        assert run.score == walk.score
        if run.finished_at is not None:
            assert walk.next is None
            found = replay(quiz, answers | {name: "anna@example.com" for name in answers if name == "email"})
            assert (run.score, run.result, self.tags()) == (found.score, found.result, set(found.tags))
            assert self.latest() == known(answers) | {"result": [found.result], "score": [str(found.score)]}
            return
        assert walk.next is not None, "all is answered and the run is open"
        if first:
            assert self.tags() == walk.tags
            assert self.latest() == known(answers)
        seen = self.look()
        assert seen is not None
        assert seen.wants in ("text", "contact") or any(row for row in seen.buttons)
        assert seen.progress is not None
        assert 1 <= seen.progress[0] <= seen.progress[1] <= len(quiz.questions)

    def finish(self) -> None:
        """Go to the end the plain way; nobody may need more acts than two a question."""
        if self.on_screen.kind == "gone":
            self.begin(self.quiz)
        for _ in range(30):
            seen = self.look()
            if seen is None:
                return
            self.screen = seen
            actions = {
                button.payload.split(":")[2][0]: button.payload for row in seen.buttons for button in row
            }
            way = next((actions[one] for one in "cksrygv" if one in actions), None)
            if way is None and "d" in actions:
                way = actions["d"] if "x" in actions else actions["o"]
            if way is not None or "o" in actions:
                self.send(way or actions["o"])
            elif seen.wants == "contact":
                self.share("79121234567")
            else:
                self.write("10")
                self.write("Казань")
        pytest.fail("the quiz does not end")


def known(answers: dict[str, Any]) -> dict[str, list[str]]:
    lists = {name: value if isinstance(value, list) else [value] for name, value in answers.items()}
    return {
        name: sorted(fold(folded(one)) for one in values)
        for name, values in lists.items()
        if values != [None]
    }


@pytest.mark.parametrize("quiz", ["shop", "entry", "nps"])
async def test_any_walk_agrees_with_its_replay(db: Database, quiz: str) -> None:
    library = load_folder(QUIZZES)
    library.quizzes.update(library_of(SHOP).quizzes)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts=st.lists(ACTS, max_size=25))
    def walks(acts: list[tuple[str, int]]) -> None:
        walker = Walker(db, library, quiz)
        for kind, number in acts:
            walker.act(kind, number)
        walker.finish()
        walker.check()
        assert walker.look() is None

    walks()
