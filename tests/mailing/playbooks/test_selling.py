"""The series that sell: their texts keep to the facts and the limits, and every answer leads its own way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy.orm import Session

from core.db import Database, note_touched
from core.mailing import content, markup
from core.mailing.series import enrolling, shipped
from core.mailing.series.definition import Step
from core.people import archive
from core.people.activity import record
from tests.mailing.playbooks.life import living, tags, taps, writes
from tests.mailing.series.test_stories import buys
from tests.mailing.series.world import World

SELLING = ("selling", "warming", "why_not_yet", "ultimatum_soft", "ultimatum_hard")
# What is true of the demonstration business: a sum or a street in any text is one of these.
SUMS = {
    "ru": {"900", "1 900", "2 400", "12 900", "14 000", "36 000"},
    "en": {"9", "19", "24", "129", "140", "360"},
}
STREETS = {"ru": {"Нагорной"}, "en": {"Nagornaya"}}
LINKS = {"https://example.com/own-people", "https://example.com/one-hour"}
_SUM = {"ru": re.compile(r"(\d[\d ]*\d|\d) ₽"), "en": re.compile(r"£(\d+)")}
_STREET = {"ru": re.compile(r"на (\w+)(?: улице|(?= закрывают))"), "en": re.compile(r"(\w+) Street")}


def texts(names: Iterable[str]) -> Iterator[tuple[str, Step, str, str]]:
    """Every text of these series: its place, its step, its language."""
    for name in names:
        for step in shipped.loaded(name).definition.steps:
            for variant in step.variants:
                for language, words in variant.contents.items():
                    yield f"{name}/{step.key}/{language}", step, language, words.text


TEXTS = list(texts(SELLING))


@pytest.mark.parametrize(
    ("step", "language", "text"), [one[1:] for one in TEXTS], ids=[one[0] for one in TEXTS]
)
def test_a_text_is_whole_short_and_personal(step: Step, language: str, text: str) -> None:
    written = content.template(text).render(content.Reader(first_name="Ann"))
    assert written.count("Ann") == 1
    assert 'default: "' in text
    words = len(re.findall(r"\w+", markup.plain(written)))
    assert 25 <= words <= 180
    assert "!" not in text
    for button in (one for row in step.variants[0].contents[language].buttons for one in row):
        assert button.get("url", "https://example.com/own-people") in LINKS
        assert len(button["text"]) <= 20


def test_no_text_of_any_series_names_a_sum_or_a_street_that_is_not_the_business_s() -> None:
    met: dict[str, set[str]] = {"ru": set(), "en": set()}
    for place, _, language, text in texts(shipped.names()):
        found = set(_SUM[language].findall(text))
        assert found <= SUMS[language], place
        assert set(_STREET[language].findall(text)) <= STREETS[language], place
        met[language] |= found
    assert met == SUMS  # none is kept here that no letter names


def test_the_selling_series_has_21_letters_each_with_its_purpose_and_two_or_three_days_between() -> None:
    given = shipped.loaded("selling").definition
    letters = [step for step in given.steps if step.kind == "letter"]
    assert len(letters) == len(given.steps) == 21
    assert {step.delay.days for step in letters[1:]} == {2, 3}
    assert {step.delay.at for step in letters} == {11 * 60}
    purposes = re.findall(r"^ +# Purpose: (.+)$", shipped.loaded("selling").text, re.MULTILINE)
    assert len(set(purposes)) == 21
    for step in letters:
        assert len(re.findall(r"\w+", step.variants[0].contents["ru"].text)) >= 60
    assert given.goal == "purchases >= 1"
    assert given.kind == "selling"


def enters(session: Session, /, who: int, now: datetime) -> None:
    """He finishes the entry quiz."""
    detail = {"quiz": "entry", "result": "owner"}
    record(session, who, "quiz_finished", now, detail=detail, key=f"quiz:{who}:finished")
    note_touched(session, [who], now)


def until(world: World, who: int, step: str) -> None:
    """Days pass, and he reads, until the letter of this step has come."""
    for _ in range(40):
        if step in world.letters(who):
            return
        world.later(days=2)
        world.db.write_now(writes, who, world.now)
    raise AssertionError(f"{step} never came; there were {world.letters(who)}")


async def test_expensive_gets_something_smaller_and_a_purchase_ends_all(db: Database, now: datetime) -> None:
    world = living(db, now, *SELLING[:4])
    for who in (1, 2):
        world.db.write_now(enters, who, now)
    until(world, 1, "proof")
    world.db.write_now(buys, 2, world.now)
    assert world.states("selling") == {"active": 1, "goal": 1}

    until(world, 1, "question")
    assert len(world.letters(2)) == 5
    assert world.letters(1)[0] == "what_is_coming"
    assert world.letters(1)[-2:] == ["deadline", "question"]
    got = [one.at for one in world.got() if one.who == 1]
    assert len(got) == 22
    assert timedelta(days=40) <= got[20] - got[0] <= timedelta(days=60)
    gaps = {(later - sooner).days for sooner, later in pairwise(got[:21])}
    assert gaps <= {2, 3, 4}  # a Sunday in between
    assert [later - sooner for sooner, later in pairwise(got[18:21])] == [
        timedelta(days=2)
    ] * 2  # four days, as promised

    world.db.write_now(taps, 1, "question", "tag.why_expensive", world.now)
    world.later(minutes=1)
    assert world.letters(1)[-1] == "smaller_offer"
    world.db.write_now(buys, 1, world.now)
    assert world.states("why_not_yet") == {"goal": 1}
    world.later(days=12)
    assert len(world.letters(1)) == 23
    assert not world.states("warming")


async def test_every_answer_leads_its_own_way_and_later_on_the_day_asked_for(
    db: Database, now: datetime
) -> None:
    world = living(db, now, *SELLING[1:4])
    enrolling.enroll_all(db, "why_not_yet", "status = active", now, "test")
    world.later(days=3)
    assert world.letters() == ["question"] * 6
    answers = ("later", "expensive", "not_mine", "elsewhere", "later", "later")
    for who, reason in enumerate(answers, 1):
        world.db.write_now(taps, who, "question", f"tag.why_{reason}", world.now)
    world.later(minutes=1)
    assert [world.letters(who)[-1] for who in range(1, 7)] == [
        "when", "smaller_offer", "other_subjects", "thanks_elsewhere", "when", "when",
    ]  # fmt: skip
    assert archive.PAUSED in world.db.read_now(tags, 1)
    for who, step, code in (
        (3, "other_subjects", "archived"), (4, "thanks_elsewhere", "elsewhere_price"),
        (5, "when", "later_week"), (6, "when", "later_season"),
    ):  # fmt: skip
        world.db.write_now(taps, who, step, f"tag.{code}", world.now)

    world.later(days=8)
    assert world.letters(5) == ["question", "when", "knock"]
    world.later(days=21)
    assert world.letters(1) == ["question", "when"]
    assert archive.PAUSED in world.db.read_now(tags, 1)
    world.later(days=2)
    assert world.letters(1)[-1] == "knock"
    assert archive.PAUSED not in world.db.read_now(tags, 1)
    assert world.states("why_not_yet")["archived"] == 1
    assert world.letters(4) == ["question", "thanks_elsewhere"]

    world.later(days=57)
    warm = [step.key for step in shipped.loaded("warming").definition.steps]
    assert world.letters(1)[3:] == warm
    assert world.letters(2)[2:] == warm
    assert world.letters(6) == ["question", "when"]
    world.later(days=4)
    assert world.letters(6) == ["question", "when", "knock"]


@pytest.mark.parametrize("tone", ["soft", "hard"])
async def test_whoever_answers_nothing_is_asked_yes_or_no_once(
    db: Database, now: datetime, tone: str
) -> None:
    series = f"ultimatum_{tone}"
    world = living(db, now, "warming", "why_not_yet", series)
    enrolling.enroll_all(db, "why_not_yet", "status = active", now, "test")
    world.later(days=15)
    assert world.letters(1) == ["question", "once_more", "yes_or_no"]
    world.db.write_now(taps, 1, "yes_or_no", "tag.choice_yes", world.now)
    world.db.write_now(taps, 2, "yes_or_no", "tag.choice_no", world.now)
    world.later(days=5)
    assert [world.letters(who)[-1] for who in (1, 2, 3)] == ["yes", "no", "last_call"]
    world.later(days=12)
    assert archive.ARCHIVED in world.db.read_now(tags, 3)
    assert archive.ARCHIVED not in world.db.read_now(tags, 1)
    assert (archive.ARCHIVED in world.db.read_now(tags, 2)) is (tone == "hard")
    assert ("tenth_day" in world.letters(2)) is (tone == "soft")
    assert world.letters(3)[3:] == ["last_call"]
