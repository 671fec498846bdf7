"""Lessons after a quiz: each at its hour, once, not after a stop, not twice for one who comes again."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.db import Database
from core.mailing import ledger, lessons
from core.mailing.models import Campaign, Content, Delivery
from core.people import subscribers
from core.people.models import Event, Subscriber
from core.people.subscribers import Sender
from core.quizzes.loader import Library, load_stored
from core.quizzes.models import Answer, QuizRun
from core.quizzes.records import store_versions
from tests.mailing.people import Mailbox
from tests.mailing.test_sender import sending
from tests.quizzes.people import library_of
from tests.sandbox.process import ROOT, TOKEN, start_sandbox

COURSE = """
id: course
title: {{ru: Курс, en: Course}}
languages: [ru, en]
questions:
  - id: level
    kind: choice
    text: {{ru: Ваш уровень?, en: Your level?}}
    options:
      - {{id: new, text: {{ru: Новичок, en: Beginner}}}}
      - {{id: pro, text: {{ru: Мастер, en: Master}}}}
results:
  - id: school
    when: {{question: level, is: new}}
    text: {{ru: Ждите уроков, en: Lessons will come}}
    lessons:
      - {{after_hours: 0, text: {{ru: 'Урок 1, {{{{ first_name | default: "друг" }}}}', en: Lesson 1}}}}
      - {{after_hours: 24, text: {{ru: "Урок 2 для тех, кто {{{{ level }}}}", en: Lesson 2}}, file: plan.txt}}
      - {{after_hours: 48, text: {{ru: {third}, en: Lesson 3}}}}
  - {{id: club, text: {{ru: Вы и так мастер, en: You are a master}}}}
"""


def course(folder: Path, third: str = "Урок 3") -> Library:
    (folder / "files").mkdir(exist_ok=True)
    (folder / "files" / "plan.txt").write_text("План")
    return library_of(COURSE.format(third=third), folder=folder)


def walks(
    session: Session, library: Library, who: int, now: datetime, level: str = "new", language: str = "ru"
) -> int:
    """A person has finished the course's quiz, by its rows; returns the run."""
    store_versions(session, library, now)
    loaded = library.quiz("course")
    person = subscribers.meet(session, Sender(1000 + who, "Анна", language_code=language), now)
    run = QuizRun(
        subscriber_id=person.id,
        quiz="course",
        version_hash=loaded.hash,
        started_at=now,
        finished_at=now,
        result="school" if level == "new" else "club",
        language=language,
        key=f"{who}:{now}",
    )
    session.add(run)
    label = {"new": "Новичок", "pro": "Мастер"}[level]
    place = {"subscriber_id": person.id, "quiz": "course", "question": "level", "folded": level}
    session.merge(Answer(**place, text=label, answered_at=now))
    session.flush()
    return run.id


def rows(session: Session) -> list[tuple[str, str, datetime]]:
    found = session.execute(
        select(Campaign.key, Delivery.state, Delivery.due_at)
        .join(Campaign, Campaign.id == Delivery.campaign_id)
        .order_by(Delivery.due_at, Delivery.id)
    )
    return [(key.split(":")[1], state, due) for key, state, due in found]


async def test_lessons_are_planned_at_their_hours_once_a_run(
    db: Database, now: datetime, tmp_path: Path
) -> None:
    library = course(tmp_path)
    run_id = db.write_now(walks, library, 1, now)
    assert db.write_now(lessons.plan, library, run_id, now).count == 3
    assert db.write_now(lessons.plan, library, run_id, now + timedelta(minutes=5)).count == 0

    hours = [(name, state, (due - now) / timedelta(hours=1)) for name, state, due in db.read_now(rows)]
    assert hours == [
        ("course.school.0", "planned", 0),
        ("course.school.1", "planned", 24),
        ("course.school.2", "planned", 48),
    ]


async def test_another_result_and_an_unfinished_run_bring_none(
    db: Database, now: datetime, tmp_path: Path
) -> None:
    library = course(tmp_path)
    assert db.write_now(lessons.plan, library, db.write_now(walks, library, 1, now, "pro"), now).count == 0
    assert db.write_now(lessons.plan, library, 999, now).count == 0


