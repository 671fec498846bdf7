"""Lists of people as buttons: those who were found, and those inside a segment."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.admin.callbacks import SegmentTap
from bot.admin.people_callbacks import PeopleTap
from bot.admin.people_views import LONGEST_LABEL, called, find_button, tap
from bot.admin.views import button, keyboard
from bot.texts import Html
from core.reports.person import PAGE
from core.words import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from aiogram.types import InlineKeyboardMarkup

    from bot.texts import Say
    from core.people.search import Hit
    from core.reports.person import Page

    Detail = Callable[[Say, Hit, ZoneInfo], str]


def hits_keyboard(say: Say, hits: Sequence[Hit], zone: ZoneInfo) -> InlineKeyboardMarkup:
    """Return a button a person who was found, with the nick of those who have one."""
    labels = labelled(say, hits, zone, (_nick, _city, _phone, _seen), always=1)
    rows = [[button(label, tap("open", hit.id))] for label, hit in zip(labels, hits, strict=True)]
    return keyboard(*rows, [find_button(say)])


def labelled(
    say: Say, hits: Sequence[Hit], zone: ZoneInfo, details: Sequence[Detail], always: int = 0
) -> list[str]:
    """Return the words of each person's button: the name, and as many details as tell namesakes apart.

    The first `always` of the details stand there in any case.
    """
    labels = [_name(say, hit) for hit in hits]
    for place, detail in enumerate(details):
        counts = Counter(labels)
        for at, hit in enumerate(hits):
            told = detail(say, hit, zone)
            if told and (place < always or counts[labels[at]] > 1):
                labels[at] += f" {told}" if told.startswith("@") else f" · {told}"
    return labels


def _nick(say: Say, hit: Hit, zone: ZoneInfo) -> str:
    return cut(f"@{hit.username}", 24) if hit.username and hit.name else ""


def _city(say: Say, hit: Hit, zone: ZoneInfo) -> str:
    return cut(hit.city, 20)


def _phone(say: Say, hit: Hit, zone: ZoneInfo) -> str:
    return f"…{hit.phone[-4:]}" if hit.phone else ""


def _seen(say: Say, hit: Hit, zone: ZoneInfo) -> str:
    return say("people-hit-seen", day=_short_day(hit.last_seen_at, zone)) if hit.last_seen_at else ""


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
    labels = labelled(say, [hit for hit, _ in page.rows], zone, (_city, _phone, _nick, _seen))
    rows = [
        [button(say("people-hit", name=Html(label), day=_short_day(at, zone)), tap("open", hit.id))]
        for label, (hit, at) in zip(labels, page.rows, strict=True)
    ]
    pages = []
    if page.newer is not None:
        first = max(page.first - PAGE, 0)
        turn = PeopleTap(action="newer", segment=segment, first=first, beyond=page.newer)
        pages.append(button(say("people-button-newer"), turn.pack()))
    if page.older is not None:
        turn = PeopleTap(action="inside", segment=segment, first=page.first + PAGE, beyond=page.older)
        pages.append(button(say("people-button-older"), turn.pack()))
    opened = button(say("people-button-segment"), SegmentTap(action="card", number=segment).pack())
    return keyboard(*rows, *([pages] if pages else []), [opened])
