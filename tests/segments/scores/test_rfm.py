"""RFM: a table computed by hand, ties, and the sequence of rows."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.segments.scores.rfm import GRID, SEGMENTS, bins, rfm
from tests.segments.scores.shops import AS_OF, Line, busy_shop, lines_of_a_shop, shop

# who, days since the last purchase, purchases, sum; then R, F, M and segment by hand:
# R edges 4.2 16 24 66, F edges 1 1 1 2.2, M edges 50 68 96 220
BY_HAND = [
    ("a", 1, 9, 900, 5, 5, 5, "champions"),
    ("b", 1, 1, 50, 5, 1, 1, "new"),
    ("c", 5, 1, 50, 4, 1, 1, "promising"),
    ("d", 10, 2, 200, 4, 4, 4, "loyal"),
    ("e", 20, 1, 50, 3, 1, 1, "about_to_sleep"),
    ("f", 20, 3, 300, 3, 5, 5, "loyal"),
    ("g", 30, 1, 120, 2, 1, 4, "hibernating"),
    ("h", 60, 1, 50, 2, 1, 1, "hibernating"),
    ("i", 90, 1, 80, 1, 1, 3, "hibernating"),
    ("j", 90, 1, 80, 1, 1, 3, "hibernating"),
]


def lines_by_hand() -> list[Line]:
    return [
        (who, days + 7 * number, money / count)
        for who, days, count, money, *_ in BY_HAND
        for number in range(count)
    ]


def table(lines: list[Line]) -> dict[str, tuple[int, int, int, str]]:
    orders = shop(*lines)
    found = rfm(orders, AS_OF)
    names = [orders.people[person] for person in found.person]
    columns = (found.recency.tolist(), found.frequency.tolist(), found.monetary.tolist(), found.segments)
    return {name: scores for name, *scores in zip(names, *columns, strict=True)}  # type: ignore[misc]


def test_a_table_computed_by_hand_with_ties() -> None:
    assert table(lines_by_hand()) == {row[0]: list(row[4:]) for row in BY_HAND}


def test_shuffled_rows_give_the_same_scores() -> None:
    lines = lines_by_hand() + busy_shop()
    expected = table(lines)
    for seed in range(5):
        random.Random(seed).shuffle(lines)
        assert table(lines) == expected


def test_one_customer_and_all_equal_customers_are_scored() -> None:
    assert table([("a", 3, 10.0)]) == {"a": [5, 1, 1, "new"]}
    equal = table([(who, 3, 10.0) for who in "abcdefg"])
    assert set(map(tuple, equal.values())) == {(5, 1, 1, "new")}


@given(st.lists(st.integers(-20, 20), min_size=1, max_size=80))
def test_equal_values_get_equal_scores_and_larger_ones_no_smaller(values: list[int]) -> None:
    scores = bins(np.array(values))
    by_value: dict[int, set[int]] = {}
    for value, score in zip(values, scores.tolist(), strict=True):
        by_value.setdefault(value, set()).add(score)
    assert all(len(found) == 1 for found in by_value.values())
    ordered = [found.pop() for _, found in sorted(by_value.items())]
    assert ordered == sorted(ordered)
    assert set(ordered) <= {1, 2, 3, 4, 5}


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=80))
def test_edges_are_the_quantiles_of_pandas_and_an_edge_takes_the_lower_bin(values: list[float]) -> None:
    edges = pd.Series(values).quantile([0.2, 0.4, 0.6, 0.8]).tolist()
    near = np.isclose(np.array(values)[:, None], edges, rtol=1e-12, atol=0) & (
        np.array(values)[:, None] != np.array(edges)
    )
    expected = [1 + sum(value > edge for edge in edges) for value in values]
    for value, score, unsure, wanted in zip(values, bins(np.array(values)), near, expected, strict=True):
        assert unsure.any() or score == wanted, value


@settings(max_examples=50)
@given(lines_of_a_shop())
def test_exactly_the_buyers_are_scored(lines: list[Line]) -> None:
    assert set(table(lines)) == {who for who, _, amount in lines if amount >= 0}


def test_baskets_of_one_sum_are_equal_in_whatever_order_they_were_bought() -> None:
    thirds = (0.1, 0.2, 0.3)
    lines = [("a", 9 - n, amount) for n, amount in enumerate(thirds)]
    lines += [("b", 9 - n, amount) for n, amount in enumerate(reversed(thirds))]
    lines += [("c", 7, 0.5), ("d", 7, 0.7), ("e", 7, 0.6)]
    found = table(lines)
    assert found["a"] == found["b"]
    assert found["a"][2] == found["e"][2]


def test_the_grid_knows_ten_segments_and_every_cell() -> None:
    cells = [cell for row in GRID for cell in row]
    assert len(cells) == 25
    assert set(cells) == set(SEGMENTS)


def test_people_who_only_returned_things_are_not_scored_and_refunds_lower_the_money() -> None:
    found = table([("a", 5, 100.0), ("a", 3, -99.0), ("b", 5, 50.0), ("c", 4, -5.0)])
    assert set(found) == {"a", "b"}
    assert found["a"][2] < found["b"][2]


@pytest.mark.parametrize("ago", [0, -1])
def test_the_day_looked_at_itself_counts_and_later_days_do_not(ago: int) -> None:
    found = rfm(shop(("a", 10, 1.0), ("a", ago, 1.0)), AS_OF)
    assert (found.count.tolist(), found.days.tolist()) == (([2], [0]) if ago == 0 else ([1], [10]))
