"""An owner's quizzes: a file sent is checked, drawn, tried, switched on; versions come back; all survives."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from aiogram.methods import AnswerCallbackQuery, SendDocument, SendMessage, SendPhoto, TelegramMethod
from aiogram.types import BufferedInputFile
from sqlalchemy import func, select

from bot.admin import quizzes
from bot.admin.callbacks import LibraryTap
from bot.admin.problem_words import in_words
from bot.library import bring_changes
from bot.texts import LOCALES, Texts
from core.db import Database
from core.people.models import Event
from core.quizzes import library_changes
from core.quizzes.loader import Library, load_folder, load_text
from core.quizzes.models import QuizRun, QuizSource
from core.quizzes.problems import Problem, QuizError
from tests.admin.windows import OWNER, STRANGER, Window, buttons
from tests.quizzes.test_loader import MARK, TABLE

TEA = """
id: tea
title: {ru: Чай, en: Tea}
languages: [ru, en]
questions:
  - id: drink
    kind: choice
    text: {ru: Что пьёте?, en: What do you drink?}
    options:
      - {id: green, text: {ru: Зелёный, en: Green}, tags: [green]}
      - {id: black, text: {ru: Чёрный, en: Black}}
results:
  - {id: done, text: {ru: Спасибо!, en: Thank you!}}
"""
NEWER = TEA.replace("Что пьёте?", "Что налить?")
PROMISING = TEA.replace("{id: done,", "{id: done, file: guide.pdf,")
YAML = {"file_id": "f", "file_unique_id": "f", "file_name": "tea.yaml", "file_size": 500}


class Owner(Window):
    """An owner whose quizzes lie in a folder of their own."""

    def __init__(self, db: Database, folder: Path, **settings: Any) -> None:
        super().__init__(db, **settings)
        self.library = Library(folder)
        self.dispatcher["library"] = self.library

    async def sends(self, text: str, **document: Any) -> list[TelegramMethod[Any]]:
        self.session.file = text.encode()
        return await self.writes("", document={**YAML, **document})

    async def does(self, action: str, quiz: str = "tea", number: int = 0) -> list[TelegramMethod[Any]]:
        tap = LibraryTap(action=action, quiz=quiz, number=number)  # type: ignore[arg-type]
        return await self.taps(tap.pack())


@pytest.fixture(autouse=True)
def _drawn_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes a second: only the tests of the picture itself draw."""
    if "drawn" not in request.node.name and "picture_people" not in request.node.name:
        size = (900).to_bytes(4, "big")
        monkeypatch.setattr(quizzes, "quiz_chart", lambda _: b"\x89PNG" + bytes(12) + size + size)


@pytest.fixture
def owner(db: Database, tmp_path: Path) -> Owner:
    return Owner(db, tmp_path)


def texts(calls: list[TelegramMethod[Any]]) -> str:
    return "\n".join(str(getattr(call, "text", "") or "") for call in calls)


def number_of(call: TelegramMethod[Any], label: str) -> int:
    return LibraryTap.unpack(buttons(call)[label]).number


async def test_a_quiz_sent_is_drawn_summed_up_and_switched_on(owner: Owner, db: Database) -> None:
    calls = await owner.sends(TEA)
    assert any(isinstance(call, SendPhoto) for call in calls)
    summary = calls[-1]
    assert isinstance(summary, SendMessage)
    assert "1 вопрос: один из вариантов" in summary.text
    assert "1 результат: done" in summary.text
    assert "языки: ru, en" in summary.text
    assert list(buttons(summary)) == ["▶️ Попробовать", "✅ Включить"]
    assert "метка <code>" not in texts(calls)
    assert "метка `green` нигде не нужна" in texts(calls)
    assert owner.library.quizzes == {}
    done = await owner.taps(buttons(summary)["✅ Включить"])
    assert "Включён: новые люди увидят эту версию «Чай»." in str(getattr(done[0], "text", ""))
    assert owner.library.quizzes["tea"].text == TEA
    listed = await owner.writes("/quizzes")
    assert "🟢 <b>Чай</b> · начали 0, закончили 0" in texts(listed)


