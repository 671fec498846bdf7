"""Lifetime value: the published fit, the degenerate ones, the error on held-out purchases.

cdnow_summary.csv.gz: repeat purchases, weeks until the last one, weeks observed and average repeat purchase
of the 2,357 customers of the CDNOW 1/10 sample (Fader, Hardie & Lee 2005), calibration to 1997-09-30; it is
taken from the PyPI package `lifetimes` (MIT, Copyright (c) 2015 Cameron Davidson-Pilon).
"""

from __future__ import annotations

import gzip
import random
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import check_grad
from scipy.special import gammaln, logsumexp
from scipy.stats import nbinom

from core.segments.scores import bgnbd, clv, gamma_gamma
from core.segments.scores.bgnbd import Bgnbd, Repeats
from core.segments.scores.gamma_gamma import GammaGamma
from core.segments.scores.orders import Floats
from tests.segments.scores.shops import AS_OF, Line, busy_shop, lines_of_a_shop, shop

SUMMARY = Path(__file__).parent / "cdnow_summary.csv.gz"


@pytest.fixture(scope="module")
def cdnow() -> tuple[Repeats, Floats]:
    with gzip.open(SUMMARY, "rt") as file:
        x, t, observed, average = np.loadtxt(file, delimiter=",", skiprows=1).T
    return Repeats(x, t, observed), average


def test_bgnbd_finds_the_published_parameters(cdnow: tuple[Repeats, Floats]) -> None:
    found = bgnbd.fit(cdnow[0])
    four = (found.r, found.alpha, found.a, found.b)
    assert four == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=0.0006)
    assert found.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    assert found.doubt is None


def test_gamma_gamma_finds_the_published_parameters(cdnow: tuple[Repeats, Floats]) -> None:
    found = gamma_gamma.fit(cdnow[0].x, cdnow[1])
    assert isinstance(found, GammaGamma)
    assert (found.p, found.q, found.v) == pytest.approx((6.25, 3.74, 15.44), abs=0.011)


def test_gamma_gamma_follows_the_unit_of_money(cdnow: tuple[Repeats, Floats]) -> None:
    found = gamma_gamma.fit(cdnow[0].x, cdnow[1] * 1e6)
    assert isinstance(found, GammaGamma)
    assert (found.p, found.q, found.v / 1e6) == pytest.approx((6.25, 3.74, 15.44), abs=0.011)


def test_the_published_expectation_of_the_first_customer() -> None:
    found = Bgnbd(0.243, 4.414, 0.793, 2.426, 0)
    seen = Repeats(np.array([2.0]), np.array([30.43]), np.array([38.86]))
    assert found.expected(seen, 39)[0] == pytest.approx(1.226, abs=0.001)
    assert found.alive(seen)[0] == pytest.approx(0.7266, abs=0.001)


def test_the_slopes_are_those_of_the_likelihood(cdnow: tuple[Repeats, Floats]) -> None:
    for start in bgnbd.STARTS:
        error = check_grad(
            lambda logs: bgnbd._loss(logs, cdnow[0])[0],
            lambda logs: bgnbd._loss(logs, cdnow[0])[1],
            np.log(start),
        )
        assert error < 1e-5


def test_without_repeat_purchases_the_likelihood_is_that_of_none_of_a_negative_binomial() -> None:
    seen = Repeats(np.zeros(3), np.zeros(3), np.array([5.0, 10.0, 40.0]))
    direct = nbinom.logpmf(0, 0.3, 4 / (4 + seen.T)).sum()
    assert bgnbd.log_likelihood(seen, 0.3, 4.0, 0.8, 2.4) == pytest.approx(direct)


def expected_by_summing(model: Bgnbd, x: float, observed: float, weeks: float) -> float:
    """Equation 10 with the hypergeometric function written out as a series, summed in logarithms."""
    z, k = weeks / (model.alpha + observed + weeks), np.arange(200_000.0)
    first, second, third = model.r + x, model.b + x, model.a + model.b + x - 1
    terms = gammaln(first + k) - gammaln(first) - gammaln(k + 1) + k * np.log(z) + first * np.log1p(-z)
    terms += gammaln(second + k) - gammaln(second) - gammaln(third + k) + gammaln(third)
    alive = 1 / (1 + model.a / (model.b + x - 1))  # the last purchase was at the end of the time observed
    return float(third / (model.a - 1) * (1 - np.exp(logsumexp(terms))) * alive)


