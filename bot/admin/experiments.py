"""The owner's experiments: a second letter beside the first, what is agreed, the verdict, the journal."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aiogram import F, Router
from aiogram.filters import Command

from bot.admin import composer, drafts
from bot.admin import experiment_views as views
from bot.admin.captured import IsLetter, words_of
from bot.admin.experiment_callbacks import ExperimentTap
from bot.admin.problem_words import said
from bot.admin.progress import show_progress
from bot.handlers.prompted import Answers, ask
from bot.screens import edit_or_send, toast
from core.errors import KvizorError
from core.mailing import audiences, campaigns, dry_run
from core.mailing.experiments import journal, launching, looking
from core.mailing.experiments.errors import ExperimentError
from core.mailing.experiments.launching import Terms
from core.mailing.experiments.verdict import LETTERS
from core.people import prompts

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.mailing.experiments.launching import Told
    from core.mailing.letters import Words
    from core.people.prompts import Asked

SECOND = "experiment_second"


def router() -> Router:
    """Build the router of experiments."""
    routes = Router(name="admin-experiments")
    routes.message.register(_journal_asked, Command("experiments"))
    routes.message.register(_second_written, IsLetter(), Answers(SECOND))
    for action, handler in _HANDLERS.items():
        routes.callback_query.register(handler, ExperimentTap.filter(F.action == action))
    return routes


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft's experiment as its window shows it; `content_id` is the text a launch button carries."""

    terms: Terms
    told: Told
    letters: tuple[str, ...]
    goals: tuple[str, ...]
    content_id: int
    will_get: int


def drafted(session: Session, campaign_id: int, now: datetime) -> Drafted | None:
    """Return what is agreed about a draft, and what it will be able to show; None if it is none."""
    terms, content_id = launching.terms_of(session, campaign_id), drafts.content_of(session, campaign_id)
    if terms is None or content_id is None:
        return None
    will_get = dry_run.preview(session, campaign_id, now).will_get
    told = launching.tell(session, campaign_id, will_get, now)
    texts = tuple(one.text for one in launching.letters_of(session, campaign_id))
    goals = launching.goals_of(session, campaign_id) if len(terms.shares) > 1 else (terms.goal,)
    return Drafted(terms, told, texts, goals, content_id, will_get)


def add_second(session: Session, campaign_id: int, words: Words) -> None:
    """Set a second letter beside a draft's first, with the first one's buttons: only words differ."""
    first, *_ = launching.letters_of(session, campaign_id)
    other = replace(words, text=drafts.mended(words.text), buttons=first.buttons)
    goals = launching.goals_of(session, campaign_id)
    launching.set_up(session, campaign_id, [{"": other}], Terms(goal=goals[0]))


def hold_out(session: Session, campaign_id: int) -> None:
    """Let a tenth of a draft's audience get no letter."""
    terms = Terms(goal="purchase", window_hours=168, shares=(1.0,), holdout=0.1)
    launching.set_up(session, campaign_id, [], terms)


async def _menu(query: CallbackQuery, callback_data: ExperimentTap, turn: Turn) -> None:
    await toast(query)
    place = query.message.message_id if query.message else None
    buttons = views.menu_keyboard(turn.say, callback_data.campaign, callback_data.content)
    await edit_or_send(turn.bot, turn.chat_id, place, turn.say("experiment-menu"), buttons)


async def _ask_second(query: CallbackQuery, callback_data: ExperimentTap, turn: Turn) -> None:
    await toast(query)
    await _ask(turn, callback_data.campaign, turn.say("experiment-ask-second"))


async def _ask(turn: Turn, campaign_id: int, text: str) -> None:
    await ask(turn, SECOND, text, turn.say("experiment-second-example"), campaign_id)


async def _second_written(message: Message, asked: Asked, turn: Turn) -> None:
    try:
        await turn.db.write(add_second, asked.about, words_of(message))
    except KvizorError as error:
        why = said(str(error), turn.say.language, "letters.txt")
        await _ask(turn, asked.about, turn.say("experiment-second-mend", error=why))
        return
    await turn.db.write(prompts.answered_by, turn.sender.telegram_id)
    await show_draft(turn, asked.about, None)


async def _hold(query: CallbackQuery, callback_data: ExperimentTap, turn: Turn) -> None:
    await _changed(query, callback_data, turn, hold_out)


async def show_draft(turn: Turn, campaign_id: int, message_id: int | None) -> None:
    """Show what is agreed about a draft's experiment."""
    found = await turn.db.read(drafted, campaign_id, turn.now)
    if found is None:
        return
    await turn.db.write(launching.remember, campaign_id, found.told.lift)
    text = views.draft_text(turn.say, found.letters, found.terms, found.told)
    buttons = views.draft_keyboard(
        turn.say, campaign_id, found.content_id, found.terms, found.goals, found.will_get
    )
    await edit_or_send(turn.bot, turn.chat_id, message_id, text, buttons)


