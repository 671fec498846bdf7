"""Lifecycle: one state each, calm on the edge, thresholds from the base's own gaps."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings

from core.segments.scores.lifecycle import (
    STATES,
    Thresholds,
    ThresholdsError,
    gaps,
    later_activity,
    lifecycle,
    thresholds,
)
from core.segments.scores.orders import Orders
from tests.segments.scores.shops import AS_OF, Line, busy_shop, lines_of_a_shop, shop

EDGES = Thresholds(60, 90, 1000, 30, 0, is_from_gaps=False)


def states(orders: Orders, edges: Thresholds | None = None) -> dict[str, str]:
    return dict(zip(orders.people, lifecycle(orders, AS_OF, edges).names, strict=True))


def oracle(lines: list[Line], who: str, edges: Thresholds) -> str:
    """The definition once more, person by person."""
    bought = [ago for name, ago, amount in lines if name == who and amount >= 0]
    if not bought:
        return "prospect"
    if min(bought) > edges.lapsed_days:
        return "lapsed"
    if min(bought) > edges.at_risk_days:
        return "at_risk"
    year = round(sum(amount for name, ago, amount in lines if name == who and ago <= 365), 4)
    if year > edges.vip_money and sum(ago <= 365 for ago in bought) >= 3:
        return "vip"
    return "new" if max(bought) <= edges.new_days else "active"


@settings(max_examples=200)
@given(lines_of_a_shop())
def test_everyone_is_in_exactly_one_state_the_first_that_holds(lines: list[Line]) -> None:
    orders = shop(*lines)
    edges = thresholds(orders, AS_OF)
    found = states(orders, edges)
    assert found == {who: oracle(lines, who, edges) for who in {who for who, *_ in lines}}
    assert set(found.values()) <= set(STATES)


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([("a", 200, 1.0), ("a", 60, 1.0)], "active"),
        ([("a", 200, 1.0), ("a", 61, 1.0)], "at_risk"),
        ([("a", 200, 1.0), ("a", 90, 1.0)], "at_risk"),
        ([("a", 200, 1.0), ("a", 91, 1.0)], "lapsed"),
        ([("a", 30, 1.0)], "new"),
        ([("a", 31, 1.0)], "active"),
        ([("a", 0, 1.0)], "new"),
        ([("a", 5, 400.0), ("a", 6, 400.0), ("a", 7, 200.0)], "new"),  # a sum of exactly the edge is no VIP
        ([("a", 5, 400.0), ("a", 6, 400.0), ("a", 7, 200.1)], "vip"),
        ([("a", 5, 900.0), ("a", 6, 900.0)], "new"),  # two purchases only
        ([("a", 5, 400.0), ("a", 6, 400.0), ("a", 366, 900.0)], "active"),  # the year is over
        ([("a", 5, 400.0), ("a", 6, 400.0), ("a", 365, 900.0)], "vip"),
        ([("a", 5, 900.0), ("a", 6, 900.0), ("a", 7, 900.0), ("a", 1, -2000.0)], "new"),  # sent it back
        ([("a", 70, 900.0), ("a", 71, 900.0), ("a", 72, 900.0)], "at_risk"),  # was VIP
        ([("a", 5, -1.0)], "prospect"),
    ],
)
def test_exactly_on_a_threshold_belongs_to_the_calmer_state(lines: list[Line], state: str) -> None:
    assert states(shop(*lines, ("z", 3, 1.0)), EDGES)["a"] == state


def regular(count: int, every: int) -> list[Line]:
    """One customer with `count` gaps of `every` days."""
    return [("r", every * number, 1.0) for number in range(count + 1)]


def test_fewer_than_a_hundred_gaps_leave_the_fixed_days() -> None:
    few = thresholds(shop(*regular(99, 7)), AS_OF)
    enough = thresholds(shop(*regular(100, 7)), AS_OF)
    assert (few.at_risk_days, few.lapsed_days, few.is_from_gaps) == (60, 90, False)
    assert (enough.at_risk_days, enough.lapsed_days, enough.is_from_gaps) == (7, 8, True)  # still increasing


def test_thresholds_are_the_eightieth_and_ninetieth_percentile_of_the_gaps() -> None:
    lines = [(f"p{gap}", ago, 1.0) for gap in range(1, 102) for ago in (0, gap)]
    found = thresholds(shop(*lines), AS_OF)
    assert (found.gaps, found.at_risk_days, found.lapsed_days) == (101, 81, 91)


def test_two_purchases_of_one_day_make_no_gap() -> None:
    assert gaps(shop(("a", 9, 1.0), ("a", 9, 2.0), ("a", 4, 1.0), ("b", 4, 1.0))).tolist() == [5]


def test_a_threshold_given_by_hand_holds_and_the_other_makes_way() -> None:
    orders = shop(*regular(120, 7))
    assert thresholds(orders, AS_OF, at_risk_days=30).lapsed_days == 31
    late = thresholds(orders, AS_OF, lapsed_days=5)
    assert late.lapsed_days == 5
    assert 0 < late.at_risk_days < 5
    both = thresholds(orders, AS_OF, at_risk_days=14, lapsed_days=40)
    assert (both.at_risk_days, both.lapsed_days) == (14, 40)


@pytest.mark.parametrize("days", [(40, 40), (41, 40), (0, 5), (-1, None), (None, 0)])
def test_thresholds_that_do_not_increase_are_refused(days: tuple[float | None, float | None]) -> None:
    with pytest.raises(ThresholdsError):
        thresholds(shop(("a", 1, 1.0)), AS_OF, at_risk_days=days[0], lapsed_days=days[1])


def test_the_score_falls_with_silence_and_meets_the_thresholds() -> None:
    lines = [(f"{ago:03}", ago, 1.0) for ago in range(200)]
    score = lifecycle(shop(*lines), AS_OF, EDGES).score
    assert (score[0], score[60], score[90], score[180]) == (100, 20, 10, 5)
    assert all(later < earlier for earlier, later in pairwise(score))
    assert math.isnan(lifecycle(shop(("a", 1, -1.0), ("b", 1, 1.0)), AS_OF, EDGES).score[0])


def test_one_customer_is_new_and_of_equal_customers_nobody_is_a_vip() -> None:
    assert states(shop(("a", 3, 10.0))) == {"a": "new"}
    equal = [(who, ago, 100.0) for who in "abcdefghij" for ago in (1, 40, 50)]
    assert set(states(shop(*equal)).values()) == {"active"}


def test_states_of_the_past_are_compared_with_what_people_did_since() -> None:
    lines = [("a", 100, 1.0), ("a", 10, 1.0), ("b", 400, 1.0), ("c", 5, 1.0)]
    found = later_activity(shop(*lines), AS_OF, 30)
    assert (found["at_risk"].people, found["at_risk"].share) == (1, 1.0)  # a, silent for 70 days then
    assert (found["lapsed"].people, found["lapsed"].share) == (1, 0.0)  # b
    assert (found["prospect"].people, found["new"].share) == (1, None)  # c had not come yet


def test_in_a_living_shop_active_people_buy_more_than_those_at_risk() -> None:
    found = later_activity(shop(*busy_shop(600)), AS_OF, 60)
    shares = [found[state].share or 0 for state in ("active", "at_risk", "lapsed")]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[1]
