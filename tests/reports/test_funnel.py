"""The funnel counts distinct people from facts: who came to a step, who went on, who is still deciding."""

from __future__ import annotations

import csv
import io
import random
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.db import Database, table
from core.people.models import Consent, ConsentText, Event, Subscriber
from core.quizzes.definition import Quiz
from core.quizzes.loader import load_text
from core.quizzes.models import QuizRun, QuizVersion, RunAnswer
from core.reports import funnel_rows, funnel_tables
from core.reports.charts_funnel import Bar, funnel_chart
from core.reports.csv_table import as_csv
from core.reports.funnel import Funnel, Step, funnel, weakest
from core.reports.rates import Share, wilson
from tests.reports.test_charts import size_of

NOW = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)  # 3 March in Moscow
DAY = timedelta(days=1)
TEXT = """
id: start
title: {ru: Знакомство}
questions:
  - {id: role, kind: choice, text: Кто вы?, options: [{id: a, text: А}, {id: b, text: Б}]}
  - {id: team, kind: number, text: Сколько вас?, when: {question: role, is: a}}
  - {id: city, kind: text, text: Город, optional: true}
results:
  - {id: gift, when: {question: role, is: a}, text: Держите, file: vernut-klientov.txt}
  - {id: rest, text: Спасибо}
"""


@pytest.fixture
def quiz() -> Quiz:
    return load_text(TEXT, "start.yaml", Path(__file__).resolve().parents[2] / "quizzes").quiz


@dataclass
class Walk:
    """One run: what was passed (None = skipped), where it stands or how it ended."""

    answers: dict[str, Any] = field(default_factory=dict)
    shown: str | None = None
    result: str | None = None
    has_file: bool = False
    moved: timedelta = DAY  # ago
    quiz: str = "start"
    is_trial: bool = False


@dataclass
class Guest:
    """One person; `consent`: never, given, or given and taken back."""

    source: str | None = "vk"
    opened: timedelta | None = DAY
    consent: str = "given"
    walks: tuple[Walk, ...] = ()
    is_erased: bool = False


def settle(session: Session, guests: list[Guest]) -> None:
    """Write people with their facts."""
    connection = session.connection()
    connection.execute(
        insert(table(ConsentText)),
        {"hash": "h", "purpose": "data", "language": "ru", "text": "t", "first_shown_at": NOW},
    )
    version = {"hash": "v", "quiz": "start", "text": TEXT, "first_used_at": NOW}
    connection.execute(insert(table(QuizVersion)), version)
    for who, guest in enumerate(guests, 1):
        _person(session, who, guest)
        for number, walk in enumerate(guest.walks):
            _walk(session, who, who * 10 + number, walk)


def _person(session: Session, who: int, guest: Guest) -> None:
    opened = NOW - guest.opened if guest.opened is not None else None
    values = {
        "id": who,
        "telegram_id": who,
        "status": "active",
        "source": guest.source,
        "created_at": NOW - 400 * DAY,
        "joined_at": opened,
        "data_consent_at": opened if guest.consent == "given" else None,
        "erased_at": NOW if guest.is_erased else None,
    }
    connection = session.connection()
    connection.execute(insert(table(Subscriber)), values)
    if guest.consent != "never":
        for given in (True, False) if guest.consent == "withdrawn" else (True,):
            proof = {"subscriber_id": who, "purpose": "data", "given": given, "at": NOW, "text_hash": "h"}
            keys = {"path": "start", "update_key": f"{who}{given}"}
            connection.execute(insert(table(Consent)), proof | keys)


