"""The guard of segments resting on one source: nearly all their people came by one link, or from a file.

A sample of the base says which segments may be such; only those are counted whole. A segment whose own rule
asks for the source is meant to be like that and is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from core.people.models import Subscriber
from core.people.subscribers import Status
from core.reports.guards.finding import Finding, money_of
from core.segments.blocks import bit_of, block_of
from core.segments.models import Membership, Segment, SegmentMask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.reports.guards.limits import Limits

SAMPLE = 20_000  # people
MOST_SOURCES = 20
FILE = "(file)"  # known from a file alone: Telegram lets no link be spelled so
_ASKED = re.compile(r"\bsource\b")
_SLACK = 0.05  # a sample may miss the threshold by so much


def one_source(session: Session, now: datetime, limits: Limits) -> list[Finding]:
    """Segments with too great a share of one source, while the base has clearly less of it."""
    base, shares = _base(session)
    segments = [
        one
        for one in session.scalars(select(Segment).where(Segment.enabled).order_by(Segment.id))
        if one.size >= limits["source_people"] and not _ASKED.search(one.rule) and not one.error
    ]
    if not base or not shares or not segments:
        return []
    wanted = limits["source_share"]
    found = []
    for segment, source in _likely(session, segments, shares, base, wanted - _SLACK):
        people = _members_from(session, segment.id, source)
        share = people / segment.size if segment.size else 0.0
        if share < wanted or share < shares[source] + limits["source_lead"]:
            continue
        facts = {"segment": segment.name, "share": min(share, 1.0), "base": shares[source], "people": people}
        facts["source"] = "" if source == FILE else source
        subject = f"{segment.name[:40]}:{source}"[:64]
        found.append(Finding("one_source", subject, people, money_of(session, segment.id), facts))
    return found


def _base(session: Session) -> tuple[int, dict[str, float]]:
    """Return how many people there are, and the shares of the commonest sources."""
    source = func.coalesce(Subscriber.source, "").label("origin")
    query = select(source, func.count()).where(Subscriber.status != Status.ERASED).group_by("origin")
    counts = {str(name): int(count) for name, count in session.execute(query)}
    base = sum(counts.values())
    counts.pop("", None)
    filed = select(func.count()).where(_is_from(FILE), Subscriber.status != Status.ERASED)
    counts[FILE] = session.scalar(filed.select_from(Subscriber)) or 0
    top = sorted(counts.items(), key=lambda item: -item[1])[:MOST_SOURCES]
    return base, {name: count / base for name, count in top if count and base}


def _is_from(source: str) -> ColumnElement[bool]:
    if source == FILE:
        return Subscriber.source.is_(None) & Subscriber.telegram_id.is_(None) & Subscriber.joined_at.is_(None)
    return Subscriber.source == source


def _likely(
    session: Session, segments: Sequence[Segment], shares: dict[str, float], base: int, share: float
) -> list[tuple[Segment, str]]:
    """Return the segments in which a sample finds so great a share of one source."""
    every = max(base // SAMPLE, 1)
    blocks: dict[int, list[Segment]] = {}
    for segment in segments:
        blocks.setdefault(block_of(segment.id), []).append(segment)
    found = []
    origin = case(*((_is_from(source), source) for source in shares), else_="").label("origin")
    for block, members in blocks.items():
        counts = [
            func.sum(case((SegmentMask.mask.op("&")(bit_of(one.id)) != 0, 1), else_=0)) for one in members
        ]
        query = (
            select(origin, *counts)
            .join(Subscriber, Subscriber.id == SegmentMask.subscriber_id)
            .where(SegmentMask.block == block, SegmentMask.subscriber_id % every == 0)
            .group_by("origin")
        )
        rows = {name: [int(value) for value in values] for name, *values in session.execute(query)}
        for place, segment in enumerate(members):
            whole = sum(values[place] for values in rows.values())
            found += [
                (segment, source)
                for source in shares
                if whole and source in rows and rows[source][place] / whole >= share
            ]
    return found


def _members_from(session: Session, segment_id: int, source: str) -> int:
    query = (
        select(func.count())
        .select_from(Membership)
        .join(Subscriber, Subscriber.id == Membership.subscriber_id)
        .where(Membership.segment_id == segment_id, Membership.left_at.is_(None), _is_from(source))
    )
    return session.scalar(query) or 0
