"""What an owner learns: differences that are no accident, goods bought together, money by segment, stages."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import pytest
from scipy.stats import chi2_contingency, fisher_exact, spearmanr
from sqlalchemy import update

from core.db import Database
from core.people.models import Subscriber
from core.reports import common as compare
from core.reports import goods, insight_tables, kinds
from core.reports.common import common, p_value
from core.reports.correlations import correlations, rho_interval, spearman
from core.reports.crosstab import crosstab
from core.reports.csv_table import as_csv
from core.reports.facets import Terms
from core.reports.kin import asked_by, follows, grow_together, why
from core.reports.rates import Share, newcombe
from core.reports.spend import spend
from core.segments.errors import SegmentError
from tests.reports.shop import NOW, Man, fill, segment

TERMS = Terms(NOW)


# -- statistics ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [  # Newcombe 1998, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_interval_of_a_difference_is_the_published_one(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    assert newcombe(Share(*first), Share(*second)) == pytest.approx((low, high), abs=6e-5)


def test_small_cells_are_compared_exactly_and_great_ones_as_by_chi_square() -> None:
    small = Share(8, 30), Share(1, 40)
    assert p_value(*small) == pytest.approx(fisher_exact([[8, 22], [1, 39]]).pvalue)
    great = Share(300, 1000), Share(240, 1000)
    table = [[300, 700], [240, 760]]
    assert p_value(*great) == pytest.approx(chi2_contingency(table, correction=False).pvalue)


def test_rho_and_its_interval_are_those_of_scipy() -> None:
    rng = np.random.default_rng(3)
    x = rng.integers(0, 5, 400).astype(float)
    y = x + rng.integers(0, 4, 400).astype(float)
    assert spearman(x, y) == pytest.approx(spearmanr(x, y).statistic)
    covered = 0
    for _ in range(300):
        pair = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 120)
        low, high = rho_interval(spearman(pair[:, 0], pair[:, 1]), 120)
        covered += low <= 6 / np.pi * np.arcsin(0.25) <= high
    assert 0.92 <= covered / 300 <= 0.98


def test_the_interval_of_a_lift_covers_the_truth() -> None:
    rng = np.random.default_rng(4)
    shares = np.array([0.06, 0.04, 0.14, 0.76])  # both, only the first, only the second, neither
    truth = 0.06 / (0.10 * 0.20)
    covered = 0
    for _ in range(500):
        both, one, other, _ = rng.multinomial(2000, shares)
        low, high = goods.lift_interval(both, both + one, both + other, 2000, 1.96)
        covered += low <= truth <= high
    assert 0.93 <= covered / 500 <= 0.97


# -- what a segment has in common ---------------------------------------------------------------------------


def men() -> Iterator[Man]:
    """100 key customers, 62 of them from Kazan; of the other 400, 72 are."""
    rng = random.Random(1)
    for who in range(500):
        is_key = who < 100
        yield Man(
            city="Казань" if (who < 62 or 100 <= who < 172) else rng.choice(["Тула", "Уфа", "Омск"]),
            source=rng.choice(["vk", "ads"]),
            tags=["interest:sport"] if who % (2 if is_key else 8) == 0 else [],
            unanswered=9 if is_key else 1,
            segments=[1] if is_key else [],
        )


async def test_traits_are_shares_of_those_known_ranked_by_what_is_sure(db: Database) -> None:
    db.write_now(segment, 1, "unanswered >= 5", 100)
    db.write_now(fill, list(men()))
    found = common(db, "s1", TERMS)
    assert (found.size, found.rest) == (100, 400)
    kazan = next(trait for trait in found.sure if trait.value[0] == "Казань")
    assert (kazan.inside, kazan.outside) == (Share(62, 100), Share(72, 400))
    assert kazan.interval == pytest.approx(newcombe(Share(62, 100), Share(72, 400)))
    assert kazan.lift == pytest.approx(0.62 / 0.18)
    sport = next(trait for trait in found.sure if trait.value[0] == "sport")
    assert (sport.inside, sport.outside) == (Share(50, 100), Share(50, 400))
    sizes = [trait.size for trait in found.sure]
    assert sizes == sorted(sizes, reverse=True)
    assert not any(trait.facet == "source" for trait in found.sure)
    left = {one.titles[1]: one.because for one in found.left_out}
    assert "letters in a row without an answer" in left
    assert set(left.values()) == {("unanswered",)}
    assert not any(trait.facet in ("unanswered", "letters", "status") for trait in found.traits)


async def test_a_segment_of_few_is_not_compared(db: Database) -> None:
    db.write_now(segment, 1, "unanswered >= 5", 29)
    db.write_now(fill, [Man(segments=[1] if who < 29 else []) for who in range(100)])
    found = common(db, "s1", TERMS)
    assert found.is_too_small
    assert found.traits == ()
    with pytest.raises(SegmentError):
        common(db, "nothing", TERMS)


async def test_random_segments_seldom_differ(db: Database) -> None:
    rng = random.Random(2)
    people = [
        Man(
            city=rng.choice(['Тула', 'Уфа', 'Омск']),
            source=rng.choice(['vk', 'ads', 'tg']),
            roles=[rng.choice(["owner", "manager"])],
            silent=rng.randint(0, 200),
            age=float(rng.randint(18, 70)),
            segments=[number for number in (1, 2) if rng.random() < 0.3],
        )
        for _ in range(400)
    ]  # fmt: skip
    for number in (1, 2):
        db.write_now(segment, number, "premium = yes", 120)
    db.write_now(fill, people)
    assert not any(common(db, f"s{number}", TERMS).sure for number in (1, 2))


def test_holm_stops_at_the_first_that_fails() -> None:
    made = [
        compare.Trait("f", ("", ""), ("", ""), Share(1, 2), Share(1, 2), (0, 0), p, False, False)
        for p in (0.04, 0.001, 0.02, 0.03)
    ]
    assert [(one.p_value, one.is_sure) for one in compare.holm(made)] == [
        (0.001, True), (0.02, False), (0.03, False), (0.04, False),
    ]  # fmt: skip


async def test_a_rule_names_what_follows_from_it(db: Database) -> None:
    db.write_now(segment, 1, "spent > 10", 0)
    db.write_now(segment, 2, 'in segment s1 and quiz entry.role = owner and tag "interest:sport"', 0)
    asked = db.read_now(asked_by, "s2")
    for name in ("purchases", "lifecycle", "rfm", "quiz entry.role", "attr.role", "tags interest"):
        assert follows(name, asked), name
    for name in ("city", "source", "quiz entry.goal", "tags"):
        assert not follows(name, asked), name


async def test_what_is_worked_out_of_other_facts_than_the_rule_asks_is_compared(db: Database) -> None:
    db.write_now(segment, 1, "lifecycle = vip", 0)
    asked = db.read_now(asked_by, "s1")
    for name in ("spent", "rfm_m", "clv", "churn", "base_kind", "health"):
        assert why(name, asked) == ("lifecycle",), name
    for name in ("interval", "last_seen", "engagement", "city", "quiz entry.role"):
        assert why(name, asked) == (), name


@pytest.mark.parametrize(
    ("first", "second", "is_said"),
    [
        ("joined", "last_seen", False),
        ("joined", "letters", False),
        ("engagement", "last_seen", False),
        ("purchases", "interval", False),
        ("age", "spent", True),
        ("letters", "last_seen", True),
        ("attr.pets", "purchases", True),
    ],
)
def test_numbers_that_go_together_by_what_they_are_are_not_paired(
    first: str, second: str, is_said: bool
) -> None:
    assert grow_together(first, second) == grow_together(second, first) == (not is_said)


# -- goods --------------------------------------------------------------------------------------------------


def shoppers() -> Iterator[Man]:
    """Of 200 buyers 40 bought a cup, 30 of them a saucer too; 60 saucers in all; vases go with nothing."""
    for who in range(200):
        bought = [(10, 100, "vase", "decor")] if who % 2 else []
        bought += [(9, 500, "cup", "dishes"), (5, 500, "cup", "dishes")] if who < 40 else []
        bought += [(8, 200, "saucer", "dishes")] if 10 <= who < 70 else []
        bought += [(7, 50, "", "")] if not bought else []
        yield Man(bought=bought)


async def test_goods_are_counted_by_people_and_pairs_by_who_has_both(db: Database) -> None:
    db.write_now(fill, list(shoppers()))
    found = goods.goods(db, NOW)
    lines = {line.name: line for line in found.lines}
    assert list(lines) == ["vase", "saucer", "cup"]
    cup = lines["cup"]
    assert (cup.buyers, cup.orders, cup.revenue, cup.again) == (40, 80, 40_000, 40)
    assert lines["saucer"].repeat.rate == 0
    (pair,) = found.pairs
    assert (pair.first, pair.second, pair.both) == ("cup", "saucer", 30)
    assert pair.confidence == 0.75
    assert pair.support == 0.15
    assert pair.lift == pytest.approx(30 * 200 / (40 * 60))
    assert pair.interval[0] > 1
    assert found.unnamed == sum(1 for man in shoppers() if man.bought[0][2] == "")
    dishes = goods.goods(db, NOW, by="category").lines[0]
    assert (dishes.name, dishes.buyers, dishes.again) == ("decor", 100, 0)
    assert goods.goods(db, NOW, days=6).lines[0].name == "cup"


async def test_without_purchases_there_are_no_goods(db: Database) -> None:
    db.write_now(fill, [Man()])
    found = goods.goods(db, NOW)
    assert (found.lines, found.pairs, found.buyers) == ((), (), 0)


# -- money, kinds, stages, numbers --------------------------------------------------------------------------


async def test_segments_are_ranked_by_their_money(db: Database) -> None:
    for number, size in ((1, 2), (2, 1), (3, 0)):
        db.write_now(segment, number, "unanswered >= 0", size)
    people = [
        Man(segments=[1], bought=[(5, 1000, "", ""), (100, 500, "", "")]),
        Man(segments=[1, 2], bought=[(5, 3000, "", ""), (6, None, "", "")]),
        Man(),
    ]
    db.write_now(fill, people)
    found = spend(db, NOW)
    assert [(line.name, line.buyers, line.orders, line.revenue) for line in found.lines] == [
        ("s1", 2, 3, 4500), ("s2", 1, 1, 3000),
    ]  # fmt: skip
    assert found.lines[0].a_head == 2250
    assert (found.everybody.people, found.everybody.revenue, found.unrated) == (3, 4500, 1)
    assert spend(db, NOW, days=30).lines[0].revenue == 4000


async def test_kinds_and_stages_are_of_everybody_once(db: Database) -> None:
    people = [Man(bought=[(1, 1, "", "")] * 2), Man(bought=[(1, 1, "", "")]), Man(), Man(), Man(erased=True)]
    db.write_now(fill, people)
    db.write_now(lambda session: session.execute(update(Subscriber).where(Subscriber.id == 3)
                                                 .values(data_consent_at=NOW)) and None)  # fmt: skip
    assert db.read_now(kinds.composition, NOW) == {"reader": 2, "customer": 2}
    found = kinds.stages(db, NOW)
    assert [(one.name, one.here, one.reached) for one in found.lines] == [
        ("came", 1, 4), ("agreed", 1, 3), ("quiz_started", 0, 2), ("quiz_finished", 0, 2),
        ("buyer", 1, 2), ("repeat", 1, 1),
    ]  # fmt: skip
    assert found.lines[-1].conversion == Share(1, 2)
    db.write_now(lambda session: session.execute(update(Subscriber).where(Subscriber.id == 1)
                                                 .values(joined_at=None)) and None)  # fmt: skip
    known_from_a_file = kinds.stages(db, NOW)
    assert (known_from_a_file.unknown, known_from_a_file.lines[0].reached) == (1, 3)
    split = crosstab(db, "base_kind", "funnel_stage", TERMS)
    assert sum(split.cell(kind, "Σ").people for kind in ("reader", "customer")) == found.base == 4


async def test_numbers_that_go_together_are_found_and_kin_is_not_paired(db: Database) -> None:
    rng = random.Random(3)
    people = []
    for _ in range(300):
        silent = rng.randint(1, 100)
        people.append(
            Man(silent=silent, unanswered=silent // 10 + rng.randint(0, 2), age=float(rng.randint(18, 60)))
        )
    db.write_now(fill, people)
    found = correlations(db, NOW)
    assert found.people == 300
    best = found.sure[0]
    assert {best.first[1], best.second[1]} <= {
        "days of silence", "letters in a row without an answer", "letters received",
    }  # fmt: skip
    assert not any("the age" in pair.first + pair.second for pair in found.sure)


async def test_tables_hold_money_in_whole_units_and_every_cell(db: Database) -> None:
    db.write_now(segment, 1, "unanswered >= 0", 1)
    db.write_now(fill, [Man(source="=x", segments=[1], bought=[(5, 12_350, "a", "")])])
    rows = insight_tables.crosstab_rows(crosstab(db, "source", "status", TERMS), "RUB", "ru")
    text = as_csv(rows).decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert table[1][0] == "'=x"
    assert table[1][6] == "123,50"
    assert table[-1][:3] == ["Все", "Все", "1"]
    assert insight_tables.spend_rows(spend(db, NOW), "RUB", "en")[1][4] == Decimal("123.50")


async def test_every_number_of_a_file_has_one_form_and_is_no_text(db: Database) -> None:
    people = [Man(source="-a" if who % 3 else "b", city="Уфа" if who % 3 and who % 2 else "Омск",
                  bought=[(5, 9_350 + who, "a", "")]) for who in range(40)]  # fmt: skip
    db.write_now(fill, people)
    rows = insight_tables.crosstab_rows(crosstab(db, "source", "city", TERMS), "RUB", "ru")
    table = list(csv.reader(io.StringIO(as_csv(rows).decode("utf-8-sig")), delimiter=";"))
    assert {row[0] for row in table[1:]} == {"'-a", "b", "Все"}  # only what people wrote is guarded
    numbers = [cell for row in table[1:] for cell in row[2:-1] if cell]
    assert all(re.fullmatch(r"-?\d+(,\d+)?", cell) for cell in numbers), numbers
    assert any(cell.startswith("-") for cell in numbers)
