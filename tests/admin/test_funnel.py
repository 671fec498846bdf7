"""The owner's window of the funnel: the picture, its words, and the tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageMedia,
    EditMessageReplyMarkup,
    SendDocument,
    SendMessage,
    SendPhoto,
)
from sqlalchemy.orm import Session

from bot.admin import funnel_views as views
from bot.admin.callbacks import FunnelTap
from bot.texts import LOCALES
from core import clock
from core.db import Database
from core.people import consents, subscribers
from core.quizzes.definition import Quiz
from core.quizzes.loader import Library, load_text
from core.reports.funnel import Funnel, SourceLine, Step
from core.reports.rates import Share
from tests.admin.windows import OWNER, STRANGER, Window, buttons, loaded
from tests.quizzes.people import QUIZZES, Person, library_of

TEXT = """
id: {id}
title: {{ru: "<b>Знакомство</b> &lt;{id}&gt;", en: Hello}}
languages: [ru, en]
questions:
  - id: role
    kind: choice
    text: {{ru: "<b>{{{{ first_name }}}}, кто вы?</b>", en: Who are you?}}
    options: [{{id: a, text: {{ru: А, en: A}}}}, {{id: b, text: {{ru: Б, en: B}}}}]
  - {{id: city, kind: text, text: {{ru: Город?, en: City?}}, optional: true}}
results:
  - {{id: end, text: {{ru: Спасибо, en: Thanks}}}}
