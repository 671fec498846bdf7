"""Whatever happens in whatever order, killed between any two writes: the books of a series add up."""

from __future__ import annotations

import contextlib
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import tick
from core.db import Database
from core.mailing.models import Delivery
from core.mailing.series import advancing, counts, shelf, source
from core.mailing.series.models import Enrollment, Series, SeriesStep
from core.people import subscribers
from core.people.models import Event
from tests.conftest import NOW, fresh_database
from tests.mailing.people import add_people
from tests.mailing.series.test_stories import buys, tag
from tests.mailing.series.world import World, due_ids, send_due, text_of

PEOPLE = 4
STEPS = {
    "a": "- {key: a, after: 0, letter: {text: А}}",
    "b": "- {key: b, after: 1 day, if: tag vip, letter: {text: Б}}",
    "c": '- {key: c, after: 2 days, at: "10:00", weekdays: [mon, wed, fri], letter: {text: В}}',
    "t": "- {key: t, tag: {add: [vip], remove: [lead]}}",
    "w": "- {key: w, wait: {until: tag vip, days: 3}}",
    "x": "- {key: x, after: 3 hours, letter_key: case, letter: {text: Х}}",
    "on": "- {key: on, after: 1 day, series: next}",
}
NEXT = text_of(
    "- {key: n, letter: {text: Н}}\n- {key: y, after: 1 day, letter_key: case, letter: {text: Х}}",
    name="next", starts="{tag: next}", again="each",
)  # fmt: skip


class KilledError(Exception):
    """The process died here."""


class Mortal:
    """A database whose process dies before or after its so-many-th write."""

    def __init__(self, db: Database, writes: int, *, after: bool) -> None:
        self._db, self._left, self._after = db, writes, after
        self.read_now = db.read_now

    def write_now(self, verb: Any, *args: Any, **kwargs: Any) -> Any:
        self._left -= 1
        if self._left < 0 and not self._after:
            raise KilledError
        answer = self._db.write_now(verb, *args, **kwargs)
        if self._left < 0:
            raise KilledError
        return answer


edits = (
    st.permutations([*STEPS])
    .flatmap(lambda keys: st.integers(1, len(keys)).map(lambda n: keys[:n]))
    .map(lambda keys: [key for key in keys if key != "on"] + [key for key in keys if key == "on"])
)
people = st.integers(1, PEOPLE)
acts = st.one_of(
    st.tuples(st.just("tag"), people, st.sampled_from(["lead", "vip", "next"])),
    st.tuples(st.sampled_from(["buy", "out", "in", "block", "unblock"]), people),
    st.tuples(st.just("later"), st.integers(1, 60)),
    st.tuples(st.just("edit"), edits),
    st.tuples(st.just("switch"), st.booleans()),
    st.tuples(st.just("kill"), st.integers(0, 4), st.booleans()),
    st.tuples(st.just("unsent"), st.booleans()),
)


def edited(session: Session, /, keys: list[str], moment: Any) -> None:
    text = text_of("\n".join(STEPS[key] for key in keys), again="{days: 5}", goal="purchases >= 1")
    shelf.add(session, source.load(text, "s.yaml"), moment)


class Story:
    def __init__(self, world: World) -> None:
        self.world, self.db, self.n = world, world.db, 0

    def do(self, act: tuple[Any, ...]) -> None:
        self.n += 1
        name, *given = act
        getattr(self, f"_{name}")(*given)

    def _tag(self, who: int, name: str) -> None:
        self.db.write_now(tag, who, self.world.now, name)

    def _buy(self, who: int) -> None:
        self.db.write_now(buys, who, self.world.now)

    def _out(self, who: int) -> None:
        self.db.write_now(subscribers.opt_out, who, self.world.now, f"u{self.n}")

    def _in(self, who: int) -> None:
        self.db.write_now(subscribers.opt_in, who, self.world.now, f"u{self.n}")

    def _block(self, who: int) -> None:
        self.db.write_now(subscribers.mark_blocked, 1000 + who, self.world.now, f"u{self.n}")

    def _unblock(self, who: int) -> None:
        self.db.write_now(subscribers.mark_unblocked, 1000 + who, self.world.now, f"u{self.n}")

    def _later(self, hours: int) -> None:
        self.world.later(hours=hours)

    def _edit(self, keys: list[str]) -> None:
        self.db.write_now(edited, keys, self.world.now)

    def _switch(self, is_on: bool) -> None:
        self.db.write_now(shelf.switch_on if is_on else shelf.switch_off, "sales", self.world.now)

    def _unsent(self, first: bool) -> None:
        advancing.advance(self.db, self.world.now)
        if first and self.db.read_now(due_ids, self.world.now):
            self.db.write_now(send_due, self.world.now)

    def _kill(self, writes: int, after: bool) -> None:
        mortal = Mortal(self.db, writes, after=after)
        with contextlib.suppress(KilledError):
            advancing.advance(mortal, self.world.now)  # type: ignore[arg-type]


def check_books(session: Session) -> None:
    """What holds at every moment."""
    rows = session.execute(select(Enrollment)).scalars().all()
    active = Counter((row.series_id, row.subscriber_id) for row in rows if row.state == "active")
    assert not active or max(active.values()) == 1
    for row in rows:
        assert (row.state == "active") == (row.ended_at is None)
        letters = session.execute(
            select(SeriesStep.id, Delivery.state, Delivery.followed_at)
            .join(SeriesStep, SeriesStep.campaign_id == Delivery.campaign_id)
            .where(Delivery.occasion == f"enrollment:{row.id}")
        ).all()
        assert len({step for step, *_ in letters}) == len(letters)
        if row.state != "active":
            assert "planned" not in {state for _, state, _ in letters}
        elif row.due_at is None:  # it can go on: its letter is under way, or its end is not followed yet
            assert [step for step, _, followed in letters if followed is None] == [row.step_id]
    for series in session.scalars(select(Series)):
        found = counts.numbers(session, series.id)
        mine = [row for row in rows if row.series_id == series.id]
        assert found.entered == found.active + sum(found.ends.values()) == len(mine)
        assert sum(step.here for step in found.steps) <= found.active
    finished = session.scalar(select(func.count()).where(Event.kind == "series_finished"))
    assert finished == sum(row.state == "finished" for row in rows)


@pytest.fixture(scope="module")
def built(built_database: str) -> str:
    return built_database


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(story=st.lists(acts, min_size=4, max_size=12))
def test_nobody_gets_a_letter_twice_and_every_way_ends_once(built: str, story: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder, fresh_database(Path(folder), built) as url:
        db = Database(url, on_touched=tick.touched)
        db.write_now(add_people, PEOPLE, NOW)
        world = World(db, NOW)
        db.write_now(lambda s: shelf.add(s, source.load(NEXT, "n.yaml"), NOW))
        db.write_now(shelf.switch_on, "next", NOW)
        db.write_now(edited, ["a", "w", "c", "on"], NOW)
        db.write_now(shelf.switch_on, "sales", NOW)
        teller = Story(world)
        for act in story:
            teller.do(act)
            db.read_now(check_books)
        db.write_now(shelf.switch_on, "sales", world.now)
        world.now += timedelta(minutes=1)
        for _ in range(20):
            world.now += timedelta(days=1)
            world.step()
        db.read_now(check_books)
        assert set(world.states() + world.states("next")) <= {
            "finished", "goal", "opted_out", "blocked", "moved", "rule",
        }  # fmt: skip
        db.close_now()
