"""The segments that ship, in the owner's chat: what waits, one tap on, values, another one of a kind."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiogram import F, Router
from sqlalchemy import select

from bot.admin import preset_views as views
from bot.admin import segment_lists as lists
from bot.admin.callbacks import PresetTap
from bot.admin.segments import show_family
from bot.screens import edit_or_send, toast
from bot.texts import Html
from core.reports.overview import overview
from core.segments import audience, presets, proposal
from core.segments.errors import RuleError, SegmentError
from core.segments.language import parse
from core.segments.models import Segment, SegmentRefresh
from core.segments.refresh import refresh_all
from core.segments.rules import dependents
from core.segments.titles import spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aiogram.types import CallbackQuery, InlineKeyboardMarkup
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.segments.presets import Offer, Values

SOON_SECONDS = 1.0  # a base whose refresh takes no longer is refreshed at once


def router() -> Router:
    """Build the router of shipped segments."""
    routes = Router(name="admin-presets")
    for action, handler in _HANDLERS.items():
        routes.callback_query.register(handler, PresetTap.filter(F.action == action))
    return routes


async def _shelf(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    found = await turn.db.read(overview, turn.now)
    titled = [(lists.family_title(turn.say, one), one) for one in found.families]
    text = turn.say("preset-shelf" if found.waiting else "preset-shelf-none")
    await _show(query, turn, text, views.shelf_keyboard(turn.say, titled))


async def _family(query: CallbackQuery, callback_data: PresetTap, turn: Turn) -> None:
    await toast(query)
    await _show_waiting(query, turn, callback_data.name, callback_data.place)


async def _show_waiting(query: CallbackQuery, turn: Turn, family: str, page: int) -> None:
    waiting = [one for one in await turn.db.read(presets.offers) if _waits(one, family)]
    title = next((one.title(turn.say.language) for one in presets.families() if one.name == family), family)
    page = min(page, lists.pages_of(len(waiting)) - 1)
    text = views.waiting_text(turn.say, title, waiting, page)
    await _show(query, turn, text, views.waiting_keyboard(turn.say, family, waiting, page))


def _waits(one: Offer, family: str) -> bool:
    return one.preset.family == family and not one.enabled


async def _take(query: CallbackQuery, callback_data: PresetTap, turn: Turn) -> None:
    """Switch on what waits; where something is to be chosen, ask for it."""
    one = await _found(query, callback_data, turn)
    if one is None:
        return
    if one.lacking:
        await toast(query)
        await _show_set(query, turn, one, dict(one.values))
        return
    await turn.db.write(presets.turn_on, one.name, {}, turn.now)
    await _told_on(query, turn, one.name)
    await _show_waiting(query, turn, one.preset.family, callback_data.place)


async def _on(query: CallbackQuery, callback_data: PresetTap, turn: Turn) -> None:
    one = await _found(query, callback_data, turn)
    if one is None:
        return
    done = await turn.db.write(presets.turn_on, one.name, {}, turn.now)
    await _told_on(query, turn, one.name)
    await show_family(query, turn, done.preset.family)


async def _told_on(query: CallbackQuery, turn: Turn, name: str) -> None:
    is_fresh = await refresh_soon(turn)
    one = await turn.db.read(presets.offer, name)
    key = "preset-on" if is_fresh else "preset-on-soon"
    await toast(query, turn.say(key, title=_plain(turn, one), size=one.size))


def _plain(turn: Turn, one: Offer) -> Html:
    """Return the title for a toast, which is no markup."""
    return Html(one.title(turn.say.language))


async def _off(query: CallbackQuery, callback_data: PresetTap, turn: Turn) -> None:
    one = await _found(query, callback_data, turn)
    if one is None:
        return
    users = await turn.db.read(dependents, one.name)
    if users:
        title = users[0].title(turn.say.language)
        await toast(query, turn.say("preset-used", title=Html(title)), alert=True)
        return
    await turn.db.write(presets.turn_off, one.name, turn.now)
    await refresh_soon(turn)
    await toast(query, turn.say("preset-off", title=_plain(turn, one)))
    await show_family(query, turn, one.preset.family)


async def _open(query: CallbackQuery, callback_data: PresetTap, turn: Turn) -> None:
    found = await _with_values(query, callback_data, turn)
    if found is None:
        return
    await toast(query)
    await _show_set(query, turn, *found)


async def _word(query: CallbackQuery, callback_data: PresetTap, turn: Turn) -> None:
    """Show the words a parameter may take."""
    found = await _with_values(query, callback_data, turn)
    if found is None:
        return
    one, values = found
    await toast(query)
    parameter = one.preset.parameters[min(callback_data.place, len(one.preset.parameters) - 1)]
    words = await turn.db.read(presets.choices, parameter)
    text = views.choose_text(turn.say, one, parameter, words)
    await _show(query, turn, text, views.choose_keyboard(turn.say, one, values, parameter, words))


async def _save(query: CallbackQuery, callback_data: PresetTap, turn: Turn) -> None:
    await _keep(query, callback_data, turn, is_new=False)


async def _make(query: CallbackQuery, callback_data: PresetTap, turn: Turn) -> None:
    await _keep(query, callback_data, turn, is_new=True)


async def _keep(query: CallbackQuery, tap: PresetTap, turn: Turn, *, is_new: bool) -> None:
    found = await _with_values(query, tap, turn)
    if found is None:
        return
    one, values = found
    try:
        if is_new:
            done = await turn.db.write(presets.another, one.preset.name, values, turn.now)
        else:
            await turn.db.write(presets.set_values, one.name, values, turn.now)
            done = await turn.db.write(presets.turn_on, one.name, {}, turn.now)
    except SegmentError:  # values fit by the buttons; what is left is one like this, or from above to
        await toast(query, turn.say("preset-taken"), alert=True)
        return
    await refresh_soon(turn)
    key = "preset-made" if is_new else "preset-saved"
    await toast(query, turn.say(key, title=_plain(turn, done)))
    done = await turn.db.read(presets.offer, done.name)
    await _show_set(query, turn, done, dict(done.values))


async def _found(query: CallbackQuery, tap: PresetTap, turn: Turn) -> Offer | None:
    """Return the shipped segment of a button; one that is gone or the owner's by now is said to be."""
    one = await turn.db.read(_offer, tap.number, tap.name)
    if one is None:
        await toast(query, turn.say("preset-old"), alert=True)
    return one


