"""The sex kept with a person: whose word goes first, when it follows, what rules see of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.db import Database
from core.people import subscribers
from core.people.activity import record
from core.people.attributes import set_attribute
from core.people.gender import kept
from core.people.gender.kept import GenderError, Recomputed
from core.people.models import Attribute, Profile, Subscriber
from core.people.subscribers import Sender
from core.segments import audience


def met(db: Database, now: datetime, first_name: str, last_name: str = "", telegram_id: int = 1) -> int:
    person = db.write_now(subscribers.meet, Sender(telegram_id, first_name, last_name), now)
    return int(person.id)


def gender(db: Database, who: int) -> tuple[str, str] | None:
    def read(session: Session) -> tuple[str, str] | None:
        row = session.get(Attribute, (who, "gender"))
        return (row.text, row.origin) if row else None

    return db.read_now(read)


def members(db: Database, rule: str, now: datetime) -> list[int]:
    return sorted(db.read_now(lambda session: list(session.scalars(audience.people_of(session, rule, now)))))


def test_a_newcomer_has_the_sex_of_his_name(db: Database, now: datetime) -> None:
    anna, sasha, ivan = (
        met(db, now, name, telegram_id=n) for n, name in enumerate(("Анна", "Саша", "Иван"), 1)
    )
    assert gender(db, anna) == ("female", "gender:first_name")
    assert gender(db, sasha) is None
    assert members(db, "gender = female", now) == [anna]
    assert members(db, "gender = male", now) == [ivan]
    assert members(db, "gender is unknown", now) == [sasha]
    assert members(db, "not gender = male", now) == [anna, sasha]


def test_a_changed_name_changes_it_and_the_same_name_leaves_it_alone(db: Database, now: datetime) -> None:
    who = met(db, now, "Анна")
    later = now + timedelta(days=1)
    met(db, later, "Анна")
    row = db.read_now(lambda session: session.get_one(Attribute, (who, "gender")))
    assert row.updated_at == now
    assert row.number == 0.98
    met(db, later, "Саша")
    assert gender(db, who) is None
    met(db, later, "Саша", "Иванов")
    assert gender(db, who) == ("male", "gender:surname")


def test_the_own_answer_goes_before_the_owner_and_the_owner_before_the_name(
    db: Database, now: datetime
) -> None:
    who = met(db, now, "Анна")
    assert db.write_now(kept.correct, who, "m", now, 7).source == "owner"
    assert gender(db, who) == ("male", "gender:owner")
    met(db, now, "Мария")
    assert gender(db, who) == ("male", "gender:owner")

    def answered(session: Session, value: str) -> None:
        set_attribute(session, who, "sex", value, now, origin="quiz:about_you")
        kept.settle(session, who, now)

    db.write_now(answered, "female")
    assert gender(db, who) == ("female", "gender:answer")
    assert db.write_now(kept.correct, who, "m", now, 7).gender == "f"
    db.write_now(answered, "refused")
    assert gender(db, who) == ("male", "gender:owner")


def test_a_correction_may_say_that_nobody_knows_and_may_be_taken_back(db: Database, now: datetime) -> None:
    who = met(db, now, "Анна")
    db.write_now(kept.correct, who, "u", now, 7)
    assert gender(db, who) is None
    assert members(db, "gender is unknown", now) == [who]
    db.write_now(kept.correct, who, None, now, 7)
    assert gender(db, who) == ("female", "gender:first_name")
    with pytest.raises(GenderError, match="say f, m, u"):
        db.write_now(kept.correct, who, "x", now, 7)  # type: ignore[arg-type]


def test_own_words_tell_an_open_name(db: Database, now: datetime) -> None:
    who = met(db, now, "Саша")

    def wrote(session: Session, text: str, key: str) -> None:
        record(session, who, "wrote", now, detail={"text": text}, key=key)
        kept.heard(session, who, now)

    db.write_now(wrote, "Добрый день!", "u1")
    assert gender(db, who) is None
    db.write_now(wrote, "Я записалась на пятницу", "u2")
    assert gender(db, who) == ("female", "gender:verbs")
    db.write_now(wrote, "я купил", "u3")
    assert gender(db, who) is None


def test_a_pass_over_the_base_writes_differences_only(db: Database, now: datetime) -> None:
    def fill(session: Session) -> None:
        names = ["Анна", "Иван", "Саша", "☀️"] * 600
        rows = [{"first_name": name, "status": "known", "created_at": now} for name in names]
        session.execute(insert(Subscriber), rows)
        ids = session.scalars(select(Subscriber.id))
        session.execute(insert(Profile), [{"subscriber_id": who, "touched_at": now} for who in ids])

    db.write_now(fill)
    assert kept.recompute(db, now) == Recomputed(600, 600, 1200, changed=1200)
    assert kept.recompute(db, now) == Recomputed(600, 600, 1200, changed=0)
    assert kept.recompute(db, now, newcomers_since=now + timedelta(1)) == Recomputed()


def test_a_verdict_whose_grounds_changed_meanwhile_is_not_written(db: Database, now: datetime) -> None:
    who = met(db, now, "Анна")
    judged = db.read_now(kept._verdicts, [who])
    db.write_now(kept.correct, who, "m", now, 7)
    db.write_now(kept._write_unchanged, judged, now)
    assert gender(db, who) == ("male", "gender:owner")
