"""What the owner reads about all his segments: the base, what moved, families, a page of one family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.admin.callbacks import FamilyTap, FunnelTap, PresetTap, SegmentTap
from bot.admin.rule_callbacks import RuleTap
from bot.admin.views import LONGEST_TEXT, ago, button, keyboard, pairs
from bot.texts import Html
from core.segments.presets import OWN
from core.words import cut, grouped, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    from bot.texts import Say
    from core.reports.overview import FamilyLine, Overview, SegmentLine

MOVED = 5  # lines of what moved today
PAGE = 8  # segments of a family on one screen
LONGEST_BUTTON, LONGEST_FAMILY = 40, 24


def overview_text(say: Say, found: Overview, now: datetime) -> str:
    """Return the base, what moved most today, and what each family says; no segment is counted anew."""
    parts = [overview_caption(say, found, now)]
    moved = found.moved(MOVED)
    if moved:
        lines = [
            say("segments-moved-line", title=_title(say, one), size=one.size, moves=moves(say, one))
            for one in moved
        ]
        parts.append("\n".join([say("segments-moved"), *lines]))
    shown = [family for family in found.families if family.telling]
    lines = [
        say("segments-family-line", title=family_title(say, one), told=Html(_told(say, one))) for one in shown
    ]
    if lines:
        parts.append("\n".join([say("segments-families"), *lines]))
    empty = [family_title(say, one) for one in found.families if one.lines and not one.telling]
    if empty:
        parts.append(say("segments-families-empty", titles=", ".join(empty)))
    return _fitting(parts)


def _fitting(parts: Sequence[str]) -> str:
    text = "\n\n".join(parts)
    while len(text) > LONGEST_TEXT:  # families of the owner's own naming: the buttons below have all
        text = text[: text.rfind("\n")]
    return text


def overview_caption(say: Say, found: Overview, now: datetime) -> str:
    """Return the base in one paragraph."""
    totals = found.totals
    moments = [line.refreshed_at for line in found.lines]
    oldest = min((moment for moment in moments if moment), default=None) if all(moments) else None
    return say(
        "admin-base",
        base=totals.base,
        active=totals.active,
        known=totals.known,
        stopped=totals.stopped,
        blocked=totals.blocked,
        fresh=ago(say, oldest, now),
    )


def overview_keyboard(say: Say, found: Overview) -> InlineKeyboardMarkup:
    """Return a button for every family, two in a row, then what waits and the funnel."""
    buttons = [
        button(
            say(
                "segments-family-button",
                title=Html(cut(family_title(say, one), LONGEST_FAMILY)),
                count=len(one.lines),
            ),
            FamilyTap(family=one.name).pack(),
        )
        for one in found.families[:90]
        if one.lines
    ]
    rows = pairs(buttons)
    if found.waiting:
        shelf = say("segments-button-shelf", count=found.waiting)
        rows.append([button(shelf, PresetTap(action="shelf").pack())])
    funnel = FunnelTap(action="open", quiz="-", days=30, source="-").pack()
    new = button(say("rule-button-new"), RuleTap(action="new").pack())
    return keyboard(*rows, [new, button(say("funnel-button-open"), funnel)])


def family_text(say: Say, family: FamilyLine, page: int, lacking: Collection[int]) -> str:
    """Return a page of one family; `lacking`: numbers of empty segments whose data were never recorded."""
    lines = [_row(say, one, lacking) for one in _page(family.lines, page)]
    head = say("segments-family", title=family_title(say, family))
    moved = any(one.moved for one in _page(family.lines, page))
    note = [f"<i>{say('segments-family-note')}</i>"] if moved else []
    return "\n\n".join([head, "\n".join(lines) or say("segments-family-off"), *note])


def family_keyboard(say: Say, family: FamilyLine, page: int) -> InlineKeyboardMarkup:
    """Return a button for every segment of the page, the pages, what waits, and the way back."""
    rows = [
        [
            button(
                f"{cut(_title(say, one), LONGEST_BUTTON)} · {grouped(one.size, say.language)}",
                SegmentTap(action="card", number=one.number).pack(),
            )
        ]
        for one in _page(family.lines, page)
    ]
    pages = pages_of(len(family.lines))
    if pages > 1:
        rows.append(turner(say, page, pages, lambda to: FamilyTap(family=family.name, page=to).pack()))
    if family.waiting:
        more = say("segments-button-shelf-family", count=family.waiting)
        rows.append([button(more, PresetTap(action="family", name=family.name).pack())])
    every = SegmentTap(action="list", number=0).pack()
    return keyboard(*rows, [button(say("segments-button-all"), every)])


def empty_on_page(family: FamilyLine, page: int) -> tuple[str, ...]:
    """Return the names of the empty segments of a page: for these it is asked whether data are missing."""
    return tuple(one.name for one in _page(family.lines, page) if not one.size)


def family_title(say: Say, family: FamilyLine) -> str:
    """Return what a family is called."""
    if family.name == OWN:
        return say("segments-own")
    return family.title(say.language) or family.name


def moves(say: Say, line: SegmentLine) -> str:
    """Return who came and went today: +12 −3."""
    came = f"+{grouped(line.entered, say.language)}" if line.entered else ""
    gone = grouped(-line.left, say.language) if line.left else ""
    return " ".join(part for part in (came, gone) if part)


def pages_of(count: int) -> int:
    """Return how many pages so many lines take."""
    return max(-(-count // PAGE), 1)


def turner(say: Say, page: int, pages: int, to: Callable[[int], str]) -> list[InlineKeyboardButton]:
    """Return the row that turns pages, round and round."""
    told = say("segments-button-page", page=page + 1, pages=pages)
    back, ahead = to((page - 1) % pages), to((page + 1) % pages)
    return [button("‹", back), button(told, to(page)), button("›", ahead)]


def _page(lines: Sequence[SegmentLine], page: int) -> Sequence[SegmentLine]:
    return lines[page * PAGE : (page + 1) * PAGE]


def _row(say: Say, line: SegmentLine, lacking: Collection[int]) -> str:
    if line.number in lacking:
        return say("segments-row-lacking", title=_title(say, line))
    if not line.size and not line.moved and not line.error:
        return say("segments-row-empty", title=_title(say, line))
    moved = moves(say, line)
    return say(
        "segments-row",
        mark="⚠️ " if line.error else "",
        title=_title(say, line),
        size=line.size,
        moves=f" ({moved})" if moved else "",
        share=percent(line.share, say.language),
    )


def _told(say: Say, family: FamilyLine) -> str:
    told = [say("segments-told", title=_title(say, one), size=one.size) for one in family.telling]
    return ", ".join(told)


def _title(say: Say, line: SegmentLine) -> str:
    return line.title(say.language) or line.name