def _offer(session: Session, number: int, name: str) -> Offer | None:
    if number:
        name = session.scalar(select(Segment.name).where(Segment.id == number)) or ""
    try:
        return presets.offer(session, name)
    except SegmentError:
        return None


async def _with_values(query: CallbackQuery, tap: PresetTap, turn: Turn) -> tuple[Offer, Values] | None:
    one = await _found(query, tap, turn)
    if one is None:
        return None
    words = await turn.db.read(_words, one) if tap.values else {}
    values = views.read(one, tap.values, words)
    if values is None:
        await toast(query, turn.say("preset-old"), alert=True)
        return None
    return one, values


def _words(session: Session, one: Offer) -> Mapping[str, Sequence[str]]:
    """Return the words a button may mean: those of the base, and the one in force."""
    return {
        each.name: (*presets.choices(session, each), str(one.values.get(each.name, "")))
        for each in one.preset.parameters
        if not each.is_number
    }


async def _show_set(query: CallbackQuery, turn: Turn, one: Offer, values: Values) -> None:
    rule, counted = "", ""
    if len(values) == len(one.preset.parameters):
        text = one.preset.rule_with(values)
        condition = spoken(parse(text), turn.library)
        rule = condition.sentence(turn.say.language)
        counted = await _counted(turn, one, values, text)
    shown = views.set_text(turn.say, one, values, rule, counted)
    await _show(query, turn, shown, views.set_keyboard(turn.say, one, values))


async def _counted(turn: Turn, one: Offer, values: Values, rule: str) -> str:
    """Say how many these values find, and who would come and go."""
    if one.number is None or not one.enabled:
        return turn.say("preset-set-new", size=await turn.db.read(audience.count, rule, turn.now))
    if values == one.values:
        return turn.say("preset-set-same", size=one.size)
    try:
        ahead = await turn.db.read(proposal.propose, one.name, rule, turn.now)
    except (RuleError, SegmentError):  # switched off, or its chain grew, between two taps
        return ""
    told = turn.say(
        "preset-set-moves",
        size=ahead.size_now,
        then=ahead.size_then,
        entering=ahead.entering.count,
        leaving=ahead.leaving.count,
    )
    return f"{told}\n{turn.say('preset-set-copy')}"


async def refresh_soon(turn: Turn) -> bool:
    """Bring all segments up to date at once where that is quick; returns whether it was done."""
    seconds = await turn.db.read(_last_seconds)
    if seconds is None or seconds > SOON_SECONDS:
        return False
    await asyncio.to_thread(refresh_all, turn.db, turn.now)
    return True


def _last_seconds(session: Session) -> float | None:
    return session.scalar(select(SegmentRefresh.seconds).order_by(SegmentRefresh.id.desc()).limit(1))


async def _show(query: CallbackQuery, turn: Turn, text: str, keyboard: InlineKeyboardMarkup) -> None:
    at = query.message.message_id if query.message else None
    await edit_or_send(turn.bot, turn.chat_id, at, text, keyboard)


_HANDLERS: dict[str, Callable[..., Any]] = {
    "shelf": _shelf,
    "family": _family,
    "take": _take,
    "on": _on,
    "off": _off,
    "open": _open,
    "word": _word,
    "save": _save,
    "make": _make,
}
