"""Bins: numbers, money and dates cut at round edges, each edge stated in the name of the bin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from math import floor, log10
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, case, literal

from core.sales.money import sign
from core.segments.fields import MINOR
from core.words import grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

# What people wrote is a number where it begins so. A city is none, though beside it stands how sure it is.
DIGITS = frozenset("0123456789-+")
MOST_VALUES = 6  # different values up to this many need no bins
ZEROS = 0.1  # a share of noughts from which nought is a bin of its own
AGES = (18.0, 25.0, 35.0, 45.0, 55.0, 65.0)
PARTS = 5
_ROUND = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
_PAST = (
    (7, "за 7 дней", "within 7 days"),
    (30, "8–30 дней назад", "8–30 days ago"),
    (90, "31–90 дней назад", "31–90 days ago"),
    (365, "91–365 дней назад", "91–365 days ago"),
)
_OLD = "0z"
_LONG_AGO = ("больше года назад", "more than a year ago")
_AHEAD = ((30, "впереди, за 30 дней", "ahead, within 30 days"), (None, "впереди, позже", "ahead, later"))

Words = tuple[str, str, str]  # key, ru, en


@dataclass(frozen=True, slots=True)
class Bins:
    """SQL that turns a value into its bin, NULL where it is unknown, and the names of the bins in order."""

    of: Callable[[ColumnElement[Any]], ColumnElement[Any]]
    words: tuple[Words, ...]


def round_edge(value: float) -> float:
    """Return the round number nearest to a positive value.

    >>> [round_edge(value) for value in (0.9, 4.2, 137, 1890)]
    [1.0, 5.0, 150.0, 2000.0]
    """
    scale = 10.0 ** floor(log10(value))
    return min((step * scale for step in _ROUND), key=lambda edge: abs(edge - value))


def edges(values: Sequence[float]) -> tuple[float, ...]:
    """Return where to cut: between all values where they are few, else at round numbers near the quintiles.

    Nought stands apart where it is common. A value equal to an edge belongs to the upper bin.

    >>> edges([0, 0, 0, 1, 2, 2])
    (1, 2)
    >>> edges([0] * 50 + list(range(1, 101)))
    (1.0, 20.0, 50.0, 70.0)
    """
    different = sorted(set(values))
    if len(different) <= MOST_VALUES:
        return tuple(different[1:])
    ordered = sorted(values)
    found = []
    if ordered[0] == 0 and ordered.count(0) >= ZEROS * len(ordered):
        ordered = [value for value in ordered if value > 0]
        found.append(min(1.0, ordered[0]))
    for part in range(1, PARTS):
        at = ordered[len(ordered) * part // PARTS]
        found.append(round_edge(at) if at > 0 else float(at))
    inside = sorted({edge for edge in found if different[0] < edge <= different[-1]})
    return tuple(inside)


def of_numbers(cuts: Sequence[float], least: float, *, whole: bool, unit: str = "") -> Bins:
    """Cut a number; `least` is the lowest value there is, `unit` stands behind each edge."""

    def name(place: int) -> Words:
        ru, en = (_span(place, cuts, least, whole, unit, language) for language in ("ru", "en"))
        return key(place), ru, en

    return Bins(partial(_cut, tuple(cuts)), tuple(name(place) for place in range(len(cuts) + 1)))


def of_money(cuts: Sequence[float], least: float, currency: str) -> Bins:
    """Cut an amount in minor units; the names of the bins say whole units of the currency."""
    named = of_numbers([cut / MINOR for cut in cuts], least / MINOR, whole=False, unit=sign(currency))
    return Bins(partial(_cut, tuple(cuts)), named.words)


def key(place: int) -> str:
    """Return the key of a bin; keys sort as bins do."""
    return f"{place:02d}"


def _cut(cuts: tuple[float, ...], column: ColumnElement[Any]) -> ColumnElement[Any]:
    arms: list[Any] = [(column.is_(None), None)]
    arms += [(column < cut, literal(key(place))) for place, cut in enumerate(cuts)]
    return case(*arms, else_=literal(key(len(cuts))))


def _span(place: int, cuts: Sequence[float], least: float, whole: bool, unit: str, language: str) -> str:
    """Return the name of a bin: 0, 3–5, from 1,000."""
    low = cuts[place - 1] if place else None
    high = cuts[place] if place < len(cuts) else None
    back = f" {unit}" if unit else ""
    if high is None:
        if low is None:  # all have the same
            return f"{_number(least, language)}{back}"
        return f"{'от' if language == 'ru' else 'from'} {_number(low, language)}{back}"
    if whole:
        first = least if low is None else low
        if first == high - 1:
            return f"{_number(first, language)}{back}"
        return f"{_number(first, language)}–{_number(high - 1, language)}{back}"
    if low is None:
        if least == 0 and high <= 1:
            return f"0{back}"
        return f"{'до' if language == 'ru' else 'below'} {_number(high, language)}{back}"
    return f"{_number(low, language)}–{_number(high, language)}{back}"


def _number(value: float, language: str) -> str:
    if float(value).is_integer():
        return grouped(int(value), language)
    return f"{value:g}".replace(".", "," if language == "ru" else ".")


def of_moments(now: datetime) -> Bins:
    """Cut a moment by how long ago it was, or how far ahead it lies."""
    past = tuple((f"0{place}", ru, en) for place, (_, ru, en) in enumerate(_PAST))
    ahead = tuple((f"9{place}", ru, en) for place, (_, ru, en) in enumerate(_AHEAD))
    return Bins(partial(_since, now), (*past, (_OLD, *_LONG_AGO), *ahead))


def _since(now: datetime, column: ColumnElement[Any]) -> ColumnElement[Any]:
    soon = now + timedelta(days=_AHEAD[0][0] or 0)
    arms: list[Any] = [
        (column.is_(None), None),
        (column > soon, literal("91")),
        (column > now, literal("90")),
    ]
    for place, (days, _, _) in enumerate(_PAST):
        arms.append((column >= now - timedelta(days=days), literal(f"0{place}")))
    return case(*arms, else_=literal(_OLD))
