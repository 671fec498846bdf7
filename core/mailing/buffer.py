"""The sender's small memory: due deliveries read ahead from the ledger, by lane, due moment and id.

Nothing here is truth: a delivery leaves `planned` only by the statement that starts its attempt.
"""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, exists, or_, select, tuple_

from core.db import table
from core.mailing import canary
from core.mailing.attempts import Gate
from core.mailing.content import Reader
from core.mailing.drafting import ENROLLMENT
from core.mailing.ledger import DELIVERIES, PLANNED
from core.mailing.letters import About, Ready, Waiting
from core.mailing.models import Campaign
from core.mailing.reasons import ADVERTISING
from core.mailing.terms import Terms, as_terms
from core.people.choices import Topic
from core.people.models import Subscriber

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

Key = tuple[int, "datetime", int]  # lane, due moment, delivery id
Place = tuple["datetime", int]  # how far a campaign's rows are read
MOST_READ = 250  # rows in one look: reading them holds the loop, and with it the slots, a few milliseconds
GLANCE = 50  # rows a campaign that was read out is asked for while others fill the buffer
Ask = tuple[int, "Place | None", int]  # campaign, from where, how many rows


@dataclass(frozen=True, slots=True)
class Running:
    """A campaign whose letters may leave now."""

    campaign_id: int
    lane: int
    silent: bool
    terms: Terms
    topic: About | None = None
    act: str = "send"  # or edit, recall: of the copies of campaign `amends_id`
    amends_id: int = 0
    only_first: bool = False  # the others wait until it is known how the first few take it
    stays_open: bool = False  # a letter of a series: there is nothing to finish

    @property
    def advertising(self) -> bool:
        """Whether each letter must carry the opt-out button."""
        return self.terms.purpose == ADVERTISING


_CAMPAIGNS = table(Campaign)
_PEOPLE = table(Subscriber)
_TOPICS = table(Topic)
# Letters of series run for years and mostly have nobody to go to: those are left out of the look.
_HAS_WAITING = exists().where(DELIVERIES.c.campaign_id == _CAMPAIGNS.c.id, DELIVERIES.c.state == PLANNED)
_RUNNING = (
    select(
        *(
            _CAMPAIGNS.c[name]
            for name in [
                "id",
                "lane",
                "is_silent",
                "purpose",
                "is_live",
                "audience",
                "expires_hours",
                "topic_id",
                "night",
                "caps",
                "canary",
                "act",
                "amends_id",
                "occasion",
            ]
        ),
        _TOPICS.c.title_ru,
        _TOPICS.c.title_en,
    )
    .outerjoin(_TOPICS, _TOPICS.c.id == _CAMPAIGNS.c.topic_id)
    .where(_CAMPAIGNS.c.state == "running", or_(_CAMPAIGNS.c.occasion != ENROLLMENT, _HAS_WAITING))
    .order_by(_CAMPAIGNS.c.lane, _CAMPAIGNS.c.due_at, _CAMPAIGNS.c.id)
)
_WAITING = (
    select(
        *(
            DELIVERIES.c[name]
            for name in ["due_at", "id", "subscriber_id", "content_id", "lane", "parent_id"]
        ),
        *(_PEOPLE.c[name] for name in ["telegram_id", "first_name", "last_name", "username", "language"]),
    )
    .join(_PEOPLE, _PEOPLE.c.id == DELIVERIES.c.subscriber_id)
    .where(
        DELIVERIES.c.campaign_id == bindparam("campaign"),
        DELIVERIES.c.state == PLANNED,
        DELIVERIES.c.due_at <= bindparam("now", type_=DELIVERIES.c.due_at.type),
    )
    .order_by(DELIVERIES.c.due_at, DELIVERIES.c.id)
    .limit(bindparam("most"))
)
# A change finds its copy by the occasion: the message, and the delivery its buttons speak of.
_COPY = DELIVERIES.alias("copy")
_COPIES = _WAITING.add_columns(_COPY.c.id, _COPY.c.message_id).join(
    _COPY,
    and_(
        _COPY.c.campaign_id == bindparam("amends"),
        _COPY.c.subscriber_id == DELIVERIES.c.subscriber_id,
        _COPY.c.occasion == DELIVERIES.c.occasion,
    ),
)
_FIRST = _WAITING.where(DELIVERIES.c.id.in_(canary.of_campaign(bindparam("campaign"))))


def running(session: Session) -> list[Running]:
    """Read the campaigns that run now, those whose letters go first in front."""
    return [
        Running(
            row.id,
            row.lane,
            row.is_silent,
            as_terms(row.id, row),
            _about(row),
            stays_open=row.occasion == ENROLLMENT,
            act=row.act,
            amends_id=row.amends_id or 0,
            only_first=row.canary == canary.Stage.GOING,
        )
        for row in session.connection().execute(_RUNNING)
    ]  # fmt: skip


def _about(row: Row[*tuple[Any, ...]]) -> About | None:
    return None if row.topic_id is None else About(row.topic_id, row.title_ru, row.title_en)