def _walk(session: Session, who: int, run: int, walk: Walk) -> None:
    moved = NOW - walk.moved
    row = {
        "id": run,
        "subscriber_id": who,
        "quiz": walk.quiz,
        "version_hash": "v",
        "started_at": moved - timedelta(minutes=30),
        "shown_at": moved,
        "finished_at": moved if walk.result else None,
        "shown": walk.shown,
        "result": walk.result,
        "key": f"r{run}",
        "is_trial": walk.is_trial,
    }
    connection = session.connection()
    connection.execute(insert(table(QuizRun)), row)
    for question, value in walk.answers.items():
        given = {"run_id": run, "question": question, "value": value, "at": moved}
        connection.execute(insert(table(RunAnswer)), given)
    if walk.has_file:
        detail = {"quiz": walk.quiz, "file": "f"}
        event = {"subscriber_id": who, "kind": "file_taken", "at": moved, "detail": detail}
        connection.execute(insert(table(Event)), event | {"key": f"file:{run}"})


FULL = {"role": "a", "team": 3, "city": "Казань"}
DONE = Walk(FULL, result="gift", has_file=True)


def told(steps: tuple[Step, ...]) -> dict[str, tuple[int, int]]:
    return {step.question or step.kind: (step.came, step.passed) for step in steps}


def test_every_step_counts_who_came_and_who_went_on(db: Database, quiz: Quiz) -> None:
    guests = [
        Guest(consent="never"),
        Guest(),  # agreed, began nothing
        Guest(walks=(Walk(shown="role"),)),
        Guest(walks=(Walk({"role": "a"}, shown="team"),)),
        Guest(walks=(Walk({"role": "b"}, shown="city"),)),
        Guest(walks=(DONE,)),
        Guest(walks=(Walk({"role": "b", "city": None}, result="rest"),)),
        Guest(walks=(Walk(FULL, result="gift"),)),  # the file did not arrive
    ]
    db.write_now(settle, guests)
    found = funnel(db, quiz, NOW)
    assert told(found.everybody) == {
        "opened": (8, 8),
        "consent": (8, 7),
        "begun": (7, 6),
        "role": (6, 5),
        "team": (3, 2),
        "city": (4, 3),
        "finished": (6, 3),
        "file": (2, 1),
    }
    by_name = {step.question or step.kind: step for step in found.everybody}
    assert by_name["city"].skipped == 1
    assert [name for name, step in by_name.items() if step.only_some] == ["team", "file"]
    line = found.sources[0]
    assert (line.opened, line.consented, line.begun, line.finished, line.filed) == (8, 7, 6, 3, 1)
    assert weakest(found.everybody) == by_name["consent"], "of equal losses the first is named"


def test_people_are_counted_once_however_often_they_begin(db: Database, quiz: Quiz) -> None:
    again = (Walk({"role": "a"}, shown="team"), Walk({"role": "a", "team": 2}, shown="city"), DONE)
    db.write_now(settle, [Guest(walks=again), Guest(walks=again[:2])])
    steps = told(funnel(db, quiz, NOW).everybody)
    assert (steps["role"], steps["team"], steps["city"]) == ((2, 2), (2, 2), (2, 1))
    assert (steps["finished"], steps["file"]) == ((2, 1), (1, 1))


def test_who_went_back_and_left_is_lost_where_he_stopped(db: Database, quiz: Quiz) -> None:
    db.write_now(settle, [Guest(walks=(Walk({"role": "a", "team": 2}, shown="role"),))])
    steps = told(funnel(db, quiz, NOW).everybody)
    assert steps["role"] == (1, 0)
    assert steps["team"] == (1, 1)


def test_whoever_was_asked_within_the_hour_is_not_lost_yet(db: Database, quiz: Quiz) -> None:
    fresh = timedelta(minutes=20)
    guests = [
        Guest(opened=fresh, consent="never"),
        Guest(opened=fresh),
        Guest(opened=40 * timedelta(minutes=1), walks=(Walk(shown="role", moved=fresh),)),
        Guest(walks=(Walk({"role": "b"}, shown="city", moved=fresh),)),
    ]
    db.write_now(settle, guests)
    steps = funnel(db, quiz, NOW).everybody
    assert [step.lost for step in steps if not step.is_whole] == [0] * 6
    assert {step.question or step.kind: step.waiting for step in steps if step.waiting} == {
        "consent": 1,
        "begun": 1,
        "role": 1,
        "city": 1,
        "finished": 2,
    }
    assert weakest(steps) is None


