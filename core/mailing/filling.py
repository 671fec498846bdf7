"""Filling: what one look at the ledger brings into the sender's memory, ready to become letters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.mailing import letters, promo, quiet
from core.mailing.buffer import waiting
from core.mailing.content import ContentError, Reader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.mailing.buffer import Ask, Running
    from core.mailing.letters import Ready, Waiting


@dataclass(frozen=True, slots=True)
class Filled:
    """What one look at the ledger brought. `broken`: campaigns whose content no longer parses, and why."""

    rows: dict[int, list[tuple[datetime, Waiting]]]
    contents: dict[int, Ready]
    broken: dict[int, str]


def fill(
    session: Session,
    wanted: Sequence[Ask],
    known: Mapping[int, Ready],
    now: datetime,
    running: Mapping[int, Running] | None = None,
) -> Filled:
    """Read rows for several campaigns, the contents they need that are not known, and the personal values."""
    filled = Filled({}, {}, {})
    for campaign_id, after, most in wanted:
        one = (running or {}).get(campaign_id)
        rows = waiting(session, campaign_id, after, now, most, running=one)
        if one is not None and one.terms.night == quiet.SILENT:
            rows = _with_sleep(session, rows, now)
        try:
            for content_id in {row.content_id for _, row in rows} - known.keys() - filled.contents.keys():
                filled.contents[content_id] = letters.load(session, content_id)
        except ContentError as error:
            filled.broken[campaign_id] = str(error)
            continue
        filled.rows[campaign_id] = _with_values(session, rows, {**known, **filled.contents})
    return filled


def _with_sleep(
    session: Session, rows: list[tuple[datetime, Waiting]], now: datetime
) -> list[tuple[datetime, Waiting]]:
    asleep = quiet.ends(session, [row.subscriber_id for _, row in rows], now)
    return [(due, replace(row, is_asleep=row.subscriber_id in asleep)) for due, row in rows]


def _with_values(
    session: Session, rows: list[tuple[datetime, Waiting]], contents: Mapping[int, Ready]
) -> list[tuple[datetime, Waiting]]:
    """Add the attributes and answers that the texts ask for."""
    asking = {row.content_id for _, row in rows if contents[row.content_id].asks_values}
    if not asking:
        return rows
    values = {
        content_id: letters.values_of(
            session,
            contents[content_id],
            {row.subscriber_id for _, row in rows if row.content_id == content_id},
        )
        for content_id in asking
    }
    gifts = _gifts(session, [row for _, row in rows if contents[row.content_id].template.asks_promo])
    return [
        (due, replace(row, reader=_merged(row, values[row.content_id][row.subscriber_id], gifts)))
        if row.content_id in asking
        else (due, row)
        for due, row in rows
    ]


def _gifts(session: Session, rows: Sequence[Waiting]) -> Mapping[int, tuple[str, datetime]]:
    """Return the codes by delivery; a further attempt carries the code of the first."""
    return promo.codes(session, {row.parent_id or row.delivery_id for row in rows}) if rows else {}


def _merged(row: Waiting, values: Reader, gifts: Mapping[int, tuple[str, datetime]]) -> Reader:
    reader = replace(row.reader, attributes=values.attributes, quiz=values.quiz)
    gift = gifts.get(row.parent_id or row.delivery_id)
    if gift is None:
        return reader
    return replace(reader, promo=gift[0], promo_until=promo.last_day(gift[1], reader.language))
