"""The tick a minute: no step that fails stops another one, and the owners hear of it once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.jobs import Jobs
from bot.texts import Texts
from core import clock, tick
from core.db import Database
from core.settings import Settings


class Watched:
    """A job whose calls to the outside are kept."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self.rung: list[str] = []
        self.digests = self.woken = 0
        self.jobs = Jobs(db, settings, self._wake, self._digest, self._ring)

    def _wake(self) -> None:
        self.woken += 1

    async def _digest(self, _now: datetime) -> None:
        self.digests += 1

    async def _ring(self, key: str, _detail: str) -> None:
        self.rung.append(key)


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch, now: datetime) -> list[datetime]:
    held = [now]
    monkeypatch.setattr(clock, "now", lambda: held[0])
    return held


def broken(*_: Any, **__: Any) -> None:
    raise RuntimeError("broken")


async def test_whatever_fails_people_are_erased_letters_begin_and_the_digest_goes(
    db: Database, monkeypatch: pytest.MonkeyPatch, moment: list[datetime]
) -> None:
    done: list[str] = []
    monkeypatch.setattr("core.privacy.finish_due", lambda *_: done.append("privacy"))
    monkeypatch.setattr("core.people.inbox.sweep", lambda *_: done.append("inbox"))
    monkeypatch.setattr("core.mailing.tick.tick", lambda *_: [done.append("mailing")].__len__())
    monkeypatch.setattr(tick, "_is_a_days_work_due", broken)  # people and scores
    monkeypatch.setattr("core.segments.presets.is_covered", broken)
    monkeypatch.setattr("core.segments.refresh.refresh_all", broken)
    monkeypatch.setattr("core.reports.guards.watch", broken)
    watched = Watched(db, Settings(_env_file=None))  # type: ignore[call-arg]
    for minute in range(3):
        moment[0] += timedelta(minutes=minute)
        await watched.jobs.tick()
    assert done == ["privacy", "inbox", "mailing"] * 3
    assert (watched.digests, watched.woken) == (3, 3)
    failing = ("people", "scores", "coverage", "segments", "guards")
    assert watched.rung == [f"alert-step-{name}" for name in failing]


async def test_a_long_step_that_fails_rests_and_is_news_again_after_it_has_worked(
    db: Database, monkeypatch: pytest.MonkeyPatch, moment: list[datetime]
) -> None:
    tried: list[datetime] = []
    works = [False]

    def watch(_db: Database, now: datetime, _settings: Settings) -> int:
        tried.append(now)
        return 0 if works[0] else broken()  # type: ignore[func-returns-value, return-value]

    monkeypatch.setattr("core.reports.guards.watch", watch)
    watched = Watched(db, Settings(_env_file=None))  # type: ignore[call-arg]
    first = moment[0]
    for minute in range(21):
        moment[0] = first + timedelta(minutes=minute)
        works[0] = minute == 20
        await watched.jobs.tick()
    assert tried == [first, first + tick.RESTS, first + 2 * tick.RESTS]
    assert watched.rung == ["alert-step-guards"]
    works[0], moment[0] = False, first + timedelta(minutes=21)
    await watched.jobs.tick()
    assert watched.rung == ["alert-step-guards"] * 2


def test_every_step_has_its_words(db: Database, now: datetime) -> None:
    texts = Texts()
    names = [step.name for step in tick.steps(db, now, Settings(_env_file=None))]  # type: ignore[call-arg]
    told = {texts[language](f"alert-step-{name}", detail=name) for language in ("ru", "en") for name in names}
    assert len(told) == 2 * len(names)
