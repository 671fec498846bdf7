"""Answers: what each outcome means for its delivery, its chat, its campaign and the pace of all.

Outcomes are gathered here and written down together, in one commit with the next attempts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.mailing import campaigns, ledger, lessons, letters
from core.mailing.attempts import Gate, Result, fail_unrendered, record_outcomes
from core.mailing.ledger import Lane
from core.mailing.messenger import Ambiguous, ContentFault, Fatal, NotSent, Sent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.mailing.buffer import Buffer
    from core.mailing.calls import Parcel
    from core.mailing.letters import Waiting
    from core.mailing.messenger import Outcome
    from core.mailing.throttle import Throttle

CONTENT_FAULTS = 3  # letters refused for their content before the campaign is paused
DEFAULT_RETRY = 3.0  # seconds after a 429 that names none
NETWORK_RETRY = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)


@dataclass(slots=True)
class Harvest:
    """What has to be written down."""

    results: list[Result] = field(default_factory=list)
    unrendered: list[int] = field(default_factory=list)
    files: dict[int, str] = field(default_factory=dict)  # content → Telegram's name of its file
    faulty: dict[int, str] = field(default_factory=dict)  # campaign → why it must pause
    again: list[tuple[int, int]] = field(default_factory=list)  # campaign, transactional delivery in doubt
    taken: list[int] = field(default_factory=list)  # transactional deliveries that brought a file

    def __bool__(self) -> bool:
        return bool(self.results or self.unrendered or self.files or self.faulty or self.again)


class Answers:
    """Hears every outcome; `take` hands over what is to be written down."""

    def __init__(self, buffer: Buffer, throttle: Throttle) -> None:
        self.fatal: str | None = None  # why nothing can be sent until a person mends it
        self.uploading: set[int] = set()  # contents whose file is on its way for the first time
        self._buffer = buffer
        self._throttle = throttle
        self._harvest = Harvest()
        self._faults: Counter[int] = Counter()
        self._network_failures = 0
        self._network_until = 0.0

    @property
    def has_any(self) -> bool:
        """Whether something waits to be written down."""
        return bool(self._harvest)

    def take(self) -> Harvest:
        """Hand over what has to be written down."""
        harvest, self._harvest = self._harvest, Harvest()
        return harvest

    def heard(self, parcel: Parcel, outcome: Outcome, moment: float) -> None:
        """Take in an outcome at a moment of the monotonic clock."""
        row = parcel.row
        self._harvest.results.append(Result(row.delivery_id, row.subscriber_id, outcome))
        self.uploading.discard(row.content_id)
        match outcome:
            case NotSent():
                self._buffer.put_aside(row, moment + self._retry_in(row, outcome, moment))
                return
            case Fatal(description):
                self.fatal = description
            case Sent(_, file_id):
                self._network_failures = 0
                self._keep_file(row.content_id, file_id)
                self._note_file(row)
            case ContentFault(description):
                self._fault(row.campaign_id, description)
            case Ambiguous() if row.lane == Lane.TRANSACTIONAL and row.parent_id is None:
                self._harvest.again.append((row.campaign_id, row.delivery_id))
        self._buffer.forget(row.delivery_id)

    def unrendered(self, row: Waiting, why: str) -> None:
        """A person's letter could not be written."""
        self._harvest.unrendered.append(row.delivery_id)
        self._buffer.forget(row.delivery_id)
        self._fault(row.campaign_id, why)

    def broken(self, campaign_id: int, why: str) -> None:
        """A campaign cannot be sent as it is."""
        self._harvest.faulty[campaign_id] = why

    def forgive(self, campaign_ids: Iterable[int]) -> None:
        """Forget the faults of campaigns that run no more: the owner may mend and resume them."""
        for campaign_id in campaign_ids:
            self._faults.pop(campaign_id, None)

    def _retry_in(self, row: Waiting, outcome: NotSent, moment: float) -> float:
        """Seconds until a letter that surely did not leave may be tried again."""
        if outcome.scope == "chat":
            wait = outcome.retry_after or DEFAULT_RETRY
            self._throttle.limited(row.chat_id, wait)
            return wait
        if moment >= self._network_until:  # one failure for all calls that were under way
            wait = NETWORK_RETRY[min(self._network_failures, len(NETWORK_RETRY) - 1)]
            self._network_failures += 1
            self._network_until = moment + wait
            self._throttle.rest(wait)
        return self._network_until - moment

    def _fault(self, campaign_id: int, why: str) -> None:
        self._faults[campaign_id] += 1
        if self._faults[campaign_id] == CONTENT_FAULTS:
            self._harvest.faulty[campaign_id] = why

    def _note_file(self, row: Waiting) -> None:
        """Remember that a letter somebody asked for brought its file; a broadcast costs nothing here."""
        ready = self._buffer.contents.get(row.content_id) if row.lane == Lane.TRANSACTIONAL else None
        if ready is not None and ready.file_path is not None:
            self._harvest.taken.append(row.delivery_id)

    def _keep_file(self, content_id: int, file_id: str | None) -> None:
        ready = self._buffer.contents.get(content_id)
        if file_id is not None and ready is not None and ready.awaits_upload:
            self._buffer.remember_file(content_id, file_id)
            self._harvest.files[content_id] = file_id


def settle(
    session: Session, harvest: Harvest, gates: Sequence[tuple[Gate, list[int]]], fence: int, now: datetime
) -> set[int]:
    """Write down what came back and start what may start; returns the started deliveries."""
    record_outcomes(session, harvest.results, now)
    if harvest.taken:
        lessons.took_files(session, harvest.taken, now)
    fail_unrendered(session, harvest.unrendered, now)
    for content_id, file_id in harvest.files.items():
        letters.remember_file(session, content_id, file_id)
    for campaign_id, why in harvest.faulty.items():
        campaigns.halt(session, campaign_id, why)
    for campaign_id, delivery_id in harvest.again:
        ledger.resend(session, campaign_id, now, [delivery_id])
    started: set[int] = set()
    for gate, ids in gates:
        started |= gate.start(session, ids, fence, now)
    return started
