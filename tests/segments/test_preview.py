"""A rule before it is kept: its size and sample, its SQL with the values, and the data nobody has."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.db import Database
from core.segments.errors import RuleError
from core.segments.preview import Compiled, compiled, preview
from tests.oracle import Person
from tests.segments.people import NOW, store


@pytest.fixture
def base(db: Database) -> Database:
    db.on_touched = None
    buyer = Person(
        tags={"vip"},
        purchases=[(NOW - timedelta(days=5), 70_000)],
        goods=[("Курс", "Обучение")],
        events=[("tapped", NOW)],
        attributes={"city": "Казань"},
        last_seen_at=NOW,
    )
    db.write_now(store, buyer)
    db.write_now(store, Person(unanswered=4))
    return db


def uncast(sql: str) -> str:
    """PostgreSQL's driver is told types as `:name::TYPE`, where text() sees no name."""
    return re.sub(r"::[A-Z]+( WITH TIME ZONE)?", "", sql)


def test_a_preview_counts_samples_and_lacks_nothing_where_there_is_data(base: Database) -> None:
    rule = 'tag vip and city = Казань and event tapped and spent more than 500 on "Курс" within 30 days'
    found = base.read_now(preview, rule, NOW, "ru")
    assert (found.size, [person.id for person in found.sample], found.lacking) == (1, [1], ())


@pytest.mark.parametrize(
    ("rule", "ru", "en"),
    [
        ("tag vyp", "метки «vyp» ещё ни у кого нет", "nobody has the tag “vyp” yet"),
        (
            "event price_viewed",
            "событие «price_viewed» ещё ни разу не записано",
            "the event “price_viewed” was never recorded yet",
        ),
        (
            "not finished series sales",
            "событие «series_finished» ещё ни разу не записано",
            "the event “series_finished” was never recorded yet",
        ),
        (
            "goal = x or goal = y",
            "цель: ещё ни у кого нет (ответы в квизах и импорт)",
            "the goal: nobody has it yet (answers in quizzes and imports)",
        ),
        (
            "quiz entry.role = owner",
            "ответ на вопрос «role» квиза «entry»: ещё ни у кого нет (ответы в квизе)",
            "the answer to “role” of the quiz “entry”: nobody has it yet (answers in the quiz)",
        ),
        (
            "rfm = champions",
            "сегмент RFM: ещё ни у кого нет (ежедневный расчёт по покупкам)",
            "the RFM segment: nobody has it yet (the daily computation from purchases)",
        ),
        (
            "spent more than 1 on курс within 30 days",
            "покупок «курс» ещё не было; может быть, «Курс»?",
            "nobody bought “курс” yet; did you mean “Курс”?",
        ),
        (
            "spent more than 1 on велосипед within 30 days",
            "покупок «велосипед» ещё не было",
            "nobody bought “велосипед” yet",
        ),
    ],
)
def test_a_rule_on_data_that_nobody_has_says_so(base: Database, rule: str, ru: str, en: str) -> None:
    assert base.read_now(preview, rule, NOW, "ru").lacking == (ru,)
    assert base.read_now(preview, rule, NOW, "en").lacking == (en,)


def test_the_sql_shown_is_the_sql_that_runs_with_its_values_apart(base: Database) -> None:
    rule = 'unanswered >= 3 and status in (active, stopped) and not city = "x\'); DROP TABLE tags"'
    shown = base.read_now(compiled, rule, NOW)
    assert "DROP" not in shown.text
    assert "x'); drop table tags" in shown.values.values()
    assert {"active", "stopped", 3} <= set(shown.values.values())

    def run(session: Session) -> list[int]:
        return list(session.scalars(text(uncast(shown.text)), shown.values))

    assert base.read_now(run) == [2]


def test_moments_are_shown_as_the_database_compares_them(base: Database) -> None:
    shown: Compiled = base.read_now(compiled, "birthday within next 7 days or last_seen within 2 hours", NOW)
    assert {"03-02", "03-10"} <= set(shown.values.values())
    assert any(
        str(value).replace("T", " ").startswith("2026-03-02 07:00:00") for value in shown.values.values()
    )

    def run(session: Session) -> list[int]:
        return list(session.scalars(text(uncast(shown.text)), shown.values))

    assert base.read_now(run) == [1]


def test_a_wrong_rule_is_refused_with_its_place(base: Database) -> None:
    with pytest.raises(RuleError, match="line 1, column 1: unknown field `purchase`"):
        base.read_now(preview, "purchase = 0", NOW, "ru")
