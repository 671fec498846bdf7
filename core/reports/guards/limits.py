"""The thresholds of the guards in one table; GUARDS sets others: `GUARDS=jump_ratio=3, ignored_days=60`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import SettingsError
from core.segments.errors import suggestion

Limits = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Limit:
    """One threshold: whose it is, what holds by itself, and between what it may be set."""

    name: str
    guard: str
    default: float
    low: float
    high: float
    meaning: str


LIMITS = (
    Limit("stale_hours", "stale", 24, 1, 24 * 30, "hours since a segment was last computed"),
    Limit("uncovered_share", "uncovered", 0.5, 0.01, 1, "share of active people in no meaningful segment"),
    Limit("uncovered_people", "uncovered", 50, 1, 1e9, "active people below which nothing is said"),
    Limit("source_share", "one_source", 0.9, 0.5, 1, "share of a segment who came by one link or file"),
    Limit("source_lead", "one_source", 0.2, 0, 1, "by how much that share has to exceed the base's own"),
    Limit("source_people", "one_source", 50, 1, 1e9, "people of a segment below which nothing is said"),
    Limit("ignored_days", "ignored", 30, 1, 365, "days without a single letter to any buyer"),
    Limit("ignored_letters", "ignored", 2, 0.1, 1000, "letters the others got in these days, on average"),
    Limit("ignored_people", "ignored", 10, 1, 1e9, "active buyers below which nothing is said"),
    Limit("jump_ratio", "jump", 2, 1.2, 100, "times a segment grew or shrank in one day"),
    Limit("jump_noise", "jump", 6, 3, 100, "times its usual daily noise"),
    Limit("jump_people", "jump", 30, 5, 1e9, "people, at its larger size, below which nothing is said"),
    Limit("vip_days", "was_vip", 30, 1, 365, "days since a VIP fell silent in which it is worth a call"),
    Limit("snooze_days", "all", 30, 1, 365, "days for which an alarm is put off by its button"),
)


def limits(given: str = "") -> dict[str, float]:
    """Return the thresholds, those of a GUARDS text in the place of the table's.

    >>> limits("jump_ratio=3")["jump_ratio"], limits()["jump_ratio"]
    (3.0, 2)

    Raises SettingsError naming what is wrong and what may stand there.
    """
    found = {limit.name: limit.default for limit in LIMITS}
    for part in filter(None, (part.strip() for part in given.split(","))):
        name, _, text = (piece.strip() for piece in part.partition("="))
        limit = next((limit for limit in LIMITS if limit.name == name), None)
        if limit is None:
            hint = suggestion(name, [limit.name for limit in LIMITS])
            raise SettingsError(f"GUARDS: there is no threshold `{name[:32]}`{hint}; see docs/guards.md.")
        found[name] = _number(limit, text)
    return found


def _number(limit: Limit, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not limit.low <= number <= limit.high:
        raise SettingsError(
            f"GUARDS: {limit.name} should be a number from {limit.low:g} to {limit.high:g} "
            f"(given: {text[:32]!r})."
        )
    return number