async def test_each_arrives_in_his_language_at_its_hour_and_the_file_is_named_after_the_first_upload(
    db: Database, now: datetime, tmp_path: Path
) -> None:
    library, mailbox = course(tmp_path), Mailbox()
    for who, language in ((1, "ru"), (2, "en"), (3, "ru")):
        run_id = db.write_now(walks, library, who, now, "new", language)
        db.write_now(lessons.plan, library, run_id, now)
    seen = []
    for hours in (0, 23, 24, 48):
        moment = now + timedelta(hours=hours)
        async with sending(db, mailbox, moment) as sender:
            await sender.drain()
        seen.append(sorted((letter.chat_id, letter.text) for letter in mailbox.delivered))
        mailbox.delivered.clear()
    assert seen[0] == [(1001, "Урок 1, Анна"), (1002, "Lesson 1"), (1003, "Урок 1, Анна")]
    assert seen[1] == []
    assert [text for _, text in seen[2]] == [
        "Урок 2 для тех, кто Новичок",
        "Lesson 2",
        "Урок 2 для тех, кто Новичок",
    ]
    assert [text for _, text in seen[3]] == ["Урок 3", "Lesson 3", "Урок 3"]
    files = db.read_now(
        lambda s: s.scalars(select(Content.file_path).where(Content.kind == "document")).all()
    )
    assert {Path(str(one)).name for one in files} == {"plan.txt"}
    states = set(db.read_now(lambda s: s.scalars(select(Campaign.state)).all()))
    assert states == {"finished"}, "nobody waits any more (R6)"


async def test_a_lessons_file_that_was_sent_is_a_fact_once(
    db: Database, now: datetime, tmp_path: Path
) -> None:
    library, mailbox = course(tmp_path), Mailbox()
    db.write_now(lessons.plan, library, db.write_now(walks, library, 1, now), now)
    for hours in (0, 24, 48):
        async with sending(db, mailbox, now + timedelta(hours=hours)) as sender:
            await sender.drain()
    assert len(mailbox.delivered) == 3
    facts = select(Event.detail).where(Event.kind == "file_taken")
    expected = [{"quiz": "course", "file": "plan.txt", "lesson": 2}]
    assert db.read_now(lambda s: list(s.scalars(facts))) == expected

    ids = db.read_now(lambda s: list(s.scalars(select(Delivery.id))))
    assert db.write_now(lessons.took_files, ids, now) == 0, "a result told twice is one fact"


async def test_a_finished_campaign_of_a_lesson_runs_again_for_the_next_person(
    db: Database, now: datetime, tmp_path: Path
) -> None:
    library, mailbox = course(tmp_path), Mailbox()
    for who in (1, 2):
        moment = now + timedelta(days=5 * who)
        db.write_now(lessons.plan, library, db.write_now(walks, library, who, moment), moment)
        async with sending(db, mailbox, moment + timedelta(days=3)) as sender:
            await sender.drain()
    assert mailbox.chats() == {1001: 3, 1002: 3}
    assert db.read_now(lambda s: len(s.scalars(select(Campaign.id)).all())) == 3


async def test_a_stop_suppresses_the_rest_with_its_reason(
    db: Database, now: datetime, tmp_path: Path
) -> None:
    library, mailbox = course(tmp_path), Mailbox()
    db.write_now(lessons.plan, library, db.write_now(walks, library, 1, now), now)
    async with sending(db, mailbox, now) as sender:
        await sender.drain()
    db.write_now(
        lambda s: subscribers.opt_out(
            s, s.scalars(select(Subscriber.id)).one(), now + timedelta(hours=1), "stop"
        )
    )
    async with sending(db, mailbox, now + timedelta(days=3)) as sender:
        await sender.drain()
    assert len(mailbox.delivered) == 1
    told = db.read_now(
        lambda s: s.execute(select(Delivery.state, Delivery.reason).order_by(Delivery.id)).all()
    )
    assert [tuple(one) for one in told] == [
        ("sent", None),
        ("suppressed", "opted_out"),
        ("suppressed", "opted_out"),
    ]


