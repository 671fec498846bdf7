"""The people of a segment on a past day as a CSV file: who, since when and until when."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from core.people.models import Subscriber
from core.reports import csv_table, tables
from core.segments.models import Membership
from core.segments.past import check_day, day_end, stays_at
from core.segments.rules import find

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from core.db import Database

_COLUMNS: tuple[tuple[str, str, Any], ...] = (
    ("subscriber_id", "Номер", Subscriber.id),
    ("telegram_id", "Telegram id", Subscriber.telegram_id),
    ("first_name", "Имя", Subscriber.first_name),
    ("last_name", "Фамилия", Subscriber.last_name),
    ("username", "Ник", Subscriber.username),
    ("external_id", "Номер клиента", Subscriber.external_id),
    ("status_now", "Статус сейчас", Subscriber.status),
    ("since", "В сегменте с", Membership.entered_at),
    ("until", "Был в сегменте до", Membership.left_at),
)


def export_day(
    db: Database,
    name: str,
    day: date,
    path: Path,
    now: datetime,
    *,
    language: str = "ru",
    separator: str | None = None,
) -> int:
    """Write who was in a segment at the end of a local day; call it in a thread. No `until`: he still is.

    Returns how many people are in the file, compared with the base's own count. Rows are streamed from one
    snapshot. Raises SegmentError, DayError for a day still to come, ExportError for a file that is not whole.
    """
    mark = separator or csv_table.separator_of(language)
    return tables.write_whole(
        name, path, mark, lambda: db.read_now(_write, name, day, path, now, language, mark)
    )


def _write(
    session: Session, name: str, day: date, path: Path, now: datetime, language: str, separator: str
) -> tuple[int, int]:
    number = find(session, name).number
    check_day(day, now)
    stays = stays_at([number], day_end(day)).subquery()
    expected = session.scalar(select(func.count()).select_from(stays)) or 0
    query = (
        select(*(column for _, _, column in _COLUMNS))
        .join(Membership, Membership.subscriber_id == Subscriber.id)
        .join(stays, stays.c.id == Membership.id)
    )
    rows = chain([tables.header(_COLUMNS, language)], tables.streamed(session, query))
    return expected, csv_table.write(path, rows, separator)
