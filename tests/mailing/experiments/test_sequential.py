"""Boundaries of looks before the end, against published tables and by drawing lots."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.mailing.experiments.errors import ExperimentError
from core.mailing.experiments.sequential import LEAST_STEP, NEVER, boundaries, crossing, spent

# Lan–DeMets O'Brien–Fleming spending, two-sided 0.05, equally spaced: as R's gsDesign (sfLDOF, one-sided
# 0.025) and ldbounds print them; Reboussin, DeMets, Kim & Lan 2000, Controlled Clinical Trials 21.
PUBLISHED = {
    1: [1.960],
    2: [2.963, 1.969],
    3: [3.710, 2.511, 1.993],
    4: [4.333, 2.963, 2.359, 2.014],
    5: [4.877, 3.357, 2.680, 2.290, 2.031],
}


def equally(count: int) -> list[float]:
    return [look / count for look in range(1, count + 1)]


@pytest.mark.parametrize("count", PUBLISHED)
def test_equally_spaced_looks_have_the_published_boundaries(count: int) -> None:
    assert boundaries(equally(count)) == pytest.approx(PUBLISHED[count], abs=6e-4)


def test_at_a_looks_time_all_that_is_spent_was_spent_by_crossing() -> None:
    looks = [0.13, 0.4, 0.41, 0.77]
    assert crossing(looks, boundaries(looks), 0) == pytest.approx(spent(0.05, 0.77), abs=1e-9)


@pytest.mark.parametrize("count", [1, 5, 10, 100])
def test_any_number_of_looks_errs_in_five_percent_and_keeps_power(count: int) -> None:
    looks = equally(count)
    bounds = boundaries(looks)
    assert crossing(looks, bounds, 0) == pytest.approx(0.05, abs=1e-6)
    drift = 2.8015852  # of a test planned for power 0.8: 1.95996 + 0.84162
    assert crossing(looks, bounds, drift) > 0.775


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=12))
def test_unequal_looks_never_err_more_often(given: list[float]) -> None:
    looks = [*sorted(given), 1.0]
    assert crossing(looks, boundaries(looks), 0) < 0.0501


def test_walks_drawn_by_lot_cross_as_often_as_computed() -> None:
    looks = np.array([0.1, 0.103, 0.3, 0.302, 0.9, 0.99999, 1.0])
    bounds = np.array(boundaries(looks.tolist()))
    steps = np.sqrt(np.diff(looks, prepend=0.0))
    walks = np.cumsum(np.random.default_rng(5).standard_normal((200_000, len(looks))) * steps, axis=1)
    share = (np.abs(walks / np.sqrt(looks)) > bounds).any(axis=1).mean()
    assert share == pytest.approx(0.05, abs=0.0016)  # three standard errors


def test_looking_again_at_the_same_people_is_the_same_look() -> None:
    first, again, end, once_more = boundaries([0.5, 0.5 + LEAST_STEP / 2, 1.0, 1.0])
    assert [first, end] == pytest.approx(PUBLISHED[2], abs=6e-3)
    assert (again, once_more) == pytest.approx((first, end), abs=6e-3)


def test_what_was_learned_early_may_be_decided_at_the_end() -> None:
    """All the information came by the first look, the time ran on: the end spends what is left."""
    early, end = boundaries([1.0, 1.0], spending=[0.5, 1.0])
    assert early == pytest.approx(PUBLISHED[2][0], abs=6e-4)
    assert end == pytest.approx(1.95996, abs=1e-4)


def test_before_any_time_is_over_nothing_can_be_decided() -> None:
    assert boundaries([0.3], spending=[0.0]) == [NEVER]


def test_a_plan_in_days_may_run_beside_the_information() -> None:
    looks, days = [0.7, 0.9, 1.0], [0.2, 0.5, 1.0]
    bounds = boundaries(looks, spending=days)
    assert bounds[0] == pytest.approx(boundaries([0.2])[0])
    assert crossing(looks, bounds, 0) == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize("looks", [[], [0.0], [0.5, 0.4], [1.2], [-1.0]])
def test_impossible_looks_are_told(looks: list[float]) -> None:
    with pytest.raises(ExperimentError, match="look"):
        boundaries(looks)
