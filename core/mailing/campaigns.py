"""Campaigns: a message, an audience, a moment; drafted, looked at, scheduled, paused, cancelled, finished."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from core.errors import KvizorError
from core.mailing import ledger, letters
from core.mailing.ledger import Lane, Totals
from core.mailing.models import Campaign, CampaignVariant
from core.people import topics
from core.segments import audience
from core.segments.models import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from core.mailing.letters import Words

REPEATS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
OCCASIONS = ("once", "run", "stay")
OPEN_STATES = ("scheduled", "planning", "running")


class CampaignError(KvizorError):
    """A campaign cannot be made or moved like this; the message says why."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What those of the audience get for whom `rule` holds (None: all the rest), by language.

    The first language given serves everybody whose own is missing.
    """

    contents: Mapping[str, Words]
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A campaign as it is asked for. `audience` and the rules are texts of the segment language."""

    name: str
    audience: str
    variants: Sequence[Variant]
    purpose: str = "advertising"
    lane: Lane = Lane.BROADCAST
    is_live: bool = True
    is_silent: bool = False
    repeat: str | None = None
    occasion: str = "once"
    segment: str | None = None  # name of the segment whose stay is the occasion
    expires_hours: int | None = None
    topic: str | None = None  # a topic's name: whoever left it is left out
    time_zone: str = "UTC"
    created_by: int | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """Where a campaign stands, with its R1 sum."""

    campaign_id: int
    name: str
    state: str
    totals: Totals = field(default_factory=Totals)
    due_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: str | None = None
    progress_chat_id: int | None = None
    progress_message_id: int | None = None


def create(session: Session, draft: Draft, key: str, now: datetime) -> int:
    """Store a draft and return its id; the same key again returns the campaign it made before.

    Raises ContentError, RuleError, TopicError or CampaignError, each naming what to mend.
    """
    known = session.scalar(select(Campaign.id).where(Campaign.key == key))
    if known is not None:
        return known
    campaign = _campaign(session, draft, key, now)
    audience.condition(session, draft.audience, now)
    session.add(campaign)
    session.flush()
    add_variants(session, campaign.id, draft, now)
    return campaign.id


def add_variants(session: Session, campaign_id: int, draft: Draft, now: datetime) -> None:
    """Check and store what each part of the audience gets; raises ContentError or RuleError."""
    position = 0
    for variant in draft.variants:
        if variant.rule is not None:
            audience.condition(session, variant.rule, now)
        for language, words in _by_language(variant):
            session.add(
                CampaignVariant(
                    campaign_id=campaign_id,
                    position=position,
                    rule=variant.rule,
                    language=language,
                    content_id=letters.save(session, words, language),
                )
            )
            position += 1
    session.flush()


def _campaign(session: Session, draft: Draft, key: str, now: datetime) -> Campaign:
    if not draft.variants or any(not variant.contents for variant in draft.variants):
        raise CampaignError(f"The campaign {draft.name!r} has nothing to send; give it a text.")
    if draft.repeat is not None and draft.repeat not in REPEATS:
        raise CampaignError(
            f"The campaign {draft.name!r}: it can repeat daily or weekly, not {draft.repeat!r}."
        )
    if draft.occasion not in OCCASIONS:
        raise CampaignError(f"The campaign {draft.name!r}: an occasion is one of {', '.join(OCCASIONS)}.")
    return Campaign(
        name=draft.name[:128],
        state="draft",
        purpose=draft.purpose,
        lane=int(draft.lane),
        audience=draft.audience,
        is_live=draft.is_live,
        is_silent=draft.is_silent,
        repeat=draft.repeat,
        occasion=draft.occasion,
        segment_id=_segment_id(session, draft),
        topic_id=None if draft.topic is None else topics.require(session, draft.topic),
        expires_hours=draft.expires_hours,
        time_zone=draft.time_zone,
        created_by=draft.created_by,
        created_at=now,
        key=key,
    )


def _segment_id(session: Session, draft: Draft) -> int | None:
    if draft.occasion != "stay":
        return None
    found = session.scalar(select(Segment.id).where(Segment.name == draft.segment))
    if found is None:
        raise CampaignError(
            f"The campaign {draft.name!r} writes once per stay in {draft.segment!r}, which does not exist."
        )
    return found


def set_topic(session: Session, campaign_id: int, topic_id: int | None) -> None:
    """Say what a draft is about; raises CampaignError for one that is no draft."""
    _move(session, campaign_id, ("draft",), "be given a topic", topic_id=topic_id)


def _by_language(variant: Variant) -> list[tuple[str, Words]]:
    """Rows of a variant: its further languages first, then the first one, which serves everybody else."""
    given = list(variant.contents.items())
    return [*given[1:], ("", given[0][1])]