@pytest.mark.parametrize("r", [0.01, 0.24, 5.0])
@pytest.mark.parametrize("a", [1e-4, 0.3, 0.8, 2.0, 30.0, 1e4])
@pytest.mark.parametrize("b", [1e-3, 0.5, 2.4, 1e3])
def test_the_expectation_is_the_series_of_the_paper_whatever_the_parameters(
    r: float, a: float, b: float
) -> None:
    model = Bgnbd(r, 4.4, a, b, 0)
    for x, observed, weeks in (
        (1.0, 30.0, 39.0),
        (5.0, 30.0, 1.0),
        (100.0, 200.0, 52.0),
        (5000.0, 500.0, 52.0),
    ):
        seen = Repeats(np.array([x]), np.array([observed]), np.array([observed]))
        wanted = expected_by_summing(model, x, observed, weeks)
        assert model.expected(seen, weeks)[0] == pytest.approx(wanted, rel=1e-4, abs=1e-6)


def test_many_purchases_do_not_overflow() -> None:
    model = Bgnbd(0.24, 4.4, 0.8, 2.4, 0)
    seen = Repeats(
        np.array([5000.0, 2000.0, 1.0]), np.array([500.0, 3.0, 0.1]), np.array([500.0, 500.0, 500.0])
    )
    for weeks in (0.1, 52, 5200):
        expected, alive = model.expected(seen, weeks), model.alive(seen)
        assert np.isfinite(expected).all()
        assert ((alive >= 0) & (alive <= 1)).all()
        assert expected[0] > 0


def test_everyone_with_one_purchase_is_called_alive_so_nothing_else_may_use_it() -> None:
    model = Bgnbd(0.24, 4.4, 0.8, 2.4, 0)
    seen = Repeats(np.zeros(2), np.zeros(2), np.array([1.0, 500.0]))
    assert model.alive(seen).tolist() == [1, 1]
    for module in ("health", "lifecycle", "rfm"):
        text = (Path(bgnbd.__file__).parent / f"{module}.py").read_text(encoding="utf-8")
        assert "import bgnbd" not in text
        assert "scores.clv" not in text


def test_customers_are_counted_by_distinct_days_in_weeks() -> None:
    orders = shop(
        ("a", 70, 10.0), ("a", 70, 5.0), ("a", 35, 20.0), ("a", 35, 4.0), ("a", 14, 30.0), ("b", 7, 9.0)
    )
    found = clv.customers(orders, AS_OF - 7)
    assert found.seen.x.tolist() == [2, 0]
    assert found.seen.t.tolist() == [8, 0]
    assert found.seen.T.tolist() == [9, 0]
    assert found.average.tolist() == [27, 0]
    assert found.overall.tolist() == [23, 9]
    assert clv.customers(orders, AS_OF - 20).seen.x.tolist() == [1]  # what came later is not known yet


@pytest.mark.parametrize(
    ("refund", "average", "money"),
    [
        (("a", 30, -6.0), 14, 29),
        (("a", 35, -6.0), 14, 29),
        (("a", 60, -6.0), 20, 29),
        (("a", 90, -6.0), 20, 29),
    ],
)
def test_a_refund_belongs_to_the_purchase_before_it(refund: Line, average: float, money: float) -> None:
    found = clv.customers(shop(("a", 70, 15.0), ("a", 35, 20.0), ("b", 1, 1.0), refund), AS_OF)
    assert found.average[0] == average
    assert found.money[0] == money


def test_more_money_back_than_paid_leaves_no_negative_average() -> None:
    orders = shop(("a", 70, 15.0), ("a", 35, 20.0), ("a", 1, -300.0), ("b", 3, -4.0))
    found = clv.customers(orders, AS_OF)
    assert (found.average.tolist(), found.money.tolist()) == ([0], [-265])


