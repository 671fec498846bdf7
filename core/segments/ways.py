"""Ways into a value of a derived field: what a person would do to become VIP, warm or a customer."""

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