def waiting(
    session: Session,
    campaign_id: int,
    after: Place | None,
    now: datetime,
    most: int,
    *,
    running: Running | None = None,
) -> list[tuple[datetime, Waiting]]:
    """Read a campaign's next due deliveries; a keyset, so that a long campaign is read once."""
    amends = running.amends_id if running is not None else 0
    query = _FIRST if running is not None and running.only_first else _COPIES if amends else _WAITING
    if after is not None:
        query = query.where(tuple_(DELIVERIES.c.due_at, DELIVERIES.c.id) > after)
    asked = {"campaign": campaign_id, "now": now, "most": most} | ({"amends": amends} if amends else {})
    rows = session.connection().execute(query, asked)
    return [
        (due, Waiting(i, campaign_id, who, chat or 0, content or 0, lane, parent, Reader(*names[:4]), *copy))
        for due, i, who, content, lane, parent, chat, *names in rows
        for copy in [names[4:]]
    ]


@dataclass(slots=True)
class Source:
    """A running campaign as the buffer reads it."""

    running: Running
    gate: Gate
    after: Place | None = None
    is_read_out: bool = False
    was_read_out: bool = False


class Buffer:
    """At most about `size` deliveries in memory, whatever the audience is."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.contents: dict[int, Ready] = {}
        self._heap: list[tuple[Key, Waiting]] = []
        self._later: list[tuple[float, int, Waiting]] = []  # by a moment of the monotonic clock
        self._known: dict[int, int] = {}  # delivery → campaign: in the heap, put aside, or under way
        self._open: Counter[int] = Counter()  # how many of a campaign are known
        self._sources: dict[int, Source] = {}

    def __len__(self) -> int:
        return len(self._heap)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits, is put aside or is under way, and everything due was read."""
        return not self._known and all(source.is_read_out for source in self._sources.values())

    def settled(self) -> list[int]:
        """Running campaigns of which nothing is due or known: perhaps they are finished."""
        return [
            campaign_id
            for campaign_id, source in self._sources.items()
            if source.is_read_out and not self._open[campaign_id] and not source.running.stays_open
        ]

    def next_later(self) -> float | None:
        """The moment at which something put aside may go, None if nothing is."""
        return self._later[0][0] if self._later else None

    def source(self, campaign_id: int) -> Source | None:
        """A campaign that ran at the last look."""
        return self._sources.get(campaign_id)

    def remember_file(self, content_id: int, file_id: str) -> None:
        """From now on letters with this content name the uploaded file."""
        self.contents[content_id] = replace(self.contents[content_id], file_id=file_id)

    @property
    def running(self) -> dict[int, Running]:
        """The campaigns that ran at the last look."""
        return {campaign_id: source.running for campaign_id, source in self._sources.items()}

    # -- filling -----------------------------------------------------------------------------------

    def look(self, found: Sequence[Running]) -> set[int]:
        """Take over the list of running campaigns; returns those that run no more."""
        gone = self._sources.keys() - {one.campaign_id for one in found}
        for campaign_id in gone:
            del self._sources[campaign_id]
        for one in found:
            source = self._sources.setdefault(one.campaign_id, Source(one, Gate(one.terms)))
            if source.running != one:  # a series was edited
                source.running, source.gate, source.after = one, Gate(one.terms), None
            source.is_read_out = False
        return gone

    def read_again(self) -> None:
        """Read every campaign from its beginning at the next fill: something may have become due before."""
        for source in self._sources.values():
            source.after, source.is_read_out = None, False

    def wanted(self) -> list[Ask]:
        """Which campaigns to read now; one that was read out is glanced at even when there is plenty."""
        unread = [source for source in self._sources.values() if not source.is_read_out]
        plenty = len(self._heap) > self.size // 2
        share = max(1, min(self.size, MOST_READ) // max(1, len(unread)))
        asks = []
        for source in unread:
            most = (GLANCE if source.was_read_out else 0) if plenty else share
            if most:
                over = self._open[source.running.campaign_id] if source.after is None else 0
                asks.append((source.running.campaign_id, source.after, most + over))
        return asks

    def add(self, campaign_id: int, rows: Sequence[tuple[datetime, Waiting]], asked: int) -> None:
        """Put rows read for a campaign into the heap."""
        source = self._sources.get(campaign_id)
        if source is None:
            return
        for due, row in rows:
            if row.delivery_id not in self._known:
                self._known[row.delivery_id] = campaign_id
                self._open[campaign_id] += 1
                heapq.heappush(self._heap, ((row.lane, due, row.delivery_id), row))
            source.after = (due, row.delivery_id)
        source.is_read_out = source.was_read_out = len(rows) < asked

    # -- emptying ----------------------------------------------------------------------------------

    def pop(self, moment: float) -> Waiting | None:
        """Take the next delivery; what was put aside until now goes first."""
        if self._later and self._later[0][0] <= moment:
            return heapq.heappop(self._later)[2]
        return heapq.heappop(self._heap)[1] if self._heap else None

    def put_aside(self, row: Waiting, until: float) -> None:
        """Keep a delivery back until a moment of the monotonic clock."""
        heapq.heappush(self._later, (until, row.delivery_id, row))

    def forget(self, delivery_id: int) -> None:
        """The delivery is done, or is the ledger's affair again."""
        campaign_id = self._known.pop(delivery_id, None)
        if campaign_id is not None:
            self._open[campaign_id] -= 1
            if not self._open[campaign_id]:
                del self._open[campaign_id]

    def clear(self) -> None:
        """Forget everything: the lease is lost."""
        for part in (self._heap, self._later, self._known, self._open, self._sources):
            part.clear()
