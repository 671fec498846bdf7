"""/people: one person as a card, found by what is at hand; from a segment, the people inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiogram import F, Router
from aiogram.filters import Command, CommandObject

from bot.admin import people_facts as facts
from bot.admin import people_lists as lists
from bot.admin import people_views as views
from bot.admin.callbacks import SegmentTap
from bot.admin.people_callbacks import PeopleTap, PersonTap
from bot.admin.rule_words import aloud, titles
from bot.admin.views import button
from bot.handlers.prompted import Answers, ask
from bot.screens import edit_or_send, toast
from core.people import places_pass, prompts, subscribers
from core.people.search import LIMIT
from core.reports import person as reports
from core.segments import rules
from core.segments import why as reasons
from core.segments.errors import RuleError, SegmentError
from core.segments.language import parse
from core.words import cut

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.subscribers import Sender
    from core.reports.person import PersonCard
    from core.segments.rules import SegmentInfo
    from core.segments.why import Finding

FIND = "person_find"


def router() -> Router:
    """Build the router of people; it stands before the composer: what it asked last is its own."""
    routes = Router(name="admin-people")
    routes.message.register(_people, Command("people"))
    routes.message.register(_places, Command("places"))
    routes.message.register(_looked_for, F.text, Answers(FIND))
    routes.callback_query.register(_ask, PeopleTap.filter(F.action == "find"))
    routes.callback_query.register(_inside, PeopleTap.filter(F.action.in_({"inside", "newer"})))
    for action, handler in _TAPS.items():
        routes.callback_query.register(handler, PersonTap.filter(F.action == action))
    return routes


# -- finding -------------------------------------------------------------------------------------------


async def _people(_message: Message, command: CommandObject, turn: Turn) -> None:
    if command.args:
        await _show_found(turn, command.args)
        return
    await ask(turn, FIND, turn.say("people-ask"), turn.say("people-ask-example"))


async def _ask(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    await ask(turn, FIND, turn.say("people-ask"), turn.say("people-ask-example"))


async def _looked_for(message: Message, turn: Turn) -> None:
    await _show_found(turn, message.text or "")


async def _show_found(turn: Turn, text: str) -> None:
    """Show the one who was found, or a button each; the next name may be typed at once."""
    hits = await turn.db.read(reports.find, text)
    if len(hits) == 1:
        shown = await show(turn, hits[0].id)
    else:
        said = cut(" ".join(text.split()), 40)
        key = "people-none" if not hits else "people-found-many" if len(hits) >= LIMIT else "people-found"
        head = turn.say(key, text=said, **({"count": len(hits)} if hits else {}))
        buttons = lists.hits_keyboard(turn.say, hits, turn.settings.zone) if hits else None
        shown = (await turn.bot.send_message(turn.chat_id, head, reply_markup=buttons)).message_id
    await turn.db.write(_await_name, turn.sender, turn.settings.language, shown, turn.now)


def _await_name(session: Session, sender: Sender, language: str, message_id: int, now: datetime) -> None:
    prompts.ask(session, subscribers.meet(session, sender, now, language).id, FIND, message_id, now)


async def _places(_message: Message, turn: Turn) -> None:
    """Show the spellings of cities nobody knows, the commonest first."""
    spellings, people = await turn.db.read(places_pass.count_unknown)
    if not spellings:
        await turn.bot.send_message(turn.chat_id, turn.say("people-places-none"))
        return
    listed = await turn.db.read(places_pass.unknown_spellings)
    lines = [
        turn.say("people-place", text=cut(one.text, views.LONGEST_LABEL), people=one.people) for one in listed
    ]
    head = turn.say("people-places", spellings=spellings, people=people)
    await turn.bot.send_message(turn.chat_id, "\n".join([head, "", *lines]))


async def _inside(query: CallbackQuery, callback_data: PeopleTap, turn: Turn) -> None:
    tap = callback_data
    newer = tap.action == "newer"
    page = await turn.db.read(reports.inside, tap.segment, tap.first, tap.beyond, is_newer=newer)
    if page is None:
        await toast(query, turn.say("admin-segment-gone"), alert=True)
        return
    await toast(query)
    zone = turn.settings.zone
    buttons = lists.inside_keyboard(turn.say, page, callback_data.segment, zone)
    await edit_or_send(turn.bot, turn.chat_id, place(query), lists.inside_text(turn.say, page), buttons)


def place(query: CallbackQuery) -> int | None:
    """Return the message whose button was tapped."""
    return query.message.message_id if query.message else None


# -- the card ------------------------------------------------------------------------------------------


async def show(turn: Turn, person: int, message_id: int | None = None) -> int:
    """Show a person's card, in place where a message is named; returns the message that says it."""
    card = await turn.db.read(reports.card, person, turn.say.language)
    if card is None:
        return (await turn.bot.send_message(turn.chat_id, turn.say("people-gone"))).message_id
    settings = turn.settings
    text = views.card_text(turn.say, card, turn.now, settings.zone, settings.currency)
    buttons = views.card_keyboard(turn.say, card)
    return await edit_or_send(turn.bot, turn.chat_id, message_id, text, buttons)


