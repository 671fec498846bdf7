"""Young mothers with high income who buy children's goods: six families of data in one rule, and its base."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.people import attributes, places_kept
from core.people.models import Subscriber
from core.sales import imports
from core.sales.orders import Options
from core.segments import rules
from core.segments.preview import preview
from core.segments.refresh import refresh_all
from core.segments.why import why
from tests.segments.members import segments_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
RULE = (
    "gender = female and age >= 18 and age <= 35 and children in (baby, school_age) and income = high and "
    'spent at least 5000 on "Детские товары" within 90 days and not tag complained and '
    "region in (Татарстан, Москва)"
)
RU = (
    "пол — женский и возраст не меньше 18 лет и возраст не больше 35 лет и дети — «baby» или «school_age» и "
    "достаток — «high» и сумма покупок «Детские товары» за последние 90 дней не меньше 5\u00a0000 и "
    "нет метки «complained» и регион — «Татарстан» или «Москва»"
)
EN = (
    "the sex: female and the age: at least 18 and the age: at most 35 and "
    "the children: “baby” or “school_age” and the means: “high” and "
    "the sum of purchases of “Детские товары” within the last 90 days is at least 5,000 and "
    "has no tag “complained” and the region: “Татарстан” or “Москва”"
)
MOTHER: dict[str, str | float | date] = {
    "gender": "female",
    "birthday": date(1996, 2, 29),
    "children": "baby",
    "income": "high",
    "city": "г. казань",
}
PEOPLE: dict[str, dict[str, str | float | date]] = {
    "anna": MOTHER,
    "by_age": {**{key: value for key, value in MOTHER.items() if key != "birthday"}, "age": 35},
    "moscow": {**MOTHER, "city": "мск"},
    "birthday_today": {**MOTHER, "birthday": date(2008, 3, 2)},
    "refunded": MOTHER,
    "in_dollars": MOTHER,
    "long_ago": MOTHER,
    "coffee": MOTHER,
    "never": MOTHER,
    "father": {**MOTHER, "gender": "male"},
    "tomorrow_18": {**MOTHER, "birthday": date(2008, 3, 3)},
    "turned_36": {**MOTHER, "birthday": date(1990, 3, 2)},
    "not_born": {**MOTHER, "birthday": date(2027, 1, 1)},
    "modest": {**MOTHER, "income": "low"},
    "childless": {**MOTHER, "children": "none"},
    "elsewhere": {**MOTHER, "city": "Питер"},
    "complained": MOTHER,
    "unknown": {},
}
# an order of nothing takes nobody out, a refund of a penny does
MEMBERS = {"anna", "by_age", "moscow", "birthday_today"}
GOODS = "Детские товары"
ORDERS = f"""order,customer_id,date,amount,currency,category
1,anna,2026-02-20,4000,RUB,{GOODS}
2,anna,2026-01-15,1000,RUB,{GOODS}
2,anna,2026-01-15,1000,RUB,{GOODS}
3,by_age,2025-12-02,5000,RUB,{GOODS}
4,moscow,2026-03-02,5000.00,RUB,{GOODS}
4b,moscow,2026-02-28,0,RUB,{GOODS}
5,birthday_today,2026-02-01,9000,RUB,{GOODS}
6,refunded,2026-02-01,5000,RUB,{GOODS}
7,refunded,2026-02-05,-0.01,RUB,{GOODS}
8,in_dollars,2026-02-01,4999,RUB,{GOODS}
9,in_dollars,2026-02-01,500,USD,{GOODS}
10,long_ago,2025-12-01,50000,RUB,{GOODS}
11,coffee,2026-02-01,50000,RUB,Кофе
"""
ORDERS += "".join(
    f"{20 + place},{name},2026-02-01,7000,RUB,{GOODS}\n"
    for place, name in enumerate(PEOPLE)
    if name not in {*MEMBERS, "refunded", "in_dollars", "long_ago", "coffee", "never"}
)


@pytest.fixture
def base(db: Database, tmp_path: Path) -> Database:
    """Everybody by the doors the bot uses: an import of purchases, then what they said."""
    db.on_touched = None
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS + "99,never,2026-02-01,1,RUB,Кофе\n", encoding="utf-8")
    tally = imports.run(db, file, Options("RUB", ZoneInfo("Europe/Moscow")), NOW).tally
    assert (tally.repeated, tally.without_rate, tally.refunds, tally.zeros) == (1, 1, 1, 1)
    assert not tally.refused

    def said(session: Session) -> None:
        for person in session.scalars(select(Subscriber)):
            for key, value in PEOPLE[str(person.external_id)].items():
                if key == "city":
                    places_kept.said(session, person.id, str(value), NOW, source="test")
                else:
                    attributes.set_attribute(session, person.id, key, value, NOW, origin="test")
            if person.external_id == "complained":
                attributes.add_tag(session, person.id, "complained", NOW, origin="test")

    db.write_now(said)
    return db


def found(db: Database, name: str) -> set[str]:
    def read(session: Session) -> set[str]:
        people = session.execute(select(Subscriber.id, Subscriber.external_id)).all()
        return {who for number, who in people if name in segments_of(session, number)}

    return db.read_now(read)


def test_a_rule_over_six_families_finds_exactly_its_people(base: Database) -> None:
    seen = base.read_now(preview, RULE, NOW, "ru")
    assert (seen.condition.text(), seen.condition.sentence("ru"), seen.condition.sentence("en")) == (
        RULE,
        RU,
        EN,
    )
    assert (seen.size, seen.lacking) == (len(MEMBERS), ())
    assert [(one.field.text(), one.known) for one in seen.scarce] == [("age", len(PEOPLE) - 2)]
    base.write_now(rules.define, "mothers", RULE, ("Молодые мамы", "Young mothers"), NOW)
    base.write_now(rules.define, "others", "not in segment mothers", ("Остальные", "Others"), NOW)
    refresh_all(base, NOW)
    assert found(base, "mothers") == MEMBERS
    assert found(base, "others") == set(PEOPLE) - MEMBERS


def test_who_is_not_in_it_is_told_why(base: Database) -> None:
    base.write_now(rules.define, "mothers", RULE, ("Молодые мамы", "Young mothers"), NOW)

    def failing(session: Session, who: str) -> list[str]:
        number = session.scalars(select(Subscriber.id).where(Subscriber.external_id == who)).one()
        return [one.sentence("ru") for one in why(session, number, "mothers", NOW) if not one.holds]

    assert base.read_now(failing, "elsewhere") == ["регион — «Татарстан» или «Москва»"]
    assert base.read_now(failing, "tomorrow_18") == ["возраст не меньше 18 лет"]
    assert base.read_now(failing, "in_dollars") == [
        "сумма покупок «Детские товары» за последние 90 дней не меньше 5\u00a0000"
    ]
    assert base.read_now(failing, "complained") == ["нет метки «complained»"]
