"""/settings: language, quiet hours, the best time, city and time zone, all in one window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import KeyboardButton, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.callbacks import SettingTap
from bot.handlers import preferences_views as views
from bot.handlers.prompted import Answers, ask
from bot.screens import edit_or_send, toast
from core.people import places, places_kept, preferences, prompts, subscribers
from core.people.attributes import text_of
from core.people.places import Candidates, City
from core.people.preferences import OWN_CHOICE, Quiet, read_quiet

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.prompts import Asked
    from core.people.subscribers import Sender

CITY, QUIET, PLACE = "city", "quiet", "place"


def stand(session: Session, sender: Sender, now: datetime, default: str) -> views.Window:
    """Return a person's settings."""
    person = subscribers.meet(session, sender, now, default)
    return views.Window(preferences.of(session, person.id), text_of(session, person.id, "city"))


def change(
    session: Session, sender: Sender, now: datetime, default: str, verb: Callable[..., Any], *given: Any
) -> views.Window:
    """Change one setting by a verb of core; doing it twice changes nothing more."""
    person = subscribers.meet(session, sender, now, default)
    verb(session, person.id, *given, now)
    return stand(session, sender, now, default)


def settle(session: Session, sender: Sender, now: datetime, default: str, city: City) -> None:
    """The person lives in this city, by his own word."""
    person = subscribers.meet(session, sender, now, default)
    places_kept.lives_in(session, person.id, city, now, source=OWN_CHOICE)
    prompts.answered(session, person.id)


def settle_near(
    session: Session, sender: Sender, now: datetime, default: str, latitude: float, longitude: float
) -> None:
    """The person is far from any city: only the country and the clock of the nearest are kept."""
    person = subscribers.meet(session, sender, now, default)
    places_kept.located(session, person.id, latitude, longitude, now, source=OWN_CHOICE)
    prompts.answered(session, person.id)


def router() -> Router:
    """Build the router of settings; it stands before the quiz: what it asked last is its own."""
    routes = Router(name="preferences")
    routes.message.register(_settings, Command("settings"))
    routes.message.register(_written, F.text, Answers(CITY, QUIET))
    routes.message.register(_located, F.location, Answers(PLACE, loose=True))
    routes.message.register(_not_located, F.text.in_(views.NO_PLACE), Answers(PLACE, loose=True))
    for what, handler in _TAPS.items():
        routes.callback_query.register(handler, SettingTap.filter(F.what == what))
    return routes


def late_router() -> Router:
    """Build the router behind the quiz: an answer that is no reply, a location nobody asked for."""
    routes = Router(name="preferences-late")
    routes.message.register(_written, F.text, Answers(CITY, QUIET, loose=True))
    routes.message.register(_located, F.location)
    return routes


async def _written(message: Message, asked: Asked, turn: Turn) -> None:
    await (_city_written if asked.what == CITY else _quiet_written)(message, turn)


async def show(turn: Turn, message_id: int | None = None, window: views.Window | None = None) -> None:
    """Show the settings, in place where a message is named."""
    if window is None:
        window = await turn.db.write(stand, turn.sender, turn.now, turn.settings.language)
    text, keyboard = views.text(turn.say, window, turn.now), views.keyboard(turn.say, window)
    await edit_or_send(turn.bot, turn.chat_id, message_id, text, keyboard)


async def _change(turn: Turn, query: CallbackQuery, note: str, verb: Callable[..., Any], *given: Any) -> None:
    window = await turn.db.write(change, turn.sender, turn.now, turn.settings.language, verb, *given)
    await toast(query, note)
    await show(turn, query.message.message_id if query.message else None, window)


async def _settings(_message: Message, turn: Turn) -> None:
    await show(turn)


