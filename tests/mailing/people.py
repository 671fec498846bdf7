"""People and campaigns for the tests of mailing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.mailing import audiences, campaigns
from core.mailing.campaigns import Draft, Variant
from core.mailing.letters import Words
from core.mailing.messenger import Letter, Outcome, Sent
from core.mailing.models import Delivery
from core.people.models import Profile, Subscriber

HELLO = Words('Здравствуйте, {{ first_name | default: "друг" }}!')
EVERYBODY = "status in (active, stopped, blocked, deactivated, unreachable, known)"


def add_people(session: Session, /, count: int, now: datetime, *, first: int = 1, **fields: object) -> None:
    """Active people with advertising consent, ids from `first`, chat = 1000 + id; `fields` override."""
    ids = range(first, first + count)
    common: dict[str, object] = {
        "status": "active", "language": "ru", "created_at": now, "joined_at": now, "is_premium": False,
        "advertising_consent_at": now,
    }  # fmt: skip
    people = [{"id": i, "telegram_id": 1000 + i, "first_name": f"Имя{i}", **common, **fields} for i in ids]
    session.execute(insert(Subscriber), people)
    rows = [{"subscriber_id": i, "touched_at": now, "last_seen_at": now, "unanswered": 0} for i in ids]
    session.execute(insert(Profile), rows)


def change(session: Session, /, who: int, **fields: object) -> None:
    """Set facts of one person directly."""
    person = session.get_one(Subscriber, who)
    for name, value in fields.items():
        setattr(person, name, value)


def draft(**fields: object) -> Draft:
    """A service broadcast to everybody active unless told otherwise."""
    plain: dict[str, object] = {
        "name": "Весна", "audience": "status = active", "variants": [Variant({"ru": HELLO})],
        "purpose": "service", "is_live": False,
    }  # fmt: skip
    return Draft(**{**plain, **fields})  # type: ignore[arg-type]


def planned_campaign(session: Session, /, now: datetime, key: str = "spring", **fields: object) -> int:
    """A campaign that is scheduled for now; `audiences.due` plans it."""
    campaign_id = campaigns.create(session, draft(**fields), key, now)
    campaigns.launch(session, campaign_id, now)
    return campaign_id


def states(session: Session, campaign_id: int) -> Counter[str]:
    """How many deliveries stand in each state."""
    return Counter(session.scalars(select(Delivery.state).where(Delivery.campaign_id == campaign_id)))


def reasons(session: Session, campaign_id: int) -> dict[int, tuple[str, str | None]]:
    """State and reason of each person's delivery."""
    rows = session.execute(
        select(Delivery.subscriber_id, Delivery.state, Delivery.reason).where(
            Delivery.campaign_id == campaign_id
        )
    )
    return {who: (state, reason) for who, state, reason in rows}


class Mailbox:
    """A messenger that keeps what was delivered; `answer` decides what comes back for a letter."""

    def __init__(self, answer: Callable[[Letter, int], Outcome] | None = None, seconds: float = 0.0) -> None:
        self.delivered: list[Letter] = []
        self._answer = answer
        self._seconds = seconds

    async def send(self, letter: Letter) -> Outcome:
        """Deliver unless `answer` says otherwise."""
        number = len(self.delivered) + 1
        outcome = self._answer(letter, number) if self._answer else Sent(number)
        if isinstance(outcome, Sent):
            self.delivered.append(letter)
        await asyncio.sleep(self._seconds)
        return outcome

    def chats(self) -> Counter[int]:
        """How often each chat got a letter."""
        return Counter(letter.chat_id for letter in self.delivered)


def launch_all(database: object, now: datetime) -> None:
    """Plan everything that is due."""
    audiences.due(database, now)  # type: ignore[arg-type]
