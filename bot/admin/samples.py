"""A letter shown as a person of its audience would get it, on himself and as anyone of three who differ."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aiogram import F, Router
from sqlalchemy import select

from bot.admin import campaign_views as views
from bot.admin import drafts
from bot.admin.callbacks import LetterTap, SampleTap
from bot.admin.views import button, keyboard
from bot.messenger import SENDING, asked
from bot.screens import toast
from core.mailing import content, letters
from core.mailing.content import STOP_LABELS
from core.mailing.models import Campaign
from core.mailing.reasons import reason_not_to_write
from core.people.models import Profile, Subscriber
from core.people.text import full_name
from core.quizzes.models import Answer
from core.segments import audience
from core.words import cut

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import CallbackQuery
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.mailing.messenger import Kind, Poll

LOOKED_AT = 200  # people among whom those who differ are looked for
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """The letter as one real person of the audience would see it."""

    name: str
    text: str
    kind: Kind
    file_id: str | None
    buttons: tuple[tuple[str, ...], ...] = ()  # rows of their words
    poll: Poll | None = None
    more: str = ""  # what a tap on "read on" brings


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the audience: his name and what he has answered."""

    id: int
    name: str
    answers: tuple[str, ...]


def sample(session: Session, campaign_id: int, now: datetime, who: int | None = None) -> Sample | None:
    """Return the letter as a person who would get it sees it, the first unless told; None if nobody would."""
    content_id = drafts.content_of(session, campaign_id)
    if content_id is None:
        return None
    people = _reached(session, campaign_id, now)
    if who is not None:
        people = people.where(Subscriber.id == who)
    person = session.scalar(people.limit(1))
    if person is None:
        return None
    ready = letters.load(session, content_id)
    labels = tuple(tuple(one.text for one in row) for row in ready.buttons)
    text = ready.template.render(letters.reader_of(session, ready, person))
    rest = replace(ready, template=content.template(ready.more or ""))
    more = rest.template.render(letters.reader_of(session, rest, person))
    return Sample(person.first_name, text, ready.kind, ready.file_id, labels, ready.poll, more)


def who_differ(session: Session, campaign_id: int, now: datetime) -> list[Someone]:
    """Return up to three people who would get the letter, as different in their answers as can be found."""
    people = session.scalars(_reached(session, campaign_id, now).limit(LOOKED_AT)).all()
    given = select(Answer.subscriber_id, Answer.text, Answer.folded).where(
        Answer.subscriber_id.in_([person.id for person in people])
    )
    answers: dict[int, list[str]] = defaultdict(list)
    for who, text, folded in session.execute(given.order_by(Answer.quiz, Answer.question, Answer.folded)):
        answers[who].append(text or folded)
    names = ((one.id, full_name(one.first_name, one.last_name)) for one in people)
    found = [Someone(who, name, tuple(answers[who])) for who, name in names]
    seen: set[tuple[str, ...]] = set()
    first: list[Someone] = []
    others: list[Someone] = []
    for one in found:
        (others if one.answers in seen else first).append(one)
        seen.add(one.answers)
    return [*first, *others][:SHOWN]


def _reached(session: Session, campaign_id: int, now: datetime) -> Select[Subscriber]:
    campaign = session.get_one(Campaign, campaign_id)
    return (
        select(Subscriber)
        .join(Profile, Profile.subscriber_id == Subscriber.id)
        .where(
            audience.condition(session, campaign.audience, now),
            reason_not_to_write(campaign.purpose, campaign.topic_id).is_(None),
        )
        .order_by(Subscriber.first_name == "", Subscriber.id)
    )


def router() -> Router:
    """Build the router of letters shown as somebody."""
    routes = Router(name="admin-samples")
    routes.callback_query.register(_ask, LetterTap.filter(F.action == "as"))
    routes.callback_query.register(_as, SampleTap.filter())
    routes.callback_query.register(_pressed, LetterTap.filter(F.action == "sample"))
    return routes


async def show(turn: Turn, campaign_id: int, letter: Sample) -> None:
    """Send the owner the letter as the person gets it; its buttons only say what they are."""
    label = STOP_LABELS.get(turn.say.language, STOP_LABELS["en"])
    buttons = views.sample_keyboard([*letter.buttons, (label,)], campaign_id)
    fields: dict[str, Any] = {"text": letter.text}
    if letter.poll is not None:
        fields = asked(letter.text, letter.poll)
    elif letter.kind != "text":
        fields = {letter.kind: letter.file_id, "caption": letter.text or None}
    await turn.bot(SENDING[letter.kind](chat_id=turn.chat_id, reply_markup=buttons, **fields))
    if letter.more:
        await turn.bot.send_message(turn.chat_id, letter.more)


async def _ask(query: CallbackQuery, callback_data: LetterTap, turn: Turn) -> None:
    campaign_id = callback_data.campaign
    found = await turn.db.read(who_differ, campaign_id, turn.now)
    if not found:
        await toast(query, turn.say("admin-as-nobody"), alert=True)
        return
    await toast(query)
    rows = [[button(_label(one), SampleTap(campaign=campaign_id, person=one.id).pack())] for one in found]
    await turn.bot.send_message(turn.chat_id, turn.say("admin-as-ask"), reply_markup=keyboard(*rows))


def _label(one: Someone) -> str:
    """Return a person as a button: `Анна · фрилансер, новые клиенты`."""
    return cut(" · ".join(filter(None, (one.name or str(one.id), ", ".join(one.answers)))), 60)


async def _as(query: CallbackQuery, callback_data: SampleTap, turn: Turn) -> None:
    letter = await turn.db.read(sample, callback_data.campaign, turn.now, callback_data.person)
    if letter is None:
        await toast(query, turn.say("admin-letter-old"), alert=True)
        return
    await toast(query)
    await show(turn, callback_data.campaign, letter)


async def _pressed(query: CallbackQuery, turn: Turn) -> None:
    await toast(query, turn.say("admin-sample-button"))
