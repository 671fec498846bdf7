"""Privacy: taking a consent back, and being forgotten.

Forgetting is one short write that makes the person a stranger (no letter can start after it), and a long rest
in chunks that a crash may interrupt: a row in `erasures` stays until nothing is left, and the tick goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, null, or_, select, tuple_, update

from core import owners
from core.db import CHUNK, Base, note_touched, table
from core.people import consents, suppression
from core.people.activity import record
from core.people.choices import Erasure
from core.people.models import Event, Inbox, Profile, Subscriber
from core.people.subscribers import derive_status
from core.quizzes.models import QuizRun
from core.segments.leaving import leave_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Column, Table
    from sqlalchemy.orm import Session

    from core.db import Database
    from core.people.consents import Proof, Purpose

AFTER_WITHDRAWAL = timedelta(days=30)  # then what was collected under the consent is erased by itself

# What stays of an erased person, without a name: proofs, and sums the business has to be able to count.
# Every other table that names a subscriber is emptied of him, tables that do not exist yet too.
KEPT = {
    "consents": "proof of what he agreed to and took back",
    "topic_choices": "proof of which topics he left",
    "topics_off": "the topics he left",
    "suppressions": "salted hashes by which he is recognised",
    "purchases": "sums of the business",
    "deliveries": "sums of each mailing",
    "enrollments": "how many went through each series",
    "profiles": "counters of letters and purchases",
    "daily_counts": "how often something happened on a day",
    "events": "that something happened; what was said in it is erased",
    "memberships": "sizes of segments on past days",
    "segment_masks": "derived of the above",
    "touches": "how many people a link brought",
    "erasures": "what is still to be erased",
}
_EMPTY: dict[str, Any] = {
    **dict.fromkeys(("first_name", "last_name", "username", "language_code"), ""),
    **dict.fromkeys(("telegram_id", "phone", "email", "external_id", "language_chosen_at"), None),
    **dict.fromkeys(("data_consent_at", "advertising_consent_at", "suppressed_at"), None),
    "is_premium": False,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person has agreed to; `acts` counts his acts so far, so that an old button does nothing.

    `others`: the purposes quizzes have asked about, and whether he agrees to them now.
    """

    data: bool
    advertising: bool
    acts: dict[str, int]
    erased_on: datetime | None = None
    others: dict[str, bool] = field(default_factory=dict)

    def holds(self, purpose: Purpose) -> bool:
        """Say whether he agrees to this purpose now; to one he was never asked about he does not."""
        own = {"data": self.data, "advertising": self.advertising}
        return {**self.others, **own}.get(purpose, False)

    @property
    def granted(self) -> list[Purpose]:
        """All purposes he agrees to now."""
        return [purpose for purpose in ("data", "advertising", *self.others) if self.holds(purpose)]


def standing(session: Session, subscriber_id: int) -> Standing:
    """Return which consents stand and when the data are erased by themselves, if they are."""
    person = session.get_one(Subscriber, subscriber_id)
    due = session.get(Erasure, subscriber_id)
    acts: dict[str, int] = {"data": 0, "advertising": 0}
    others: dict[str, bool] = {}
    for act in consents.acts(session, subscriber_id):
        acts[act.purpose] = acts.get(act.purpose, 0) + 1
        if act.purpose not in ("data", "advertising"):
            others[act.purpose] = act.given
    return Standing(
        person.data_consent_at is not None,
        person.advertising_consent_at is not None,
        acts,
        due.due_at if due is not None else None,
        others,
    )


# -- taking a consent back -----------------------------------------------------------------------------


def withdraw(
    session: Session, subscriber_id: int, purpose: Purpose, step: int, proof: Proof, now: datetime
) -> bool:
    """Take a consent back if it stands and `step` acts were made before; returns whether it was done.

    Without the consent to data processing nothing is left to do with them: all other consents go with it,
    letters stop, an open quiz is put away, and in 30 days what was collected is erased.
    """
    before = standing(session, subscriber_id)
    if not before.holds(purpose) or before.acts[purpose] != step:
        return False
    person = session.get_one(Subscriber, subscriber_id)
    for one in before.granted if purpose == "data" else [purpose]:
        consents.withdraw(session, person, one, proof, now)
    if purpose == "data":
        _let_alone(session, person, now)
    return True


def _let_alone(session: Session, person: Subscriber, now: datetime) -> None:
    person.suppressed_at = now
    person.status = derive_status(person)
    _close_runs(session, person.id, now)
    due_at = now + AFTER_WITHDRAWAL
    session.merge(
        Erasure(subscriber_id=person.id, telegram_id=person.telegram_id, asked_at=now, due_at=due_at)
    )
    session.flush()


def _close_runs(session: Session, subscriber_id: int, now: datetime) -> None:
    runs = update(QuizRun).where(
        QuizRun.subscriber_id == subscriber_id,
        QuizRun.finished_at.is_(None),
        QuizRun.abandoned_at.is_(None),
    )
    session.execute(runs.values(abandoned_at=now))


# -- being forgotten -------------------------------------------------------------------------------------


