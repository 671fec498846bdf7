"""The why-card names a way into a derived value, not the value itself again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.segments.change import Case
from core.segments.language import parse
from core.segments.ways import way, way_out

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "value", "scores", "said"),
    [
        ("lifecycle = new", "prospect", {}, "первая покупка"),
        ("lifecycle = vip", "active", {}, "от 3 покупок за год и сумма среди 5 % самых больших"),
        ("lifecycle = lapsed", "prospect", {}, "первая покупка, потом — если будет молчать и дальше"),
        ("lead_group = warm", "cold", {"lead": 39}, "ещё 12 из 100 (нужно 51)"),
        ("lead_group = cold", "hot", {"lead": 80}, "если станет не больше 50 из 100"),
        ("lead_group = warm", None, {}, ""),
        ("health_group = key", "at_risk", {"health": 30}, "ещё 46 из 100 (нужно 76)"),
        (
            "health_group = key",
            "low_potential",
            {"health": 90},
            "если купит больше, чем половина покупателей",
        ),
        ("base_kind = customer", "reader", {}, "первая покупка"),
        ("churn = overdue", "calm", {}, "если промолчит втрое дольше своего перерыва"),
        ("city = Казань", None, {}, ""),
        ("lifecycle != vip", "vip", {}, ""),
        ("rfm in (champions, loyal)", "new", {}, "если станет покупать чаще и больше"),
    ],
)
def test_a_way_into_a_derived_value(rule: str, value: Any, scores: dict[str, Any], said: str) -> None:
    assert way(Case(parse(rule), value, False, None, NOW, ZoneInfo("UTC")), scores, "ru") == said


def test_who_is_inside_needs_no_way_in() -> None:
    case = Case(parse("lifecycle = vip"), "vip", True, None, NOW, ZoneInfo("UTC"))
    assert way(case, {}, "en") == ""


@pytest.mark.parametrize(
    ("rule", "scores", "said"),
    [
        ("lifecycle = lapsed", {}, "новая покупка"),
        ("lifecycle = vip", {}, "если замолчит дольше обычного"),
        ("rfm = hibernating", {}, "новая покупка"),
        ("churn = calm", {}, "если промолчит вдвое дольше своего перерыва"),
        ("health_group = at_risk", {"health": 20}, "если станет больше 50 из 100"),
        ("health_group = at_risk", {}, ""),  # nothing is known of him
        ("health_group = high_potential", {"health": 60}, "если станет меньше 51 или больше 75 из 100"),
        (
            "health_group = low_potential",
            {"health": 60},
            "если станет меньше 51 из 100 или если купит больше, чем половина покупателей",
        ),
        ("lead_group = warm", {"lead": 60}, "если станет меньше 51 или больше 75 из 100 или первая покупка"),
        ("lead_group = hot", {"lead": 80}, "если станет меньше 76 из 100 или первая покупка"),
        ("city = Казань", {}, ""),
        ("lifecycle != vip", {}, ""),
    ],
)
def test_a_way_out_of_a_derived_value(rule: str, scores: dict[str, Any], said: str) -> None:
    case = Case(parse(rule), "whatever", True, None, NOW, ZoneInfo("UTC"))
    assert way_out(case, scores, "ru") == said
    outside = Case(parse(rule), "whatever", False, None, NOW, ZoneInfo("UTC"))
    assert way_out(outside, scores, "ru") == ""