def regular_shop(people: int, every: int, amount: float = 10.0) -> list[Line]:
    return [(f"p{n:03}", ago, amount) for n in range(people) for ago in range(n % every, 300, every)]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([("a", 5, 10.0), ("a", 1, 7.0)], "there is 1 customer"),
        (busy_shop(30), "customers: a model needs at least 100"),
        ([(f"p{n}", n, 10.0) for n in range(200)], "nobody has bought on a second day"),
        ([(f"p{n}", 5, 10.0) for n in range(200) for _ in range(2)], "nobody has bought on a second day"),
        (regular_shop(150, 14), "nobody is seen to leave"),
    ],
)
def test_a_fit_that_cannot_be_gives_a_sentence_and_the_money_so_far(lines: list[Line], why: str) -> None:
    found = clv.value(shop(*lines), AS_OF, 90)
    assert found.models.why is not None
    assert why in found.models.why
    assert np.isnan(found.expected).all()
    assert found.clv.tolist() == found.customers.money.tolist()
    params = found.models.params()
    assert params["r"] is None
    assert params["message"] == found.models.why


def test_equal_sums_leave_each_customer_his_own_average() -> None:
    lines = [(who, ago, 10.0) for who, ago in sorted({(who, ago) for who, ago, _ in busy_shop(400)})]
    found = clv.value(shop(*lines), AS_OF, 90)
    assert found.models.purchases is not None
    assert found.models.spend is None
    assert found.models.why is not None
    assert set(found.spend) == {10.0}
    np.testing.assert_allclose(found.clv, found.expected * found.spend)


@settings(max_examples=5, deadline=None)
@given(lines_of_a_shop(200), st.integers(100, 130))
def test_no_shop_makes_it_crash(lines: list[Line], people: int) -> None:
    lines = [*lines, *((f"p{n}", n % 400, float(n)) for n in range(people))]
    lines += [(f"p{n % people}", ago % 300, amount) for n, (_, ago, amount) in enumerate(lines)]
    found = clv.value(shop(*lines), AS_OF, 365)
    assert np.isfinite(found.clv).all()
    assert len(found.clv) == len(found.customers.person)
    clv.own_holdout(shop(*lines), AS_OF)


def test_shuffled_rows_give_the_same_values() -> None:
    lines = busy_shop(150)
    first = clv.value(shop(*lines), AS_OF, 90)
    random.Random(3).shuffle(lines)
    again = clv.value(shop(*lines), AS_OF, 90)
    assert first.clv.tolist() == again.clv.tolist()


def test_the_error_on_held_out_purchases_is_measured_on_days_the_fit_has_not_seen() -> None:
    orders = shop(*busy_shop(800))
    until = AS_OF - 60
    found = clv.holdout(orders, until, AS_OF)
    assert found is not None
    assert found.actual > 0
    assert abs(found.error or 0) < 0.3
    made = clv.value(orders.until(until), until, 60)
    assert made.models.purchases is not None
    assert found.per_customer < found.per_customer_plain
    assert found.expected == pytest.approx(made.expected.sum())
    assert clv.holdout(orders, AS_OF, AS_OF) is None
    own = clv.own_holdout(orders, AS_OF)
    assert own is not None
    assert own.weeks > 4


def test_a_shop_of_23_570_customers_is_fitted_in_seconds(cdnow: tuple[Repeats, Floats]) -> None:
    chance = np.random.default_rng(1)
    chosen = chance.integers(0, len(cdnow[1]), 23_570)
    weeks = chance.uniform(0, 0.01, 23_570)  # no two customers quite alike
    seen = Repeats(cdnow[0].x[chosen], cdnow[0].t[chosen], cdnow[0].T[chosen] + weeks)
    start = time.perf_counter()
    assert bgnbd.fit(seen).doubt is None
    assert isinstance(gamma_gamma.fit(seen.x, cdnow[1][chosen]), GammaGamma)
    assert time.perf_counter() - start < 30
