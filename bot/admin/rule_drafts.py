"""Drafts of rules in the chat: whose text is awaited; acts on them, done once however often asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aiogram.filters import BaseFilter
from sqlalchemy import select

from bot.handlers.prompted import newest
from core.mailing.depending import depending_on
from core.people import prompts, subscribers
from core.people.choices import Prompt
from core.people.models import Subscriber
from core.segments import drafts, naming, proposal, rules, versions
from core.segments.builder.steps import UnfitError
from core.segments.tally import tally

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.mailing.depending import Depending
    from core.people.subscribers import Sender
    from core.segments.drafts import Draft
    from core.segments.proposal import Proposal
    from core.segments.rules import SegmentInfo
    from core.segments.tally import Tally
    from core.segments.words import Language

WHAT = "rule"  # the prompt that a draft's typed text answers
TYPING = frozenset({"text", "title", "family", "subject", "value", "linetext", "preview"})
_NEW = "draft"  # stands for the name of a segment that has none yet, where no other has it


class AwaitsRule(BaseFilter):
    """The owner's message belongs to a draft of a rule; gives the handler `draft`."""

    async def __call__(self, message: Message, turn: Turn) -> bool | dict[str, Any]:
        """Find the draft that asked for a text last; commands are never one."""
        if (message.text or "").startswith("/"):
            return False
        reply = message.reply_to_message.message_id if message.reply_to_message else None
        found = await turn.db.read(_waiting, turn.chat_id, reply, message.message_id, turn)
        return {"draft": found[0], "asked_in": found[1]} if found is not None else False


def _waiting(
    session: Session, owner: int, reply: int | None, message_id: int, turn: Turn
) -> tuple[Draft, int] | None:
    """Return the draft that waits for a text, or got it by this very message, and the message that asked."""
    if reply is None:
        asked = newest(session, owner, turn.now)
    else:
        asked = prompts.asked(session, owner, reply, turn.now)
    if asked is None or asked.what != WHAT:
        return None
    draft = drafts.find(session, asked.about, owner)
    if draft is None:
        return None
    was_this = draft.state == "saved" and draft.pending.get("message") == message_id
    if not was_this and (draft.state != "open" or draft.step not in TYPING):
        return None
    return draft, asked_in(session, owner)


@dataclass(frozen=True, slots=True)
class Seen:
    """A draft's rule as it would be applied, and what else would notice."""

    draft: Draft
    proposal: Proposal
    campaigns: tuple[Depending, ...]
    kind: str  # of the segment: "preset", "returned" to the rule it shipped with, "own"


def look(session: Session, draft: Draft, now: datetime, language: Language) -> Seen:
    """Return what the draft's rule would do. Raises RuleError and SegmentError."""
    name = draft.segment or naming.free_name(session, _NEW)
    found = proposal.propose(session, name, draft.rule, now, language)
    return Seen(draft, found, depending_on(session, draft.segment), _kind(session, draft))


def _kind(session: Session, draft: Draft) -> str:
    if not draft.segment:
        return "own"
    if rules.find(session, draft.segment).is_preset:
        return "preset"
    past = versions.versions(session, draft.segment)
    shipped = {one.rule for one in past if one.author == versions.SHIPPED}
    return "returned" if draft.rule in shipped else "own"


def note(
    session: Session, sender: Sender, language: str, draft_id: int, message_id: int, now: datetime
) -> None:
    """Remember that a text typed now belongs to this draft, shown in this message."""
    person = subscribers.meet(session, sender, now, language)
    prompts.ask(session, person.id, WHAT, message_id, now, draft_id)


def asked_in(session: Session, owner: int) -> int:
    """Return the message in which this owner was last asked to type something, 0 if in none."""
    his = select(Subscriber.id).where(Subscriber.telegram_id == owner).scalar_subquery()
    return session.scalar(select(Prompt.message_id).where(Prompt.subscriber_id == his)) or 0


def create(
    session: Session, draft: Draft, typed: str, message_id: int, now: datetime
) -> tuple[Draft, SegmentInfo]:
    """Make the new segment of a draft. Raises TitleError, UnfitError for an old draft, RuleError."""
    title = naming.title_of(session, typed)
    name = naming.free_name(session, title)
    made = proposal.accept(
        session, name, draft.rule, 0, (title, title), str(draft.owner), now, greet=_greets(draft)
    )
    done = replace(draft, state="saved", step="done", number=made.number, pending={"message": message_id})
    return _closed(session, done), made


def apply(session: Session, draft: Draft, now: datetime) -> tuple[Draft, Tally]:
    """Give the segment of a draft its rule; returns its moves until then.

    Raises SegmentChangedError, UnfitError, RuleError.
    """
    made = proposal.accept(
        session, draft.segment, draft.rule, draft.version, None, str(draft.owner), now, greet=_greets(draft)
    )
    before = tally(session, made.number)
    return _closed(session, replace(draft, state="saved", step="done")), before


def switched_off(session: Session) -> tuple[SegmentInfo, ...]:
    """Return the owner's own segments that are off, the newest first."""
    found = rules.all_segments(session, disabled=True)
    return tuple(one for one in reversed(found) if not one.enabled and not one.is_preset)


def renewed(session: Session, draft: Draft) -> Draft | None:
    """Let a draft stand against the rule that is in force by now, after somebody else changed it."""
    return drafts.store(session, replace(draft, version=versions.present(session, draft.segment)))


def _greets(draft: Draft) -> bool:
    return bool(draft.pending.get("greet"))


def _closed(session: Session, draft: Draft) -> Draft:
    kept = drafts.store(session, draft)
    if kept is None:
        raise UnfitError("old")
    return kept
