"""Words and figures of what an owner learns, short enough for a phone."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from core.sales.money import exponent, sign
from core.segments.presets import family_titles
from core.words import cut, grouped

if TYPE_CHECKING:
    from bot.texts import Say
    from core.reports.rates import Share

MEASURES = ("people", "revenue", "average", "buyers")
PERIODS = (30, 90, 365, 0)  # days of purchases; 0 = ever
_ASKED = re.compile(
    r"^(?:ответ на вопрос «|the answer to “|свойство «|the attribute “)(?P<question>[^«»“”]+)[»”]$"
)
_UNITS = {
    "ru": ((10**9, "млрд"), (10**6, "млн"), (10**4, "тыс.")),
    "en": ((10**9, "B"), (10**6, "M"), (10**4, "K")),
}


def code(name: str) -> str:
    """Return what a button carries for a field: its name may be longer than a button holds."""
    return f"{zlib.crc32(name.encode()):08x}"


def short(number: float, language: str) -> str:
    """Return a figure in at most five characters or so.

    >>> short(1234, "en"), short(15_300, "en"), short(1_260_000, "ru")
    ('1,234', '15K', '1,3\\xa0млн')
    """
    for unit, word in _UNITS[language]:
        if abs(number) >= unit:
            shown = 1000 if unit == 10**4 else unit
            value = number / shown
            text = f"{value:.0f}" if abs(value) >= 10 else f"{value:.1f}"
            return f"{text.replace('.', ',')}\u00a0{word}" if language == "ru" else f"{text}{word}"
    return grouped(round(number), language)


def money(minor: float | None, currency: str, language: str) -> str:
    """Return an amount in whole units, shortened; a dash for none."""
    if minor is None:
        return "—"
    whole = short(major(minor, currency), language)
    return f"{whole}\u00a0{sign(currency)}" if language == "ru" else f"{sign(currency)}{whole}"


def major(minor: float, currency: str) -> float:
    """Return an amount in whole units."""
    return float(minor / 10 ** exponent(currency))


def between(share: Share, language: str) -> str:
    """Return where a share truly lies, in percents: 39…42, 99,9…100."""
    if share.interval is None:
        return "—"
    for digits in (0, 1):
        low, high = (f"{100 * end:.{digits}f}" for end in share.interval)
        if low != high:
            break
    told = low if low == high else f"{low}…{high.removesuffix('.0')}"
    return told.replace(".", ",") if language == "ru" else told


def points(interval: tuple[float, float], language: str) -> str:
    """Return a difference in percentage points with where it truly lies: +38…50, −12…+4.

    Where whole points would make both ends one, a digit more tells them apart, or one number is enough.

    >>> points((0.381, 0.502), "ru"), points((-0.5, -0.42), "ru"), points((-0.12, 0.04), "ru")
    ('+38…50', '−50…−42', '−12…+4')
    >>> points((-0.083, -0.079), "ru"), points((-0.0801, -0.08), "en")
    ('−8,3…−7,9', '−8.0')
    """
    for digits in (0, 1):
        low, high = (f"{100 * end:+.{digits}f}".replace("-", "−") for end in interval)
        if low != high:
            break
    if low.lstrip("+−") == high.lstrip("+−"):
        told = high
    else:
        told = f"{low}…{high.removeprefix('+') if low.startswith('+') else high}"
    return told.replace(".", ",") if language == "ru" else told


def rho(value: float, language: str) -> str:
    """Return the strength of a connection.

    >>> rho(-0.416, "ru"), rho(0.5, "en")
    ('−0,42', '+0.50')
    """
    said = f"{value:+.2f}".replace("-", "−")
    return said.replace(".", ",") if language == "ru" else said


def question(title: str) -> str:
    """Return a title as it stands alone: a question or a property without the words around it.

    >>> question("ответ на вопрос «кто вы сейчас? Выберите, что ближе»"), question("город")
    ('Кто вы сейчас?', 'Город')
    """
    asked = _ASKED.match(title)
    plain = asked["question"] if asked else title
    head, mark, _ = plain.partition("?")
    return f"{head[:1].upper()}{head[1:]}{mark}"


def before_value(title: str, most: int) -> str:
    """Return a title as it stands before a value: a colon behind it, unless it ends with a mark already.

    >>> before_value("город", 20), before_value("ответ на вопрос «кто вы?»", 20)
    ('Город:', 'Кто вы?')
    """
    said = cut(question(title), most)
    return said if said.endswith(("?", "!", ":", "…", ".")) else f"{said}:"


def field_title(say: Say, name: str, titles: tuple[str, str]) -> str:
    """Return the title of a field; a family of segments is called as in the list of segments."""
    kind, _, family = name.partition(" ")
    if kind == "segments":
        return say("insights-segments-of", family=family_titles(family)[say.language == "en"])
    return question(titles[say.language == "en"])


def stage_key(name: str) -> str:
    """Return the key of a stage's words."""
    return f"insights-stage-{name.replace('_', '-')}"
