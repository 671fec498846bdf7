"""/people: the owner finds a person, reads the card, asks why, and corrects what is wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage, TelegramMethod
from pydantic import ValidationError
from sqlalchemy.orm import Session

from bot.admin.callbacks import HistoryTap, MovementTap, PresetTap, SegmentTap
from bot.admin.people_callbacks import PeopleTap
from bot.admin.rule_callbacks import RuleTap
from core import clock, privacy
from core.db import Database
from core.people import places_kept, subscribers
from core.people.attributes import add_tag, set_attribute
from core.people.gender import kept
from core.people.models import Attribute, Profile, Subscriber, Tag
from core.quizzes.models import Answer
from core.sales.models import Purchase
from core.segments import rules
from core.segments.errors import SegmentError
from core.segments.refresh import refresh_all
from core.segments.scores.models import Score
from tests.admin.windows import OWNER, STRANGER, Window, buttons

ANNA, BORIS = 1, 2


def people(session: Session) -> None:
    now = clock.now()
    for name, rule, title in (
        ("buyers", "purchases >= 2", "Покупатели"),
        ("silent", "unanswered >= 5 or (city = Казань and purchases >= 9)", "Молчат"),
        ("women", "gender = female and city = Казань", "Женщины из Казани"),
        ("sound", "health >= 50", "Здоровые"),
    ):
        rules.define(session, name, rule, (title, title), now)
    anna = subscribers.meet(session, subscribers.Sender(501, "Анна <b>", "Петрова", "anna"), now)
    subscribers.meet(session, subscribers.Sender(502, "Борис"), now)
    anna.advertising_consent_at = now
    anna.external_id = "C-17"
    places_kept.said(session, ANNA, "г. казань", now, source="quiz:entry")
    set_attribute(session, ANNA, "income", 50000, now, origin="owner:1")
    add_tag(session, ANNA, "vip", now, origin="quiz:entry")
    place = {"subscriber_id": ANNA, "quiz": "entry", "answered_at": now}
    session.add(Answer(**place, question="role", folded="owner", text="Владею бизнесом", number=None))
    session.add(Answer(**place, question="gone", folded="x", text="Старый ответ", number=None))
    bought = {"amount": 150000, "currency": "RUB", "base_amount": 150000, "product": "Курс <1>"}
    session.add_all(Purchase(order_id=f"N-{n}", subscriber_id=ANNA, at=now, **bought) for n in (1, 2))
    profile = session.get_one(Profile, ANNA)
    profile.purchases_count, profile.purchases_total, profile.last_purchase_at = 2, 300000, now
    profile.letters_received, profile.unanswered = 7, 3
    session.add(
        Score(
            subscriber_id=ANNA, health=65, health_group="high_potential", outcome=80, answered=57,
            engagement=23, rfm="loyal", rfm_r=5, rfm_f=4, rfm_m=3, computed_at=now,
        )
    )  # fmt: skip


def text_of(call: TelegramMethod[Any]) -> str:
    assert isinstance(call, SendMessage | EditMessageText), call
    return call.text


def told(db: Database, who: int, key: str) -> str | None:
    def read(session: Session) -> str | None:
        row = session.get(Attribute, (who, key))
        return row.text if row else None

    return db.read_now(read)


async def test_a_person_is_asked_for_found_and_shown_as_a_card(base: Database) -> None:
    window = Window(base)
    (ask,) = await window.writes("/people")
    assert "Кого найти" in text_of(ask)
    (card,) = await window.writes("анна")
    text = text_of(card)
    for words in (
        "👤 <b>Анна &lt;b&gt; Петрова</b> <a href", "t.me/anna", "🟢 на связи", "клиент № C-17",
        "📍 Казань", "✅ Рекламу отправлять можно", "Пол: <b>женский</b> — по имени и фамилии, 100 %",
        "Писем: 7, без ответа подряд: 3", "Покупок: <b>2</b> на 3", "(Курс &lt;1&gt;)",
        "здоровье: 65 из 100 · высокий потенциал (покупки 80 × 62,5 % + письма 40 × 37,5 %)",
        "сегмент RFM: верные (давность 5, частота 4, деньги 3 из 5)", "• Женщины из Казани — с", "🏷 vip",
    ):  # fmt: skip
        assert words in text, words
    assert "&amp;" not in text
    assert list(buttons(card))[4:7] == ["● Женский", "Мужской", "Неизвестно"]
    for asked in ("C-17", "N-2", "501", "https://t.me/anna"):
        (again,) = await window.writes(f"/people {asked}")
        assert "Петрова" in text_of(again), asked


async def test_several_are_offered_as_buttons_and_nobody_is_said(base: Database) -> None:
    window = Window(base)
    (listed,) = await window.writes("/people 50")
    assert "никого нет" in text_of(listed)
    base.write_now(lambda s: subscribers.meet(s, subscribers.Sender(503, "Аннушка"), clock.now()))
    (listed,) = await window.writes("/people анн")
    assert "2 человека" in text_of(listed)
    assert list(buttons(listed)) == ["Аннушка", "Анна <b> Петрова @anna", "🔎 Найти ещё"]
    _, card = await window.taps(buttons(listed)["Аннушка"])
    assert "👤 <b>Аннушка</b>" in text_of(card)
    assert "🚫 Рекламу не отправим: нет согласия на рекламу" in text_of(card)


async def test_from_a_segment_one_sees_who_is_inside(base: Database) -> None:
    window = Window(base)
    card = (await window.taps("as:card:1"))[-1]
    _, page = await window.taps(buttons(card)["👥 Кто внутри"])
    assert "👥 <b>Покупатели</b>: 1–1 из 1" in text_of(page)
    person, opened = buttons(page)
    assert opened == "Открыть сегмент"
    assert person.startswith("Анна <b> Петрова · с ")
    answer = (await window.taps("pl:inside:99:0:0"))[0]
    assert isinstance(answer, AnswerCallbackQuery)
    assert answer.show_alert


async def test_answers_and_attributes_are_told_in_words(base: Database) -> None:
    window = Window(base)
    _, shown = await window.taps(f"pe:facts:{ANNA}:0")
    text = text_of(shown)
    assert "— Старый ответ" in text
    assert "• город: Казань (написано «г. казань») · из квиза" in text
    assert "климат: умеренный" in text
    assert "• достаток: 50000 · отмечено вами" in text
    assert "city_typed" not in text
    assert "&amp;" not in text


async def test_the_why_card_tells_each_condition_its_value_and_what_would_change_it(base: Database) -> None:
    window = Window(base)
    _, listed = await window.taps(f"pe:why:{ANNA}:0")
    names = list(buttons(listed))
    assert names[:4] == ["✓ Женщины из Казани", "✓ Здоровые", "✓ Покупатели", "Молчат"]
    _, inside = await window.taps(buttons(listed)["✓ Женщины из Казани"])
    assert "✅ Внутри с" in text_of(inside)
    assert "Должны выполняться все условия:" in text_of(inside)
    assert "✓ пол — женский\n    сейчас: женский, с " in text_of(inside)
    _, outside = await window.taps(buttons(listed)["Молчат"])
    assert "➖ Не внутри" in text_of(outside)
    assert "Правило: писем подряд без ответа не меньше 5 или (город" in text_of(outside)
    assert "✗ писем подряд без ответа не меньше 5\n    сейчас: 3\n    изменится: ещё 2 письма" in text_of(
        outside
    )
    _, score = await window.taps(buttons(listed)["✓ Здоровые"])
    assert "сейчас: 65 (покупки 80 × 62,5 % + письма 40 × 37,5 %)" in text_of(score)
    _, other = await window.taps(f"pe:whyof:{BORIS}:1")
    assert "✗ покупок не меньше 2\n    сейчас: 0\n    изменится: ещё 2 покупки" in text_of(other)
    assert "больше нет" in text_of((await window.taps(f"pe:whyof:{ANNA}:99"))[-1])


async def test_the_sex_is_corrected_by_one_tap_and_no_later_guess_overwrites_it(base: Database) -> None:
    window = Window(base)
    _, card = await window.taps(f"pe:gender:{ANNA}:2")
    assert "Пол: <b>мужской</b> — отмечено вами" in text_of(card)
    base.write_now(subscribers.meet, subscribers.Sender(501, "Мария", "Петрова"), clock.now())
    kept.recompute(base, clock.now())
    assert told(base, ANNA, "gender") == "male"
    _, card = await window.taps(f"pe:gender:{ANNA}:0")
    assert "● Неизвестно" in buttons(card)
    base.write_now(set_attribute, ANNA, "sex", "female", clock.now(), origin="quiz:about")
    alert, card = await window.taps(f"pe:gender:{ANNA}:2")
    assert "его ответ важнее" in str(alert.text)  # type: ignore[attr-defined]
    assert told(base, ANNA, "gender") == "female"
    (old,) = await window.taps(f"pe:gender:{ANNA}:7")
    assert old.show_alert  # type: ignore[attr-defined]


async def test_tags_are_added_and_taken_off(base: Database) -> None:
    window = Window(base)
    _, shown = await window.taps(f"pe:tags:{ANNA}:0")
    assert list(buttons(shown)) == ["✖️ vip", "➕ Добавить метку", "← Карточка"]
    await window.taps(buttons(shown)["➕ Добавить метку"])
    (card,) = await window.writes("#Оптовик Юг")
    assert "🏷 vip, оптовик юг" in text_of(card)
    await window.taps(f"pe:tag:{ANNA}:0")
    assert "от 1 до 64" in text_of((await window.writes("я" * 65))[0])
    off = buttons(shown)["✖️ vip"]
    _, left = await window.taps(off)
    assert "✖️ vip" not in buttons(left)
    await window.taps(off)
    assert base.read_now(lambda s: s.get(Tag, (ANNA, "vip"))) is None


async def test_an_attribute_is_set_checked_and_taken_away(base: Database) -> None:
    window = Window(base)
    base.write_now(set_attribute, BORIS, "visits", 3, clock.now(), origin="import")

    async def sets(text: str) -> str:
        await window.taps(f"pe:set:{ANNA}:0")
        return text_of((await window.writes(text))[0])

    assert await sets("Город = спб") == "✏️ Записал: город — Санкт-Петербург"
    assert (told(base, ANNA, "region"), told(base, ANNA, "timezone")) == ("Санкт-Петербург", "Europe/Moscow")
    assert await sets("День рождения = 29.02.1992") == "✏️ Записал: день рождения — 1992-02-29"
    assert "нужна дата" in await sets("birthday = вчера")
    assert "нужно число" in await sets("visits = много")
    assert await sets("visits = 1 200,5") == "✏️ Записал: свойство «visits» — 1200.5"
    assert "выводит сам" in await sets("gender = female")
    assert "Не понял" in await sets("просто текст")
    assert "одно слово" in await sets("два слова = 1")
    assert "не больше 256" in await sets("income = " + "1" * 300)
    assert await sets("город =") == "✏️ Убрал: город"
    assert (told(base, ANNA, "city"), told(base, ANNA, "region")) == (None, None)


async def test_history_tells_every_entering_and_leaving(base: Database) -> None:
    def forget(session: Session) -> None:
        session.get_one(Profile, ANNA).purchases_count = 0

    base.write_now(forget)
    refresh_all(base, clock.now() + timedelta(days=1))
    _, shown = await Window(base).taps(f"pe:history:{ANNA}:0")
    lines = text_of(shown).splitlines()
    assert lines[1].endswith("← вышел: Покупатели")
    assert len([line for line in lines if "→" in line]) == 3


async def test_pages_of_a_segment_go_to_its_end_and_back_while_people_come(base: Database) -> None:
    def come(first: int, last: int) -> None:
        for number in range(first, last):
            person = base.write_now(
                subscribers.meet, subscribers.Sender(600 + number, f"П{number}"), clock.now()
            )
            base.write_now(lambda s, who: setattr(s.get_one(Profile, who), "purchases_count", 2), person.id)
        refresh_all(base, clock.now())

    def names(page: TelegramMethod[Any]) -> list[str]:
        return [one.partition(" ")[0] for one in buttons(page) if " · с " in one]

    come(1, 25)
    window = Window(base)
    _, first = await window.taps("pl:inside:1:0:0")
    assert names(first) == [f"П{n}" for n in range(24, 14, -1)]
    _, second = await window.taps(buttons(first)["Дальше ›"])
    assert "11–20 из 25" in text_of(second)
    assert names(second) == [f"П{n}" for n in range(14, 4, -1)]
    come(25, 27)
    _, last = await window.taps(buttons(second)["Дальше ›"])
    assert names(last) == ["П4", "П3", "П2", "П1", "Анна"]  # newcomers do not shift the pages
    assert "Дальше ›" not in buttons(last)
    _, second = await window.taps(buttons(last)["‹ Назад"])
    assert names(second) == [f"П{n}" for n in range(14, 4, -1)]
    _, first = await window.taps(buttons(second)["‹ Назад"])
    assert names(first)[:2] == ["П26", "П25"]  # who came meanwhile stands there by now
    assert "‹ Назад" not in buttons(first)


async def test_other_segments_are_called_by_their_titles_on_cards_and_in_the_reasons(base: Database) -> None:
    rule = "in segment buyers and not in segment silent"
    made = base.write_now(rules.define, "upper", rule, ("Верхние", "Upper"), clock.now())
    refresh_all(base, clock.now())
    window = Window(base)
    told = text_of((await window.taps(f"pe:whyof:{ANNA}:{made.number}"))[-1])
    assert "✓ состоит в сегменте «Покупатели»" in told
    assert "если выйдет из сегмента «Покупатели»" in told
    assert "«buyers»" not in told
    assert "«silent»" not in told
    card = (await window.taps(SegmentTap(action="card", number=made.number).pack()))[-1]
    assert "состоит в сегменте «Покупатели» и не состоит в сегменте «Молчат»" in str(card.caption)  # type: ignore[attr-defined]
    shown = [[one.text for one in row] for row in card.reply_markup.inline_keyboard]  # type: ignore[attr-defined]
    assert [len(row) for row in shown[:-1]] == [2] * (len(shown) - 1)


async def test_namesakes_are_told_apart(base: Database) -> None:
    def namesakes(session: Session) -> None:
        now = clock.now()
        for number, (city, phone, nick) in enumerate(
            [("Казань", "", ""), ("Тула", "+79001234567", ""), ("Тула", "+79001112233", ""), ("", "", "rom")]
        ):
            person = subscribers.meet(session, subscribers.Sender(700 + number, "Роман", "Пак", nick), now)
            person.phone = phone or None
            if city:
                set_attribute(session, person.id, "city", city, now, origin="owner:1")
            session.get_one(Profile, person.id).purchases_count = 2

    base.write_now(namesakes)
    refresh_all(base, clock.now())
    window = Window(base)
    (listed,) = await window.writes("/people Пак")
    assert list(buttons(listed))[:4] == [
        "Роман Пак @rom", "Роман Пак · Тула · …2233", "Роман Пак · Тула · …4567", "Роман Пак · Казань",
    ]  # fmt: skip
    _, page = await window.taps("pl:inside:1:0:0")
    inside = [one.partition(" · с ")[0] for one in buttons(page)]
    assert {"Роман Пак", "Роман Пак · Тула · …2233", "Роман Пак · Казань", "Анна <b> Петрова"} < set(inside)


async def test_cities_nobody_knows_are_listed(base: Database) -> None:
    window = Window(base)
    assert "Все названные города узнаны" in text_of((await window.writes("/places"))[0])
    base.write_now(places_kept.said, BORIS, "Нарния <3", clock.now(), source="quiz:entry")
    text = text_of((await window.writes("/places"))[0])
    assert "1 написание у 1 чел." in text
    assert "• Нарния &lt;3 — 1" in text


async def test_a_segment_that_cannot_be_is_gone_and_never_asked_of_the_database(base: Database) -> None:
    window = Window(base)
    beyond, within = 2**31, 2**31 - 1
    for tap in (SegmentTap, PresetTap, HistoryTap, MovementTap, RuleTap, PeopleTap):
        numbered = "segment" if tap is PeopleTap else "number"
        action = {PresetTap: "open", HistoryTap: "open", MovementTap: "show", RuleTap: "edit"}
        name = action.get(tap, "inside" if tap is PeopleTap else "card")
        data = tap(**{"action": name, numbered: within}).pack()
        assert tap.unpack(data)
        with pytest.raises(ValidationError):
            tap.unpack(data.replace(str(within), str(beyond)))
    (*_, told) = await window.taps(f"pe:whyof:{ANNA}:{beyond}")
    assert "больше нет" in text_of(told)
    with pytest.raises(SegmentError):
        base.read_now(rules.by_number, 2**40)


async def test_an_erased_person_and_a_stranger_are_told_nothing(base: Database) -> None:
    window = Window(base)
    old = (await window.writes("/people анна"))[0]
    base.write_now(privacy.forget, ANNA, clock.now())
    for data in [*buttons(old).values(), f"pe:untag:{ANNA}:5", f"pe:card:{2**40}:0", f"pe:gender:{2**40}:1"]:
        if not data.startswith("pe:"):
            continue
        (answer,) = await window.taps(data)
        assert isinstance(answer, AnswerCallbackQuery), data
        assert "больше нет" in str(answer.text), data
    assert "никого нет" in text_of((await window.writes("/people анна"))[0])
    assert await window.writes("/people анна", who=STRANGER) == []
    assert await window.taps(f"pe:card:{BORIS}:0", who=STRANGER) == []
    assert base.read_now(lambda s: s.get_one(Subscriber, BORIS).first_name) == "Борис"
    assert OWNER
