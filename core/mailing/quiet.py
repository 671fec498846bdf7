"""Quiet hours: a letter due in a person's night waits for its end or comes without a sound, never dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, literal, select

from core.mailing.ledger import DELIVERIES, Lane
from core.people import preferences
from core.people.choices import Preference

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import BindParameter, Exists
    from sqlalchemy.orm import Session

HOLD, SILENT = "hold", "silent"  # what a campaign does at night
MINUTE = "utc_minute"  # bound beside `now` in the statement that starts attempts


def respects(lane: int, night: str = HOLD) -> bool:
    """Say whether letters of this lane wait for a person's morning: what was promised him does not."""
    return lane in (Lane.SERIES, Lane.BROADCAST) and night == HOLD


def is_night(moment: BindParameter[datetime]) -> Exists:
    """Return SQL over `deliveries`: whether it is the person's quiet time; MINUTE is to be bound."""
    asleep = preferences.is_quiet(bindparam(MINUTE, type_=Preference.offset_minutes.type), moment)
    row = select(Preference.subscriber_id).where(
        Preference.subscriber_id == DELIVERIES.c.subscriber_id, asleep
    )
    return row.correlate(DELIVERIES).exists()


def ends(session: Session, people: Sequence[int], now: datetime) -> dict[int, datetime]:
    """Return when the night of each of these people ends who are in it now."""
    moment = literal(now, Preference.offset_until.type)
    asleep = preferences.is_quiet(literal(preferences.utc_minute(now)), moment)
    nights = select(Preference).where(Preference.subscriber_id.in_(people), asleep)
    return {
        row.subscriber_id: preferences.quiet_end(ZoneInfo(row.time_zone), quiet, now)
        for row in session.scalars(nights)
        if (quiet := preferences.quiet_of(row)) is not None
    }
