"""Finding a person: by what an owner has at hand."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from core.db import Database
from core.people import search, subscribers
from core.people.models import Profile, Subscriber
from core.people.subscribers import Sender


@pytest.fixture
def base(db: Database, now: datetime) -> Database:
    def fill(session: Session) -> None:
        people = (("Алёна", "Петрова", "alena_p"), ("Пётр", "Алексеев", ""), ("100% Скидка", "", "sale_100"))
        for number, (first, last, nick) in enumerate(people, 1):
            subscribers.meet(session, Sender(5000 + number, first, last, nick), now)
        rows = [{"first_name": "Анна-Мария", "status": "known", "created_at": now, "external_id": "C-17"}]
        session.execute(insert(Subscriber), rows)
        session.add(Profile(subscriber_id=4, touched_at=now))
        found = {"phone": "+79161234567", "email": "anna@mail.ru"}
        session.execute(update(Subscriber).where(Subscriber.id == 4).values(found))

    db.write_now(fill)
    return db


ASKED = {
    "алена": [1], "АЛЁНА": [1], "Ал": [2, 1], "петр": [2, 1], "петр ал": [2, 1], "петрова алена": [1],
    "@alena_p": [1], "https://t.me/alena_p": [1], "лён": [1], "мария": [4], "5002": [2], "C-17": [4],
    "8 (916) 123-45-67": [4], "+79161234567": [4], "Anna@Mail.ru": [4], "100%": [3], "0%": [3], "a_": [1],
    "%": [], "_": [], "нет такого": [], "": [], "   ": [], "🙂": [], "'; --": [], "9" * 40: [], "\u202e": [],
}  # fmt: skip


def test_a_person_is_found_by_what_one_has_at_hand(base: Database) -> None:
    for asked, found in ASKED.items():
        assert [hit.id for hit in base.read_now(search.find, asked)] == found, asked


def test_a_changed_name_is_found_and_the_old_one_is_not(base: Database, now: datetime) -> None:
    base.write_now(subscribers.meet, Sender(5001, "Ольга"), now)
    assert [hit.id for hit in base.read_now(search.find, "ольга")] == [1]
    assert base.read_now(search.find, "алена") == []


def test_many_are_cut_and_erased_ones_are_never_found(base: Database, now: datetime) -> None:
    assert len(base.read_now(search.find, "а", limit=1)) == 1

    def erase(session: Session) -> None:
        session.get_one(Subscriber, 1).erased_at = now

    base.write_now(erase)
    assert base.read_now(search.find, "алена") == []
    assert base.read_now(search.find, "5001") == []
    assert [hit.id for hit in base.read_now(search.people, [4, 1, 2])] == [4, 2]


def test_names_of_a_bulk_load_are_folded_by_a_pass(base: Database) -> None:
    base.write_now(lambda session: session.execute(text("UPDATE subscribers SET name_folded = ''")))
    assert base.read_now(search.find, "алена") == []
    assert search.fill_names(base) == 4
    assert search.fill_names(base) == 0
    assert [hit.id for hit in base.read_now(search.find, "алена")] == [1]
