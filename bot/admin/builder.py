"""The builder's screens: the list of lines with its live size, and the choices that make a line."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

from bot.admin.rule_callbacks import DraftTap
from bot.admin.rule_views import LONGEST_TYPED, act, sentence
from bot.admin.rule_words import titles
from bot.admin.views import button, keyboard, visible_length
from bot.texts import Html
from core.segments import audience
from core.segments.builder.families import FAMILIES
from core.segments.builder.forms import FORMS
from core.segments.builder.sheet import opened
from core.segments.builder.steps import PAGE, Builder
from core.segments.errors import RuleError
from core.words import cut, grouped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
    from sqlalchemy.orm import Session

    from bot.texts import Say
    from bot.turn import Turn
    from core.segments.builder.sheet import Sheet
    from core.segments.builder.steps import UnfitError
    from core.segments.drafts import Draft

_LONGEST = 44  # characters of a choice that has a row of its own
_SHORT = 18  # two of these stand in a row
_LINE = 300  # characters of a line in the list
_LINES = 3300  # of all of them


def tapped(session: Session, draft: Draft, action: str, pick: int, turn: Turn) -> Draft:
    """Return what a tap makes of a draft. Raises UnfitError, RuleError."""
    return _builder(session, draft, turn).tap(action, pick)


def typed(session: Session, draft: Draft, text: str, turn: Turn) -> Draft:
    """Return what a typed text makes of a draft. Raises UnfitError, RuleError."""
    return _builder(session, draft, turn).type(text)


def _builder(session: Session, draft: Draft, turn: Turn) -> Builder:
    return Builder(session, draft, turn.library, turn.say.language, turn.now)


def unfit(draft: Draft, error: UnfitError) -> str:
    """Return the key of what to say when something does not fit."""
    if error.kind == "value":
        need = draft.pending.get("need", "values")
        return {"days": "rule-unfit-days", "day": "rule-unfit-day", "values": "rule-unfit-values"}.get(
            need, "rule-unfit-number"
        )
    return {"nothing": "rule-nothing-found", "lines": "rule-needs-lines"}.get(error.kind, "rule-old")


async def screen(turn: Turn, draft: Draft) -> tuple[str, InlineKeyboardMarkup]:
    """Return the open screen of the builder."""
    say = turn.say
    names = await turn.db.read(titles, say.language)
    try:
        sheet = opened(draft.rule, any_of=draft.any_of)
    except RuleError:  # a stored rule of another version: only text can mend it
        return say("rule-ask-text-present", rule=cut(draft.rule, LONGEST_TYPED)), _mend(say, draft)
    match draft.step:
        case "line" | "linetext":
            return _line(turn, draft, sheet, names)
        case "family":
            return say("rule-family"), _families(say, draft)
        case "subject":
            found = draft.pending.get("found")
            text = say("rule-subject-found", found=found) if found else say("rule-subject")
            return text, _choices(say, draft, "subject")
        case "form":
            return say("rule-form", title=_subject(draft)), _choices(say, draft, "form")
        case "value":
            return _value(say, draft)
    size = await turn.db.read(audience.count, draft.rule, turn.now) if draft.rule else 0
    return _sheet(turn, draft, sheet, size, names), _sheet_keyboard(say, draft, sheet)


def _mend(say: Say, draft: Draft) -> InlineKeyboardMarkup:
    return keyboard(
        [act(say, draft, "text", "rule-button-text"), act(say, draft, "drop", "rule-button-drop")]
    )


def _sheet(turn: Turn, draft: Draft, sheet: Sheet, size: int, names: Mapping[str, str]) -> str:
    say = turn.say
    new = draft.number is None
    head = say("rule-sheet-new") if new else say("rule-sheet", title=draft.title(say.language))
    if not sheet.lines:
        return f"{head}\n\n{say('rule-sheet-empty')}"
    how = "one" if len(sheet.lines) == 1 else "any" if sheet.any_of else "all"
    lines = [
        say("rule-sheet-line", place=place, sentence=sentence(turn, line.whole, names, _LINE))
        for place, line in enumerate(sheet.lines, 1)
    ]
    listed = "\n".join([say(f"rule-sheet-{how}"), *_fitting(say, lines)])
    return "\n\n".join([head, listed, say("rule-sheet-size", size=size)])


def _fitting(say: Say, lines: list[str]) -> list[str]:
    """Return the lines as far as one message holds them; the rest is counted."""
    length = list(accumulate(visible_length(line) + 1 for line in lines))
    kept = sum(one <= _LINES for one in length)
    return lines if kept == len(lines) else [*lines[:kept], say("rule-sheet-more", count=len(lines) - kept)]


def _sheet_keyboard(say: Say, draft: Draft, sheet: Sheet) -> InlineKeyboardMarkup:
    lines = [
        button(say("rule-button-line", place=place + 1), _tap(draft, "line", place))
        for place in range(len(sheet.lines))
    ]
    rows = [lines[place : place + 5] for place in range(0, min(len(lines), 40), 5)]
    add = [act(say, draft, "add", "rule-button-add")]
    mode = [act(say, draft, "mode", f"rule-button-{'any' if sheet.any_of else 'all'}")]
    look = [act(say, draft, "preview", "rule-button-look")]
    last = [act(say, draft, "text", "rule-button-text"), act(say, draft, "drop", "rule-button-drop")]
    return keyboard(
        *rows, add, *([mode] if len(sheet.lines) > 1 else []), *([look] if sheet.lines else []), last
    )


def _line(
    turn: Turn, draft: Draft, sheet: Sheet, names: Mapping[str, str]
) -> tuple[str, InlineKeyboardMarkup]:
    say, place = turn.say, draft.pending.get("line", 0)
    line = sheet.lines[place]
    back = act(say, draft, "sheet", "rule-button-back")
    if draft.step == "linetext":
        rule = cut(line.whole.text(), LONGEST_TYPED)
        return say("rule-ask-line", rule=rule), keyboard([back])
    text = say("rule-line", place=place + 1, sentence=sentence(turn, line.whole, names))
    return text, keyboard(
        [act(say, draft, "change", "rule-button-change"), act(say, draft, "negate", "rule-button-negate")],
        [act(say, draft, "remove", "rule-button-remove"), back],
    )


def _families(say: Say, draft: Draft) -> InlineKeyboardMarkup:
    buttons = [act(say, draft, "family", f"rule-family-{one}", place) for place, one in enumerate(FAMILIES)]
    rows = [buttons[place : place + 2] for place in range(0, len(buttons), 2)]
    return keyboard(*rows, [act(say, draft, "back", "rule-button-back")])


def _value(say: Say, draft: Draft) -> tuple[str, InlineKeyboardMarkup]:
    pending = draft.pending
    form = FORMS[pending["form"]].said(say.language)
    text = say(f"rule-value-{pending['need']}", title=_subject(draft), form=form)
    return text, _choices(say, draft, "value")


def _subject(draft: Draft) -> str:
    return cut(str(draft.pending.get("title", "")), 120)


def _choices(say: Say, draft: Draft, action: str) -> InlineKeyboardMarkup:
    """Return a page of choices: short ones share a row."""
    pending = draft.pending
    listed, page = pending.get("options", []), pending.get("page", 0)
    chosen = set(pending.get("chosen", []))
    labels = [
        (place, cut(_label(say, one, action, is_chosen=one[0] in chosen), _LONGEST))
        for place, one in enumerate(listed)
    ]
    rows = _rows(draft, action, labels[page * PAGE : (page + 1) * PAGE])
    pages = -(-len(listed) // PAGE)
    if pages > 1:
        more = say("rule-button-more", page=page + 1, pages=pages)
        rows.append([button(more, _tap(draft, "more", 0))])
    if chosen:
        rows.append([button(say("rule-button-finish", count=len(chosen)), _tap(draft, "finish", 0))])
    return keyboard(*rows, [act(say, draft, "back", "rule-button-back")])


def _rows(draft: Draft, action: str, labels: list[tuple[int, str]]) -> list[list[InlineKeyboardButton]]:
    longest = max((len(label) for _, label in labels), default=0)
    wide = 5 if longest <= 4 else 4 if longest <= 7 else 2 if longest <= _SHORT else 1
    buttons = [button(label, _tap(draft, action, place)) for place, label in labels]
    return [buttons[place : place + wide] for place in range(0, len(buttons), wide)]


def _label(say: Say, one: list[Any], action: str, *, is_chosen: bool) -> str:
    label = str(one[1])
    if action == "subject" and len(one) > 3 and not one[3]:
        return say("rule-subject-empty", title=Html(cut(label, 30)))
    count = one[2] if len(one) > 2 else None
    counted = f" · {grouped(count, say.language)}" if isinstance(count, int) else ""
    return f"{'✓ ' if is_chosen else ''}{cut(label, _LONGEST - 10)}{counted}"


def _tap(draft: Draft, action: str, pick: int) -> str:
    return DraftTap(action=action, draft=draft.id, revision=draft.revision, pick=pick).pack()
