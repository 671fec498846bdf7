"""What the owner reads in the digest: at most fifteen lines, only what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot.admin import guard_views
from bot.admin.callbacks import SegmentTap
from bot.admin.told_callbacks import DigestTap
from bot.admin.views import button
from bot.admin.views import keyboard as rows_of
from core.reports.charts import day_words, signed
from core.sales.money import write_amount
from core.words import grouped

if TYPE_CHECKING:
    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    from bot.admin.guard_views import Names
    from bot.texts import Say
    from core.reports.digest import Brief, Moved

Rhythm = Literal["daily", "weekly", "off"]


def text(say: Say, found: Brief, known: Names, rhythm: str, currency: str) -> str:
    """Return the digest; a day on which nothing happened says so in a line."""
    days = day_words(found.last, say.language)
    if found.first != found.last:
        days = f"{day_words(found.first, say.language)} – {days}"
    lines = [say("digest-head", days=days, rhythm=rhythm)]
    if found.is_empty:
        return f"{lines[0]}\n{say('digest-nothing')}"
    lines.append(say("digest-people", came=found.came, left=found.left, base=found.base))
    if found.sent or found.failed:
        lines.append(
            say("digest-letters", sent=found.sent, answered=found.answered, failed=found.failed or "none")
        )
    if found.orders or found.revenue_before:
        lines.append(_money(say, found, currency))
    if found.moved:
        lines += ["", say("digest-moved"), *(_moved(say, one) for one in found.moved)]
    if found.alarms:
        told = (guard_views.sentence(say, one, known, currency) for one in found.alarms)
        lines += ["", say("digest-now"), *(f"⚠️ {one}" for one in told)]  # not of the day told above
    return "\n".join(lines)


def keyboard(say: Say, found: Brief, known: Names, rhythm: str) -> InlineKeyboardMarkup:
    """Return what helps against each alarm, the segments, and the way to have it seldomer."""
    open_list = button(say("digest-button-segments"), SegmentTap(action="list", number=0).pack())
    often = button(say("digest-button-often"), DigestTap(action="show", rhythm=_rhythm(rhythm)).pack())
    return rows_of(*_alarms(say, found, known), [open_list, often])


def switch(say: Say, found: Brief, known: Names, shown: str, chosen: str) -> InlineKeyboardMarkup:
    """Return the same with the other period, and how often it comes: the present choice is marked."""
    other: Rhythm = "daily" if shown == "weekly" else "weekly"
    period = button(say(f"digest-button-show-{other}"), DigestTap(action="show", rhythm=other).pack())
    open_list = button(say("digest-button-segments"), SegmentTap(action="list", number=0).pack())
    often = [_choice(say, one, chosen) for one in ("daily", "weekly", "off")]
    return rows_of(*_alarms(say, found, known), [period, open_list], often[:2], often[2:])


def _alarms(say: Say, found: Brief, known: Names) -> list[list[InlineKeyboardButton]]:
    return [guard_views.helping(say, one, known, "hush") for one in found.alarms]


def _choice(say: Say, one: str, chosen: str) -> InlineKeyboardButton:
    mark = "✓ " if one == chosen else ""
    tap = DigestTap(action="choose", rhythm=_rhythm(one)).pack()
    return button(f"{mark}{say(f'digest-button-{one}')}", tap)


def _rhythm(name: str) -> Rhythm:
    return "weekly" if name == "weekly" else "off" if name == "off" else "daily"


def _money(say: Say, found: Brief, currency: str) -> str:
    revenue, before = (
        write_amount(amount, currency, say.language) for amount in (found.revenue, found.revenue_before)
    )
    return say("digest-money", orders=found.orders, revenue=revenue, before=before)


def _moved(say: Say, one: Moved) -> str:
    return say(
        "digest-moved-line",
        title=one.title_ru if say.language == "ru" else one.title_en,
        change=signed(one.entered - one.left, say.language),
        size=grouped(one.size, say.language),
    )
