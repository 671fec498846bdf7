"""What a person reads about his settings: pure functions of what he chose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.callbacks import SettingTap
from bot.texts import LANGUAGES as LANGUAGES
from bot.texts import Html, Texts
from core.people.preferences import DAY_MINUTES, Quiet, offset_minutes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.texts import Say
    from bot.turn import Turn
    from core.people.places import City
    from core.people.preferences import Preferences

USUAL = (Quiet(21 * 60, 9 * 60), Quiet(22 * 60, 8 * 60))
BEST = ("morning", "day", "evening", "any")
# One zone for each offset a clock may show: Etc/GMT-3 is three hours ahead of UTC.
ZONES = (
    *(f"Etc/GMT+{hours}" for hours in range(11, 0, -1)),
    "Etc/GMT",
    *(f"Etc/GMT-{hours}" for hours in range(1, 15)),
    *("Asia/Tehran", "Asia/Kabul", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Yangon", "Australia/Darwin"),
)
IN_A_ROW = 4
WORDS_IN_A_ROW = 2  # more of them break in a narrow column


@dataclass(frozen=True, slots=True)
class Window:
    """All that the window shows."""

    chosen: Preferences
    city: str | None


def _both(key: str) -> frozenset[str]:
    texts = Texts()
    return frozenset(texts[language](key) for language in LANGUAGES)


NO_PLACE = _both("button-no-place")


def speaking(turn: Turn, say: Say) -> Turn:
    """Return the turn in another language."""
    return replace(turn, say=say)


def clock(zone: str, now: datetime) -> str:
    """Return what the clock of a zone shows."""
    return f"{now.astimezone(ZoneInfo(zone)):%H:%M}"


def zone_words(zone: str, now: datetime) -> str:
    """Return a zone's distance from UTC at this moment, as one says it.

    >>> from datetime import UTC, datetime
    >>> zone_words("Asia/Kathmandu", datetime(2026, 3, 2, tzinfo=UTC))
    'UTC+5:45'
    """
    minutes = offset_minutes(ZoneInfo(zone), now)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def text(say: Say, window: Window, now: datetime) -> str:
    """Return the window's text."""
    chosen = window.chosen
    return say(
        "settings",
        language=say(f"language-{chosen.language}"),
        quiet=str(chosen.quiet) if chosen.quiet else "none",
        best=chosen.best_time or "any",
        city=window.city or "none",
        zone=zone_words(chosen.time_zone, now),
        clock=clock(chosen.time_zone, now),
        known="yes" if chosen.zone_origin else "no",
    )


def keyboard(say: Say, window: Window) -> InlineKeyboardMarkup:
    """Return the rows of each setting; what is chosen is marked."""
    chosen = window.chosen
    quiet = [_button(say, say("quiet-off"), "quiet", "off", chosen.quiet is None)]
    for one in USUAL:
        label = f"{one.since // 60}–{one.until // 60}"
        quiet.append(_button(say, label, "quiet", f"{one.since}-{one.until}", one == chosen.quiet))
    is_own = chosen.quiet is not None and chosen.quiet not in USUAL
    quiet.append(_button(say, say("quiet-own"), "quiet", "own", is_own))
    best = [_button(say, say(f"best-{one}"), "best", one, one == (chosen.best_time or "any")) for one in BEST]
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                _button(say, say(f"language-{one}"), "language", one, one == chosen.language)
                for one in LANGUAGES
            ],
            *_rows(quiet, WORDS_IN_A_ROW),
            *_rows(best, WORDS_IN_A_ROW),
            [_button(say, say("button-city"), "city"), _button(say, say("button-place"), "place")],
            [_button(say, say("button-zones"), "zones")],
        ]
    )


def zones_keyboard(say: Say, now: datetime) -> InlineKeyboardMarkup:
    """Return a button for each hour it may be now, in the order of the clock."""
    buttons = [
        _button(say, f"{clock(zone, now)} · {zone_words(zone, now)[3:]}", "zone", zone)
        for zone in sorted(ZONES, key=lambda zone: offset_minutes(ZoneInfo(zone), now))
    ]
    return InlineKeyboardMarkup(inline_keyboard=[*_rows(buttons, IN_A_ROW), [_back(say)]])


def candidates_keyboard(say: Say, cities: Sequence[City]) -> InlineKeyboardMarkup:
    """Return the cities one may have meant, with their regions, and the way around them."""
    rows = []
    for city in cities:
        parts = (city.name(say.language), city.region(say.language) or city.country)
        rows.append([_button(say, ", ".join(dict.fromkeys(parts)), "pick", str(city.id))])
    return InlineKeyboardMarkup(inline_keyboard=[*rows, [_button(say, say("button-zones"), "zones")]])


def unknown_keyboard(say: Say) -> InlineKeyboardMarkup:
    """Return the way around a city that is not known."""
    return InlineKeyboardMarkup(inline_keyboard=[[_button(say, say("button-zones"), "zones")]])


def read_quiet_value(value: str) -> Quiet | None:
    """Return the hours a button carries; None for what no button of ours carries."""
    since, _, until = value.partition("-")
    if not (since.isdigit() and until.isdigit() and len(value) < 10):
        return None
    quiet = Quiet(int(since), int(until))
    return quiet if max(quiet.since, quiet.until) < DAY_MINUTES and quiet in USUAL else None


def _rows(buttons: Sequence[InlineKeyboardButton], width: int) -> list[list[InlineKeyboardButton]]:
    return [list(buttons[place : place + width]) for place in range(0, len(buttons), width)]


def _back(say: Say) -> InlineKeyboardButton:
    return _button(say, say("button-settings-back"), "open")


def _button(
    say: Say, label: str, what: str, value: str = "", is_chosen: bool = False
) -> InlineKeyboardButton:
    marked = say("settings-mark", label=Html(label)) if is_chosen else label
    data = SettingTap(what=what, value=value).pack()
    return InlineKeyboardButton(text=marked, callback_data=data)
