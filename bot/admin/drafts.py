"""Drafts: the letter an owner is writing, kept as a campaign row that has no text yet."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from sqlalchemy import delete, or_, select, update

from core.mailing import campaigns, letters, questions, quiet, timing
from core.mailing.experiments import launching
from core.mailing.letters import Words
from core.mailing.models import Campaign, CampaignVariant, Content
from core.people import activity, topics
from core.segments.errors import SegmentError
from core.segments.models import Segment

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.mailing.messenger import Kind

WAITS_FOR = timedelta(hours=24)  # a text written later is not meant for a forgotten draft
_PARTS = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})


MANNERS: dict[str, dict[str, bool | str | None]] = {
    "live": {"is_live": True},
    "frozen": {"is_live": False},
    "hold": {"night": quiet.HOLD},
    "silent": {"night": quiet.SILENT},
    "loud": {"is_silent": False},
    "hushed": {"is_silent": True},
    "now": {"timing": timing.MOMENT, "wall_at": None},
    "local": {"timing": timing.LOCAL},
    "best": {"timing": timing.BEST},
}
LOCAL_HOUR = "12:00"  # the hour of each person's own clock a letter may be left for


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft that waits for its text."""

    campaign_id: int
    title: str
    size: int


def begin(
    session: Session, number: int, owner: int, language: str, time_zone: str, key: str, now: datetime
) -> Begun:
    """Begin a letter to a segment; drafts of this owner that still wait for a text are given up.

    The same key returns the draft it made before. Raises SegmentError if the segment is gone.
    """
    segment = session.get(Segment, number)
    if segment is None or segment.deleted_at is not None:
        raise SegmentError(f"There is no segment {number}; open /segments again.")
    title = segment.title_ru if language == "ru" else segment.title_en
    known = session.scalar(select(Campaign.id).where(Campaign.key == key))
    if known is not None:
        return Begun(known, title, segment.size)
    _give_up(session, owner, now)
    draft = Campaign(
        name=title,
        audience=f'in segment "{segment.name}"',
        time_zone=time_zone,
        created_by=owner,
        created_at=now,
        key=key,
    )
    session.add(draft)
    session.flush()
    return Begun(draft.id, title, segment.size)


def waiting(session: Session, owner: int, message_id: int, now: datetime) -> int | None:
    """Return the owner's draft that waits for a text, or the one this very message has given its text."""
    has_text = select(CampaignVariant.id).where(CampaignVariant.campaign_id == Campaign.id).exists()
    return session.scalar(
        select(Campaign.id)
        .where(
            Campaign.created_by == owner,
            Campaign.state == "draft",
            Campaign.created_at > now - WAITS_FOR,
            or_(~has_text, Campaign.progress_message_id == message_id),
        )
        .order_by(Campaign.created_at.desc(), Campaign.id.desc())
        .limit(1)
    )


def write(session: Session, campaign_id: int, words: Words, owner: int, message_id: int) -> int | None:
    """Give the draft its text; returns the content's id, None if it is no draft any more.

    The same message again changes nothing. Raises ContentError with what to mend in the text.
    """
    draft = session.get(Campaign, campaign_id, populate_existing=True)
    if draft is None or draft.state != "draft":
        return None
    known = content_of(session, campaign_id)
    if known is not None:
        return known
    content_id = letters.save(session, replace(words, text=mended(words.text)))
    session.add(CampaignVariant(campaign_id=campaign_id, position=0, rule=None, content_id=content_id))
    draft.progress_chat_id, draft.progress_message_id = owner, message_id
    session.flush()
    return content_id


def content_of(session: Session, campaign_id: int) -> int | None:
    """Return the content of a campaign written here."""
    query = select(CampaignVariant.content_id).where(CampaignVariant.campaign_id == campaign_id)
    return session.scalar(query.order_by(CampaignVariant.position.desc()).limit(1))


def rewrite(session: Session, campaign_id: int, owner: int, now: datetime) -> bool:
    """Let the draft wait for another text; False if it is no draft any more."""
    if campaigns.status_of(session, campaign_id) != "draft":
        return False
    launching.drop(session, campaign_id)
    session.execute(delete(CampaignVariant).where(CampaignVariant.campaign_id == campaign_id))
    _give_up(session, owner, now, but=campaign_id)
    session.execute(
        update(Campaign)
        .where(Campaign.id == campaign_id)
        .values(created_at=now, progress_chat_id=None, progress_message_id=None)
    )
    return True


