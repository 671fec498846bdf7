"""Who moved from where to where: rows and columns sum to the sizes, and money goes with the people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from core.db import Database
from core.people.models import Subscriber
from core.reports import charts_movement, movement
from core.reports.movement import ABSENT, NONE, Cell, MovementError
from core.reports.movement_family import family
from core.sales.models import Purchase
from core.segments import past, presets, rules
from core.segments.errors import SegmentError
from core.segments.models import Membership, Segment

NOW = datetime(2026, 10, 3, 9, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 8, 31), date(2026, 9, 30)
BEGIN = datetime(2026, 8, 1, tzinfo=UTC)
NAMES = ("calm", "wild", "gone")

# A life: when he came, and where he went after how many hours each time (None: nowhere).
lives = st.lists(
    st.tuples(
        st.integers(0, 64 * 24),
        st.lists(st.tuples(st.integers(1, 30 * 24), st.sampled_from([1, 2, 3, None])), max_size=6),
    ),
    max_size=25,
)
Life = tuple[int, list[tuple[int, int | None]]]


def add_segments(session: Session, names: tuple[str, ...] = NAMES, family: str = "life") -> None:
    rows = [
        {
            "id": number,
            "name": name,
            "title_ru": name,
            "title_en": name,
            "family": family,
            "rule": "letters >= 0",
        }
        for number, name in enumerate(names, 1)
    ]
    session.execute(insert(Segment), [{**row, "created_at": BEGIN, "size": 0} for row in rows])


def add_lives(session: Session, all_lives: list[Life]) -> None:
    for model in (Purchase, Membership, Subscriber, Segment):
        session.execute(delete(model))
    add_segments(session)
    people, stays = [], []
    for who, (hours, steps) in enumerate(all_lives, 1):
        came = BEGIN + timedelta(hours=hours)
        people.append({"id": who, "status": "active", "created_at": came})
        moments = [came]
        for length, _ in steps:
            moments.append(moments[-1] + timedelta(hours=length))
        for (_, number), entered, left in zip(steps, moments, moments[1:], strict=False):
            if number is not None and entered <= NOW:
                stay = {"segment_id": number, "subscriber_id": who, "entered_at": entered}
                stays.append({**stay, "left_at": left if left <= NOW else None})
    if people:
        session.execute(insert(Subscriber), people)
    if stays:
        session.execute(insert(Membership), stays)


def place_of(life: Life, end: datetime) -> int:
    """The oracle: where somebody was when a day ended, straight from his life."""
    hours, steps = life
    at = BEGIN + timedelta(hours=hours)
    if at >= end:
        return ABSENT
    for length, number in steps:
        left = at + timedelta(hours=length)
        if at < end <= left or (left > NOW and at < end):
            return number or NONE
        at = left
    return NONE


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(all_lives=lives)
async def test_rows_and_columns_sum_to_the_sizes_on_both_days(db: Database, all_lives: list[Life]) -> None:
    db.write_now(add_lives, all_lives)
    found = db.read_now(movement.movement, NAMES, FIRST, LAST, NOW)
    ends = past.day_end(FIRST), past.day_end(LAST)
    expected: dict[tuple[int, int], int] = {}
    for life in all_lives:
        pair = place_of(life, ends[0]), place_of(life, ends[1])
        expected[pair] = expected.get(pair, 0) + 1
    expected.pop((ABSENT, ABSENT), None)
    assert {(cell.source, cell.target): cell.people for cell in found.cells} == expected
    for number, name in enumerate(NAMES, 1):
        assert found.people(source=number) == db.read_now(past.on_day, name, FIRST, NOW).count
        assert found.people(target=number) == db.read_now(past.on_day, name, LAST, NOW).count
    assert found.people(source=ABSENT) + found.people(source=NONE) + found.stood == found.people()
    assert found.stood - found.moved == sum(found.people(number, number) for number in (1, 2, 3))
    assert found.overlap == 0


async def test_of_several_segments_at_once_the_smallest_holds(db: Database) -> None:
    def story(session: Session) -> None:
        add_segments(session, ("silent_14", "silent_30"))
        session.execute(insert(Subscriber), [{"id": 1, "status": "active", "created_at": BEGIN}])
        stays = ((1, date(2026, 8, 20)), (2, date(2026, 9, 5)))
        for number, day in stays:
            stay = {"segment_id": number, "subscriber_id": 1, "entered_at": past.day_end(day)}
            session.execute(insert(Membership), [stay])
        session.get_one(Segment, 1).size = 2
        session.get_one(Segment, 2).size = 1

    db.write_now(story)
    found = db.read_now(movement.movement, ("silent_14", "silent_30"), FIRST, LAST, NOW)
    assert found.cells == (Cell(1, 2, 1),)
    assert found.overlap == 1
    assert (found.moved, found.stood) == (1, 1)


async def test_money_goes_with_those_who_paid_it(db: Database) -> None:
    def story(session: Session) -> None:
        add_lives(session, [(0, [(1, None), (35 * 24, 1), (900, 2)]), (0, []), (40 * 24, [(1, 3)])])
        for number, (who, day, amount) in enumerate(
            ((1, 10, 100), (1, 40, 700), (1, -90, 9999), (2, 20, 50), (3, 45, 5), (1, 41, None))
        ):
            order = {"order_id": str(number), "subscriber_id": who, "at": BEGIN + timedelta(days=day)}
            money = {"amount": amount or 1, "currency": "RUB", "base_amount": amount}
            session.execute(insert(Purchase), [{**order, **money}])

    db.write_now(story)
    found = db.read_now(movement.movement, NAMES, FIRST, LAST, NOW, money=True)
    assert sorted((c.source, c.target, c.people, c.before, c.after) for c in found.cells) == [
        (ABSENT, NONE, 1, 0, 0),
        (NONE, NONE, 1, 50, 5),  # a newcomer's money is told with that of all others
        (1, 2, 1, 100, 700),
    ]


async def test_months_are_compared_one_after_another(db: Database) -> None:
    db.write_now(add_lives, [(0, [(35 * 24, 1), (9000, 2)])])
    found = db.read_now(movement.by_month, NAMES, 3, NOW)
    assert [(one.first, one.last) for one in found] == [
        (date(2026, 9, 30), date(2026, 10, 3)),
        (date(2026, 8, 31), date(2026, 9, 30)),
        (date(2026, 7, 31), date(2026, 8, 31)),
    ]
    assert [[(c.source, c.target) for c in one.cells] for one in found] == [[(2, 2)], [(1, 2)], [(ABSENT, 1)]]


async def test_what_cannot_be_compared_is_told(db: Database) -> None:
    refused: tuple[tuple[tuple[str, ...], date, date, str], ...] = (
        (NAMES, LAST, FIRST, "2026-09-30 is not before 2026-08-31"),
        (NAMES, LAST, LAST, "give the earlier day first"),
        (NAMES, FIRST, date(2026, 10, 4), "2026-10-04 is still to come"),
        (("clam",), FIRST, LAST, "there is no segment `clam`, did you mean `calm`"),
        ((), FIRST, LAST, "between 1 and 40"),
    )
    db.write_now(add_segments)
    for names, first, last, words in refused:
        with pytest.raises((MovementError, SegmentError), match=words):
            db.read_now(movement.movement, names, first, last, NOW)


async def test_a_family_is_its_enabled_segments(db: Database) -> None:
    db.write_now(add_segments)
    db.write_now(lambda session: setattr(session.get_one(Segment, 2), "enabled", False))
    assert db.read_now(family, "life") == ("calm", "gone")
    with pytest.raises(MovementError, match="there are: life"):
        db.read_now(family, "live")


async def test_only_values_of_one_field_and_nothing_else_exclude_each_other(db: Database) -> None:
    """Two rules of the shipped money family begin alike and say quite different things."""
    db.write_now(presets.install, NOW)
    money = db.read_now(family, "money")
    assert set(money) == {"no_purchase", "buyers", "finished_series", "next_purchase_soon"}
    life = {db.read_now(rules.find, name).rule for name in db.read_now(family, "lifecycle")}
    assert life
    assert all(rule.startswith("lifecycle = ") for rule in life)

    def add(session: Session) -> None:
        for name, rule in (
            ("kazan", "attr.city = Казань"),
            ("omsk", "attr.city = Омск"),
            ("tula", "attr.city = Тула and purchases = 0"),
        ):
            rules.define(session, name, rule, (name, name), NOW, family="towns")

    db.write_now(add)
    assert db.read_now(family, "towns") == ("kazan", "omsk")
    numbers = {name: db.read_now(rules.find, name).number for name in ("omsk", "tula")}
    assert db.read_now(family, "towns", numbers["omsk"]) == ("kazan", "omsk")
    assert db.read_now(family, "towns", numbers["tula"]) == ("kazan", "omsk", "tula")


def test_the_picture_shows_all_who_came_and_hides_who_was_in_none_on_both_days() -> None:
    places = tuple(
        movement.Place(number, name, name, name) for number, name in ((1, "a"), (NONE, "n"), (ABSENT, "x"))
    )
    cells = (Cell(ABSENT, 1, 121), Cell(ABSENT, NONE, 22), Cell(NONE, NONE, 7))
    found = movement.Movement(FIRST, LAST, places, cells, 0)
    shown = charts_movement._shown(found)
    assert [(one.source, one.people) for one in shown] == [(ABSENT, 121), (ABSENT, 22)]
    assert charts_movement.movement_chart(found, "Покупки", "ru").startswith(b"\x89PNG")
    empty = movement.Movement(FIRST, LAST, places, cells[1:], 0)
    assert charts_movement._shown(empty) == []