async def found(query: CallbackQuery, person: int, turn: Turn) -> PersonCard | None:
    """Return the card behind a button; of one who is gone the tap is told so."""
    card = await turn.db.read(reports.card, person, turn.say.language)
    await toast(query, "" if card is not None else turn.say("people-gone"), alert=card is None)
    return card


def name_of(turn: Turn, card: PersonCard) -> str:
    """Return how the person is called."""
    return views.called(turn.say, card.name, card.person.username)


async def _open(query: CallbackQuery, callback_data: PersonTap, turn: Turn) -> None:
    """Show the card of one of a list below it: the list stays for the next one."""
    if await found(query, callback_data.person, turn) is not None:
        await show(turn, callback_data.person)


async def _card(query: CallbackQuery, callback_data: PersonTap, turn: Turn) -> None:
    if await found(query, callback_data.person, turn) is not None:
        await show(turn, callback_data.person, place(query))


async def _facts(query: CallbackQuery, callback_data: PersonTap, turn: Turn) -> None:
    card = await found(query, callback_data.person, turn)
    if card is None:
        return
    text = facts.facts_text(turn.say, card, turn.library, turn.settings.zone)
    buttons = views.back_keyboard(turn.say, card.person.id)
    await edit_or_send(turn.bot, turn.chat_id, place(query), text, buttons)


async def _history(query: CallbackQuery, callback_data: PersonTap, turn: Turn) -> None:
    card = await found(query, callback_data.person, turn)
    if card is None:
        return
    stays = await turn.db.read(reports.stays, card.person.id)
    lines = facts.history_lines(turn.say, stays, turn.settings.zone)
    first = min(callback_data.value, max(len(lines) - 1, 0))
    head = turn.say("people-history" if lines else "people-history-none", name=name_of(turn, card))
    shown = [head, *lines[first : first + facts.LINES]]
    turns = views.pages(turn.say, "history", card.person.id, first, len(lines), facts.LINES)
    buttons = views.back_keyboard(turn.say, card.person.id, *turns)
    await edit_or_send(turn.bot, turn.chat_id, place(query), "\n".join(shown), buttons)


# -- why ---------------------------------------------------------------------------------------------


async def _why(query: CallbackQuery, callback_data: PersonTap, turn: Turn) -> None:
    """Let the owner choose a segment: those the person is in stand first."""
    card = await found(query, callback_data.person, turn)
    if card is None:
        return
    who, say = card.person.id, turn.say
    listed = await turn.db.read(reports.segments, who)
    first = min(callback_data.value, max(len(listed) - 1, 0))
    rows = [
        [
            button(
                f"{'✓ ' if inside else ''}{cut(ru if say.language == 'ru' else en, views.LONGEST_LABEL)}",
                views.tap("whyof", who, number),
            )
        ]
        for number, ru, en, inside in listed[first : first + reports.PAGE]
    ]
    turns = views.pages(say, "why", who, first, len(listed), reports.PAGE)
    text = say("people-why-ask", name=name_of(turn, card))
    await edit_or_send(
        turn.bot, turn.chat_id, place(query), text, views.back_keyboard(say, who, *rows, *turns)
    )


async def _why_of(query: CallbackQuery, callback_data: PersonTap, turn: Turn) -> None:
    card = await found(query, callback_data.person, turn)
    if card is None:
        return
    who, say = card.person.id, turn.say
    asked = await turn.db.read(_reasons, who, callback_data.value, turn.now)
    if asked is None:
        await turn.bot.send_message(turn.chat_id, say("admin-segment-gone"))
        return
    segment, findings = asked
    title = segment.title("ru" if say.language == "ru" else "en")
    if isinstance(findings, str):
        text = say("people-why-broken", problem=findings)
    else:
        stay = next((stay for stay in card.stays if stay.number == segment.number), None)
        names = await turn.db.read(titles, say.language)
        sentence = aloud(parse(segment.rule), turn.library, names, say.language)
        text = facts.why_text(
            say, name_of(turn, card), title, (segment.rule, sentence), stay.entered_at if stay else None,
            findings, turn.library, names, turn.settings.zone,
        )  # fmt: skip
    other = button(say("people-button-other"), views.tap("why", who))
    opened = button(say("people-button-segment"), SegmentTap(action="card", number=segment.number).pack())
    buttons = views.back_keyboard(say, who, [other, opened])
    await edit_or_send(turn.bot, turn.chat_id, place(query), text, buttons)


def _reasons(
    session: Session, person: int, number: int, now: datetime
) -> tuple[SegmentInfo, tuple[Finding, ...] | str] | None:
    """Return a segment and why the person is in it or not, or what is wrong with its rule."""
    try:
        segment = rules.by_number(session, number)
    except SegmentError:
        return None
    try:
        return segment, reasons.why(session, person, segment.name, now)
    except (RuleError, SegmentError) as error:
        return segment, str(error)


_TAPS: dict[str, Any] = {
    "card": _card,
    "open": _open,
    "facts": _facts,
    "history": _history,
    "why": _why,
    "whyof": _why_of,
}
