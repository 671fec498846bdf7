"""What the owner reads about segments: pure functions of what a report returned."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.admin.callbacks import FunnelTap, SegmentTap
from bot.texts import Html
from core.reports.charts import grouped, signed
from core.sales.money import write_amount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.texts import Say
    from core.reports.overview import Overview, SegmentLine
    from core.reports.segment import AnswerLine, Card

LONGEST_TEXT = 3900  # Telegram takes 4096 after the markup is gone
LONGEST_CAPTION = 1000  # of 1024
LONGEST_BUTTON = 28
FAMILIES = frozenset({"external", "silence", "money", "reach", "combined", "own"})
_TAG = re.compile(r"<[^<>]*>")


def button(text: str, data: str) -> InlineKeyboardButton:
    """Return a button of one keyboard row."""
    return InlineKeyboardButton(text=text, callback_data=data)


def keyboard(*rows: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """Return a keyboard of these rows."""
    return InlineKeyboardMarkup(inline_keyboard=[list(row) for row in rows])


def visible_length(html: str) -> int:
    """Return how long Telegram finds the text: markup gone, entities resolved."""
    return len(unescape(_TAG.sub("", html)))


def ago(say: Say, moment: datetime | None, now: datetime) -> str:
    """Return how long ago it was, as one says it."""
    if moment is None:
        return say("admin-ago-never")
    minutes = max(int((now - moment).total_seconds() // 60), 0)
    if minutes < 1:
        return say("admin-ago-now")
    if minutes < 60:
        return say("admin-ago-minutes", count=minutes)
    if minutes < 48 * 60:
        return say("admin-ago-hours", count=minutes // 60)
    return say("admin-ago-days", count=minutes // (24 * 60))


def overview_text(say: Say, found: Overview, now: datetime) -> str:
    """Return the list of all segments by family; what does not fit one message is counted."""
    parts = [overview_caption(say, found, now)]
    family = None
    left = len(found.lines)
    for line in found.lines:
        head = f"\n<b>{_family(say, line.family)}</b>\n" if line.family != family else ""
        piece = head + _line(say, line)
        if sum(map(len, parts)) + len(piece) > LONGEST_TEXT:
            parts.append(say("admin-segments-more", count=left))
            break
        parts.append(piece)
        family = line.family
        left -= 1
    return "\n".join(parts)


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
    """Return a button for every segment, two in a row."""
    buttons = [
        button(
            f"{_cut(line.title(say.language))} · {grouped(line.size, say.language)}",
            SegmentTap(action="card", number=line.number).pack(),
        )
        for line in found.lines[:97]
    ]
    rows = [buttons[place : place + 2] for place in range(0, len(buttons), 2)]
    funnel = FunnelTap(action="open", quiz="-", days=30, source="-").pack()
    return keyboard(*rows, [button(say("funnel-button-open"), funnel)])


def card_text(say: Say, card: Card, now: datetime, currency: str, questions: Mapping[str, str]) -> str:
    """Return everything about a segment but its picture. `questions`: words of a quiz's questions by id."""
    parts = [
        say("admin-card", title=card.title(say.language), size=card.size, rule=card.sentence(say.language)),
        say("admin-card-stale", fresh=ago(say, card.refreshed_at, now))
        if card.error
        else say("admin-card-fresh", fresh=ago(say, card.refreshed_at, now)),
    ]
    if card.answers:
        parts.append(_answers(say, card.answers, questions))
    if card.money.buyers:
        total = write_amount(card.money.total, currency, say.language)
        parts.append(
            say("admin-card-money", buyers=card.money.buyers, purchases=card.money.purchases, total=total)
        )
    if card.sample:
        people = [_person(say, person.name, person.username) for person in card.sample]
        parts.append(say("admin-card-sample", people=Html(", ".join(people))))
    return "\n\n".join(parts)


def card_keyboard(say: Say, card: Card) -> InlineKeyboardMarkup:
    """Return what one can do with a segment."""

    def tap(action: str) -> str:
        return SegmentTap(action=action, number=card.number).pack()

    back = [button(say("admin-button-back"), tap("list"))]
    if not card.size:
        return keyboard(back)
    return keyboard(
        [button(say("admin-button-write"), tap("write"))],
        [button(say("admin-button-csv"), tap("csv")), *back],
    )


def question_words(html: str) -> str:
    """Return a question's first line without markup, short enough for a card."""
    return _cut(unescape(_TAG.sub("", html)).strip().split("\n")[0], 48)


def _line(say: Say, line: SegmentLine) -> str:
    change = signed(line.change, say.language) if line.change else ""
    share = f"{line.share:.1%}" if line.share < 0.995 else "100%"
    return say(
        "admin-segment-line",
        mark="⚠️ " if line.error else "",
        title=line.title(say.language),
        size=line.size,
        change=f" ({change})" if change else "",
        share=share.replace(".", ",") if say.language == "ru" else share,
    )


def _family(say: Say, family: str) -> str:
    return say(f"admin-family-{family}") if family in FAMILIES else say("admin-family-other", name=family)


def _answers(say: Say, answers: Sequence[AnswerLine], questions: Mapping[str, str]) -> str:
    lines = [say("admin-card-answers")]
    for question in dict.fromkeys(answer.question for answer in answers):
        told = ", ".join(
            f"{_cut(answer.text, 40)} — {grouped(answer.count, say.language)}"
            for answer in answers
            if answer.question == question
        )
        lines.append(
            say("admin-card-answer", question=questions.get(question, question).rstrip("?:."), told=told)
        )
    return "\n".join(lines)


def _person(say: Say, name: str, username: str) -> str:
    nick = f"@{username}" if username else ""
    words = " ".join(part for part in (_cut(name, 40), nick) if part)
    return say("admin-person", name=words) if words else say("admin-person-unnamed")


def _cut(text: str, most: int = LONGEST_BUTTON) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
