"""The owner's file of scores: what it may say, and each mistake with its line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.app import App
from core.db import Database
from core.segments.scores import health, shipped
from core.segments.scores.job import compute_by_file, last_findings
from core.segments.scores.lead import EventPoints
from core.segments.scores.models import ScoreRun
from core.segments.scores.scheme import SHIPPED
from core.segments.scores.scheme_file import SchemeError, read_scheme
from core.settings import Settings
from tests.conftest import NOW
from tests.mailing.people import add_people
from tests.segments.scores.shops import written
from tests.ticking import tick

WHOLE = """
lead:
  answers:
    lead.term: {now: 20, someday: -5}
  events:
    wrote: {points: 10, days: 20, group: talk}
  group_caps: {talk: 30}
  fit_cap: 40
health:
  weights: {consumption: 1, activation: 0, outcome: 3}
  milestones: [file_taken, paid, paid]
lifecycle: {at_risk_days: 45, lapsed_days: 90, new_days: 14}
"""


def test_a_whole_file_is_taken_and_nothing_said_is_as_shipped(tmp_path: Path) -> None:
    made = read_scheme(str(written(tmp_path, WHOLE, "scores.yaml")))
    assert made.lead.answers == {"lead.term": {"now": 20, "someday": -5}}
    assert made.lead.events == {"wrote": EventPoints(10, 20, "talk")}
    assert (made.lead.fit_cap, made.lead.engagement_cap, made.lead.group_caps) == (40, 50, {"talk": 30})
    assert made.weights == {"consumption": 1, "activation": 0, "outcome": 3}
    assert made.milestones == ("file_taken", "paid")
    assert (made.at_risk_days, made.lapsed_days, made.new_days) == (45, 90, 14)
    little = read_scheme(str(written(tmp_path, "health: {milestones: [paid]}", "little.yaml")))
    assert (little.lead, dict(little.weights)) == (shipped.POINTS, dict(health.WEIGHTS))
    assert read_scheme("") is SHIPPED


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1:1: the file is empty; docs/scores.md shows one"),
        ("lead: &a {}\nhealth: *a", "2:1: references (`*name`) are not allowed in a set of points"),
        ("lead: !x {}", "remove it; a set of points is plain text"),
        ("x: 1\n" * 20_001, "write only what differs from what ships"),
        ("leed: {}", "1:1: unknown key `leed`; did you mean `lead`?"),
        ("lead:\n  answers:\n    term: {now: 5}", "3:5: `term` names no quiz"),
        ("lead:\n  events:\n    wrote: {points: much}", "3:21: `much` is no number"),
        ("lead:\n  events:\n    wrote: {points: 5, days: 0}", "3:30: 0 does not fit here"),
        ("lead:\n  events:\n    wrote: {points: 5, days: 2.5}", "write whole days"),
        ("lead: {fit_cap: -1}", "write a number above zero"),
        ("lead: {fit_cap: .inf}", "is no number"),
        ("lead: 5", "1:7: here should stand names with values"),
        ("health:\n  weights: {outcome: 0}", "purchases weigh nothing"),
        ("health: {weights: {outcome: -1}}", "write zero or more"),
        ("health: {milestones: paid}", "milestones are a list"),
        ("lifecycle: {at_risk_days: 60, lapsed_days: 60}", "give lapsed the larger number"),
        ("lead: {answers: [1]", "this is not YAML"),
        ("lifecycle: {at_risk_days: yes}", "is no number"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SchemeError) as refused:
        read_scheme(str(written(tmp_path, text, "scores.yaml")))
    assert told in str(refused.value)
    assert str(refused.value).startswith("scores.yaml:")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match="cannot be read"):
        read_scheme(str(tmp_path / "none.yaml"))


async def test_a_broken_file_leaves_the_scores_as_they_were(db: Database, tmp_path: Path) -> None:
    db.write_now(add_people, 3, NOW)
    compute_by_file(db, NOW, "")
    compute_by_file(db, NOW, str(written(tmp_path, "leed: 1", "scores.yaml")))
    found = db.read_now(last_findings)
    assert "unknown key `leed`" in found["problem"]
    assert found["people"] == 3
    compute_by_file(db, NOW, "")
    assert "problem" not in db.read_now(last_findings)


async def test_a_file_that_changes_is_due_at_once_and_a_broken_one_is_noted_once(
    db: Database, tmp_path: Path
) -> None:
    db.write_now(add_people, 3, NOW)
    file = written(tmp_path, "leed: 1", "scores.yaml")
    settings = Settings(_env_file=None, scores_file=str(file))  # type: ignore[call-arg]
    for minute in range(3):
        tick(db, NOW + timedelta(minutes=minute), settings)
    assert runs(db) == 1
    written(tmp_path, "lead: {fit_cap: 40}", "scores.yaml")
    tick(db, NOW + timedelta(minutes=3), settings)
    found = db.read_now(last_findings)
    assert (found.get("problem"), found["lead"]["points"]["fit_cap"]) == (None, 40)
    written(tmp_path, "lead: {fit_cap: 30}", "scores.yaml")
    for minute in range(4, 7):
        tick(db, NOW + timedelta(minutes=minute), settings)
    assert (runs(db), db.read_now(last_findings)["lead"]["points"]["fit_cap"]) == (3, 30)
    tick(db, NOW + timedelta(minutes=7), Settings(_env_file=None))  # type: ignore[call-arg]
    assert db.read_now(last_findings)["lead"]["points"]["fit_cap"] == 50  # it is no longer named


def runs(db: Database) -> int:
    return db.read_now(lambda session: session.scalar(select(func.count()).select_from(ScoreRun)) or 0)


def test_the_bot_does_not_start_with_a_broken_file(tmp_path: Path) -> None:
    file = written(tmp_path, "leed: 1", "scores.yaml")
    with pytest.raises(SchemeError, match=r"scores.yaml:1:1: unknown key `leed`"):
        App(Settings(_env_file=None, scores_file=str(file)))  # type: ignore[call-arg]
