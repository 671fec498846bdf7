"""What the owner reads about scores: pure functions of what a run found out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from aiogram.filters.callback_data import CallbackData

from bot.admin.callbacks import PresetTap, SegmentTap
from bot.admin.views import button, keyboard, pairs
from bot.texts import Html
from core.sales.money import write_amount
from core.segments.scores import fields
from core.words import grouped, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiogram.types import InlineKeyboardMarkup

    from bot.texts import Say

Page = Literal["rfm", "lifecycle", "health", "lead", "churn", "clv", "points"]
PAGES: tuple[Page, ...] = ("rfm", "lifecycle", "health", "lead", "churn", "clv")
_FIELDS = {
    "rfm": "rfm",
    "lifecycle": "lifecycle",
    "health": "health_group",
    "lead": "lead_group",
    "churn": "churn",
}
_WORDS = {
    "rfm": fields.RFM_WORDS,
    "lifecycle": fields.LIFECYCLE_WORDS,
    "health": fields.HEALTH_WORDS,
    "lead": fields.LEAD_WORDS,
    "churn": fields.CHURN_WORDS,
}
_PARTS = ("consumption", "activation", "outcome")


@dataclass(frozen=True, slots=True)
class Groups:
    """The segments of a score's groups: numbers of those that are on, and how many of a family wait."""

    on: Mapping[str, int]
    waiting: Mapping[str, int]


class ScoreTap(CallbackData, prefix="ak"):
    """A page about one score; `points` is what earns those of readiness."""

    page: Page


def rules_of(page: Page) -> dict[str, str]:
    """Return the group each rule asks for, as the segments that ship for a score have it."""
    words = [word for word, *_ in _WORDS.get(page, ())]
    rules = {f"{_FIELDS[page]} = {word}": word for word in words}
    if page == "health":
        rules["health_group = at_risk and health is known"] = "at_risk"  # the unverified are told apart
    return rules


def pages_keyboard(say: Say) -> InlineKeyboardMarkup:
    """Return the buttons to the pages."""
    taps = [button(say(f"scores-button-{page}"), ScoreTap(page=page).pack()) for page in PAGES]
    return keyboard(*pairs(taps))


def page_keyboard(say: Say, page: Page, groups: Groups) -> InlineKeyboardMarkup:
    """Return the buttons of a page: to the segments of its groups, to those that wait, to the other pages."""
    taps = [
        button(_capital(en if say.language == "en" else ru), _card(groups.on[word]))
        for word, ru, en in _WORDS.get(page, ())
        if word in groups.on
    ]
    more = [
        [button(say("scores-button-waiting", count=count), PresetTap(action="family", name=family).pack())]
        for family, count in groups.waiting.items()
    ]
    points = [[button(say("scores-button-points"), ScoreTap(page="points").pack())]] if page == "lead" else []
    others = [
        button(say(f"scores-button-{other}"), ScoreTap(page=other).pack()) for other in PAGES if other != page
    ]
    return keyboard(*pairs(taps), *more, *points, *pairs(others))


def _card(number: int) -> str:
    return SegmentTap(action="card", number=number).pack()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def page_text(say: Say, page: Page, found: Mapping[str, Any], currency: str) -> str:
    """Return a page: what the score means, its groups, and whatever speaks for or against it."""
    about = _ABOUT[page](say, found, currency)
    return "\n\n".join([say(f"scores-{page}"), *(part for part in about if part)])


def _lines(say: Say, page: Page, counts: Mapping[str, int]) -> str:
    return "\n".join(
        say("scores-line", name=_capital(en if say.language == "en" else ru), count=_n(say, counts[word]))
        for word, ru, en in _WORDS[page]
        if word in counts
    )


def _n(say: Say, number: float) -> str:
    return grouped(round(number), say.language)


def _short(say: Say, number: float) -> str:
    """Return a number with one decimal, without one that is nought."""
    return _decimal(say, number, 1).removesuffix(",0").removesuffix(".0")


def _decimal(say: Say, number: float, digits: int = 2) -> str:
    text = f"{number:.{digits}f}"
    return text.replace(".", ",") if say.language == "ru" else text


def _money(say: Say, minor: int, currency: str) -> Html:
    return Html(write_amount(minor, currency, say.language))