async def test_what_to_look_at_and_all_is_well_are_not_said_together(owner: Owner) -> None:
    noted = texts(await owner.sends(TEA))
    assert "Обратите внимание" in noted
    assert "Всё в порядке" not in noted
    assert "Ошибок нет, квиз можно включать" in noted
    assert "Всё в порядке. Попробуйте" in texts(await owner.sends(TEA.replace(", tags: [green]", "")))


async def test_a_segment_that_is_not_there_may_be_made(owner: Owner) -> None:
    calls = await owner.sends(TEA.replace("{id: done,", "{id: done, segment: tea_lovers,"))
    assert "нет сегмента `tea_lovers`" in texts(calls)
    assert "→ сделайте сегмент с этим именем или назовите один из своих" in texts(calls)


async def test_a_language_the_bot_does_not_speak_is_told_once(owner: Owner) -> None:
    told = texts(await owner.sends(TEA.replace("[ru, en]", "[ru, en, kk]")))
    assert told.count("кнопки и подсказки самого бота на языке `kk` будут английскими") == 1


async def test_the_number_of_a_line_has_no_space_in_it(owner: Owner) -> None:
    calls = await owner.sends("#\n" * 1430 + TEA.replace("kind: choice", "kind: chioce"))
    assert "<b>строка 1437</b>, знак 11" in texts(calls)


async def test_what_is_wrong_is_told_in_russian_with_line_and_remedy(owner: Owner, db: Database) -> None:
    calls = await owner.sends(TEA.replace("kind: choice", "kind: chioce"))
    (told,) = [call for call in calls if isinstance(call, SendMessage)]
    assert "<b>tea.yaml</b> пока нельзя включить. Нашлась 1 ошибка" in told.text
    assert "<b>строка 7</b>, знак 11: нет вопроса вида `chioce`" in told.text
    assert "→ может быть, `choice`?" in told.text
    assert db.read_now(lambda s: s.scalar(select(func.count()).select_from(QuizSource))) == 0


@pytest.mark.parametrize("text", ["", "id: [", "- " * 5000, "id: a\n" * 3000, "\x00", "a: &a [*a]"])
async def test_no_file_is_too_broken_to_be_answered(owner: Owner, text: str) -> None:
    calls = await owner.sends(text)
    assert "пока нельзя включить" in texts(calls)
    assert all(len(str(getattr(call, "text", ""))) < 4096 for call in calls)


async def test_a_file_too_large_is_not_even_fetched(owner: Owner) -> None:
    calls = await owner.sends(TEA, file_size=2 * 1024 * 1024)
    assert [type(call) for call in calls] == [SendMessage]
    assert "Файл больше 1 МБ" in texts(calls)


async def test_promised_files_are_asked_for_and_kept_as_they_come(owner: Owner, tmp_path: Path) -> None:
    calls = await owner.sends(PROMISING)
    assert "• <code>guide.pdf</code>" in texts(calls)
    assert list(buttons(calls[-1])) == ["▶️ Попробовать"]
    owner.session.file = b"%PDF"
    pdf = {"file_id": "g", "file_unique_id": "g", "file_name": "scan0001.pdf", "file_size": 4}
    calls = await owner.writes("", document=pdf, caption="guide.pdf")
    assert "Файл <code>guide.pdf</code> сохранён." in texts(calls)
    assert (tmp_path / "files" / "guide.pdf").read_bytes() == b"%PDF"
    assert "✅ Включить" in buttons(calls[-1])
    calls = await owner.writes("", document={**pdf, "file_name": "guide.pdf"})
    assert "таблицы покупок" in texts(calls), "it is there already: this is no promised file any more"


async def test_a_promised_picture_may_come_as_a_photo(owner: Owner, tmp_path: Path) -> None:
    await owner.sends(TEA.replace("kind: choice", "kind: choice\n    picture: cup.jpg"))
    owner.session.file = b"\xff\xd8\xff"
    photo = {"file_id": "g", "file_unique_id": "g", "width": 9, "height": 9, "file_size": 3}
    calls = await owner.writes("", photo=[photo], caption=" cup.jpg ")
    assert "Файл <code>cup.jpg</code> сохранён." in texts(calls)
    assert (tmp_path / "files" / "cup.jpg").read_bytes() == b"\xff\xd8\xff"


