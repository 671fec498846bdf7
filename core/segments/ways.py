"""Ways into a value of a derived field and out of it: what makes a person VIP or warm, and what ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.segments.conditions import Compare, OneOf
from core.segments.scores.borders import AT_RISK_UNTIL, HIGH_UNTIL, VIP_PURCHASES, VIP_SHARE
from core.segments.scores.lead import COLD_UNTIL, WARM_UNTIL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.segments.change import Case
    from core.segments.words import Language

Both = tuple[str, str]  # ru, en
_MOST = 2  # ways told of a list of values
_FIRST: Both = ("первая покупка", "the first purchase")
_ANOTHER: Both = ("новая покупка", "another purchase")
_VIP: Both = (
    f"от {VIP_PURCHASES} покупок за год и сумма среди {VIP_SHARE:.0%} самых больших".replace("%", " %"),
    f"{VIP_PURCHASES} purchases or more in a year and a sum among the largest {VIP_SHARE:.0%}",
)
_SILENT: Both = ("если замолчит дольше обычного", "being silent longer than usual")
_LONGER: Both = ("если будет молчать и дальше", "going on being silent")
_ONE: Both = ("одна покупка на днях", "one purchase these days")
_OFTEN: Both = ("если станет покупать чаще и больше", "buying more often and for more")
_MORE: Both = ("если купит больше, чем половина покупателей", "buying for more than half of the customers do")
_LEAD = {"cold": (0, COLD_UNTIL), "warm": (COLD_UNTIL + 1, WARM_UNTIL), "hot": (WARM_UNTIL + 1, 100)}
_HEALTH = {
    "at_risk": (0, AT_RISK_UNTIL),
    "low_potential": (AT_RISK_UNTIL + 1, 100),
    "high_potential": (AT_RISK_UNTIL + 1, HIGH_UNTIL),
    "key": (HIGH_UNTIL + 1, 100),
}
_WAYS: dict[str, dict[str, Both]] = {
    "lifecycle": {
        "new": _FIRST,
        "active": _ANOTHER,
        "vip": _VIP,
        "at_risk": _SILENT,
        "lapsed": _LONGER,
    },
    "rfm": {
        "champions": _OFTEN,
        "loyal": _OFTEN,
        "potential_loyalists": _ANOTHER,
        "new": _ONE,
        "promising": _ONE,
        "need_attention": _SILENT,
        "about_to_sleep": _SILENT,
        "at_risk": _SILENT,
        "cant_lose": _LONGER,
        "hibernating": _LONGER,
    },
    "churn": {
        "calm": _ANOTHER,
        "stretched": ("если промолчит вдвое дольше своего перерыва", "silent for twice the own interval"),
        "overdue": ("если промолчит втрое дольше своего перерыва", "silent for three times the own interval"),
    },
    "base_kind": {
        "customer": _FIRST,
        "former": _LONGER,
        "prospect": ("если пройдёт квиз или ответит на письма", "finishing a quiz or answering letters"),
    },
    "funnel_stage": {
        "repeat": ("вторая покупка", "the second purchase"),
        "buyer": _FIRST,
        "quiz_finished": ("если пройдёт квиз", "finishing a quiz"),
        "quiz_started": ("если начнёт квиз", "starting a quiz"),
        "agreed": ("согласие на обработку данных", "consent to data processing"),
    },
}
_EITHER: Both = ("новая покупка или долгое молчание", "another purchase or a long silence")
_WAYS_OUT: dict[str, dict[str, Both]] = {
    "lifecycle": {
        "new": ("со временем: новым остаются недолго", "by time: one is new for a short while"),
        "active": _SILENT,
        "vip": _SILENT,
        "at_risk": _ANOTHER,
        "lapsed": _ANOTHER,
    },
    "rfm": {
        "champions": _SILENT,
        "loyal": _SILENT,
        "potential_loyalists": _EITHER,
        "new": _EITHER,
        "promising": _EITHER,
        "need_attention": _EITHER,
        "about_to_sleep": _ANOTHER,
        "at_risk": _ANOTHER,
        "cant_lose": _ANOTHER,
        "hibernating": _ANOTHER,
    },
    "churn": {"calm": _WAYS["churn"]["stretched"], "stretched": _ANOTHER, "overdue": _ANOTHER},
    "base_kind": {"customer": _LONGER, "former": _ANOTHER},
}
_NEEDS_PURCHASE = frozenset({"lifecycle", "rfm", "churn"})  # nobody has these before he has bought


def way(case: Case, scores: Mapping[str, Any], language: Language) -> str:
    """Return what leads into the value a condition asks for, empty where there is nothing better to say."""
    condition = case.condition
    if case.holds or not isinstance(condition, Compare | OneOf):
        return ""
    is_asked = not condition.excluded if isinstance(condition, OneOf) else condition.operator == "="
    values = condition.values if isinstance(condition, OneOf) else (condition.value,)
    if not is_asked:
        return ""
    name, english = condition.field.text(), language == "en"
    found = [_into(name, str(value), case, scores) for value in values]
    told = dict.fromkeys(one[english] for one in found if one is not None)
    return (" or " if english else " или ").join(list(told)[:_MOST])


def way_out(case: Case, scores: Mapping[str, Any], language: Language) -> str:
    """Return what ends the value a condition asks for and a person has, empty where nothing is to say."""
    condition = case.condition
    if not (case.holds and isinstance(condition, Compare) and condition.operator == "="):
        return ""
    name, value = condition.field.text(), str(condition.value)
    found = _WAYS_OUT.get(name, {}).get(value)
    if name == "lead_group" and scores.get("lead") is not None:
        found = _or(_beyond(*_LEAD[value]), _FIRST)
    elif name == "health_group" and scores.get("health") is not None:
        found = _beyond(*_HEALTH[value])
        found = _or(found, _MORE) if value == "low_potential" else found
    return "" if found is None else found[language == "en"]


def _beyond(least: int, most: int) -> Both:
    """Tell the scores on both sides of a group."""
    ru = ([f"меньше {least}"] if least else []) + ([f"больше {most}"] if most < 100 else [])
    en = ([f"less than {least}"] if least else []) + ([f"more than {most}"] if most < 100 else [])
    return f"если станет {' или '.join(ru)} из 100", f"becoming {' or '.join(en)} of 100"


def _or(one: Both, other: Both) -> Both:
    return f"{one[0]} или {other[0]}", f"{one[1]} or {other[1]}"


def _into(name: str, value: str, case: Case, scores: Mapping[str, Any]) -> Both | None:
    if name == "lead_group":
        return _between("lead", _LEAD[value], scores)
    if name == "health_group":
        found = _between("health", _HEALTH[value], scores)
        return None if found is _MORE and value == "low_potential" else found
    found = _WAYS.get(name, {}).get(value)
    is_later = found is not None and found not in (_FIRST, _VIP) and name in _NEEDS_PURCHASE
    if is_later and case.value in (None, "prospect"):
        ru, en = found or _FIRST
        return f"первая покупка, потом — {ru}", f"the first purchase, then {en}"
    return found


def _between(name: str, wanted: tuple[int, int], scores: Mapping[str, Any]) -> Both | None:
    """Tell how many points are missing, or how many are too many."""
    least, most = wanted
    value = scores.get(name)
    if value is None:
        return None
    if value < least:
        return f"ещё {least - value} из 100 (нужно {least})", f"{least - value} more of 100 ({least} needed)"
    if value <= most:
        return _MORE
    return f"если станет не больше {most} из 100", f"if it becomes at most {most} of 100"
