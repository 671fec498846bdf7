"""/quizzes: which quizzes are on, each with its graph, its file and its versions; switched on and off."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import BufferedInputFile

from bot import quiz_screens
from bot.admin import quiz_views as views
from bot.admin.callbacks import LibraryTap
from bot.screens import edit_or_send, toast
from core.people import subscribers
from core.quizzes import library_changes, trials
from core.quizzes.counts import count
from core.quizzes.graph import graph
from core.quizzes.loader import load_stored
from core.quizzes.problems import QuizError
from core.reports.quiz_chart import quiz_chart
from core.words import day_and_time

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.subscribers import Sender
    from core.quizzes.counts import Counts
    from core.quizzes.definition import Quiz
    from core.quizzes.loader import Library, Loaded
    from core.quizzes.screens import Screen

TALLEST = 2.4  # of its width: Telegram shrinks a taller photo until nobody can read it


def router() -> Router:
    """Build the router of the owner's quizzes."""
    routes = Router(name="admin-quizzes")
    routes.message.register(_command, Command("quizzes"))
    for action, handler in (
        ("list", _list),
        ("card", _card),
        ("picture", _picture),
        ("people", _picture),
        ("yaml", _yaml),
        ("versions", _versions),
        ("try", _try),
        ("on", _on),
        ("off", _off),
        ("sure", _sure),
    ):
        routes.callback_query.register(handler, LibraryTap.filter(F.action == action))
    return routes


async def _command(_message: Message, turn: Turn) -> None:
    await _show_list(turn, None)


