"""What the owner reads about segments: pure functions of what a report returned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.admin.callbacks import FamilyTap, HistoryTap, MovementTap, PresetTap, SegmentTap
from bot.admin.insight_callbacks import InsightTap
from bot.admin.people_callbacks import PeopleTap
from bot.admin.rule_callbacks import RuleTap
from bot.texts import Html
from core.sales.money import write_amount
from core.words import cut, grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from bot.texts import Say
    from core.reports.segment import AnswerLine, Card
    from core.segments.audience import Sampled
    from core.segments.completeness import Lack

LONGEST_TEXT = 3900  # Telegram takes 4096 after the markup is gone
LONGEST_CAPTION = 1000  # of 1024
LONGEST_BUTTON = 28
SCARCE_SHOWN = 2
LONGEST_RULE = 900  # characters of a rule's sentence on a screen with others
_TAG = re.compile(r"<[^<>]*>")


def button(text: str, data: str) -> InlineKeyboardButton:
    """Return a button of one keyboard row."""
    return InlineKeyboardButton(text=text, callback_data=data)


def keyboard(*rows: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """Return a keyboard of these rows."""
    return InlineKeyboardMarkup(inline_keyboard=[list(row) for row in rows])


def pairs(buttons: Sequence[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    """Return rows of two."""
    return [list(buttons[place : place + 2]) for place in range(0, len(buttons), 2)]


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


def card_text(say: Say, card: Card, now: datetime, currency: str, questions: Mapping[str, str]) -> str:
    """Return everything about a segment but its picture. `questions`: words of a quiz's questions by id."""
    parts = [_headed(say, card), _freshness(say, card, now)]
    lacking = [say("admin-card-lacking-line", text=one) for one in card.lacking(say.language)]
    if lacking:
        parts.append(say("admin-card-lacking", lines=Html("\n".join(lacking))))
    if card.scarce:
        parts.append("\n".join(scarce_lines(say, card.scarce)))
    if card.answers:
        parts.append(_answers(say, card.answers, questions))
    if card.money.buyers:
        total = write_amount(card.money.total, currency, say.language)
        parts.append(
            say("admin-card-money", buyers=card.money.buyers, purchases=card.money.purchases, total=total)
        )
    if card.sample:
        people = [person_line(say, person) for person in card.sample]
        parts.append(say("admin-card-sample", people=Html(", ".join(people))))
    return "\n\n".join(parts)


def scarce_lines(say: Say, found: Sequence[Lack]) -> list[str]:
    """Return which data a rule cannot do without that many people never told, the rarest."""
    return [say("admin-card-scarce", text=one.sentence(say.language)) for one in found[:SCARCE_SHOWN]]


def _headed(say: Say, card: Card) -> str:
    title = card.title(say.language)
    if card.is_generated:
        head = say("admin-card-generated", title=title, size=card.size)
    else:
        rule = cut_sentence(card.sentence(say.language), LONGEST_RULE)
        head = say("admin-card", title=title, size=card.size, rule=rule)
    use = card.use(say.language)
    return f"{head}\n{say('admin-card-use', use=use)}" if use else head


def _freshness(say: Say, card: Card, now: datetime) -> str:
    if not card.enabled:
        return say("admin-card-off")
    return say(
        "admin-card-stale" if card.error else "admin-card-fresh", fresh=ago(say, card.refreshed_at, now)
    )


@dataclass(frozen=True, slots=True)
class CardButton:
    """What one can do with a segment: the words' key, and what the tap carries; None where it cannot be."""

    key: str
    data: Callable[[Card], str | None]


def _write(card: Card) -> str | None:
    return SegmentTap(action="write", number=card.number).pack() if card.size else None


def _inside(card: Card) -> str | None:
    return PeopleTap(action="inside", segment=card.number).pack() if card.size else None


def _csv(card: Card) -> str | None:
    return SegmentTap(action="csv", number=card.number).pack() if card.size else None


def _set(card: Card) -> str | None:
    return PresetTap(action="open", number=card.number).pack() if card.has_parameters else None


