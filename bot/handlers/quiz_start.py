"""Ways into a quiz: the first greeting, a link, the list of `/quiz`, a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from sqlalchemy import select

from bot.callbacks import Menu, QuizTap
from bot.quiz_screens import finished, show
from bot.screens import toast, without_buttons
from core.people import subscribers
from core.people.models import Subscriber, Touch
from core.quizzes import runs
from core.quizzes.models import QuizRun
from core.quizzes.records import has_finished

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.subscribers import Sender
    from core.quizzes.loader import Library, Loaded
    from core.quizzes.screens import Screen

LINK = "quiz_"  # what a deep link to a quiz begins with, before the quiz's id


def open_quiz(
    session: Session,
    library: Library,
    sender: Sender,
    quiz_id: str,
    now: datetime,
    key: str,
    anew: bool,
    language: str,
) -> Screen | None:
    """Begin or go on with a quiz; None where it is finished already and not asked for anew."""
    person = subscribers.meet(session, sender, now, language)
    if person.data_consent_at is None or quiz_id not in library.quizzes:
        return None
    if not anew and has_finished(session, person.id, quiz_id):
        return None
    return finished(session, library, runs.begin(session, library, person, quiz_id, now, key), now)


def linked_by_last_touch(session: Session, library: Library, telegram_id: int) -> str | None:
    """Return the quiz whose link brought a person here last, unless he has begun it."""
    mine = select(Subscriber.id).where(Subscriber.telegram_id == telegram_id).scalar_subquery()
    last = select(Touch.source).where(Touch.subscriber_id == mine).order_by(Touch.id.desc()).limit(1)
    quiz_id = linked(session.scalar(last) or "", library)
    begun = select(QuizRun.id).where(QuizRun.subscriber_id == mine, QuizRun.quiz == quiz_id)
    return None if session.scalar(begun.limit(1)) is not None else quiz_id


def linked(payload: str, library: Library) -> str | None:
    """Return the quiz a deep link names; None where it names none of ours."""
    quiz_id = payload.removeprefix(LINK)
    return quiz_id if payload.startswith(LINK) and quiz_id in library.quizzes else None


def offered(library: Library) -> dict[str, Loaded]:
    """Return the quizzes a person may begin of his own accord."""
    return {quiz_id: loaded for quiz_id, loaded in library.quizzes.items() if loaded.quiz.listed}


def finished_quizzes(session: Session, telegram_id: int) -> set[str] | None:
    """Return the quizzes a person has finished; None while he has not agreed to be asked at all."""
    agreed = select(Subscriber.data_consent_at).where(Subscriber.telegram_id == telegram_id)
    if session.scalar(agreed) is None:
        return None
    mine = select(QuizRun.quiz).join(Subscriber, Subscriber.id == QuizRun.subscriber_id)
    done = mine.where(Subscriber.telegram_id == telegram_id, QuizRun.finished_at.is_not(None))
    return set(session.scalars(done))


def router() -> Router:
    """Build the router of ways into a quiz."""
    routes = Router(name="quiz-start")
    routes.message.register(_list, Command("quiz"))
    routes.callback_query.register(_entry, Menu.filter(F.action == "quiz"))
    routes.callback_query.register(_chosen, QuizTap.filter())
    return routes


async def offer(turn: Turn) -> None:
    """Show a newcomer the quiz his link named, or the entry quiz; greet one who has done it."""
    linked_id = await turn.db.read(linked_by_last_touch, turn.library, turn.sender.telegram_id)
    screen = await enter(turn, f"{turn.key}:quiz", linked_id, anew=False)
    if screen is not None:
        await show(turn, screen, anew=True)
        return
    name = turn.sender.first_name
    button = InlineKeyboardButton(text=turn.say("button-quiz"), callback_data=Menu(action="quiz").pack())
    greeting = turn.say("quiz-done", name=name, known="yes" if name else "no")
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])
    await turn.bot.send_message(turn.chat_id, greeting, reply_markup=keyboard)


async def enter(turn: Turn, key: str, quiz_id: str | None = None, *, anew: bool = True) -> Screen | None:
    """Begin or go on with a quiz, the entry quiz if none is named; one key begins one run."""
    wanted, language = quiz_id or turn.settings.entry_quiz, turn.settings.language
    return await turn.db.write(open_quiz, turn.library, turn.sender, wanted, turn.now, key, anew, language)


async def enter_and_show(turn: Turn, key: str, quiz_id: str | None = None) -> bool:
    """Begin or go on with a quiz and show where it stands; False where there is none. One key, one run."""
    screen = await enter(turn, key, quiz_id)
    if screen is not None:
        await show(turn, screen, anew=True)
    return screen is not None


async def _list(message: Message, turn: Turn) -> None:
    """Begin the only quiz that is offered, or show the list to choose from."""
    quizzes = offered(turn.library)
    done = await turn.db.read(finished_quizzes, turn.sender.telegram_id)
    if not quizzes or done is None:
        await message.answer(turn.say("need-consent" if quizzes else "quiz-none"))
    elif len(quizzes) > 1:
        await message.answer(turn.say("quiz-list"), reply_markup=_choice(turn, done))
    else:
        await enter_and_show(turn, turn.key, next(iter(quizzes)))


def _choice(turn: Turn, done: set[str]) -> InlineKeyboardMarkup:
    """Return the quizzes by title, the entry quiz first, those he has finished marked."""
    entry, rows = turn.settings.entry_quiz, []
    for quiz_id, loaded in sorted(offered(turn.library).items(), key=lambda one: (one[0] != entry, one[0])):
        quiz = loaded.quiz
        title = quiz.title.of(quiz.language_for(turn.sender.language_code[:2], turn.say.language))
        label = turn.say("quiz-list-done", title=title) if quiz_id in done else title
        rows.append([InlineKeyboardButton(text=label[:64], callback_data=QuizTap(quiz=quiz_id).pack())])
    return InlineKeyboardMarkup(inline_keyboard=rows)


async def _chosen(query: CallbackQuery, callback_data: QuizTap, turn: Turn) -> None:
    place = query.message.message_id if query.message else 0
    key = f"list:{turn.sender.telegram_id}:{place}:{callback_data.quiz}"  # a tap sent twice begins one run
    screen = await enter(turn, key, callback_data.quiz)
    if screen is None:
        is_there = callback_data.quiz in turn.library.quizzes
        await toast(query, turn.say("need-consent" if is_there else "quiz-gone"), alert=True)
        return
    await toast(query)
    if place:
        await without_buttons(turn.bot, turn.chat_id, place)  # a list is chosen from once
    await show(turn, screen, anew=True)


async def _entry(query: CallbackQuery, turn: Turn) -> None:
    place = query.message.message_id if query.message else 0
    screen = await enter(turn, f"menu:{turn.sender.telegram_id}:{place}")  # a tap sent twice begins one run
    if screen is None:
        is_there = turn.settings.entry_quiz in turn.library.quizzes
        await toast(query, turn.say("need-consent" if is_there else "quiz-gone"), alert=True)
        return
    await toast(query)
    await show(turn, screen, anew=True)