"""


def library() -> Library:
    return library_of(TEXT.format(id="entry"), TEXT.format(id="second"))


def window_on(db: Database, quizzes: Library) -> Window:
    window = Window(db)
    window.dispatcher["library"] = quizzes
    return window


def agree(session: Session, person: Person, source: str) -> None:
    row = subscribers.meet(session, subscribers.Sender(person.row.telegram_id or 0, "Анна"), clock.now())
    row.joined_at = clock.now()  # the person of the tests came long ago
    subscribers.came_from(session, row, source, clock.now(), f"t{row.id}")
    proof = consents.Proof("text", "ru", "start", f"c{row.id}")
    consents.give(session, row, "data", proof, clock.now())


@pytest.fixture
def walked(db: Database) -> Library:
    """Two finished, one went no further than the city."""
    quizzes = library()
    for number, source in enumerate(("vk", "vk", "tg <b>"), 1):
        person = Person(db, quizzes, number)
        person.now = clock.now()
        db.write_now(agree, person, source.split()[0])
        person.begin("entry")
        person.press("А")
        if number > 1:
            person.write("Казань")
    return quizzes


async def test_the_funnel_is_a_picture_with_its_words(db: Database, walked: Library) -> None:
    (photo,) = await window_on(db, walked).writes("/funnel")
    assert isinstance(photo, SendPhoto)
    caption = str(photo.caption)
    assert "Воронка «Знакомство &lt;entry&gt;»</b>, за 30 дней, все источники" in caption
    assert "Открыли 3, до конца дошли 2 — 67\u00a0% (95 %: от 21\u00a0% до 94\u00a0%)" in caption
    assert "Людей пока мало" in caption
    assert "vk: 2 → 2 → 2 → 1 · мало данных" in caption
    assert set(buttons(photo)) == {
        "7 дн",
        "• 30 дн",
        "90 дн",
        "Всё время",
        "Источник: все источники",
        "Квиз: Знакомство <entry>",
        "⬇️ CSV",
        "⬇️ Excel",
    }


async def test_periods_sources_and_quizzes_change_the_same_picture(db: Database, walked: Library) -> None:
    window = window_on(db, walked)
    (photo,) = await window.writes("/funnel")
    _, week = await window.taps(buttons(photo)["7 дн"])
    assert isinstance(week, EditMessageMedia)
    assert "за 7 дней" in str(week.media.caption)
    _, choice = await window.taps(buttons(week)["Источник: все источники"])
    assert isinstance(choice, EditMessageReplyMarkup)
    assert list(buttons(choice)) == ["Все источники", "vk · 2", "tg · 1", "← Воронка"]
    _, one = await window.taps(buttons(choice)["tg · 1"])
    assert "tg" in str(one.media.caption)  # type: ignore[attr-defined]
    assert "Открыли 1" in str(one.media.caption)  # type: ignore[attr-defined]
    _, choice = await window.taps(buttons(one)["Квиз: Знакомство <entry>"])
    _, other = await window.taps(buttons(choice)["Знакомство <second>"])
    assert "В этот квиз за это время никто не пришёл" in str(other.media.caption)  # type: ignore[attr-defined]
    assert "Вели на другой квиз: 3." in str(other.media.caption)  # type: ignore[attr-defined]


async def test_the_tables_come_as_files(db: Database, walked: Library) -> None:
    window = window_on(db, walked)
    (photo,) = await window.writes("/funnel")
    for label, head in (("⬇️ CSV", b"\xef\xbb\xbf"), ("⬇️ Excel", b"PK")):
        _, file = await window.taps(buttons(photo)[label])
        assert isinstance(file, SendDocument)
        content = [part async for part in file.document.read(window.bot)]  # type: ignore[union-attr]
        assert b"".join(content).startswith(head)
        assert str(file.document.filename).endswith(label.split()[-1].lower().replace("excel", "xlsx"))  # type: ignore[union-attr]


async def test_an_old_button_of_a_vanished_source_or_quiz_shows_what_there_is(
    db: Database, walked: Library
) -> None:
    window = window_on(db, walked)
    calls = await window.taps(FunnelTap(action="show", quiz="gone", days=5, source="00000000").pack())
    assert [type(call) for call in calls] == [AnswerCallbackQuery, SendMessage, EditMessageMedia]
    assert "никто не приходил" in calls[1].text  # type: ignore[attr-defined]
    assert "за 30 дней" in str(calls[2].media.caption)  # type: ignore[attr-defined]


async def test_the_segments_list_leads_to_the_funnel(db: Database, walked: Library) -> None:
    tap = FunnelTap(action="open", quiz="-", days=30, source="-").pack()
    calls = await window_on(db, walked).taps(tap)
    assert isinstance(calls[-1], SendPhoto)


async def test_without_a_quiz_and_to_a_stranger_there_is_no_funnel(db: Database) -> None:
    window = window_on(db, Library(QUIZZES))
    (told,) = await window.writes("/funnel")
    assert "ни одного квиза" in told.text  # type: ignore[attr-defined]
    assert (await window.taps("af:show:entry:30:-"))[0].show_alert  # type: ignore[attr-defined]
    assert await window.writes("/funnel", who=STRANGER) == []
    assert OWNER != STRANGER


@pytest.fixture
def quiz() -> Quiz:
    return load_text(TEXT.format(id="entry"), "entry.yaml", QUIZZES).quiz


def steps(**changed: Step) -> tuple[Step, ...]:
    rows = {
        "opened": Step("opened", "", 200, 200),
        "consent": Step("consent", "", 200, 180),
        "begun": Step("begun", "", 180, 170),
        "role": Step("question", "role", 170, 165),
        "city": Step("question", "city", 120, 82, skipped=40, only_some=True),
        "finished": Step("finished", "", 170, 120),
        "file": Step("file", "", 120, 118),
    }
    return tuple({**rows, **changed}.values())


def funnel_of(rows: tuple[Step, ...], sources: int = 2, elsewhere: int = 0) -> Funnel:
    lines = tuple(SourceLine(f"source-{n}-{'x' * 60}"[:64], 40, 30, 20, 10, 9) for n in range(sources))
    return Funnel("entry", 30, clock.now(), clock.now(), 0.1, lines, rows, elsewhere=elsewhere)


def test_only_who_has_begun_answers_right_now(quiz: Quiz) -> None:
    rows = steps(
        consent=Step("consent", "", 200, 180, waiting=4),
        begun=Step("begun", "", 180, 170, waiting=3),
        role=Step("question", "role", 170, 165, waiting=2),
    )
    text = views.caption(loaded()["ru"], quiz, funnel_of(rows), None, clock.now())
    assert "2 человека отвечают прямо сейчас — среди ушедших их нет." in text
    assert "7 человек пришли меньше часа назад и ещё не начали — среди ушедших их нет." in text


def test_who_was_led_to_another_quiz_is_told_apart(quiz: Quiz) -> None:
    found = funnel_of(steps(), elsewhere=3)
    text = views.caption(loaded()["ru"], quiz, found, None, clock.now())
    assert "Вели на другой квиз: 3." in text
    assert "другой квиз" not in views.caption(loaded()["ru"], quiz, funnel_of(steps()), None, clock.now())


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "Больше всего людей уходит на вопросе «Город»: 38 из 120."),
        ({"consent": Step("consent", "", 200, 100)}, "уходит на согласии: 100 из 200."),
        ({"begun": Step("begun", "", 180, 120)}, "уходит перед первым вопросом: 60 из 180."),
        ({"file": Step("file", "", 120, 40)}, "файл не дошёл до 80 из 120."),
        ({"confirm": Step("confirm", "", 120, 40)}, "уходит на проверке ответов: 80 из 120."),
        ({"role": Step("question", "role", 170, 20, waiting=10)}, "«Кто вы»: 140 из 170."),
    ],
)
def test_the_weakest_step_is_one_sentence(quiz: Quiz, changed: dict[str, Step], words: str) -> None:
    text = views.caption(loaded()["ru"], quiz, funnel_of(steps(**changed)), None, clock.now())
    assert words in text
    assert "Пропускают чаще всего «Город»: 40 из 120." in text


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_caption_fits_under_a_picture_whatever_the_names(quiz: Quiz, language: str) -> None:
    found = funnel_of(steps(), sources=90)
    text = views.caption(loaded()[language], quiz, found, None, clock.now())
    assert views.visible_length(text) <= 1024
    keyboard = views.sources_keyboard(loaded()[language], quiz, found, "-")
    assert sum(map(len, keyboard.inline_keyboard)) <= 100


def test_every_word_exists_in_both_languages_and_takes_the_same_values() -> None:
    found = {}
    for language in ("ru", "en"):
        text = (LOCALES / language / "funnel.ftl").read_text(encoding="utf-8")
        parts = re.split(r"^([a-z][a-z0-9-]*) =", text, flags=re.MULTILINE)[1:]
        found[language] = {
            key: set(re.findall(r"\$([a-z_]+)", body))
            for key, body in zip(parts[::2], parts[1::2], strict=True)
        }
    assert found["ru"] == found["en"]
    code = "".join(file.read_text() for file in Path(views.__file__).parent.glob("funnel*.py"))
    assert set(re.findall(r'say\(\s*"(funnel-[a-z-]+)"', code)) <= set(found["ru"])


def test_percentages_are_said_with_the_room_they_leave() -> None:
    ru, en = loaded()["ru"], loaded()["en"]
    assert views.rate(ru, Share(1, 200)) == "0,5\u00a0% (95 %: от 0,1\u00a0% до 3\u00a0%)"
    assert views.rate(en, Share(0, 0)) == "no data"


def test_buttons_carry_at_most_64_bytes() -> None:
    tap = FunnelTap(action="quizzes", quiz="q" * 32, days=3660, source=views.short("я" * 64))
    assert len(tap.pack().encode()) <= 64
