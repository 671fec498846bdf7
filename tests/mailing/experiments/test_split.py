"""The split: the same everywhere, as even as lots, independent from salt to salt; the holdout's effect."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.clock import now
from core.db import Database
from core.mailing.experiments import holdout
from core.mailing.experiments.arms import Arm, Sample
from core.mailing.experiments.errors import ExperimentError
from core.mailing.experiments.split import PRIME, arm_of, edges, place
from core.mailing.experiments.srm import mismatch
from core.people.models import Subscriber
from tests.mailing.people import add_people


def test_the_database_and_python_split_alike(db: Database) -> None:
    db.write_now(add_people, 50, now(), first=2**31 - 20)
    db.write_now(add_people, 50, now())
    query = select(Subscriber.id, place("spring", Subscriber.id))
    found: dict[int, int] = dict(db.read_now(lambda session: session.execute(query).all()))
    assert found == {number: place("spring", number) for number in found}
    assert all(0 <= here < PRIME for here in found.values())


def test_a_person_stays_where_he_is() -> None:
    assert [arm_of("spring", number, [1, 1]) for number in range(1, 13)] == [
        arm_of("spring", number, [1, 1]) for number in range(1, 13)
    ]
    assert [place("spring", number) for number in (1, 2, 3)] != [
        place("summer", number) for number in (1, 2, 3)
    ]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=20), st.integers(0, 2**62))
def test_everybody_has_a_part(salt: str, number: int) -> None:
    assert arm_of(salt, number, [5, 45, 50]) in (0, 1, 2)


def test_the_parts_vary_as_if_drawn_by_lot() -> None:
    """Neither lumpy nor suspiciously even: p-values of the sizes of 400 splits spread evenly over 0 … 1."""
    numbers = np.arange(1, 4001)
    found = []
    for salt in range(300):
        first = int((place(str(salt), numbers) < edges([1, 1])[0]).sum())
        found.append(mismatch([first, 4000 - first], [1, 1]))
    deciles = Counter(min(9, int(p * 10)) for p in found)
    assert all(10 <= deciles[decile] <= 55 for decile in range(10)), deciles
    assert sum(p < 0.001 for p in found) <= 2


def test_two_salts_split_independently() -> None:
    numbers = np.arange(1, 20_001)
    half = edges([1, 1])[0]
    both = ((place("spring", numbers) < half) & (place(holdout.SALT, numbers) < half)).mean()
    assert both == pytest.approx(0.25, abs=0.015)


def test_a_larger_holdout_holds_the_smaller_one() -> None:
    numbers = np.arange(1, 2001)
    small, large = (place(holdout.SALT, numbers) < int(PRIME * share) for share in (0.05, 0.10))
    assert not (small & ~large).any()
    assert large.sum() > small.sum()


@pytest.mark.parametrize("shares", [[], [0, 1], [1, -1]])
def test_a_part_without_a_share_is_told(shares: list[float]) -> None:
    with pytest.raises(ExperimentError, match="share"):
        edges(shares)


def test_the_effect_of_letters_is_what_the_holdout_does_not_explain() -> None:
    found = holdout.effect(Arm(9000, 540), Arm(1000, 40))
    assert found.amount == pytest.approx(540 - 9000 * 40 / 1000)
    assert found.low < found.amount < found.high
    assert found.is_sure
    assert not holdout.effect(Arm(900, 54), Arm(100, 4)).is_sure


def test_the_effects_interval_covers_the_truth() -> None:
    lots, covered, times = np.random.default_rng(4), 0, 1500
    for _ in range(times):
        found = holdout.effect(
            Arm(2700, int(lots.binomial(2700, 0.06))), Arm(300, int(lots.binomial(300, 0.04)))
        )
        covered += found.low <= 2700 * 0.02 <= found.high
    assert covered / times == pytest.approx(0.95, abs=0.02)


def test_money_is_told_with_its_interval() -> None:
    found = holdout.money(Sample(9000, 130.0, 500_000.0), Sample(1000, 100.0, 400_000.0))
    assert found.amount == pytest.approx(270_000)
    assert found.low < 0 < found.high


@pytest.mark.parametrize("share", [0.01, 0.5, -0.1])
def test_a_holdout_is_five_to_ten_percent(share: float) -> None:
    with pytest.raises(ExperimentError, match="5–10"):
        holdout.check(share)
    holdout.check(0.05)
    holdout.check(0)
