"""Drafting: a campaign as it is asked for, checked and turned into the rows that will hold it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.errors import KvizorError
from core.mailing import content, letters, quiet, timing
from core.mailing.canary import Stage
from core.mailing.ledger import Lane
from core.mailing.models import Campaign
from core.people import topics
from core.segments import audience
from core.segments.models import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from core.mailing.letters import Words
    from core.mailing.recipients import Choice

REPEATS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
ENROLLMENT = "enrollment"  # a letter of a series: its deliveries come one by one, it never finishes
OCCASIONS = ("once", "run", "stay", ENROLLMENT)


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
    timing: str = timing.MOMENT  # or at `wall_at` of each person's own clock, or at his best hour of that day
    wall_at: str | None = None
    goes_first: bool = True  # a large advertising broadcast goes to a few first; see canary.py
    night: str = quiet.HOLD  # in a person's quiet hours the letter waits, or (quiet.SILENT) makes no sound
    caps: Mapping[str, int] | None = None  # its own frequency caps, by caps.NAMES; None: the business's
    repeat: str | None = None
    occasion: str = "once"
    segment: str | None = None  # name of the segment whose stay is the occasion
    expires_hours: int | None = None
    topic: str | None = None  # a topic's name: whoever left it is left out
    time_zone: str = "UTC"
    created_by: int | None = None


def checked(session: Session, draft: Draft, now: datetime) -> tuple[Campaign, list[Choice]]:
    """Check a draft as `create` does and store nothing: the campaign it would make, and its choices."""
    campaign, words = as_row(session, draft, "", now), choices(session, draft, now)
    for _, _, one in words:
        letters.check(one)
    return campaign, [(rule, language, place) for place, (rule, language, _) in enumerate(words)]


def choices(session: Session, draft: Draft, now: datetime) -> list[tuple[str | None, str, Words]]:
    """Return rule, language and words of each variant, in the order in which they are asked."""
    for variant in draft.variants:
        if variant.rule is not None:
            audience.condition(session, variant.rule, now)
        texts = [words.text for words in variant.contents.values()]
        if draft.occasion != ENROLLMENT and any(content.template(text).asks_promo for text in texts):
            what = f"The campaign {draft.name!r} has a `promo`"
            raise CampaignError(f"{what}: only letters of a series carry one; make it a series.")
    return [
        (variant.rule, language, words)
        for variant in draft.variants
        for language, words in _by_language(variant)
    ]


def as_row(session: Session, draft: Draft, key: str, now: datetime) -> Campaign:
    """Return the row of a campaign, not yet added. Raises CampaignError or TopicError."""
    if not draft.variants or any(not variant.contents for variant in draft.variants):
        raise CampaignError(f"The campaign {draft.name!r} has nothing to send; give it a text.")
    if draft.repeat is not None and draft.repeat not in REPEATS:
        raise CampaignError(
            f"The campaign {draft.name!r}: it can repeat daily or weekly, not {draft.repeat!r}."
        )
    if draft.repeat is not None and draft.timing != timing.MOMENT:
        raise CampaignError(f"The campaign {draft.name!r} repeats: it leaves at one moment for everybody.")
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
        night=draft.night,
        timing=draft.timing,
        wall_at=draft.wall_at,
        canary=None if draft.goes_first else Stage.OFF,
        caps=None if draft.caps is None else dict(draft.caps),
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


def _by_language(variant: Variant) -> list[tuple[str, Words]]:
    """Rows of a variant: its further languages first, then the first one, which serves everybody else."""
    given = list(variant.contents.items())
    return [*given[1:], ("", given[0][1])]
