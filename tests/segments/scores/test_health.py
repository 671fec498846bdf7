"""Health: groups that leave nobody out, weights that show, a back-test against the plain RFM sum."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.segments.scores.health import (
    GROUPS,
    WEIGHTS,
    WeightsError,
    auc,
    backtest,
    health,
    mean_auc,
    of_orders,
    outcome,
)
from tests.segments.scores.shops import AS_OF, Line, busy_shop, lines_of_a_shop, shop

NAN = float("nan")


def of(consumption: float, activation: float, purchases: float, money: float = 0) -> tuple[str, float]:
    measures = {"consumption": consumption, "activation": activation, "outcome": purchases}
    arrays = {name: np.array([value]) for name, value in measures.items()}
    found = health(arrays, np.array([money]), 100.0)
    return found.names[0], float(found.score[0])


@pytest.mark.parametrize(
    ("score", "money", "group"),
    [
        (50, 500, "at_risk"),
        (50.49, 500, "at_risk"),
        (50.5, 500, "high_potential"),
        (51, 500, "high_potential"),
        (51, 100, "low_potential"),  # exactly the median is not above it
        (75.4, 500, "high_potential"),
        (75.5, 500, "key"),
        (76, 500, "key"),
        (100, 500, "key"),
        (100, 99, "low_potential"),
        (0, 0, "at_risk"),
        (120, 500, "key"),
    ],
)
def test_groups_by_score_and_money(score: float, money: float, group: str) -> None:
    assert of(score, score, score, money)[0] == group


def test_the_score_is_the_weighted_mean_of_what_has_a_value() -> None:
    assert of(100, 0, 50)[1] == 55  # .3·100 + .2·0 + .5·50
    assert of(NAN, 0, 70)[1] == 50  # (.2·0 + .5·70) / .7
    assert of(40, NAN, NAN)[1] == 40
    assert of(0, NAN, NAN)[1] == 0  # zero is a value


def test_without_any_value_a_person_is_unverified_and_in_the_group_at_risk() -> None:
    found = health({"outcome": np.array([NAN, 80.0])}, np.array([900.0, 900.0]), 100.0)
    assert found.names == ["at_risk", "key"]
    assert found.unverified.tolist() == [True, False]


@given(st.lists(st.tuples(st.floats(0, 100) | st.just(NAN), st.floats(-100, 1000)), min_size=1))
def test_everyone_is_in_exactly_one_group(people: list[tuple[float, float]]) -> None:
    score, money = np.array(people).T
    found = health({"outcome": score}, money, 100.0)
    rounded = found.score
    rules = [
        np.isnan(score) | (rounded <= 50),
        (rounded > 50) & (money <= 100),
        (rounded > 50) & (rounded <= 75) & (money > 100),
        (rounded > 75) & (money > 100),
    ]
    assert (np.sum(rules, axis=0) == 1).all()
    assert [GROUPS[rule] for rule in np.argmax(rules, axis=0)] == found.names


@given(lines_of_a_shop())
def test_every_buyer_is_scored_between_0_and_100_and_nobody_else(lines: list[Line]) -> None:
    found = of_orders(shop(*lines), AS_OF)
    buyers = {who for who, _, amount in lines if amount >= 0}
    people = sorted({who for who, *_ in lines})
    assert [not missing for missing in found.unverified] == [who in buyers for who in people]
    assert all(0 <= score <= 100 for score in found.score[~found.unverified])


def test_one_time_buyers_are_told_apart_by_how_lately_they_bought_not_called_alive_for_ever() -> None:
    lines = [(f"p{ago:03}", ago, 10.0) for ago in range(1, 101)]
    found = of_orders(shop(*lines), AS_OF)
    assert found.score[0] > found.score[50] > found.score[99]
    assert found.names[99] == "at_risk"


def test_equal_customers_are_equal() -> None:
    assert set(of_orders(shop(*[(who, 5, 10.0) for who in "abcde"]), AS_OF).score) == {50.0}
    assert outcome(shop(("a", 5, 10.0)), AS_OF).tolist() == [50.0]


@pytest.mark.parametrize("weights", [{"outcome": -1.0}, {"outcome": 0.0}, {"consumption": 1.0}])
def test_weights_that_cannot_weigh_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(WeightsError):
        health({"outcome": np.array([1.0])}, np.array([1.0]), 1.0, weights)


def test_the_weights_make_a_whole() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=40))
def test_auc_is_the_share_of_pairs_ordered_rightly(people: list[tuple[int, bool]]) -> None:
    yes = [score for score, happened in people if happened]
    no = [score for score, happened in people if not happened]
    found = auc(np.array([float(score) for score, _ in people]), np.array([bool(h) for _, h in people]))
    if not yes or not no:
        assert found is None
    else:
        pairs = [(one > other) + (one == other) / 2 for one in yes for other in no]
        assert found == pytest.approx(sum(pairs) / len(pairs))


def test_month_by_month_the_score_ranks_as_well_as_the_plain_rfm_sum() -> None:
    tests = backtest(shop(*busy_shop(600)), AS_OF)
    assert len(tests) == 12
    score, plain = mean_auc(one.score_auc for one in tests), mean_auc(one.rfm_auc for one in tests)
    assert score is not None
    assert plain is not None
    assert score >= plain > 0.5
    assert all(one.low_bought / one.low_people < one.bought / one.people for one in tests)


def test_a_back_test_sees_nothing_of_the_days_it_foretells() -> None:
    lines = busy_shop(200)
    known = [line for line in lines if line[1] >= 30]
    (first, *_), (alone, *_) = backtest(shop(*lines), AS_OF), backtest(shop(*known), AS_OF)
    assert (first.people, first.low_people) == (alone.people, alone.low_people)
    assert alone.bought == 0


def test_a_shop_of_a_day_has_nothing_to_test() -> None:
    assert backtest(shop(("a", 1, 1.0)), AS_OF) == []
    assert mean_auc([]) is None
