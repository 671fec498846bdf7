"""Letters that ask: a button that opens a quiz, a letter one answers by writing back; what people said."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from aiogram import F, Router
from aiogram.types import BufferedInputFile
from sqlalchemy import select

from bot.admin import drafts
from bot.admin.callbacks import LetterTap, QuizButtonTap
from bot.admin.composer import show_preview
from bot.admin.views import button, keyboard
from bot.screens import toast
from core.mailing import questions, ratings
from core.mailing.models import Campaign
from core.reports.csv_table import as_csv, separator_of
from core.reports.letter_answers import answers_of
from core.words import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aiogram.types import CallbackQuery, InlineKeyboardMarkup
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.reports.letter_answers import LetterAnswer

SHOWN = 8  # answers above the file, which has all of them: a caption holds 1,024 characters
LONGEST = 60  # characters of an answer there


def router() -> Router:
    """Build the router of letters that ask."""
    routes = Router(name="admin-questions")
    for action, handler in _HANDLERS.items():
        routes.callback_query.register(handler, LetterTap.filter(F.action == action))
    routes.callback_query.register(_chosen, QuizButtonTap.filter())
    return routes


async def _quizzes(query: CallbackQuery, callback_data: LetterTap, turn: Turn) -> None:
    await toast(query)
    buttons = _choice(turn, callback_data.campaign, callback_data.content)
    await turn.bot.send_message(turn.chat_id, turn.say("admin-quiz-button-ask"), reply_markup=buttons)


def _choice(turn: Turn, campaign_id: int, content_id: int) -> InlineKeyboardMarkup:
    rows = []
    for quiz_id, loaded in sorted(turn.library.quizzes.items()):
        title = loaded.quiz.title.of(loaded.quiz.language_for(turn.say.language))
        data = QuizButtonTap(campaign=campaign_id, content=content_id, quiz=quiz_id).pack()
        rows.append([button(title[:64], data)])
    return keyboard(*rows)


async def _chosen(query: CallbackQuery, callback_data: QuizButtonTap, turn: Turn) -> None:
    """Put the button under the draft; the preview shows it."""
    loaded = turn.library.quizzes.get(callback_data.quiz)
    if loaded is None:
        await toast(query, turn.say("quiz-gone"), alert=True)
        return
    label = turn.say("admin-quiz-button-label")
    action = f"{questions.OPENS_QUIZ}.{callback_data.quiz}"
    content_id = await turn.db.write(
        drafts.put_button, callback_data.campaign, callback_data.content, label, action
    )
    if content_id is None:
        await toast(query, turn.say("admin-letter-old"), alert=True)
        return
    await toast(query, turn.say("admin-quiz-button-done"))
    await show_preview(turn, callback_data.campaign, content_id)


async def _ask(query: CallbackQuery, callback_data: LetterTap, turn: Turn) -> None:
    """Let the draft wait for answers in writing, or no longer."""
    campaign_id = callback_data.campaign
    is_question = await turn.db.write(drafts.toggle_question, campaign_id, callback_data.content)
    if is_question is None:
        await toast(query, turn.say("admin-letter-old"), alert=True)
        return
    await toast(query, turn.say("admin-question-on" if is_question else "admin-question-off"), alert=True)


async def _thumbs(query: CallbackQuery, callback_data: LetterTap, turn: Turn) -> None:
    """Put 👍 and 👎 under the draft, or take them away; the preview shows it."""
    row, number = ratings.BUTTONS, callback_data.campaign
    content_id = await turn.db.write(drafts.put_row, number, callback_data.content, row, toggles=True)
    if content_id is None:
        await toast(query, turn.say("admin-letter-old"), alert=True)
        return
    await toast(query)
    await show_preview(turn, number, content_id)


async def _answers(query: CallbackQuery, callback_data: LetterTap, turn: Turn) -> None:
    """Show the first answers and give all of them as a file."""
    campaign_id, entry = callback_data.campaign, turn.settings.entry_quiz
    await toast(query)
    found = await turn.db.read(answers_of, turn.library, campaign_id, entry)
    if not found:
        await turn.bot.send_message(turn.chat_id, turn.say("admin-answers-none"))
        return
    name = await turn.db.read(_name, campaign_id)
    lines = [turn.say("admin-answers", count=len(found), name=name)]
    lines += [f"• <b>{escape(_who(one), quote=False)}</b>: {_short(one.text)}" for one in found[:SHOWN]]
    table = BufferedInputFile(_csv(turn, found), f"answers-{campaign_id}.csv")
    await turn.bot.send_document(turn.chat_id, table, caption="\n".join(lines))


def _name(session: Session, campaign_id: int) -> str:
    return session.scalar(select(Campaign.name).where(Campaign.id == campaign_id)) or ""


def _who(answer: LetterAnswer) -> str:
    return (answer.name or answer.username or str(answer.telegram_id or ""))[:40]


def _short(text: str) -> str:
    return escape(cut(" ".join(text.split()), LONGEST), quote=False)


def _csv(turn: Turn, found: Sequence[LetterAnswer]) -> bytes:
    """All answers for a spreadsheet; the time is the business's."""
    say = turn.say
    rows = [
        (one.at, one.telegram_id or "", one.name, one.username, one.quiz, one.question, one.text)
        for one in found
    ]
    return as_csv([say("admin-answers-head").split("|"), *rows], separator_of(say.language))


_HANDLERS: dict[str, Callable[..., Any]] = {
    "quizzes": _quizzes,
    "question": _ask,
    "answers": _answers,
    "thumbs": _thumbs,
}