async def test_who_takes_the_quiz_again_within_a_month_gets_no_lesson_twice(
    db: Database, now: datetime, tmp_path: Path
) -> None:
    library, mailbox = course(tmp_path), Mailbox()
    db.write_now(lessons.plan, library, db.write_now(walks, library, 1, now), now)
    async with sending(db, mailbox, now + timedelta(hours=1)) as sender:
        await sender.drain()
    later = now + timedelta(days=10)
    again = db.write_now(walks, course(tmp_path, "Урок 3 без опечатки"), 1, later)
    assert db.write_now(lessons.plan, course(tmp_path, "Урок 3 без опечатки"), again, later).count == 0

    much_later = now + timedelta(days=40)
    third = db.write_now(walks, library, 1, much_later)
    assert db.write_now(lessons.plan, library, third, much_later).count == 3


async def test_a_lesson_suppressed_by_a_stop_comes_after_all_when_he_returns_and_takes_the_quiz_again(
    db: Database, now: datetime, tmp_path: Path
) -> None:
    library = course(tmp_path)
    db.write_now(lessons.plan, library, db.write_now(walks, library, 1, now), now)
    db.write_now(lambda s: s.execute(update(Delivery).values(state="suppressed", reason="opted_out")))
    later = now + timedelta(days=2)
    assert db.write_now(lessons.plan, library, db.write_now(walks, library, 1, later), later).count == 3


async def test_a_lesson_that_cannot_be_sent_is_named_and_the_others_are_planned(
    db: Database, now: datetime, tmp_path: Path
) -> None:
    text = COURSE.format(third='"' + "очень длинно " * 400 + '"')
    loaded = load_stored(text, tmp_path)  # a version from before the check of files knew it
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "plan.txt").write_text("План")
    library = Library(tmp_path, {"course": loaded}, {loaded.hash: loaded})
    planned = db.write_now(lessons.plan, library, db.write_now(walks, library, 1, now), now)
    assert planned.count == 2
    assert planned.problems[0].startswith("course.school, lesson 3: ")


def test_what_looks_like_a_template_in_a_quiz_is_only_text() -> None:
    assert lessons.as_letter("{% if x %} 100 %}", "shop") == '{{ "{%" }} if x %} 100 %}'
    letters_text = lessons.as_letter('{{ scores.art | default: "0" }}', "shop")
    assert letters_text == '{{ quiz.shop.scores_art | default: "0" }}'
    from core.mailing.content import Reader, template

    assert template(lessons.as_letter("{% a {{ first_name }}", "shop")).render(Reader("Я")) == "{% a Я"


async def test_killed_between_planning_and_sending_each_lesson_arrives_once(
    db: Database, tmp_path: Path
) -> None:
    """kill -9 of the sender in the middle, over real HTTP: nobody gets a lesson twice, nobody loses one."""
    sandbox = start_sandbox(tmp_path / "sandbox.db")
    try:
        sandbox.post("limits", {"rate": 0, "per_chat_rate": 0, "latency_ms": [20, 60]})
        people = [sandbox.started(f"Гость {number}") for number in range(20)]
        library, now = course(tmp_path), datetime.now(UTC)
        for chat in people:
            run_id = db.write_now(walks, library, chat - 1000, now - timedelta(days=3))
            db.write_now(lessons.plan, library, run_id, now)
        for share in (10, 30, None):
            process = sending_process(db, sandbox.url)
            if share is None:
                assert process.wait(60) == 0
                break
            deadline = time.monotonic() + 30
            while sandbox.get("stats")["delivered"] < share and time.monotonic() < deadline:
                time.sleep(0.01)
            process.kill()
            process.wait()
        log = [
            row for row in sandbox.get("log?limit=100000") if row["message_id"] and row["chat_id"] in people
        ]
        got = [(row["chat_id"], row["text"]) for row in log if str(row["method"]).startswith("send")]
        totals = [
            db.read_now(ledger.totals, i) for i in db.read_now(lambda s: list(s.scalars(select(Campaign.id))))
        ]
        unknown, resent = sum(one.unknown for one in totals), sum(one.resent for one in totals)
        assert sum(one.pending for one in totals) == 0
        assert sum(one.audience for one in totals) == 60
        assert len(set(got)) >= 60 - unknown
        assert len(got) - len(set(got)) <= resent, "twice only where the outcome was in doubt, and marked"
    finally:
        sandbox.stop()


def sending_process(db: Database, url: str) -> subprocess.Popen[bytes]:
    base = db.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.mailing.sending_process", base, url, TOKEN, "60", "1.0"]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
