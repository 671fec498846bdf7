"""Prompts: questions a person answers by typing. Of a prompt and a quiz the one he met last gets his text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiogram.filters import BaseFilter
from aiogram.types import ForceReply, Message, ReplyKeyboardMarkup
from sqlalchemy import func, select

from core.mailing.models import Campaign
from core.people import prompts, subscribers
from core.people.models import Subscriber
from core.quizzes.models import QuizRun

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.prompts import Asked
    from core.people.subscribers import Sender


class Answers(BaseFilter):
    """The message replies to one of these questions; gives the handler `asked`.

    A message that is no reply is taken too if the question was asked a moment ago, after whatever else waits
    for a text. With `loose` it does not matter what else waits: for routers behind the quiz, or for what
    cannot be anything else.
    """

    def __init__(self, *what: str, loose: bool = False) -> None:
        self._what = frozenset(what)
        self._loose = loose

    async def __call__(self, message: Message, turn: Turn) -> bool | dict[str, Any]:
        """Find the question this message answers."""
        if (message.text or "").startswith("/"):
            return False
        reply = message.reply_to_message.message_id if message.reply_to_message else None
        if reply is None and not self._loose:
            asked = await turn.db.read(newest, turn.sender.telegram_id, turn.now)
        else:
            asked = await turn.db.read(prompts.asked, turn.sender.telegram_id, reply, turn.now)
        return {"asked": asked} if asked is not None and asked.what in self._what else False


def newest(session: Session, telegram_id: int, now: datetime) -> Asked | None:
    """Return what a person was asked a moment ago, unless he met an open quiz or began a letter after it."""
    asked = prompts.asked(session, telegram_id, None, now)
    if asked is None or asked.at is None:
        return None
    his = select(Subscriber.id).where(Subscriber.telegram_id == telegram_id).scalar_subquery()
    met = select(func.max(func.coalesce(QuizRun.moved_at, QuizRun.started_at))).where(
        QuizRun.subscriber_id == his, QuizRun.finished_at.is_(None), QuizRun.abandoned_at.is_(None)
    )
    begun = select(func.max(Campaign.created_at)).where(
        Campaign.created_by == telegram_id, Campaign.state == "draft"
    )
    others = [session.scalar(met), session.scalar(begun)]
    return asked if all(one is None or one <= asked.at for one in others) else None


async def ask(
    turn: Turn,
    what: str,
    text: str,
    example: str,
    about: int = 0,
    keyboard: ReplyKeyboardMarkup | None = None,
) -> None:
    """Ask a question whose answer is a reply, or comes by a keyboard below the input field."""
    markup = keyboard or ForceReply(input_field_placeholder=example[:64])
    shown = await turn.bot.send_message(turn.chat_id, text, reply_markup=markup)
    await turn.db.write(_note, turn.sender, turn.settings.language, what, shown.message_id, about, turn.now)


def _note(
    session: Session, sender: Sender, language: str, what: str, message_id: int, about: int, now: datetime
) -> None:
    person = subscribers.meet(session, sender, now, language)
    prompts.ask(session, person.id, what, message_id, now, about)
