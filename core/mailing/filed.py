"""Campaigns made from files: checked against the base, foreseen, made once however often they are given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.errors import KvizorError
from core.mailing import campaigns, dry_run, letters
from core.mailing.campaigns import CampaignError
from core.mailing.experiments import launching
from core.mailing.models import Campaign
from core.people import topics
from core.segments import audience

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.mailing.campaign_file import CampaignFile
    from core.mailing.campaign_parts import Place
    from core.mailing.dry_run import Preview

PATIENCE = timedelta(minutes=5)  # a moment just over is meant as now


@dataclass(frozen=True, slots=True)
class Filed:
    """The campaign a file stands for; `is_new` says whether this very call has made it."""

    campaign_id: int
    state: str
    is_new: bool


def find(session: Session, file: CampaignFile) -> Filed | None:
    """Return the campaign this file has already made.

    Raises CampaignError where the same key stands for another text: nobody is written to twice by an edit.
    """
    family = f"file:{file.key}:"
    known = select(Campaign).where(Campaign.key.startswith(family)).order_by(Campaign.id.desc())
    row = session.scalars(known.limit(1)).first()
    if row is None:
        return None
    if row.key != _key(file):
        raise CampaignError(
            f"Campaign {row.id} ({row.state}) was made from this file when it said something else; nothing "
            "was sent now. To write to these people once more give the file another `key:`."
        )
    return Filed(row.id, row.state, is_new=False)


def foresee(session: Session, file: CampaignFile, now: datetime, per_second: float) -> Preview:
    """Count whom the campaign would reach, and store nothing. Raises CampaignFileError."""
    _check(session, file, now)
    tried = launching.as_row(_key(file), file.terms) if file.terms is not None else None
    found = dry_run.foresee(session, file.draft, now, per_second, tried)
    if file.schedule.wall_at is not None:
        return found
    later = max(now, file.schedule.due_at) - now
    return replace(found, finishes_at=found.finishes_at + later) if found.finishes_at else found


def post(session: Session, file: CampaignFile, now: datetime, tell: int | None = None) -> Filed:
    """Make the campaign and let it begin at its time; the same file again only finds it.

    `tell`: the chat in which its progress is shown. Raises CampaignFileError with the place of what does not
    fit this base, CampaignError.
    """
    known = find(session, file)
    if known is not None:
        return known
    _check(session, file, now)
    campaign_id = campaigns.create(session, file.draft, _key(file), now)
    if file.terms is not None:
        try:
            launching.set_up(session, campaign_id, file.others, file.terms)
        except KvizorError as error:
            raise file.problem(("experiment",), error) from None
    campaigns.schedule(session, campaign_id, file.schedule.due_at, now)
    if tell is not None:
        campaigns.show_progress_in(session, campaign_id, tell, None)
    return Filed(campaign_id, campaigns.status_of(session, campaign_id), is_new=True)


def _key(file: CampaignFile) -> str:
    return f"file:{file.key}:{file.digest}"


def _check(session: Session, file: CampaignFile, now: datetime) -> None:
    """Ask the base about the rules, the topic and the texts, each at its place in the file."""
    part, draft = file.part, file.draft

    def at(place: Place, ask: Callable[[], object]) -> None:
        try:
            ask()
        except KvizorError as error:
            raise file.problem(place, error) from None

    at(
        ("audience",) if part.audience is not None else ("segment",),
        lambda: audience.condition(session, draft.audience, now),
    )
    if draft.topic is not None:
        at(("topic",), lambda: topics.require(session, str(draft.topic)))
    for number, variant in enumerate(draft.variants):
        place: Place = ("variants", number) if variant.rule is not None else ()
        if variant.rule is not None:
            at((*place, "rule"), lambda rule=variant.rule: audience.condition(session, rule, now))  # type: ignore[misc]
        for language, words in variant.contents.items():
            at((*place, "content", language, "text"), lambda words=words: letters.check(words))  # type: ignore[misc]
    for number, contents in enumerate(file.others):
        for language, words in contents.items():
            place = ("experiment", "others", number, language, "text")
            at(place, lambda words=words: letters.check(words))  # type: ignore[misc]
    if file.schedule.last_at < now - PATIENCE:
        over = CampaignError("this moment is over; choose a later one, or write `schedule: now`")
        raise file.problem(("schedule", "at"), over)
