"""Verdicts: what is said of which numbers, and how often it is wrong (drawn by lot, fixed seeds)."""

from __future__ import annotations

import numpy as np
import pytest

from core.mailing.experiments.arms import Arm
from core.mailing.experiments.errors import ExperimentError
from core.mailing.experiments.plan import Terms, detectable, people_needed, power
from core.mailing.experiments.sequential import boundaries
from core.mailing.experiments.verdict import judge


def races(rates: tuple[float, ...], people: int, count: int, times: int, seed: int) -> tuple[float, float]:
    """Play whole experiments, stopped at the first winner; the shares with a winner and with a wrong one."""
    lots = np.random.default_rng(seed)
    looks = [look / count for look in range(1, count + 1)]
    won = wrong = 0
    for _ in range(times):
        reached, here = [0] * len(rates), 0
        for look in range(1, count + 1):
            upto = round(people * looks[look - 1])
            reached = [
                x + int(lots.binomial(upto - here, rate)) for x, rate in zip(reached, rates, strict=True)
            ]
            here = upto
            found = judge([Arm(upto, x) for x in reached], looks=looks[:look])
            if found.winner is not None:
                won, wrong = won + 1, wrong + (rates[found.winner] < max(rates))
                break
    return won / times, wrong / times


@pytest.mark.parametrize(("count", "times"), [(1, 3000), (5, 2000)])
def test_two_equal_letters_hardly_ever_have_a_winner(count: int, times: int) -> None:
    won, _ = races((0.04, 0.04), 6745, count, times, seed=count)
    assert won <= 0.055 + 1.5 * (0.05 * 0.95 / times) ** 0.5


def test_a_hundred_looks_at_two_equal_letters_err_no_more_often() -> None:
    """By z alone, all experiments at once; the exact test asked besides only takes winners away."""
    lots, times = np.random.default_rng(100), 20_000
    looks = [look / 100 for look in range(1, 101)]
    people = np.diff([round(6745 * look) for look in looks], prepend=0)
    first, second = (lots.binomial(people, 0.04, (times, 100)).cumsum(axis=1) for _ in range(2))
    pooled = (first + second) / (2 * people.cumsum())
    spread = np.sqrt(np.maximum(pooled * (1 - pooled), 1e-12) * 2 / people.cumsum())
    z = np.abs(second - first) / people.cumsum() / spread
    naive, ours = (z > 1.96).any(axis=1).mean(), (z > np.array(boundaries(looks))).any(axis=1).mean()
    assert ours <= 0.055
    assert naive > 0.3


def test_three_equal_letters_hardly_ever_have_a_winner() -> None:
    won, _ = races((0.1, 0.1, 0.1), 2000, 3, 1000, seed=3)
    assert won <= 0.05


def test_ten_looks_of_a_test_planned_for_eighty_percent_find_the_better_letter() -> None:
    won, wrong = races((0.04, 0.05), people_needed(Terms(0.04), 0.01), 10, 600, seed=10)
    assert won >= 0.74
    assert wrong <= 0.002


def test_the_best_of_three_is_found_when_the_plan_was_for_three() -> None:
    terms = Terms(0.1, arms=3)
    won, wrong = races((0.1, 0.1, 0.15), people_needed(terms, 0.05), 1, 300, seed=1)
    assert won >= 0.6  # it must beat both of the others
    assert wrong == 0.0


@pytest.mark.parametrize(
    ("arms", "options", "decision", "outcome"),
    [
        ([Arm(1000, 40), Arm(1000, 80)], {}, "B", "winner"),
        ([Arm(1000, 80), Arm(1000, 40)], {}, "A", "winner"),
        ([Arm(1000, 52), Arm(1010, 71)], {}, "none", "same"),
        ([Arm(1000, 52), Arm(1010, 75)], {"looks": [0.2, 0.4]}, "none", "early"),
        ([Arm(1000, 40), Arm(1000, 80)], {"looks": [0.2]}, "none", "early"),
        ([Arm(1000, 40), Arm(1300, 90)], {"planned": [1, 1]}, "srm", "srm"),
        ([Arm(1000, 40), Arm(2000, 160)], {"planned": [1, 2]}, "B", "winner"),
        ([Arm(20, 0), Arm(20, 4)], {}, "none", "disagree"),
        ([Arm(1000, 50), Arm(1000, 80), Arm(1000, 150)], {}, "C", "winner"),
        ([Arm(1000, 50), Arm(1000, 120), Arm(1000, 125)], {}, "none", "same"),
        ([Arm(500, 0), Arm(500, 0)], {}, "none", "same"),
        ([Arm(1, 1), Arm(1, 0)], {}, "none", "same"),
    ],
)
def test_the_verdict_of_plain_numbers(
    arms: list[Arm], options: dict[str, list[float]], decision: str, outcome: str
) -> None:
    found = judge(arms, **options)  # type: ignore[arg-type]
    assert (found.decision, found.outcome) == (decision, outcome)


def test_a_winners_interval_leaves_out_nothing() -> None:
    for people in (30, 90, 400):
        for x in range(0, people, 7):
            for y in range(0, people, 5):
                found = judge([Arm(people, x), Arm(people, y)])
                if found.winner is not None:
                    assert found.pairs[0].low > 0 or found.pairs[0].high < 0


def test_an_early_look_has_the_wider_interval() -> None:
    arms = [Arm(1000, 50), Arm(1000, 60)]
    early, end = judge(arms, looks=[0.5]).pairs[0], judge(arms).pairs[0]
    assert early.low < end.low < end.high < early.high


@pytest.mark.parametrize(
    "arms", [[Arm(10, 1)], [Arm(0, 0), Arm(10, 1)], [Arm(5, 6), Arm(5, 1)], [Arm(9, 1)] * 7]
)
def test_what_cannot_be_judged_is_told(arms: list[Arm]) -> None:
    with pytest.raises(ExperimentError):
        judge(arms)


@pytest.mark.parametrize(
    ("terms", "lift", "needed"),
    [  # R's power.prop.test; Fleiss, Levin & Paik 2003, §4.2 (807.1 before its correction)
        (Terms(0.5, power=0.9), 0.25, 77),
        (Terms(0.6, alpha=0.01, power=0.95), 0.1, 808),
        (Terms(0.04), 0.01, 6745),
    ],
)
def test_people_needed_are_the_published_ones(terms: Terms, lift: float, needed: int) -> None:
    assert people_needed(terms, lift) == needed
    assert power(terms, lift, needed) == pytest.approx(terms.power, abs=0.005)
    shown = detectable(terms, needed)
    assert shown is not None
    assert shown == pytest.approx(lift, rel=0.01)


def test_more_variants_need_more_people_each() -> None:
    assert people_needed(Terms(0.04, arms=3), 0.01) > people_needed(Terms(0.04), 0.01)


@pytest.mark.parametrize(
    ("terms", "lift"),
    [
        (Terms(0.0), 0.01),
        (Terms(1.0), 0.01),
        (Terms(0.04, arms=1), 0.01),
        (Terms(0.04), 0.0),
        (Terms(0.04), 0.97),
        (Terms(0.04, alpha=0.9), 0.01),
        (Terms(0.04, power=0.2), 0.01),
    ],
)
def test_impossible_terms_are_told(terms: Terms, lift: float) -> None:
    with pytest.raises(ExperimentError):
        people_needed(terms, lift)
