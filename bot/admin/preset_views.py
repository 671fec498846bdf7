"""What the owner reads of the segments that ship: those that wait, and the values of one."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bot.admin.callbacks import PresetTap, SegmentTap
from bot.admin.segment_lists import PAGE, pages_of, turner
from bot.admin.views import LONGEST_RULE, button, cut_sentence, keyboard, pairs
from bot.texts import Html
from core.words import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    from bot.texts import Say
    from core.reports.overview import FamilyLine
    from core.segments.presets import Offer, Parameter, Values

LONGEST_BUTTON, LONGEST_CHOICE = 44, 28


# -- what waits ---------------------------------------------------------------------------------------


def shelf_keyboard(say: Say, families: Iterable[tuple[str, FamilyLine]]) -> InlineKeyboardMarkup:
    """Return a button for every family that has something waiting; `families` with their titles."""
    buttons = [
        button(
            say("segments-family-button", title=Html(cut(title, 24)), count=one.waiting),
            PresetTap(action="family", name=one.name).pack(),
        )
        for title, one in families
        if one.waiting
    ]
    every = SegmentTap(action="list", number=0).pack()
    return keyboard(*pairs(buttons), [button(say("segments-button-all"), every)])


def waiting_text(say: Say, title: str, waiting: Sequence[Offer], page: int) -> str:
    """Return a page of what waits in a family, each with what it is good for."""
    rows = []
    for one in waiting[page * PAGE : (page + 1) * PAGE]:
        told = {"title": one.title(say.language), "use": one.use(say.language)}
        if one.lacking:
            names = [_named(one, name).title(say.language) for name in one.lacking]
            rows.append(say("preset-shelf-choose", what=", ".join(names), **told))
        else:
            rows.append(say("preset-shelf-row", **told))
    head = say("preset-shelf-family", title=title)
    return "\n\n".join([head, *(rows or [say("preset-shelf-none")])])


def waiting_keyboard(say: Say, family: str, waiting: Sequence[Offer], page: int) -> InlineKeyboardMarkup:
    """Return a button for each that waits: a tap switches it on, or asks for what is to be chosen."""
    rows = [
        [
            button(
                f"＋ {cut(one.title(say.language), LONGEST_BUTTON)}",
                PresetTap(action="take", number=one.number or 0, name=_name(one), place=page).pack(),
            )
        ]
        for one in waiting[page * PAGE : (page + 1) * PAGE]
    ]
    pages = pages_of(len(waiting))
    if pages > 1:
        rows.append(
            turner(say, page, pages, lambda to: PresetTap(action="family", name=family, place=to).pack())
        )
    back = PresetTap(action="shelf").pack()
    return keyboard(*rows, [button(say("preset-button-back"), back)])


# -- values -------------------------------------------------------------------------------------------


def set_text(say: Say, one: Offer, values: Values, rule: str, counted: str) -> str:
    """Return the screen of values: the segment as it would be, and how many that are."""
    language = say.language
    title, use = one.preset.title(language, values), one.preset.use(language, values)
    parts = [say("preset-set", title=title, use=use, rule=cut_sentence(rule, LONGEST_RULE) or "…")]
    lines = []
    for each in one.preset.parameters:
        value = values.get(each.name)
        name = each.title(language).capitalize()
        if value is None:
            lines.append(say("preset-set-open", name=name))
        else:
            lines.append(say("preset-set-value", name=name, value=each.said(value, language)))
    parts.append("\n".join(lines))
    return "\n\n".join([*parts, *([counted] if counted else [])])


def set_keyboard(say: Say, one: Offer, values: Values) -> InlineKeyboardMarkup:
    """Return what changes the values, and what is done with them."""
    rows = []
    for place, each in enumerate(one.preset.parameters):
        value = values.get(each.name)
        if isinstance(value, int):
            rows.append(_steps(one, each, values, value))
        else:
            rows.append([_word(say, one, each, values, place)])
    return keyboard(*rows, *_deeds(say, one, values), [button(*_way_back(say, one))])


def _deeds(say: Say, one: Offer, values: Values) -> list[list[InlineKeyboardButton]]:
    if any(each.name not in values for each in one.preset.parameters):
        return []
    coded = code(one, values)

    def deed(key: str, action: str) -> InlineKeyboardButton:
        data = PresetTap(action=action, number=one.number or 0, name=_name(one), values=coded)
        return button(say(key), data.pack())

    if one.number is None:
        needs_choice = bool(one.lacking)
        return [[deed("preset-button-on", "make" if needs_choice else "save")]]
    if values == one.values:
        return [] if one.enabled else [[deed("preset-button-on", "save")]]
    return [[deed("preset-button-save", "save")], [deed("preset-button-make", "make")]]


def _way_back(say: Say, one: Offer) -> tuple[str, str]:
    if one.number is not None and one.enabled:
        return say("preset-button-card"), SegmentTap(action="card", number=one.number).pack()
    return say("preset-button-back"), PresetTap(action="family", name=one.preset.family).pack()


def choose_text(say: Say, one: Offer, parameter: Parameter, words: Sequence[str]) -> str:
    """Ask for a word, or say that the base has none yet."""
    what = parameter.title(say.language)
    if words:
        return say("preset-choose", what=what)
    return say("preset-choose-none", what=what, name=one.preset.name, parameter=parameter.name)


def choose_keyboard(
    say: Say, one: Offer, values: Values, parameter: Parameter, words: Sequence[str]
) -> InlineKeyboardMarkup:
    """Return the words to choose from, two in a row."""
    buttons = [
        button(
            cut(parameter.said(word, say.language), LONGEST_CHOICE),
            _open(one, {**values, parameter.name: word}),
        )
        for word in words
    ]
    return keyboard(*pairs(buttons), [button(say("preset-button-back"), _open(one, values))])


def _steps(one: Offer, parameter: Parameter, values: Values, value: int) -> list[InlineKeyboardButton]:
    sizes = (parameter.step, 1) if parameter.step > 1 else (1,)

    def to(number: int, label: str) -> InlineKeyboardButton:
        return button(label, _open(one, {**values, parameter.name: number}))

    def nearer(number: int) -> int:
        return min(max(number, parameter.least), parameter.most)

    less = [to(nearer(value - size), f"−{size}") for size in sizes]
    more = [to(nearer(value + size), f"+{size}") for size in reversed(sizes)]
    return [*less, to(value, str(value)), *more]


def _word(say: Say, one: Offer, parameter: Parameter, values: Values, place: int) -> InlineKeyboardButton:
    value = values.get(parameter.name)
    name = parameter.title(say.language).capitalize()
    if value is None:
        told = say("preset-word-none", name=Html(name))
    else:
        told = say("preset-word-button", name=Html(name), value=Html(parameter.said(value, say.language)))
    tap = PresetTap(
        action="word", number=one.number or 0, name=_name(one), values=code(one, values), place=place
    )
    return button(cut(told, LONGEST_BUTTON), tap.pack())


def _open(one: Offer, values: Values) -> str:
    coded = code(one, values)
    return PresetTap(action="open", number=one.number or 0, name=_name(one), values=coded).pack()


# -- values in a button -------------------------------------------------------------------------------


def code(one: Offer, values: Mapping[str, int | str]) -> str:
    """Return values as a button carries them, empty if they are those in force: 14.a1b2c3."""
    if values == one.values:
        return ""
    return ".".join(_coded(values.get(each.name)) for each in one.preset.parameters)


def read(one: Offer, coded: str, words: Mapping[str, Sequence[str]]) -> Values | None:
    """Return the values a button carries, words found among those of the base; None if one is gone."""
    if not coded:
        return dict(one.values)
    parts = coded.split(".")
    if len(parts) != len(one.preset.parameters):
        return None
    values: Values = {}
    for each, part in zip(one.preset.parameters, parts, strict=True):
        if not part:
            continue
        if each.is_number:
            if not (part.isascii() and part.isdigit()) or not each.least <= int(part) <= each.most:
                return None
            values[each.name] = int(part)
            continue
        found = next((word for word in words.get(each.name, ()) if _coded(word) == part), None)
        if found is None:
            return None
        values[each.name] = found
    return values


def _coded(value: int | str | None) -> str:
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    return hashlib.blake2b(value.encode(), digest_size=3).hexdigest()


def _name(one: Offer) -> str:
    """Return the name a button carries: only of what has no number yet."""
    return one.name if one.number is None else ""


def _named(one: Offer, name: str) -> Parameter:
    return next(each for each in one.preset.parameters if each.name == name)
