"""What the owner reads about movement between segments: pure functions of what a report returned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.admin.callbacks import MovementTap
from bot.admin.views import button, keyboard
from bot.texts import Html
from core.reports.charts_movement import days_between
from core.reports.movement import ABSENT, NONE
from core.sales.money import write_amount
from core.segments import presets
from core.words import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    from bot.texts import Say
    from core.reports.movement import Cell, Movement

MOVES_SHOWN, MONTH_MOVES = 6, 2
SPANS = ("month", "last", "half", "year", "months")


def family_title(say: Say, name: str) -> str:
    """Return what a family of segments is called."""
    for family in presets.families():
        if family.name == name:
            return family.title(say.language)
    return say("movement-own") if name == "own" else name


def families_keyboard(say: Say, families: Sequence[str]) -> InlineKeyboardMarkup | None:
    """Return a button for every family, two in a row."""
    buttons = [
        button(family_title(say, name), MovementTap(action="show", family=name).pack()) for name in families
    ]
    return keyboard(*(buttons[place : place + 2] for place in range(0, len(buttons), 2))) if buttons else None


def spans_keyboard(say: Say, tap: MovementTap, span: str) -> InlineKeyboardMarkup:
    """Return the other spans, the table and the way to other families."""

    def own(words: str, action: str, span: str) -> InlineKeyboardButton:
        return button(say(words), tap.model_copy(update={"action": action, "span": span}).pack())

    others = [own(f"movement-span-{one}", "show", one) for one in SPANS if one != span]
    table = own("movement-button-csv", "csv", span)
    back = button(say("movement-button-list"), MovementTap(action="list").pack())
    last = [back] if span == "months" else [table, back]
    return keyboard(others[:2], others[2:4], last)


def caption(say: Say, found: Movement, title: str, currency: str) -> str:
    """Return the moves in words, most people first."""
    moves = found.moves
    lines = [
        say(
            "movement-caption",
            title=title,
            days=days_between(found, say.language),
            moved=found.moved,
            stood=found.stood,
            share=_share(say, found),
        )
    ]
    lines += [_move(say, found, move, currency) for move in moves[:MOVES_SHOWN]]
    if len(moves) > MOVES_SHOWN:
        lines.append(say("movement-more", count=len(moves) - MOVES_SHOWN))
    if came := found.people(source=ABSENT):
        lines.append(say("movement-came", count=came))
    if found.overlap:
        lines.append(say("movement-overlap", count=found.overlap))
    return "\n".join(lines)


def months_text(say: Say, found: Sequence[Movement], title: str) -> str:
    """Return how many moved in each month in which there was anybody, with its greatest moves."""
    lines = [say("movement-months-head", title=title)]
    for one in (one for one in found if one.stood or one.moves):
        head = say("movement-month", days=days_between(one, say.language), moved=one.moved, stood=one.stood)
        lines.append("\n".join([head, *(_move(say, one, move) for move in one.moves[:MONTH_MOVES])]))
    return "\n\n".join(lines)


def _move(say: Say, found: Movement, move: Cell, currency: str = "") -> str:
    source, target = _ends(say, found, move)
    money = "none"
    if move.before or move.after:
        before, after = (write_amount(amount, currency, say.language) for amount in (move.before, move.after))
        money = say("movement-money", before=before, after=after)
    return say("movement-move", source=source, target=target, people=move.people, money=Html(money))


def _ends(say: Say, found: Movement, move: Cell) -> tuple[str, str]:
    """Return where somebody came from and where he went; outside these segments both have their own words."""
    came = say("movement-from-none") if move.source == NONE else _title(say, found, move.source)
    went = say("movement-to-none") if move.target == NONE else _title(say, found, move.target)
    return came, went


def _title(say: Say, found: Movement, number: int) -> str:
    return found.place(number).title(say.language)


def _share(say: Say, found: Movement) -> str:
    return percent(found.moved / found.stood, say.language) if found.stood else ""