def _off(card: Card) -> str | None:
    return PresetTap(action="off", number=card.number).pack() if card.preset and card.enabled else None


def _on(card: Card) -> str | None:
    return PresetTap(action="on", number=card.number).pack() if card.preset and not card.enabled else None


def _rule(card: Card) -> str | None:
    return RuleTap(action="edit", number=card.number).pack() if card.enabled else None


def _history(card: Card) -> str:
    return HistoryTap(action="open", number=card.number).pack()


def _movement(card: Card) -> str | None:
    return MovementTap(action="show", family=card.family, number=card.number).pack() if card.enabled else None


def _versions(card: Card) -> str:
    return RuleTap(action="versions", number=card.number).pack()


def _title(card: Card) -> str | None:
    return RuleTap(action="title", number=card.number).pack() if not card.preset and card.enabled else None


def _own_off(card: Card) -> str | None:
    return RuleTap(action="off", number=card.number).pack() if not card.preset and card.enabled else None


def _own_on(card: Card) -> str | None:
    return RuleTap(action="on", number=card.number).pack() if not card.preset and not card.enabled else None


def _delete(card: Card) -> str | None:
    return RuleTap(action="delete", number=card.number).pack() if not card.preset else None


def _common(card: Card) -> str | None:
    return InsightTap(act="open", report="common", number=card.number).pack() if card.size else None


CARD_BUTTONS = [  # in this order, two in a row
    CardButton("admin-button-write", _write),
    CardButton("people-button-inside", _inside),
    CardButton("insights-button-common", _common),
    CardButton("admin-button-csv", _csv),
    CardButton("button-history", _history),
    CardButton("button-movement", _movement),
    CardButton("preset-button-set", _set),
    CardButton("preset-button-off", _off),
    CardButton("preset-button-on", _on),
    CardButton("rule-button-edit", _rule),
    CardButton("rule-button-versions", _versions),
    CardButton("rule-button-title", _title),
    CardButton("rule-button-off", _own_off),
    CardButton("rule-button-on", _own_on),
    CardButton("rule-button-delete", _delete),
]


def card_keyboard(say: Say, card: Card) -> InlineKeyboardMarkup:
    """Return what one can do with a segment."""
    found = [(one.key, one.data(card)) for one in CARD_BUTTONS]
    buttons = [button(say(key), data) for key, data in found if data is not None]
    buttons.append(button(say("admin-button-back"), FamilyTap(family=card.family, page=0).pack()))
    return keyboard(*(buttons[place : place + 2] for place in range(0, len(buttons), 2)))


def question_words(html: str) -> str:
    """Return a question without markup, to its first question mark, short enough for a card."""
    line = unescape(_TAG.sub("", html)).strip().split("\n")[0]
    asked, mark, _ = line.partition("?")
    return cut(f"{asked}{mark}", 60)


def _answers(say: Say, answers: Sequence[AnswerLine], questions: Mapping[str, str]) -> str:
    lines = [say("admin-card-answers")]
    for question in dict.fromkeys(answer.question for answer in answers):
        told = ", ".join(
            f"{cut(answer.text, 40)} — {grouped(answer.count, say.language)}"
            for answer in answers
            if answer.question == question
        )
        asked = questions.get(question, question).rstrip(":.")
        asked = asked if asked.endswith(("?", "…")) else f"{asked}:"
        lines.append(say("admin-card-answer", question=asked, told=told))
    return "\n".join(lines)


def person_line(say: Say, person: Sampled) -> str:
    """Return a person of a list: his name and @username, or that he gave neither."""
    nick = f"@{person.username}" if person.username else ""
    words = " ".join(part for part in (cut(person.name, 40), nick) if part)
    return say("admin-person", name=words) if words else say("admin-person-unnamed")


def cut_sentence(text: str, most: int) -> str:
    """Return a rule's sentence of at most so many characters, ended between two of its conditions."""
    if len(text) <= most:
        return text
    head = text[: most - 2]
    place = max(head.rfind(mark) for mark in (", ", "; ", " или ", " и ", " or ", " and "))
    return f"{head[:place]} …" if place > most // 2 else cut(text, most)