def _rfm(say: Say, found: Mapping[str, Any], currency: str) -> list[str]:
    cells, names = found["rfm"]["cells"], fields.RFM_WORDS
    lines = [
        say(
            "scores-cell",
            name=_capital(en if say.language == "en" else ru),
            count=_n(say, cells[word][0]),
            money=_money(say, cells[word][1], currency),
        )
        for word, ru, en in names
    ]
    days, silent = found["rfm"].get("days", 0), found["lifecycle"]["at_risk_days"]
    is_short = 0 < days <= silent  # nobody can have fallen silent yet: the groups only compare
    return ["\n".join(lines), say("scores-rfm-short", days=days) if is_short else ""]


def _lifecycle(say: Say, found: Mapping[str, Any], currency: str) -> list[str]:
    life = found["lifecycle"]
    edges = say(
        "scores-edges-own" if life["is_from_gaps"] else "scores-edges-fixed",
        risk=_short(say, life["at_risk_days"]),
        lapsed=_short(say, life["lapsed_days"]),
        gaps=_n(say, life["gaps"]),
    )
    vip = life["vip_money"]
    later = {
        state: percent(bought / people, say.language)
        for state, (people, bought) in life["later"].items()
        if people
    }
    proof = ""
    if {"vip", "active", "at_risk"} <= set(later):
        proof = say("scores-later", vip=later["vip"], active=later["active"], risk=later["at_risk"])
    money = "" if vip is None else say("scores-vip", money=_money(say, vip, currency))
    return [
        _lines(say, "lifecycle", life["states"]),
        "\n".join(part for part in (edges, money) if part),
        proof,
    ]


def _health(say: Say, found: Mapping[str, Any], _currency: str) -> list[str]:
    health, buyers = found["health"], _n(say, found["buyers"])
    parts = [part for part in _PARTS if part != "activation" or health["milestones"]]
    total = sum(health["weights"][part] for part in parts) or 1
    told = "\n".join(
        say(
            f"scores-part-{part}",
            weight=_short(say, 100 * health["weights"][part] / total),
            people=_n(say, health["with"][part]),
            buyers=buyers,
        )
        for part in parts
    )
    return [_lines(say, "health", health["groups"]), told, _tested(say, found["tests"].get("health"))]


def _tested(say: Say, tested: Mapping[str, Any] | None) -> str:
    if tested is None:
        return say("scores-untested")
    own, plain = tested["auc"]
    low, bought = tested["at_risk"]
    verdict = say("scores-test-good" if own >= plain - 0.02 else "scores-test-poor")
    return say(
        "scores-tested",
        months=tested["months"],
        own=round(100 * own),
        plain=round(100 * plain),
        low=percent((low - bought) / low if low else 0, say.language),
        verdict=Html(verdict),
    )


def _lead(say: Say, found: Mapping[str, Any], _currency: str) -> list[str]:
    return [_lines(say, "lead", found["lead"]["groups"])]


def _churn(say: Say, found: Mapping[str, Any], _currency: str) -> list[str]:
    return [_lines(say, "churn", found["churn"]["groups"])]


def _clv(say: Say, found: Mapping[str, Any], currency: str) -> list[str]:
    value, held = found["clv"], found["tests"].get("holdout")
    if not found["buyers"]:
        return [say("scores-no-buyers")]
    key = "scores-clv-total" if value["is_expected"] else "scores-clv-so-far"
    total = say(key, money=_money(say, value["total"], currency), count=_n(say, found["buyers"]))
    if held is None or not held["actual"]:
        return [total, say("scores-clv-untested") if value["is_expected"] else ""]
    error = 100 * (held["expected"] - held["actual"]) / held["actual"]
    tested = say(
        "scores-clv-tested",
        weeks=round(held["weeks"]),
        expected=_n(say, held["expected"]),
        actual=_n(say, held["actual"]),
        error=("+" if error >= 0 else "−") + _decimal(say, abs(error), 1),
    )
    return [total, tested]


_ABOUT = {
    "rfm": _rfm,
    "lifecycle": _lifecycle,
    "health": _health,
    "lead": _lead,
    "churn": _churn,
    "clv": _clv,
}
