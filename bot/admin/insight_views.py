"""The buttons of what an owner learns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot.admin.insight_callbacks import NONE, InsightTap
from bot.admin.insight_words import MEASURES, PERIODS, code, field_title
from bot.admin.views import button, keyboard
from core.words import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    from bot.texts import Say
    from core.reports.hidden import Hidden

    Titled = Sequence[tuple[str, str, str]]

MENU = ("cross", "goods", "spend", "stages", "links", "hidden")
SUGGESTED = (
    ("company_size", "industry"), ("source", "quiz entry.role"), ("city", "lifecycle"),
    ("source", "base_kind"), ("base_kind", "engagement"), ("rfm", "last_seen"),
)  # fmt: skip


def menu_keyboard(say: Say) -> InlineKeyboardMarkup:
    """Return the reports, one in a row."""
    rows = [[_act(say, f"insights-button-{one}", InsightTap(act="open", report=one))] for one in MENU]
    return keyboard(*rows)


def _act(say: Say, key: str, tap: InsightTap, mark: bool = False) -> InlineKeyboardButton:
    text = say(key)
    return button(f"• {text}" if mark else text, tap.pack())


def fields_keyboard(say: Say, fields: Titled, tap: InsightTap) -> InlineKeyboardMarkup:
    """Return a button for every field, two in a row: for the rows of a table, or then for its columns."""
    buttons = []
    for name, ru, en in fields[:90]:
        place = {"second": code(name)} if tap.first != NONE else {"first": code(name)}
        act = "show" if tap.first != NONE else "pick"
        what = tap.what if tap.what != NONE else MEASURES[0]
        chosen = tap.model_copy(update={"act": act, "what": what, **place})
        buttons.append(button(cut(field_title(say, name, (ru, en)), 30), chosen.pack()))
    rows = [buttons[place : place + 2] for place in range(0, len(buttons), 2)]
    return keyboard(*rows, [_back(say)])


def cross_start(say: Say, fields: Titled) -> InlineKeyboardMarkup:
    """Return ready tables of the fields this base has, and the way to one's own."""
    known = {name: (ru, en) for name, ru, en in fields}
    rows = []
    for first, second in SUGGESTED:
        if first in known and second in known:
            titles = [cut(field_title(say, name, known[name]), 24) for name in (first, second)]
            tap = InsightTap(
                act="show", report="cross", first=code(first), second=code(second), what=MEASURES[0]
            )
            rows.append([button(" × ".join(titles), tap.pack())])
    own = InsightTap(act="pick", report="cross", what=MEASURES[0])
    return keyboard(*rows, [_act(say, "insights-button-own", own)], [_back(say)])


def _back(say: Say) -> InlineKeyboardButton:
    return _act(say, "insights-button-menu", InsightTap(act="menu"))


def _periods(say: Say, tap: InsightTap) -> list[InlineKeyboardButton]:
    found = []
    for days in PERIODS:
        words = say("funnel-button-days", days=days) if days else say("insights-button-ever")
        data = tap.model_copy(update={"act": "show", "days": days}).pack()
        found.append(button(f"• {words}" if days == tap.days else words, data))
    return found


def report_keyboard(
    say: Say,
    tap: InsightTap,
    choices: Iterable[tuple[str, str]] = (),
    *,
    periods: bool = True,
    files: bool = True,
) -> InlineKeyboardMarkup:
    """Return what one can do below a report: another choice, another period, the table, the definition."""
    rows: list[list[InlineKeyboardButton]] = []
    chosen = [
        _act(say, key, tap.model_copy(update={"act": "show", "what": what}), what == tap.what)
        for what, key in choices
    ]
    rows += [chosen[place : place + 2] for place in range(0, len(chosen), 2)]
    if periods:
        rows.append(_periods(say, tap))
    if files:
        rows.append(_files(say, tap))
    return keyboard(*rows, _last(say, tap))


def _files(say: Say, tap: InsightTap) -> list[InlineKeyboardButton]:
    kinds: tuple[Literal["xlsx", "csv"], ...] = ("xlsx", "csv")
    return [_act(say, f"insights-button-{kind}", tap.model_copy(update={"act": kind})) for kind in kinds]


def _last(say: Say, tap: InsightTap) -> list[InlineKeyboardButton]:
    return [_act(say, "insights-button-how", tap.model_copy(update={"act": "how"})), _back(say)]


def cross_keyboard(say: Say, tap: InsightTap) -> InlineKeyboardMarkup:
    """Return the measures, periods, and other sides of a cross-tab."""
    found = report_keyboard(say, tap, [(one, f"insights-measure-{one}") for one in MEASURES])
    turned = tap.model_copy(update={"act": "show", "first": tap.second, "second": tap.first})
    other = tap.model_copy(update={"act": "pick", "first": NONE, "second": NONE})
    row = [_act(say, "insights-button-turn", turned), _act(say, "insights-button-other", other)]
    return keyboard(*found.inline_keyboard[:-2], row, *found.inline_keyboard[-2:])


def hidden_keyboard(say: Say, found: Hidden) -> InlineKeyboardMarkup:
    """Return a button to keep each group."""
    rows = [
        [
            button(
                say("insights-button-keep", place=group.number),
                InsightTap(act="keep", report="hidden", what=group.mark).pack(),
            )
        ]
        for group in found.groups
    ]
    tap = InsightTap(act="open", report="hidden")
    files = [_files(say, tap)] if found.groups else []
    return keyboard(*rows, *files, _last(say, tap))


def asking(say: Say, key: str, tap: InsightTap) -> InlineKeyboardMarkup:
    """Return one button that begins something, what it is, and the way back."""
    return keyboard([_act(say, key, tap)], _last(say, tap))


def goods_keyboard(say: Say, tap: InsightTap, choices: Iterable[tuple[str, str]]) -> InlineKeyboardMarkup:
    """Return the choices of goods: products or categories, sold or together."""
    found = report_keyboard(say, tap, choices)
    other = "goods" if tap.report == "pairs" else "pairs"
    row = [_act(say, f"insights-button-to-{other}", tap.model_copy(update={"act": "open", "report": other}))]
    return keyboard(*found.inline_keyboard[:-2], row, *found.inline_keyboard[-2:])