def forget(session: Session, subscriber_id: int, now: datetime, proof: Proof | None = None) -> bool:
    """Make a person a stranger, in one short write; False where he is one already.

    Consents that stood are taken back with this proof. Letters that wait are suppressed at their attempt
    (R4), and he leaves all segments. `erase` deletes the rest.
    """
    person = session.get_one(Subscriber, subscriber_id)
    if person.erased_at is not None:
        return False
    if proof is not None:
        _take_back(session, person, proof, now)
    telegram_id = person.telegram_id
    suppression.suppress(session, subscriber_id, _keys_of(person), now)
    for name, value in _EMPTY.items():
        setattr(person, name, value)
    person.erased_at = now
    person.status = derive_status(person)
    session.merge(Erasure(subscriber_id=subscriber_id, telegram_id=telegram_id, asked_at=now, due_at=now))
    session.execute(update(Profile).where(Profile.subscriber_id == subscriber_id).values(touched_at=now))
    record(session, subscriber_id, "erased", now, key=f"erased:{subscriber_id}")
    session.flush()
    leave_all(session, subscriber_id, now)
    note_touched(session, [subscriber_id], now)
    return True


def _take_back(session: Session, person: Subscriber, proof: Proof, now: datetime) -> None:
    for purpose in standing(session, person.id).granted:
        consents.withdraw(session, person, purpose, proof, now)


def _keys_of(person: Subscriber) -> list[suppression.Key]:
    values = {
        "telegram_id": str(person.telegram_id) if person.telegram_id else None,
        "phone": person.phone,
        "email": person.email,
        "external_id": person.external_id,
    }
    return [(kind, value) for kind, value in values.items() if value]


def erase(db: Database, subscriber_id: int) -> bool:
    """Delete what a forgotten person left, in chunks; True when nothing is left and he may be let go.

    An update that is being handled this moment is left to the next tick.
    """
    for one, column in tables_of_people():
        if one.name in KEPT:
            continue
        while db.write_now(_delete_some, one, column, subscriber_id) == CHUNK:
            pass
    while db.write_now(_strip_events, subscriber_id) == CHUNK:
        pass
    telegram_id = db.read_now(_telegram_id, subscriber_id)
    if telegram_id is not None:
        owners.erase(db, telegram_id)
    return _erase_inbox(db, subscriber_id)


def _telegram_id(session: Session, subscriber_id: int) -> int | None:
    row = session.get(Erasure, subscriber_id)
    return row.telegram_id if row is not None else None


def tables_of_people() -> Iterator[tuple[Table, Column[Any]]]:
    """Return every table that names a subscriber, of all contexts, with the column that does."""
    people = table(Subscriber)
    for one in Base.metadata.sorted_tables:
        for column in one.columns:
            if any(key.column.table is people for key in column.foreign_keys):
                yield one, column


def _delete_some(session: Session, one: Table, column: Column[Any], subscriber_id: int) -> int:
    keys: Sequence[Column[Any]] = list(one.primary_key.columns)
    some = select(*keys).where(column == subscriber_id).limit(CHUNK)
    gone = session.connection().execute(delete(one).where(tuple_(*keys).in_(some)))
    return int(gone.rowcount)


def _strip_events(session: Session, subscriber_id: int) -> int:
    told = or_(Event.detail.is_not(None), Event.key.is_not(None))
    some = list(
        session.scalars(select(Event.id).where(Event.subscriber_id == subscriber_id, told).limit(CHUNK))
    )
    session.execute(update(Event).where(Event.id.in_(some)).values(detail=null(), key=None))
    return len(some)


def _erase_inbox(db: Database, subscriber_id: int) -> bool:
    """Delete his raw updates, quarantined ones too. They are looked for on a snapshot: no index helps."""
    asked = db.read_now(_inbox_of, subscriber_id)
    if asked is None:
        return True
    done, left = asked
    for place in range(0, len(done), CHUNK):
        db.write_now(_delete_updates, done[place : place + CHUNK])
    if left:
        return False
    db.write_now(_let_go, subscriber_id)
    return True


def _inbox_of(session: Session, subscriber_id: int) -> tuple[list[int], int] | None:
    row = session.get(Erasure, subscriber_id)
    if row is None:
        return None
    if row.telegram_id is None:
        return [], 0
    his = (Inbox.person == row.telegram_id, Inbox.received_at <= row.asked_at)
    done = session.scalars(select(Inbox.update_id).where(*his, Inbox.done_at.is_not(None)))
    left = session.scalar(select(func.count()).where(*his, Inbox.done_at.is_(None)))
    return list(done), left or 0


def _delete_updates(session: Session, ids: Sequence[int]) -> None:
    session.execute(delete(Inbox).where(Inbox.update_id.in_(ids)))


def _let_go(session: Session, subscriber_id: int) -> None:
    session.execute(delete(Erasure).where(Erasure.subscriber_id == subscriber_id))


def finish_due(db: Database, now: datetime) -> int:
    """Finish what a crash interrupted, and what 30 days have made due; returns how many are left."""
    left = 0
    for subscriber_id in db.read_now(_due, now):
        db.write_now(forget, subscriber_id, now)
        left += not erase(db, subscriber_id)
    return left


def _due(session: Session, now: datetime) -> list[int]:
    wanted = select(Erasure.subscriber_id).where(Erasure.due_at <= now).order_by(Erasure.due_at)
    return list(session.scalars(wanted))