async def test_a_name_that_leads_out_of_the_folder_is_never_written(owner: Owner, tmp_path: Path) -> None:
    await owner.sends(TEA.replace("{id: done,", "{id: done, file: ../evil.txt,"))
    owner.session.file = b"x"
    evil = {"file_id": "g", "file_unique_id": "g", "file_name": "../evil.txt", "file_size": 1}
    await owner.writes("", document=evil)
    assert not (tmp_path / "evil.txt").exists()


async def test_a_trial_is_walked_and_counts_nowhere(owner: Owner, db: Database) -> None:
    sent = await owner.sends(TEA)
    calls = await owner.taps(buttons(sent[-1])["▶️ Попробовать"])
    assert "Проба «Чай»" in texts(calls)
    assert "Что пьёте?" in texts(calls)
    assert db.read_now(lambda s: s.scalars(select(QuizRun.is_trial)).all()) == [True]
    kinds = db.read_now(lambda s: set(s.scalars(select(Event.kind))))
    assert not {kind for kind in kinds if kind.startswith("quiz")}


async def test_versions_come_back_and_the_folders_own_is_among_them(owner: Owner, tmp_path: Path) -> None:
    loaded = load_text(TEA, "tea.yaml", tmp_path)
    owner.library.quizzes["tea"] = loaded
    sent = await owner.sends(NEWER)
    assert "Заменит включённый сейчас" in texts(sent)
    await owner.taps(buttons(sent[-1])["✅ Включить"])
    assert owner.library.quizzes["tea"].text == NEWER
    shown = await owner.does("versions")
    (back, *_) = [label for label in buttons(shown[-1]) if label.startswith("↩️ Вернуть версию от")]
    await owner.taps(buttons(shown[-1])[back])
    assert owner.library.quizzes["tea"].text == TEA
    again = await owner.sends(TEA)
    assert "Эта версия уже включена." in texts(again)
    assert list(buttons(again[-1])) == ["▶️ Попробовать"]


async def test_the_same_update_twice_switches_once(owner: Owner, db: Database) -> None:
    sent = await owner.sends(TEA)
    for _ in range(2):
        await owner.taps(buttons(sent[-1])["✅ Включить"])
        owner.update_id -= 1
    states = db.read_now(lambda s: s.scalars(select(QuizSource.state).order_by(QuizSource.id)).all())
    assert states == ["sent", "on"]


async def test_a_quiz_is_switched_off_and_on_again_but_not_the_first_one(owner: Owner, db: Database) -> None:
    sent = await owner.sends(TEA)
    await owner.taps(buttons(sent[-1])["✅ Включить"])
    asked = await owner.does("off")
    assert "Выключить «Чай»?" in texts(asked)
    await owner.does("sure")
    assert owner.library.quizzes == {}
    card = await owner.does("card")
    assert "⚪️ выключен" in texts(card)
    await owner.taps(buttons(card[-1])["✅ Включить"])
    assert set(owner.library.quizzes) == {"tea"}
    owner.library.quizzes["entry"] = owner.library.quizzes["tea"]
    for action in ("off", "sure"):
        (refused,) = await owner.does(action, "entry")
        assert isinstance(refused, AnswerCallbackQuery)
        assert refused.show_alert
        assert "ENTRY_QUIZ" in str(refused.text)
    assert "entry" in owner.library.quizzes


async def test_a_quiz_that_others_lead_to_stays_on(owner: Owner) -> None:
    for text in (TEA, TEA.replace("id: tea", "id: first").replace("{id: done,", "{id: done, next: tea,")):
        sent = await owner.sends(text)
        await owner.taps(buttons(sent[-1])["✅ Включить"])
    (refused,) = await owner.does("sure")
    assert "first" in str(getattr(refused, "text", ""))
    assert set(owner.library.quizzes) == {"tea", "first"}


async def test_a_next_quiz_that_is_not_there_is_told(owner: Owner) -> None:
    calls = await owner.sends(TEA.replace("{id: done,", "{id: done, next: coffee,"))
    assert "нет квиза `coffee`" in texts(calls)
    calls = await owner.sends(TEA.replace("{id: done,", "{id: done, next: tea,"))
    assert "квизы ходят по кругу: tea → tea" in texts(calls)


