"""Imports: purchases from a CSV file, shown before anything is written, then taken in step by step.

Both `preview` and `run` are long jobs: call them in a thread (`asyncio.to_thread`) beside a running bot.
"""

from __future__ import annotations

import csv
import hashlib
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.people import places_pass
from core.people.gender import kept
from core.people.matching import find
from core.sales.csv import Refused, read_rows, safe_cell
from core.sales.models import Import
from core.sales.orders import Order, read_order
from core.sales.purchases import add_orders, sorted_out, stored_orders
from core.sales.reasons import ImportFileError
from core.sales.seen import Seen, remembering
from core.sales.tally import Tally, from_json
from core.sales.text_file import text_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from core.db import Database
    from core.sales.csv import Layout, Row
    from core.sales.orders import Options
    from core.sales.purchases import Known

STEP = 1000  # orders looked up at once
FIRST_WIDTH, WIDEST, NARROWEST = 100, 1000, 25  # orders in one write, with all that hangs on them
SLOW_SECONDS, QUICK_SECONDS = 0.030, 0.012  # the writer is everybody's: nobody may hold it over 50 ms
KIND = "purchases"


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do: nothing is written yet."""

    layout: Layout
    tally: Tally
    currency: str | None  # of rows that name none; None if the file has a column for it
    is_currency_assumed: bool  # neither a column nor an option named it: the base currency stands in


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did; `is_repeat`: this very job (same key) had been finished before."""

    import_id: int
    tally: Tally
    is_repeat: bool = False


def preview(db: Database, path: Path, options: Options, now: datetime) -> Preview:
    """Read the whole file and say what an import would do; raises ImportFileError in a sentence."""
    tally = Tally()
    with remembering() as seen, _steps(path, options, now, seen) as (layout, steps):
        for orders, refused in steps:
            for line in refused:
                tally.refuse(line)
            known, places = db.read_now(_look_up, orders)
            _foresee(orders, known, places, seen, tally, options.base_currency)
    has_column = "currency" in layout.columns
    return Preview(
        layout,
        tally,
        currency=None if has_column else options.currency or options.base_currency,
        is_currency_assumed=not has_column and options.currency is None,
    )


def run(
    db: Database,
    path: Path,
    options: Options,
    now: datetime,
    *,
    refused_to: Path | None = None,
    language: str = "en",
    key: str | None = None,
    file_name: str = "",
    on_step: Callable[[Tally], None] | None = None,
) -> Report:
    """Take the file in; every refused line goes to `refused_to` as CSV (line, reason, text).

    Harmless to repeat, whole or after a crash: an order is stored once. A finished job with the same `key`
    only returns its counts. Raises ImportFileError in a sentence, before anything is written.
    """
    with remembering() as seen, _steps(path, options, now, seen) as (_, steps):
        begun = db.write_now(_begin, file_name or path.name, _hash(path), key, now)
        if begun.tally is not None:
            return Report(begun.import_id, begun.tally, is_repeat=True)
        tally, pace = Tally(), _Pace()
        with _refusals(refused_to, language, tally) as refuse:
            for orders, refused in steps:
                for line in refused:
                    refuse(line)
                for part in pace.parts(orders):
                    taken = db.write_now(add_orders, part, options.base_currency, begun.import_id, now)
                    tally.take(taken, options.base_currency, refuse)
                if on_step is not None:
                    on_step(tally)
        db.write_now(_finish, begun.import_id, tally, now)
    kept.recompute(db, now, newcomers_since=now)
    places_pass.recompute(db, now, since=now)
    return Report(begun.import_id, tally)


class _Pace:
    """How many orders go into one write: fewer after a slow one, more after a quick one."""

    def __init__(self) -> None:
        self._width = FIRST_WIDTH

    def parts(self, orders: list[Order]) -> Iterator[list[Order]]:
        """Cut the orders; the time between two parts is that of the write."""
        place = 0
        while place < len(orders):
            part = orders[place : place + self._width]
            place += len(part)
            began = time.monotonic()
            yield part
            seconds = time.monotonic() - began
            if seconds > SLOW_SECONDS:
                self._width = max(self._width // 2, NARROWEST)
            elif seconds < QUICK_SECONDS and len(part) == self._width:
                self._width = min(self._width * 2, WIDEST)


Step = tuple[list[Order], list[Refused]]


@contextmanager
def _steps(
    path: Path, options: Options, now: datetime, seen: Seen
) -> Iterator[tuple[Layout, Iterator[Step]]]:
    """Open the file as its layout and steps of checked orders with the lines refused among them."""
    with text_lines(path) as lines:
        layout, batches = read_rows(lines, options.separator)
        yield layout, _checked(batches, options, now, seen)


def _checked(
    batches: Iterator[list[Row | Refused]], options: Options, now: datetime, seen: Seen
) -> Iterator[Step]:
    """Give unnumbered orders as they are read, and after the whole file the numbered, their lines joined."""
    for batch in batches:
        lines = [line if isinstance(line, Refused) else read_order(line, options, now) for line in batch]
        good = [line for line in lines if not isinstance(line, Refused)]
        seen.keep(line for line in good if line.order_id)
        unnamed = (line.numbered(seen.ordinal(line.twin_key)) for line in good if not line.order_id)
        yield from _in_steps(chain(unnamed, (line for line in lines if isinstance(line, Refused))))
    yield from _in_steps(seen.orders())


def _in_steps(found: Iterator[Order | Refused]) -> Iterator[Step]:
    while some := list(islice(found, STEP)):
        orders = [one for one in some if not isinstance(one, Refused)]
        yield orders, [one for one in some if isinstance(one, Refused)]


def _look_up(session: Session, orders: list[Order]) -> tuple[Known, list[int | None]]:
    return stored_orders(session, orders), find(session, [order.identity for order in orders])


def _foresee(
    orders: list[Order],
    known: Known,
    places: list[int | None],
    seen: Seen,
    tally: Tally,
    base_currency: str,
) -> None:
    """Count what would become of these orders, with the people whom earlier ones will have added."""
    for order, place in zip(orders, places, strict=True):
        outcome = sorted_out([order], known)
        tally.take(outcome, base_currency, tally.refuse)
        if outcome.added:
            tally.new_people += seen.is_new_person(order.identity) and place is None


@dataclass(frozen=True, slots=True)
class _Begun:
    import_id: int
    tally: Tally | None  # of a finished job with the same key


def _begin(session: Session, file_name: str, file_hash: str, key: str | None, now: datetime) -> _Begun:
    row = session.scalar(select(Import).where(Import.key == key)) if key else None
    if row is None:
        row = Import(kind=KIND, file_name=file_name[:256], file_hash=file_hash, started_at=now, key=key)
        session.add(row)
        session.flush()
    return _Begun(row.id, from_json(row.counts) if row.finished_at else None)


def _finish(session: Session, import_id: int, tally: Tally, now: datetime) -> None:
    row = session.get_one(Import, import_id)
    row.counts = tally.to_json()
    row.finished_at = now


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _refusals(target: Path | None, language: str, tally: Tally) -> Iterator[Callable[[Refused], None]]:
    """Give a way to refuse a line: it is counted and, with a target, written as one row of a CSV file."""
    if target is None:
        yield tally.refuse
        return
    names = ("строка", "причина", "текст") if language == "ru" else ("line", "reason", "text")
    try:
        file = target.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise ImportFileError("unwritable", name=target.name, why=error.strerror or "") from None
    with file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(names)

        def refuse(line: Refused) -> None:
            tally.refuse(line)
            writer.writerow((line.line, line.reason.text(language), safe_cell(line.text)))

        yield refuse
