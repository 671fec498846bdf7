"""Cross-tabs: every person in his cell, totals that are the base, cells that stand out and those not."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats.contingency import expected_freq
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from core.db import Database
from core.people.models import Attribute, Subscriber
from core.reports import bins
from core.reports.crosstab import CrossTab, crosstab, normal_bound
from core.reports.crosstab_rows import OTHER, TOTAL, UNKNOWN
from core.reports.facets import Terms
from core.reports.numbers import numbers
from core.segments.errors import SegmentError
from tests.reports.shop import NOW, Man, fill, segment

TERMS = Terms(NOW)


def table(db: Database, rows: str, columns: str, days: int = 0, within: str | None = None) -> CrossTab:
    return crosstab(db, rows, columns, TERMS, days, within)


async def test_counts_money_and_buyers_stand_in_their_cells(db: Database) -> None:
    people = [
        Man(source="vk", city="Казань", bought=[(5, 10_000, "a", ""), (50, 30_000, "a", "")]),
        Man(source="vk", city="казань "),
        Man(source="vk", city="Тула", bought=[(1, 5_000, "a", "")]),
        Man(source="ads", city="Тула", bought=[(400, 7_000, "a", "")]),
        Man(source=None, city="Тула"),
        Man(source="vk", city="Тула", erased=True),
    ]
    db.write_now(fill, people)
    found = table(db, "city", "source")
    assert found.rows.words[0][:2] == ("тула", "Тула")
    cell = found.cell("казань", "vk")
    assert (cell.people, cell.buyers, cell.orders, cell.revenue, cell.average) == (2, 1, 2, 40_000, 20_000)
    assert cell.buyers_share == 0.5
    assert found.cell("тула", UNKNOWN).people == 1
    assert (found.base, found.cell(TOTAL, TOTAL).revenue) == (5, 52_000)
    within = table(db, "city", "source", days=30)
    assert (within.cell(TOTAL, TOTAL).revenue, within.cell(TOTAL, TOTAL).buyers) == (15_000, 2)
    assert within.base == 5


async def test_a_purchase_without_a_rate_is_a_buyer_but_no_money(db: Database) -> None:
    people = [Man(source="vk", bought=[(5, None, "a", ""), (6, 300, "a", "")]), Man(source="vk")]
    db.write_now(fill, people)
    cell = table(db, "source", "status").cell("vk", "active")
    assert (cell.buyers, cell.orders, cell.revenue) == (1, 1, 300)
    assert table(db, "source", "status").unrated == 1


async def test_the_long_tail_is_folded_and_counted(db: Database) -> None:
    people = [Man(source=f"s{n:02d}") for n in range(30) for _ in range(31 - n)] + [Man(source=None)]
    db.write_now(fill, people)
    found = table(db, "source", "status")
    assert found.rows.folded == 20
    assert found.rows.keys == (*(f"s{n:02d}" for n in range(10)), OTHER, UNKNOWN)
    assert found.cell(OTHER, TOTAL).people == sum(31 - n for n in range(10, 30))
    assert found.rows.words[-2][1] == "другие (20)"


async def test_several_values_put_a_person_in_several_rows_but_once_in_the_total(db: Database) -> None:
    people = [
        Man(roles=["owner", "manager"], tags=["interest:sport", "interest:music"], bought=[(1, 100, "", "")]),
        Man(roles=["owner"], tags=["vip"]),
        Man(),
    ]
    db.write_now(fill, people)
    found = table(db, "quiz entry.role", "tags interest")
    assert found.cell("owner", "interest:sport").people == 1
    assert found.cell("owner", TOTAL).people == 2
    assert found.cell("owner", TOTAL).revenue == 100
    assert found.cell(TOTAL, "interest:sport").people == 1
    assert found.base == 3
    assert {word[1] for word in found.columns.words} == {"sport", "music", "ни одной"}
    assert {word[0] for word in table(db, "tags", "status").rows.words} == {"vip", UNKNOWN}


async def test_a_segment_is_a_side_and_a_frame(db: Database) -> None:
    people = [Man(source="vk", segments=[1]), Man(source="vk"), Man(source="ads", segments=[1])]
    db.write_now(segment, 1, "unanswered >= 0", 2, "money")
    db.write_now(fill, people)
    found = table(db, "source", 'segment "s1"')
    assert (found.cell("vk", "yes").people, found.cell("vk", "no").people) == (1, 1)
    assert table(db, "segments money", "status").cell("1", TOTAL).people == 2
    db.write_now(mark, [1, 3])
    assert table(db, "source", "status", within="s1").base == 2


def mark(session: Session, who: list[int]) -> None:
    from sqlalchemy import insert

    from core.segments.models import SegmentMask

    session.execute(insert(SegmentMask), [{"subscriber_id": one, "block": 0, "mask": 1} for one in who])


async def test_what_is_not_there_is_told(db: Database) -> None:
    for wrong in ("sity", "segments nothing", "segment nothing"):
        with pytest.raises(SegmentError):
            table(db, wrong, "status")
    with pytest.raises(SegmentError, match="did you mean `source`"):
        table(db, "sourse", "status")
    empty = table(db, "city", "source")
    assert (empty.base, empty.rows.words) == (0, ())


async def test_numbers_dates_and_ages_are_cut_at_stated_edges(db: Database) -> None:
    people = [
        Man(age=float(age), unanswered=count, silent=silent)
        for age, count, silent in ((17, 0, 3), (18, 0, 7), (24, 1, 8), (64, 2, 91), (65, 3, 400), (90, 3, 1))
    ]
    db.write_now(fill, [*people, Man(silent=0)])
    ages = table(db, "age", "unanswered")
    assert [(ru, ages.cell(key, TOTAL).people) for key, ru, _ in ages.rows.words] == [
        ("0–17", 1), ("18–24", 2), ("55–64", 1), ("от 65", 2), ("неизвестно", 1),
    ]  # fmt: skip
    assert [ru for _, ru, _ in ages.columns.words] == ["0", "1", "2", "от 3"]
    seen = table(db, "last_seen", "status")
    assert [(ru, seen.cell(key, TOTAL).people) for key, ru, _ in seen.rows.words] == [
        ("за 7 дней", 4), ("8–30 дней назад", 1), ("91–365 дней назад", 1), ("больше года назад", 1),
    ]  # fmt: skip


async def test_a_cell_stands_out_where_the_residual_of_the_published_formula_does(db: Database) -> None:
    counts = np.array([[90, 20, 30], [30, 40, 30], [10, 30, 120]])
    people = [
        Man(source=f"s{row}", city=f"c{column}")
        for row in range(3)
        for column in range(3)
        for _ in range(counts[row, column])
    ]
    db.write_now(fill, [*people, *(Man(source="s0") for _ in range(200))])
    found = table(db, "source", "city")
    expected = expected_freq(counts)
    rows, columns, n = counts.sum(1), counts.sum(0), counts.sum()
    for row in range(3):
        for column in range(3):
            cell = found.cell(f"s{row}", f"c{column}")
            spread = expected[row, column] * (1 - rows[row] / n) * (1 - columns[column] / n)
            assert cell.expected == pytest.approx(expected[row, column])
            assert cell.residual == pytest.approx((counts[row, column] - expected[row, column]) / spread**0.5)
    assert found.cell("s0", "c0").verdict == "above"
    assert found.cell("s2", "c0").verdict == "below"
    assert found.bound == pytest.approx(2.7729, abs=1e-3)


async def test_how_sure_a_city_is_makes_it_no_number(db: Database) -> None:
    db.write_now(fill, [Man(city="Тула" if who % 3 else "Уфа", age=20.0 + who) for who in range(60)])
    sure = update(Attribute).where(Attribute.key == "city").values(number=1.0)
    db.write_now(lambda session: session.execute(sure) and None)
    assert [ru for _, ru, _ in table(db, "city", "status").rows.words] == ["Тула", "Уфа"]
    assert not any("city" in one.name for one in db.read_now(numbers, NOW))


async def test_small_cells_are_called_small(db: Database) -> None:
    people = [Man(source="vk", city="Тула") for _ in range(3)] + [
        Man(source="ads", city="Уфа") for _ in range(3)
    ]
    db.write_now(fill, people)
    found = table(db, "source", "city")
    assert {found.cell(row, column).verdict for row in ("vk", "ads") for column in ("тула", "уфа")} == {"few"}


def test_unconnected_fields_seldom_make_a_cell_stand_out() -> None:
    rng = np.random.default_rng(5)
    bound, wrong = normal_bound(0.05, 20), 0
    for _ in range(400):
        counts = rng.multinomial(4000, np.full(20, 1 / 20)).reshape(5, 4)
        expected = expected_freq(counts)
        share_r, share_c = counts.sum(1) / counts.sum(), counts.sum(0) / counts.sum()
        spread = expected * (1 - share_r)[:, None] * (1 - share_c)[None, :]
        wrong += bool((np.abs((counts - expected) / np.sqrt(spread)) > bound).any())
    assert wrong / 400 <= 0.08


sources = st.sampled_from([None, "vk", "ads"])
men = st.builds(
    Man,
    source=sources,
    city=st.sampled_from([None, "Уфа", "Тула", "Омск"]),
    roles=st.lists(st.sampled_from(["owner", "manager", "starting"]), unique=True, max_size=2),
    tags=st.sets(st.sampled_from(["interest:a", "interest:b", "vip"])),
    unanswered=st.integers(0, 20),
    bought=st.lists(
        st.tuples(st.integers(0, 90), st.sampled_from([None, 100, 5000]), st.just(""), st.just("")),
        max_size=3,
    ),
    erased=st.booleans(),
)  # fmt: skip


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(men, max_size=12), st.sampled_from([0, 30]))
def test_totals_of_any_two_fields_are_the_base(db: Database, people: list[Man], days: int) -> None:
    db.write_now(lambda session: session.execute(delete(Subscriber)) and None)
    db.write_now(fill, people)
    there = [man for man in people if not man.erased]
    money = sum(amount or 0 for man in there for ago, amount, *_ in man.bought if not days or ago <= days)
    for rows, columns in (("city", "source"), ("quiz entry.role", "tags interest"), ("unanswered", "spent")):
        found = table(db, rows, columns, days)
        total = found.cell(TOTAL, TOTAL)
        assert (total.people, total.revenue) == (len(there), money)
        inner = [(row, column) for row in found.rows.keys for column in found.columns.keys]
        assert sum(found.cell(*place).people for place in inner) >= len(there)
        if not (found.rows.is_several or found.columns.is_several):
            assert sum(found.cell(*place).people for place in inner) == len(there)
            assert sum(found.cell(*place).revenue for place in inner) == money
    cities = Counter(man.city for man in there)
    found = table(db, "city", "source", days)
    assert found.cell("уфа", TOTAL).people == cities["Уфа"]
    assert found.cell(UNKNOWN, TOTAL).people == cities[None]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=300))
def test_edges_lie_inside_and_every_value_has_one_bin(values: list[int]) -> None:
    cuts = bins.edges([float(value) for value in values])
    assert list(cuts) == sorted(set(cuts))
    assert all(min(values) < cut <= max(values) for cut in cuts)
    assert len(cuts) <= 6
    assert len(bins.of_numbers(cuts, min(values), whole=True).words) == len(cuts) + 1