async def test_picture_people_file_and_card_are_given(owner: Owner) -> None:
    sent = await owner.sends(TEA)
    await owner.taps(buttons(sent[-1])["✅ Включить"])
    for action in ("picture", "people"):
        calls = await owner.does(action)
        assert isinstance(calls[-1], SendPhoto)
        assert "Схема «Чай»" in str(calls[-1].caption)
    (_, document) = await owner.does("yaml")
    assert isinstance(document, SendDocument)
    assert isinstance(document.document, BufferedInputFile)
    assert document.document.data == TEA.encode()
    assert document.document.filename == "tea.yaml"
    for action in ("picture", "yaml", "try"):
        (gone,) = await owner.does(action, "nothing")
        assert "больше нет" in str(getattr(gone, "text", ""))


async def test_a_stranger_meets_none_of_it(owner: Owner) -> None:
    owner.session.file = TEA.encode()
    assert await owner.writes("/quizzes", who=STRANGER) == []
    assert await owner.writes("", who=STRANGER, document=YAML) == []
    assert await owner.taps("ab:on:tea:1", who=STRANGER) == []


async def test_a_restart_brings_back_what_was_switched(owner: Owner, db: Database, tmp_path: Path) -> None:
    (tmp_path / "tea.yaml").write_text(TEA, encoding="utf-8")
    (tmp_path / "old.yaml").write_text(TEA.replace("id: tea", "id: old"), encoding="utf-8")
    owner.library.quizzes.update(load_folder(tmp_path).quizzes)
    sent = await owner.sends(NEWER)
    await owner.taps(buttons(sent[-1])["✅ Включить"])
    await owner.does("sure", "old")
    fresh = load_folder(tmp_path)
    assert await db.read(library_changes.apply, fresh) == []
    assert {name: one.text for name, one in fresh.quizzes.items()} == {"tea": NEWER}


async def test_a_broken_stored_version_gives_way_to_the_last_good_one_and_is_told(
    owner: Owner, db: Database, tmp_path: Path
) -> None:
    for text in (TEA, NEWER):
        sent = await owner.sends(text)
        await owner.taps(buttons(sent[-1])["✅ Включить"])

    def spoil(session: Any) -> None:
        row = session.scalars(select(QuizSource).order_by(QuizSource.id.desc())).first()
        row.text = "id: tea\nquestions: <old format>"

    db.write_now(spoil)
    fresh = Library(tmp_path)
    before = len(owner.session.calls)
    await bring_changes(owner.bot, db, owner.settings, Texts(), fresh)
    assert fresh.quizzes["tea"].text == TEA
    (told,) = owner.session.calls[before:]
    assert isinstance(told, SendMessage)
    assert told.chat_id == OWNER
    assert "версия от" in told.text
    assert "Пока работает версия от" in told.text


def test_every_problem_has_russian_words(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    for name, text in (("guide.txt", "A guide"), ("empty.txt", "")):
        (tmp_path / "files" / name).write_text(text)
    for text, _ in TABLE.values():
        with pytest.raises(QuizError) as caught:
            load_text(text.replace(MARK, ""), "a.yaml", tmp_path)
        for problem in caught.value.problems:
            for said in in_words(problem, "ru"):
                assert re.search("[а-яё]", said), f"{said!r} has no line in problems.txt"
            assert in_words(problem, "en") == (problem.what, problem.remedy)


def test_words_of_the_file_keep_their_place_in_a_translated_sentence() -> None:
    problem = Problem("a", 1, 1, "`staff` has no answer `{1}`", "did you mean `a | b`?")
    assert in_words(problem, "ru") == ("у `staff` нет ответа `{1}`", "может быть, `a | b`?")
    unknown = Problem("a", 1, 1, "something new", "do something")
    assert in_words(unknown, "ru") == ("something new", "do something")


def test_both_languages_say_the_same_about_quizzes() -> None:
    keys = {}
    for language in ("ru", "en"):
        text = (LOCALES / language / "quizzes.ftl").read_text(encoding="utf-8")
        parts = re.split(r"^([a-z][a-z0-9-]*) =", text, flags=re.MULTILINE)[1:]
        pairs = zip(parts[::2], parts[1::2], strict=True)
        keys[language] = {key: set(re.findall(r"\$([a-z]+)", body)) for key, body in pairs}
    assert keys["ru"] == keys["en"]


def test_a_button_carries_at_most_64_bytes() -> None:
    tap = LibraryTap(action="versions", quiz="q" * 32, number=10**15)
    assert len(tap.pack().encode()) <= 64
