"""What a score was made of, in words: «покупки 80 × 62,5 % + письма 40 × 37,5 %»."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.segments.scores.scheme import Scheme
    from core.segments.words import Language

_MEASURES = (
    ("outcome", "покупки", "purchases"),
    ("consumption", "письма", "letters"),
    ("activation", "вехи", "milestones"),
)
_MARKS = (
    ("rfm_r", "давность", "recency"),
    ("rfm_f", "частота", "frequency"),
    ("rfm_m", "деньги", "money"),
)


def inputs(name: str, scores: Mapping[str, Any], language: Language, scheme: Scheme) -> str:
    """Return what a score of this name was made of, empty where there is nothing to say."""
    english = language == "en"
    match name:
        case "health" | "health_group":
            return _health(scores, scheme, english)
        case "rfm":
            marks = [
                f"{row[1 + english]} {scores[row[0]]}" for row in _MARKS if scores.get(row[0]) is not None
            ]
            return ", ".join(marks) + (" of 5" if english else " из 5") if marks else ""
        case "lead" | "lead_group" if scores.get("lead") is not None:
            return _lead(scores, scheme, english)
        case "churn" | "next_purchase" | "interval" if scores.get("interval_days") is not None:
            days = f"{scores['interval_days']:g}".replace(".", "." if english else ",")
            return f"usually buys every {days} days" if english else f"обычно покупает раз в {days} дн."
    return ""


def _lead(scores: Mapping[str, Any], scheme: Scheme, english: bool) -> str:
    """Return the points of answers and of acts, and of how many where a hundred cannot be had."""
    most = scheme.lead.most
    fit = scores.get("fit") or 0
    acts = max(round(scores["lead"] * most / 100) - fit, 0)
    if english:
        return f"answers {fit} + acts {acts}" + ("" if most == 100 else f" of {most:g}")
    return f"ответы {fit} + действия {acts}" + ("" if most == 100 else f" из {most:g}")


def _health(scores: Mapping[str, Any], scheme: Scheme, english: bool) -> str:
    """Return the weighted mean as a sum; the weights of what has a value make one."""
    scores = {**scores, "consumption": _consumption(scores)}
    present = [row for row in _MEASURES if scores.get(row[0]) is not None]
    total = sum(scheme.weights.get(name, 0) for name, *_ in present)
    if len(present) < 2 or not total:
        return "".join(f"{row[1 + english]} {scores[row[0]]}" for row in present)
    parts = []
    for name, *words in present:
        share = f"{100 * scheme.weights.get(name, 0) / total:.1f}".removesuffix(".0")
        weight = f"{share}%" if english else f"{share.replace('.', ',')} %"
        parts.append(f"{words[english]} {scores[name]} × {weight}")
    return " + ".join(parts)


def _consumption(scores: Mapping[str, Any]) -> int | None:
    """Return the measure of letters: the mean of the share answered and of engagement, half up."""
    answered, engaged = scores.get("answered"), scores.get("engagement")
    return None if answered is None or engaged is None else (answered + engaged + 1) // 2
