"""Numbers, shares, days and long texts as a person reads them, alike in windows, letters and pictures."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

Language = Literal["ru", "en"]

_FEWEST, _MOST = 0.0005, 0.999  # shares below and above are told as such: neither none nor all


def grouped(value: int | Decimal, language: str) -> str:
    """Return a number with its thousands apart, without a useless fraction.

    >>> grouped(1234567, "en"), grouped(Decimal("10000.50"), "ru"), grouped(Decimal("-0.5"), "ru")
    ('1,234,567', '10\\xa0000,5', '−0,5')
    """
    plain = abs(value)
    text = f"{plain.normalize():,f}" if isinstance(plain, Decimal) else f"{plain:,}"
    if language == "ru":
        text = text.replace(",", "\u00a0").replace(".", ",")
    return f"−{text}" if value < 0 else text


def percent(share: float | None, language: str) -> str:
    """Return a share in percent, whole ones; near the ends with a digit, so that few is not 0 nor most 100.

    >>> [percent(share, "en") for share in (0.125, 0, 0.004, 0.0001, 0.9999, 1, None)]
    ['12%', '0%', '0.4%', 'under 0.1%', '99.9%', '100%', '—']
    >>> percent(0.125, "ru"), percent(0.0001, "ru")
    ('12\\xa0%', 'менее 0,1\\xa0%')
    """
    if share is None:
        return "—"
    if 0 < share < _FEWEST:
        return "менее 0,1\u00a0%" if language == "ru" else "under 0.1%"
    at_the_end = 0 < share < 0.01 or 0.99 < share < 1
    text = f"{min(share, _MOST):.1%}".replace(".0%", "%") if at_the_end else f"{share:.0%}"
    return text.replace(".", ",").replace("%", "\u00a0%") if language == "ru" else text


def cut(text: str, most: int) -> str:
    """Return a text of at most so many characters, with … where it was cut.

    >>> cut("Нижний Новгород", 8), cut("Казань", 8)
    ('Нижний…', 'Казань')
    """
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def day(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment's day by the clock of a zone."""
    return f"{moment.astimezone(zone):%d.%m.%Y}"


def day_and_time(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment by the clock of a zone, to the minute."""
    return f"{moment.astimezone(zone):%d.%m.%Y %H:%M}"
