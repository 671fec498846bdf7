"""The database: one writer, savepoints, answers after the commit."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from core.db import Database, note_touched
from core.errors import DatabaseError
from core.migrate import require_current, upgrade
from core.people.models import Subscriber, Tag
from core.people.subscribers import Sender, meet


def count_people(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Subscriber)) or 0


async def test_three_hundred_writers_at_once_all_find_their_row(db: Database, now: datetime) -> None:
    people = await asyncio.gather(*[db.write(meet, Sender(100 + n, f"P{n}"), now) for n in range(300)])
    assert len({person.id for person in people}) == 300
    assert await db.read(count_people) == 300


async def test_a_verb_that_fails_takes_only_its_own_rows_with_it(db: Database, now: datetime) -> None:
    def fails(session: Session) -> None:
        meet(session, Sender(1, "half-done"), now)
        raise ValueError("on purpose")

    results = await asyncio.gather(
        db.write(meet, Sender(2, "before"), now),
        db.write(fails),
        db.write(meet, Sender(3, "after"), now),
        return_exceptions=True,
    )
    assert isinstance(results[1], ValueError)
    assert await db.read(lambda s: sorted(s.scalars(select(Subscriber.telegram_id)))) == [2, 3]


async def test_a_cancelled_caller_does_not_stop_the_writer(db: Database, now: datetime) -> None:
    task = asyncio.create_task(db.write(meet, Sender(7, "gone"), now))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    person = await db.write(meet, Sender(8, "still served"), now)
    assert person.telegram_id == 8


async def test_the_answer_comes_after_the_commit(db: Database, now: datetime) -> None:
    await db.write(meet, Sender(5, "Anna"), now)
    other = Database(db.url.render_as_string(hide_password=False))
    assert other.read_now(count_people) == 1
    await other.close()


async def test_touched_people_are_handed_over_once_before_the_commit(
    database_url: str, now: datetime
) -> None:
    seen: list[set[int]] = []

    def hook(session: Session, ids: set[int], moment: datetime) -> None:
        seen.append(ids)
        session.add(Tag(subscriber_id=min(ids), tag="touched", added_at=moment))

    db = Database(database_url, on_touched=hook)
    upgrade(db)

    def twice(session: Session) -> int:
        first = meet(session, Sender(1), now).id
        second = meet(session, Sender(2), now).id
        note_touched(session, [first], now)
        return second

    last = await db.write(twice)
    assert seen == [{last - 1, last}]
    assert await db.read(lambda s: s.scalar(select(func.count()).select_from(Tag))) == 1
    await db.close()


async def test_a_reading_verb_sees_one_moment_whatever_is_written_meanwhile(
    db: Database, now: datetime
) -> None:
    arriving = iter(range(20, 30))

    def twice(session: Session) -> tuple[int, int]:
        before = count_people(session)
        db.write_now(meet, Sender(next(arriving), "newcomer"), now)
        return before, count_people(session)

    assert await asyncio.to_thread(db.read_now, twice) == (0, 0)
    assert await db.read(twice) == (1, 1)
    assert await db.read(count_people) == 2


async def test_a_reading_verb_cannot_write_on_sqlite(db: Database, now: datetime) -> None:
    if not db.is_sqlite:
        return

    def writes(session: Session) -> None:
        meet(session, Sender(1), now)

    with pytest.raises(DBAPIError, match="readonly"):
        await db.read(writes)


async def test_a_naive_moment_is_refused(db: Database) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        await db.write(meet, Sender(1), datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test


async def test_a_locked_file_is_waited_for(db: Database, now: datetime) -> None:
    if not db.is_sqlite:
        return
    other = sqlite3.connect(str(db.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(db.write(meet, Sender(9, "patient"), now))
    await asyncio.sleep(0.3)
    assert not writing.done()
    other.execute("COMMIT")
    other.close()
    assert (await writing).first_name == "patient"


async def test_a_file_that_is_no_database_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "photo.db").write_bytes(b"\x89PNG" * 1000)
    with pytest.raises(DatabaseError, match="cannot be opened"):
        Database(f"sqlite:///{tmp_path}/photo.db")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "is not an address"),
        ("mysql://a/b", "mysql is not supported"),
        ("sqlite://", "needs a file"),
        ("sqlite:////proc/nothing/kvizor.db", "cannot be written"),
    ],
)
def test_a_wrong_address_is_told_in_a_sentence(url: str, words: str) -> None:
    with pytest.raises(DatabaseError, match=words):
        Database(url)


async def test_an_old_revision_is_refused_with_the_remedy(database_url: str) -> None:
    db = Database(database_url)
    with pytest.raises(DatabaseError, match="kvizor db upgrade"):
        require_current(db)
    upgrade(db)
    require_current(db)
    await db.close()