def test_refused_and_late_questions_are_passed_without_an_answer(db: Database, quiz: Quiz) -> None:
    values = (None, {"refused": True}, {"late": True}, "Казань")
    walks = [Walk({"role": "b", "city": value}, result="rest") for value in values]
    db.write_now(settle, [Guest(walks=(walk,)) for walk in walks])
    city = next(step for step in funnel(db, quiz, NOW).everybody if step.question == "city")
    assert (city.came, city.passed, city.skipped, city.lost) == (4, 4, 3, 0)


def test_a_period_is_whole_local_days_of_the_first_opening(db: Database, quiz: Quiz) -> None:
    at_midnight = timedelta(hours=1) + 6 * DAY  # 00:00 of 25 February in Moscow
    just_before = at_midnight + timedelta(seconds=1)
    guests = [
        Guest(opened=at_midnight),
        Guest(opened=just_before),
        Guest(opened=None),
        Guest(opened=300 * DAY),
    ]
    db.write_now(settle, guests)
    counts = [funnel(db, quiz, NOW, days).everybody[0].came for days in (7, 8, 0)]
    assert counts == [1, 2, 3], "nobody who is only known from a file has opened the bot"


def test_trials_other_quizzes_and_the_erased_are_left_out(db: Database, quiz: Quiz) -> None:
    guests = [
        Guest(walks=(Walk(shown="role", is_trial=True),)),
        Guest(walks=(Walk({"role": "a"}, shown="team", quiz="other"),)),
        Guest(walks=(DONE,), is_erased=True),
        Guest(walks=(Walk({"vanished": 1}, shown="vanished"),)),  # of an earlier version
    ]
    db.write_now(settle, guests)
    steps = told(funnel(db, quiz, NOW).everybody)
    assert steps["opened"] == (3, 3)
    assert steps["begun"] == (3, 1)
    assert steps["role"] == (0, 0)
    assert "vanished" not in steps


def test_a_file_of_another_quiz_is_not_this_ones(db: Database, quiz: Quiz) -> None:
    other = Walk({"x": 1}, result="end", has_file=True, quiz="other", moved=DAY)
    db.write_now(settle, [Guest(walks=(Walk(FULL, result="gift"), other))])
    assert told(funnel(db, quiz, NOW).everybody)["file"] == (1, 0)


def test_who_was_led_to_another_quiz_is_not_lost_here(db: Database, quiz: Quiz) -> None:
    guests = [
        Guest(source="quiz_other", consent="never"),
        Guest(source="quiz_other", walks=(Walk({"x": 1}, shown="y", quiz="other"),)),
        Guest(source="quiz_other", walks=(DONE,)),  # came for the other one and took this one too
        Guest(source="quiz_start"),
        Guest(source="quizzes"),  # a link of the business, not a quiz
        Guest(source=None),
    ]
    db.write_now(settle, guests)
    found = funnel(db, quiz, NOW)
    assert found.elsewhere == 2
    assert told(found.everybody)["consent"] == (4, 4)
    assert told(found.everybody)["begun"] == (4, 1)
    assert {line.name: line.opened for line in found.sources} == {
        "quiz_other": 1, "quiz_start": 1, "quizzes": 1, "": 1,
    }  # fmt: skip
    second = funnel(db, quiz, NOW, entry="first")
    assert second.elsewhere == 4, "without a link of its own a newcomer is led to the entry quiz"
    assert told(second.everybody)["begun"] == (2, 1)


