"""An owner's own number is shown to him and forgotten with him."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Column, insert, select
from sqlalchemy.orm import Session

from core import mydata, privacy
from core.db import Base, Database
from core.people.gender import kept
from core.people.models import Attribute, Tag
from core.people.subscribers import Sender, meet
from core.reports.models import Digest, DigestChoice
from core.segments.models import SegmentDraft, SegmentRule
from core.segments.rules import define

OWNER = 70_011_223_344


def work(session: Session, now: datetime) -> int:
    who = meet(session, Sender(OWNER, "Ольга"), now).id
    other = meet(session, Sender(5, "Саша"), now).id
    kept.correct(session, other, "m", now, OWNER)
    tag = {"subscriber_id": other, "tag": "vip", "origin": f"owner:{OWNER}", "added_at": now}
    session.execute(insert(Tag), [tag])
    session.add(DigestChoice(owner=OWNER, rhythm="weekly", chosen_at=now))
    session.add(Digest(owner=OWNER, day=now.date(), rhythm="weekly", due_at=now))
    session.add(SegmentDraft(owner=OWNER, created_at=now, key="d", state="open", rule="tag vip"))
    define(session, "mine", "tag vip", ("Мой", "Mine"), now)
    session.execute(SegmentRule.__table__.update().values(author=str(OWNER)))  # type: ignore[attr-defined]
    return who


def places_of(session: Session) -> set[str]:
    """Every column in which the number stands, alone or in a text."""

    def holds(column: Column[object]) -> bool:
        return any(str(OWNER) in str(value) for value in session.scalars(select(column)))

    columns = [column for one in Base.metadata.sorted_tables for column in one.columns]
    return {f"{column.table.name}.{column.name}" for column in columns if holds(column)}


def test_an_owner_sees_his_number_and_is_forgotten_with_it(db: Database, now: datetime) -> None:
    who = db.write_now(work, now)
    assert {"digests.owner", "segment_drafts.owner", "tags.origin"} <= db.read_now(places_of)
    shown = db.read_now(mydata.collect, who, now)
    assert [row["rhythm"] for row in shown["as_owner_digest_choices"]] == ["weekly"]
    assert [row["rule"] for row in shown["as_owner_segment_rules"]] == ["tag vip"]
    assert "name_folded" not in json.dumps(shown)
    db.write_now(privacy.forget, who, now)
    assert privacy.erase(db, who)
    assert db.read_now(places_of) == set()
    origins = db.read_now(lambda session: set(session.scalars(select(Attribute.origin))))
    assert "owner" in origins