async def _list(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    await _show_list(turn, _place(query))


async def _show_list(turn: Turn, message_id: int | None) -> None:
    found = await turn.db.read(library_changes.standings, turn.library, turn.say.language)
    text, buttons = views.list_text(turn.say, found), views.list_keyboard(found)
    await edit_or_send(turn.bot, turn.chat_id, message_id, text, buttons)


async def _card(query: CallbackQuery, callback_data: LibraryTap, turn: Turn) -> None:
    await toast(query)
    await _show_card(turn, callback_data.quiz, _place(query))


async def _show_card(turn: Turn, name: str, message_id: int | None) -> None:
    found = await turn.db.read(library_changes.standings, turn.library, turn.say.language)
    standing = next((one for one in found if one.quiz == name), None)
    if standing is None:
        await edit_or_send(turn.bot, turn.chat_id, message_id, turn.say("library-gone"))
        return
    text = views.card_text(turn.say, standing, await _quiz(turn, name), turn.settings.zone)
    past = await turn.db.read(library_changes.versions, name)
    buttons = views.card_keyboard(
        turn.say, standing, past[0].id if past else 0, may_be_off=name != turn.settings.entry_quiz
    )
    await edit_or_send(turn.bot, turn.chat_id, message_id, text, buttons)


async def _picture(query: CallbackQuery, callback_data: LibraryTap, turn: Turn) -> None:
    quiz = await _quiz(turn, callback_data.quiz)
    if quiz is None:
        await toast(query, turn.say("library-gone"), alert=True)
        return
    await toast(query)
    title, zone = views.title_of(quiz, turn.say), turn.settings.zone
    if callback_data.action == "picture":
        await send_graph(turn, quiz, None, turn.say("library-picture", title=title))
        return
    counts = await turn.db.read(count, quiz, turn.now)
    at = day_and_time(turn.now, zone)
    await send_graph(turn, quiz, counts, turn.say("library-picture-people", title=title, at=at))


async def send_graph(turn: Turn, quiz: Quiz, counts: Counts | None, caption: str) -> None:
    """Send the graph of a quiz: as a photo, or as a file where a photo would be too tall to read."""
    language = quiz.language_for(turn.say.language)
    picture = await asyncio.to_thread(lambda: quiz_chart(graph(quiz, counts, language)))
    width, height = int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")
    file = BufferedInputFile(picture, f"{quiz.id}.png")
    if height <= TALLEST * width:
        await turn.bot.send_photo(turn.chat_id, file, caption=caption)
    else:
        await turn.bot.send_document(turn.chat_id, file, caption=caption)


async def _yaml(query: CallbackQuery, callback_data: LibraryTap, turn: Turn) -> None:
    text = await turn.db.read(library_changes.last_text, turn.library, callback_data.quiz)
    if not text:
        await toast(query, turn.say("library-gone"), alert=True)
        return
    await toast(query)
    quiz = await _quiz(turn, callback_data.quiz)
    title = views.title_of(quiz, turn.say) if quiz is not None else callback_data.quiz
    file = BufferedInputFile(text.encode(), f"{callback_data.quiz}.yaml")
    await turn.bot.send_document(turn.chat_id, file, caption=turn.say("library-yaml", title=title))


async def _versions(query: CallbackQuery, callback_data: LibraryTap, turn: Turn) -> None:
    await toast(query)
    name = callback_data.quiz
    found, quiz = await turn.db.read(library_changes.versions, name), await _quiz(turn, name)
    title = views.title_of(quiz, turn.say) if quiz is not None else name
    text = views.versions_text(turn.say, title, found, turn.settings.zone)
    buttons = views.versions_keyboard(turn.say, name, found, turn.settings.zone)
    await edit_or_send(turn.bot, turn.chat_id, _place(query), text, buttons)


async def _try(query: CallbackQuery, callback_data: LibraryTap, turn: Turn) -> None:
    loaded = await _loaded(turn, callback_data)
    if loaded is None:
        await toast(query, turn.say("library-gone"), alert=True)
        return
    await toast(query)
    title = views.title_of(loaded.quiz, turn.say)
    screen = await turn.db.write(
        try_out, turn.library, turn.sender, loaded, turn.now, turn.key, turn.settings.language
    )
    await turn.bot.send_message(turn.chat_id, turn.say("library-trial-begins", title=title))
    await quiz_screens.show(turn, screen, anew=True)


def try_out(
    session: Session,
    library: Library,
    sender: Sender,
    loaded: Loaded,
    now: datetime,
    key: str,
    language: str,
) -> Screen:
    """Begin a run that counts nowhere; the same key begins one."""
    person = subscribers.meet(session, sender, now, language)
    return trials.begin(session, library, person, loaded, now, key)


async def _on(query: CallbackQuery, callback_data: LibraryTap, turn: Turn) -> None:
    change = await turn.db.write(
        library_changes.switch_on, turn.library, callback_data.number, turn.chat_id, turn.now, turn.key
    )
    if change is None:
        await toast(query, turn.say("library-gone"), alert=True)
        return
    loaded = library_changes.put(turn.library, change.text)
    await toast(query, turn.say("library-switched-on", title=views.title_of(loaded.quiz, turn.say))[:200])
    await _show_card(turn, change.quiz, None)


async def _off(query: CallbackQuery, callback_data: LibraryTap, turn: Turn) -> None:
    """Ask before a quiz is switched off; some may not be."""
    name = callback_data.quiz
    if await _is_refused(query, turn, name):
        return
    await toast(query)
    quiz = await _quiz(turn, name)
    text = turn.say("library-off-ask", title=views.title_of(quiz, turn.say) if quiz is not None else name)
    await edit_or_send(turn.bot, turn.chat_id, _place(query), text, views.off_keyboard(turn.say, name))


async def _sure(query: CallbackQuery, callback_data: LibraryTap, turn: Turn) -> None:
    name = callback_data.quiz
    if await _is_refused(query, turn, name):
        return
    await turn.db.write(library_changes.switch_off, turn.library, name, turn.chat_id, turn.now, turn.key)
    turn.library.quizzes.pop(name, None)
    await toast(query, turn.say("library-switched-off"))
    await _show_card(turn, name, _place(query))


async def _is_refused(query: CallbackQuery, turn: Turn, name: str) -> bool:
    """Say why a quiz cannot be switched off, if it cannot."""
    why = _must_stay(turn, name)
    if why is not None:
        await toast(query, why[:200], alert=True)
    return why is not None


def _must_stay(turn: Turn, name: str) -> str | None:
    """Return why a quiz cannot be switched off, or None."""
    if name == turn.settings.entry_quiz:
        return turn.say("library-off-entry")
    others = library_changes.leading_to(turn.library, name)
    return turn.say("library-off-next", names=", ".join(others)) if others else None


async def _quiz(turn: Turn, name: str) -> Quiz | None:
    """Return a quiz as it is on, or was last; None where it cannot be read."""
    loaded = turn.library.quizzes.get(name)
    if loaded is not None:
        return loaded.quiz
    text = await turn.db.read(library_changes.last_text, turn.library, name)
    try:
        return load_stored(text, turn.library.folder).quiz if text else None
    except QuizError:
        return None


async def _loaded(turn: Turn, tap: LibraryTap) -> Loaded | None:
    """Return the version a button is about: a change's by its number, else the one that is on."""
    if not tap.number:
        return turn.library.quizzes.get(tap.quiz)
    change = await turn.db.read(library_changes.find, tap.number)
    try:
        return load_stored(change.text, turn.library.folder) if change is not None and change.text else None
    except QuizError:
        return None


def _place(query: CallbackQuery) -> int | None:
    return query.message.message_id if query.message else None
