"""Privacy: everything is told, all is forgotten that has no reason to stay, a crash loses nothing."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from core import mydata, privacy
from core.db import Base, Database
from core.mailing import lease
from core.mailing.attempts import start_attempts
from core.mailing.ledger import LEASE
from core.mailing.models import Delivery
from core.people import (
    activity,
    attributes,
    consents,
    inbox,
    preferences,
    prompts,
    subscribers,
    topics,
)
from core.people.choices import Erasure
from core.people.consents import Proof
from core.people.inbox import Raw
from core.people.models import Consent, Event, Inbox, Subscriber
from core.people.preferences import Quiet
from core.people.subscribers import Sender, Status
from core.people.topics import Place
from core.quizzes.models import Answer, QuizRun, QuizVersion, RunAnswer
from core.sales.models import Purchase
from tests.mailing.people import launch_all, planned_campaign, reasons

ANNA = Sender(11, "Анна", "Котова", "anna", "ru")
BORIS = Sender(12, "Борис", "Котов", "boris", "ru")
PROOF = Proof("Стереть мои данные?", "ru", "forget", "u9", 77)
SECRETS = [
    "Анна",
    "Котова",
    "anna",
    "+79161234567",
    "anna@example.org",
    "крючки",
    "Казань",
    "секрет",
    '"11"',
    "owner",
]


def live(session, sender: Sender, now: datetime, mark: str) -> int:  # type: ignore[no-untyped-def]
    """One person with a row in every corner."""
    person = subscribers.meet(session, sender, now)
    who = person.id
    person.phone, person.email, person.external_id = (
        f"+7916123456{mark}",
        f"{sender.username}@example.org",
        f"c{mark}",
    )
    subscribers.came_from(session, person, "vk_ads", now, f"touch{mark}")
    for purpose in ("data", "advertising"):
        consents.give(
            session, person, purpose, Proof("Текст согласия", "ru", "start", f"{who}:1:{purpose}", 1), now
        )
    attributes.set_attribute(session, who, "hobby", "крючки", now, origin="quiz:entry")
    attributes.add_tag(session, who, "секрет", now, origin="quiz:entry")
    attributes.set_attribute(session, who, "city", "Казань", now, origin="quiz:entry")
    preferences.set_quiet(session, who, Quiet(22 * 60, 8 * 60), now)
    prompts.ask(session, who, "city", 5, now)
    topic = topics.add(session, "Скидки | Sales", "topic", now)
    topics.choose(session, who, topic, False, Place("topics", f"choice{mark}"), now)
    activity.record(session, who, "wrote", now, detail={"text": "секрет"}, key=f"wrote{mark}")
    session.merge(QuizVersion(hash="h", quiz="entry", text="", first_used_at=now))
    session.flush()
    run = QuizRun(
        subscriber_id=who, quiz="entry", version_hash="h", started_at=now, shown="role", key=f"run{mark}"
    )
    session.add(run)
    session.flush()
    session.add(RunAnswer(run_id=run.id, question="role", value="owner", at=now))
    session.add(
        Answer(
            subscriber_id=who, quiz="entry", question="role", folded="owner", text="owner", answered_at=now
        )
    )
    session.add(
        Purchase(order_id=f"o{mark}", subscriber_id=who, at=now, amount=100, currency="RUB", base_amount=100)
    )
    session.flush()
    return who


def arrived(session, /, number: int, sender: Sender, now: datetime, **ends: Any) -> None:  # type: ignore[no-untyped-def]
    inbox.accept(session, [Raw(number, sender.telegram_id, json.dumps({"text": f"секрет {number}"}))], now)
    for name, value in ends.items():
        setattr(session.get_one(Inbox, number), name, value)


def rows_of(session, who: int) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """All rows of a person as text, by table."""
    found: dict[str, str] = {}
    for table, column in privacy.tables_of_people():
        rows = session.execute(select(table).where(column == who)).all()
        found[table.name] = repr(rows) if rows else ""
    given = session.execute(
        select(RunAnswer.__table__).join(QuizRun).where(QuizRun.subscriber_id == who)
    ).all()
    found["run_answers"] = repr(given) if given else ""
    found["subscribers"] = repr(
        session.execute(select(Subscriber.__table__).where(Subscriber.id == who)).all()
    )
    return found


def forgotten(db: Database, who: int, now: datetime) -> None:
    assert db.write_now(privacy.forget, who, now, PROOF) is True
    privacy.erase(db, who)


async def test_the_file_holds_a_row_of_every_table_there_is_about_a_person(
    db: Database, now: datetime
) -> None:
    who = db.write_now(live, ANNA, now, "7")
    db.write_now(live, BORIS, now, "8")
    db.write_now(arrived, 1, ANNA, now, done_at=now)
    db.write_now(arrived, 2, BORIS, now, done_at=now)
    campaign_id = db.write_now(planned_campaign, now)
    launch_all(db, now)

    found = db.read_now(mydata.collect, who, now)
    text = json.dumps(found, ensure_ascii=False)
    assert found["person"]["phone"] == "+79161234567"
    assert [act["text"] for act in found["consents"]] == ["Текст согласия"] * 2
    assert found["letters"][0]["letter"] == "Весна"
    assert {row["key"]: row["text"] for row in found["attributes"]}["hobby"] == "крючки"
    assert found["quiz_runs"][0]["quiz"] == "entry"
    assert [row["value"] for row in found["run_answers"]] == ["owner"]
    assert found["updates"] == [
        {"received_at": now.isoformat(), "handled_at": now.isoformat(), "update": {"text": "секрет 1"}}
    ]
    assert found["topics"][0]["is_on_now"] is False
    assert "boris" not in text
    assert campaign_id
    filled = {name for name, rows in db.read_now(rows_of, who).items() if rows}
    shown = set(found) | {
        "consents",
        "deliveries",
        "memberships",
        "topic_choices",
        "topics_off",
        "preferences",
    }
    assert filled - shown - {"subscribers", "segment_masks", "erasures", "suppressions"} == set()


async def test_forgetting_leaves_nothing_that_tells_who_he_was(db: Database, now: datetime) -> None:
    who = db.write_now(live, ANNA, now, "7")
    other = db.write_now(live, BORIS, now, "8")
    others = db.read_now(rows_of, other)
    db.write_now(arrived, 1, ANNA, now, done_at=now)
    db.write_now(arrived, 2, ANNA, now, done_at=now, error="unparseable")
    db.write_now(arrived, 3, BORIS, now, done_at=now)

    forgotten(db, who, now)

    left = db.read_now(rows_of, who)
    for secret in SECRETS:
        kept = {name for name, rows in left.items() if secret in rows}
        assert kept <= ({"topic_choices"} if secret == '"11"' else set()), (secret, kept)
    assert {name for name, rows in left.items() if rows} <= {*privacy.KEPT, "subscribers"} - {"erasures"}
    person = db.read_now(lambda s: s.get_one(Subscriber, who))
    assert (person.status, person.telegram_id, person.erased_at) == (Status.ERASED, None, now)
    assert db.read_now(lambda s: list(s.scalars(select(Inbox.update_id)))) == [3]
    # proof, suppression and sums stay
    acts = db.read_now(consents.acts, who)
    assert [(act.purpose, act.given) for act in acts] == [
        ("data", True),
        ("advertising", True),
        ("data", False),
        ("advertising", False),
    ]
    assert acts[-1].text == PROOF.text
    assert db.read_now(lambda s: s.scalar(select(func.sum(Purchase.base_amount)))) == 200
    assert db.read_now(rows_of, other) == others


def test_every_table_that_stays_says_why() -> None:
    named = {table.name for table, _ in privacy.tables_of_people()}
    assert set(privacy.KEPT) <= named
    assert all(privacy.KEPT.values())
    emptied = named - set(privacy.KEPT)
    assert {"attributes", "tags", "answers", "quiz_runs", "preferences", "prompts"} <= emptied
    assert Base.metadata.tables["run_answers"] is not None


async def test_a_letter_that_waits_is_suppressed_and_a_second_forgetting_does_nothing(
    db: Database, now: datetime
) -> None:
    who = db.write_now(live, ANNA, now, "7")
    db.write_now(preferences.set_quiet, who, None, now)
    campaign_id = db.write_now(planned_campaign, now)
    launch_all(db, now)
    db.write_now(lease.take, LEASE, "me", None)
    assert db.write_now(privacy.forget, who, now, PROOF) is True
    assert db.write_now(privacy.forget, who, now, PROOF) is False

    ids = db.read_now(lambda s: list(s.scalars(select(Delivery.id))))
    assert db.write_now(start_attempts, ids, 1, now) == set()
    assert db.read_now(reasons, campaign_id)[who] == ("suppressed", "erased")


async def test_a_crash_in_the_middle_is_finished_by_the_tick(db: Database, now: datetime) -> None:
    who = db.write_now(live, ANNA, now, "7")

    def much(session) -> None:  # type: ignore[no-untyped-def]
        rows = [
            {"subscriber_id": who, "kind": "wrote", "at": now, "detail": {"text": "секрет"}, "key": f"k{n}"}
            for n in range(2500)
        ]
        session.execute(insert(Event), rows)

    db.write_now(much)
    db.write_now(arrived, 1, ANNA, now)  # this very update asked for it and is not done yet
    db.write_now(privacy.forget, who, now, PROOF)  # … and here the process is killed

    assert privacy.finish_due(db, now) == 1
    told = select(func.count()).where(Event.subscriber_id == who, Event.detail.is_not(None))
    assert db.read_now(lambda s: s.scalar(told)) == 0
    db.write_now(inbox.done, [1], now)
    assert privacy.finish_due(db, now) == 0
    assert db.read_now(lambda s: s.scalar(select(func.count()).select_from(Inbox))) == 0
    assert db.read_now(lambda s: s.scalar(select(func.count()).select_from(Erasure))) == 0


async def test_what_he_writes_afterwards_belongs_to_a_stranger_and_stays(db: Database, now: datetime) -> None:
    who = db.write_now(live, ANNA, now, "7")
    db.write_now(privacy.forget, who, now, PROOF)
    later = now + timedelta(seconds=1)
    db.write_now(arrived, 5, ANNA, later, done_at=later)
    came = db.write_now(subscribers.meet, ANNA, later)
    assert privacy.finish_due(db, later) == 0
    assert came.id != who
    assert came.status == Status.STOPPED  # no letter before a new consent
    assert db.read_now(lambda s: list(s.scalars(select(Inbox.update_id)))) == [5]


async def test_without_the_consent_everything_rests_and_is_erased_after_thirty_days(
    db: Database, now: datetime
) -> None:
    who = db.write_now(live, ANNA, now, "7")
    proof = Proof("Я отзываю согласие", "ru", "privacy", "u20", 8)
    assert db.write_now(privacy.withdraw, who, "data", 1, proof, now) is True
    assert db.write_now(privacy.withdraw, who, "data", 1, proof, now) is False  # the old button again
    person = db.read_now(lambda s: s.get_one(Subscriber, who))
    assert (person.data_consent_at, person.advertising_consent_at, person.status) == (None, None, "stopped")
    assert db.read_now(lambda s: s.scalars(select(QuizRun.abandoned_at)).one()) == now
    assert db.read_now(privacy.standing, who).erased_on == now + privacy.AFTER_WITHDRAWAL

    privacy.finish_due(db, now + timedelta(days=29))
    assert db.read_now(lambda s: s.get_one(Subscriber, who)).erased_at is None
    privacy.finish_due(db, now + timedelta(days=30))
    assert db.read_now(lambda s: s.get_one(Subscriber, who)).status == Status.ERASED


async def test_a_new_consent_calls_the_erasure_off(db: Database, now: datetime) -> None:
    who = db.write_now(live, ANNA, now, "7")
    db.write_now(privacy.withdraw, who, "data", 1, Proof("т", "ru", "privacy", "u20"), now)

    def agree(session) -> None:  # type: ignore[no-untyped-def]
        person = session.get_one(Subscriber, who)
        consents.give(session, person, "data", Proof("т", "ru", "start", "u21"), now)

    db.write_now(agree)
    privacy.finish_due(db, now + timedelta(days=40))
    assert db.read_now(lambda s: s.get_one(Subscriber, who)).erased_at is None


async def test_advertising_alone_may_be_taken_back(db: Database, now: datetime) -> None:
    who = db.write_now(live, ANNA, now, "7")
    assert db.write_now(privacy.withdraw, who, "advertising", 1, Proof("т", "ru", "privacy", "u20"), now)
    person = db.read_now(lambda s: s.get_one(Subscriber, who))
    assert (person.advertising_consent_at, person.status) == (None, "active")
    assert person.data_consent_at == now
    assert db.read_now(lambda s: s.scalar(select(func.count()).select_from(Consent))) == 3


async def test_the_file_is_made_once_a_minute(db: Database, now: datetime) -> None:
    who = db.write_now(live, ANNA, now, "7")
    minute = timedelta(minutes=1)
    assert db.write_now(mydata.may_take, who, "u1", minute, now) is True
    assert db.write_now(mydata.may_take, who, "u1", minute, now) is True  # a crash before it was shown
    assert db.write_now(mydata.may_take, who, "u2", minute, now + timedelta(seconds=59)) is False
    assert db.write_now(mydata.may_take, who, "u3", minute, now + timedelta(seconds=60)) is True


def agrees_to(session, who: int, purpose: str, now: datetime, update: str) -> None:  # type: ignore[no-untyped-def]
    proof = Proof("Передать контакт страховой?", "ru", f"quiz:ins.{purpose}", update)
    consents.give(session, session.get_one(Subscriber, who), purpose, proof, now)


async def test_a_consent_a_quiz_asked_for_is_listed_and_taken_back_by_itself(
    db: Database, now: datetime
) -> None:
    who = db.write_now(live, ANNA, now, "7")
    db.write_now(agrees_to, who, "insurance", now, "u20")
    assert db.read_now(privacy.standing, who).others == {"insurance": True}
    proof = Proof("Отозвать?", "ru", "privacy", "u21")
    assert db.write_now(privacy.withdraw, who, "insurance", 0, proof, now) is False  # an old button
    assert db.write_now(privacy.withdraw, who, "lottery", 0, proof, now) is False  # never asked about
    assert db.write_now(privacy.withdraw, who, "insurance", 1, proof, now) is True
    found = db.read_now(privacy.standing, who)
    assert (found.data, found.advertising, found.others) == (True, True, {"insurance": False})
    assert found.acts["insurance"] == 2


async def test_without_the_consent_to_data_no_other_one_stands(db: Database, now: datetime) -> None:
    anna, boris = db.write_now(live, ANNA, now, "7"), db.write_now(live, BORIS, now, "8")
    db.write_now(agrees_to, anna, "insurance", now, "u20")
    db.write_now(agrees_to, boris, "insurance", now, "u22")
    db.write_now(privacy.withdraw, anna, "data", 1, Proof("т", "ru", "privacy", "u21"), now)
    forgotten(db, boris, now)
    for who in (anna, boris):
        assert db.read_now(privacy.standing, who).granted == []
