"""Tables for the owner: a segment's members as a CSV file for any spreadsheet, its rows counted twice."""

from __future__ import annotations

import errno
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from core.errors import KvizorError
from core.people.models import Profile, Subscriber
from core.reports import csv_table
from core.sales.money import major
from core.segments.catalogue import FIELDS
from core.segments.models import Membership, Segment
from core.segments.rules import find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from core.db import Database

AT_ONCE = 1000  # rows held in memory
_FULL = (errno.ENOSPC, errno.EDQUOT)

_COLUMNS: tuple[tuple[str, str, Any], ...] = (
    ("telegram_id", "Telegram id", Subscriber.telegram_id),
    ("status", "Статус", Subscriber.status),
    ("first_name", "Имя", Subscriber.first_name),
    ("last_name", "Фамилия", Subscriber.last_name),
    ("username", "Ник", Subscriber.username),
    ("language", "Язык", Subscriber.language),
    ("phone", "Телефон", Subscriber.phone),
    ("email", "E-mail", Subscriber.email),
    ("external_id", "Номер клиента", Subscriber.external_id),
    ("source", "Источник", Subscriber.source),
    ("joined_at", "Пришёл", Subscriber.joined_at),
    ("last_seen_at", "Был", Profile.last_seen_at),
    ("in_segment_since", "В сегменте с", Membership.entered_at),
    ("letters_received", "Получил писем", Profile.letters_received),
    ("unanswered", "Без ответа", Profile.unanswered),
    ("purchases", "Покупок", Profile.purchases_count),
    ("purchases_total", "Сумма покупок", Profile.purchases_total),
    ("first_purchase_at", "Первая покупка", Profile.first_purchase_at),
    ("last_purchase_at", "Последняя покупка", Profile.last_purchase_at),
)
_NAMES = [name for name, _, _ in _COLUMNS]
_TOTAL = _NAMES.index("purchases_total")
_WORDED = [(_NAMES.index(name), name) for name in ("status", "language")]


class ExportError(KvizorError):
    """The file could not be written whole; nothing incomplete is handed out."""


def export_segment(
    db: Database,
    name: str,
    path: Path,
    *,
    language: str = "ru",
    currency: str = "RUB",
    separator: str | None = None,
) -> int:
    """Write the members of a segment as CSV, as Excel in this language wants it; call it in a thread.

    Returns how many people are in the file, counted by reading it again and compared with the base's own
    count. Rows are streamed from one snapshot: a million people need no more memory than a thousand. Raises
    SegmentError if there is no such segment, ExportError when the file cannot be written or is not whole.
    """
    mark = separator or csv_table.separator_of(language)
    return write_whole(name, path, mark, lambda: db.read_now(_write, name, path, currency, language, mark))


def write_whole(name: str, path: Path, separator: str, write: Callable[[], tuple[int, int]]) -> int:
    """Let `write` make a file and return how many rows it holds by count; nothing incomplete stays behind.

    `write` tells how many there should be and how many it wrote. Raises ExportError.
    """
    try:
        expected, written = write()
        found = csv_table.count_rows(path, separator)
    except OSError as error:
        if error.errno in _FULL and path.is_file():
            path.unlink()
        raise ExportError(f"The file {path} cannot be written: {_remedy(error, path)}.") from None
    if not expected == written == found:
        path.unlink()
        raise ExportError(
            f"The export of {name} is not whole: {expected} people, {written} written, {found} in the file; "
            "try again."
        )
    return found


def _remedy(error: OSError, path: Path) -> str:
    """Return why a file cannot be written and what helps."""
    match error.errno:
        case errno.ENOENT:
            return f"there is no folder {path.parent}; make it or choose another"
        case errno.ENOTDIR:
            return f"{path.parent} is no folder; choose another"
        case errno.EISDIR:
            return "it is a folder; name a file in it"
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return "Kvizor may not write there; allow it or choose another folder"
        case number if number in _FULL:
            return "the disk is full; free some space"
    return f"{error.strerror}; choose another place"


def _write(
    session: Session, name: str, path: Path, currency: str, language: str, separator: str
) -> tuple[int, int]:
    find(session, name)
    expected = session.scalar(_members(select(func.count()).select_from(Membership), name)) or 0
    columns = select(*(column for _, _, column in _COLUMNS))
    query = _members(columns.select_from(Membership), name)
    rows = _told(streamed(session, query), currency, language)
    return expected, csv_table.write(path, chain([header(_COLUMNS, language)], rows), separator)


def header(columns: Iterable[tuple[str, str, Any]], language: str) -> list[str]:
    """Return the titles of columns that are named in English and Russian."""
    return [russian if language == "ru" else english for english, russian, _ in columns]


def streamed(session: Session, query: Select[Any]) -> Iterator[Any]:
    """Yield the rows of a query, a thousand in memory; it is asked when the file is there to take them."""
    yield from session.execute(query.execution_options(yield_per=AT_ONCE))


def _members(query: Select[Any], name: str) -> Select[Any]:
    return (
        query.join(Segment, Segment.id == Membership.segment_id)
        .join(Subscriber, Subscriber.id == Membership.subscriber_id)
        .join(Profile, Profile.subscriber_id == Membership.subscriber_id)
        .where(Segment.name == name, Membership.left_at.is_(None))
    )


def _told(rows: Iterable[Any], currency: str, language: str) -> Iterator[list[object]]:
    """Put sums in whole units, and words in place of ids where the reader's are others."""
    words = {place: {id_: ru for id_, ru, _ in FIELDS[name].choices} for place, name in _WORDED}
    for row in rows:
        cells = list(row)
        cells[_TOTAL] = major(cells[_TOTAL], currency)
        if language == "ru":
            for place, said in words.items():
                cells[place] = said.get(cells[place], cells[place])
        yield cells
