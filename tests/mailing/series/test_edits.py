"""Edits reach people mid-way as docs/series.md says; a mistake in a file is told with its line and remedy."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.db import Database
from core.mailing.series import advancing, checking, shelf, shipped, source
from core.mailing.series.definition import SeriesError
from core.mailing.series.models import Series
from core.segments import presets
from tests.mailing.people import add_people
from tests.mailing.series.test_stories import tag
from tests.mailing.series.world import SALES, World, kept, text_of, texts

A, B, C = (
    "- {key: a, letter: {text: А}}",
    "- {key: b, after: 2 days, letter: {text: Б}}",
    "- {key: c, after: 2 days, letter: {text: В}}",
)


@pytest.fixture
def world(db: Database, now: datetime) -> World:
    db.write_now(add_people, 5, now)
    return World(db, now)


def edit(world: World, *steps: str, **fields: str) -> None:
    world.db.write_now(kept, text_of("\n".join(steps), **fields), world.now, is_on=False)


def begun(world: World) -> None:
    """Person 1 has had the first letter and waits for the second."""
    world.db.write_now(kept, text_of("\n".join([A, B, C])), world.now)
    world.db.write_now(tag, 1, world.now)
    world.step()
    world.later(days=1)


async def test_a_changed_text_is_used_from_the_next_letter_on(world: World) -> None:
    begun(world)
    world.db.write_now(tag, 2, world.now)
    advancing.advance(world.db, world.now)  # his first letter is written out
    edit(world, A.replace("А}", "Новое А}"), B.replace("Б}", "Новое Б}"), C)
    world.db.write_now(tag, 3, world.now)
    world.step()
    world.later(days=2)
    assert world.db.read_now(texts)[:4] == ["А", "А", "Новое А", "Новое Б"]


async def test_a_new_step_is_met_by_those_who_stand_before_it(world: World) -> None:
    begun(world)
    world.db.write_now(tag, 2, world.now)
    advancing.advance(world.db, world.now)  # the letter of 2 is under way, 1 waits for b
    edit(world, A, "- {key: x, after: 1 day, letter: {text: Х}}", B, C)
    world.later(days=7)
    assert world.letters(1) == ["a", "b", "c"]
    assert world.letters(2) == ["a", "x", "b", "c"]


async def test_whoever_waits_at_a_removed_step_goes_on_to_the_next(world: World) -> None:
    begun(world)
    edit(world, A, C)
    began = world.now
    world.later(days=5)
    assert world.letters(1) == ["a", "c"]
    assert (world.got()[1].at - began).days == 3  # when b would have been done, and two days more
    assert world.states() == {"finished": 1}


async def test_a_step_that_was_had_is_not_done_again_wherever_it_is_put(world: World) -> None:
    begun(world)
    edit(world, B, A.replace("key: a,", "key: a, after: 1 day,"), C)
    world.later(days=9)
    assert world.letters(1) == ["a", "b", "c"]
    assert world.states() == {"finished": 1}


async def test_a_changed_goal_holds_at_once(world: World) -> None:
    begun(world)
    edit(world, A, B, C, goal="tag lead")
    world.later(days=5)
    assert world.letters(1) == ["a"]
    assert world.states() == {"goal": 1}


async def test_a_step_keeps_its_kind(world: World) -> None:
    begun(world)
    with pytest.raises(SeriesError, match="was a letter and cannot become a tag; give the new step a key"):
        edit(world, "- {key: a, tag: {add: [x]}}", B, C)


async def test_a_series_whose_rule_cannot_be_read_stands_still_and_nothing_else_does(world: World) -> None:
    begun(world)
    world.db.write_now(kept, text_of(A, name="other", starts="{tag: other}"), world.now)

    def break_rule(session: Session) -> None:
        session.execute(
            update(Series).where(Series.name == "sales").values(goal="in segment nowhere", revision=9)
        )

    world.db.write_now(break_rule)
    world.db.write_now(tag, 1, world.now, "vip")
    world.db.write_now(tag, 2, world.now, "other")
    world.later(days=3)
    assert world.letters(2) == ["a"]
    error = select(Series.error).where(Series.name == "sales")
    assert "nowhere" in str(world.db.read_now(lambda s: s.scalar(error)))
    assert world.states() == {"active": 1}


@pytest.mark.parametrize(
    ("was", "wrong", "told"),
    [
        ("kind: selling", "kind: pushy", "4:7: `pushy` cannot stand here; write one of selling, regular"),
        ("goal: p", "gaol: p", "7:1: unknown key `gaol`; did you mean `goal`?"),
        (
            "after: 2 days",
            "after: soon",
            "12:12: `soon` is no pause; write e.g. `after: 2 days`",
        ),
        (
            "key: second",
            "key: first",
            "11:10: the key `first` is another step's; give each step",
        ),
        (
            "    after: 1 day\n",
            "",
            "14:5: two letters follow each other without a pause",
        ),
        (
            "{tag: lead}",
            "{tag: lead, quiz: entry}",
            "6:1: a series starts by one thing; write one of segment, quiz",
        ),
        (
            "{tag: lead}",
            "{date: birthday}",
            "6:1: a date comes every year; say `again: each` or `again: never`",
        ),
        ("purchases >= 1", "purchases >=", "7:7: the rule cannot be read (line 1, column 13"),
        ("Второе письмо", "<b>Второе", "13:20: The text"),
        ("name: sales", "name: Sales!", "2:7: `Sales!` is no name; a name is a–z, 0–9"),
        ("steps:", "stepz:", "8:1: unknown key `stepz`; did you mean `steps`?"),
        ("letter: {text: Третье письмо}", "letter: {}", "16:5: the letter has no text"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_place_and_remedy(was: str, wrong: str, told: str) -> None:
    assert was in SALES
    with pytest.raises(SeriesError) as error:
        source.load(SALES.replace(was, wrong, 1), "s.yaml")
    assert f"s.yaml:{told}" in str(error.value)


async def test_the_series_of_the_page_fits_a_new_database(world: World, now: datetime) -> None:
    world.db.write_now(presets.install, now)
    page = Path("docs/series.md").read_text(encoding="utf-8")
    shown = source.load(page.split("```yaml\n")[1].split("```")[0], "docs/series.md")
    world.db.read_now(checking.check, shown, now)
    for step in shown.definition.steps:
        assert all(list(one.contents) == ["ru", "en"] for one in step.variants)


async def test_a_shipped_series_is_kept_with_those_it_hands_people_on_to(world: World, now: datetime) -> None:
    world.db.write_now(presets.install, now)
    for name in shipped.names():
        world.db.write_now(shipped.keep, name, now)
        world.db.write_now(shipped.keep, name, now)
    kept_now = world.db.read_now(shelf.all_series)
    assert {one.name for one in kept_now} == set(shipped.names())
    assert not any(one.is_on for one in kept_now)