def test_a_lessons_file_is_not_the_one_the_result_promised(db: Database, quiz: Quiz) -> None:
    db.write_now(settle, [Guest(walks=(Walk(FULL, result="gift"),))])
    detail = {"quiz": "start", "file": "two.pdf", "lesson": 1}
    event = {"subscriber_id": 1, "kind": "file_taken", "at": NOW, "detail": detail, "key": "lesson:1:file"}
    db.write_now(lambda s: s.connection().execute(insert(table(Event)), event))
    assert told(funnel(db, quiz, NOW).everybody)["file"] == (1, 0)


def test_friends_links_are_one_source_and_every_source_has_its_steps(db: Database, quiz: Quiz) -> None:
    sources = ["vk", "vk", "ref_abc", "ref_xyz", "ref_1", None]
    db.write_now(settle, [Guest(source=source, walks=(DONE,)) for source in sources])
    found = funnel(db, quiz, NOW)
    assert [(line.name, line.opened) for line in found.sources] == [("ref_", 3), ("vk", 2), ("", 1)]
    assert told(found.steps("ref_"))["finished"] == (3, 3)
    assert found.steps("nobody") == ()


def test_an_empty_base_has_a_funnel_of_zeros(db: Database, quiz: Quiz) -> None:
    found = funnel(db, quiz, NOW, 0)
    assert found.sources == ()
    assert set(told(found.everybody).values()) == {(0, 0)}
    assert found.everybody[0].share.interval is None


def oracle(guests: list[Guest]) -> dict[str, tuple[int, int, int]]:
    """The same in plain words, person by person: came, went on, skipped."""
    counts: dict[str, list[int]] = {}

    def note(step: str, went_on: bool, skipped: bool = False) -> None:
        row = counts.setdefault(step, [0, 0, 0])
        for place, is_so in enumerate((True, went_on, skipped)):
            row[place] += is_so

    for guest in guests:
        agreed, walks = guest.consent != "never", guest.walks
        note("opened", True)
        note("consent", agreed)
        if agreed or walks:
            note("begun", bool(walks))
        if not walks:
            continue
        is_done = any(walk.result for walk in walks)
        passed = {question for walk in walks for question in walk.answers}
        shown = {walk.shown for walk in walks if walk.shown and not walk.result}
        stops = (shown - passed) or (set() if is_done else shown)
        for question in passed | shown:
            answered = any(walk.answers.get(question) is not None for walk in walks)
            note(question, question not in stops, question in passed and not answered)
        note("finished", is_done)
        if any(walk.has_file or walk.result == "gift" for walk in walks):
            note("file", any(walk.has_file for walk in walks))
    return {step: (row[0], row[1], row[2]) for step, row in counts.items()}


def random_walk(dice: random.Random) -> Walk:
    questions = ["role", "team", "city"]
    stop = dice.randrange(4)
    answers = {name: dice.choice([None, "a"]) for name in questions[:stop]}
    if stop == 3:
        result = dice.choice(["gift", "rest"])
        return Walk(answers, result=result, has_file=result == "gift" and dice.random() < 0.8)
    return Walk(answers, shown=dice.choice(questions[: stop + 1]))


@pytest.mark.parametrize("seed", range(4))
def test_the_counts_agree_with_plain_words_for_random_people(
    db: Database, quiz: Quiz, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(seed)
    guests = [
        Guest(
            source=dice.choice(["vk", "tg", None, "ref_a"]),
            consent=dice.choice(["never", "given", "given", "withdrawn"]),
            walks=tuple(random_walk(dice) for _ in range(dice.choice([0, 1, 1, 2, 3]))),
        )
        for _ in range(60)
    ]
    db.write_now(settle, guests)
    monkeypatch.setattr(funnel_rows, "PEOPLE_AT_ONCE", 17)
    monkeypatch.setattr("core.reports.funnel.PEOPLE_AT_ONCE", 17)
    found = funnel(db, quiz, NOW)
    steps = {step.question or step.kind: (step.came, step.passed, step.skipped) for step in found.everybody}
    assert steps == oracle(guests) | {name: row for name, row in steps.items() if row == (0, 0, 0)}
    for line in found.sources:
        own = [one for one in guests if line.name == ("ref_" if one.source == "ref_a" else one.source or "")]
        assert told(found.steps(line.name))["finished"][1] == oracle(own).get("finished", (0, 0))[1]


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [  # Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_is_the_published_one(count: int, of: int, low: float, high: float) -> None:
    assert wilson(count, of) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10**6), st.data())