def schedule(session: Session, campaign_id: int, due_at: datetime, now: datetime) -> None:
    """Let a draft begin at a moment; a moment in the past means now."""
    states, moment = ("draft", "scheduled"), max(due_at, now)
    _move(session, campaign_id, states, "be scheduled", state="scheduled", due_at=moment)


def launch(session: Session, campaign_id: int, now: datetime) -> None:
    """Let a draft begin at once; asking twice changes nothing."""
    if status_of(session, campaign_id) == "draft":
        schedule(session, campaign_id, now, now)


def pause(session: Session, campaign_id: int, error: str | None = None) -> None:
    """Stop starting letters from this commit on; what is under way ends by itself."""
    _move(session, campaign_id, (*OPEN_STATES, "paused"), "be paused", state="paused", error=error)


def halt(session: Session, campaign_id: int, error: str) -> None:
    """Pause a running campaign because of what its letters met; any other state stays as it is."""
    running = update(Campaign).where(Campaign.id == campaign_id, Campaign.state == "running")
    session.execute(running.values(state="paused", error=error))


def resume(session: Session, campaign_id: int) -> None:
    """Go on where a paused campaign stopped."""
    campaign = _get(session, campaign_id)
    if campaign.started_at is not None:
        state = "running"
    elif campaign.planned_until > 0:
        state = "planning"
    else:
        state = "scheduled" if campaign.due_at is not None else "draft"
    _move(session, campaign_id, ("paused",), "be resumed", state=state, error=None)


def cancel(session: Session, campaign_id: int, now: datetime) -> None:
    """End a campaign for good: letters not begun are closed as suppressed (cancelled) by the next tick."""
    states = ("draft", *OPEN_STATES, "paused")
    _move(session, campaign_id, states, "be cancelled", state="cancelled", finished_at=now)


def finish(session: Session, campaign_id: int, now: datetime) -> bool:
    """Finish a running campaign if no row is left open (R6); a repeating one waits for its next run."""
    campaign = _get(session, campaign_id)
    if campaign.state != "running" or not ledger.is_finished(session, campaign_id):
        return False
    if campaign.repeat is None or campaign.due_at is None:
        values: dict[str, object] = {"state": "finished", "finished_at": now}
    else:
        due_at = next_due(campaign.due_at, campaign.repeat, ZoneInfo(campaign.time_zone), now)
        values = {"state": "scheduled", "due_at": due_at, "started_at": None, "planned_until": 0}
    _move(session, campaign_id, ("running",), "be finished", **values)
    return True


def resend_unknown(session: Session, campaign_id: int, now: datetime) -> int:
    """Send once more to those whose outcome is unknown, by the owner's choice; returns how many."""
    count = ledger.resend(session, campaign_id, now)
    if count:
        started_at = _get(session, campaign_id).started_at or now
        _move(
            session, campaign_id, ("finished", "running", "paused"), "send again",
            state="running", started_at=started_at, finished_at=None,
        )  # fmt: skip
    return count


def next_due(due_at: datetime, repeat: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the next run after now at the same wall-clock time; runs missed while off are left out."""
    local = due_at.astimezone(zone)
    wall, step = local.replace(tzinfo=None), REPEATS[repeat]
    moment = due_at
    while moment <= now:
        wall += step
        moment = wall.replace(tzinfo=zone).astimezone(now.tzinfo)
    return moment


def status_of(session: Session, campaign_id: int) -> str:
    """Return a campaign's state."""
    return _get(session, campaign_id).state


def status(session: Session, campaign_id: int) -> Status:
    """Return where a campaign stands, with its R1 sum."""
    row = _get(session, campaign_id)
    return Status(
        row.id,
        row.name,
        row.state,
        ledger.totals(session, campaign_id),
        row.due_at,
        row.started_at,
        row.finished_at,
        row.error,
        row.progress_chat_id,
        row.progress_message_id,
    )


def show_progress_in(session: Session, campaign_id: int, chat_id: int, message_id: int) -> None:
    """Remember the owner's message in which the progress is shown."""
    session.execute(
        update(Campaign)
        .where(Campaign.id == campaign_id)
        .values(progress_chat_id=chat_id, progress_message_id=message_id)
    )


def _get(session: Session, campaign_id: int) -> Campaign:
    row = session.get(Campaign, campaign_id, populate_existing=True)
    if row is None:
        raise CampaignError(f"There is no campaign {campaign_id}.")
    return row


def _move(session: Session, campaign_id: int, states: Sequence[str], act: str, **values: object) -> None:
    """Change a campaign that is in one of these states, in one statement; raises CampaignError otherwise."""
    allowed = update(Campaign).where(Campaign.id == campaign_id, Campaign.state.in_(states))
    if not session.execute(allowed.values(**values)).rowcount:  # type: ignore[attr-defined]
        campaign = _get(session, campaign_id)
        raise CampaignError(f"The campaign {campaign.name!r} is {campaign.state} and cannot {act} now.")
