"""What the owner reads about series: pure functions of what the counts returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.admin.series_callbacks import SeriesTap
from bot.admin.views import button, keyboard, pairs
from bot.texts import Html
from core.mailing.series.definition import State
from core.words import cut, grouped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    from bot.texts import Say
    from core.mailing.series.counts import Ahead, Numbers
    from core.mailing.series.definition import Start
    from core.mailing.series.shelf import Info

STEPS_SHOWN = 25
_MARKS = {"letter": "✉️", "tag": "🏷", "series": "➡️", "wait": "⏳"}
_ENDS = tuple(state.value for state in State if state is not State.ACTIVE)


def list_text(say: Say, found: Sequence[Info], waiting: Sequence[tuple[str, str]]) -> str:
    """Return the list: those that are kept, then those that wait on the shelf."""
    lines = [
        say("series-line", title=one.title(say.language), state=_state(one), kind=one.kind) for one in found
    ]
    parts = [say("series-head")]
    if lines:
        parts.append("\n".join(lines))
    if waiting:
        parts.append(say("series-waiting"))
    return "\n\n".join(parts if lines or waiting else [*parts, say("series-none")])


def list_keyboard(
    say: Say, found: Sequence[Info], waiting: Sequence[tuple[str, str]]
) -> InlineKeyboardMarkup:
    """Return a button for each series, the shipped ones two in a row with a plus."""
    kept = [
        [button(cut(one.title(say.language), 40), SeriesTap(action="card", number=one.id).pack())]
        for one in found
    ]
    shipped = [
        button(f"➕ {cut(title, 18)}", SeriesTap(action="card", name=name).pack()) for name, title in waiting
    ]
    return keyboard(*kept, *pairs(shipped))


def _state(info: Info) -> str:
    return "error" if info.error else "on" if info.is_on else "off"


def card_text(say: Say, info: Info, start: Start, what: str, found: Numbers) -> str:
    """Return everything about a series: when it starts, who is where, how they left."""
    parts = [
        say("series-card", title=info.title(say.language), state=_state(info), kind=info.kind),
        say(f"series-start-{start.kind}", what=what, **_shift(start)),
    ]
    if info.error:
        parts.append(say("series-error", error=info.error))
    parts.append(_numbers(say, found))
    parts.append("\n".join(_steps(say, found)))
    return "\n\n".join(parts)


def _shift(start: Start) -> dict[str, Any]:
    way = "on" if start.days == 0 else "before" if start.days < 0 else "after"
    return {"days": abs(start.days), "way": way, "result": start.result or "none"}


def _numbers(say: Say, found: Numbers) -> str:
    lines = [say("series-entered", count=grouped(found.entered, say.language))]
    lines.append(say("series-active", count=grouped(found.active, say.language)))
    lines += [
        say(f"series-end-{end}", count=grouped(found.ends[end], say.language))
        for end in _ENDS
        if end in found.ends
    ]
    return "\n".join(lines)


def _steps(say: Say, found: Numbers) -> list[str]:
    lines = [
        say(
            "series-step",
            place=place,
            mark=_MARKS[step.kind],
            name=step.key,
            reached=grouped(step.reached, say.language),
            here=grouped(step.here, say.language),
            sent=grouped(step.sent, say.language),
            is_letter="yes" if step.kind == "letter" else "no",
        )
        for place, step in enumerate(found.steps[:STEPS_SHOWN], 1)
    ]
    more = len(found.steps) - STEPS_SHOWN
    return [*lines, say("series-steps-more", count=more)] if more > 0 else lines


def card_keyboard(say: Say, info: Info, found: Numbers, *, may_take: bool) -> InlineKeyboardMarkup:
    """Return what may be done with a series as it stands."""
    number = info.id
    rows: list[list[InlineKeyboardButton]] = []
    if info.is_on and not info.error:
        rows.append([_tap(say, "off", number)])
        if may_take:
            rows.append([_tap(say, "take", number)])
    else:
        rows.append([_tap(say, "ask", number)])
    if found.entered:
        rows.append([_tap(say, "picture", number)])
    if found.active:
        rows.append([_tap(say, "stop", number)])
    rows.append([_tap(say, "list", 0)])
    return keyboard(*rows)


def _tap(say: Say, action: Any, number: int) -> InlineKeyboardButton:
    return button(say(f"series-button-{action}"), SeriesTap(action=action, number=number).pack())


def ahead_text(say: Say, info: Info, found: Ahead) -> str:
    """Return whom a series would meet, before it is switched on."""
    parts = [say("series-ask", title=info.title(say.language))]
    a_day = f"{found.a_day:.1f}".removesuffix(".0")
    if say.language == "ru":
        a_day = a_day.replace(".", ",")
    parts.append(say("series-a-day", count=a_day))
    if found.there is not None:
        parts.append(take_text(say, found))
    return "\n\n".join(parts)


def take_text(say: Say, found: Ahead) -> str:
    """Return who stands before the door already: all of them − those left out = those an order takes in."""
    if found.there is None:
        return say("series-there-none")
    lines = [say("series-there", count=grouped(found.there.found, say.language))]
    lines += [
        say("series-there-less", why=say(f"series-why-{reason}"), count=grouped(count, say.language))
        for reason, count in sorted(found.there.reasons.items())
    ]
    lines.append(say("series-there-left", count=grouped(found.there.will_enter, say.language)))
    return "\n".join(lines)


def ask_keyboard(say: Say, info: Info) -> InlineKeyboardMarkup:
    """Return on, or back."""
    return keyboard([_tap(say, "on", info.id)], [_back(say, info)])


def sure_keyboard(say: Say, info: Info, action: str) -> InlineKeyboardMarkup:
    """Return the button that does it, and the way back."""
    return keyboard([_tap(say, action, info.id)], [_back(say, info)])


def _back(say: Say, info: Info) -> InlineKeyboardButton:
    return button(say("series-button-back"), SeriesTap(action="card", number=info.id).pack())


def caption(say: Say, info: Info) -> str:
    """Return the words under the picture."""
    return say("series-picture", title=Html(info.title(say.language)))