async def _open(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    await show(turn, query.message.message_id if query.message else None)


async def _old(query: CallbackQuery, turn: Turn) -> None:
    """A button with a value that may not be chosen: out of date, or forged."""
    await toast(query, turn.say("settings-old-button"), alert=True)


async def _language(query: CallbackQuery, callback_data: SettingTap, turn: Turn) -> None:
    language = callback_data.value
    if language not in views.LANGUAGES:
        await _old(query, turn)
        return
    window = await turn.db.write(
        change, turn.sender, turn.now, turn.settings.language, preferences.choose_language, language
    )
    turn.texts.remember({turn.sender.telegram_id: language})
    spoken = views.speaking(turn, turn.texts[language])
    await toast(query, spoken.say("settings-note-language"))
    await show(spoken, query.message.message_id if query.message else None, window)


async def _quiet(query: CallbackQuery, callback_data: SettingTap, turn: Turn) -> None:
    value = callback_data.value
    if value == "own":
        await toast(query)
        await ask(turn, QUIET, turn.say("settings-ask-quiet"), turn.say("settings-quiet-example"))
        return
    quiet = views.read_quiet_value(value)
    if quiet is None and value != "off":
        await _old(query, turn)
        return
    await _change(turn, query, _quiet_note(turn, quiet), preferences.set_quiet, quiet)


def _quiet_note(turn: Turn, quiet: Quiet | None) -> str:
    if quiet is None:
        return turn.say("settings-note-quiet-off")
    return turn.say("settings-note-quiet", until=str(quiet).split("–")[1])


async def _best(query: CallbackQuery, callback_data: SettingTap, turn: Turn) -> None:
    best = callback_data.value
    if best not in (*preferences.BEST_TIMES, "any"):
        await _old(query, turn)
        return
    note = turn.say("settings-note-best") if best != "any" else ""
    await _change(turn, query, note, preferences.set_best_time, None if best == "any" else best)


async def _zones(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    place = query.message.message_id if query.message else None
    keyboard = views.zones_keyboard(turn.say, turn.now)
    await edit_or_send(turn.bot, turn.chat_id, place, turn.say("settings-zones"), keyboard)


async def _zone(query: CallbackQuery, callback_data: SettingTap, turn: Turn) -> None:
    zone = callback_data.value
    if zone not in views.ZONES:
        await _old(query, turn)
        return
    note = turn.say(
        "settings-note-zone", zone=views.zone_words(zone, turn.now), clock=views.clock(zone, turn.now)
    )
    await _change(turn, query, note, _set_own_zone, zone)


def _set_own_zone(session: Session, subscriber_id: int, zone: str, now: datetime) -> None:
    preferences.set_zone(session, subscriber_id, zone, now, origin=OWN_CHOICE)


# -- the city ----------------------------------------------------------------------------------------


async def _city(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    await ask(turn, CITY, turn.say("settings-ask-city"), turn.say("settings-city-example"))


async def _city_written(message: Message, turn: Turn) -> None:
    text = message.text or ""
    found = places.find_city(text)
    if isinstance(found, City):
        await _settle(turn, found)
    elif isinstance(found, Candidates):
        keyboard = views.candidates_keyboard(turn.say, found.cities)
        await message.answer(turn.say("settings-city-which"), reply_markup=keyboard)
    else:
        keyboard = views.unknown_keyboard(turn.say)
        await message.answer(turn.say("settings-city-unknown"), reply_markup=keyboard)


async def _pick(query: CallbackQuery, callback_data: SettingTap, turn: Turn) -> None:
    number = callback_data.value
    city = places.by_id(int(number)) if number.isdigit() and len(number) < 12 else None
    if city is None:
        await _old(query, turn)
        return
    await toast(query)
    await _settle(turn, city, query.message.message_id if query.message else None)


async def _settle(turn: Turn, city: City, message_id: int | None = None) -> None:
    await turn.db.write(settle, turn.sender, turn.now, turn.settings.language, city)
    name, clock = city.name(turn.say.language), views.clock(city.zone, turn.now)
    saved = turn.say("settings-city-saved", city=name, clock=clock)
    if message_id is None:
        await turn.bot.send_message(turn.chat_id, saved, reply_markup=ReplyKeyboardRemove())
    else:
        await edit_or_send(turn.bot, turn.chat_id, message_id, saved)
    await show(turn)


async def _place(query: CallbackQuery, turn: Turn) -> None:
    """Ask for a location: only a keyboard below the input field can send one."""
    await toast(query)
    send = KeyboardButton(text=turn.say("button-send-place"), request_location=True)
    leave = KeyboardButton(text=turn.say("button-no-place"))
    keyboard = ReplyKeyboardMarkup(keyboard=[[send], [leave]], resize_keyboard=True, one_time_keyboard=True)
    await ask(turn, PLACE, turn.say("settings-ask-place"), "", keyboard=keyboard)


async def _located(message: Message, turn: Turn) -> None:
    if message.location is None:
        return
    latitude, longitude = message.location.latitude, message.location.longitude
    found = places.around(latitude, longitude)
    if found is None:
        await message.answer(turn.say("settings-place-nowhere"), reply_markup=ReplyKeyboardRemove())
        return
    city, km = found
    if km <= places.LIVES_KM:
        await _settle(turn, city)
        return
    await turn.db.write(settle_near, turn.sender, turn.now, turn.settings.language, latitude, longitude)
    clock = views.clock(city.zone, turn.now)
    await message.answer(turn.say("settings-place-near", clock=clock), reply_markup=ReplyKeyboardRemove())
    await show(turn)


async def _not_located(message: Message, turn: Turn) -> None:
    await turn.db.write(_drop, turn.sender, turn.now, turn.settings.language)
    await message.answer(turn.say("settings-place-dropped"), reply_markup=ReplyKeyboardRemove())


def _drop(session: Session, sender: Sender, now: datetime, default: str) -> None:
    prompts.answered(session, subscribers.meet(session, sender, now, default).id)


# -- quiet hours -------------------------------------------------------------------------------------


async def _quiet_written(message: Message, turn: Turn) -> None:
    quiet = read_quiet(message.text or "")
    if quiet is None:
        await message.answer(turn.say("settings-quiet-mend"))
        return
    window = await turn.db.write(_keep_quiet, turn.sender, turn.now, turn.settings.language, quiet)
    await message.answer(_quiet_note(turn, quiet))
    await show(turn, None, window)


def _keep_quiet(session: Session, sender: Sender, now: datetime, default: str, quiet: Quiet) -> views.Window:
    _drop(session, sender, now, default)
    return change(session, sender, now, default, preferences.set_quiet, quiet)


_TAPS: dict[str, Callable[..., Any]] = {
    "open": _open,
    "language": _language,
    "quiet": _quiet,
    "best": _best,
    "zones": _zones,
    "zone": _zone,
    "city": _city,
    "place": _place,
    "pick": _pick,
}
