"""The inbox: committed once, in order, swept later."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.db import Database
from core.people import inbox
from core.people.inbox import read_raw

MESSAGE = {"update_id": 5, "message": {"message_id": 1, "from": {"id": 77}, "chat": {"id": 77}, "text": "hi"}}


async def test_an_update_told_twice_is_accepted_once(db: Database, now: datetime) -> None:
    raws = [read_raw(MESSAGE), read_raw({**MESSAGE, "update_id": 6})]
    assert len(await db.write(inbox.accept, raws, now)) == 2
    assert await db.write(inbox.accept, raws, now) == []


async def test_what_is_unfinished_comes_back_in_order(db: Database, now: datetime) -> None:
    raws = [read_raw({**MESSAGE, "update_id": number}) for number in (9, 7, 8)]
    await db.write(inbox.accept, raws, now)
    await db.write(inbox.done, [7], now)
    await db.write(inbox.quarantine, 8, "unparseable: x", now)
    assert [raw.update_id for raw in await db.read(inbox.unfinished)] == [9]


def test_an_update_of_a_kind_nobody_knows_still_has_its_person() -> None:
    assert read_raw({"update_id": 1, "brand_new": {"user": {"id": 42}}}).person == 42
    assert read_raw({"update_id": 1, "poll": {"id": "x"}}).person == 0


async def test_done_rows_live_a_week_and_quarantined_ones_a_month(db: Database, now: datetime) -> None:
    await db.write(inbox.accept, [read_raw({**MESSAGE, "update_id": n}) for n in (1, 2, 3)], now)
    await db.write(inbox.done, [1], now)
    await db.write(inbox.quarantine, 2, "x", now)
    assert await db.write(inbox.sweep, now + timedelta(days=8)) == 1
    assert await db.write(inbox.sweep, now + timedelta(days=31)) == 1
    assert [raw.update_id for raw in await db.read(inbox.unfinished)] == [3]
