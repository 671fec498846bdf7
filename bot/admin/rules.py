"""Rules of segments in the owner's chat: begun, previewed with who enters and leaves, applied."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aiogram import F, Router

from bot.admin import builder, rule_drafts, rule_views
from bot.admin.callbacks import SegmentTap
from bot.admin.rule_callbacks import DraftTap, RuleTap
from bot.admin.rule_words import mistake, problem, titles
from bot.admin.views import LONGEST_RULE, button, keyboard
from bot.screens import edit_or_send, toast, without_buttons
from core.segments import catalogue, drafts, naming, rules
from core.segments.builder.steps import UnfitError
from core.segments.errors import RuleError, SegmentError
from core.segments.language import parse
from core.segments.naming import TitleError
from core.segments.proposal import SegmentChangedError
from core.segments.refresh import refresh_all
from core.segments.tally import tally
from core.words import cut

if TYPE_CHECKING:
    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.segments.drafts import Draft
    from core.segments.rules import SegmentInfo
    from core.segments.tally import Tally


def router() -> Router:
    """Build the router of rules."""
    routes = Router(name="admin-rules")
    routes.message.register(_typed, F.text, rule_drafts.AwaitsRule())
    routes.callback_query.register(_begin, RuleTap.filter(F.action.in_({"new", "edit"})))
    routes.callback_query.register(_tapped, DraftTap.filter())
    return routes


async def _begin(query: CallbackQuery, callback_data: RuleTap, turn: Turn) -> None:
    number = callback_data.number if callback_data.action == "edit" else None
    await begin(query, turn, number, "start")


async def begin(
    query: CallbackQuery, turn: Turn, number: int | None, step: str, rule: str | None = None
) -> None:
    """Begin a draft and show it as a new message."""
    draft = await turn.db.write(drafts.begin, turn.chat_id, number, step, f"{turn.key}:rule", turn.now, rule)
    if draft is None:
        await toast(query, turn.say("admin-segment-gone"), alert=True)
        return
    await toast(query)
    await show(turn, draft, None)


async def show(turn: Turn, draft: Draft, message_id: int | None, notice: str = "") -> None:
    """Show the open screen of a draft; what is typed next belongs to it where the screen asks for a text."""
    if draft.state != "open":
        await edit_or_send(turn.bot, turn.chat_id, message_id, turn.say("rule-over"))
        return
    if draft.step == "preview":
        text, buttons = await _preview(turn, draft)
    elif draft.step in ("start", "text", "title"):
        text, buttons = await _question(turn, draft)
    else:
        text, buttons = await builder.screen(turn, draft)
    text = f"{notice}\n\n{text}" if notice else text
    shown = await edit_or_send(turn.bot, turn.chat_id, message_id, text, buttons)
    if draft.step in rule_drafts.TYPING:
        said = turn.settings.language
        await turn.db.write(rule_drafts.note, turn.sender, said, draft.id, shown, turn.now)


async def _question(turn: Turn, draft: Draft) -> tuple[str, Any]:
    say, drop = turn.say, rule_views.act(turn.say, draft, "drop", "rule-button-drop")
    if draft.step == "title":
        return say("rule-ask-title"), keyboard([drop])
    if draft.step == "text":
        present = cut(draft.rule, rule_views.LONGEST_TYPED)
        asked = say("rule-ask-text-present", rule=present) if present else say("rule-ask-text")
        lines = rule_views.act(say, draft, "sheet", "rule-button-lines")
        return asked, keyboard([lines, drop])
    if draft.number is None:
        off = await turn.db.read(rule_drafts.switched_off)
        return say("rule-start-new"), rule_views.start_keyboard(say, draft, off)
    buttons = rule_views.start_keyboard(say, draft)
    names = await turn.db.read(titles, turn.say.language)
    try:
        told = rule_views.sentence(turn, parse(draft.rule), names)
    except RuleError:  # a rule of another version of this program
        told = cut(draft.rule, LONGEST_RULE)
    return say("rule-start-edit", title=draft.title(say.language), sentence=told), buttons


async def _preview(turn: Turn, draft: Draft) -> tuple[str, Any]:
    try:
        seen = await turn.db.read(rule_drafts.look, draft, turn.now, turn.say.language)
    except (RuleError, SegmentError) as error:
        back = rule_views.act(turn.say, draft, "text", "rule-button-again")
        build = rule_views.act(turn.say, draft, "sheet", "rule-button-build")
        drop = rule_views.act(turn.say, draft, "drop", "rule-button-drop")
        return told(turn, draft.rule, error), keyboard([build], [back, drop])
    names = await turn.db.read(titles, turn.say.language)
    text = rule_views.preview_text(turn, draft, seen.proposal, seen.campaigns, names, kind=seen.kind)
    return text, rule_views.preview_keyboard(turn.say, draft, seen.proposal)


def told(turn: Turn, rule: str, error: RuleError | SegmentError) -> str:
    """Return a mistake in HTML; one that has a place with the rule around it."""
    if isinstance(error, RuleError):
        return mistake(turn.say, rule, error)
    return turn.say("rule-mistake-plain", problem=problem(str(error), turn.say.language))


async def _tapped(query: CallbackQuery, callback_data: DraftTap, turn: Turn) -> None:
    """Do what a button of the present screen says; an old one shows the present screen instead."""
    place = query.message.message_id if query.message else None
    draft = await turn.db.read(drafts.find, callback_data.draft, turn.chat_id)
    if draft is not None and draft.state == "saved" and callback_data.action == "save":
        await toast(query, turn.say("rule-done"))  # the same tap once more
        return
    if draft is None or draft.state != "open":
        await toast(query, turn.say("rule-gone"), alert=True)
        return
    if draft.revision != callback_data.revision:
        await toast(query, turn.say("rule-old"))
        await show(turn, draft, place)
        return
    if callback_data.action == "save" and draft.number is not None:
        await toast(query)
        await _apply(turn, draft, place)
        return
    try:
        wanted = await _moved(turn, draft, callback_data)
    except UnfitError as error:
        await toast(query, turn.say(builder.unfit(draft, error)), alert=True)
        return
    except RuleError as error:
        await toast(query, problem(error.problem, turn.say.language)[:190], alert=True)
        return
    await toast(query)
    kept = await turn.db.write(drafts.store, wanted)
    if kept is not None and kept.state == "dropped":
        await edit_or_send(turn.bot, turn.chat_id, place, turn.say("rule-dropped"))
        return
    await show(turn, kept or await _now(turn, draft), place)


async def _now(turn: Turn, draft: Draft) -> Draft:
    """Return a draft as another tap has left it."""
    return await turn.db.read(drafts.find, draft.id, draft.owner) or draft


async def _moved(turn: Turn, draft: Draft, tap: DraftTap) -> Draft:
    """Return the draft after a tap; nothing is written yet."""
    match tap.action:
        case "text":
            return replace(draft, step="text", pending={})
        case "drop":
            return replace(draft, state="dropped")
        case "greet":
            return replace(draft, pending={"greet": not draft.pending.get("greet")})
        case "preview" | "save" if not draft.rule:
            raise UnfitError("lines")
        case "preview":
            return replace(draft, step="preview", pending={})
        case "save":
            return replace(draft, step="title")
    return await turn.db.read(builder.tapped, draft, tap.action, tap.pick, turn)


async def _typed(message: Message, draft: Draft, asked_in: int, turn: Turn) -> None:
    text = message.text or ""
    await without_buttons(turn.bot, turn.chat_id, asked_in)  # the conversation goes on below
    if draft.step in ("title", "done"):
        await _named(turn, draft, text, message.message_id)
        return
    try:
        if draft.step in ("text", "preview"):  # a preview that does not please is typed anew
            wanted = await turn.db.read(_read, draft, text)
        else:
            wanted = await turn.db.read(builder.typed, draft, text, turn)
    except UnfitError as error:
        await show(turn, draft, None, turn.say(builder.unfit(draft, error)))
        return
    except RuleError as error:
        await _ask_again(turn, draft, told(turn, text, error))
        return
    kept = await turn.db.write(drafts.store, wanted)
    await show(turn, kept or await _now(turn, draft), None)


def _read(session: Session, draft: Draft, text: str) -> Draft:
    """Take the typed rule; what it finds is shown before anything is done."""
    condition = parse(text, catalogue.known(session))
    return replace(draft, rule=condition.text(), step="preview", pending={})


async def _ask_again(turn: Turn, draft: Draft, text: str) -> None:
    drop = rule_views.act(turn.say, draft, "drop", "rule-button-drop")
    build = rule_views.act(turn.say, draft, "sheet", "rule-button-build")
    rows = [[drop]] if draft.step == "title" else [[build], [drop]]
    shown = await edit_or_send(turn.bot, turn.chat_id, None, text, keyboard(*rows))
    said = turn.settings.language
    await turn.db.write(rule_drafts.note, turn.sender, said, draft.id, shown, turn.now)


async def _named(turn: Turn, draft: Draft, typed: str, message_id: int) -> None:
    """Make the segment under its title; the same message again shows what it made."""
    if draft.state == "saved":
        await _created(turn, draft)
        return
    try:
        kept, _ = await turn.db.write(rule_drafts.create, draft, typed, message_id, turn.now)
    except TitleError as error:
        mend = turn.say(f"rule-title-{error.kind}", most=naming.LONGEST_TITLE)
        await _ask_again(turn, draft, mend)
        return
    except (RuleError, SegmentError) as error:
        await _ask_again(turn, draft, told(turn, draft.rule, error))
        return
    await _created(turn, kept)


async def _created(turn: Turn, draft: Draft) -> None:
    await _refreshed(turn, draft, None, None)


async def _apply(turn: Turn, draft: Draft, place: int | None) -> None:
    try:
        kept, before = await turn.db.write(rule_drafts.apply, draft, turn.now)
    except SegmentChangedError:
        fresh = await turn.db.write(rule_drafts.renewed, draft)
        await show(turn, fresh or draft, place, turn.say("rule-preview-changed"))
        return
    except UnfitError:
        await show(turn, await _now(turn, draft), place)
        return
    except (RuleError, SegmentError) as error:
        await edit_or_send(turn.bot, turn.chat_id, place, told(turn, draft.rule, error))
        return
    await _refreshed(turn, kept, place, before)


async def _refreshed(turn: Turn, draft: Draft, place: int | None, before: Tally | None) -> None:
    """Bring the members up to date and tell who moved since `before`, None for a new segment."""
    say = turn.say
    place = await edit_or_send(turn.bot, turn.chat_id, place, say("rule-applying"))
    await asyncio.to_thread(refresh_all, turn.db, turn.now)
    try:
        info, after = await turn.db.read(_after, draft.number or 0)
    except SegmentError:
        await edit_or_send(turn.bot, turn.chat_id, place, say("admin-segment-gone"))
        return
    title = info.title(turn.say.language)
    if after.error:
        text = say("rule-applied-failed", error=after.error)
    elif before is None:
        text = say("rule-created", title=title, size=after.size, name=info.name)
    else:
        moved = after.since(before)
        text = say("rule-applied", title=title, entered=moved.entered, left=moved.left, size=moved.size)
    card = SegmentTap(action="card", number=info.number).pack()
    await edit_or_send(turn.bot, turn.chat_id, place, text, keyboard([button(say("rule-button-card"), card)]))


def _after(session: Session, number: int) -> tuple[SegmentInfo, Tally]:
    return rules.by_number(session, number), tally(session, number)
