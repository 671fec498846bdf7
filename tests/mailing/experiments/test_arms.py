"""Tests of two parts, of sizes and of means, against scipy.stats and published examples."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.mailing.experiments import srm
from core.mailing.experiments.arms import Arm, Sample, check_arm, compare, fisher, pooled_z, welch
from core.mailing.experiments.errors import ExperimentError
from core.mailing.experiments.intervals import newcombe


@st.composite
def arms(draw: st.DrawFn) -> Arm:
    people = draw(st.integers(1, 120))
    return Arm(people, draw(st.integers(0, people)))


@settings(deadline=None, max_examples=40)  # the first example imports scipy.stats
@given(arms(), arms())
def test_the_exact_test_is_scipys(first: Arm, second: Arm) -> None:
    from scipy.stats import fisher_exact

    table = [
        [first.successes, first.people - first.successes],
        [second.successes, second.people - second.successes],
    ]
    assert fisher(first, second) == pytest.approx(fisher_exact(table)[1], rel=1e-6)


@settings(deadline=None)
@given(arms(), arms())
def test_pooled_z_squared_is_the_chi_square_of_the_table(first: Arm, second: Arm) -> None:
    from scipy.stats import chi2_contingency

    reached = first.successes + second.successes
    assume(0 < reached < first.people + second.people)
    table = [
        [first.successes, first.people - first.successes],
        [second.successes, second.people - second.successes],
    ]
    found = chi2_contingency(table, correction=False)
    assert pooled_z(first, second) ** 2 == pytest.approx(found.statistic, abs=1e-9)
    assert compare(first, second).z_p == pytest.approx(found.pvalue, abs=1e-12)


@settings(deadline=None)
@given(arms(), arms())
def test_changing_places_changes_the_sign_alone(first: Arm, second: Arm) -> None:
    here, there = compare(first, second), compare(second, first)
    assert (here.z, here.p) == pytest.approx((-there.z, there.p), rel=1e-9)


def test_a_small_cell_is_judged_by_the_exact_test() -> None:
    few, many = compare(Arm(100, 1), Arm(100, 7)), compare(Arm(1000, 10), Arm(1000, 30))
    assert few.is_small
    assert few.p == few.exact_p
    assert not many.is_small
    assert many.p == many.z_p


@pytest.mark.parametrize(("first", "second"), [(Arm(50, 0), Arm(60, 0)), (Arm(5, 5), Arm(8, 8))])
def test_nobody_or_everybody_is_no_difference(first: Arm, second: Arm) -> None:
    assert (compare(first, second).z, compare(first, second).p) == (0.0, 1.0)


def test_a_million_people_are_compared_exactly_too() -> None:
    assert fisher(Arm(500_000, 20_000), Arm(500_000, 20_400)) == pytest.approx(0.0427169, abs=1e-6)


@pytest.mark.parametrize(
    ("pair", "low", "high"),
    [  # Newcombe 1998, Statistics in Medicine 17, table II, method 10
        (((56, 70), (48, 80)), 0.0524, 0.3339),
        (((9, 10), (3, 10)), 0.1705, 0.8090),
        (((6, 7), (2, 7)), 0.0582, 0.8062),
        (((5, 56), (0, 29)), -0.0381, 0.1926),
        (((0, 10), (0, 20)), -0.1611, 0.2775),
        (((10, 10), (0, 10)), 0.6075, 1.0),
    ],
)
def test_newcombes_interval_is_the_published_one(
    pair: tuple[tuple[int, int], tuple[int, int]], low: float, high: float
) -> None:
    assert newcombe(*pair) == pytest.approx((low, high), abs=6e-5)


def test_welch_is_scipys() -> None:
    from scipy.stats import ttest_ind_from_stats

    first, second = Sample(20, 10.0, 4.0), Sample(55, 11.5, 25.0)
    p, (low, high) = welch(first, second)
    found = ttest_ind_from_stats(10.0, 2.0, 20, 11.5, 5.0, 55, equal_var=False)
    assert p == pytest.approx(found.pvalue)
    assert (low, high) == pytest.approx((1.5 - 1.6131, 1.5 + 1.6131), abs=2e-3)


def test_the_split_is_checked_against_its_plan() -> None:
    from scipy.stats import chisquare

    assert srm.mismatch([700, 320], [2, 1]) == pytest.approx(chisquare([700, 320], [680, 340]).pvalue)
    assert srm.mismatch([5000, 5400], [50, 50]) < srm.ALARM < srm.mismatch([500, 540], [50, 50])
    assert srm.mismatch([0, 0], [1, 1]) == 1.0


@pytest.mark.parametrize(
    ("arm", "remedy"),
    [
        (Arm(0, 0), "Part A: nobody"),
        (Arm(10, 11), "Part A: 11 successes of 10"),
        (Arm(-1, 0), "negative"),
    ],
)
def test_impossible_numbers_are_told_with_their_part(arm: Arm, remedy: str) -> None:
    with pytest.raises(ExperimentError, match=remedy):
        check_arm(arm, "Part A")
