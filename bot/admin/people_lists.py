"""Lists of people as buttons: those who were found, and those inside a segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.admin.callbacks import SegmentTap
from bot.admin.people_callbacks import PeopleTap
from bot.admin.people_views import LONGEST_LABEL, called, find_button, tap
from bot.admin.views import button, keyboard
from bot.texts import Html
from core.reports.person import PAGE
from core.words import cut

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from aiogram.types import InlineKeyboardMarkup

    from bot.texts import Say
    from core.people.search import Hit
    from core.reports.person import Page


def hits_keyboard(say: Say, hits: Sequence[Hit]) -> InlineKeyboardMarkup:
    """Return a button a person who was found."""
    rows = [[button(hit_label(say, hit), tap("open", hit.id))] for hit in hits]
    return keyboard(*rows, [find_button(say)])


def hit_label(say: Say, hit: Hit) -> str:
    """Return the words of a person's button: the name, and the nick where there are both."""
    nick = f" @{hit.username}" if hit.username and hit.name else ""
    return f"{_name(say, hit)}{cut(nick, 24)}"


def _name(say: Say, hit: Hit) -> str:
    mark = "" if hit.status == "active" else {"blocked": "⛔️ ", "stopped": "🔕 "}.get(hit.status, "▫️ ")
    return f"{mark}{cut(called(say, hit.name, hit.username), LONGEST_LABEL)}"


def _short_day(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d.%m.%y}"


def inside_text(say: Say, page: Page) -> str:
    """Return the head over a page of a segment's people."""
    title = page.title_ru if say.language == "ru" else page.title_en
    if not page.rows:
        return say("people-inside-none", title=title)
    last = page.first + len(page.rows)
    return say("people-inside", title=title, first=page.first + 1, last=last, total=page.total)


def inside_keyboard(say: Say, page: Page, segment: int, zone: ZoneInfo) -> InlineKeyboardMarkup:
    """Return a button a person of the page, and the pages beside it."""
    rows = [
        [button(say("people-hit", name=Html(_name(say, hit)), day=_short_day(at, zone)), tap("open", hit.id))]
        for hit, at in page.rows
    ]
    back, onward = max(page.first - PAGE, 0), page.first + PAGE
    turns = [(back, "newer")] * (page.first > 0) + [(onward, "older")] * (onward < page.total)
    pages = [
        button(say(f"people-button-{word}"), PeopleTap(action="inside", segment=segment, first=place).pack())
        for place, word in turns
    ]
    opened = button(say("people-button-segment"), SegmentTap(action="card", number=segment).pack())
    return keyboard(*rows, *([pages] if pages else []), [opened])
