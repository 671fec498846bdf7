"""Campaigns: a message, an audience, a moment; drafted, looked at, scheduled, paused, cancelled, finished."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from core.mailing import ledger, letters, timing
from core.mailing.canary import Stage
from core.mailing.drafting import ENROLLMENT, REPEATS, as_row, choices
from core.mailing.drafting import CampaignError as CampaignError
from core.mailing.drafting import Draft as Draft
from core.mailing.drafting import Variant as Variant
from core.mailing.ledger import State, Totals
from core.mailing.models import Campaign, CampaignVariant
from core.segments import audience

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

OPEN_STATES = ("scheduled", "planning", "running")


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
    doubtful: int = 0  # unknown letters that nobody has sent again
    canary: str | None = None  # canary.Stage
    canary_at: datetime | None = None  # when those who got it first are looked at
    act: str = "send"  # or edit, recall: of the copies of another campaign


def create(session: Session, draft: Draft, key: str, now: datetime) -> int:
    """Store a draft and return its id; the same key again returns the campaign it made before.

    Raises ContentError, RuleError, TopicError or CampaignError, each naming what to mend.
    """
    known = session.scalar(select(Campaign.id).where(Campaign.key == key))
    if known is not None:
        return known
    campaign = as_row(session, draft, key, now)
    audience.condition(session, draft.audience, now)
    session.add(campaign)
    session.flush()
    add_variants(session, campaign.id, draft, now)
    return campaign.id


def add_variants(session: Session, campaign_id: int, draft: Draft, now: datetime) -> None:
    """Check and store what each part of the audience gets; raises ContentError or RuleError."""
    for position, (rule, language, words) in enumerate(choices(session, draft, now)):
        content_id = letters.save(session, words, language)
        row = CampaignVariant(campaign_id=campaign_id, position=position, rule=rule, language=language)
        row.content_id = content_id
        session.add(row)
    session.flush()


def set_topic(session: Session, campaign_id: int, topic_id: int | None) -> None:
    """Say what a draft is about; raises CampaignError for one that is no draft."""
    _move(session, campaign_id, ("draft",), "be given a topic", topic_id=topic_id)


def set_manner(session: Session, campaign_id: int, **manner: bool | str | None) -> None:
    """Change how a draft leaves: is_live, is_silent, night, timing and wall_at.

    Raises CampaignError for one that is no draft.
    """
    _move(session, campaign_id, ("draft",), "be changed", **manner)


def schedule(session: Session, campaign_id: int, due_at: datetime, now: datetime) -> None:
    """Let a draft begin at a moment; a moment in the past means now."""
    states, moment = ("draft", "scheduled"), max(due_at, now)
    _move(session, campaign_id, states, "be scheduled", state="scheduled", due_at=moment)


def launch(session: Session, campaign_id: int, now: datetime) -> None:
    """Let a draft begin at once, or at each person's own time; asking twice changes nothing."""
    if status_of(session, campaign_id) == "draft":
        wall_at = _get(session, campaign_id).wall_at
        due_at = timing.begins(datetime.fromisoformat(wall_at)) if wall_at else now
        schedule(session, campaign_id, due_at, now)


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
    stage = Stage.PASSED if campaign.canary in (Stage.STOPPED, Stage.TOLD) else campaign.canary
    _move(session, campaign_id, ("paused",), "be resumed", state=state, error=None, canary=stage)


def cancel(session: Session, campaign_id: int, now: datetime) -> None:
    """End a campaign for good: letters not begun are closed as suppressed (cancelled) by the next tick."""
    states = ("draft", *OPEN_STATES, "paused")
    _move(session, campaign_id, states, "be cancelled", state="cancelled", finished_at=now)


def finish(session: Session, campaign_id: int, now: datetime) -> bool:
    """Finish a running campaign if no row is left open (R6); a repeating one waits for its next run."""
    campaign = _get(session, campaign_id)
    if campaign.occasion == ENROLLMENT or campaign.state != "running":
        return False
    if not ledger.is_finished(session, campaign_id):
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
    return resend(session, campaign_id, State.UNKNOWN, now)


def resend(session: Session, campaign_id: int, state: State, now: datetime, most: int | None = None) -> int:
    """Send once more to those whose letter ended in this state, at most `most` of them; returns how many.

    Each letter is sent again once at most, and a failed one only to whom can be written to by now.
    """
    count = ledger.resend(session, campaign_id, now, state=state, most=most)
    campaign = _get(session, campaign_id)
    if count and campaign.occasion != ENROLLMENT:  # a letter of a series leaves when the series is on
        started_at = campaign.started_at or now
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
        ledger.doubtful(session, campaign_id),
        row.canary,
        row.canary_at,
        row.act,
    )


def show_progress_in(session: Session, campaign_id: int, chat_id: int, message_id: int | None) -> None:
    """Remember the owner's message in which the progress is shown; None: it is yet to be sent."""
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