def test_the_interval_holds_the_share_and_stays_between_0_and_1(of: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of))
    low, high = wilson(count, of)
    assert 0 <= low <= count / of <= high <= 1
    assert low < high


def test_what_is_no_share_is_refused() -> None:
    for count, of in ((1, 0), (-1, 5), (6, 5)):
        with pytest.raises(ValueError, match="no share"):
            wilson(count, of)
    assert Share(0, 0).rate is None
    assert [Share(1, of).is_few for of in (29, 30)] == [True, False]


def some_funnel(db: Database, quiz: Quiz) -> Funnel:
    db.write_now(
        settle, [Guest(source="=1+1", walks=(DONE,)), Guest(walks=(Walk({"role": "b"}, shown="city"),))]
    )
    return funnel(db, quiz, NOW)


def test_the_tables_hold_every_step_of_every_source(db: Database, quiz: Quiz) -> None:
    found = some_funnel(db, quiz)
    rows = funnel_tables.step_rows(found, lambda step: step.question or step.kind, lambda name: name, "ru")
    assert len(rows) == 1 + 3 * len(found.everybody)
    told_ = list(csv.reader(io.StringIO(as_csv(rows).decode("utf-8-sig")), delimiter=";"))
    assert told_[0][:3] == ["Источник", "Шаг", "Название"]
    finished = next(row for row in told_ if row[:2] == ["Все", "finished"])
    assert finished[4:10] == ["2", "1", "0", "0", "1", "0,5000"]
    assert {row[0] for row in told_[1:]} == {"Все", "vk", "'=1+1"}, "no cell is a formula"


def test_the_excel_file_is_read_back_as_it_was_written(db: Database, quiz: Quiz) -> None:
    found = some_funnel(db, quiz)
    steps = funnel_tables.step_rows(found, lambda step: "a<b>&\x01", lambda name: name, "en")
    sources = funnel_tables.source_rows(found, lambda name: name, "en")
    with zipfile.ZipFile(io.BytesIO(funnel_tables.as_xlsx(sources, steps, "en"))) as archive:
        assert archive.testzip() is None
        parts = {name: ET.fromstring(archive.read(name)) for name in archive.namelist()}
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    cells = [
        ["".join(cell.itertext()) for cell in row]
        for row in parts["xl/worksheets/sheet1.xml"].iter(f"{space}row")
    ]
    assert cells[0][:6] == ["Source", "Opened", "Consent", "Begun", "Finished", "File"]
    assert cells[1][:6] == ["=1+1", "1", "1", "1", "1", "1"]
    kinds = [cell.get("t") for cell in parts["xl/worksheets/sheet1.xml"].iter(f"{space}c")]
    assert set(kinds) == {"inlineStr", None}, "a text is a text, never a formula"
    assert len(list(parts["xl/worksheets/sheet2.xml"].iter(f"{space}row"))) == len(steps)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_picture_is_as_wide_as_a_phone_and_never_endless(language: str) -> None:
    questions = [
        Bar(f"Вопрос {number} 🔥 $x_{{2$ " * 4, 1000 - number, 990 - number, False, True)
        for number in range(200)
    ]
    many = [Bar("Открыли", 5000, 5000, True), *questions, Bar("Файл", 0, 0, True)]
    for bars in (many, many[:1], []):
        width, height = size_of(funnel_chart(bars, "«Знакомство», за 30 дней", language))
        assert width == 1080
        assert height < 2200