def put_button(session: Session, campaign_id: int, content_id: int, label: str, action: str) -> int | None:
    """Put one more button under the text the owner saw; see `put_row`."""
    return put_row(session, campaign_id, content_id, [{"text": label, "action": action}])


def put_row(
    session: Session, campaign_id: int, content_id: int, added: list[dict[str, str]], *, toggles: bool = False
) -> int | None:
    """Put a row of buttons under the text the owner saw; returns the content's new id, None if it is old.

    The same row again changes nothing, or (`toggles`) is taken away where the owner saw it.
    """
    known = content_of(session, campaign_id)
    row = session.get(Content, known) if known is not None else None
    if row is None or campaigns.status_of(session, campaign_id) != "draft":
        return None
    is_there = added in row.buttons
    if is_there and (not toggles or row.id != content_id):
        return row.id
    if row.id != content_id:
        return None
    kind = cast("Kind", row.kind)
    buttons = [one for one in row.buttons if one != added] + ([] if is_there else [added])
    words = Words(row.text, kind, row.file_path, row.file_id, buttons, letters.poll_of(row), row.more)
    fresh = letters.save(session, words)
    variants = update(CampaignVariant).where(CampaignVariant.campaign_id == campaign_id)
    session.execute(variants.values(content_id=fresh))
    return fresh


def toggle_question(session: Session, campaign_id: int, content_id: int) -> bool | None:
    """Let a draft be a question people answer in writing, or no longer; None if it is old."""
    draft = session.get(Campaign, campaign_id, populate_existing=True)
    if draft is None or draft.state != "draft" or content_of(session, campaign_id) != content_id:
        return None
    questions.ask(session, campaign_id, not draft.is_question)
    return not draft.is_question


@dataclass(frozen=True, slots=True)
class Manner:
    """How a letter leaves."""

    is_live: bool
    is_silent: bool
    night: str
    timing: str


def manner(session: Session, campaign_id: int) -> Manner:
    """Return how a draft would leave."""
    row = session.get_one(Campaign, campaign_id)
    return Manner(row.is_live, row.is_silent, row.night, row.timing)


def choose_manner(session: Session, campaign_id: int, content_id: int, what: str, now: datetime) -> bool:
    """Make one of MANNERS a draft's; False if the draft is old."""
    if content_of(session, campaign_id) != content_id or campaigns.status_of(session, campaign_id) != "draft":
        return False
    changes = dict(MANNERS[what])
    if what in (timing.LOCAL, timing.BEST):
        today = now.astimezone(activity.zone()).date()
        changes["wall_at"] = f"{today}T{LOCAL_HOUR}" if what == timing.LOCAL else f"{today}"
    campaigns.set_manner(session, campaign_id, **changes)
    return True


def launch(
    session: Session, campaign_id: int, content_id: int, chat_id: int, message_id: int, now: datetime
) -> bool:
    """Launch the text the owner saw and show its progress in this message, once.

    False if the draft has another text by now or none.
    """
    if content_of(session, campaign_id) != content_id:
        return False
    if campaigns.status_of(session, campaign_id) == "draft":
        campaigns.launch(session, campaign_id, now)
        campaigns.show_progress_in(session, campaign_id, chat_id, message_id)
    return True


def about(session: Session, campaign_id: int, language: str) -> str | None:
    """Return the name of a letter's topic, empty where it has none; None where there are no topics at all."""
    topic_id = session.get_one(Campaign, campaign_id).topic_id
    found = {one.id: one for one in topics.everything(session) if one.is_active or one.id == topic_id}
    if not found:
        return None
    return found[topic_id].title(language) if topic_id in found else ""


def mended(text: str) -> str:
    """Return the text with its personal parts as they were meant: Telegram escapes and curls signs in them.

    >>> mended('Привет, {{ first_name | default: «друг» }} &amp; {% if a &gt; 1 %}да{% endif %}')
    'Привет, {{ first_name | default: "друг" }} &amp; {% if a > 1 %}да{% endif %}'
    """
    return _PARTS.sub(lambda part: html.unescape(part[0]).translate(_CURLY), text)


def _give_up(session: Session, owner: int, now: datetime, but: int = 0) -> None:
    has_text = select(CampaignVariant.id).where(CampaignVariant.campaign_id == Campaign.id).exists()
    session.execute(
        update(Campaign)
        .where(Campaign.created_by == owner, Campaign.state == "draft", Campaign.id != but, ~has_text)
        .values(state="cancelled", finished_at=now)
    )
