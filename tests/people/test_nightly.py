"""The daily pass over people: what a bulk load brought is derived, nothing else is touched."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from core import privacy
from core.db import Database
from core.people import nightly, places_pass, search, subscribers
from core.people.attributes import set_attribute
from core.people.gender import kept
from core.people.models import Attribute, Profile, Subscriber
from core.people.nightly import Nightly
from core.people.subscribers import Sender
from core.settings import Settings
from tests.ticking import tick


def loaded(session: Session, now: datetime) -> None:
    """Two people as a bulk load brings them: no sex, no folded name, a city as typed."""
    names = ("Анна", "Саша")
    rows = [{"first_name": name, "status": "known", "created_at": now} for name in names]
    session.execute(insert(Subscriber), rows)
    session.execute(insert(Profile), [{"subscriber_id": who, "touched_at": now} for who in (1, 2)])
    set_attribute(session, 1, "city", "спб", now, origin="import")
    session.execute(text("UPDATE subscribers SET name_folded = ''"))


def told(db: Database, who: int, key: str) -> str | None:
    def read(session: Session) -> str | None:
        row = session.get(Attribute, (who, key))
        return row.text if row else None

    return db.read_now(read)


def test_what_a_bulk_load_brought_is_derived_and_a_second_pass_changes_nothing(
    db: Database, now: datetime
) -> None:
    db.write_now(loaded, now)
    assert nightly.run(db, now, None) == Nightly(judged=2, genders=1, places=1, names=2)
    assert (told(db, 1, "gender"), told(db, 2, "gender")) == ("female", None)
    assert told(db, 1, "city") == "Санкт-Петербург"
    assert [hit.id for hit in db.read_now(search.find, "анн")] == [1]
    assert nightly.run(db, now, None) == Nightly(judged=2, genders=0, places=0, names=0)
    later = now + timedelta(days=1)
    assert nightly.run(db, later, later) == Nightly(0, 0, 0, 0)


def test_only_the_touched_are_judged_again_and_the_owners_word_stands(db: Database, now: datetime) -> None:
    db.write_now(loaded, now)
    nightly.run(db, now, None)
    later = now + timedelta(days=1)
    db.write_now(subscribers.meet, Sender(77, "Иван"), later)
    db.write_now(kept.correct, 1, "m", later, 7)
    found = nightly.run(db, later, later)
    assert (found.judged, found.genders) == (2, 0)
    assert (told(db, 1, "gender"), told(db, 3, "gender")) == ("male", "male")


def test_the_tick_does_it_once_a_day(db: Database, now: datetime) -> None:
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    db.write_now(loaded, now)
    tick(db, now, settings)
    assert told(db, 1, "gender") == "female"
    assert db.read_now(places_pass.count_unknown) == (0, 0)
    db.write_now(lambda session: session.execute(text("DELETE FROM attributes WHERE key = 'gender'")))
    tick(db, now + timedelta(hours=1), settings)
    assert told(db, 1, "gender") is None
    db.write_now(kept.correct, 1, None, now, 7)
    assert told(db, 1, "gender") == "female"


def test_where_no_name_lacks_the_writer_is_not_asked(
    db: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.write_now(loaded, now)
    assert search.fill_names(db) == 2

    def write_now(*_: object) -> None:
        raise AssertionError("the writer was asked")

    monkeypatch.setattr(db, "write_now", write_now)
    assert search.fill_names(db) == 0


def test_who_is_erased_while_names_are_folded_gets_none(
    db: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.write_now(loaded, now)
    write_now = db.write_now

    def erased_first(verb: Any, *args: Any) -> Any:
        write_now(privacy.forget, 1, now)
        return write_now(verb, *args)

    monkeypatch.setattr(db, "write_now", erased_first)
    assert search.fill_names(db) == 1
    folded = db.read_now(lambda session: session.get_one(Subscriber, 1).name_folded)
    assert folded.strip() == ""