async def _choose(query: CallbackQuery, callback_data: ExperimentTap, turn: Turn) -> None:
    """Make one of the choices; the button names it, so a tap that comes twice changes nothing more."""

    def choose(session: Session, campaign_id: int) -> None:
        terms = launching.terms_of(session, campaign_id)
        if terms is None:
            raise ExperimentError(f"The campaign {campaign_id} is no experiment.")
        goals = launching.goals_of(session, campaign_id)
        launching.agree(session, campaign_id, chosen(terms, callback_data, goals))

    await _changed(query, callback_data, turn, choose)


def chosen(terms: Terms, tap: ExperimentTap, goals: tuple[str, ...]) -> Terms:
    """Return the terms with the choice of a button made."""
    match tap.action:
        case "goal":
            goal = goals[tap.value % len(goals)]
            held = terms.holdout if goal == "purchase" else 0.0
            return replace(terms, goal=goal, holdout=held)
        case "hours":
            return replace(terms, window_hours=tap.value)
        case "tested":
            return replace(terms, tested=tap.value / 100)
        case "holdout":
            return replace(terms, holdout=tap.value / 100)
        case "rollout":
            return replace(terms, rollout=launching.ROLLOUTS[tap.value % 2])
    raise ExperimentError(f"{tap.action} is no choice of an experiment.")


async def _changed(
    query: CallbackQuery, tap: ExperimentTap, turn: Turn, verb: Callable[[Session, int], None]
) -> None:
    try:
        await turn.db.write(verb, tap.campaign)
    except KvizorError:
        await toast(query, turn.say("admin-letter-old"), alert=True)
        return
    await toast(query)
    await show_draft(turn, tap.campaign, query.message.message_id if query.message else None)


async def _drop(query: CallbackQuery, callback_data: ExperimentTap, turn: Turn) -> None:
    """Give up comparing: the first letter is for everybody again."""
    place = query.message.message_id if query.message else None
    content_id = await turn.db.write(_plain_again, callback_data.campaign)
    if content_id is None:
        await toast(query, turn.say("admin-letter-old"), alert=True)
        return
    await toast(query)
    await composer.show_count(turn, callback_data.campaign, content_id, "", place)


def _plain_again(session: Session, campaign_id: int) -> int | None:
    if campaigns.status_of(session, campaign_id) != "draft":
        return None
    launching.drop(session, campaign_id)
    return drafts.content_of(session, campaign_id)


async def _look(query: CallbackQuery, callback_data: ExperimentTap, turn: Turn) -> None:
    """Look at the result: counted, and it spends a part of the error allowed."""
    try:
        found = await asyncio.to_thread(looking.look, turn.db, callback_data.campaign, turn.now)
    except ExperimentError:
        await toast(query, turn.say("admin-letter-old"), alert=True)
        return
    await toast(query)
    text = views.report_text(turn.say, found, turn.settings.zone, turn.settings.currency)
    await turn.bot.send_message(turn.chat_id, text, reply_markup=views.report_keyboard(turn.say, found))


async def _rest(query: CallbackQuery, callback_data: ExperimentTap, turn: Turn) -> None:
    campaign_id = callback_data.campaign
    try:
        began = await turn.db.write(looking.send_rest, campaign_id, callback_data.value, turn.now)
    except ExperimentError:
        await toast(query, turn.say("admin-letter-old"), alert=True)
        return
    name = LETTERS[callback_data.value]
    await toast(query, turn.say("experiment-rest-begun", name=name) if began else "")
    await asyncio.to_thread(audiences.due, turn.db, turn.now)
    await show_progress(turn.bot, turn.db, turn.say, campaign_id)


async def _journal_asked(message: Message, turn: Turn) -> None:
    await show_journal(turn)


async def _journal(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    await show_journal(turn)


async def show_journal(turn: Turn) -> None:
    """Show past experiments and what to try next."""
    found = await turn.db.read(journal.past)
    text = views.journal_text(turn.say, found, journal.suggestion(found))
    await turn.bot.send_message(turn.chat_id, text, reply_markup=views.journal_keyboard(turn.say, found))


_HANDLERS: dict[str, Callable[..., Any]] = {
    "menu": _menu,
    "second": _ask_second,
    "held": _hold,
    "drop": _drop,
    "look": _look,
    "rest": _rest,
    "journal": _journal,
    **dict.fromkeys(("goal", "hours", "tested", "holdout", "rollout"), _choose),
}
